"""A row of the tables of changed claims, and what stands in many of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from corpus.edits import Edit

#: Words of reasons.
WEIGHTS, COMBINATION = "weights are not one positive number", "the combination is not vector"
SHAPE, NO_KINK = " is not ", "names a relu that is no kink at the point, or one twice"
BOUND, SUM = "is not shown to stay below the bound", "does not sum to zero"
EMPTY, CONE = "the empty clause is not derived", "is not positive at the point that is given"

#: Direction matrices and the tree of |x|.
LEFT = {"leading": [[-1]], "complete": []}
RIGHT = {"leading": [[1]], "complete": []}
TREE = [[0], [1], [-1, 1, 1, 0, 1], [-2], [1], [-2], [-1, 1, 1, 0, 1]]


class Change(NamedTuple):
    """A true claim's name, what the change is called, words of the reason, the edits.

    ``net`` and ``other`` stand for the nets that it is tried with, if not the claim's own; ``other=""`` for none.
    ``bound``: the claim gets the digests of these nets.
    """

    base: str
    name: str
    reason: str
    edits: tuple[Edit, ...] = ()
    net: str | None = None
    other: str | None = None
    bound: bool = False


def edited(base: str, *rows: tuple[Any, ...]) -> list[Change]:
    """Rows of a name, a reason and edits."""
    return [Change(base, name, reason, tuple(edits)) for name, reason, *edits in rows]
