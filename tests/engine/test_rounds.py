"""The rounds of ``auto``: who goes on at once, and whose budgets are large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.posed import pose

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine import portfolio
from subgrad_hardness.engine.contract import MoreTime, Run
from subgrad_hardness.engine.portfolio import Turn, _rounds
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.question.answer import Answer, Refutation
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

NET = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
#: The first budget in seconds, so large that no stall of the machine is seen in a quotient.
UNIT = 1000.0


def played(monkeypatch: pytest.MonkeyPatch, said: dict[str, list[str]], turns: list[Turn]) -> list[tuple[str, float]]:
    """Who was asked, with which part of the round's first budget.  What each says in turn: more, limit or done."""
    asked: list[tuple[str, float]] = []

    def engine(name: str) -> Callable[[Question, Session], Run]:
        def run(limits: Limits) -> Answer:
            asked.append((name, round(limits.remaining / UNIT)))
            word = said[name].pop(0)
            if word == "more":
                raise MoreTime("a long search")
            if word == "limit":
                raise LimitReached("time limit")
            return Refutation("done")

        return lambda question, session: run

    monkeypatch.setattr(portfolio, "_FIRST_BUDGET", UNIT)
    for name in said:
        monkeypatch.setattr(type(ENGINES[name]), "begin", lambda self, *args: engine(self.name)(*args))
    question = pose("", NET, "distinct", 1).question
    decision = _rounds(question, Session(question.net), turns, Limits(), lambda _: None, proposals=False)
    assert decision.by == asked[-1][0]
    return asked


def test_the_first_engine_on_its_way_goes_on_at_once_and_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"circuit": ["more", "more", "done"], "phase": ["more", "limit"]}
    turns = [Turn("circuit"), Turn("phase")]
    assert played(monkeypatch, said, turns) == [("circuit", 1), ("circuit", 8), ("phase", 1), ("circuit", 24)]


def test_a_leader_that_is_not_on_its_way_any_more_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"circuit": ["more", "limit", "limit"], "phase": ["more", "more", "done"]}
    turns = [Turn("circuit"), Turn("phase")]
    asked = [("circuit", 1), ("circuit", 8), ("phase", 1), ("phase", 8), ("circuit", 3), ("phase", 24)]
    assert played(monkeypatch, said, turns) == asked


def test_a_head_start_is_for_the_first_round(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"circuit": ["limit", "done"], "phase": ["limit", "limit"]}
    turns = [Turn("phase", head_start=True), Turn("circuit")]
    assert played(monkeypatch, said, turns) == [("phase", 8), ("circuit", 1), ("phase", 3), ("circuit", 3)]
