"""One-sided goals with the truth about them, and refutations of them before the verifier's steps.

The truth comes from the oracle: the closed pieces of a net cover the space, a goal is linear on each, and
Fourier-Motzkin elimination says whether it is positive somewhere on a piece within the constraints.
"""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from operator import mul
from typing import Any, NamedTuple

import pytest

from subgrad_hardness.certificate.goals import require_goals_refuted
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.proof.writer import goals_argument
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.claim import claimed
from subgrad_hardness.question.question import Goal, Question
from support import oracle, small_nets
from support.conformance import CASES

Vector = tuple[int, ...]


class Asked(NamedTuple):
    """A question with the truth about it: ``holds`` says whether some goal is positive somewhere."""

    name: str
    net: dict[str, Any]
    program: Program
    local: Localisation
    question: Question
    holds: bool


def truth(net: dict[str, Any], question: Question) -> bool:
    """By the oracle, which reads the net itself."""
    read = oracle.read(net)
    size = len(read.point)
    for piece in oracle.pieces(read):
        for goal in question.goals:
            row = [Fraction(-entry) for entry in goal.linear]
            for output, coefficient in goal.outputs:
                factor = coefficient / question.net.scales[output]
                row = [x + factor * y for x, y in zip(row, piece.jacobian[output], strict=True)]
            form = [goal.sign * entry for entry in row]
            if any(form) and oracle.positive_point([form], size, [*piece.forms, *question.constraints]) is not None:
                return True
    return False


def value(net: dict[str, Any], question: Question, direction: Vector) -> Fraction:
    """The largest goal at a direction, by the oracle."""
    derivative = oracle.derivative(oracle.read(net), direction)
    scales = question.net.scales
    return max(
        goal.sign
        * (sum((c / scales[k] * derivative[k] for k, c in goal.outputs), Fraction(0)) - dot(goal.linear, direction))
        for goal in question.goals
    )


def dot(row: Vector, direction: Vector) -> int:
    return sum(map(mul, row, direction))


def drawn(source: random.Random, net: dict[str, Any], number: int) -> Asked:
    """One or two goals near supporting ones, so that both answers occur, under no, few or contradictory constraints."""
    program = load(net)
    local = localise(program)
    size, outputs = program.input_count, len(local.net.outputs)
    pieces = list(oracle.pieces(oracle.read(net)))
    goals = []
    for _ in range(source.choice((1, 1, 2))):
        chosen = tuple((k, source.choice((-2, -1, 1, 3))) for k in range(outputs) if source.random() < 0.7)
        jacobian = source.choice(pieces).jacobian
        linear = [sum((c / local.net.scales[k] * jacobian[k][i] for k, c in chosen), Fraction(0)) for i in range(size)]
        shift = [source.choice((0, 0, 0, 1, -1)) for _ in range(size)]
        whole = [entry.numerator // entry.denominator + s for entry, s in zip(linear, shift, strict=True)]
        goals.append(Goal(chosen, tuple(whole), source.choice((1, -1))))
    rows: list[Vector] = []
    for _ in range(source.choice((0, 0, 1, 2, 3))):
        rows.append(tuple(source.randint(-2, 2) for _ in range(size)))
    if rows and source.random() < 0.4:  # an equality: no open cone
        rows.append(tuple(-entry for entry in rows[0]))
    question = Question(local.net, tuple(goals), number, tuple(rows))
    return Asked(f"{number}", net, program, local, question, truth(net, question))


@cache
def table() -> tuple[Asked, ...]:
    source = random.Random("goals")
    nets = [case.net for case in CASES if len(load(case.net).inputs) <= 4]
    nets += [net for net in small_nets.nets()[::5] if len(load(net).inputs) <= 3]
    return tuple(drawn(source, net, number) for number, net in enumerate(nets * 2))


def verify(asked: Asked, answer: Refutation, constraints: tuple[Vector, ...], interior: Vector) -> None:
    """The refutation as an argument that the verifier accepts, though not without its last steps or elsewhere."""
    assert answer.proof is not None
    goals = claimed(asked.question)
    argument = goals_argument(asked.program, asked.local, goals, answer.proof, Limits())
    require_goals_refuted(asked.program, goals, argument, constraints, interior)
    if argument.derivation:
        with pytest.raises(Rejected):
            require_goals_refuted(asked.program, goals, argument._replace(derivation=()), constraints, interior)
    if constraints:
        with pytest.raises(Rejected, match="not positive at the point"):
            require_goals_refuted(asked.program, goals, argument, constraints, tuple(-entry for entry in interior))
