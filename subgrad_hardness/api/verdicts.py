"""From an engine's answer, or an outside solver's, to a verdict: a witness counts only after exact replay."""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.api.results import Believed
from subgrad_hardness.api.stages import Verdict
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.engine.registry import Decision
from subgrad_hardness.question.answer import Effort, Refutation, Witness
from subgrad_hardness.question.pose import Posed

REPLAYED = "a direction on which the derivative is not linear, replayed exactly"


class Judged(NamedTuple):
    """A verdict, and the elements of d_L that go with it: two different ones for ``distinct``."""

    verdict: Verdict
    elements: tuple[Element, ...]


class NotReplayed(Exception):
    """A direction that was given as a witness does not separate: whoever gave it is wrong."""

    def __init__(self, direction: tuple[int, ...]) -> None:
        self.direction = direction
        super().__init__("the witness does not survive exact replay")


def judged(posed: Posed, decision: Decision) -> Judged:
    """The verdict of an engine's answer.  Raises NotReplayed."""
    answer = decision.answer
    if isinstance(answer, Witness):
        return distinct(posed, answer.direction, decision.by, answer.effort)
    if isinstance(answer, Refutation):
        verdict = Verdict(verdict="unique", why=answer.why, solver=decision.by, effort=answer.effort)
    else:
        believed = None if answer.believed is None else Believed(verdict=answer.believed, by=decision.by)
        verdict = Verdict(verdict="unknown", why=answer.why, believed=believed, effort=answer.effort or None)
    return Judged(verdict, (posed.subgradient,))


def distinct(posed: Posed, direction: tuple[int, ...], by: str, effort: Effort | None = None) -> Judged:
    """``distinct``, from a direction on which F' and the subgradient at hand differ; a forward and a backward pass.

    Raises NotReplayed.
    """
    second = lock_branches(posed.question.net, [direction]) if posed.question.holds(direction) else posed.subgradient
    if second.rows == posed.subgradient.rows:
        raise NotReplayed(direction)
    verdict = Verdict(verdict="distinct", why=REPLAYED, solver=by, effort=effort, separating_direction=direction)
    return Judged(verdict, (posed.subgradient, second))
