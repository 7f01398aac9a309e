"""The runs of benchmarks that are kept, and their trends."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "scripts" / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import record  # noqa: E402
import trends  # noqa: E402

KEPT = sorted((ROOT / "docs" / "performance").glob("*.json"))


def run(commit: str, committed: str, yardstick: float, **row: Any) -> dict[str, Any]:
    facts = {
        "version": 1,
        "benchmark": "b",
        "options": {"repeat": 3, "only": None},
        "date": "2026-11-29T00:00:00+00:00",
    }
    return {**facts, "commit": commit, "committed": committed, "yardstick": yardstick, "rows": [{"what": "net", **row}]}


def test_seconds_are_told_in_yardsticks_and_ratios_as_they_are() -> None:
    # The second machine is half as fast: the same work takes twice the seconds, which is no trend.
    runs = [
        run("new", "2026-11-28", 0.02, seconds={"check": 0.8}, ratios={"over z3": 0.25}, words={"verdict": "unknown"}),
        run("old", "2026-11-27", 0.01, seconds={"check": 0.4}, ratios={"over z3": 0.5}, words={"verdict": "unique"}),
    ]
    ((name, ordered),) = trends.comparable(runs).items()
    assert name == ("b", "repeat 3")
    assert [each["commit"] for each in ordered] == ["old", "new"]
    lines = trends.table(ordered, 1.0)
    assert "| net | check, yardsticks | 40 | 40 | 1.00 |" in lines
    assert "| net | over z3 | 0.5 | 0.25 | 0.50 |" in lines
    assert trends.table(ordered, 1.5)[2:] == ["| net | over z3 | 0.5 | 0.25 | 0.50 |"]
    assert trends.changed_words(ordered) == ["* net, verdict: unique, then unknown (new)"]


def test_what_was_not_measured_leaves_a_gap() -> None:
    runs = [run("a", "1", 1.0, seconds={"check": None}), run("b", "2", 1.0, seconds={"check": 2.0})]
    assert trends.table(runs, 1.0)[2:] == ["| net | check, yardsticks |  | 2 |  |"]


def test_a_record_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    kept = record.Record("b", argparse.Namespace(json=file, before=tmp_path, repeat=2))
    kept.row("one", seconds={"check": 1 / 3, "peer": float("inf")}, words={"verdict": "unique"})
    first = file.read_text(encoding="utf-8")
    kept.row("two", ratios={"over numpy": 1.5})
    read = trends.read(file)
    assert json.loads(first)["rows"] == read["rows"][:1]
    assert read["options"] == {"repeat": 2}
    assert read["rows"][0] == {
        "what": "one",
        "seconds": {"check": 0.3333, "peer": None},
        "words": {"verdict": "unique"},
    }
    assert read["rows"][1] == {"what": "two", "ratios": {"over numpy": 1.5}}
    assert str(tmp_path) not in file.read_text(encoding="utf-8")
    assert trends.figures(read)["two", "over numpy"] == 1.5


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "rows": []}'])
def test_what_is_no_run_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "no.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no\.json: "):
        trends.read(tmp_path / "no.json")


def test_every_benchmark_keeps_its_runs() -> None:
    scripts = [path for path in BENCHMARKS.glob("*.py") if path.name not in ("record.py", "trends.py")]
    assert len(scripts) > 10
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert "add_json_option(parser)" in text and f'Record("{path.stem}", ' in text, path.name


def test_kept_runs_are_readable_and_of_committed_code() -> None:
    assert len({run["benchmark"] for run in map(trends.read, KEPT)}) >= 5
    for path in KEPT:
        kept = trends.read(path)
        assert "dirty" not in kept["commit"], path.name
        assert trends.figures(kept), path.name
