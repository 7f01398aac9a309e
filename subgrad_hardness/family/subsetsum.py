"""Subset-sum nets of random numbers (``reduction.subset_sum``), drawn as in ``family.numbers``.

The target is half of the total, rounded down, where the subsets are densest; planted: the sum of a
hidden uniform subset.
"""

from __future__ import annotations

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.known_verdicts import has_subset_sum, known, unknown
from subgrad_hardness.family.numbers import NumbersValues, random_numbers
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.subset_sum import SUBSET_SUM, SubsetSum


def _make(values: NumbersValues, given: frozenset[str]) -> Program:
    count, bits, planted, seed = values.count, values.bits, values.planted, values.seed
    stream = Stream(seed, "subset sum", count, bits)
    numbers = random_numbers(stream, count, bits)
    target, facts = sum(numbers) // 2, unknown()
    if planted:
        chosen = [index for index in range(count) if stream.below(2)]
        target = sum(numbers[index] for index in chosen)
        facts = {**known(True, "planted: the numbers at these places have the sum"), "chosen": chosen}
    else:
        solvable = has_subset_sum(numbers, target)
        if solvable is not None:
            facts = known(solvable, "enumeration of subset sums")
    program, _ = SUBSET_SUM.apply(SubsetSum(tuple(numbers), target))
    parameters = {"count": count, "bits": bits, "planted": planted}
    provenance = {**(program.provenance or {}), "family": SUBSETSUM.name, "parameters": parameters, "seed": seed}
    name = f"subset sum of {count} numbers of {bits} bits, seed {seed}{', planted' if planted else ''}"
    return program._replace(name=name, provenance={**provenance, **facts})


SUBSETSUM = Family(
    name="subsetsum",
    aliases=("subset-sum",),
    summary="have some of random numbers a given sum: two hidden layers, few neurons, large weights",
    values=NumbersValues,
    make=_make,
    picture="""
        The net of partition with one number a_0 more, the total minus twice the target: the numbers with the sign
        of x_0 are the chosen ones, and each subset with the wanted sum is a pair of opposite thin ridges about its
        diagonal.  A sum that misses by one leaves F flat there: nothing tells that a solution is near.  Without one
        0 is the only subgradient.  n + 1 inputs, two hidden layers, at most 6n + 5 relus for n numbers, with
        weights as long as the numbers.
    """,
)
