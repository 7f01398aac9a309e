"""A zonotope in a zonotope: F(x) = relu(sum_i |a_i x| - sum_j |b_j x|), two layers of relus.

sum_i |a_i x| is the support function of the zonotope Z(a), the sum of the segments [-a_i, a_i].  So
F = 0 iff Z(a) lies in Z(b); otherwise F, which is even and nonnegative, has two distinct subgradients
at 0.  All vectors are integers; |t| = relu(t) + relu(-t) makes it a pure relu net.

``combination`` (inside): the b_j are uniform nonzero vectors in [-9, 9]^p and a_i = sum_j G_ij b_j,
where every column of G has absolute sum 1: column j gives each of S = 3 ``inner`` shares of 1/S to a
uniform row, then every entry a fair sign.  Then Z(a) lies in Z(b), for
    sum_i |a_i x| <= sum_i sum_j |G_ij| |b_j x| = sum_j |b_j x|.
In the net everything is multiplied by S.

``scaled``: a_i and b_j are uniform nonzero vectors in [-9, 9]^p (all b_j are drawn again until they
span R^p), the a_i are multiplied by ``grain`` and the b_j by the least integer s >= 1 for which Z(a) lies
in s Z(b); or, with ``outside``, by s - 1, so that it just does not.  A full-dimensional zonotope Z(b) is
{y : n y <= sum_j |n b_j| for its facet normals n}, so Z(a) lies in s Z(b) iff
    sum_i |a_i n| <= s sum_j |b_j n|   for all facet normals n of Z(b),
and the facets are parallel to p - 1 independent vectors b_j: the candidates are the integer vectors
orthogonal to the sets of p - 1 of them, of which others than facet normals do no harm (the condition is
necessary for every n).  This is exact, and takes binomial(outer, p-1) null spaces.  The normal n where
s - 1 fails has F(n) > 0.  A larger ``grain`` makes s a finer measure, and the gap, or the cone, thinner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.reduction.absolute_sum import absolute_net
from subgrad_hardness.reduction.zonotope_containment import Vector, containment_terms

#: Scaled constructions with binomial(outer, p-1) p^3 above this are refused (some seconds).
MOST_WORK = 20_000_000


@dataclass(frozen=True, kw_only=True)
class ZonotopeValues(Values):
    """The parameters of ``zonotope``."""

    inputs: int = integer("number p of inputs", default=4, low=1, high=1000)
    inner: int = integer("number of terms |a_i x|", default=6, low=1, high=1000)
    outer: int = integer("number of terms |b_j x|", default=8, low=1, high=1000)
    construction: str = choice(
        "combination: the a_i are combinations of the b_j; scaled: independent, the b_j scaled by an integer",
        ("combination", "scaled"),
        default="combination",
    )
    outside: bool = flag("scaled by one less: the first zonotope just leaves the second")
    grain: int = integer("factor of the a_i of a scaled construction", default=10, low=1, high=10**30)
    seed: int = random_seed()


def combined(outer: Sequence[Vector], inner: int, stream: Stream) -> tuple[list[Vector], int]:
    """The S a_i of a combination, and S (the module's distribution)."""
    shares = 3 * inner
    size = len(outer[0])
    result = [[0] * size for _ in range(inner)]
    for vector in outer:
        counts = [0] * inner
        for _ in range(shares):
            counts[stream.below(inner)] += 1
        for row, count in zip(result, counts, strict=True):
            factor = -count if stream.below(2) else count
            for index, entry in enumerate(vector):
                row[index] += factor * entry
    return [tuple(row) for row in result], shares


def normals(vectors: Sequence[Vector]) -> Iterator[Vector]:
    """For each independent set of p - 1 of the vectors the primitive integer vector orthogonal to it.

    Its first nonzero entry is positive; the same vector may come more than once.
    """
    from flint import fmpz_mat

    size = len(vectors[0])
    if size == 1:
        yield (1,)
        return
    for subset in combinations(vectors, size - 1):
        basis, nullity = fmpz_mat([list(vector) for vector in subset]).nullspace()
        if nullity == 1:
            normal = primitive(int(basis[index, 0]) for index in range(size))
            leading = next(entry for entry in normal if entry)
            yield normal if leading > 0 else tuple(-entry for entry in normal)


def support(vectors: Sequence[Vector], direction: Vector) -> int:
    """sum_i |a_i d|, the support function of Z(a)."""
    return sum(abs(sum(map(mul, vector, direction))) for vector in vectors)


def least_scale(inner: Sequence[Vector], outer: Sequence[Vector]) -> tuple[int, Vector]:
    """The least integer s with Z(a) in s Z(b), and a normal n at which s - 1 fails; the b_j span R^p."""
    best, where = 0, (0,) * len(outer[0])
    for normal in dict.fromkeys(normals(outer)):
        needed = -(-support(inner, normal) // support(outer, normal))
        if needed > best:
            best, where = needed, normal
    return best, where


def _spanning(size: int, count: int, stream: Stream) -> list[Vector]:
    from flint import fmpz_mat

    while True:
        vectors = [stream.direction(size, 9) for _ in range(count)]
        if fmpz_mat([list(vector) for vector in vectors]).rank() == size:
            return vectors


def _make(values: ZonotopeValues, given: frozenset[str]) -> Program:
    size, inner, outer, construction, seed = (
        values.inputs,
        values.inner,
        values.outer,
        values.construction,
        values.seed,
    )
    parameters: dict[str, Any] = {"inputs": size, "inner": inner, "outer": outer, "construction": construction}
    stream = Stream(seed, "zonotope", construction, size, inner, outer)
    if construction == "scaled":
        first, second, facts = _scaled(values, stream)
        parameters |= {"grain": values.grain, "outside": values.outside}
    else:
        for name in ("outside", "grain"):
            if name in given:
                raise ParameterError("needs --construction scaled", place=name)
        drawn = [stream.direction(size, 9) for _ in range(outer)]
        first, shares = combined(drawn, inner, stream)
        second = [tuple(shares * entry for entry in vector) for vector in drawn]
        facts = {"verdict": "unique", "known_by": "a = G b, where every column of G has absolute sum 1"}
    where = "outside" if values.outside else "inside"
    name = f"zonotope of {inner} {where} one of {outer}, {size} inputs, {construction}, seed {seed}"
    provenance = {"family": ZONOTOPE.name, "parameters": parameters, "seed": seed, **facts}
    return absolute_net(size, containment_terms(first, second))._replace(name=name, provenance=provenance)


def _scaled(values: ZonotopeValues, stream: Stream) -> tuple[list[Vector], list[Vector], dict[str, Any]]:
    size, outer, grain = values.inputs, values.outer, values.grain
    if outer < size:
        raise ParameterError(f"{outer} vectors do not span {size} dimensions", place="outer")
    if math.comb(outer, size - 1) * size**3 > MOST_WORK:
        raise ParameterError(f"too many sets of {size - 1} vectors to enumerate their normals", place="outer")
    second = _spanning(size, outer, stream)
    first = [tuple(grain * entry for entry in stream.direction(size, 9)) for _ in range(values.inner)]
    scale, normal = least_scale(first, second)
    facts: dict[str, Any] = {
        "verdict": "unique",
        "known_by": f"support functions at all facet normals: the least integer factor of the b_j is {scale}",
    }
    if values.outside:
        if scale == 1:
            raise ParameterError(
                "the first zonotope is inside the second one as drawn; take a larger grain", place="outside"
            )
        facts = {"verdict": "distinct", "known_by": "F(direction) > 0, a facet normal", "direction": list(normal)}
        scale -= 1
    return first, [tuple(scale * entry for entry in vector) for vector in second], facts


ZONOTOPE = Family(
    name="zonotope",
    summary="is a zonotope inside another one: relu(sum |a x| - sum |b x|), verdict by construction",
    values=ZonotopeValues,
    make=_make,
    picture="""
        relu(sum |a_i x| - sum |b_j x|), the difference of the support functions of two zonotopes, which are sums of
        segments: F(d) says how far the first sticks out of the second in the direction d.  Inside: F = 0, one
        subgradient.  Outside, by one step of the scale: F is positive on thin cones about facet normals of the
        second, in opposite pairs, and flat elsewhere.  2 (inner + outer) relus and one above them; usually no few
        of the terms show that nothing sticks out.
    """,
)
