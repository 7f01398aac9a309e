"""VNN-LIB 1.0: the property of the network that ``onnx`` writes, without strict inequalities."""

from __future__ import annotations

from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, EncodingError, commented
from subgrad_hardness.encoders.counterexample import WARNING, counterexample
from subgrad_hardness.encoders.directions import direction_bound

# The box has at most the size 2^24.
_LARGEST_BOX = 24


def _negative_power(exponent: int) -> str:
    """2^-exponent as an exact decimal."""
    return f"0.{str(5**exponent).zfill(exponent)}" if exponent else "1.0"


class VnnLib1(Encoder):
    """A direction in a box of size 2^b with an output of size 2^(b - k).

    If an output is nonzero somewhere, it is at least 1 in size at an integer direction with
    |d_j| <= ``directions.direction_bound``, and 2^k is that bound rounded up.  The net is positively homogeneous, so
    that both sizes may be divided by one number: b is at most 24, since verifiers calculate in float32, which has
    every integer up to 2^24.
    """

    name = "vnnlib1"
    suffix = ".vnnlib"
    summary = "VNN-LIB 1.0, about the network of onnx"

    def apply(self, asked: Asked) -> str:
        """Linear in the inputs and outputs, beside the bound.  Raises EncodingError for bounds from 2^1000 on."""
        inputs, outputs = asked.flat.inputs, max(1, len(asked.goals))
        power = (direction_bound(asked.flat) - 1).bit_length()
        if power >= 1000:
            raise EncodingError(f"the box that misses no direction has the size 2^{power}, beyond binary64")
        size = min(power, _LARGEST_BOX)
        box, least = 1 << size, _negative_power(power - size)
        lines = [
            "About the network that the encoder onnx writes for the same net, interpreted over the reals:",
            f"X is the direction d, in the box [-2^{size}, 2^{size}]; Y_i is F'_k(d) - g_k d for the i-th output k",
            "where that is not identically 0.  The weights are integers: a Y_i that is nonzero somewhere is at least",
            f"1 in size at an integer direction of the box of size 2^{power} (extreme rays of the cells, Cramer's",
            f"rule, Hadamard's inequality), hence 2^{size - power} at one of this box.  sat iff there are two distinct",
            "subgradients.",
            *WARNING,
            f"Decode: {self.name}, from lines (X_0 value), (X_1 value), ...",
        ]
        sides = " ".join(f"(and (>= Y_{index} {least})) (and (<= Y_{index} -{least}))" for index in range(outputs))
        text = [
            *(f"(declare-const X_{index} Real)" for index in range(inputs)),
            *(f"(declare-const Y_{index} Real)" for index in range(outputs)),
            *(
                f"(assert ({sense}= X_{i} {sign}{box}.0))"
                for i in range(inputs)
                for sense, sign in ((">", "-"), ("<", ""))
            ),
            f"(assert (or {sides}))",
            "",
        ]
        return commented(asked.header("VNN-LIB 1.0", lines), ";") + "\n".join(text)

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A counterexample; see ``counterexample.counterexample``."""
        return counterexample(asked, answer)
