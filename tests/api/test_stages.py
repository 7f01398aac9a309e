"""A check is assembled from stages: what is known at each moment is true, and what is written is what was verified."""

from __future__ import annotations

from typing import Any

import pytest
from support.conformance import CASES

import subgrad_hardness as sh
from subgrad_hardness.api import check as checking
from subgrad_hardness.common.limits import Interrupted, Limits
from subgrad_hardness.engine.portfolio import decide, prove
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.reading import load
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.session import Session

ABS = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}


def test_each_stage_is_published_and_true() -> None:
    seen: list[sh.CheckResult] = []
    result = checking.check_within(ABS, Limits(), Channels(result=seen.append))
    assert [r.verdict for r in seen] == ["unknown", "unknown", "distinct", "distinct", "distinct", "distinct"]
    assert [r.why is None for r in seen] == [r.verdict == "unknown" for r in seen]
    assert [r.kinks for r in seen] == [2] * 6
    assert [r.certified for r in seen] == [False] * 5 + [True]
    assert seen[-1].certificate == result.certificate


def test_an_interruption_without_a_limit_names_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "decide", interrupted)
    with pytest.raises(Interrupted) as caught:
        sh.check(ABS)
    known = caught.value.known
    assert isinstance(known, sh.CheckResult)
    assert (known.verdict, known.why, known.kinks) == ("unknown", None, 2)


def test_a_result_is_no_condition() -> None:
    with pytest.raises(TypeError, match="verdict"):
        bool(sh.check(ABS))


def test_a_proof_that_no_file_can_hold_is_no_certificate() -> None:
    """A multiplier has more than 10^5 digits: the verdict stands, uncertified, and says why."""
    lines = "c = 1e50000 y; d = 1e50000 c + x; p = -1 x; q = -1 y; m = min d p q; f = relu m"
    result = sh.check(sh.Program.from_text(f"inputs x y z; {lines}; outputs f"), certify=True)
    assert (result.verdict, result.certified, result.certificate) == ("unique", False, None)
    assert result.uncertified is not None and "no file can hold the proof" in result.uncertified


def test_every_certificate_of_the_table_is_read_back() -> None:
    for case in CASES:
        result = sh.check(case.net, certify=True)
        assert result.certificate is not None
        assert sh.verify(case.net, result.certificate.to_json()).verdict == case.verdict


def test_a_proof_goes_on_with_the_run_that_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine is begun once in a session, however often its run is asked on."""
    begun: list[str] = []
    begin = type(ENGINES["circuit"]).begin

    def counted(engine: Any, question: Any, session: Any) -> Any:
        begun.append(engine.name)
        return begin(engine, question, session)

    monkeypatch.setattr(type(ENGINES["circuit"]), "begin", counted)
    net = next(case.net for case in CASES if case.name == "median two ways")
    question = pose(load(net)).question
    session = Session(question.net)
    decided = decide(question, "auto", Limits(), session=session)
    assert isinstance(decided.answer, Refutation)
    assert begun.count(decided.by) == 1
    proved = prove(question, session, Limits())
    assert isinstance(proved.answer, Refutation) and proved.answer.proof is not None
    assert begun.count(decided.by) == begun.count(proved.by) == 1
