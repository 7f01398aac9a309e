"""Local search for a witness: sign vectors, one coordinate at a time, uphill in a goal.

Where a goal is positive at points that are many and yet too few for random directions (cuts of a
graph, say), a walk uphill from a few of them meets one.  A goal that is a single kink's value is 0 almost
everywhere, so its form before the relu is what the walk climbs on.  The signs are those of the inputs, and
then of the relus' forms that the goal adds with the largest coefficients, as many as are independent: under a
linear change of the inputs these are where the inputs were.  Exact throughout; never refutes.
"""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.linear.elimination import dual_basis, independent
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.normal_form.signs import evident_sign
from subgrad_hardness.question.answer import Answer, Undecided, Witness
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: About this many products of integers are spent on each goal and system of axes, then the next one has its turn.
MOST_PRODUCTS = 100_000
# A matrix of forms with more entries than this is not inverted: that would take longer than the search itself.
_MOST_ENTRIES = 20_000


def start(question: Question, session: Session) -> Run:
    """A run that climbs on each goal from random sign vectors; it keeps nothing between calls."""
    return lambda limits: _decide(question, session.goal_forms(question, limits), limits)


def _decide(question: Question, goals: GoalForms, limits: Limits) -> Answer:
    inputs = goals.normal.inputs
    stream, tried = Stream(question.seed, "climb"), 0
    cost = 1 + sum(map(len, goals.normal.atoms))
    for form in goals.forms:
        slope = _before_relus(goals.normal, form)
        sign = evident_sign(slope, inputs)
        if sign is not None and sign[0] < 0:
            continue
        if max(slope) < inputs:  # uphill is straight ahead
            ahead = tuple([slope.get(index, 0) for index in range(inputs)])
            if question.holds(ahead):
                return Witness(ahead, {"directions": tried})
            continue
        for axes in _systems(goals.normal, slope):
            left = min(MOST_PRODUCTS // cost, 4 << inputs)  # few axes have few sign vectors
            while left > 0:
                walk = _Walk(goals.normal, slope, axes, stream)
                steps = walk.climb(stream, left, limits)
                tried += steps
                left -= steps
                if question.holds(tuple(walk.point)):
                    return Witness(tuple(walk.point), {"directions": tried})
    return Undecided(f"none of {tried} directions on the way uphill separates", effort={"directions": tried})


def _before_relus(normal: NormalForm, form: Form) -> Form:
    while len(form) == 1:
        ((variable, coefficient),) = form.items()
        if variable < normal.inputs or coefficient < 0:
            break
        form = normal.atoms[variable - normal.inputs]
    return form


def _systems(normal: NormalForm, form: Form) -> Iterator[list[Form]]:
    """The unit vectors; and the basis dual to the forms with the largest coefficients, if that is another one."""
    units = range(normal.inputs)
    yield [{index: 1} for index in units]
    terms = sorted([(-entry, v) for v, entry in form.items() if v >= normal.inputs and entry > 0])
    forms = [normal.atoms[variable - normal.inputs] for _, variable in terms]
    forms = [line for line in forms if max(line) < normal.inputs]
    if normal.inputs * len(forms) > _MOST_ENTRIES or all(len(line) == 1 for line in forms):
        return
    vectors = [[line.get(index, 0) for index in units] for line in forms]
    chosen = independent(vectors)
    if len(chosen) < normal.inputs or all(len(forms[number]) == 1 for number in chosen):
        return
    yield dual_basis([vectors[number] for number in chosen])


class _Walk:
    """A sum of axes, each with a random sign, and the form there."""

    def __init__(self, normal: NormalForm, form: Form, axes: list[Form], stream: Stream) -> None:
        self.normal, self.form, self.axes = normal, form, axes
        self.point = [0] * normal.inputs
        self.signs = [1] * len(axes)
        for axis in range(len(axes)):
            self._add(axis, 1)
            if not stream.integer(0, 1):
                self.flip(axis)

    def flip(self, axis: int) -> None:
        """The opposite sign for an axis."""
        self._add(axis, -2 * self.signs[axis])
        self.signs[axis] = -self.signs[axis]

    def _add(self, axis: int, factor: int) -> None:
        for index, entry in self.axes[axis].items():
            self.point[index] += factor * entry

    def climb(self, stream: Stream, most: int, limits: Limits) -> int:
        """Flip signs while that raises the form, or until it is positive; the number of evaluations."""
        best, steps, idle = self.normal.value(self.form, tuple(self.point)), 1, 0
        order = stream.shuffled(range(len(self.axes)))
        while idle < len(order) and best <= 0 and steps < most:
            limits.check()
            axis = order[steps % len(order)]
            self.flip(axis)
            value = self.normal.value(self.form, tuple(self.point))
            steps += 1
            if value > best:
                best, idle = value, 0
            else:
                self.flip(axis)
                idle += 1
        return steps
