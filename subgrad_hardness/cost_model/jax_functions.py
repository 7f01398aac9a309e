"""Functions of JAX as straight-line programs: what ``jax.make_jaxpr`` writes, carried out on traced numbers.

JAX traces the function into primitives on arrays; these are carried out here on arrays of ``tracing.Traced``, one
scalar operation an entry.  ``max(t, 0)`` is a relu, with slope 0 at 0; other ties go to the first argument, where JAX
halves.  A primitive that is not in the table is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.cost_model import tracing
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.tracing import Traced

#: What a comparison is true for: the outcomes of sign(a, b).
_COMPARISONS = {"gt": (1,), "ge": (0, 1), "lt": (-1,), "le": (-1, 0), "eq": (0,), "ne": (-1, 1)}
_CALLS = ("jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "remat", "checkpoint")
_SAME = ("convert_element_type", "copy", "copy_p", "stop_gradient", "optimization_barrier")


def from_jax(function: Callable[..., Any], *arguments: Any) -> StraightLine:
    """The program of a JAX function, at these arguments.

    Parameters
    ----------
    function : takes arrays or numbers, returns one array or number or several.
    arguments : arrays or numbers; their entries are the inputs of the program, in order, and its point.

    Raises ParameterError without JAX, and for a primitive that is not known.  A step for each scalar operation.
    """
    try:
        import jax
    except ImportError:
        raise ParameterError(missing_extra("jax", "jax"), place="jax") from None
    import numpy as np

    arrays = [np.asarray(argument, dtype=float) for argument in arguments]
    closed = jax.make_jaxpr(function)(*arguments)
    names, point = [], []
    for number, array in enumerate(arrays):
        for index in np.ndindex(array.shape):
            names.append(f"a{number}[{','.join(map(str, index))}]" if index else f"a{number}")
            point.append(float(array[index]))
    build, start, traced = Builder(names), 0, []
    for array in arrays:
        entries = np.empty(array.shape, dtype=object)
        for offset, index in enumerate(np.ndindex(array.shape)):
            entries[index] = Traced(build, start + offset)
        start += array.size
        traced.append(entries)
    outputs = _run(closed, traced)
    slots = [_slot(build, entry) for output in outputs for entry in np.asarray(output, dtype=object).ravel()]
    given: Sequence[Value] = point
    return build.program(*slots, point=given, name=getattr(function, "__name__", None))


def _slot(build: Builder, entry: Any) -> int:
    return entry._slot if isinstance(entry, Traced) else build.constant(tracing._constant(entry))


def _run(closed: Any, arguments: Sequence[Any]) -> list[Any]:
    """Carry out a closed jaxpr."""
    import numpy as np

    jaxpr, values = closed.jaxpr, dict[Any, Any]()
    values.update(zip(jaxpr.constvars, [np.asarray(each, dtype=object) for each in closed.consts], strict=True))
    values.update(zip(jaxpr.invars, arguments, strict=True))

    def read(atom: Any) -> Any:
        return np.asarray(atom.val, dtype=object) if hasattr(atom, "val") else values[atom]

    for equation in jaxpr.eqns:
        name, given = equation.primitive.name, [read(atom) for atom in equation.invars]
        if name in _CALLS:
            inner = equation.params.get("jaxpr") or equation.params["call_jaxpr"]
            results = _run(inner, given)
        else:
            results = [_apply(name, given, equation.params)]
        values.update(zip(equation.outvars, results, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


class _Truth:
    """A comparison of traced numbers: its outcome, and for which outcomes it is true."""

    def __init__(self, first: Any, second: Any, name: str) -> None:
        self.outcome, self.true = tracing._function("sign", first, second), _COMPARISONS[name]

    def choose(self, no: Any, yes: Any) -> Any:
        """``yes`` where it is true."""
        return tracing._function("pick", self.outcome, *[yes if each in self.true else no for each in (-1, 0, 1)])


def _maximum(first: Any, second: Any) -> Any:
    for one, other in ((first, second), (second, first)):
        if not isinstance(one, Traced) and one == 0:
            return tracing.relu(other)
    return tracing.maximum(first, second)


_ENTRYWISE: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "add_any": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "square": lambda a: a * a,
    "max": _maximum,
    "min": tracing.minimum,
    "exp": tracing.exp,
    "log": tracing.log,
    "log1p": lambda a: tracing.log(1 + a),
    "expm1": lambda a: tracing.exp(a) - 1,
    "sqrt": tracing.sqrt,
    "tanh": tracing.tanh,
    "logistic": tracing.sigmoid,
    "select_n": lambda which, no, yes: which.choose(no, yes) if isinstance(which, _Truth) else (yes if which else no),
    **{name: lambda a, b, name=name: _Truth(a, b, name) for name in _COMPARISONS},
}


def _apply(name: str, given: Sequence[Any], params: dict[str, Any]) -> Any:
    """One primitive on arrays of traced numbers."""
    import numpy as np

    if name in _ENTRYWISE:
        return _each(_ENTRYWISE[name], given)
    if name == "integer_pow":
        return _each(lambda entry: entry ** params["y"], given)
    if not given:
        raise ParameterError(f"the primitive {name} of JAX is not known here", place="jax")
    first = given[0]
    if name in _SAME:
        return first
    if name == "dot_general":
        return _contracted(given[0], given[1], params["dimension_numbers"])
    if name in ("reduce_sum", "reduce_max", "reduce_min"):
        join = {"reduce_sum": lambda a, b: a + b, "reduce_max": tracing.maximum, "reduce_min": tracing.minimum}[name]
        for axis in sorted(params["axes"], reverse=True):
            parts = [np.take(first, place, axis=axis) for place in range(first.shape[axis])]
            total = parts[0]
            for part in parts[1:]:
                total = _each(join, (total, part))
            first = np.asarray(total, dtype=object)
        return first
    if name == "broadcast_in_dim":
        shape, places = params["shape"], params["broadcast_dimensions"]
        spread = [first.shape[places.index(axis)] if axis in places else 1 for axis in range(len(shape))]
        return np.broadcast_to(first.reshape(spread), shape)
    if name == "reshape":
        return first.reshape(params["new_sizes"])
    if name == "squeeze":
        return np.squeeze(first, axis=tuple(params["dimensions"]))
    if name == "transpose":
        return np.transpose(first, params["permutation"])
    if name == "concatenate":
        return np.concatenate(given, axis=params["dimension"])
    if name == "slice":
        strides = params["strides"] or (1,) * first.ndim
        bounds = zip(params["start_indices"], params["limit_indices"], strides, strict=True)
        return first[tuple(slice(*each) for each in bounds)]
    raise ParameterError(f"the primitive {name} of JAX is not known here", place="jax")


def _each(function: Callable[..., Any], given: Sequence[Any]) -> Any:
    import numpy as np

    arrays = np.broadcast_arrays(*[np.asarray(each, dtype=object) for each in given])
    result = np.empty(arrays[0].shape, dtype=object)
    for index in np.ndindex(result.shape):
        result[index] = function(*[array[index] for array in arrays])
    return result


def _contracted(first: Any, second: Any, numbers: Any) -> Any:
    """The contraction of ``dot_general``: result axes are the batch, those of the first, those of the second."""
    import numpy as np

    (over_first, over_second), (batch_first, batch_second) = numbers
    kept_first = [axis for axis in range(first.ndim) if axis not in (*over_first, *batch_first)]
    kept_second = [axis for axis in range(second.ndim) if axis not in (*over_second, *batch_second)]
    left = np.transpose(first, (*batch_first, *kept_first, *over_first))
    right = np.transpose(second, (*batch_second, *kept_second, *over_second))
    batch, inner = [first.shape[axis] for axis in batch_first], [first.shape[axis] for axis in over_first]
    rows, columns = [first.shape[axis] for axis in kept_first], [second.shape[axis] for axis in kept_second]
    result = np.empty((*batch, *rows, *columns), dtype=object)
    for where, row, column in product(np.ndindex(*batch), np.ndindex(*rows), np.ndindex(*columns)):
        total: Any = 0
        for index in np.ndindex(*inner):
            total = left[(*where, *row, *index)] * right[(*where, *column, *index)] + total
        result[(*where, *row, *column)] = total
    return result
