"""From a program at x0 to its local net, and what the point looks like on the way (SPEC 1)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.net.evaluation import node_values
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.program import Program, Row

# The scale 1, as numerator and denominator.
_ONE = (1, 1)


class Localisation(NamedTuple):
    """A program seen from its point.

    Attributes
    ----------
    net : F'(x0; .).
    value : F(x0), m rationals.
    kink_units : the user's unit of every relu whose preactivation is exactly 0 (all of them, also
        those that the local net drops because they cannot matter), in order.
    nearest : (smallest nonzero |preactivation|, the user's unit), or None without such a relu.
    """

    net: LocalNet
    value: tuple[Fraction, ...]
    kink_units: tuple[int, ...]
    nearest: tuple[Fraction, int] | None


def localise(program: Program) -> Localisation:
    """Localise ``program`` at its point; linear in the nonzeros (SPEC 1)."""
    lowered = program.lowered
    numerators, denominators = node_values(lowered, program.point)
    kink_units: list[int] = []
    kink_numbers: dict[int, int] = {}
    nearest: tuple[Fraction, int] | None = None
    for index, (node, unit) in enumerate(zip(lowered.nodes, lowered.units, strict=True)):
        if isinstance(node, Relu):
            numerator, denominator = abs(numerators[node.argument]), denominators[node.argument]
            if not numerator:
                kink_numbers[index] = len(kink_units)
                kink_units.append(unit)
            elif nearest is None or numerator * nearest[0].denominator < nearest[0].numerator * denominator:
                nearest = Fraction(numerator, denominator), unit
    value = tuple(Fraction(numerators[output], denominators[output]) for output in lowered.outputs)
    return Localisation(_local_net(lowered, numerators, kink_numbers), value, tuple(kink_units), nearest)


class _Draft:
    """Local nodes as they are built: each lowered node is ``scale`` * local value ``reference``."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.nodes: list[Sum | Kink] = []
        self.references = list(range(inputs))
        self.scales: list[tuple[int, int]] = [_ONE] * inputs

    def set(self, reference: int, scale: tuple[int, int]) -> None:
        self.references.append(reference)
        self.scales.append(scale)

    def new(self, node: Sum | Kink, scale: tuple[int, int]) -> None:
        self.nodes.append(node)
        self.set(self.inputs + len(self.nodes) - 1, scale)

    def add_row(self, row: Row) -> None:
        """The homogeneous part of an affine row, made integer and primitive."""
        references, scales = self.references, self.scales
        scaled = [scales[argument] for argument in row.arguments]
        common, weights = 1, row.coefficients
        if scaled.count(_ONE) < len(scaled):
            common = math.lcm(*[under for _, under in scaled])
            factors = [over * (common // under) for over, under in scaled]
            weights = tuple(map(mul, weights, factors))
        combined: dict[int, int] = {}
        for argument, weight in zip(row.arguments, weights, strict=True):
            reference = references[argument]
            if reference != ZERO:
                combined[reference] = combined.get(reference, 0) + weight
        if 0 in combined.values():
            combined = {reference: weight for reference, weight in combined.items() if weight}
        if not combined:
            self.set(ZERO, _ONE)
            return
        arguments, coefficients = tuple(combined), tuple(combined.values())
        content, denominator = math.gcd(*coefficients), row.denominator * common
        divisor = math.gcd(content, denominator)
        scale = (content // divisor, denominator // divisor)
        if len(arguments) == 1 and coefficients[0] > 0:  # a positive multiple of something known
            self.set(arguments[0], scale)
            return
        if content != 1:
            coefficients = tuple([coefficient // content for coefficient in coefficients])
        self.new(Sum(arguments, coefficients), scale)


def _local_net(lowered: Lowered, numerators: list[int], kink_numbers: dict[int, int]) -> LocalNet:
    draft = _Draft(lowered.inputs)
    numbers: dict[int, int] = {}
    for index, node in enumerate(lowered.nodes):
        if not isinstance(node, Relu):
            draft.add_row(node)
            continue
        argument, preactivation = node.argument, numerators[node.argument]
        if preactivation < 0 or draft.references[argument] == ZERO:
            draft.set(ZERO, _ONE)
        elif preactivation > 0:
            draft.set(draft.references[argument], draft.scales[argument])
        else:
            draft.new(Kink(draft.references[argument]), draft.scales[argument])
            numbers[draft.references[-1]] = kink_numbers[index]
    outputs = [draft.references[output] for output in lowered.outputs]
    scales = tuple(Fraction(*draft.scales[output]) for output in lowered.outputs)
    return _without_dead(lowered.inputs, draft.nodes, outputs, scales, numbers)


def _without_dead(
    inputs: int, nodes: list[Sum | Kink], outputs: list[int], scales: tuple[Fraction, ...], numbers: dict[int, int]
) -> LocalNet:
    """Drop what reaches no output, and renumber."""
    alive = bytearray(inputs + len(nodes))
    _mark(alive, outputs)
    for index in range(inputs + len(nodes) - 1, inputs - 1, -1):
        if alive[index]:
            node = nodes[index - inputs]
            _mark(alive, (node.argument,) if isinstance(node, Kink) else node.arguments)
    if all(alive[inputs:]):
        return LocalNet(inputs, tuple(nodes), tuple(outputs), scales, tuple(numbers), tuple(numbers.values()))
    renumbered = list(range(inputs)) + [ZERO] * len(nodes)
    kept: list[Sum | Kink] = []
    kinks, kept_numbers = [], []
    for index in range(inputs, inputs + len(nodes)):
        if not alive[index]:
            continue
        node = nodes[index - inputs]
        renumbered[index] = inputs + len(kept)
        if isinstance(node, Kink):
            kinks.append(renumbered[index])
            kept_numbers.append(numbers[index])
            kept.append(Kink(renumbered[node.argument]))
        else:
            kept.append(Sum(tuple([renumbered[argument] for argument in node.arguments]), node.coefficients))
    new_outputs = tuple(renumbered[output] if output != ZERO else ZERO for output in outputs)
    return LocalNet(inputs, tuple(kept), new_outputs, scales, tuple(kinks), tuple(kept_numbers))


def _mark(alive: bytearray, references: Iterable[int]) -> None:
    for reference in references:
        if reference != ZERO:
            alive[reference] = 1
