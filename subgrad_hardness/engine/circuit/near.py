"""From a point of the circuit's cone to a direction at which a goal is positive, off the hyperplanes it forgot.

The circuit speaks of directions off all hyperplanes, where "l > 0 or -l > 0" is true.  The cone's answer satisfies the
half-spaces that were asked for, and may lie on a hyperplane that was not; then no goal need be positive at it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.blocks import Block

# The entries of the steps are up to 1,000 in size.
_STEP = 10**3


def positive_near(
    normal: NormalForm,
    blocks: Sequence[Block],
    point: tuple[int, ...],
    stream: Stream,
    allows: Callable[[tuple[int, ...]], bool] = lambda _: True,
) -> tuple[Block, tuple[int, ...]]:
    """A block whose form is positive at some direction near ``point``, and this direction, which ``allows`` allows.

    A random step is added to ever larger multiples of the point.  It stays on a given hyperplane through the point with
    a probability of at most 1 in 2,001, and once the multiple is large it crosses no other hyperplane,
    nor one of the constraints, all of which the point satisfies strictly.
    """
    near, factor = point, 1
    while True:
        if allows(near):
            for block in blocks:
                if normal.value(block.form, near) > 0:
                    return block, near
        step = stream.direction(len(point), _STEP)
        near = tuple([factor * x + y for x, y in zip(point, step, strict=True)])
        factor *= 2
