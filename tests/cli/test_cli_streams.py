"""Standard streams that are closed, full or odd, and Ctrl-C: one line and a status, never a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import pytest
from support.cli_runner import ABS, COMMAND, WEDGE, message, spawn
from support.paths import INSTANCES
from support.streams import alive, children, start, until

import subgrad_hardness
from subgrad_hardness import dumps, generate
from subgrad_hardness.cli.main import main

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's streams and /proc")

ALL_THAT_PRINT = [
    ["check", ABS],
    ["check", ABS, "--json"],
    ["check", ABS, "--time-limit", "30"],
    ["info", ABS],
    ["gradient", ABS, "--json"],
    ["sample", ABS, "--samples", "9", "--method", "exact"],
    ["convert", ABS],
    ["obfuscate", ABS],
    ["obfuscate", "list"],
    ["generate", "list"],
    ["generate", "3sat", "--variables", "5", "--ratio", "2"],
    ["--version"],
    ["--help"],
    ["check", "--help"],
]


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """A line of shell in which $TOOL is the command."""
    text = line.replace("$TOOL", " ".join(COMMAND))
    return subprocess.run(["bash", "-c", text], capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("arguments", ALL_THAT_PRINT, ids=" ".join)
def test_a_full_disk(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = spawn(arguments, stdout=full)
    assert (ran.status, ran.error) == (74, "output could not be written: No space left on device")


@pytest.mark.parametrize(
    "arguments", [["check", ABS], ["convert", ABS], ["check", ABS, "--json"], ["--help"]], ids=" ".join
)
def test_closed_output(arguments: list[str]) -> None:
    done = shell(f"$TOOL {' '.join(arguments)} >&-")
    assert (done.returncode, message(done.stderr)) == (74, "output could not be written: Bad file descriptor")


def test_closed_output_does_not_matter_where_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    done = shell(f"$TOOL convert {ABS} --to graph -o {file} >&-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "nodes" in json.loads(file.read_text())


@pytest.mark.parametrize("arguments", ALL_THAT_PRINT, ids=" ".join)
def test_a_reader_that_left(arguments: list[str]) -> None:
    done = shell(f"set -o pipefail; $TOOL {' '.join(arguments)} | true")
    assert (done.returncode, done.stdout) == (74, b"")
    if "--json" in arguments:
        assert message(done.stderr) == "standard output was closed before all was written"
    else:
        assert done.stderr == b""  # as after ``| head``


def test_closed_errors() -> None:
    done = shell("$TOOL check missing.json 2>&-")
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("option", ["", "--time-limit 30"])
def test_closed_input(option: str) -> None:
    done = shell(f"$TOOL check - {option} <&-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"<stdin>: cannot be read: standard input is closed\n"


def test_empty_input() -> None:
    assert spawn(["check", "-"]).error == "<stdin>: empty"
    assert spawn(["check", "-", "--time-limit", "30"]).error == "<stdin>: empty"


ODD = {
    "inputs": ["ж"],
    "nodes": [{"id": "u\n\x1b[31m😀", "op": "abs", "args": ["ж"]}],
    "outputs": ["u\n\x1b[31m😀"],
    "name": "two\nlines",
}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_names_that_the_terminal_cannot_show(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(ODD))
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for command in ("check", "info", "gradient"):
        ran = spawn([command, file], env=environment)
        assert (ran.status, ran.err) == (0, "")
        assert "u\\n\\x1b[31m" in ran.out
        assert "\x1b" not in ran.out
    ran = spawn(["check", file, "--json"], env=environment)
    assert ran.json["kink_names"] == ["u\n\x1b[31m😀"]
    ran = spawn(["convert", file], env=environment)
    assert json.loads(ran.out)["inputs"] == ["ж"]


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("hard") / "hard.json"
    file.write_text(dumps(generate("clique", vertices=24, offset=1)), encoding="utf-8")
    return file


#: How an interruption is told: with what was known, if it came late enough.
INTERRUPTED = r"interrupted(; what was known: <CheckResult: unknown, 437 kinks.*>)?"


@pytest.mark.parametrize("option", [[], ["--json"], ["--solver", "circuit"]], ids=" ".join)
def test_interrupted(hard: Path, option: list[str]) -> None:
    with start("check", "-", *option) as process:
        assert process.stdin is not None
        process.stdin.write(hard.read_bytes() + b" " * 2**22)  # more than a pipe holds: it is being read
        process.stdin.close()
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout is not None and process.stderr is not None
        assert process.wait(timeout=10) == 130
        assert process.stdout.read() == b""
        assert re.fullmatch(INTERRUPTED, message(process.stderr.read()))


def test_an_interruption_says_what_was_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("subgrad_hardness.api.check.decide", interrupted)
    assert main(["check", str(INSTANCES / "abs.json"), "--certificate", str(tmp_path / "out.json")]) == 130
    captured = capsys.readouterr()
    assert captured.out == ""
    known = "<CheckResult: unknown, 2 kinks, subgradient (1), not certified>"
    assert captured.err.replace("(-1)", "(1)") == f"interrupted; what was known: {known}\n"
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("subgrad_hardness.api.check.load", interrupted)
    assert main(["check", str(INSTANCES / "abs.json")]) == 130
    assert capsys.readouterr().err == "interrupted\n"


@pytest.mark.parametrize("whole_group", [True, False])
def test_interrupted_with_a_limit(hard: Path, whole_group: bool) -> None:
    with start("check", str(hard), "--time-limit", "300") as process:
        workers: list[int] = []
        for _ in until():
            workers = children(process.pid)
            if workers:
                break
        time.sleep(0.5)
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
        assert process.stdout is not None and process.stderr is not None
        assert process.wait(timeout=10) == 130
        assert process.stdout.read() == b""
        assert re.fullmatch(INTERRUPTED, message(process.stderr.read()))
    for _ in until(5):
        if not any(map(alive, workers)):
            break


def test_interrupted_while_waiting_for_input() -> None:
    with start("check", "-", "--time-limit", "300") as process:
        assert process.stdin is not None
        process.stdin.write(b" " * 2**22)
        process.stdin.flush()
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout is not None and process.stderr is not None
        assert process.wait(timeout=10) == 130
        assert (process.stdout.read(), process.stderr.read()) == (b"", b"interrupted\n")


def test_the_worker_ends_with_its_parent(hard: Path) -> None:
    with start("check", str(hard), "--time-limit", "300") as process:
        workers: list[int] = []
        for _ in until():
            workers = children(process.pid)
            if workers:
                break
        time.sleep(0.5)
        process.kill()
    for _ in until(10):
        if not any(map(alive, workers)):
            break


def test_point_from_a_shell() -> None:
    done = shell(f'$TOOL check {WEDGE} --point "-1, 0" --exit-code')
    assert (done.returncode, done.stderr) == (10, b"")


def test_progress_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", str(INSTANCES / "needle.json"), "--solver", "cells", "--json"]
    assert main(arguments) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for extra in ([], ["--time-limit", "60"]):
        assert main([*arguments, *extra]) == 0
        seen = capsys.readouterr()
        assert seen.err == "\r\033[Ktrying cells\r\033[K"
        assert seen.out.count("\n") == 1


def test_progress_in_the_library() -> None:
    heard: list[str] = []
    subgrad_hardness.check(INSTANCES / "needle.json", progress=heard.append)
    subgrad_hardness.check(INSTANCES / "needle.json", progress=heard.append, time_limit=60)
    assert heard == ["trying levels for at most 1.6 s", "round 1: plane for at most 0.2 s"] * 2
