"""Invariant polytopes: a finite V with A_v V in r conv(+-V), proposed in doubles, made exact by rounding.

From the leading eigenvector of the best product all images that are not in the hull yet are added,
until none is left (Guglielmi, Wirth and Zennaro; Protasov).  That ends for every r above the joint spectral radius once
the vectors span the space.  The vertices are then rounded; the bound is the largest sum of absolute values of exact
factors, which may be a little more than r.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.iterative.verifying.spectral_format import Combination, Polytope, Rows, Upper, Vector
from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.solvers.linear_program import LinearProgram

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any

# More vertices than these, and so many more for each dimension, are not waited for, nor are more images than these.
_MOST_VERTICES, _MOST_EACH, _MOST_IMAGES = 60, 20, 1500
# Vertices are rounded to these units, coarse ones first.
_UNITS = (8, 64, 1024, 2**20, 2**30)
# An image is inside where its norm is at most 1 and this.
_INSIDE = 1e-9
# Directions that eigenvectors leave out are added with this length.
_SMALL = 0.25


class _Gauge(NamedTuple):
    """The norm of a vector whose unit ball is conv(+-V), and factors of V that attain it; rounded."""

    value: float
    factors: list[float]


def polytope_bound(
    matrices: Sequence[Rows],
    floats: Floats,
    word: Sequence[int],
    ratios: tuple[float, float],
    limits: Limits = NO_LIMITS,
) -> Upper | None:
    """A bound, if an invariant polytope is found that shows it; it is not verified.

    Parameters
    ----------
    matrices, floats : the matrices, exactly and rounded.
    word : whose product's eigenvectors the polytope begins with.
    ratios : of the polytope in doubles, more than the joint spectral radius, or nothing is found; and the most that the
        bound may be once vertices are rounded.
    """
    ratio, most = ratios
    vertices = _invariant(floats / ratio, floats, word, limits)
    if vertices is None:
        return None
    for unit in _UNITS:
        exact = _rounded(vertices, unit)
        upper = None if exact is None else _exact_bound(matrices, exact, limits)
        if upper is not None and upper.bound <= Fraction(most):
            return upper
    return None


def _invariant(scaled: Floats, floats: Floats, word: Sequence[int], limits: Limits) -> Floats | None:
    import numpy as np

    vertices = _begin(floats, word)
    most = _MOST_VERTICES + _MOST_EACH * vertices.shape[1]
    frontier = list(vertices)
    while frontier:
        added = []
        for vertex in frontier:
            for matrix in scaled:
                image = matrix @ vertex
                limits.check()
                gauge = _gauge(vertices, image, limits)
                if gauge is None:
                    return None
                if gauge.value > 1 + _INSIDE:
                    vertices = np.vstack([vertices, image])
                    added.append(image)
                    if len(vertices) > min(most, _MOST_IMAGES // len(scaled)):
                        return None
        frontier = added
    return _extreme(vertices, limits)


def _begin(floats: Floats, word: Sequence[int]) -> Floats:
    """The leading eigenvector of the word's product, real and imaginary, and directions that it leaves out."""
    import numpy as np

    size = floats.shape[1]
    product = np.eye(size)
    for letter in word:
        product = product @ floats[letter]
    values, vectors = np.linalg.eig(product)
    leading = vectors[:, int(np.argmax(np.abs(values)))]
    parts = [np.ascontiguousarray(part) for part in (leading.real, leading.imag)]
    begun = np.array([part / np.abs(part).max() for part in parts if np.abs(part).max() > 1e-9])
    _, singular, directions = np.linalg.svd(begun)
    rank = int((singular > 1e-9).sum())
    return np.vstack([begun, _SMALL * directions[rank:]]) if rank < size else begun


def _extreme(vertices: Floats, limits: Limits) -> Floats:
    """Without the vertices that the others hold."""
    import numpy as np

    kept = list(vertices)
    index = 0
    while index < len(kept) and len(kept) > vertices.shape[1]:
        others = kept[:index] + kept[index + 1 :]
        gauge = _gauge(np.array(others), kept[index], limits)
        if gauge is not None and gauge.value <= 1 + _INSIDE:
            kept = others
        else:
            index += 1
    return np.array(kept)


def _gauge(vertices: Floats, vector: Floats, limits: Limits) -> _Gauge | None:
    """max y . vector with |y . v| <= 1 for all v in V; the multipliers of the rows are the factors."""
    if not vector.any():
        return _Gauge(0.0, [0.0] * len(vertices))
    try:
        program = LinearProgram()
    except ImportError:  # without ortools nobody proposes such norms
        return None
    for entry in vector:
        program.variable(objective=float(entry))
    for vertex in vertices:
        program.row(enumerate(vertex.tolist()), -1.0, 1.0)
    optimum = program.solve(limits)
    return None if optimum is None else _Gauge(optimum.value, optimum.multipliers)


def _rounded(vertices: Floats, unit: int) -> Rows | None:
    """Distinct rounded vertices that span the space, or None."""
    found: dict[Vector, None] = {}
    for vertex in vertices.tolist():
        exact = tuple([Fraction(round(entry * unit), unit) for entry in vertex])
        if any(exact) and tuple([-entry for entry in exact]) not in found:
            found[exact] = None
    return tuple(found) if len(_basis(list(found))) == vertices.shape[1] else None


def combination(vertices: Rows, vector: Vector, limits: Limits = NO_LIMITS) -> Combination:
    """``vector`` as a combination of vertices that span the space, with a small sum of absolute values; exact."""
    import numpy as np

    floats = np.array([[float(entry) for entry in vertex] for vertex in vertices])
    unit = max(map(abs, vector)) or Fraction(1)
    gauge = _gauge(floats, np.array([float(entry / unit) for entry in vector]), limits)
    terms = _factors(vertices, [0.0] * len(vertices) if gauge is None else gauge.factors, vector)
    assert terms is not None  # the vertices span the space
    return terms


def _exact_bound(matrices: Sequence[Rows], vertices: Rows, limits: Limits) -> Upper | None:
    """The largest sum of exact factors over all matrices and vertices, the factors near those in doubles."""
    import numpy as np

    floats = np.array([[float(entry) for entry in vertex] for vertex in vertices])
    combinations, bound = [], Fraction(0)
    for matrix in matrices:
        each: list[Combination] = []
        for vertex in vertices:
            limits.check()
            image = tuple([sum([x * y for x, y in zip(row, vertex, strict=True)], Fraction(0)) for row in matrix])
            gauge = _gauge(floats, np.array([float(entry) for entry in image]), limits)
            terms = None if gauge is None else _factors(vertices, gauge.factors, image)
            if terms is None:
                return None
            each.append(terms)
            bound = max(bound, sum([abs(factor) for _, factor in terms], Fraction(0)))
        combinations.append(tuple(each))
    return Upper(_rounded_up(bound), Polytope(vertices, tuple(combinations)))


def _factors(vertices: Rows, factors: Sequence[float], image: Vector) -> Combination | None:
    """``image`` over a basis among the vertices whose factors are largest."""
    if not any(image):
        return ()
    order = sorted(range(len(vertices)), key=lambda index: -abs(factors[index]))
    chosen = [order[index] for index in _basis([vertices[index] for index in order])]
    size = len(image)
    columns = [[vertices[index][row] for index in chosen] for row in range(size)]
    if len(chosen) < size:
        return None
    solution = rows_of(rational_matrix(columns, size).solve(rational_matrix([[entry] for entry in image], 1)))
    return tuple([(index, entry) for index, (entry,) in zip(chosen, solution, strict=True) if entry])


def _basis(vectors: Sequence[Vector]) -> tuple[int, ...]:
    return independent([common_denominator(vector)[0] for vector in vectors])


def _rounded_up(bound: Fraction) -> Fraction:
    """The bound, or a shorter number that is a little more."""
    short = Fraction(math.ceil(bound * 10**6), 10**6)
    return bound if bound.denominator <= 10**6 else short
