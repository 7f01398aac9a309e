"""``subdifferential``: all lexicographic subgradients, as they are found, and their convex hull as a polytope."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.options import require_count, require_flag, require_path, require_seconds
from subgrad_hardness.api.subdifferential_result import ClarkeSet, Member, SubdifferentialResult
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.words import count
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
from subgrad_hardness.subdifferentials.polytope import Polytope

#: Progress is reported each time that so many members were found.
_REPORT_EVERY = 256


def subdifferential(net: NetLike, *, point: Sequence[NumberLike] | None = None) -> Subdifferential:
    """The lexicographic and the Clarke subdifferential at the point, to be asked for what is wanted.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    point : sequence of p numbers, optional
        Replaces the net's own point.

    Returns
    -------
    Subdifferential

    Raises
    ------
    NetError, PointError
        Bad input.

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
    return Subdifferential(net, point)


class Subdifferential:
    """One net at its point.  Iterating gives the elements of d_L as they are found, each once; they are kept.

    Attributes
    ----------
    digest, point, kinks : of the net.
    complete : whether all members were found.
    """

    def __init__(self, net: NetLike, point: Sequence[NumberLike] | None = None) -> None:
        self._program = near_point(load(net, point))
        self._local = localise(self._program)
        self._found: dict[Rows, Member] = {}
        self.digest = self._program.digest
        self.point = self._program.point
        self.kinks = len(self._local.kink_units)
        self.complete = False

    def __repr__(self) -> str:
        least = "" if self.complete else "at least "
        return f"<Subdifferential: {least}{count(len(self._found), 'lexicographic subgradient')}>"

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
        if self.complete:
            return len(self._found)
        return count_pieces(self._local.net, Limits.seconds(require_seconds(time_limit)))

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
            Hears how many were found.

        Raises
        ------
        ParameterError
            A bad option.
        Disagreement
            Two enumerations differ: a bug.
        OutputError
            The certificate cannot be written.
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
            if counting:
                stage = "the number is not known"
                result = replace(result, number=self.count(time_limit=limits.remaining))
            else:
                result = self._listed(result, limits, most, progress)
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

    def _members(self, limits: Limits) -> Iterator[Member]:
        if self.complete:
            yield from tuple(self._found.values())
            return
        for rows, interior in pieces(self._local.net, limits):
            if rows not in self._found:
                self._found[rows] = Member(jacobian=self._local.net.scaled(rows), interior=interior)
            yield self._found[rows]
        self.complete = True

    def _listed(
        self,
        result: SubdifferentialResult,
        limits: Limits,
        most: int | None,
        progress: Callable[[str], None] | None,
    ) -> SubdifferentialResult:
        for number, _ in enumerate(self._members(limits), 1):
            limits.check()
            if progress is not None and number % _REPORT_EVERY == 0:
                progress(count(number, "lexicographic subgradient"))
            if number == most and not self.complete:
                found = tuple(self._found.values())[:most]
                return replace(result, members=found, why=f"stopped after {most}, as asked")
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
            raise Disagreement(str(differs), {"digest": self.digest}) from None
        return replace(result, certificate=claimed.certificate, uncertified=claimed.uncertified)

    def _matrix(self, flat: Sequence[Fraction]) -> Matrix:
        size = self._local.net.inputs
        return tuple([tuple(flat[start : start + size]) for start in range(0, len(flat), size)])
