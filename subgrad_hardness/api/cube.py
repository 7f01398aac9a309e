"""``cube``: the largest cube around the point on which F is affine."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.options import require_bytes, require_flag, require_seconds, require_seed
from subgrad_hardness.api.regions import accepted, bent_statement
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials import region
from subgrad_hardness.subdifferentials.largest_cube import LargestCube, largest_cube


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class CubeResult:
    """The largest r such that F is affine where |x - x0| <= r in the largest-entry norm.

    Attributes
    ----------
    radius : r, attained; None where F is affine everywhere (``everywhere``) or nobody knows (``why``).
    everywhere : whether F is affine on all of Q^p; None: nobody knows.
    lower, upper : what is known of r: both are ``radius`` where it is known; ``upper`` None: no bound is known.
    matrix, offset : F(x) = matrix x + offset on the cube (for the radius 0: one of the pieces at x0).
    bend : a point at the distance r at which F has two Jacobians.
    jacobians : these two.
    affine_certificate, bent_certificate : the two halves of the claim, accepted by the verifier: ``affine`` on the
        closed cube, and ``bent`` at ``bend``.  For r = 0 there is only the second, everywhere only the first.
    """

    radius: Fraction | None
    everywhere: bool | None
    lower: Fraction | None = None
    upper: Fraction | None = None
    matrix: Matrix | None = None
    offset: tuple[Fraction, ...] | None = None
    bend: tuple[Fraction, ...] | None = None
    jacobians: tuple[Matrix, Matrix] | None = None
    affine_certificate: Statement | None = None
    bent_certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    digest: str | None = None
    seconds: float = 0.0

    @property
    def certified(self) -> bool:
        """Whether all that the radius claims is proved."""
        affine = self.affine_certificate is not None or self.radius == 0
        return self.why is None and affine and (self.bent_certificate is not None or self.everywhere is True)

    def __repr__(self) -> str:
        if self.everywhere:
            return "<CubeResult: affine everywhere>"
        return f"<CubeResult: {'unknown' if self.radius is None else f'radius {self.radius}'}>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``cube --json`` prints."""
        return {
            "radius": _number(self.radius),
            "everywhere": self.everywhere,
            "lower": _number(self.lower),
            "upper": _number(self.upper),
            "matrix": self.matrix and matrix_json(self.matrix),
            "offset": self.offset and vector_json(self.offset),
            "bend": self.bend and vector_json(self.bend),
            "jacobians": self.jacobians and [matrix_json(jacobian) for jacobian in self.jacobians],
            "certified": self.certified,
            "uncertified": self.uncertified,
            "why": self.why,
            "digest": self.digest,
            "seconds": round(self.seconds, 6),
        }


def cube(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    certificate: str | os.PathLike[str] | None = None,
    bent_certificate: str | os.PathLike[str] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
) -> CubeResult:
    """The largest cube around the point on which F is affine, exactly.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    certificate, bent_certificate : path, optional
        Where to write the two halves of the proof: that F is affine on the cube, that it has two Jacobians at a point
        at the distance r.
    certify : bool
        Whether proofs are written and verified.
    time_limit : float, optional
        Seconds for everything, in a worker process.
    memory_limit : int, optional
        Bytes of data, in a worker process.
    seed : int
        Drives all random choices.

    Returns
    -------
    CubeResult

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        A limit makes no sense.

    Notes
    -----
    One forward pass with p + 1 columns gives the kink that is nearest, in the dual norm of its gradient; where F bends
    there, that is the answer.  Where it does not, the engines are asked on cubes, which is as hard as ``affine``.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}
    >>> sh.cube(net, point=["-2/3"])
    <CubeResult: radius 2/3>
    """
    start = time.monotonic()
    job = partial(cube_within, point=point, certify=require_flag(certify, "certify"), seed=require_seed(seed))
    ended = limited(job, net, seconds=require_seconds(time_limit), memory=require_bytes(memory_limit))
    spent = time.monotonic() - start
    result = ended.result or CubeResult(radius=None, everywhere=None, why=ended.stopped, seconds=spent)
    for place, statement in ((certificate, result.affine_certificate), (bent_certificate, result.bent_certificate)):
        if place is not None and statement is not None:
            write_text(place, statement.dumps())
    return result


def cube_within(
    net: NetLike,
    limits: Limits,
    _: Channels[CubeResult] | None = None,
    *,
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
) -> CubeResult:
    """``cube`` in this process; the limits are looked at between its steps only."""
    start = time.monotonic()
    program = load(net, point)
    found = largest_cube(program, limits, argued=certify, seed=seed)
    known = found.why is None
    affine, bent, uncertified = _certified(program, found) if known and certify else (None, None, None)
    return CubeResult(
        radius=found.lower if known else None,
        everywhere=found.lower is None if known else False if found.upper is not None else None,
        lower=found.lower,
        upper=found.upper,
        matrix=found.affine.matrix,
        offset=found.affine.offset,
        bend=found.bend and found.bend.point,
        jacobians=found.bend and found.bend.jacobians,
        affine_certificate=affine,
        bent_certificate=bent,
        uncertified=uncertified,
        why=found.why,
        digest=program.digest,
        seconds=time.monotonic() - start,
    )


def _certified(program: Program, found: LargestCube) -> tuple[Statement | None, Statement | None, str | None]:
    """Both halves, and why one of them is missing that should be there."""
    affine = bent = uncertified = None
    if found.affine.argument is not None:
        where = region.whole(program.point) if found.lower is None else region.cube(program.point, found.lower)
        claim = Statement(
            "affine",
            program.digest,
            constraints=where.rows,
            interior=where.interior,
            matrix=found.affine.matrix,
            offset=found.affine.offset,
            argument=found.affine.argument,
        )
        affine, uncertified = accepted(program, claim)
    elif found.lower != 0:
        uncertified = found.affine.unargued
    if found.bend is not None:
        bent, other = accepted(program, bent_statement(program, found.bend, ()))
        uncertified = uncertified or other
    return affine, bent, uncertified


def _number(value: Fraction | None) -> str | None:
    return None if value is None else format_rational(value)
