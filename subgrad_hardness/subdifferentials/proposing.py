"""Points at which a net that may be zero does not look so in floating point: proposals, to be looked at exactly.

Where two nets differ by one small weight they are the same but where the relus around it pass, which may be a small
part of the region: many points find it, and rounding hides no difference that is much more than 10^-16 of the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from subgrad_hardness.local.local_net import LocalNet

Vector = tuple[Fraction, ...]

#: So many points are proposed.
_MOST = 8


def largest_at(net: LocalNet, points: Iterable[Vector]) -> Iterator[Vector]:
    """The points x at which an output of ``net`` at (x, 1) is largest for its size, the best first.

    Batches in numpy: the nonzeros of the net a point.
    """
    import numpy as np  # heavy, and nothing else here needs it

    from subgrad_hardness.derivative.compiled import compile_net

    given = list(points)
    try:
        table = np.array([[*map(float, point), 1.0] for point in given])
    except OverflowError:  # no point is worth more than binary64 can hold
        return
    _, outputs = compile_net(net).evaluate(table)
    scores = np.abs(outputs).max(axis=1) / np.abs(table).max(axis=1)
    for place in np.argsort(-scores, kind="stable")[:_MOST]:
        if scores[place] > 0:
            yield given[place]
