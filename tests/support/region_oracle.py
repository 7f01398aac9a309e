"""Regions by brute force: every activation pattern that occurs in a region, by elimination, and its affine map.

Small relu nets as plain lists; nothing here shares code with the package.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from support import oracle

Row = tuple[Fraction, ...]
#: (weights, biases) of each layer; relu behind all but the last.
Layers = list[tuple[list[list[Fraction]], list[Fraction]]]
#: The rows (A_k, b_k) of an affine map.
Map = tuple[Row, ...]

_WEIGHTS = (-2, -1, -1, 0, 1, 1, 2, Fraction(1, 2), Fraction(-1, 3))


def net(layers: Layers, point: Sequence[Fraction]) -> dict[str, Any]:
    """The net as the package reads it."""

    def text(rows: Any) -> Any:
        return [text(row) for row in rows] if isinstance(rows, list) else str(rows)

    last = len(layers) - 1
    return {
        "inputs": len(layers[0][0][0]),
        "layers": [
            {"weight": text(weight), "bias": text(bias), "activation": "identity" if number == last else "relu"}
            for number, (weight, bias) in enumerate(layers)
        ],
        "point": [str(entry) for entry in point],
    }


def random_layers(source: random.Random, inputs: int, widths: Sequence[int]) -> Layers:
    """A net of small weights, of which some units repeat others, so that kinks cancel now and then."""
    layers: Layers = []
    before = inputs
    for width in widths:
        weight = [[Fraction(source.choice(_WEIGHTS)) for _ in range(before)] for _ in range(width)]
        bias = [Fraction(source.choice((-1, 0, 0, 1, Fraction(1, 2)))) for _ in range(width)]
        if width > 1 and source.random() < 0.4:  # relu(-z) beside relu(z)
            weight[-1], bias[-1] = [-entry for entry in weight[0]], -bias[0]
        layers.append((weight, bias))
        before = width
    if source.random() < 0.4 and len(widths) > 1 and widths[-2] > 1:
        for row in layers[-1][0]:
            row[-1] = -row[0]
    return layers


def maps(layers: Layers, rows: Sequence[Row]) -> set[Map]:
    """The affine maps of all patterns that occur on open sets within a x < b."""
    size = len(layers[0][0][0])
    cone: list[Row] = [(*(-entry for entry in row[:-1]), row[-1]) for row in rows]
    cone.append(tuple([Fraction(0)] * size + [Fraction(1)]))
    start = [tuple([Fraction(int(i == j)) for j in range(size + 1)]) for i in range(size)]
    return {tuple(found) for found in _below(layers, start, cone)}


def _below(layers: Layers, values: list[Row], cone: list[Row]) -> Iterator[list[Row]]:
    if not layers:
        yield values
        return
    weight, bias = layers[0]
    size = len(cone[0])
    sums = []
    for row, constant in zip(weight, bias, strict=True):
        total = [Fraction(0)] * (size - 1) + [constant]
        for coefficient, value in zip(row, values, strict=True):
            total = [old + coefficient * entry for old, entry in zip(total, value, strict=True)]
        sums.append(tuple(total))
    if len(layers) == 1:
        yield sums
        return
    zero = (Fraction(0),) * size
    stack: list[tuple[list[Row], list[Row]]] = [([], cone)]
    while stack:
        done, asked = stack.pop()
        if len(done) == len(sums):
            yield from _below(layers[1:], done, asked)
            continue
        form = sums[len(done)]
        if not any(form):
            stack.append(([*done, zero], asked))
            continue
        for sign in (1, -1):
            more = [*asked, tuple([sign * entry for entry in form])]
            if oracle.positive_point(more, size) is not None:
                stack.append(([*done, form if sign > 0 else zero], more))


def box(low: Fraction | int, high: Fraction | int, size: int) -> list[Row]:
    """The rows of a cube of inputs."""
    return around([Fraction(low + high) / 2] * size, Fraction(high - low) / 2)


def around(centre: Sequence[Fraction], radius: Fraction) -> list[Row]:
    """The rows of the cube of this radius."""
    rows = []
    for index, entry in enumerate(centre):
        for sign in (1, -1):
            row = [Fraction(0)] * len(centre) + [radius + sign * entry]
            row[index] = Fraction(sign)
            rows.append(tuple(row))
    return rows


def side_by_side(first: Layers, second: Layers) -> Layers:
    """F - G as one net."""
    combined: Layers = []
    last = len(first) - 1
    for number, ((left, up), (right, down)) in enumerate(zip(first, second, strict=True)):
        if number == last:
            rows = [a + [-entry for entry in b] for a, b in zip(left, right, strict=True)]
            combined.append((rows, [a - b for a, b in zip(up, down, strict=True)]))
        elif not number:
            combined.append((left + right, up + down))
        else:
            zeros_left, zeros_right = [Fraction(0)] * len(left[0]), [Fraction(0)] * len(right[0])
            combined.append(([row + zeros_right for row in left] + [zeros_left + row for row in right], up + down))
    return combined
