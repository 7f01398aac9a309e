"""The ready algorithms: the fixtures' exact values, and one formula in two arithmetics and as a program."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from support.algorithm_cases import CASES, RANDOM, small, square

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, FLOAT
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.jacobians import pairs
from subgrad_hardness.net.rational import parse_rational

Q2, C2 = [[1, "1/2"], ["1/2", 1]], [3, 2]


def f(text: str) -> list[Fraction]:
    """Numbers separated by blanks."""
    return [parse_rational(word) for word in text.split()]


def fixed(algorithm: Algorithm, state: str) -> Any:
    """The exact step from a state that has to be a fixed point; the program says the same."""
    point = EXACT.array(f(state))
    step = algorithm.exact.step(point, EXACT.array(algorithm.theta))
    assert step.value.tolist() == f(state)
    assert algorithm.iteration.step(tuple(f(state))) == tuple(f(state))
    return step


def implicit(step: Any) -> list[list[Fraction]]:
    """(I - A)^-1 B."""
    size = len(step.value)
    below = EXACT.eye(size) - step.a.forward(EXACT.eye(size))
    result: list[list[Fraction]] = (EXACT.inverse(below, "I - A") @ step.b).tolist()
    return result


@pytest.mark.parametrize(
    ("lam", "solution", "slope"), [("2", "1 0", "-1 0"), ("1/2", "7/3 1/3", "-2/3 -2/3"), ("4", "0 0", "0 0")]
)
@pytest.mark.parametrize("step", ["1/2", "1", "5/4"])
def test_fixture_10_lasso(lam: str, solution: str, slope: str, step: str) -> None:
    found = fixed(sh.iterations.lasso(Q2, C2, lam, step), solution)
    assert [row[0] for row in implicit(found)] == f(slope)
    assert not found.at_kink


def test_fixture_12_the_active_set_alternates() -> None:
    lasso = sh.iterations.lasso(Q2, C2, 1, "5/4")
    assert lasso.step_range is not None and lasso.step_range.admits(Fraction(5, 4))
    x, j, theta = EXACT.zeros(2), EXACT.zeros(2, 1), EXACT.array(lasso.theta)
    last = []
    for _ in range(60):
        found = lasso.exact.step(x, theta)
        x, j = found.value, found.jacobian(j)
        last.append([float(entry) for entry in j[:, 0]])
    cycle = sorted(last[-2:])
    assert cycle == [pytest.approx([-33 / 28, -15 / 14]), pytest.approx([-2 / 7, 0])]


def test_fixture_14_quadratic_program() -> None:
    def program(b: object) -> Algorithm:
        return sh.iterations.quadratic_program(
            [[1, 0], [0, 1]], [0, 0], [[1, 1], [1, -2]], [b, None], [b, "-1/2"], parameters=["equal"]
        )

    # One-sided derivatives at b = 1 are those on either side: the problem is piecewise linear in b.
    for b, solution, slope in (("3/4", "1/3 5/12 -1/24 -1/2", "2/3 1/3"), ("5/4", "5/8 5/8 0 -5/8", "1/2 1/2")):
        algorithm = program(b)
        x = EXACT.zeros(4).astype(float)
        for _ in range(200):
            x = algorithm.step(x).value
        assert x[:2] == pytest.approx([float(entry) for entry in f(solution)[:2]])
        assert algorithm.rate is not None and algorithm.rate.proved and algorithm.rate.bound < 1
        found = algorithm.fast.step(x, FLOAT.array(algorithm.theta))
        jacobian = np.linalg.solve(np.eye(4) - found.a.forward(np.eye(4)), found.b)
        assert jacobian[:2, 0] == pytest.approx([float(entry) for entry in f(slope)])


@pytest.mark.parametrize(
    ("lam", "w", "slope", "x"),
    [("1", "1 4", "0 0", "1 1 4"), ("2", "3/2 7/2", "1/2 -1/2", "3/2 3/2 3"), ("3", "2 3", "0 0", "2 2 2")],
)
def test_fixture_15_total_variation(lam: str, w: str, slope: str, x: str) -> None:
    algorithm = sh.iterations.tv_admm([0, 1, 5], lam, 1)
    found = fixed(algorithm, w)
    if lam == "2":
        assert [row[0] for row in implicit(found)] == f(slope)
    assert found.at_kink == (lam != "2")
    h = algorithm.form.solver(EXACT)[2].tolist()  # type: ignore[attr-defined]
    assert h == [f("5/8 -1/8"), f("-1/8 5/8")]
    assert algorithm.rate is not None and algorithm.rate.proved
    assert 0 <= algorithm.rate.bound - Fraction(3, 4) < Fraction(1, 10**9)
    read = fixed(sh.iterations.tv_admm([0, 1, 5], lam, 1, readout=True), f"{w} {x}")
    if lam == "2":
        assert [row[0] for row in implicit(read)] == f("1/2 -1/2 1/2 1/2 -1")


def test_fixture_25_projection_on_the_simplex() -> None:
    eye = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    projection = sh.iterations.simplex_qp(eye, [1, "1/2", "1/4"], 1)
    found = fixed(projection, "3/4 1/4 0")
    assert found.at_kink
    iteration = projection.iteration
    met = {pair.b for pair in pairs(iteration, tuple(f("3/4 1/4 0")))}
    third = Fraction(1, 3)
    two = (tuple(f("1/2 -1/2 0")), tuple(f("-1/2 1/2 0")), tuple(f("0 0 0")))
    three = tuple([tuple([int(i == j) - third for j in range(3)]) for i in range(3)])
    assert met == {two, three}
    assert found.b.tolist() == [list(row) for row in two]


def test_fixture_26_ties_in_backpropagation() -> None:
    """With slope 1/2 at kinks, g = 1, from 0: every second step sits on the kink, and J goes to a 2-cycle."""
    lasso = sh.iterations.lasso(Q2, C2, 1, 1)
    x, j, theta, met = EXACT.zeros(2), EXACT.zeros(2, 1), EXACT.array(lasso.theta), []
    history = []
    for _ in range(40):
        found = lasso.exact.step(x, theta, Fraction(1, 2))
        met.append(found.at_kink)
        x, j = found.value, found.jacobian(j)
        history.append([float(entry) for entry in j[:, 0]])
    assert sum(met[-10:]) == 5
    assert sorted(history[-2:]) == [pytest.approx([-6 / 7, -2 / 3]), pytest.approx([-2 / 3, -2 / 7])]


@pytest.mark.parametrize("name", CASES)
def test_program_fractions_and_doubles_agree(name: str) -> None:
    """At a random place: values and Jacobians of the program, of the step in Fractions, of the step in doubles."""
    algorithm = CASES[name]()
    iteration = algorithm.iteration
    theta = EXACT.array(algorithm.theta)
    for _ in range(2):
        x = [Fraction(int(entry), 7) for entry in RANDOM.integers(-20, 21, len(algorithm.state))]
        exact = algorithm.exact.step(EXACT.array(x), theta)
        assert iteration.step(tuple(x)) == tuple(exact.value)
        if not exact.at_kink:
            (pair,) = pairs(iteration, tuple(x))
            assert exact.a.forward(EXACT.eye(len(x))).tolist() == [list(row) for row in pair.a]
            assert exact.b.tolist() == [list(row) for row in pair.b]
        fast = algorithm.step(np.array(x, dtype=float), None)
        assert fast.value == pytest.approx(exact.value.astype(float))
        a = fast.a.forward(np.eye(len(x)))
        assert a == pytest.approx(exact.a.forward(EXACT.eye(len(x))).astype(float))
        assert fast.a.reverse(np.eye(len(x))) == pytest.approx(a.T)
        assert fast.b == pytest.approx(exact.b.astype(float))
        if algorithm.rate is not None and algorithm.state[0] != "x0":
            assert np.linalg.norm(a, 2) <= float(algorithm.rate) + 1e-9


def test_pieces_that_the_derivative_does_not_tell() -> None:
    """With products and a kink only the slopes of backpropagation are known."""
    program = sh.Program.from_text(
        "inputs x t; p = mul t t; a = abs t; d = p - a; u = relu d; f = 1/2 x + u; outputs f"
    )
    iteration = sh.Iteration(program, ["x"], theta=[0])
    for sense in ("clarke", "lexicographic"):
        with pytest.raises(sh.ParameterError, match="smooth operations and kinks"):
            sh.piggyback_set(iteration, jacobian=sense, fixed_point=[0])
    found = sh.piggyback_set(iteration, jacobian="autodiff", fixed_point=[0])
    assert found.certified and set(found.vertices) == {((Fraction(-2),),), ((Fraction(2),),)}
    implied = sh.implicit_set(iteration, jacobian="autodiff", fixed_point=[0])
    assert implied.clarke is None and "smooth operations" in implied.inclusions[0]


def test_fixture_21_ridge() -> None:
    """Iterates and Jacobians, step by step: (1 - 2^-k) / 2 and -(1 - (k + 1) 2^-k) / 4."""
    ridge = sh.iterations.ridge([[1]], [1], 1, "1/4")
    x, j, theta = EXACT.zeros(1), EXACT.zeros(1, 1), EXACT.array(ridge.theta)
    for k in range(1, 12):
        found = ridge.exact.step(x, theta)
        x, j = found.value, found.jacobian(j)
        assert x[0] == (1 - Fraction(1, 2**k)) / 2
        assert tuple(x) == ridge.iteration.step(((1 - Fraction(2, 2**k)) / 2,))
        assert j[0, 0] == -(1 - Fraction(k + 1, 2**k)) / 4
    assert ridge.rate is not None and abs(float(ridge.rate) - 0.5) < 1e-9
    exact = sh.piggyback(ridge, steps=11)
    assert exact.iterates is not None and exact.jacobians is not None
    assert (exact.iterates[-1], exact.jacobians[-1]) == (tuple(x), ((j[0, 0],),))
    limit = sh.solution_kink(ridge, fixed_point=["1/2"])
    assert (limit.verdict, limit.certified, limit.jacobian) == ("smooth", True, ((Fraction(-1, 4),),))
    assert limit.certificate is not None and sh.verify_solution(ridge, limit.certificate).verified
    hull = sh.piggyback_set(ridge, fixed_point=["1/2"])
    assert (hull.exact, hull.certified, hull.vertices) == (True, True, (((Fraction(-1, 4),),),))
    in_c = sh.iterations.ridge(Q2, C2, "1/3", "1/4", parameters=["c"])
    assert in_c.iteration.step((Fraction(1), Fraction(2))) == tuple(
        in_c.exact.step(EXACT.array(f("1 2")), EXACT.array(in_c.theta)).value
    )


def _run(algorithm: Algorithm, steps: int) -> tuple[Any, Any]:
    x, j = FLOAT.array(algorithm.start), np.zeros((len(algorithm.state), len(algorithm.parameters)))
    for _ in range(steps):
        found = algorithm.step(x)
        x, j = found.value, found.jacobian(j)
    return x, j


@pytest.mark.parametrize(
    ("weights", "x", "slope"),
    [
        (None, "4/7 -2/7 -2/7 8/7", "-16/49 36/49 36/49 -32/49"),
        ([[1, 1], [1, 1]], "3/7 -1/7 -1/7 5/7", "-16/49 24/49 24/49 -36/49"),
    ],
)
def test_fixtures_17_and_18_graphical_lasso_in_doubles(weights: Any, x: str, slope: str) -> None:
    algorithm = sh.iterations.graphical_lasso([[2, 1], [1, 1]], "1/2", "1/2", weights=weights)
    z, j = _run(algorithm, 300)
    level = 0.25 * np.array([[0, 1], [1, 0]] if weights is None else weights).ravel()
    found = np.sign(z) * np.maximum(np.abs(z) - level, 0)
    assert found == pytest.approx([float(entry) for entry in f(x)], abs=1e-10)
    moved = np.where(np.abs(z) > level, j[:, 0] - 2 * level * np.sign(z), 0)
    assert moved == pytest.approx([float(entry) for entry in f(slope)], abs=1e-9)
    radius = np.abs(np.linalg.eigvals(algorithm.step(z).a.forward(np.eye(4)))).max()
    assert radius <= float(algorithm.local_rate(z)) + 1e-9 < 1


SMOOTH: dict[str, Callable[[], Algorithm]] = {
    "ridge": lambda: sh.iterations.ridge(square(3), small(3), 2, "1/20", parameters=["th", "c"]),
    "group lasso": lambda: sh.iterations.group_lasso(
        square(4), [5, -4, 3, 1], [[0, 2], [1, 3]], 2, "1/20", parameters=["c", "lam"]
    ),
    "graphical lasso": lambda: sh.iterations.graphical_lasso(square(3), "1/2", "1/3"),
    "sinkhorn": lambda: sh.iterations.sinkhorn(
        small(3, 2), ["1/4", "1/4", "1/2"], ["1/3", "2/3"], "3/2", parameters=["eps", "a"]
    ),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_derivatives_of_smooth_steps_against_differences(name: str) -> None:
    algorithm = SMOOTH[name]()
    x = RANDOM.standard_normal(len(algorithm.state)) / 3
    if name == "graphical lasso":
        x = (x.reshape(3, 3) + x.reshape(3, 3).T).ravel() + np.eye(3).ravel()
    theta, eps = FLOAT.array(algorithm.theta), 1e-6
    found = algorithm.step(x, theta)
    a = found.a.forward(np.eye(len(x)))
    directions = np.eye(len(x))
    if name == "graphical lasso":  # symmetric ones
        directions += directions.reshape(9, 3, 3).swapaxes(1, 2).reshape(9, 9)
    for direction in directions:
        difference = (algorithm.step(x + eps * direction).value - algorithm.step(x - eps * direction).value) / (2 * eps)
        assert a @ direction == pytest.approx(difference, abs=1e-7)
    for index, direction in enumerate(np.eye(len(theta))):
        up, down = (algorithm.step(x, theta + sign * eps * direction).value for sign in (1, -1))
        assert found.b[:, index] == pytest.approx((up - down) / (2 * eps), abs=1e-7)
    assert found.a.reverse(np.eye(len(x))) == pytest.approx(a.T)


def test_rates_are_those_of_the_present_theta() -> None:
    """|1 - (1 + th) / 4|, less than 1 for th < 7."""
    ridge = sh.iterations.ridge([[1]], [1], 1, "1/4")
    for theta, rate in ((9, Fraction(3, 2)), (0, Fraction(3, 4))):
        moved = ridge.at([theta])
        assert moved.rate is not None and 0 <= moved.rate.bound - rate < Fraction(1, 10**9)
        assert moved.step_range is not None and moved.step_range.high is not None
        assert 0 <= Fraction(2, 1 + theta) - moved.step_range.high < Fraction(1, 10**9)


def test_matrices_that_doubles_computed_prove_nothing() -> None:
    wide = [[1] + [0] * 64]
    for size in (65, 64):
        rate = sh.iterations.generalised_lasso(np.eye(size), [0] * size, [wide[0][:size]], 1).rate
        steps = sh.iterations.pdhg([wide[0][:size]], [0] * size, 1, 1, 1).step_range
        assert rate is not None and steps is not None
        assert (rate.proved, steps.proved) == (size == 64, size == 64)


def test_numbers_beyond_doubles_have_rates_or_say_why_not() -> None:
    large = 10**400
    assert sh.iterations.lasso([[1]], [large], 1, "1/2").rate is not None
    beyond = sh.iterations.lasso([[large]], [1], 1, "1/2")
    for ask in (lambda: beyond.rate, lambda: beyond.step_range, lambda: beyond.local_rate(np.ones(1))):
        with pytest.raises(sh.ParameterError, match="rate: a number is beyond the range of doubles"):
            ask()


def test_irrational_steps_say_so() -> None:
    for algorithm in (SMOOTH["group lasso"](), SMOOTH["graphical lasso"](), SMOOTH["sinkhorn"]()):
        with pytest.raises(sh.ParameterError, match="its values are irrational"):
            algorithm.iteration  # noqa: B018


def test_sinkhorn_is_singular_along_constants() -> None:
    algorithm = SMOOTH["sinkhorn"]()
    x, j = _run(algorithm, 300)
    found = algorithm.step(x)
    assert found.a.forward(np.ones(3)) == pytest.approx(np.ones(3))
    eps = 1e-6
    up, down = (_run(algorithm.at([1.5 + sign * eps, 0.25, 0.25, 0.5]), 300)[0] for sign in (1, -1))
    assert j[:, 0] == pytest.approx((up - down) / (2 * eps), abs=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sh.iterations.lasso([[1, 2], [3, 4]], [0, 0], 1, 1), "Q[1][0]: not symmetric"),
        (lambda: sh.iterations.lasso(Q2, [0], 1, 1), "c: 1 entry, expected 2"),
        (lambda: sh.iterations.lasso(Q2, C2, 0, 1), "lam: not positive"),
        (lambda: sh.iterations.lasso(Q2, C2, 1, "x"), "step: 'x' is not a rational number"),
        (lambda: sh.iterations.lasso(Q2, C2, 1, 1, parameters=["mu"]), "parameters[0]: 'mu' unknown; known: lam, c"),
        (lambda: sh.iterations.lasso(Q2, C2, 1, 1, parameters=["lam", "lam"]), "parameters[1]: 'lam' stands twice"),
        (lambda: sh.iterations.lasso(np.array([[np.nan]]), [1], 1, 1), "Q: holds what is no finite number"),
        (lambda: sh.iterations.lasso([[1]], [1], 1, 1, start=[1, 2]), "start: 2 entries, expected 1"),
        (lambda: sh.iterations.elastic_net(Q2, C2, 1, -1, 1), "lam2: negative"),
        (lambda: sh.iterations.box_qp(Q2, C2, [0, 1], [1, 0], 1), "lower[1]: lower > upper"),
        (lambda: sh.iterations.generalised_lasso(Q2, C2, [[1]], 1), "D[0]: 1 entry, expected 2"),
        (lambda: sh.iterations.generalised_lasso([[0]], [1], [[0]], 1).iteration, "P + r D'D: singular"),
        (lambda: sh.iterations.trend_filtering([1, 2], 1, 2), "order: 2, expected an integer in 1..1"),
        (lambda: sh.iterations.quadratic_program(Q2, C2, [[1, 1]], [1], [0]), "l[0]: l > u"),
        (lambda: sh.iterations.equilibrium([[1, 2]], [[1]], [0], [0]), "W[0]: 2 entries, expected 1"),
    ],
)
def test_bad_arguments_are_one_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(sh.InputError) as caught:
        make()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_whatever_takes_an_iteration_takes_an_algorithm() -> None:
    lasso = sh.iterations.lasso(Q2, C2, 1, "1/2")
    assert sh.load_iteration(lasso, theta=[2]).theta == (Fraction(2),)
    assert lasso.at([2], [1, 0]).iteration.step((Fraction(1), Fraction(0))) == tuple(f("1 0"))
    assert repr(lasso) == "<Algorithm lasso: 2 states, 1 parameter>"
    with pytest.raises(sh.ParameterError, match="theta: 2 entries, expected 1"):
        lasso.at([1, 2])
