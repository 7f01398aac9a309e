"""Paths of limits: the fixtures, random contractions against solutions elsewhere, and the command."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.writing import to_object
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.schemas import schema

LASSO = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 4, "1/2")
ZERO, HALF = Fraction(0), Fraction(1, 2)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_fixture_10() -> None:
    path = sh.solution_path(LASSO, None, [0], fixed_point=[0, 0])
    assert path.complete and path.kink_at_start is False
    assert [point.theta for point in path.breakpoints] == [(Fraction(3),), (Fraction(1),)]
    assert [point.state for point in path.breakpoints] == [(ZERO, ZERO), (Fraction(2), ZERO)]
    # in lam: t = (4 - lam) / 4
    assert [tuple([entry / -4 for entry in slope]) for slope in path.slopes] == [
        (0, 0),
        (-1, 0),
        (Fraction(-2, 3), Fraction(-2, 3)),
    ]
    assert path.at("7/8") == (Fraction(7, 3), Fraction(1, 3))
    assert path.nearest == Fraction(1, 4)
    with pytest.raises(sh.PointError, match=r"t: 2 is outside 0\.\.1"):
        path.at(2)


def test_fixture_14_starts_at_a_kink() -> None:
    qp = sh.iterations.quadratic_program(
        [[1, 0], [0, 1]], [0, 0], [[1, 1], [1, -2]], [1, None], [1, "-1/2"], parameters=["equal"]
    )
    for to, slope in ((2, (HALF, HALF)), (0, (Fraction(-2, 3), Fraction(-1, 3)))):
        path = sh.solution_path(qp, [1], [to], fixed_point=["1/2", "1/2", "1/2", "-1/2"])
        assert (path.slopes[0][:2], path.kink_at_start, path.nearest) == (slope, True, ZERO)


def test_fixture_15_total_variation_is_one_path_in_two_ways() -> None:
    signal = [0, 1, 5, 2, 2, 7]
    lowest = Fraction(1, 7)
    fused = sh.total_variation_path(signal)
    x = fused.solution(lowest)
    differences = [b - a for a, b in pairwise(x)]
    # w = z + the multiplier: D x plus, for r = 1, the running sums of x - y, with their sign turned
    sums, w = Fraction(0), []
    for entry, value, jump in zip(x, signal, differences, strict=False):
        sums += entry - value
        w.append(jump + sums)
    algorithm = sh.iterations.tv_admm(signal, lowest, 1, readout=True)
    path = sh.solution_path(algorithm, None, [20], fixed_point=[*w, *x])
    assert path.complete
    bends = [point.theta[0] for point in path.breakpoints if point.left[5:] != point.right[5:]]
    assert bends == [lam for lam in fused.breakpoints if lam > lowest]
    for t in ("1/9", "1/3", "9/10"):
        lam = lowest + (20 - lowest) * Fraction(t)
        assert list(path.at(t)[5:]) == fused.solution(lam)


def _contraction(stream: Stream) -> Iteration:
    """x <- small maps of relus in x, t: two states, two parameters."""
    build = GraphBuilder(["x", "y", "s", "t"])
    kinks = []
    for _ in range(stream.integer(1, 4)):
        row = [(name, Fraction(stream.integer(-2, 2))) for name in ("x", "y", "s", "t")]
        kinks.append(build.apply("relu", [build.sum(row, stream.integer(-1, 1))]))
    outputs = []
    for _ in range(2):
        terms: list[tuple[int | str, Fraction]] = [(kink, Fraction(stream.integer(-1, 1), 20)) for kink in kinks]
        terms += [("s", Fraction(stream.integer(-2, 2))), ("x", Fraction(stream.integer(-1, 1), 8))]
        outputs.append(build.sum(terms))
    return Iteration(build.program(outputs), ["x", "y"])


def test_random_contractions_pass_through_fixed_points() -> None:
    """Along a path, at random places, F leaves the state as it is; and bends are where derivatives change."""
    stream, bends = Stream(2, "paths"), 0
    for _ in range(40):
        iteration = _contraction(stream)
        zero = iteration.at([0, 0])
        # at theta = 0 from 0: the limit, by following the path of a start that is one
        state = sh.Iteration(iteration.program, ["x", "y"]).at([0, 0]).start
        for _ in range(60):
            state = tuple([Fraction(round(entry * 2**40), 2**40) for entry in zero.step(state)])
        try:
            path = sh.solution_path(zero, None, [stream.integer(-3, 3), stream.integer(-3, 3)], fixed_point=state)
        except sh.PointError:
            continue  # the rounded limit is not the limit
        assert path.complete
        bends += len(path.breakpoints)
        for t in (Fraction(1, 7), HALF, Fraction(1)):
            theta = [a + t * (b - a) for a, b in zip(path.theta0, path.theta1, strict=True)]
            assert zero.at(theta).step(path.at(t)) == path.at(t)
        assert all(point.left != point.right for point in path.breakpoints)
    assert bends > 5


def test_command(run: Command, tmp_path: Path) -> None:
    file, table = tmp_path / "lasso.json", tmp_path / "path.csv"
    file.write_text(json.dumps(to_object(LASSO.iteration)))
    ran = run("path", file, "--to", "0", "--fixed-point", "0,0", "--csv", table)
    assert (ran.status, ran.err) == (0, "")
    assert "kink at t = 3/4, theta = (1): limit (2, 0)" in ran.out
    assert "2 kinks within; at the end the limit is (8/3, 2/3)" in ran.out
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [(row["lam"], row["left.x0"], row["right.x1"]) for row in rows] == [("3", "0", "0"), ("1", "4", "8/3")]
    report = run("path", file, "--to", "0", "--fixed-point", "0,0", "--json").json
    assert [error.message for error in Draft202012Validator(schema("path")).iter_errors(report)] == []
    assert report["nearest"] == "1/4" and report["complete"] is True


def test_bad_input_is_one_line(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "lasso.json"
    file.write_text(json.dumps(to_object(LASSO.iteration)))
    for arguments, message in (
        (["--to", "0,1", "--fixed-point", "0,0"], "theta1: 2 entries, expected 1"),
        (["--to", "0", "--fixed-point", "1,0"], "F takes x0 from 1 to "),
        (["--to", "a"], "--to"),
        (["--to", "0", "--json", "--csv", "-"], "both write to standard output"),
    ):
        ran = run("path", file, *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert message in ran.err and ran.err.count("\n") == 1
    ran = run("path", file, "--to", "0", "--fixed-point", "0,0", "--time-limit", "0")
    assert (ran.status, ran.out.count("kink")) == (3, 0)


def test_two_exact_paths_of_the_lasso_agree() -> None:
    """The homotopy through the program's pieces, and that of LARS on the design."""
    stream = Stream(3, "two paths")
    for _ in range(4):
        x = [[stream.integer(-4, 4) for _ in range(4)] for _ in range(7)]
        x += [[int(i == j) for j in range(4)] for i in range(4)]
        y = [stream.integer(-9, 9) for _ in x]
        q = [[sum(row[i] * row[j] for row in x) for j in range(4)] for i in range(4)]
        c = [sum(row[i] * value for row, value in zip(x, y, strict=True)) for i in range(4)]
        top = max(map(abs, c)) + 1
        step = Fraction(1, max(sum(map(abs, row)) for row in q))
        path = sh.solution_path(sh.iterations.lasso(q, c, top, step), None, [0])
        assert path.complete
        lars = sh.lasso_path(x, y, 0)
        assert [point.theta[0] for point in path.breakpoints] == lars.breakpoints
        for piece in lars.pieces:
            dense = dict(zip(piece.face.support, piece.face.solution(piece.low), strict=True))
            expected = tuple([dense.get(column, Fraction(0)) for column in range(4)])
            assert path.at((top - piece.low) / top) == expected
