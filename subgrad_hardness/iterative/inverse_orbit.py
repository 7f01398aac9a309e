"""Is X in J_pb itself, for finitely many pairs?  X is iff some pair has a Y in J_pb with X = A Y + B.

Going back this way, a Y outside a set that holds J_pb is no member; a Y that was met before on the way is one, because
the sequence of pairs then repeats; and so is a Jacobian that is known to be one.  Where A is singular there is no Y
unless X - B is in its range, and then there are many: that way is not followed, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.jacobians import Pair
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.iterative.words import Letters, Word
from subgrad_hardness.local.local_net import Matrix

# So many Jacobians are looked at, and so many steps back, at most.
_MOST_VISITED, _DEEPEST = 20_000, 400


class Traced(NamedTuple):
    """``inside`` is None where it is not known; ``word`` leads to a member."""

    inside: bool | None
    word: Word | None = None


class InverseOrbit:
    """The way back from any X.

    Parameters
    ----------
    letters : the pairs.
    outside : whether a Jacobian is surely outside of J_pb.
    """

    def __init__(self, letters: Letters, outside: Callable[[Matrix], bool]) -> None:
        self.letters, self._outside = letters, outside
        self._inverses = [_inverse(pair) for pair in letters.pairs]

    def trace(self, target: Matrix, limits: Limits = NO_LIMITS) -> Traced:
        """Depth first, each Jacobian once.  Raises LimitReached."""
        if self._outside(target):
            return Traced(False)
        path: list[tuple[Matrix, int]] = []  # Jacobians on the way, and the letter that was tried last from each
        place = {target: 0}
        dead: set[Matrix] = set()
        current, letter, open_ends = target, 0, False
        while True:
            limits.check()
            if len(dead) > _MOST_VISITED:
                return Traced(None)
            if letter == len(self.letters.pairs) or len(path) > _DEEPEST:
                open_ends |= letter < len(self.letters.pairs)
                dead.add(current)
                del place[current]
                if not path:
                    return Traced(None if open_ends else False)
                current, letter = path.pop()
                letter += 1
                continue
            before, followed = self._before(current, letter)
            open_ends |= not followed
            if before in place:
                letters = [number for _, number in path] + [letter]
                start = place[before]
                return Traced(True, Word(tuple(letters[:start]), tuple(letters[start:])))
            if before is None or before in dead or self._outside(before):
                letter += 1
                continue
            path.append((current, letter))
            place[before] = len(path)
            current, letter = before, 0

    def _before(self, current: Matrix, letter: int) -> tuple[Matrix | None, bool]:
        """Y with current = A Y + B, and whether this says all about this letter."""
        pair, inverse = self.letters.pairs[letter], self._inverses[letter]
        difference = tuple(
            [tuple([x - y for x, y in zip(*rows, strict=True)]) for rows in zip(current, pair.b, strict=True)]
        )
        if inverse is None:
            if not in_range(pair.a, difference):
                return None, True
            return None, False
        width = len(difference[0])
        size = len(inverse)
        return rows_of(rational_matrix(inverse, size) * rational_matrix(difference, width)), True


def _inverse(pair: Pair) -> Matrix | None:
    try:
        return rows_of(rational_matrix(pair.a, len(pair.a)).inv())
    except ZeroDivisionError:
        return None


def in_range(matrix: Matrix, right: Matrix) -> bool:
    """Whether all columns of ``right`` are in the range of a square matrix."""
    size, width = len(matrix), len(right[0])
    whole = rational_matrix([(*row, *more) for row, more in zip(matrix, right, strict=True)], size + width)
    return bool(rational_matrix(matrix, size).rank() == whole.rank())
