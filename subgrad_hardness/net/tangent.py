"""A program with smooth operations near its point: each of them replaced by its tangent there (SPEC 6).

The tangent of a smooth operation f at the values a0 of its arguments is the affine row f(a0) + f'(a0) (a - a0).  With
tangents in their places all nodes have the values that they had at the point, so that the same relus are kinks, and, by
the chain rule, the same directional derivative.  What is left are affine rows and relus, as in a program without
smooth operations; they say nothing about the program away from the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.forms import Form, Row
from subgrad_hardness.net.lowering import (
    MAX_GROWN_BITS,
    MAX_GROWN_BITS_TOGETHER,
    Lowered,
    Relu,
    Rewritten,
    SmoothNode,
    refuse_growth,
)
from subgrad_hardness.net.node_values import extend
from subgrad_hardness.net.operations import Smooth
from subgrad_hardness.net.smooth_operations import SMOOTH, bits_before

# Shorter values cannot grow too long in one row of a net that there may be.
_LONG = 64


def tangent(rewritten: Rewritten, form: Form, point: Sequence[Fraction]) -> Lowered:
    """The program with the tangents of its smooth operations at ``point``; linear in its size.

    Raises NetError, naming the unit, for a division by zero and for numbers that grow beyond
    ``net.lowering.MAX_GROWN_BITS``.
    """
    growing = _Growing(rewritten, form, point)
    for index, node in enumerate(rewritten.nodes):
        growing.take(growing.row(node, index) if isinstance(node, SmoothNode) else node, index)
    lowered = rewritten.with_rows(growing.rows)
    refuse_growth(lowered, form)
    return lowered


class _Growing:
    """The values of the nodes so far, and the tangents; what they need is looked at as they grow, since here it
    depends on the point and products add up what their factors need."""

    def __init__(self, rewritten: Rewritten, form: Form, point: Sequence[Fraction]) -> None:
        self.rewritten, self.form = rewritten, form
        self.numerators = [number.numerator for number in point]
        self.denominators = [number.denominator for number in point]
        self.rows: dict[int, Row] = {}
        self.bits, self.longest = 0, max(map(self._size, range(len(point))))

    def take(self, node: Row | Relu, index: int) -> None:
        """The value of the next node, at position ``index``."""
        if isinstance(node, Row) and self.longest > _LONG:
            # Of a row of long numbers the common denominator may be as long as all of them together.
            below = {self.denominators[argument] for argument in node.arguments}
            if sum(map(int.bit_length, below)) > MAX_GROWN_BITS:
                self._refuse_growth(index)
        extend(self.numerators, self.denominators, (node,))
        bits = self._size(-1)
        self.longest = max(self.longest, bits)
        self.bits += bits
        if bits > MAX_GROWN_BITS or self.bits > MAX_GROWN_BITS_TOGETHER:
            self._refuse_growth(index)

    def row(self, node: SmoothNode, index: int) -> Row:
        """The tangent of the node at position ``index``, which comes next."""
        meaning = SMOOTH[node.operation].meaning
        assert isinstance(meaning, Smooth)
        values = [Fraction(self.numerators[each], self.denominators[each]) for each in node.arguments]
        if bits_before(values, node.exponent) > MAX_GROWN_BITS:
            self._refuse_growth(index)
        try:
            constant, partials = meaning.value(values, node.exponent), meaning.partials(values, node.exponent)
        except ZeroDivisionError:
            self._refuse(index, f"{node.operation} divides by zero at the point")
        terms: dict[int, Fraction] = {}
        for argument, partial, value in zip(node.arguments, partials, values, strict=True):
            terms[argument] = terms.get(argument, Fraction(0)) + partial
            constant -= partial * value
        terms = {argument: partial for argument, partial in terms.items() if partial}
        row = self.rows[index] = Row.of(tuple(terms), tuple(terms.values()), constant)
        return row

    def _size(self, index: int) -> int:
        """How many bits a value needs, numerator or denominator: a power of 0 or 1 needs no more."""
        return max(self.numerators[index].bit_length(), self.denominators[index].bit_length()) - 1

    def _refuse_growth(self, index: int) -> NoReturn:
        most = f"one value needs more than {MAX_GROWN_BITS} bits, or all more than {MAX_GROWN_BITS_TOGETHER}"
        self._refuse(index, f"the numbers grow too long: {most}")

    def _refuse(self, index: int, why: str) -> NoReturn:
        raise NetError(why, file="<net>", place=self.form.unit_name(self.rewritten.units[index]))
