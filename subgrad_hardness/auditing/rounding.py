"""How far rounding can carry a derivative: a bound that is proved, and not a tolerance.

Statement.  Let a backward pass be carried out in floating point with unit roundoff u, every adjoint being the sum, in
any order and with or without fused operations, of products of a gain and an adjoint.  Let K be the greatest number of
roundings on a path from the output to an entry of the result, with K u < 1, and A the sum over all paths of the
absolute values of the products of their gains.  Then the entry differs from the exact one by at most
K u / (1 - K u) A, where nothing underflows or overflows.
Proof.  Each path contributes its product times at most K factors 1 + d or 1 / (1 + d), |d| <= u; the product of these
differs from 1 by at most K u / (1 - K u) (Higham 2002, lemma 3.1).
Forward mode forms the same sums over the same paths, from the inputs on: only the roundings of its sums, of as many
terms as a node has arguments, are others.

Each product that underflows adds at most the least normal number, even where subnormals are flushed to zero; that error
is carried on like any adjoint, which a second sum over paths bounds.  A gain below the least normal number, which the
format has with few digits or as 0, is off by less than that number, and is multiplied with an adjoint: that is counted
in the same way.  What is assumed is that no product *within* a gain (a batch normalisation's scale) underflows where
the gain itself does not.

A gain that is itself a computed value (a factor of a product) is off by what its own computation rounds: with g = K u /
(1 - K u) by at most g V + (1 + g) e, with V at least its absolute value (``auditing.computed``).  Put G = V + e: so
computed gains are at most (1 + g) G in absolute value, and, gain by gain, a path's product is off by at most
g P(G) + P(G) - P(V), P being the product over the path and K the sum of all its roundings; a gain of the kind above has
e = 0, and one below the least normal number has that number.  P(G) - P(V) is carried on beside what underflows.

Counted for each gain are ``ROUNDINGS``, more than any operation needs: a batch normalisation, the longest, rounds its
variance plus epsilon, the root, the quotient, two products and the gain that it is compared with.  To these come the
terms of the sum.  Sums of the usual kind are meant: Strassen's and Winograd's products, which some libraries choose for
convolutions, have bounds of another form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.auditing.computed import ROUNDINGS, Computed, factors, gain_of_product, rounded_up
from subgrad_hardness.auditing.traced import Choices, Trace, gains
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.smooth_operations import SMOOTH


class Precision(NamedTuple):
    """A floating-point format: unit roundoff 2^-``bits`` and least normal number 2^``least``."""

    name: str
    bits: int
    least: int

    @property
    def normal(self) -> Fraction:
        """The least normal number."""
        return Fraction(1, 2**-self.least)


PRECISIONS = {
    precision.name: precision
    for precision in (
        Precision("float64", 53, -1022),
        Precision("float32", 24, -126),
        Precision("float16", 11, -14),
        Precision("bfloat16", 8, -126),
    )
}
#: Names that may be asked for; ``exact`` rounds nothing.
NAMES = ("exact", *PRECISIONS)


def rounding_bound(
    trace: Trace, choices: Choices | None, precision: str, limits: Limits = NO_LIMITS, *, forward: bool = False
) -> Matrix | None:
    """How far each entry of the Jacobian may be off; m x p rationals.

    ``choices`` None: for whatever derivative between its pieces' slopes each kinked node uses.  ``forward``: of forward
    mode.  None is returned where K u is not less than 1, and where a smooth operation is no product: then nothing is
    known.  Two passes an output.  Raises LimitReached.
    """
    if precision == "exact":
        return ((Fraction(0),) * trace.inputs,) * len(trace.form.outputs)
    form = PRECISIONS[precision]
    known = factors(trace, form.normal, limits)
    if known is None:
        return None
    rows = []
    for output in trace.form.outputs:
        row = _Pass(trace, choices, form, known, forward).row(output, limits)
        if row is None:
            return None
        rows.append(row)
    return tuple(rows)


class _Edge(NamedTuple):
    """A gain that is passed on: V, its own roundings, and e in units of the least normal number."""

    argument: int
    size: Fraction
    roundings: int
    lost: Fraction


class _Pass(NamedTuple):
    """Sums over the paths from one output."""

    trace: Trace
    choices: Choices | None
    form: Precision
    known: Mapping[int, Computed]
    forward: bool

    def row(self, output: int, limits: Limits) -> tuple[Fraction, ...] | None:
        inputs, zero, normal = self.trace.inputs, Fraction(0), self.form.normal
        size: dict[int, Fraction] = {output: Fraction(1)}  # P(V), summed over paths
        lost: dict[int, Fraction] = {}  # in units of the least normal number: P(G) - P(V), and what underflows add
        terms: dict[int, int] = {}
        longest: dict[int, int] = {}
        under = zero  # of forward mode: what products add that underflow, carried on to the output
        for number in reversed(self.trace.order):
            slot = inputs + number
            if slot not in size:
                continue
            limits.check()
            weight, less = rounded_up(size.pop(slot)), rounded_up(lost.pop(slot, zero))
            passed = self._edges(number)
            summed = len(self.trace.form.nodes[number].arguments) if self.forward else terms.pop(slot, 0)
            count = longest.pop(slot, 0) + summed + ROUNDINGS
            widest = weight + less * normal if less else weight
            if self.forward:
                under += ROUNDINGS * len(passed) * widest
            for edge in passed:
                argument = edge.argument
                size[argument] = size.get(argument, zero) + weight * edge.size
                added = less * edge.size + widest * edge.lost if less or edge.lost else zero
                lost[argument] = lost.get(argument, zero) + added + (0 if self.forward else ROUNDINGS)
                terms[argument] = terms.get(argument, 0) + 1
                longest[argument] = max(longest.get(argument, 0), count + edge.roundings)
        summed_last = {} if self.forward else terms
        roundings = max([longest.get(index, 0) + summed_last.get(index, 0) for index in range(inputs)])
        roundoff = Fraction(roundings, 2**self.form.bits)
        if roundoff >= 1:
            return None
        relative = roundoff / (1 - roundoff)
        far = (1 + relative) * normal
        return tuple(
            [
                _short(relative * size[index] + far * (lost.get(index, zero) + under)) if index in size else zero
                for index in range(inputs)
            ]
        )

    def _edges(self, number: int) -> list[_Edge]:
        node = self.trace.form.nodes[number]
        if node.operation in SMOOTH:
            made = [gain_of_product(node, place, self.known) for place in range(len(node.arguments))]
            return [_Edge(argument, *each) for argument, each in zip(node.arguments, made, strict=True)]
        if self.choices is None and node.row is None:
            widest = abs(node.slope) if node.slope is not None and abs(node.slope) > 1 else Fraction(1)
            passed = [(argument, widest) for argument in node.arguments]
        else:
            passed = gains(self.trace, number, self.choices or {})
        normal, one, zero = self.form.normal, Fraction(1), Fraction(0)
        return [_Edge(argument, abs(gain), 0, one if abs(gain) < normal else zero) for argument, gain in passed]


def _short(bound: Fraction) -> Fraction:
    """A number of few digits that is at least the bound, and not much more."""
    if not bound:
        return bound
    unit = Fraction(2) ** (bound.numerator.bit_length() - bound.denominator.bit_length() - 8)
    return math.ceil(bound / unit) * unit
