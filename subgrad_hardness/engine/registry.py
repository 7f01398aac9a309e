"""The table of engines.  A new engine is one file and one line in ``ENGINES``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from subgrad_hardness.engine.contract import Engine
from subgrad_hardness.question.answer import Answer, Undecided

_HERE = "subgrad_hardness.engine"

# What ortools and numpy take when they are loaded, in bytes: 72 MiB were measured.
_ORTOOLS = 80 << 20

ENGINES = {
    engine.name: engine
    for engine in (
        Engine("search", f"{_HERE}.search:start", "exact evaluation at structured and random directions"),
        Engine("climb", f"{_HERE}.local_search:start", "local search uphill over sign vectors"),
        Engine(
            "layer",
            f"{_HERE}.single_layer:start",
            "one hidden layer of kinks, in polynomial time",
            exact=True,
            proves=True,
            two_sided=True,
        ),
        Engine("plane", f"{_HERE}.plane:start", "once around, for one or two inputs", exact=True, most_inputs=2),
        Engine(
            "cells",
            f"{_HERE}.cells:start",
            "exhaustive enumeration of cells, for few kinks",
            exact=True,
            enumerates=True,
        ),
        Engine(
            "levels",
            f"{_HERE}.levels:start",
            "vectors of zeros and ones by decision diagrams, for sums of maxima and minima of inputs",
            exact=True,
            proves=True,
            constrained=False,
        ),
        Engine(
            "circuit",
            f"{_HERE}.circuit.decide:start",
            "monotone circuit, SAT solver and Gordan multipliers",
            exact=True,
            proves=True,
        ),
        Engine(
            "thresholds",
            f"{_HERE}.thresholds.decide:start",
            "monotone circuit over sides that are cut apart at thresholds, for equal min-max programs",
            exact=True,
            proves=True,
            made_for=f"{_HERE}.thresholds.decide:suits",
        ),
        Engine(
            "phase",
            f"{_HERE}.phase.decide:start",
            "phases of kinks, cutting planes, SAT solver, exact multipliers",
            exact=True,
            proves=True,
        ),
        Engine(
            "domination",
            f"{_HERE}.sums.domination:start",
            "sums of relus that pay for each other, by linear programs",
            exact=True,
            proves=True,
            package="ortools",
        ),
        Engine(
            "hulls",
            f"{_HERE}.sums.hulls:start",
            "sums of relus of few inputs each, by the facets of small fans",
            exact=True,
            proves=True,
            package="ortools",
        ),
        Engine(
            "milp-scip",
            f"{_HERE}.milp:start_scip",
            "mixed-integer proposals from SCIP",
            constrained=False,
            least_memory=_ORTOOLS,
            package="ortools",
        ),
        Engine(
            "milp-highs",
            f"{_HERE}.milp:start_highs",
            "mixed-integer proposals from HiGHS",
            constrained=False,
            least_memory=_ORTOOLS,
            package="ortools",
        ),
        Engine(
            "cpsat",
            f"{_HERE}.milp:start_cpsat",
            "integer directions proposed by CP-SAT",
            constrained=False,
            least_memory=_ORTOOLS,
            package="ortools",
        ),
    )
}

#: What ``--solver`` takes.
SOLVERS = ("auto", *ENGINES)


#: The engines whose refutations of any question carry a proof, the likeliest first.
PROVERS = tuple([name for name, engine in ENGINES.items() if engine.proves and not engine.two_sided])


#: What decides without an engine: no kink reaches an output; the normal form is linear.
LOCALISATION, NORMAL_FORM = "localisation", "normal form"


class Decision(NamedTuple):
    """An answer and who gave it, an engine or a stage before them (for ``Undecided``: whose belief it is)."""

    answer: Answer
    by: str


def undecided(said: Mapping[str, Undecided]) -> Decision:
    """What is left to say where no engine answered: all reasons, and what an inexact one believes."""
    believed = next(((entry.believed, name) for name, entry in said.items() if entry.believed), (None, "auto"))
    why = "; ".join(entry.why for entry in said.values()) or "time limit"
    return Decision(Undecided(why, believed[0]), believed[1])
