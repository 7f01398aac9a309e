"""Is P the hull of J_pb?  Checked from words and convex multipliers, by code that shares nothing with the search.

Given finitely many maps X -> A_v X + B_v.  A claim lists points of P, a word for each, and for each map and point
multipliers that write the image as a convex combination of the points: then T(P) lies in P.  The words say that each
point is in J_pb, so P lies in conv J_pb.  And in some norm all products of L of the A_v are below 1, so that J_pb is
the one nonempty compact set with X = union of the A_v X + B_v, and lies in P: P = conv J_pb.

A pair may also be *covered*: a convex combination of others.  Its images are the same combinations of theirs, and its
norm is no greater, so that nothing is left to show for it, as long as words do without it.

That the maps and the covered pairs are all pairs of an iteration at its fixed point, and no others, is checked against
those that ``local_pairs`` lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.iterative.verifying.local_pairs import local_pairs
from subgrad_hardness.iterative.verifying.spectral_format import Upper
from subgrad_hardness.iterative.verifying.spectral_radius import require_upper
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program

Rows = tuple[tuple[Fraction, ...], ...]
_MOST_PRODUCTS = 10**5


class HullClaim(NamedTuple):
    """P = conv J_pb for the ``maps`` (A, B).

    Attributes
    ----------
    jacobian : the sense of J_F.
    fixed_point : xbar.
    maps, covered : all pairs; the latter with weights by the numbers of the former.
    points : p x m matrices.
    words : for each point the numbers of the maps that come first, and of those that come again and again.
    multipliers : for each map, for each point, weights by the numbers of points.
    length, upper : L, and a norm with a bound below 1 of all products of so many A, in the order of all words.
    """

    jacobian: str
    fixed_point: tuple[Fraction, ...]
    maps: tuple[tuple[Rows, Rows], ...]
    covered: tuple[tuple[Rows, Rows, dict[int, Fraction]], ...]
    points: tuple[Rows, ...]
    words: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    multipliers: tuple[tuple[dict[int, Fraction], ...], ...]
    length: int
    upper: Upper


def verify_attractor(program: Program, state: Sequence[str], parameters: Sequence[str], claim: HullClaim) -> None:
    """That P = conv J_pb for F = ``program`` at (xbar, theta), its point.

    Raises Rejected, with the reason; ``local_pairs.NotListed`` where F has too many pairs to be looked at.
    """
    at = dict(zip(program.inputs, program.point, strict=True))
    if claim.fixed_point != tuple([at[name] for name in state]):
        raise Rejected("the certificate is for another fixed point")
    if value(program) != claim.fixed_point:
        raise Rejected("F(xbar, theta) is not xbar")
    pairs = local_pairs(program, state, parameters, autodiff=claim.jacobian == "autodiff")
    if set(pairs) != {*claim.maps, *[(a, b) for a, b, _ in claim.covered]}:
        raise Rejected("the pairs are not those of the iteration")
    verify_hull(claim)


def verify_hull(claim: HullClaim) -> None:
    """That P = conv J_pb for the maps and the covered pairs.  Raises Rejected, with the reason.

    One product of matrices for each map and point, letter of a word, and word of length L.
    """
    _require_shapes(claim)
    for number, (a, b, weights) in enumerate(claim.covered):
        what = f"the weights of covered pair {number}"
        _require_combination(weights, [(*each[0], *_turned(each[1])) for each in claim.maps], (*a, *_turned(b)), what)
    for number, (point, (prefix, period)) in enumerate(zip(claim.points, claim.words, strict=True)):
        _require_member(claim, number, point, prefix, period)
    for v, (a, b) in enumerate(claim.maps):
        for number, point in enumerate(claim.points):
            what = f"the multipliers of map {v} at point {number}"
            _require_combination(claim.multipliers[v][number], claim.points, _image(a, b, point), what)
    _require_contraction(claim)


def _require_shapes(claim: HullClaim) -> None:
    if not claim.maps or not claim.points or len(claim.words) != len(claim.points):
        raise Rejected("a map is wanted, and a word for each of one or more points")
    if [len(each) for each in claim.multipliers] != [len(claim.points)] * len(claim.maps):
        raise Rejected("multipliers are wanted for each map and point")
    size, width = len(claim.maps[0][0]), len(claim.maps[0][1][0]) if claim.maps[0][1] else 0
    pairs = [*claim.maps, *[(a, b) for a, b, _ in claim.covered]]
    if any([len(row) for row in a] != [size] * size for a, _ in pairs) or not size:
        raise Rejected("not every A is square, and of one size")
    for matrix in (*[b for _, b in pairs], *claim.points):
        if [len(row) for row in matrix] != [width] * size or not width:
            raise Rejected("not every B and point has a row for each state and a column for each parameter")


def _require_combination(given: dict[int, Fraction], among: Sequence[Rows], wanted: Rows, what: str) -> None:
    if min(given.values(), default=Fraction(-1)) < 0 or sum(given.values()) != 1:
        raise Rejected(f"{what} are no convex combination")
    if not set(given) <= set(range(len(among))):
        raise Rejected(f"{what} name what is not there")
    combined = _scaled(wanted, Fraction(0))
    for other, weight in given.items():
        combined = _add(combined, _scaled(among[other], weight))
    if combined != wanted:
        raise Rejected(f"{what} lead elsewhere")


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
    distinct = list(dict.fromkeys(a for a, _ in claim.maps))
    if claim.length < 1 or claim.upper.bound >= 1:
        raise Rejected("a length, and a bound below 1 are wanted")
    if claim.length > _MOST_PRODUCTS or len(distinct) ** claim.length > _MOST_PRODUCTS:
        raise Rejected("too many products")
    products = []
    for factors in product(distinct, repeat=claim.length):
        whole = factors[0]
        for factor in factors[1:]:
            whole = _product(whole, factor)
        products.append(whole)
    require_upper(products, claim.upper)


def _turned(matrix: Rows) -> Rows:
    return tuple(zip(*matrix, strict=True))


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
