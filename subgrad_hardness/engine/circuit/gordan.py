"""The search of the circuit engine: signs from a CDCL solver, directions or Gordan lemmas from the cone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import Gate
from subgrad_hardness.engine.circuit.relations import relations
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.question.coordinates import Chart
from subgrad_hardness.solvers.sat import Cdcl

#: The circuit's constants (``circuit.TRUE``, ``circuit.FALSE``).
_TRUE, _FALSE = 1, -1


#: Half-space literals that are never all true, with the positive multipliers with which their forms sum to zero.
Conflict = tuple[tuple[int, ...], tuple[int, ...]]


class GordanSearch:
    """Is one of the ``tops`` true somewhere?

    ``lemmas`` collects pairs (literals, multipliers): the forms of these literals, times the positive
    multipliers, sum to zero, so they are not all positive.  ``forms`` gives the form of each positive
    literal; literals that are no gates are hyperplanes, the negative one for the opposite side.  Only directions
    on the side ``half`` are looked at (None: on both), which symmetry allows, and only those inside ``constraints``.
    Conflicts that are ``known`` are taken over, and new ones added to them.
    """

    def __init__(
        self,
        chart: Chart,
        forms: Sequence[Key],
        gates: Mapping[int, Gate],
        tops: Sequence[int],
        *,
        half: int | None,
        constraints: Sequence[int],
        known: list[Conflict],
    ) -> None:
        self.forms = forms
        self.gates = gates
        self.tops = [top for top in dict.fromkeys(tops) if top != _FALSE]
        self.lemmas = known
        self.chart = chart
        self.lazy = 0  # how many lemmas came from the cone
        self.half = half
        self.constraints = constraints
        self.order = self._needed()
        planes = sorted({abs(v) for v in (*self._leaves(), *constraints)}, key=lambda v: forms[v])
        self.hyperplanes = len(planes)
        self.cone = StrictCone(chart.dimension)
        self.numbers: dict[int, int] = {}
        self.literal_of: list[int] = []
        # The solver's variables: hyperplanes in the order of their forms, then gates as they come.
        self.variable = {plane: number for number, plane in enumerate(planes, 1)}
        self.plane = planes
        self.solver: Cdcl | None = None

    def run(self, limits: Limits) -> tuple[int, ...] | None:
        """A direction on which a top is true, or None.  Raises LimitReached; call again to go on."""
        if not self.tops:
            return None
        if _TRUE in self.tops:  # on all directions off the hyperplanes
            inside = self.cone.solve([self._number(literal) for literal in self.constraints], limits)
            assert isinstance(inside, Feasible)  # the constraints leave an open cone
            return self.chart.up(inside.point) if self.constraints else (1,) + (0,) * (self.chart.inputs - 1)
        if self.solver is None:
            self.solver = self._loaded()
        while True:
            model = self.solver.solve(limits)
            if model is None:
                return None
            true = set(model)  # a hyperplane that no clause needs may have either side
            signs = {v: -v if -self.variable[v] in true else v for v in self.plane}
            asked = [*dict.fromkeys((*self.constraints, *self._justification(signs)))]
            point = self._cone_point(asked, limits)
            if point is not None:
                return point

    def _loaded(self) -> Cdcl:
        solver = Cdcl()
        for clause in clausal(self.gates, self.tops):
            solver.add(sorted([self._translate(literal) for literal in clause], key=abs))
        self.solver = solver
        if self.half is not None and abs(self.half) in self.variable:
            solver.add([self._translate(self.half)])
        for literal in self.constraints:
            solver.add([self._translate(literal)])
        for literals, _ in self.lemmas:
            solver.add([-self._translate(literal) for literal in literals])
        known = {literals for literals, _ in self.lemmas}
        for literals, multipliers in relations({v: self.forms[v] for v in self.plane}, self.chart.inputs):
            first, second, third = literals
            for relation in ((first, second, -third), (-first, -second, third)):
                if relation not in known:
                    self._learn(relation, multipliers)
        return solver

    def _translate(self, literal: int) -> int:
        variable = self.variable.setdefault(abs(literal), len(self.variable) + 1)
        return variable if literal > 0 else -variable

    def _cone_point(self, asked: list[int], limits: Limits) -> tuple[int, ...] | None:
        """A direction on the positive side of all asked literals; or None, with new lemmas learned.

        One conflict's forms are left out and the rest is asked again, for more than one clause a model.
        """
        learned = False
        while True:
            result = self.cone.solve([self._number(literal) for literal in asked], limits)
            if isinstance(result, Feasible):
                return None if learned else self.chart.up(result.point)
            literals = tuple(self.literal_of[number] for number in result.forms)
            self._learn(literals, result.multipliers)
            self.lazy += 1
            learned = True
            culprits = set(literals)
            asked = [literal for literal in asked if literal not in culprits]

    def _number(self, literal: int) -> int:
        """The literal's form in the cone."""
        if literal not in self.numbers:
            support, coefficients = zip(*self.chart.down(self.forms[abs(literal)]), strict=True)
            if literal < 0:
                coefficients = tuple([-coefficient for coefficient in coefficients])
            self.numbers[literal] = self.cone.add_sparse(support, coefficients)
            self.literal_of.append(literal)
        return self.numbers[literal]

    def _needed(self) -> list[int]:
        """The gates below the tops, children first."""
        order: list[int] = []
        seen: set[int] = set()
        stack = [(top, False) for top in self.tops]
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
        leaves = {top for top in self.tops if top not in self.gates and top != _TRUE}
        for literal in self.order:
            gate = self.gates[literal]
            leaves.update(child for child in (gate.left, gate.right) if child not in self.gates)
        return leaves

    def _justification(self, signs: Mapping[int, int]) -> list[int]:
        """Hyperplane literals that are true and make a top true: of a disjunction one true side is enough.

        The cheaper side is taken; ``size`` counts the leaves that a gate's truth rests on.
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
        top = min((top for top in self.tops if top in size), key=lambda literal: size[literal])
        found, seen, stack = [], {top}, [top]
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

    def _learn(self, literals: tuple[int, ...], multipliers: tuple[int, ...]) -> None:
        self.lemmas.append((literals, multipliers))
        assert self.solver is not None
        self.solver.add([-self._translate(literal) for literal in literals])
