"""Order statistics of n inputs in two ways: by sorting networks, as one maximum, or over all subsets.

``what`` says which: the ``maximum``, the ``median`` (the ceil(n/2)-th smallest), the k-th smallest (``rank``), ``all``
of them, an output each, or the sum of the k ``largest``.  ``first`` and ``second`` say how: by one of the sorting
networks of ``family.networks``; the maximum also by a balanced ``tree`` of maxima of two; one rank and the sum also by
``subsets``,
    the k-th smallest = min over all k-subsets of the maximum of the subset,
    the sum of the k largest = max over all k-subsets of the sum of the subset.

That a network sorts n values need only be checked on zeros and ones (the 0-1 principle: Knuth, The Art of Computer
Programming 3, theorem 5.3.4 Z); that two networks agree is decided here without being told so.  Only those maxima and
minima are there that the outputs depend on: for the maximum that is a mere tree of maxima in ``oddeven``, and half of
all in ``bitonic``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.networks import NETWORKS, order_statistics
from subgrad_hardness.family.twice import Twice, Writer, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

_WAYS = (*NETWORKS, "tree", "subsets")

#: Sets of inputs that a program may go through.
MOST_SUBSETS = 100_000

#: Ways other than networks, by what they can say.
_OTHERS = {"maximum": "tree", "median": "subsets", "rank": "subsets", "largest": "subsets"}


@dataclass(frozen=True, kw_only=True)
class SortingValues(Values):
    """The parameters of ``sorting``."""

    inputs: int = integer("number n of inputs", default=8, low=2, high=2000)
    what: str = choice(
        "the median, the k-th smallest, the maximum, all ranks, or the sum of the k largest",
        ("median", "rank", "maximum", "all", "largest"),
        default="median",
    )
    k: int | None = integer("which rank, or how many of the largest", low=1, high=2000)
    first: str | None = choice("the first way, by default oddeven, and bitonic for the maximum", _WAYS)
    second: str | None = choice("the second way, by default bitonic, and tree or subsets where they fit", _WAYS)
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed(only_with="moved")


def programs(values: SortingValues) -> Twice:
    """Both ways.  Raises ParameterError for a way that does not give what is wanted."""
    size, what = values.inputs, values.what
    if (what in ("rank", "largest")) is (values.k is None):
        raise ParameterError("missing" if values.k is None else "needs --what rank or largest", place="k")
    if values.k is not None and values.k > size:
        raise ParameterError(f"{values.k} is outside 1..{size}", place="k")
    wanted = (size + 1) // 2 if values.k is None else values.k

    def way(name: str, place: str) -> Writer:
        if name not in NETWORKS and name != _OTHERS.get(what):
            raise ParameterError(f"{name} does not give {_THING[what]}", place=place)
        if name == "subsets" and math.comb(size, wanted) > MOST_SUBSETS:
            raise ParameterError(f"more than {MOST_SUBSETS} subsets of {wanted}", place=place)

        def write(build: GraphBuilder) -> Sequence[int]:
            inputs = range(size)
            if name == "tree":
                return [_tree(build, inputs)]
            if name == "subsets":
                return [_over_subsets(build, size, wanted, total=what == "largest")]
            if what == "all":
                return order_statistics(build, inputs, name, inputs)
            if what == "maximum":
                return order_statistics(build, inputs, name, [size - 1])
            if what == "largest":
                best = order_statistics(build, inputs, name, range(size - wanted, size))
                return [build.sum((value, 1) for value in best)]
            return order_statistics(build, inputs, name, [wanted - 1])

        return write

    first, second = str(values.first), str(values.second)
    known_by = f"order statistics: {first} and {second} both give {_THING[what]}"
    names = tuple(f"x{number}" for number in range(1, size + 1))
    return Twice(names, way(first, "first"), way(second, "second"), known_by)


_THING = {
    "median": "the median",
    "rank": "rank k",
    "maximum": "the maximum",
    "all": "all ranks",
    "largest": "the sum of the k largest",
}


def _tree(build: GraphBuilder, wires: Sequence[int]) -> int:
    """The maximum by a balanced tree of maxima of two."""
    if len(wires) == 1:
        return wires[0]
    half = (len(wires) + 1) // 2
    return build.apply("max", [_tree(build, wires[:half]), _tree(build, wires[half:])])


def _over_subsets(build: GraphBuilder, size: int, count: int, total: bool) -> int:
    """max over all subsets of ``count`` of their sums, or min over them of their maxima."""
    subsets = combinations(range(size), count)
    if total:
        return join(build, "max", [build.sum((value, 1) for value in subset) for subset in subsets])
    return join(build, "min", [join(build, "max", subset) for subset in subsets])


def _make(values: SortingValues, given: frozenset[str]) -> Program:
    first = values.first or ("bitonic" if values.what == "maximum" else "oddeven")
    second = values.second or {"maximum": "tree", "largest": "subsets"}.get(values.what, "bitonic")
    values = replace(values, first=first, second=second)
    thing = _THING[values.what] if values.k is None else _THING[values.what].replace(" k", f" {values.k}")
    name = f"{thing} of {values.inputs}, {values.first} less {values.second}"
    return difference_net(values, programs(values), SORTING.name, name)


SORTING = Family(
    name="sorting",
    summary="order statistics in two ways, by sorting networks, trees or over subsets: equal; or with one weight moved",
    values=SortingValues,
    make=_make,
    picture="""
        sort_1(x) - sort_2(x), two networks of comparators (a, b) -> (min, max) over the same n wires, subtracted where
        they come out: at the median, at one rank, at the top, or at all of them, an output each.  Both sides bend
        where two order statistics meet, on each of the n! orderings' borders, and all of it cancels.  Moved, one wire
        is doubled once on its way, and the orderings in which it matters show.
    """,
)
