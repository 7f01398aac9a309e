"""Functions of JAX as tensor programs, by ``jax.make_jaxpr``, with the derivative rules of their own kept.

StableHLO has lost these: ``jax.nn.relu`` and ``jnp.maximum(x, 0)`` look alike there, and differ at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.models.equations import Name, Reading, constant
from subgrad_hardness.models.framework import COMPARED, Comparison, FrameworkProgram, Node, same_value
from subgrad_hardness.models.jax_graph import OWN_RULES, SAME, Equation, flattened, inner
from subgrad_hardness.models.jax_operators import MOVING, REFUSED, TRANSLATIONS
from subgrad_hardness.models.operators.contract import Refused, Value
from subgrad_hardness.models.operators.entrywise import pairwise
from subgrad_hardness.models.tensors import Tensor, refuse_flushed

_PLACE = "<jax function>"


def read_function(function: Callable[..., Any], arguments: Sequence[Any], asked: Sequence[int]) -> FrameworkProgram:
    """The tensor program that a function of JAX is, for arguments of these shapes.

    Parameters
    ----------
    function : of arrays, or of containers of arrays that JAX knows.
    arguments : what it is called with.
    asked : the numbers of the arguments that are the program's inputs.  The others are constant.

    Raises
    ------
    NetError
        Naming the primitive and why, for one that is not exact and piecewise linear; also where jax is not installed,
        or cannot trace the function.
    """
    try:
        import jax
    except Exception as problem:  # a broken package raises whatever it likes
        raise NetError(f"reading functions {missing_extra('jax', 'jax', problem)}", file=_PLACE) from None
    refuse_flushed(_PLACE)
    variables, tree = jax.tree_util.tree_flatten([arguments[number] for number in asked])
    variables = [jax.numpy.asarray(each) for each in variables]
    types = sorted({str(each.dtype) for each in variables})
    if len(types) != 1 or not jax.numpy.issubdtype(variables[0].dtype, jax.numpy.floating):
        raise NetError(f"numbers of the types {', '.join(types)}; one floating-point type is read", file=_PLACE)

    def of_leaves(*leaves: Any) -> Any:
        given = dict(zip(asked, jax.tree_util.tree_unflatten(tree, leaves), strict=True))
        return function(*[given.get(number, argument) for number, argument in enumerate(arguments)])

    try:
        closed = jax.make_jaxpr(of_leaves)(*variables)
    except Exception as problem:
        said = str(problem).strip().splitlines() or [type(problem).__name__]
        raise NetError(f"jax.make_jaxpr refuses it: {said[0]}", file=_PLACE) from None
    names = ["x"] if len(variables) == 1 else [f"x{number}" for number in range(len(variables))]
    flat = flattened(closed.jaxpr, closed.consts, names)
    return _Reading(flat.equations, flat.outputs, names, variables).read()


class _Reading(Reading[Equation]):
    place = _PLACE

    def array(self, value: Any) -> Any:
        import jax.numpy as jnp

        return jnp.asarray(np.asarray(value, self.type))

    def wide(self, value: Any, like: Any) -> Any:
        import jax.numpy as jnp

        return jnp.broadcast_to(jnp.asarray(value, like.dtype), like.shape)

    def translated(self, equation: Equation, given: Sequence[Any]) -> Sequence[Any]:
        name = equation.operation
        if name == "ne" and isinstance(given[0], Tensor) and same_value(*given):
            return [np.zeros(given[0].shape, bool)]  # a test for nan
        if name == "or" and any(isinstance(each, Comparison) for each in given):
            rest = [each for each in given if not (isinstance(each, np.ndarray) and not each.any())]
            if len(rest) == 1:
                return rest
        if name in SAME:
            return given
        if name == "select_n" and isinstance(given[0], Comparison) and len(given) == 3:
            return [self.choice(equation, given[0], (1, 2), given)]
        if any(isinstance(value, Comparison) for value in given):
            raise Refused("jumps where a comparison changes")
        if name in COMPARED:
            return [Comparison(name, given[0], given[1], equation)]
        if name == "convert_element_type":
            if equation.params["new_dtype"] != self.type:
                raise Refused("changes the type of the numbers, which rounds")
            return given
        if name in MOVING:
            parameters = {**equation.params, **({"fill_value": -1} if "fill_value" in equation.params else {})}
            bind = partial(_bound, equation, parameters)
            return self.moved(equation, given, MOVING[name], bind)
        kinks: list[str] = []
        node = self.node(equation.name, kinks)
        if name in OWN_RULES:
            made = self._own_rule(equation, given, node)
        elif name in TRANSLATIONS:
            made = TRANSLATIONS[name](node, equation.params, *given)
        else:
            raise Refused(REFUSED.get(name, "is no primitive that is read (not piecewise linear, or not in the table)"))
        if kinks:
            windows = name.startswith("reduce_")
            shown = _called(equation) if name in OWN_RULES else name
            # The bounds of a clamp are constants, and its extrema read the clamped first.
            self.keep(equation, shown, kinks, given, windows=windows, places=(0,) if name == "clamp" else None)
            if name in ("max", "min"):
                self.remember(made, given)
        return [made]

    def _own_rule(self, equation: Equation, given: Sequence[Any], node: Node) -> Value:
        """``jax.nn.relu``, ``relu6`` and the like: one or two extrema with constants, asked about as a whole."""
        refused = "has a derivative of its own, and is no clip: another function may be differentiated"
        if len(given) != 1:
            raise Refused(refused)
        flat = flattened(*inner(equation.params), ["x"])
        steps = flat.equations
        value: Value = given[0]
        names: tuple[Any, ...] = (Name("x"), *[Name(step.outputs[0]) for step in steps])
        chain = [
            step.primitive.name in ("max", "min") and len([a for a in step.inputs if isinstance(a, Name)]) == 1
            for step in steps
        ]
        follows = [before in step.inputs for before, step in zip(names, steps, strict=False)]
        if not all(chain) or not all(follows) or not 1 <= len(steps) <= 2 or flat.outputs != names[-1:]:
            raise Refused(refused)
        for number, step in enumerate(steps):
            bounds = [constant(atom) for atom in step.inputs if not isinstance(atom, Name)]
            if len(steps) == 1 and step.primitive.name == "max" and not np.any(bounds[0]):
                return node.kinked().onnx("Relu", [value])
            call = node.kinked(f".{number + 1}").call("", [])
            value = pairwise(call, step.primitive.name, [value, bounds[0]])
        return value


def _bound(equation: Equation, parameters: Mapping[str, Any], given: Sequence[Any]) -> Any:
    """What the primitive makes of other arguments."""
    return equation.primitive.bind(*given, **parameters)


def _called(equation: Equation) -> str:
    """The name of a function with a derivative of its own."""
    said = getattr(inner(equation.params)[0], "debug_info", None)
    return str(getattr(said, "func_name", None) or equation.primitive.name)
