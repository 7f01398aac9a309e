"""Running times beside counts: the derived programs in this interpreter, and this package's own exact calls.

Calls are timed in turn, round by round, in processor time; the least of each counts.  Both sides of a ratio are the
same kind of work: straight-line programs step by step on floats, or exact integers and rationals.  The evaluation of
the exact side is timed at a generic point: at the origin of a net without biases it skips rows of zeros, and a ratio
to that would say nothing of a derivative.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from subgrad_hardness.api.check import check
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


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredRow:
    """One call: what was timed and by whom, seconds, and how many evaluations of the same kind that is."""

    method: str
    engine: str
    seconds: float
    ratio: float
    note: str = ""


def measured_program(
    program: StraightLine, point: Sequence[Value], wrt: Sequence[int], repeat: int, limits: Limits
) -> list[MeasuredRow]:
    """The evaluation and both backward programs, step by step on floats.  Raises PointError, LimitReached."""
    floats = [float(entry) for entry in point]
    plain = program.plain
    derived = [backward(program, form, at=None if form == "textbook" else point, wrt=wrt).plain for form in FORMS]
    calls = [partial(line.values, floats) for line in (plain, *derived)]
    seconds = _least(calls, repeat, limits)
    names = ["evaluation", *(f"backward, {form}" for form in FORMS)]
    return [_row(name, "straight line", each, seconds[0]) for name, each in zip(names, seconds, strict=True)]


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
    seconds = _least(calls, repeat, limits)
    rows = [
        _row("evaluation", "exact", seconds[0], seconds[0], "at a generic point"),
        _row("backward sweep", "exact", seconds[1], seconds[0], "of the localised net"),
        _row("locking", "exact", seconds[2], seconds[0], "localised, one random direction, one sweep"),
    ]
    if decide:
        taken, verdict = _decided(net, limits)
        rows.append(_row("two-clarke", "exact", taken, seconds[0], f"NP-hard; here: {verdict}"))
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


def _row(method: str, engine: str, seconds: float, evaluation: float, note: str = "") -> MeasuredRow:
    return MeasuredRow(method=method, engine=engine, seconds=seconds, ratio=seconds / evaluation, note=note)


def _least(calls: Sequence[Callable[[], object]], repeat: int, limits: Limits) -> list[float]:
    """The least processor time of each call, in turn; short calls are made often enough to be seen by the clock."""
    often = []
    for call in calls:
        start = time.process_time()
        call()
        taken = max(time.process_time() - start, 1e-6)
        often.append(max(1, min(200, int(0.005 / taken))))
    least = [float("inf")] * len(calls)
    for _ in range(repeat):
        for number, (call, times) in enumerate(zip(calls, often, strict=True)):
            limits.check()
            start = time.process_time()
            for _ in range(times):
                call()
            least[number] = min(least[number], (time.process_time() - start) / times)
    return [max(each, 1e-9) for each in least]
