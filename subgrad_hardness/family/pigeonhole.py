"""The pigeonhole principle as nets: pigeons that do not fit into holes.

Variables: pigeon i sits in hole j.  Clauses: every pigeon sits somewhere, no two in one hole; ``functional``: no
pigeon in two holes; ``onto``: no hole is empty.  With more pigeons than holes there is no solution, and for n + 1
pigeons in n holes every resolution refutation has 2^Omega(n) clauses (Haken 1985; with ``functional`` and ``onto``
too: Razborov 2001).  Otherwise pigeon i sits in hole i, and holes that must not stay empty go to the last pigeon;
``functional`` and ``onto`` together have no solution unless there are as many pigeons as holes.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgrad_hardness.family.contract import flag, integer
from subgrad_hardness.family.formulas import Formula, FormulaFamily, FormulaValues, assignment, at_most_one
from subgrad_hardness.reduction.cnf import Clause, Cnf


def pigeonhole(pigeons: int, holes: int, functional: bool = False, onto: bool = False) -> Cnf:
    """The formula of the module's docstring: pigeon i in hole j is variable (i - 1) ``holes`` + j."""

    def sits(pigeon: int, hole: int) -> int:
        return pigeon * holes + hole + 1

    rows = [[sits(pigeon, hole) for hole in range(holes)] for pigeon in range(pigeons)]
    columns = [[sits(pigeon, hole) for pigeon in range(pigeons)] for hole in range(holes)]
    clauses: list[Clause] = [tuple(row) for row in rows]
    for column in columns:
        clauses += at_most_one(column)
    if functional:
        for row in rows:
            clauses += at_most_one(row)
    if onto:
        clauses += [tuple(column) for column in columns]
    return Cnf(pigeons * holes, tuple(clauses))


@dataclass(frozen=True, kw_only=True)
class PigeonholeValues(FormulaValues):
    """The parameters of ``pigeonhole``."""

    holes: int = integer("number of holes n", default=4, low=1, high=1000)
    pigeons: int = integer("number of pigeons; 0 for n + 1", default=0, low=0, high=1000)
    functional: bool = flag("no pigeon sits in two holes")
    onto: bool = flag("no hole is empty")


def _formula(values: PigeonholeValues) -> Formula:
    holes, functional, onto = values.holes, values.functional, values.onto
    pigeons = _pigeons(values)
    cnf = pigeonhole(pigeons, holes, functional, onto)
    kind = "".join((" functional" if functional else "", " onto" if onto else ""))
    name = f"{pigeons} pigeons, {holes} holes{kind and ',' + kind}"
    if pigeons > holes:
        return Formula(cnf, name, "the pigeonhole principle", None)
    if functional and onto and pigeons < holes:
        return Formula(cnf, name, "the pigeonhole principle: a pigeon in each hole needs as many pigeons", None)
    true = [pigeon * holes + pigeon + 1 for pigeon in range(pigeons)]
    if onto:
        true += [(pigeons - 1) * holes + hole + 1 for hole in range(pigeons, holes)]
    return Formula(cnf, name, "by construction: pigeon i sits in hole i", assignment(cnf.variables, true))


def _pigeons(values: PigeonholeValues) -> int:
    given: int | None = values.pigeons or None
    return values.holes + 1 if given is None else given


def _literals(values: PigeonholeValues) -> int:
    pigeons, holes = _pigeons(values), values.holes
    count: int = pigeons * holes + holes * pigeons * (pigeons - 1)
    if values.functional:
        count += pigeons * holes * (holes - 1)
    return count + (pigeons * holes if values.onto else 0)


PIGEONHOLE = FormulaFamily(
    name="pigeonhole",
    aliases=("php",),
    summary="the pigeonhole principle: n + 1 pigeons do not fit into n holes, which resolution cannot say briefly",
    picture="""
        relu(min over clauses of max over literals) over one input for each pigeon and hole, positive where the
        pigeon sits there.  A clause for each pigeon, one for each pair of pigeons and each hole: about n^3 / 2 of
        them.  With more pigeons than holes it is identically zero, and every refutation that the SAT solver can
        find doubles with each hole.  With as many pigeons as holes it is positive around the permutation matrices'
        sign patterns.
    """,
    values=PigeonholeValues,
    formula=_formula,
    literals=_literals,
).family()
