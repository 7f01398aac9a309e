"""One conformance suite for every engine of the portfolio: no wrong answers, and how many at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from support import oracle, small_nets
from support.conformance import CASES, Case, graph
from support.posed import Posed, judge, pose

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.cell import Cell
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.engine import portfolio
from subgrad_hardness.engine.contract import Engine, once
from subgrad_hardness.engine.registry import ENGINES, SOLVERS
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.question import Question, linearity

#: These start an outside solver for every output and sign: a sample is enough.
SLOW = ("milp-scip", "milp-highs", "cpsat")
#: These are complete on small nets.
COMPLETE = ("cells", "circuit", "phase")
#: How many of the 289 distinct and of the 311 unique nets an engine answers at least; of the slow ones' sample, of 23
#: and 17.  A new engine has to answer one, and the complete ones answer all.
FLOORS = {
    "search": (285, 0),
    "climb": (284, 0),
    "layer": (205, 298),
    "plane": (169, 188),
    **dict.fromkeys(COMPLETE, (289, 311)),
    "domination": (288, 311),
    "hulls": (288, 311),
    **dict.fromkeys(SLOW, (22, 0)),
}


@cache
def table() -> tuple[Posed, ...]:
    """The named nets, each asked with two different g."""
    return tuple(pose(case.name, case.net, case.verdict, number) for case in CASES for number in (3, 8))


@cache
def random_nets() -> tuple[Posed, ...]:
    return tuple(
        pose(f"random {number}", net, small_nets.expected(number), number)
        for number, net in enumerate(small_nets.nets())
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_table_is_right(case: Case) -> None:
    assert oracle.verdict(oracle.read(case.net)) == case.verdict


def test_the_table_knows_both_answers() -> None:
    verdicts = [case.verdict for case in CASES]
    assert min(verdicts.count("distinct"), verdicts.count("unique")) > 15
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", ENGINES)
def test_engine(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = ENGINES[name]
    nets = [*table(), *random_nets()]
    if name in SLOW:
        nets = nets[:: len(nets) // 40]
    answered = {"distinct": 0, "unique": 0}
    for posed in nets:
        if judge(engine, posed, engine.decide(posed.question, Limits.seconds(60))):
            answered[posed.verdict] += 1
    assert capsys.readouterr() == ("", ""), "an engine prints nothing"
    assert engine.exact or not answered["unique"]
    distinct, unique = FLOORS.get(name, (1, 0))
    assert answered["distinct"] >= distinct, answered
    assert answered["unique"] >= unique, answered


def test_the_floors_are_numbers_of_these_nets() -> None:
    verdicts = Counter(posed.verdict for posed in (*table(), *random_nets()))
    assert tuple(verdicts[verdict] for verdict in ("distinct", "unique")) == FLOORS["cells"]
    assert set(FLOORS) <= set(ENGINES)


def test_the_complete_engines_are_there() -> None:
    assert set(COMPLETE) <= set(ENGINES)
    assert all(ENGINES[name].exact for name in COMPLETE)
    assert ("auto", *ENGINES) == SOLVERS


def test_auto_answers_everything() -> None:
    for posed in [*table(), *random_nets()[::5]]:
        decision = portfolio.decide(posed.question, "auto", Limits())
        assert isinstance(decision.answer, Witness if posed.verdict == "distinct" else Refutation), posed
        assert decision.by in {*ENGINES, "localisation", "normal form"}


@pytest.mark.parametrize("name", [name for name in COMPLETE if name in ENGINES])
def test_an_engine_that_runs_out_of_time_says_nothing(name: str) -> None:
    answer = ENGINES[name].decide(next(p for p in table() if p.name == "median").question, Limits.seconds(-1))
    assert isinstance(answer, Undecided)
    assert answer.believed is None
    assert "time" in answer.why


def test_a_cell_whose_point_lies_where_its_jacobian_and_g_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """F = max(min(x, relu(y)), -relu(y)), g = 0: on the cell |x| < y around (0, 1), F' d = x = 0 = g d."""
    lines = "r = relu y; s = -1 r; m = min x r; f = max m s"
    local = localise(load(graph("x y", lines, "f"))).net
    question = linearity(local, lock_branches(local, [(0, -1)]).rows)
    element = lock_branches(local, [(0, 1)])
    assert (question.goals[0].linear, element.rows) == ((0, 0), ((1, 0),))
    assert not question.holds((0, 1))
    cell = Cell((0, 1), element.rows, tuple(1 if passing else -1 for passing in element.passing))
    monkeypatch.setattr("subgrad_hardness.engine.cells.cells", lambda *_: [cell])
    answer = ENGINES["cells"].decide(question, Limits())
    assert isinstance(answer, Witness)
    assert question.holds(answer.direction)


@once
def inexact_refutation(question: Question, limits: Limits) -> Answer:
    """An engine that claims more than it may."""
    return Refutation("because I say so")


@once
def out_of_time(question: Question, limits: Limits) -> Answer:
    raise LimitReached("time limit")


def test_an_inexact_engine_may_not_refute() -> None:
    engine = Engine("liar", f"{__name__}:inexact_refutation", "")
    with pytest.raises(TypeError, match="not exact"):
        engine.decide(table()[0].question, Limits())
    late = Engine("late", f"{__name__}:out_of_time", "", exact=True).decide(table()[0].question, Limits())
    assert late == Undecided("late: time limit", limited=True)


def answers() -> Iterator[Answer]:
    yield Witness((1, 2))
    yield Refutation("why")
    yield Undecided("why", "unique")


def test_questions_and_answers_travel() -> None:
    """Small, immutable, picklable: an engine can run in a worker process."""
    import pickle

    for posed in table():
        again = pickle.loads(pickle.dumps(posed.question))
        assert again == posed.question
        assert hash(again) == hash(posed.question)
    for answer in answers():
        assert pickle.loads(pickle.dumps(answer)) == answer
