"""How far rounding can carry a backward pass: a bound that is proved, and not a tolerance.

Statement.  Let a backward pass be carried out in floating point with unit roundoff u, every adjoint being the sum, in
any order and with or without fused operations, of products of a gain and an adjoint.  Let K be the greatest number of
roundings on a path from the output to an entry of the result, with K u < 1, and A the sum over all paths of the
absolute values of the products of their gains.  Then the entry differs from the exact one by at most
K u / (1 - K u) A, where nothing underflows or overflows.
Proof.  Each path contributes its product times at most K factors 1 + d or 1 / (1 + d), |d| <= u; the product of these
differs from 1 by at most K u / (1 - K u) (Higham 2002, lemma 3.1).

Each product that underflows adds at most the least normal number, even where subnormals are flushed to zero; that error
is carried on like any adjoint, which a second sum over paths bounds.  A gain below the least normal number, which the
format has with few digits or as 0, is off by less than that number, and is multiplied with an adjoint: that is counted
in the same way.  What is assumed is that no product *within* a gain (a batch normalisation's scale) underflows where
the gain itself does not.

Counted for each gain are ``ROUNDINGS``, more than any operation needs: a batch normalisation, the longest, rounds its
variance plus epsilon, the root, the quotient, two products and the gain that it is compared with.  To these come the
terms of the sum.  Sums of the usual kind are meant: Strassen's and Winograd's products, which some libraries choose for
convolutions, have bounds of another form.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.auditing.traced import Choices, Trace, gains
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix

#: Roundings that are counted for one gain.
ROUNDINGS = 12


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


def rounding_bound(trace: Trace, choices: Choices | None, precision: str, limits: Limits = NO_LIMITS) -> Matrix | None:
    """How far each entry of the Jacobian may be off; m x p rationals.

    ``choices`` None: for whatever derivative between its pieces' slopes each kinked node uses.  None is returned where
    K u is not less than 1: then nothing is known.  Two passes an output.  Raises LimitReached.
    """
    if precision == "exact":
        return ((Fraction(0),) * trace.inputs,) * len(trace.form.outputs)
    form = PRECISIONS[precision]
    rows = []
    for output in trace.form.outputs:
        row = _row(trace, output, choices, form, limits=limits)
        if row is None:
            return None
        rows.append(row)
    return tuple(rows)


def _row(
    trace: Trace, output: int, choices: Choices | None, form: Precision, *, limits: Limits
) -> tuple[Fraction, ...] | None:
    inputs, zero, normal = trace.inputs, Fraction(0), form.normal
    size: dict[int, Fraction] = {output: Fraction(1)}  # A: the sum over paths
    lost: dict[int, Fraction] = {}  # in units of the least normal number: what underflows add
    terms: dict[int, int] = {}
    longest: dict[int, int] = {}
    for number in reversed(trace.order):
        slot = inputs + number
        if slot not in size:
            continue
        limits.check()
        node, weight, less = trace.form.nodes[number], size.pop(slot), lost.pop(slot, zero)
        count = longest.pop(slot, 0) + terms.pop(slot, 0) + ROUNDINGS
        passed = (
            _widest(trace, number)
            if choices is None
            else [(argument, abs(gain)) for argument, gain in gains(node, number, choices)]
        )
        for argument, gain in passed:
            size[argument] = size.get(argument, zero) + weight * gain
            # A gain that the format may lose before it is used: off by a unit, times an adjoint with its own loss.
            added = ROUNDINGS + weight + less * normal if gain < normal else ROUNDINGS
            lost[argument] = lost.get(argument, zero) + less * gain + added
            terms[argument] = terms.get(argument, 0) + 1
            longest[argument] = max(longest.get(argument, 0), count)
    roundings = max([longest.get(index, 0) + terms.get(index, 0) for index in range(inputs)])
    roundoff = Fraction(roundings, 2**form.bits)
    if roundoff >= 1:
        return None
    relative = roundoff / (1 - roundoff)
    return tuple(
        [
            _short(relative * size.get(index, zero) + (1 + relative) * normal * lost.get(index, zero))
            for index in range(inputs)
        ]
    )


def _short(bound: Fraction) -> Fraction:
    """A number of few digits that is at least the bound, and not much more."""
    if not bound:
        return bound
    unit = Fraction(2) ** (bound.numerator.bit_length() - bound.denominator.bit_length() - 8)
    return math.ceil(bound / unit) * unit


def _widest(trace: Trace, number: int) -> list[tuple[int, Fraction]]:
    """The greatest absolute values of the derivatives that a node may pass on."""
    node = trace.form.nodes[number]
    if node.row is not None:
        return [(argument, abs(gain)) for argument, gain in gains(node, number, {})]
    most = abs(node.slope) if node.slope is not None and abs(node.slope) > 1 else Fraction(1)
    return [(argument, most) for argument in node.arguments]
