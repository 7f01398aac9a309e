"""Signs of kinks that exclude one another, kept in a form that serves at other places of the tree.

At a place where signs are decided, positive multiples of some preactivations, each with its sign, may add up to zero as
forms in the inputs: no direction has these signs.  Read the sum as a form over the inputs and the values a_j of kinks,
and remove these from the last one on.  Let r be the coefficient of a_j then, and m the multiple of z_j or -z_j in the
sum.  If r <= -m, a_j >= 0 and a_j >= z_j do what is needed, whatever the sign of the kink: m copies of one and -r - m
of the other stand in for the multiple and for r a_j.  Else its sign is needed: a_j = z_j, or a_j = 0.  What is needed
is a *conflict*, mostly of a small part of the signs.  Where its signs are met, a_j is z_j or 0, what stood in is a
multiple of z_j > 0 or of -z_j > 0, and the forms there add up to zero again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: More conflicts than this are not kept: those that served least are forgotten.
_MOST = 4096


class Conflict(NamedTuple):
    """Multiples by columns: of signs that are needed (0: needed, but not in the sum), and elsewhere of z > 0 and of
    -z > 0."""

    needed: dict[int, int]
    either: dict[int, tuple[int, int]]

    def multiples(self, signs: Sequence[int]) -> dict[int, int]:
        """The positive multiples, by columns, of the forms that have these signs, with the sum 0."""
        found = {column: multiple for column, multiple in self.needed.items() if multiple}
        for column, (passing, blocked) in self.either.items():
            multiple = passing if signs[column] else blocked
            if multiple:
                found[column] = multiple
        return found


def conflict(forms: Sequence[Mapping[int, int]], signs: Sequence[int], multiples: Mapping[int, int]) -> Conflict:
    """The conflict of these positive multiples, by columns, of forms with these signs.

    ``forms`` are the coefficients of earlier kinks in each kink's form.
    """
    rest: dict[int, int] = {}
    needed: dict[int, int] = {}
    either: dict[int, tuple[int, int]] = {}
    for column in reversed(range(len(forms))):
        own, coefficient = multiples.get(column, 0), rest.get(column, 0)
        if not own and not coefficient:
            continue
        passes = bool(signs[column])
        if coefficient <= -own:
            either[column] = (own, -coefficient - own) if passes else (-coefficient - own, own)
            times = own + coefficient if passes else -own
        else:
            needed[column] = own
            times = own + coefficient if passes else -own
        for other, gain in forms[column].items():
            rest[other] = rest.get(other, 0) + times * gain
    return Conflict(needed, either)


class Conflicts:
    """Those that were met, and the question which of them hold at a place."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._kept: list[Conflict] = []
        self._served: list[int] = []
        self._table: NDArray[Any] | None = None

    def add(self, signs: Sequence[int], found: Conflict) -> None:
        """Keep a conflict of these signs."""
        import numpy as np

        if self._table is None:
            self._table = np.zeros((_MOST, 2 * self._columns), dtype=np.float32)
        if len(self._kept) == _MOST:
            best = sorted(np.argsort(self._served, kind="stable")[_MOST // 2 :].tolist())
            self._table[: len(best)] = self._table[best]
            self._table[len(best) :] = 0
            self._kept = [self._kept[number] for number in best]
            self._served = [self._served[number] // 2 for number in best]
        row = self._table[len(self._kept)]
        for column in found.needed:
            row[column + (0 if signs[column] else self._columns)] = 1
        self._kept.append(found)
        self._served.append(1)

    def next(self, signs: NDArray[Any]) -> list[tuple[int, int, Conflict]]:
        """What follows from conflicts of which all signs but one are met: (column, the sign that is excluded, why).

        Conflicts that are met whole come first, with the column -1.
        """
        import numpy as np

        if self._table is None:
            return []
        open_ = np.concatenate([signs != 1, signs != 0]).astype(np.float32)
        unmet = self._table[: len(self._kept)] @ open_
        whole = np.flatnonzero(unmet < 0.5)
        found = [(-1, 0, number) for number in whole.tolist()]
        undecided = np.concatenate([signs == -1] * 2)
        almost = np.flatnonzero(unmet < 1.5)
        places = (self._table[almost] * open_).argmax(axis=1)
        for number, place in zip(almost.tolist(), places.tolist(), strict=True):
            if undecided[place] and unmet[number] > 0.5:
                found.append((place % self._columns, int(place < self._columns), number))
        for _, _, number in found:
            self._served[number] += 1
        return [(column, sign, self._kept[number]) for column, sign, number in found]

    def packed(self, signs: NDArray[Any], costs: NDArray[Any]) -> tuple[float, NDArray[Any], int]:
        """What must be paid at least, where an undecided kink pays for its sign, that no conflict is met.

        ``costs`` are those of not passing, column by column, then those of not being blocked.  Each conflict demands
        a price that each kink in it can pay from what is left of its cost, so that the sum of the prices is paid in
        any case, and a kink that takes a sign pays what is left besides.  Returns the sum, what is left, and how many
        prices there are.
        """
        import numpy as np

        left, paid, number = costs.copy(), 0.0, 0
        if self._table is None:
            return paid, left, number
        undecided = np.concatenate([signs == -1] * 2)
        open_ = np.concatenate([signs != 1, signs != 0])
        table = self._table[: len(self._kept)]
        # No sign of these is excluded, or free to be avoided.
        meant = np.flatnonzero(table @ (open_ & ~(undecided & (left > 0))).astype(np.float32) < 0.5)
        if len(meant):
            places = table[meant] > 0.5
            places &= undecided
            for row in np.argsort(places.sum(axis=1), kind="stable"):
                asked = places[row]
                price = left[asked].min(initial=np.inf)
                if 0 < price < np.inf:
                    left[asked] -= price
                    paid, number = paid + float(price), number + 1
        return paid, left, number
