"""Where a functional on Jacobians is large: directions proposed in floating point, members of d_L made of them exactly.

The Jacobians along a line are searched at many places at once, then along lines through the best of these: hit and run.
In nets of many kinks lines also leave from where ascents on the smoothed functional end.  What is found is a member of
d_L whatever was rounded; that nothing better is found says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.compiled import FloatArray, compile_net
from subgrad_hardness.derivative.lexicographic import Direction, Element, lock_branches
from subgrad_hardness.derivative.smoothed import Head, Smoothed
from subgrad_hardness.local.local_net import LocalNet, Matrix, Rows
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.subdifferentials.functional import Functional, functional

#: How far from its base point, in units of its length, a line is searched, on both sides.
_STEPS = np.concatenate([sign * np.geomspace(0.01, 30, 10) for sign in (1.0, -1.0)])
#: So many of the best places are where the next lines begin, and so many lines leave from each.
_BASES, _LINES = 4, 8
#: So many rounds without success end a search; the most members that one brings.
_ROUNDS, _WANTED = 12, 6
#: From so many kinks on a search also climbs the smoothed functional, from so many directions.
_CLIMBED, _CLIMBERS = 48, 96
#: Directions are rounded to integers of at most this size.
_GRID = 2.0**30


class Proposer:
    """A net that is searched again and again; deterministic by its seed."""

    def __init__(self, net: LocalNet, seed: int = 0) -> None:
        self.net = net
        self._compiled = compile_net(net, dense=True)
        self._random = np.random.default_rng(seed)
        self._members: dict[bytes, Element] = {}
        self._exponents: list[int] | None = None
        self._smoothed: Smoothed | None = None
        self._climbers = min(_CLIMBERS, self._compiled.batch)
        if len(net.kinks) >= _CLIMBED and self._climbers >= _LINES:  # else a table of values is too large
            self._smoothed = Smoothed(self._compiled, self._directions(self._climbers))

    def functional(self, matrix: Matrix) -> Functional:
        """The functional J -> <matrix, J>, as a search takes it."""
        return functional(self.net, matrix)

    def better(self, asked: Functional, bound: int, known: Sequence[Direction], limits: Limits) -> list[Element]:
        """Members at which the functional's numerator is above ``bound``, the greatest first; perhaps none.

        The search begins at the ``known`` directions, the functional's own rows and random ones.  It ends with the
        first round in which a member is found.  Raises LimitReached.
        """
        if not asked.parts:  # it is the same at all members
            return []
        rounds, wanted = _ROUNDS, _WANTED
        own = [row for row in asked.weights if any(row)]
        begun = _unit([*known, *own, *(tuple([-entry for entry in row]) for row in own)])
        bases = np.concatenate([np.repeat(begun, _LINES, axis=0), self._directions(_BASES * _LINES)])
        heads = self._heads(asked)
        for number in range(rounds):
            limits.check()
            if self._smoothed is not None and number in (0, rounds // 2):
                bases = np.concatenate([bases, self._smoothed.climbed(self._directions(self._climbers), heads, limits)])
            places = self._lines(bases)
            rated = self._rated(places, heads, limits)
            best = np.argsort(-rated, kind="stable")
            _, first = np.unique(rated[best], return_index=True)  # of equal values one: mostly the same cell
            chosen = places[best[np.sort(first)[: max(_BASES, wanted)]]]
            above: dict[Rows, tuple[int, Element]] = {}
            for element in self._elements(chosen[:wanted]):
                value = asked.numerator(element.rows)
                if value > bound:
                    above.setdefault(element.rows, (value, element))
            if above:
                return [element for _, element in sorted(above.values(), key=lambda pair: -pair[0])]
            bases = np.repeat(chosen[:_BASES], _LINES, axis=0)
        return []

    def _directions(self, count: int) -> FloatArray:
        drawn: FloatArray = self._random.standard_normal((count, self.net.inputs))
        return drawn

    def _lines(self, bases: FloatArray) -> FloatArray:
        """The bases, and places on a line through each, as long as they are; all of length 1."""
        along = self._random.standard_normal(bases.shape)
        sparse = self._random.random(bases.shape) < self._random.random((len(bases), 1))
        along[1::2] *= sparse[1::2]  # every other line changes some coordinates only
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-300)
        places = (bases[:, None, :] + _STEPS[None, :, None] * along[:, None, :]).reshape(-1, bases.shape[1])
        places = np.concatenate([bases, places])
        unit: FloatArray = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-300)
        return unit

    def _rated(self, places: FloatArray, heads: Sequence[Head], limits: Limits) -> FloatArray:
        """About the functional in the cell of each place, times a number that is the same for all."""
        total: FloatArray = np.zeros(len(places))
        for head in heads:
            limits.check()
            total += self._compiled.derivatives(places, head.along) @ head.weights
        return total

    def _heads(self, asked: Functional) -> list[Head]:
        """The functional, times a number, as what is compiled takes it."""
        slots = self.net.outputs
        exponents = self._scales()
        heads = []
        top = max(
            factor.bit_length() + exponent + _size(direction)
            for direction, outputs in asked.parts
            for exponent, factor in _read(outputs, slots, exponents)
        )
        for direction, outputs in asked.parts:
            size = _size(direction)
            weights: FloatArray = np.zeros(len(slots))
            for slot, factor in outputs:
                number = slots.index(slot)
                weights[number] += math.ldexp(
                    float(Fraction(factor, 1 << factor.bit_length())),
                    factor.bit_length() + exponents[number] + size - top,
                )
            along = np.array([float(Fraction(entry, 1 << size)) for entry in direction])
            heads.append(Head(along, weights))
        return heads

    def _scales(self) -> list[int]:
        """The exponent of two by which each output of the compiled net has to be multiplied, if it can be seen."""
        if self._exponents is None:
            self._exponents = [0] * len(self.net.outputs)
            if len(self.net.outputs) > 1:
                places = np.trunc(self._directions(16) * 2**20)
                _, outputs = self._compiled.evaluate(places)
                for place, rounded in zip(places, outputs, strict=True):
                    exact = self.net.output_values([int(entry) for entry in place])
                    for number, (value, about) in enumerate(zip(exact, rounded, strict=True)):
                        if value and about and not self._exponents[number]:
                            ratio = abs(Fraction(value) / Fraction(float(about)))
                            self._exponents[number] = round(math.log2(ratio.numerator) - math.log2(ratio.denominator))
        return self._exponents

    def _elements(self, places: FloatArray) -> list[Element]:
        """The member at each place, rounded to integers; those of a sign pattern that is known are not made again."""
        found = []
        rounded = np.rint(places / np.maximum(np.abs(places).max(axis=1, keepdims=True), 1e-300) * _GRID)
        passing, _ = self._compiled.evaluate(rounded)
        for place, pattern in zip(rounded, np.packbits(passing, axis=1), strict=True):
            key = pattern.tobytes()
            if key not in self._members:
                direction = primitive(map(int, place))
                if not any(direction):
                    continue
                self._members[key] = lock_branches(self.net, [direction])
            found.append(self._members[key])
        return found


def _unit(directions: Sequence[Direction]) -> FloatArray:
    """The directions with their largest entries 1, rounded."""
    rows = []
    for direction in directions:
        drop = max(0, _size(direction) - 900)
        rows.append([float(entry >> drop) for entry in direction])
    found = np.array(rows)
    unit: FloatArray = found / np.maximum(np.abs(found).max(axis=1, keepdims=True), 1e-300)
    return unit


def _size(direction: tuple[int, ...]) -> int:
    return max(map(abs, direction)).bit_length()


def _read(outputs: tuple[tuple[int, int], ...], slots: tuple[int, ...], exponents: list[int]) -> list[tuple[int, int]]:
    return [(exponents[slots.index(slot)], factor) for slot, factor in outputs]
