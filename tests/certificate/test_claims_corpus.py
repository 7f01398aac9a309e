"""The proof corpus's claims about subdifferentials, regions and two nets: what both verifiers say of them.

The tests whose names begin with ``test_first`` are about the shipped verifier alone;
scripts/campaigns/mutate_verifier.py runs these against damaged copies of it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import second_verifier
from support.cli_runner import in_process
from support.paths import ROOT
from support.raise_sites import Site, origins, unreached

from subgrad_hardness import CertificateError, verify
from subgrad_hardness.certificate import checked, claims, goals, statement, tree
from subgrad_hardness.certificate.format import load_certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.statement import KEYS, SETS, Statement
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

CORPUS = ROOT / "tests" / "certificates" / "claims"
MANIFEST: dict[str, list[dict[str, Any]]] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
NETS: dict[str, Program] = {entry["file"]: load(CORPUS / entry["file"]) for entry in MANIFEST["nets"]}


class Entry(NamedTuple):
    """A certificate file, its net, perhaps the second one; its kind if it is true, else words of the reason."""

    file: str
    net: str
    other: str | None
    kind: str
    reason: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return CORPUS / self.file

    @property
    def second(self) -> Program | None:
        """The second net."""
        return None if self.other is None else NETS[self.other]


def entries(place: str) -> list[Entry]:
    return [
        Entry(entry["file"], entry["net"], entry.get("other"), entry.get("kind", ""), entry.get("reason", ""))
        for entry in MANIFEST[place]
    ]


CORRECT, INCORRECT, UNREADABLE = map(entries, ("correct", "incorrect", "unreadable"))


def read(entry: Entry) -> Statement:
    found = load_certificate(entry.path)
    assert isinstance(found, Statement)
    return found


def test_first_accepts() -> None:
    for entry in CORRECT:
        result = verify(NETS[entry.net], entry.path, other=entry.second)
        assert (result.verdict, result.reason) == (entry.kind, None), entry.file


def test_first_rejects() -> None:
    for entry in INCORRECT:
        result = verify(NETS[entry.net], entry.path, other=entry.second)
        assert result.verdict is None, entry.file
        assert entry.reason in (result.reason or ""), entry.file


def test_first_refuses_objects_that_no_file_holds() -> None:
    """The reader knows kinds and keys; the checks behind it believe no reader."""
    net = NETS["nets/abs.json"]
    with pytest.raises(Rejected, match="no known kind"):
        verify_certificate(net, Statement("certain", net.digest))
    with pytest.raises(Rejected, match="another second net"):
        verify_certificate(net, Statement("equal", net.digest))


def test_first_cannot_read() -> None:
    for entry in UNREADABLE:
        with pytest.raises(CertificateError) as error:
            load_certificate(entry.path)
        assert str(error.value).startswith(f"{entry.path}: "), entry.file
        assert entry.reason in str(error.value), entry.file


def test_first_writes_what_it_reads() -> None:
    """The files are as the writer writes them, but for other spellings of numbers."""
    for entry in CORRECT:
        claim = read(entry)
        assert load_certificate(claim.to_json()) == claim
        if "--" not in entry.file:
            assert claim.dumps() == entry.path.read_text(encoding="utf-8"), entry.file


#: Never raised for what a file holds: a Statement object alone may have such a kind.
OBJECTS_ONLY = 'raise Rejected("the claim is of no known kind")'


def test_every_reason_to_reject_a_claim_is_in_the_corpus() -> None:
    reached: set[Site] = set()
    for entry in INCORRECT:
        with pytest.raises(Rejected) as rejected:
            verify_certificate(NETS[entry.net], read(entry), entry.second)
        reached |= origins(rejected.value)
    lines = Path(str(claims.__file__)).read_text(encoding="utf-8").splitlines()
    never = f"claims.py:{1 + next(number for number, line in enumerate(lines) if OBJECTS_ONLY in line)}"
    assert unreached([claims, checked, tree, goals], reached | _reading()) == [never]


def _reading() -> set[Site]:
    reached: set[Site] = set()
    for entry in UNREADABLE:
        with pytest.raises(CertificateError) as error:
            load_certificate(entry.path)
        reached |= origins(error.value)
    return reached


def test_every_reason_not_to_read_a_claim_is_in_the_corpus() -> None:
    assert unreached([statement], _reading()) == []


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(CORRECT, "verified"), (INCORRECT, "rejected"), (UNREADABLE, "unreadable")],
    ids=["correct", "incorrect", "unreadable"],
)
def test_second_verifier(chosen: list[Entry], expected: str) -> None:
    """Written from the document alone, and of one mind with the first."""
    nets = {file: (CORPUS / file).read_bytes() for file in NETS}
    for entry in chosen:
        other = None if entry.other is None else nets[entry.other]
        said = second_verifier.verdict(nets[entry.net], entry.path.read_bytes(), other_data=other)
        assert said == expected, entry.file


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, 1 or 2, and one line; one file of each kind."""
    run = in_process(capsys)
    for status, chosen in enumerate((CORRECT, INCORRECT, UNREADABLE)):
        for entry in {read(entry).kind if status < 2 else entry.net: entry for entry in chosen}.values():
            more = [] if entry.other is None else ["--other", CORPUS / entry.other]
            ran = run("verify", CORPUS / entry.net, entry.path, *more)
            assert ran.status == status, entry.file
            assert (ran.err or ran.out).count("\n") == 1
            assert entry.reason in (ran.error if status == 2 else ran.out)


def test_all_kinds_and_sets_are_there() -> None:
    true = [read(entry) for entry in CORRECT]
    kinds = Counter(claim.kind for claim in true)
    assert set(kinds) == set(KEYS)
    assert {(claim.kind, claim.set) for claim in true if claim.set} >= {
        *((kind, which) for kind in ("member", "outside", "support") for which in SETS),
        ("shortest", "clarke"),
        ("shortest", "autodiff"),
    }
    assert {read(entry).kind for entry in INCORRECT} == set(KEYS)
    assert (len(CORRECT) >= 150, len(INCORRECT) >= 200, len(UNREADABLE) >= 150) == (True, True, True)
