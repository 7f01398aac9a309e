"""From a local net to the question about it: the reference subgradient g."""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.question.question import Question

# Up to so many kinks the reference's directions have small entries, which are easier to read.
_FEW_KINKS, _SMALL, _LARGE = 50, 9, 999


class Posed(NamedTuple):
    """A question, and where its reference subgradient comes from."""

    question: Question
    reference: Element


def pose(net: LocalNet, seed: int = 0) -> Posed:
    """The question whether F'(x0; .) is linear; g is what a random direction enters, by branch locking."""
    stream = Stream(seed, "reference")
    size = _SMALL if len(net.kinks) <= _FEW_KINKS else _LARGE

    def draw() -> tuple[int, ...]:
        return stream.direction(net.inputs, size)

    reference = lock_branches(net, [draw()], draw)
    return Posed(Question(net, reference.rows, seed), reference)
