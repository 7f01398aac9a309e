"""What ``audit`` finds: which choices explain a gradient, and what the exact result of these choices is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from subgrad_hardness.api.contains_result import ContainsResult
from subgrad_hardness.api.readable import Readable, of_statement
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.auditing.explaining import Explained
from subgrad_hardness.certificate.statement import LEXICOGRAPHIC, SETS, Statement
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational

#: The verdicts, and what each says of the vector that is judged.
VERDICTS = {
    "lexicographic": "a lexicographic subgradient: the Jacobian of a piece",
    "clarke": "a Clarke subgradient (a convex combination of Jacobians of pieces)",
    "conservative": "NOT a Clarke subgradient; only in the hull of what backpropagation may return",
    "neither": "NEITHER a Clarke subgradient, nor in the hull of what backpropagation returns",
    "unknown": "not decided within the limits",
}

#: The same where smooth operations hide a part of Clarke's set (``statement`` is ``lexicographic``).
HULLS = {
    **VERDICTS,
    "clarke": "a convex combination of lexicographic subgradients (Jacobians of pieces of F'(x0; .))",
    "conservative": "NOT in the hull of the lexicographic subgradients; in that of what backpropagation may return",
    "neither": "NEITHER in the hull of the lexicographic subgradients, nor in that of what backpropagation returns",
}


def verdict_of(found: ContainsResult) -> str:
    """The one of ``VERDICTS`` that a membership comes to."""
    if found.lexicographic:
        return "lexicographic"
    if found.clarke:
        return "clarke"
    if found.clarke is False and found.autodiff is not None:
        return "conservative" if found.autodiff else "neither"
    return "unknown"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class AuditResult(Readable):
    """What a gradient means.

    Attributes
    ----------
    gradient : the gradient that was given, m x p, floats taken exactly.
    precision : in which it was computed.
    explained : part (a): which choices explain it, how far rounding reaches, where branches part; None: not known yet.
    membership : part (b): in which sets ``vector`` is; with certificates.
    within_rounding : of a gradient that nothing explains, by set: whether the set has an element that differs from it
        by no more than rounding can, entry by entry; None: not known.  Of one that is explained up to rounding by
        what is no Clarke subgradient, the same of that set.
    operations : of a framework's gradient, what the framework was seen to do at kinks, by operation.
    framework : its name and version, or the convention that was asked for.
    mode : ``backward`` or ``forward``: how it was computed.
    """

    gradient: Matrix
    precision: str
    explained: Explained | None
    membership: ContainsResult
    within_rounding: Mapping[str, bool | None] = field(default_factory=dict)
    operations: Mapping[str, str] = field(default_factory=dict)
    framework: str | None = None
    mode: str = "backward"
    node_names: Mapping[int, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def vector(self) -> Matrix:
        """What is judged: the exact result of the choices that explain the gradient; else the gradient itself."""
        return self.membership.vector

    @property
    def verdict(self) -> str:
        """One of ``VERDICTS``; ``clarke`` also where it is not known whether the vector is lexicographic."""
        return verdict_of(self.membership)

    @property
    def is_clarke(self) -> bool | None:
        """Whether the gradient is a Clarke subgradient, exactly or up to proved rounding; None: not known.

        With smooth operations and kinks it is one of one output if it is in the hull of the lexicographic ones, and may
        be one if it is not.
        """
        if self.membership.statement == LEXICOGRAPHIC:
            return True if self.membership.clarke and len(self.gradient) == 1 else None
        if self.membership.clarke is not False:
            return self.membership.clarke
        found = self.explained
        assert found is not None  # nothing is judged before it
        unrounded = found.bound is not None and not any(map(any, found.bound))
        if unrounded or (found.explains and not found.best.deviation):
            return False
        return self.within_rounding.get("clarke")

    @property
    def certificates(self) -> Mapping[str, Statement]:
        """Of ``membership``."""
        return self.membership.certificates

    def __repr__(self) -> str:
        return f"<AuditResult: {show_matrix(self.gradient)}: {self.verdict}; {self.said()[0]}>"

    def said(self) -> list[str]:
        """The audit in plain words, a sentence a line."""
        found = self.explained
        if found is None:
            return ["stopped by a limit before the gradient was explained"]
        best = found.best
        if found.explains:
            near = "exactly" if not best.deviation else f"up to the rounding of this {self.mode} pass (proved)"
            lines = [f"explained, {near}, by: {best.convention}"]
            lines += [f"  {name}: relu'(0) = {slope}" for name, slope in best.slopes.items()]
            if found.others:
                more = f", and {len(found.others) - 4} more" if len(found.others) > 4 else ""
                lines.append(f"as well by: {'; '.join(found.others[:4])}{more}")
            if best.branches == "rounded":
                lines.append("with the branches that floating point took, which are not the exact ones")
        else:
            off = show_number(best.deviation, 3)
            lines = [f"no convention explains it; the nearest, {best.convention}, is off by {off}"]
            if found.bound is None:
                why = f"too many roundings on a path for {self.precision}, or a quotient or power"
                lines.append(f"nothing is known of rounding: {why}")
            if found.excluded:
                lines.append("no choice of relu'(0) in [0, 1], each kink its own, explains it (proved)")
        lines += [self._rounding(name, near) for name, near in self.within_rounding.items()]
        for one in found.parted[:8]:
            pieces = f"pieces {one.exact} exactly, {one.rounded} rounded"
            lines.append(f"branches part at {self.node_names[one.node]}: {pieces}")
        if len(found.parted) > 8:
            lines.append(f"... and at {len(found.parted) - 8} more nodes")
        judged = "its exact value" if found.explains else "the vector itself, taken literally,"
        words = HULLS if self.membership.statement == LEXICOGRAPHIC else VERDICTS
        return [*lines, f"{judged} is {words[self.verdict]}", *of_statement(self.membership.statement)]

    def _rounding(self, name: str, near: bool | None) -> str:
        said = {True: "has an element", False: "has NO element (proved)", None: "is not known to have an element"}[near]
        hull = name == "clarke" and self.membership.statement == LEXICOGRAPHIC
        return f"the {_HULL if hull else _SETS[name]} {said} within rounding of it"

    def lines(self) -> list[str]:
        """The answer for people."""
        kinks = () if self.explained is None else self.explained.kinks
        shown = f"{len(kinks)} nodes at a kink" if kinks else "no kink"
        lines = [
            f"{self.verdict.upper()}: the gradient {show_matrix(self.gradient)}",
            f"at {show_vector(self.membership.point)}, {shown}",
            *self.said(),
            *[f"{name}: {why}" for name, why in self.membership.why.items()],
        ]
        for name, why in self.membership.uncertified.items():
            if name not in self.membership.why:
                lines.append(f"{name}: no certificate: {why}")
        return [*lines, f"certified: {', '.join(sorted(self.certificates))}"] if self.certificates else lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``audit --json`` prints."""
        found = self.explained
        return {
            "version": 1,
            "verdict": self.verdict,
            "said": self.said(),
            "digest": self.membership.digest,
            "statement": self.membership.statement,
            "point": vector_json(self.membership.point),
            "gradient": matrix_json(self.gradient),
            "precision": self.precision,
            "explained": None if found is None else found.explains,
            "explanation": None if found is None else _explanation_json(found),
            "kinks": [] if found is None else list(found.kinks),
            "bound": None if found is None or found.bound is None else matrix_json(found.bound),
            "parted": []
            if found is None
            else [
                {"node": self.node_names[one.node], "exact": list(one.exact), "rounded": list(one.rounded)}
                for one in found.parted
            ],
            "vector": matrix_json(self.vector),
            **{name: getattr(self.membership, name) for name in SETS},
            "within_rounding": dict(self.within_rounding),
            "framework": self.framework,
            "mode": self.mode,
            "operations": dict(self.operations),
            "certified": sorted(self.certificates),
            "uncertified": dict(self.membership.uncertified),
            "why": dict(self.membership.why),
            "seconds": self.seconds,
        }


_SETS = {"clarke": "Clarke subdifferential", "autodiff": "hull of what backpropagation may return"}
_HULL = "hull of the lexicographic subgradients"


def _explanation_json(found: Explained) -> dict[str, Any]:
    best = found.best
    return {
        "convention": best.convention,
        "others": list(found.others),
        "branches": best.branches,
        "slopes": {name: format_rational(slope) for name, slope in best.slopes.items()},
        "deviation": format_rational(best.deviation),
        "excluded": found.excluded,
    }
