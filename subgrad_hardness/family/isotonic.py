"""Isotonic regression of n values in two ways: by the max-min and by the min-max formula.

The nondecreasing z nearest to x in the sum of squares is
    z_i = max over a <= i of min over b >= i of mean(x_a, ..., x_b) = min over b >= i of max over a <= i of the same
(Barlow, Bartholomew, Bremner, Brunk, *Statistical inference under order restrictions*, 1972; Robertson, Wright,
Dykstra, *Order restricted statistical inference*, 1988, section 1.4).  As terms of max and min the two are no duals of
each other: they agree because the means do, not by the laws of a lattice.  An output for one ``component``, by default
the middle one, or for ``all``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program


@dataclass(frozen=True, kw_only=True)
class IsotonicValues(Values):
    """The parameters of ``isotonic``."""

    inputs: int = integer("number n of values", default=5, low=2, high=200)
    component: int | None = integer("which component, by default the middle one", low=1, high=200)
    all: bool = flag("all components, an output each")
    moved: bool = flag("double one argument of one node of the second formula")
    seed: int = random_seed(only_with="moved")


def programs(values: IsotonicValues) -> Twice:
    """max-min, and min-max."""
    size = values.inputs
    components = range(size) if values.component is None else [values.component - 1]

    def write(build: GraphBuilder, outer: str, inner: str) -> Sequence[int]:
        means = {
            (start, stop): build.sum((entry, Fraction(1, stop - start)) for entry in range(start, stop))
            for start in range(size)
            for stop in range(start + 1, size + 1)
            if any(start <= place < stop for place in components)
        }
        results = []
        for place in components:
            starts, stops = range(place + 1), range(place + 1, size + 1)
            if outer == "max":
                inside = [join(build, inner, [means[start, stop] for stop in stops]) for start in starts]
            else:
                inside = [join(build, inner, [means[start, stop] for start in starts]) for stop in stops]
            results.append(join(build, outer, inside))
        return results

    return Twice(
        tuple(f"x{number}" for number in range(1, size + 1)),
        lambda build: write(build, "max", "min"),
        lambda build: write(build, "min", "max"),
        "the max-min and the min-max formula of isotonic regression",
    )


def _make(values: IsotonicValues, given: frozenset[str]) -> Program:
    if values.component is not None:
        if values.all:
            raise ParameterError("has no meaning with all", place="component")
        if values.component > values.inputs:
            raise ParameterError(f"{values.component} is outside 1..{values.inputs}", place="component")
    elif not values.all:
        values = replace(values, component=(values.inputs + 1) // 2)
    which = "all components" if values.component is None else f"component {values.component}"
    name = f"isotonic regression of {values.inputs}, {which}, max-min less min-max"
    return difference_net(values, programs(values), ISOTONIC.name, name)


ISOTONIC = Family(
    name="isotonic",
    summary="isotonic regression by the max-min less the min-max formula: equal; or with one weight moved",
    values=IsotonicValues,
    make=_make,
    picture="""
        max over a <= i of min over b >= i of the mean of x_a, ..., x_b, less the same with max and min exchanged: the
        level at i of the best nondecreasing sequence, which is the slope of a greatest convex minorant.  As terms over
        independent means the two differ; over the means of one sequence they are equal, since a mean lies between
        those of its parts.  Moved, one mean counts twice.
    """,
)
