"""Local search for a witness: sign vectors, one coordinate at a time, uphill in an objective.

Where an objective is positive at points that are many and yet too few for random directions (cuts of a
graph, say), a walk uphill from a few of them meets one.  An objective that is a single kink's value is 0
almost everywhere, so its form before the relu is what the walk climbs on.  Exact throughout; never refutes.
"""

from __future__ import annotations

from subgrad_hardness.engine.contract import Answer, Question, Undecided, Witness, once
from subgrad_hardness.engine.objectives import normal_objectives
from subgrad_hardness.limits import Limits
from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import NormalForm
from subgrad_hardness.local.signs import evident_sign
from subgrad_hardness.randomness import Stream

#: About so many products in all, for each objective.
MOST_PRODUCTS = 100_000


def decide(question: Question, limits: Limits) -> Answer:
    """Climb on each objective from random sign vectors.  Raises LimitReached."""
    aim = normal_objectives(question, limits)
    stream, tried = Stream(question.seed, "climb"), 0
    cost = 1 + sum(map(len, aim.normal.atoms))
    for form in aim.forms:
        slope = _before_relus(aim.normal, form)
        left = min(MOST_PRODUCTS // cost, 4 << aim.normal.inputs)  # few inputs have few sign vectors
        sign = evident_sign(slope, aim.normal.inputs)
        if sign is not None and sign[0] < 0:
            continue
        if max(slope) < aim.normal.inputs:  # uphill is straight ahead
            ahead = tuple([slope.get(index, 0) for index in range(aim.normal.inputs)])
            if question.separates(ahead):
                return Witness(ahead)
            continue
        while left > 0:
            point = [stream.integer(0, 1) * 2 - 1 for _ in range(aim.normal.inputs)]
            steps = _climb(aim.normal, slope, point, stream, most=left, limits=limits)
            tried += steps
            left -= steps
            if question.separates(tuple(point)):
                return Witness(tuple(point))
    return Undecided(f"none of {tried} directions on the way uphill separates")


start = once(decide)


def _before_relus(normal: NormalForm, form: Form) -> Form:
    while len(form) == 1:
        ((variable, coefficient),) = form.items()
        if variable < normal.inputs or coefficient < 0:
            break
        form = normal.atoms[variable - normal.inputs]
    return form


def _climb(normal: NormalForm, form: Form, point: list[int], stream: Stream, *, most: int, limits: Limits) -> int:
    """Flip signs of ``point`` while that raises the form, or until it is positive; the number of evaluations."""
    best, steps, idle = normal.value(form, tuple(point)), 1, 0
    order = stream.shuffled(range(len(point)))
    while idle < len(point) and best <= 0 and steps < most:
        limits.check()
        index = order[steps % len(point)]
        point[index] = -point[index]
        value = normal.value(form, tuple(point))
        steps += 1
        if value > best:
            best, idle = value, 0
        else:
            point[index], idle = -point[index], idle + 1
    return steps
