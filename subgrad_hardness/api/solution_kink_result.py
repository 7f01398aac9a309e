"""What ``solution_kink`` finds: whether the limit of an iteration is differentiable at theta."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_kinks, show_matrix, show_vector
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.verifying.solution_map import SolutionCertificate
from subgrad_hardness.local.local_net import Matrix


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SolutionKinkResult(Readable, NoTruthValue):
    """Whether the limit of an iteration is differentiable at theta.

    Attributes
    ----------
    verdict : ``kink``, ``smooth`` (differentiable, with the Jacobian ``jacobian``) or ``unknown``.
    theta, fixed_point : theta and xbar, p numbers with F(xbar, theta) = xbar exactly.
    kinks : the relus of F that stand at 0 there.
    jacobian : G, p x m, the derivative of the limit on an open cone of directions.
    direction : of a ``kink``: m integers d with xbar'(theta; d) != G d.
    derivative, opposite : xbar'(theta; d) and xbar'(theta; -d).
    solvable : why the linearised equation has one solution: ``determinants``, or ``norm``, a contraction.
    certified, certificate, uncertified : the certificate, which the verifier accepted, or why there is none.
    solver : what decided.
    why : why the verdict is ``unknown``.
    """

    verdict: str
    theta: tuple[Fraction, ...]
    fixed_point: tuple[Fraction, ...]
    kinks: tuple[str, ...]
    jacobian: Matrix | None = None
    direction: tuple[int, ...] | None = None
    derivative: tuple[Fraction, ...] | None = None
    opposite: tuple[Fraction, ...] | None = None
    solvable: str | None = None
    certificate: SolutionCertificate | None = None
    uncertified: str | None = None
    solver: str | None = None
    why: str | None = None
    seconds: float = 0.0

    @property
    def certified(self) -> bool:
        """Whether there is a certificate."""
        return self.certificate is not None

    def __repr__(self) -> str:
        parts = [self.verdict, count(len(self.kinks), "kink of F", "kinks of F")]
        if self.jacobian is not None:
            parts.append(f"derivative {show_matrix(self.jacobian)}")
        if self.direction is not None and self.derivative is not None:
            parts.append(f"but {show_vector(self.derivative)} along {show_vector(self.direction)}")
        return f"<SolutionKinkResult: {', '.join(parts)}, {'certified' if self.certified else 'not certified'}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        proof = "certified" if self.certified else "not certified"
        heads = {
            "kink": f"KINK: the limit is not differentiable at theta ({proof})",
            "smooth": f"SMOOTH: the limit is differentiable at theta ({proof})",
            "unknown": f"UNKNOWN: {self.why}",
        }
        lines = [
            heads[self.verdict],
            f"  theta = {show_vector(self.theta)}, limit {show_vector(self.fixed_point)}",
            f"  there F has {show_kinks(self.kinks)}",
        ]
        if self.jacobian is not None:
            where = "its Jacobian" if self.verdict == "smooth" else "its Jacobian on an open cone of directions"
            lines.append(f"  {where}: {show_matrix(self.jacobian)}")
        if self.direction is not None and self.derivative is not None and self.opposite is not None:
            opposite = [-entry for entry in self.direction]
            lines.append(f"  its derivative along {show_vector(self.direction)}: {show_vector(self.derivative)}")
            lines.append(f"  its derivative along {show_vector(opposite)}: {show_vector(self.opposite)}")
        if self.solvable is not None:
            lines.append(f"  the linearised equation has one solution: proved by {self.solvable}")
        if not self.certified and self.verdict != "unknown" and self.uncertified:
            lines.append(f"  no certificate: {self.uncertified}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``kink --json`` prints; every key is always there, null = not known."""
        return {
            "version": 1,
            "verdict": self.verdict,
            "theta": vector_json(self.theta),
            "fixed_point": vector_json(self.fixed_point),
            "kinks": list(self.kinks),
            "jacobian": None if self.jacobian is None else matrix_json(self.jacobian),
            "direction": None if self.direction is None else vector_json(self.direction),
            "derivative": None if self.derivative is None else vector_json(self.derivative),
            "opposite": None if self.opposite is None else vector_json(self.opposite),
            "solvable": self.solvable,
            "certified": self.certified,
            "solver": self.solver,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }
