"""Is theta a kink of the limit?  Fixtures with known answers, one-sided derivatives, certificates and forgeries."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from support.iterations import GRAM, LINEAR, lasso, scalar

import subgrad_hardness as sh

HALF = scalar("inputs x t; a = relu t; f = -1/2 x + a", [0])
MIN_OF_RELUS = scalar("inputs x t; a = relu x; b = relu t; m = min a b; f = -1/2 x + 1/2 m", [0])
#: A QP with one inequality, weakly active at b = 1: x0 of its solution.
QP = scalar("inputs x b; u = 1/2 x + 1/4 b; v = 2/3 b - 1/6; f = min u v", [1])
#: relu(x) + relu(t) contract in no maximum norm of slopes: det(I - A) changes its sign.
DOUBLE = scalar("inputs x t; a = relu x; f = 2 a + t", [0])


def numbers(*entries: int | str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, entries))


@pytest.mark.parametrize(
    ("lam", "limit", "jacobian"),
    [(2, (1, 0), (-1, 0)), ("1/2", ("7/3", "1/3"), ("-2/3", "-2/3"))],
)
@pytest.mark.parametrize("step", [1, "2/3", "5/4"])
def test_the_lasso_path_is_smooth_between_its_breakpoints(
    lam: Any, limit: Sequence[Any], jacobian: Sequence[Any], step: Any
) -> None:
    found = sh.solution_kink(lasso(GRAM, LINEAR, step, lam=lam), fixed_point=limit)
    assert (found.verdict, found.certified) == ("smooth", True)
    assert found.jacobian == tuple((entry,) for entry in numbers(*jacobian))


@pytest.mark.parametrize("step", [1, "1/2", "5/4"])
def test_a_breakpoint_of_the_lasso_path(step: Any) -> None:
    found = sh.solution_kink(lasso(GRAM, LINEAR, step, lam=1), fixed_point=(2, 0))
    assert (found.verdict, found.certified, len(found.kinks)) == ("kink", True, 1)
    assert found.direction in {(1,), (-1,)}
    sides = {found.direction: found.derivative, tuple(-entry for entry in found.direction): found.opposite}
    assert sides == {(1,): numbers(-1, 0), (-1,): numbers("2/3", "2/3")}


def test_an_equicorrelated_coordinate_need_not_be_a_kink() -> None:
    """At c = (2, 3/2) the second coordinate joins below lam = 1; with Q_21 = 1 its correlation follows lam for ever."""
    kink = lasso(GRAM, (2, "3/2"), 1, lam=1)
    assert sh.solution_kink(kink, fixed_point=(1, 0)).verdict == "kink"
    stays = lasso([[1, 1], [1, 2]], (2, 2), "1/3", lam=1)
    found = sh.solution_kink(stays, fixed_point=(1, 0))
    assert (found.verdict, len(found.kinks), found.certified) == ("smooth", 1, True)
    assert found.jacobian == (numbers(-1), numbers(0))


def test_scalar_fixtures() -> None:
    found = sh.solution_kink(HALF, fixed_point=[0])
    assert (found.verdict, found.certified, found.jacobian) == ("kink", True, (numbers("2/3"),))
    found = sh.solution_kink(MIN_OF_RELUS, fixed_point=[0])
    assert (found.verdict, found.certified, found.jacobian, len(found.kinks)) == ("smooth", True, (numbers(0),), 3)
    found = sh.solution_kink(QP, fixed_point=["1/2"])
    assert (found.verdict, found.certified) == ("kink", True)
    assert {found.derivative, found.opposite} == {numbers("1/2"), numbers("-2/3")}


def test_without_one_solution_nothing_is_said() -> None:
    found = sh.solution_kink(DOUBLE, fixed_point=[0])
    assert (found.verdict, found.certified) == ("unknown", False)
    assert found.why == "no proof was found that the linearised equation has one solution"


def many(size: int, kinks: int) -> tuple[sh.Iteration, list[int]]:
    """A Lasso with lam and c as parameters, at a point with so many kinks."""
    gram = [[6 if i == j else (i * j) % 3 - 1 for j in range(size)] for i in range(size)]
    gram = [[gram[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    for i in range(size):
        gram[i][i] = 1 + sum(abs(entry) for entry in gram[i])
    x = [1 + i % 3 if i < size - kinks - 2 else 0 for i in range(size)]
    signs = [Fraction(1) if i < size - 2 else Fraction(1, 3) for i in range(size)]
    linear = [sum(a * b for a, b in zip(row, x, strict=True)) + 2 * s for row, s in zip(gram, signs, strict=True)]
    step = Fraction(1, max(sum(map(abs, row)) for row in gram))
    return lasso(gram, linear, step, lam=2, all_of=True), x


def test_many_kinks_are_certified_by_a_norm() -> None:
    iteration, x = many(12, 7)
    found = sh.solution_kink(iteration, fixed_point=x)
    assert (found.verdict, found.certified, found.solvable, len(found.kinks)) == ("kink", True, "norm", 7)
    assert found.certificate is not None
    assert sh.verify_solution(iteration, found.certificate.to_json())


CHANGES: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("F(xbar, theta) is not xbar|digests differ", lambda c: c.update(fixed_point=[1])),
    ("digests differ", lambda c: c.update(digest="0" * 64)),
    ("other states", lambda c: c.update(state=["y"])),
    ("digests|G is not", lambda c: c.update(jacobian=[["1/2"]])),
    ("the Jacobian does not have a row", lambda c: c.update(jacobian=[[1, 2]])),
    ("the norm", lambda c: c.update(solvable={"by": "norm", "matrix": [[-1]], "multipliers": []})),
    ("a multiplier", lambda c: c.update(solvable={"by": "norm", "matrix": [[1]], "multipliers": [1]})),
    (
        "same element|differ|Jacobian",
        lambda c: c["certificate"].update(directions=[c["certificate"]["directions"][0]] * 2),
    ),
]


@pytest.mark.parametrize(("reason", "change"), CHANGES, ids=[reason for reason, _ in CHANGES])
def test_forged_certificates_are_rejected(reason: str, change: Callable[[dict[str, Any]], Any]) -> None:
    claim = sh.solution_kink(HALF, fixed_point=[0]).certificate
    assert claim is not None
    forged = json.loads(json.dumps(claim.to_json()))
    assert sh.verify_solution(HALF, forged).verdict == "kink"
    change(forged)
    result = sh.verify_solution(HALF, forged)
    assert not result
    assert any(word in str(result.reason) for word in reason.split("|"))


def test_a_false_solvability_is_rejected() -> None:
    """The same G, and a certificate of the net, for an iteration whose determinants change their sign."""
    claim = sh.solution_kink(HALF, fixed_point=[0]).certificate
    assert claim is not None
    forged = claim.to_json()
    forged["digest"] = DOUBLE.program_at((Fraction(0),)).digest
    assert sh.verify_solution(DOUBLE, forged).reason == "the determinants of I - A do not have one sign"
    forged["solvable"] = {"by": "norm", "matrix": [[1]], "multipliers": [1]}
    assert "not positive definite" in str(sh.verify_solution(DOUBLE, forged).reason)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "unknown key"),
        ({"version": 2}, "of version 1"),
        ({"solvable": {"by": "faith"}}, "solvable: "),
        ({"certificate": 1}, "certificate: not a certificate"),
        ({"jacobian": 3}, "jacobian: "),
    ],
)
def test_unreadable_certificates(change: dict[str, Any], message: str) -> None:
    claim = sh.solution_kink(HALF, fixed_point=[0]).certificate
    assert claim is not None
    with pytest.raises(sh.CertificateError, match=message):
        sh.verify_solution(HALF, claim.to_json() | change)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed_point": [1]}, "fixed point: F takes x from 1 to -1/2"),
        ({"fixed_point": [0, 0]}, "fixed point: 2 entries, expected 1"),
        ({"theta": [0, 0], "fixed_point": [0]}, "theta: 2 entries, expected 1"),
        ({"fixed_point": [0], "seed": "x"}, "seed: 'x' is not an integer"),
    ],
)
def test_bad_input_is_one_line(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sh.InputError) as caught:
        sh.solution_kink(HALF, **options)
    assert str(caught.value) == message


def test_nothing_to_differentiate_in() -> None:
    constant = sh.Iteration(sh.Program.from_text("inputs x; f = 1/2 x; outputs f"), ["x"])
    for call in (sh.solution_kink, sh.piggyback_set, sh.implicit_set):
        with pytest.raises(sh.ParameterError, match="parameters: the iteration has none"):
            call(constant, fixed_point=[0])


@pytest.mark.parametrize(("bent", "verdict"), [("t", "kink"), ("s", "smooth")])
def test_smooth_operations_to_first_order(bent: str, verdict: str) -> None:
    """x <- x/2 + x^2 + relu(t) or relu(t^2 - |t|): the second has the derivative 0 along both sides."""
    nodes: list[dict[str, Any]] = [
        {"id": "q", "op": "square", "args": ["x"]},
        {"id": "u", "op": "square", "args": ["t"]},
        {"id": "a", "op": "abs", "args": ["t"]},
        {"id": "s", "op": "affine", "args": ["u", "a"], "coefficients": [1, -1]},
        {"id": "r", "op": "relu", "args": [bent]},
        {"id": "f", "op": "affine", "args": ["x", "q", "r"], "coefficients": ["1/2", 1, 1]},
    ]
    net = {"version": 2, "inputs": ["x", "t"], "nodes": nodes, "outputs": ["f"], "iteration": {"state": ["x"]}}
    found = sh.solution_kink(net, [0], fixed_point=[0])
    assert found.verdict == verdict and found.certificate is not None
    assert sh.verify_solution(net, found.certificate, [0]).verdict == verdict
    for call in (sh.joint_spectral_radius, sh.piggyback_set, sh.implicit_set):
        with pytest.raises(sh.ParameterError, match="does not tell all pieces"):
            call(net, [0], fixed_point=[0], jacobian="clarke")
    with pytest.raises(sh.NetError, match="is not piecewise linear"):
        sh.solution_path(net, [0], [1], fixed_point=[0])
    assert sh.fixed_point(net, [0]).state == (Fraction(0),)


def test_kinks_of_smooth_functions_of_several_states() -> None:
    """(x/2 + y t + relu(t), x^2 + t/3) at 0; F' decides, and the certificate within says what it is about."""
    nodes: list[dict[str, Any]] = [
        {"id": "p", "op": "mul", "args": ["y", "t"]},
        {"id": "q", "op": "square", "args": ["x"]},
        {"id": "r", "op": "relu", "args": ["t"]},
        {"id": "f", "op": "affine", "args": ["x", "p", "r"], "coefficients": ["1/2", 1, 1]},
        {"id": "g", "op": "affine", "args": ["q", "t"], "coefficients": [1, "1/3"]},
    ]
    net = {"version": 2, "inputs": ["x", "y", "t"], "nodes": nodes, "outputs": ["f", "g"]}
    iteration = sh.load_iteration(net | {"iteration": {"state": ["x", "y"]}})
    found = sh.solution_kink(iteration)
    assert (found.verdict, found.certified) == ("kink", True) and not any(found.fixed_point)
    assert found.certificate is not None and found.certificate.certificate.statement == "lexicographic"
    assert sh.verify_solution(iteration, found.certificate).verdict == "kink"
