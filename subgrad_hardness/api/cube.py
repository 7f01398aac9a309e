"""``cube``: the largest cube around a point on which a net is affine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.options import require_flag
from subgrad_hardness.api.readable import Readable, of_proof
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.cube import Cube, largest_cube
from subgrad_hardness.subdifferentials.regions import Homogeneous, Region, Vector, box


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class CubeResult(Readable):
    """The largest cube |x - x0|_inf <= radius on which a net is affine.

    Attributes
    ----------
    radius : exact; 0 if F is not affine around x0; None if F is affine everywhere, or nothing is known from above.
    exact : whether this is the largest (or F is affine everywhere); else it is an upper bound.
    affine_within : F is affine on the cube of this radius; the radius itself where it is exact (None: everywhere).
    matrix, offset : F(x) = matrix x + offset on the cube (of a piece beside x0, if the radius is 0).
    kink : a point at the distance ``radius`` at which F has two different Jacobians.
    inside, beyond : certificates that F is affine on the cube, and that it bends on any larger one; ``uncertified``
        says why one is None.
    """

    digest: str
    point: tuple[Fraction, ...]
    radius: Fraction | None
    exact: bool
    affine_within: Fraction | None
    matrix: Matrix
    offset: tuple[Fraction, ...]
    kink: tuple[Fraction, ...] | None
    inside: Statement | None
    beyond: Statement | None
    uncertified: str | None
    why: str | None
    seconds: float

    def __repr__(self) -> str:
        if self.exact:
            return f"<CubeResult: radius {'infinite' if self.radius is None else show_number(self.radius)}>"
        above = "unknown" if self.radius is None else f"at most {show_number(self.radius)}"
        return f"<CubeResult: radius {above}, at least {show_number(self.affine_within or Fraction(0))}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        centre = show_vector(self.point)
        if self.exact and self.radius is None:
            lines = ["F is affine everywhere"]
        elif self.exact and self.radius is not None:
            radius = show_number(self.radius)
            lines = [f"F is affine on |x - x0| <= {radius} (largest entry) around {centre}, and no further"]
            if not self.radius:
                lines = [f"F bends at the point {centre} itself: the largest cube is the point"]
        else:
            above = "" if self.radius is None else f", and not beyond {show_number(self.radius)}"
            within = show_number(self.affine_within or 0)
            lines = [f"F is affine at least on |x - x0| <= {within} around {centre}{above}"]
        if not self.exact or self.radius != 0:  # in a cube that is one point every map with this value is F's
            lines.append(f"  there F(x) = A x + b, A = {show_matrix(self.matrix)}, b = {show_vector(self.offset)}")
            if self.kink is not None and self.exact:
                lines.append(f"  it bends at {show_vector(self.kink)}")
        said = {"that F is affine there": self.inside, "that F bends on every larger cube": self.beyond}
        made = [words for words, statement in said.items() if statement is not None]
        if made:
            lines.append(f"  certified: {', and '.join(made)}")
        return [*lines, *[f"  {line}" for line in of_proof(self.why, self.uncertified)]]

    def to_json(self) -> dict[str, Any]:
        """The object that ``cube --json`` prints."""
        within = self.affine_within
        return {
            "version": 1,
            "digest": self.digest,
            "point": vector_json(self.point),
            "radius": None if self.radius is None else format_rational(self.radius),
            "exact": self.exact,
            "affine_within": None if within is None else format_rational(within),
            "matrix": matrix_json(self.matrix),
            "offset": vector_json(self.offset),
            "kink": None if self.kink is None else vector_json(self.kink),
            "certified": [name for name in ("inside", "beyond") if getattr(self, name) is not None],
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": self.seconds,
        }


def cube(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> CubeResult:
    """The largest cube around the point on which a net is affine, exactly.

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point.
    certify : bool
        Make the two certificates: affine on the cube, bent on any larger one.
    time_limit, memory_limit : optional
        Seconds for the search, after which bounds are given; bytes for everything.

    Returns
    -------
    CubeResult

    Raises
    ------
    NetError, PointError, ParameterError
        Bad input.
    LimitReached
        The memory limit was hit before anything was known.

    Notes
    -----
    Mostly the distance of the nearest hyperplane at which a relu changes; where what lies behind it does not matter,
    engines are asked and the distances of pieces are exact linear programs.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x y; a = abs x; b = max a y; outputs b; point 3 1")
    >>> found = sh.cube(net)
    >>> found.radius, found.kink
    (Fraction(1, 1), (Fraction(2, 1), Fraction(2, 1)))
    """
    job: Job[CubeResult] = partial(_cube_within, point=point, certify=require_flag(certify, "certify"))
    return answer_within(job, net, time_limit, memory_limit)


def _cube_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[CubeResult],
    *,
    point: Sequence[NumberLike] | None,
    certify: bool,
) -> CubeResult:
    start = time.monotonic()
    program = load(net, point)
    found = largest_cube(Homogeneous(program), limits, argued=certify)
    everywhere = found.exact and found.radius is None
    result = CubeResult(
        digest=program.digest,
        point=program.point,
        radius=found.radius,
        exact=found.exact,
        affine_within=None if everywhere else found.radius if found.exact else found.proved,
        matrix=found.piece.affine.matrix,
        offset=found.piece.affine.offset,
        kink=None if found.bend is None else found.bend.point,
        inside=None,
        beyond=None,
        uncertified=None,
        why=found.why,
        seconds=time.monotonic() - start,
    )
    if not certify:
        return result
    channels.result(replace(result, uncertified=STOPPED))
    inside, beyond = _inside(program, found), _beyond(program, found)
    return replace(
        result,
        inside=inside.certificate,
        beyond=beyond.certificate,
        uncertified=inside.uncertified or beyond.uncertified,
        seconds=time.monotonic() - start,
    )


def _inside(program: Program, found: Cube) -> stating.Stated:
    if found.radius == 0:
        return stating.Stated(None)  # a point needs no certificate
    if found.refuted is None:
        return stating.Stated(None, found.why)
    region = _region(program, found.radius)
    return stating.stated(
        program, stating.affine(program, region, found.piece.affine, found.refuted), found.refuted.unargued
    )


def _beyond(program: Program, found: Cube) -> stating.Stated:
    """Bent on a cube that is larger by any number: by half of it, or 1."""
    if found.bend is None or found.radius is None or not found.exact:
        return stating.Stated(None)
    larger = found.radius * Fraction(3, 2) or Fraction(1)
    return stating.stated(program, stating.bent(program, _region(program, larger), found.bend))


def _region(program: Program, radius: Fraction | None) -> Region:
    rows: list[Vector] = []
    if radius is not None:
        rows = box([entry - radius for entry in program.point], [entry + radius for entry in program.point])
    return Region(rows, program.input_count)
