"""The table of engines.  A new engine is one file and one line in ``ENGINES``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from subgrad_hardness.engine.contract import Engine
from subgrad_hardness.question.answer import Answer, Undecided

_HERE = "subgrad_hardness.engine"


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("search", f"{_HERE}.search:start", False, "exact evaluation at structured and random directions"),
        Engine("climb", f"{_HERE}.local_search:start", False, "local search uphill over sign vectors"),
        Engine("layer", f"{_HERE}.single_layer:start", True, "one hidden layer of kinks, in polynomial time"),
        Engine("plane", f"{_HERE}.plane:start", True, "once around, for one or two inputs"),
        Engine("cells", f"{_HERE}.cells:start", True, "exhaustive enumeration of cells, for few kinks"),
        Engine("circuit", f"{_HERE}.circuit.decide:start", True, "monotone circuit, SAT solver and Gordan multipliers"),
        Engine(
            "phase",
            f"{_HERE}.phase.decide:start",
            True,
            "phases of kinks, cutting planes, SAT solver, exact multipliers",
        ),
        Engine("milp-scip", f"{_HERE}.milp:start_scip", False, "mixed-integer proposals from SCIP"),
        Engine("milp-highs", f"{_HERE}.milp:start_highs", False, "mixed-integer proposals from HiGHS"),
        Engine("cpsat", f"{_HERE}.milp:start_cpsat", False, "integer directions proposed by CP-SAT"),
    )
}


#: What ``--solver`` takes.
SOLVERS = ("auto", *ENGINES)


#: The engines that keep a record of their reasons, the likeliest first.
PROVERS = ("circuit", "phase")


class Decision(NamedTuple):
    """An answer and the engine that gave it (for ``Undecided``: whose belief it is)."""

    answer: Answer
    by: str


def undecided(said: Mapping[str, Undecided]) -> Decision:
    """What is left to say where no engine answered: all reasons, and what an inexact one believes."""
    believed = next(((entry.believed, name) for name, entry in said.items() if entry.believed), (None, "auto"))
    why = "; ".join(entry.why for entry in said.values()) or "time limit"
    return Decision(Undecided(why, believed[0]), believed[1])
