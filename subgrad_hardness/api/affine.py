"""``affine``: is F affine on a region?"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.options import require_bytes, require_flag, require_seconds, require_seed
from subgrad_hardness.api.regions import BoxLike, ConstraintsLike, accepted, bent_statement, given_region
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials.affinity import Affine, affinity
from subgrad_hardness.subdifferentials.asking import Open


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class AffineResult:
    """Whether F is affine on a region.

    Attributes
    ----------
    affine : True, False, or None where the limits came first (``why``).
    matrix, offset : F(x) = matrix x + offset on the region, where it is affine.
    bend : a point strictly inside at which F has two Jacobians, where it is not.
    jacobians : these two.
    certificate : the statement ``affine`` or ``bent``, accepted by the verifier; None with the reason in
        ``uncertified``.
    digest : of the net and its point; None where a limit came first.
    """

    affine: bool | None
    matrix: Matrix | None = None
    offset: tuple[Fraction, ...] | None = None
    bend: tuple[Fraction, ...] | None = None
    jacobians: tuple[Matrix, Matrix] | None = None
    certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    digest: str | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        verdict = {True: "affine", False: "not affine", None: "unknown"}[self.affine]
        return f"<AffineResult: {verdict}{'' if self.certificate is None else ', certified'}>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``affine --json`` prints."""
        return {
            "affine": self.affine,
            "matrix": self.matrix and matrix_json(self.matrix),
            "offset": self.offset and vector_json(self.offset),
            "bend": self.bend and vector_json(self.bend),
            "jacobians": self.jacobians and [matrix_json(jacobian) for jacobian in self.jacobians],
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "digest": self.digest,
            "seconds": round(self.seconds, 6),
        }


def affine(
    net: NetLike,
    *,
    box: BoxLike | None = None,
    constraints: ConstraintsLike | None = None,
    point: Sequence[NumberLike] | None = None,
    certificate: str | os.PathLike[str] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
) -> AffineResult:
    """Whether F is affine on a box, on a polyhedron or everywhere.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    box : pair or sequence of pairs of numbers, or path, optional
        One lower and upper bound for all inputs, or a pair for each; None in a pair: no bound.  A file (JSON, ``.npy``)
        holds the pairs.
    constraints : sequence of rows, or path, optional
        Rows of p + 1 numbers (a, b) that say a x <= b, or a file (JSON, ``.npy``) of them.  Without a box and without
        constraints the region is all of Q^p.
    point : sequence of numbers, optional
        Replaces the net's own point, which needs not lie in the region.
    certificate : path, optional
        Where to write the certificate, if one is obtained.
    certify : bool
        Whether a proof is written and verified.
    time_limit : float, optional
        Seconds for everything, in a worker process.
    memory_limit : int, optional
        Bytes of data, in a worker process.
    seed : int
        Drives all random choices.

    Returns
    -------
    AffineResult
        True with the affine map and a proof, False with a point inside and two Jacobians there, or None.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        The region does not fit the net, or is empty, or has no interior; or a limit makes no sense.

    Notes
    -----
    The question is coNP-complete in general.  Where the region fixes the phase of each relu it takes an exact linear
    program a relu.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}
    >>> sh.affine(net, box=(1, 2))
    <AffineResult: affine, certified>
    >>> sh.affine(net, box=(-1, 2)).bend
    (Fraction(0, 1),)
    """
    start = time.monotonic()
    job = partial(
        affine_within,
        box=box,
        constraints=constraints,
        point=point,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    ended = limited(job, net, seconds=require_seconds(time_limit), memory=require_bytes(memory_limit))
    result = ended.result or AffineResult(affine=None, why=ended.stopped, seconds=time.monotonic() - start)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def affine_within(
    net: NetLike,
    limits: Limits,
    _: Channels[AffineResult] | None = None,
    *,
    box: BoxLike | None = None,
    constraints: ConstraintsLike | None = None,
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
) -> AffineResult:
    """``affine`` in this process; the limits are looked at between its steps only."""
    start = time.monotonic()
    program = load(net, point)
    where = given_region(program, box, constraints, limits)
    found = affinity(program, where, limits, argued=certify, seed=seed)
    if isinstance(found, Open):
        spent = time.monotonic() - start
        return AffineResult(affine=None, why=found.why, digest=program.digest, seconds=spent)
    statement: Statement | None = None
    if isinstance(found, Affine):
        uncertified = found.unargued
        if found.argument is not None:
            claim = Statement(
                "affine",
                program.digest,
                constraints=where.rows,
                interior=where.interior,
                matrix=found.matrix,
                offset=found.offset,
                argument=found.argument,
            )
            statement, uncertified = accepted(program, claim)
        return AffineResult(
            affine=True,
            matrix=found.matrix,
            offset=found.offset,
            certificate=statement,
            uncertified=uncertified,
            digest=program.digest,
            seconds=time.monotonic() - start,
        )
    statement, uncertified = accepted(program, bent_statement(program, found, where.rows))
    return AffineResult(
        affine=False,
        bend=found.point,
        jacobians=found.jacobians,
        certificate=statement,
        uncertified=uncertified,
        digest=program.digest,
        seconds=time.monotonic() - start,
    )
