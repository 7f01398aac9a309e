"""What the families of random clauses share: the draw, the planted solution, the known verdict.

The distribution is that of ``family.ksat``: floor(R N + 1/2) clauses, drawn independently, each with k
distinct variables, all sets of k equally likely, and k independent fair signs.  Planted: a hidden
assignment is drawn first, uniformly, and a clause that it does not satisfy is drawn again.  Without it
the verdict is CaDiCaL's up to ``MOST_SOLVED`` variables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed, rational
from subgrad_hardness.family.known_verdicts import by_cadical, known, unknown
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.reduction.contract import Reduction
from subgrad_hardness.reduction.source import Checker

#: Formulas with more variables are not solved at generation.
MOST_SOLVED = 60
#: The most literals of a formula.
MOST_LITERALS = 2**20
_EXAMPLE = "--variables 10 --ratio 2"


@dataclass(frozen=True, kw_only=True)
class ClauseValues(Values):
    """The parameters of random clauses.

    Each family says how many variables there may be, and declares ``form`` only where it has several.
    """

    variables: int
    ratio: Fraction = rational("clauses per variable, exact; floor(R N + 1/2) clauses", required=True)
    k: int = integer("variables in each clause", default=3, low=1, high=1000)
    form: str
    planted: bool = flag("draw again each clause that a hidden assignment does not satisfy")
    seed: int = random_seed()


@dataclass(frozen=True, slots=True)
class ClauseFamily:
    """One kind of satisfaction of clauses.

    Attributes
    ----------
    name, aliases, summary, picture : the family's.
    variables : the most variables.
    forms : the reductions by the name of their form, the default first.
    problem : the source problem of a set of clauses.
    cnf : an ordinary formula over the same variables that is satisfiable iff the problem is solvable.
    """

    name: str
    aliases: tuple[str, ...]
    summary: str
    picture: str
    variables: int
    forms: Mapping[str, Reduction[Any, Assignment]]
    problem: Callable[[Cnf], Checker[Assignment]]
    cnf: Callable[[Any], Cnf]

    def family(self) -> Family[ClauseValues]:
        """The family for the table."""
        return Family(self.name, self.summary, self._values(), self._make, self.aliases, self.picture, example=_EXAMPLE)

    def _values(self) -> type[ClauseValues]:
        names = tuple(self.forms)
        several = len(names) > 1

        @dataclass(frozen=True, kw_only=True)
        class Declared(ClauseValues):
            variables: int = integer("number of variables", required=True, low=1, high=self.variables)
            form: str = (
                choice("minmax: minima of maxima; layers2: two hidden layers", names, default=names[0])
                if several
                else names[0]
            )

        return Declared

    def _make(self, values: ClauseValues, given: frozenset[str]) -> Program:
        variables, k, seed, planted, form = values.variables, values.k, values.seed, values.planted, values.form
        if k > variables:
            raise ParameterError(f"{k} distinct variables in a clause, but there are only {variables}", place="k")
        count = math.floor(values.ratio * variables + Fraction(1, 2))
        if count * k > MOST_LITERALS:
            raise ParameterError(f"{count * k} literals; at most {MOST_LITERALS}", place="ratio")
        clauses, hidden = self._draw(variables, count, k, seed, planted)
        problem = self.problem(clauses)
        if not self.forms[form].accepts(problem):
            raise ParameterError(f"no clauses of {k} literals in the form {form}", place="k")
        program, _ = self.forms[form].apply(problem)
        parameters = {"variables": variables, "ratio": format_rational(values.ratio), "k": k, "planted": planted}
        if len(self.forms) > 1:
            parameters["form"] = form
        provenance = {
            **(program.provenance or {}),
            "family": self.name,
            "parameters": parameters,
            "seed": seed,
            **self._facts(problem, variables, hidden),
        }
        name = (
            f"{self.name}, {variables} variables, {count} clauses of {k}, seed {seed}{', planted' if planted else ''}"
        )
        return program._replace(name=name, provenance=provenance)

    def _facts(self, problem: Checker[Assignment], variables: int, hidden: Assignment | None) -> dict[str, Any]:
        if hidden is not None:
            solution = [index if value else -index for index, value in enumerate(hidden, start=1)]
            return {**known(True, "planted: this assignment is a solution"), "assignment": solution}
        return by_cadical(self.cnf(problem)) if variables <= MOST_SOLVED else unknown()

    def _draw(self, variables: int, count: int, k: int, seed: int, planted: bool) -> tuple[Cnf, Assignment | None]:
        hidden: Assignment | None = None
        if planted:
            assignment = Stream(seed, self.name, "hidden", variables, k)
            hidden = tuple(assignment.below(2) == 1 for _ in range(variables))
        stream = Stream(seed, self.name, "clauses", variables, k)
        drawn: list[Clause] = []
        while len(drawn) < count:
            chosen = sorted(stream.sample(variables, k))
            clause = tuple(index + 1 if stream.below(2) else -index - 1 for index in chosen)
            if hidden is None or self.problem(Cnf(variables, (clause,))).satisfied(hidden):
                drawn.append(clause)
        return Cnf(variables, tuple(drawn)), hidden
