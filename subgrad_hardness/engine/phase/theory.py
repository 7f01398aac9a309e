"""The theory check of the phase engine: from a model of the clauses to a witness, or to theory lemmas.

The engine is CDCL(T), a CDCL solver modulo a theory (Nieuwenhuis, Oliveras and Tinelli, JACM 2006).  The solver's
model says which phases to try.  A *theory check* decides whether the theory allows them: whether some direction has
these phases and makes the goal positive.  If no direction does, the check *explains* the contradiction by *theory
lemmas*, clauses that the model violates.  Reluplex and Marabou (Katz et al., CAV 2017 and 2019) verify ReLU networks
in this manner, in floating point and on boxes.  Here the theory is exact linear arithmetic on the cone of all
directions: linear bounds under phases are cutting planes in the space of the inputs alone, and the exact cone
(``linear.cone``) answers with a next point or with multipliers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.concave import ConcavePiece
from subgrad_hardness.engine.phase.lemmas import PhaseLemmas, negated
from subgrad_hardness.engine.phase.linear_bounds import Bound, LinearBounds
from subgrad_hardness.linear.box import SeparatingPoint
from subgrad_hardness.linear.cone import Infeasible
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Literal

#: At most 200 lemmas are drawn from one point before the solver is asked again, as lemmas of one point resemble each
#: other and a new model leads to other points.
_MOST_AT_ONCE = 200


class Evaluated(NamedTuple):
    """A point, and the values of the inputs and of all atoms there."""

    point: tuple[int, ...]
    values: list[int]

    @classmethod
    def at(cls, normal: NormalForm, point: tuple[int, ...]) -> Evaluated:
        """Evaluate all atoms at the point; linear in the normal form."""
        return cls(point, normal.values(point))


class TheoryCheck:
    """Is ``goal`` positive at some direction that has the phases of ``model``?

    Attributes
    ----------
    current : the point at hand, with the values there; it moves as rows are added.
    rows : the numbers of the cone's rows that are stated: the model's literals over the inputs alone, and cuts.
    guarded : the literals over kinks that are supposed.  The cone cannot state them, so that each is cut off by a
        linear bound wherever the point violates it.
    chosen : the phases that were asked for.  A phase that the model leaves open is the one of the point at which it
        is first needed.
    """

    def __init__(self, store: PhaseLemmas, goal: Literal, model: set[int], start: Evaluated) -> None:
        self.store = store
        self.goal = goal
        self.model = model
        linear, self.guarded = store.decided(model)
        self.rows = [store.literal_row(literal) for literal in linear]
        self.chosen: dict[int, bool] = {}
        self.asked_whole: set[Literal] = set()
        self.current = start

    def run(self, limits: Limits) -> bool:
        """Whether the current point is a witness now; if not, lemmas were learned, and the model violates one.

        Raises
        ------
        LimitReached
            The lemmas that were learned before stay.
        """
        if self.rows and not self.next_point(limits):
            return False
        while self.value(self.goal.form) <= 0:
            limits.check()
            literal = self.first_wrong() or self.goal
            if literal.positive and literal not in self.asked_whole and self.store.one_layer(literal.form):
                self.asked_whole.add(literal)
                if not self.ask_whole(literal, limits):
                    return False
            elif not self.cut(literal) or not self.next_point(limits):
                return False
        return True

    def phase(self, atom: int) -> bool:
        """The phase of the atom that the model wants or, if it wants none, that of the point; from now on it holds."""
        if atom not in self.chosen:
            literal = self.store.phases[atom]
            variable = self.store.variable(literal)
            if variable in self.model or -variable in self.model:  # the phase is stated or guarded already
                self.chosen[atom] = variable in self.model
            else:
                self.chosen[atom] = self.value(self.store.keys[atom]) > 0
                stated = literal if self.chosen[atom] else negated(literal)
                if self.store.linear(literal.form):
                    self.rows.append(self.store.literal_row(stated))
                else:
                    self.guarded.append(stated)
        return self.chosen[atom]

    def value(self, form: Key) -> int:
        """The value of a form over inputs and atoms at the current point."""
        return sum([coefficient * self.current.values[variable] for variable, coefficient in form])

    def first_wrong(self) -> Literal | None:
        """The first guarded literal that does not hold at the current point."""
        for literal in self.guarded:
            if (self.value(literal.form) > 0) != literal.positive:
                return literal
        return None

    def next_point(self, limits: Limits) -> bool:
        """Move to a point where all rows hold; if there is none, learn a lemma and return False."""
        answer = self.store.cone.solve(self.rows, limits)
        if isinstance(answer, Infeasible):
            self.store.learn_combination(dict(zip(answer.forms, answer.multipliers, strict=True)))
            return False
        self._move(answer.point)
        return True

    def cut(self, literal: Literal) -> bool:
        """Add a row that the current point violates, from a literal that does not hold there.

        If the linear bound of the literal's form is zero, there is no such row: the literal and the phases contradict
        each other whatever the point is.  Lemmas say so, and False is returned.
        """
        sign = 1 if literal.positive else -1
        form = {variable: sign * coefficient for variable, coefficient in literal.form}
        value = self.value(literal.form)
        # The bound at the point is then at most 0 where the row has to be positive, and negative where it has to be
        # nonnegative.
        slack = -value if literal.positive else value - 1
        bounds = LinearBounds(self.store.normal, form, self.current.values)
        bound = bounds.within(self.phase, slack=slack)
        if bound.row:
            self.rows.append(self.store.cut_row(literal, bound))
            return True
        self.store.learn({literal: 1}, [(1, bound)])
        learned = {frozenset(bound.phases)}
        for other in islice(self._other_zero_bounds(bounds, bound, slack), _MOST_AT_ONCE - 1):
            if frozenset(other.phases) not in learned:  # equal phases give equal clauses
                learned.add(frozenset(other.phases))
                self.store.learn({literal: 1}, [(1, other)])
        return False

    def _other_zero_bounds(self, bounds: LinearBounds, first: Bound, slack: int) -> Iterator[Bound]:
        """More bounds that are zero, each by a term that the bounds before it do not rest on."""
        if len(first.kept) == 1:  # one term is enough, so each other term is tried for itself
            found = bounds.by_one_term(self.phase, slack=slack, avoid=first.kept)
            yield from (bound for bound in found if not bound.row)
            return
        avoid = set(first.kept)
        while True:
            bound = bounds.within(self.phase, slack=slack, avoid=avoid)
            if bound.row or avoid.issuperset(bound.kept):
                return
            avoid.update(bound.kept)
            yield bound

    def ask_whole(self, literal: Literal, limits: Limits) -> bool:
        """Ask about a positive literal of one layer as a whole: all its hinges and all rows are one question to the
        box, where cuts would take many.

        Move to a point where all rows hold weakly and the form is positive as far as the chosen phases hold there; if
        there is none, learn a lemma and return False.
        """
        piece = ConcavePiece(self.store, literal)
        phases = {atom: self.phase(atom) for atom in piece.added}
        answer = piece.solve(phases, (), self.rows, limits)
        if isinstance(answer, SeparatingPoint):
            self._move(answer.point)
            return True
        conflict = answer
        try:
            conflict = piece.shortened(answer, self.rows, self.current.values, limits)
        finally:  # a limit may end the search for a shorter conflict; the long one is learned nevertheless
            piece.learn(conflict)
        return False

    def _move(self, point: tuple[int, ...]) -> None:
        """Go to the point with these coordinates."""
        self.current = Evaluated.at(self.store.normal, self.store.coordinates.extend(point))
