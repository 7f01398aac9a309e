"""Early exact search: structured and random directions, each evaluated exactly (SPEC 5.1).

Most nets with two subgradients show one at once; this engine never refutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import once
from subgrad_hardness.local.local_net import Sum
from subgrad_hardness.question.answer import Answer, Undecided, Witness
from subgrad_hardness.question.question import Question

#: Structured directions stop here: pairs of axes are quadratic in p.
_MOST_PAIRS = 200
_RANDOM = 64
_FEW_INPUTS = 12
#: About so many products in all: in large nets the first directions only.
_MOST_PRODUCTS = 20_000


def decide(question: Question, limits: Limits) -> Answer:
    """Try ``directions``, as many as are cheap; one forward pass each."""
    nonzeros = sum(len(node.arguments) for node in question.net.nodes if isinstance(node, Sum))
    most = max(_MOST_PRODUCTS // (nonzeros + 1), 2)
    tried = 0
    for direction in islice(directions(question.net.inputs, question.seed), most):
        limits.check()
        tried += 1
        if question.holds(direction):
            return Witness(direction, {"directions": tried})
    return Undecided(f"none of {tried} directions separates", effort={"directions": tried})


start = once(decide)


def directions(dimension: int, seed: int) -> Iterator[tuple[int, ...]]:
    """+-e_i, e_i +- e_j and opposites, then random directions of three kinds with their opposites.

    Beyond a few inputs a random direction comes first: it shows most of what is to be seen at once.
    """
    stream = Stream(seed, "search")
    if dimension > _FEW_INPUTS:
        yield from _opposites(stream.direction(dimension, 10**3))
    for index in range(min(dimension, _MOST_PAIRS)):
        yield from _opposites(tuple(int(position == index) for position in range(dimension)))
    pairs = combinations(range(min(dimension, 12)), 2)
    for first, second in pairs:
        for a, b in ((1, 1), (1, -1)):
            entries = [0] * dimension
            entries[first], entries[second] = a, b
            yield from _opposites(tuple(entries))
    for count in range(_RANDOM):
        yield from _opposites(stream.direction(dimension, (1, 9, 10**6)[count % 3]))


def _opposites(direction: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return direction, tuple(-entry for entry in direction)
