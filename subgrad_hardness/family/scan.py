"""Running maxima of n inputs in two ways: y_k = max(x_1, ..., x_k) for all k, an output each.

``sequential`` reads one value after another, n - 1 maxima of two.  The others are the parallel prefix circuits of
hardware and of scans on graphics cards: ``sklansky`` (*Conditional-sum addition logic*, IRE Transactions 1960; both
halves, then the left total joins all of the right), ``koggestone`` (Kogge and Stone, IEEE Transactions on Computers
1973; distances 1, 2, 4, ... on all values at once), ``brentkung`` (Brent and Kung, IEEE Transactions on Computers 1982)
and ``blelloch`` (*Prefix sums and their applications*, 1990: totals up a tree, prefixes of all before down again, each
value joined last).  All are of one associative operation; here it is the maximum, or the ``minimum``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

#: Joins two values.
Join = Callable[[int, int], int]


def sequential(join: Join, entries: Sequence[int]) -> list[int]:
    """One after another."""
    result = list(entries[:1])
    for value in entries[1:]:
        result.append(join(result[-1], value))
    return result


def sklansky(join: Join, entries: Sequence[int]) -> list[int]:
    """Both halves by themselves, then the total of the left with each of the right."""
    if len(entries) < 2:
        return list(entries)
    half = (len(entries) + 1) // 2
    left, right = sklansky(join, entries[:half]), sklansky(join, entries[half:])
    return left + [join(left[-1], value) for value in right]


def koggestone(join: Join, entries: Sequence[int]) -> list[int]:
    """Each value with the one 1, 2, 4, ... places before it."""
    result, distance = list(entries), 1
    while distance < len(entries):
        shifted = [join(result[place - distance], result[place]) for place in range(distance, len(entries))]
        result[distance:] = shifted
        distance *= 2
    return result


def brentkung(join: Join, entries: Sequence[int]) -> list[int]:
    """Neighbours in pairs, the prefixes of the pairs, and the entries between them."""
    if len(entries) < 2:
        return list(entries)
    pairs = [join(entries[place], entries[place + 1]) for place in range(0, len(entries) - 1, 2)]
    prefixes = brentkung(join, pairs)
    result = []
    for place, value in enumerate(entries):
        if place % 2:
            result.append(prefixes[place // 2])
        else:
            result.append(join(prefixes[place // 2 - 1], value) if place else value)
    return result


def blelloch(join: Join, entries: Sequence[int]) -> list[int]:
    """Totals up a balanced tree, the total of all before down it, each value joined to it at its leaf."""
    result = []

    def total(start: int, stop: int) -> int:
        if (start, stop) not in totals:
            half = (start + stop + 1) // 2
            left, right = total(start, half), total(half, stop)
            totals[start, stop] = join(left, right)
        return totals[start, stop]

    def down(start: int, stop: int, before: int | None) -> None:
        if stop - start == 1:
            result.append(entries[start] if before is None else join(before, entries[start]))
            return
        half = (start + stop + 1) // 2
        left = total(start, half)
        down(start, half, before)
        down(half, stop, left if before is None else join(before, left))

    totals = {(place, place + 1): value for place, value in enumerate(entries)}
    if entries:
        down(0, len(entries), None)
    return result


SCANS: dict[str, Callable[[Join, Sequence[int]], list[int]]] = {
    "sequential": sequential,
    "sklansky": sklansky,
    "koggestone": koggestone,
    "brentkung": brentkung,
    "blelloch": blelloch,
}


@dataclass(frozen=True, kw_only=True)
class ScanValues(Values):
    """The parameters of ``scan``."""

    inputs: int = integer("number n of inputs", default=8, low=2, high=10_000)
    first: str = choice("the first way", tuple(SCANS), default="sequential")
    second: str = choice("the second way", tuple(SCANS), default="koggestone")
    minimum: bool = flag("running minima, not maxima")
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed(only_with="moved")


def programs(values: ScanValues) -> Twice:
    """Both ways."""
    operation = "min" if values.minimum else "max"

    def write(build: GraphBuilder, way: str) -> Sequence[int]:
        return SCANS[way](lambda one, other: build.apply(operation, [one, other]), range(values.inputs))

    return Twice(
        tuple(f"x{number}" for number in range(1, values.inputs + 1)),
        lambda build: write(build, values.first),
        lambda build: write(build, values.second),
        f"{operation} is associative: {values.first} and {values.second} both give its prefixes",
    )


def _make(values: ScanValues, given: frozenset[str]) -> Program:
    thing = "minima" if values.minimum else "maxima"
    name = f"running {thing} of {values.inputs}, {values.first} less {values.second}"
    return difference_net(values, programs(values), SCAN.name, name)


SCAN = Family(
    name="scan",
    summary="running maxima in two ways, one after another or by a parallel prefix circuit: equal; or one weight moved",
    values=ScanValues,
    make=_make,
    picture="""
        The prefix maxima max(x_1, ..., x_k), an output for each k, from a chain of n - 1 maxima less those from a
        circuit of logarithmic depth (Kogge-Stone, Sklansky, Brent-Kung, Blelloch): the same associative operation in
        another order, zero on every output.  Moved, one wire is doubled once, and a few outputs bend.
    """,
)
