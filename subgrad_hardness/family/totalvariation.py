"""Sums of |x_i - x_j| in two ways: term by term, or from sorted values.

``graph``:
    complete : over all pairs i < j, less sum_k (2k - n - 1) x_(k) of the order statistics x_(1) <= ... <= x_(n), by a
        sorting ``network`` (n times Gini's mean difference; each x_(k) is the larger one of k - 1 pairs, the smaller
        one of n - k);
    path, cycle : over neighbours, less the sum of max - min of each pair, sorted by one comparator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.networks import NETWORKS, order_statistics
from subgrad_hardness.family.twice import Twice, difference_net
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program


@dataclass(frozen=True, kw_only=True)
class TotalvariationValues(Values):
    """The parameters of ``totalvariation``."""

    inputs: int = integer("number n of values", default=5, low=2, high=1000)
    graph: str = choice("over which pairs", ("complete", "path", "cycle"), default="complete")
    network: str | None = choice("the sorting network for all pairs, oddeven by default", tuple(NETWORKS))
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed(only_with="moved")


def programs(values: TotalvariationValues) -> Twice:
    """Term by term, and sorted."""
    size = values.inputs
    pairs = list(combinations(range(size), 2)) if values.graph == "complete" else list(pairwise(range(size)))
    if values.graph == "cycle":
        pairs.append((size - 1, 0))

    def direct(build: GraphBuilder) -> Sequence[int]:
        gaps = [build.sum([(one, 1), (other, -1)]) for one, other in pairs]
        return [build.sum((build.apply("abs", [gap]), 1) for gap in gaps)]

    def from_sorted(build: GraphBuilder) -> Sequence[int]:
        if values.network is None:
            ends = [(build.apply("max", pair), build.apply("min", pair)) for pair in pairs]
            return [build.sum((end, sign) for pair in ends for end, sign in zip(pair, (1, -1), strict=True))]
        # The middle value of an odd number has no weight: it is left out, as a person would.
        ranks = [rank for rank in range(size) if 2 * rank != size - 1]
        ordered = order_statistics(build, range(size), values.network, ranks)
        return [build.sum((value, 2 * rank - size + 1) for value, rank in zip(ordered, ranks, strict=True))]

    return Twice(
        tuple(f"x{number}" for number in range(1, size + 1)),
        direct,
        from_sorted,
        "|a - b| = max(a, b) - min(a, b), summed up by rank" if values.network else "|a - b| = max(a, b) - min(a, b)",
    )


def _make(values: TotalvariationValues, given: frozenset[str]) -> Program:
    if values.graph == "complete":
        values = replace(values, network=values.network or "oddeven")
    elif values.network is not None:
        raise ParameterError("needs --graph complete", place="network")
    how = "sorted neighbours" if values.network is None else f"sorted values, {values.network}"
    name = f"sum of |x_i - x_j| over a {values.graph} graph of {values.inputs} less {how}"
    return difference_net(values, programs(values), TOTALVARIATION.name, name)


TOTALVARIATION = Family(
    name="totalvariation",
    aliases=("total-variation",),
    summary="the sum of |x_i - x_j| less a weighted sum of sorted values: equal; or with one weight moved",
    values=TotalvariationValues,
    make=_make,
    picture="""
        n (n - 1) / 2 absolute values of differences, one layer of kinks, less the sum of (2k - n - 1) times the k-th
        smallest value, which comes out of a sorting network, many layers deep: both are the support function of the
        zonotope of all e_i - e_j, the permutohedron.  On a path the pairs of neighbours are sorted one by one.  Zero;
        moved, one wire of the network counts twice once.
    """,
)
