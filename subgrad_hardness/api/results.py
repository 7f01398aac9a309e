"""The typed result of ``check`` and its JSON form (SPEC 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
    (None: not decided).
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
class CheckResult:
    """What ``check`` found; None means not computed.

    Attributes
    ----------
    verdict : ``distinct``, ``unique`` or ``unknown``.
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


def vector_json(values: Sequence[Fraction | int]) -> list[str]:
    """A vector as exact numbers in strings."""
    return [format_rational(value) for value in values]


def _vector(values: Sequence[Fraction | int] | None) -> list[str] | None:
    return None if values is None else vector_json(values)


def matrix_json(matrix: Matrix) -> list[list[str]]:
    """A Jacobian as rows of exact numbers in strings."""
    return [[format_rational(entry) for entry in row] for row in matrix]


def directions_json(directions: Directions) -> dict[str, Any]:
    """{``leading``: [directions], ``complete``: [indices of unit vectors]}."""
    return {
        "leading": [[format_rational(entry) for entry in column] for column in directions.leading],
        "complete": list(directions.complete),
    }


def show_vector(values: Sequence[Fraction | int], most: int = 8, digits: int = 7) -> str:
    """A vector for people; long ones are cut, long numbers rounded."""
    shown = [show_number(value, digits) for value in values[:most]]
    if len(values) > most:
        shown.append(f"... {count(len(values), 'entry', 'entries')}")
    return "(" + ", ".join(shown) + ")"


def show_matrix(matrix: Matrix, most: int = 4, digits: int = 7) -> str:
    """A Jacobian for people: one row as a vector, several in brackets."""
    if len(matrix) == 1:
        return show_vector(matrix[0], digits=digits)
    rows = [show_vector(row, digits=digits) for row in matrix[:most]]
    if len(matrix) > most:
        rows.append(f"... {count(len(matrix), 'row')}")
    return "[" + ", ".join(rows) + "]"


def show_number(value: Fraction | int, digits: int = 7) -> str:
    """The exact number where it is short; else ``~`` and its first ``digits`` digits, correctly rounded."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= 60:
        return format_rational(value)
    size = abs(Fraction(value))
    exponent = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000 - 1
    while size >= Fraction(10) ** (exponent + 1):
        exponent += 1
    mantissa = round(size / Fraction(10) ** (exponent + 1 - digits))
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    text = str(mantissa)
    if -4 <= exponent < 0:
        text = "0." + "0" * (-exponent - 1) + text
    elif 0 <= exponent < digits:
        text = text[: exponent + 1] + "." + text[exponent + 1 :]
    else:
        text = text[0] + "." + text[1:]
    text = text.rstrip("0").rstrip(".")
    scale = "" if -4 <= exponent < digits else f"e{exponent}"
    return f"~{'-' if value < 0 else ''}{text}{scale}"


def show_names(names: Sequence[str], most: int = 8, length: int = 60) -> str:
    """Names for people; long lists and long names are cut."""
    shown = ", ".join(name if len(name) <= length else name[:length] + "..." for name in names[:most])
    return shown if len(names) <= most else f"{shown}, ... ({len(names)} in all)"
