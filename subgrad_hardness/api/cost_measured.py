"""Running times beside counts: the derived programs in this interpreter, and this package's own exact calls.

Both sides of a ratio are the same kind of work: straight-line programs step by step on floats, or exact integers and
rationals.  The evaluation of the exact side is timed at a generic point: at the origin of a net without biases it skips
rows of zeros, and a ratio to that would say nothing of a derivative.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from subgrad_hardness.api.check import check
from subgrad_hardness.api.cost_timing import medians
from subgrad_hardness.api.pointwise import clarke_subgradient, value
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.lexicographic import branch_locking, lexicographic, random_direction, two_elements
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.table import CostRow, Rows, Timing
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import SMOOTH

#: A decision that takes more seconds is not made again.
_LONG = 3.0
#: Programs of more operations are not run step by step.
_MOST_STEPS = 100_000


class _Run(NamedTuple):
    """A program, the values of its inputs, and how often a method runs it."""

    program: StraightLine
    values: Sequence[Value]
    times: int = 1


def timed_rows(found: Rows, rows: Sequence[CostRow], repeat: int, limits: Limits) -> list[CostRow]:
    """The rows with the seconds of their programs, step by step on floats; those of long programs as they are.

    One direction after another is one of them, times their number.  Raises PointError, LimitReached.
    """
    runs: dict[int, _Run] = {}
    for number, row in enumerate(rows):
        times = len(found.wrt) if row.method == "forward" else 1
        if row.counts is not None and sum(row.counts) <= _MOST_STEPS * times:
            runs[number] = _run_of(found, row, times)
    if 0 not in runs:  # the evaluation
        found.notes.append(f"seconds: programs of more than {_MOST_STEPS} operations are not run")
        return list(rows)
    calls = [partial(_on_floats(run.program).values, [float(entry) for entry in run.values]) for run in runs.values()]
    seconds = dict(zip(runs, medians(calls, repeat, limits), strict=True))
    timed = []
    for number, row in enumerate(rows):
        if number in runs:
            taken = seconds[number] * runs[number].times
            row = replace(row, seconds=taken, ratio_measured=taken / seconds[0])  # noqa: PLW2901
        timed.append(row)
    return timed


def _on_floats(program: StraightLine) -> StraightLine:
    """The counted operations, constants as floats: no rational number takes part."""
    steps = [
        step._replace(parameter=float(step.parameter)) if step.parameter is not None else step
        for step in program.plain.steps
    ]
    return replace(program.plain, steps=tuple(steps))


def _run_of(found: Rows, row: CostRow, times: int) -> _Run:
    """The program that a row counts, at the point and along the directions that it was counted for."""
    line, point, wrt, limits = found.subject.line, found.subject.point, found.wrt, found.limits
    p, form = len(wrt), row.form
    if row.method == "backward":
        at = None if form == "textbook" or found.worst else point
        return _Run(backward(line, form, at=at, wrt=wrt, limits=limits), point)
    if row.method in ("forward", "forward at once", "directions"):
        k = {"forward": 1, "forward at once": p}.get(row.method, found.directions or 1)
        along = random_direction(k * p, found.seed)
        return _Run(forward(line, k, form, wrt=wrt, limits=limits), (*point, *along), times)
    if row.method == "lexicographic":
        settled = lexicographic(line, point, found.lexicographic_directions(), wrt=wrt, limits=limits)
    elif row.method == "locking":
        settled = branch_locking(line, point, [random_direction(p, found.seed)], wrt=wrt, limits=limits)
    elif row.method == "two-da":
        settled = two_elements(line, point, wrt=wrt, limits=limits)
    else:
        return _Run(line, point)
    return _Run(settled.program, settled.values)


def exact_times(net: Program, repeat: int, limits: Limits) -> dict[str, Timing]:
    """This package's exact calls by the rows that they belong to; none on a net that cannot be decided.

    Raises LimitReached.
    """
    if any(unit.operation in SMOOTH for unit in net.form.units()):
        return {}
    stream = Stream(0, "measured")
    generic = [Fraction(stream.integer(1, 1000) * (1 - 2 * stream.below(2))) for _ in net.point]

    def swept() -> object:
        local = localise(net).net
        return backpropagate(local, [0] * len(local.kinks))

    calls: dict[str, tuple[Callable[[], object], str]] = {
        "evaluation": (lambda: value(net, generic), "at a generic point"),
        "backward": (swept, "localised, one sweep an output"),
        "locking": (lambda: clarke_subgradient(net), "localised, one random direction, one sweep an output"),
    }
    seconds = medians([call for call, _ in calls.values()], repeat, limits)
    pairs = zip(calls.items(), seconds, strict=True)
    return {name: Timing(taken, taken / seconds[0], note) for (name, (_, note)), taken in pairs}


def decided_row(net: Program, evaluation: float, limits: Limits) -> CostRow:
    """The decision whether there are two Clarke subgradients, by this package; ``evaluation``: its seconds."""
    taken, verdict = _decided(net, limits)
    note = f"NP-hard; here: {verdict}, by this package, in its exact evaluations"
    return CostRow(
        method="two-clarke", counts=None, cost=None, seconds=taken, ratio_measured=taken / evaluation, note=note
    )


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


def with_times(rows: Sequence[CostRow], engine: str, times: Mapping[str, Timing]) -> list[CostRow]:
    """The rows with somebody's times, each at the last row of its method: the structural one, where it is there."""
    last = {row.method: number for number, row in enumerate(rows)}
    places = {last[method]: timing for method, timing in times.items() if method in last}
    return [
        replace(row, peers={**row.peers, engine: places[number]}) if number in places else row
        for number, row in enumerate(rows)
    ]
