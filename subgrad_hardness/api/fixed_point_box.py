"""``fixed_point_box``: bounds of the limit of an iteration whose limits are irrational."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.iterating import IterationJob, answer_iteration
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_kinks, show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.enclosure import enclosure
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.newton import proposal
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.processes.channels import Channels


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class FixedPointBox(Readable):
    """Rationals between which one fixed point xbar of F(., theta) lies.

    Attributes
    ----------
    theta : m rationals.
    low, high : p rationals each, low <= xbar <= high.
    centre, alone : F(., theta) has no other fixed point with all entries within ``alone`` of ``centre``.
    rate : iterates that begin there converge to xbar, each step by this factor in some norm; None: not proved.
    kinks : the relus of F that may stand at 0 at xbar, by name; without one xbar is continuously differentiable.
    jacobian : two matrices, p x m, between which xbar'(theta) lies; None with kinks, or without a proof.
    reached : whether iterates from the start, rounded, come near xbar; an observation.
    steps : such iterates.
    """

    theta: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    centre: tuple[Fraction, ...]
    alone: Fraction
    rate: Fraction | None
    kinks: tuple[str, ...]
    jacobian: tuple[Matrix, Matrix] | None
    reached: bool
    steps: int
    seconds: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether the two ends are one, xbar itself."""
        return self.low == self.high

    @property
    def _width(self) -> Fraction:
        return max(high - low for low, high in zip(self.low, self.high, strict=True))

    def __repr__(self) -> str:
        rate = "rate not proved" if self.rate is None else f"rate {show_number(self.rate)}"
        kinks = count(len(self.kinks), "possible kink")
        return f"<FixedPointBox: {show_vector(self.low)}, width {show_number(self._width)}, {rate}, {kinks}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [
            f"one fixed point xbar of F(., theta) lies between two vectors, theta = {show_vector(self.theta)}",
            f"  low   {show_vector(self.low)}",
            f"  high  {show_vector(self.high)}, at most {show_number(self._width)} from it",
            f"  no other one is within {show_number(self.alone)} of {show_vector(self.centre)}",
            "  that iterates converge to it was not proved"
            if self.rate is None
            else f"  iterates from there converge to it, at a rate of {show_number(self.rate)} or better",
            f"  there F may have {show_kinks(self.kinks)}",
        ]
        if self.jacobian is not None:
            lines.append("  its derivative in theta lies between")
            lines += [f"    {show_matrix(matrix)}" for matrix in self.jacobian]
        near = "come" if self.reached else "do not come"
        return [*lines, f"  the iterates from the start, rounded, {near} near it ({count(self.steps, 'step')})"]

    def to_json(self) -> dict[str, Any]:
        """A JSON object; numbers are exact, in strings; null = not known."""
        return {
            "version": 1,
            "theta": vector_json(self.theta),
            "low": vector_json(self.low),
            "high": vector_json(self.high),
            "centre": vector_json(self.centre),
            "alone": format_rational(self.alone),
            "rate": None if self.rate is None else format_rational(self.rate),
            "kinks": list(self.kinks),
            "jacobian": None if self.jacobian is None else [matrix_json(each) for each in self.jacobian],
            "reached": self.reached,
            "steps": self.steps,
            "seconds": round(self.seconds, 6),
        }


def fixed_point_box(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    start: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> FixedPointBox:
    """Proved bounds of a fixed point of an F with smooth operations, and of its derivative in theta.

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
    FixedPointBox

    Raises
    ------
    NetError, PointError
        The iteration, theta or the start cannot be read or do not fit; an iterate is at a pole; the iterates diverge;
        nothing could be proved.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before bounds were known.

    Notes
    -----
    Rounded iterates, then Newton's steps, propose a point; Banach's theorem proves that there is one fixed point near
    it: for F itself where F contracts there in some norm, and else for Newton's operator.  Lipschitz constants come
    from intervals with integer ends (docs/iterations-kinks.md).  Piecewise linear F have ``fixed_point``.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; d = div t x; f = 1/2 x + 1/2 d; outputs f")
    >>> found = sh.fixed_point_box(sh.Iteration(program, ["x"], start=[1], theta=[2]))
    >>> found.low[0] ** 2 < 2 < found.high[0] ** 2, found.rate < 0.4, found.kinks
    (True, True, ())
    >>> f"{float(found.jacobian[0][0][0]):.12f}"
    '0.353553390593'
    """
    job: IterationJob[FixedPointBox] = partial(fixed_point_box_within, start=start)
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def fixed_point_box_within(
    iteration: Iteration,
    limits: Limits,
    _: Channels[FixedPointBox],
    *,
    start: Sequence[NumberLike] | None,
) -> FixedPointBox:
    """``fixed_point_box`` in this process."""
    begun = time.monotonic()
    if start is not None:
        iteration = iteration.at(start=start)
    near = proposal(iteration, limits)
    found = enclosure(iteration, near.state, limits)
    if found is None:
        raise PointError(f"nothing is proved about a fixed point near {show_vector(near.state)}", place="start")
    program = iteration.program
    kinks = [program.unit_name(program.rewritten.units[index]) for index in found.undecided]
    return FixedPointBox(
        theta=iteration.theta,
        low=found.low,
        high=found.high,
        centre=found.centre,
        alone=found.alone,
        rate=found.rate,
        kinks=tuple(dict.fromkeys(kinks)),
        jacobian=found.jacobian if iteration.parameters else None,
        reached=near.reached,
        steps=near.steps,
        seconds=time.monotonic() - begun,
    )
