"""``decode``: a solver's answer back to a direction, replayed exactly on the net."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from subgrad_hardness.api.results import Believed, CheckResult, first_facts
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.files import read_bytes, write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Direction, lock_branches
from subgrad_hardness.encoders.contract import AnswerError, Asked, ask
from subgrad_hardness.encoders.registry import find
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, primitive
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.processes.limited import timed
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.question.question import Question

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
    net, point, normal_form : as they were given to ``encode``.
    answer : the text that the solver wrote (not the name of a file).
    source : the format that was solved.
    certificate : where to write a certificate of ``distinct``.
    time_limit : seconds for everything, in a worker process.  None: no limit.

    Returns
    -------
    CheckResult: ``distinct`` only where a direction in the answer, or one near it, survives exact replay;
    its certificate has then been accepted by the verifier.  Else ``unknown``, with what the solver claims
    in ``believed``: an outside "unsatisfiable" is no verdict.  ``unknown``, too, where the time ran out.

    Raises NetError or PointError for a bad net, ParameterError for an unknown format, AnswerError for an
    answer that cannot be read, OutputError if the certificate cannot be written.  A few forward and
    backward passes; for inexact solvers an exact cone feasibility problem (polynomial) as well.
    """
    start = time.monotonic()
    options = {"answer": answer, "source": source, "point": point, "normal_form": normal_form}
    ended = timed(_decode, net, time_limit, options)
    result = ended.result or CheckResult("unknown", why=ended.stopped)
    result = result._replace(seconds=time.monotonic() - start)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def _decode(
    net: NetLike,
    limits: Limits,
    *,
    answer: str,
    source: str,
    point: Sequence[NumberLike] | None,
    normal_form: bool,
    report: Callable[[CheckResult], None] | None = None,
) -> CheckResult:
    """``decode`` in this process, with limits that are looked at between steps only."""
    encoder = find(source)
    program = load(net, point)
    asked = ask(program, normal_form=normal_form)
    result = first_facts(program, localise(program))._replace(
        subgradients=(asked.net.scaled(asked.reference.rows),), directions=(asked.reference.directions,)
    )
    if not limits.remaining:
        return result
    claim = encoder.inverse(asked, answer)
    question = Question(asked.net, asked.reference.rows)
    proposed = [direction for direction in dict.fromkeys(map(primitive, claim.directions)) if any(direction)]
    witness = next(filter(question.separates, proposed), None)
    if witness is not None:
        return _distinct(result, program, asked, witness, source)
    why, believed = _unproved(claim.satisfiable, len(proposed), source)
    return result._replace(why=why, believed=believed)


def read_answer(path: str | os.PathLike[str]) -> str:
    """The text of a solver's answer, ``"-"`` for standard input.  Raises AnswerError naming the file."""
    data = read_bytes(path, AnswerError)
    if len(data) > _MOST_BYTES:
        raise AnswerError(f"more than {_MOST_BYTES} bytes", file=os.fspath(path))
    return data.decode("utf-8", errors="replace")


def _distinct(result: CheckResult, program: Program, asked: Asked, direction: Direction, source: str) -> CheckResult:
    """The witness as a verdict, with a certificate that the verifier has accepted."""
    net, reference = asked.net, asked.reference
    second = lock_branches(net, [direction])
    directions = (reference.directions, second.directions)
    certificate = distinct_certificate(program.digest, directions)
    verify_certificate(program, certificate)
    return result._replace(
        verdict="distinct",
        subgradients=(net.scaled(reference.rows), net.scaled(second.rows)),
        directions=directions,
        separating_direction=direction,
        solver=f"an outside solver's answer ({source})",
        why="a direction on which the derivative is not linear, replayed exactly",
        certified=True,
        certificate=certificate,
    )


def _unproved(satisfiable: bool | None, tried: int, source: str) -> tuple[str, Believed | None]:
    """Why nothing in the answer is a witness, and what the solver claims."""
    by = f"the solver that answered ({source})"
    if satisfiable is None:
        return "the answer claims nothing", None
    if not satisfiable:
        return "the solver claims that there is no direction; that is no proof", Believed("unique", by)
    which = f"none of {tried} in and near the answer separates anything" if tried else "the answer does not give it"
    return f"the solver claims that there is a direction, but {which}", Believed("distinct", by)
