"""Memory limits end in ``unknown`` with what was known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import Command, in_process

from subgrad_hardness import check, dumps, generate, verify
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LEAST_MEMORY, Limits, lacks_memory
from subgrad_hardness.engine import registry
from subgrad_hardness.engine.contract import Engine, Run
from subgrad_hardness.net.reading import load
from subgrad_hardness.question.answer import Answer, Undecided
from subgrad_hardness.question.pose import pose

RELU = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "relu"}]}
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no RLIMIT_DATA, or do not enforce it")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def without_memory(*_: object) -> Run:
    """The ``start`` of an engine that finds no memory."""

    def run(_: Limits) -> Answer:
        raise MemoryError

    return run


@pytest.mark.parametrize(
    ("problem", "lacks"),
    [
        (MemoryError(), True),
        (RuntimeError("can't start new thread"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("x.so: failed to map segment from shared object"), True),
        (OSError(2, "No such file or directory"), False),
        (RuntimeError("odd"), False),
    ],
)
def test_the_ways_of_saying_that_memory_was_refused(problem: Exception, lacks: bool) -> None:
    assert lacks_memory(problem) is lacks


def test_a_solver_without_a_thread_is_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    net = generate("maxcut", vertices=4, k=5)

    def refused(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", refused)
    assert check(net, solver="milp-scip").why == "milp-scip: out of memory"
    monkeypatch.setattr("_thread.start_new_thread", lambda *_: 0)
    monkeypatch.setattr("subgrad_hardness.engine.milp._BEGIN", 0.1)
    assert check(net, solver="milp-scip").why == "milp-scip: out of memory"


@linux
@pytest.mark.parametrize("solver", ["phase", "milp-scip"])
def test_beyond_the_limit_is_unknown_with_what_was_known(solver: str) -> None:
    net = generate("maxcut", vertices=24, k=120)
    result = check(net, solver=solver, memory_limit=LEAST_MEMORY, time_limit=60)
    assert result.verdict == "unknown"
    assert result.why is not None and ("memory" in result.why or "the solver failed" in result.why)
    assert result.subgradients is not None and len(result.subgradients) == 1
    assert result.kinks == 1153


@linux
def test_enough_memory_is_no_limit(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    net = generate("maxcut", vertices=4, k=5)
    result = check(net, memory_limit=2**30, certificate=file)
    assert (result.verdict, result.certified) == ("unique", True)
    assert verify(net, file, memory_limit=2**30).verdict == "unique"


@linux
def test_from_the_command_line(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_text(dumps(generate("maxcut", vertices=24, k=120)), encoding="utf-8")
    ended = run("check", str(file), "--solver", "phase", "--memory-limit", "32M", "--json")
    assert ended.status == 3
    assert ended.json["why"] in (
        "memory limit",
        "phase: out of memory",
        "phase: the memory budget of 16 MiB is full",
    )  # who meets the limit, the engine's budget, the engine or its worker
    assert ended.err == ""


@pytest.mark.parametrize("size", ["31M", "0", "1e9", "-5", "", "4X", "12 M"])
def test_sizes_that_are_none(run: Command, size: str) -> None:
    ended = run("check", "net.json", "--memory-limit", size)
    assert (ended.status, ended.out) == (2, "")
    assert "--memory-limit" in ended.err


@pytest.mark.parametrize("size", [LEAST_MEMORY - 1, 0, -1, 1e12, True, "1G"])
def test_library_sizes_that_are_none(size: Any) -> None:
    for call in (lambda: check(RELU, memory_limit=size), lambda: verify(RELU, {}, memory_limit=size)):
        with pytest.raises(ParameterError, match="memory limit"):
            call()


def test_an_engine_without_memory_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    poor = Engine("circuit", f"{__name__}:without_memory", "finds no memory", exact=True, proves=True)
    answer = poor.decide(pose(load(RELU)).question, Limits())
    assert answer == Undecided("circuit: out of memory")
    monkeypatch.setitem(registry.ENGINES, "circuit", poor)
    result = check(generate("3sat", variables=8, ratio="8", seed=1))
    assert result.verdict == "unique" and result.solver in set(registry.PROVERS) - {"circuit"}
