"""Fixed points: those of the reference's fixtures, random contractions against all slopes, refusals."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.fixed_point import _Search, solve
from subgrad_hardness.iterative.iteration import Iteration


def _lasso(step: str, lam: Any) -> Iteration:
    """Forward-backward steps for Q = [[1, 1/2], [1/2, 1]], c = (3, 2)."""
    g = Fraction(step)
    lines = [
        f"z0 = {1 - g} x0 + {-g / 2} x1 + {3 * g}",
        f"z1 = {-g / 2} x0 + {1 - g} x1 + {2 * g}",
        *[f"a{i} = z{i} + {-g} lam; b{i} = -1 z{i} + {-g} lam; p{i} = relu a{i}; m{i} = relu b{i}" for i in (0, 1)],
        *[f"f{i} = p{i} - m{i}" for i in (0, 1)],
    ]
    text = "inputs x0 x1 lam; " + "; ".join(lines) + "; outputs f0 f1"
    return Iteration(sh.Program.from_text(text.replace("+ -", "- ")), ["x0", "x1"], theta=[lam])


@pytest.mark.parametrize("step", ["1", "2/3", "1/2", "5/4"])
@pytest.mark.parametrize(
    ("lam", "state", "kinks"),
    [(3, (0, 0), ("p0",)), (2, (1, 0), ()), (1, (2, 0), ("p1",)), ("1/2", ("7/3", "1/3"), ()), (4, (0, 0), ())],
)
def test_the_lasso_path_of_fixture_ten(step: str, lam: Any, state: Any, kinks: tuple[str, ...]) -> None:
    iteration = _lasso(step, lam)
    found = sh.fixed_point(iteration)
    assert found.state == tuple(map(Fraction, state)) == iteration.step(found.state)
    assert (found.kinks, found.reached, found.isolated, found.solvable) == (kinks, True, True, "determinants")
    assert sum(sign == 0 for sign in found.pattern) == len(kinks)


def _random_contraction(stream: Stream, p: int, kinks: int) -> tuple[Iteration, list[Any]]:
    """x <- C relu(V x + e) + D x + r with |C| |V| + |D| of row sums below 1, and integers on which kinks are common."""
    v = [[stream.integer(-2, 2) for _ in range(p)] for _ in range(kinks)]
    e = [stream.integer(-1, 1) for _ in range(kinks)]
    c = [[stream.integer(-2, 2) for _ in range(kinks)] for _ in range(p)]
    d = [[stream.integer(-1, 1) for _ in range(p)] for _ in range(p)]
    gains = [sum(abs(c[i][k]) * sum(map(abs, v[k])) for k in range(kinks)) for i in range(p)]
    unit = Fraction(1, 1 + max(gain + 2 * sum(map(abs, row)) for gain, row in zip(gains, d, strict=True)))
    outer, diagonal = ([[unit * entry for entry in row] for row in rows] for rows in (c, d))
    r = [Fraction(stream.integer(-2, 2)) for _ in range(p)]
    layers = [
        {"weight": [*v, *_unit(p), *_unit(p, -1)], "bias": [*e, *[0] * (2 * p)], "activation": "relu"},
        {
            "weight": [
                [*map(str, outer[i]), *map(str, diagonal[i]), *[str(-entry) for entry in diagonal[i]]] for i in range(p)
            ],
            "bias": list(map(str, r)),
        },
    ]
    names = [f"x{index}" for index in range(p)]
    return Iteration({"inputs": names, "layers": layers}, names), [v, e, outer, diagonal, r]


def _unit(p: int, sign: int = 1) -> list[list[int]]:
    return [[sign * int(i == j) for j in range(p)] for i in range(p)]


def _brute(data: list[Any], p: int) -> list[tuple[Fraction, ...]]:
    """All fixed points that some choice of slopes gives, by Cramer's rule and Gauss elimination of its own."""
    v, e, c, d, r = data
    found = []
    for slopes in product((0, 1), repeat=len(v)):
        rows = []
        for i in range(p):
            row = [int(i == j) - d[i][j] - sum(c[i][k] * s * v[k][j] for k, s in enumerate(slopes)) for j in range(p)]
            rows.append([*row, r[i] + sum(c[i][k] * s * e[k] for k, s in enumerate(slopes))])
        for column in range(p):
            pivot = next(i for i in range(column, p) if rows[i][column])
            rows[column], rows[pivot] = rows[pivot], rows[column]
            rows[column] = [entry / rows[column][column] for entry in rows[column]]
            for i in range(p):
                if i != column:
                    factor = rows[i][column]
                    rows[i] = [x - factor * y for x, y in zip(rows[i], rows[column], strict=True)]
        x = tuple([row[-1] for row in rows])
        z = [sum(a * b for a, b in zip(v[k], x, strict=True)) + e[k] for k in range(len(v))]
        if all(value >= 0 if slope else value <= 0 for value, slope in zip(z, slopes, strict=True)):
            found.append(x)
    return found


def test_random_contractions_against_all_slopes() -> None:
    stream, kinked, pivoted = Stream(7, "fixed points"), 0, 0
    for _ in range(60):
        p, kinks = stream.integer(1, 3), stream.integer(1, 4)
        iteration, data = _random_contraction(stream, p, kinks)
        found = solve(iteration)
        assert {found.state} == set(_brute(data, p)) and found.isolated and found.reached
        kinked += bool(found.localisation.kink_units)
        # Pivoting alone gets there as well: all det(I - A(s)) are positive.
        search = _Search(iteration, NO_LIMITS)
        begin = tuple([stream.integer(0, 1) for _ in search.selections.net.kinks])
        assert search._pivoted(begin) == found.state
        pivoted += search.pivots > 0
    assert kinked >= 5 and pivoted >= 10


@pytest.mark.parametrize(
    ("text", "theta", "message"),
    [
        ("f = 2 x - t", 1, "start: the iterates diverge: beyond 1e120 after 3"),
        ("f = x + t", 1, "start: no fixed point was found: after 2000 steps"),
    ],
)
def test_what_has_none_is_refused(text: str, theta: int, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subgrad_hardness.iterative.fixed_point._MOST_STEPS", 2000)
    with pytest.raises(sh.PointError, match=message):
        solve(Iteration(sh.Program.from_text(f"inputs x t; {text}; outputs f"), ["x"], theta=[theta], start=[0]))


def test_a_fixed_point_that_the_iterates_do_not_reach() -> None:
    found = solve(Iteration(sh.Program.from_text("inputs x t; f = -1 x + t; outputs f"), ["x"], theta=[1]))
    assert found.state == (Fraction(1, 2),) and found.isolated and not found.reached


def test_one_of_a_family_is_said_to_be_one() -> None:
    text = "inputs x y t; s = 1/2 x - 1/2 y + 1/2 t; f = x - s; g = y + 1/2 s; outputs f g"  # x - y -> -t
    found = sh.fixed_point(Iteration(sh.Program.from_text(text), ["x", "y"], theta=["1/3"], start=[0, 1]))
    assert not found.isolated and found.solvable is None and found.reached
    assert found.state[1] - found.state[0] == Fraction(1, 3) and "one of a family" in repr(found)
    # x + 2 y stays as it is: the family's member is the one that the iterates go to.
    assert found.state[0] + 2 * found.state[1] == 2
