"""Random formulas of a wanted answer, and formulas with one solution.

Both ask CaDiCaL whether a formula is satisfiable, and nothing else of it (models differ from version to version), so
that the same seed gives the same formula everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.solvers.sat import Cdcl

#: Formulas with more variables are not solved at generation.
MOST_VARIABLES = 300
_DRAWS = 200


def satisfiable(clauses: Sequence[Clause], *more: Clause) -> bool:
    """Whether there is an assignment; exponential at worst."""
    solver = Cdcl()
    for clause in (*clauses, *more):
        solver.add(clause)
    return solver.solve(Limits()) is not None


def with_answer(draw: Callable[[int], Cnf], answer: bool) -> Cnf:
    """The first of the formulas ``draw(0)``, ``draw(1)``, ... that is satisfiable, or that is not.

    Raises ParameterError for more than 300 variables, and where 200 formulas have the other answer.
    """
    for number in range(_DRAWS):
        formula = draw(number)
        _require_small(formula.variables, "answer")
        if satisfiable(formula.clauses) is answer:
            return formula
    raise ParameterError(f"{_DRAWS} formulas drawn, none of them {'' if answer else 'un'}satisfiable", place="answer")


def isolate(formula: Cnf, hidden: Assignment, k: int, stream: Stream) -> Cnf:
    """Add clauses of ``k`` literals until ``hidden``, which satisfies the formula, is the only assignment that does.

    Each variable whose literal in ``hidden`` is in no clause the only true one gets such a clause, its other variables
    uniform and their literals false in ``hidden``, so that no single flip is left.  Then, while there is another
    solution, planted clauses join (k distinct variables, the signs uniform among those that ``hidden`` satisfies), a
    tenth as many at once as there are variables.  Raises ParameterError for more than 300 variables.
    """
    _require_small(formula.variables, "unique")
    true = [index if value else -index for index, value in enumerate(hidden, start=1)]
    clauses = list(formula.clauses)

    def support(literal: int) -> Clause:
        others = [index for index in range(1, formula.variables + 1) if index != abs(literal)]
        chosen = [others[place] for place in stream.sample(len(others), k - 1)]
        return tuple(sorted([literal, *(-true[index - 1] for index in chosen)], key=abs))

    supported = {alone[0] for clause in clauses if len(alone := [x for x in clause if true[abs(x) - 1] == x]) == 1}
    clauses += [support(literal) for literal in true if literal not in supported]
    other = tuple(-literal for literal in true)
    while satisfiable(clauses, other):
        for _ in range(formula.variables // 10 + 1):
            chosen = sorted(stream.sample(formula.variables, k))
            flips = stream.below(2**k - 1)  # all signs but those that hidden makes false
            clauses.append(
                tuple(-true[index] if flips >> place & 1 else true[index] for place, index in enumerate(chosen))
            )
    return Cnf(formula.variables, tuple(clauses))


def _require_small(variables: int, place: str) -> None:
    if variables > MOST_VARIABLES:
        raise ParameterError(f"{variables} variables; solved at generation up to {MOST_VARIABLES}", place=place)
