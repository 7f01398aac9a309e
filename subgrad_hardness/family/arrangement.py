"""Nets with a known number of lexicographic subgradients: sums over blocks of inputs of known arrangements.

Each block is a function of inputs of its own; the cells of a sum over disjoint inputs are products of cells, and so
the numbers multiply.  In every block different cells have different Jacobians:

    boolean n       sum |x_i|                                       2^n
    generic n, d    sum over n hyperplanes in d inputs              2 (C(n-1, 0) + ... + C(n-1, d-1))
                    3^j |x_1 + t_j x_2 + ... + t_j^(d-1) x_d|, t_j = j: any d are independent; a cell's sign
                    vector is read off the first entry of its Jacobian, sum +-3^j
    braid n         sum over i < j of |x_i - x_j|                   n!         (a permutation of n-1, n-3, ..., 1-n)
    signed n        sum |x_i| + sum over i < j of                   2^n n!     (a signed permutation of 1, 3, ..., 2n-1)
                    |x_i - x_j| + |x_i + x_j|
    maximum n       max(x_1, ..., x_n)                              n          (a unit vector)

The number for generic central arrangements is Schlaefli's (Winder 1966; Zaslavsky 1975); the others are the orders of
the reflection groups A_1^n, A_(n-1) and B_n.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, factorial, prod
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, integer
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program


class Block(NamedTuple):
    """A block: what it is called, its inputs, the number of its Jacobians, and how to write it."""

    name: str
    inputs: int
    jacobians: int
    write: Callable[[GraphBuilder, Sequence[str]], int]


def _absolutes(build: GraphBuilder, forms: Sequence[Mapping[str, int]], weights: Sequence[int]) -> int:
    values = [build.apply("abs", [build.sum(form.items())]) for form in forms]
    return build.sum(zip(values, weights, strict=True))


def boolean(size: int) -> Block:
    """The coordinate hyperplanes."""
    return Block(
        f"boolean {size}", size, 2**size, lambda build, xs: _absolutes(build, [{x: 1} for x in xs], [1] * size)
    )


def generic(planes: int, dimension: int) -> Block:
    """Hyperplanes in general position."""

    def write(build: GraphBuilder, xs: Sequence[str]) -> int:
        forms = [{x: t**power for power, x in enumerate(xs)} for t in range(1, planes + 1)]
        return _absolutes(build, forms, [3**j for j in range(planes)])

    count = 2 * sum(comb(planes - 1, k) for k in range(dimension))
    return Block(f"generic {planes} in {dimension}", dimension, count, write)


def braid(size: int) -> Block:
    """The hyperplanes x_i = x_j."""

    def write(build: GraphBuilder, xs: Sequence[str]) -> int:
        forms = [{one: 1, other: -1} for one, other in combinations(xs, 2)]
        return _absolutes(build, forms, [1] * len(forms))

    return Block(f"braid {size}", size, factorial(size), write)


def signed(size: int) -> Block:
    """The hyperplanes x_i = 0 and x_i = +-x_j."""

    def write(build: GraphBuilder, xs: Sequence[str]) -> int:
        forms = [{x: 1} for x in xs]
        forms += [{one: 1, other: sign} for one, other in combinations(xs, 2) for sign in (-1, 1)]
        return _absolutes(build, forms, [1] * len(forms))

    return Block(f"signed {size}", size, 2**size * factorial(size), write)


def maximum(size: int) -> Block:
    """The largest coordinate."""
    return Block(f"maximum {size}", size, size, lambda build, xs: build.apply("max", xs))


@dataclass(frozen=True, kw_only=True)
class ArrangementValues(Values):
    """The parameters of ``arrangement``."""

    boolean: int = integer("coordinate hyperplanes: 2^n subgradients", default=0, low=0, high=500)
    planes: int = integer("hyperplanes in general position", default=0, low=0, high=200)
    dimension: int = integer("of the space of these", default=3, low=1, high=50)
    braid: int = integer("x_i = x_j among n inputs: n! subgradients", default=0, low=0, high=60)
    signed: int = integer("x_i = 0 and x_i = +-x_j: 2^n n! subgradients", default=0, low=0, high=40)
    maximum: int = integer("the maximum of n inputs: n subgradients", default=0, low=0, high=1000)
    copies: int = integer("how often the blocks are repeated", default=1, low=1, high=20)


def _make(values: ArrangementValues, given: frozenset[str]) -> Program:
    blocks = []
    sizes = ((values.boolean, boolean), (values.braid, braid), (values.signed, signed), (values.maximum, maximum))
    for size, kind in sizes:
        if size:
            blocks.append(kind(size))
    if values.planes:
        blocks.append(generic(values.planes, values.dimension))
    if not blocks:
        raise ParameterError("all blocks are empty", place="boolean")
    chosen = [block for block in blocks for _ in range(values.copies)]
    count = prod(block.jacobians for block in chosen)
    build = GraphBuilder([f"x{number}" for number in range(1, 1 + sum(block.inputs for block in chosen))])
    terms, first = [], 0
    for block in chosen:
        terms.append((block.write(build, build.inputs[first : first + block.inputs]), 1))
        first += block.inputs
    output = build.sum(terms)
    words = " x ".join(block.name for block in chosen)
    provenance = {
        "family": ARRANGEMENT.name,
        "parameters": values.declared(),
        "verdict": "distinct" if count > 1 else "unique",
        "known_by": f"{count} lexicographic subgradients: the product over {words}",
        "subgradients": count,
    }
    return build.program([output], name=f"{words}: {count} lexicographic subgradients", provenance=provenance)


ARRANGEMENT = Family(
    name="arrangement",
    aliases=("counts",),
    summary="sums of known arrangements: the number of lexicographic subgradients is known exactly",
    values=ArrangementValues,
    make=_make,
    example="--boolean 3",
    picture="""
        A sum of absolute values of linear forms (and maxima), in blocks that share no inputs: F' is linear on each
        cell of a product of hyperplane arrangements whose cells have been counted since Schlaefli.  Always distinct
        (but for a single maximum of one); the point is the number, for testing enumerators: braid 5 alone has 120
        cells, with signed 4 and boolean 3 it has 368,640.
    """,
)
