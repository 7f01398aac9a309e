"""Functions and modules of PyTorch as straight-line programs: the graph of ``torch.export``, on traced numbers.

The operations of the graph are carried out on arrays of ``tracing.Traced``, one scalar operation an entry.  ``relu``
has slope 0 at 0; ties of maxima go to the first argument, where PyTorch halves some; a sort keeps the order of equals.
An operation that is not in the table is taken apart by PyTorch's own decompositions; what is then still unknown is
refused by name.  Only values are traced: indices that a sort or a maximum returns are refused where used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.cost_model import tracing
from subgrad_hardness.cost_model.array_tracing import (
    COMPARISONS,
    Inputs,
    Truth,
    along,
    choose,
    contracted,
    each,
    joined,
    maximum,
)
from subgrad_hardness.cost_model.straight_line import StraightLine


def from_torch(function: Callable[..., Any], *arguments: Any, parameters: bool = False) -> StraightLine:
    """The program of a PyTorch function or module, at these arguments.

    Parameters
    ----------
    function : takes tensors, returns one tensor or several.
    arguments : tensors; their entries are the inputs of the program, in order, and its point.
    parameters : whether the entries of a module's parameters are inputs, too, after those of the arguments; else they
        are constants.

    Raises ParameterError without PyTorch, where ``torch.export`` refuses the function, and for an operation that is not
    known.  A step for each scalar operation.
    """
    try:
        import torch
    except Exception as problem:  # a broken package raises whatever it likes
        raise ParameterError(missing_extra("torch", "torch", problem), place="torch") from None
    import numpy as np

    tensors = tuple([torch.as_tensor(argument) for argument in arguments])
    module = function if isinstance(function, torch.nn.Module) else _wrapped(torch.nn.Module, function)
    try:
        exported = torch.export.export(module, tensors)
        if any(_name(node) not in _KNOWN for node in exported.graph.nodes if node.op == "call_function"):
            table = torch.export.default_decompositions()
            kept = [each for each in table if getattr(each, "_opname", "") in _KNOWN]
            exported = exported.run_decompositions({each: table[each] for each in table if each not in kept})
    except Exception as problem:  # whatever the function or the exporter raises
        raise ParameterError(
            f"torch.export: {type(problem).__name__}: {_first_line(problem)}", place="torch"
        ) from problem
    signature = exported.graph_signature
    own = dict(signature.inputs_to_parameters) if parameters else {}
    named = {f"a{number}": tensor for number, tensor in enumerate(tensors)}
    named |= {name: exported.state_dict[name] for name in own.values()}
    inputs = Inputs([tensor.detach().numpy().astype(float) for tensor in named.values()], list(named))
    traced = dict(zip(named, inputs.traced, strict=True))
    values: dict[Any, Any] = {}
    constants = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    constants |= getattr(signature, "inputs_to_lifted_tensor_constants", {})
    given = iter(range(len(tensors)))
    for node in exported.graph.nodes:
        if node.op == "placeholder":
            if node.name in own:
                values[node] = traced[own[node.name]]
            elif node.name in constants:
                name = constants[node.name]
                tensor = exported.state_dict[name] if name in exported.state_dict else exported.constants[name]
                values[node] = np.asarray(tensor.detach().numpy().astype(float), dtype=object)
            else:
                values[node] = traced[f"a{next(given)}"]
        elif node.op == "call_function":
            if _name(node) not in _KNOWN:
                raise ParameterError(f"the operation {_name(node)} of PyTorch is not known here", place="torch")
            read = _reading(values)
            values[node] = _apply(_name(node), [read(each) for each in node.args], node.kwargs)
        else:
            outputs = [values[each] for each in node.args[0]]
    name = getattr(function, "__name__", None) or type(function).__name__
    return inputs.program(outputs, None if name == "<lambda>" else name)


def _wrapped(base: Any, function: Callable[..., Any]) -> Any:
    class Wrapped(base):  # type: ignore[misc]
        def forward(self, *arguments: Any) -> Any:
            return function(*arguments)

    return Wrapped()


def _first_line(problem: Exception) -> str:
    return str(problem).strip().split("\n")[0]


def _name(node: Any) -> str:
    """``relu`` for ``torch.ops.aten.relu.default``."""
    target = node.target
    return str(getattr(target, "__name__", target) if not hasattr(target, "_opname") else target._opname)


def _reading(values: dict[Any, Any]) -> Callable[[Any], Any]:
    def read(argument: Any) -> Any:
        if isinstance(argument, list | tuple):
            return [read(each) for each in argument]
        return values.get(argument, argument) if type(argument).__name__ == "Node" else argument

    return read


def _softplus(t: Any, beta: float = 1, threshold: float = 20) -> Any:
    return tracing.softplus(t) if beta == 1 else tracing.softplus(t * beta) / beta


def _clamp(t: Any, low: Any = None, high: Any = None) -> Any:
    if (low, high) == (-1, 1):
        return tracing.hardtanh(t)
    if (low, high) == (0, 6):
        return tracing.relu6(t)
    if (low, high) == (0, None):
        return tracing.relu(t)
    t = t if low is None else maximum(t, low)
    return t if high is None else tracing.minimum(t, high)


_ENTRYWISE: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "rsub": lambda a, b: b - a,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "square": lambda a: a * a,
    "reciprocal": lambda a: 1 / a,
    "pow": lambda a, b: a ** (int(b) if b == int(b) else b),
    "maximum": maximum,
    "minimum": tracing.minimum,
    "relu": tracing.relu,
    "leaky_relu": lambda a, slope=0.01: tracing.leaky_relu(a, slope),
    "elu": lambda a, alpha=1.0: tracing.elu(a, float(alpha)),
    "hardtanh": lambda a, low=-1.0, high=1.0: _clamp(a, low, high),
    "relu6": tracing.relu6,
    "clamp": _clamp,
    "clamp_min": _clamp,
    "softplus": _softplus,
    "exp": tracing.exp,
    "expm1": lambda a: tracing.exp(a) - 1,
    "log": tracing.log,
    "log1p": lambda a: tracing.log(1 + a),
    "sqrt": tracing.sqrt,
    "tanh": tracing.tanh,
    "sigmoid": tracing.sigmoid,
    "where": lambda which, yes, no: choose(which, no, yes),
    **{name: lambda a, b, name=name: Truth(a, b, name) for name in COMPARISONS},
}
_SAME = (
    "clone",
    "contiguous",
    "alias",
    "_to_copy",
    "to",
    "lift_fresh_copy",
    "dropout",
    "detach_",
    "_assert_tensor_metadata",
)
_JOINS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b,
    "mean": lambda a, b: a + b,
    "prod": lambda a, b: a * b,
    "amax": tracing.maximum,
    "amin": tracing.minimum,
    "max": tracing.maximum,
    "min": tracing.minimum,
}
_SHAPES = ("view", "_unsafe_view", "reshape", "flatten", "permute", "t", "transpose", "unsqueeze", "squeeze", "expand",
           "cat", "stack", "select", "slice", "getitem", "scalar_tensor", "full", "numpy_T")  # fmt: skip
_PRODUCTS = ("linear", "matmul", "mm", "mv", "dot", "addmm", "bmm")
_KNOWN = {*_ENTRYWISE, *_SAME, *_JOINS, *_SHAPES, *_PRODUCTS, "sort", "linalg_vector_norm", "logsumexp"}


def _apply(name: str, given: Sequence[Any], options: Any) -> Any:
    """One operation on arrays of traced numbers."""
    import numpy as np

    if name in _ENTRYWISE:
        if options.get("alpha", 1) != 1 or options.get("rounding_mode") is not None:
            raise ParameterError(f"{name} with {dict(options)} of PyTorch is not known here", place="torch")
        if name in ("add", "sub", "rsub") and len(given) > 2:
            raise ParameterError(f"{name} with a factor of PyTorch is not known here", place="torch")
        fixed = 2 if name in ("leaky_relu", "elu", "hardtanh", "clamp", "clamp_min", "softplus") else None
        if fixed is not None:  # numbers that belong to the operation
            return each(lambda entry: _ENTRYWISE[name](entry, *given[1:]), given[:1])
        return each(_ENTRYWISE[name], given)
    first = given[0]
    if name in _SAME:
        return first
    if name in _JOINS:
        return _reduced(name, first, *given[1:])
    if name in _PRODUCTS:
        return _product(name, given)
    if name == "sort":
        axis, down = (given[1] if len(given) > 1 else -1), (given[2] if len(given) > 2 else False)
        if down or options.get("descending"):
            return (-along(tracing.sort, -first, axis), None)
        return (along(tracing.sort, first, options.get("dim", axis)), None)
    if name == "logsumexp":
        return each(tracing.log, (_reduced("sum", each(tracing.exp, given[:1]), *given[1:]),))
    if name == "linalg_vector_norm":
        if (given[1] if len(given) > 1 else 2) != 2 or len(given) > 2:
            raise ParameterError(
                "linalg_vector_norm of PyTorch is known for the Euclidean norm of all entries", place="torch"
            )
        return np.asarray(tracing.norm(first.ravel()), dtype=object)
    return _shaped(name, first, given[1:], np)


def _reduced(name: str, array: Any, axes: Any = None, keep: bool = False, **_: Any) -> Any:
    pair = name in ("max", "min") and axes is not None  # values and indices
    chosen = [axes] if isinstance(axes, int) else axes or range(array.ndim)
    chosen = [axis % array.ndim for axis in chosen] if array.ndim else []
    found = joined(_JOINS[name], array, chosen, keep)
    if name == "mean":
        size = 1
        for axis in chosen:
            size *= array.shape[axis]
        found = each(lambda entry: entry / size, (found,))
    return (found, None) if pair else found


def _product(name: str, given: Sequence[Any]) -> Any:
    if name == "addmm":
        return each(_ENTRYWISE["add"], (_product("mm", given[1:]), given[0]))
    first, second = given[0], given[1]
    if name == "linear":
        found = contracted(first, second, (((first.ndim - 1,), (1,)), ((), ())))
        return found if len(given) < 3 or given[2] is None else each(_ENTRYWISE["add"], (found, given[2]))
    if name == "bmm" or min(first.ndim, second.ndim) > 2:
        if first.ndim != second.ndim or first.shape[:-2] != second.shape[:-2]:
            raise ParameterError(
                "matmul of PyTorch is known for matrices, vectors and batches of equal shape", place="torch"
            )
        batch = tuple(range(first.ndim - 2))
        return contracted(first, second, (((first.ndim - 1,), (second.ndim - 2,)), (batch, batch)))
    inner = 0 if second.ndim == 1 else second.ndim - 2
    return contracted(first, second, (((first.ndim - 1,), (inner,)), ((), ())))


def _shaped(name: str, array: Any, given: Sequence[Any], np: Any) -> Any:
    """What moves entries and computes nothing."""
    if name == "getitem":
        if array[given[0]] is None:
            raise ParameterError("indices of PyTorch are not traced", place="torch")
        return array[given[0]]
    if name in ("scalar_tensor", "full"):
        return np.asarray(array if name == "scalar_tensor" else np.full(array, given[0]), dtype=object)
    if name in ("cat", "stack"):
        join = np.concatenate if name == "cat" else np.stack
        return join(array, axis=given[0] if given else 0)
    if name in ("view", "_unsafe_view", "reshape"):
        return array.reshape(given[0])
    if name == "flatten":
        start, end = given[0] if given else 0, (given[1] if len(given) > 1 else -1) % array.ndim
        return array.reshape((*array.shape[:start], -1, *array.shape[end + 1 :]))
    if name in ("t", "numpy_T"):
        return array.T
    if name == "permute":
        return np.transpose(array, given[0])
    if name == "transpose":
        return np.swapaxes(array, *given)
    if name == "unsqueeze":
        return np.expand_dims(array, given[0])
    if name == "squeeze":
        axes = [given[0]] if given and isinstance(given[0], int) else list(given[0]) if given else range(array.ndim)
        return np.squeeze(array, axis=tuple([axis for axis in axes if array.shape[axis] == 1]))
    if name == "expand":
        lead = len(given[0]) - array.ndim
        shape = [array.shape[axis - lead] if size == -1 else size for axis, size in enumerate(given[0])]
        return np.broadcast_to(array, shape)
    if name == "select":
        return np.take(array, given[1], axis=given[0])
    missing: tuple[Any, ...] = (0, None, None, 1)
    axis, start, end, step = (*given, *missing[len(given) :])
    return array[(slice(None),) * (axis % array.ndim) + (slice(start, end, step),)]
