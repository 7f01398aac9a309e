"""The local net of a tensor program: kinks and outputs as rows in the inputs and in earlier kinks, multiplied out.

A model with 10^7 weights has at most a few kinks at a data point that can matter.  So its units are never written down:
signs come from the exact forward pass over whole tensors, and the rows of the kinks and outputs from exact backward
passes.  The net is the function that the expanded program's local net is; kinks whose row is zero because gains
cancel, or whose gain to every kink and output does, are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.models.exact.backwards import ExactRow, Target, rows
from subgrad_hardness.models.exact.forwards import Forwards, Weights, forwards
from subgrad_hardness.models.exact.lowering import LinearProgram, lowered
from subgrad_hardness.models.exact.ways import live_kinks
from subgrad_hardness.models.tensors import Applied, Tensor, TensorProgram


class Place(NamedTuple):
    """An entry of a step of the model."""

    step: int
    place: int


class TensorLocalisation(NamedTuple):
    """A tensor program seen from a point: as ``local.localise.Localisation``, with places for the user's units."""

    net: LocalNet
    value: tuple[Fraction, ...]
    kinks: tuple[Place, ...]
    nearest: tuple[Fraction, Place] | None
    relus: int


def localise_tensors(
    model: TensorProgram,
    output: Tensor,
    point: Sequence[Fraction],
    *,
    limits: Limits = NO_LIMITS,
    progress: Callable[[str], None] | None = None,
) -> TensorLocalisation:
    """``model`` at ``point``, exactly.

    Raises ValueError for a constant that is no number, NetError where the numbers grow too long, LimitReached.
    A forward pass, and a backward pass for each kink that can matter and each output, in as many floating-point passes
    each as the numbers have digits.
    """
    program, weights = lowered(model, output), Weights()
    found = forwards(program, point, weights, limits=limits, progress=progress)
    live = live_kinks(program, found.signs)
    kinks = _in_order(program, found)
    wanted = [(kink, number) for number, kink in enumerate(kinks) if kink.step in live and live[kink.step][kink.place]]
    # What a kink reads, and then the outputs.
    read = [Target(_argument(program, kink.step), kink.place) for kink, _ in wanted]
    targets = [*read, *[Target(program.output, place) for place in range(output.size)]]
    if progress is not None:
        progress(f"rows of {len(wanted)} kinks and {output.size} outputs")
    made = list(rows(program, found, live, targets, weights, limits=limits))
    net = _net(len(point), wanted, made)
    places = tuple([Place(program.relus[kink.step].step, int(program.relus[kink.step].places[kink.place])) for kink in kinks])
    return TensorLocalisation(net, found.value, places, _nearest(program, found), sum(map(len, found.signs.values())))


def _argument(program: LinearProgram, relu: int) -> int:
    step = program.steps[relu]
    assert isinstance(step, Applied)
    return step.source


def _in_order(program: LinearProgram, found: Forwards) -> list[Target]:
    """All relus with preactivation 0, in the order of the units, the relus of one unit in that of its rewriting."""
    keyed = []
    for number, signs in found.signs.items():
        whose = program.relus[number]
        keyed += [(whose.step, int(whose.places[place]), whose.ordinal, number, place) for place in np.flatnonzero(signs == 0).tolist()]
    return [Target(number, place) for *_, number, place in sorted(keyed)]


def _nearest(program: LinearProgram, found: Forwards) -> tuple[Fraction, Place] | None:
    """The smallest |preactivation| that is not zero, the first unit of those that have it."""
    keyed = []
    for number, (distance, place) in found.nearest.items():
        whose = program.relus[number]
        keyed.append((distance, whose.step, int(whose.places[place])))
    if not keyed:
        return None
    distance, step, place = min(keyed)
    return distance, Place(step, place)


def _net(inputs: int, wanted: Sequence[tuple[Target, int]], made: Sequence[ExactRow]) -> LocalNet:
    """The kinks in order, and the outputs, of which ``made`` are the rows; what reaches no output left out."""
    kink_rows = dict(zip([kink for kink, _ in wanted], made, strict=False))
    outputs = made[len(wanted) :]
    needed: set[Target] = set()
    stack = [kink for row in outputs for kink in row.kinks]
    while stack:
        kink = stack.pop()
        if kink not in needed and _is_nonzero(kink_rows[kink]):
            needed.add(kink)
            stack += kink_rows[kink].kinks
    nodes: list[Sum | Kink] = []
    slots: dict[Target, tuple[int, Fraction]] = {}  # a kink's value is a positive multiple of a slot's
    kink_slots, numbers = [], []
    for kink, number in wanted:
        if kink not in needed:
            continue
        slot, scale = _sum(inputs, nodes, kink_rows[kink], slots)
        if slot == ZERO:
            continue
        nodes.append(Kink(slot))
        slots[kink] = inputs + len(nodes) - 1, scale
        kink_slots.append(slots[kink][0])
        numbers.append(number)
    ends = [_sum(inputs, nodes, row, slots) for row in outputs]
    return LocalNet(
        inputs,
        tuple(nodes),
        tuple([slot for slot, _ in ends]),
        tuple([scale for _, scale in ends]),
        tuple(kink_slots),
        tuple(numbers),
    )


def _is_nonzero(row: ExactRow) -> bool:
    return bool(row.inputs or row.kinks)


def _sum(
    inputs: int, nodes: list[Sum | Kink], row: ExactRow, slots: dict[Target, tuple[int, Fraction]]
) -> tuple[int, Fraction]:
    """The slot of a row as a primitive integer combination, and the positive scale that makes it the row."""
    terms = dict(row.inputs)
    below = 1
    if row.kinks:
        there = [(slots[kink], entry) for kink, entry in row.kinks.items() if kink in slots]
        below = math.lcm(*[scale.denominator for (_, scale), _ in there])
        terms = {place: entry * below for place, entry in terms.items()}
        for (slot, scale), entry in there:
            terms[slot] = entry * scale.numerator * (below // scale.denominator)
    content = math.gcd(*terms.values())
    if not content:
        return ZERO, Fraction(1)
    scale = Fraction(content, below * row.denominator)
    if len(terms) == 1 and next(iter(terms.values())) > 0:
        return next(iter(terms)), scale
    nodes.append(Sum(tuple(terms), tuple([entry // content for entry in terms.values()])))
    return inputs + len(nodes) - 1, scale
