"""The forms in which a program is written: a chain of layers, or a graph of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.net.rational import Number, common_denominator


class Row(NamedTuple):
    """The affine form (sum of coefficients[i] * value(arguments[i]) + bias) / denominator.

    All integers, the denominator positive and common to the row, so that sparse rows of 10^5
    entries are handled without a Fraction per entry.
    """

    arguments: tuple[int, ...]
    coefficients: tuple[int, ...]
    bias: int
    denominator: int

    @classmethod
    def of(cls, arguments: Sequence[int], coefficients: Sequence[Number], bias: Number = 0) -> Row:
        numerators, denominator = common_denominator([*coefficients, bias])
        return cls(tuple(arguments), tuple(numerators[:-1]), numerators[-1], denominator)

    def rationals(self) -> Iterator[Fraction]:
        """The coefficients as rationals."""
        return (Fraction(numerator, self.denominator) for numerator in self.coefficients)


class Layer(NamedTuple):
    """One layer x -> activation(W x + b); row arguments index the previous layer's units.

    Rows hold the nonzero entries only, in order of the columns.
    """

    columns: int
    rows: tuple[Row, ...]
    activation: str
    slope: Fraction | None = None


class Node(NamedTuple):
    """One node of a graph; arguments are indices (0..p-1 the inputs, p+k the node k).

    ``row`` is set for ``affine`` only, ``slope`` for ``leaky_relu`` only.
    """

    id: str
    operation: str
    arguments: tuple[int, ...]
    row: Row | None = None
    slope: Fraction | None = None


class LayeredForm(NamedTuple):
    """A chain of layers; the last layer's units are the outputs."""

    layers: tuple[Layer, ...]


class GraphForm(NamedTuple):
    """Nodes in the author's order (any order without a cycle) and the output indices."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]


#: Either form.
Form = LayeredForm | GraphForm
