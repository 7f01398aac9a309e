"""What ``stationary`` finds: in which senses a point is stationary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.readable import Readable, of_proof, of_statement
from subgrad_hardness.api.shown import show_vector
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.net.rational import format_rational

#: The senses, from the strongest to the weakest.
NOTIONS = ("directional", "clarke", "autodiff")

# What is decided, without constraints and under some.  "hull" stands in the place of "clarke" where smooth operations
# hide a part of Clarke's set, "minimum" is what "directional" means where they do not hide that.
_FREE = {
    "directional": "directionally: F' >= 0 in all directions",
    "clarke": "in Clarke's sense: 0 is a Clarke subgradient",
    "hull": "to first order: 0 is a convex combination of lexicographic subgradients",
    "autodiff": "for backpropagation: 0 is in the hull of what it may return",
    "minimum": "a local minimum",
}
_ROWS = "is a nonnegative combination of the constraints' rows"
_CONSTRAINED = {
    "directional": "directionally: F' >= 0 in all directions that the constraints allow",
    "clarke": f"in Clarke's sense: a Clarke subgradient {_ROWS}",
    "hull": f"to first order: a convex combination of lexicographic subgradients {_ROWS}",
    "autodiff": f"for backpropagation: an element of the hull of what it may return {_ROWS}",
    "minimum": "a local minimum under the constraints",
}
_SAID = {True: "YES", False: "NO", None: "UNKNOWN"}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class StationaryResult(Readable):
    """In which senses a point is stationary (None: not asked, or not known within the limits).

    Attributes
    ----------
    directional : F'(x0; d) >= 0 for all (allowed) d: for piecewise-linear F, x0 is a local minimum.  The same as
        Frechet stationarity.
    clarke : 0 is in d_C F(x0); under constraints, an element of it is a nonnegative combination of their rows.
    autodiff : the same of conv D_a F(x0), all that backpropagation may return.
    descent : an allowed direction with F'(x0; d) < 0, p integers, where ``directional`` is False.
    subgradients : by set, the element that shows stationarity.
    multipliers : by set, those of the constraints' rows that give this element (without constraints: none).
    certificates : by notion, accepted by the verifier.
    uncertified : by notion, why there is no certificate.
    why : by notion, why nothing is known.
    statement : ``lexicographic`` where smooth operations hide a part of d_C F(x0): ``clarke`` is about the hull of d_L.
    local_minimum : whether x0 is one, under constraints among the points x0 + d with allowed d; with smooth operations
        a True ``directional``, of first order, does not tell.
    asked : which notions were to be decided.
    constrained : whether only some directions are allowed.
    """

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    directional: bool | None
    clarke: bool | None
    autodiff: bool | None
    descent: tuple[int, ...] | None = None
    subgradients: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    multipliers: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    certificates: Mapping[str, Statement] = field(default_factory=dict)
    uncertified: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    local_minimum: bool | None = None
    asked: tuple[str, ...] = NOTIONS
    constrained: bool = False

    def __repr__(self) -> str:
        said = [f"{name} {_WORDS[getattr(self, name)]}" for name in NOTIONS]
        descent = "" if self.descent is None else f", descent {show_vector(self.descent)}"
        return f"<StationaryResult: {', '.join(said)}{descent}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        names = _CONSTRAINED if self.constrained else _FREE
        lines = [f"Is {show_vector(self.point)} stationary?"]
        for name in self.asked:
            proof = " (certified)" if name in self.certificates else ""
            hull = name == "clarke" and self.statement == "lexicographic"
            least = name == "directional" and (self.local_minimum or not self.directional)
            also = f" ({names['minimum']})" if least else ""
            said = _SAID[getattr(self, name)]
            lines.append(f"  {said:<8}{names['hull' if hull else name]}{also}{proof}")
            if self.multipliers.get(name):
                multipliers = show_vector(self.multipliers[name])
                lines.append(
                    f"          by {show_vector(self.subgradients[name])} = {multipliers} times the constraints"
                )
            lines += [f"          {line}" for line in of_proof(self.why.get(name), self.uncertified.get(name))]
        if self.descent is not None:
            lines.append(f"F falls along {show_vector(self.descent)}")
        return [*lines, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``stationary --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "local_minimum": self.local_minimum,
            "point": vector_json(self.point),
            **{name: getattr(self, name) for name in NOTIONS},
            "descent": None if self.descent is None else [format_rational(entry) for entry in self.descent],
            "subgradients": {name: vector_json(found) for name, found in self.subgradients.items()},
            "multipliers": {name: vector_json(found) for name, found in self.multipliers.items()},
            "certified": sorted(self.certificates),
            "uncertified": dict(self.uncertified),
            "why": dict(self.why),
            "seconds": self.seconds,
        }


_WORDS = {True: "yes", False: "no", None: "unknown"}
