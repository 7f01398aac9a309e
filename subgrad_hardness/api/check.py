"""``check``: do two distinct Clarke subgradients exist at the point?  The way of the data, end to end."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from subgrad_hardness.api.cross_checks import LEAST_SECONDS, SHARE, Disagreement, cross_check
from subgrad_hardness.api.results import Autodiff, Believed, CheckResult, first_facts
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Interrupted, LimitReached, Limits, require_memory_limit
from subgrad_hardness.derivative.autodiff import backpropagate, conservative_set
from subgrad_hardness.derivative.cells import SmallNet
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.engine.portfolio import decide, prove
from subgrad_hardness.engine.registry import SOLVERS, Decision
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.proof.lrat import NoProof
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.question import Question

#: Unless it is asked for, a proof of ``unique`` may take this long, or this multiple of the solving time.
CERTIFY_SECONDS, CERTIFY_SHARE = 2.0, 3.0

#: The search for two autodiff results takes at most this long, or as long as solving if that is more.
AUTODIFF_SECONDS = 5.0

#: Hears each better result on the way, and lines of text on what is being done.
Report = Callable[[CheckResult | str], None]


def check(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    solver: str = "auto",
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
    certificate: str | os.PathLike[str] | None = None,
    cross_checks: bool = True,
    certify: bool | None = None,
    threads: int = 1,
    progress: Callable[[str], None] | None = None,
) -> CheckResult:
    """Decide whether two distinct Clarke (lexicographic) subgradients exist (SPEC 1, "The question").

    Parameters
    ----------
    net : a path, ``"-"`` (standard input), a parsed mapping, or a Program.
    point : replaces the net's own point; p numbers, floats taken exactly.
    solver : ``auto``, ``search``, ``climb``, ``layer``, ``plane``, ``cells``, ``circuit``, ``phase``,
        ``milp-scip``, ``milp-highs`` or ``cpsat``.
    time_limit : seconds for everything; the work then runs in a worker process, so that the limit
        holds within a second even inside parsers and solvers.  None: no limit.
    memory_limit : bytes that the data of this work (of each process, with ``threads``) may take, also in a
        worker process; beyond it the answer is ``unknown``, with what was known.  None: no limit.
    seed : drives all random choices; the same seed gives the same answer.
    certificate : where to write the certificate, if one is obtained (``result.certified``).
    certify : True: produce and verify a certificate, however long it takes (so also where ``certificate``
        is given); False: no certificate, the verdict at solver speed; None: as far as a budget in proportion
        to the solving time allows.
    threads : with 2 or more, ``auto`` runs the exact engines side by side in as many processes.
    cross_checks : bounded second opinions (``cross_checking``).
    progress : is called with a line of text whenever another engine starts.

    Returns
    -------
    CheckResult; ``distinct`` only with an exactly replayed witness, ``unique`` only from an exact
    engine, else ``unknown`` with ``why``.  Ctrl-C raises ``limits.Interrupted``, a KeyboardInterrupt whose
    ``known`` is the last result on the way.

    Raises NetError or PointError for bad input, ParameterError for a bad option, OutputError if the
    certificate cannot be written, Disagreement if an engine is contradicted.  The question is
    NP-hard; everything beside the engine is about linear in the nonzeros.
    """
    require_options(solver, time_limit, memory_limit, threads)
    options: dict[str, Any] = {
        "point": point,
        "solver": solver,
        "seed": seed,
        "cross_checks": cross_checks,
        "certify": True if certificate is not None else certify,
        "threads": threads,
    }
    result = within_limits(check_within, net, options, time_limit, memory_limit, progress=progress)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def require_options(solver: str, time_limit: float | None, memory_limit: int | None, threads: int) -> None:
    """Raise ParameterError for the first of these options of ``check`` that makes no sense."""
    if solver not in SOLVERS:
        raise ParameterError(f"unknown solver {solver!r}; known: {', '.join(SOLVERS)}", place="solver")
    if time_limit is not None and (not isinstance(time_limit, int | float) or not time_limit >= 0):
        raise ParameterError(f"{time_limit} is not a number of seconds", place="time limit")
    require_memory_limit(memory_limit)
    if type(threads) is not int or threads < 1:
        raise ParameterError(f"{threads} is not a positive number of threads", place="threads")


def within_limits(
    job: Callable[..., CheckResult],
    net: NetLike,
    options: dict[str, Any],
    time_limit: float | None,
    memory_limit: int | None,
    *,
    progress: Callable[[str], None] | None = None,
) -> CheckResult:
    """``job(net, limits, report=..., **options)``: here if there is no limit, else in a worker process, whose last
    word stands where a limit stops it.

    Raises what the job raises, Interrupted on Ctrl-C, and ParameterError where the system has no memory limits.
    """
    if time_limit is None and memory_limit is None:
        known: list[CheckResult] = []

        def hear(news: CheckResult | str) -> None:
            if not isinstance(news, str):
                known[:] = [news]
            elif progress is not None:
                progress(news)

        try:
            return job(net, Limits(), report=hear, **options)
        except KeyboardInterrupt:
            raise Interrupted(known[0] if known else None) from None
    from subgrad_hardness.processes.worker import run_limited

    start = time.monotonic()
    ended = run_limited(job, net, time_limit, options, progress=progress, memory=memory_limit)
    result = ended.result or CheckResult("unknown", why=ended.stopped)
    if ended.stopped is not None:
        why = ended.stopped if result.verdict == "unknown" else result.why
        result = result._replace(why=why, seconds=time.monotonic() - start)
    return result


def check_within(
    net: NetLike,
    limits: Limits,
    *,
    point: Sequence[NumberLike] | None = None,
    solver: str = "auto",
    seed: int = 0,
    cross_checks: bool = True,
    certify: bool | None = None,
    threads: int = 1,
    report: Report | None = None,
) -> CheckResult:
    """``check`` in this process, with limits that are looked at between steps only.

    ``report`` is called with each better result on the way (and with lines of text on what is being
    done): what was known stands if the process is
    stopped from outside.
    """
    start = time.monotonic()
    program = load(net)
    if point is not None:
        program = program.at(point)
    local = localise(program)
    result = first_facts(program, local)

    def publish(better: CheckResult) -> CheckResult:
        better = better._replace(seconds=time.monotonic() - start)
        if report is not None:
            report(better)
        return better

    result = publish(result)
    question, reference = pose(local.net, seed)
    result = publish(
        result._replace(subgradients=(local.net.scaled(reference.rows),), directions=(reference.directions,))
    )
    before = time.monotonic()
    announce = report or (lambda _: None)
    decision = decide(question, solver, limits, announce, threads)
    spent = time.monotonic() - before
    small = SmallNet(local.net, max(LEAST_SECONDS, SHARE * spent))
    result, elements = _with_verdict(result, program, question, reference, decision)
    result = publish(result)
    result = publish(_with_autodiff(result, local, small, limits.within(max(AUTODIFF_SECONDS, spent))))
    if cross_checks:
        allowance = limits.within(max(LEAST_SECONDS, SHARE * spent))
        checks = cross_check(question, result.verdict, elements, decision.by, small=small, limits=allowance)
        result = publish(result._replace(cross_checks=checks))
        for entry in checks:
            if entry.agrees is False:
                raise Disagreement(f"cross-check by {entry.method}: {entry.why}", _evidence(program, result))
    if certify is False:
        return publish(result._replace(uncertified="it was not asked for"))
    if result.verdict == "distinct":
        result = _with_certificate(result, program, distinct_certificate(program.digest, result.directions or ()))
    elif isinstance(decision.answer, Refutation):
        budget = limits if certify else limits.within(max(CERTIFY_SECONDS, CERTIFY_SHARE * spent))
        announce("writing the proof" if certify else f"writing the proof, for at most {budget.remaining:.0f} s")
        result = _proved(result, _Asked(program, local, question, reference), decision.answer, budget)
    return publish(result)


def _with_verdict(
    result: CheckResult, program: Program, question: Question, reference: Element, decision: Decision
) -> tuple[CheckResult, list[Element]]:
    """The engine's answer as a verdict; a witness counts only after exact replay."""
    answer = decision.answer
    result = result._replace(solver=decision.by)
    if isinstance(answer, Refutation):
        return result._replace(verdict="unique", why=answer.why), [reference]
    if not isinstance(answer, Witness):
        believed = answer.believed and Believed(answer.believed, decision.by)
        return result._replace(why=answer.why, solver=None, believed=believed or None), [reference]
    separates = question.separates(answer.direction)
    second = lock_branches(question.net, [answer.direction]) if separates else reference
    if second.rows == reference.rows:
        raise Disagreement(
            f"the witness of {decision.by} does not survive exact replay",
            {**_evidence(program, result), "witness": [str(entry) for entry in answer.direction]},
        )
    result = result._replace(
        verdict="distinct",
        subgradients=(question.net.scaled(reference.rows), question.net.scaled(second.rows)),
        directions=(reference.directions, second.directions),
        separating_direction=answer.direction,
        why="a direction on which the derivative is not linear, replayed exactly",
    )
    return result, [reference, second]


def _with_autodiff(result: CheckResult, local: Localisation, small: SmallNet, limits: Limits) -> CheckResult:
    gradient = backpropagate(local.net, [0] * len(local.net.kinks))
    singleton = clarke = None
    with contextlib.suppress(LimitReached):
        clarke = _is_clarke(gradient, result, small, limits)
    with contextlib.suppress(LimitReached):
        singleton = conservative_set(local.net, limits).singleton
    return result._replace(autodiff=Autodiff(gradient, singleton, clarke))


def _is_clarke(gradient: Matrix, result: CheckResult, small: SmallNet, limits: Limits) -> bool | None:
    """Whether ``gradient`` is in d_C F(x0): decided for a unique subgradient and for small nets, and
    where the members at hand already contain it in their hull; else None.  Raises LimitReached."""
    members = result.subgradients or ()
    if gradient in members:
        return True
    if result.verdict == "unique":
        return False
    if in_convex_hull(gradient, members, limits):
        return True
    if not small.small:
        return None
    return in_convex_hull(gradient, map(small.net.scaled, small.jacobians(limits)), limits.within(LEAST_SECONDS))


class _Asked(NamedTuple):
    """What a proof is about."""

    program: Program
    local: Localisation
    question: Question
    reference: Element


def _proved(result: CheckResult, asked: _Asked, answer: Refutation, limits: Limits) -> CheckResult:
    """The certificate of a ``unique`` verdict, as far as the limits allow; another engine's proof will do."""
    program = asked.program
    try:
        if answer.proof is None:
            other = prove(asked.question, limits).answer
            if not isinstance(other, Refutation):
                if isinstance(other, Witness):
                    evidence = {**_evidence(program, result), "witness": [str(entry) for entry in other.direction]}
                    raise Disagreement("a proving engine finds a witness against the verdict", evidence)
                return result._replace(uncertified=f"no proof in time: {other.why}")
            answer = other
        if answer.proof is None:
            return result._replace(uncertified="the engine keeps no record of its reasons")
        certificate = unique_certificate(program, asked.local, asked.reference, answer.proof, limits)
        limits.check()
    except LimitReached:
        return result._replace(uncertified="the proof took longer than its budget")
    except NoProof as failed:
        raise Disagreement(f"the refutation is no proof: {failed}", _evidence(program, result)) from None
    return _with_certificate(result, program, certificate)


def _with_certificate(result: CheckResult, program: Program, certificate: Certificate) -> CheckResult:
    """Have the independent verifier accept the certificate."""
    try:
        verify_certificate(program, certificate)
    except Rejected as rejected:
        evidence = {**_evidence(program, result), "certificate": certificate.to_json()}
        raise Disagreement(f"the verifier rejects the certificate: {rejected}", evidence) from None
    return result._replace(certified=True, certificate=certificate)


def _evidence(program: Program, result: CheckResult) -> dict[str, object]:
    return {"net": to_mapping(program), "report": result.to_json()}
