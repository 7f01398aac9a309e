"""One hidden layer of kinks, in polynomial time (SPEC 1, "tractable classes").

Where an objective is L + sum_k c_k relu(w_k d) with forms w_k in the inputs alone, the normal form has one
atom for each line, so it is linear iff no atom is left.  If one is, with c_k != 0, take x on the hyperplane
w_k x = 0 and off all others: on a short segment x - e w_k, x, x + e w_k all other kinks are linear and this
one is not, so F' differs from g on one of the three.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.contract import once
from subgrad_hardness.proof.steps import Proof
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.objectives import Objectives, merged, normal_objectives
from subgrad_hardness.question.question import Question


def decide(question: Question, limits: Limits) -> Answer:
    """Answer where some objective has kinks of one layer only, or no objective is left.

    A few forward passes.  Raises LimitReached.
    """
    aim = normal_objectives(question, limits)
    if not aim.forms:
        return Refutation(merged(question, aim), Proof(aim.normal))
    kink = _single(aim)
    if kink is None:
        return Undecided("layer: every objective has kinks behind kinks")
    for direction in _segment(aim, kink, question.seed):
        limits.check()
        if question.separates(direction):
            return Witness(direction)
    raise AssertionError("a segment across a single kink is linear")


start = once(decide)


def _single(aim: Objectives) -> int | None:
    """An atom of an objective all of whose atoms are over the inputs alone."""
    inputs, atoms = aim.normal.inputs, aim.normal.atoms
    for form in aim.forms:
        kinks = [variable - inputs for variable in form if variable >= inputs]
        if kinks and all(max(atoms[kink]) < inputs for kink in kinks):
            return kinks[0]
    return None


def _segment(aim: Objectives, kink: int, seed: int) -> Iterator[Direction]:
    """Directions on ever shorter segments across the kink's hyperplane, at points off all other ones."""
    inputs = aim.normal.inputs
    flat = [form for form in aim.normal.atoms if max(form) < inputs]
    rows = [[form.get(index, 0) for index in range(inputs)] for form in flat]
    normal = [aim.normal.atoms[kink].get(index, 0) for index in range(inputs)]
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
