"""``check``: do two distinct Clarke subgradients exist at the point?  The way of the data, end to end."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from functools import partial

from subgrad_hardness.api.certifying import Contradicted, certified_distinct, certified_near, certified_unique
from subgrad_hardness.api.check_options import CUBE_SECONDS, CheckOptions
from subgrad_hardness.api.cross_checks import LEAST_SECONDS, SHARE, Disagreement, cross_check
from subgrad_hardness.api.results import Autodiff, CheckResult
from subgrad_hardness.api.stages import Certification, Stages, evidence, facts, members
from subgrad_hardness.api.verdicts import Judged, NotReplayed, judged
from subgrad_hardness.certificate.statement import LEXICOGRAPHIC
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.autodiff import backpropagate, is_singleton
from subgrad_hardness.derivative.cells import SmallNet
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import Decision
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise_near
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.outer import before_outer
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import Posed, pose
from subgrad_hardness.question.session import Session

#: Unless it is asked for, a proof of ``unique`` may take this long in seconds, or this multiple of the time
#: before it.  Where no kink reaches an output there is nothing to write, and no budget.
CERTIFY_SECONDS, CERTIFY_SHARE = 2.0, 3.0

#: The search for two autodiff results takes at most this long in seconds, or as long as solving if that is more.
AUTODIFF_SECONDS = 5.0


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
    jobs: int = 1,
    dask: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    cube_seconds: float = CUBE_SECONDS,
    progress: Callable[[str], None] | None = None,
) -> CheckResult:
    """Decide whether two distinct Clarke (lexicographic) subgradients exist at the net's point (SPEC 1).

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
        A net file or model, its parsed JSON, or a Program.
    point : sequence of p numbers, optional
        Replaces the net's own point; floats are taken exactly.
    solver : str
        ``auto``, ``search``, ``climb``, ``layer``, ``plane``, ``cells``, ``levels``, ``circuit``, ``thresholds``,
        ``phase``, ``domination``, ``hulls``, ``milp-scip``, ``milp-highs`` or ``cpsat``.
    time_limit : float, optional
        Seconds for everything; the work then runs in a worker process, so that the limit holds within a second even
        inside parsers and solvers.  None: no limit.
    memory_limit : int, optional
        Bytes that the data of this work (of each process, with ``threads``) may take, also in a worker process;
        beyond it the answer is ``unknown``, with what was known.  None: no limit.  Engines keep within half of it,
        without a limit within half of the machine's memory: one that needs more gives way to another one.
    seed : int
        Drives all random choices; the same seed gives the same answer.
    certificate : path, optional
        Where to write the certificate, if one is obtained (``result.certified``).
    cross_checks : bool
        Bounded second opinions: both lexicographic modes, random members, all cells of small nets.
    certify : bool, optional
        True: produce and verify a certificate, however long it takes (so also where ``certificate`` is given);
        False: no certificate, the verdict at solver speed; None: as far as a budget in proportion to the time
        before it allows; a net that no kink bends is certified at any size.
    threads : int
        With 2 or more, ``auto`` runs the exact engines side by side in as many processes.
    jobs : int
        With 2 or more, a question that does not fall in a moment is split into cubes, which as many processes decide
        (docs/cubes.md).
    dask : str, optional
        The address of a Dask scheduler whose cluster decides the cubes, or ``local:N`` for N processes here.
    resume : path, optional
        A file that keeps what was decided of a split question: the same call goes on where another was interrupted or
        killed.
    cube_seconds : float
        A cube that does not fall within this time is split again.
    progress : callable, optional
        Is called with a line of text whenever another engine starts.

    Returns
    -------
    CheckResult
        Where irrational smooth functions come last, of the program before them (``outer``).
        ``distinct`` only with an exactly replayed witness, ``unique`` only from an exact engine, else ``unknown``
        with ``why``.

    Raises
    ------
    NetError, PointError
        Bad input; the message names the file and the place.
    ParameterError
        A bad option.
    OutputError
        The certificate cannot be written, or the file of ``resume``.
    Disagreement
        An engine is contradicted by another one or by a cross-check: a bug in this project; there is no verdict.
    Interrupted
        Ctrl-C; it is a KeyboardInterrupt whose ``known`` is the last result on the way, or None.

    Notes
    -----
    The question is NP-hard (Bolte, Boustany, Pauwels, Pesquet-Popescu, arXiv 2206.01730); everything beside the
    engine is about linear in the nonzeros.  docs/specification.md has the mathematics.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> result = sh.check({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> result.verdict, result.certified
    ('distinct', True)
    >>> [[str(entry) for entry in matrix[0]] for matrix in result.subgradients]
    [['-1'], ['1']]
    """
    options = CheckOptions(
        point=point,
        solver=solver,
        time_limit=time_limit,
        memory_limit=memory_limit,
        seed=seed,
        cross_checks=cross_checks,
        certify=True if certificate is not None else certify,
        threads=threads,
        jobs=jobs,
        dask=dask,
        resume=resume,
        cube_seconds=cube_seconds,
    ).required()
    result = checked(net, options, progress=progress)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def checked(
    net: NetLike,
    options: CheckOptions,
    *,
    progress: Callable[[str], None] | None = None,
    job: Callable[..., CheckResult] | None = None,
) -> CheckResult:
    """``check`` with its options as one object; ``job`` stands in for ``check_within`` where the net is in hand."""
    start = time.monotonic()
    job = partial(job or check_within, options=options)
    ended = limited(job, net, seconds=options.time_limit, memory=options.memory_limit, progress=progress)
    result = CheckResult(verdict="unknown") if ended.result is None else ended.result
    if ended.stopped is not None:
        why = ended.stopped if result.verdict == "unknown" else result.why
        result = dataclasses.replace(result, why=why, seconds=time.monotonic() - start)
    return result


def check_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[CheckResult] | None = None,
    *,
    options: CheckOptions | None = None,
) -> CheckResult:
    """``check`` in this process, with limits that are looked at between steps only.

    The channels hear each better result on the way: what was known stands if the process is stopped from outside.
    """
    channels, options = channels or Channels(), options or CheckOptions()
    stages = Stages(publish=channels.result)
    program, outer = before_outer(load(net, options.point))
    facing, near, local = localise_near(program, limits=limits, progress=channels.progress)
    stages.done(facts=facts(program, facing, outer))
    posed = pose(near, options.seed, local)  # the program itself, unless it is in tensors
    session = Session(posed.local.net)
    stages.done(members=members(posed.local.net, posed.subgradient))
    before = time.monotonic()
    decision = _decided(posed, session, limits, channels, options)
    spent = time.monotonic() - before
    try:
        found = judged(posed, decision)
    except NotReplayed as replayed:
        witness = [str(entry) for entry in replayed.direction]
        message = f"the witness of {decision.by} does not survive exact replay"
        raise Disagreement(message, {**evidence(near, stages), "witness": witness}) from None
    if found.elements == (posed.subgradient,):  # its members are there
        stages.done(verdict=found.verdict)
    else:
        stages.done(verdict=found.verdict, members=members(posed.local.net, *found.elements))
    small = SmallNet(posed.local.net, max(LEAST_SECONDS, SHARE * spent))
    stages.done(autodiff=_autodiff(posed, session, stages, small, limits.within(max(AUTODIFF_SECONDS, spent))))
    if options.cross_checks:
        _cross_check(posed, found, small, stages, limits.within(max(LEAST_SECONDS, SHARE * spent)))
    if options.certify is False:
        stages.done(certification=Certification(uncertified="it was not asked for"))
        return stages.result()
    try:
        if found.verdict.verdict == "distinct":
            stages.done(certification=certified_distinct(near, found.elements))
        elif isinstance(decision.answer, Refutation):
            whole = options.certify or not posed.local.net.kinks  # without kinks the localisation is the proof
            so_far = time.monotonic() - stages.start
            budget = limits if whole else limits.within(max(CERTIFY_SECONDS, CERTIFY_SHARE * so_far))
            most = "" if whole else f", for at most {budget.remaining:.0f} s"
            channels.progress(f"writing the proof{most}")
            stages.done(certification=certified_unique(posed, decision.answer, session, budget))
        if near is not program and stages.certification.certificate is not None:
            whole = options.certify is True
            budget = limits if whole else limits.within(CERTIFY_SHARE * (time.monotonic() - stages.start))
            channels.progress("localising once more, in plain integers")
            stages.done(certification=certified_near(program, near, stages.certification, budget))
    except Contradicted as contradicted:
        raise Disagreement(str(contradicted), {**evidence(near, stages), **contradicted.evidence}) from None
    return stages.result()


def _decided(
    posed: Posed, session: Session, limits: Limits, channels: Channels[CheckResult], options: CheckOptions
) -> Decision:
    """In this process, or cube by cube in several."""
    if not options.cubes:
        return decide(posed.question, options.solver, limits, channels.progress, options.threads, session=session)
    from subgrad_hardness.cubes.conquer import Plan, conquer  # rare, and it brings the writer of proofs along

    plan = Plan(
        jobs=options.jobs,
        dask=options.dask,
        resume=options.resume,
        proofs=options.certify is not False,
        first=options.cube_seconds / 4,
        seconds=options.cube_seconds,
    )
    return conquer(posed.question, options.solver, limits, channels.progress, plan, session=session)


def _autodiff(posed: Posed, session: Session, stages: Stages, small: SmallNet, limits: Limits) -> Autodiff:
    net = posed.local.net
    known = stages.members.subgradients
    # Without kinks there is one gradient, which is known.
    gradient = known[0] if known and not net.kinks else backpropagate(net, [0] * len(net.kinks))
    singleton = clarke = None
    with contextlib.suppress(LimitReached):
        clarke = _is_clarke(gradient, posed, session, stages, small, limits=limits)
    if statement_made(posed.program, "unknown") == LEXICOGRAPHIC:  # the hull of d_L is part of d_C, for one output
        clarke = True if clarke and len(net.outputs) == 1 else None
    with contextlib.suppress(LimitReached):
        singleton = is_singleton(session.flat(limits))
    return Autodiff(gradient=gradient, singleton=singleton, clarke=clarke)


def _is_clarke(
    gradient: Matrix, posed: Posed, session: Session, stages: Stages, small: SmallNet, *, limits: Limits
) -> bool | None:
    """Whether ``gradient`` is in d_C F(x0): seen from the members at hand, in small nets from all, else by column
    generation, as far as the limits allow (None beyond).  Raises LimitReached."""
    known = stages.members.subgradients or ()
    if gradient in known:
        return True
    if stages.verdict.verdict == "unique":
        return False
    if in_convex_hull(gradient, known, limits):
        return True
    if small.small:
        with contextlib.suppress(LimitReached):
            return in_convex_hull(gradient, map(small.net.scaled, small.jacobians(limits)), limits)
    from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
    from subgrad_hardness.subdifferentials.placing import Placing  # most nets are decided before that

    convex = ClarkeSet(posed.program, local=posed.local, flat=session.flat(limits))
    return Placing(convex, gradient).place(limits, argued=False).inside


def _cross_check(posed: Posed, found: Judged, small: SmallNet, stages: Stages, limits: Limits) -> None:
    """The second opinions.  Raises Disagreement."""
    checks = cross_check(posed.question, found, small=small, limits=limits)
    stages.done(cross_checks=checks)
    for entry in checks:
        if entry.agrees is False:
            raise Disagreement(f"cross-check by {entry.method}: {entry.why}", evidence(posed.program, stages))
