"""One-sided goals, with and without constraints, asked of every engine: no wrong answers, refutations verified."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from support.conformance import CASES
from support.one_sided import Asked, Vector, dot, drawn, table, value, verify

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import Engine
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.question import Goal, Question
from subgrad_hardness.question.restriction import restricted
from subgrad_hardness.question.session import Session

#: These start an outside solver for every goal: a sample is enough.
SLOW = ("milp-scip", "milp-highs", "cpsat")
COMPLETE = ("cells", "circuit", "phase")


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
        if name == "levels":  # it is for nets of maxima and minima alone
            assert 0 < answered[False] < accepted[False]
        else:
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
