"""How far rounding can carry the values of a program: of those that are factors of products, as gains are.

Statement.  Let a program be run in floating point with unit roundoff u, sums in any order, fused or not; n is the least
normal number.  To each value v belong V >= |v|, K and L, so that with g = K u / (1 - K u), where K u < 1, the computed
value is off by at most g V + (1 + g) n L.
Proof, by induction over the nodes.  Inputs are exact.  A product of two values is off by at most g G + G - V, with
V = V1 V2, G = (V1 + n L1) (V2 + n L2) and K = K1 + K2, since |computed| <= (1 + g) (V + n L) for each of them; so
L = V1 L2 + V2 L1 + n L1 L2.  Its own rounding is one more, and underflow adds n at most.  A row is a sum of products
with constants, which count as gains do (``auditing.rounding``).  An operation with kinks moves no two values farther
apart than its steepest slope does, whichever of its pieces floating point takes; a maximum moves by no more than the
argument that moves most.

Numbers are rounded up to few digits: the statement holds for every greater V and L.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.auditing.traced import Trace
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.forms import Node, Row
from subgrad_hardness.net.smooth_operations import SMOOTH

#: Roundings that are counted for one gain.
ROUNDINGS = 12
#: Binary digits that are kept of a bound.
_BITS = 48
_ZERO = Fraction(0)


class Computed(NamedTuple):
    """V, K and L of a value."""

    size: Fraction
    roundings: int
    lost: Fraction


def factors(trace: Trace, normal: Fraction, limits: Limits = NO_LIMITS) -> Mapping[int, Computed] | None:
    """V, K and L of all values that products rest on, by slot; ``normal`` is the least normal number.

    None where a smooth operation is neither a product nor a square.  Linear.  Raises LimitReached.
    """
    nodes, inputs = trace.form.nodes, trace.inputs
    smooth = [number for number, node in enumerate(nodes) if node.operation in SMOOTH]
    if any(nodes[number].operation not in ("mul", "square") for number in smooth):
        return None
    needed = {argument for number in smooth for argument in nodes[number].arguments}
    for number in reversed(trace.order):
        if inputs + number in needed:
            needed.update(nodes[number].arguments)
    found = {slot: Computed(abs(trace.values[slot]), 0, _ZERO) for slot in needed if slot < inputs}
    for number in trace.order:
        if inputs + number in needed:
            limits.check()
            found[inputs + number] = _value(nodes[number], found, normal)
    return found


def gain_of_product(node: Node, place: int, known: Mapping[int, Computed]) -> Computed:
    """V, K and L of the derivative of a product or square by its argument number ``place``."""
    if node.operation == "square":
        size, roundings, lost = known[node.arguments[0]]
        return Computed(2 * size, roundings, 2 * lost)
    return known[node.arguments[1 - place]]


def _value(node: Node, known: Mapping[int, Computed], normal: Fraction) -> Computed:
    read = [known[argument] for argument in node.arguments]
    if node.row is not None:
        return _row(node.row, read, normal)
    most = max([each.roundings for each in read])
    if node.operation in ("mul", "square"):
        (a, k, lost), (b, more, less) = read if node.operation == "mul" else read * 2
        carried = a * less + b * lost + normal * lost * less if lost or less else _ZERO
        return Computed(rounded_up(a * b), k + more + ROUNDINGS, rounded_up(carried + ROUNDINGS))
    size, lost = max([each.size for each in read]), max([each.lost for each in read])
    if node.operation == "leaky_relu":
        steepest = max(abs(node.slope or _ZERO), Fraction(1))
        return Computed(rounded_up(steepest * size), most + ROUNDINGS, rounded_up(steepest * lost + ROUNDINGS))
    return Computed(size, most, lost)


def _row(row: Row, read: Sequence[Computed], normal: Fraction) -> Computed:
    size, lost = _ZERO, _ZERO
    for gain, each in zip(row.rationals(), read, strict=True):
        size += abs(gain) * each.size
        lost += abs(gain) * each.lost + ROUNDINGS
        if abs(gain) < normal:
            lost += each.size + normal * each.lost
    roundings = max([each.roundings for each in read], default=0) + len(read) + 1 + ROUNDINGS
    return Computed(rounded_up(size + abs(Fraction(row.bias, row.denominator))), roundings, rounded_up(lost + 1))


def rounded_up(bound: Fraction) -> Fraction:
    """A number of few digits that is at least the bound, and not much more."""
    excess = bound.numerator.bit_length() - _BITS
    if excess <= 0 and bound.denominator.bit_length() <= _BITS:
        return bound
    shift = _BITS + bound.denominator.bit_length() - bound.numerator.bit_length()
    if shift >= 0:
        return Fraction(-((-bound.numerator << shift) // bound.denominator), 1 << shift)
    return Fraction(-(-bound.numerator // (bound.denominator << -shift)) << -shift)
