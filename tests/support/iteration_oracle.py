"""Random piecewise-linear contractions at the origin, and plain answers that share no code with the package.

F(x, t) = A0 x + B0 t + C u, with kinks u_k = relu(row over x, t and earlier kinks): F is its own derivative at the
fixed point 0.  Everything is found by listing the 2^kinks choices of slopes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import atan2
from typing import NamedTuple

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.building import GraphBuilder

Rows = list[list[Fraction]]
Choice = tuple[tuple[tuple[Fraction, ...], ...], tuple[tuple[Fraction, ...], ...]]
#: Of every Jacobian in the state, in the greatest absolute row sum.
RHO = Fraction(3, 4)


class Plain(NamedTuple):
    """p states, m parameters; rows of kinks and outputs over states, parameters, kinks."""

    states: int
    parameters: int
    kinks: Rows
    outputs: Rows

    def program(self) -> sh.Iteration:
        """The same as an iteration of the package."""
        names = [f"x{k}" for k in range(self.states)], [f"t{k}" for k in range(self.parameters)]
        build = GraphBuilder([*names[0], *names[1]])
        handles = list(range(self.states + self.parameters))
        for row in self.kinks:
            handles.append(build.apply("relu", [build.sum(list(zip(handles, row, strict=False)))]))
        outputs = [build.sum(list(zip(handles, row, strict=False))) for row in self.outputs]
        return sh.Iteration(build.program(outputs), names[0], names[1])

    def forms(self, slopes: Sequence[int]) -> tuple[Rows, Rows]:
        """Arguments of the kinks, and outputs, over states and parameters, for fixed slopes."""
        width = self.states + self.parameters
        known: Rows = [[Fraction(int(i == j)) for j in range(width)] for i in range(width)]
        arguments = []
        for row, slope in zip(self.kinks, slopes, strict=True):
            form = _combined(row, known, width)
            arguments.append(form)
            known.append([slope * entry for entry in form])
        return arguments, [_combined(row, known, width) for row in self.outputs]

    def choices(self) -> dict[tuple[int, ...], Choice]:
        """[A, B] of all choices of slopes 0 and 1."""
        found = {}
        for slopes in product((0, 1), repeat=len(self.kinks)):
            _, outputs = self.forms(slopes)
            a = tuple([tuple(row[: self.states]) for row in outputs])
            found[slopes] = a, tuple([tuple(row[self.states :]) for row in outputs])
        return found

    def value(self, x: Sequence[Fraction], t: Sequence[Fraction | int]) -> list[Fraction]:
        """F(x, t)."""
        known = [*x, *map(Fraction, t)]
        for row in self.kinks:
            known.append(max(_dot(row, known), Fraction(0)))
        return [_dot(row, known) for row in self.outputs]


def random_plain(stream: Stream, most_kinks: int = 6) -> Plain:
    """p <= 3, m <= 2, in one or two layers; small integers, so that ties are frequent, scaled to contract."""
    states, parameters, count = stream.integer(1, 3), stream.integer(1, 2), stream.integer(1, most_kinks)
    width, deep = states + parameters, stream.integer(0, 2) == 0
    first = count - stream.integer(0, count - 1) if deep else count
    kinks: Rows = []
    for number in range(count):
        row = _small(stream, width)
        if number >= first:
            row += [*_small(stream, first), *[Fraction(0)] * (number - first)]
        kinks.append(row)
    outputs = [_small(stream, width + count) for _ in range(states)]
    # A bound of all slopes at once: absolute values everywhere.
    sizes: list[Fraction] = [Fraction(int(k < states)) for k in range(width)]
    for row in kinks:
        sizes.append(_dot([abs(entry) for entry in row], sizes))
    for row in outputs:
        total = _dot([abs(entry) for entry in row], sizes)
        if total > RHO:
            factor = Fraction(RHO.numerator, int(total) * RHO.denominator + 3)
            row[:] = [entry if states <= k < width else entry * factor for k, entry in enumerate(row)]
    return Plain(states, parameters, kinks, outputs)


def solved(a: Sequence[Sequence[Fraction]], b: Sequence[Sequence[Fraction]]) -> Rows:
    """(I - A)^-1 B by Gauss and Jordan."""
    size = len(a)
    rows = [[int(i == j) - a[i][j] for j in range(size)] + list(b[i]) for i in range(size)]
    for step in range(size):
        pivot = next(index for index in range(step, size) if rows[index][step])
        rows[step], rows[pivot] = rows[pivot], rows[step]
        rows[step] = [entry / rows[step][step] for entry in rows[step]]
        for index in range(size):
            if index != step:
                rows[index] = [x - rows[index][step] * y for x, y in zip(rows[index], rows[step], strict=True)]
    return [row[size:] for row in rows]


def implicit_values(plain: Plain) -> dict[tuple[int, ...], Rows]:
    """(I - A)^-1 B of all choices."""
    return {slopes: solved(*choice) for slopes, choice in plain.choices().items()}


def derivative(plain: Plain, values: list[Rows], direction: Sequence[Fraction | int]) -> list[Fraction]:
    """The one y with y = F(y, d): that of a choice of slopes which it satisfies, among the implicit values.

    The value that was right is put first: directions beside one another often share it.
    """
    for place, jacobian in enumerate(values):
        y = [_dot(row, direction) for row in jacobian]
        if plain.value(y, direction) == y:
            values.insert(0, values.pop(place))
            return y
    raise AssertionError("no choice of slopes is that of a solution")


def fan(plain: Plain) -> list[tuple[int, ...]]:
    """Directions that meet every cone on which y(d) is linear: for one parameter both; for two all rays on which a
    kink changes its sign for some choice of slopes, and a direction between each two that follow one another."""
    if plain.parameters == 1:
        return [(1,), (-1,)]
    rays: set[tuple[int, int]] = {(1, 0), (0, 1), (-1, 0), (0, -1)}
    for slopes, jacobian in implicit_values(plain).items():
        for form in plain.forms(slopes)[0]:
            row = _along(form, jacobian, plain)
            if any(row):
                common = row[0].denominator * row[1].denominator
                x, y = int(-row[1] * common), int(row[0] * common)
                rays |= {_whole(x, y), _whole(-x, -y)}
    ordered = sorted(rays, key=lambda ray: atan2(ray[1], ray[0]))
    between = [_whole(a + c, b + d) for (a, b), (c, d) in zip(ordered, ordered[1:] + ordered[:1], strict=True)]
    return [*ordered, *between]


def limit_jacobians(plain: Plain, directions: Sequence[tuple[int, ...]]) -> set[tuple[tuple[Fraction, ...], ...]]:
    """The Jacobians of y(d) on open cones, by choices of slopes that a direction of the fan satisfies strictly."""
    found = set()
    for slopes, jacobian in implicit_values(plain).items():
        rows = [_along(form, jacobian, plain) for form in plain.forms(slopes)[0]]
        moving = [(row, slope) for row, slope in zip(rows, slopes, strict=True) if any(row)]
        if any(all(_dot(row, d) * (2 * slope - 1) > 0 for row, slope in moving) for d in directions):
            found.add(tuple([tuple(row) for row in jacobian]))
    return found


def words(plain: Plain, choices: Sequence[Choice], depth: int) -> Iterator[Rows]:
    """B_1 + A_1 (B_2 + ... A_depth 0) for all words of a depth."""
    for word in product(choices, repeat=depth):
        value = [[Fraction(0)] * plain.parameters for _ in range(plain.states)]
        for a, b in reversed(word):
            columns = list(zip(*value, strict=True))
            value = [
                [_dot(row, column) + entry for column, entry in zip(columns, more, strict=True)]
                for row, more in zip(a, b, strict=True)
            ]
        yield value


def _along(form: Sequence[Fraction], jacobian: Rows, plain: Plain) -> list[Fraction]:
    """A form over (x, t) along x = J t."""
    return [
        form[plain.states + k] + sum([form[i] * jacobian[i][k] for i in range(plain.states)], Fraction(0))
        for k in range(plain.parameters)
    ]


def _whole(x: int, y: int) -> tuple[int, int]:
    from math import gcd

    content = gcd(x, y)
    return x // content, y // content


def _small(stream: Stream, size: int) -> list[Fraction]:
    return [Fraction(stream.integer(-2, 2)) for _ in range(size)]


def _combined(row: Sequence[Fraction], known: Rows, width: int) -> list[Fraction]:
    pairs = [(c, form) for c, form in zip(row, known, strict=False) if c]
    return [sum([c * form[k] for c, form in pairs if form[k]], Fraction(0)) for k in range(width)]


def _dot(row: Sequence[Fraction], values: Sequence[Fraction | int]) -> Fraction:
    return sum([x * y for x, y in zip(row, values, strict=False) if x and y], Fraction(0))
