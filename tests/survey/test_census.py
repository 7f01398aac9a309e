"""A census of many points: what it counts beside brute force, what it keeps, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.survey.looking import Look, Task

#: f(x, y) = x, by two relus whose kinks do not matter together; g = |x| + max(x, y).
FOLD = "inputs x y; m = -x; a = relu x; b = relu m; f = a - b; c = abs x; d = max x y; g = c + d; outputs f g"
POINTS: list[list[Any]] = [[0, 0], [0, 1], [1, 1], [3, -2], ["-1/2", 0]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture
def net() -> sh.Program:
    return sh.Program.from_text(FOLD)


def test_what_is_counted(net: sh.Program) -> None:
    found = sh.census(net, POINTS)
    assert [record.kinks for record in found.records] == [4, 3, 1, 0, 0]
    assert (found.at_kinks, found.at_live_kinks) == (3, 3)
    assert found.causes == {"reads zeros only": 6, "inactive units tie": 1, "equal arguments tie": 1}
    assert found.where == {"a": 2, "b": 2, "c": 2, "d": 2}
    assert [record.nearest for record in found.records] == [None, 1, 1, 3, Fraction(1, 2)]
    assert found.records[3].nearest_node in ("a", "b", "c", "d")
    # At (0, 0) and (0, 1) backpropagation says f' = 0, which no piece has.
    assert found.rows("conservative") == (0, 1)
    assert found.rows("lexicographic") == (2, 3, 4)


def test_one_output_at_a_time(net: sh.Program) -> None:
    first, second, top = (sh.census(net, POINTS, output=output) for output in (0, 1, "top"))
    assert first.rows("conservative") == (0, 1)
    assert {record.output for record in first.records} == {0}
    # |x|' = 0 is the middle of its two slopes: (0, 1) is a mean of (-1, 1) and (1, 1).
    assert (second.rows("clarke"), second.rows("conservative")) == ((0, 1), ())
    assert [record.output for record in top.records] == [0, 1, 1, 1, 1]


def test_each_verdict_is_what_contains_says() -> None:
    """Random small nets at points of a grid, where most of them have kinks."""
    stream = Stream(7, "census")
    for _ in range(12):
        first = [[stream.integer(-1, 1) for _ in range(2)] for _ in range(4)]
        net = sh.load(
            {
                "inputs": 2,
                "layers": [
                    {"weight": first, "bias": [stream.integer(-1, 1) for _ in first], "activation": "relu"},
                    {"weight": [[stream.integer(-1, 1) for _ in first] for _ in range(3)], "activation": "abs"},
                    {"weight": [[stream.integer(-2, 2) for _ in range(3)]]},
                ],
            }
        )
        points = [[stream.integer(-1, 1), stream.integer(-1, 1)] for _ in range(4)]
        for record, point in zip(sh.census(net, points).records, points, strict=True):
            slopes = sh.gradient(net, point=point).gradient
            sets = sh.contains(net, slopes, point=point, certify=False)
            wanted = "lexicographic" if sets.lexicographic else "clarke" if sets.clarke else "conservative"
            assert record.verdict == wanted
            info = sh.info(net, point=point)
            assert bool(record.kinks) == bool(info.kink_names)


def test_gradients_that_are_given(net: sh.Program) -> None:
    given = np.array([[0, 0, 0, 1], [1, 0, -1, 1], [1, 0, 1.5, 0.5], [1, 0, 2, 0], [2, 0, -1, 1]], dtype=np.float32)
    found = sh.census(net, np.array([[float(Fraction(e)) for e in point] for point in POINTS]), gradients=given)
    assert found.gradients == "given"
    assert [record.verdict for record in found.records][2:] == ["clarke", "lexicographic", "neither"]
    assert [record.explained for record in found.records][2:] == [True, True, False]
    assert found.records[1].verdict == "lexicographic"
    one = sh.audit(net, given[0], point=POINTS[0], certify=False)
    assert (found.records[0].verdict, found.records[0].explained) == (one.verdict, one.explained.explains)  # type: ignore[union-attr]


def test_frameworks_differ_at_ties(net: sh.Program) -> None:
    by = {name: sh.census(net, [[1, 1]], output=1, framework=name).records[0] for name in ("torch", "tensorflow")}
    assert (by["torch"].verdict, by["tensorflow"].verdict) == ("clarke", "lexicographic")
    assert by["torch"].convention == "torch"


def test_processes_give_the_same(net: sh.Program) -> None:
    def told(found: sh.CensusResult) -> list[dict[str, Any]]:
        return [{**record, "seconds": 0} for record in found.to_json()["records"]]

    assert told(sh.census(net, POINTS, jobs=2)) == told(sh.census(net, POINTS))


def test_a_run_goes_on_where_another_one_stopped(
    net: sh.Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgrad_hardness.common.progress._PAUSE", 0.0)
    path = tmp_path / "census.jsonl"
    sh.census(net, POINTS[:2], resume=path)
    with path.open("ab") as file:
        file.write(b'{"census": "2:a", "opt')  # kill -9
    looked: list[str] = []
    found = sh.census(net, POINTS, resume=path, progress=looked.append)
    assert [line.split(",")[0] for line in looked] == [f"{done} of 5 points" for done in (2, 3, 4, 5)]
    assert len(path.read_bytes().splitlines()) == 5
    assert found.verdicts == sh.census(net, POINTS).verdicts
    assert sh.census(net, POINTS, resume=path, progress=looked.append).to_json() == found.to_json()
    assert looked[4:] == ["5 of 5 points"]
    with pytest.raises(sh.ParameterError, match="line 1: made with output none, not 0; give another file"):
        sh.census(net, POINTS, output=0, resume=path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b'"kinks": 4', b'"knots": 4'))
    with pytest.raises(sh.ParameterError, match="row 0: its line is no record of a census"):
        sh.census(net, POINTS, resume=path)
    path.write_bytes(b"something else\n")
    with pytest.raises(sh.ParameterError, match="no line of a census"):
        sh.census(net, POINTS, resume=path)


def test_a_limit_leaves_verdicts_unknown(net: sh.Program) -> None:
    found = sh.census(net, POINTS, time_limit=0)
    assert found.verdicts["unknown"] == 5
    assert {record.why for record in found.records} == {"time limit"}


def test_points_without_a_value_are_told() -> None:
    found = sh.census(sh.Program.from_text("inputs x; a = relu x; f = div a x; outputs f", [1]), [[0], [1]])
    assert [record.verdict for record in found.records] == ["unknown", "lexicographic"]
    assert found.records[0].why is not None and "f" in found.records[0].why


BAD: list[tuple[dict[str, Any], str]] = [
    ({"points": []}, "points: there are none"),
    ({"points": [[0, 0], [1]]}, r"points\[1\]: 1 entry, expected 2"),
    ({"points": [[0, "x"]]}, r"points\[0\]\[1\]"),
    ({"gradients": [[0] * 4]}, "gradients: there are only 1 row"),
    ({"gradients": [[0] * 4] * 6}, "gradients: more than the 5 points"),
    ({"gradients": [[0] * 3] * 5}, r"gradients\[0\]: 3 entries, expected 2 x 2"),
    ({"output": 2}, "output: 2 is outside 0..1"),
    ({"output": "best"}, "output: 'best' is neither a number nor 'top'"),
    ({"framework": "theano"}, "framework"),
    ({"precision": "float8"}, "precision"),
    ({"jobs": 0}, "jobs"),
    ({"first_row": -1}, "first row"),
]


@pytest.mark.parametrize(("wrong", "said"), BAD)
def test_what_is_refused(wrong: dict[str, Any], said: str, net: sh.Program) -> None:
    with pytest.raises((sh.PointError, sh.ParameterError), match=said):
        sh.census(net, **{"points": POINTS, **wrong})


def test_gradients_of_products_are_refused() -> None:
    net = sh.Program.from_text("inputs x; f = mul x x; outputs f")
    with pytest.raises(sh.ParameterError, match="gradients: the rounding of gradients of products is not bounded"):
        sh.census(net, [[1]], gradients=[[2]])
    with pytest.raises(sh.ParameterError, match="framework: conventions are known of piecewise-linear operations"):
        sh.census(net, [[1]], framework="torch")
    assert sh.census(net, [[1]]).records[0].verdict == "lexicographic"


def test_a_process_that_dies_of_a_point() -> None:
    from subgrad_hardness.survey.looking import lost

    task = Task(3, (Fraction(0),), None)
    assert lost(task, "it was killed", killed=True).why == "it was killed"
    assert str(lost(task, "it crashed", killed=False).why).startswith("internal error")
    assert Look(sh.Program.from_text(FOLD), None, None, "float64", None, 0)(Task(4, (Fraction(1),) * 2, None)).row == 4


def test_the_command(net: sh.Program, run: Command, tmp_path: Path) -> None:
    file, data, table = tmp_path / "net.json", tmp_path / "x.npy", tmp_path / "t.csv"
    file.write_text(sh.dumps(net), encoding="utf-8")
    np.save(data, np.array([[9.0, 9.0], [0, 0], [0, 1], [1, 1], [3, -2]]))
    ran = run("census", file, "--data", data, "--rows", "1:4", "--csv", table)
    assert ran.status == 0
    assert ran.out.splitlines()[:2] == [
        "3 points; gradients: rewriting, relu'(0) = 0",
        "at a kink: 3; at a kink that matters: 3",
    ]
    assert "2 conservative: NOT a Clarke subgradient" in ran.out and "(rows 1, 2)" in ran.out
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["row"] for row in rows] == ["1", "2", "3"]
    assert json.loads(rows[2]["causes"]) == {"equal arguments tie": 1}
    assert run("census", file, "--data", data, "--exit-code").status == 20
    assert run("census", file, "--data", data, "--exit-code", "--rows", "3:").status == 10
    assert run("census", file, "--data", data, "--time-limit", "0", "--json").status == 3
    assert json.loads(run("census", file, "--data", data, "--look-at", "top", "--json").out)["points"] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rows", "3-4"], "--rows: '3-4' is not such as 0:100"),
        (["--rows", "4:9"], "x.json: 2 rows, of which 4:9 is no part"),
        (["--look-at", "best"], "--look-at"),
        (["--csv", "-"], "--csv: give the name of a file"),
        (["--plot", "census.gif"], "does not end in"),
        (["--gradients", "none.npy"], "none.npy"),
    ],
)
def test_bad_usage(arguments: list[str], said: str, net: sh.Program, run: Command, tmp_path: Path) -> None:
    file, data = tmp_path / "net.json", tmp_path / "x.json"
    file.write_text(sh.dumps(net), encoding="utf-8")
    data.write_text("[[0, 1], [1, 1]]", encoding="utf-8")
    ran = run("census", file, "--data", data, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err and ran.err.count("\n") == 1


def test_the_picture(net: sh.Program, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = sh.census(net, POINTS)
    sh.plot_census(found, tmp_path / "a.svg")
    sh.plot_census(found, tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    with pytest.raises(sh.ParameterError, match=r"does not end in"):
        sh.plot_census(found, tmp_path / "a.gif")
