"""Which kinks of a tensor program a derivation in plain integers has to look at; trusted like the rest of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.plain_localisation import Kink, PlainWalk
from subgrad_hardness.models.tensors import ABSENT, Applied, Constant, Contracted, Extremum, Source, Taken, sources


def live_kinks(walk: PlainWalk) -> list[Kink]:
    """The kinks that may lie on a way from an input to the output, in the order of the units.

    Weights are not looked at, so too many kinks may come out, whose rows or gains are then found to be zero.
    """
    moving = _moving(walk)
    alive = {number: np.zeros(size, dtype=bool) for number, size in walk.sizes.items()}
    alive[walk.output.step][:] = True
    found: list[Kink] = []
    for number in reversed(walk.needed):
        step = walk.model.steps[number]
        if isinstance(step, Taken):
            reached = np.zeros(sum([walk.sizes[source] for source in step.sources]), dtype=bool)
            reached[step.places.reshape(-1)[alive[number]]] = True
            for source in step.sources:
                alive[source] |= reached[: walk.sizes[source]]
                reached = reached[walk.sizes[source] :]
        elif isinstance(step, Contracted):
            groups, rows, _ = step.weights.shape
            windows = np.any(alive[number].reshape(groups, rows, -1), axis=1, keepdims=True)
            read = step.places[np.broadcast_to(windows, step.places.shape)]
            alive[step.source][read[read != ABSENT]] = True
        elif isinstance(step, Applied | Extremum):
            places = alive[number]
            if isinstance(step, Applied) and step.operation == "relu":  # those that pass or block need no more
                signs = np.asarray([sign for (sign,) in walk.signs[number]])
                alive[step.source] |= places & (signs > 0)
                places = places & (signs == 0)
            for place in np.flatnonzero(places).tolist():
                found += _ways(walk, number, place, moving[step.source], alive[step.source])
        else:
            for source in sources(step):
                alive[source] |= alive[number]
    return sorted(found)


def _ways(walk: PlainWalk, number: int, place: int, moving: NDArray[np.bool_], alive: NDArray[np.bool_]) -> list[Kink]:
    """The kinks of an entry that may matter; what the entry reads becomes alive."""
    rewriting, read = walk.entry(number, place)
    signs = walk.signs[number][place]
    if signs != (-1,) or rewriting.output != 1:  # not a relu that blocks
        alive[read] = True
    if 0 not in signs:
        return []
    ordinals = rewriting.ways(moving[read].tolist(), signs)
    if ordinals:
        walk.live[number, place] = ordinals
    return [Kink(number, place, ordinal) for ordinal in ordinals]


def _moving(walk: PlainWalk) -> dict[int, NDArray[np.bool_]]:
    moving: dict[int, NDArray[np.bool_]] = {}
    for number in walk.needed:
        step, size = walk.model.steps[number], walk.sizes[number]
        if isinstance(step, Source | Constant):
            moving[number] = np.full(size, isinstance(step, Source))
        elif isinstance(step, Taken):
            moving[number] = np.concatenate([moving[source] for source in step.sources])[step.places.reshape(-1)]
        elif isinstance(step, Contracted):
            seen = np.append(moving[step.source], False)[step.places]  # of each group, term and window
            rows = step.weights.shape[1]
            moving[number] = np.repeat(np.any(seen, axis=1)[:, None, :], rows, axis=1).reshape(-1)
        elif isinstance(step, Extremum):
            moving[number] = np.asarray(np.any(np.append(moving[step.source], False)[step.places], axis=1))
        elif isinstance(step, Applied) and step.operation == "relu":
            passing = np.asarray([signs[0] >= 0 for signs in walk.signs[number]], dtype=bool)
            moving[number] = moving[step.source] & passing
        else:
            moving[number] = np.logical_or.reduce([moving[source] for source in sources(step)])
    return moving
