"""Small nets of every family whose verdict is known, and questions asked cube by cube."""

from __future__ import annotations

from typing import Any, NamedTuple

from subgrad_hardness import Program, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.cubes.conquer import Plan, conquer
from subgrad_hardness.engine.registry import Decision
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.pose import Posed, pose

#: Family and parameters; both verdicts.
SMALL_NETS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("3sat", {"variables": 8, "ratio": "6", "answer": "unsatisfiable"}),
    ("3sat", {"variables": 8, "ratio": "4", "planted": True}),
    ("3sat", {"variables": 5, "ratio": "7", "form": "layers3", "answer": "unsatisfiable"}),
    ("naesat", {"variables": 5, "ratio": "4", "form": "layers2"}),
    ("naesat", {"variables": 6, "ratio": "4"}),
    ("onein3", {"variables": 6, "ratio": "2"}),
    ("maxcut", {"vertices": 6, "offset": 1}),
    ("maxcut", {"vertices": 6, "offset": 0}),
    ("clique", {"vertices": 6, "offset": 1}),
    ("clique", {"vertices": 6, "offset": 0}),
    ("vertexcover", {"vertices": 6, "offset": 1}),
    ("coloring", {"vertices": 6, "degree": "3"}),
    ("hamilton", {"vertices": 4, "degree": "2"}),
    ("pigeonhole", {"holes": 3}),
    ("tseitin", {"vertices": 6}),
    ("parity", {"points": 5}),
    ("cliquecoloring", {}),
    ("partition", {"count": 5}),
    ("subsetsum", {"count": 5}),
    ("lattice", {"depth": 4}),
    ("lattice", {"depth": 4, "moved": True}),
    ("copies", {"widths": "4-6-6-1"}),
    ("zonotope", {"inputs": 3, "inner": 4, "outer": 5}),
    ("thincone", {"levels": 4}),
    ("thincone", {"levels": 4, "shut": True}),
    ("tent", {"variables": 4, "ratio": "5"}),
    ("stationarity", {}),
    ("absidentity", {}),
    ("almostlinear", {"widths": "3-4-1"}),
    ("needle", {}),
)

#: Nothing falls as a whole, six cubes at once, and a budget in which what is hard stands.
TINY = Plan(first=0.0, each=6, seconds=0.05)


class Asked(NamedTuple):
    """A net, its question, and what cubes decided."""

    net: Program
    posed: Posed
    decision: Decision

    def certificate(self) -> bytes:
        """The certificate of a refutation, as its file."""
        answer = self.decision.answer
        assert isinstance(answer, Refutation) and answer.proof is not None
        posed = self.posed
        return unique_certificate(self.net, posed.local, posed.subgradient, answer.proof, Limits()).dumps().encode()


def by_cubes(net: Program, plan: Plan = TINY, solver: str = "auto") -> Asked:
    """The question about ``net``, decided cube by cube."""
    posed = pose(net)
    return Asked(net, posed, conquer(posed.question, solver, Limits(), lambda _: None, plan))


def small_net(number: int) -> Program:
    family, parameters = SMALL_NETS[number]
    return generate(family, **parameters)


def verdict(answer: Answer) -> str:
    return {Witness: "distinct", Refutation: "unique", Undecided: "unknown"}[type(answer)]
