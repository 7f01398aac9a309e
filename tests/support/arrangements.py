"""Central arrangements whose numbers of cells are known, as lists of primitive forms, none a multiple of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.local_net import LocalNet, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.net.reading import load

Form = tuple[int, ...]


def distinct(forms: Iterable[Sequence[int]]) -> list[Form]:
    """The hyperplanes of these forms, each once, zero forms left out."""
    found: dict[Form, None] = {}
    for form in forms:
        row = primitive(form)
        side = next((1 if entry > 0 else -1 for entry in row if entry), 0)
        if side:
            found[tuple(side * entry for entry in row)] = None
    return list(found)


def generic(count: int, size: int, most: int = 10**6, seed: int = 1) -> list[Form]:
    """Random forms: in general position but for very small entries."""
    stream = Stream(seed, f"generic {count} {size} {most}")
    return distinct([stream.integer(-most, most) for _ in range(size)] for _ in range(count))


def schlaefli(count: int, size: int) -> int:
    """The number of cells in general position."""
    return 2 * sum(comb(count - 1, k) for k in range(size))


def single(count: int, size: int, seed: int = 1) -> list[Form]:
    """Weights as float32 has them: 24 bits and exponents that differ."""
    stream = Stream(seed, f"single {count} {size}")
    return distinct(
        integer_direction(
            [Fraction(stream.integer(-(2**24), 2**24), 2 ** stream.integer(20, 30)) for _ in range(size)]
        )[0]
        for _ in range(count)
    )


def braid(size: int) -> list[Form]:
    """x_i = x_j: size! cells."""
    return [tuple((k == i) - (k == j) for k in range(size)) for i, j in combinations(range(size), 2)]


def signed(size: int) -> list[Form]:
    """x_i = 0 and x_i = +-x_j: 2^size size! cells."""
    units = [tuple(int(k == i) for k in range(size)) for i in range(size)]
    pairs = product(combinations(range(size), 2), (1, -1))
    return [*units, *[tuple((k == i) + sign * (k == j) for k in range(size)) for (i, j), sign in pairs]]


def resonance(size: int) -> list[Form]:
    """All sums of coordinates: 2, 6, 32, 370, 11292, 1066044 cells."""
    return [bits for bits in product((0, 1), repeat=size) if any(bits)]


def threshold(size: int) -> list[Form]:
    """The vertices of a cube with 1 before: 4, 14, 104, 1882, 94572 cells, one for each threshold function."""
    return [(1, *signs) for signs in product((-1, 1), repeat=size)]


def net(forms: Sequence[Sequence[int]], gains: Sequence[int] | None = None) -> LocalNet:
    """sum_k g_k relu(a_k x), by default with gains 1."""
    second = [[1] * len(forms) if gains is None else list(gains)]
    layers = [{"weight": [list(form) for form in forms], "activation": "relu"}, {"weight": second}]
    return localise(load({"inputs": len(forms[0]), "layers": layers})).net
