"""Functions of JAX as tensor programs, by ``jax.make_jaxpr``, with the derivative rules of their own kept.

StableHLO has lost these: ``jax.nn.relu`` and ``jnp.maximum(x, 0)`` look alike there, and differ at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.models.framework import COMPARED, Comparison, FrameworkProgram, Kinked, Node, same_value
from subgrad_hardness.models.jax_graph import OWN_RULES, SAME, Equation, Flat, Name, flattened, inner
from subgrad_hardness.models.jax_operators import MOVING, REFUSED, TRANSLATIONS
from subgrad_hardness.models.jax_where import Clip, chosen
from subgrad_hardness.models.operators.contract import Refused, Value
from subgrad_hardness.models.operators.entrywise import pairwise
from subgrad_hardness.models.operators.moving import joined
from subgrad_hardness.models.tensors import Applied, Array, Extremum, Index, Tensor, TensorProgram, refuse_flushed

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
    except ImportError:
        raise NetError(f"reading functions {missing_extra('jax', 'jax')}", file=_PLACE) from None
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
    return _Reading(flattened(closed.jaxpr, closed.consts, names), names, variables).read()


class _Reading:
    def __init__(self, flat: Flat, names: Sequence[str], variables: Sequence[Any]) -> None:
        self.flat, self.names, self.variables = flat, names, variables
        self.type = variables[0].dtype
        shapes = [(name, tuple(each.shape)) for name, each in zip(names, variables, strict=True)]
        self.program = TensorProgram(shapes)
        self.values: dict[str, Any] = dict(zip(names, self.program.arguments(), strict=True))
        self.clips: dict[int, Clip] = {}
        self.kinked: list[Kinked] = []

    def read(self) -> FrameworkProgram:
        for equation in self.flat.equations:
            for name, value in zip(equation.outputs, self._translated(equation), strict=True):
                self.values[name] = value
        return FrameworkProgram(self.program, self._output(), tuple(self.kinked), tuple(self.variables), self._run)

    def _run(self) -> Mapping[str, Any]:
        """The values of all equations, as jax computes them one by one."""
        found: dict[str, Any] = dict(zip(self.names, self.variables, strict=True))
        for equation in self.flat.equations:
            given = [found[atom.name] if isinstance(atom, Name) else atom for atom in equation.inputs]
            found.update(zip(equation.outputs, equation.results(given), strict=True))
        return found

    def _value(self, atom: Any) -> Any:
        return self.values[atom.name] if isinstance(atom, Name) else atom

    def _output(self) -> Tensor:
        values = [self._value(atom) for atom in self.flat.outputs]
        if not values or not all(isinstance(value, Tensor) for value in values):
            self._fail("output", "does not depend on what is asked about")
        if len(values) == 1:
            whole: Tensor = values[0]
            return whole
        call = self._node("outputs", []).call("", [])
        together = joined(call, values, lambda arrays: np.concatenate([array.ravel() for array in arrays]))
        assert isinstance(together, Tensor)
        return together

    def _translated(self, equation: Equation) -> Sequence[Any]:
        """The values of one equation: tensors of the program, or whatever jax computes of constants."""
        given = [self._value(atom) for atom in equation.inputs]
        if not any(isinstance(value, Tensor | Comparison) for value in given):
            return equation.results(given)
        name = equation.primitive.name
        try:
            return self._operation(equation, name, [_constant(value) for value in given])
        except Refused as refused:
            self._fail(equation.name, f"{name}: {refused}")
        except (ValueError, TypeError, IndexError, KeyError, AttributeError) as problem:
            said = str(problem).splitlines()[0] if str(problem) else ""
            self._fail(equation.name, f"{name}: its arguments are not read ({type(problem).__name__}: {said})")

    def _operation(self, equation: Equation, name: str, given: Sequence[Any]) -> Sequence[Any]:
        if name == "ne" and isinstance(given[0], Tensor) and same_value(*given):
            return [np.zeros(given[0].shape, bool)]  # a test for nan
        if name == "or" and any(isinstance(each, Comparison) for each in given):
            rest = [each for each in given if not (isinstance(each, np.ndarray) and not each.any())]
            if len(rest) == 1:
                return rest
        if name in SAME:
            return given
        if name == "select_n" and isinstance(given[0], Comparison) and len(given) == 3:
            return [self._chosen(equation, given[0], given[1], given[2])]
        if any(isinstance(value, Comparison) for value in given):
            raise Refused("jumps where a comparison changes")
        if name in COMPARED:
            return [Comparison(name, given[0], given[1], equation)]
        if name == "convert_element_type":
            if equation.params["new_dtype"] != self.type:
                raise Refused("changes the type of the numbers, which rounds")
            return given
        if name in MOVING:
            return self._moved(equation, given, MOVING[name])
        kinks: list[str] = []
        node = self._node(equation.name, kinks)
        if name in OWN_RULES:
            made = self._own_rule(equation, given, node)
        elif name in TRANSLATIONS:
            made = TRANSLATIONS[name](node, equation.params, *given)
        else:
            raise Refused(REFUSED.get(name, "is no primitive that is read (not piecewise linear, or not in the table)"))
        if kinks:
            windows = name.startswith("reduce_")
            shown = _called(equation) if name in OWN_RULES else name
            self._kinked(equation, shown, kinks, given, windows=windows)
            if name in ("max", "min"):
                self._remember(made, given)
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
            bounds = [_constant(atom) for atom in step.inputs if not isinstance(atom, Name)]
            if len(steps) == 1 and step.primitive.name == "max" and not np.any(bounds[0]):
                return node.kinked().onnx("Relu", [value])
            call = node.kinked(f".{number + 1}").call("", [])
            value = pairwise(call, step.primitive.name, [value, bounds[0]])
        return value

    def _chosen(self, equation: Equation, condition: Comparison, no: Value, yes: Value) -> Value:
        kinks: list[str] = []
        found = chosen(self._node(equation.name, kinks), condition, no, yes, self.clips)
        test = condition.node
        sides = [self._asked(atom) for atom in test.inputs]
        if found.read is None:  # a relu with a slope, a function of the left side
            assert isinstance(found.value, Tensor)
            step = self.program.steps[found.value.step]
            assert isinstance(step, Applied)
            slope = step.slopes

            def of_left(x: Any) -> Any:
                on_left, cases = test.result(x, self._value(test.inputs[1])), (np.asarray(slope, self.type) * x, x)
                low_first = COMPARED[condition.name] == "max"
                return equation.result(on_left, *(cases if low_first else cases[::-1]))

            self._keep(equation, f"where({condition.name})", of_left, kinks, [test.inputs[0]], (0,))
            return found.value
        read = [equation.inputs[1 + case] for case in found.read]
        places = tuple(range(len(read)))
        cases = (no, yes)
        compute: Callable[..., Any]
        if len(read) == 1 and len([case for case in cases if isinstance(case, Tensor)]) == 1:
            (only,) = found.read
            side = 0 if sides[0] else 1
            clip = not same_value(cases[only], (condition.left, condition.right)[side])
            # pairwise has the tensor where the comparison has it; a clip has it first.
            places = (0,) if clip else (side,)
            if not clip:
                self._remember(found.value, cases)

            def of_one(x: Any) -> Any:
                compared = [x if number == side else self._value(atom) for number, atom in enumerate(test.inputs)]
                whole = [x if number == only else _like(case, x) for number, case in enumerate(cases)]
                return equation.result(test.result(*compared), *whole)

            compute = of_one
        else:
            straight = found.read == (1, 0)

            def of_both(first: Any, second: Any) -> Any:
                return equation.result(test.result(first, second), *((second, first) if straight else (first, second)))

            compute = of_both

        self._keep(equation, f"where({condition.name})", compute, kinks, read, places)
        return found.value

    def _remember(self, made: Value, given: Sequence[Value]) -> None:
        """An extremum, in case that a ``where`` clips it on the other side."""
        tensors = [each for each in given if isinstance(each, Tensor)]
        if len(tensors) == 1 and isinstance(made, Tensor) and tensors[0].shape == made.shape:
            (bound,) = [each for each in given if not isinstance(each, Tensor)]
            step = self.program.steps[made.step]
            assert isinstance(step, Extremum)
            self.clips[made.step] = Clip(step.operation, tensors[0], bound)

    def _kinked(
        self, equation: Equation, operation: str, kinks: Sequence[str], given: Sequence[Any], *, windows: bool
    ) -> None:
        asked = [isinstance(value, Tensor) for value in given]
        constants = [None if each else np.asarray(value, self.type) for each, value in zip(asked, given, strict=True)]

        def compute(*tensors: Any) -> Any:
            left = iter(tensors)
            return equation.result(*[next(left) if value is None else value for value in constants])

        read = [atom for atom, each in zip(equation.inputs, asked, strict=True) if each]
        places = tuple([place for place, each in enumerate(asked) if each])
        if operation == "clamp":  # its bounds are constants, and its extrema read the clamped first
            places = (0,)
        self._keep(equation, operation, compute, kinks, read, places, windows=windows)

    def _keep(  # noqa: PLR0917 (as Kinked has them)
        self,
        equation: Equation,
        operation: str,
        compute: Callable[..., Any],
        kinks: Sequence[str],
        read: Sequence[Any],
        places: tuple[int, ...],
        *,
        windows: bool = False,
    ) -> None:
        names = tuple([atom.name for atom in read])
        self.kinked.append(Kinked(equation.name, operation, compute, tuple(kinks), names, places, windows))

    def _moved(self, equation: Equation, given: Sequence[Any], data: tuple[int, ...] | None) -> Sequence[Value]:
        """Entries in another order or shape: jax does it to their places."""
        chosen_places = range(len(given)) if data is None else data
        values = [given[place] for place in chosen_places]
        if any(isinstance(value, Tensor) for place, value in enumerate(given) if place not in chosen_places):
            raise Refused("the places depend on what is asked about")
        parameters = {**equation.params, **({"fill_value": -1} if "fill_value" in equation.params else {})}
        call = self._node(equation.name, []).call("", [])

        def bind(places: Sequence[Array]) -> list[Index]:
            moved = iter([np.asarray(each, np.int32) for each in places])
            whole = [next(moved) if place in chosen_places else value for place, value in enumerate(given)]
            made = equation.primitive.bind(*whole, **parameters)
            found = [np.asarray(each).astype(np.int64) for each in (made if isinstance(made, list | tuple) else [made])]
            if any(each.size and each.min() < 0 for each in found):
                raise Refused("reads outside of an array")
            return found

        if len(values) == 1:
            return [call.take(values[0], each) for each in bind([call.positions(values[0])])]
        return [joined(call, values, lambda places: bind(places)[0])]

    def _node(self, name: str, kinks: list[str]) -> Node:
        return Node(self.program, name, float, kinks)

    def _asked(self, atom: Any) -> bool:
        return isinstance(self._value(atom), Tensor)

    def _fail(self, place: str, why: str) -> NoReturn:
        raise NetError(why, file=_PLACE, place=place)


def _called(equation: Equation) -> str:
    """The name of a function with a derivative of its own."""
    said = getattr(inner(equation.params)[0], "debug_info", None)
    return str(getattr(said, "func_name", None) or equation.primitive.name)


def _constant(value: Any) -> Any:
    """jax's arrays and Python's numbers as arrays of numpy; bfloat16 as the doubles that it denotes."""
    if isinstance(value, Tensor | Comparison):
        return value
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype.kind == "V" or str(array.dtype) == "bfloat16" else array


def _like(case: Any, x: Any) -> Any:
    """A constant in the type and shape of an array."""
    import jax.numpy as jnp

    return jnp.broadcast_to(jnp.asarray(case, x.dtype), x.shape)
