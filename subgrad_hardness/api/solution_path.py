"""``solution_path``: the limit of an iteration along a segment of parameters, with all its kinks."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED
from subgrad_hardness.api.iterating import IterationJob, answer_iteration, fixed_state, require_parameters
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_names, show_number, show_vector
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.solution_path import Unsolved, stretches
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels


@dataclass(frozen=True, kw_only=True, slots=True)
class Breakpoint:
    """A kink on the path: at ``t``, where theta and the limit are these, the derivatives in t on both sides differ."""

    t: Fraction
    theta: Vector
    state: Vector
    left: Vector
    right: Vector

    def to_json(self) -> dict[str, Any]:
        """An object of reports."""
        return {
            "t": format_rational(self.t),
            "theta": vector_json(self.theta),
            "state": vector_json(self.state),
            "left": vector_json(self.left),
            "right": vector_json(self.right),
        }


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SolutionPath(Readable):
    """The limit at theta0 + t (theta1 - theta0), 0 <= t <= 1: affine between breakpoints.

    Attributes
    ----------
    names, parameters : of the state, of theta.
    theta0, theta1 : where it begins and ends.
    states, slopes : the limit where each affine piece begins, and its derivative in t on the piece; the first begins at
        t = 0, the others at the breakpoints.
    breakpoints : the kinks with 0 < t < 1, in their order.
    kink_at_start : whether the derivative on the other side of t = 0 is another; None where it was not found.
    known_until : t up to which the path is known; 1 unless something stopped it.
    why : what stopped it.
    seconds : the time it took.
    """

    names: tuple[str, ...]
    parameters: tuple[str, ...]
    theta0: Vector
    theta1: Vector
    states: tuple[Vector, ...] = ()
    slopes: tuple[Vector, ...] = ()
    breakpoints: tuple[Breakpoint, ...] = ()
    kink_at_start: bool | None = None
    known_until: Fraction = Fraction(0)
    why: str | None = None
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether all of the path is known."""
        return self.known_until == 1

    @property
    def nearest(self) -> Fraction | None:
        """The t of the kink nearest to theta0: 0 if it is one itself; None where no kink was met."""
        if self.kink_at_start:
            return Fraction(0)
        return self.breakpoints[0].t if self.breakpoints else None

    def at(self, t: NumberLike) -> Vector:
        """The limit at t.  Raises PointError for a t outside what is known."""
        (value,) = exact_vector([t], 1, "t")
        if not 0 <= value <= self.known_until or not self.states:
            raise PointError(f"{format_rational(value)} is outside 0..{format_rational(self.known_until)}", place="t")
        starts = [Fraction(0), *[point.t for point in self.breakpoints]]
        piece = max(index for index, start in enumerate(starts) if start <= value)
        moved = value - starts[piece]
        return tuple([x + moved * y for x, y in zip(self.states[piece], self.slopes[piece], strict=True)])

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [f"{show_names(self.names)} from theta = {show_vector(self.theta0)} to {show_vector(self.theta1)}"]
        if self.states:
            lines.append(f"  t = 0: limit {show_vector(self.states[0])}, derivative in t {show_vector(self.slopes[0])}")
        if self.kink_at_start:
            lines.append("  theta itself is a kink: the derivative before it is another")
        for point in self.breakpoints:
            where = f"kink at t = {show_number(point.t)}, theta = {show_vector(point.theta)}"
            lines.append(f"  {where}: limit {show_vector(point.state)}")
            lines.append(
                f"    derivative in t before it {show_vector(point.left)}, after it {show_vector(point.right)}"
            )
        if self.complete:
            kinks = count(len(self.breakpoints), "kink")
            lines.append(f"  {kinks} within; at the end the limit is {show_vector(self.at(1))}")
        else:
            lines.append(f"  known until t = {show_number(self.known_until)}: {self.why}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``path --json`` prints."""
        return {
            "version": 1,
            "state": list(self.names),
            "parameters": list(self.parameters),
            "theta0": vector_json(self.theta0),
            "theta1": vector_json(self.theta1),
            "start": vector_json(self.states[0]) if self.states else None,
            "slope": vector_json(self.slopes[0]) if self.slopes else None,
            "breakpoints": [point.to_json() for point in self.breakpoints],
            "kink_at_start": self.kink_at_start,
            "nearest": None if self.nearest is None else format_rational(self.nearest),
            "known_until": format_rational(self.known_until),
            "complete": self.complete,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }

    def to_csv(self) -> str:
        """The kinks as a table of exact numbers, a line each: t, theta, the limit, its derivatives before and after."""
        columns = ["t", *self.parameters, *self.names]
        columns += [f"{side}.{name}" for side in ("left", "right") for name in self.names]
        lines = [columns]
        for point in self.breakpoints:
            values = [point.t, *point.theta, *point.state, *point.left, *point.right]
            lines.append([format_rational(value) for value in values])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        return text.getvalue()


def solution_path(
    iteration: IterationLike,
    theta0: Sequence[NumberLike] | None,
    theta1: Sequence[NumberLike],
    *,
    fixed_point: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> SolutionPath:
    """The limit of an iteration from theta0 to theta1, exactly: all kinks on the way, with both one-sided derivatives.

    Parameters
    ----------
    iteration : path, ``"-"`` (standard input), parsed mapping, Iteration or an algorithm of ``sh.iterations``
    theta0 : sequence of m numbers, or None for the iteration's own theta
    theta1 : sequence of m numbers
    fixed_point : sequence of p numbers, optional
        The limit at theta0, which is checked; by default it is found from the iteration's start.
    time_limit, memory_limit : number of seconds, bytes, optional
        For everything; a limit ends in the part of the path that is known.

    Returns
    -------
    SolutionPath
        ``nearest`` is the distance of theta0 to the nearest kink in this direction, in units of theta1 - theta0.

    Raises
    ------
    NetError, PointError
        Bad input, no fixed point at theta0.
    ParameterError
        An iteration without parameters, a bad option.
    LimitReached
        A limit was hit before the iteration was read.

    Notes
    -----
    A homotopy: F is affine along the path until a relu turns, there the next direction is solved for, exactly.  Each
    piece is a branch of fixed points whatever F is; where F contracts it is the limit.  ``lasso_path`` and
    ``total_variation_path`` are for large problems of these two kinds.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 2, "1/2")
    >>> path = sh.solution_path(it, [4], [0])
    >>> [(kink.theta, kink.state, kink.t) for kink in path.breakpoints][1]
    ((Fraction(1, 1),), (Fraction(2, 1), Fraction(0, 1)), Fraction(3, 4))
    """
    job: IterationJob[SolutionPath] = partial(_path_within, theta1=theta1, fixed_point=fixed_point)
    return answer_iteration(job, iteration, theta0, time_limit, memory_limit)


def _path_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[SolutionPath],
    *,
    theta1: Sequence[NumberLike],
    fixed_point: Sequence[NumberLike] | None,
) -> SolutionPath:
    """``solution_path`` in this process."""
    begun = time.monotonic()
    require_parameters(iteration)
    to = exact_vector(theta1, len(iteration.parameters), "theta1")
    theta = iteration.theta
    direction = tuple([b - a for a, b in zip(theta, to, strict=True)])
    result = SolutionPath(names=iteration.state, parameters=iteration.parameters, theta0=theta, theta1=to, why=STOPPED)
    state = fixed_state(iteration, fixed_point, limits)
    channels.result(result)
    why: str | None = None
    try:
        opposite = DirectionalDerivatives(iteration, state).along([-entry for entry in direction], limits)
        for piece in stretches(iteration, state, to, limits):
            if not result.slopes:
                bends = None if opposite is None else tuple([-entry for entry in opposite]) != piece.slope
                result = replace(result, states=(piece.state,), slopes=(piece.slope,), kink_at_start=bends)
            elif piece.slope != result.slopes[-1]:
                where = tuple([a + piece.start * d for a, d in zip(theta, direction, strict=True)])
                found = Breakpoint(
                    t=piece.start, theta=where, state=piece.state, left=result.slopes[-1], right=piece.slope
                )
                result = replace(
                    result,
                    states=(*result.states, piece.state),
                    slopes=(*result.slopes, piece.slope),
                    breakpoints=(*result.breakpoints, found),
                )
            result = replace(result, known_until=piece.end, seconds=time.monotonic() - begun)
            channels.result(result)
    except Unsolved as problem:
        why = f"no direction was found in which the limit goes on at t = {format_rational(problem.at)}"
    except LimitReached:
        why = STOPPED
    return replace(result, why=why, seconds=time.monotonic() - begun)
