"""``cost``: tables, bounds, limits, random programs, refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process

TEXT = "inputs a b c; s = b + c; f = mul a s; outputs f; point 2 3 5"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture
def product(tmp_path: Path) -> str:
    file = tmp_path / "product.net"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_a_table(run: Command, product: str) -> None:
    ran = run("cost", product, "--directions", "2")
    assert (ran.status, ran.err) == (0, "")
    lines = {line.split("  ")[0]: line.split() for line in ran.out.splitlines()}
    assert lines["evaluation"][1:7] == ["1", "1", "0", "0", "0", "2"]
    assert lines["backward, textbook"][7:12] == ["10", "5", "5", "omega_b,", "add"]
    assert lines["directions, textbook"][7] == "14"
    assert "level 1, 3 inputs, 1 output" in ran.out


def test_json_and_csv_say_the_same(run: Command, product: str) -> None:
    report = run("cost", product, "--json").json
    assert set(report) == {
        "version", "program", "digest", "level", "inputs", "outputs", "differentiated", "weights", "dictionary",
        "rows", "notes", "environment",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run("cost", product, "--csv", "-").out)))
    assert [row["method"] for row in rows] == [row["method"] for row in report["rows"]]
    assert [row["cost"] for row in rows] == [row["cost"] for row in report["rows"]]
    structural = next(row for row in report["rows"] if row["form"] == "structural")
    assert (structural["cost"], structural["ratio"], structural["stored"]) == ("2", "1", 2)


def test_options(run: Command, product: str) -> None:
    few = run("cost", product, "--methods", "backward", "--form", "textbook", "--unit", "nonscalar", "--json").json
    assert [row["method"] for row in few["rows"]] == ["evaluation", "backward"]
    assert few["rows"][1]["cost"] == "5" and few["rows"][1]["bound"] is None
    named = run("cost", product, "--methods", "backward", "--dictionary", "rational", "--json").json
    assert [row["bound"] for row in named["rows"]] == [None, "8", "5"]
    weights = run("cost", product, "--wrt", "weights", "--batch", "2", "--methods", "backward", "--json").json
    assert weights["differentiated"] == 2


def test_directions_from_a_file_and_two_clarke(run: Command, tmp_path: Path) -> None:
    net, rows = tmp_path / "fold.net", tmp_path / "rows.json"
    net.write_text("inputs x y; a = relu x; b = relu y; f = a + b; outputs f", encoding="utf-8")
    rows.write_text("[[0, 1], [1, 0], [1, 1]]", encoding="utf-8")
    report = run("cost", net, "--directions", rows, "--methods", "directions,lexicographic,two-clarke", "--json").json
    notes = {row["method"]: row["note"] for row in report["rows"]}
    assert notes["directions"] == "3 directions" and notes["lexicographic"] == "no tie left"
    assert report["rows"][-1]["method"] == "two-clarke" and report["environment"]["python"]
    rows.write_text("[[0, 1, 2]]", encoding="utf-8")
    ran = run("cost", net, "--directions", rows)
    assert (ran.status, ran.out) == (2, "") and "every direction needs 2 entries" in ran.err
    assert run("cost", net, "--directions", "0").status == 2


def test_frameworks_are_refused_by_name(run: Command, product: str) -> None:
    for arguments, message in ((("--peers", "numpy"), "unknown framework 'numpy'"), (("--peers", "torch"), "layers")):
        ran = run("cost", product, "--methods", "backward", *arguments)
        assert (ran.status, ran.out) == (2, "") and message in ran.err and ran.err.count("\n") == 1


def test_measuring(run: Command, product: str, tmp_path: Path) -> None:
    """Every row has the time of its own program; what can be decided has those of the exact side, too."""
    report = run("cost", product, "--measure", "--directions", "2", "--json").json
    assert len(report["rows"]) == 12 and report["environment"]["python"]
    for row in report["rows"]:
        assert row["seconds"] > 0 and row["peers"] == {}
        assert row["ratio_measured"] == pytest.approx(row["seconds"] / report["rows"][0]["seconds"])
    file = tmp_path / "fold.net"
    file.write_text("inputs x y; f = max x y; outputs f", encoding="utf-8")
    options = ("--methods", "backward,locking", "--decide")  # which is --measure, too
    report = run("cost", file, *options, "--json").json
    assert [row["method"] for row in report["rows"] if row["peers"]] == ["evaluation", "backward", "locking"]
    assert all(row["peers"]["exact"]["seconds"] > 0 for row in report["rows"] if row["peers"])
    last = report["rows"][-1]
    assert (last["method"], last["counts"], last["cost"], last["ratio"]) == ("two-clarke", None, None, None)
    assert "here: distinct" in last["note"] and last["seconds"] > 0 and last["ratio_measured"] > 0
    lines = list(csv.DictReader(io.StringIO(run("cost", file, *options, "--csv", "-").out)))
    assert [line["method"] for line in lines] == [row["method"] for row in report["rows"]]
    assert [bool(line["exact_ratio"]) for line in lines] == [bool(row["peers"]) for row in report["rows"]]
    assert lines[-1]["add"] == "" and float(lines[-1]["seconds"]) > 0
    assert {line["program"] for line in lines} == {"fold.net"}
    shown = run("cost", file, *options).out
    assert "seconds" in shown and "exact: locking" in shown


def test_what_cannot_be_timed_says_why(run: Command, product: str) -> None:
    report = run("cost", product, "--methods", "backward,two-clarke", "--json").json
    assert report["notes"] == ["two-clarke: decided of piecewise-linear nets, in their inputs, one sample"]
    assert [row["method"] for row in report["rows"]] == ["evaluation", "backward", "backward"]


def test_bounds(run: Command) -> None:
    ran = run("cost", "--bounds", "pl")
    assert ran.status == 0 and "1 + 3 k (add)" in ran.out
    assert [line.split()[0] for line in ran.out.splitlines()[1:4]] == ["omega_b", "omega_s", "omega_a"]
    report = run("cost", "--bounds", "rational", "--json").json
    assert report["textbook"] == {"value": "8", "entry": "div"} and report["names"]["textbook"] == "omega_b"


def test_the_forward_limit(run: Command, tmp_path: Path) -> None:
    files = []
    for name, rows in (("a", [[1, 2], [3, 4]]), ("d", [[5, 6], [7, 8]])):
        (tmp_path / name).write_text(json.dumps(rows), encoding="utf-8")
        files.append(tmp_path / name)
    ran = run("cost", "--forward-limit", "2", "--matrices", *files)
    assert ran.status == 0 and "product A D^T: yes" in ran.out and "\n  39 53\n" in ran.out
    report = run("cost", "--forward-limit", "3", "--zeros-and-ones", "--json").json
    assert report["agrees"] is True and report["cost"] == "38"


def test_random_programs(run: Command) -> None:
    ran = run("cost", "--random", "5", "--dictionary", "pl", "--seed", "3")
    assert ran.status == 0 and "violations: 0" in ran.out and "(omega_f(p))" in ran.out
    assert run("cost", "--random", "5", "--json").json["violations"] == []


def test_decisions_refuse_what_cost_counts(run: Command, product: str, tmp_path: Path) -> None:
    grown = tmp_path / "grown.net"
    grown.write_text("inputs x; e = exp x; f = abs e; outputs f", encoding="utf-8")
    wanted = "e: exp is not piecewise linear (its values are irrational): decisions refuse it, cost counts it"
    assert "f: abs of what is irrational is not decided" in run("check", grown).err
    for command in ("gradient", "sample", "cells", "info"):
        ran = run(command, grown)
        assert (ran.status, ran.out) == (2, "") and wanted in ran.err and ran.err.count("\n") == 1
    ran = run("obfuscate", product, "--steps", "unimodular")
    assert ran.status == 2 and "f: mul is not piecewise linear, and this is for nets that are" in ran.err
    layered = tmp_path / "tanh.json"
    layered.write_text(
        '{"inputs": 1, "layers": [{"weight": [[1]], "activation": "tanh"}, {"weight": [[1]]}]}', encoding="utf-8"
    )
    assert run("check", layered, "--json").json["outer"] == ["layers[0][0] (tanh)"]  # it comes last
    ran = run("gradient", layered)
    assert ran.status == 2 and "layers[0][0]: tanh is not piecewise linear (its values are irrational)" in ran.err
    assert run("cost", layered).status == 0
    assert run("convert", layered, "--to", "graph").status == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give one of PROGRAM"),
        (("no.json", "--bounds", "pl"), "give one of PROGRAM"),
        (("no.json",), "no.json"),
        (("no.py:f",), "no such file"),
        (("--bounds", "pl", "--unit", "add=-1"), "negative"),
        (("--bounds", "pl", "--unit", "adds=1"), "unknown kind"),
        (("--forward-limit", "99"), "more than 32"),
        (("--bounds", "pl", "--unit", "nl=x"), "no number"),
        (("--forward-limit", "2", "--matrices", "no.json", "no.json"), "no matrix in JSON"),
    ],
)
def test_refusals(run: Command, arguments: tuple[str, ...], message: str) -> None:
    ran = run("cost", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err and ran.err.count("\n") == 1


def test_a_row_that_cannot_be_there_says_why(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "norm.net"
    file.write_text("inputs x y; f = norm x y; outputs f", encoding="utf-8")
    ran = run("cost", file)
    assert ran.status == 0 and "backward, structural" in ran.out
    assert "lexicographic: f: a tie that no direction settles" in ran.out
    file.write_text("inputs x y; f = div x y; outputs f", encoding="utf-8")
    ran = run("cost", file)
    assert ran.status == 2 and "f: a quotient whose denominator is 0" in ran.err and ran.err.count("\n") == 1


def test_time_limit(run: Command, product: str) -> None:
    assert run("cost", product, "--time-limit", "0").status == 3
    assert run("cost", "--forward-limit", "2", "--time-limit", "0").status == 3
