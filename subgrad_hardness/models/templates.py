"""The rewriting of one operation over local handles, made once and walked for every entry of a tensor.

Part of what is trusted for models in tensors (``models.plain_localisation``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from subgrad_hardness.net.operations import OPERATIONS


class Total(NamedTuple):
    """The sum of coefficient * value over handles, plus a constant."""

    handles: tuple[int, ...]
    coefficients: tuple[Fraction | int, ...]
    constant: int


class Bend(NamedTuple):
    """relu of a handle; the ``ordinal``-th of the operation."""

    handle: int
    ordinal: int


class Template(NamedTuple):
    """Handles 0 .. arguments - 1 are the arguments, then the nodes in order; ``output`` is the operation's value."""

    arguments: int
    nodes: tuple[Total | Bend, ...]
    output: int
    bends: int

    def signs(self, values: list[int], unit: int) -> tuple[list[int], tuple[int, ...]]:
        """All values for integer arguments over the denominator ``unit``, and the sign of each relu's preactivation."""
        signs = []
        for node in self.nodes:
            if isinstance(node, Bend):
                read = values[node.handle]
                signs.append((read > 0) - (read < 0))
                values.append(max(read, 0))
            else:
                parts = zip(node.coefficients, node.handles, strict=True)
                # Only the last sum of leaky_relu has fractions; its value is exact all the same.
                values.append(sum([c * values[h] for c, h in parts], node.constant * unit))  # type: ignore[arg-type]
        return values, tuple(signs)

    def ways(self, moving: Sequence[bool], signs: Sequence[int]) -> list[int]:
        """The ordinals of the relus with sign 0 that lie on a way from a moving argument to the output."""
        moves = list(moving)
        for node in self.nodes:
            if isinstance(node, Bend):
                moves.append(signs[node.ordinal] >= 0 and moves[node.handle])
            else:
                moves.append(any(map(moves.__getitem__, node.handles)))
        alive = [False] * len(moves)
        alive[self.output] = True
        found = []
        for number in reversed(range(len(self.nodes))):
            node, at = self.nodes[number], self.arguments + number
            if not alive[at]:
                continue
            if isinstance(node, Bend):
                if signs[node.ordinal] >= 0:
                    alive[node.handle] = True
                if not signs[node.ordinal] and moves[node.handle]:
                    found.append(node.ordinal)
            else:
                for handle in node.handles:
                    alive[handle] = True
        return found[::-1]

    def argument_of(self, ordinal: int) -> int:
        """The handle that a relu reads."""
        return next(node.handle for node in self.nodes if isinstance(node, Bend) and node.ordinal == ordinal)

    def pulled_back(
        self, handle: int, weight: Fraction | int, signs: Sequence[int]
    ) -> tuple[list[Fraction | int], dict[int, Fraction | int]]:
        """``weight`` times the gradient of a handle: in the arguments, and in the relus of sign 0 as variables."""
        adjoint: list[Fraction | int] = [0] * (self.arguments + len(self.nodes))
        adjoint[handle] = weight
        bent: dict[int, Fraction | int] = {}
        for number in reversed(range(len(self.nodes))):
            node, above = self.nodes[number], adjoint[self.arguments + number]
            if not above:
                continue
            if isinstance(node, Total):
                for read, coefficient in zip(node.handles, node.coefficients, strict=True):
                    adjoint[read] += coefficient * above
            elif signs[node.ordinal] > 0:
                adjoint[node.handle] += above
            elif not signs[node.ordinal]:
                bent[node.ordinal] = above
        return adjoint[: self.arguments], bent


@cache
def template(operation: str, arguments: int, slope: Fraction | None = None) -> Template:
    """The rewriting of ``operation`` over so many arguments."""
    build = _Recorder(arguments)
    output = OPERATIONS[operation].rewrite(build, range(arguments), slope)
    return Template(arguments, tuple(build.nodes), output, build.bends)


class _Recorder:
    """A ``net.operations.Builder`` that writes down what it is asked for."""

    def __init__(self, arguments: int) -> None:
        self.arguments, self.nodes, self.bends = arguments, list[Total | Bend](), 0

    def _add(self, node: Total | Bend) -> int:
        self.nodes.append(node)
        return self.arguments + len(self.nodes) - 1

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        return self._add(Total(tuple(handles), tuple(coefficients), constant))

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        return self._add(Total(tuple(handles), tuple(coefficients), 0))

    def relu(self, argument: int) -> int:
        self.bends += 1
        return self._add(Bend(argument, self.bends - 1))
