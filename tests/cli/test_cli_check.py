"""``check`` and ``verify`` from the command line: answers, reports, certificates, exit statuses."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, UNIQUE, WEDGE, Command, in_process, message
from support.paths import INSTANCES

from subgrad_hardness.api import check as checking
from subgrad_hardness.api.results import Believed, CheckResult
from subgrad_hardness.common.files import OutputError
from subgrad_hardness.engine.registry import SOLVERS, Decision
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.schemas import schema

KEYS = set(schema("report")["required"])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_the_report_of_distinct(run: Command) -> None:
    ran = run("check", WEDGE)
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("DISTINCT: there are two different Clarke subgradients here")
    assert lines[1] == "point: (0, 0), 2 kinks (relus of the rewriting at 0) at low, f"
    assert re.fullmatch(r"subgradient 1: \(-?\d, -?\d\)", lines[2])
    assert re.fullmatch(r"subgradient 2: \(-?\d, -?\d\)", lines[3])
    assert lines[2][15:] != lines[3][15:]
    assert re.fullmatch(r"they differ along d = \(.*\): F'\(x0; d\) = \(.*\), but subgradient 1 gives \(.*\)", lines[4])
    assert lines[5].startswith("backpropagation of the program (relu'(0) = 0) returns (0, -1), which is ")
    assert lines[6] == "  other choices of relu'(0) give other results"
    assert lines[7] == "cross-checked by: lexicographic modes, sampling, cells"
    assert lines[8].startswith("decided by: ")
    assert lines[9] == "certified: by a certificate that the independent verifier accepted"
    assert re.fullmatch(r"\d+\.\d{3} s", lines[10])
    assert len(lines) == 11


def test_the_report_of_unique(run: Command) -> None:
    ran = run("check", INSTANCES / "backprop-zero.json")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("UNIQUE: there is exactly one Clarke subgradient here")
    assert "the only subgradient: (1)" in lines
    assert "backpropagation of the program (relu'(0) = 0) returns (0), which is NOT a Clarke subgradient" in lines
    assert "certified: by a certificate that the independent verifier accepted" in lines


def test_the_report_of_unknown(run: Command) -> None:
    ran = run("check", UNIQUE, "--solver", "search")
    assert (ran.status, ran.err) == (3, "")
    lines = ran.out.splitlines()
    assert lines[0] == "UNKNOWN: no exact answer."
    assert re.fullmatch(r"  why: none of \d+ directions separates", lines[1])
    assert any(line.startswith("one subgradient: ") for line in lines)
    assert "certified" not in ran.out


def test_the_report_of_a_belief() -> None:
    result = CheckResult(
        verdict="unknown", believed=Believed(verdict="unique", by="milp-scip"), why="the MILP is infeasible"
    )
    assert result.lines()[:3] == [
        "UNKNOWN: no exact answer.",
        "  why: the MILP is infeasible",
        "  milp-scip believes unique, in floating point: no proof",
    ]


def test_the_report_says_how_far_the_nearest_kink_is(run: Command) -> None:
    ran = run("check", INSTANCES / "away-off-kink.json", "--no-cross-check")
    assert "preactivation 1/2 from 0" in ran.out
    assert "not cross-checked" in ran.out
    assert run("check", INSTANCES / "tiny-weight.json").out.count("~1e-4") >= 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([ABS], 0),
        ([ABS, "--exit-code"], 10),
        ([UNIQUE], 0),
        ([UNIQUE, "--exit-code"], 20),
        ([UNIQUE, "--solver", "search"], 3),
        ([UNIQUE, "--solver", "search", "--exit-code"], 3),
        ([ABS, "--point", "1", "--exit-code"], 20),
        ([ABS, "--point", "-1", "--exit-code"], 20),
        ([ABS, "--point=-0", "--exit-code"], 10),
        ([WEDGE, "--point", "-1,0", "--exit-code"], 10),
        ([WEDGE, "--point", "-1/2, .5", "--exit-code"], 20),
        (["--", ABS], 0),
    ],
)
def test_statuses(run: Command, arguments: list[str], status: int) -> None:
    ran = run("check", *arguments)
    assert (ran.status, ran.err) == (status, "")


@pytest.mark.parametrize("arguments", [[ABS], [UNIQUE], [UNIQUE, "--solver", "search"], [ABS, "--no-cross-check"]])
def test_json_has_all_keys(run: Command, arguments: list[str]) -> None:
    assert set(run("check", *arguments, "--json").json) == KEYS


def test_json_values(run: Command) -> None:
    report = run("check", WEDGE, "--json", "--point", "-1,0").json
    assert report["point"] == ["-1", "0"]
    assert report["verdict"] == "distinct"
    assert report["certified"] is True
    assert report["kink_names"] == ["low", "f"] or report["kinks"] == 1
    assert run("check", WEDGE, "--json", "--no-cross-check").json["cross_checks"] is None
    assert run("check", ABS, "--json").json["kink_names"] == ["layers[0][0]"]


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_has_its_name(run: Command, solver: str) -> None:
    report = run("check", ABS, "--solver", solver, "--json").json
    assert report["verdict"] == "distinct"
    assert solver in ("auto", report["solver"])


def test_the_seed_repeats(run: Command) -> None:
    first, second = (run("check", INSTANCES / "sorting.json", "--seed", "-7", "--json").json for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_standard_input(run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.json"
    assert run("check", ABS, "--certificate", certificate).status == 0
    for command in (
        ["check", "-"],
        ["info", "-"],
        ["verify", "-", str(certificate)],
        ["convert", "-"],
        ["gradient", "-"],
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(ABS).read_bytes())))
        assert run(*command).status == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(certificate.read_bytes())))
    assert run("verify", ABS, "-").out == "VERIFIED distinct\n"


def test_certificates(run: Command, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.json"
    ran = run("check", WEDGE, "--certificate", certificate, "--exit-code")
    assert (ran.status, ran.err) == (10, "")
    assert run("verify", WEDGE, certificate)[:3] == (0, "VERIFIED distinct\n", "")
    verified = run("verify", WEDGE, certificate, "--json").json
    assert verified == {
        "version": 1,
        "verified": True,
        "verdict": "distinct",
        "reason": None,
        "digest": verified["digest"],
    }
    assert verified["digest"] == json.loads(certificate.read_text())["digest"]


def test_rejected_certificates(run: Command, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.json"
    run("check", WEDGE, "--certificate", certificate)
    for arguments in ([ABS], [WEDGE, "--point", "-1,0"]):
        ran = run("verify", arguments[0], certificate, *arguments[1:])
        assert (ran.status, ran.err) == (1, "")
        assert ran.out.startswith("REJECTED: the certificate is for another net or another point")
    value = json.loads(certificate.read_text())
    value["directions"][1] = value["directions"][0]
    certificate.write_text(json.dumps(value))
    assert run("verify", WEDGE, certificate).out == "REJECTED: the two direction matrices give the same Jacobian\n"
    rejected = run("verify", WEDGE, certificate, "--json")
    assert rejected.status == 1
    assert rejected.json["verified"] is False
    assert rejected.json["verdict"] is None


def test_unique_has_a_certificate(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    ran = run("check", UNIQUE, "--certificate", file, "--json", "--exit-code")
    assert (ran.status, ran.err) == (20, "")
    assert ran.json["certified"] is True
    assert run("verify", UNIQUE, file)[:3] == (0, "VERIFIED unique\n", "")
    assert run("verify", WEDGE, file).status == 1


@pytest.mark.parametrize("net", [UNIQUE, ABS])
def test_no_certify(run: Command, net: str) -> None:
    ran = run("check", net, "--no-certify", "--json")
    assert (ran.status, ran.json["certified"]) == (0, False)
    assert "certified: no (it was not asked for)" in run("check", net, "--no-certify").out.splitlines()
    ran = run("check", net, "--no-certify", "--certificate", "c.json")
    assert (ran.status, ran.error) == (2, "--no-certify: contradicts --certificate")


def test_no_certificate_without_an_answer(run: Command, tmp_path: Path) -> None:
    ran = run("check", UNIQUE, "--certificate", tmp_path / "new.json", "--solver", "search")
    assert (ran.status, ran.err) == (3, "")
    assert not (tmp_path / "new.json").exists()


@pytest.mark.parametrize("place", ["no/such/folder.json", "", "a\0b"])
def test_a_certificate_that_cannot_be_written(run: Command, tmp_path: Path, place: str) -> None:
    file = f"{tmp_path}/{place}" if place else tmp_path  # the folder itself
    ran = run("check", ABS, "--certificate", file, "--json")
    assert ran.status == 74
    assert ran.err.count("\n") == 1
    assert "cannot be written: " in ran.err
    assert ran.out == ""  # found out before any time was spent


def test_a_disk_that_fills_up_while_checking(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: object, _: str) -> None:
        raise OutputError(f"{path}: cannot be written: No space left on device")

    monkeypatch.setattr("subgrad_hardness.cli.check.write_text", full)
    ran = run("check", ABS, "--certificate", tmp_path / "c.json", "--json")
    assert (ran.status, ran.err.count("\n")) == (74, 1)
    assert ran.json["verdict"] == "distinct"  # the answer is not lost with the certificate


def test_the_net_is_no_place_for_its_certificate(run: Command, tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    net.write_bytes(Path(ABS).read_bytes())
    ran = run("check", net, "--certificate", tmp_path / "." / "net.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.error == f"--certificate: {tmp_path}/net.json is the net itself"
    assert net.read_bytes() == Path(ABS).read_bytes()


def _lie(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def decide(*_: object, **__: object) -> Decision:
        if isinstance(answer, BaseException):
            raise answer
        return Decision(answer, "liar")

    monkeypatch.setattr(checking, "decide", decide)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Refutation("because"), "cross-check by sampling: 2 distinct among random members"),
        (Witness((-1,)), "the witness of liar does not survive exact replay"),
    ],
)
def test_a_disagreement(run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Any, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    _lie(monkeypatch, answer)
    ran = run("check", ABS, "--json", "--certificate", "certificate.json")
    assert (ran.status, ran.out) == (70, "")
    assert ran.err.startswith(f"internal error, no verdict: {words}")
    (evidence,) = tmp_path.iterdir()
    assert f"the evidence is in {evidence.name}; please report it" in ran.err
    held = json.loads(evidence.read_text())
    assert held["net"]["layers"] == [{"weight": [[1]], "activation": "abs"}]
    assert set(held["report"]) == KEYS


def test_an_unwritable_disagreement(run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    _lie(monkeypatch, Refutation("because"))
    ran = run("check", ABS)
    assert (ran.status, ran.out) == (70, "")
    assert '"verdict": "unique"' in ran.err


@pytest.mark.parametrize(
    ("problem", "status", "line"),
    [
        (
            KeyboardInterrupt(),
            130,
            "interrupted; what was known: <CheckResult: unknown, 2 kinks, subgradient (-1), not certified>",
        ),
        (MemoryError(), 70, "out of memory"),
        (RuntimeError("odd"), 70, "internal error, please report it: RuntimeError: odd"),
    ],
)
def test_other_ends(run: Command, monkeypatch: pytest.MonkeyPatch, problem: Any, status: int, line: str) -> None:
    _lie(monkeypatch, problem)
    ran = run("check", ABS, "--json")
    assert (ran.status, ran.out) == (status, "")
    assert message(ran.err.splitlines()[-1]) == line


def test_a_belief_is_unknown(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _lie(monkeypatch, Undecided("infeasible, says a floating-point solver", "unique"))
    ran = run("check", UNIQUE, "--json", "--exit-code")
    assert ran.status == 3
    assert ran.json["believed"] == {"verdict": "unique", "by": "liar"}
    assert ran.json["solver"] is None
