"""``equal``: are two nets the same function on a region, everywhere, or near a point?"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.options import require_bytes, require_flag, require_seconds, require_seed
from subgrad_hardness.api.regions import BoxLike, ConstraintsLike, accepted, given_region
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Matrix, Statement
from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials.asking import Open
from subgrad_hardness.subdifferentials.equality import Equal, equality, equality_near


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class EqualResult:
    """Whether two nets are equal.

    Attributes
    ----------
    equal : True, False, or None where the limits came first (``why``).
    constraints : the rows (a, b), a x <= b, of the region on which they are equal; near a point: a cube on which that
        is proved.
    point : where they differ (near a point: as near as anybody likes, this is one such point).
    values : of both nets there.
    certificate : the statement ``equal`` or ``different``, accepted by the verifier; None with the reason in
        ``uncertified``.
    digests : of the two nets with their points; None where a limit came first.
    """

    equal: bool | None
    constraints: Matrix | None = None
    point: tuple[Fraction, ...] | None = None
    values: tuple[tuple[Fraction, ...], tuple[Fraction, ...]] | None = None
    certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    digests: tuple[str, str] | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        verdict = {True: "equal", False: "different", None: "unknown"}[self.equal]
        return f"<EqualResult: {verdict}{'' if self.certificate is None else ', certified'}>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``equal --json`` prints."""
        return {
            "equal": self.equal,
            "constraints": None if self.constraints is None else matrix_json(self.constraints),
            "point": self.point and vector_json(self.point),
            "values": self.values and [vector_json(entry) for entry in self.values],
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "digests": self.digests and list(self.digests),
            "seconds": round(self.seconds, 6),
        }


def equal(
    net: NetLike,
    other: NetLike,
    *,
    box: BoxLike | None = None,
    constraints: ConstraintsLike | None = None,
    at: Sequence[NumberLike] | None = None,
    certificate: str | os.PathLike[str] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    seed: int = 0,
) -> EqualResult:
    """Whether two nets are the same function everywhere, on a box or polyhedron, or near a point.

    Parameters
    ----------
    net, other : path, mapping or Program
        Nets with the same numbers of inputs and of outputs; their own points do not matter.
    box, constraints : optional
        The region, as ``affine`` takes it; without either all of Q^p.
    at : sequence of numbers, optional
        Instead of a region: are they equal in some neighbourhood of this point?
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
    EqualResult
        True with a proof, False with a point, or None.

    Raises
    ------
    NetError, PointError
        A net or the point cannot be read, or they do not fit.
    ParameterError
        The region does not fit the nets, or is empty, or has no interior; or a limit makes no sense.

    Notes
    -----
    coNP-complete in general; copies, permuted and rescaled ones as well, fall to the normal form of the difference.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> first = sh.Program.from_text("inputs x; f = abs x; outputs f")
    >>> second = sh.Program.from_text("inputs x; a = relu x; f = 2 a - x; outputs f")
    >>> sh.equal(first, second)
    <EqualResult: equal, certified>
    >>> sh.equal(first, sh.Program.from_text("inputs x; f = x; outputs f"), box=(-1, 1)).equal
    False
    """
    start = time.monotonic()
    if at is not None and (box is not None or constraints is not None):
        raise ParameterError("a point or a region, not both", place="at")
    job = partial(
        equal_within,
        other=load(other),
        box=box,
        constraints=constraints,
        at=at,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    ended = limited(job, net, seconds=require_seconds(time_limit), memory=require_bytes(memory_limit))
    result = ended.result or EqualResult(equal=None, why=ended.stopped, seconds=time.monotonic() - start)
    if certificate is not None and result.certificate is not None:
        write_text(certificate, result.certificate.dumps())
    return result


def equal_within(
    net: NetLike,
    limits: Limits,
    _: Channels[EqualResult] | None = None,
    *,
    other: Program,
    box: BoxLike | None = None,
    constraints: ConstraintsLike | None = None,
    at: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
) -> EqualResult:
    """``equal`` in this process; the limits are looked at between its steps only."""
    start = time.monotonic()
    first = load(net)
    sizes = [(program.input_count, program.output_count) for program in (first, other)]
    if sizes[0] != sizes[1]:
        shown = " and ".join(f"{inputs} inputs and {outputs} outputs" for inputs, outputs in sizes)
        raise NetError(f"the nets have {shown}", file="<other>")
    where = given_region(first, box, constraints, limits)
    if at is None:
        found = equality(first, other, where, limits, argued=certify, seed=seed)
    else:
        centre = exact_vector(at, first.input_count, "at")
        found = equality_near(first, other, centre, limits, argued=certify, seed=seed)
    digests = first.digest, other.digest
    if isinstance(found, Open):
        return EqualResult(equal=None, why=found.why, digests=digests, seconds=time.monotonic() - start)
    statement: Statement | None = None
    if isinstance(found, Equal):
        uncertified, region = found.unargued, found.region
        if found.argument is not None:
            claim = Statement(
                "equal",
                first.digest,
                other=other.digest,
                constraints=region.rows,
                interior=region.interior,
                argument=found.argument,
            )
            statement, uncertified = accepted(first, claim, other)
        return EqualResult(
            equal=True,
            constraints=region.rows,
            certificate=statement,
            uncertified=uncertified,
            digests=digests,
            seconds=time.monotonic() - start,
        )
    claim = Statement("different", first.digest, other=other.digest, constraints=where.rows, point=found.point)
    statement, uncertified = accepted(first, claim, other)
    return EqualResult(
        equal=False,
        point=found.point,
        values=(value(first, found.point), value(other, found.point)),
        certificate=statement,
        uncertified=uncertified,
        digests=digests,
        seconds=time.monotonic() - start,
    )
