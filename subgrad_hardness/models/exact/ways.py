"""Which entries of a tensor program move with the inputs near the point, and which of them reach the output.

Ways are followed along weights that are not 0 and relus that may pass; gains that cancel are not noticed here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.exact.forwards import Signs
from subgrad_hardness.models.exact.lowering import LinearProgram
from subgrad_hardness.models.tensors import (
    ABSENT,
    Applied,
    Array,
    Constant,
    Contracted,
    Scaled,
    Source,
    Summed,
    Taken,
    sources,
)

Mask = NDArray[np.bool_]


def live_kinks(program: LinearProgram, signs: Mapping[int, Signs]) -> dict[int, Mask]:
    """For each relu step that has any, its kinks on a way from an input to the output."""
    bent = {number: found == 0 for number, found in signs.items()}
    if not any(mask.any() for mask in bent.values()):
        return {}
    moving = _moving(program, signs)
    bent = {number: mask & moving[number] for number, mask in bent.items()}
    if not any(mask.any() for mask in bent.values()):
        return {}
    alive = _alive(program, signs)
    bent = {number: mask & alive[number] for number, mask in bent.items()}
    return {number: mask for number, mask in bent.items() if mask.any()}


def _moving(program: LinearProgram, signs: Mapping[int, Signs]) -> dict[int, Mask]:
    """Of each entry whether a way leads there from an input; of relu steps only, in the end."""
    masks: list[Mask] = []
    for number, (step, size) in enumerate(zip(program.steps, program.sizes, strict=True)):
        if isinstance(step, Source):
            mask = np.ones(size, dtype=bool)
        elif isinstance(step, Constant):
            mask = np.zeros(size, dtype=bool)
        elif isinstance(step, Taken):
            mask = np.concatenate([masks[source] for source in step.sources])[step.places.reshape(-1)]
        elif isinstance(step, Contracted):
            seen = np.append(masks[step.source], False)[step.places].astype(np.float32)
            mask = (_weighs(step) @ seen > 0).reshape(-1)
        elif isinstance(step, Scaled):
            mask = masks[step.source] & _scales(step, size)
        elif isinstance(step, Summed):
            mask = np.logical_or.reduce([masks[source] for source in step.sources])
        else:
            assert isinstance(step, Applied)
            mask = masks[step.source] & (signs[number] >= 0)
        masks.append(mask)
    return {number: masks[number] for number in signs}


def _alive(program: LinearProgram, signs: Mapping[int, Signs]) -> dict[int, Mask]:
    """Of each entry of a relu step whether a way leads from it to the output."""
    masks = [np.zeros(size, dtype=bool) for size in program.sizes]
    masks[program.output][:] = True
    for number in reversed(range(len(program.steps))):
        step, mask = program.steps[number], masks[number]
        if isinstance(step, Taken):
            reached = np.zeros(sum(program.sizes[source] for source in step.sources), dtype=bool)
            reached[step.places.reshape(-1)[mask]] = True
            start = 0
            for source in step.sources:
                masks[source] |= reached[start : start + program.sizes[source]]
                start += program.sizes[source]
        elif isinstance(step, Contracted):
            weighs = _weighs(step)
            above = mask.reshape(*weighs.shape[:2], -1).astype(np.float32)
            places = step.places[(weighs.transpose(0, 2, 1) @ above) > 0]
            masks[step.source][places[places != ABSENT]] = True
        elif isinstance(step, Scaled):
            masks[step.source] |= mask & _scales(step, len(mask))
        elif isinstance(step, Applied):
            masks[step.source] |= mask & (signs[number] >= 0)
        else:
            for source in sources(step):
                masks[source] |= mask
    return {number: masks[number] for number in signs}


def _weighs(step: Contracted) -> NDArray[np.float32]:
    return np.asarray(step.weights != 0, dtype=np.float32)


def _scales(step: Scaled, size: int) -> Array | bool:
    return True if step.factor is None else np.asarray(step.factor != 0).reshape(size)
