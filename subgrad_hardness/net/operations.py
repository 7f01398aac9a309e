"""The piecewise-linear dictionary: what each operation is in terms of affine rows and relus.

An operation says here, once, how many arguments it takes and how it rewrites (SPEC 1); everything
downstream sees only affine rows and relus.  A new operation is one entry of ``OPERATIONS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol


class Builder(Protocol):
    """What an operation may build with; handles are integers."""

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        """The node sum of coefficient * handle, plus a constant."""

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        """The node sum of coefficient * handle."""

    def relu(self, argument: int) -> int:
        """The node relu(argument)."""


Rewriting = Callable[[Builder, Sequence[int], Fraction | None], int]


class Operation(NamedTuple):
    """One entry of the dictionary.

    ``rewrite(builder, arguments, slope)`` builds the operation from affine rows and relus and
    returns the handle of its value.  ``layer`` says whether it may be a layer's activation.
    """

    name: str
    rewrite: Rewriting
    many: bool = False
    slope: bool = False
    layer: bool = True


def _identity(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    return arguments[0]


def _relu(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    return build.relu(arguments[0])


def _abs(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return build.combine((1, 1), (build.relu(t), build.relu(build.combine((-1,), (t,)))))


def _leaky_relu(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    assert slope is not None  # the reader fills the slope in for every leaky_relu
    if slope == 1:
        return t
    return build.blend((slope, 1 - slope), (t, build.relu(t)))


def _hardtanh(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return _clip(build, build.relu(build.combine((1,), (t,), 1)), 1, 2)


def _relu6(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return _clip(build, build.relu(t), 6, 6)


def _clip(build: Builder, inner: int, top: int, width: int) -> int:
    """top - relu(width - inner)."""
    return build.combine((-1,), (build.relu(build.combine((-1,), (inner,), width)),), top)


def _max_of_two(build: Builder, a: int, b: int) -> int:
    return build.combine((1, 1), (a, build.relu(build.combine((1, -1), (b, a)))))


def _min_of_two(build: Builder, a: int, b: int) -> int:
    return build.combine((1, -1), (a, build.relu(build.combine((1, -1), (a, b)))))


def _tree(pair: Callable[[Builder, int, int], int]) -> Rewriting:
    """The balanced tree over the arguments, split after the first ceil(n/2) (SPEC 1)."""

    def rewrite(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
        if len(arguments) == 1:
            return arguments[0]
        half = (len(arguments) + 1) // 2
        left = rewrite(build, arguments[:half], slope)
        return pair(build, left, rewrite(build, arguments[half:], slope))

    return rewrite


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("identity", _identity),
        Operation("relu", _relu),
        Operation("abs", _abs),
        Operation("leaky_relu", _leaky_relu, slope=True),
        Operation("hardtanh", _hardtanh),
        Operation("relu6", _relu6),
        Operation("max", _tree(_max_of_two), many=True, layer=False),
        Operation("min", _tree(_min_of_two), many=True, layer=False),
    )
}

#: The activations of layered nets.
ACTIVATIONS = tuple(name for name, operation in OPERATIONS.items() if operation.layer)
#: The operations of graph nets beside ``affine``.
NODE_OPERATIONS = tuple(name for name in OPERATIONS if name != "identity")
