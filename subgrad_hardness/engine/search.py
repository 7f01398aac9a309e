"""Early exact search: structured and random directions, each evaluated exactly (SPEC 5.1).

Most nets with two subgradients show one at once; this engine never refutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from subgrad_hardness.engine.contract import Answer, Question, Undecided, Witness
from subgrad_hardness.limits import Limits
from subgrad_hardness.randomness import Stream

#: Structured directions stop here: pairs of axes are quadratic in p.
_MOST_PAIRS = 200
_RANDOM = 64


def decide(question: Question, limits: Limits) -> Answer:
    """Try the axes, pairs of axes and random directions; one forward pass each."""
    tried = 0
    for direction in directions(question.net.inputs, question.seed):
        limits.check()
        tried += 1
        if question.separates(direction):
            return Witness(direction)
    return Undecided(f"none of {tried} directions separates")


def directions(dimension: int, seed: int) -> Iterator[tuple[int, ...]]:
    """+-e_i, then e_i +- e_j and opposites, then random directions of three kinds."""
    for index in range(min(dimension, _MOST_PAIRS)):
        for sign in (1, -1):
            yield tuple(sign * int(position == index) for position in range(dimension))
    pairs = combinations(range(min(dimension, 12)), 2)
    for first, second in pairs:
        for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            entries = [0] * dimension
            entries[first], entries[second] = a, b
            yield tuple(entries)
    stream = Stream(seed, "search")
    for count in range(_RANDOM):
        size = (1, 9, 10**6)[count % 3]
        direction = stream.direction(dimension, size)
        yield direction
        yield tuple(-entry for entry in direction)
