"""Engines side by side: the same answers, no process left behind, and a dying process is only one engine less."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from support.conformance import CASES
from support.posed import judge, pose
from support.streams import children

from subgrad_hardness import check, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine import race as parallel
from subgrad_hardness.engine.race import race
from subgrad_hardness.engine.registry import ENGINES, Decision
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.processes import spawn
from subgrad_hardness.question.answer import Answer, Undecided

NETS = {case.name: case.net for case in CASES}
MEDIANS = pose("medians", NETS["median two ways"], "unique", 3)
#: Its circuit blows up, and its cells are many.
HARD = pose("hard", to_mapping(generate("maxcut", vertices=6, offset=1, seed=6)), "unique", 3)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The worker processes of a test, all of which are over and buried in the end."""
    processes: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def kept(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(popen(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr("subprocess.Popen", kept)
    yield processes
    assert all(process.returncode is not None for process in processes)
    assert not set(children(os.getpid())) & {process.pid for process in processes}


def ignore(_: str) -> None:
    """Announcements that nobody hears."""


@pytest.mark.parametrize("name", ["unsatisfiable", "finer needle", "sum and maximum norms"])
def test_the_same_verdicts(name: str, started: list[subprocess.Popen[bytes]]) -> None:
    alone = check(NETS[name])
    assert not started
    several = check(NETS[name], threads=2)
    assert started
    assert several.verdict == alone.verdict == {case.name: case.verdict for case in CASES}[name]
    assert several.certified
    assert several.solver in ENGINES
    assert several.subgradients == alone.subgradients or several.verdict == "distinct"


def test_no_more_at_a_time_than_threads(started: list[subprocess.Popen[bytes]]) -> None:
    """What cannot answer makes room for the next."""
    said: list[str] = []

    def announce(text: str) -> None:
        assert sum(process.poll() is None for process in started) <= 2
        said.append(text)

    decision = race(MEDIANS.question, ["layer", "plane", "phase"], Limits(), announce, 2)
    assert decision.by == "phase"
    assert judge(ENGINES["phase"], MEDIANS, decision.answer)
    assert said[:2] == ["running layer side by side", "running layer and plane side by side"]
    assert said[2] in ("running layer and phase side by side", "running plane and phase side by side")
    assert len(started) == 3


def test_all_reasons_where_none_answers(started: list[subprocess.Popen[bytes]]) -> None:
    decision = race(MEDIANS.question, ["layer", "plane"], Limits(), ignore, 1)
    assert decision == Decision(
        Undecided("layer: every goal has kinks behind kinks; plane: 3 inputs, more than 2"), "auto"
    )
    assert len(started) == 2


def test_a_limit_ends_everything(started: list[subprocess.Popen[bytes]]) -> None:
    decision = race(HARD.question, ["circuit", "cells"], Limits.seconds(0.2), ignore, 2)
    assert decision == Decision(Undecided("time limit"), "auto")
    assert [process.returncode for process in started] == [-9, -9]


def test_an_interruption_ends_everything(started: list[subprocess.Popen[bytes]]) -> None:
    def announce(text: str) -> None:
        if " and " in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        race(HARD.question, ["circuit", "cells"], Limits(), announce, 2)
    assert [process.returncode for process in started] == [-9, -9]


@pytest.mark.parametrize(
    "text",
    ["", "import sys; sys.exit(3)", "print('half a pickle')", "import sys; sys.stdin.buffer.read(100); 1 / 0"],
)
def test_dying_processes_are_survived_and_reported(
    text: str, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spawn, "_START", text)
    names = ["circuit", "phase", "cells"]
    decision = race(MEDIANS.question, names, Limits(), ignore, 2)
    assert isinstance(decision.answer, Undecided)
    said = [f"{name}: its process ended without an answer" for name in names]
    assert sorted(decision.answer.why.split("; ")) == sorted(said)
    assert len(started) == 3
    result = check(NETS["sum and maximum norms"], threads=2)
    assert (result.verdict, result.solver) == ("unknown", None)
    assert "its process ended without an answer" in (result.why or "")


def test_output_that_no_pickle_begins_with_is_no_answer(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker's surroundings print there: an I opens an integer, of which these are no digits."""
    monkeypatch.setattr(spawn, "_START", "print('Info: this is printed by sitecustomize')")
    decision = race(MEDIANS.question, ["phase"], Limits.seconds(3), ignore, 1)
    assert decision.answer == Undecided("phase: its process ended without an answer")
    assert len(started) == 1


def test_one_dying_process_is_one_engine_less(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash of an engine, that is; on standard error is what it had to say."""
    crash = "import subgrad_hardness.engine.circuit.decide as module; module.start = lambda *_: sys.exit(0);"
    text = spawn._START.replace("import_module(sys.argv[2]).main()", f"{crash}import_module(sys.argv[2]).main()")
    assert text != spawn._START
    monkeypatch.setattr(spawn, "_START", text)
    decision = race(MEDIANS.question, ["circuit", "phase"], Limits(), ignore, 1)
    assert decision.by == "phase"
    assert judge(ENGINES["phase"], MEDIANS, decision.answer)
    assert len(started) == 2


def test_a_worker_ends_with_its_parent() -> None:
    """When its standard input does, in the middle of its work, and it does not hear of Ctrl-C."""
    with spawn.start_process("subgrad_hardness.engine.race") as process:
        assert process.stdin is not None and process.stdout is not None
        pickle.dump(("circuit", HARD.question, 1e6), process.stdin)
        process.stdin.close()
        assert process.wait(30) == 1
        assert process.stdout.read() == b""


class Input(NamedTuple):
    """A standard input of bytes."""

    buffer: io.BytesIO


@pytest.mark.parametrize(("seconds", "answered"), [(1e3, True), (-1.0, False)])
def test_the_workers_side(seconds: float, answered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads an engine's name, a question and the time that is left, and writes the answer."""
    answers: list[Answer] = []
    monkeypatch.setattr("sys.stdin", Input(io.BytesIO(pickle.dumps(("phase", MEDIANS.question, seconds)))))
    monkeypatch.setattr("subgrad_hardness.processes.spawn.sender", lambda: answers.append)
    monkeypatch.setattr("subgrad_hardness.processes.spawn.end_with_parent", lambda: None)
    parallel.main()
    (answer,) = answers
    if answered:
        assert judge(ENGINES["phase"], MEDIANS, answer)
    else:
        assert answer == Undecided("phase: time limit", limited=True)
