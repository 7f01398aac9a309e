"""Functions of JAX as straight-line programs: what ``jax.make_jaxpr`` writes, carried out on traced numbers.

JAX traces the function into primitives on arrays; these are carried out here on arrays of ``tracing.Traced``, one
scalar operation an entry.  ``max(t, 0)`` is a relu, with slope 0 at 0; other ties go to the first argument, where JAX
halves.  A function with a derivative of its own (``custom_jvp``) is taken as what it computes.  A primitive that is not
in the table is refused by name.
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
from subgrad_hardness.models.equations import Name
from subgrad_hardness.models.jax_graph import CALLS, OWN_RULES, SAME, flattened

#: A function with a derivative of its own is taken as what it computes.
_OPENED = CALLS | OWN_RULES


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
    except Exception as problem:  # a broken package raises whatever it likes
        raise ParameterError(missing_extra("jax", "jax", problem), place="jax") from None
    import numpy as np

    arrays = [np.asarray(argument, dtype=float) for argument in arguments]
    closed = jax.make_jaxpr(function)(*arguments)
    inputs = Inputs(arrays, [f"a{number}" for number in range(len(arrays))])
    return inputs.program(_run(closed, inputs.traced), getattr(function, "__name__", None))


def _run(closed: Any, arguments: Sequence[Any]) -> list[Any]:
    """Carry out a closed jaxpr."""
    import numpy as np

    names = [f"argument {number}" for number in range(len(arguments))]
    flat, values = (
        flattened(closed.jaxpr, closed.consts, names, _OPENED),
        dict[str, Any](zip(names, arguments, strict=True)),
    )

    def read(atom: Any) -> Any:
        return values[atom.name] if isinstance(atom, Name) else np.asarray(atom, dtype=object)

    for equation in flat.equations:
        given = [read(atom) for atom in equation.inputs]
        values[equation.outputs[0]] = _apply(equation.primitive.name, given, equation.params)
    return [read(atom) for atom in flat.outputs]


_ENTRYWISE: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "add_any": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "square": lambda a: a * a,
    "max": maximum,
    "min": tracing.minimum,
    "exp": tracing.exp,
    "log": tracing.log,
    "log1p": lambda a: tracing.log(1 + a),
    "expm1": lambda a: tracing.exp(a) - 1,
    "sqrt": tracing.sqrt,
    "tanh": tracing.tanh,
    "logistic": tracing.sigmoid,
    "select_n": choose,
    **{name: lambda a, b, name=name: Truth(a, b, name) for name in COMPARISONS},
}


def _apply(name: str, given: Sequence[Any], params: dict[str, Any]) -> Any:
    """One primitive on arrays of traced numbers."""
    import numpy as np

    if name in _ENTRYWISE:
        return each(_ENTRYWISE[name], given)
    if name == "sort":
        if len(given) > 1 or params["num_keys"] != 1:
            raise ParameterError("the primitive sort of JAX is known for one array alone", place="jax")
        return along(tracing.sort, given[0], params["dimension"])
    if name == "integer_pow":
        return each(lambda entry: entry ** params["y"], given)
    if not given:
        raise ParameterError(f"the primitive {name} of JAX is not known here", place="jax")
    first = given[0]
    if name in SAME or name == "convert_element_type":
        return first
    if name == "dot_general":
        return contracted(given[0], given[1], params["dimension_numbers"])
    if name in ("reduce_sum", "reduce_max", "reduce_min"):
        join = {"reduce_sum": lambda a, b: a + b, "reduce_max": tracing.maximum, "reduce_min": tracing.minimum}[name]
        return joined(join, first, params["axes"])
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
