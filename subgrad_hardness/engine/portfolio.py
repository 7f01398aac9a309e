"""Which engine answers: the table of engines and the policy of ``auto``.

A new engine is one file and one line in ``ENGINES``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from subgrad_hardness.engine.contract import Answer, Engine, Question, Refutation, Undecided
from subgrad_hardness.limits import Limits

_HERE = "subgrad_hardness.engine"

ENGINES = {
    engine.name: engine
    for engine in (
        Engine("search", f"{_HERE}.search:decide", False, "exact evaluation at structured and random directions"),
        Engine("cells", f"{_HERE}.cells:decide", True, "exhaustive enumeration of cells, for few kinks"),
        Engine("circuit", f"{_HERE}.circuit:decide", True, "monotone circuit, SAT solver and Gordan multipliers"),
        Engine("phase", f"{_HERE}.phase:decide", True, "phases of kinks, SAT solver and Farkas multipliers"),
        Engine("milp-scip", f"{_HERE}.milp:decide_scip", False, "mixed-integer proposals from SCIP"),
        Engine("milp-highs", f"{_HERE}.milp:decide_highs", False, "mixed-integer proposals from HiGHS"),
        Engine("cpsat", f"{_HERE}.milp:decide_cpsat", False, "integer directions proposed by CP-SAT"),
    )
}

#: What ``--solver`` takes.
SOLVERS = ("auto", *ENGINES)

#: Up to here the enumeration beats even loading a SAT solver.
_FEW_KINKS = 8


class Decision(NamedTuple):
    """An answer and the engine that gave it; ``tried`` holds what the others said before."""

    answer: Answer
    by: str
    tried: tuple[tuple[str, Undecided], ...] = ()


def decide(question: Question, solver: str, limits: Limits) -> Decision:
    """Decide ``question`` with one engine, or by the policy of ``auto``.

    ``auto``: no kinks is an answer; else the engines of ``_plan`` in order, each within its budget,
    until one answers.  The verdict never depends on the budgets, only which engine finds it.
    """
    if not question.net.kinks:
        return Decision(Refutation("no kink reaches an output: F is linear near x0"), "localisation")
    if solver != "auto":
        return Decision(ENGINES[solver].decide(question, limits), solver)
    tried: list[tuple[str, Undecided]] = []
    for name, seconds in _plan(question):
        answer = ENGINES[name].decide(question, limits.within(seconds))
        if not isinstance(answer, Undecided):
            return Decision(answer, name, tuple(tried))
        tried.append((name, answer))
        if not limits.remaining:
            break
    believed = next((answer.believed for _, answer in tried if answer.believed), None)
    by = next((name for name, answer in tried if answer.believed), "auto")
    why = "; ".join(answer.why for _, answer in tried)
    return Decision(Undecided(why, believed), by, tuple(tried))


def _plan(question: Question) -> list[tuple[str, float]]:
    """Engines and budgets in seconds, by the number of kinks.

    The last engine is complete and has no budget of its own; the MILP may still propose a witness
    where the circuit blew up and cells are too many.
    """
    if len(question.net.kinks) <= _FEW_KINKS:
        return [("search", 5.0), ("cells", 5.0), ("circuit", 60.0), ("cells", math.inf)]
    return [("search", 5.0), ("circuit", math.inf), ("phase", math.inf), ("milp-scip", 60.0), ("cells", math.inf)]
