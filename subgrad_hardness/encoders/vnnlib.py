"""VNN-LIB 2.0 with element type real: the property of the network that ``onnx`` writes."""

from __future__ import annotations

from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, commented
from subgrad_hardness.encoders.counterexample import WARNING, counterexample


class VnnLib(Encoder):
    """A direction in the box with a nonzero output: strict inequalities over the reals, hence exact."""

    name = "vnnlib"
    suffix = ".vnnlib"
    summary = "VNN-LIB 2.0, element type real, about the network of onnx"

    def apply(self, asked: Asked) -> str:
        """Linear in the inputs and outputs."""
        inputs, outputs = asked.flat.inputs, max(1, len(asked.goals))
        lines = [
            "About the network that the encoder onnx writes for the same net, interpreted over the reals:",
            "X is the direction d, in the box [-1, 1], which misses none since F'(x0; .) is positively homogeneous;",
            "Y[0,i] is F'_k(d) - g_k d for the i-th output k where that is not identically 0.",
            "sat iff there are two distinct subgradients.",
            *WARNING,
            f"Decode: {self.name}, from lines (X[0,0] value), (X[0,1] value), ... or (X_0 value), ...",
        ]
        strict = " ".join(f"(> Y[0,{index}] 0.0) (< Y[0,{index}] 0.0)" for index in range(outputs))
        text = [
            "(vnnlib-version <2.0>)",
            "(declare-network f",
            f"    (declare-input X real [1,{inputs}])",
            f"    (declare-output Y real [1,{outputs}])",
            ")",
            *(f"(assert (and (>= X[0,{index}] -1.0) (<= X[0,{index}] 1.0)))" for index in range(inputs)),
            f"(assert (or {strict}))",
            "",
        ]
        return commented(asked.header("VNN-LIB 2.0", lines), ";") + "\n".join(text)

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A counterexample; see ``counterexample.counterexample``."""
        return counterexample(asked, answer)
