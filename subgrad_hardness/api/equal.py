"""``equal``: do two nets compute the same, on a region, everywhere or near a point?"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.options import require_flag
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.region_options import ONE_POINT, BoxLike, Given, region_of, thin
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.auditing.returned import returned
from subgrad_hardness.certificate.derived import difference
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.asking import Open, Refuted
from subgrad_hardness.subdifferentials.near import Near, equal_near
from subgrad_hardness.subdifferentials.regions import AffineMap, Homogeneous, Vector
from subgrad_hardness.subdifferentials.thin import require_same


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class EqualResult(Readable):
    """Whether two nets compute the same on a region.

    Attributes
    ----------
    verdict : True, False, or None: not known within the limits, and ``why``.
    point, values : where they differ, and the two values there.
    backpropagation : near a point, by convention: the gradients that backpropagation of the two returns at it; exact.
    radius : near a point: they are equal on the cube of this radius around it, which is not the largest.  Without a
        certificate, equality is known near the point, and not on the cube.
    restricted : for a region without interior points the two programs on its affine hull, whose inputs are the *free*
        ones, on which the hull depends one to one; a certificate that they are equal is about these.
    certificate : accepted by the verifier (``verify(net, certificate, other=second)``), or None; ``uncertified`` says
        why.
    """

    digests: tuple[str, str]
    verdict: bool | None
    point: tuple[Fraction, ...] | None
    values: tuple[tuple[Fraction, ...], ...]
    restricted: tuple[Program, ...]
    certificate: Statement | None
    uncertified: str | None
    why: str | None
    seconds: float
    radius: Fraction | None = None
    backpropagation: Mapping[str, tuple[Matrix, Matrix]] = field(default_factory=dict)

    def __repr__(self) -> str:
        if self.verdict is None:
            return f"<EqualResult: unknown ({self.why})>"
        return (
            "<EqualResult: equal>" if self.point is None else f"<EqualResult: different at {show_vector(self.point)}>"
        )

    def lines(self) -> list[str]:
        """The answer for people."""
        if self.verdict is None:
            return [f"UNKNOWN: {self.why}", *self._returned()]
        proof = " (certified)" if self.certificate is not None else ""
        if self.point is None:
            where = "on the region" if not self.backpropagation else "near the point"
            lines = [f"EQUAL {where}{proof}"]
        else:
            first, second = map(show_vector, self.values)
            lines = [f"DIFFERENT: at {show_vector(self.point)} the values are {first} and {second}{proof}"]
        if self.restricted:
            lines.append(thin(self.restricted[0]))
        if self.uncertified is not None:
            lines.append(f"no certificate: {self.uncertified}")
        return [*lines, *self._returned()]

    def _returned(self) -> list[str]:
        """What backpropagation of the two returns, conventions that return the same in one line."""
        by_result: dict[tuple[Matrix, Matrix], list[str]] = {}
        for name, pair in self.backpropagation.items():
            by_result.setdefault(pair, []).append(name)
        lines = []
        for (first_row, second_row), names in by_result.items():
            conventions = "every convention" if len(by_result) == 1 else ", ".join(names)
            sign = "=" if first_row == second_row else "but"
            lines.append(f"backpropagation ({conventions}): {show_matrix(first_row)} {sign} {show_matrix(second_row)}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``equal --json`` prints."""
        return {
            "version": 1,
            "digests": list(self.digests),
            "equal": self.verdict,
            "point": None if self.point is None else vector_json(self.point),
            "values": [vector_json(found) for found in self.values],
            "radius": None if self.radius is None else format_rational(self.radius),
            "backpropagation": {
                name: [matrix_json(found) for found in both] for name, both in self.backpropagation.items()
            },
            "restricted": [to_mapping(program) for program in self.restricted],
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": self.seconds,
        }


def equal(
    net: NetLike,
    other: NetLike,
    *,
    box: BoxLike | None = None,
    constraints: Sequence[Sequence[NumberLike]] = (),
    at: Sequence[NumberLike] | None = None,
    certify: bool = True,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> EqualResult:
    """Do two nets compute the same on a region: a box, a polyhedron, everywhere, or near a point?

    Parameters
    ----------
    net, other : paths, mappings or Programs
        Of the same numbers of inputs and of outputs; names and points do not matter.
    box, constraints : optional
        The region, as in ``affine``; without them all of R^p.
    at : sequence of numbers, optional
        Instead of a region: are they equal in some neighbourhood of this point?  Then the result also says which
        gradients backpropagation of each returns there.
    certify : bool
        Make a certificate.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    EqualResult
        With a point where they differ, or a proof that there is none.

    Raises
    ------
    NetError, PointError, ParameterError
        Bad input; also nets of different shapes, and a region without points.
    LimitReached
        A limit was hit before the nets and the region were looked at.

    Notes
    -----
    coNP-complete.  On a region without interior points the question is the one about the nets along its affine hull.
    Merged by the normal form where the nets are written alike; by thresholds, circuits and phases else.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> first = sh.Program.from_text("inputs x; f = abs x; outputs f")
    >>> second = sh.Program.from_text("inputs x; m = -x; f = max x m; outputs f")
    >>> sh.equal(first, second)
    <EqualResult: equal>
    >>> third = sh.Program.from_text("inputs x; f = relu x; outputs f")
    >>> sh.equal(first, third, box=(0, 9)), sh.equal(first, third).verdict
    (<EqualResult: equal>, False)
    >>> sh.equal(first, second, at=[0]).backpropagation["jax"]  # of |x|, and of max(x, -x)
    (((Fraction(1, 1),),), ((Fraction(0, 1),),))
    """
    if at is not None and (box is not None or len(constraints)):
        raise ParameterError("a point or a region, not both", place="at")
    job: Job[EqualResult] = partial(
        _equal_within,
        # Standard input is this process's own, and not every mapping can be pickled.
        other=other if isinstance(other, str | os.PathLike) and other != "-" else load(other),
        box=box,
        constraints=constraints,
        at=at,
        certify=require_flag(certify, "certify"),
    )
    return answer_within(job, net, time_limit, memory_limit)


def _equal_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[EqualResult],
    *,
    other: NetLike,
    box: BoxLike | None,
    constraints: Sequence[Sequence[NumberLike]],
    at: Sequence[NumberLike] | None,
    certify: bool,
) -> EqualResult:
    start = time.monotonic()
    program, second = load(net), load(other)
    shapes = [(one.input_count, one.output_count) for one in (program, second)]
    if shapes[0] != shapes[1]:
        said = " and ".join(f"{count(inputs, 'input')} with {count(outputs, 'output')}" for inputs, outputs in shapes)
        raise NetError(f"nets of {said} cannot be compared", file="<nets>")
    given = region_of(program, box, constraints, limits)
    asked = (program, second)
    restricted: tuple[Program, ...] = ()
    if given.hull is not None and given.single is None:
        asked = restricted = (given.restricted(program), given.restricted(second))

    def result(
        verdict: bool | None,
        made: stating.Stated,
        point: tuple[Fraction, ...] | None = None,
        radius: Fraction | None = None,
    ) -> EqualResult:
        values = () if point is None else (value(program, point), value(second, point))
        return EqualResult(
            digests=(program.digest, second.digest),
            verdict=verdict,
            point=point,
            values=values,
            restricted=restricted,
            certificate=made.certificate,
            uncertified=made.uncertified,
            why=made.uncertified if verdict is None else None,
            seconds=time.monotonic() - start,
            radius=radius,
            backpropagation=dict(gradients),
        )

    gradients: dict[str, tuple[Matrix, Matrix]] = {}
    channels.result(result(None, stating.Stated(None, STOPPED)))
    if given.single is not None:
        return _at_a_point(result, given, program, second, certify=certify)
    radius: Fraction | None = None
    answer: Vector | Refuted | Open
    try:
        if at is None:
            region, zero = given.region(limits), Fraction(0)
            nothing = AffineMap(((zero,) * region.size,) * program.output_count, (zero,) * program.output_count)
            answer = Homogeneous(difference(*asked)).deviates(region, nothing, limits, argued=certify)
        else:
            near = exact_vector(at, program.input_count, "at")
            both = [returned(one.at(near), limits) for one in (program, second)]
            gradients.update({name: (both[0][name], both[1][name]) for name in both[0]})
            channels.result(result(None, stating.Stated(None, STOPPED)))
            found = equal_near(program, second, near, limits, argued=certify)
            if isinstance(found, Near):
                radius, region, answer = found
            else:
                answer = found
    except LimitReached as reached:
        return result(None, stating.Stated(None, str(reached)))
    if isinstance(answer, Open):
        return result(None, stating.Stated(None, answer.why))
    if isinstance(answer, Refuted):
        if given.hull is not None:
            for whole, inner in zip((program, second), asked, strict=True):
                require_same(whole, inner, given.hull, region)
        channels.result(result(True, stating.Stated(None, STOPPED), None, radius))
        statement = stating.equal(*asked, region, answer)
        made = stating.stated(asked[0], statement, answer.unargued, asked[1]) if certify else stating.Stated(None)
        return result(True, made, None, radius)
    where = given.point(answer)
    channels.result(result(False, stating.Stated(None, STOPPED), where, radius))
    return result(False, _different(program, second, given, where, certify=certify), where, radius)


def _different(program: Program, second: Program, given: Given, point: Vector, *, certify: bool) -> stating.Stated:
    """The nets' own values differ at the point, which lies in the region; raises AssertionError if they do not."""
    if value(program, point) == value(second, point):
        raise AssertionError("the nets agree where their restrictions differ")
    if not certify:
        return stating.Stated(None)
    return stating.stated(program, stating.different(program, second, given.rows, point), None, second)


def _at_a_point(
    result: Callable[..., EqualResult], given: Given, program: Program, second: Program, *, certify: bool
) -> EqualResult:
    point = given.single
    assert point is not None
    if value(program, point) == value(second, point):
        return result(True, stating.Stated(None, ONE_POINT))
    return result(False, _different(program, second, given, point, certify=certify), point)
