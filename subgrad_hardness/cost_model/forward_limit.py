"""The limit of forward differentiation: p directional derivatives at a kink are a matrix product in disguise.

Two constructions, both positively homogeneous, so that F'(0; d) = F(d).  The p derivatives alone are p numbers, no
product; but added up they are a number S, and the *backward* program of S has the product among its results.  So
whoever computes p directional derivatives cheaply multiplies matrices cheaply, up to the factor of the cheap gradient.

(a) For 0/1 matrices B: W = [0, 2 B - 1] (p x 2p), F(x) = sum_i relu((W x)_i), directions (d_j, e_j).  No entry of
    W (d_j, e_j) = (2 B - 1) e_j is zero, and it is positive where B has a 1.  So the derivative of
    S = sum_j F'(0; (d_j, e_j)) in W is the sum over j of b_j (d_j, e_j)^T = [B D^T, B].
    cost(F) = 4 p^2 + p - 1.
(b) For any matrices A and D: F(x, z, s) = sum_{i,l} a_il relu((W x)_i + 2 g z_l - g s), directions (d_j, e_j, 1), with
    |W D| < g entrywise, so that the relu (i, l) passes for l = j alone.  Then F'(0; .) = sum_i a_ij ((W D)_ij + g), and
    dS/dW = A D^T, dS/dA = W D + g.  Here W = 0, g = 1.  cost(F) = 6 p^2 + p.

The products by zeros of W are products of the program: W is what S is differentiated in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine

Rows = tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Construction:
    """One of the two constructions, made for its matrices.

    Attributes
    ----------
    program : F, of the matrices' entries and then x (and z, s); its point is the origin in the latter.
    directions : p directions in x (and z, s).
    derivatives : F'(0; d) for each, exactly.
    total : the program S of the entries and of all directions: the sum of the derivatives.
    backward : S with its gradient, structural, for the branches taken.
    slopes : dS/dW, as rows; dS/dA for (b), else None.
    product : what it has to be equal to: B D^T or A D^T, multiplied out exactly.
    """

    program: StraightLine
    directions: Rows
    derivatives: tuple[Value, ...]
    total: StraightLine
    backward: StraightLine
    slopes: Rows
    other_slopes: Rows | None
    product: Rows


def zero_one(b: Sequence[Sequence[Value]], d: Sequence[Sequence[Value]], limits: Limits = NO_LIMITS) -> Construction:
    """Construction (a).  Raises ParameterError where B has other entries than 0 and 1."""
    p = _size(b, d)
    if any(entry not in (0, 1) for row in b for entry in row):
        raise ParameterError("entries other than 0 and 1; construction (b) takes any", place="A")
    w = [[Fraction(0)] * p + [Fraction(2 * entry - 1) for entry in row] for row in b]
    directions = [[*column, *_unit(p, j)] for j, column in enumerate(zip(*d, strict=True))]

    def value(build: Builder, weights: Sequence[int], x: Sequence[int]) -> int:
        rows = [weights[i * 2 * p : (i + 1) * 2 * p] for i in range(p)]
        return build.apply("sum", *[build.apply("relu", _dot(build, row, x)) for row in rows])

    entries = [entry for row in w for entry in row]
    return _made(entries, directions, value, widths=(2 * p, 0), product=_product(b, d), limits=limits)


def any_matrices(
    a: Sequence[Sequence[Value]], d: Sequence[Sequence[Value]], limits: Limits = NO_LIMITS
) -> Construction:
    """Construction (b), with W = 0 and g = 1."""
    p = _size(a, d)
    entries = [Fraction(0)] * (p * p) + [Fraction(entry) for row in a for entry in row]
    directions = [[*column, *_unit(p, j), Fraction(1)] for j, column in enumerate(zip(*d, strict=True))]

    def value(build: Builder, weights: Sequence[int], x: Sequence[int]) -> int:
        two, one = build.constant(2), build.constant(1)
        below = build.apply("mul", one, x[2 * p])  # g s: a product, as g is any number
        shifts = [build.apply("sub", build.apply("mul", two, z), below) for z in x[p : 2 * p]]
        terms = []
        for i in range(p):
            inner = _dot(build, weights[i * p : (i + 1) * p], x[:p])
            for shift, factor in zip(shifts, weights[p * p + i * p : p * p + (i + 1) * p], strict=True):
                terms.append(build.apply("mul", factor, build.apply("relu", build.apply("add", inner, shift))))
        return build.total(terms)

    return _made(entries, directions, value, widths=(p, p), product=_product(a, d), limits=limits)


def random_matrices(p: int, seed: int = 0) -> tuple[list[list[int]], list[list[Fraction]]]:
    """A p x p matrix of zeros and ones, and one of integers from -9 to 9, by seed.  Raises ParameterError."""
    if p < 1:
        raise ParameterError(f"{p} is less than 1", place="p")
    stream = Stream(seed, "forward limit", p)
    zeros_and_ones = [[stream.below(2) for _ in range(p)] for _ in range(p)]
    return zeros_and_ones, [[Fraction(stream.integer(-9, 9)) for _ in range(p)] for _ in range(p)]


def row_sum(p: int, seed: int = 0) -> StraightLine:
    """F(x) = sum_i relu((W x)_i) with constant W (entries from 2 to 9), cost 2 p^2 + p - 1, at the kink 0."""
    stream = Stream(seed, "row sum", p)
    build = Builder(p)
    rows = [[build.apply("mul", build.constant(stream.integer(2, 9)), k) for k in range(p)] for _ in range(p)]
    return build.program(build.apply("sum", *[build.apply("relu", build.total(row)) for row in rows]), point=[0] * p)


_Written = Callable[[Builder, Sequence[int], Sequence[int]], int]


def _made(
    entries: Sequence[Value],
    directions: Sequence[Sequence[Value]],
    value: _Written,
    *,
    widths: tuple[int, int],
    product: Rows,
    limits: Limits,
) -> Construction:
    """Everything, from ``value``, which writes F for the slots of the entries and of the other inputs."""
    p, count, size = len(directions), len(entries), len(directions[0])
    build = Builder([f"w{i}" for i in range(count)] + [f"x{i}" for i in range(size)])
    output = value(build, range(count), range(count, count + size))
    program = build.program(output, point=[*entries, *([Fraction(0)] * size)])
    derivatives: list[Value] = []
    for direction in directions:
        limits.check()
        derivatives += program.run([*entries, *direction])
    names = [f"d{j}.x{i}" for j in range(p) for i in range(size)]
    whole = Builder([f"w{i}" for i in range(count)] + names)
    sums = [value(whole, range(count), range(count + j * size, count + (j + 1) * size)) for j in range(p)]
    point = [*entries, *[entry for direction in directions for entry in direction]]
    total = whole.program(whole.total(sums), point=point)
    swept = backward(total, at=point, limits=limits)
    gradient = swept.run(point)[1 : 1 + count]
    first = p * widths[0]
    return Construction(
        program=program,
        directions=tuple(map(tuple, directions)),
        derivatives=tuple(derivatives),
        total=total,
        backward=swept,
        slopes=_rows(gradient[:first], widths[0]),
        other_slopes=_rows(gradient[first:], widths[1]) if widths[1] else None,
        product=product,
    )


def _rows(entries: Sequence[Value], width: int) -> Rows:
    return tuple(tuple(entries[at : at + width]) for at in range(0, len(entries), width))


def _unit(p: int, j: int) -> list[Fraction]:
    return [Fraction(int(i == j)) for i in range(p)]


def _dot(build: Builder, weights: Sequence[int], x: Sequence[int]) -> int:
    return build.total([build.apply("mul", weight, entry) for weight, entry in zip(weights, x, strict=True)])


def _product(first: Sequence[Sequence[Value]], d: Sequence[Sequence[Value]]) -> Rows:
    """first D^T, exactly."""
    return tuple(
        tuple(sum((x * y for x, y in zip(row, other, strict=True)), Fraction(0)) for other in d) for row in first
    )


def _size(first: Sequence[Sequence[Value]], d: Sequence[Sequence[Value]]) -> int:
    p = len(first)
    if not p or any(len(matrix) != p or any(len(row) != p for row in matrix) for matrix in (first, d)):
        raise ParameterError("two square matrices of one size are wanted", place="matrices")
    return p
