"""``regular``: is a net of one output Clarke regular at the point?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
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
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.regularity import Regularity, regularity


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class RegularResult(Readable):
    """Whether F'(x0; .) is the support function of d_C F(x0), which it is iff it is convex.

    Attributes
    ----------
    regular : None: not decided; ``why`` says why.
    base, direction, excess : if not, F'(base + direction) = F'(base) + F'(direction) + excess, which is positive: the
        gap F° - F' in ``direction`` is at least ``excess``.
    certificate : accepted by the independent verifier, or None; ``uncertified`` says why.
    """

    digest: str
    point: tuple[Fraction, ...]
    regular: bool | None
    base: tuple[Fraction, ...] | None = None
    direction: tuple[Fraction, ...] | None = None
    excess: Fraction | None = None
    certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    seconds: float = 0.0

    def __bool__(self) -> bool:
        raise TypeError("a RegularResult is neither true nor false: ask its regular, which may be None")

    def __repr__(self) -> str:
        return f"<RegularResult: regular {self.regular}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        if self.regular is None:
            return [f"not decided: {self.why}"]
        convex = "yes, F'(x0; .) is subadditive" if self.regular else "no, F'(x0; .) is not subadditive"
        lines = [f"Clarke regular: {convex}"]
        if self.base is not None and self.direction is not None and self.excess is not None:
            lines += [
                f"F'(y + u) exceeds F'(y) + F'(u) by {show_number(self.excess)} for",
                f"  y = {show_vector(self.base)}",
                f"  u = {show_vector(self.direction)}",
            ]
        return [*lines, "certified"] if self.certificate is not None else lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``regular --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "point": vector_json(self.point),
            "regular": self.regular,
            "base": None if self.base is None else vector_json(self.base),
            "direction": None if self.direction is None else vector_json(self.direction),
            "excess": None if self.excess is None else format_rational(self.excess),
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


def regular(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
    certify: bool = True,
) -> RegularResult:
    """Is a net of one output Clarke regular at the point?  In one direction alone: ``support`` has the gap.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    point : sequence of p numbers, optional
        Replaces the net's own point.
    time_limit, memory_limit : number of seconds, bytes, optional
        For everything; what is not known by then is None.
    seed : int
        Drives the search for a direction.
    certify : bool
        False: no certificate.

    Returns
    -------
    RegularResult

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
    coNP-hard; one question to the engines about a net with 2 p inputs and three times the kinks.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.regular({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    <RegularResult: regular True>
    """
    job: Job[RegularResult] = partial(
        regular_within, point=point, seed=require_seed(seed), certify=require_flag(certify, "certify")
    )
    return answer_within(job, net, time_limit, memory_limit)


def regular_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[RegularResult],
    *,
    point: Sequence[NumberLike] | None,
    seed: int,
    certify: bool,
) -> RegularResult:
    """``regular`` in this process."""
    start = time.monotonic()
    program = near_point(load(net, point), limits=limits)
    require_piecewise_linear(program, "regularity")
    if program.output_count != 1:
        raise PointError(f"{count(program.output_count, 'output')}; regularity is about nets of one output")

    def result(found: Regularity, made: stating.Stated, why: str | None = None) -> RegularResult:
        return RegularResult(
            digest=program.digest,
            point=program.point,
            regular=found.regular,
            base=found.base,
            direction=found.direction,
            excess=found.excess,
            certificate=made.certificate,
            uncertified=made.uncertified,
            why=why,
            seconds=time.monotonic() - start,
        )

    channels.result(result(Regularity(None), stating.Stated(None, STOPPED), STOPPED))
    found = regularity(program, limits, argued=certify, seed=seed)
    channels.result(result(found, stating.Stated(None, STOPPED), found.why if found.regular is None else None))
    made = stating.stated(program, found.statement if certify else None, found.why or "it was not asked for")
    return result(found, made, found.why if found.regular is None else None)
