"""``check --time-limit``: the whole process ends in time, and what was known by then stands."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType

import pytest
from support.cli_runner import ABS, COMMAND, UNIQUE, Command, in_process, spawn
from support.paths import INSTANCES, TESTS

import subgrad_hardness
from subgrad_hardness import dumps, generate
from subgrad_hardness.api import check as checking
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.schemas import schema

KEYS = set(schema("report")["required"])
#: The limit holds within a second; the machine that tests may be busy.
MARGIN = 1.5


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A net that nothing decides in a second."""
    file = tmp_path_factory.mktemp("hard") / "hard.json"
    file.write_text(dumps(generate("clique", vertices=24, offset=1)), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("solver", ["auto", "circuit", "cells", "milp-scip"])
def test_a_hard_net(hard: str, solver: str) -> None:
    ran = spawn(["check", hard, "--time-limit", "1", "--json", "--solver", solver])
    assert ran.seconds < 1 + MARGIN
    assert (ran.status, ran.err) == (3, "")
    report = ran.json
    assert set(report) == KEYS
    assert report["verdict"] == "unknown"
    assert report["digest"] == subgrad_hardness.load(hard).digest
    assert report["kinks"] > 300
    assert len(report["point"]) == 25
    assert len(report["subgradients"]) == len(report["directions"]) == 1
    assert report["why"]
    assert 0.5 < report["seconds"] < 1 + MARGIN


def test_for_people(hard: str) -> None:
    ran = spawn(["check", hard, "--time-limit", "0.5"])
    assert (ran.status, ran.err) == (3, "")
    assert ran.out.startswith("UNKNOWN: no exact answer.\n  why: ")
    assert "time limit" in ran.out


def test_no_certificate_in_time(hard: str, tmp_path: Path) -> None:
    ran = spawn(["check", hard, "--time-limit", "0.5", "--certificate", tmp_path / "certificate.json"])
    assert (ran.status, ran.err) == (3, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("net", [ABS, UNIQUE])
def test_no_time_at_all(run: Command, net: str) -> None:
    ran = run("check", net, "--time-limit", "0", "--json")
    assert ran.status == 3
    assert ran.json["verdict"] == "unknown"
    assert ran.seconds < MARGIN


def test_enough_time(run: Command, tmp_path: Path) -> None:
    assert run("check", ABS, "--time-limit", "60", "--exit-code").status == 10
    certificate = tmp_path / "certificate.json"
    ran = run("check", ABS, "--time-limit", "60", "--json", "--certificate", certificate)
    assert ran.status == 0
    assert ran.json["certified"] is True
    assert run("verify", ABS, certificate).status == 0
    assert run("check", UNIQUE, "--time-limit", "60", "--exit-code").status == 20
    without = run("check", UNIQUE, "--json").json
    assert {**run("check", UNIQUE, "--json", "--time-limit", "60").json, "seconds": 0} == {**without, "seconds": 0}


def test_the_limit_holds_while_a_large_file_is_parsed(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    numbers = "1234567," * 8_000_000
    file.write_text('{"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": {"a": [' + numbers + "0]}}")
    ran = spawn(["check", file, "--time-limit", "1", "--json"])
    assert ran.seconds < 1 + MARGIN
    assert ran.status == 3
    assert ran.json["why"] == "time limit"
    assert ran.json["digest"] is None


def test_the_limit_holds_while_standard_input_stays_open() -> None:
    start = time.monotonic()
    with subprocess.Popen(
        [*COMMAND, "check", "-", "--time-limit", "0.5", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(b'{"inputs": 1,')
        process.stdin.flush()
        report = json.loads(process.stdout.read())
        assert process.stderr.read() == b""
        assert process.wait() == 3
    assert time.monotonic() - start < 0.5 + MARGIN
    assert report["verdict"] == "unknown"
    assert report["why"] == "time limit"


def test_standard_input_within_the_limit() -> None:
    ran = spawn(["check", "-", "--time-limit", "60", "--exit-code"], input=Path(ABS).read_bytes())
    assert (ran.status, ran.err) == (10, "")


def test_files_beside_it_do_not_disturb_the_worker(tmp_path: Path) -> None:
    for name in ("pickle", "json", "subgrad_hardness"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    command = [sys.executable, "-P", "-m", "subgrad_hardness", "check", ABS, "--time-limit", "60", "--exit-code"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (10, b"")


@pytest.mark.parametrize("seconds", [math.inf, 1e300, 10**10])
def test_library_limits_may_be_huge(seconds: float) -> None:
    assert subgrad_hardness.check(ABS, time_limit=seconds).verdict == "distinct"


@pytest.mark.parametrize("seconds", [-1, math.nan])
def test_library_limits_must_be_seconds(seconds: float) -> None:
    with pytest.raises(subgrad_hardness.ParameterError, match=r"^time limit: .* is not a number of seconds"):
        subgrad_hardness.check(ABS, time_limit=seconds)


def test_errors_cross_the_worker(run: Command) -> None:
    assert run("check", "missing.json", "--time-limit", "60").error == (
        "missing.json: cannot be read: No such file or directory"
    )
    with pytest.raises(subgrad_hardness.PointError, match=r"^point: 2 entries, expected 1$"):
        subgrad_hardness.check(ABS, point=[1, 2], time_limit=60)


def _dies(net: object, limits: object, channels: Channels[CheckResult], **_: object) -> CheckResult:
    """A job that publishes what it knows and is then killed, as for want of memory."""
    import os

    channels.result(
        CheckResult(verdict="unknown" if str(net).endswith("abs-identity.json") else "distinct", kinks=3, why="known")
    )
    os._exit(9)


def test_what_was_known_survives_the_death_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parent, TESTS))))
    monkeypatch.setattr(checking, "check_within", _dies)
    known = subgrad_hardness.check(ABS, time_limit=60)
    assert (known.verdict, known.kinks, known.why) == ("distinct", 3, "known")
    known = subgrad_hardness.check(UNIQUE, time_limit=60)
    assert (known.verdict, known.kinks, known.why) == ("unknown", 3, "the worker process ended without an answer")


def test_a_net_from_python_within_a_limit() -> None:
    program = subgrad_hardness.load(INSTANCES / "sorting.json")
    assert subgrad_hardness.check(program, time_limit=60, point=["1/2", 0.5]).verdict == "distinct"
    net = MappingProxyType({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    assert repr(subgrad_hardness.check(net, time_limit=60)).startswith("<CheckResult: distinct, 2 kinks, ")
    with pytest.raises(subgrad_hardness.NetError, match=r"^<net>: layers\[0\]: a Python function, expected a layer"):
        subgrad_hardness.check({"inputs": 1, "layers": [lambda: 0]}, time_limit=60)


def test_verify_within_a_limit(run: Command, tmp_path: Path) -> None:
    run("check", ABS, "--certificate", tmp_path / "c.json")
    done = run("verify", ABS, tmp_path / "c.json", "--time-limit", "60")
    assert (done.status, done.out) == (0, "VERIFIED distinct\n")
    late = run("verify", ABS, tmp_path / "c.json", "--time-limit", "0", "--json")
    assert late.status == 3
    assert late.json == {
        "version": 1,
        "verified": None,
        "verdict": None,
        "reason": "time limit",
        "digest": late.json["digest"],
    }
    assert repr(subgrad_hardness.verify(ABS, tmp_path / "c.json", time_limit=0)) == "UNKNOWN: time limit"
