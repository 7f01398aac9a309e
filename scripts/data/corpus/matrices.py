"""Changes of direction matrices: singular ones, wrong shapes, equal Jacobians, and the lexicographic rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.cases import NEW_DISTINCT, Case, false, foreign, true
from corpus.edits import Edit, cut, matrix, put

_SAME = "the two direction matrices give the same Jacobian"
_BIG = 10**60


def both(one: Any, other: Any) -> Edit:
    """Two direction matrices."""
    return put("directions", [one, other])


def second(leading: list[list[Any]], *complete: int) -> Edit:
    """Another second matrix."""
    return put("directions.1", matrix(leading, *complete))


def first(leading: list[list[Any]], *complete: int) -> Edit:
    """Another first matrix."""
    return put("directions.0", matrix(leading, *complete))


_MAX = matrix([[1, 0, 0]], 1, 2)

#: Second matrices for max(x, y, z), after the first column (1, 0, 0).
_PLACES = (
    ("singular-zero-column", "directions[1] is singular", second([[0, 0, 0]], 0, 1)),
    ("singular-column-repeats-a-unit", "directions[1] is singular", second([[1, 0, 0]], 0, 1)),
    ("singular-proportional-columns", "directions[1] is singular", second([[0, 1, 0], [0, 2, 0]], 0)),
    ("singular-rank-two", "directions[1] is singular", second([[1, 2, 3], [4, 5, 6], [7, 8, 9]])),
    ("singular-in-thirds", "directions[1] is singular", second([["1/3", "2/3", 1], [1, 2, 3], [0, 0, 1]])),
    ("singular-large", "directions[1] is singular", second([[0, _BIG, 1], [0, _BIG**2, _BIG]], 0)),
    ("singular-after-exchange", "directions[1] is singular", second([[0, 0, 1], [0, 1, 1], [0, 1, 2]])),
    ("unit-twice", "directions[1].complete names an input twice", second([[0, 1, 0]], 0, 0)),
    ("column-short", "directions[1].leading[0] has 2 entries, the net has 3 inputs", second([[0, 1]], 0, 2)),
    ("column-long", "directions[1].leading[0] has 4 entries, the net has 3 inputs", second([[0, 1, 0, 0]], 0, 2)),
    ("column-empty", "directions[1].leading[0] has 0 entries", second([[]], 0, 2)),
    ("second-column-short", "directions[1].leading[1] has 2 entries", second([[0, 1, 0], [0, 1]], 0)),
    ("unit-beyond", "directions[1].complete names input 3, the net has 3 inputs", second([[0, 1, 0]], 0, 3)),
    ("unit-far-beyond", "directions[1].complete names input 4194304", second([[0, 1, 0]], 0, 4194304)),
    ("columns-two", "directions[1] has 2 columns, the net has 3 inputs", second([[0, 1, 0]], 0)),
    ("columns-four", "directions[1] has 4 columns", second([[0, 1, 0]], 0, 1, 2)),
    ("columns-none", "directions[1] has 0 columns", second([])),
    ("columns-leading-four", "directions[1] has 4 columns", second([[0, 1, 0]] * 4)),
    ("same-matrix", _SAME, second([[1, 0, 0]], 1, 2)),
    ("same-direction-longer", _SAME, second([["1e50", 0, 0]], 1, 2)),
    ("same-piece", _SAME, second([[9, 8, -7]], 2, 1)),
    ("same-piece-by-all-columns", _SAME, second([[1, 0, 0], [1, 1, 1], [0, 0, 1]])),
    ("same-piece-by-second-column", _SAME, second([[1, 1, 1], [1, 0, 0]], 1)),
    ("same-piece-by-units", _SAME, second([], 0, 1, 2)),
)


def singular_and_misshapen() -> Iterator[Case]:
    """The same faults in the second matrix and, where it makes sense, in the first."""
    start = put("directions.0", _MAX)
    for name, reason, change in _PLACES:
        yield false("max3", f"second-{name}", reason, start, change)
    for name, reason, change in _PLACES[:13:3]:

        def exchanged(claim: Any, change: Edit = change) -> None:
            start(claim)
            change(claim)
            claim["directions"].reverse()

        yield false("max3", f"first-{name}", reason.replace("[1]", "[0]", 1), exchanged)
    yield false("norms-phase", "matrix-singular", "directions[0] is singular", first([[0, 1]], 1))
    yield false("norms-phase", "matrix-column-short", "directions[0].leading[0] has 1 entries", first([[1]], 1))
    yield false("norms-phase", "matrix-unit-twice", "directions[0].complete names an input twice", first([], 1, 1))
    yield false("norms-phase", "matrix-unit-beyond", "directions[0].complete names input 2", first([[1, 0]], 2))
    yield false("norms-phase", "matrix-columns", "directions[0] has 1 columns", first([[1, 0]]))
    yield true("norms-phase", "matrix-other", first([["1/3", 5], [0, 7]]))
    yield true("norms-phase", "matrix-units", first([], 1, 0))


def true_matrices() -> Iterator[Case]:
    """Other matrices for the same pieces, other spellings of the same numbers."""
    for name, one, other in (
        ("units-alone", _MAX, matrix([], 1, 0, 2)),
        ("units-other-order", _MAX, matrix([], 2, 1, 0)),
        ("nearly-singular", matrix([[0, -1, 5]], 1, 0), matrix([[0, "1e-200", 0], [0, 1, "1e-300"]], 0)),
        ("tiny", _MAX, matrix([["1e-40", "2e-40", 0]], 0, 2)),
        ("three-columns", _MAX, matrix([[0, _BIG, 0], [1, 1, 1], [0, 0, "-1/7"]])),
        ("tie-then-second-column", _MAX, matrix([[1, 1, 1], [0, 0, 1]], 1)),
        ("tie-then-unit", _MAX, matrix([[1, 1, 1]], 1, 2)),
        ("spelled-otherwise", _MAX, matrix([["0.5", "10e-1", "-0"]], 0, 2)),
        ("binary64", _MAX, matrix([[0.1, 1.5, -0.0]], 0, 2)),
        ("needs-a-pivot", _MAX, matrix([[0, 0, 1], [0, 1, 1], [1, 0, 0]])),
        ("elimination-meets-zero", matrix([[0, 0, 1]], 0, 1), matrix([[1, 1, 0], [1, 1, 1], [0, 1, 0]])),
    ):
        yield true("max3", name, both(one, other))


def lexicographic() -> Iterator[Case]:
    """The branch of a kink is the sign of the first nonzero entry of its row, and nothing else.

    Each net has one Jacobian a branch pattern, so that a wrong branch shows.
    """
    plus_x, minus_x = matrix([[1, 0]], 1), matrix([[-1, 0]], 1)
    xy, yx = matrix([], 0, 1), matrix([], 1, 0)
    for net, name, one, other, differ in (
        ("quadrants", "x-decides", plus_x, minus_x, True),
        ("quadrants", "units-in-both-orders", xy, yx, False),
        ("quadrants", "unit-decides-after-zero", plus_x, xy, False),
        ("quadrants", "second-column-decides", matrix([[1, 0], [0, 1]]), matrix([[1, 0], [0, -1]]), True),
        ("quadrants", "second-column-alone", matrix([[1, 0], [1, -1]]), matrix([[1, 0], [0, -5]]), False),
        ("quadrants", "later-columns-do-not-matter", matrix([[1, 1], [-1, -2]]), matrix([[1, 1]], 0), False),
        ("quadrants", "zero-column-first", matrix([[0, 1], [-1, 0]]), matrix([[0, 1], [1, 0]]), True),
        ("order", "units-in-both-orders", xy, yx, True),
        ("order", "first-nonzero-entry", matrix([[1, 1]], 0), matrix([[1, 1]], 1), True),
        ("order", "positive-multiples", matrix([[3, 3]], 0), matrix([["1/7", "1/7"]], 0), False),
        ("inner", "outer-kink-with-zero-row", matrix([[-1, 0]], 1), matrix([[-1, 5]], 0), False),
        ("inner", "outer-kink-passes", matrix([[1, 0]], 1), matrix([[-1, 0]], 1), True),
        ("inner", "outer-kink-by-unit", matrix([[0, 1]], 0), matrix([[0, -1]], 0), True),
        ("active", "passing-and-blocked", plus_x, minus_x, True),
        ("active", "same-side", plus_x, matrix([[2, -3]], 1), False),
        ("active", "inactive-does-not-count", matrix([[1, 5]], 1), matrix([[1, -5]], 1), False),
        ("scales", "both-sides", plus_x, minus_x, True),
        ("scales", "thirds-and-sevenths", matrix([["7/2", "-3/2"]], 1), matrix([[-3, 7]], 0), True),
        ("scales", "one-piece", matrix([[1, 0]], 1), matrix([[5, "1/9"]], 1), False),
        ("equal-outputs", "second-output-differs", matrix([[1, 1]], 1), matrix([[1, -1]], 1), True),
        ("equal-outputs", "no-output-differs", matrix([[1, 1]], 1), matrix([[2, 1]], 0), False),
    ):
        kind = true if differ else None
        edit = both(one, other)
        yield kind(NEW_DISTINCT, name, edit, net=net) if kind else false(NEW_DISTINCT, name, _SAME, edit, net=net)


def thin() -> Iterator[Case]:
    """A witness in a cone 10^-40 wide, one unit in the last place aside."""
    unit, wide = matrix([], 0, 1), 2 * 10**40
    yield true(NEW_DISTINCT, "witness", both(unit, matrix([[wide + 1, 2]], 0)), net="needle")
    yield true(NEW_DISTINCT, "witness-on-the-edge", both(unit, matrix([[wide, 2]], 0)), net="needle")
    yield false(NEW_DISTINCT, "witness-last-digit-up", _SAME, both(unit, matrix([[wide + 2, 2]], 0)), net="needle")
    yield false(NEW_DISTINCT, "witness-last-digit-down", _SAME, both(unit, matrix([[wide, 2]], 1)), net="needle")
    yield false("needle", "witness-in-doubles", _SAME, put("directions.1.leading.0.0", 1e40))
    yield false("needle", "claimed-shut", "another net or another point", put("digest", "0" * 64))
    for net in ("needle-shut", "identity", "norms"):
        yield false(NEW_DISTINCT, "no-two-pieces", _SAME, _opposite(net), net=net)


def _opposite(net: str) -> Edit:
    size = 1 if net == "identity" else 2
    unit = [1] + [0] * (size - 1)
    return both(matrix([unit], *range(1, size)), matrix([[-entry for entry in unit]], *range(1, size)))


def other_nets() -> Iterator[Case]:
    """Certificates as they are, for a net that differs in one thing; and the digest changed."""
    for net in ("norms-weight", "norms-point", "norms-op", "norms-output", "norms-scaled", "norms-inputs", "unsat"):
        yield foreign("norms-phase", f"for-{net}", net)
    yield foreign("max3", "for-median", "median")
    yield foreign("third", "for-the-double", "third-double")
    yield foreign("away", "for-the-other-point", "away-off")
    yield foreign("abs", "for-relu", "relu")
    for base in ("max3", "norms-circuit", "signs", "linear"):
        for place in (0, 63):

            def flip(claim: Any, place: int = place) -> None:
                digit = "1" if claim["digest"][place] == "0" else "0"
                claim["digest"] = claim["digest"][:place] + digit + claim["digest"][place + 1 :]

            name = f"digest-digit-{place}"
            yield Case(base, name, "the certificate is for another net or another point", (flip,), bound=False)
    for matrices in ("max3", "abs"):
        yield false(matrices, "one-direction-cut", "columns", cut("directions.1.leading.0"))


TABLES = (singular_and_misshapen, true_matrices, lexicographic, thin, other_nets)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in TABLES:
        yield from table()
