# ruff: noqa: PLR0917 (these are torch's signatures)
"""Operations of torch.export's graphs, read before they are decomposed, by what ONNX's operators are translated with.

An entry is given the node's arguments, tensors of the program or constants, and gives back the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from subgrad_hardness.models.framework import Node
from subgrad_hardness.models.operators.bilinear import a_channel
from subgrad_hardness.models.operators.contract import Value
from subgrad_hardness.models.operators.entrywise import added, negated
from subgrad_hardness.models.operators.linear import matrix_product
from subgrad_hardness.models.tensors import Array, Tensor
from subgrad_hardness.models.torch_kinks import KINKED, Translation


def _axis_attributes(kernel: Sequence[int], size: int, **given: Any) -> dict[str, list[int]]:
    """Each of ``given``, a number or one an axis, once an axis; an empty one is the kernel."""
    wide = {}
    for name, value in given.items():
        listed = [value] if isinstance(value, int) else list(value)
        listed = listed or list(kernel)
        wide[name] = [int(entry) for entry in (listed * size if len(listed) == 1 else listed)]
    return wide


def _windows(node: Node, x: Tensor, spatial: int, kernel: Any, **given: Any) -> dict[str, Any]:
    """ONNX's attributes of a pool."""
    if len(x.shape) != spatial + 2:
        node.refuse("a tensor without a batch")
    sizes = _axis_attributes((), spatial, kernel_shape=kernel)
    found = _axis_attributes(sizes["kernel_shape"], spatial, **given)
    return {**sizes, **found, "pads": found["pads"] * 2}


def _max_pool(spatial: int) -> Translation:
    def translate(
        node: Node, x: Tensor, kernel: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1, ceil: bool = False
    ) -> Value:
        attributes = _windows(node, x, spatial, kernel, strides=stride, pads=padding, dilations=dilation)
        return node.kinked().onnx("MaxPool", [x], ceil_mode=int(ceil), **attributes)

    return translate


def _average_pool(spatial: int) -> Translation:
    def translate(
        node: Node,
        x: Tensor,
        kernel: Any,
        stride: Any = (),
        padding: Any = 0,
        ceil: bool = False,
        count_include_pad: bool = True,
        divisor: int | None = None,
    ) -> Value:
        if divisor is not None:
            node.refuse("a divisor of its own")
        if ceil:
            node.refuse("ceil_mode")
        attributes = _windows(node, x, spatial, kernel, strides=stride, pads=padding)
        return node.onnx("AveragePool", [x], count_include_pad=int(count_include_pad), **attributes)

    return translate


def _adaptive(spatial: int, operator: str) -> Translation:
    def translate(node: Node, x: Tensor, sizes: Any) -> Value:
        listed = [sizes] * spatial if isinstance(sizes, int) else list(sizes)
        pairs = list(zip(x.shape[2:], listed, strict=False))
        if len(x.shape) != spatial + 2 or any(not size or have % size for have, size in pairs):
            node.refuse("output sizes that do not divide those of the input")
        kernel = [have // size for have, size in pairs]
        on = node.kinked() if operator == "MaxPool" else node
        return on.onnx(operator, [x], kernel_shape=kernel, strides=kernel)

    return translate


def _linear(node: Node, x: Value, weight: Value, bias: Value | None = None) -> Value:
    call = node.call("", [])
    turned = call.take(weight, call.positions(weight).T.copy()) if isinstance(weight, Tensor) else weight.T
    product = matrix_product(call, x, turned)
    return product if bias is None else added(call, product, bias, 1)


def _addmm(node: Node, bias: Value, x: Value, weight: Value) -> Value:
    call = node.call("", [])
    return added(call, matrix_product(call, x, weight), bias, 1)


def _matmul(node: Node, left: Value, right: Value) -> Value:
    return matrix_product(node.call("", []), left, right)


def _convolution(spatial: int) -> Translation:
    def translate(
        node: Node,
        x: Value,
        weight: Value,
        bias: Value | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Value:
        if len(x.shape) != spatial + 2:
            node.refuse("a tensor without a batch")
        found = _axis_attributes((), spatial, strides=stride, dilations=dilation)
        if isinstance(padding, str):
            kernel = weight.shape[2:]
            total = [
                gap * (size - 1) if padding == "same" else 0
                for gap, size in zip(found["dilations"], kernel, strict=True)
            ]
            pads = [each // 2 for each in total] + [each - each // 2 for each in total]
        else:
            pads = _axis_attributes((), spatial, pads=padding)["pads"] * 2
        return node.onnx("Conv", [x, weight, bias], pads=pads, group=groups, **found)

    return translate


def _transposed(spatial: int) -> Translation:
    def translate(
        node: Node,
        x: Tensor,
        weight: Value,
        bias: Value | None = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Value:
        if len(x.shape) != spatial + 2:
            node.refuse("a tensor without a batch")
        found = _axis_attributes(
            (), spatial, strides=stride, pads=padding, output_padding=output_padding, dilations=dilation
        )
        return node.onnx("ConvTranspose", [x, weight, bias], group=groups, **{**found, "pads": found["pads"] * 2})

    return translate


def _batch_norm(
    node: Node,
    x: Value,
    weight: Value | None,
    bias: Value | None,
    mean: Array | None,
    variance: Array | None,
    training: bool,
    *rest: Any,
) -> Value:
    assert not training and mean is not None and variance is not None  # torch_graph.refuse_training
    if not isinstance(x, Tensor):
        node.refuse("a constant is normalised")
    epsilon = mean.dtype.type(rest[1])
    call, wide = node.call("", []), (1, -1, *[1] * (len(x.shape) - 2))
    centred = call.scaled(x, None, negated(mean).reshape(wide))
    roots = np.sqrt(variance + epsilon)
    if isinstance(weight, Tensor):
        said, factors = "1 / sqrt(var + eps)", np.ones_like(mean) / roots
    else:
        said, factors = "weight / sqrt(var + eps)", (np.ones_like(mean) if weight is None else weight) / roots
    node.program.notes.append(f"{node.name}: {said} is taken as the {mean.dtype} number that it rounds to")
    made: Value = call.scaled(centred, factors.reshape(wide), None)
    if isinstance(weight, Tensor):
        made = node.onnx("Mul", [made, a_channel(call, weight, centred)])
    return made if bias is None else added(call, made, a_channel(call, bias, centred), 1)


def _add(node: Node, left: Value, right: Value, *, alpha: float = 1, sign: int = 1) -> Value:
    call, left, right = node.call("", []), node.value(left), node.value(right)
    if alpha != 1:
        right = node.onnx("Mul", [right, np.asarray(node.number(alpha))])
    return added(call, left, right, sign)


def _sub(node: Node, left: Value, right: Value, *, alpha: float = 1) -> Value:
    return _add(node, left, right, alpha=alpha, sign=-1)


def _rsub(node: Node, left: Value, right: Value, alpha: float = 1) -> Value:
    return _sub(node, right, left, alpha=alpha)


def _square(node: Node, x: Value, exponent: Any = 2) -> Value:
    if exponent != 2:
        node.refuse("of all powers only squares are read")
    return node.onnx("Mul", [x, x])


def _squared_error(node: Node, x: Value, target: Value, reduction: int = 1) -> Value:
    """torch's numbers: 0 no reduction, 1 the mean, 2 the sum."""
    squares = _square(node, _sub(node, x, target))
    return squares if not reduction else _reduction(("ReduceMean", "ReduceSum")[reduction - 1])(node, squares)


def _simple(operator: str) -> Translation:
    def translate(node: Node, *inputs: Value) -> Value:
        return node.onnx(operator, [node.value(each) for each in inputs])

    return translate


def _reduction(operator: str) -> Translation:
    def translate(node: Node, x: Tensor, axes: Any = None, keep: bool = False, *, dtype: Any = None) -> Value:
        listed = [] if axes is None else [axes] if isinstance(axes, int) else list(axes)
        if not x.shape:
            return x
        index = np.asarray(listed or range(len(x.shape)))
        if operator == "ReduceMean":
            return node.onnx(operator, [x], axes=index.tolist(), keepdims=int(keep))
        return node.onnx(operator, [x, index], keepdims=int(keep))

    return translate


_OUTER = "; ask about one output instead, loss=lambda y: y[0, k], or about a loss of those in docs/losses.md"
#: Why operations that many models end in are not read, and what may be asked about instead.
REFUSED: dict[str, str] = dict.fromkeys(
    (
        "cross_entropy_loss", "nll_loss", "nll_loss_nd", "binary_cross_entropy", "binary_cross_entropy_with_logits",
        "softmax", "log_softmax", "sigmoid", "log_sigmoid", "logsumexp",
    ),
    f"is not piecewise linear{_OUTER}",
)  # fmt: skip

#: All operations that are read, by their names without overloads.
TRANSLATIONS: dict[str, Translation] = {
    **KINKED,
    "linear": _linear,
    "addmm": _addmm,
    "matmul": _matmul,
    "mm": _matmul,
    "bmm": _matmul,
    "mv": _matmul,
    "dot": _matmul,
    "batch_norm": _batch_norm,
    "add": _add,
    "sub": _sub,
    "rsub": _rsub,
    "mul": _simple("Mul"),
    "div": _simple("Div"),
    "neg": _simple("Neg"),
    "square": _square,
    "pow": _square,
    "mse_loss": _squared_error,
    "sum": _reduction("ReduceSum"),
    "mean": _reduction("ReduceMean"),
    **{f"conv{n}d": _convolution(n) for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": _transposed(n) for n in (1, 2, 3)},
    **{f"max_pool{n}d": _max_pool(n) for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _average_pool(n) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": _adaptive(n, "MaxPool") for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": _adaptive(n, "AveragePool") for n in (1, 2, 3)},
}
