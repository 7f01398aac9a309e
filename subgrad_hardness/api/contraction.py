"""``contraction``: does an iteration contract, at which certified rate, and when have its slopes settled?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED
from subgrad_hardness.api.iterating import IterationJob, answer_iteration, fixed_state, gap_json, gap_of
from subgrad_hardness.api.joint_spectral_radius import state_matrices
from subgrad_hardness.api.options import require_choice
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.common.errors import NetError, PointError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.iterative.contraction import contracting, everywhere, identification
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import SENSES
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.region_contraction import box_of, over, whole_space
from subgrad_hardness.iterative.verifying.spectral_format import Norm, SpectralCertificate
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ContractionResult(Readable):
    """Norms in which x <- F(x, theta) contracts.

    Attributes
    ----------
    theta, fixed_point : theta and xbar; of an F with smooth operations None where no rational xbar was found.
    everywhere : the certified rate with which it contracts on the whole space; None: not proved.
    near : the certified rate near xbar: all of J_F(xbar, theta) is at most this in one norm; None: not proved.
    inside : the certified rate over the box that was asked for, in one norm; None: not proved, or none was asked for.
    invariant : whether F was seen to map that box into itself, so that with ``inside`` it has one fixed point there, to
        which all iterates from there converge; None without a box.
    gap : the least nonzero absolute value of a preactivation at xbar, and its relu's name; None without such a relu.
    radius : of the ball around xbar, in the norm of ``near`` (or of ``everywhere`` without that), in which no relu but
        the kinks changes its sign; None: there is no such relu, or no norm.
    identified : K, such that from step K on, from the iteration's start, J_F(x_k, theta) is part of J_F(xbar, theta);
        proved by ``everywhere``, or because the start is in the ball.  None: not proved.
    certificate_everywhere, certificate_near, certificate_inside : for ``verify_spectral_radius``.  Of a smooth F, and
        of a box, its matrices bound the slopes of F by interval arithmetic (``iterative.region_contraction``).
    why : what a limit, or the number of pieces, left open.
    """

    theta: tuple[Fraction, ...]
    fixed_point: tuple[Fraction, ...] | None
    everywhere: Fraction | None = None
    near: Fraction | None = None
    inside: Fraction | None = None
    invariant: bool | None = None
    gap: tuple[Fraction, str] | None = None
    radius: Fraction | None = None
    identified: int | None = None
    certificate_everywhere: SpectralCertificate | None = None
    certificate_near: SpectralCertificate | None = None
    certificate_inside: SpectralCertificate | None = None
    why: str | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        everywhere, near, inside = map(_rate, (self.everywhere, self.near, self.inside))
        steps = "" if self.identified is None else f", identified from step {self.identified} on"
        at = "" if self.fixed_point is None else f" at {show_vector(self.fixed_point)}"
        box = "" if self.invariant is None else f", in the box {inside}"
        return f"<ContractionResult:{at} everywhere {everywhere}, near {near}{box}{steps}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        limit = "irrational, or not found" if self.fixed_point is None else show_vector(self.fixed_point)
        lines = [f"theta = {show_vector(self.theta)}, limit {limit}"]
        where_and_rates = [("on the whole space", self.everywhere), ("near the limit", self.near)]
        if self.invariant is not None:
            into = "which F maps into itself" if self.invariant else "which F was not seen to map into itself"
            where_and_rates.append((f"in the box, {into}", self.inside))
        for where, rate in where_and_rates:
            said = (
                "that it contracts was not proved" if rate is None else f"contracts with the rate {show_number(rate)}"
            )
            lines.append(f"  {where}: {said}")
        if self.gap is not None:
            lines.append(f"  nearest other kink: {self.gap[1]}, preactivation {show_number(self.gap[0])} from 0")
        if self.radius is not None:
            lines.append(
                f"  no other relu changes its sign within {show_number(self.radius)} of the limit, in that norm"
            )
        if self.identified is not None:
            lines.append(f"  relus have their sides from step {self.identified} on (proved)")
        return lines if self.why is None else [*lines, f"  {self.why}"]

    def to_json(self) -> dict[str, Any]:
        """A JSON object; numbers are exact, in strings; null = not known."""

        def plain(value: Fraction | None) -> str | None:
            return None if value is None else format_rational(value)

        return {
            "version": 1,
            "theta": vector_json(self.theta),
            "fixed_point": None if self.fixed_point is None else vector_json(self.fixed_point),
            "everywhere": plain(self.everywhere),
            "near": plain(self.near),
            "inside": plain(self.inside),
            "invariant": self.invariant,
            "gap": gap_json(self.gap),
            "radius": plain(self.radius),
            "identified": self.identified,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


def contraction(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    fixed_point: Sequence[NumberLike] | None = None,
    box: tuple[Sequence[NumberLike], Sequence[NumberLike]] | None = None,
    jacobian: str = "clarke",
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> ContractionResult:
    """Norms in which an iteration contracts, everywhere and near its fixed point, with exact certificates.

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    fixed_point : sequence of p numbers, optional
        xbar, which is checked; without it it is found.
    box : two sequences of p numbers, optional
        Lower and upper bounds of the states of a region, for ``inside``.
    jacobian : str
        The sense of J_F at xbar, as for ``joint_spectral_radius``.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; a limit ends in what is known.

    Returns
    -------
    ContractionResult

    Raises
    ------
    NetError, PointError
        The iteration, theta, the fixed point or the box cannot be read, or do not fit; no fixed point was found of an F
        that is piecewise linear.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the fixed point was known.

    Notes
    -----
    Everywhere: all pieces of F are listed, if it has at most 12 relus and 400 pieces, and a norm is searched for in
    which all are less than 1; a larger F is bounded entry by entry, by the absolute values of its coefficients (the one
    matrix of ``certificate_everywhere`` then).  Near xbar only the pieces that meet there count.  From step K on
    (``identified``) the sets of derivatives along the iterates approach J_pb at the rate ``near``.

    An F with smooth operations, and any F over a box: intervals bound its slopes, F(x) - F(y) = A (x - y), and a norm
    is searched for in which all A between the bounds contract.  Products of states have no bound on the whole space.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; z = 1/2 x + t - 1; f = relu z; outputs f")
    >>> iteration = sh.Iteration(program, ["x"], theta=["5/4"], start=[-8])
    >>> sh.contraction(iteration)
    <ContractionResult: at (1/2) everywhere 1/2, near 1/2, identified from step 4 on>
    >>> square = sh.Program.from_text("inputs x t; s = square x; f = 1/4 s + t; outputs f")
    >>> sh.contraction(sh.Iteration(square, ["x"], theta=["3/4"]), box=([0], ["3/2"]))
    <ContractionResult: at (1) everywhere not proved, near 1/2, in the box 3/4>
    """
    job: IterationJob[ContractionResult] = partial(
        contraction_within, fixed_point=fixed_point, box=box, jacobian=require_choice(jacobian, "jacobian", SENSES)
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def contraction_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[ContractionResult],
    *,
    fixed_point: Sequence[NumberLike] | None,
    box: tuple[Sequence[NumberLike], Sequence[NumberLike]] | None,
    jacobian: str,
) -> ContractionResult:
    """``contraction`` in this process."""
    begun = time.monotonic()
    corners = None if box is None else _corners(iteration, box)
    smooth = not iteration.program.piecewise_linear
    state = _found(iteration, fixed_point, limits) if smooth else fixed_state(iteration, fixed_point, limits)
    known: dict[str, Any] = {"theta": iteration.theta, "fixed_point": state}
    if state is not None:
        known["gap"] = gap_of(iteration, iteration.localised(state))
    if corners is not None:
        known["invariant"] = False

    def result(why: str | None) -> ContractionResult:
        return ContractionResult(why=why, seconds=time.monotonic() - begun, **known)

    channels.result(result(STOPPED))
    try:
        for part in _parts(iteration, state, corners, jacobian, limits):
            known |= part
            channels.result(result(STOPPED))
    except LimitReached:
        return result(STOPPED)
    return result(None)


def _parts(
    iteration: Iteration, state: Vector | None, corners: tuple[Vector, Vector] | None, jacobian: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    """What is known, one thing after the other."""
    smooth = not iteration.program.piecewise_linear
    soon: int | None = None
    near = None if state is None else _near(iteration, state, jacobian, limits)
    if near is not None:
        yield {"near": _bound(near), "certificate_near": near}
    if near is not None and state is not None and not smooth:
        ball = identification(iteration, state, _norm(near), limits)
        soon = 0 if ball.radius is None or ball.distance < ball.radius else None
        yield {"radius": ball.radius, "identified": soon}
    if corners is not None and (found := over(iteration, box_of(*corners), limits)) is not None:
        yield {"inside": found.rate, "certificate_inside": found.certificate, "invariant": found.invariant}
    if smooth:
        if (found := over(iteration, whole_space(iteration), limits)) is not None:
            yield {"everywhere": found.rate, "certificate_everywhere": found.certificate}
        return
    whole = everywhere(iteration, limits)
    if whole is not None and state is not None:
        ball = identification(iteration, state, _norm(whole), limits)
        steps = ball.steps(_bound(whole))
        own = {} if near is not None else {"radius": ball.radius}
        known = {"everywhere": _bound(whole), "certificate_everywhere": whole}
        yield {**known, **own, "identified": steps if soon is None else min(steps, soon)}


def _near(iteration: Iteration, state: Vector, jacobian: str, limits: Limits) -> SpectralCertificate | None:
    """A norm for J_F(xbar, theta); of a smooth F with kinks at xbar not all of it is known."""
    try:
        matrices = state_matrices(iteration, state, jacobian, limits)
    except NetError:
        if iteration.program.piecewise_linear:
            raise
        return None
    return contracting(matrices, limits)


def _found(iteration: Iteration, given: Sequence[NumberLike] | None, limits: Limits) -> Vector | None:
    """xbar; of a smooth F it may be irrational."""
    try:
        return fixed_state(iteration, given, limits)
    except PointError:
        if given is not None:
            raise
        return None


def _corners(iteration: Iteration, box: tuple[Sequence[NumberLike], Sequence[NumberLike]]) -> tuple[Vector, Vector]:
    """Raises PointError."""
    if not isinstance(box, Sequence) or isinstance(box, str) or len(box) != 2:
        raise PointError("expected lower and upper bounds", place="box")
    low, high = (exact_vector(each, len(iteration.state), f"box[{number}]") for number, each in enumerate(box))
    for name, first, last in zip(iteration.state, low, high, strict=True):
        if first > last:
            raise PointError(f"the lower bound of {name} is above the upper one", place="box")
    return low, high


def _rate(rho: Fraction | None) -> str:
    return "not proved" if rho is None else show_number(rho)


def _bound(found: SpectralCertificate) -> Fraction:
    assert found.upper is not None
    return found.upper.bound


def _norm(found: SpectralCertificate) -> Norm:
    assert found.upper is not None
    return found.upper.norm
