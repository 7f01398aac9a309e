"""The maximum norm max |x_i| in two ways: by halves, with absolute values alone, less a maximum of absolute values.

    max(|a|, |b|) = (|a + b| + |a - b|) / 2

gives the norm of each half of the inputs, then of both halves' norms, and so on up a balanced tree: no max at all, and
an absolute value of sums of absolute values at each level.  The second program is one max of all |x_i|, or, ``signed``,
of all x_i and -x_i.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

_HALF = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True)
class AbsoluteValues(Values):
    """The parameters of ``absolute``."""

    inputs: int = integer("number of inputs", default=8, low=2, high=100_000)
    signed: bool = flag("the second way is the maximum of all x_i and -x_i")
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed(only_with="moved")


def _halves(build: GraphBuilder, entries: Sequence[int]) -> int:
    """The maximum norm of one or more values; of a single one the value itself."""
    if len(entries) == 1:
        return entries[0]
    half = (len(entries) + 1) // 2
    one, other = _halves(build, entries[:half]), _halves(build, entries[half:])
    sides = [build.apply("abs", [build.sum([(one, 1), (other, sign)])]) for sign in (1, -1)]
    return build.sum([(side, _HALF) for side in sides])


def programs(values: AbsoluteValues) -> Twice:
    """By halves, and by a maximum."""

    def direct(build: GraphBuilder) -> Sequence[int]:
        inputs = range(values.inputs)
        if values.signed:
            return [join(build, "max", [*inputs, *(build.sum([(entry, -1)]) for entry in inputs)])]
        return [join(build, "max", [build.apply("abs", [entry]) for entry in inputs])]

    return Twice(
        tuple(f"x{number}" for number in range(1, values.inputs + 1)),
        lambda build: [_halves(build, range(values.inputs))],
        direct,
        "max(|a|, |b|) = (|a + b| + |a - b|) / 2: both are the maximum norm",
    )


def _make(values: AbsoluteValues, given: frozenset[str]) -> Program:
    name = f"maximum norm of {values.inputs} by halves less a maximum{' of signed inputs' if values.signed else ''}"
    return difference_net(values, programs(values), ABSOLUTE.name, name)


ABSOLUTE = Family(
    name="absolute",
    aliases=("maximum-norm",),
    summary="the maximum norm by halves, of absolute values alone, less a maximum: equal; or with one weight moved",
    values=AbsoluteValues,
    make=_make,
    picture="""
        (|a + b| + |a - b|) / 2 - max(|a|, |b|), where a and b are such expressions of one half of the inputs each:
        log n levels of sums of absolute values that no max shows in, against max_i |x_i|.  Both are the gauge of the
        cube, with 2n facets, and the difference is 0.  Moved, one facet is twice as steep for one of them.
    """,
)
