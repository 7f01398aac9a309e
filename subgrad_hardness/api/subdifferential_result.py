"""What ``subdifferential`` found, as its JSON has it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.readable import Readable, of_statement
from subgrad_hardness.api.shown import show_first, show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational

#: The text lists this many of anything; ``to_json`` has them all.
_MOST_SHOWN = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One element of d_L F(x0), m x p, and a direction (p integers) around which it is the Jacobian of F'(x0; .)."""

    jacobian: Matrix
    interior: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClarkeSet:
    """The Clarke subdifferential as a polytope in the space of m x p matrices, these read row by row.

    Attributes
    ----------
    dimension : of the affine hull.
    vertices : all of them.
    free : the numbers of coordinates onto which the affine hull projects one to one.
    equations : (normal, value) pairs: normal . J = value on the affine hull.
    facets : (normal, bound) pairs: normal . J <= bound; with the equations they say where the set is.  None: not asked.
    volume : of the projection onto ``free``: the volume where the dimension is full.  None: not asked.
    squared_volume : the square of the Euclidean volume within the affine hull.
    shortest, squared : the element of least Euclidean norm, and its squared norm.
    lipschitz : the largest l1, squared l2 and linf norm of an element.  For one output these are the least Lipschitz
        constants of F'(x0; .) (l2: its square) for the linf, l2 and l1 norm of directions.
    """

    dimension: int
    vertices: tuple[Matrix, ...]
    free: tuple[int, ...]
    equations: tuple[tuple[tuple[int, ...], Fraction], ...]
    facets: tuple[tuple[tuple[int, ...], Fraction], ...] | None
    volume: Fraction | None
    squared_volume: Fraction | None
    shortest: Matrix
    squared: Fraction
    lipschitz: tuple[Fraction, Fraction, Fraction]

    def lines(self, what: str) -> list[str]:
        """The set for people, under this name."""
        vertices = count(len(self.vertices), "vertex", "vertices")
        lines = [f"{what}: dimension {self.dimension}, {vertices}"]
        lines += show_first([show_matrix(vertex) for vertex in self.vertices[:_MOST_SHOWN]], len(self.vertices))
        lines += [f"  on {show_vector(normal)} . J = {show_number(value)}" for normal, value in self.equations]
        if self.facets is not None:
            lines.append(count(len(self.facets), "facet"))
            shown = [f"{show_vector(n)} . J <= {show_number(bound)}" for n, bound in self.facets[:_MOST_SHOWN]]
            lines += show_first(shown, len(self.facets))
        if self.volume is not None and self.squared_volume is not None:
            where = "" if not self.equations else f", projected onto coordinates {show_vector(self.free)}"
            lines.append(f"volume {show_number(self.volume)}{where}")
            if self.equations:
                lines.append(f"squared volume within its affine hull {show_number(self.squared_volume)}")
        lines.append(f"shortest element {show_matrix(self.shortest)}, squared norm {show_number(self.squared)}")
        largest = zip(("l1", "squared l2", "linf"), self.lipschitz, strict=True)
        lines.append("largest norms: " + ", ".join([f"{name} {show_number(value)}" for name, value in largest]))
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object ``clarke`` of the report."""
        facets = self.facets
        names = ("l1", "l2_squared", "linf")
        return {
            "dimension": self.dimension,
            "vertices": [matrix_json(vertex) for vertex in self.vertices],
            "free": list(self.free),
            "equations": [_side(normal, value) for normal, value in self.equations],
            "facets": None if facets is None else [_side(normal, bound) for normal, bound in facets],
            "volume": None if self.volume is None else format_rational(self.volume),
            "squared_volume": None if self.squared_volume is None else format_rational(self.squared_volume),
            "shortest": matrix_json(self.shortest),
            "squared": format_rational(self.squared),
            "largest": dict(zip(names, vector_json(self.lipschitz), strict=True)),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class SubdifferentialResult(Readable):
    """What is known of d_L F(x0) and of its convex hull.

    Attributes
    ----------
    members : the lexicographic subgradients that were found, each once; None where only their number was asked.
    number : of all lexicographic subgradients; None where it is not known.
    complete : whether ``members`` are all.
    clarke : None where it was not asked for, or not all members are known.
    certificate : of completeness, accepted by the independent verifier, or None; ``uncertified`` says why.
    why : what is not decided, and why; else None.
    """

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    kinks: int
    members: tuple[Member, ...] | None = None
    number: int | None = None
    complete: bool = False
    clarke: ClarkeSet | None = None
    certificate: Statement | None = None
    uncertified: str | None = None
    why: str | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        if self.number is not None:
            return f"<SubdifferentialResult: {count(self.number, 'lexicographic subgradient')}>"
        if self._not_begun:
            return "<SubdifferentialResult: not enumerated yet>"
        known = count(len(self.members or ()), "lexicographic subgradient")
        return f"<SubdifferentialResult: at least {known}>"

    @property
    def _not_begun(self) -> bool:
        """Whether this is a session of ``sh.subdifferential`` that was asked nothing yet."""
        return self.members == () and self.number is None and self.why is None

    def lines(self) -> list[str]:
        """The answer for people."""
        around = f"around {show_vector(self.point)}"
        if self.number is not None:
            lines = [f"{count(self.number, 'lexicographic subgradient')} {around}"]
        elif self._not_begun:
            lines = [f"the lexicographic subgradients {around}, {count(self.kinks, 'kink')}, are not enumerated yet"]
            lines.append("  .report() lists them, .count() counts them, .polytope() is their convex hull")
        elif self.members is None:
            lines = [f"the lexicographic subgradients {around} are not counted"]
        else:
            lines = [f"at least {count(len(self.members or ()), 'lexicographic subgradient')} {around}"]
        members = self.members or ()
        shown = [
            f"{show_matrix(each.jacobian)}  towards {show_vector(each.interior)}" for each in members[:_MOST_SHOWN]
        ]
        lines += show_first(shown, len(members))
        if self.clarke is not None:
            hull = "their convex hull" if self.statement == "lexicographic" else "Clarke subdifferential"
            lines += self.clarke.lines(hull)
        if self.certificate is not None:
            lines.append("certified: there are no others")
        if self.why is not None:
            lines.append(self.why)
        return [*lines, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``subdifferential --json`` prints."""
        members = self.members
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": vector_json(self.point),
            "kinks": self.kinks,
            "number": self.number,
            "complete": self.complete,
            "members": None if members is None else [_member(member) for member in members],
            "clarke": None if self.clarke is None else self.clarke.to_json(),
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


def _member(member: Member) -> dict[str, Any]:
    return {"jacobian": matrix_json(member.jacobian), "interior": vector_json(member.interior)}


def _side(normal: tuple[int, ...], bound: Fraction) -> dict[str, Any]:
    return {"normal": vector_json(normal), "value": format_rational(bound)}
