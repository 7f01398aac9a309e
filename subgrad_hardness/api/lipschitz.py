"""``lipschitz``: local Lipschitz constants of a net of one output, the greatest norms of its Clarke subgradients."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.options import require_flag, require_piecewise_linear, require_seed
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.completeness import Differs
from subgrad_hardness.subdifferentials.norm_claims import norm_claims
from subgrad_hardness.subdifferentials.norms import NORMS, Largest, largest_norms


@dataclass(frozen=True, kw_only=True, slots=True)
class GreatestNorm:
    """The greatest norm of a Clarke subgradient lies between ``attained``, that of ``gradient``, and ``proved`` (None:
    no bound is known)."""

    attained: Fraction
    proved: Fraction | None
    gradient: tuple[Fraction, ...]

    @property
    def value(self) -> Fraction | None:
        """The greatest norm, where it is decided."""
        return self.attained if self.attained == self.proved else None

    def shown(self) -> str:
        """The norm, or its bounds, for people."""
        if self.value is not None:
            return show_number(self.value)
        most = "unknown" if self.proved is None else show_number(self.proved)
        return f"between {show_number(self.attained)} and {most}"

    def to_json(self) -> dict[str, Any]:
        """An object of reports."""
        return {
            "value": None if self.value is None else format_rational(self.value),
            "attained": format_rational(self.attained),
            "proved": None if self.proved is None else format_rational(self.proved),
            "gradient": vector_json(self.gradient),
        }


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class LipschitzResult(Readable):
    """The greatest norms of elements of d_C F(x0).

    Near x0, |F(x) - F(y)| <= L |x - y| with the least L that holds in every neighbourhood: ``l1`` where |x - y| is the
    maximum norm, ``linf`` where it is the l1 norm, the root of ``l2_squared`` (exact, so it is given squared) where it
    is the Euclidean norm.

    Attributes
    ----------
    certificates : by name, of the kinds ``support`` and ``complete``, accepted by the verifier.
    rests_on : by norm, the names of those that bound it.
    uncertified : by norm, why nothing certified bounds it.
    why : what is not decided, and why.
    """

    digest: str
    point: tuple[Fraction, ...]
    l1: GreatestNorm | None = None
    l2_squared: GreatestNorm | None = None
    linf: GreatestNorm | None = None
    certificates: Mapping[str, Statement] = field(default_factory=dict)
    rests_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncertified: Mapping[str, str] = field(default_factory=dict)
    why: str | None = None
    seconds: float = 0.0

    @property
    def decided(self) -> bool:
        """Whether all three are known."""
        return all(norm is not None and norm.value is not None for norm in (self.l1, self.l2_squared, self.linf))

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = ["greatest norms of Clarke subgradients"]
        for name, words in _NAMES.items():
            norm: GreatestNorm | None = getattr(self, name)
            if norm is not None:
                proof = f" (certified by {_claims(self.rests_on[name])})" if name in self.rests_on else ""
                lines.append(f"  {words}: {norm.shown()}, at {show_vector(norm.gradient)}{proof}")
                if norm.value is not None and name in self.uncertified:
                    lines.append(f"    no certificate: {self.uncertified[name]}")
        return lines if self.why is None else [*lines, f"not decided: {self.why}"]

    def to_json(self) -> dict[str, Any]:
        """The object that ``lipschitz --json`` prints."""
        norms: dict[str, GreatestNorm | None] = {name: getattr(self, name) for name in NORMS}
        return {
            "version": 1,
            "digest": self.digest,
            "point": vector_json(self.point),
            **{name: None if norm is None else norm.to_json() for name, norm in norms.items()},
            "decided": self.decided,
            "certified": sorted(self.certificates),
            "rests_on": {name: list(names) for name, names in self.rests_on.items()},
            "uncertified": dict(self.uncertified),
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


_NAMES = {"l1": "l1 norm", "l2_squared": "Euclidean norm, squared", "linf": "maximum norm"}


def _claims(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else count(len(names), "support")


def lipschitz(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
) -> LipschitzResult:
    """Local Lipschitz constants of a net of one output at the point, exactly: the greatest norms of its subgradients.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    point : sequence of p numbers, optional
        Replaces the net's own point.
    certify : bool
        Make certificates that bound the norms.
    time_limit, memory_limit : number of seconds, bytes, optional
        For everything; a limit ends in what is known.
    seed : int
        Drives the search for members.

    Returns
    -------
    LipschitzResult

    Raises
    ------
    NetError, PointError
        Bad input, or a net of several outputs.
    ParameterError
        A bad option.
    LimitReached
        A limit was hit before the net was read.

    Notes
    -----
    NP-hard.  The maximum norm takes 2 p support functions; the other two list all cells where that leaves a gap.  A
    norm is certified by a ``support`` for each entry and sign (``rests_on`` names them), or by the list of all members
    (``complete``); the l1 norm of few inputs also by a ``support`` for each vector of signs.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 2, "layers": [{"weight": [[3, -4]], "activation": "abs"}]}
    >>> found = sh.lipschitz(net)
    >>> print(found.l1.value, found.l2_squared.value, found.linf.value)
    7 25 4
    >>> found.rests_on["l1"]
    ('support+0', 'support-0', 'support+1', 'support-1')
    >>> sh.verify(net, found.certificates["support+0"])
    VERIFIED support
    """
    job: Job[LipschitzResult] = partial(
        lipschitz_within, point=point, seed=require_seed(seed), certify=require_flag(certify, "certify")
    )
    return answer_within(job, net, time_limit, memory_limit)


def lipschitz_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[LipschitzResult],
    *,
    point: Sequence[NumberLike] | None,
    seed: int,
    certify: bool,
) -> LipschitzResult:
    """``lipschitz`` in this process."""
    start = time.monotonic()
    program = near_point(load(net, point), limits=limits)
    require_piecewise_linear(program, "a Lipschitz constant")
    if program.output_count != 1:
        raise PointError(f"{count(program.output_count, 'output')}; Lipschitz constants are about nets of one output")
    nothing = LipschitzResult(
        digest=program.digest,
        point=program.point,
        uncertified=dict.fromkeys(NORMS, STOPPED) if certify else {},
        why=STOPPED,
        seconds=time.monotonic() - start,
    )
    channels.result(nothing)
    convex = ClarkeSet(program, seed)
    found = largest_norms(convex, limits)
    result = replace(
        nothing,
        l1=_norm(found.l1),
        l2_squared=_norm(found.l2_squared),
        linf=_norm(found.linf),
        why=found.why,
        seconds=time.monotonic() - start,
    )
    if not certify:
        return result
    channels.result(result)
    try:
        claims = norm_claims(convex, found, limits)
    except Differs as differs:
        raise Disagreement(str(differs), {"digest": program.digest}) from None
    return replace(
        result,
        certificates=claims.certificates,
        rests_on=claims.rests_on,
        uncertified=claims.uncertified,
        seconds=time.monotonic() - start,
    )


def _norm(found: Largest) -> GreatestNorm:
    return GreatestNorm(attained=found.attained, proved=found.proved, gradient=found.gradient)
