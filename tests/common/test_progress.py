"""How far calls are: what is told, to whom, and what a terminal and a notebook show of it."""

from __future__ import annotations

import io
import os
import pty
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from support.paths import ROOT

import subgrad_hardness as sh
from subgrad_hardness.cli.main import main
from subgrad_hardness.common import progress, terminal
from subgrad_hardness.common.progress import Line, Steps, hearing, listener, share_of, within

BRANCHED = sh.generate("dense", widths="3-9-9-1", seed=1)
NET = ROOT / "instances" / "sum-of-abs.json"


@pytest.fixture(autouse=True)
def every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    monkeypatch.setattr(terminal, "_SOONEST", 0.0)


def test_steps_tell_their_share_and_nobody_hears_them_outside() -> None:
    heard: list[str] = []
    with hearing(heard.append):
        steps = Steps(4, "point", known=1)
        for done in (1, 2, 3, 4):
            steps.done(done)
    Steps(4, "point").done(2)
    assert listener() is None
    assert [line.split(",")[0] for line in heard] == [f"{done} of 4 points" for done in (1, 2, 3, 4)]
    assert [line.share for line in heard if isinstance(line, Line)] == [0.25, 0.5, 0.75, 1.0]
    assert all(re.search(r", \d+\.\d s left$", line) for line in heard[1:])


def test_a_part_tells_behind_the_whole() -> None:
    heard: list[str] = []
    with hearing(heard.append):
        with within(share_of("net 2 of 4", 1, 4)):
            Steps(3, "sample").done(0)
        Steps(1, "sample").done(0)
    with within(share_of("nobody hears it", 1, 4)):
        assert listener() is None
    assert heard == ["net 2 of 4", "net 2 of 4; 0 of 3 samples", "0 of 1 sample"]
    assert [line.share for line in heard if isinstance(line, Line)] == [0.25, 0.25, 0.0]


def test_what_comes_too_fast_for_the_eye_is_shown_a_moment_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("subgrad_hardness.common.terminal.time.monotonic", lambda: now)
    monkeypatch.setattr(terminal, "_SOONEST", 0.05)
    stream = io.StringIO()
    line = terminal.TerminalLine(stream, "cells")
    for text in ("one", "two", "three"):
        line(text)
    assert stream.getvalue() == "\r\033[Kone"
    line.tick()
    line.tick()
    assert stream.getvalue() == "\r\033[Kone\r\033[Kthree"


def test_calls_tell_where_they_are() -> None:
    heard: list[str] = []
    iteration = sh.iterations.lasso([[2, 1], [1, 2]], [4, 3], 1, "1/4", parameters=("lam",)).iteration
    with hearing(heard.append):
        sh.sample(NET, samples=20, method="exact")
        sh.piggyback(iteration, steps=3)
        sh.check(NET, time_limit=60, solver="cells")  # in another process, whose lines come over
        sh.solution_path(iteration, ["1"], ["3"])
        list(sh.check_many([NET, ROOT / "instances" / "relu.json"]))
        sh.subdifferential(NET).members()
        sh.lexicographic_subgradients(NET)
        sh.shortest(NET)
        sh.support(BRANCHED, [1, 2, 3])
    assert "1 of 2 nets: 1 distinct, 0 unique" in "".join(heard)
    for begin in (
        "4 lexicographic subgradients found",
        "4 cells found",
        "4 subgradients known",
        "branching: ",
    ):
        assert any(line.startswith(begin) for line in heard), begin
    for begin in ("20 of 20 samples", "2 of 3 steps", "trying cells", "0 % of the way"):
        assert any(line.startswith(begin) for line in heard), (begin, heard[-5:])


@contextmanager
def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Standard error is a terminal; what it was sent."""
    here, there = pty.openpty()
    sent: list[bytes] = []

    def read() -> None:
        while True:
            try:
                sent.append(os.read(here, 4096))
            except OSError:  # nobody writes any more
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with open(there, "w", encoding="utf-8") as stream:  # noqa: PTH123 (a descriptor)
        monkeypatch.setattr(sys, "stderr", stream)
        yield sent
        stream.flush()
        monkeypatch.undo()
    reader.join(timeout=2)
    os.close(here)


def test_a_command_shows_a_line_on_a_terminal_and_takes_it_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_terminal(monkeypatch) as sent:
        monkeypatch.setattr(progress, "_PAUSE", 0.0)
        assert main(["sample", str(NET), "--samples", "30", "--method", "exact"]) == 0
    shown = b"".join(sent).decode()
    assert "\r\033[K7 of 30 samples, " in shown
    assert shown.endswith("\r\033[K")
    assert "samples, " not in capsys.readouterr().out.splitlines()[-1]


def test_time_that_passes_is_told_with_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("subgrad_hardness.common.terminal.time.monotonic", lambda: now)
    stream = io.StringIO()
    line = terminal.TerminalLine(stream, "cells", 60.0)
    now += 5
    line.tick()
    assert re.fullmatch(r"\r\033\[Kcells; 5\.\d s of at most 1 min 0 s", stream.getvalue())
    line.clear()
    before = stream.getvalue()
    line.tick()  # something else is being printed
    assert stream.getvalue() == before
    line(progress.share_of("1 of 2 nets", 1, 2))
    now += 5
    line.tick()
    assert stream.getvalue().rsplit("\r\033[K", 1)[1].startswith("1 of 2 nets; 10.")
    assert "at most" not in stream.getvalue().rsplit("\r\033[K", 1)[1]


def test_a_notebook_shows_a_bar_that_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Handle:
        def update(self, data: dict[str, Any], raw: bool) -> None:
            assert raw
            shown.append(data["text/html"])

    def display(data: dict[str, Any], raw: bool, display_id: bool) -> Handle:
        assert raw and display_id
        shown.append(data["text/html"])
        return Handle()

    python = SimpleNamespace(get_ipython=object)
    monkeypatch.setitem(sys.modules, "IPython", python)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    with sh.progress():
        sh.sample(NET, samples=10, method="exact")
    assert '<progress value="0.5000" max="1"></progress> <span>5 of 10 samples, ' in "".join(shown)
    assert shown[-1] == ""
    python.get_ipython = lambda: None
    with sh.progress():
        assert listener() is None  # no notebook, no terminal


def test_a_line_ticks_by_itself_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_QUIET", 0.0)
    stream = io.StringIO()
    line = terminal.TerminalLine(stream, "working")
    with terminal.ticking(line, 0.001):
        for _ in range(200):
            if stream.getvalue():
                break
            time.sleep(0.005)
    assert stream.getvalue().startswith("\r\033[Kworking; ")
    assert stream.getvalue().endswith("\r\033[K")
