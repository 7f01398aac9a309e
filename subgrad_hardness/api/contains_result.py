"""What ``contains`` finds: in which sets a vector is, and how far from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.readable import Readable, of_proof, of_statement
from subgrad_hardness.api.shown import equal_to_combination, show_combination, show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import SETS, Statement
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.vectors import exact_vector


@dataclass(frozen=True, kw_only=True, slots=True)
class Distance:
    """The point of a convex set that is nearest to a vector.

    Attributes
    ----------
    squared : the squared Euclidean distance (over all m p entries): exact if ``exact``, else an upper bound.
    nearest : that point, m x p.
    weights, elements : the combination that it is, of Jacobians.
    """

    squared: Fraction
    nearest: Matrix
    exact: bool
    weights: tuple[Fraction, ...]
    elements: tuple[Matrix, ...]

    def within(self, radius: NumberLike) -> bool | None:
        """Whether the set comes as near as that, exactly; None where the distance is only an upper bound, and greater.

        Raises PointError for what is no number.
        """
        (bound,) = exact_vector([radius], 1, "radius")
        if bound >= 0 and self.squared <= bound * bound:
            return True
        return False if self.exact else None

    def to_json(self) -> dict[str, Any]:
        """The object in ``contains --json``."""
        return {
            "squared": format_rational(self.squared),
            "nearest": matrix_json(self.nearest),
            "exact": self.exact,
            "weights": vector_json(self.weights),
            "elements": [matrix_json(element) for element in self.elements],
        }


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ContainsResult(Readable):
    """Where a vector lies.

    Attributes
    ----------
    vector : what was asked about, m x p.
    lexicographic, clarke, autodiff : whether it is in d_L F(x0), in d_C F(x0) = conv d_L F(x0), in conv D_a F(x0).
        None: not asked, or not known within the limits.
    distances : of the convex sets, by name; for a vector that is inside it is 0 and its combination says why.
        Without ``near`` distances of vectors outside are upper bounds.
    certificates : by set; ``lexicographic`` may have that of ``clarke``, which contains it, and ``autodiff`` that of
        ``clarke``, which it contains.
    uncertified : by set, why there is no certificate.
    asked : which sets were to be decided.
    why : by set, why nothing is known, or why a distance is an upper bound.
    """

    digest: str | None
    statement: str | None
    point: tuple[Fraction, ...]
    vector: Matrix
    lexicographic: bool | None
    clarke: bool | None
    autodiff: bool | None
    distances: Mapping[str, Distance] = field(default_factory=dict)
    certificates: Mapping[str, Statement] = field(default_factory=dict)
    uncertified: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = SETS
    seconds: float = 0.0

    def __repr__(self) -> str:
        asked = [name for name in SETS if getattr(self, name) is not None or name in self.why]
        said = [f"{name} {_WORDS[getattr(self, name)]}" for name in asked]
        return f"<ContainsResult: {show_matrix(self.vector)}: {', '.join(said)}>"

    def lines(self, within: NumberLike | None = None) -> list[str]:
        """The answer for people; with ``within`` also whether the convex sets come as near as that."""
        lines = [f"Is {show_matrix(self.vector)} a subgradient at {show_vector(self.point)}?"]
        for name in self.asked:
            proof = " (certified)" if name in self.certificates else ""
            hull = name == "clarke" and self.statement == "lexicographic"
            lines.append(f"  {_SAID[getattr(self, name)]:<8}{_HULL if hull else _NAMES[name]}{proof}")
            lines += [f"          {line}" for line in of_proof(self.why.get(name), self.uncertified.get(name))]
        bounded = []
        for name, found in self.distances.items():
            if name not in self.asked and name != "clarke":
                continue
            if getattr(self, name) is False and not found.exact and name not in self.why:
                bounded.append(name)  # a bound by the way, which may be far from the distance
            else:
                lines += self._distance(name, found, within)
        if bounded:
            lines.append(f"for the exact distance ({', '.join(bounded)}): near=True, or --near")
        return [*lines, *of_statement(self.statement)]

    def _distance(self, name: str, found: Distance, within: NumberLike | None) -> list[str]:
        if getattr(self, name):
            head, of = f"as a combination ({name}):", show_combination(found.weights, found.elements)
        else:
            sign = "" if found.exact else "at most "
            head = f"squared distance ({name}): {sign}{show_number(found.squared)}, to {show_matrix(found.nearest)}"
            head, *of = equal_to_combination(head, found.weights, found.elements)
        if within is not None:
            said = {True: "yes", False: "no", None: "not known"}[found.within(within)]
            of = [f"  within {within}: {said}", *of]
        return [head, *of]

    def to_json(self) -> dict[str, Any]:
        """The object that ``contains --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": vector_json(self.point),
            "vector": matrix_json(self.vector),
            **{name: getattr(self, name) for name in SETS},
            "distances": {name: found.to_json() for name, found in self.distances.items()},
            "certified": sorted(self.certificates),
            "uncertified": dict(self.uncertified),
            "why": dict(self.why),
            "seconds": self.seconds,
        }


_WORDS = {True: "yes", False: "no", None: "unknown"}
_SAID = {True: "YES", False: "NO", None: "UNKNOWN"}
#: What is decided in the place of Clarke's set where smooth operations hide a part of it.
_HULL = "a convex combination of these"
_NAMES = {
    "lexicographic": "a lexicographic subgradient (the Jacobian of a piece)",
    "clarke": "a Clarke subgradient (a convex combination of these)",
    "autodiff": "in the hull of what backpropagation may return",
}
