"""Candidates for a split of a sum of relus: the kinks that read inputs alone, by the phases that each half decides.

An engine chooses phases of kinks that are *added* somewhere, which have positive gains; of the others hinges take care
without a choice.  So a phase that a half decides counts by its kink's gains, and the candidates are the kinks with the
largest ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Key, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.goal_forms import GoalForms

#: So many candidates, those with the largest gains, are looked at closely; in each about so many exact cones are asked.
MOST_CANDIDATES, MOST_PHASES = 12, 60


def ranked_by_phases(goals: GoalForms, inside: Sequence[Key], limits: Limits) -> Iterable[Key]:
    """The forms of kinks that read inputs alone, the best split first.  Raises LimitReached."""
    weights = _gains(goals)
    order = sorted(weights, key=lambda form: -weights[form])
    cone = StrictCone(goals.normal.inputs)
    rows = [row_of(cone, form) for form in inside]
    undecided: list[Key] = []
    for form in order:
        if len(undecided) == MOST_PHASES:
            break
        if _open(cone, rows, form, limits) and _open(cone, rows, opposite(form), limits):
            undecided.append(form)
    scores = {}
    for form in undecided[:MOST_CANDIDATES]:
        score = 1
        for half in (form, opposite(form)):
            score *= 1 + _decided(cone, [*rows, row_of(cone, half)], undecided, weights, limits)
        scores[form] = score
    yield from sorted(scores, key=lambda form: -scores[form])
    yield from (form for form in order if form not in scores)


def _gains(goals: GoalForms) -> dict[Key, int]:
    """The kinks that read inputs alone, each with 1 and the sum of its positive gains, scaled to be small."""
    normal = goals.normal
    first = {variable: _oriented(normal, variable) for variable in _first_layer(normal)}
    gains: dict[Key, int] = dict.fromkeys(first.values(), 0)
    for form in (*goals.forms, *normal.atoms):
        for variable, coefficient in form.items():
            if variable in first and coefficient > 0:
                gains[first[variable]] += coefficient
    largest = max(gains.values(), default=0) or 1
    return {form: 1 + 100 * gain // largest for form, gain in gains.items()}


def _first_layer(normal: NormalForm) -> Iterable[int]:
    for number, atom in enumerate(normal.atoms, start=normal.inputs):
        if max(atom) < normal.inputs:
            yield number


def _oriented(normal: NormalForm, variable: int) -> Key:
    form = tuple(sorted(normal.atoms[variable - normal.inputs].items()))
    return form if form[0][1] > 0 else opposite(form)


def _decided(
    cone: StrictCone, rows: Sequence[int], undecided: Sequence[Key], weights: dict[Key, int], limits: Limits
) -> int:
    """The weights of the phases that are decided where all rows are positive."""
    answer = cone.solve(rows, limits)
    if not isinstance(answer, Feasible):
        return 0
    total = 0
    for form in undecided:
        value = sum(entry * answer.point[index] for index, entry in form)
        # The point shows one side; where it lies on the hyperplane, both sides are open.
        if value and not _open(cone, rows, opposite(form) if value > 0 else form, limits):
            total += weights[form]
    return total


def _open(cone: StrictCone, rows: Sequence[int], form: Key, limits: Limits) -> bool:
    limits.check()
    return isinstance(cone.solve([*rows, row_of(cone, form)], limits), Feasible)


def row_of(cone: StrictCone, form: Key) -> int:
    """The number in the cone of the row that says "``form`` > 0"."""
    support, coefficients = zip(*form, strict=True)
    return cone.add_sparse(support, coefficients)
