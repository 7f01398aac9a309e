"""Cubes in processes: kill -9 of one of them and of the command, Ctrl-C, limits, a full disk, a cluster."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.batch_processes import batch, until_lines, workers
from support.cli_runner import COMMAND, spawn
from support.cube_nets import TINY, by_cubes
from support.streams import alive, until

from subgrad_hardness import check, dumps, generate
from subgrad_hardness.processes import spawn as spawning
from subgrad_hardness.question.answer import Undecided

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's signals and /proc")

#: Some seconds of work, in dozens of cubes.
HARD = generate("clique", vertices=8, offset=1)
OPTIONS = ["--jobs", "2", "--cube-seconds", "0.04", "--no-cross-check"]


@pytest.fixture
def net(tmp_path: Path) -> str:
    file = tmp_path / "net.json"
    file.write_text(dumps(HARD), encoding="utf-8")
    return str(file)


def fallen(path: Path) -> list[str]:
    """The cubes that fell in a file, by its whole lines."""
    lines = [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    return [value["cube"] for value in map(json.loads, lines) if "rests_on" in value]


def test_killed_and_resumed(net: str, tmp_path: Path) -> None:
    """A process, then the whole group; the same command goes on, and its certificate is verified."""
    path, certificate = tmp_path / "cubes", tmp_path / "certificate"
    arguments = ["check", net, *OPTIONS, "--resume", str(path), "--certificate", str(certificate)]
    with batch(*arguments[1:]) as process:
        before = until_lines(path, 12).count(b"\n")
        victim = workers(process.pid)[0]
        os.kill(victim, signal.SIGKILL)
        until_lines(path, before + 6)  # another process took its place
        processes = workers(process.pid)
        assert victim not in processes
        os.killpg(process.pid, signal.SIGKILL)
    for _ in until(10):  # nobody is left behind
        if not any(map(alive, processes)):
            break
    left = path.read_bytes()
    kept = left[: left.rfind(b"\n") + 1]
    had = fallen(path)
    ran = spawn(arguments)
    assert ran.status == 0, ran.err
    assert "decided by: cubes (all of " in ran.out
    assert f"{len(had)} of them earlier" in ran.out
    assert path.read_bytes().startswith(kept)
    names = fallen(path)
    assert names[: len(had)] == had and len(set(names)) == len(names)
    assert spawn(["verify", net, str(certificate)]).out == "VERIFIED unique\n"


def test_ctrl_c_and_a_limit(net: str, tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    with batch(net, *OPTIONS, "--resume", path) as process:
        until_lines(path, 8)
        processes = workers(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.read() == b""
        assert process.stderr.read().startswith(b"interrupted")
    for _ in until(10):
        if not any(map(alive, processes)):
            break
    had = fallen(path)
    ran = spawn(["check", net, *OPTIONS, "--resume", str(path), "--time-limit", "0.8", "--json"])
    assert ran.status in (0, 3)
    assert fallen(path)[: len(had)] == had


def test_a_full_disk(net: str, tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    command = " ".join([*COMMAND, "check", net, *OPTIONS, "--resume", str(path)])
    done = subprocess.run(["bash", "-c", f"ulimit -f 40; {command}"], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (74, b"")
    assert done.stderr.decode() == f"{path}: cannot be written: File too large\n"
    assert path.read_bytes().endswith(b"\n")


def test_two_at_once(net: str, tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    with batch(net, *OPTIONS, "--resume", path):
        until_lines(path, 4)
        ran = spawn(["check", net, *OPTIONS, "--resume", str(path)])
        assert (ran.status, ran.out) == (74, "")
        assert ran.err == f"{path}: cannot be written: another process is writing to it\n"


def test_a_cube_that_kills_what_decides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = spawning._START.replace(
        "import_module(sys.argv[2]).main()",
        "import os, subgrad_hardness.cubes.work as work\n"
        "work.CubeWork.__call__ = lambda *_: os.kill(os.getpid(), 9)\n"
        "import_module(sys.argv[2]).main()",
    )
    assert text != spawning._START
    monkeypatch.setattr(spawning, "_START", text)
    answer = by_cubes(generate("maxcut", vertices=6, offset=1), TINY._replace(jobs=2)).decision.answer
    assert isinstance(answer, Undecided)
    assert answer.why.startswith("cube ")
    assert answer.why.endswith("the worker process was killed (SIGKILL), as where memory is short")


def test_processes_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spawning, "_START", "import sys; sys.exit(9)")
    answer = by_cubes(generate("maxcut", vertices=6, offset=1), TINY._replace(jobs=2)).decision.answer
    assert isinstance(answer, Undecided)
    assert "could not start: the worker process ended with status 9: 0 cubes fallen" in answer.why


def test_a_cluster() -> None:
    distributed: Any = pytest.importorskip("distributed")
    assert distributed
    net = generate("clique", vertices=6, offset=1)
    result = check(net, dask="local:2", cube_seconds=0.1, cross_checks=False)
    assert (result.verdict, result.solver, result.certified) == ("unique", "cubes", True)


def test_a_witness_ends_everything() -> None:
    result = check(generate("maxcut", vertices=7, offset=0), jobs=2, cube_seconds=0.1, cross_checks=False)
    assert (result.verdict, result.certified) == ("distinct", True)
    assert workers(os.getpid()) == []
