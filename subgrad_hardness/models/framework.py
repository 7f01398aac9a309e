"""What readers of frameworks' programs share: nodes with kinks that an audit asks the framework about, comparisons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from subgrad_hardness.models.onnx_model import OPERATORS as ONNX
from subgrad_hardness.models.operators.contract import Call, Refused, Value
from subgrad_hardness.models.tensors import Tensor, TensorProgram

#: where(a > b, a, b) and its like are maxima and minima.
COMPARED = {"gt": "max", "ge": "max", "lt": "min", "le": "min"}


class Node(NamedTuple):
    """One node: where its steps go, and the steps of it that have kinks.

    ``number`` rounds a Python number as the operation does: to the type of the model's numbers.
    """

    program: TensorProgram
    name: str
    number: Callable[[float], float]
    kinks: list[str]

    def call(self, operator: str, inputs: Sequence[Value | None], **attributes: Any) -> Call:
        """A node of ONNX with these inputs and attributes."""
        return Call(self.program, operator, self.name, tuple(inputs), attributes, 17, 1)

    def onnx(self, operator: str, inputs: Sequence[Value | None], **attributes: Any) -> Value:
        """What ONNX's operator makes of the inputs."""
        made = ONNX[operator](self.call(operator, inputs, **attributes))
        return made if isinstance(made, Tensor | np.ndarray) else made[0]

    def kinked(self, part: str = "") -> Node:
        """The node under a name of its own for one of its steps that has kinks."""
        named = self._replace(name=f"{self.name}{part}")
        self.kinks.append(named.name)
        return named

    def value(self, given: Any) -> Value:
        """An argument as a value: Python numbers become constants."""
        return np.asarray(self.number(given)) if isinstance(given, int | float) else given

    def refuse(self, why: str) -> NoReturn:
        raise Refused(why)


class Kinked(NamedTuple):
    """A node of a framework's program with kinks.

    Attributes
    ----------
    node : its name; ``operation`` as the framework calls it.
    compute : the operation as a function of those arguments that depend on what is asked about.
    steps : names of the program's steps with its kinks, in order: one, or two for a clip.
    read : names in the framework's program of the arguments that depend on what is asked about.
    places : of an operation on each entry, which of the step's arguments these are.
    windows : whether it is a pool or a reduction, of several entries each.
    """

    node: str
    operation: str
    compute: Callable[..., Any]
    steps: tuple[str, ...]
    read: tuple[str, ...]
    places: tuple[int, ...]
    windows: bool


class FrameworkProgram(NamedTuple):
    """A framework's program as a tensor program, with what an audit needs to ask the framework again.

    ``run()`` gives the values of all nodes by name, as the framework computes them, and ``variables`` are its arrays
    that are the program's inputs.
    """

    program: TensorProgram
    output: Tensor
    kinked: tuple[Kinked, ...]
    variables: tuple[Any, ...]
    run: Callable[[], Mapping[str, Any]]


class Comparison(NamedTuple):
    """left > right and the like, which only a choice may read; or places of maxima, which nobody may."""

    name: str
    left: Any
    right: Any
    node: Any


def chosen_extremum(condition: Comparison, yes: Any, no: Any) -> tuple[str, bool] | None:
    """Which extremum ``yes if left > right else no`` is, if it is one, and whether ``yes`` is the left side.

    A constant counts as the side that it equals once both are broadcast.
    """
    sides = (condition.left, condition.right)
    operation = COMPARED[condition.name]
    if same_value(yes, sides[0]) and same_value(no, sides[1]):
        return operation, True
    if same_value(yes, sides[1]) and same_value(no, sides[0]):
        return {"max": "min", "min": "max"}[operation], False
    return None


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same node's, or equal constants."""
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        return isinstance(one, Tensor) and isinstance(other, Tensor) and one == other
    plain = [value.tolist() if hasattr(value, "tolist") else value for value in (one, other)]
    return bool(np.all(np.equal(*plain)))
