"""Upper bounds of a functional on Jacobians where some kinks are decided, many cases at once.

A kink's derivative in a direction is that of its preactivation where it passes, 0 where it is blocked, and between
these where it is undecided; forms turn intervals into intervals.  Where kinks rest on kinks, lines instead of intervals
often bound more tightly.  ``certificate.chords`` states both rules, by which leaves of trees are checked.

Batches run in binary64.  Everything is scaled by powers of two to sizes below 1.  Where all sums stay below 2^51 before
that, nothing is rounded by intervals; else the distance between a rounded bound and the exact one is at most
``margin``: a sum of n products with rounded coefficients is off by at most (n + 8) 2^-51 of the sum of their sizes,
which is below 1; intervals pass errors on as they are, and the scaled coefficients of a sum, whose variables are
bounded by numbers from 1/2 to 1, are at most 2 together.  What is closer to the limit than the margin is evaluated
again in integers.

Any line with a slope s in [0, 1] and the constant max((1 - s) h, -s l) is above max(z, 0) on [l, h], so a rounded slope
does no harm.  In each of the levels the coefficients are at most 2 together, so that the errors of the constants add up
to twice those of the ends of the intervals, and one rounding; and the sizes of all terms are at most 1 together.  The
rest is n products a coefficient as before.  All that is *added* to bounds by lines, which are upper bounds as they
stand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.certificate.chords import most
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.normal_form.flatten import FlatNet

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Bounds have tables of kinks times kinks, so that none are made of more.
MOST_KINKS = 2000

#: Signs of kinks: what passes, what is blocked, what is undecided.
PASSES, BLOCKED, UNDECIDED = 1, 0, -1
# Integers below this are their own binary64 values, and so are their halves.
_EXACT_BITS = 51
# The number of what is known, among those of kinks.
_ONE = -1


class Signs(NamedTuple):
    """One case: the sign of each kink, and its interval in each direction (directions x 1 x kinks, low and high)."""

    signs: NDArray[Any]
    low: NDArray[Any]
    high: NDArray[Any]
    top: float


class IntervalBounds:
    """The bounds of one functional.

    Attributes
    ----------
    columns : the kinks that outputs in question rest on, each after those that it rests on itself; all arrays of this
        class have them in this order.
    forms, before : of each column the coefficients of the columns that its kink rests on, and these columns.
    denominator : values of the functional are integers over this.
    by_lines : whether there are kinks that rest on kinks.
    """

    def __init__(self, flat: FlatNet, scales: Sequence[Fraction], functional: Matrix) -> None:
        import numpy as np  # heavy, and loaded where a search begins

        common = math.lcm(*(entry.denominator for row in functional for entry in row))
        parts = [
            (form, scale / common, tuple([int(entry * common) for entry in row]))
            for form, scale, row in zip(flat.outputs, scales, functional, strict=True)
            if any(row)
        ]
        self.denominator = math.lcm(*(factor.denominator for _, factor, _ in parts))
        size = flat.inputs
        self._directions = [row for _, _, row in parts]
        levels = _levels(flat, [form for form, _, _ in parts])
        self.columns = sorted(levels, key=lambda kink: (levels[kink], kink))
        places = {kink: place for place, kink in enumerate(self.columns)}
        self.forms = [_placed(flat.kinks[kink], size, places) for kink in self.columns]
        self.before = [tuple(sorted(place for place in form if place >= 0)) for form in self.forms]
        self._starts = [
            next(place for place, kink in enumerate(self.columns) if levels[kink] == level)
            for level in sorted(set(levels.values()))
        ]
        self.by_lines = len(self._starts) > 1
        self._bases = [[_base(flat.kinks[kink], row) for kink in self.columns] for row in self._directions]
        self._outputs = [
            (
                int(factor * self.denominator) * _base(form, row),
                {place: int(factor * self.denominator) * gain for place, gain in _placed(form, size, places).items()},
            )
            for form, factor, row in parts
        ]
        self._scale(np)

    def _scale(self, np: Any) -> None:
        """The same in floats below 1."""
        count, width = len(self.columns), len(self._directions)
        sizes: list[int] = []  # bounds of all partial sums
        for place, form in enumerate(self.forms):
            own = max([abs(bases[place]) for bases in self._bases])
            sizes.append(own + sum([abs(gain) * sizes[other] for other, gain in form.items()]))
        self._largest = sum(
            [
                abs(base) + sum([abs(gain) * sizes[place] for place, gain in form.items()])
                for base, form in self._outputs
            ]
        )
        bits = [number.bit_length() for number in sizes]
        self._bits = self._largest.bit_length()
        exact = max([self._bits, *bits]) <= _EXACT_BITS
        terms = [max([len(form) for form in self.forms[start:end]]) for start, end in self._spans()]
        terms.append(sum([len(form) + 1 for _, form in self._outputs]))
        self.margin, self._added = 0.0, 0.0
        for number in terms:
            self._added += 2 * self.margin + math.ldexp((len(terms) + 1) * (number + 16), -50)
            if not exact:
                self.margin = 2 * self.margin + math.ldexp(number + 8, -51)
        own_bases = [[_scaled(bases[place], -bits[place]) for place in range(count)] for bases in self._bases]
        self._base: NDArray[Any] = np.array(own_bases).reshape(width, 1, count)
        gains = np.zeros((count, count))
        for place, form in enumerate(self.forms):
            for other, gain in form.items():
                if sizes[other]:
                    gains[other, place] = _scaled(gain, bits[other] - bits[place])
        self._gains, self._sizes = gains / 2, np.abs(gains) / 2  # of sums, and of differences, of ends
        self._back = np.ascontiguousarray(gains.T)
        heads = np.zeros((width, count, 1))
        for number, (_, form) in enumerate(self._outputs):
            for other, gain in form.items():
                if sizes[other]:
                    heads[number, other, 0] = _scaled(gain, bits[other] - self._bits)
        self._heads = heads[:, :, 0][:, np.newaxis]
        self._head_up, self._head_down = np.maximum(heads, 0), np.minimum(heads, 0)
        self._head_base = sum([_scaled(base, -self._bits) for base, _ in self._outputs], 0.0)

    def _spans(self) -> list[tuple[int, int]]:
        return list(pairwise([*self._starts, len(self.columns)]))

    def limit(self, bound: Fraction) -> int:
        """The greatest value, times the denominator, that is at most ``bound``."""
        return math.floor(bound * self.denominator)

    def rounded(self, limit: int) -> float:
        """A limit as the floats here have it."""
        if abs(limit) > self._largest:
            return math.inf if limit > 0 else -math.inf
        return _scaled(limit, -self._bits)

    def value(self, top: float) -> Fraction:
        """The greatest number that values may be, and that is not above what ``top`` is the rounded bound of."""
        return Fraction(math.floor(Fraction(top + self.margin) * 2**self._bits), self.denominator)

    def case(self, signs: NDArray[Any]) -> Signs:
        """The intervals of one case."""
        low, high = self._intervals(signs[None, :], None, 0)
        return Signs(signs, low, high, float(self._tops(signs[None, :], low, high)[0]))

    def probed(self, case: Signs, places: Sequence[int]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The rounded bounds if the undecided kinks in these columns, one at a time, pass; and if they are blocked."""
        import numpy as np

        count = len(places)
        signs = np.repeat(case.signs[None, :], 2 * count, axis=0)
        signs[np.arange(count), places] = PASSES
        signs[count + np.arange(count), places] = BLOCKED
        tops = self._tops(signs, *self._intervals(signs, case, min(places)))
        return tops[:count], tops[count:]

    def _intervals(self, signs: NDArray[Any], like: Signs | None, first: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Low and high ends; in the levels before that of column ``first`` as in the case ``like``."""
        import numpy as np

        shape = (len(self._directions), *signs.shape)
        low, high = np.empty(shape), np.empty(shape)
        for start, end in self._spans():
            if like is not None and end <= first:
                low[:, :, start:end], high[:, :, start:end] = like.low[:, :, start:end], like.high[:, :, start:end]
                continue
            own = signs[:, start:end]
            middle: NDArray[Any] = self._base[:, :, start:end]
            least = most = middle
            if start:
                inner, outer = low[:, :, :start], high[:, :, :start]
                middle = middle + (inner + outer) @ self._gains[:start, start:end]
                radius = (outer - inner) @ self._sizes[:start, start:end]
                least, most = middle - radius, middle + radius
            passes, counts = own == PASSES, own != BLOCKED
            low[:, :, start:end] = np.where(passes, least, np.minimum(least, 0)) * counts
            high[:, :, start:end] = np.where(passes, most, np.maximum(most, 0)) * counts
        return low, high

    def _tops(self, signs: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> NDArray[Any]:
        import numpy as np

        found: NDArray[Any] = self._head_base + (high @ self._head_up + low @ self._head_down)[:, :, 0].sum(axis=0)
        return np.minimum(found, self._by_lines(signs, low, high) + self._added) if self.by_lines else found

    def _by_lines(self, signs: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> NDArray[Any]:
        """Each kink, the last ones first, replaced by a line over those that it rests on; of the first level, whose
        lines are points, by an end of its interval."""
        import numpy as np

        total: NDArray[Any] = np.full(len(signs), self._head_base)
        factors: NDArray[Any] = self._heads
        for start, end in reversed(self._spans()):
            own, down, up = factors[:, :, start:end], low[:, :, start:end], high[:, :, start:end]
            rising, falling = np.maximum(own, 0), np.minimum(own, 0)
            if not start:
                total += (rising * up + falling * down).sum(axis=(0, 2))
                break
            sign, width = signs[:, start:end], up - down
            slope = np.divide(up, width, out=np.zeros_like(up), where=width > 0)
            constant = np.maximum((1 - slope) * up, -slope * down) * (sign == UNDECIDED)
            total += ((rising - falling) * constant).sum(axis=(0, 2))
            times = rising * slope + falling * (1 - slope)
            times = np.where(sign == UNDECIDED, times, own * (sign == PASSES))
            total += (times * self._base[:, :, start:end]).sum(axis=(0, 2))
            factors = factors[:, :, :start] + times @ self._back[start:end, :start]
        return total

    def costs(self) -> NDArray[Any]:
        """Where no kink rests on another: how far the bound falls if a kink does not pass, column by column, and then
        if it is not blocked.  Exact if the margin is 0, else rounded."""
        import numpy as np

        gains = (self._base[:, 0] * self._heads[:, 0]).sum(axis=0)
        most = np.maximum(self._base[:, 0] * self._heads[:, 0], 0).sum(axis=0)
        return np.concatenate([most, most - gains])

    def exactly(self, signs: Sequence[int]) -> Fraction:
        """The bound, in integers, as the verifier has it."""
        total = Fraction(0)
        for bases, (base, output) in zip(self._bases, self._outputs, strict=True):
            values: list[dict[int, int]] = []  # of each kink over those that are undecided, and _ONE
            forms: dict[int, dict[int, int]] = {}
            for place, (form, own, sign) in enumerate(zip(self.forms, bases, signs, strict=True)):
                whole = {} if sign == BLOCKED else _over(own, form, values)
                if sign == UNDECIDED:
                    forms[place], whole = whole, {place: 1}
                values.append(whole)
            total += most(_over(base, output, values), forms, {_ONE: (1, 1)})
        return total / self.denominator


def _levels(flat: FlatNet, outputs: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """Of each kink that the outputs rest on, the length of the longest chain of kinks that ends in it."""
    size = flat.inputs
    levels: dict[int, int] = {}
    needed = {variable - size for form in outputs for variable in form if variable >= size}
    for kink in reversed(range(len(flat.kinks))):
        if kink in needed:
            needed |= {variable - size for variable in flat.kinks[kink] if variable >= size}
    for kink in sorted(needed):
        inner = [levels[variable - size] for variable in flat.kinks[kink] if variable >= size]
        levels[kink] = 1 + max(inner, default=-1)
    return levels


def _placed(form: Mapping[int, int], size: int, places: Mapping[int, int]) -> dict[int, int]:
    """The kinks of a form by their columns."""
    return {places[variable - size]: gain for variable, gain in form.items() if variable >= size and gain}


def _base(form: Mapping[int, int], direction: Sequence[int]) -> int:
    """What the inputs bring to a form in a direction."""
    return sum([gain * direction[variable] for variable, gain in form.items() if variable < len(direction)])


def _scaled(number: int, shift: int) -> float:
    """number 2^shift, rounded once; ratios that are too small for floats are 0."""
    return float(Fraction(number) * Fraction(2) ** shift)


def _over(base: int, form: Mapping[int, int], values: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """A form where these are put in for its variables."""
    total = {_ONE: base}
    for place, gain in form.items():
        for variable, coefficient in values[place].items():
            total[variable] = total.get(variable, 0) + gain * coefficient
    return total
