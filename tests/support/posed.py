"""Posed questions with their true verdicts, and a judge of engines' answers."""

from __future__ import annotations

from typing import Any, NamedTuple

from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.engine.contract import Engine
from subgrad_hardness.engine.registry import PROVERS
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.pose import pose as asked
from subgrad_hardness.question.question import Question
from support import oracle

#: The provers that answer every question in the end; the others refuse nets that they are not made for.
GENERAL_PROVERS = tuple([name for name in PROVERS if name != "levels"])  # ``levels`` knows one kind of nets
COMPLETE_PROVERS = tuple([name for name in GENERAL_PROVERS if name not in ("domination", "hulls")])


class Posed(NamedTuple):
    """A question with the true verdict."""

    name: str
    net: dict[str, Any]
    verdict: str
    program: Program
    local: Localisation
    element: Element
    question: Question


def pose(name: str, net: dict[str, Any], verdict: str, direction: int) -> Posed:
    """The question about ``net``, with a g of its own."""
    program = load(net)
    leading = tuple((7 * index + direction) % 11 - 5 or 1 for index in range(program.input_count))
    posed = asked(program, direction, directions=[leading])
    return Posed(name, net, verdict, program, posed.local, posed.subgradient, posed.question)


def judge(engine: Engine, posed: Posed, answer: Answer) -> bool:
    """Check an answer; whether it is one."""
    if isinstance(answer, Witness):
        assert posed.verdict == "distinct", (engine.name, posed)
        net = oracle.read(posed.net)
        g = posed.question.net.scaled(posed.element.rows)
        assert oracle.derivative(net, answer.direction) != oracle.times(g, answer.direction), (engine.name, posed)
        return True
    if isinstance(answer, Refutation):
        assert engine.exact, engine.name
        assert posed.verdict == "unique", (engine.name, posed)
        if engine.name in PROVERS:
            assert answer.proof is not None
            certificate = unique_certificate(posed.program, posed.local, posed.element, answer.proof, Limits())
            assert verify_certificate(posed.program, certificate) == "unique"
        return True
    assert isinstance(answer, Undecided)
    assert answer.why
    assert answer.believed in (None, "distinct", "unique")
    return False
