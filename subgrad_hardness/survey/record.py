"""What a census says of one point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.rational import format_rational, parse_rational


@dataclass(frozen=True, kw_only=True, slots=True)
class CensusRecord:
    """One point of a census.

    Attributes
    ----------
    row : its number in the data, from 0.
    output : the output that was looked at; None: all.
    verdict : what the gradient is, one of ``api.audit_result.VERDICTS``.
    explained : of a gradient that was given, whether choices at the kinks explain it; None: none was given, or unknown.
    convention : the choices that explain it, or that made the gradient.
    kinks : how many nodes are at a kink; ``live``: how many kinks the net has near the point, after what does not
        matter was left out.
    causes : how many nodes are at a kink for which reason (``survey.causes``).
    where : how many nodes are at a kink in which part of the net: their names up to the first bracket.
    nearest : the least absolute value of a preactivation that is not 0; ``nearest_node`` names its node.
    why : why the verdict is unknown.
    seconds : spent on this point.
    """

    row: int
    output: int | None = None
    verdict: str = "unknown"
    explained: bool | None = None
    convention: str | None = None
    kinks: int | None = None
    live: int | None = None
    causes: Mapping[str, int] = field(default_factory=dict)
    where: Mapping[str, int] = field(default_factory=dict)
    nearest: Fraction | None = None
    nearest_node: str | None = None
    why: str | None = None
    seconds: float = 0.0

    @property
    def is_clarke(self) -> bool | None:
        """Whether the gradient is a Clarke subgradient; None: not known."""
        return None if self.verdict == "unknown" else self.verdict in ("lexicographic", "clarke")

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; ``nearest`` is an exact rational in a string."""
        shown = {name: getattr(self, name) for name in FIELDS}
        nearest = None if self.nearest is None else format_rational(self.nearest)
        return {**shown, "causes": dict(self.causes), "where": dict(self.where), "nearest": nearest}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CensusRecord:
        """What ``to_json`` wrote.  Raises KeyError, TypeError or ValueError for anything else."""
        if value.keys() != set(FIELDS):
            raise KeyError("fields")
        nearest = None if value["nearest"] is None else parse_rational(value["nearest"])
        return cls(**{**value, "nearest": nearest})


#: The columns of a table of records, in order.
FIELDS = tuple(CensusRecord.__dataclass_fields__)
