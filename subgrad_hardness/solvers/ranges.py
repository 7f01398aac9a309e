"""Exact bounds of the kinks' preactivations over the box |d_j| <= 1, for big-M encodings.

Interval arithmetic alone grows by a factor with every level of a min/max tree.  The relu rule keeps
such trees tight: on every direction

    L + c relu(z) = max(L, L + c z)   (c > 0),
                  = min(L, L + c z)   (c < 0),

so that an upper bound of L + c relu(z) is the larger (smaller) of the bounds of two forms with one
kink less.  The forms are memoised; a budget ends the recursion in interval arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm

# Terms of the forms expanded by the relu rule: for one bound, and for all of a net.
_TERMS = 4_000
_ALL_TERMS = 400_000

_Key = tuple[tuple[int, int], ...]


class Range(NamedTuple):
    """Integers with low <= z(d) <= high for every d in the box."""

    low: int
    high: int


def preactivation_ranges(normal: NormalForm, limits: Limits) -> tuple[Range, ...]:
    """A valid range of every atom's form over |d_j| <= 1, not always the least.

    By homogeneity the range over |d_j| <= B is B times as wide.  Expands at most 4,000 terms a bound
    and 400,000 in all, else one pass over the net.  Raises LimitReached.
    """
    bounds = _Bounds(normal)
    for atom in normal.atoms:
        limits.check()
        opposite = {variable: -coefficient for variable, coefficient in atom.items()}
        bounds.ranges.append(Range(-bounds.upper(opposite), bounds.upper(atom)))
    return tuple(bounds.ranges)


def without_closed(normal: NormalForm, ranges: Sequence[Range]) -> NormalForm:
    """The same net with the kinks that are never positive replaced by 0; atoms keep their numbers.

    Their rows may hold coefficients of a size that nothing else in the net has.
    """
    closed = {normal.inputs + atom for atom, bounds in enumerate(ranges) if bounds.high <= 0}

    def rest(form: Form) -> Form:
        return {variable: coefficient for variable, coefficient in form.items() if variable not in closed}

    return NormalForm(normal.inputs, tuple(map(rest, normal.atoms)), tuple(map(rest, normal.outputs)))


@dataclass(slots=True)
class _Bounds:
    """Upper bounds of forms over the inputs and the atoms whose ``ranges`` are known."""

    normal: NormalForm
    ranges: list[Range] = field(default_factory=list)
    _known: dict[_Key, int] = field(default_factory=dict)
    _left: int = _ALL_TERMS

    def upper(self, form: Form) -> int:
        """An integer that ``form`` never exceeds on the box."""
        root = tuple(sorted(form.items()))
        budget = min(_TERMS, self._left)
        self._left -= budget
        stack = [root]  # explicit: nets may have more kinks than Python has frames
        while stack:
            key = stack[-1]
            if key in self._known:
                stack.pop()
                continue
            if not key or key[-1][0] < self.normal.inputs:
                self._known[key] = self._interval(key)
                continue
            without, passed = self._children(key)
            missing = [child for child in (without, passed) if child not in self._known]
            if missing and budget > 0:
                budget -= len(key)
                stack.extend(missing)
            elif missing:
                self._known[key] = self._interval(key)
            else:
                rule = max if key[-1][1] > 0 else min
                self._known[key] = min(self._interval(key), rule(self._known[without], self._known[passed]))
        self._left += budget
        return self._known[root]

    def _children(self, key: _Key) -> tuple[_Key, _Key]:
        """L and L + c z for the form L + c relu(z), z the last atom."""
        last, coefficient = key[-1]
        passed = dict(key[:-1])
        add(passed, self.normal.atoms[last - self.normal.inputs], coefficient)
        return key[:-1], tuple(sorted(passed.items()))

    def _interval(self, key: _Key) -> int:
        """Interval arithmetic: inputs lie in [-1, 1], the value of atom k in [0, max(high, 0)]."""
        inputs, total = self.normal.inputs, 0
        for variable, coefficient in key:
            if variable < inputs:
                total += abs(coefficient)
            elif coefficient > 0:
                total += coefficient * max(self.ranges[variable - inputs].high, 0)
        return total
