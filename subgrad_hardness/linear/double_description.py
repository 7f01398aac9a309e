"""Facets of a cone that is given by its generators: the double description method, exactly.

A cone C = {sum_j t_j g_j, t_j >= 0} that spans its space is {v : u v <= 0 for all its facets u}, where the facets are
the extreme rays of the polar cone {u : u g_j <= 0 for all j}.  The polar cone is built up one generator after another:
of its extreme rays so far those with u g <= 0 stay, and each *adjacent* pair with u g > 0 > u' g gives the ray between
the two with product 0.  Two rays are adjacent iff no third one vanishes on all generators on which both vanish.

Source: Motzkin, Raiffa, Thompson and Thrall, The double description method (1953); Fukuda and Prodon (1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.elimination import dual_basis, independent
from subgrad_hardness.net.rational import primitive

Vector = tuple[int, ...]


class _Ray(NamedTuple):
    """An extreme ray, and the generators on which it vanishes, as the bits of a number."""

    vector: Vector
    zeros: int


def facets(generators: Sequence[Vector], most: int, limits: Limits) -> list[Vector] | None:
    """All u, primitive and sorted, with u g <= 0 for each generator g and equality on a facet of the cone.

    Parameters
    ----------
    generators : integer vectors that span their space.
    most : no more rays than this are kept at any time.

    Returns
    -------
    None where there would be more.

    Raises
    ------
    LimitReached

    Notes
    -----
    For each generator a look at all pairs of rays, and for each pair that may be adjacent one at all rays.
    """
    size = len(generators[0])
    basis = independent(generators)
    rays = []
    for position, sparse in enumerate(dual_basis([generators[number] for number in basis])):
        vector = primitive([-sparse.get(index, 0) for index in range(size)])
        rays.append(_Ray(vector, sum([1 << number for k, number in enumerate(basis) if k != position])))
    for number in range(len(generators)):
        limits.check()
        if number not in basis:
            rays = _cut(rays, generators[number], 1 << number, size)
            if len(rays) > most:
                return None
    return sorted([ray.vector for ray in rays])


def _cut(rays: list[_Ray], generator: Vector, bit: int, size: int) -> list[_Ray]:
    """The extreme rays of the polar cone once this generator has joined."""
    values = [sum(map(mul, ray.vector, generator)) for ray in rays]
    kept = [_Ray(ray.vector, ray.zeros | bit) if not v else ray for ray, v in zip(rays, values, strict=True) if v <= 0]
    below = [(ray, v) for ray, v in zip(rays, values, strict=True) if v < 0]
    for ray, value in zip(rays, values, strict=True):
        if value <= 0:
            continue
        for other, less in below:
            common = ray.zeros & other.zeros
            # Two adjacent rays vanish on size - 2 independent generators together.
            if common.bit_count() >= size - 2 and sum([third.zeros & common == common for third in rays]) == 2:
                between = [value * y - less * x for x, y in zip(ray.vector, other.vector, strict=True)]
                kept.append(_Ray(primitive(between), common | bit))
    return kept
