"""Which engine answers: the table of engines and the policy of ``auto``.

A new engine is one file and one line in ``ENGINES``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
# Beyond this many kinks there are too many cells, unless the inputs are as few as that.
_MANY_KINKS, _FEW_INPUTS = 24, 3
# In seconds: the first round's budget for each engine, the factor from round to round, and the
# round in which an inexact solver gets one chance to propose a witness.
_FIRST_BUDGET = 0.3
_GROWTH = 4.0
_MILP_ROUND = 4


class Decision(NamedTuple):
    """An answer and the engine that gave it (for ``Undecided``: whose belief it is)."""

    answer: Answer
    by: str


Announce = Callable[[str], None]


def decide(question: Question, solver: str, limits: Limits, announce: Announce = lambda _: None) -> Decision:
    """Decide ``question`` with one engine, or by the policy of ``auto``.

    ``auto``: no kinks is an answer; a quick search; then the exact engines in rounds of growing
    budgets, because nobody knows beforehand which one blows up (an engine that gave up before its
    budget is not asked again).  The verdict never depends on the budgets, only who finds it.
    ``announce`` hears, before an engine starts, which one and for how long.
    """
    if not question.net.kinks:
        return Decision(Refutation("no kink reaches an output: F is linear near x0"), "localisation")
    if solver != "auto":
        announce(f"trying {solver}")
        return Decision(ENGINES[solver].decide(question, limits), solver)
    answer = ENGINES["search"].decide(question, limits)
    if not isinstance(answer, Undecided):
        return Decision(answer, "search")
    said: dict[str, Undecided] = {"search": answer}
    engines = _order(question)
    budget, number = _FIRST_BUDGET, 0
    while engines and limits.remaining:
        number += 1
        for name in [*engines, *(["milp-scip"] if number == _MILP_ROUND else [])]:
            start = time.monotonic()
            announce(f"round {number}: trying {name} for at most {budget:.1f} s")
            answer = ENGINES[name].decide(question, limits.within(budget))
            if not isinstance(answer, Undecided):
                return Decision(answer, name)
            said[name] = answer
            if name in engines and time.monotonic() - start < budget:
                engines.remove(name)
        budget *= _GROWTH
    if not engines and "cells" not in said:  # the others gave up: the last one is slow but complete
        announce("trying cells, the last resort")
        answer = ENGINES["cells"].decide(question, limits)
        if not isinstance(answer, Undecided):
            return Decision(answer, "cells")
        said["cells"] = answer
    believed = next(((entry.believed, name) for name, entry in said.items() if entry.believed), (None, "auto"))
    why = "; ".join(entry.why for name, entry in said.items() if name != "search" or len(said) == 1)
    return Decision(Undecided(why, believed[0]), believed[1])


def _order(question: Question) -> list[str]:
    """The exact engines, the likeliest first."""
    kinks = len(question.net.kinks)
    if kinks <= _FEW_KINKS:
        return ["cells", "circuit", "phase"]
    if kinks <= _MANY_KINKS or question.net.inputs <= _FEW_INPUTS:  # the cells may be few enough
        return ["circuit", "phase", "cells"]
    return ["circuit", "phase"]
