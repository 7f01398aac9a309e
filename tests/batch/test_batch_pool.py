"""The processes of a batch: each death costs one net, and every process ends with its parent."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.batch_processes import batch, is_stop, make_hard, until_busy, until_lines, workers
from support.cli_runner import ABS, COMMAND, UNIQUE, WEDGE, in_process
from support.streams import alive, until

from subgrad_hardness import NetResult, ParameterError, check_many
from subgrad_hardness.batch.deciding import decide, lost
from subgrad_hardness.batch.item import Item, Options
from subgrad_hardness.processes import pool as pool_module
from subgrad_hardness.processes import spawn
from subgrad_hardness.processes.pool import Pool
from subgrad_hardness.processes.workers import WorkersLost

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's signals and /proc")


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_hard(tmp_path_factory.mktemp("hard"))


def item(net: str) -> Item:
    data = Path(net).read_bytes()
    return Item(net, hashlib.sha256(data).hexdigest(), data, Options())


def decided(pool: Pool[Item, NetResult], nets: list[str]) -> dict[str, NetResult]:
    """All results of these nets."""
    found = {}
    for net in nets:
        while pool.full:
            result = pool.next()
            found[result.net] = result
        pool.submit(item(net))
    while pool.busy:
        result = pool.next()
        found[result.net] = result
    return found


def test_processes_are_used_again_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    real = subprocess.Popen

    def popen(*arguments: object, **options: object) -> object:
        started.append(arguments)
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(pool_module, "MOST_TASKS", 2)
    with Pool(1, decide, lost) as pool:
        for _ in range(2):
            found = decided(pool, [ABS, UNIQUE, WEDGE])
            assert {net: result.verdict for net, result in found.items()} == {
                ABS: "distinct",
                UNIQUE: "unique",
                WEDGE: "distinct",
            }
    assert len(started) == 3


def test_an_idle_process_that_died_costs_nothing() -> None:
    with Pool(1, decide, lost) as pool:
        assert decided(pool, [ABS])[ABS].verdict == "distinct"
        (process,) = workers(os.getpid())
        os.kill(process, signal.SIGKILL)
        for _ in until():
            if not alive(process):
                break
        assert decided(pool, [ABS, WEDGE])[WEDGE].verdict == "distinct"
    assert workers(os.getpid()) == []


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (signal.SIGKILL, 3, "the worker process was killed (SIGKILL), as where memory is short"),
        (signal.SIGTERM, 3, "the worker process was killed (SIGTERM), as where memory is short"),
        (signal.SIGSEGV, 70, "internal error, please report it: the worker process crashed (SIGSEGV)"),
    ],
)
def test_a_process_that_dies_of_its_net(hard: str, number: signal.Signals, status: int, said: str) -> None:
    with Pool(1, decide, lost) as pool:
        pool.submit(item(hard))
        (process,) = workers(os.getpid())
        until_busy(process)
        os.kill(process, number)
        result = pool.next()
        assert result.status == status
        assert said == (result.error if result.result is None else result.result.why)
        assert decided(pool, [ABS])[ABS].verdict == "distinct"


def test_processes_that_cannot_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spawn, "_START", "import sys; sys.exit(9)")
    output = tmp_path / "out.jsonl"
    with pytest.raises(WorkersLost, match="could not start: the worker process ended with status 9"):
        list(check_many([ABS], output=output))
    ran = in_process(capsys)("check", ABS, "--output", output)
    assert ran.status == 70
    assert ran.error == (
        "a process that decides nets could not start: the worker process ended with status 9, "
        f"after 0 of 1 net; their lines are in {output}: the same command goes on"
    )
    assert output.read_bytes() == b""


def test_no_more_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*_: object, **__: object) -> object:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(WorkersLost, match="could not start: Resource temporarily unavailable"):
        list(check_many([ABS]))


def test_an_option_that_cannot_be_had_is_no_fault_of_a_net(monkeypatch: pytest.MonkeyPatch) -> None:
    no_limits = spawn._START.replace(
        "import_module(sys.argv[2]).main()",
        "import subgrad_hardness.processes.worker as w\ndel w\nimport resource; del resource.RLIMIT_DATA\n"
        "import_module(sys.argv[2]).main()",
    )
    assert no_limits != spawn._START
    monkeypatch.setattr(spawn, "_START", no_limits)
    with pytest.raises(ParameterError, match="memory limit: this system has none"):
        list(check_many([ABS], memory_limit=2**30))


def test_leaving_early_stops_the_processes(hard: str) -> None:
    results = check_many([ABS, hard, hard], jobs=2)
    assert next(results).net == ABS
    assert len(workers(os.getpid())) == 2
    results.close()
    assert workers(os.getpid()) == []


def test_a_batch_goes_on_where_a_process_was_killed(hard: str, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with batch(ABS, hard, WEDGE, "--output", output, "--jobs", "2") as process:
        lines = until_lines(output, 2)
        for worker in workers(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert process.wait(timeout=20) == 3
        assert process.stderr is not None
        assert process.stderr.read().startswith(b"3 nets: 2 distinct, 0 unique, 1 unknown; ")
    assert output.read_bytes().startswith(lines)
    assert b"was killed (SIGKILL)" in output.read_bytes().splitlines()[2]


@pytest.mark.parametrize("limit", [[], ["--time-limit", "300"]])
def test_ctrl_c(hard: str, tmp_path: Path, limit: list[str]) -> None:
    output = tmp_path / "out.jsonl"
    with batch(ABS, hard, "--output", output, *limit) as process:
        lines = until_lines(output, 1)
        time.sleep(0.3)
        processes = workers(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) == 130
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.read() == b""
        said = process.stderr.read().decode()
        assert said.startswith("interrupted, after ") and is_stop(said, output)
    for _ in until(5):
        if not any(map(alive, processes)):
            break
    assert output.read_bytes() == lines


def test_the_processes_end_with_their_parent(hard: str, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with batch(ABS, hard, "--output", output, "--time-limit", "300") as process:
        until_lines(output, 1)
        time.sleep(0.5)
        processes = workers(process.pid)
        processes += [inner for outer in processes for inner in workers(outer)]  # those that keep the limit
        assert len(processes) == 2
        process.kill()
    for _ in until(10):
        if not any(map(alive, processes)):
            break


def test_two_batches_with_one_output(hard: str, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with batch(ABS, hard, "--output", output) as process:
        lines = until_lines(output, 1)
        done = subprocess.run(
            [*COMMAND, "check", WEDGE, "--output", str(output)], capture_output=True, check=False, timeout=20
        )
        assert (done.returncode, done.stdout) == (74, b"")
        assert done.stderr.decode() == f"{output}: cannot be written: another process is writing to it\n"
        assert output.read_bytes() == lines
        process.kill()  # and nothing has to be cleared away
    assert subprocess.run([*COMMAND, "check", WEDGE, "--output", str(output)], check=False, timeout=20).returncode == 0
    assert output.read_bytes().count(b"\n") == 2
