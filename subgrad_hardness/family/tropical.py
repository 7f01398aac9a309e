"""Tropical algebra, where max is the sum and + the product: two identities of it, each as two programs.

``product``: the product of two tropical polynomials is the polynomial of all products,
    max_i a_i x + max_j b_j x = max_ij (a_i + b_j) x,   m ``terms`` each, in p ``inputs``,
with a_i, b_j uniform nonzero integer vectors in [-9, 9]^p: m^2 sums (Minkowski addition of the Newton polytopes;
Maclagan, Sturmfels, *Introduction to tropical geometry*, 2015, chapter 1).

``determinant``: the tropical determinant of an n x n matrix of inputs, which is the value of the best assignment,
    max over all permutations s of sum_i x_i,s(i),
less dynamic programming over subsets of the columns, row after row: D(S) = max over j in S of D(S without j) + x_|S|,j;
n! sums of n against n 2^(n-1) (after Held and Karp 1962).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

_OF = {"product": ("terms", "inputs"), "determinant": ("size",)}


@dataclass(frozen=True, kw_only=True)
class TropicalValues(Values):
    """The parameters of ``tropical``."""

    what: str = choice("the product of two maxima, or a determinant", tuple(_OF), default="product")
    terms: int | None = integer("of a product: forms in each maximum, 6 by default", low=2, high=1000)
    inputs: int | None = integer("of a product: number of inputs, 4 by default", low=1, high=1000)
    size: int | None = integer("of a determinant: rows of the matrix, 4 by default", low=2, high=8)
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed()


def programs(values: TropicalValues) -> Twice:
    """Both ways; all sizes that ``what`` needs are there."""
    if values.what == "determinant":
        assert values.size is not None
        return _determinant(values.size)
    assert values.terms is not None
    assert values.inputs is not None
    return _product(values.terms, values.inputs, values.seed)


def _product(terms: int, inputs: int, seed: int) -> Twice:
    stream = Stream(seed, "tropical", terms, inputs)
    factors = [[stream.direction(inputs, 9) for _ in range(terms)] for _ in range(2)]

    def factored(build: GraphBuilder) -> Sequence[int]:
        maxima = [join(build, "max", [build.sum(enumerate(form)) for form in factor]) for factor in factors]
        return [build.sum((value, 1) for value in maxima)]

    def expanded(build: GraphBuilder) -> Sequence[int]:
        sums = [[x + y for x, y in zip(one, other, strict=True)] for one in factors[0] for other in factors[1]]
        return [join(build, "max", [build.sum(enumerate(form)) for form in sums])]

    names = tuple(f"x{number}" for number in range(1, inputs + 1))
    return Twice(names, factored, expanded, "a sum of two maxima is the maximum of all sums")


def _determinant(size: int) -> Twice:
    def expanded(build: GraphBuilder) -> Sequence[int]:
        sums = [
            build.sum((row * size + column, 1) for row, column in enumerate(columns))
            for columns in permutations(range(size))
        ]
        return [join(build, "max", sums)]

    def by_subsets(build: GraphBuilder) -> Sequence[int]:
        best: dict[tuple[int, ...], int] = {(column,): column for column in range(size)}
        for row in range(1, size):
            best = {
                subset: join(
                    build, "max", [_without(build, best, subset, place, row * size) for place in range(row + 1)]
                )
                for subset in combinations(range(size), row + 1)
            }
        return [best[tuple(range(size))]]

    names = tuple(f"x{row}_{column}" for row in range(1, size + 1) for column in range(1, size + 1))
    return Twice(names, expanded, by_subsets, "both are the largest sum of a permutation")


def _without(
    build: GraphBuilder, best: dict[tuple[int, ...], int], subset: tuple[int, ...], place: int, row: int
) -> int:
    """The best of the rows before on all columns of the subset but one, plus that column's entry in the row whose first
    input is ``row``."""
    return build.sum([(best[subset[:place] + subset[place + 1 :]], 1), (row + subset[place], 1)])


def _make(values: TropicalValues, given: frozenset[str]) -> Program:
    for other, names in _OF.items():
        for name in names:
            if other != values.what and name in given:
                raise ParameterError(f"has no meaning for a {values.what}", place=name)
    if values.what == "product":
        values = replace(values, terms=values.terms or 6, inputs=values.inputs or 4)
        name = f"two maxima of {values.terms} less the maximum of all sums, {values.inputs} inputs"
    else:
        values = replace(values, size=values.size or 4)
        name = f"tropical determinant of {values.size} x {values.size}, permutations less subsets"
    return difference_net(values, programs(values), TROPICAL.name, name, drawn=values.what == "product")


TROPICAL = Family(
    name="tropical",
    summary="a product of two maxima expanded, or a tropical determinant in two ways: equal; or with one weight moved",
    values=TropicalValues,
    make=_make,
    picture="""
        max_i a_i x + max_j b_j x - max_ij (a_i + b_j) x: the support functions of two polytopes, and of their Minkowski
        sum, by m^2 points of which only the vertices matter.  Or the best of the n! assignments in a matrix of inputs,
        less the same found row by row, over all subsets of columns.  Zero; with one weight doubled it bends where that
        form, or that partial assignment, is best.
    """,
)
