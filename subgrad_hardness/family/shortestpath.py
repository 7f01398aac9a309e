"""The shortest path through a grid of n x n points in two ways, the lengths of its edges the inputs.

Paths go right or down, from one corner to the opposite one: 2 n (n - 1) inputs, which may be negative, and
binomial(2n - 2, n - 1) paths.  ``first`` and ``second`` say how the least length is found:
    forwards : the distance of each point from the start, by that of the points before it (Bellman 1958);
    backwards : the distance of each point to the end, by that of the points after it;
    middle : forwards to the longest diagonal, backwards to it, and the least sum;
    paths : the minimum over all paths, for n up to 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

Point = tuple[int, int]

_WAYS = ("forwards", "backwards", "middle", "paths")
_MOST = 8


@dataclass(frozen=True, kw_only=True)
class ShortestpathValues(Values):
    """The parameters of ``shortestpath``."""

    size: int = integer("points on a side of the grid", default=4, low=2, high=200)
    first: str = choice("the first way", _WAYS, default="forwards")
    second: str = choice("the second way", _WAYS, default="backwards")
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed(only_with="moved")


class _Grid:
    """The points (row, column) of a grid, and the inputs that are its edges."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.names: list[str] = []
        self.edges: dict[tuple[Point, Point], int] = {}
        for row in range(size):
            for column in range(size):
                for letter, end in (("r", (row, column + 1)), ("d", (row + 1, column))):
                    if max(end) < size:
                        self.edges[(row, column), end] = len(self.names)
                        self.names.append(f"{letter}{row + 1}_{column + 1}")

    def distances(self, build: GraphBuilder, last: int, forwards: bool) -> dict[Point, int | None]:
        """The distances of the points from the start, up to ``last`` steps from it; or those to the end, as far.

        None at the start (or the end) itself, whose distance is 0.
        """
        step = -1 if forwards else 1
        origin = (0, 0) if forwards else (self.size - 1, self.size - 1)
        result: dict[Point, int | None] = {origin: None}
        for count in range(1, last + 1):
            for row in range(self.size):
                column = count - row if forwards else 2 * (self.size - 1) - count - row
                if 0 <= column < self.size:
                    here = row, column
                    ways = [self._through(build, result, here, (row + step, column), forwards)]
                    ways.append(self._through(build, result, here, (row, column + step), forwards))
                    result[here] = join(build, "min", [way for way in ways if way is not None])
        return result

    def _through(
        self, build: GraphBuilder, known: dict[Point, int | None], here: Point, other: Point, forwards: bool
    ) -> int | None:
        """The length of the way by that neighbour; None if there is no such point."""
        if other not in known:
            return None
        edge = self.edges[(other, here) if forwards else (here, other)]
        before = known[other]
        return edge if before is None else build.sum([(before, 1), (edge, 1)])

    def paths(self) -> Iterator[list[int]]:
        """The edges of each path."""
        steps = 2 * (self.size - 1)
        for downs in combinations(range(steps), self.size - 1):
            here, path = (0, 0), []
            for step in range(steps):
                after = (here[0] + 1, here[1]) if step in downs else (here[0], here[1] + 1)
                path.append(self.edges[here, after])
                here = after
            yield path


def programs(values: ShortestpathValues) -> Twice:
    """Both ways.  Raises ParameterError for too many paths."""
    grid = _Grid(values.size)
    steps = 2 * (values.size - 1)
    for place, way in (("first", values.first), ("second", values.second)):
        if way == "paths" and values.size > _MOST:
            raise ParameterError(f"paths are enumerated up to size {_MOST}", place=place)

    def write(build: GraphBuilder, way: str) -> Sequence[int]:
        if way == "paths":
            return [join(build, "min", [build.sum((edge, 1) for edge in path) for path in grid.paths()])]
        if way != "middle":
            end = (values.size - 1, values.size - 1) if way == "forwards" else (0, 0)
            distance = grid.distances(build, steps, way == "forwards")[end]
            assert distance is not None
            return [distance]
        before, after = (grid.distances(build, values.size - 1, forwards) for forwards in (True, False))
        sums = []
        for row in range(values.size):
            point = row, values.size - 1 - row
            one, other = before[point], after[point]
            assert one is not None
            assert other is not None
            sums.append(build.sum([(one, 1), (other, 1)]))
        return [join(build, "min", sums)]

    return Twice(
        tuple(grid.names),
        lambda build: write(build, values.first),
        lambda build: write(build, values.second),
        f"both are the length of a shortest path: {values.first}, {values.second}",
    )


def _make(values: ShortestpathValues, given: frozenset[str]) -> Program:
    name = f"shortest path through {values.size} x {values.size} points, {values.first} less {values.second}"
    return difference_net(values, programs(values), SHORTESTPATH.name, name)


SHORTESTPATH = Family(
    name="shortestpath",
    aliases=("shortest-path",),
    summary="the shortest path through a grid, forwards less backwards: equal; or with one weight moved",
    values=ShortestpathValues,
    make=_make,
    picture="""
        A grid of n x n points, its edges the inputs, and the least length of a way from corner to corner: minima of two
        sums, point after point from the start, less the same from the end.  Each partial result of one side is of
        points that the other one has not reached, so that only the whole agrees: the minimum over binomial(2n - 2,
        n - 1) paths.  Moved, one edge or one distance counts twice.
    """,
)
