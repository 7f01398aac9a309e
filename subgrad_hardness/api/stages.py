"""The stages of a check, each a small object, and the result that they make together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from subgrad_hardness.api.results import Autodiff, Believed, CheckResult, CrossCheck, NearestKink
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.common.progress import ignore
from subgrad_hardness.derivative.lexicographic import Directions, Element
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.proof.written import statement_made


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a program at its point before anything is decided."""

    digest: str | None = None
    point: tuple[Fraction, ...] | None = None
    kinks: int | None = None
    kink_names: tuple[str, ...] | None = None
    nearest_kink: NearestKink | None = None
    statements: Mapping[str, str] | None = None
    outer: tuple[str, ...] = ()


def facts(program: Program, local: Localisation, outer: tuple[str, ...] = ()) -> Facts:
    """The facts; linear in the program, mostly for its digest."""
    nearest = local.nearest
    return Facts(
        digest=program.digest,
        point=program.point,
        kinks=len(local.kink_units),
        kink_names=tuple(dict.fromkeys(map(program.unit_name, dict.fromkeys(local.kink_units)))),
        nearest_kink=None if nearest is None else NearestKink(distance=nearest[0], node=program.unit_name(nearest[1])),
        statements={verdict: statement_made(program, verdict) for verdict in ("distinct", "unique", "unknown")},
        outer=outer,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """Elements of d_L that go into the report, as Jacobians with the directions that give them."""

    subgradients: tuple[Matrix, ...] | None = None
    directions: tuple[Directions, ...] | None = None


def members(net: LocalNet, *elements: Element) -> Members:
    """The Jacobians of ``elements``, with the output scales."""
    return Members(
        subgradients=tuple([net.scaled(element.rows) for element in elements]),
        directions=tuple([element.directions for element in elements]),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A verdict and how it was reached, or why there is none."""

    verdict: str = "unknown"
    why: str | None = None
    solver: str | None = None
    effort: Mapping[str, int] | None = None
    separating_direction: tuple[int, ...] | None = None
    believed: Believed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Certification:
    """A certificate that the independent verifier accepted, or why there is none."""

    certificate: Certificate | None = None
    uncertified: str | None = None


@dataclass(kw_only=True, slots=True)
class Stages:
    """The stages that are done; ``publish`` hears the result of what there is whenever another one is."""

    publish: Callable[[CheckResult], None] = ignore
    start: float = field(default_factory=time.monotonic)
    facts: Facts = field(default_factory=Facts)
    members: Members = field(default_factory=Members)
    verdict: Verdict = field(default_factory=Verdict)
    autodiff: Autodiff | None = None
    cross_checks: tuple[CrossCheck, ...] | None = None
    certification: Certification = field(default_factory=Certification)

    def done(
        self,
        *,
        facts: Facts | None = None,
        members: Members | None = None,
        verdict: Verdict | None = None,
        autodiff: Autodiff | None = None,
        cross_checks: tuple[CrossCheck, ...] | None = None,
        certification: Certification | None = None,
    ) -> None:
        """Take over the stages that are given, and publish."""
        self.facts = facts or self.facts
        self.members = members or self.members
        self.verdict = verdict or self.verdict
        self.autodiff = autodiff or self.autodiff
        self.cross_checks = cross_checks or self.cross_checks
        self.certification = certification or self.certification
        self.publish(self.result())

    def result(self) -> CheckResult:
        """The result of the stages so far; ``why`` is None until there is a verdict, or a reason for none."""
        facts, members, verdict, certification = self.facts, self.members, self.verdict, self.certification
        return CheckResult(
            verdict=verdict.verdict,
            statement=None if facts.statements is None else facts.statements[verdict.verdict],
            outer=facts.outer,
            digest=facts.digest,
            point=facts.point,
            kinks=facts.kinks,
            kink_names=facts.kink_names,
            nearest_kink=facts.nearest_kink,
            subgradients=members.subgradients,
            directions=members.directions,
            separating_direction=verdict.separating_direction,
            autodiff=self.autodiff,
            cross_checks=self.cross_checks,
            solver=verdict.solver,
            effort=verdict.effort,
            certified=certification.certificate is not None,
            believed=verdict.believed,
            seconds=time.monotonic() - self.start,
            why=verdict.why,
            certificate=certification.certificate,
            uncertified=certification.uncertified,
        )


def evidence(program: Program, stages: Stages) -> dict[str, object]:
    """What a report of an internal error needs: the net, and what had been found."""
    return {"net": to_mapping(program), "report": stages.result().to_json()}
