"""``support``: the support function of the Clarke subdifferential, and the directional derivative beside it."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.given_matrix import MatrixLike, Part, given_matrix, parts
from subgrad_hardness.api.options import require_bytes, require_flag, require_path, require_seconds, require_seed
from subgrad_hardness.api.shown import show_number
from subgrad_hardness.api.values_json import matrix_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials.hull import Combined
from subgrad_hardness.subdifferentials.oracle import Oracle
from subgrad_hardness.subdifferentials.statements import supremum as certified
from subgrad_hardness.subdifferentials.support import supported


@dataclass(frozen=True, kw_only=True, slots=True)
class SupportResult:
    """The greatest <U, J> over the Clarke subgradients J.

    Attributes
    ----------
    functional : U (m x p); for one output the direction u, and <U, J> = J u.
    attained : the value at ``member``, the greatest that is known.
    proved : no value is greater than this; equal to ``attained`` where the greatest is known; None: no bound.
    member : the subgradient that attains it, with an M that gives it.
    derivative : F'(x0; u), for one output; else None.
    certificate : accepted by the independent verifier, or None; ``uncertified`` says why.
    why : what is not decided, and why; else None.
    """

    digest: str | None = None
    point: tuple[Fraction, ...] | None = None
    functional: Matrix | None = None
    kinks: int | None = None
    attained: Fraction | None = None
    proved: Fraction | None = None
    member: Part | None = None
    derivative: Fraction | None = None
    certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    seconds: float = 0.0

    @property
    def value(self) -> Fraction | None:
        """The support function's value, where it is decided."""
        return self.attained if self.attained is not None and self.attained == self.proved else None

    @property
    def gap(self) -> Fraction | None:
        """The support minus the directional derivative; it is 0 iff F is Clarke regular in the direction."""
        return None if self.value is None or self.derivative is None else self.value - self.derivative

    def __repr__(self) -> str:
        if self.value is not None:
            return f"<SupportResult: {show_number(self.value)}>"
        least = "?" if self.attained is None else show_number(self.attained)
        most = "?" if self.proved is None else show_number(self.proved)
        return f"<SupportResult: between {least} and {most}>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``support --json`` prints."""

        def number(value: Fraction | None) -> str | None:
            return None if value is None else format_rational(value)

        return {
            "digest": self.digest,
            "point": None if self.point is None else [format_rational(entry) for entry in self.point],
            "functional": None if self.functional is None else matrix_json(self.functional),
            "kinks": self.kinks,
            "value": number(self.value),
            "attained": number(self.attained),
            "proved": number(self.proved),
            "member": None if self.member is None else self.member.to_json(),
            "derivative": number(self.derivative),
            "gap": number(self.gap),
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


def support(
    net: NetLike,
    direction: MatrixLike,
    *,
    point: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
    certify: bool = True,
    certificate: str | os.PathLike[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> SupportResult:
    """The support function of d_C F(x0), which is Clarke's generalised directional derivative, exactly.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    direction : u, p numbers (one output); for several outputs a functional U of m rows of p numbers: the greatest
        <U, J> over the joint set of Jacobians, which for U = w u^T is w J u.
    point : sequence of p numbers, optional
        Replaces the net's own point.
    time_limit, memory_limit : number of seconds, bytes, optional
        The work then runs in a worker process; a limit ends in a bracket.
    seed : int
        Drives the search for members.
    certify : bool
        False: no certificate.
    certificate : path, optional
        Where to write the certificate.
    progress : callable, optional
        Hears what is being decided.

    Returns
    -------
    SupportResult
        The value with a subgradient that attains it, or a bracket; for one output F'(x0; u) and the gap, too.

    Raises
    ------
    NetError, PointError
        Bad input.
    ParameterError
        A bad option.

    Notes
    -----
    NP-hard at worst: for one hidden layer it is the weighted densest hemisphere.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, -1]]}]}
    >>> result = sh.support(net, [0, 1])
    >>> result.value, result.derivative, result.gap
    (Fraction(1, 1), Fraction(-1, 1), Fraction(2, 1))
    """
    start = time.monotonic()
    path = require_path(certificate, "certificate")
    job = partial(
        support_within,
        direction=direction,
        point=point,
        seed=require_seed(seed),
        certify=require_flag(certify, "certify") or path is not None,
    )
    seconds, memory = require_seconds(time_limit), require_bytes(memory_limit)
    ended = limited(job, net, seconds=seconds, memory=memory, progress=progress)
    result = SupportResult() if ended.result is None else ended.result
    if ended.stopped is not None:
        result = dataclasses.replace(result, why=ended.stopped)
    result = dataclasses.replace(result, seconds=time.monotonic() - start)
    if path is not None and result.certificate is not None:
        write_text(path, result.certificate.dumps())
    return result


def support_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[SupportResult] | None = None,
    *,
    direction: MatrixLike,
    point: Sequence[NumberLike] | None = None,
    seed: int = 0,
    certify: bool = True,
) -> SupportResult:
    """``support`` in this process, with limits that are looked at between steps only."""
    channels = channels or Channels()
    program = load(net, point)
    matrix = given_matrix(direction, program.output_count, program.input_count, "direction")
    oracle = Oracle(program, seed)
    channels.progress("support function")
    found = supported(oracle, matrix, limits, argued=certify)
    (part,) = parts(oracle, Combined((Fraction(1),), (found.member,)))
    result = SupportResult(
        digest=program.digest,
        point=program.point,
        functional=matrix,
        kinks=len(oracle.local.kink_units),
        attained=found.attained,
        proved=found.proved,
        member=part,
        derivative=oracle.net.derivative(matrix[0])[0] if len(matrix) == 1 else None,
        why=None if found.decided else "no proof within the limits that there is no greater value",
    )
    channels.result(result)
    if not certify:
        return dataclasses.replace(result, uncertified="it was not asked for")
    claimed = certified(oracle, matrix, found, limits)
    return dataclasses.replace(result, certificate=claimed.certificate, uncertified=claimed.why)
