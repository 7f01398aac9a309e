"""The typed result of ``check`` and its JSON form (SPEC 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.shown import show_matrix
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.values_json import directions_json, matrix_json, vector_json
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational


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
class CheckResult(NoTruthValue):
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

    def to_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints; every key is always there, null = not computed."""
        nearest, autodiff, believed = self.nearest_kink, self.autodiff, self.believed
        return {
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
