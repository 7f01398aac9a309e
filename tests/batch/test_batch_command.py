"""``check`` over many nets: lines, statuses, refusals, and the library behind it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, SMALL, UNIQUE, WEDGE, Command, Ran, in_process, spawn

import subgrad_hardness
from subgrad_hardness import NetResult, generate
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.status import RANK
from subgrad_hardness.batch import tally
from subgrad_hardness.batch.item import Options
from subgrad_hardness.cli.main import main
from subgrad_hardness.schemas import schema

KEYS = {*schema("report")["required"], "net", "sha256", "options", "status", "certificate", "uncertified"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for file in (ABS, UNIQUE, WEDGE):
        shutil.copy(file, tmp_path)
    (tmp_path / "bad.json").write_text('{"inputs": 1}', encoding="utf-8")
    return tmp_path


def lines(text: str) -> dict[str, dict[str, Any]]:
    """The lines of an output by net; each net has one."""
    values = [json.loads(line) for line in text.splitlines()]
    result = {value["net"]: value for value in values}
    assert len(result) == len(values)
    return result


def last(ran: Ran) -> str:
    return ran.err.splitlines()[-1].partition(";")[0]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_folder(run: Command, tmp_path: Path, jobs: str) -> None:
    folder, output = tmp_path / "nets", tmp_path / "out.jsonl"
    folder.mkdir()
    for file in SMALL:
        shutil.copy(file, folder)
    ran = run("check", folder, "--output", output, "--jobs", jobs)
    assert (ran.status, ran.out) == (0, "")
    assert last(ran) == "53 nets: 27 distinct, 26 unique"
    found = lines(output.read_text("utf-8"))
    assert {net: line["verdict"] for net, line in found.items()} == {
        str(folder / Path(file).name): verdict for file, verdict in SMALL.items()
    }
    assert all(set(line) == KEYS and line["status"] == 0 for line in found.values())
    data = output.read_bytes()
    ran = run("check", folder, "--output", output, "--jobs", "1")
    assert (ran.status, last(ran)) == (0, "53 nets, 53 of them earlier: 27 distinct, 26 unique")
    assert output.read_bytes() == data


@pytest.mark.usefixtures("here")
def test_lines_on_standard_output(run: Command) -> None:
    ran = run("check", "abs.json", "abs-identity.json", "./abs.json", "bad.json", "none.json")
    assert ran.status == 2
    assert last(ran) == "4 nets: 1 distinct, 1 unique, 2 bad input"
    found = lines(ran.out)
    alone = run("check", "abs.json", "--json").json
    del alone["seconds"]
    assert alone.items() <= found["abs.json"].items()
    assert found["abs.json"]["sha256"] == hashlib.sha256(Path(ABS).read_bytes()).hexdigest()
    assert (found["bad.json"]["status"], found["bad.json"]["error"]) == (
        2,
        "bad.json: neither layers nor nodes; a net has one of them",
    )
    assert found["none.json"] == {
        "net": "none.json",
        "sha256": None,
        "options": found["abs.json"]["options"],
        "status": 2,
        "version": 1,
        "error": "none.json: cannot be read: No such file or directory",
    }


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "arguments", [["abs.json", "--certificates", "c"], ["abs*.json"], ["[a]bs.json"], ["."], ["abs.json", "abs.json"]]
)
def test_what_makes_a_batch(run: Command, arguments: list[str]) -> None:
    ran = run("check", *arguments)
    found = lines(ran.out)
    assert found["abs.json"]["verdict"] == "distinct"
    assert ran.err.startswith(f"{len(found)} net")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("nets", "status", "counts"),
    [
        (["abs.json", "abs-identity.json"], 3, "2 nets: 1 distinct, 0 unique, 1 unknown"),
        (["abs-identity.json", "bad.json"], 3, "2 nets: 0 distinct, 0 unique, 1 unknown, 1 bad input"),
        (["abs.json", "bad.json"], 2, "2 nets: 1 distinct, 0 unique, 1 bad input"),
    ],
)
def test_statuses(run: Command, nets: list[str], status: int, counts: str) -> None:
    ran = run("check", *nets, "--solver", "search")
    assert (ran.status, last(ran)) == (status, counts)


@pytest.mark.parametrize("statuses", list(permutations(RANK)))
def test_the_gravest_counts(statuses: tuple[int, ...]) -> None:
    assert RANK == (70, 3, 2, 4, 0)
    for count in range(len(statuses) + 1):
        counted = tally.Tally(9)
        for status in statuses[:count]:
            counted.add(NetResult(net="a", sha256=None, options=Options(), status=status))
        assert counted.status == next((status for status in RANK if status in statuses[:count]), 0)


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    counted = tally.Tally(1000)
    assert counted.progress() == "0 of 1000 nets: 0 distinct, 0 unique"
    for number in range(40):
        counted.add(
            NetResult(
                net="a",
                sha256=None,
                options=Options(),
                status=0,
                result=CheckResult(verdict="distinct"),
                earlier=number < 30,
            )
        )
    now += 20
    assert counted.progress() == "40 of 1000 nets: 40 distinct, 0 unique; 0.5 nets/s, 32 min 0 s left"
    counted.add(NetResult(net="a", sha256=None, options=Options(), status=3, result=CheckResult(verdict="unknown")))
    now += 2180
    expected = "41 of 1000 nets: 40 distinct, 0 unique, 1 unknown; 18.0 nets/h, 53 h 16 min left"
    assert counted.progress() == expected
    assert counted.summary() == "41 nets, 30 of them earlier: 40 distinct, 0 unique, 1 unknown; 36 min 40 s"


@pytest.mark.usefixtures("here")
def test_progress_on_a_terminal_only(
    run: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", "abs.json", "wedge.json").err.count("\n") == 1
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["check", "abs.json", "wedge.json"]) == 0
    seen = capsys.readouterr()
    assert seen.err.startswith("\r\033[K0 of 2 nets: 0 distinct, 0 unique\r\033[K")
    assert seen.err.splitlines()[-1].partition("\033[K2 nets: ")[2].startswith("2 distinct, 0 unique; ")
    assert set(lines(seen.out)) == {"abs.json", "wedge.json"}


@pytest.mark.usefixtures("here")
def test_a_changed_file_is_done_again(run: Command) -> None:
    assert run("check", "abs.json", "bad.json", "none.json", "--output", "out").status == 2
    shutil.copy("abs-identity.json", "abs.json")
    shutil.copy("wedge.json", "none.json")
    ran = run("check", "abs.json", "bad.json", "none.json", "--output", "out")
    assert (ran.status, last(ran)) == (2, "3 nets, 1 of them earlier: 1 distinct, 1 unique, 1 bad input")
    verdicts = [(line["net"], line.get("verdict")) for line in map(json.loads, Path("out").read_text().splitlines())]
    assert set(verdicts[:3]) == {("abs.json", "distinct"), ("bad.json", None), ("none.json", None)}
    assert verdicts[3:] == [("abs.json", "unique"), ("none.json", "distinct")]


@pytest.mark.usefixtures("here")
def test_certificates(run: Command) -> None:
    arguments = ["check", ".", "--certificates", "deep/certificates", "--output", "out.jsonl"]
    ran = run(*arguments)
    assert (ran.status, last(ran)) == (2, "4 nets: 2 distinct, 1 unique, 1 bad input")
    found = lines(Path("out.jsonl").read_text())
    for net, line in found.items():
        if net == "bad.json":
            continue
        assert line["certified"]
        digest = subgrad_hardness.load(net).digest
        assert line["certificate"] == f"deep/certificates/{Path(net).stem}-{digest[:12]}.cert"
        assert run("verify", net, line["certificate"]).status == 0
    assert len(list(Path("deep/certificates").iterdir())) == 3
    assert last(run(*arguments)) == "4 nets, 4 of them earlier: 2 distinct, 1 unique, 1 bad input"
    ran = run("check", "abs-identity.json", "abs.json", "--certificates", "c", "--solver", "search")
    assert ran.status == 3
    assert [line["certificate"] is None for line in lines(ran.out).values()] == [True, False]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--jobs", "2"], 2, "subgrad-hardness check: the following arguments are required: NET"),
        (["manifest.json", "--output", "o"], 2, "NET: there is none; files called manifest.json are not nets"),
        (["abs.json", "-"], 2, "-: standard input is one net; a batch takes files"),
        (["*.txt"], 2, "*.txt: no file matches"),
        (["abs.json", "--jobs", "0"], 2, "argument --jobs: '0' is outside 1..1000000000"),
        (
            ["abs.json", "wedge.json", "--certificate", "c"],
            2,
            "--certificate: is for one net; many have --certificates",
        ),
        (["abs.json", "wedge.json", "--exit-code"], 2, "--exit-code: is for one net"),
        (["abs.json", "wedge.json", "--resume", "c"], 2, "--resume: is for one net; many have --output"),
        (["*.json", "--cube-seconds", "1"], 2, "--cube-seconds: is for one net; many have --output"),
        (["abs.json", "--jobs", "2", "--threads", "2"], 2, "threads: one process decides a cube; give jobs alone"),
        (["abs.json", "--resume", ""], 2, "resume: '' is not the name of a file"),
        (["abs.json", "--cube-seconds", "0"], 2, "argument --cube-seconds: 0 seconds are none"),
        (["abs.json", "--certificates", "c", "--no-certify"], 2, "--no-certify: contradicts --certificates"),
        (["abs.json", "--output", "-"], 2, "--output: give a name; without it the lines go to standard output"),
        (["abs.json", "--certificates", ""], 2, "--certificates: give a name; "),
        (["abs.json", "--jobs", "2", "--dask", "local:1"], 2, "jobs: the cluster has as many processes as it has"),
        (["abs.json", "--output", "wedge.json"], 2, "wedge.json: line 1: no line of a batch; give another output"),
        (["abs.json", "--output", "no/out"], 74, "no/out: cannot be written: No such file or directory"),
        (["abs.json", "--certificates", "bad.json"], 74, "bad.json: cannot be written: File exists"),
        (["abs.json", "--jobs", "1", "--point", "x"], 2, "--point entry 1: 'x' "),
    ],
)
def test_refused(run: Command, arguments: list[str], status: int, message: str) -> None:
    before = {file: file.read_bytes() for file in Path().iterdir()}
    ran = run("check", *arguments)
    assert ran.status == status
    assert message in ran.error
    assert {file: file.read_bytes() for file in Path().iterdir()} == before


@pytest.mark.usefixtures("here")
def test_options_that_do_not_fit_the_lines(run: Command) -> None:
    assert run("check", "abs.json", "wedge.json", "--output", "out", "--seed", "1").status == 0
    before = Path("out").read_bytes()
    ran = run("check", "abs.json", "wedge.json", "--output", "out")
    message = "out: line 1: made with seed 1, not 0; give the same options, or another output"
    assert (ran.status, ran.error) == (2, message)
    assert Path("out").read_bytes() == before


@pytest.mark.usefixtures("here")
def test_a_point_for_all(run: Command) -> None:
    ran = run("check", "abs.json", "wedge.json", "--point", "-1/2")
    assert ran.status == 2
    found = lines(ran.out)
    assert (found["abs.json"]["verdict"], found["abs.json"]["options"]["point"]) == ("unique", ["-1/2"])
    assert found["wedge.json"]["error"] == "point: 1 entry, expected 2"


def test_limits_hold_for_each_net(run: Command, here: Path) -> None:
    (here / "hard.json").write_text(subgrad_hardness.dumps(generate("clique", vertices=24, offset=1)), encoding="utf-8")
    (here / "large.json").write_text(" " * (2**27 + 1), encoding="utf-8")
    ran = run("check", ".", "--time-limit", "1", "--memory-limit", "128M", "--no-cross-check")
    assert (ran.status, last(ran)) == (3, "6 nets: 2 distinct, 1 unique, 2 unknown, 1 bad input")
    found = lines(ran.out)
    assert found["hard.json"]["verdict"] == found["large.json"]["verdict"] == "unknown"
    assert found["large.json"]["why"] == "memory limit"
    assert found["hard.json"]["kinks"] > 300  # what was known stands
    assert found["abs.json"]["options"]["memory_limit"] == 2**27


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="such names are Linux's")
def test_names_that_are_no_text(here: Path) -> None:
    odd = os.fsdecode(b"\xff\n.json")
    shutil.copy(ABS, here / odd)
    os.mkfifo("pipe.json")
    assert spawn(["check", ".", "--output", "out"]).status == 2
    assert last(spawn(["check", ".", "--output", "out"])).startswith("6 nets, 6 of them earlier: ")
    found = lines(Path("out").read_text("utf-8"))
    assert found[odd]["verdict"] == "distinct"
    assert found["pipe.json"]["error"] == "pipe.json: cannot be read: not a regular file"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's streams")
def test_standard_output_that_is_full() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = spawn(["check", ABS, WEDGE], stdout=full)
    assert (ran.status, ran.error) == (74, "output could not be written: No space left on device")


def test_one_net_loads_nothing_of_this() -> None:
    code = f"from subgrad_hardness.cli.main import main; import sys; main(['check', {ABS!r}]); "
    code += "assert not [name for name in sys.modules if name.startswith('subgrad_hardness.batch')]"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
