"""From a net to the question whether it has two subgradients: one subgradient g, and 2m goals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.question.question import Question, linearity

# The directions of g have entries of this size in nets with at most this many kinks, for people to read; in others
# larger ones, because small ones would too often leave a kink undecided.
_FEW_KINKS, _SMALL, _LARGE = 50, 9, 999


class Posed(NamedTuple):
    """A program at its point, localised, with the question whether F'(x0; .) is linear.

    ``subgradient`` is the g that the question compares with, an element of d_L F(x0).
    """

    program: Program
    local: Localisation
    question: Question
    subgradient: Element


def pose(
    program: Program,
    seed: int = 0,
    local: Localisation | None = None,
    directions: Sequence[tuple[int, ...]] | None = None,
) -> Posed:
    """The question of ``program`` at its point.

    Parameters
    ----------
    local : its localisation, if that is at hand.
    directions : g is the Jacobian on the cell that they enter, in order; by default random ones, drawn by ``seed``.
    """
    if local is None:
        local = localise(program)
    if directions is None:
        return Posed(program, local, *pose_local(local.net, seed))
    subgradient = lock_branches(local.net, directions)
    return Posed(program, local, linearity(local.net, subgradient.rows, seed), subgradient)


def pose_local(net: LocalNet, seed: int = 0) -> tuple[Question, Element]:
    """The question whether F'(x0; .) is linear; g is what a random direction enters, by branch locking."""
    stream = Stream(seed, "reference")  # the label is part of the documented stream
    size = _SMALL if len(net.kinks) <= _FEW_KINKS else _LARGE

    def draw() -> tuple[int, ...]:
        return stream.direction(net.inputs, size)

    subgradient = lock_branches(net, [draw()], draw)
    return linearity(net, subgradient.rows, seed), subgradient
