"""Running times beside counts: the derived programs in this interpreter, and this package's own exact calls.

Both sides of a ratio are the
same kind of work: straight-line programs step by step on floats, or exact integers and rationals.  The evaluation of
the exact side is timed at a generic point: at the origin of a net without biases it skips rows of zeros, and a ratio
to that would say nothing of a derivative.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from subgrad_hardness.api.check import check
from subgrad_hardness.api.cost_timing import MeasuredRow, measured_row, medians
from subgrad_hardness.api.pointwise import clarke_subgradient, value
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import FORMS, backward
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import SMOOTH

#: A decision that takes more seconds is not made again.
_LONG = 3.0


def measured_program(
    program: StraightLine, point: Sequence[Value], wrt: Sequence[int], repeat: int, limits: Limits
) -> list[MeasuredRow]:
    """The evaluation and both backward programs, step by step on floats.  Raises PointError, LimitReached."""
    floats = [float(entry) for entry in point]
    plain = program.plain
    derived = [backward(program, form, at=None if form == "textbook" else point, wrt=wrt).plain for form in FORMS]
    calls = [partial(line.values, floats) for line in (plain, *derived)]
    seconds = medians(calls, repeat, limits)
    names = ["evaluation", *(f"backward, {form}" for form in FORMS)]
    return [measured_row(name, "straight line", each, seconds[0]) for name, each in zip(names, seconds, strict=True)]


def measured_net(net: Program, repeat: int, limits: Limits, decide: bool) -> list[MeasuredRow]:
    """This package's exact calls on a net that can be decided; none on another one.  Raises LimitReached."""
    if any(unit.operation in SMOOTH for unit in net.form.units()):
        return []
    stream = Stream(0, "measured")
    generic = [Fraction(stream.integer(1, 1000) * (1 - 2 * stream.below(2))) for _ in net.point]
    local = localise(net).net
    zeros = [0] * len(local.kinks)
    calls: list[Callable[[], object]] = [
        lambda: value(net, generic),
        lambda: backpropagate(local, zeros),
        lambda: clarke_subgradient(net),
    ]
    seconds = medians(calls, repeat, limits)
    rows = [
        measured_row("evaluation", "exact", seconds[0], seconds[0], "at a generic point"),
        measured_row("backward sweep", "exact", seconds[1], seconds[0], "of the localised net"),
        measured_row("locking", "exact", seconds[2], seconds[0], "localised, one random direction, one sweep"),
    ]
    if decide:
        taken, verdict = _decided(net, limits)
        rows.append(measured_row("two-clarke", "exact", taken, seconds[0], f"NP-hard; here: {verdict}"))
    return rows


def _decided(net: Program, limits: Limits) -> tuple[float, str]:
    """Seconds of ``check``, by the wall clock, and its verdict; a short one again, as the first one loads packages."""
    least = math.inf
    for _ in range(2):
        left = None if limits.remaining == math.inf else limits.remaining
        start = time.monotonic()
        verdict = check(net, certify=False, cross_checks=False, time_limit=left).verdict
        least = min(least, time.monotonic() - start)
        if least > _LONG:
            break
    return least, verdict
