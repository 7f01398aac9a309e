"""``affine``: is a net affine on a region?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.options import require_flag
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.region_options import ONE_POINT, BoxLike, region_of, thin
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.asking import Open, Refuted
from subgrad_hardness.subdifferentials.regions import Bend, Homogeneous, Vector, bend
from subgrad_hardness.subdifferentials.thin import require_bent, require_same


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class AffineResult(Readable):
    """Whether a net is affine on a region.

    Attributes
    ----------
    verdict : True, False, or None: not known within the limits, and ``why``.
    matrix, offset : F(x) = matrix x + offset on the region, where the verdict is True; else that of one piece in it.
    kink : a point inside the region at which F has two different Jacobians, where the verdict is False.
    subgradients : these two.
    everywhere : whether the region is the whole space: neither a box nor constraints were given.
    restricted : None; for a region without interior points the program on its affine hull, whose inputs are the *free*
        ones: those of the net on which the hull depends one to one.  Affine and bent are meant along the hull, the
        certificate is about this program, and matrices have zeros in the other inputs' columns.
    certificate : accepted by the verifier, or None; ``uncertified`` says why.
    """

    digest: str
    verdict: bool | None
    matrix: Matrix
    offset: tuple[Fraction, ...]
    kink: tuple[Fraction, ...] | None
    subgradients: tuple[Matrix, ...]
    restricted: Program | None
    certificate: Statement | None
    uncertified: str | None
    why: str | None
    seconds: float
    everywhere: bool = False

    def __repr__(self) -> str:
        if self.verdict is None:
            return f"<AffineResult: unknown ({self.why})>"
        return "<AffineResult: affine>" if self.kink is None else f"<AffineResult: bends at {show_vector(self.kink)}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        if self.verdict is None:
            return [f"UNKNOWN: {self.why}"]
        proof = " (certified)" if self.certificate is not None else ""
        if self.kink is None:
            lines = [f"AFFINE: F(x) = A x + b {'everywhere' if self.everywhere else 'on the region'}{proof}"]
            lines.append(f"  A = {show_matrix(self.matrix)}, b = {show_vector(self.offset)}")
        else:
            inside = "" if self.everywhere else ", inside the region"
            lines = [f"BENDS: F has two Jacobians at {show_vector(self.kink)}{inside}{proof}"]
            lines += [f"  {show_matrix(subgradient)}" for subgradient in self.subgradients]
        if self.restricted is not None:
            lines.append(thin(self.restricted))
        if self.everywhere and self.kink is not None:
            lines.append("  (without a box the region is the whole space; near a point: --point and --radius, or cube)")
        return lines if self.uncertified is None else [*lines, f"no certificate: {self.uncertified}"]

    def to_json(self) -> dict[str, Any]:
        """The object that ``affine --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "affine": self.verdict,
            "matrix": matrix_json(self.matrix),
            "offset": vector_json(self.offset),
            "kink": None if self.kink is None else vector_json(self.kink),
            "subgradients": [matrix_json(subgradient) for subgradient in self.subgradients],
            "restricted": None if self.restricted is None else to_mapping(self.restricted),
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": self.seconds,
        }


def affine(
    net: NetLike,
    *,
    box: BoxLike | None = None,
    constraints: Sequence[Sequence[NumberLike]] = (),
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AffineResult:
    """Is a net affine on a region: a box, a polyhedron, or everywhere?

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.  Its point does not matter.
    box : (low, high), optional
        Two numbers, or two vectors of p numbers: low <= x <= high.
    constraints : rows of p + 1 numbers (a_1, ..., a_p, b), optional
        a x <= b.  Without box and constraints the region is all of R^p.
    certify : bool
        Make a certificate.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    AffineResult
        With a point inside at which F has two Jacobians, or a proof that there is none.

    Raises
    ------
    NetError, PointError, ParameterError
        Bad input; also a region without points.
    LimitReached
        A limit was hit before the net and the region were looked at.

    Notes
    -----
    Homogenised, the question is one about a piecewise-linear function in p + 1 variables; coNP-hard.  On a region
    without interior points (an input that is fixed, an equation) it is the one about F along the region's affine hull.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x y; a = max x y; f = a + x; outputs f")
    >>> sh.affine(net, box=([2, 0], [3, 1]))
    <AffineResult: affine>
    >>> sh.affine(net, box=(0, 1)).verdict
    False
    >>> thin = sh.affine(net, box=([0, 0], [1, 0]))  # y is 0
    >>> thin, thin.matrix, thin.restricted.inputs
    (<AffineResult: affine>, ((Fraction(2, 1), Fraction(0, 1)),), ('x',))
    """
    job: Job[AffineResult] = partial(
        _affine_within, box=box, constraints=constraints, certify=require_flag(certify, "certify")
    )
    return answer_within(job, net, time_limit, memory_limit)


def _affine_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[AffineResult],
    *,
    box: BoxLike | None,
    constraints: Sequence[Sequence[NumberLike]],
    certify: bool,
) -> AffineResult:
    start = time.monotonic()
    program = load(net)
    given = region_of(program, box, constraints, limits)
    if given.single is not None:
        return _at_a_point(program, given.single, start)
    region, asked = given.region(limits), given.restricted(program)
    whole = Homogeneous(asked)
    inside = given.hull is None and region.holds(program.point, strictly=True)
    centre = program.point if inside else region.interior
    entered = tuple([Fraction(1, index + 1) for index in range(asked.input_count)])
    map_there = whole.piece(centre, entered).affine

    def result(
        verdict: bool | None, made: stating.Stated, found: Bend | None = None, pair: tuple[Matrix, ...] = ()
    ) -> AffineResult:
        return AffineResult(
            digest=program.digest,
            verdict=verdict,
            matrix=given.widened(map_there.matrix),
            offset=map_there.offset,
            kink=None if found is None else given.point(found.point),
            subgradients=tuple(map(given.widened, pair)),
            restricted=None if given.hull is None else asked,
            certificate=made.certificate,
            uncertified=made.uncertified,
            why=made.uncertified if verdict is None else None,
            seconds=time.monotonic() - start,
            everywhere=not given.rows,
        )

    channels.result(result(None, stating.Stated(None, STOPPED)))
    try:
        answer = whole.deviates(region, map_there, limits, argued=certify)
    except LimitReached as reached:
        return result(None, stating.Stated(None, str(reached)))
    if isinstance(answer, Open):
        return result(None, stating.Stated(None, answer.why))
    if isinstance(answer, Refuted):
        if given.hull is not None:
            require_same(program, asked, given.hull, region)
        channels.result(result(True, stating.Stated(None, STOPPED)))
        made = stating.stated(asked, stating.affine(asked, region, map_there, answer), answer.unargued)
        return result(True, made if certify else stating.Stated(None))
    found = bend(whole, centre, entered, answer)
    pair = tuple([whole.piece(found.point, *directions).affine.matrix for directions in found.directions])
    if given.hull is not None:
        require_bent(program, given.hull, found, pair)
    channels.result(result(False, stating.Stated(None, STOPPED), found, pair))
    made = stating.stated(asked, stating.bent(asked, region, found)) if certify else stating.Stated(None)
    return result(False, made, found, pair)


def _at_a_point(program: Program, point: Vector, start: float) -> AffineResult:
    zero = ((Fraction(0),) * program.input_count,) * program.output_count
    return AffineResult(
        digest=program.digest,
        verdict=True,
        matrix=zero,
        offset=value(program, point),
        kink=None,
        subgradients=(),
        restricted=None,
        certificate=None,
        uncertified=ONE_POINT,
        why=None,
        seconds=time.monotonic() - start,
    )
