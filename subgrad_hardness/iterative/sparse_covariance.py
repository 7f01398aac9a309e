"""The graphical Lasso exactly, where its solution is rational: patterns that are chordal graphs.

X > 0 solves min -log det X + <S, X> + lam sum W_ij |X_ij| iff X^-1 - S = lam W_ij sign X_ij where X_ij is not 0, and
|X^-1 - S|_ij <= lam W_ij elsewhere.  With the pattern and signs known, X^-1 is known on the pattern, T, and X is the
inverse of the completion of T with zeros in the inverse elsewhere.  If the pattern is a chordal graph, with an order in
which each vertex v and its later neighbours N(v) are a clique C(v), then (Lauritzen 1996, 5.3.2)

X = sum over v of (the inverse of T on C(v)) - (the inverse of T on N(v)), padded with zeros: rational.

One-sided derivatives D in lam, in the direction e = 1 or -1, have (X^-1 D X^-1)_ij = -e W_ij sign_ij on the pattern; at
entries at the edge D has the edge's sign, or is 0, as the least-index pivots of ``lasso.turning`` find it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, Array, flint_matrix, from_flint

#: An entry above the diagonal or on it, by row and column.
Pair = tuple[int, int]


class Precision(NamedTuple):
    """X, X^-1, the signs of the entries of the pattern, and those of entries at the edge, where X is 0."""

    x: Array
    inverse: Array
    signs: dict[Pair, int]
    edge: dict[Pair, int]


class NotChordal(Exception):
    """The pattern is no chordal graph: the solution is algebraic, and mostly irrational."""


def solved(
    covariance: Array, lam: Fraction, weights: Array, signs: dict[Pair, int], limits: Limits = NO_LIMITS
) -> Precision | None:
    """The solution, from a proposal of its pattern that is mended; None where that goes in circles.

    Raises LimitReached, NotChordal.
    """
    tried: set[frozenset[tuple[Pair, int]]] = set()
    while (key := frozenset(signs.items())) not in tried:
        limits.check()
        tried.add(key)
        found = _with_pattern(covariance + lam * _signed(weights, signs), signs.keys())
        if found is None:
            return None
        inverse = EXACT.inverse(found, "X")
        kept = {pair: sign for pair, sign in signs.items() if not weights[pair] or found[pair] * sign > 0}
        edge: dict[Pair, int] = {}
        wanted: dict[Pair, int] = {}
        for pair in _pairs(len(found)):
            if pair in signs:
                continue
            gap = inverse[pair] - covariance[pair]
            if abs(gap) >= lam * weights[pair]:
                (wanted if abs(gap) > lam * weights[pair] else edge)[pair] = 1 if gap > 0 else -1
        if len(kept) == len(signs) and not wanted:
            return Precision(found, inverse, signs, edge)
        signs = kept | wanted
    return None


def derivative(
    found: Precision, weights: Array, direction: int, limits: Limits = NO_LIMITS
) -> tuple[Array, frozenset[Pair]]:
    """dX/dlam on one side, and the entries at the edge that become nonzero there.  Raises LimitReached."""
    entered: set[Pair] = set()
    sigma = found.inverse
    signs = found.signs | found.edge
    while True:
        limits.check()
        active = sorted({*found.signs, *entered})
        right = [[-weights[pair] * signs[pair]] for pair in active]
        matrix = np.array([[_entry(sigma, row, column) for column in active] for row in active], dtype=object)
        solution = from_flint(flint_matrix(matrix).solve(flint_matrix(np.array(right, dtype=object))))
        d = EXACT.zeros(*found.x.shape)
        for (i, j), (value,) in zip(active, solution.tolist(), strict=True):
            d[i, j] = d[j, i] = value
        moved = sigma @ d @ sigma
        for pair in sorted(found.edge):
            sign = found.edge[pair]
            # in the edge's own sense: D grows, or the slack lam W - sign (X^-1 - S) does
            gain = sign * d[pair] if pair in entered else weights[pair] + sign * moved[pair]
            if direction * gain < 0:
                entered ^= {pair}
                break
        else:
            return d, frozenset(entered)


def _entry(sigma: Array, row: Pair, column: Pair) -> Fraction:
    """How the entry ``row`` of X^-1 D X^-1 depends on the entry ``column`` of a symmetric D."""
    (i, j), (k, l) = row, column  # noqa: E741
    total: Fraction = sigma[i, k] * sigma[l, j]
    return total if k == l else total + sigma[i, l] * sigma[k, j]


def _pairs(size: int) -> Iterable[Pair]:
    return [(i, j) for i in range(size) for j in range(i, size)]


def _signed(weights: Array, signs: dict[Pair, int]) -> Array:
    result = EXACT.zeros(*weights.shape)
    for (i, j), sign in signs.items():
        result[i, j] = result[j, i] = weights[i, j] * sign
    return result


def _with_pattern(target: Array, pattern: Iterable[Pair]) -> Array | None:
    """X with zeros off the pattern and X^-1 = target on it; None where there is no positive definite one.

    Raises NotChordal.
    """
    size = len(target)
    neighbours: list[set[int]] = [set() for _ in range(size)]
    for i, j in pattern:
        if i != j:
            neighbours[i].add(j)
            neighbours[j].add(i)
    order = _elimination_order(neighbours)
    result = EXACT.zeros(size, size)
    left = set(range(size))
    for vertex in order:
        left.remove(vertex)
        later = sorted(neighbours[vertex] & left)
        for members, sign in ((sorted([vertex, *later]), 1), (later, -1)):
            if not members:
                continue
            index = np.ix_(members, members)
            part = flint_matrix(target[index])
            if sign > 0 and not _positive(target[index]):
                return None
            result[index] += sign * from_flint(part.inv())
    return result


def _positive(matrix: Array) -> bool:
    return all(flint_matrix(matrix[:k, :k]).det() > 0 for k in range(1, len(matrix) + 1))


def _elimination_order(neighbours: list[set[int]]) -> list[int]:
    """A perfect elimination order: maximum cardinality search, backwards (Tarjan and Yannakakis 1984)."""
    size = len(neighbours)
    found: list[int] = []
    weight = [0] * size
    left = set(range(size))
    while left:
        vertex = max(sorted(left), key=weight.__getitem__)
        left.remove(vertex)
        before = neighbours[vertex] - left
        if any(b not in neighbours[a] for a in before for b in before if a != b):
            raise NotChordal
        found.append(vertex)
        for other in neighbours[vertex] & left:
            weight[other] += 1
    return found[::-1]
