"""Sorting networks: comparators (low, high) that put the smaller of two wires on wire ``low``, the larger on ``high``.

``bubble`` and ``insertion`` (n (n - 1) / 2 comparators; Knuth, The Art of Computer Programming 3, 5.3.4: run in
parallel they are one network), ``transposition`` (the same number, n rounds of neighbours), and Batcher's two with
O(n log^2 n) (*Sorting networks and their applications*, AFIPS 1968): odd-even merging, of neighbouring blocks
(``merge``) or of interleaved ones (``oddeven``, merge exchange as in Knuth's algorithm 5.2.2 M), and ``bitonic``, for n
that is no power of two after H. W. Lang.  Blocks of neighbours are what ``bitonic`` sorts, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from subgrad_hardness.net.building import GraphBuilder

Comparators = Iterator[tuple[int, int]]


def bubble(size: int) -> Comparators:
    """Each pass carries the largest of what is left to its end."""
    for last in range(size - 1, 0, -1):
        for wire in range(last):
            yield wire, wire + 1


def insertion(size: int) -> Comparators:
    """One value after another goes down to its place."""
    for new in range(1, size):
        for wire in range(new, 0, -1):
            yield wire - 1, wire


def transposition(size: int) -> Comparators:
    """Odd-even transposition: n rounds of neighbours."""
    for step in range(size):
        for wire in range(step % 2, size - 1, 2):
            yield wire, wire + 1


def oddeven(size: int) -> Comparators:
    """Batcher's odd-even merge sort, as merge exchange."""
    top = 1 << (size - 1).bit_length() >> 1  # the largest power of two below n
    part = top
    while part:
        span, remainder, distance = top, 0, part
        while True:
            for wire in range(size - distance):
                if wire & part == remainder:
                    yield wire, wire + distance
            if span == part:
                break
            distance, span, remainder = span - part, span // 2, part
        part //= 2


def merge(size: int) -> Comparators:
    """Batcher's odd-even merge sort: sorted blocks of 1, 2, 4, ... neighbours are merged in pairs."""
    block = 1
    while block < size:
        distance = block
        while distance:
            for start in range(distance % block, size - distance, 2 * distance):
                for wire in range(start, min(start + distance, size - distance)):
                    if wire // (2 * block) == (wire + distance) // (2 * block):
                        yield wire, wire + distance
            distance //= 2
        block *= 2


def bitonic(size: int) -> Comparators:
    """Batcher's bitonic sort: halves in opposite senses, merged."""
    return _bitonic(0, size, True)


def _bitonic(start: int, size: int, ascending: bool) -> Comparators:
    if size > 1:
        half = size // 2
        yield from _bitonic(start, half, not ascending)
        yield from _bitonic(start + half, size - half, ascending)
        yield from _bitonic_merge(start, size, ascending)


def _bitonic_merge(start: int, size: int, ascending: bool) -> Comparators:
    if size > 1:
        half = 1 << (size - 1).bit_length() >> 1
        for wire in range(start, start + size - half):
            yield (wire, wire + half) if ascending else (wire + half, wire)
        yield from _bitonic_merge(start, half, ascending)
        yield from _bitonic_merge(start + half, size - half, ascending)


NETWORKS: dict[str, Callable[[int], Comparators]] = {
    "bubble": bubble,
    "insertion": insertion,
    "transposition": transposition,
    "merge": merge,
    "oddeven": oddeven,
    "bitonic": bitonic,
}


def order_statistics(build: GraphBuilder, values: Sequence[int], network: str, ranks: Sequence[int]) -> list[int]:
    """The values of these ranks (0 the smallest), by that network.

    A max or a min is added only where one of these ranks comes to depend on it.  Linear in the comparators.
    """
    comparators = list(NETWORKS[network](len(values)))
    read = set(ranks)
    wanted: list[tuple[bool, bool]] = []
    for low, high in reversed(comparators):
        wanted.append((low in read, high in read))
        if any(wanted[-1]):
            read |= {low, high}
    wires = list(values)
    for (low, high), (smaller, larger) in zip(comparators, reversed(wanted), strict=True):
        pair = [wires[low], wires[high]]
        if smaller:
            wires[low] = build.apply("min", pair)
        if larger:
            wires[high] = build.apply("max", pair)
    return [wires[rank] for rank in ranks]
