"""A question's goals as the verifier states them: in the outputs of F', not of the local net before its scales."""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.question.question import Question


def claimed(question: Question) -> tuple[OneSided, ...]:
    """The goals, each times a positive rational; c y_k = (c / scales[k]) F'_k."""
    scales = question.net.scales
    return tuple(
        [
            OneSided(
                tuple([(number, goal.sign * entry / scales[number]) for number, entry in goal.outputs]),
                tuple([Fraction(goal.sign * entry) for entry in goal.linear]),
            )
            for goal in question.goals
        ]
    )
