"""Both stages of the engine: right answers, proofs that are verified, equal programs of every family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import oracle
from support.both_verifiers import both
from support.posed import judge, pose
from support.threshold_nets import NO_LIMITS, sample_nets, second_stage

from subgrad_hardness import generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.engine.thresholds.decide import ThresholdsRun, suits
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.net.writing import dumps, to_mapping
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.pose import pose as posed_program
from subgrad_hardness.question.session import Session

THRESHOLDS = ENGINES["thresholds"]

#: Equal programs, small enough for a test, and what their proofs take.
EQUAL: list[tuple[str, dict[str, Any]]] = [
    ("sorting", {"inputs": 9}),
    ("sorting", {"inputs": 6, "what": "all", "first": "insertion"}),
    ("sorting", {"inputs": 16, "what": "maximum"}),
    ("sorting", {"inputs": 5, "what": "largest", "k": 2}),
    ("scan", {"inputs": 9}),
    ("pooling", {"height": 6, "width": 6}),
    ("pooling", {"height": 8, "width": 8, "how": "twice"}),
    ("pooling", {"height": 6, "width": 6, "top": "convolution"}),
    ("absolute", {"inputs": 16}),
    ("tropical", {"terms": 5, "inputs": 4}),
    ("tropical", {"what": "determinant", "size": 4}),
    ("shortestpath", {"size": 4}),
    ("isotonic", {"inputs": 7}),
    ("totalvariation", {"inputs": 4}),
]


def name(case: tuple[str, dict[str, Any]]) -> str:
    return " ".join([case[0], *map(str, case[1].values())])


@pytest.mark.parametrize("case", EQUAL, ids=name)
@pytest.mark.parametrize("stage", [1, 2])
def test_equal_programs_are_proved_equal(case: tuple[str, dict[str, Any]], stage: int) -> None:
    """By the first stage alone where it can, and by the second one always."""
    posed = pose(name(case), to_mapping(generate(case[0], **case[1])), "unique", 1)
    answer = second_stage(posed.question) if stage == 2 else THRESHOLDS.decide(posed.question, NO_LIMITS)
    assert isinstance(answer, Refutation)
    assert judge(THRESHOLDS, posed, answer)


@pytest.mark.parametrize("case", EQUAL, ids=name)
def test_a_moved_weight_is_seen(case: tuple[str, dict[str, Any]]) -> None:
    net = to_mapping(generate(case[0], moved=True, **case[1]))
    posed = pose(name(case), net, "distinct", 1)
    for answer in (second_stage(posed.question), THRESHOLDS.decide(posed.question, NO_LIMITS)):
        assert isinstance(answer, Witness)
        assert judge(THRESHOLDS, posed, answer)


def test_the_second_stage_on_small_nets() -> None:
    """All operations, by the oracle's verdicts; every refutation becomes a certificate that is verified."""
    verdicts = {"distinct": 0, "unique": 0}
    for number, net in enumerate(sample_nets(60)):
        verdict = "distinct" if len(oracle.bouligand(oracle.read(net))) > 1 else "unique"
        posed = pose(str(number), net, verdict, number)
        assert judge(THRESHOLDS, posed, second_stage(posed.question))
        verdicts[verdict] += 1
    assert min(verdicts.values()) > 15


def test_both_verifiers_accept_merged_terms(tmp_path: Path) -> None:
    """A proof with thresholds, debts and links, before the verifier that shares no code."""
    program = generate("pooling", height=5, width=5, top="convolution")
    posed = posed_program(program)
    answer = second_stage(posed.question)
    assert isinstance(answer, Refutation) and answer.proof is not None
    certificate = unique_certificate(program, posed.local, posed.subgradient, answer.proof, Limits())
    assert certificate.argument is not None
    assert certificate.argument.thresholds and certificate.argument.lemmas
    assert both(dumps(program).encode(), certificate.dumps().encode(), tmp_path) == "verified"


def test_unneeded_thresholds_are_left_out() -> None:
    """Two outputs of which one is settled by algebra, and merges that no goal needs: the file names what it uses."""
    program = generate("sorting", inputs=8)
    posed = posed_program(program)
    answer = second_stage(posed.question)
    assert isinstance(answer, Refutation) and answer.proof is not None
    argument = unique_certificate(program, posed.local, posed.subgradient, answer.proof, Limits()).argument
    assert argument is not None
    assert 0 < len(argument.thresholds) < len(answer.proof.thresholds)
    named = {variable for step in argument.thresholds for form in step for variable, _ in form if variable < 0}
    assert named <= {-1 - number for number in range(len(argument.thresholds))}


def test_the_first_stage_hands_over() -> None:
    """Its patience is small: a convolution of pooled images needs merged terms, and one pooled window does not."""
    for height, over in ((6, True), (3, False)):
        posed = posed_program(
            generate("pooling", height=height, width=height, top="convolution" if over else "windows")
        )
        run = ThresholdsRun(posed.question, Session(posed.question.net))
        assert isinstance(run.decide(NO_LIMITS), Refutation)
        assert (len(run.stages) == 1) == over


@pytest.mark.parametrize(
    ("family", "parameters", "made"),
    [
        ("sorting", {"inputs": 6}, True),
        ("pooling", {"height": 4, "width": 4, "top": "convolution"}, True),
        ("maxcut", {"vertices": 5, "offset": 1}, False),
        ("dense", {"widths": (3, 6, 1)}, False),
        ("ksat", {"variables": 6, "ratio": 4}, False),
        ("ksat", {"variables": 20, "ratio": "4.26", "seed": 0, "obfuscated": True}, False),
    ],
)
def test_what_it_is_made_for(family: str, parameters: dict[str, Any], made: bool) -> None:
    question = posed_program(generate(family, **parameters)).question
    assert suits(question, Session(question.net), NO_LIMITS) == made


def test_wide_nets_are_not_what_it_is_made_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise GaveUp("too wide")

    question = posed_program(generate("sorting", inputs=6)).question
    monkeypatch.setattr(Terms, "read", give_up)
    assert not suits(question, Session(question.net), NO_LIMITS)


def test_auto_asks_it_first() -> None:
    question = posed_program(generate("isotonic", inputs=6)).question
    assert decide(question, "auto", NO_LIMITS).by == "thresholds"
