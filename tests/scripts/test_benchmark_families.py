"""What the benchmark measures: its sets, their bounds, and that every instance of the new set has a known verdict."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter

from support.paths import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

import benchmark
from peers.families import instances
from peers.sets import ROWS, SETS, chosen

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.pose import pose

#: The bounds of programs written twice, in seconds, by row and size.
BOUNDS = {
    "median": {"16": 1, "32": 10},
    "ranks": {"16": 2},
    "maximum": {"256": 2},
    "scan": {"128": 2},
    "pooling": {"28": 2},
    "pooling-twice": {"64": 2},
    "pooling-convolved": {"12": 5},
    "absolute": {"64": 5},
    "largest": {"8, k = 4": 2, "10, k = 5": 20},
    "shortestpath": {"6": 5, "8": 60},
    "isotonic": {"12": 5, "20": 60},
    "totalvariation": {"8": 5, "16": 60},
}


def test_the_bounds_are_those_that_were_asked_for() -> None:
    found = {
        row.name: {size.label: size.bound.seconds for size in row.sizes if size.bound is not None}
        for row in SETS["minmax-twice"]
    }
    assert {name: bounds for name, bounds in found.items() if bounds} == BOUNDS


def test_sets_are_chosen_by_name() -> None:
    assert max(Counter(row.name for row in ROWS).values()) == 1
    assert chosen(None) == ROWS
    assert [row.name for row in chosen("minmax-twice")[:2]] == ["median", "ranks"]
    assert "minmax" in {row.name for row in chosen("hardness")}
    assert all("|" not in row.title for row in ROWS)  # titles stand in tables


def test_programs_written_twice_have_known_verdicts() -> None:
    """Both answers in every row, and engines that answer at the first size say the same."""
    for row in chosen("minmax-twice"):
        assert [size.quick for size in row.sizes] == [True] + [False] * (len(row.sizes) - 1)
        found = Counter[str | None]()
        for size in row.sizes[:2]:
            for (instance,) in instances(row, size, 1).values():
                program = instance.program()
                known = instance.verdict(program)
                found[known] += 1
                if size.quick and row.name not in ("pooling-twice", "pooling-convolved"):
                    answer = decide(pose(program).question, "auto", Limits.seconds(30)).answer
                    assert not isinstance(answer, Undecided), row.name
                    assert isinstance(answer, Refutation) is (known == "unique")
        assert set(found) == {"distinct", "unique"}, row.name


def test_a_quick_run_of_one_set() -> None:
    options = Namespace(bounded=False, set="minmax-twice", families=None, quick=True, seeds=1)
    plan = benchmark.planned_groups(options)
    assert {group.row.name for group, _ in plan} == {row.name for row in SETS["minmax-twice"]}
    assert all(len(some) == 1 for _, some in plan)
