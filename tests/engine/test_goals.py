"""One-sided goals, with and without constraints, asked of every engine: no wrong answers, refutations verified.

The truth comes from the oracle: the closed pieces of a net cover the space, a goal is linear on each, and
Fourier-Motzkin elimination says whether it is positive somewhere on a piece within the constraints.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from operator import mul
from typing import Any, NamedTuple

import pytest
from support import oracle, small_nets
from support.conformance import CASES

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import Engine
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.proof.goals import require_goals_refuted
from subgrad_hardness.proof.writer import goals_argument
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.claim import claimed
from subgrad_hardness.question.question import Goal, Question
from subgrad_hardness.question.restriction import restricted
from subgrad_hardness.question.session import Session

#: These start an outside solver for every goal: a sample is enough.
SLOW = ("milp-scip", "milp-highs", "cpsat")
COMPLETE = ("cells", "circuit", "phase")
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


def judge(engine: Engine, asked: Asked, answer: Answer) -> bool:
    """Check an answer; whether it is one."""
    question = asked.question
    if isinstance(answer, Witness):
        assert asked.holds, (engine.name, asked)
        assert all(dot(row, answer.direction) >= 0 for row in question.constraints), (engine.name, asked)
        assert value(asked.net, question, answer.direction) > 0, (engine.name, asked)
        return True
    if isinstance(answer, Refutation):
        assert engine.exact and not asked.holds, (engine.name, asked)
        restriction = restricted(question, Limits())
        if engine.proves and restriction is not None and restriction.basis is None:
            assert answer.proof is not None
            verify(asked, answer, restriction.question.constraints, restriction.interior)
        return True
    assert isinstance(answer, Undecided) and answer.why
    assert engine.refusal(question) is not None or name_of_incomplete(engine)
    return False


def name_of_incomplete(engine: Engine) -> bool:
    return engine.name not in COMPLETE


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


def test_the_table_has_all_kinds() -> None:
    kinds = Counter(
        (
            asked.holds,
            "thin" if restriction is None or restriction.basis else "open" if asked.question.constraints else "free",
        )
        for asked in table()
        for restriction in [restricted(asked.question, Limits())]
    )
    assert min(kinds.values()) >= 8, kinds
    assert len(kinds) == 6, kinds


@pytest.mark.parametrize("name", ENGINES)
def test_engine(name: str) -> None:
    engine = ENGINES[name]
    asked = table()[:: len(table()) // 25] if name in SLOW else table()
    answered = Counter[bool]()
    accepted = Counter[bool]()
    for entry in asked:
        accepted[entry.holds] += engine.refusal(entry.question) is None
        answered[entry.holds] += judge(engine, entry, engine.decide(entry.question, Limits.seconds(60)))
    if name in COMPLETE:
        assert answered == Counter(entry.holds for entry in asked)
    elif engine.two_sided:
        assert not answered.total()
    else:
        assert answered[True] > 0
        assert engine.exact or not answered[False]
        assert not engine.exact or answered == accepted  # the plane


def test_auto() -> None:
    for entry in table()[::3]:
        answer = decide(entry.question, "auto", Limits.seconds(60)).answer
        assert isinstance(answer, Witness if entry.holds else Refutation), entry


@pytest.mark.parametrize("name", ["circuit", "phase"])
def test_a_session_is_asked_many_times(name: str) -> None:
    """What engines keep about a net is of no harm to the next question, in any order, and proofs stay whole."""
    source = random.Random(name)
    for case in CASES:
        if len(load(case.net).inputs) > 3:
            continue
        asked = [drawn(source, case.net, number) for number in range(4)]
        session = Session(asked[0].local.net)
        for entry in (*asked, *reversed(asked)):
            assert judge(ENGINES[name], entry, ENGINES[name].decide(entry.question, Limits.seconds(60), session))


def test_a_session_keeps_what_is_known_of_its_net() -> None:
    """The second question of a session finds the circuit and the conflicts of the first."""
    net = next(case.net for case in CASES if case.name == "median two ways")
    entry = drawn(random.Random(1), net, 1)
    session = Session(entry.local.net)
    ENGINES["circuit"].decide(entry.question, Limits(), session)
    circuit = session.of_net("circuit", lambda: None)
    assert circuit is not None
    again = entry.question._replace(goals=tuple(goal.opposite() for goal in entry.question.goals))
    ENGINES["circuit"].decide(again, Limits(), session)
    assert session.of_net("circuit", lambda: None) is circuit
    assert session.normal(Limits()) is session.normal(Limits())
    with pytest.raises(ValueError, match="another net"):
        session.goal_forms(drawn(random.Random(2), CASES[0].net, 1).question, Limits())


def thin() -> Iterator[tuple[tuple[Vector, ...], int | None]]:
    yield ((1, 0, 0), (-1, 0, 0)), 2
    yield ((1, 0, 0), (-1, 0, 0), (0, 1, -1), (0, -1, 1)), 1
    yield ((1, 1, 0), (-1, 0, 0), (0, -1, 0)), 1
    yield ((1, 0, 0), (-1, -1, 0), (0, 1, -1), (0, 0, 1), (0, 0, -1)), None
    yield ((0, 0, 0),), 3


@pytest.mark.parametrize(("rows", "dimension"), list(thin()))
def test_the_span_of_constraints(rows: tuple[Vector, ...], dimension: int | None) -> None:
    net = localise(load({"inputs": 3, "layers": [{"weight": [[1, 2, -1], [0, 1, 1]], "activation": "relu"}]})).net
    question = Question(net, (Goal(((0, 1),), (0, 1, 0)),), 0, rows)
    found = restricted(question, Limits())
    if dimension is None:
        assert found is None
        return
    assert found is not None
    assert found.question.net.inputs == dimension
    inside = found.extended(found.interior)
    assert question.allows(inside) and any(inside)
    assert all(dot(row, found.interior) > 0 for row in found.question.constraints)
    for direction in ((1,) * dimension, tuple(range(1, dimension + 1)), (-2,) * dimension):
        outside = found.extended(direction)
        assert found.question.net.output_values(direction) == net.output_values(outside)
        assert found.question.holds(direction) == question.holds(outside)
