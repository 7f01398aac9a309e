"""``decode``: a solver's answer back to a direction, replayed exactly on the net."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.certifying import Contradicted, certified_distinct
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.options import require_flag, require_seconds
from subgrad_hardness.api.results import Believed, CheckResult
from subgrad_hardness.api.stages import Stages, Verdict, evidence, facts, members
from subgrad_hardness.api.verdicts import distinct
from subgrad_hardness.common.files import read_text_bytes, write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.encoders.contract import AnswerError, Encoder, ask
from subgrad_hardness.encoders.registry import find
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, primitive
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited

#: Answers are small; what is larger is something else.
_MOST_BYTES = 2**28


def decode(
    net: NetLike,
    answer: str,
    source: str,
    *,
    point: Sequence[NumberLike] | None = None,
    normal_form: bool = False,
    certificate: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
) -> CheckResult:
    """What a solver's answer to ``encode(net, source, ...)`` proves.

    Parameters
    ----------
    net : path, mapping or Program
        The net that was encoded.
    answer : str
        The text that the solver wrote (not the name of a file).
    source : str
        The format that was solved, as ``to`` of ``encode``.
    point, normal_form : optional
        As they were given to ``encode``.
    certificate : path, optional
        Where to write a certificate of ``distinct``.
    time_limit : number of seconds, optional
        For everything; the work then runs in a worker process.

    Returns
    -------
    CheckResult
        ``distinct`` only where a direction in the answer, or one near it, survives exact replay; its certificate has
        then been accepted by the verifier.  Else ``unknown``, with what the solver claims in ``believed``: an outside
        "unsatisfiable" is no verdict.  ``unknown``, too, where the time ran out.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        An unknown format, or an option that makes no sense.
    AnswerError
        The answer cannot be read.
    OutputError
        The certificate cannot be written.
    Disagreement
        The verifier refuses what was replayed.

    Notes
    -----
    A few forward and backward passes; for inexact solvers an exact cone feasibility problem (polynomial) as well.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> found = sh.decode(net, "unsat", "smtlib")
    >>> found.verdict, found.believed.verdict
    ('unknown', 'unique')
    """
    start = time.monotonic()
    normal_form, time_limit = require_flag(normal_form, "normal form"), require_seconds(time_limit)
    job = partial(_decode, answer=answer, source=source, point=point, normal_form=normal_form)
    ended = limited(job, net, seconds=time_limit)
    result = CheckResult(verdict="unknown", why=ended.stopped) if ended.result is None else ended.result
    result = dataclasses.replace(result, seconds=time.monotonic() - start)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def _decode(
    net: NetLike,
    limits: Limits,
    channels: Channels[CheckResult],
    *,
    answer: str,
    source: str,
    point: Sequence[NumberLike] | None,
    normal_form: bool,
) -> CheckResult:
    """``decode`` in this process, with limits that are looked at between steps only."""
    encoder = find(source)
    program = near_point(load(net, point))
    asked = ask(program, normal_form=normal_form)
    posed = asked.posed
    stages = Stages(publish=channels.result)
    stages.done(facts=facts(program, posed.local), members=members(asked.net, posed.subgradient))
    if not limits.remaining:
        return dataclasses.replace(stages.result(), why="time limit")
    claim = encoder.inverse(asked, answer)
    proposed = [direction for direction in dict.fromkeys(map(primitive, claim.directions)) if any(direction)]
    witness = next(filter(posed.question.holds, proposed), None)
    if witness is None:
        stages.done(verdict=_unproved(claim.satisfiable, len(proposed), encoder))
        return stages.result()
    found = distinct(posed, witness, f"an outside solver's answer ({source})")
    stages.done(verdict=found.verdict, members=members(asked.net, *found.elements))
    try:
        stages.done(certification=certified_distinct(program, found.elements))
    except Contradicted as contradicted:
        raise Disagreement(str(contradicted), {**evidence(program, stages), **contradicted.evidence}) from None
    return stages.result()


def read_answer(path: str | os.PathLike[str]) -> str:
    """The text of a solver's answer, ``"-"`` for standard input.  Raises AnswerError naming the file."""
    data = read_text_bytes(path, AnswerError)
    if len(data) > _MOST_BYTES:
        raise AnswerError(f"more than {_MOST_BYTES} bytes", file=os.fspath(path))
    return data.decode("utf-8", errors="replace")


def _unproved(satisfiable: bool | None, tried: int, encoder: Encoder) -> Verdict:
    """``unknown``: why nothing in the answer is a witness, and what the solver claims."""
    by = f"the solver that answered ({encoder.name})"
    if satisfiable is None:
        return Verdict(verdict="unknown", why="the answer claims nothing")
    if not satisfiable:
        why = "the solver claims that there is no direction; that is no proof"
        return Verdict(verdict="unknown", why=why, believed=Believed(verdict="unique", by=by))
    which = f"none of {tried} in and near the answer separates anything" if tried else "the answer does not give it"
    why = f"the solver claims that there is a direction, but {which}"
    if encoder.like:
        why += f": is it the answer to a file of another format ({encoder.like}), or of another net?"
    return Verdict(verdict="unknown", why=why, believed=Believed(verdict="distinct", by=by))
