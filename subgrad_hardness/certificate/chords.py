"""A bound on the derivative of a node in a direction, whatever slope in [0, 1] each undecided kink has.

By intervals first: an undecided kink whose preactivation has a derivative z in [l, h] gives something from min(z, 0) to
max(z, 0), which lies between min(l, 0) and max(h, 0).  That forgets that the same kinks stand behind many others.  With
l <= 0 <= h and any s in [0, 1] with s <= h / (h - l), however,

    max(z, 0) <= s z + (1 - s) h    and    min(z, 0) >= (1 - s) z - (1 - s) h    for all z in [l, h]:

the first line is at h where z = h and at least 0 where z = l, and the second one is z minus the first.  So each kink,
the last ones first, can be replaced by a line over what it rests on, by the upper one where its coefficient is positive
and by the lower one where it is negative, and what is left at the end is a number that bounds the whole.  Slopes are
rounded down to multiples of 2^-20, so that numbers stay short; each line is close to the chord of max(z, 0) or
min(z, 0).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from subgrad_hardness.certificate.logic import Form

#: Slopes are multiples of 2 to the power of minus this.
_BITS = 20
_ONE = 1 << _BITS

#: Of each variable the interval in which its derivative lies; of inputs, and of whatever else is known, a point.
Ranges = Mapping[int, tuple[int, int]]


def ranges(given: Ranges, forms: Mapping[int, Form]) -> dict[int, tuple[int, int]]:
    """The intervals of undecided kinks beside those that are given.

    ``forms`` are their preactivations over variables that are given and kinks with smaller numbers.
    """
    found = dict(given)
    for kink in sorted(forms):
        low, high = interval(forms[kink], found)
        found[kink] = min(low, 0), max(high, 0)
    return found


def interval(form: Form, intervals: Ranges) -> tuple[int, int]:
    """The interval of a form over variables that lie in these."""
    low = high = 0
    for variable, coefficient in form.items():
        least, most = intervals[variable]
        if coefficient < 0:
            least, most = most, least
        low, high = low + coefficient * least, high + coefficient * most
    return low, high


def most(whole: Form, forms: Mapping[int, Form], given: Ranges) -> Fraction:
    """What the form ``whole`` cannot exceed: the lesser of the bounds by intervals and by lines."""
    intervals = ranges(given, forms)
    found = Fraction(interval(whole, intervals)[1])
    return min(found, _by_lines(whole, forms, intervals)) if forms else found


def _by_lines(whole: Form, forms: Mapping[int, Form], intervals: Ranges) -> Fraction:
    """In integers over a power of two, which has a factor for each kink of the longest chain."""
    depth: dict[int, int] = {}
    for kink in sorted(forms):
        depth[kink] = 1 + max([depth.get(variable, 0) for variable in forms[kink]], default=0)
    bits = _BITS * max(depth.values())
    coefficients = {variable: coefficient << bits for variable, coefficient in whole.items()}
    total = 0
    for kink in sorted(forms, reverse=True):
        coefficient = coefficients.pop(kink, 0) >> _BITS  # a multiple: as many factors are left as kinks are below
        if not coefficient:
            continue
        low, high = intervals[kink]
        slope = (high << _BITS) // (high - low) if high > low else 0
        total += abs(coefficient) * (_ONE - slope) * high
        times = coefficient * (slope if coefficient > 0 else _ONE - slope)
        for variable, gain in forms[kink].items():
            coefficients[variable] = coefficients.get(variable, 0) + times * gain
    for variable, coefficient in coefficients.items():
        total += coefficient * intervals[variable][0]
    return Fraction(total, 1 << bits)
