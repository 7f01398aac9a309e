"""What the campaign of damaged claims stands on: the judge of their truth, the campaign, and that it can fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.claims_judged import Judge
from support.forging_claims import forgery
from support.paths import ROOT

from subgrad_hardness.certificate import refutation

CORPUS = ROOT / "tests" / "certificates" / "claims"
MANIFEST: dict[str, list[dict[str, Any]]] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
JUDGES = {entry["file"]: Judge(json.loads((CORPUS / entry["file"]).read_bytes())) for entry in MANIFEST["nets"]}


def truth(entry: dict[str, Any]) -> bool | None:
    claim = json.loads((CORPUS / entry["file"]).read_bytes())
    other = JUDGES[entry["other"]].net if "other" in entry else None
    return JUDGES[entry["net"]].truth(claim, other)


def test_true_claims_are_judged_true() -> None:
    judged = Counter((truth(entry), entry["kind"]) for entry in MANIFEST["correct"])
    assert {verdict for verdict, _ in judged} == {True}
    assert len(judged) == 13


#: Of the corpus's incorrect claims those that are false, as one sees at a glance.
FALSE = (
    "abs-member-lexicographic--vector-between",
    "abs-member-clarke--weights-negative",
    "false-support-autodiff-tree--of-one-kink-and-its-value",
    "abs-outside-clarke-argued--vector-inside",
    "abs-support-clarke-tree--greater",
    "abs-shortest-clarke-argued--off-the-middle",
    "abs-complete--member-left-out",
    "false-minimum--on-the-side-of-half",
    "saddle-descent-2--ascent",
    "saddle-irregular--subadditive-there",
    "abs-affine--region-everywhere",
    "constants-affine--opposite-constant",
    "abs-bent--on-the-border",
    "saddle-and-saddle-bent-equal--wider",
    "saddle-and-saddle-bent-different--outside",
    "abs-regular--of-the-saddle",
)


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_judged_false(name: str) -> None:
    (entry,) = (entry for entry in MANIFEST["incorrect"] if Path(entry["file"]).stem == name)
    assert truth(entry) is False


def test_a_short_campaign(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "campaigns" / "mutate_certificates.py"), "--claims"]
    command += ["--count", "100", "--state", str(tmp_path / "state"), "--findings", str(tmp_path / "findings")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^all +100 ", done.stdout, re.MULTILINE)
    assert not (tmp_path / "findings").exists()


def test_the_campaign_sees_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """False claims that are accepted, disagreement, a crash."""
    monkeypatch.syspath_prepend(ROOT / "scripts" / "campaigns")
    from mutating import claims

    net = JUDGES["nets/saddle.json"].net
    data = (CORPUS / "incorrect" / "saddle-descent-2--ascent.json").read_bytes()
    mutant = claims.ClaimMutant(net, None, data, "")
    assert claims.judged(mutant, tmp_path) == ("rejected", None)
    monkeypatch.setattr(claims, "first", lambda *_: "verified")
    assert "the second one rejected" in (claims.judged(mutant, tmp_path)[1] or "")
    monkeypatch.setattr(claims, "verdict", lambda *_, **__: "verified")
    assert "a false claim is verified: descent" in (claims.judged(mutant, tmp_path)[1] or "")
    monkeypatch.setattr(claims, "verdict", lambda *_, **__: 1 // 0)
    assert "the second verifier ends with ZeroDivisionError" in (claims.judged(mutant, tmp_path)[1] or "")
    monkeypatch.setattr(claims, "first", lambda *_: 1 // 0)
    assert claims.judged(mutant, tmp_path)[0] == "crash"


def test_the_search_for_forged_proofs_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-space beside the goal -x > 0, whose opposite is no goal: the verifier once took it for symmetric."""
    monkeypatch.syspath_prepend(ROOT / "scripts" / "campaigns")
    import forge_claims

    found = forgery(1203)
    assert found is not None
    assert (found.claim is not None, found.true) == (True, False)
    assert forge_claims.judged(found, tmp_path) == ("false minimum with half: rejected", None)
    monkeypatch.setattr(refutation, "opposite", lambda pairs: pairs)
    assert forge_claims.judged(found, tmp_path)[1]
