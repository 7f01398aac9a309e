"""``stationary``: is the point stationary, in which sense, and which direction leads down?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from subgrad_hardness.api.answering import STOPPED, Certificates, answer_within
from subgrad_hardness.api.options import require_choice, require_flag, require_seed
from subgrad_hardness.api.stationary_result import NOTIONS, StationaryResult
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.autodiff_set import AutodiffSet
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.sets import ConvexSet
from subgrad_hardness.subdifferentials.stationarity import balanced, minimum


def stationary(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    constraints: Sequence[Sequence[NumberLike]] = (),
    notion: str = "all",
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> StationaryResult:
    """Is the point stationary for a net of one output: directionally, in Clarke's sense, for backpropagation?

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program, of one output.
    point : sequence of numbers, optional
        Replaces the net's own point.
    constraints : rows of p numbers, optional
        Only directions d with w d >= 0 for all rows w count: the active constraints of a polytope at the point.
    notion : ``"directional"``, ``"clarke"``, ``"autodiff"`` or ``"all"``
        Each of the three implies the next.
    certify : bool
        Make certificates.
    seed : int
        Of the directions in which first members are looked for; verdicts do not depend on it.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; what is not known by then is None.

    Returns
    -------
    StationaryResult

    Raises
    ------
    NetError, PointError
        The net, the point or the constraints cannot be read, or do not fit; a net of several outputs.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the net was read.

    Notes
    -----
    Deciding the directional notion is coNP-hard (Tian and So, arXiv 2501.03224).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x y; a = relu x; b = relu y; f = a - b; outputs f")
    >>> sh.stationary(net)
    <StationaryResult: directional no, clarke yes, autodiff yes, descent (0, 1)>
    >>> sh.stationary(net, constraints=[[0, -1]]).directional
    True
    """
    job: Job[StationaryResult] = partial(
        stationary_within,
        point=point,
        constraints=constraints,
        notion=require_choice(notion, "notion", (*NOTIONS, "all")),
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, net, time_limit, memory_limit)


def stationary_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[StationaryResult],
    *,
    point: Sequence[NumberLike] | None,
    constraints: Sequence[Sequence[NumberLike]],
    notion: str,
    certify: bool,
    seed: int,
) -> StationaryResult:
    """``stationary`` in this process; reports what is known after each notion."""
    start = time.monotonic()
    program = near_point(load(net, point), limits=limits)
    if program.output_count != 1:
        raise PointError(f"{count(program.output_count, 'output')}; stationarity is asked of one", place="net")
    rows = [exact_vector(row, program.input_count, f"constraints[{number}]") for number, row in enumerate(constraints)]
    wanted = NOTIONS if notion == "all" else (notion,)
    asking = _Asking(program, rows, wanted, limits, certify=certify)
    channels.result(asking.result(start))
    if "clarke" in wanted:
        asking.convex(ClarkeSet(program, seed))
        channels.result(asking.result(start))
    if "directional" in wanted:
        asking.directional()
        channels.result(asking.result(start))
    if "autodiff" in wanted:
        asking.convex(AutodiffSet(program, seed))
    return asking.result(start)


class _Asking:
    """What is known of the notions."""

    def __init__(
        self,
        program: Program,
        rows: list[tuple[Fraction, ...]],
        wanted: Sequence[str],
        limits: Limits,
        *,
        certify: bool,
    ) -> None:
        self.program, self.rows, self.wanted, self.limits = program, rows, wanted, limits
        self.known: dict[str, bool | None] = {}
        self.descent: tuple[int, ...] | None = None
        self.subgradients: dict[str, tuple[Fraction, ...]] = {}
        self.multipliers: dict[str, tuple[Fraction, ...]] = {}
        self.certificates = Certificates(program, wanted=certify)
        self.why: dict[str, str] = {}

    def convex(self, convex: ConvexSet) -> None:
        """Stationarity in the sense of a convex set."""
        name, size = convex.name, self.program.input_count
        placed, multipliers = balanced(convex, self.rows, size, self.limits, argued=self.certificates.wanted)
        self.known[name] = placed.inside
        if placed.inside is None:
            self.why[name] = placed.why or "not decided"
            return
        if placed.inside:
            self.subgradients[name], self.multipliers[name] = placed.nearest[0], multipliers
            self.certificates.add(name, stating.member(self.program, name, placed))
            return
        assert placed.separation is not None
        zero = ((Fraction(0),) * size,)
        self.certificates.add(name, stating.outside(self.program, name, zero, placed.separation), placed.why)

    def directional(self) -> None:
        """Stationarity in all allowed directions."""
        found = minimum(self.program, self.rows, self.limits, argued=self.certificates.wanted)
        self.known["directional"], self.descent = found.holds, found.descent
        if found.holds is None:
            self.why["directional"] = found.why or "not decided"
            return
        self.certificates.add("directional", found.statement, found.why)

    def result(self, start: float) -> StationaryResult:
        """What is known so far; should a limit end the work here, it is why the rest is not."""
        unknown = [name for name in self.wanted if self.known.get(name) is None]
        directional = self.known.get("directional")
        why = {**dict.fromkeys(unknown, STOPPED), **self.why}
        return StationaryResult(
            digest=self.program.digest,
            statement=statement_made(self.program, "unknown"),
            local_minimum=directional if self.program.piecewise_linear or directional is False else None,
            point=self.program.point,
            directional=directional,
            clarke=self.known.get("clarke"),
            autodiff=self.known.get("autodiff"),
            descent=self.descent,
            subgradients=dict(self.subgradients),
            multipliers=dict(self.multipliers),
            certificates=dict(self.certificates.made),
            uncertified={name: why[name] for name in unknown} | self.certificates.uncertified,
            why=why,
            asked=tuple(self.wanted),
            constrained=bool(self.rows),
            seconds=time.monotonic() - start,
        )
