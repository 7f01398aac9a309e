"""The same batch on a Dask cluster: lost processes, one line a net, clear refusals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.batch_processes import batch, is_stop, make_hard, until_lines, workers
from support.cli_runner import ABS, UNIQUE, WEDGE, in_process, spawn
from support.paths import INSTANCES
from support.streams import until

from subgrad_hardness import ParameterError, check_many, dumps, generate
from subgrad_hardness.common.words import missing_extra

distributed: Any = pytest.importorskip("distributed")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's /proc")


def cluster_processes(client: int) -> list[int]:
    """The two processes of a local cluster."""
    found: list[int] = []
    for _ in until():
        found = workers(client, b"spawn_main")
        if len(found) == 2:
            break
    return found


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 nets of some tenths of a second, and a file that is none."""
    folder = tmp_path_factory.mktemp("nets")
    for number in range(12):
        program = generate("3sat", variables=30, ratio=4, planted=True, seed=number)
        (folder / f"net{number:02d}.json").write_text(dumps(program), encoding="utf-8")
    (folder / "bad.json").write_text("{", encoding="utf-8")
    return folder


def test_a_process_of_the_cluster_is_killed(nets: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    arguments = ["check", str(nets), "--dask", "local:2", "--output", str(output)]
    with batch(*arguments[1:]) as process:
        kept = until_lines(output, 3)
        os.kill(cluster_processes(process.pid)[0], signal.SIGKILL)
        assert process.wait(timeout=120) == 2
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.read() == b""
        assert process.stderr.read().decode().startswith("13 nets: 12 distinct, 0 unique, 1 bad input; ")
    assert output.read_bytes().startswith(kept)
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert Counter(line["net"] for line in lines) == Counter(map(str, nets.iterdir()))
    ran = spawn(arguments)  # nothing is left to do, and no cluster is started for it
    assert ran.status == 2
    assert ran.err.startswith("13 nets, 13 of them earlier: ")
    assert ran.seconds < 5


def test_a_net_that_kills_what_decides_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hard = make_hard(tmp_path)
    output = tmp_path / "out.jsonl"
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with batch(hard, ABS, "--dask", "local:2", "--output", output) as process:
        until_lines(output, 1)
        for worker in cluster_processes(process.pid):  # one of them has the hard net
            os.kill(worker, signal.SIGKILL)
        assert process.wait(timeout=60) == 3
    lines = {line["net"]: line for line in map(json.loads, output.read_text("utf-8").splitlines())}
    assert lines[ABS]["verdict"] == "distinct"
    assert (lines[hard]["verdict"], lines[hard]["why"]) == ("unknown", "1 process of the cluster died of it")


def test_ctrl_c(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with batch(ABS, make_hard(tmp_path), "--dask", "local:1", "--output", output) as process:
        kept = until_lines(output, 1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None
        said = process.stderr.read().decode()
        assert said.startswith("interrupted, after ") and is_stop(said, output)
    assert output.read_bytes() == kept


def test_the_library_on_a_cluster_that_is_there(tmp_path: Path) -> None:
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        results = list(check_many([ABS, UNIQUE, WEDGE], dask=cluster.scheduler_address, certificates=tmp_path))
        assert {result.net: result.verdict for result in results} == {
            ABS: "distinct",
            UNIQUE: "unique",
            WEDGE: "distinct",
        }
        assert all(result.certificate is not None and Path(result.certificate).exists() for result in results)
        limited = check_many([ABS], dask=cluster.scheduler_address, time_limit=60)
        assert [result.verdict for result in limited] == ["distinct"]


@contextmanager
def _part(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A part of a cluster, which is killed in the end: also where the test fails, which would otherwise wait for it."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_scheduler_that_goes_away(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    scheduler, worker = ([sys.executable, "-m", f"distributed.cli.dask_{role}"] for role in ("scheduler", "worker"))
    place = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(place), "--no-dashboard"]
    with _part([*scheduler, "--port", "0", *common], tmp_path) as head:
        for _ in until():
            if place.exists() and place.read_text().endswith("}"):
                break
        address = json.loads(place.read_text())["address"]
        with (
            _part([*worker, "--nthreads", "1", "--no-nanny", *common], tmp_path),
            batch(ABS, make_hard(tmp_path), "--dask", address, "--output", output) as process,
        ):
            kept = until_lines(output, 1)
            head.kill()
            assert process.wait(timeout=60) == 70
            assert process.stderr is not None
            said = process.stderr.read().decode()
            assert said.startswith(f"{address}: ") and said.count("\n") == 1
            assert is_stop(said, output)
    assert output.read_bytes() == kept


def test_no_such_scheduler(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "0.3s"}):
        ran = in_process(capsys)("check", ABS, WEDGE, "--dask", "tcp://127.0.0.1:1")
        assert ran.status == 2
        assert ran.error.startswith("dask: no scheduler at tcp://127.0.0.1:1: ")
        ran = in_process(capsys)("check", ABS, WEDGE, "--dask", "nonsense://x")
        assert ran.status == 2
        assert ran.error.startswith("dask: no scheduler at nonsense://x: ")
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = in_process(capsys)("check", ABS, WEDGE, "--dask", "local:2")
    assert (ran.status, ran.error) == (2, f"dask: {missing_extra('distributed', 'dask')}")
    with pytest.raises(ParameterError, match="needs the package distributed"):
        check_many([INSTANCES], dask="local:2")
