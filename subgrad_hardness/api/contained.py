"""What ``contains`` returns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.given_matrix import Part
from subgrad_hardness.api.shown import show_matrix
from subgrad_hardness.api.values_json import matrix_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational


@dataclass(frozen=True, kw_only=True, slots=True)
class Separator:
    """<functional, J> <= bound for all J in d_C, but ``value`` > bound at the vector."""

    functional: Matrix
    bound: Fraction
    value: Fraction

    def to_json(self) -> dict[str, Any]:
        """An object of reports."""
        return {
            "functional": matrix_json(self.functional),
            "bound": format_rational(self.bound),
            "value": format_rational(self.value),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Distance:
    """How far the vector is from d_C, in the Euclidean norm of all m p entries.

    Attributes
    ----------
    squared : the squared distance of ``nearest``, which is in d_C.
    least : no element of d_C is nearer than this, squared; it is ``squared`` where that is proved.
    near : whether the distance is at most the one asked about; None: not decided.
    """

    squared: Fraction
    least: Fraction
    nearest: Matrix
    near: bool | None

    def to_json(self) -> dict[str, Any]:
        """An object of reports."""
        return {
            "squared": format_rational(self.squared),
            "least": format_rational(self.least),
            "nearest": matrix_json(self.nearest),
            "near": self.near,
        }


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ContainsResult:
    """What is known of a vector (m x p, the joint Jacobian of all outputs) and the subdifferentials at the point.

    Attributes
    ----------
    lexicographic, clarke, autodiff : whether it is in d_L, in its hull d_C, in the hull of D_a; None: not decided.
        ``autodiff`` is decided here only where it follows from d_C, of which the hull of D_a is a superset.
    combination : members of d_L of which it is a convex combination, if it is in d_C.
    separator : what separates it from d_C, if it is not.
    distance : its distance to d_C, if that was asked for.
    certificates : by set, those that the independent verifier has accepted.
    uncertified : by set, why there is no certificate of the answer.
    kinks : of the localised net.
    why : what is not decided, and why; else None.
    """

    digest: str | None = None
    point: tuple[Fraction, ...] | None = None
    vector: Matrix | None = None
    kinks: int | None = None
    lexicographic: bool | None = None
    clarke: bool | None = None
    autodiff: bool | None = None
    combination: tuple[Part, ...] | None = None
    separator: Separator | None = None
    distance: Distance | None = None
    certificates: tuple[tuple[str, Statement], ...] = ()
    uncertified: tuple[tuple[str, str], ...] = ()
    why: str | None = None
    seconds: float = 0.0

    def __bool__(self) -> bool:
        raise TypeError("a ContainsResult is neither true nor false: ask its lexicographic, clarke or autodiff")

    def __repr__(self) -> str:
        shown = "a vector" if self.vector is None else show_matrix(self.vector)
        return f"<ContainsResult: {shown}, lexicographic {self.lexicographic}, Clarke {self.clarke}>"

    def certificate(self, which: str) -> Statement | None:
        """The certificate for ``lexicographic`` or ``clarke``.  One that a vector is not in d_C stands for both."""
        return dict(self.certificates).get(which)

    def to_json(self) -> dict[str, Any]:
        """The object that ``contains --json`` prints."""
        return {
            "digest": self.digest,
            "point": None if self.point is None else [format_rational(entry) for entry in self.point],
            "vector": None if self.vector is None else matrix_json(self.vector),
            "kinks": self.kinks,
            "lexicographic": self.lexicographic,
            "clarke": self.clarke,
            "autodiff": self.autodiff,
            "combination": None if self.combination is None else [part.to_json() for part in self.combination],
            "separator": None if self.separator is None else self.separator.to_json(),
            "distance": None if self.distance is None else self.distance.to_json(),
            "certified": [name for name, _ in self.certificates],
            "uncertified": dict(self.uncertified),
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }
