"""``solution_kink``: is theta a kink of the limit of an iteration?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.certifying import certified_unique
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.iterating import IterationJob, answer_iteration, fixed_state, require_parameters
from subgrad_hardness.api.options import require_flag, require_seed
from subgrad_hardness.api.solution_kink_result import SolutionKinkResult
from subgrad_hardness.api.verdicts import judged
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.autodiff import kink_labels
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives, Entered
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.solvability import Solvable, solvable
from subgrad_hardness.iterative.state_system import state_system
from subgrad_hardness.iterative.verifying.solution_map import (
    SolutionCertificate,
    parsed_solution_certificate,
    verify_solution_map,
)
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.rational import NumberLike, primitive
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.session import Session

_VERDICTS = {"distinct": "kink", "unique": "smooth", "unknown": "unknown"}


def solution_kink(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    fixed_point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> SolutionKinkResult:
    """Is theta a kink of the limit xbar(theta) of an iteration x <- F(x, theta)?

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    fixed_point : sequence of p numbers, optional
        xbar, which is checked; without it it is found.
    certify : bool
        Make a certificate, which ``verify_solution`` accepts.
    seed : int
        Of the direction in which G is taken, and of the search.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; ``unknown`` beyond them.

    Returns
    -------
    SolutionKinkResult

    Raises
    ------
    NetError, PointError
        The iteration, theta or the fixed point cannot be read, or do not fit; F does not leave the latter as it is.
    ParameterError
        An option that makes no sense, or an iteration without parameters.
    LimitReached
        A limit was hit before the fixed point was known.
    Disagreement
        Two parts of the package contradict each other: a bug.

    Notes
    -----
    With G the Jacobian of xbar in a generic direction, theta is a kink iff N_G(d) = F(xbar + G d, theta + d) is not
    differentiable at 0: one call of ``check`` on a net of the size of F, however many iterations there were.  Wants a
    proof that the equation y = F'((xbar, theta); (y, d)) has one solution, which a contraction has.  NP-hard.  An F
    with smooth operations wants ``fixed_point``; F' decides for it, too (docs/iterations-kinks.md).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; r = relu t; f = -1/2 x + r; outputs f")
    >>> found = sh.solution_kink(sh.Iteration(program, ["x"]), [0])
    >>> found.verdict, found.certified, found.jacobian
    ('kink', True, ((Fraction(2, 3),),))
    >>> found.direction, found.derivative, found.opposite
    ((-1,), (Fraction(0, 1),), (Fraction(2, 3),))
    """
    job: IterationJob[SolutionKinkResult] = partial(
        solution_kink_within,
        fixed_point=fixed_point,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def solution_kink_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[SolutionKinkResult],
    *,
    fixed_point: Sequence[NumberLike] | None,
    certify: bool,
    seed: int,
) -> SolutionKinkResult:
    """``solution_kink`` in this process."""
    start = time.monotonic()
    require_parameters(iteration)
    state = fixed_state(iteration, fixed_point, limits)
    local = iteration.localised(state)
    known: dict[str, Any] = {
        "theta": iteration.theta,
        "fixed_point": state,
        "kinks": kink_labels(iteration.program, local),
    }

    def result(verdict: str, why: str | None = None) -> SolutionKinkResult:
        return SolutionKinkResult(verdict=verdict, why=why, seconds=time.monotonic() - start, **known)

    channels.result(result("unknown", "stopped by a limit"))
    proof = solvable(state_system(iteration, local.net), limits)
    if proof is None:
        return result("unknown", "no proof was found that the linearised equation has one solution")
    known["solvable"] = proof.by
    derivatives = DirectionalDerivatives(iteration, state)
    entered = derivatives.entered(seed, limits)
    if entered is None:
        return result("unknown", "no piece of the limit was found in a generic direction")
    known["jacobian"] = entered.jacobian
    channels.result(result("unknown", "stopped by a limit"))
    local_net = localise(entered.net)
    posed = pose(entered.net, seed, local_net)
    session = Session(local_net.net)
    decision = decide(posed.question, "auto", limits, session=session)
    found = judged(posed, decision)
    known["solver"] = found.verdict.solver
    verdict = _VERDICTS[found.verdict.verdict]
    channels.result(result(verdict, found.verdict.why))
    inner: Certificate | None = None
    uncertified: str | None = None
    if verdict == "kink":
        other, known["direction"] = _away(local_net.net, entered, found.elements)
        for key, sign in (("derivative", 1), ("opposite", -1)):
            known[key] = derivatives.along([sign * entry for entry in known["direction"]], limits)
        directions = [entered.element.directions, other.directions]
        inner = distinct_certificate(entered.net.digest, directions)
        inner = inner._replace(statement=statement_made(entered.net, "distinct"))
    elif verdict == "smooth" and certify and isinstance(decision.answer, Refutation):
        channels.result(result(verdict))
        made = certified_unique(posed, decision.answer, session, limits)
        inner, uncertified = made.certificate, made.uncertified
    if inner is None:
        known["uncertified"] = uncertified or "it was not asked for"
    elif certify:
        known |= _accepted(iteration, _certified(iteration, state, entered, proof, inner), verdict)
    return result(verdict, found.verdict.why if verdict == "unknown" else None)


def _away(net: LocalNet, entered: Entered, elements: Sequence[Element]) -> tuple[Element, tuple[int, ...]]:
    """Where N_G has another Jacobian than G, and a direction d there with N_G'(0; d) != G d."""
    other = next(element for element in elements if element.rows != entered.element.rows)
    columns = [*other.directions.leading]
    columns += [tuple([int(index == unit) for index in range(net.inputs)]) for unit in other.directions.complete]
    for direction in columns:
        for way in (direction, tuple([-entry for entry in direction])):
            if _moves(net, entered.jacobian, way):
                return other, primitive(way)
    weight = 2
    while True:  # on the open cell that M enters the two linear maps differ off a hyperplane
        total = [0] * net.inputs
        for column in columns:
            total = [weight * entry + more for entry, more in zip(total, column, strict=True)]
        if _moves(net, entered.jacobian, total):
            return other, primitive(total)
        weight += 1


def _moves(net: LocalNet, jacobian: Matrix, direction: Sequence[int]) -> bool:
    expected = tuple([sum([x * y for x, y in zip(row, direction, strict=True)], Fraction(0)) for row in jacobian])
    return net.derivative(direction) != expected


def _certified(
    iteration: Iteration, state: Vector, entered: Entered, proof: Solvable, inner: Certificate
) -> SolutionCertificate:
    return SolutionCertificate(
        digest=iteration.program_at(state).digest,
        state=iteration.state,
        parameters=iteration.parameters,
        fixed_point=state,
        jacobian=entered.jacobian,
        norm=proof.norm,
        multipliers=None if proof.norm is None else proof.multipliers,
        certificate=inner,
    )


def _accepted(iteration: Iteration, claim: SolutionCertificate, verdict: str) -> dict[str, Any]:
    """The certificate, if the verifier accepts it as it is written; or why there is none.  Raises Disagreement."""
    program, evidence = iteration.program_at(claim.fixed_point), {"certificate": claim.to_json()}
    try:
        read = parsed_solution_certificate(claim.dumps().encode(), "<certificate>")
        proved = verify_solution_map(program, iteration.state, iteration.parameters, read)
    except CertificateError as problem:
        return {"uncertified": f"no file can hold the proof: {problem.message}"}
    except Rejected as rejected:
        raise Disagreement(f"the verifier rejects the certificate: {rejected}", evidence) from None
    if proved != verdict:
        raise Disagreement(f"the verifier says {proved}", evidence)
    return {"certificate": claim}
