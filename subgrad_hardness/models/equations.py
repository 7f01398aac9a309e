"""Programs of frameworks that are a list of equations, as tensor programs: what readers of jax and TensorFlow share.

A subclass says what each equation is; values, choices by comparisons, kinks to ask about and outputs are here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, NoReturn, Protocol, TypeVar

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.choosing import Clip, chosen
from subgrad_hardness.models.framework import COMPARED, Comparison, FrameworkProgram, Kinked, Node, same_value
from subgrad_hardness.models.operators.contract import Refused, Value
from subgrad_hardness.models.operators.moving import joined
from subgrad_hardness.models.tensors import Applied, Array, Extremum, Index, Tensor, TensorProgram


class Name(NamedTuple):
    """The value of this name; whatever else an equation reads is a constant."""

    name: str


class Equation(Protocol):
    """One operation: what it reads, names or constants, and the names of its results."""

    @property
    def name(self) -> str:
        """Its own, in the framework's program."""

    @property
    def operation(self) -> str:
        """What the framework calls what it does."""

    @property
    def inputs(self) -> tuple[Any, ...]:
        """Names, or constants."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of its results."""

    def results(self, arguments: Sequence[Any]) -> list[Any]:
        """What the framework makes of these arguments."""


E = TypeVar("E", bound=Equation)


class Flat(NamedTuple, Generic[E]):
    """The equations in order, calls opened, and what the outputs are, names or constants."""

    equations: tuple[E, ...]
    outputs: tuple[Any, ...]


def result(equation: Equation, *arguments: Any) -> Any:
    """The only one of its ``results``."""
    return equation.results(arguments)[0]


def named_outputs(own: str, count: int) -> tuple[str, ...]:
    """Names for the results of the equation of this name."""
    return tuple([own if not place else f"{own}.{place}" for place in range(count)])


class Reading(ABC, Generic[E]):
    """A program that is being read; ``variables`` bear ``names`` and are its inputs, ``place`` stands for a file."""

    place: str

    def __init__(
        self, equations: Sequence[E], outputs: Sequence[Any], names: Sequence[str], variables: Sequence[Any]
    ) -> None:
        self.equations, self.outputs, self.names, self.variables = equations, outputs, names, variables
        self.type = variables[0].dtype
        shapes = [(name, tuple(each.shape)) for name, each in zip(names, variables, strict=True)]
        self.program = TensorProgram(shapes)
        self.values: dict[str, Any] = dict(zip(names, self.program.arguments(), strict=True))
        self.clips: dict[int, Clip] = {}
        self.kinked: list[Kinked] = []

    def read(self) -> FrameworkProgram:
        """The whole program.  Raises NetError, naming the equation and why, for what is not exact."""
        for equation in self.equations:
            for name, value in zip(equation.outputs, self._translated(equation), strict=True):
                self.values[name] = value
        return FrameworkProgram(self.program, self._output(), tuple(self.kinked), tuple(self.variables), self.run)

    def run(self) -> Mapping[str, Any]:
        """The values of all equations, as the framework computes them one by one."""
        found: dict[str, Any] = dict(zip(self.names, map(self.array, self.variables), strict=True))
        for equation in self.equations:
            given = [found[atom.name] if isinstance(atom, Name) else atom for atom in equation.inputs]
            found.update(zip(equation.outputs, equation.results(given), strict=True))
        return found

    @abstractmethod
    def translated(self, equation: E, given: Sequence[Any]) -> Sequence[Any]:
        """The values of an equation that reads what is asked about.  Raises Refused."""

    @abstractmethod
    def array(self, value: Any) -> Any:
        """A constant in the framework's and the program's type."""

    @abstractmethod
    def wide(self, value: Any, like: Any) -> Any:
        """The same in the shape of an array of the framework."""

    def argument(self, value: Any) -> Any:
        """A constant as an operation with kinks is given it when it is asked about."""
        return self.array(value)

    def value(self, atom: Any) -> Any:
        """What an equation reads there."""
        return self.values[atom.name] if isinstance(atom, Name) else atom

    def node(self, name: str, kinks: list[str]) -> Node:
        """Where the steps of an equation go; ``kinks`` get those that have some."""
        return Node(self.program, name, float, kinks)

    def fail(self, place: str, why: str) -> NoReturn:
        """Raises NetError."""
        raise NetError(why, file=self.place, place=place)

    def _translated(self, equation: E) -> Sequence[Any]:
        """The values of one equation: tensors of the program, or whatever the framework computes of constants."""
        given = [self.value(atom) for atom in equation.inputs]
        try:
            if not any(isinstance(value, Tensor | Comparison) for value in given):
                return equation.results(given)
            return self.translated(equation, [constant(value) for value in given])
        except Refused as refused:
            self.fail(equation.name, str(refused))
        except (ValueError, TypeError, IndexError, KeyError, AttributeError) as problem:
            said = str(problem).splitlines()[0] if str(problem) else ""
            self.fail(equation.name, f"its arguments are not read ({type(problem).__name__}: {said})")

    def _output(self) -> Tensor:
        values = [self.value(atom) for atom in self.outputs]
        if not values or not all(isinstance(value, Tensor) for value in values):
            self.fail("output", "does not depend on what is asked about")
        if len(values) == 1:
            whole: Tensor = values[0]
            return whole
        call = self.node("outputs", []).call("", [])
        together = joined(call, values, lambda arrays: np.concatenate([array.ravel() for array in arrays]))
        assert isinstance(together, Tensor)
        return together

    def moved(
        self,
        equation: E,
        given: Sequence[Any],
        data: tuple[int, ...] | None,
        bind: Callable[[Sequence[Any]], Any],
    ) -> Sequence[Value]:
        """Entries in another order or shape: the framework does it (``bind``) to their places.

        ``data``: which arguments the entries are in; None: all.
        """
        places = range(len(given)) if data is None else data
        values = [given[place] for place in places]
        if any(isinstance(value, Tensor) for place, value in enumerate(given) if place not in places):
            raise Refused("the places depend on what is asked about")
        call = self.node(equation.name, []).call("", [])

        def found(arrays: Sequence[Array]) -> list[Index]:
            each = iter([np.asarray(array, np.int32) for array in arrays])
            made = bind([next(each) if place in places else value for place, value in enumerate(given)])
            indices = [np.asarray(one).astype(np.int64) for one in (made if isinstance(made, list | tuple) else [made])]
            if any(one.size and one.min() < 0 for one in indices):
                raise Refused("reads outside of an array")
            return indices

        if len(values) == 1:
            return [call.take(values[0], each) for each in found([call.positions(values[0])])]
        return [joined(call, values, lambda arrays: found(arrays)[0])]

    def choice(self, equation: E, condition: Comparison, at: tuple[int, int], given: Sequence[Any]) -> Value:
        """A ``where`` whose cases, if not and if so, are the arguments ``at`` of the equation."""
        no, yes = cases = (given[at[0]], given[at[1]])
        kinks: list[str] = []
        found = chosen(self.node(equation.name, kinks), condition, no, yes, self.clips)
        test = condition.node
        sides = [isinstance(self.value(atom), Tensor) for atom in test.inputs]

        def choose(on: Any, if_not: Any, if_so: Any) -> Any:
            return result(equation, on, *[if_not if place == at[0] else if_so for place in sorted(at)])

        def kept(compute: Callable[..., Any], read: Sequence[Any], places: tuple[int, ...]) -> None:
            self._keep(equation, f"where({condition.name})", compute, kinks, read, places)

        if found.read is None:  # a relu with a slope, a function of the left side
            assert isinstance(found.value, Tensor)
            step = self.program.steps[found.value.step]
            assert isinstance(step, Applied)
            slope = step.slopes

            def of_left(x: Any) -> Any:
                on_left, two = result(test, x, self.value(test.inputs[1])), (self.array(slope) * x, x)
                return choose(on_left, *(two if COMPARED[condition.name] == "max" else two[::-1]))

            kept(of_left, [test.inputs[0]], (0,))
            return found.value
        read = [equation.inputs[at[case]] for case in found.read]
        if len(read) == 1 and len([case for case in cases if isinstance(case, Tensor)]) == 1:
            (only,) = found.read
            side = 0 if sides[0] else 1
            clip = not same_value(cases[only], (condition.left, condition.right)[side])
            if not clip:
                self.remember(found.value, cases)

            def of_one(x: Any) -> Any:
                compared = [x if number == side else self.value(atom) for number, atom in enumerate(test.inputs)]
                return choose(
                    result(test, *compared),
                    *[x if number == only else self.wide(case, x) for number, case in enumerate(cases)],
                )

            # pairwise has the tensor where the comparison has it; a clip has it first.
            kept(of_one, read, (0,) if clip else (side,))
            return found.value
        straight = found.read == (1, 0)

        def of_both(first: Any, second: Any) -> Any:
            return choose(result(test, first, second), *((second, first) if straight else (first, second)))

        kept(of_both, read, tuple(range(len(read))))
        return found.value

    def remember(self, made: Value, given: Sequence[Value]) -> None:
        """An extremum, in case that a ``where`` clips it on the other side."""
        tensors = [each for each in given if isinstance(each, Tensor)]
        if len(tensors) == 1 and isinstance(made, Tensor) and tensors[0].shape == made.shape:
            (bound,) = [each for each in given if not isinstance(each, Tensor)]
            step = self.program.steps[made.step]
            assert isinstance(step, Extremum)
            self.clips[made.step] = Clip(step.operation, tensors[0], bound)

    def keep(
        self,
        equation: E,
        operation: str,
        kinks: Sequence[str],
        given: Sequence[Any],
        *,
        windows: bool,
        places: tuple[int, ...] | None = None,
    ) -> None:
        """Ask about the whole equation; ``places`` as in ``Kinked``, if not those of the arguments that are read."""
        asked = [isinstance(value, Tensor) for value in given]
        constants = [None if each else self.argument(value) for each, value in zip(asked, given, strict=True)]

        def compute(*tensors: Any) -> Any:
            left = iter(tensors)
            return result(equation, *[next(left) if value is None else value for value in constants])

        read = [atom for atom, each in zip(equation.inputs, asked, strict=True) if each]
        if places is None:
            places = tuple([place for place, each in enumerate(asked) if each])
        self._keep(equation, operation, compute, kinks, read, places, windows=windows)

    def _keep(  # noqa: PLR0917 (as Kinked has them)
        self,
        equation: E,
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


def constant(value: Any) -> Any:
    """Arrays of the framework and Python's numbers as arrays of numpy; bfloat16 as the doubles that it denotes."""
    if isinstance(value, Tensor | Comparison):
        return value
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype.kind == "V" or str(array.dtype) == "bfloat16" else array
