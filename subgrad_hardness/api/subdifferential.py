"""``subdifferential``: all lexicographic subgradients, as they are found, and their convex hull as a polytope."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Any

from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.options import require_count, require_flag, require_path, require_positive, require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.subdifferential_result import ClarkeSet, Member, SubdifferentialResult
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.progress import Found, hearing
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.counting import count_pieces
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.local.local_net import Matrix, Rows
from subgrad_hardness.local.localise import localise
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.subdifferentials.completeness import Differs
from subgrad_hardness.subdifferentials.completeness import complete as proved_complete
from subgrad_hardness.subdifferentials.listing import Plan, counted, listed
from subgrad_hardness.subdifferentials.members import sampled
from subgrad_hardness.subdifferentials.polytope import Polytope

#: Progress is reported each time that so many members were found.
# In nets of more kinks than this an enumeration may be long in coming, and begins with so many random directions.
_FEW_KINKS, _SAMPLES = 64, 16


def subdifferential(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    jobs: int = 1,
    resume: str | os.PathLike[str] | None = None,
) -> Subdifferential:
    """The lexicographic and the Clarke subdifferential at the point, to be asked for what is wanted.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    point : sequence of p numbers, optional
        Replaces the net's own point.
    jobs : int
        So many processes list the members; with more than one they come in no fixed order.
    resume : path, optional
        A file that keeps what was found and what is left to be looked into, so that another call goes on from there
        after any end whatever.  It is made if it is not there.

    Returns
    -------
    Subdifferential

    Raises
    ------
    NetError, PointError
        Bad input.
    ParameterError
        A bad option; when members are listed, also a file that is another net's.

    Notes
    -----
    Nothing is listed before it is asked for.  There may be exponentially many lexicographic subgradients in the number
    of kinks; ``contains``, ``support`` and ``shortest`` need no list.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}]}
    >>> whole = sh.subdifferential(net)
    >>> sorted(tuple(map(int, member.jacobian[0])) for member in whole)
    [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    >>> body = whole.polytope()
    >>> body.dimension, body.volume(), body.contains((0, 0))
    (2, Fraction(4, 1), True)
    """
    return Subdifferential(
        net, point, Plan(require_positive(jobs, "jobs", "processes"), require_path(resume, "resume"))
    )


class Subdifferential(Readable):
    """One net at its point.  Iterating gives the elements of d_L as they are found, each once; they are kept.

    Attributes
    ----------
    digest, point, kinks : of the net.
    complete : whether all members were found.
    """

    def __init__(self, net: NetLike, point: Sequence[NumberLike] | None = None, plan: Plan | None = None) -> None:
        self._plan = plan or Plan()
        self._program = near_point(load(net, point))
        self._local = localise(self._program)
        self._found: dict[Rows, Member] = {}
        self.digest = self._program.digest
        self.point = self._program.point
        self.kinks = len(self._local.kink_units)
        self.complete = False

    def __repr__(self) -> str:
        return repr(self._known()).replace("Result", "", 1)

    def _known(self) -> SubdifferentialResult:
        """What was found so far."""
        members, statement = tuple(self._found.values()), statement_made(self._program, "unknown")
        result = SubdifferentialResult(digest=self.digest, statement=statement, point=self.point, kinks=self.kinks)
        number = len(members) if self.complete else None
        return replace(result, members=members, number=number, complete=self.complete)

    def lines(self) -> list[str]:
        """What was found so far, for people."""
        return self._known().lines()

    def exact_values(self) -> Iterator[tuple[str, Any]]:
        """The numbers of what was found so far."""
        return self._known().exact_values()

    def __iter__(self) -> Iterator[Member]:
        return self._members(NO_LIMITS)

    def members(self, *, time_limit: float | None = None) -> tuple[Member, ...]:
        """All of them.  Raises LimitReached; what was found by then is kept, and is the start of the next answer."""
        limits = Limits.seconds(require_seconds(time_limit))
        for _ in self._members(limits):
            limits.check()
        return tuple(self._found.values())

    def count(self, *, time_limit: float | None = None) -> int:
        """How many there are: without listing them where theory gives the number (``derivative.counting``).

        Raises LimitReached.
        """
        return self._count(Limits.seconds(require_seconds(time_limit)))

    def polytope(self, *, time_limit: float | None = None) -> Polytope:
        """The Clarke subdifferential, in the space of m x p matrices read row by row.

        Facets, volume, nearest points are worked out when they are asked for, within the same time limit.
        Raises LimitReached.
        """
        return self._polytope(Limits.seconds(require_seconds(time_limit)))

    def report(
        self,
        *,
        limit: int | None = None,
        count_only: bool = False,
        clarke: bool = False,
        facets: bool = False,
        volume: bool = False,
        certify: bool = False,
        certificate: str | os.PathLike[str] | None = None,
        time_limit: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> SubdifferentialResult:
        """What the command ``subdifferential`` prints: what is found within the limits, and what is not.

        Parameters
        ----------
        limit : int, optional
            Stop after so many members.
        count_only : bool
            Their number, and none of them.
        clarke, facets, volume : bool
            The convex hull: vertices, dimension, affine hull, shortest element, largest norms; and its facets and its
            volume, each of which asks for the hull, too.
        certify : bool
            A certificate that there are no other members.
        certificate : path, optional
            Where to write it.
        time_limit : number of seconds, optional
        progress : callable, optional
            Hears how many were found; by default ``sh.progress()`` shows it.

        Raises
        ------
        ParameterError
            A bad option; a file to go on from that is another net's.
        Disagreement
            Two enumerations differ: a bug.
        OutputError
            The certificate cannot be written, or the file to go on from.
        """
        start = time.monotonic()
        limits = Limits.seconds(require_seconds(time_limit))
        most = None if limit is None else require_count(limit, "limit")
        facets, volume = require_flag(facets, "facets"), require_flag(volume, "volume")
        hull = require_flag(clarke, "clarke") or facets or volume
        path = require_path(certificate, "certificate")
        certify = require_flag(certify, "certify") or path is not None
        statement = statement_made(self._program, "unknown")
        result = SubdifferentialResult(digest=self.digest, statement=statement, point=self.point, kinks=self.kinks)
        counting = require_flag(count_only, "count_only")
        stage = "not all lexicographic subgradients are known"
        try:
            with hearing(progress):
                if counting:
                    stage = "the number is not known"
                    result = replace(result, number=self._count(limits))
                else:
                    result = self._listed(result, limits, most)
                    stage = "the Clarke subdifferential is not known"
                    if hull and result.complete:
                        result = self._hull(result, limits, facets, volume)
        except LimitReached as reached:
            members = None if counting else tuple(self._found.values())
            result = replace(result, why=f"{stage}: {reached}", members=members)
        if certify:
            result = self._certified(result, limits)
        if path is not None and result.certificate is not None:
            write_text(path, result.certificate.dumps())
        return replace(result, seconds=time.monotonic() - start)

    def _count(self, limits: Limits) -> int:
        if self.complete:
            return len(self._found)
        if self._plan.simple:
            return count_pieces(self._local.net, limits)
        return counted(self._local.net, self.digest, self._plan, limits)

    def _members(self, limits: Limits) -> Generator[Member]:
        """What is known; then, for large nets, some random ones, so that there is one at once; then the rest."""
        yield from tuple(self._found.values())
        if self.complete:
            return
        net, told = self._local.net, Found("lexicographic subgradient")
        if len(net.kinks) > _FEW_KINKS and not self._found:
            for element in sampled(net, _SAMPLES, limits):
                if element.rows not in self._found:
                    yield self._kept(element)
        found = pieces(net, limits) if self._plan.simple else listed(net, self.digest, self._plan, limits)
        with closing(found):
            for piece in found:
                if piece.rows not in self._found:
                    yield self._kept(piece)
                    told.so_many(len(self._found))
        self.complete = True

    def _kept(self, piece: LinearPiece) -> Member:
        member = Member(jacobian=self._local.net.scaled(piece.rows), interior=piece.interior)
        return self._found.setdefault(piece.rows, member)

    def _listed(self, result: SubdifferentialResult, limits: Limits, most: int | None) -> SubdifferentialResult:
        with closing(self._members(limits)) as found:
            for number, _ in enumerate(found, 1):
                limits.check()
                if number == most and not self.complete:
                    members = tuple(self._found.values())[:most]
                    return replace(result, members=members, why=f"stopped after {most}, as asked")
        members = tuple(self._found.values())
        return replace(result, members=members, number=len(members), complete=True)

    def _polytope(self, limits: Limits) -> Polytope:
        for _ in self._members(limits):
            limits.check()
        return Polytope([list(chain.from_iterable(member.jacobian)) for member in self._found.values()], limits)

    def _hull(self, result: SubdifferentialResult, limits: Limits, facets: bool, volume: bool) -> SubdifferentialResult:
        body = self._polytope(limits)
        shortest = body.nearest([0] * len(body.vertices[0]))
        found = ClarkeSet(
            dimension=body.dimension,
            vertices=tuple(map(self._matrix, body.vertices)),
            free=body.free,
            equations=tuple([(equation.normal, equation.value) for equation in body.equations]),
            facets=None,
            volume=None,
            squared_volume=None,
            shortest=self._matrix(shortest.point),
            squared=shortest.squared,
            lipschitz=body.largest(),
        )
        try:
            if facets:
                found = replace(found, facets=tuple([(facet.normal, facet.bound) for facet in body.facets()]))
            if volume:
                found = replace(found, volume=body.volume(), squared_volume=body.squared_volume())
        except LimitReached as reached:
            missing = "volume" if volume and (found.facets is not None or not facets) else "facets"
            return replace(result, clarke=found, why=f"{missing} not known: {reached}")
        return replace(result, clarke=found)

    def _certified(self, result: SubdifferentialResult, limits: Limits) -> SubdifferentialResult:
        if not result.complete:
            return replace(result, uncertified="not all members are listed")
        try:
            members = frozenset(member.jacobian for member in self._found.values())
            claimed = proved_complete(self._program, self._local, members, limits)
        except Differs as differs:
            kept = self._plan.resume  # believed, as docs/subdifferential-polytope.md says
            blame = "" if kept is None else f"; unless {os.fspath(kept)} is false, whose cones are believed"
            raise Disagreement(f"{differs}{blame}", {"digest": self.digest}) from None
        return replace(result, certificate=claimed.certificate, uncertified=claimed.uncertified)

    def _matrix(self, flat: Sequence[Fraction]) -> Matrix:
        size = self._local.net.inputs
        return tuple([tuple(flat[start : start + size]) for start in range(0, len(flat), size)])
