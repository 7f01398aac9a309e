"""``contains``: is a vector a lexicographic subgradient, a Clarke subgradient, or neither?"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from subgrad_hardness.api.contained import ContainsResult, Distance, Separator
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.given_matrix import MatrixLike, given_matrix, parts
from subgrad_hardness.api.options import require_bytes, require_flag, require_path, require_seconds, require_seed
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials.functional import product
from subgrad_hardness.subdifferentials.hull import Combined
from subgrad_hardness.subdifferentials.membership import Unknown, Unlisted, in_clarke, in_lexicographic
from subgrad_hardness.subdifferentials.oracle import Oracle
from subgrad_hardness.subdifferentials.shortest import Shortest, shortest
from subgrad_hardness.subdifferentials.statements import Claimed, NotReplayed, member, outside, unlisted

#: A vector that is in d_C and none of the members known is looked for among so many branches, unless time is given.
_BRANCHES, _MORE_BRANCHES = 20_000, 10**9


def contains(
    net: NetLike,
    vector: MatrixLike,
    *,
    point: Sequence[NumberLike] | None = None,
    near: NumberLike | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
    certify: bool = True,
    certificate: str | os.PathLike[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> ContainsResult:
    """Decide whether a vector is a lexicographic or a Clarke subgradient at the point, exactly.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    vector : p numbers (one output), m rows of p numbers, or these m p numbers; floats are taken exactly
        For several outputs it is judged as one Jacobian: each row may be a subgradient of its output although the
        matrix is none.
    point : sequence of p numbers, optional
        Replaces the net's own point.
    near : number, optional
        Ask for the distance to d_C as well, and whether it is at most this.  A gradient that an autodiff framework has
        rounded is mostly not in d_C, which is often of lower dimension, but near it.
    time_limit, memory_limit : number of seconds, bytes, optional
        The work then runs in a worker process.  What is not decided by then is None.
    seed : int
        Drives the search for members.
    certify : bool
        False: no certificates; members are replayed all the same.
    certificate : path, optional
        Where to write the certificate about d_C.
    progress : callable, optional
        Hears what is being decided.

    Returns
    -------
    ContainsResult
        With the convex combination of members that the vector is, or the functional that separates it.

    Raises
    ------
    NetError, PointError
        Bad input.
    ParameterError
        A bad option.
    Disagreement
        Members do not survive their replay on the whole net: a bug in this project.

    Notes
    -----
    Column generation: no list of all members is made for d_C.  Membership is NP-hard at worst.  A vector inside d_C
    that is no member that was met is looked for in d_L case by case, in a bounded number of cases without a time limit.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> sh.contains(net, [0])
    <ContainsResult: (0), lexicographic False, Clarke True>
    >>> sh.contains(net, [2]).separator
    Separator(functional=((Fraction(1, 1),),), bound=Fraction(1, 1), value=Fraction(2, 1))
    """
    start = time.monotonic()
    path = require_path(certificate, "certificate")
    job = partial(
        contains_within,
        vector=vector,
        point=point,
        near=_distance(near),
        seed=require_seed(seed),
        certify=require_flag(certify, "certify") or path is not None,
        bounded=time_limit is None,
    )
    seconds, memory = require_seconds(time_limit), require_bytes(memory_limit)
    ended = limited(job, net, seconds=seconds, memory=memory, progress=progress)
    result = ContainsResult() if ended.result is None else ended.result
    if ended.stopped is not None:
        result = dataclasses.replace(result, why=ended.stopped)
    result = dataclasses.replace(result, seconds=time.monotonic() - start)
    written = result.certificate("clarke")
    if path is not None and written is not None:
        write_text(path, written.dumps())
    return result


def contains_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[ContainsResult] | None = None,
    *,
    vector: MatrixLike,
    point: Sequence[NumberLike] | None = None,
    near: Fraction | None = None,
    seed: int = 0,
    certify: bool = True,
    bounded: bool = True,
) -> ContainsResult:
    """``contains`` in this process, with limits that are looked at between steps only."""
    channels = channels or Channels()
    program = load(net, point)
    matrix = given_matrix(vector, program.output_count, program.input_count, "vector")
    oracle = Oracle(program, seed)
    result = ContainsResult(
        digest=program.digest, point=program.point, vector=matrix, kinks=len(oracle.local.kink_units)
    )
    try:
        channels.progress("Clarke set")
        result = _clarke(oracle, matrix, result, limits, certify)
        channels.result(result)
        if result.clarke is not False:
            channels.progress("lexicographic set")
            answer = in_lexicographic(oracle, matrix, limits, most=_BRANCHES if bounded else _MORE_BRANCHES)
            result = _lexicographic(oracle, matrix, answer, result, certify=certify, limits=limits)
            channels.result(result)
    except NotReplayed as failed:
        raise Disagreement(str(failed), {"report": result.to_json()}) from None
    if near is not None:
        channels.progress("distance")
        result = dataclasses.replace(result, distance=_distanced(oracle, matrix, near, limits))
    return result


def _clarke(oracle: Oracle, matrix: Matrix, result: ContainsResult, limits: Limits, certify: bool) -> ContainsResult:
    answer = in_clarke(oracle, matrix, limits, argued=certify)
    if isinstance(answer, Unknown):
        return dataclasses.replace(result, why=f"Clarke set: {answer.why}")
    if isinstance(answer, Combined):
        result = dataclasses.replace(result, clarke=True, autodiff=True, combination=parts(oracle, answer))
        return _with(result, "clarke", member(oracle, "clarke", matrix, answer), certify)
    separator = Separator(functional=answer.functional, bound=answer.bound, value=product(answer.functional, matrix))
    result = dataclasses.replace(result, clarke=False, lexicographic=False, separator=separator)
    return _with(result, "clarke", outside(oracle, matrix, answer, limits), certify) if certify else result


def _lexicographic(
    oracle: Oracle,
    matrix: Matrix,
    answer: Element | Unlisted | Unknown,
    result: ContainsResult,
    *,
    certify: bool,
    limits: Limits,
) -> ContainsResult:
    if isinstance(answer, Unknown):
        why = f"lexicographic set: {answer.why}"
        return dataclasses.replace(result, why=why if result.why is None else f"{result.why}; {why}")
    if isinstance(answer, Unlisted):
        result = dataclasses.replace(result, lexicographic=False)
        return _with(result, "lexicographic", unlisted(oracle, matrix, answer, limits), certify) if certify else result
    combined = Combined((Fraction(1),), (answer,))
    result = dataclasses.replace(
        result, lexicographic=True, clarke=True, autodiff=True, combination=parts(oracle, combined)
    )
    return _with(result, "lexicographic", member(oracle, "lexicographic", matrix, combined), certify)


def _with(result: ContainsResult, which: str, claimed: Claimed, certify: bool) -> ContainsResult:
    """The result with a certificate; a replay alone leaves none."""
    if not certify:
        return result
    if claimed.certificate is None:
        return dataclasses.replace(result, uncertified=(*result.uncertified, (which, claimed.why or "")))
    return dataclasses.replace(result, certificates=(*result.certificates, (which, claimed.certificate)))


def _distance(near: NumberLike | None) -> Fraction | None:
    if near is None:
        return None
    (value,) = exact_vector([near], 1, "near")
    if value < 0:
        raise ParameterError(f"{format_rational(value)} is negative", place="near")
    return value


def _distanced(oracle: Oracle, matrix: Matrix, near: Fraction, limits: Limits) -> Distance | None:
    found: Shortest | None = shortest(oracle, matrix, limits, argued=False)
    if found is None:
        return None
    within = True if found.squared <= near**2 else False if found.least > near**2 else None
    return Distance(squared=found.squared, least=found.least, nearest=found.point, near=within)
