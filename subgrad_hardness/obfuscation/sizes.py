"""How large nets are, and the limits of ``net/`` that an obfuscated net has to keep so that its file can be read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.forms import LayeredForm, Row
from subgrad_hardness.net.json_text import MAX_BITS
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import MAX_DIGITS, too_long


class Size(NamedTuple):
    """Nodes, and edges: arguments, counted with repetition."""

    nodes: int
    edges: int


def unit_count(program: Program) -> int:
    """The units of all layers, or the nodes of a graph."""
    if isinstance(program.form, LayeredForm):
        return sum(len(layer.rows) for layer in program.form.layers)
    return len(program.form.nodes)


def graph_size(program: Program) -> Size:
    """The size of ``net.conversion.to_graph(program)``, without making it."""
    if not isinstance(program.form, LayeredForm):
        return Size(len(program.form.nodes), sum(len(node.arguments) for node in program.form.nodes))
    rows = [row for layer in program.form.layers for row in layer.rows]
    active = sum(len(layer.rows) for layer in program.form.layers if layer.activation != "identity")
    return Size(len(rows) + active, sum(max(1, len(row.arguments)) for row in rows) + active)


def refuse_unreadable(program: Program, place: str) -> None:
    """Raise ParameterError where a file of this net would not be read again: units, digits, and numbers together.

    The numbers together are estimated from above.  Linear in the nonzeros.
    """
    if unit_count(program) > MAX_UNITS:
        raise ParameterError(f"more than {MAX_UNITS} units after this step", place=place)
    total = 0
    for row in _rows(program):
        widest = max(map(int.bit_length, (*row.coefficients, row.bias, row.denominator)))
        if widest > MAX_DIGITS and any(map(too_long, (*row.rationals(), Fraction(row.bias, row.denominator)))):
            raise ParameterError(f"numbers of more than {MAX_DIGITS} digits after this step", place=place)
        if row.denominator > 1:  # numerator, denominator, and its share of the common denominator
            total += 3 * widest * (len(row.coefficients) + 1)
    if total > MAX_BITS:
        raise ParameterError(f"numbers of more than {MAX_BITS >> 23} MiB after this step", place=place)


def _rows(program: Program) -> Iterator[Row]:
    yield from (Row.of((), (), entry) for entry in program.point)
    if isinstance(program.form, LayeredForm):
        for layer in program.form.layers:
            yield from layer.rows
    else:
        for node in program.form.nodes:
            if node.row is not None:
                yield node.row
            if node.slope is not None:
                yield Row.of((), (), node.slope)
