"""Which statement reports and certificates make about nets with smooth operations."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from support.cli_runner import Command, in_process
from support.second_verifier import verdict

import subgrad_hardness as sh
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program

#: F' = 0 at the origin, where (1, 0) is a Clarke subgradient nevertheless.
HIDDEN = Program.from_text("inputs x y; q = square y; a = q - x; m = min x a; f = relu m; outputs f")
#: |x y - 3 x| - x at (2, 3).
FOLD = Program.from_text("inputs x y; p = mul x y; u = p - 3 x; a = abs u; f = a - x; outputs f; point 2 3")


def rationals(*rows: Sequence[int]) -> Matrix:
    """A matrix of integers as results hold it."""
    return tuple([tuple(map(Fraction, row)) for row in rows])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_unique_says_differentiable() -> None:
    result = sh.check(HIDDEN)
    assert (result.verdict, result.statement, result.certified) == ("unique", "lexicographic", True)
    assert result.subgradients == (rationals((0, 0)),)
    assert result.certificate is not None and result.certificate.to_json()["statement"] == "lexicographic"
    # Where 0 < x < y^2 / 2 the gradient is (1, 0), at points as near as one likes.
    assert sh.gradient(HIDDEN.at(["1/10000", "1/10"])).gradient == rationals((1, 0))


def test_what_is_not_in_the_hull_may_be_a_clarke_subgradient_nevertheless() -> None:
    # x = relu(x) - relu(-x): backpropagation returns 0, which is not the gradient; the fold adds a Clarke subgradient.
    lines = "n = -1 x; r = relu x; s = relu n; q = square y; a = q + x; m = min n a; g = relu m"
    result = sh.check(Program.from_text(f"inputs x y; {lines}; f = r - s + g; outputs f"))
    assert (result.verdict, result.subgradients) == ("unique", (rationals((1, 0)),))
    assert result.autodiff is not None and result.autodiff.gradient == rationals((0, 0))
    assert result.autodiff.clarke is None  # it is one: where g is -x, near 0, the gradient is 1 - 1
    assert sh.gradient(Program.from_text(f"inputs x y; {lines}; f = r - s; outputs f")).subgradient == rationals((1, 0))


def test_distinct_stands_for_one_output() -> None:
    result = sh.check(FOLD)
    assert (result.verdict, result.statement) == ("distinct", "clarke")
    assert result.certificate is not None and "statement" not in result.certificate.to_json()
    result = sh.check(Program.from_text(FOLD.to_text().replace("outputs f", "outputs f f")))
    assert (result.verdict, result.statement) == ("distinct", "lexicographic")


def test_without_kinks_a_net_is_smooth_near_the_point() -> None:
    for point in (["1/3", "2"], ["2", "1/2"]):
        result = sh.check(HIDDEN.at(point))
        assert (result.kinks, result.verdict, result.statement, result.certified) == (0, "unique", "clarke", True)
        assert sh.subdifferential(HIDDEN.at(point)).report().statement == "clarke"
    # A kink that F' does not see is one nevertheless: relu(y^2) at 0.
    blind = Program.from_text("inputs y; q = square y; f = relu q; outputs f")
    assert sh.check(blind).statement == "lexicographic"


def test_piecewise_linear_nets_are_about_clarke() -> None:
    for point, found in ((0, "distinct"), (1, "unique")):
        result = sh.check(Program.from_text("inputs x; f = abs x; outputs f"), point=[point])
        assert (result.verdict, result.statement) == (found, "clarke")


def test_other_calls_say_it_too_and_their_certificates_carry_it() -> None:
    net = sh.dumps(FOLD).encode()
    inside = sh.contains(FOLD, [[-1, 1]])
    assert inside.statement == "lexicographic" and inside.clarke and not inside.lexicographic
    outside = sh.contains(FOLD, [[-1, 3]])
    assert outside.clarke is False
    made: list[Any] = [*inside.certificates.values(), *outside.certificates.values()]
    made += [sh.support(FOLD, [0, 1]).certificate, sh.shortest(FOLD).certificate]
    made += sh.stationary(FOLD).certificates.values()
    assert len(made) > 6
    for certificate in made:
        assert certificate.to_json()["statement"] == "lexicographic"
        assert sh.verify(FOLD, certificate) and verdict(net, certificate.dumps().encode()) == "verified"
        told = certificate._replace(statement="clarke")
        assert "smooth operations" in str(sh.verify(FOLD, told).reason)
        assert verdict(net, told.dumps().encode()) == "rejected"
    assert {member.jacobian for member in sh.subdifferential(FOLD).report().members or ()} == {
        rationals((-1, 2)),
        rationals((-1, -2)),
    }


def test_stationary_to_first_order_is_no_minimum() -> None:
    top = sh.stationary(Program.from_text("inputs x; q = square x; f = -1 q; outputs f"))
    assert (top.directional, top.local_minimum, top.statement) == (True, None, "clarke")
    fold = sh.stationary(Program.from_text("inputs x; f = abs x; outputs f"))
    assert (fold.directional, fold.local_minimum) == (True, True)
    slope = sh.stationary(Program.from_text("inputs x; q = square x; f = q + x; outputs f"))
    assert (slope.directional, slope.local_minimum) == (False, False)


@pytest.mark.parametrize("call", [sh.regular, sh.lipschitz, sh.affine])
def test_what_needs_the_whole_set_or_a_region_refuses(call: Any) -> None:
    with pytest.raises(sh.NetError, match="piecewise"):
        call(FOLD)


def test_claims_about_regions_are_rejected_by_both_verifiers() -> None:
    net = sh.dumps(FOLD).encode()
    bent = Statement(
        "bent",
        FOLD.digest,
        point=FOLD.point,
        directions=sh.check(FOLD).certificate.directions,  # type: ignore[union-attr]
        statement="lexicographic",
    )
    assert "piecewise-linear" in str(sh.verify(FOLD, bent).reason)
    assert verdict(net, bent.dumps().encode()) == "rejected"
    with pytest.raises(sh.NetError, match="p: mul is not piecewise linear"):
        sh.equal(FOLD, FOLD)


def test_reports_say_it_in_words(run: Command, tmp_path: Any) -> None:
    file = tmp_path / "hidden.json"
    file.write_text(sh.dumps(HIDDEN), encoding="utf-8")
    said = run("check", file).out
    assert "UNIQUE: F is differentiable at the point" in said and "may be more Clarke subgradients" in said
    assert run("check", file, "--json").json["statement"] == "lexicographic"
    for command in ("cells", "sample", "subdifferential", "stationary", "shortest"):
        assert "Clarke's set may be larger" in run(command, file).out, command
    assert "a convex combination of these" in run("contains", file, "1,0").out
    assert "their convex hull: dimension 0" in run("subdifferential", file, "--clarke").out
    assert "Clarke's set" not in run("gradient", file).out  # of one output it is a Clarke subgradient


def test_a_quotient_without_a_denominator_is_bad_input(run: Command, tmp_path: Any) -> None:
    file = tmp_path / "pole.net"
    file.write_text("inputs x y; q = div x y; outputs q", encoding="utf-8")
    for command in ("check", "gradient", "info", "cells"):
        ran = run(command, file)
        assert (ran.status, ran.out) == (2, "") and "q: div divides by zero at the point" in ran.err
    assert run("check", file, "--point", "1,2").status == 0


def test_encoders_take_smooth_nets() -> None:
    assert sh.encode(FOLD, "smtlib")
    assert sh.value(FOLD) == (Fraction(-2),)
