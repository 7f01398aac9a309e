"""Partition nets of random numbers (``reduction.partition``), drawn as in ``family.numbers``.

An odd total would decide at once: then the last number is one more.  Planted: the last number is
replaced by the absolute value of a signed sum of the others, with hidden fair signs.
"""

from __future__ import annotations

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.known_verdicts import has_subset_sum, known, unknown
from subgrad_hardness.family.numbers import NumbersValues, random_numbers
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.partition import PARTITION as REDUCTION
from subgrad_hardness.reduction.partition import Partition, signed_sum
from subgrad_hardness.reduction.sign_search import Signs


def _make(values: NumbersValues, given: frozenset[str]) -> Program:
    count, bits, planted, seed = values.count, values.bits, values.planted, values.seed
    stream = Stream(seed, "partition", count, bits)
    numbers = random_numbers(stream, count, bits)
    facts = unknown()
    if planted:
        signs, numbers[-1] = _hidden(stream, numbers[:-1])
        facts = {**known(True, "planted: the sum with these signs is 0"), "signs": [1 if s else -1 for s in signs]}
    else:
        numbers[-1] += sum(numbers) % 2
        solvable = has_subset_sum(numbers, sum(numbers) // 2)
        if solvable is not None:
            facts = known(solvable, "enumeration of subset sums")
    program, _ = REDUCTION.apply(Partition(tuple(numbers)))
    parameters = {"count": count, "bits": bits, "planted": planted}
    provenance = {**(program.provenance or {}), "family": PARTITION.name, "parameters": parameters, "seed": seed}
    name = f"partition of {count} numbers of {bits} bits, seed {seed}{', planted' if planted else ''}"
    return program._replace(name=name, provenance={**provenance, **facts})


def _hidden(stream: Stream, numbers: list[int]) -> tuple[Signs, int]:
    """Signs of all numbers, and the last number, which makes the sum 0."""
    signs = tuple(stream.below(2) == 1 for _ in numbers)
    total = signed_sum(numbers, signs)
    return (*signs, total < 0), abs(total)


PARTITION = Family(
    name="partition",
    summary="can random numbers be signed so that their sum is 0: two hidden layers, few neurons, large weights",
    values=NumbersValues,
    make=_make,
    picture="""
        relu(|x_1| - |sum a_i x_i| - sum |a_i| ||x_i| - |x_1||): the last terms allow positive values about the
        diagonals of the orthants only, the middle one only where the signed sum of the a_i is 0.  Each solution is
        a pair of opposite thin ridges; a sum that misses, by however little, leaves F flat there, and without a
        solution 0 is the only subgradient.  Two hidden layers, at most 6n + 1 relus for n numbers: the length of
        the weights is the difficulty.
    """,
)
