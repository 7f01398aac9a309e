"""The proof corpus: both verifiers accept all of ``correct``, reject all of ``incorrect``, read none of ``unreadable``.

Written by scripts/data/make_corpus.py.  The tests whose names begin with ``test_first`` are about the shipped
verifier alone; scripts/campaigns/mutate_verifier.py runs these against damaged copies of it.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import second_verifier
from support.cli_runner import in_process, spawn
from support.paths import ROOT

from subgrad_hardness import CertificateError, VerifyResult, verify
from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

CORPUS = ROOT / "tests" / "certificates"
MANIFEST: dict[str, list[dict[str, Any]]] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))


class Entry(NamedTuple):
    """A certificate file, its net, and words of the reason why it is no proof."""

    file: str
    net: str
    reason: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return CORPUS / self.file


def entries(kind: str) -> list[Entry]:
    return [Entry(entry["file"], entry["net"], entry.get("reason", "")) for entry in MANIFEST[kind]]


CORRECT, INCORRECT, UNREADABLE = map(entries, ("correct", "incorrect", "unreadable"))
NETS: dict[str, Program] = {entry["file"]: load(CORPUS / entry["file"]) for entry in MANIFEST["nets"]}
VERDICTS = {entry["file"]: entry["verdict"] for entry in MANIFEST["nets"]}


def name(entry: Entry) -> str:
    return entry.file.split("/")[1].removesuffix(".json")


@pytest.mark.parametrize("entry", CORRECT, ids=name)
def test_first_accepts(entry: Entry) -> None:
    result = verify(NETS[entry.net], entry.path)
    assert (result.verdict, result.reason) == (VERDICTS[entry.net], None)


@pytest.mark.parametrize("entry", INCORRECT, ids=name)
def test_first_rejects(entry: Entry) -> None:
    result = verify(NETS[entry.net], entry.path)
    assert result.verdict is None
    assert entry.reason in (result.reason or "")


@pytest.mark.parametrize("entry", UNREADABLE, ids=name)
def test_first_cannot_read(entry: Entry) -> None:
    with pytest.raises(CertificateError) as error:
        verify(NETS[entry.net], entry.path)
    assert str(error.value).startswith(f"{entry.path}: ")
    assert entry.reason in str(error.value)


def test_first_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry, complaint in ((CORRECT[0], ""), (UNREADABLE[0], "<stdin>: empty")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(entry.path.read_bytes())))
        try:
            assert verify(NETS[entry.net], "-").verified
        except CertificateError as problem:
            assert str(problem) == complaint


@pytest.mark.parametrize("entry", CORRECT, ids=name)
def test_first_writes_what_it_reads(entry: Entry) -> None:
    """The files are as the writer writes them, but for other spellings of numbers and entries."""
    certificate = load_certificate(entry.path)
    again = json.loads(certificate.dumps())
    assert load_certificate(again) == certificate
    written, read = [
        [key for key in each if key != "statement"] for each in (again, json.loads(entry.path.read_bytes()))
    ]
    assert written == read
    assert again.get("statement", "clarke") == certificate.statement
    if "--" not in entry.file:
        assert certificate.dumps() == entry.path.read_text(encoding="utf-8")


def argued(net: str, file: str) -> tuple[Program, Certificate]:
    """A net and a certificate, as objects."""
    certificate = load_certificate(CORPUS / "correct" / f"{file}.json")
    assert isinstance(certificate, Certificate)
    return NETS[f"nets/{net}.json"], certificate


def test_first_refuses_objects_that_no_file_holds() -> None:
    """``verify`` takes Certificate objects too, and reads them like files; the checks behind it believe no reader."""
    identity, proof = argued("identity", "identity")
    bend, pair = argued("quadrants", "quadrants--x-decides")
    (matrix,) = proof.directions
    twice = DirectionMatrix((), (-1, 1))
    for net, certificate in (
        (identity, proof._replace(argument=None)),
        (identity, proof._replace(kind="distinct")),
        (identity, proof._replace(kind="certain")),
        (identity, proof._replace(directions=())),
        (identity, proof._replace(directions=(matrix, matrix))),
        (identity, proof._replace(kind="distinct", directions=(matrix, matrix))),
        (bend, pair._replace(kind="unique")),
        (bend, pair._replace(directions=pair.directions[:1])),
        (bend, pair._replace(argument=proof.argument)),
        (bend, pair._replace(directions=(twice, pair.directions[0]))),
        (bend, pair._replace(directions=(pair.directions[1], twice))),
    ):
        with pytest.raises(CertificateError):
            verify(net, certificate)
        with pytest.raises(Rejected):
            verify_certificate(net, certificate)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(CORRECT, "verified"), (INCORRECT, "rejected"), (UNREADABLE, "unreadable")],
    ids=["correct", "incorrect", "unreadable"],
)
def test_second_verifier(chosen: list[Entry], expected: str) -> None:
    """Written from the document alone, and of one mind with the first."""
    wrong = [
        entry.file
        for entry in chosen
        if second_verifier.verdict((CORPUS / entry.net).read_bytes(), entry.path.read_bytes()) != expected
    ]
    assert not wrong


def test_the_command_on_the_whole_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, 1 or 2, and one line."""
    run = in_process(capsys)
    for entry in CORRECT:
        ran = run("verify", CORPUS / entry.net, entry.path)
        assert (ran.status, ran.out, ran.err) == (0, f"VERIFIED {VERDICTS[entry.net]}\n", "")
    for entry in INCORRECT:
        ran = run("verify", CORPUS / entry.net, entry.path)
        assert (ran.status, ran.err, ran.out.count("\n")) == (1, "", 1)
        assert ran.out.startswith("REJECTED: ")
        assert entry.reason in ran.out
    for entry in UNREADABLE:
        ran = run("verify", CORPUS / entry.net, entry.path)
        assert ran.status == 2
        assert ran.error.startswith(f"{entry.path}: ")
        assert entry.reason in ran.error


@pytest.mark.parametrize("entry", [CORRECT[0], INCORRECT[-1], UNREADABLE[0]], ids=name)
def test_the_command_in_its_own_process(entry: Entry) -> None:
    ran = spawn(["verify", CORPUS / entry.net, entry.path])
    assert ran.status == ["correct", "incorrect", "unreadable"].index(entry.file.split("/")[0])
    assert (ran.err or ran.out).count("\n") == 1


def test_the_corpus_is_large_and_of_both_kinds() -> None:
    assert (len(CORRECT) >= 40, len(INCORRECT) >= 120, len(UNREADABLE) >= 60) == (True, True, True)
    verdicts = [VERDICTS[entry.net] for entry in CORRECT]
    assert min(verdicts.count("distinct"), verdicts.count("unique")) >= 20
    assert sum(path.stat().st_size for path in CORPUS.rglob("*.json")) < 3_000_000


def script(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_corpus_is_what_the_script_makes() -> None:
    done = script("data/make_corpus.py", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_short_campaign_that_goes_on(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    for total in (100, 200):
        done = script(
            "campaigns/mutate_certificates.py", "--count", "100", "--state", state, "--findings", tmp_path / "findings"
        )
        assert done.returncode == 0, done.stdout
        assert re.search(rf"^all +{total} ", done.stdout, re.MULTILINE)
    assert not (tmp_path / "findings").exists()
    done = script("campaigns/mutate_certificates.py", "--state", state, "--seed", "7")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the state of a campaign with the seed 0, not 7" in done.stderr


def test_the_campaign_sees_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another verdict than the known one or the enumerated one, disagreement, a crash."""
    monkeypatch.syspath_prepend(ROOT / "scripts" / "campaigns")
    from mutating import campaign

    net, certificate = argued("identity", "identity")
    good = campaign.Mutant(net, "unique", certificate.dumps().encode("utf-8"), "")
    file = tmp_path / "certificate.json"
    assert campaign.judged(good, file) == ("verified", None)
    assert campaign.judged(good._replace(known=None), file) == ("verified", None)
    assert campaign.judged(good._replace(data=b"{"), file) == ("unreadable", None)
    assert campaign.judged(good._replace(known="distinct"), file)[1]
    monkeypatch.setattr(campaign, "verify", lambda *_: VerifyResult(verdict="distinct", reason=None, digest=None))
    assert "enumerated unique" in (campaign.judged(good, file)[1] or "")
    assert "the second one unreadable" in (campaign.judged(good._replace(data=b"{"), file)[1] or "")
    monkeypatch.setattr(campaign, "verify", lambda *_: 1 // 0)
    assert campaign.judged(good, file)[0] == "crash"


def test_faults_for_the_verifier() -> None:
    """The script runs for minutes; here only that it finds the checks, and knows bad usage."""
    done = script("campaigns/mutate_verifier.py", "--list", "--only", "has no strict row")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "Logic.lemma: left out: raise Rejected(" in done.stdout
    done = script("campaigns/mutate_verifier.py", "--list")
    assert done.stdout.count("left out: raise Rejected(") >= 25
    assert script("campaigns/mutate_verifier.py", "--only", "no such text").returncode == 2
