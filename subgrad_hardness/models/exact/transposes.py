"""The transposes of linear maps over windows, which are linear maps over windows again.

A convolution reads the same windows in each of its channels.  An entry of a channel is read by few windows, at most one
for each *tap* (place in the window), and which taps there are depends on its place modulo the strides alone, but for
the border.  So the entries of a channel fall into few classes, and the transpose is one map for each class, which
gathers: much faster than to scatter what each window hands down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.exact.digits import Digits
from subgrad_hardness.models.exact.products import WeightDigits, contracted, scattered
from subgrad_hardness.models.tensors import ABSENT, Index

#: More classes than this do not come from strides.
_MOST_CLASSES = 64


class _Class(NamedTuple):
    """Entries of each channel that are read by the same taps.

    ``places`` are theirs in the channel, ``windows[t, i]`` says which one reads entry i with tap t; ``weights`` are
    those of the transposed map, (l, groups, channels, taps * rows).
    """

    places: Index
    windows: Index
    weights: WeightDigits


class Transpose:
    """The transpose of ``products.contracted``: with the weights' digits, the places, and the size of what is read."""

    def __init__(self, weights: WeightDigits, places: Index, size: int) -> None:
        self.weights, self.places, self.size = weights, places, size
        self.starts: Index = np.zeros((0, 0), dtype=np.int64)  # of each group and channel
        self.classes: list[_Class] = []
        self.whole = False  # one class has all entries, in order
        channels = _channels(places)
        if channels is None:
            return
        self.starts, taps = channels
        reading = _reading(taps)
        # What gathering reads against what scattering writes, for one digit.
        if reading is None or 2 * self.starts.shape[1] < weights.shape[2]:
            return
        for entries, present in _alike(reading != ABSENT):
            count, groups, rows, _ = weights.shape
            wide = weights.reshape(count, groups, rows, -1, len(reading))[..., present]
            turned = np.ascontiguousarray(wide.transpose(0, 1, 3, 4, 2)).reshape(count, groups, wide.shape[3], -1)
            self.classes.append(_Class(entries, reading[np.ix_(present, entries)], turned))
        self.whole = len(self.classes) == 1 and np.array_equal(self._reached(self.classes[0]), np.arange(size))

    def of(self, adjoints: Digits) -> Digits:
        """Of adjoints (l, batch, groups * rows * windows) what they hand down, before carries: (l', batch, size)."""
        if not self.classes:
            return scattered(self.weights, adjoints, self.places, self.size)
        count, groups, rows, _ = self.weights.shape
        length, batch, _ = adjoints.shape
        out = np.zeros((length + count, batch, 0 if self.whole else self.size), dtype=np.int64)
        first = np.arange(groups * rows, dtype=np.int64).reshape(groups, 1, rows, 1) * self.places.shape[2]
        for part in self.classes:
            there = part.windows[:, None, :]  # tap, row, entry
            places = np.where(there == ABSENT, ABSENT, there + first).reshape(groups, -1, len(part.places))
            made = contracted(part.weights, adjoints, places)
            if self.whole:
                return made
            out[:, :, self._reached(part)] = made
        return out

    def _reached(self, part: _Class) -> Index:
        """The entries of a class in all groups and channels."""
        return (self.starts[:, :, None] + part.places).reshape(-1)


def _channels(places: Index) -> tuple[Index, Index] | None:
    """places[g, c * taps + t, n] as starts[g, c] + plane[t, n], channels apart; None if they are not so."""
    groups, terms, windows = places.shape
    there = places[0] != ABSENT
    if not there.any():
        return None
    high = np.where(there, places[0], -1).max(axis=1)
    low = np.where(there, places[0], np.iinfo(np.int64).max).min(axis=1)
    apart = np.flatnonzero((low[1:] > np.maximum.accumulate(high)[:-1]) & (high[1:] >= 0))
    taps = int(apart[0]) + 1 if len(apart) else terms
    if terms % taps or not there[:taps].any():
        return None
    wide = places.reshape(groups, -1, taps, windows)
    tap, window = np.argwhere(there[:taps])[0]
    plane = np.where(there[:taps], places[0, :taps] - int(low[:taps].min()), ABSENT)
    starts = wide[:, :, tap, window] - plane[tap, window]
    size = int(plane.max()) + 1
    if starts.min() < 0 or (np.diff(np.sort(starts, axis=None)) < size).any():
        return None
    for group, firsts in zip(wide, starts, strict=True):
        for channel, start in zip(group, firsts.tolist(), strict=True):
            if not np.array_equal(channel, np.where(plane == ABSENT, ABSENT, plane + start)):
                return None
    return starts, plane


def _reading(plane: Index) -> Index | None:
    """Of each tap and entry of a channel the window that reads it, or ABSENT; None where several do."""
    found = np.full((len(plane), int(plane.max()) + 1), ABSENT, dtype=np.int64)
    for reads, places in zip(found, plane, strict=True):
        windows = np.flatnonzero(places != ABSENT)
        reads[places[windows]] = windows
        if np.count_nonzero(reads != ABSENT) < len(windows):
            return None
    return found


def _alike(there: NDArray[np.bool_]) -> Sequence[tuple[Index, Index]]:
    """Classes of entries (columns) and the taps (rows) that are enough for each; empty where they are too many."""
    patterns, whose = np.unique(there.T, axis=0, return_inverse=True)
    largest: list[int] = []
    chosen = np.full(len(patterns), ABSENT)
    for number in np.argsort(-patterns.sum(axis=1), kind="stable").tolist():
        if not patterns[number].any():
            continue
        over = [other for other in largest if not (patterns[number] & ~patterns[other]).any()]
        if not over:
            largest.append(number)
            if len(largest) > _MOST_CLASSES:
                return []
        chosen[number] = over[0] if over else number
    at = chosen[whose.reshape(-1)]
    return [(np.flatnonzero(at == number), np.flatnonzero(patterns[number])) for number in largest]
