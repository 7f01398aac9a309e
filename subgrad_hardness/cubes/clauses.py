"""Candidates for a split of a small circuit: its half-spaces, by what unit propagation makes of each half.

As in look-ahead SAT solvers (Heule and van Maaren, Handbook of Satisfiability 2009): a clause that a half shortens
counts the more the shorter it becomes, and the product over both halves ranks the candidates.  A candidate one half of
which is contradictory is no split, its other half holds: it is propagated on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE
from subgrad_hardness.engine.circuit.triangles import Conflict
from subgrad_hardness.engine.contract import GaveUp, RoomReached
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.session import Session

#: So many candidates, those in the most and shortest clauses, are looked at closely.
MOST_CANDIDATES = 32
#: A clause that is left with r literals counts as much as so many with r + 1.
_SHORTER = 4.0


def ranked_by_propagation(
    goals: GoalForms, inside: Sequence[Key], session: Session, limits: Limits
) -> Iterable[Key] | None:
    """The half-spaces of the goals' circuit, the best split first; None where the circuit is too large.

    Raises LimitReached.
    """
    circuit = session.of_net("circuit", lambda: Circuit(goals.normal))
    try:
        roots = [circuit.gate(form, limits) for form in goals.forms]
        supposed = [circuit.gate(dict(form), limits) for form in inside]
    except (RoomReached, GaveUp):
        return None
    roots = [root for root in dict.fromkeys(roots) if root != FALSE]
    if not roots or TRUE in roots:
        return ()
    conflicts = session.of_net("circuit conflicts", list[Conflict])
    clauses = [*clausal(circuit.gates, roots), *(tuple([-literal for literal in each]) for each, _ in conflicts)]
    return [circuit.forms[variable] for variable in _ranked(_Clauses(clauses), circuit, supposed, limits)]


def _ranked(clauses: _Clauses, circuit: Circuit, supposed: Sequence[int], limits: Limits) -> list[int]:
    base = clauses.propagated(supposed, {})
    if base is None:
        return []
    often: dict[int, float] = defaultdict(float)
    for clause in clauses.all:
        if not any(base.get(literal) for literal in clause):
            left = [literal for literal in clause if base.get(literal) is None]
            for literal in left:
                often[abs(literal)] += _SHORTER ** -len(left)
    leaves = [variable for variable in often if variable not in circuit.gates and variable > 1]
    leaves.sort(key=lambda variable: (-often[variable], variable))
    scores: dict[int, float] = {}
    for variable in leaves[:MOST_CANDIDATES]:
        limits.check()
        if variable in base:
            continue
        halves = [clauses.propagated([literal], base) for literal in (variable, -variable)]
        if halves[0] is None or halves[1] is None:
            base = halves[0] or halves[1]
            if base is None:  # the whole cube is contradictory: whoever decides it sees that at once
                return leaves
            continue
        positive, negative = (clauses.shortened(base, half) for half in halves if half is not None)
        scores[variable] = positive * negative + 1e-3 * (positive + negative)
    best = sorted(scores, key=lambda variable: (-scores[variable], variable))
    return [variable for variable in [*best, *leaves[MOST_CANDIDATES:]] if variable not in base]


class _Clauses:
    """Clauses with their occurrences, for propagation from assignments (literal -> whether it is true)."""

    def __init__(self, clauses: Iterable[tuple[int, ...]]) -> None:
        self.all = list(clauses)
        self.where: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for clause in self.all:
            for literal in clause:
                self.where[literal].append(clause)

    def propagated(self, literals: Iterable[int], base: dict[int, bool]) -> dict[int, bool] | None:
        """The assignment ``base`` with these literals and all that follows by unit clauses; None: a contradiction."""
        values = dict(base)
        stack = [*literals, *(clause[0] for clause in self.all if len(clause) == 1 and not base)]
        while stack:
            literal = stack.pop()
            known = values.get(literal)
            if known is not None:
                if not known:
                    return None
                continue
            values[literal], values[-literal] = True, False
            for clause in self.where[-literal]:
                left = [other for other in clause if values.get(other) is not False]
                if not left:
                    return None
                if len(left) == 1:
                    stack.append(left[0])
        return values

    def shortened(self, base: dict[int, bool], half: dict[int, bool]) -> float:
        """How much shorter the clauses are in a half."""
        total = 0.0
        for literal, value in half.items():
            if value or literal in base:
                continue
            for clause in self.where[literal]:
                if not any(half.get(other) for other in clause):
                    total += _SHORTER ** -sum(half.get(other) is None for other in clause)
        return total
