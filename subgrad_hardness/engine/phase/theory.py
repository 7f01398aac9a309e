"""One attempt of the phase engine: from a model of its clauses to a witness, or to new clauses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.concave import Shallow
from subgrad_hardness.engine.phase.lemmas import PhaseClauses, negated
from subgrad_hardness.engine.phase.linear_bounds import Bound, UpperBounds
from subgrad_hardness.linear.box import Separation
from subgrad_hardness.linear.cone import Infeasible
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Literal

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

        All hinges and rows at once are one question, where cuts would take many.
        """
        shallow = Shallow(self.clauses, literal)
        phases = {atom: self.phase(atom) for atom in shallow.added}
        answer = shallow.solve(phases, (), self.rows, limits)
        if isinstance(answer, Separation):
            self._move(self.clauses.chart.up(answer.point))
            return True
        conflict = answer
        try:
            conflict = shallow.shortened(answer, self.rows, self.place.values, limits)
        finally:  # a limit may end the search for a shorter one
            shallow.learn(conflict)
        return False
