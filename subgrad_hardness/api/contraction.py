"""``contraction``: does an iteration contract, at which certified rate, and when have its slopes settled?"""

from __future__ import annotations

import time
from collections.abc import Sequence
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
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.iterative.contraction import contracting, everywhere, identification
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import SENSES
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.verifying.spectral_format import Norm, SpectralCertificate
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.processes.channels import Channels


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ContractionResult(Readable):
    """Norms in which x <- F(x, theta) contracts.

    Attributes
    ----------
    theta, fixed_point : theta and xbar.
    everywhere : the certified rate with which it contracts on the whole space; None: not proved.
    near : the certified rate near xbar: all of J_F(xbar, theta) is at most this in one norm; None: not proved.
    gap : the least nonzero absolute value of a preactivation at xbar, and its relu's name; None without such a relu.
    radius : of the ball around xbar, in the norm of ``near`` (or of ``everywhere`` without that), in which no relu but
        the kinks changes its sign; None: there is no such relu, or no norm.
    identified : K, such that from step K on, from the iteration's start, J_F(x_k, theta) is part of J_F(xbar, theta);
        proved by ``everywhere``, or because the start is in the ball.  None: not proved.
    certificate_everywhere, certificate_near : for ``verify_spectral_radius``.
    why : what a limit, or the number of pieces, left open.
    """

    theta: tuple[Fraction, ...]
    fixed_point: tuple[Fraction, ...]
    everywhere: Fraction | None = None
    near: Fraction | None = None
    gap: tuple[Fraction, str] | None = None
    radius: Fraction | None = None
    identified: int | None = None
    certificate_everywhere: SpectralCertificate | None = None
    certificate_near: SpectralCertificate | None = None
    why: str | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        everywhere, near = ("not proved" if rho is None else show_number(rho) for rho in (self.everywhere, self.near))
        steps = "" if self.identified is None else f", identified from step {self.identified} on"
        return f"<ContractionResult: at {show_vector(self.fixed_point)} everywhere {everywhere}, near {near}{steps}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [f"theta = {show_vector(self.theta)}, limit {show_vector(self.fixed_point)}"]
        for where, rate in (("on the whole space", self.everywhere), ("near the limit", self.near)):
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
            "fixed_point": vector_json(self.fixed_point),
            "everywhere": plain(self.everywhere),
            "near": plain(self.near),
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
        The iteration, theta or the fixed point cannot be read, or do not fit; no fixed point was found; F has smooth
        operations.
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

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; z = 1/2 x + t - 1; f = relu z; outputs f")
    >>> iteration = sh.Iteration(program, ["x"], theta=["5/4"], start=[-8])
    >>> sh.contraction(iteration)
    <ContractionResult: at (1/2) everywhere 1/2, near 1/2, identified from step 4 on>
    """
    job: IterationJob[ContractionResult] = partial(
        contraction_within, fixed_point=fixed_point, jacobian=require_choice(jacobian, "jacobian", SENSES)
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def contraction_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[ContractionResult],
    *,
    fixed_point: Sequence[NumberLike] | None,
    jacobian: str,
) -> ContractionResult:
    """``contraction`` in this process."""
    begun = time.monotonic()
    try:
        _ = iteration.program.lowered  # refuses smooth operations, of which F' tells no ball and not all pieces near
    except NetError as problem:
        if iteration.program.piecewise_linear:
            raise
        hint = f"{problem.message}; fixed_point_box proves a rate near its fixed point"
        raise NetError(hint, file=problem.file, place=problem.place) from None
    state = fixed_state(iteration, fixed_point, limits)
    known: dict[str, Any] = {"theta": iteration.theta, "fixed_point": state}
    known["gap"] = gap_of(iteration, iteration.localised(state))

    def result(why: str | None) -> ContractionResult:
        return ContractionResult(why=why, seconds=time.monotonic() - begun, **known)

    channels.result(result(STOPPED))
    try:
        near = contracting(state_matrices(iteration, state, jacobian, limits), limits)
        if near is not None:
            known |= {"near": _bound(near), "certificate_near": near}
            ball = identification(iteration, state, _norm(near), limits)
            known["radius"] = ball.radius
            if ball.radius is None or ball.distance < ball.radius:
                known["identified"] = 0
            channels.result(result(STOPPED))
        whole = everywhere(iteration, limits)
        if whole is not None:
            known |= {"everywhere": _bound(whole), "certificate_everywhere": whole}
            ball = identification(iteration, state, _norm(whole), limits)
            known.setdefault("radius", ball.radius)
            steps = ball.steps(known["everywhere"])
            known["identified"] = min(steps, known.get("identified", steps))
    except LimitReached:
        return result(STOPPED)
    return result(None)


def _bound(found: SpectralCertificate) -> Fraction:
    assert found.upper is not None
    return found.upper.bound


def _norm(found: SpectralCertificate) -> Norm:
    assert found.upper is not None
    return found.upper.norm
