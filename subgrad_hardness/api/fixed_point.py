"""``fixed_point``: the limit of an iteration, exactly."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.iterating import IterationJob, answer_iteration, gap_json, gap_of
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_kinks, show_number, show_vector
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.fixed_point import solve
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.solvability import solvable
from subgrad_hardness.iterative.state_system import state_system
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.processes.channels import Channels


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class FixedPoint(Readable):
    """xbar with F(xbar, theta) = xbar, exactly.

    Attributes
    ----------
    theta, state : theta and xbar, rationals.
    kinks : the relus of F that stand at 0 there, by name.
    gap : the least nonzero absolute value of a preactivation, and its relu's name; None without such a relu.
    pattern : -1, 0 or 1 for every relu of F in its order: the sign of its preactivation.
    localisation : F seen from (xbar, theta): ``net`` is F'((xbar, theta); .).
    isolated : whether I - A is invertible for the slopes with which xbar was found; if not, xbar is one of a family,
        whose free coordinates are those of the iterates, rounded.
    solvable : why y = F'((xbar, theta); (y, d)) has one solution for every d, so that xbar is the only fixed point near
        and moves continuously with theta: ``determinants``, ``norm`` (F' contracts), or None: no proof was found.
    reached : whether the iterates in doubles from the start come near xbar; an observation.
    steps, pivots : such iterates, and slopes that exact pivoting had to change one by one.
    """

    theta: tuple[Fraction, ...]
    state: tuple[Fraction, ...]
    kinks: tuple[str, ...]
    gap: tuple[Fraction, str] | None
    pattern: tuple[int, ...]
    localisation: Localisation
    isolated: bool
    solvable: str | None
    reached: bool
    steps: int
    pivots: int
    seconds: float = 0.0

    def __repr__(self) -> str:
        parts = [f"xbar {show_vector(self.state)}", count(len(self.kinks), "kink")]
        if self.gap is not None:
            parts.append(f"gap {format_rational(self.gap[0])} at {self.gap[1]}")
        parts.append(f"solvable by {self.solvable}" if self.solvable else "unique solvability not proved")
        if not self.isolated:
            parts.append("one of a family")
        return f"<FixedPoint: {', '.join(parts)}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [
            f"F(xbar, theta) = xbar for xbar = {show_vector(self.state)}, theta = {show_vector(self.theta)}",
            f"  there F has {show_kinks(self.kinks)}",
        ]
        if self.gap is not None:
            lines.append(f"  nearest other kink: {self.gap[1]}, preactivation {show_number(self.gap[0])} from 0")
        if self.solvable:
            lines.append(f"  the linearised equation has one solution: proved by {self.solvable}")
        else:
            lines.append("  that the linearised equation has one solution was not proved")
        if not self.isolated:
            lines.append("  it is one of a family of fixed points")
        near = "come" if self.reached else "do not come"
        return [*lines, f"  the iterates in doubles from the start {near} near it ({count(self.steps, 'step')})"]

    def to_json(self) -> dict[str, Any]:
        """A JSON object; numbers are exact, in strings."""
        return {
            "version": 1,
            "theta": vector_json(self.theta),
            "state": vector_json(self.state),
            "kinks": list(self.kinks),
            "gap": gap_json(self.gap),
            "pattern": list(self.pattern),
            "isolated": self.isolated,
            "solvable": self.solvable,
            "reached": self.reached,
            "steps": self.steps,
            "pivots": self.pivots,
            "seconds": round(self.seconds, 6),
        }


def fixed_point(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    start: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> FixedPoint:
    """The limit xbar = F(xbar, theta) of an iteration, exactly.

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    start : sequence of p numbers, optional
        Replaces its x_0.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    FixedPoint

    Raises
    ------
    NetError, PointError
        The iteration, theta or the start cannot be read or do not fit; the iterates diverge; no fixed point was found;
        F has smooth operations, and no rational fixed point was found (``fixed_point_box`` bounds irrational ones).
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before a fixed point was known.

    Notes
    -----
    Iterates in doubles propose which relus pass; the linear equation of these is solved over the rationals, and its
    solution counts once F(xbar, theta) = xbar holds exactly.  Signs that are wrong are corrected, all at once and, if
    that goes in circles, one at a time.  A step is linear in the nonzeros, the solution cubic in the states that move.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; z = 1/2 x + t - 1; f = relu z; outputs f")
    >>> iteration = sh.Iteration(program, ["x"], theta=["4/3"])
    >>> sh.fixed_point(iteration)
    <FixedPoint: xbar (2/3), 0 kinks, gap 2/3 at f, solvable by determinants>
    >>> sh.fixed_point(iteration, [1]).kinks
    ('f',)
    """
    job: IterationJob[FixedPoint] = partial(fixed_point_within, start=start)
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def fixed_point_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[FixedPoint],
    *,
    start: Sequence[NumberLike] | None,
) -> FixedPoint:
    """``fixed_point`` in this process."""
    begun = time.monotonic()
    if start is not None:
        iteration = iteration.at(start=start)
    found = solve(iteration, limits)
    known: dict[str, Any] = {
        "theta": iteration.theta,
        "state": found.state,
        "kinks": found.kinks(iteration),
        "gap": gap_of(iteration, found.localisation),
        "pattern": found.pattern(iteration),
        "localisation": found.localisation,
        "isolated": found.isolated,
        "reached": found.reached,
        "steps": found.steps,
        "pivots": found.pivots,
    }
    channels.result(FixedPoint(solvable=None, seconds=time.monotonic() - begun, **known))
    proof = solvable(state_system(iteration, found.localisation.net), limits) if found.isolated else None
    solved = None if proof is None else proof.by
    return FixedPoint(solvable=solved, seconds=time.monotonic() - begun, **known)
