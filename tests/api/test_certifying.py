"""How ``check`` certifies: budgets, engines without a record, refutations that are none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from support.conformance import CASES, graph

from subgrad_hardness import check, load, verify
from subgrad_hardness.api import certifying
from subgrad_hardness.api import check as checking
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common import limits
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import Engine, once
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.proof import writer
from subgrad_hardness.proof.steps import Proof
from subgrad_hardness.question.answer import Answer, Refutation
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

NETS = {case.name: case.net for case in CASES}
#: Unique, and not by the normal form alone.
NORMS, ABS = NETS["sum and maximum norms"], NETS["abs"]


@once
def without_record(question: Question, limits: Limits) -> Answer:
    """The right word for nets that are unique, and no proof."""
    return Refutation("trust me")


@once
def with_an_empty_record(question: Question, limits: Limits) -> Answer:
    return Refutation("see the proof", Proof(Session(question.net).goal_forms(question, limits).normal))


def install(monkeypatch: pytest.MonkeyPatch, name: str, function: str) -> None:
    monkeypatch.setitem(ENGINES, name, Engine(name, f"test_certifying:{function}", "", exact=True, proves=True))


def test_a_budget_ends_the_proof_but_not_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CERTIFY_SECONDS", 0.0)
    monkeypatch.setattr(checking, "CERTIFY_SHARE", 0.0)
    result = check(NORMS, solver="circuit")
    assert (result.verdict, result.certified, result.certificate) == ("unique", False, None)
    assert result.uncertified == "the proof took longer than its budget"
    assert check(NORMS, solver="plane").uncertified == "no proof in time: time limit"
    assert check(NORMS, certify=True).certified
    assert check(ABS).certified  # a witness needs no budget


def test_a_proof_may_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict stands, and the report says why there is no certificate."""
    monkeypatch.setattr(limits, "LOOK_EVERY", 0)
    monkeypatch.setattr(certifying, "memory_budget", lambda: 1)
    result = check(NORMS, certify=True)
    assert (result.verdict, result.certified) == ("unique", False)
    assert result.uncertified == "the proof took more memory than its budget"


def test_without_kinks_there_is_no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The localisation is the proof, whatever the size; so it is where kinks reach no output."""
    monkeypatch.setattr(checking, "CERTIFY_SECONDS", 0.0)
    monkeypatch.setattr(checking, "CERTIFY_SHARE", 0.0)
    pruned = {
        "inputs": 1,
        "layers": [{"weight": [[1], [0]], "bias": [1, 0], "activation": "relu"}, {"weight": [[1, 1]]}],
    }
    for net in (NETS["linear"], pruned):
        assert (check(net).verdict, check(net).certified) == ("unique", True)
    assert check(pruned).kinks == 1


def test_a_file_asks_for_the_whole_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(checking, "CERTIFY_SECONDS", 0.0)
    monkeypatch.setattr(checking, "CERTIFY_SHARE", 0.0)
    assert check(NORMS, certificate=tmp_path / "c.json").certified
    assert verify(NORMS, tmp_path / "c.json").verdict == "unique"


@pytest.mark.parametrize("net", [NORMS, ABS, NETS["linear"]])
def test_no_certificate_where_none_is_wanted(net: dict[str, Any]) -> None:
    result = check(net, certify=False)
    assert result.verdict == check(net).verdict
    assert (result.certified, result.certificate, result.uncertified) == (False, None, "it was not asked for")


def test_cells_have_their_proof_from_others() -> None:
    result = check(NORMS, solver="cells")
    assert (result.solver, result.verdict, result.certified) == ("cells", "unique", True)


def test_a_false_refutation_without_a_record_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even without cross-checks: the provers find the witness."""
    install(monkeypatch, "cells", "without_record")
    with pytest.raises(Disagreement, match="finds a witness") as caught:
        check(ABS, solver="cells", cross_checks=False)
    assert caught.value.evidence["witness"] in (["1"], ["-1"])


def test_a_record_that_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "circuit", "with_an_empty_record")
    for net in (NORMS, ABS):
        with pytest.raises(Disagreement, match="is no proof"):
            check(net, solver="circuit", cross_checks=False)


def test_provers_without_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "circuit", "without_record")
    result = check(NORMS, solver="circuit")
    assert (result.verdict, result.certified) == ("unique", False)
    assert result.uncertified == "the engine keeps no record of its reasons"


def test_a_certificate_that_the_verifier_rejects(monkeypatch: pytest.MonkeyPatch) -> None:
    good = check(NORMS, certify=True).certificate
    assert good is not None and good.argument is not None
    broken = good._replace(argument=good.argument._replace(derivation=()))
    monkeypatch.setattr(writer, "unique_certificate", lambda *_: broken)
    with pytest.raises(Disagreement, match="the verifier rejects the certificate: the empty clause"):
        check(NORMS)


def test_hand_built_certificates() -> None:
    """The reader makes none of these, but a caller may."""
    program = load(graph("x", "f = relu x", "f"))
    one = DirectionMatrix(((Fraction(1),),), ())
    other = DirectionMatrix(((Fraction(-1),),), ())
    empty = Argument(())
    assert verify_certificate(program, Certificate("distinct", program.digest, (one, other))) == "distinct"
    for certificate in (
        Certificate("distinct", program.digest, (one, other), empty),
        Certificate("unique", program.digest, (one,)),
        Certificate("unique", program.digest, (one, other), empty),
        Certificate("distinct", program.digest, (one,)),
        Certificate("both", program.digest, (one, other)),
    ):
        with pytest.raises(Rejected, match="a distinct claim has two direction matrices"):
            verify_certificate(program, certificate)


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, "2"])
def test_bad_threads(threads: Any) -> None:
    with pytest.raises(ParameterError, match="threads"):
        check(ABS, threads=threads)


def test_the_normal_form_answers_by_itself() -> None:
    result = check(NETS["opposite copies"])
    assert (result.verdict, result.solver, result.certified) == ("unique", "normal form", True)
    assert result.why == "the normal form is linear: of 2 kinks 1 are different, and they cancel"
    assert result.certificate is not None and result.certificate.argument is not None
    assert not result.certificate.argument.derivation
