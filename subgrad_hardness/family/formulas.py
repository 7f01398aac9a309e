"""What the families of one formula a size share: the net's form, the provenance, the solution where there is one.

The formulas are those on which resolution, and with it every CDCL solver, needs exponentially many steps: nets with
one subgradient whose shortest known proofs are long.  Each family has satisfiable neighbours, with their solutions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, NamedTuple, TypeVar

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, choice
from subgrad_hardness.family.known_verdicts import known
from subgrad_hardness.family.parameters import Parameter
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


@dataclass(frozen=True, kw_only=True)
class FormulaValues(Values):
    """The parameters of one kind of formula, which all have defaults; the form of the net comes last."""

    form: str = choice(
        "minmax: relu(min over clauses of max over literals); layered: in layers; layers3: three hidden layers",
        tuple(_FORMS),
        default="minmax",
    )

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declarations, the form last."""
        return tuple(sorted(super().parameters(), key=lambda parameter: parameter.name == "form"))


F = TypeVar("F", bound=FormulaValues)


@dataclass(frozen=True, slots=True)
class FormulaFamily(Generic[F]):
    """One kind of formula.

    Attributes
    ----------
    name, aliases, summary, picture : the family's.
    values : the class of the parameters' values.
    formula : from validated values; raises ParameterError where they do not fit together.
    literals : how many literals there will be, so that huge formulas are refused before they are written.
    """

    name: str
    summary: str
    picture: str
    values: type[F]
    formula: Callable[[F], Formula]
    literals: Callable[[F], int]
    aliases: tuple[str, ...] = ()

    def family(self) -> Family[F]:
        """The family for the table."""
        return Family(self.name, self.summary, self.values, self._make, self.aliases, self.picture)

    def _make(self, values: F, given: frozenset[str]) -> Program:
        count = self.literals(values)
        if count > MOST_LITERALS:
            place = self.values.parameters()[0].option
            raise ParameterError(f"{count} literals; at most {MOST_LITERALS}", place=place)
        formula = self.formula(values)
        program, _ = _FORMS[values.form].apply(formula.cnf)
        facts = known(formula.solution is not None, formula.why)
        if formula.solution is not None:
            facts["assignment"] = [j if value else -j for j, value in enumerate(formula.solution, start=1)]
        parameters = values.declared()
        seed = {"seed": parameters.pop("seed")} if "seed" in parameters else {}
        provenance = {**(program.provenance or {}), "family": self.name, "parameters": parameters, **facts, **seed}
        return program._replace(name=f"{formula.name}, {values.form}", provenance=provenance)


def at_most_one(literals: Sequence[int]) -> list[Clause]:
    """No two of the literals, pair by pair."""
    return [(-one, -other) for one, other in combinations(literals, 2)]


def assignment(variables: int, true: Sequence[int]) -> Assignment:
    """The assignment with these variables true, and no others."""
    chosen = set(true)
    return tuple(variable in chosen for variable in range(1, variables + 1))
