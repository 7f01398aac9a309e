"""``support``: how steep a net can be in a direction near its point, and whether it is so at the point itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.options import require_flag, require_seed
from subgrad_hardness.api.readable import Readable, of_proof, of_statement
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.maximum import Greatest, maximum


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SupportResult(Readable):
    """The support function of the Clarke subdifferential in one direction.

    Attributes
    ----------
    direction, weights : u, and w: the net is asked about as w F where it has several outputs.
    support : F°(x0; u) = max of w J u over d_C F(x0), Clarke's directional derivative: exact if ``exact``, else a lower
        bound.
    proved : no subgradient has a greater value: ``support`` where that is exact; None where a limit came before any
        bound.
    derivative : F'(x0; u), the directional derivative; at most ``support``.
    subgradient : a lexicographic subgradient J with w J u = ``support``, m x p.
    certificate : accepted by the verifier, or None; ``uncertified`` says why.
    why : why no exact value is known.
    """

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    direction: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    support: Fraction
    proved: Fraction | None
    derivative: Fraction
    exact: bool
    subgradient: Matrix
    certificate: Statement | None
    uncertified: str | None
    why: str | None
    seconds: float

    @property
    def gap(self) -> Fraction:
        """F°(x0; u) - F'(x0; u); 0 iff F is Clarke regular at x0 in this direction (where ``exact``)."""
        return self.support - self.derivative

    def __repr__(self) -> str:
        sign = "" if self.exact else ">= "
        return f"<SupportResult: {sign}{show_number(self.support)} towards {show_vector(self.direction)}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        sign = "=" if self.exact else ">="
        proof = ", certified" if self.certificate is not None else ""
        lines = [
            f"direction u = {show_vector(self.direction)} at {show_vector(self.point)}",
            f"  greatest slope nearby    F°(x0; u) {sign} {show_number(self.support)}{proof}",
        ]
        if not self.exact and self.proved is not None:
            lines.append(f"  proved: at most         {show_number(self.proved)}")
        lines.append(f"  directional derivative   F'(x0; u) = {show_number(self.derivative)}")
        if self.exact:
            regular = "Clarke regular in this direction" if not self.gap else f"gap {show_number(self.gap)}"
            lines.append(f"  {regular}")
        lines.append(f"  attained by {show_matrix(self.subgradient)}")
        lines += [f"  {line}" for line in of_proof(self.why, self.uncertified)]
        return [*lines, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``support --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": vector_json(self.point),
            "direction": vector_json(self.direction),
            "weights": vector_json(self.weights),
            "support": format_rational(self.support),
            "proved": None if self.proved is None else format_rational(self.proved),
            "derivative": format_rational(self.derivative),
            "gap": format_rational(self.gap),
            "exact": self.exact,
            "subgradient": matrix_json(self.subgradient),
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": self.seconds,
        }


def support(
    net: NetLike,
    direction: Sequence[NumberLike],
    *,
    weights: Sequence[NumberLike] | None = None,
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> SupportResult:
    """The support function of the Clarke subdifferential in a direction, beside the directional derivative.

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    direction : sequence of p numbers
        u; floats are taken exactly.
    weights : sequence of m numbers, optional
        Of the outputs (all ones by default): the function is w F.
    point : sequence of numbers, optional
        Replaces the net's own point.
    certify : bool
        Make a certificate.
    seed : int
        Of the directions in which first members are looked for; the answer does not depend on it where it is exact.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; then the best known value is given.

    Returns
    -------
    SupportResult

    Raises
    ------
    NetError, PointError
        The net, the point, the direction or the weights cannot be read, or do not fit.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before anything was known.

    Notes
    -----
    F°(x0; u) = max { F'(x0; y + u) - F'(x0; y) : y } for these functions (Clarke 1983).  Deciding it is NP-hard.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x y; a = abs x; b = abs y; f = a - b; outputs f")
    >>> found = sh.support(net, [0, 1])
    >>> found.support, found.derivative, found.gap
    (Fraction(1, 1), Fraction(-1, 1), Fraction(2, 1))
    """
    job: Job[SupportResult] = partial(
        support_within,
        direction=direction,
        weights=weights,
        point=point,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, net, time_limit, memory_limit)


def support_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[SupportResult],
    *,
    direction: Sequence[NumberLike],
    weights: Sequence[NumberLike] | None,
    point: Sequence[NumberLike] | None,
    certify: bool,
    seed: int,
) -> SupportResult:
    """``support`` in this process; reports each greater value."""
    start = time.monotonic()
    program = near_point(load(net, point), limits=limits)
    along = exact_vector(direction, program.input_count, "direction")
    given = [1] * program.output_count if weights is None else weights
    outputs = exact_vector(given, program.output_count, "weights")
    functional = tuple([tuple([weight * entry for entry in along]) for weight in outputs])
    convex = ClarkeSet(program, seed)
    derivative = convex.net.derivative(along)

    def result(found: Greatest, made: stating.Stated) -> SupportResult:
        return SupportResult(
            digest=program.digest,
            statement=statement_made(program, "unknown"),
            point=program.point,
            direction=along,
            weights=outputs,
            support=found.attained,
            proved=found.proved,
            derivative=sum((weight * entry for weight, entry in zip(outputs, derivative, strict=True)), Fraction(0)),
            exact=found.exact,
            subgradient=found.point.jacobian,
            certificate=made.certificate,
            uncertified=made.uncertified,
            why=None if found.exact else made.uncertified,
            seconds=time.monotonic() - start,
        )

    def heard(found: Greatest) -> None:
        channels.result(result(found, stating.Stated(None, STOPPED)))

    found = maximum(convex, functional, limits, argued=certify, heard=heard)
    if not (certify and found.exact):
        return result(found, stating.Stated(None, None if found.exact else found.why))
    heard(found)
    return result(found, stating.stated(program, stating.support(program, "clarke", functional, found), found.why))
