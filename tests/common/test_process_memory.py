"""What this process occupies, and what it may occupy."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from support.paths import ROOT

from subgrad_hardness import check, check_many, generate
from subgrad_hardness.common.memory import SHARED, give_back, group_limits, memory_budget, resident, shared_among

GIB = 2**30
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc, control groups and RLIMIT_DATA are Linux's")


@linux
def test_what_is_taken_is_seen_and_what_is_freed_is_given_back() -> None:
    before = resident()
    assert before > 2**20
    large = mmap.mmap(-1, 64 * 2**20)  # not from what Python keeps for itself
    large.write(b"x" * len(large))
    assert resident() >= before + 60 * 2**20
    large.close()
    give_back()
    assert resident() <= before + 8 * 2**20


@linux
def test_the_budget_is_half_of_the_machine_shared_among_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHARED, raising=False)
    whole = memory_budget()
    assert whole is not None
    assert whole <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    four = shared_among(4)
    assert four[SHARED] == "4" and four["PATH"] == os.environ["PATH"]
    monkeypatch.setenv(SHARED, "4")
    assert abs((memory_budget() or 0) - whole // 4) <= 1
    assert (shared_among(2)[SHARED], shared_among(0)[SHARED]) == ("8", "4")
    for nonsense in ("", "x", "-1", "0", "1.5", "9" * 50, "²"):
        monkeypatch.setenv(SHARED, nonsense)
        assert memory_budget() == whole


@linux
@pytest.mark.parametrize("name", ["RLIMIT_DATA", "RLIMIT_AS"])
def test_the_limits_of_the_process_count(name: str) -> None:
    code = (
        f"import resource; resource.setrlimit(resource.{name}, ({GIB}, {GIB})); "
        "from subgrad_hardness.common.memory import memory_budget; print(memory_budget())"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    assert int(ran.stdout) == GIB // 2


def test_limits_of_control_groups(tmp_path: Path) -> None:
    """Of the group and of those around it, in both versions; "max", missing files and other controllers are none."""
    for path, text in {
        "memory.max": "max",
        "a/memory.max": f"{4 * GIB}\n",
        "a/b/memory.max": f"{5 * GIB}\n",
        "memory/x/memory.limit_in_bytes": f"{3 * GIB}\n",
        "memory/memory.limit_in_bytes": "9223372036854771712\n",
        "cpu/x/memory.limit_in_bytes": "1\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert list(group_limits("0::/a/b\n", tmp_path)) == [5 * GIB, 4 * GIB]
    assert list(group_limits("7:cpu:/x\n4:cpuset,memory:/x/y\n", tmp_path)) == [3 * GIB, 9223372036854771712]
    assert list(group_limits("0::/\n1:name=systemd:/a\nno line\n", tmp_path)) == []
    assert list(group_limits("", tmp_path)) == []


class Told(Exception):
    """What a process was started with."""

    def __init__(self, environment: Mapping[str, str] | None) -> None:
        self.environment = environment or {}


def told(_: str, environment: Mapping[str, str] | None = None) -> NoReturn:
    raise Told(environment)


def test_processes_side_by_side_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engines of one question, and the nets of a batch, whose processes may start more of them."""
    monkeypatch.setenv(SHARED, "2")
    net = generate("3sat", variables=8, ratio="8", seed=1)
    calls: dict[str, Callable[[], object]] = {
        "engine.race": lambda: check(net, threads=3),
        "processes.pool": lambda: list(check_many([net], jobs=3)),
    }
    for place, call in calls.items():
        monkeypatch.setattr(f"subgrad_hardness.{place}.start_process", told)
        with pytest.raises(Told) as caught:
            call()
        assert caught.value.environment[SHARED] == "6"
