"""Momentum methods: the exact fixtures of products, certificates and words, and what the calls say of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.momentum import (
    fista,
    heavy_ball,
    nesterov,
    tuned_heavy_ball,
    tuned_nesterov,
)
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import pairs
from subgrad_hardness.iterative.spectral_radius.polytope import combination
from subgrad_hardness.iterative.verifying.spectral_format import Polytope, Rows, SpectralCertificate, Upper

Q = Fraction
ORIGIN = (Q(0), Q(0))


def _times(*matrices: Rows) -> Rows:
    total = matrices[0]
    for matrix in matrices[1:]:
        columns = list(zip(*matrix, strict=True))
        total = tuple(
            [
                tuple([sum([x * y for x, y in zip(row, column, strict=True)], Q(0)) for column in columns])
                for row in total
            ]
        )
    return total


def _state_matrices(iteration: Iteration) -> list[Rows]:
    """Those of the larger curvature first: they have the smaller first entry."""
    return sorted({pair.a for pair in pairs(iteration, ORIGIN)})


def _rows(*rows: Any) -> Rows:
    return tuple([tuple(map(Q, row)) for row in rows])


def test_fixture_four_heavy_ball_is_unbounded_and_by_which_word() -> None:
    iteration = heavy_ball([1, "1/4"], 1, "3/4")
    one, quarter = _state_matrices(iteration)
    assert _times(one, one, quarter, quarter) == _rows(["-9/8", "81/128"], [0, "-9/32"])
    word = _times(*[quarter if letter == "m" else one for letter in "11m11mm11mm"])
    assert word[0][0] + word[1][1] == Q(-47385, 32768)
    assert word[0][0] * word[1][1] - word[0][1] * word[1][0] == Q(177147, 4194304)
    found = sh.joint_spectral_radius(iteration)
    assert found.verdict == "unbounded" and found.lower is not None and found.upper is not None
    assert Q("1.03214") < found.lower and found.upper < Q("1.036")
    letters = [0 if found.matrices[number] == one else 1 for number in found.word or ()]
    least = min([letters[k:] + letters[:k] for k in range(len(letters))])
    assert least == [0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1]
    # (9/8)^(1/4), which the word of length four shows, is less.
    assert found.lower**4 > Q(9, 8)


def test_fixture_five_sets_grow_while_the_derivative_exists() -> None:
    iteration = heavy_ball([1, "1/4"], 1, "3/4")
    one, quarter = _state_matrices(iteration)
    found, vectors = [], {(Q(-1), Q(-1))}
    for step in range(1, 13):
        vectors = {(m[0][0] * x + m[0][1] * y, m[1][0] * x + m[1][1] * y) for x, y in vectors for m in (one, quarter)}
        if step % 4 == 0:
            found.append(max([first for first, _ in vectors], key=abs))
    assert found == [Q(9, 8), Q(-81, 64), Q(729, 512)]
    assert {pair.b for pair in pairs(iteration, ORIGIN)} == {_rows([1], [0]), _rows(["1/4"], [0])}
    smooth = sh.solution_kink(iteration)
    assert (smooth.verdict, smooth.jacobian, smooth.certified) == ("smooth", _rows([1], [1]), True)
    # The determinants of I - A are a h > 0: one solution, though no norm contracts.
    assert smooth.solvable == "determinants" and sh.contraction(iteration).near is None


@pytest.mark.parametrize("root", [2, "12/5", "5/2", 3, 4])
def test_fixture_six_the_tuned_heavy_ball(root: Any) -> None:
    kappa = Q(root) ** 2
    step, momentum = tuned_heavy_ball(1, kappa)
    iteration = heavy_ball([1, kappa], step, momentum)
    product_of_two = _times(*_state_matrices(iteration))
    trace = product_of_two[0][0] + product_of_two[1][1]
    assert trace == -6 * momentum  # l^2 + 6 b l + b^2 has the zeros -b (3 +- 2 sqrt 2)
    determinant = product_of_two[0][0] * product_of_two[1][1] - product_of_two[0][1] * product_of_two[1][0]
    assert determinant == momentum**2
    if kappa == 9:
        assert (-trace, determinant) == (Q(3, 2), Q(1, 16))
    # sqrt b > sqrt 2 - 1 iff kappa > 3 + 2 sqrt 2: then b (3 + 2 sqrt 2) > 1.
    grows = (kappa - 3) ** 2 > 8 and kappa > 3
    assert sh.joint_spectral_radius(iteration).verdict == ("unbounded" if grows else "bounded")


@pytest.mark.parametrize(
    ("root", "length", "value", "verdict"),
    [(4, 3, Q(243, 256), "bounded"), ("17/4", 4, None, "unbounded"), (5, 4, Q(4096, 3125), "unbounded")],
)
def test_fixture_seven_the_tuned_nesterov(root: Any, length: int, value: Any, verdict: str) -> None:
    kappa = Q(root) ** 2
    step, momentum = tuned_nesterov(1, kappa)
    iteration = nesterov([1, kappa], step, momentum)
    large, small = _state_matrices(iteration)
    assert large[0] == ORIGIN  # 1 - a L = 0
    for n in (length, length + 1):
        total = _times(large, *[small] * n)
        assert total[0] == ORIGIN  # so the only other eigenvalue is the last entry
        assert total[1][1] == -n * (1 - 1 / Q(root)) ** (n + 1)
    if value is not None:
        assert max([n * (1 - 1 / Q(root)) ** (n + 1) for n in range(1, 12)]) == value
    assert sh.joint_spectral_radius(iteration).verdict == verdict


@pytest.mark.parametrize(
    ("make", "bound", "vertices"),
    [
        (heavy_ball([1, "1/4"], "16/9", "1/9"), "17/20", [(1, 0), ("-4/5", "6/5"), ("4/5", "6/5")]),
        (
            heavy_ball([1, "1/4"], 1, "1/4"),
            "3/4",
            [(1, 0), ("4/3", "4/3"), ("4/3", "11/6"), ("-1/6", "11/6"), ("5/4", "11/6")],
        ),
        (
            nesterov([1, "1/4"], 1, "1/3"),
            "3/4",
            [(1, 0), ("11/8", "11/8"), ("11/8", "15/8"), (0, "15/8"), ("5/4", "15/8")],
        ),
    ],
)
def test_fixture_eight_certificates_of_the_reference(make: Iteration, bound: str, vertices: Any) -> None:
    matrices, corners = _state_matrices(make), _rows(*vertices)
    factors = tuple(
        [
            tuple(
                [combination(corners, tuple([row[0] for row in _times(m, tuple([(x,) for x in v]))])) for v in corners]
            )
            for m in matrices
        ]
    )
    claim = SpectralCertificate(tuple(matrices), None, Upper(Q(bound), Polytope(corners, factors)))
    assert sh.verify_spectral_radius(claim, make, fixed_point=[0, 0]).verdict == "bounded"
    found = sh.joint_spectral_radius(make)
    assert found.contracts and found.upper is not None and found.upper <= Q(bound)
    less = SpectralCertificate(tuple(matrices), None, Upper(Q("0.65"), Polytope(corners, factors)))
    assert not sh.verify_spectral_radius(less)
    if make.program.name == "heavy ball" and bound == "17/20":
        assert found.lower is not None and abs(float(found.lower) - (1 + 2**0.5) / 3) < 1e-8


def test_fixture_nine_the_tent_converges_and_its_derivatives_do_not() -> None:
    text = "inputs s t; a = abs s; b = abs t; m = -1 a; n = a - 2 b; h = max m n; f = 3/4 s; g = 3/4 h; outputs f g"
    iteration = Iteration(sh.Program.from_text(text), ["s", "t"])
    state, slope = (Q(1), Q(1, 3)), (Q(0), Q(1))
    seconds, slopes = [], []
    for step in range(1, 9):
        (pair,) = pairs(iteration, state)  # no kink is met
        slope = (pair.a[0][0] * slope[0] + pair.a[0][1] * slope[1], pair.a[1][0] * slope[0] + pair.a[1][1] * slope[1])
        state = iteration.step(state)  # type: ignore[assignment]
        assert max(map(abs, state)) <= Q(3, 4) ** step
        assert slope[0] == 0 and abs(slope[1]) == Q(3, 2) ** step
        seconds.append(state[1])
        slopes.append(slope[1])
    assert seconds[:3] == [Q(1, 4), Q(3, 16), Q(9, 64)]
    assert slopes[:3] == [Q(-3, 2), Q(9, 4), Q(-27, 8)]
    assert sh.joint_spectral_radius(iteration).verdict == "unbounded"
    assert sh.contraction(iteration).near is None


def test_fixture_twenty_three_fista_at_a_kink() -> None:
    iteration = fista([["1/25"]], [1], 1, 1, "2/3", start=[3, 1])
    found = sh.fixed_point(iteration)
    assert (found.state, found.kinks) == (ORIGIN, ("p0",))
    by_slope = {int(any(pair.a[0])): pair for pair in pairs(iteration, ORIGIN)}
    assert set(by_slope) == {0, 1}
    word = _times(by_slope[0].a, *[by_slope[1].a] * 4)
    assert word[0] == ORIGIN and word[1][1] == Q(-4096, 3125)
    jacobian, seen = (Q(0), Q(0)), []
    for _ in range(4):
        for letter in (1, 1, 1, 1, 0):
            a, b = by_slope[letter]
            jacobian = (
                a[0][0] * jacobian[0] + a[0][1] * jacobian[1] + b[0][0],
                a[1][0] * jacobian[0] + a[1][1] * jacobian[1] + b[1][0],
            )
        assert jacobian[0] == 0
        seen.append(round(float(jacobian[1]), 3))
    assert seen == [-6.568, 2.041, -9.243, 5.547]
    assert sh.joint_spectral_radius(iteration).verdict == "unbounded"
    kink = sh.solution_kink(iteration)
    assert kink.verdict == "kink" and {kink.derivative, kink.opposite} == {(Q(0), Q(0)), (Q(25), Q(25))}


def test_steps_are_those_of_the_formulas() -> None:
    for x, y, t in product((-2, 0, 3), (-1, 2), (0, 1)):
        z = x + Q(1, 3) * (x - y)
        h = Q(5) if x > t else Q(2)
        ball = heavy_ball([2, 5], "1/7", "1/3", theta=t).step([Q(x), Q(y)])
        assert ball == (z - Q(1, 7) * h * (x - t), Q(x))
        h = Q(5) if z > t else Q(2)
        assert nesterov([2, 5], "1/7", "1/3", theta=t).step([Q(x), Q(y)]) == (z - Q(1, 7) * h * (z - t), Q(x))
    lasso = fista([[2, 1], [1, 3]], [1, -1], "1/2", "1/4", 0)
    # Without momentum: soft(x - a (Q x - c), a lam) at x = (2, -2): Q x = (2, -4), z = (7/4, -5/4).
    assert lasso.step([Q(2), Q(-2), Q(0), Q(0)]) == (Q(13, 8), Q(-9, 8), Q(2), Q(-2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heavy_ball([1], 1, 0), "curvatures: 1 entry, expected 2"),
        (lambda: heavy_ball([1, -1], 1, 0), "curvatures: not two positive numbers"),
        (lambda: heavy_ball([1, "x"], 1, 0), "curvatures[1]"),
        (lambda: nesterov([1, 2], 0, 0), "step: not positive"),
        (lambda: nesterov([1, 2], 1, 1), "momentum: not from 0 to less than 1"),
        (lambda: fista([[1, 2], [3, 4]], [1, 1], 1, 1, 0), "Q[1][0]: not symmetric"),
        (lambda: fista([[1]], [1, 1], 1, 1, 0), "c: 2 entries, expected 1"),
        (lambda: fista([[1]], [1], 0, 1, 0), "lam: not positive"),
        (lambda: tuned_nesterov(1, 17), "curvatures: the ratio is not the square"),
    ],
)
def test_what_makes_no_method_is_refused(call: Any, message: str) -> None:
    with pytest.raises(sh.ParameterError) as refused:
        call()
    assert message in str(refused.value)


def test_methods_and_algorithms_are_found_by_their_names() -> None:
    assert sh.iterations.heavy_ball([1, 4], 1, 0).step([Q(1), Q(0)]) == (Q(-3), Q(1))
    lasso = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 1, 1)
    found = sh.joint_spectral_radius(lasso)
    assert found.contracts and found.fixed_point == (Q(2), Q(0)) and len(found.matrices) == 2
    assert sh.contraction(lasso).near is not None and sh.fixed_point(lasso, [2]).state == (Q(1), Q(0))
