"""ONNX: the goals F'_k(d) - g_k d as a network of MatMul, Add and Relu.

Input ``X`` is d, of shape [1, p]; output ``Y`` has one entry for each output k where F'_k - g_k d is not
identically zero (one that is always 0 if there is none).  Kinks stand in levels: a level's preactivations are
the sum of one MatMul for each earlier level, or the input, that it uses; there are no biases.

Weights are integers, stored in float32 if all of them are float32 numbers, else in float64 if they are
numbers of that kind, else the net is refused.  The weights are exact then; what a runtime makes of the
sums is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, EncodingError
from subgrad_hardness.encoders.counterexample import WARNING, counterexample
from subgrad_hardness.net.json_text import show_int
from subgrad_hardness.normal_form.linear_form import Form

#: Dense matrices of more entries than this are refused.
MOST_ENTRIES = 50_000_000

# The opset and IR version of ONNX 1.8: every verifier reads it, MatMul, Add and Relu have not changed since.
_OPSET, _IR = 13, 7


class Onnx(Encoder):
    """The network alone; ``vnnlib`` and ``vnnlib1`` write the property about it."""

    name = "onnx"
    suffix = ".onnx"
    summary = "the network F'(x0; d) - g d for verifiers, with the property of vnnlib or vnnlib1 (needs onnx)"

    def apply(self, asked: Asked) -> bytes:
        """Raises EncodingError where a weight is no float64 number, for dense matrices of more than 50,000,000
        entries, and without the package ``onnx``."""
        try:
            import numpy as np
            from onnx import helper
        except Exception as problem:  # a broken package raises whatever it likes
            raise EncodingError(f"writing ONNX {missing_extra('onnx', 'onnx', problem)}") from None
        levels = _levels(asked)
        targets = [form for _, form in asked.goals] or [{}]
        kind: Any = _element_type([*asked.flat.kinks, *targets])
        graph = _Graph(kind, levels, asked.flat.inputs)
        for number in range(1, len(levels)):
            graph.add_rows([asked.flat.kinks[kink] for kink in levels[number]], f"z{number}")
            graph.nodes.append(helper.make_node("Relu", [f"z{number}"], [f"a{number}"]))
        graph.add_rows(targets, "Y")
        element = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
        lines = [
            "X: the direction d.  Y: F'_k(d) - g_k d, for the outputs k where it is not identically 0:",
            f"k = {' '.join(str(output) for output, _ in asked.goals) or 'none, Y is always 0'}.",
            "Two distinct subgradients iff some entry of Y is nonzero for some X.",
            *WARNING,
            f"Decode: {self.name}, from lines (X_0 value), (X_1 value), ...",
        ]
        text = asked.header("ONNX", lines)
        inputs = [helper.make_tensor_value_info("X", element, [1, asked.flat.inputs])]
        outputs = [helper.make_tensor_value_info("Y", element, [1, len(targets)])]
        body = helper.make_graph(graph.nodes, "subgrad", inputs, outputs, graph.weights, doc_string=text)
        model = helper.make_model(body, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
        model.producer_name, model.doc_string = "subgrad_hardness", text
        content: bytes = model.SerializeToString(deterministic=True)
        return content

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A counterexample; see ``counterexample.counterexample``."""
        return counterexample(asked, answer)


def _levels(asked: Asked) -> list[list[int]]:
    """Level 0 is the inputs, level n > 0 the kinks that use level n - 1 and nothing later."""
    inputs = asked.flat.inputs
    levels: list[list[int]] = [list(range(inputs))]
    level_of: list[int] = [0] * inputs
    for kink, form in enumerate(asked.flat.kinks):
        level = 1 + max((level_of[variable] for variable in form), default=0)
        level_of.append(level)
        if level == len(levels):
            levels.append([])
        levels[level].append(kink)
    return levels


def _element_type(forms: Sequence[Form]) -> Any:
    """float32 or float64, whichever holds all coefficients exactly."""
    import numpy as np

    single = True
    for form in forms:
        for weight in form.values():
            if abs(weight) >= 2**1024 or float(weight) != weight:
                raise EncodingError(f"the weights: {show_int(weight)} is no float64 number")
            single = single and abs(weight) < 2**127 and int(np.float32(weight)) == weight
    return np.float32 if single else np.float64


class _Graph:
    """Nodes and weights under construction."""

    def __init__(self, kind: Any, levels: Sequence[Sequence[int]], inputs: int) -> None:
        self.kind = kind
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.widths = [len(level) for level in levels]
        self.entries = 0
        #: Of each variable its level and its position in it.
        self.positions = {index: (0, index) for index in range(inputs)}
        for number, level in enumerate(levels[1:], start=1):
            self.positions.update({inputs + kink: (number, position) for position, kink in enumerate(level)})

    def add_rows(self, forms: Sequence[Form], result: str) -> None:
        """The tensor ``result``: the values of linear forms."""
        from onnx import helper, numpy_helper

        blocks: dict[int, Any] = {}
        for column, form in enumerate(forms):
            for variable, weight in form.items():
                level, row = self.positions[variable]
                if level not in blocks:
                    blocks[level] = self._matrix(self.widths[level], len(forms))
                blocks[level][row, column] = weight
        if not blocks:
            blocks[0] = self._matrix(self.widths[0], len(forms))
        total = ""
        for count, (level, matrix) in enumerate(sorted(blocks.items()), start=1):
            weights, product = f"{result}_weights{level}", f"{result}_part{level}" if len(blocks) > 1 else result
            self.weights.append(numpy_helper.from_array(matrix, weights))
            self.nodes.append(helper.make_node("MatMul", [f"a{level}" if level else "X", weights], [product]))
            if total:
                target = result if count == len(blocks) else f"{result}_sum{level}"
                self.nodes.append(helper.make_node("Add", [total, product], [target]))
                product = target
            total = product

    def _matrix(self, rows: int, columns: int) -> Any:
        import numpy as np

        self.entries += rows * columns
        if self.entries > MOST_ENTRIES:
            raise EncodingError(f"dense matrices of more than {MOST_ENTRIES} entries")
        return np.zeros((rows, columns), dtype=self.kind)
