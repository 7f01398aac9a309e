"""The output file of a batch: what it keeps, what it cuts off, what it refuses."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cli_runner import ABS, COMMAND, SMALL, UNIQUE, WEDGE
from support.paths import INSTANCES
from support.strategies import programs

import subgrad_hardness
from subgrad_hardness import CheckResult, NetResult, ParameterError, check, check_many
from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.batch.item import Options
from subgrad_hardness.batch.journal import Journal
from subgrad_hardness.batch.lines import check_result, earlier_result, read_line, write_line
from subgrad_hardness.common.files import OutputError

OPTIONS = Options(check=CheckOptions(seed=3, time_limit=0.1))


def asked(**changes: Any) -> Options:
    """The options with changes in what is asked of ``check``."""
    return replace(OPTIONS, check=replace(OPTIONS.check, **changes))


@cache
def results() -> tuple[NetResult, ...]:
    """One of each kind."""
    abs_result = replace(check(ABS), certificate=None)
    return (
        NetResult(net="a/ж\n.json", sha256="0" * 64, options=OPTIONS, status=0, result=abs_result),
        NetResult(net="b\udcff.json", sha256=None, options=OPTIONS, status=2, error="b: cannot be read"),
        NetResult(
            net="c.json",
            sha256="1" * 64,
            options=OPTIONS,
            status=70,
            error="odd",
            evidence={"net": {"inputs": 10**5000}},
        ),
        NetResult(
            net="d.json",
            sha256="2" * 64,
            options=OPTIONS,
            status=3,
            result=CheckResult(verdict="unknown", why="time limit"),
        ),
        NetResult(
            net="e.json",
            sha256="3" * 64,
            options=OPTIONS,
            status=0,
            result=abs_result,
            certificate="certificates/e.cert",
        ),
    )


def seen(path: Path, wanted: Sequence[NetResult]) -> list[bool]:
    """Which of these results the file has, and that it gives them back whole."""
    with Journal(path, OPTIONS) as journal:
        found = [journal.earlier(result.net, result.sha256) for result in wanted]
    for result, earlier in zip(wanted, found, strict=True):
        assert earlier is None or earlier.to_json() == result.to_json()
        assert earlier is None or earlier.earlier
    return [earlier is not None for earlier in found]


def filled(path: Path, wanted: Sequence[NetResult]) -> bytes:
    with Journal(path, OPTIONS) as journal:
        for result in wanted:
            journal.append(result)
    return path.read_bytes()


def test_what_is_appended_is_there(tmp_path: Path) -> None:
    path, wanted = tmp_path / "out.jsonl", results()
    with Journal(path, OPTIONS) as journal:
        for number, result in enumerate(wanted):
            journal.append(result)
            assert journal.earlier(result.net, result.sha256) is not None
            assert path.read_bytes().count(b"\n") == number + 1  # at once, not when the file is closed
    assert seen(path, wanted) == [True] * 5
    assert json.loads(path.read_text("utf-8").splitlines()[0])["net"] == "a/ж\n.json"
    with Journal(path, OPTIONS) as journal:
        assert journal.earlier("a/ж\n.json", "9" * 64) is None
        assert journal.earlier("other", "0" * 64) is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0), zeros=st.integers(0, 3))
def test_cut_anywhere(tmp_path: Path, cut: int, zeros: int) -> None:
    wanted = results()
    path = tmp_path / "out.jsonl"
    path.unlink(missing_ok=True)
    data = filled(path, wanted)
    cut %= len(data) + 1
    ends = [sum(len(write_line(result)) for result in wanted[: number + 1]) for number in range(len(wanted))]
    path.write_bytes(data[:cut] + (b"" if data[:cut].endswith(b"\n") and zeros else b"\0" * zeros))
    whole = [cut >= end - 1 for end in ends]  # a line that lacks nothing but its newline is one
    assert seen(path, wanted) == whole
    assert path.read_bytes() == data[: max((end for end, there in zip(ends, whole, strict=True) if there), default=0)]
    with Journal(path, OPTIONS) as journal:
        for result, there in zip(wanted, whole, strict=True):
            if not there:
                journal.append(result)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "content",
    [
        b"precious",
        b"{}\n",
        b'{"net":1}\n',
        b"[1]\n",
        b"\n",
        b"{ \n",
        b'{"nets',
        b'{"net":"a"}\n{"net":',
        b"\xff\n",
        b"1",
    ],
)
def test_another_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(ParameterError, match=r"mine: line 1: no line of a batch; give another output"):
        Journal(path, OPTIONS)
    assert path.read_bytes() == content


def test_half_a_line_alone_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    for content in (b"", b"{", b'{"net"', b'{"net":"a', b"\0\0"):
        path.write_bytes(content)
        Journal(path, OPTIONS).close()
        assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (asked(seed=4), "made with seed 3, not 4"),
        (asked(time_limit=None), "made with time limit 0.1, not none"),
        (asked(solver="cells"), "made with solver auto, not cells"),
        (asked(cross_checks=False), "made with cross checks True, not False"),
        (replace(OPTIONS, certificates="c"), "made with certificates none, not c"),
        (asked(memory_limit=2**30), "made with memory limit none, not 1073741824"),
    ],
)
def test_other_options(tmp_path: Path, options: Options, message: str) -> None:
    path = tmp_path / "out.jsonl"
    data = filled(path, results()[:2])[:-1]  # also where the end would be mended
    path.write_bytes(data)
    with pytest.raises(ParameterError) as caught:
        Journal(path, options)
    assert str(caught.value) == f"{path}: line 1: {message}; give the same options, or another output"
    assert path.read_bytes() == data


def test_two_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with Journal(path, OPTIONS) as journal:
        journal.append(results()[0])
        with pytest.raises(OutputError, match="cannot be written: another process is writing to it"):
            Journal(path, OPTIONS)
        journal.append(results()[1])
    assert seen(path, results()) == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/dev/full", "not a regular file"),
        ("folder", "Is a directory"),
        ("folder/none/out", "No such file or directory"),
        ("pipe", "not a regular file"),
        ("a\0b", "(open: )?embedded null"),
        ("", "No such file or directory"),
    ],
)
def test_where_nothing_can_be_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    os.mkfifo("pipe")
    with pytest.raises(OutputError, match=f"cannot be written: {reason}"):
        Journal(name, OPTIONS)


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("half", [True, False])
def test_half_a_line_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException, half: bool
) -> None:
    path, wanted = tmp_path / "out.jsonl", results()
    real = os.write

    def write(file: int, data: bytes) -> int:
        if half and data.startswith(b'{"net":'):
            return real(file, data[: len(data) // 2])
        raise problem

    with Journal(path, OPTIONS) as journal:
        journal.append(wanted[0])
        before = path.read_bytes()
        monkeypatch.setattr(os, "write", write)
        with pytest.raises((OutputError, KeyboardInterrupt)):
            journal.append(wanted[1])
        monkeypatch.undo()
        assert path.read_bytes() == before
        journal.append(wanted[1])
    assert seen(path, wanted) == [True, True, False, False, False]


def test_ctrl_c_while_the_disk_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    path, wanted = tmp_path / "out.jsonl", results()
    with Journal(path, OPTIONS) as journal:
        monkeypatch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append(wanted[0])
        monkeypatch.undo()
    assert seen(path, wanted)[0]  # a whole line may stay


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    batch = " ".join(
        [*COMMAND, "check", f"--manifest '{INSTANCES / 'manifest.json'}'", "--no-certify", "--output", f"'{path}'"]
    )
    done = subprocess.run(["bash", "-c", f"ulimit -f 12; {batch}"], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (74, b"")
    assert done.stderr.decode() == f"{path}: cannot be written: File too large\n"
    before = path.read_bytes()
    assert before.endswith(b"\n")
    assert 0 < len(before) <= 12 * 1024
    done = subprocess.run(["bash", "-c", batch], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0
    lines = path.read_bytes()
    assert lines.startswith(before)
    nets = [json.loads(line)["net"] for line in lines.splitlines()]
    assert sorted(nets) == sorted(SMALL)


def test_a_line_that_was_tampered_with(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    list(check_many([ABS, WEDGE], output=path))
    path.write_bytes(path.read_bytes().replace(b'"subgradients":[[["', b'"subgradients":[[["x'))
    with pytest.raises(ParameterError, match="its line is no result of a batch"):
        list(check_many([ABS, WEDGE], output=path))


@pytest.mark.parametrize("file", [ABS, UNIQUE, WEDGE, str(INSTANCES / "away-off-kink.json")])
def test_results_come_back_from_their_json(file: str) -> None:
    result = check(file)
    comes_back(result)
    comes_back(check(file, solver="milp-scip", cross_checks=False, certify=False))


@settings(max_examples=15)
@given(programs())
def test_all_results_come_back(program: subgrad_hardness.Program) -> None:
    comes_back(check(program))


def comes_back(result: CheckResult) -> None:
    plain = replace(result, certificate=None, seconds=round(result.seconds, 6))
    net = NetResult(net="net.json", sha256="0" * 64, options=Options(), status=0, result=result)
    assert check_result(result.to_json(), result.uncertified) == plain
    assert earlier_result(read_line(write_line(net)), Options()) == replace(net, result=plain, earlier=True)
