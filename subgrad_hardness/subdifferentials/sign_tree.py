"""The tree by sign that a search makes: places, what is decided at each, and how each of them ends.

A place is entered by the sign of a kink.  What follows there is another kink with its two sides (one, where its form is
zero), a leaf, or forms that exclude one another (``certificate.tree``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import gcd
from typing import TYPE_CHECKING, Any

from subgrad_hardness.certificate.tree import CLOSED, LEAF, Tree
from subgrad_hardness.subdifferentials.interval_bounds import BLOCKED, PASSES, UNDECIDED, IntervalBounds
from subgrad_hardness.subdifferentials.trees import Grower, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Place:
    """A place of the tree: how it is entered, and what follows, once that is known."""

    __slots__ = ("below", "column", "content", "form", "parent", "passes", "step")

    def __init__(
        self, parent: Place | None = None, column: int = -1, passes: bool = False, form: Row = (), content: int = 1
    ) -> None:
        self.parent, self.column, self.passes = parent, column, passes
        self.form, self.content = form, content  # the preactivation, with its sign, is the content times the form
        self.step: tuple[int, ...] | None = None
        self.below: tuple[Place, ...] = ()

    def path(self) -> list[Place]:
        """From the first branch to this place."""
        found = []
        place = self
        while place.parent is not None:
            found.append(place)
            place = place.parent
        return found[::-1]


class Here:
    """A place with what is decided there.

    Attributes
    ----------
    signs : by columns; also of kinks that are *settled* before those that they rest on: any other sign is excluded on
        all cells above the bound.
    rows : of kinks that pass, by columns, their preactivations as forms in the inputs.
    forms : those that are positive here, in order.
    known, zero : the columns of decided kinks, and of those among them whose preactivation is zero.
    decisions : how many there were.
    """

    def __init__(self, columns: int) -> None:
        import numpy as np

        self.signs: NDArray[Any] = np.full(columns, UNDECIDED, dtype=np.int8)
        self.rows: list[Row | None] = [None] * columns
        self.forms: list[Row] = []
        self.known: set[int] = set()
        self.zero: set[int] = set()
        self.decisions = 0

    def settle(self, column: int, sign: int) -> None:
        """Set a sign."""
        self.signs[column] = sign
        self.decisions += 1

    def excludes(self, multiples: Mapping[int, int]) -> bool:
        """Whether one of these multiples is of a form that is positive, so that their sum cannot be zero.

        Of a kink that is settled as blocked the preactivation may be zero.
        """
        return any(
            multiple and (self.signs[column] == PASSES or (column in self.known and column not in self.zero))
            for column, multiple in multiples.items()
        )


class SignTree:
    """The tree of one search.

    Parameters
    ----------
    recorded : keep how places end, for ``tree``.
    """

    def __init__(self, grower: Grower, bounds: IntervalBounds, *, recorded: bool) -> None:
        self._grower, self._bounds, self.recorded = grower, bounds, recorded
        self.root = Place()

    def here(self, place: Place) -> Here:
        """What is decided at a place."""
        here = Here(len(self._bounds.columns))
        for branch in place.path():
            self.enter(here, branch)
        return here

    def enter(self, here: Here, branch: Place) -> None:
        """Let ``here`` become the place below that is entered by this branch."""
        here.settle(branch.column, PASSES if branch.passes else BLOCKED)
        here.known.add(branch.column)
        if branch.passes:
            here.rows[branch.column] = self._row(here, branch.column)
        if branch.form:
            here.forms.append(branch.form)
        else:
            here.zero.add(branch.column)

    def _row(self, here: Here, column: int) -> Row:
        """The preactivation of a kink that rests on decided ones, as a form in the inputs."""
        kink = self._bounds.columns[column]
        form, size = self._grower.flat.kinks[kink], self._grower.size
        total = [form.get(index, 0) for index in range(size)]
        for inner in self._bounds.before[column]:
            row = here.rows[inner]
            if row is not None:
                gain = form[size + self._bounds.columns[inner]]
                total = [entry + gain * other for entry, other in zip(total, row, strict=True)]
        return tuple(total)

    def ready(self, here: Here) -> list[int]:
        """The kinks that are next: not decided, and resting on decided ones."""
        known, before = here.known, self._bounds.before
        return [column for column in range(len(before)) if column not in known and known.issuperset(before[column])]

    def fork(self, place: Place, here: Here, column: int) -> tuple[Place | None, Place]:
        """The two sides of a kink, or one where its form is zero."""
        row = self._row(here, column)
        content = gcd(*row)
        form = tuple([entry // content for entry in row]) if content else ()
        passes = Place(place, column, True, form, content) if form else None
        blocks = Place(place, column, False, tuple([-entry for entry in form]), content)
        below = (blocks,) if passes is None else (passes, blocks)
        self.end(place, (self._grower.relus[self._bounds.columns[column]],), below)
        return passes, blocks

    def decide(self, place: Place, here: Here, column: int, closed: tuple[bool, bool]) -> Place:
        """Branch on a kink of which a side is closed, or both; the place that is left, which ``here`` becomes."""
        passes, blocks = self.fork(place, here, column)
        if passes is None:  # the form is zero
            kept = blocks
        else:
            kept = blocks if closed[0] else passes
            self.end(passes if closed[0] else blocks, (LEAF,))
        self.enter(here, kept)
        return kept

    def end(self, place: Place, step: tuple[int, ...], below: tuple[Place, ...] = ()) -> None:
        """What follows at a place."""
        if self.recorded:
            place.step, place.below = step, below

    def close(self, first: Place, place: Place, multiples: Mapping[int, int]) -> None:
        """End the first place from ``first`` to ``place`` at which all forms that exclude one another are there.

        The multiples are of preactivations; certificates name those of primitive forms.
        """
        if not self.recorded:
            return
        path = place.path()
        named = [(number, branch) for number, branch in enumerate(path) if branch.form and multiples.get(branch.column)]
        times = [multiples[branch.column] * branch.content for _, branch in named]
        divisor = gcd(*times)
        pairs = list[int]()
        for (number, _), multiple in zip(named, times, strict=True):
            pairs += (len(self._grower.dead) + number, multiple // divisor)
        above = path.index(first) if first is not self.root else 0
        self.end(path[max(named[-1][0], above)], (CLOSED, *pairs))

    def tree(self) -> Tree:
        """The tree of a search that is over."""
        return (*((relu,) for relu in self._grower.dead), *self._steps())

    def _steps(self) -> Iterator[tuple[int, ...]]:
        stack = [self.root]
        while stack:
            place = stack.pop()
            assert place.step is not None, "the search is not over"
            yield place.step
            stack += place.below[::-1]
