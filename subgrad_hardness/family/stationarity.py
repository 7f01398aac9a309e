"""Differences of convex functions for which testing stationarity is as hard as a cut or a formula.

f(x, z) = z - 2 min(relu(z), F(x)) for the net F >= 0 of a source problem (``reduction.stationarity``): 0 is in the
Clarke subdifferential of f at 0 iff F is not identically 0, iff the source problem has a solution, iff f has two
distinct subgradients.  And -F is Frechet stationary at 0 iff F = 0.  Sources: maximum cut, where F = relu(p - q) for
sums p and q of absolute values, so that -F = q - max(p, q) is a difference of convex functions; and random 3-SAT.
Hardness of such tests is the subject of Tian and So, arXiv 2501.03224.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgrad_hardness.family.contract import Family, Values, choice, integer, random_seed
from subgrad_hardness.family.ksat import KSAT
from subgrad_hardness.family.maxcut import MAXCUT
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.stationarity import clarke_instance


@dataclass(frozen=True, kw_only=True)
class StationarityValues(Values):
    """The parameters of ``stationarity``."""

    source: str = choice("what makes it hard", ("maxcut", "ksat"), default="maxcut")
    size: int = integer("vertices (at most 20 are solved at generation), or variables", default=6, low=2, high=300)
    answer: str = choice(
        "stationary: with a solution, two subgradients; none: without, one",
        ("stationary", "none"),
        default="stationary",
    )
    seed: int = random_seed()


def _make(values: StationarityValues, given: frozenset[str]) -> Program:
    source, size, answer, seed = values.source, values.size, values.answer, values.seed
    if source == "maxcut":
        inner = MAXCUT.build(vertices=size, offset=0 if answer == "stationary" else 1, seed=seed)
    else:
        wanted = "satisfiable" if answer == "stationary" else "unsatisfiable"
        inner = KSAT.build(variables=size, ratio="4.26", answer=wanted, seed=seed)
    facts = inner.provenance or {}
    stationary = facts["verdict"] == "distinct"
    not_ = "" if stationary else "not "
    provenance = {
        "family": STATIONARITY.name,
        "parameters": {"source": source, "size": size, "answer": answer},
        "seed": seed,
        "verdict": facts["verdict"],
        "known_by": f"0 is {not_}in the Clarke subdifferential, because of the source: {facts['known_by']}",
        "clarke_stationary": stationary,
        "source": dict(facts),
    }
    name = f"{'' if stationary else 'not '}Clarke stationary: {inner.name}"
    return clarke_instance(inner)._replace(name=name, provenance=provenance)


STATIONARITY = Family(
    name="stationarity",
    summary="differences of convex functions: 0 is a Clarke subgradient iff a cut, or a formula, has a solution",
    values=StationarityValues,
    make=_make,
    picture="""
        f(x, z) = z - 2 min(relu(z), F(x)): going up in z costs as much as it says, unless F(x) > 0 in the shadow,
        where f falls first.  With F = 0 it is the plane z, with the one subgradient e_z; with F > 0 somewhere -e_z
        is another one, and 0, half-way between them, is a Clarke subgradient: a stationary point that is no
        minimum.
    """,
)
