"""Is P the hull of J_pb?  Checked from words and convex multipliers, by code that shares nothing with the search.

Given finitely many maps X -> A_v X + B_v.  A claim lists points of P, a word for each, and for each map and point
multipliers that write the image as a convex combination of the points: then T(P) lies in P.  The words say that each
point is in J_pb, so P lies in conv J_pb.  And in a norm |x| = max |x_i| / w_i all products of L of the A_v have a norm
below 1, so that J_pb is the one nonempty compact set with X = union of the A_v X + B_v, and lies in P: P = conv J_pb.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.certificate.logic import Rejected

Rows = tuple[tuple[Fraction, ...], ...]
_MOST_PRODUCTS = 10**5


class HullClaim(NamedTuple):
    """P = conv J_pb for the ``maps`` (A, B).

    Attributes
    ----------
    points : p x m matrices.
    words : for each point the numbers of the maps that come first, and of those that come again and again.
    multipliers : for each map, for each point, weights by the numbers of points.
    weights, length : the norm, and L.
    """

    maps: tuple[tuple[Rows, Rows], ...]
    points: tuple[Rows, ...]
    words: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    multipliers: tuple[tuple[dict[int, Fraction], ...], ...]
    weights: tuple[Fraction, ...]
    length: int


def verify_hull(claim: HullClaim) -> None:
    """Raises Rejected, with the reason, unless the claim is proved.

    One product of matrices for each map and point, letter of a word, and word of length L.
    """
    if not claim.points or len(claim.words) != len(claim.points):
        raise Rejected("a word is wanted for each of one or more points")
    for number, (point, (prefix, period)) in enumerate(zip(claim.points, claim.words, strict=True)):
        _require_member(claim, number, point, prefix, period)
    if [len(each) for each in claim.multipliers] != [len(claim.points)] * len(claim.maps):
        raise Rejected("multipliers are wanted for each map and point")
    for v, (a, b) in enumerate(claim.maps):
        for number, point in enumerate(claim.points):
            given = claim.multipliers[v][number]
            if min(given.values(), default=Fraction(-1)) < 0 or sum(given.values()) != 1:
                raise Rejected(f"the multipliers of map {v} at point {number} are no convex combination")
            if not set(given) <= set(range(len(claim.points))):
                raise Rejected(f"the multipliers of map {v} at point {number} name no points")
            combined = _zero(b)
            for other, weight in given.items():
                combined = _add(combined, _scaled(claim.points[other], weight))
            if combined != _image(a, b, point):
                raise Rejected(f"map {v} takes point {number} elsewhere than its multipliers say")
    _require_contraction(claim)


def _require_member(claim: HullClaim, number: int, point: Rows, prefix: Sequence[int], period: Sequence[int]) -> None:
    """The point is what the word leads to: after its prefix is undone, the period must leave something as it is.

    With Y = the value of the period, which satisfies Y = A Y + B for the product of its maps; solved here.
    """
    if not period or not set(prefix) | set(period) <= set(range(len(claim.maps))):
        raise Rejected(f"the word of point {number} is none over the maps")
    a, b = claim.maps[period[-1]]
    for letter in reversed(period[:-1]):
        outer_a, outer_b = claim.maps[letter]
        a, b = _product(outer_a, a), _image(outer_a, outer_b, b)
    value = _solved(a, b)
    if value is None:
        raise Rejected(f"the period of point {number} leads to no point")
    for letter in reversed(prefix):
        value = _image(*claim.maps[letter], value)
    if value != point:
        raise Rejected(f"the word of point {number} leads elsewhere")


def _require_contraction(claim: HullClaim) -> None:
    if len(claim.weights) != len(claim.maps[0][0]) or min(claim.weights) <= 0 or claim.length < 1:
        raise Rejected("the norm wants a positive weight for each state, and a length")
    distinct = list(dict.fromkeys(a for a, _ in claim.maps))
    if len(distinct) ** claim.length > _MOST_PRODUCTS:
        raise Rejected("too many products")
    for factors in product(distinct, repeat=claim.length):
        whole = factors[0]
        for factor in factors[1:]:
            whole = _product(whole, factor)
        for row, own in zip(whole, claim.weights, strict=True):
            if sum([abs(entry) * weight for entry, weight in zip(row, claim.weights, strict=True)]) >= own:
                raise Rejected(f"a product of {claim.length} maps does not contract in the norm")


def _zero(like: Rows) -> Rows:
    return tuple([tuple([Fraction(0)] * len(row)) for row in like])


def _scaled(matrix: Rows, factor: Fraction) -> Rows:
    return tuple([tuple([factor * entry for entry in row]) for row in matrix])


def _add(left: Rows, right: Rows) -> Rows:
    return tuple([tuple([x + y for x, y in zip(*rows, strict=True)]) for rows in zip(left, right, strict=True)])


def _product(left: Rows, right: Rows) -> Rows:
    columns = list(zip(*right, strict=True))
    return tuple(
        [
            tuple([sum([x * y for x, y in zip(row, column, strict=True)], Fraction(0)) for column in columns])
            for row in left
        ]
    )


def _image(a: Rows, b: Rows, point: Rows) -> Rows:
    return _add(_product(a, point), b)


def _solved(a: Rows, b: Rows) -> Rows | None:
    """Y with Y = A Y + B, by Gauss and Jordan."""
    size = len(a)
    rows = [[int(i == j) - a[i][j] for j in range(size)] + list(b[i]) for i in range(size)]
    for step in range(size):
        pivot = next((index for index in range(step, size) if rows[index][step]), None)
        if pivot is None:
            return None
        rows[step], rows[pivot] = rows[pivot], rows[step]
        rows[step] = [entry / rows[step][step] for entry in rows[step]]
        for index in range(size):
            if index != step and rows[index][step]:
                factor = rows[index][step]
                rows[index] = [x - factor * y for x, y in zip(rows[index], rows[step], strict=True)]
    return tuple([tuple(row[size:]) for row in rows])
