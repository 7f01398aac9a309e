"""``audit``: what does a gradient that a framework returned mean?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.contains import MatrixLike, contains_within, matrix_like
from subgrad_hardness.api.contains_result import ContainsResult, Distance
from subgrad_hardness.api.options import require_choice, require_flag, require_seed
from subgrad_hardness.auditing.conventions import NAMED
from subgrad_hardness.auditing.explaining import Explained, explain
from subgrad_hardness.auditing.frameworks import MODES
from subgrad_hardness.auditing.rounding import NAMES
from subgrad_hardness.certificate.statement import SETS
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.proof.written import statement_made

#: Frameworks whose measured conventions may be named.
FRAMEWORKS = tuple(convention.name for convention in NAMED if not convention.name.startswith("rewriting"))

Explain = Callable[[Program, Matrix, str, Limits], Explained]


def audit(
    net: NetLike,
    gradient: MatrixLike,
    *,
    point: Sequence[NumberLike] | None = None,
    framework: str | None = None,
    mode: str = "backward",
    precision: str | None = None,
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AuditResult:
    """What does a gradient that a framework returned mean: which choices explain it, and is it a subgradient?

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    gradient : sequence of numbers, or of m rows
        What was returned: p numbers for one output, m rows of p for several; floats taken exactly.
    point : sequence of numbers, optional
        Replaces the net's own point.
    framework : ``"torch"``, ``"jax"`` or ``"tensorflow"``, optional
        Whose conventions are tried first.  They are tables that were measured once; ``audit_torch`` asks the framework.
    mode : ``"backward"`` or ``"forward"``
        How it was computed: an output a pass, or column by column by Jacobian-vector products, whose sums round
        otherwise.
    precision : ``"float64"``, ``"float32"``, ``"float16"``, ``"bfloat16"`` or ``"exact"``, optional
        In which the gradient was computed; without it an array's type says so, and other numbers count as float64.
    certify : bool
        Make certificates of what the vector is.
    seed : int
        Of the directions in which members are looked for; verdicts do not depend on it.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    AuditResult

    Raises
    ------
    NetError, PointError
        The net, the point or the gradient cannot be read, or do not fit.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the net was read.

    Notes
    -----
    A backward pass a convention, then ``contains`` for the exact result of the choices found (docs/audit.md), which is
    NP-hard in general.  No verdict rests on a rounded number: rounding is bounded (Higham 2002, lemma 3.1).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f")  # f(x) = x
    >>> found = sh.audit(net, [0.0], framework="torch")
    >>> found.verdict, found.explained.best.convention
    ('conservative', 'torch')
    >>> print(*found.said()[-1:], sep="; ")
    its exact value is NOT a Clarke subgradient; only in the hull of what backpropagation may return
    >>> sh.audit(net, [3]).explained.excluded
    True
    """
    if hasattr(gradient, "reshape"):  # an array of any shape: entries in row-major order
        gradient = gradient.reshape(-1)
    if framework is not None:
        require_choice(framework, "framework", FRAMEWORKS)
    require_choice(mode, "mode", MODES)
    kind = element_kind(gradient) if precision is None else require_choice(precision, "precision", NAMES)
    job: Job[AuditResult] = partial(
        audit_within,
        gradient=gradient,
        point=point,
        precision=kind,
        explaining=partial(_explain, first=framework, forward=mode == "forward"),
        framework=framework,
        mode=mode,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, net, time_limit, memory_limit)


def element_kind(gradient: Any) -> str:
    """The precision of the numbers of an array, float64 for anything else."""
    name = str(getattr(gradient, "dtype", "float64")).removeprefix("torch.")
    return name if name in NAMES else "float64"


def _explain(
    program: Program, given: Matrix, precision: str, limits: Limits, *, first: str | None, forward: bool
) -> Explained:
    return explain(program, given, precision, limits, first=first, forward=forward)


def audit_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[AuditResult],
    *,
    gradient: MatrixLike,
    point: Sequence[NumberLike] | None,
    precision: str,
    explaining: Explain,
    certify: bool,
    seed: int,
    framework: str | None = None,
    mode: str = "backward",
    operations: Mapping[str, str] | None = None,
) -> AuditResult:
    """``audit`` in this process: explain, then judge what explains.  Reports what is known so far."""
    start = time.monotonic()
    program = load(net, point)
    given = matrix_like(gradient, program)
    nothing = ContainsResult(
        digest=program.digest,
        statement=statement_made(program, "unknown"),
        point=program.point,
        vector=given,
        lexicographic=None,
        clarke=None,
        autodiff=None,
        uncertified=dict.fromkeys(SETS, STOPPED),
        why=dict.fromkeys(SETS, STOPPED),
    )
    known = AuditResult(
        gradient=given,
        precision=precision,
        explained=None,
        membership=nothing,
        framework=framework,
        mode=mode,
        operations=operations or {},
    )
    channels.result(known)
    try:
        found = explaining(program, given, precision, limits)
    except LimitReached:
        return replace(known, seconds=time.monotonic() - start)
    graph = program.form.to_graph(program.inputs)
    names = {one.node: graph.nodes[one.node].id for one in found.parted}
    vector = found.best.gradient if found.explains else given
    known = replace(known, explained=found, membership=replace(nothing, vector=vector), node_names=names)
    channels.result(known)

    def audited(membership: ContainsResult) -> AuditResult:
        near = {} if found.explains else _within(membership.distances, given, found.bound)
        return replace(known, membership=membership, within_rounding=near, seconds=time.monotonic() - start)

    def passed_on(membership: ContainsResult) -> None:
        channels.result(audited(membership))

    known = audited(
        contains_within(
            program,
            limits,
            Channels(result=passed_on),
            vector=vector,
            point=None,
            which="all",
            near=not found.explains,
            certify=certify,
            seed=seed,
        )
    )
    if not found.explains or not found.best.deviation or known.membership.clarke is not False:
        return known
    # The exact value is no Clarke subgradient; what was returned is near it, and may be one, or near one.
    channels.result(known)
    with suppress(LimitReached):
        given_itself = contains_within(
            program, limits, Channels(), vector=given, point=None, which="clarke", near=True, certify=False, seed=seed
        )
        known = replace(known, within_rounding=_within(given_itself.distances, given, found.bound))
    return replace(known, seconds=time.monotonic() - start)


def _within(distances: Mapping[str, Distance], given: Matrix, bound: Matrix | None) -> dict[str, bool | None]:
    """By set, whether an element is within the bound, entry by entry: the nearest one, or else by the distance."""
    answers: dict[str, bool | None] = {}
    for name, found in distances.items():
        pairs = [
            (abs(left - right), most)
            for row, wanted, widths in zip(found.nearest, given, bound or (), strict=bool(bound))
            for left, right, most in zip(row, wanted, widths, strict=True)
        ]
        if bound is None:
            answers[name] = None
        elif all(off <= most for off, most in pairs):
            answers[name] = True
        else:
            # No element is nearer than the distance, and all within the bounds are at most this far.
            far = found.exact and found.squared > sum(most * most for _, most in pairs)
            answers[name] = False if far else None
    return answers
