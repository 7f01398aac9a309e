"""J_pb, J_imp and d_C of the limit: fixtures with exact values, and brute force over words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from support.iterations import GRAM, LINEAR, Entry, lasso, scalar

import subgrad_hardness as sh
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.iterative.attractor_hull import attractor_hull, inside
from subgrad_hardness.iterative.contraction_of_products import contraction
from subgrad_hardness.iterative.group_inverse import implicit_value
from subgrad_hardness.iterative.jacobians import SENSES, Pair
from subgrad_hardness.iterative.piggyback_set import PiggybackSet
from subgrad_hardness.iterative.verifying.attractor import HullClaim, verify_hull
from subgrad_hardness.iterative.verifying.spectral_format import Upper, Weighted
from subgrad_hardness.iterative.words import Letters, Word
from subgrad_hardness.local.local_net import Matrix

HALF = scalar("inputs x t; a = relu t; f = -1/2 x + a", [0])
MIN_OF_RELUS = scalar("inputs x t; a = relu x; b = relu t; m = min a b; f = -1/2 x + 1/2 m", [0])
THIRD = scalar("inputs x t; a = relu t; f = 1/3 x + 2/3 a", [0])
QP = scalar("inputs x b; u = 1/2 x + 1/4 b; v = 2/3 b - 1/6; f = min u v", [1])


def matrix(*rows: Sequence[Entry]) -> Matrix:
    return tuple([tuple([Fraction(entry) for entry in row]) for row in rows])


def column(*entries: Entry) -> Matrix:
    return matrix(*[[entry] for entry in entries])


class Known(NamedTuple):
    """What is known at a fixed point: ends of conv J_pb, of conv J_imp, of d_C, and two sentences."""

    iteration: sh.Iteration
    limit: Entry
    hull: Sequence[Entry]
    implicit: Sequence[Entry]
    clarke: Sequence[Entry]
    sentences: tuple[str, str]


SCALAR = (
    Known(HALF, 0, ("-2/3", "4/3"), (0, "2/3"), (0, "2/3"), ("is conv J_imp", "is smaller than conv J_pb")),
    Known(
        MIN_OF_RELUS, 0, ("-1/3", "2/3"), (0, "1/3"), (0,), ("is smaller than conv J_imp", "is smaller than conv J_pb")
    ),
    Known(QP, "1/2", ("1/2", "2/3"), ("1/2", "2/3"), ("1/2", "2/3"), ("is conv J_imp", "is conv J_pb")),
)


@pytest.mark.parametrize("sense", SENSES)
@pytest.mark.parametrize("known", SCALAR)
def test_scalar_sets(known: Known, sense: str) -> None:
    found = sh.piggyback_set(known.iteration, jacobian=sense, fixed_point=[known.limit])
    assert (found.exact, found.certified, str(found.gap)) == (True, True, "0")
    assert set(found.vertices) == set(map(column, known.hull))
    implied = sh.implicit_set(known.iteration, jacobian=sense, fixed_point=[known.limit])
    assert set(implied.vertices) == set(map(column, known.implicit))
    assert set(implied.clarke or ()) == set(map(column, known.clarke))
    assert implied.exact
    pairs = zip(known.sentences, implied.inclusions, strict=True)
    assert [words in sentence for words, sentence in pairs] == [True, True]


def test_the_cantor_set() -> None:
    found = sh.piggyback_set(THIRD, jacobian="lexicographic", fixed_point=[0])
    for entry in ("1/4", "1/3", "3/10", "1/13", "0", "1"):
        traced = found.member([entry])
        assert traced.inside and traced.word is not None
        assert found.set.letters.value(traced.word) == column(entry)
    assert [found.member([entry]).inside for entry in ("1/2", "2/5", "-1/10", "3/2")] == [False] * 4
    assert [found.contains([entry]).inside for entry in ("1/2", "3/2")] == [True, False]
    for sense in ("clarke", "autodiff"):
        assert sh.piggyback_set(THIRD, jacobian=sense, fixed_point=[0]).member(["1/2"]).inside


def test_lasso_rectangle_and_quadrangle() -> None:
    corners: dict[Entry, list[tuple[Entry, Entry]]] = {
        1: [(-1, 0), (-1, "-2/3"), ("-2/3", 0), ("-2/3", "-2/3")],
        "2/3": [(-1, 0), ("-2/3", 0), ("-2/3", "-2/3"), (-1, "-1/3")],
    }
    for step, expected in corners.items():
        found = sh.piggyback_set(lasso(GRAM, LINEAR, step, lam=1), fixed_point=(2, 0))
        assert (found.exact, found.certified) == (True, True)
        assert set(found.vertices) == {column(*corner) for corner in expected}


def test_lasso_without_a_polytope() -> None:
    found = sh.piggyback_set(lasso(GRAM, LINEAR, "1/2", lam=1), fixed_point=(2, 0), steps=25)
    assert not found.exact and 0 < found.gap < Fraction(1, 10**6)
    for functional, end in (((1, 0), "-2/3"), ((-1, 0), 1), ((0, 1), 0), ((0, -1), "2/3")):
        low, high = found.support(functional)
        assert low <= Fraction(end) <= high <= low + 2 * found.gap
    assert found.contains(("-9/10", "-1/10")).inside is True
    assert found.contains((-1, "-2/3")).inside is False
    # What unrolled backpropagation returns lies in it, in no J_imp, and is a word.
    assert found.contains(("-10/11", "-2/11")).inside is True


class _Looks(Limits):
    """A limit that comes after so many looks at it."""

    left: int

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise LimitReached("no more looks")


def test_a_gap_is_right_wherever_a_limit_comes() -> None:
    pairs = [
        Pair(matrix(("-3/8", "-1/8"), ("1/8", 0)), column(0, 3)),
        Pair(matrix(("3/8", "-1/8"), (0, "-1/8")), column(1, -2)),
        Pair(matrix(("1/8", "-1/4"), ("-1/8", "-1/4")), column(3, -3)),
    ]
    letters, contracting = Letters(pairs), contraction([pair.a for pair in pairs])
    assert contracting is not None
    whole = PiggybackSet(letters, contracting, attractor_hull(letters, contracting, 12), "clarke")
    limited = 0
    for left in range(10, 70, 3):
        limits = _Looks()
        limits.left = left
        part = PiggybackSet(letters, contracting, attractor_hull(letters, contracting, 12, limits), "clarke")
        limited += limits.left < 0
        for functional in (column(1, 0), column(0, 1), column(-1, 0), column(0, -1), column(2, 1), column(-1, 2)):
            assert whole.support(functional)[0] <= part.support(functional)[1]
    assert limited > 12


def test_hulls_in_three_dimensions_are_right_when_a_limit_comes_and_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words reach no further than the hull and its gap; members are placed with weights, others are separated."""
    monkeypatch.setattr("subgrad_hardness.iterative.piggyback_set._MANY", 4)
    pairs = [
        Pair(matrix((0, "1/4", "-1/8"), ("1/4", 0, 0), ("1/8", "1/8", "1/4")), column(1, 0, -1)),
        Pair(matrix(("1/4", 0, "1/4"), ("-1/8", "1/4", 0), (0, "1/4", 0)), column(-1, 1, 0)),
        Pair(matrix((0, 0, "1/4"), (0, "1/4", "1/4"), ("-1/4", 0, "1/8")), column(0, -2, 1)),
    ]
    letters, contracting = Letters(pairs), contraction([pair.a for pair in pairs])
    assert contracting is not None
    members = [letters.value(Word(prefix, (last,))) for prefix in ((), (0, 1, 2), (2, 1, 1, 0)) for last in range(3)]
    gaps = []
    for left in (70, 200, 600, 3000):
        limits = _Looks()
        limits.left = left
        part = PiggybackSet(letters, contracting, attractor_hull(letters, contracting, 4, limits), "clarke")
        gaps.append(part.gap)
        for functional in (column(1, 0, 0), column(0, -1, 1), column(-1, 2, 1), column(3, 1, -2)):
            reached = max([sum(u * x for (u,), (x,) in zip(functional, each, strict=True)) for each in members if each])
            assert reached <= part.support(functional)[1]
        for point in part.members[:3]:
            middle = tuple([((a + 2 * b) / 3,) for (a,), (b,) in zip(point, part.members[-1], strict=True)])
            found = part.within(middle)
            assert found.inside and sum(found.weights.values()) == 1 and min(found.weights.values()) > 0
            total = [
                sum(weight * part.members[number][row][0] for number, weight in found.weights.items())
                for row in range(3)
            ]
            assert total == [entry for (entry,) in middle]
        beyond = part.within(column(30, 1, 2))
        assert beyond.inside is False and beyond.separation is not None
    assert gaps[-1] < gaps[0] / 50


def test_lasso_implicit() -> None:
    for step in (1, "1/2", "5/4"):
        found = sh.implicit_set(lasso(GRAM, LINEAR, step, lam=1), fixed_point=(2, 0))
        assert set(found.vertices) == {column(-1, 0), column("-2/3", "-2/3")} == set(found.clarke or ())
        assert (found.exact, found.solvable, found.cases) == (True, "determinants", ("regular",))
        assert found.inclusions == ("d_C is conv J_imp", "conv J_imp is smaller than conv J_pb")


def test_addresses_of_what_frameworks_return() -> None:
    """Ties split evenly, unrolled from 0 and from (3, 0): in J_pb by words over slopes, not in J_imp."""
    found = sh.piggyback_set(lasso(GRAM, LINEAR, 1, lam=1), fixed_point=(2, 0), jacobian="autodiff")
    for returned in (("-6/7", "-2/3"), ("-2/3", "-2/7"), (-1, "-1/4")):
        assert found.contains(returned).inside is True
    implied = sh.implicit_set(lasso(GRAM, LINEAR, 1, lam=1), fixed_point=(2, 0))
    points = [(vertex[0][0], vertex[1][0]) for vertex in implied.vertices]
    assert inside((Fraction(-6, 7), Fraction(-2, 7)), points)
    assert not inside((Fraction(-6, 7), Fraction(-2, 3)), points)


def test_singular_cases() -> None:
    a = matrix(["1/2", "1/2"], [0, 1])
    consistent = implicit_value(Pair(a, column("1/2", 0)))
    assert (consistent.case, consistent.value, consistent.least_norm) == (
        "consistent",
        column(1, 0),
        column("1/2", "-1/2"),
    )
    assert implicit_value(Pair(a, column("1/2", 0)), "minimum-norm").value == column("1/2", "-1/2")
    drifting = implicit_value(Pair(a, column("1/2", 1)))
    assert (drifting.case, drifting.value, drifting.drift) == ("drifting", None, column(1, 1))
    assert drifting.least_norm == column("1/2", "-1/2")
    preconditioned = implicit_value(Pair(matrix(["1/2", "-1/2"], ["-1/4", "3/4"]), column("1/2", "1/4")))
    assert preconditioned.value == column("2/3", "1/3")
    assert preconditioned.least_norm == column("1/2", "1/2")
    assert implicit_value(Pair(matrix([1, 1], [0, 1]), column(1, 0))).case == "defective"
    assert implicit_value(Pair(matrix([1]), column(1)), "refuse").value is None


def test_singular_iterations() -> None:
    text = "inputs x y t; f = 1/2 x + 1/2 y + 1/2 t; g = y; outputs f g"
    iteration = sh.Iteration(sh.Program.from_text(text), ["x", "y"])
    found = sh.implicit_set(iteration, [0], fixed_point=[0, 0])
    assert (found.cases, found.vertices, found.solvable) == (("consistent",), (column(1, 0),), None)
    assert "J_pb is not known: no norm was found" in found.inclusions[1]
    with pytest.raises(sh.ParameterError, match="singular: I - A is singular for pair 0"):
        sh.implicit_set(iteration, [0], fixed_point=[0, 0], singular="refuse")
    with pytest.raises(sh.ParameterError, match="no norm was found in which its Jacobians contract"):
        sh.piggyback_set(iteration, [0], fixed_point=[0, 0])


def claim() -> HullClaim:
    found = sh.piggyback_set(lasso(GRAM, LINEAR, 1, lam=1), fixed_point=(2, 0))
    assert found.claim is not None
    return found.claim


def test_the_checker_rejects_what_is_changed() -> None:
    true = claim()
    verify_hull(true)
    outer = (*true.points[:-1], column(5, 5))
    longer = ((true.maps[0][0], column(9, 9)), *true.maps[1:])
    grown = ((matrix([1, 0], [0, 1]), true.maps[0][1]), *true.maps[1:])
    first = true.multipliers[0]
    for false in (
        true._replace(points=outer),
        true._replace(maps=longer),
        true._replace(maps=grown),
        true._replace(words=true.words[::-1]),
        true._replace(points=true.points[:-1], words=true.words[:-1]),
        true._replace(multipliers=true.multipliers[::-1]),
        true._replace(multipliers=((*first[:-1], {0: Fraction(2), 1: Fraction(-1)}), *true.multipliers[1:])),
        true._replace(multipliers=true.multipliers[:-1]),
        true._replace(upper=Upper(Fraction(1, 2), Weighted("maximum", (Fraction(1), Fraction(1, 1000))))),
        true._replace(upper=Upper(Fraction(1, 2), Weighted("maximum", (Fraction(1), Fraction(-1))))),
        true._replace(upper=true.upper._replace(bound=Fraction(1))),
        true._replace(length=0),
    ):
        with pytest.raises(Rejected):
            verify_hull(false)


def test_words_by_brute_force_stay_within() -> None:
    """All words of length 7 from a member: within the hull, and near each vertex one of them."""
    found = sh.piggyback_set(lasso(GRAM, LINEAR, "2/3", lam=1), fixed_point=(2, 0))
    points = [(vertex[0][0], vertex[1][0]) for vertex in found.vertices]
    reached = []
    for word in product(range(2), repeat=7):
        x, y = Fraction(-1), Fraction(0)
        for letter in word:
            a, b = found.pairs[letter]
            x, y = a[0][0] * x + a[0][1] * y + b[0][0], a[1][0] * x + a[1][1] * y + b[1][0]
        assert inside((x, y), points)
        reached.append((x, y))
    for corner in points:
        assert min(max(abs(corner[0] - x), abs(corner[1] - y)) for x, y in reached) < Fraction(1, 8)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jacobian": "bouligand"}, "jacobian: unknown jacobian 'bouligand'"),
        ({"steps": 0}, "steps: 0 is outside"),
        ({"fixed_point": ["1/2"]}, "fixed point: F takes x from 1/2 to -1/4"),
    ],
)
def test_bad_input(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sh.InputError) as caught:
        sh.piggyback_set(HALF, **({"fixed_point": [0]} | options))
    assert str(caught.value).startswith(message)


def test_bad_matrices() -> None:
    found = sh.piggyback_set(HALF, fixed_point=[0])
    for call in (found.contains, found.member, found.support):
        with pytest.raises(sh.PointError, match="matrix: 2 rows, expected 1"):
            call([1, 2])


def test_supports_of_a_hull_that_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six entries, two kinks: far nearer than the gap, and above what random words reach."""
    names = ["x0", "x1", "x2", "t0", "t1"]
    first = [[1, -3, 2, -1, 3], [-2, 1, 3, 2, -1]]
    last = [[f"{entry}/18" for entry in row] for row in ([2, -3], [-1, 2], [3, 1])]
    net = {"inputs": names, "layers": [{"weight": first, "activation": "relu"}, {"weight": last}]}
    found = sh.piggyback_set(sh.Iteration(net, names[:3]), jacobian="clarke", steps=1)
    assert not found.exact
    monkeypatch.setattr("subgrad_hardness.iterative.support_search.CHILDREN", 400)
    functional: list[list[int]] = [[1, -2], [3, 0], [-1, 2]]
    low, high = found.support(functional)
    exact = tuple([tuple(map(Fraction, row)) for row in functional])
    assert low <= high < low + found.set._ball(exact) / 10
    random = np.random.default_rng(0)
    a, b = (np.array([getattr(pair, key) for pair in found.pairs], dtype=float) for key in "ab")
    for _ in range(100):
        j = np.zeros((3, 2))
        for letter in random.integers(0, len(a), 30):
            j = a[letter] @ j + b[letter]
        assert (np.array(functional) * j).sum() <= float(high) + 1e-9
    third = high / 3
    beyond: list[list[Fraction]] = [[third + Fraction(1, 50), Fraction(0)], [third, Fraction(0)], [Fraction(0)] * 2]
    assert found.contains(beyond).inside is False  # a little beyond it

    # Products that no double holds: bounds are proportional to the functional, and none falls short of a member.
    for scale in (Fraction(1, 2**1070), Fraction(2**1070)):
        tiny = [[scale * entry for entry in row] for row in functional]
        few = found.set._bounds(tuple(map(tuple, tiny)))
        for point in found.set.members:
            value = sum(x * y for row, other in zip(tiny, point, strict=True) for x, y in zip(row, other, strict=True))
            assert value <= few[1]
        assert found.support(tiny)[1] <= scale * (high + 1)


def test_a_set_comes_back_from_a_process_with_limits() -> None:
    found = sh.piggyback_set(scalar("inputs x t; r = relu t; f = -1/2 x + r"), jacobian="clarke", time_limit=60)
    assert found.certified
    assert found.set.letters.value(found.words[0]) == found.vertices[0]
