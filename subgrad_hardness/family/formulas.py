"""What the families of one formula a size share: the net's form, the provenance, the solution where there is one.

The formulas are those on which resolution, and with it every CDCL solver, needs exponentially many steps: nets with
one subgradient whose shortest known proofs are long.  Each family has satisfiable neighbours, with their solutions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Choice, Family, Parameter
from subgrad_hardness.family.known_verdicts import known
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.reduction.three_sat import MinMaxReduction, SatReduction, ThreeLayerReduction

#: Formulas with more literals are refused.
MOST_LITERALS = 2**20

_FORMS: dict[str, SatReduction] = {
    "minmax": MinMaxReduction(),
    "layered": MinMaxReduction(layered=True),
    "layers3": ThreeLayerReduction(),
}


class Formula(NamedTuple):
    """A formula with its answer.

    Attributes
    ----------
    cnf, name : the formula, and what it is called.
    why : how it is known that there is a solution, or none.
    solution : a satisfying assignment, or None where there is none.
    """

    cnf: Cnf
    name: str
    why: str
    solution: Assignment | None


@dataclass(frozen=True, slots=True)
class FormulaFamily:
    """One kind of formula.

    Attributes
    ----------
    name, aliases, summary, picture : the family's.
    parameters : those of ``formula``, all with defaults; the form of the net joins them.
    formula : from validated values; raises ParameterError where they do not fit together.
    literals : how many literals there will be, so that huge formulas are refused before they are written.
    """

    name: str
    summary: str
    picture: str
    parameters: tuple[Parameter, ...]
    formula: Callable[[Mapping[str, Any]], Formula]
    literals: Callable[[Mapping[str, Any]], int]
    aliases: tuple[str, ...] = ()

    def family(self) -> Family:
        """The family for the table."""
        form = Choice(
            "form",
            "minmax: relu(min over clauses of max over literals); layered: in layers; layers3: three hidden layers",
            default="minmax",
            options=tuple(_FORMS),
        )
        return Family(self.name, self.summary, (*self.parameters, form), self._make, self.aliases, self.picture)

    def _make(self, values: Mapping[str, Any], given: frozenset[str]) -> Program:
        count = self.literals(values)
        if count > MOST_LITERALS:
            raise ParameterError(f"{count} literals; at most {MOST_LITERALS}", place=self.parameters[0].option)
        formula = self.formula(values)
        program, _ = _FORMS[values["form"]].apply(formula.cnf)
        facts = known(formula.solution is not None, formula.why)
        if formula.solution is not None:
            facts["assignment"] = [j if value else -j for j, value in enumerate(formula.solution, start=1)]
        parameters = {name: value for name, value in values.items() if name != "seed"}
        provenance = {**(program.provenance or {}), "family": self.name, "parameters": parameters, **facts}
        if "seed" in values:
            provenance["seed"] = values["seed"]
        return program._replace(name=f"{formula.name}, {values['form']}", provenance=provenance)


def at_most_one(literals: Sequence[int]) -> list[Clause]:
    """No two of the literals, pair by pair."""
    return [(-one, -other) for one, other in combinations(literals, 2)]


def assignment(variables: int, true: Sequence[int]) -> Assignment:
    """The assignment with these variables true, and no others."""
    chosen = set(true)
    return tuple(variable in chosen for variable in range(1, variables + 1))
