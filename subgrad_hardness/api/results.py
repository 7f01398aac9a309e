"""The typed result of ``check`` and its JSON form (SPEC 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_names, show_number, show_vector
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.values_json import directions_json, matrix_json, vector_json
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational

# Larger Jacobians are cut when printed (results.show_matrix).
_SHOWN_ROWS, _SHOWN_ENTRIES = 4, 8


VERDICTS = {
    "distinct": "DISTINCT: there are two different Clarke subgradients here; F is not differentiable at the point.",
    "unique": "UNIQUE: there is exactly one Clarke subgradient here; F is differentiable at the point.",
    "unknown": "UNKNOWN: no exact answer.",
}


#: The same where only lexicographic subgradients are spoken of.
LEXICOGRAPHIC = {
    "distinct": "DISTINCT: there are two different lexicographic subgradients here; F is not differentiable there.",
    "unique": "UNIQUE: F is differentiable at the point, with this gradient.",
    "unknown": VERDICTS["unknown"],
}
#: Why (SPEC 6).
_BECAUSE = "smooth operations: lexicographic subgradients are decided; there may be more Clarke subgradients"


@dataclass(frozen=True, kw_only=True, slots=True)
class NearestKink:
    """The smallest nonzero |preactivation| at the point, and the user's node where it stands."""

    distance: Fraction
    node: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Autodiff:
    """Backpropagation of the program with relu'(0) = 0.

    ``singleton`` says whether D_a is one point, ``clarke`` whether ``gradient`` is a Clarke subgradient
    (None: not decided; always so, instead of False, where smooth operations hide Clarke subgradients).
    """

    gradient: Matrix
    singleton: bool | None
    clarke: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrossCheck:
    """A second opinion: ``agrees`` is None where it was skipped, and ``why`` says why or what it saw."""

    method: str
    agrees: bool | None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """What an inexact solver claims where nothing exact decided."""

    verdict: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult(Readable, NoTruthValue):
    """What ``check`` found; None means not computed.

    Attributes
    ----------
    verdict : ``distinct``, ``unique`` or ``unknown``.
    statement : ``clarke`` or ``lexicographic``: of which subgradients the verdict speaks.  The second only where the
        net has smooth operations and kinks (docs/specification.md, section 6).
    outer : the nodes of irrational smooth functions that come last, as ``node (operation)``: everything here is about
        the program before them, whose outputs are what they are applied to.
    digest, point : of the program.
    kinks : how many relus of the rewriting are kinks at the point.
    kink_names : the user's nodes where they stand.
    nearest_kink : the nearest relu that is none.
    subgradients : m x p Jacobians in d_L: two distinct ones for ``distinct``, one otherwise.
    directions : ``directions[i]`` gives a nonsingular M with J_L(x0; M) = ``subgradients[i]``.
    separating_direction : a d with F'(x0; d) != g d for the first of them.
    autodiff : what backpropagation returns.
    cross_checks : the second opinions.
    solver : what decided: an engine, or one of the stages before them.
    effort : how much work that was, in the solver's own units.
    certified : a certificate was produced, and the independent verifier accepted it as it would be written.
    believed : what an inexact solver claims where nothing exact decided.
    seconds : for everything.
    why : how the verdict was reached, or why there is none.
    certificate, uncertified : the certificate, or why there is none.
    """

    verdict: str
    statement: str | None = None
    outer: tuple[str, ...] = ()
    digest: str | None = None
    point: tuple[Fraction, ...] | None = None
    kinks: int | None = None
    kink_names: tuple[str, ...] | None = None
    nearest_kink: NearestKink | None = None
    subgradients: tuple[Matrix, ...] | None = None
    directions: tuple[Directions, ...] | None = None
    separating_direction: tuple[int, ...] | None = None
    autodiff: Autodiff | None = None
    cross_checks: tuple[CrossCheck, ...] | None = None
    solver: str | None = None
    effort: Mapping[str, int] | None = None
    certified: bool = False
    believed: Believed | None = None
    seconds: float = 0.0
    why: str | None = None
    certificate: Certificate | None = None
    uncertified: str | None = None

    def __repr__(self) -> str:
        parts = [self.verdict]
        if self.kinks is not None:
            parts.append(count(self.kinks, "kink"))
        for matrix in self.subgradients or ():
            parts.append(f"subgradient {show_matrix(matrix)}")
        if self.solver is not None:
            parts.append(f"by {self.solver}")
        parts.append("certified" if self.certified else "not certified")
        return f"<CheckResult: {', '.join(parts)}>"

    @property
    def why_no_certificate(self) -> str:
        """Why an answer has no certificate."""
        return self.uncertified or "the time ran out"

    def lines(self) -> list[str]:
        """The answer for people, in a few lines."""
        lines = [VERDICTS[self.verdict]]
        if self.statement == "lexicographic":
            lines = [LEXICOGRAPHIC[self.verdict], f"  ({_BECAUSE})"]
        if self.outer:
            lines.append(f"  this is about the program before {show_names(self.outer)}, whose values are irrational:")
            lines.append("  where it is differentiable so is the net; where it is not, they may hide that")
        if self.verdict == "unknown":
            lines.append(f"  why: {self.why}")
            if self.believed is not None:
                lines.append(f"  {self.believed.by} believes {self.believed.verdict}, in floating point: no proof")
        if self.point is not None and self.kinks is not None and self.kink_names is not None:
            kinks = f"{count(self.kinks, 'kink')} (relus of the rewriting at 0)"
            named = len(self.kink_names)  # a unit may be several relus
            of = f" {count(named, 'unit')}:" if named != self.kinks else ""
            where = f" at{of} {show_names(self.kink_names)}" if named else ""
            lines.append(f"point: {show_vector(self.point)}, {kinks}{where}")
        if self.nearest_kink is not None:
            lines.append(
                f"  nearest {'other ' if self.kinks else ''}kink: {self.nearest_kink.node}, "
                f"preactivation {show_number(self.nearest_kink.distance)} from 0"
            )
        lines += _subgradients(self)
        lines += _autodiff(self)
        if self.cross_checks is not None:
            agreeing = [check.method for check in self.cross_checks if check.agrees]
            lines.append(f"cross-checked by: {', '.join(agreeing)}" if agreeing else "not cross-checked")
            lines += [f"  {check.method} skipped: {check.why}" for check in self.cross_checks if check.agrees is None]
        elif self.verdict != "unknown":
            lines.append("not cross-checked")
        if self.verdict != "unknown":
            certified = "by a certificate that the independent verifier accepted"
            if not self.certified:
                certified = f"no ({self.why_no_certificate})"
            lines.append(f"decided by: {self.solver} ({self.why})")
            lines.append(f"certified: {certified}")
        lines.append(f"{self.seconds:.3f} s")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints; every key is always there, null = not computed."""
        nearest, autodiff, believed = self.nearest_kink, self.autodiff, self.believed
        return {
            "version": 1,
            "verdict": self.verdict,
            "statement": self.statement,
            "outer": list(self.outer),
            "digest": self.digest,
            "point": _vector(self.point),
            "kinks": self.kinks,
            "kink_names": None if self.kink_names is None else list(self.kink_names),
            "nearest_kink": nearest and {"distance": format_rational(nearest.distance), "node": nearest.node},
            "subgradients": None if self.subgradients is None else [matrix_json(m) for m in self.subgradients],
            "directions": None if self.directions is None else [directions_json(d) for d in self.directions],
            "separating_direction": _vector(self.separating_direction),
            "autodiff": autodiff
            and {
                "gradient": matrix_json(autodiff.gradient),
                "singleton": autodiff.singleton,
                "clarke": autodiff.clarke,
            },
            "cross_checks": None
            if self.cross_checks is None
            else [{"method": c.method, "agrees": c.agrees, "why": c.why} for c in self.cross_checks],
            "solver": self.solver,
            "effort": None if self.effort is None else dict(self.effort),
            "certified": self.certified,
            "believed": believed and {"verdict": believed.verdict, "by": believed.by},
            "seconds": round(self.seconds, 6),
            "why": self.why,
        }


def _vector(values: Sequence[Fraction | int] | None) -> list[str] | None:
    return None if values is None else vector_json(values)


def _subgradients(result: CheckResult) -> list[str]:
    if not result.subgradients:
        return []
    if result.verdict != "distinct" or result.separating_direction is None:
        only = "the gradient" if result.statement == "lexicographic" else "the only subgradient"
        which = only if result.verdict == "unique" else "one subgradient"
        return [f"{which}: {show_matrix(result.subgradients[0])}"]
    first, second = result.subgradients
    direction = result.separating_direction
    along = [
        [sum((entry * step for entry, step in zip(row, direction, strict=True)), start=row[0] * 0) for row in matrix]
        for matrix in (first, second)
    ]
    # More digits, up to a point, until people can see the difference.
    digits = next((n for n in (7, 16, 40) if show_matrix(first, digits=n) != show_matrix(second, digits=n)), 7)
    return [
        f"subgradient 1: {show_matrix(first, digits=digits)}",
        f"subgradient 2: {show_matrix(second, digits=digits)}",
        *_differences(first, second),
        f"they differ along d = {show_vector(direction)}: F'(x0; d) = {show_vector(along[1])}, "
        f"but subgradient 1 gives {show_vector(along[0])}",
    ]


def _differences(first: Matrix, second: Matrix) -> list[str]:
    """Where two Jacobians differ, if they are too large to be printed whole."""
    if len(first) <= _SHOWN_ROWS and len(first[0]) <= _SHOWN_ENTRIES:
        return []
    places = [
        (output, index)
        for output, (row, other) in enumerate(zip(first, second, strict=True))
        for index, (x, y) in enumerate(zip(row, other, strict=True))
        if x != y
    ]
    shown = ", ".join(
        f"[{output}][{index}] ({show_number(first[output][index])} / {show_number(second[output][index])})"
        for output, index in places[:4]
    )
    return [f"  they differ in {count(len(places), 'entry', 'entries')}: {shown}{', ...' if len(places) > 4 else ''}"]


def _autodiff(result: CheckResult) -> list[str]:
    if result.autodiff is None or not result.subgradients:
        return []
    gradient = result.autodiff.gradient
    if gradient in result.subgradients:
        number = result.subgradients.index(gradient) + 1
        judgement = f"which is {'the subgradient' if result.verdict == 'unique' else f'subgradient {number}'}"
    else:
        judgement = {
            True: "which is another Clarke subgradient, a convex combination",
            False: "which is NOT a Clarke subgradient",
            None: "which is none of the above; whether it is another Clarke subgradient was not decided",
        }[result.autodiff.clarke]
    line = f"backpropagation of the program (relu'(0) = 0) returns {show_matrix(gradient)}, {judgement}"
    agree = {
        True: "every choice of relu'(0) gives the same",
        False: "other choices of relu'(0) give other results",
        None: "whether other choices of relu'(0) agree was not decided in time",
    }
    return [line, f"  {agree[result.autodiff.singleton]}"]
