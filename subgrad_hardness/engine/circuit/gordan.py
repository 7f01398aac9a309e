"""The search of the circuit engine: half-spaces from the CDCL solver, directions or Gordan lemmas from the cone.

This is CDCL(T) again (``engine.phase.theory``) with a smaller theory.  The solver's model says of each hyperplane on
which side of it the direction lies.  A part of these sides makes a goal true; the exact cone says whether some
direction lies on all of them.  If none does, positive multiples of some of their forms sum to zero by Gordan's theorem,
and this theory lemma is a new clause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE, Gate
from subgrad_hardness.engine.circuit.relations import relations
from subgrad_hardness.engine.circuit.triangles import Conflict, triangles
from subgrad_hardness.engine.contract import RoomReached
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Form, Key, opposite
from subgrad_hardness.proof.steps import threshold_number
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.solvers.sat import SLICE, Cdcl, ConflictsSpent

#: So many conflicts of a run are learned as they come, for most need no more; longer ones than this always are.
PLAIN, LONGEST = 50, 12


class GordanSearch:
    """Is one of the ``goals`` true at some direction?

    Parameters
    ----------
    forms : the form of each positive literal.
    gates : the circuit's gates; other literals are half-spaces, the negative one the opposite side of the hyperplane.
    goals : literals of the circuit.
    half : a half-space; if it is given, only directions in it are looked at, which symmetry allows.
    constraints : half-spaces; only directions in all of them are looked at.
    known : conflicts of the same circuit that are taken over; new ones are added to them.
    further : names further half-spaces (``triangles``), with which conflicts get short once they are many; None: they
        stay as they come.

    The forms of the half-spaces may hold thresholds, which are coordinates beside those of the inputs.

    Attributes
    ----------
    lemmas : the conflicts: pairs (literals, multipliers).  The forms of these literals, times the positive multipliers,
        sum to zero, so that they are not all positive.
    lazy : the number of lemmas that came from the cone, and not from ``relations`` beforehand.
    hyperplanes : the number of hyperplanes that the goals and constraints depend on.
    """

    def __init__(
        self,
        coordinates: Coordinates,
        forms: Sequence[Key],
        gates: Mapping[int, Gate],
        goals: Sequence[int],
        *,
        half: int | None,
        constraints: Sequence[int],
        known: list[Conflict],
        further: Callable[[Form], tuple[int, int]] | None = None,
    ) -> None:
        self.forms = forms
        self.gates = gates
        self.goals = [goal for goal in dict.fromkeys(goals) if goal != FALSE]
        self.lemmas = known
        self.lazy = 0
        self.half = half
        self.further = further
        self.constraints = constraints
        self.order = self._needed()
        planes = sorted({abs(v) for v in (*self._leaves(), *constraints)}, key=lambda v: forms[v])
        cuts = [threshold_number(variable) for v in planes for variable, _ in forms[v] if variable < 0]
        self.coordinates = coordinates._replace(thresholds=range(min(cuts, default=0), max(cuts, default=-1) + 1))
        self.hyperplanes = len(planes)
        self.cone = StrictCone(self.coordinates.dimension)
        self.numbers: dict[int, int] = {}
        self.literal_of: list[int] = []
        # The solver's variables: hyperplanes in the order of their forms, then gates as they come.
        self.variable = {plane: number for number, plane in enumerate(planes, 1)}
        self.plane = planes
        self._solver: Cdcl | None = None

    def run(self, limits: Limits, patience: int | None = None) -> tuple[int, ...] | None:
        """A direction at which a goal is true, or None if there is none.

        Parameters
        ----------
        patience : with more conflicts from the cone than these the call ends, and so it does where the solver alone
            has spent a thousand times as many.

        Raises
        ------
        LimitReached
            (RoomReached where patience ended.)  The clauses and lemmas stay, and the next call goes on with them.
        """
        if not self.goals:
            return None
        if TRUE in self.goals:  # at all directions off the hyperplanes
            return self._inside(limits)
        if self._solver is None:
            solver = Cdcl()
            self._state(solver)
            self._solver = solver
        solver = self._solver
        while True:
            try:
                model = solver.solve(limits, slices=None if patience is None else 1 + 1000 * patience // SLICE)
            except ConflictsSpent as spent:
                raise RoomReached(str(spent)) from None
            if model is None:
                return None
            true = set(model)  # a hyperplane that occurs in no clause may have either side
            signs = {v: -v if -self.variable[v] in true else v for v in self.plane}
            asked = [*dict.fromkeys((*self.constraints, *self._justification(signs)))]
            point = self._cone_point(solver, asked, limits)
            if point is not None:
                return point
            if patience is not None and self.lazy > patience:
                raise RoomReached(f"more than {patience} conflicts")

    def _state(self, solver: Cdcl) -> None:
        """Give the solver the circuit, the half-spaces, known conflicts and the linear relations found beforehand."""
        for clause in clausal(self.gates, self.goals):
            solver.add(sorted([self._translate(literal) for literal in clause], key=abs))
        if self.half is not None and abs(self.half) in self.variable:
            solver.add([self._translate(self.half)])
        for literal in self.constraints:
            solver.add([self._translate(literal)])
        for literals, _ in self.lemmas:
            if self._speaks_of_these_thresholds(literals):
                solver.add([-self._translate(literal) for literal in literals])
        known = {literals for literals, _ in self.lemmas}
        for literals, multipliers in relations({v: self.forms[v] for v in self.plane}):
            first, second, third = literals
            for relation in ((first, second, -third), (-first, -second, third)):
                if relation not in known:
                    self._learn(solver, relation, multipliers)

    def _speaks_of_these_thresholds(self, literals: Sequence[int]) -> bool:
        """Whether half-spaces hold no thresholds that the goals do not."""
        known = self.coordinates.thresholds
        cuts = {variable for literal in literals for variable, _ in self.forms[abs(literal)] if variable < 0}
        return all(threshold_number(variable) in known for variable in cuts)

    def _inside(self, limits: Limits) -> tuple[int, ...]:
        """A direction inside all constraints, which leave an open cone."""
        if not self.constraints:
            return (1,) + (0,) * (self.coordinates.inputs - 1)
        answer = self.cone.solve([self._number(literal) for literal in self.constraints], limits)
        assert isinstance(answer, Feasible)
        return self.coordinates.extend(answer.point)

    def _translate(self, literal: int) -> int:
        """The solver's literal for a literal of the circuit."""
        variable = self.variable.setdefault(abs(literal), len(self.variable) + 1)
        return variable if literal > 0 else -variable

    def _cone_point(self, solver: Cdcl, asked: list[int], limits: Limits) -> tuple[int, ...] | None:
        """A direction in all half-spaces ``asked``; or None, and then new lemmas were learned.

        After a conflict its half-spaces are left out and the rest is asked again, so that one model may give several
        clauses.
        """
        learned = False
        while True:
            result = self.cone.solve([self._number(literal) for literal in asked], limits)
            if isinstance(result, Feasible):
                return None if learned else self.coordinates.extend(result.point)
            literals = tuple(self.literal_of[number] for number in result.forms)
            conflicts = [(literals, tuple(result.multipliers))]
            if self.further is not None and self.lazy >= PLAIN and len(literals) <= LONGEST:
                conflicts = triangles(self.forms, conflicts[0], self.further)
            for conflict in conflicts:
                self._learn(solver, *conflict)
            self.lazy += 1
            learned = True
            culprits = set(literals)
            asked = [literal for literal in asked if literal not in culprits]

    def _number(self, literal: int) -> int:
        """The number in the cone of a half-space's form."""
        if literal not in self.numbers:
            form = self.forms[literal] if literal > 0 else opposite(self.forms[-literal])
            support, coefficients = zip(*self.coordinates.restrict(form), strict=True)
            self.numbers[literal] = self.cone.add_sparse(support, coefficients)
            self.literal_of.append(literal)
        return self.numbers[literal]

    @property
    def conflicts(self) -> int:
        """How many the SAT solver met; 0 where it was not asked."""
        return 0 if self._solver is None else self._solver.conflicts

    def _needed(self) -> list[int]:
        """The gates that the goals depend on, children first."""
        order: list[int] = []
        seen: set[int] = set()
        stack = [(goal, False) for goal in self.goals]
        while stack:
            literal, done = stack.pop()
            if done:
                order.append(literal)
            elif literal in self.gates and literal not in seen:
                seen.add(literal)
                stack.append((literal, True))
                gate = self.gates[literal]
                stack += ((gate.left, False), (gate.right, False))
        return order

    def _leaves(self) -> set[int]:
        """The half-spaces that the goals depend on."""
        leaves = {goal for goal in self.goals if goal not in self.gates and goal != TRUE}
        for literal in self.order:
            gate = self.gates[literal]
            leaves.update(child for child in (gate.left, gate.right) if child not in self.gates)
        return leaves

    def _justification(self, signs: Mapping[int, int]) -> list[int]:
        """Half-spaces that are true, by ``signs``, and that make a goal true by themselves.

        Of a conjunction both sides are needed, of a disjunction one true side is enough.

        * Upwards, ``size`` says for each true gate how many half-spaces its truth rests on if the cheaper side of each
          disjunction below it is taken.  What is used twice is counted twice.
        * Downwards from the cheapest true goal, the half-spaces are collected.  A true side of a disjunction that has
          been collected already is free, and is preferred to the cheaper side.

        Here a, c and d are true, b is false.  The justification is a alone::

                     and: 2
                   /        \
              or: 1          or: 1
              /   \\          /   \
             b     a: 1   a: 1   and: 2
                                 /    \
                              c: 1    d: 1
        """
        gates = self.gates
        size: dict[int, int] = {}
        for value in signs.values():
            size[value] = 1
        for literal in self.order:
            gate = gates[literal]
            left, right = size.get(gate.left), size.get(gate.right)
            if gate.conjunction:
                if left is not None and right is not None:
                    size[literal] = left + right
            elif left is not None and (right is None or left <= right):
                size[literal] = left
            elif right is not None:
                size[literal] = right
        goal = min((goal for goal in self.goals if goal in size), key=lambda literal: size[literal])
        found, seen, stack = [], {goal}, [goal]
        while stack:
            literal = stack.pop()
            if literal not in gates:
                found.append(literal)
                continue
            gate = gates[literal]
            if gate.conjunction:
                children: tuple[int, ...] = (gate.left, gate.right)
            elif gate.left in seen or gate.right in seen:
                children = ()
                if not (gate.left in seen and gate.left in size) and not (gate.right in seen and gate.right in size):
                    children = (gate.left if gate.left in size else gate.right,)
            elif gate.left in size and (gate.right not in size or size[gate.left] <= size[gate.right]):
                children = (gate.left,)
            else:
                children = (gate.right,)
            for child in children:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        return found

    def _learn(self, solver: Cdcl, literals: tuple[int, ...], multipliers: tuple[int, ...]) -> None:
        """Learn that the half-spaces have no common direction."""
        self.lemmas.append((literals, multipliers))
        solver.add([-self._translate(literal) for literal in literals])
