"""Values at a few directions, for guesses at the signs of forms.

All directions at once: a variable's values stand in the lanes of one long integer, v_0 + v_1 2^w + v_2 2^2w + ...,
so that a combination of variables is the same combination of these integers, and relu a few masks.  A bound on the
values says when the lanes must become wider.
"""

from __future__ import annotations

from operator import neg
from typing import NamedTuple

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.normal_form.linear_form import Form

# 8 random directions and their opposites, with entries up to 9 in size: most forms show both signs there.
_PAIRS, _SIZE = 8, 9
# In bits: the lanes' first width, and what is no longer a size to guess at: every variable takes all the lanes.
_FIRST_WIDTH, _MOST_BITS = 32, 1024


class Seen(NamedTuple):
    """A form at the sample directions.

    ``positive_part`` packs the values of its relu, none of them above ``bound``.
    """

    never_negative: bool
    never_positive: bool
    positive_part: int
    bound: int


class Packed(NamedTuple):
    """The values of a form at the sample directions, none of them above ``bound`` in size."""

    total: int
    bound: int


class Samples:
    """The inputs at ``pairs`` random directions and their opposites, and more variables as they come."""

    def __init__(self, inputs: int, pairs: int = _PAIRS) -> None:
        stream = Stream(0, "samples")
        drawn = [stream.direction(inputs, _SIZE) for _ in range(pairs)]
        self._lanes = 2 * pairs
        self._set_width(_FIRST_WIDTH)
        self._bounds = [_SIZE] * inputs
        self._packed = [self._pack([*entries, *map(neg, entries)]) for entries in zip(*drawn, strict=True)]

    def at(self, form: Form) -> Seen | None:
        """The values of ``form``, or None where they may be huge.

        A few operations on integers of about 1,000 bits for each of its terms.
        """
        total, bound = self.packed(form)
        if bound >= self._half:
            if bound.bit_length() > _MOST_BITS:
                return None
            self._widen(bound)
            total = self.packed(form).total
        shifted = total + self._halves
        signs = shifted & self._halves  # the top bit of each lane with a value that is not negative
        positive_part = shifted & (signs - (signs >> (self._width - 1)))
        return Seen(signs == self._halves, not positive_part, positive_part, bound)

    def packed(self, form: Form) -> Packed:
        """The values of ``form``, all in one integer; they can be told apart where ``is_positive_somewhere`` can."""
        packed, bounds = self._packed, self._bounds
        bound = total = 0
        for variable, coefficient in form.items():
            bound += abs(coefficient) * bounds[variable]
            total += coefficient * packed[variable]
        return Packed(total, bound)

    def is_positive_somewhere(self, values: Packed) -> bool:
        """Whether some value is positive; False where they are too large for the lanes that there are.

        For combinations of values that were packed after the last ``at``, which may widen the lanes.
        """
        if values.bound >= self._half:
            return False
        shifted = values.total + self._halves
        signs = shifted & self._halves
        return bool(shifted & (signs - (signs >> (self._width - 1))))

    def values(self, variable: int) -> list[int]:
        """The values of a variable, one for each direction."""
        shifted, mask = self._packed[variable] + self._halves, 2 * self._half - 1
        return [((shifted >> (self._width * lane)) & mask) - self._half for lane in range(self._lanes)]

    def append(self, seen: Seen, content: int) -> None:
        """The next variable is relu of what was ``seen``, over ``content``, which divides it."""
        self._packed.append(seen.positive_part // content)
        self._bounds.append(seen.bound // content)

    def _set_width(self, width: int) -> None:
        self._width = width
        self._half = 1 << (width - 1)
        self._halves = self._pack([self._half] * self._lanes)

    def _pack(self, values: list[int]) -> int:
        return sum(value << (self._width * lane) for lane, value in enumerate(values))

    def _widen(self, bound: int) -> None:
        """Lanes for values up to ``bound``, and room for more."""
        unpacked = list(map(self.values, range(len(self._packed))))
        self._set_width(2 * max(bound.bit_length(), self._width))
        self._packed = list(map(self._pack, unpacked))
