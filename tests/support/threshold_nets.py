"""Nets of maxima and minima, their sessions, and both stages of the thresholds engine by themselves."""

from __future__ import annotations

import random
from typing import Any

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.thresholds.decide import ThresholdsRun
from subgrad_hardness.engine.thresholds.terms import Owing, Settle, Terms
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.question.answer import Answer
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session
from support.small_nets import nets

NO_LIMITS = Limits()


def min_max_net(source: random.Random, inputs: int, nodes: int) -> dict[str, Any]:
    """A graph of min, max, abs and sums, its output the difference of two nodes; often two copies are made of parts."""
    names = [f"x{index}" for index in range(inputs)]
    made: list[dict[str, Any]] = []
    for number in range(nodes):
        name = f"n{number}"
        op = source.choice(("max", "max", "min", "min", "abs", "affine"))
        args = [source.choice(names[-inputs - 4 :]) for _ in range(1 if op == "abs" else source.choice((2, 2, 3)))]
        node: dict[str, Any] = {"id": name, "op": op, "args": args}
        if op == "affine":
            node["coefficients"] = [source.choice((-2, -1, 1, 1, 2)) for _ in args]
        made.append(node)
        names.append(name)
    made.append({"id": "f", "op": "affine", "args": names[-2:], "coefficients": [1, -1]})
    return {"inputs": names[:inputs], "nodes": made, "outputs": ["f"]}


def sample_nets(count: int) -> list[dict[str, Any]]:
    """Small nets of all operations, and nets of maxima and minima."""
    source = random.Random("thresholds")
    return [*nets()[:count], *(min_max_net(source, source.randint(2, 4), source.randint(3, 7)) for _ in range(count))]


def read_terms(net: dict[str, Any], settle: Settle | None = None) -> tuple[Session, Terms, tuple[Owing, ...]]:
    """The net's session, its terms and the shapes of its outputs."""
    session = Session(localise(load(net)).net)
    terms = Terms(session.net, session.normal(NO_LIMITS), session.kink_values(NO_LIMITS), settle)
    return session, terms, terms.read(NO_LIMITS)


def second_stage(question: Question, session: Session | None = None) -> Answer:
    """The answer of the stage that merges equal terms."""
    run = ThresholdsRun(question, session or Session(question.net))
    del run.stages[:-1]
    return run.decide(NO_LIMITS)
