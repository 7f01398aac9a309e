"""One attempt of the phase engine: from a model of its clauses to a witness, or to new clauses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from subgrad_hardness.engine.contract import Literal
from subgrad_hardness.engine.phase_clauses import PhaseClauses, negated
from subgrad_hardness.engine.upper import BLOCKED, PASSING, Bound, UpperBounds
from subgrad_hardness.limits import Limits
from subgrad_hardness.linear.box import Bounds, Separation
from subgrad_hardness.linear.cone import Infeasible
from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import Key, NormalForm, add
from subgrad_hardness.local.signs import EXCESS, VALUE, Generator

# At most this many conflicts are drawn from one point before the solver is asked again.
_MOST_AT_ONCE = 200


class Place(NamedTuple):
    """A point, and all atoms there."""

    point: tuple[int, ...]
    values: list[int]

    @classmethod
    def at(cls, normal: NormalForm, point: tuple[int, ...]) -> Place:
        """The atoms are evaluated."""
        return cls(point, normal.values(point))


class Attempt:
    """Is ``goal`` positive somewhere, the phases being those of ``model``?

    ``place`` moves from cut to cut; phases that the model leaves open are those of the point at which
    they are first needed.  ``rows`` are stated to the cone, ``guarded`` are literals over kinks, which
    rows can only bound.
    """

    def __init__(self, clauses: PhaseClauses, goal: Literal, model: set[int], place: Place) -> None:
        self.clauses = clauses
        self.goal = goal
        self.model = model
        linear, self.guarded = clauses.decided(model)
        self.rows = [clauses.literal_row(literal) for literal in linear]
        self.chosen: dict[int, bool] = {}
        self.hinged: set[Literal] = set()
        self.place = place

    def run(self, limits: Limits) -> bool:
        """Whether the point is a witness now; if not there are new clauses, and ``model`` violates one.

        Raises LimitReached.
        """
        if self.rows and not self._next_point(limits):
            return False
        while self._value(self.goal.form) <= 0:
            limits.check()
            literal = self._first_wrong() or self.goal
            if literal.positive and literal not in self.hinged and self.clauses.shallow(literal.form):
                self.hinged.add(literal)
                if not self._hinge(literal, limits):
                    return False
            elif not self._cut(literal) or not self._next_point(limits):
                return False
        return True

    def phase(self, atom: int) -> bool:
        """The phase of the atom that the model wants, else that of the point; from now on it holds."""
        if atom not in self.chosen:
            literal = self.clauses.phases[atom]
            variable = self.clauses.variable(literal)
            if variable in self.model or -variable in self.model:  # it is stated or guarded already
                self.chosen[atom] = variable in self.model
            else:
                self.chosen[atom] = self._value(self.clauses.keys[atom]) > 0
                stated = literal if self.chosen[atom] else negated(literal)
                if self.clauses.linear(literal.form):
                    self.rows.append(self.clauses.literal_row(stated))
                else:
                    self.guarded.append(stated)
        return self.chosen[atom]

    def _move(self, point: tuple[int, ...]) -> None:
        self.place = Place.at(self.clauses.normal, point)

    def _value(self, form: Key) -> int:
        return sum([coefficient * self.place.values[variable] for variable, coefficient in form])

    def _first_wrong(self) -> Literal | None:
        """The first guarded literal that does not hold at the point."""
        for literal in self.guarded:
            if (self._value(literal.form) > 0) != literal.positive:
                return literal
        return None

    def _next_point(self, limits: Limits) -> bool:
        """Move to a point where all rows hold; False, with a new clause, if there is none."""
        answer = self.clauses.cone.solve(self.rows, limits)
        if isinstance(answer, Infeasible):
            self.clauses.learn_combination(dict(zip(answer.forms, answer.multipliers, strict=True)))
            return False
        self._move(self.clauses.chart.up(answer.point))
        return True

    def _cut(self, literal: Literal) -> bool:
        """A row that the point violates, from a literal that does not hold there; False, with new clauses,
        if the bound is zero: then the literal and the phases contradict each other as they are."""
        sign = 1 if literal.positive else -1
        form = {variable: sign * coefficient for variable, coefficient in literal.form}
        value = self._value(literal.form)
        slack = -value if literal.positive else value - 1  # the bound is then at most 0, or less than 0
        bounds = UpperBounds(self.clauses.normal, form, self.place.values)
        bound = bounds.under(self.phase, slack=slack)
        if bound.row:
            self.rows.append(self.clauses.cut_row(literal, bound))
            return True
        self.clauses.learn({literal: 1}, [(1, bound)])
        learned = {frozenset(bound.phases)}
        for other in islice(self._other_conflicts(bounds, bound, slack), _MOST_AT_ONCE - 1):
            if frozenset(other.phases) not in learned:  # else it is the same clause
                learned.add(frozenset(other.phases))
                self.clauses.learn({literal: 1}, [(1, other)])
        return False

    def _other_conflicts(self, bounds: UpperBounds, first: Bound, slack: int) -> Iterator[Bound]:
        """More bounds that are zero, each by a term that those before it do not rest on."""
        if len(first.kept) == 1:  # one term is enough: look at each one for itself
            yield from (bound for bound in bounds.alone(self.phase, slack=slack, avoid=first.kept) if not bound.row)
            return
        avoid = set(first.kept)
        while True:
            bound = bounds.under(self.phase, slack=slack, avoid=avoid)
            if bound.row or avoid.issuperset(bound.kept):
                return
            avoid.update(bound.kept)
            yield bound

    def _hinge(self, literal: Literal, limits: Limits) -> bool:
        """Move to a point where the shallow literal's form is positive and all rows hold weakly; False, with a
        new clause, if there is none.

        Under the phases of the atoms that it adds, a shallow form is concave: a linear form less hinges.  All
        hinges and rows at once are one question, where cuts would take many.
        """
        clauses = self.clauses
        inputs = clauses.normal.inputs
        linear: Form = {}
        generators: list[Generator] = []
        phases: list[tuple[int, bool]] = []
        hinges: dict[int, tuple[int, int]] = {}  # vector -> (atom, size)
        for variable, coefficient in literal.form:
            atom = variable - inputs
            if atom < 0:
                add(linear, {variable: 1}, coefficient)
            elif coefficient < 0:
                hinges[clauses.vector(clauses.chart.down(clauses.keys[atom]), row=False)] = atom, -coefficient
            else:
                passes = self.phase(atom)
                phases.append((atom, passes))
                generators.append((atom, PASSING if passes else BLOCKED, coefficient))
                if passes:
                    add(linear, clauses.normal.atoms[atom], coefficient)
        bounds: dict[int, Bounds] = {vector: (0, size) for vector, (_, size) in hinges.items()}
        stated = {clauses.vector(clauses.cone.form(number), row=True): number for number in self.rows}
        bounds.update(dict.fromkeys(stated, (None, 0)))
        target = dict(clauses.chart.down(linear.items()))
        answer = clauses.box.solve(bounds, [target.get(i, 0) for i in range(clauses.chart.dimension)], limits)
        if isinstance(answer, Separation):
            self._move(clauses.chart.up(answer.point))
            return True
        taken = {vector: answer.numerators.get(vector, 0) for vector in hinges}
        parts = [(atom, EXCESS, taken[vector]) for vector, (atom, _) in hinges.items()]
        parts += [(atom, VALUE, size * answer.denominator - taken[vector]) for vector, (atom, size) in hinges.items()]
        clauses.learn_combination(
            {number: -answer.numerators[vector] for vector, number in stated.items() if vector in answer.numerators},
            {literal: answer.denominator},
            [
                (answer.denominator, Bound(linear, tuple(generators), (), tuple(phases))),
                (1, Bound({}, tuple(part for part in parts if part[2]), (), ())),
            ],
        )
        return False
