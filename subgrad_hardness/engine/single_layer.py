"""One hidden layer of kinks, in polynomial time (SPEC 1, "tractable classes").

Where a goal is L + sum_k c_k relu(w_k d) with forms w_k in the inputs alone, the normal form has one
atom for each line, so it is linear iff no atom is left.  If one is, with c_k != 0, take x on the hyperplane
w_k x = 0 and off all others: on a short segment x - e w_k, x, x + e w_k all other kinks are linear and this
one is not, so the goal or its opposite is positive on one of the three.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.proof.steps import Proof
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def start(question: Question, session: Session) -> Run:
    """A run that answers where some goal has kinks of one layer only, or no goal is left."""
    return lambda limits: _decide(question, session.goal_forms(question, limits), limits)


def _decide(question: Question, goals: GoalForms, limits: Limits) -> Answer:
    """A few forward passes.  Raises LimitReached."""
    if not goals.forms:
        return Refutation(goals.merged(len(question.net.kinks)), Proof(goals.normal))
    kink = _single(goals)
    if kink is None:
        return Undecided("layer: every goal has kinks behind kinks")
    for direction in _segment(goals, kink, question.seed):
        limits.check()
        if question.holds(direction):
            return Witness(direction)
    raise AssertionError("a segment across a single kink is linear")


def _single(goals: GoalForms) -> int | None:
    """An atom of a goal all of whose atoms are over the inputs alone."""
    inputs, atoms = goals.normal.inputs, goals.normal.atoms
    for form in goals.forms:
        kinks = [variable - inputs for variable in form if variable >= inputs]
        if kinks and all(max(atoms[kink]) < inputs for kink in kinks):
            return kinks[0]
    return None


def _segment(goals: GoalForms, kink: int, seed: int) -> Iterator[Direction]:
    """Directions on ever shorter segments across the kink's hyperplane, at points off all other ones."""
    inputs = goals.normal.inputs
    flat = [form for form in goals.normal.atoms if max(form) < inputs]
    rows = [[form.get(index, 0) for index in range(inputs)] for form in flat]
    normal = [goals.normal.atoms[kink].get(index, 0) for index in range(inputs)]
    stream, square = Stream(seed, "layer"), sum(map(mul, normal, normal))
    while True:
        step = stream.direction(inputs, 10**3)
        along = sum(map(mul, normal, step))
        foot = [square * x - along * w for x, w in zip(step, normal, strict=True)]
        values = [sum(map(mul, row, foot)) for row in rows]
        if sum(not value for value in values) != 1:  # on another hyperplane, too
            continue
        # All others keep their signs if they are larger than they can change by.
        changes = [abs(sum(map(mul, row, normal))) for row in rows]
        factor = 1 + max((change // abs(v) for v, change in zip(values, changes, strict=True) if v), default=0)
        far = [factor * x for x in foot]
        yield tuple(far) if any(far) else tuple(normal)
        yield tuple([x + w for x, w in zip(far, normal, strict=True)])
        yield tuple([x - w for x, w in zip(far, normal, strict=True)])
        return
