"""From a program at x0 to its local net, and what the point looks like on the way (SPEC 1)."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.garbage import no_collections
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.affine import affine_net
from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.program import Program

#: From so many nonzeros on, a net whose kinks reach no output is multiplied out; and one without kinks from so many in
#: rows that read others, which would each be scaled by what they read.
LARGE, DEEP = 50_000, 5_000

# The scale 1, as numerator and denominator.
_ONE = (1, 1)
# The coefficients of x and -x.
_UNITS = ((1,), (-1,))


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


class Near(NamedTuple):
    """A program seen from its point, and the program that answers for it there (``local.near``).

    Attributes
    ----------
    whole : of the program that was asked about.
    program, local : the program near the point and its localisation; for all but tensors the same program again.
    """

    whole: Localisation
    program: Program
    local: Localisation


def localise(
    program: Program, *, limits: Limits = NO_LIMITS, progress: Callable[[str], None] | None = None
) -> Localisation:
    """Localise ``program`` at its point; linear in the nonzeros (SPEC 1).

    A program in tensors stays in tensors (``local.tensor_net``); that takes long enough for ``limits`` to be looked at,
    and ``progress`` to be heard.  Raises LimitReached, and what ``Program.tangent`` raises.
    """
    return localise_near(program, limits=limits, progress=progress).whole


def localise_near(
    program: Program, *, limits: Limits = NO_LIMITS, progress: Callable[[str], None] | None = None
) -> Near:
    """As ``localise``, with the program near the point, which has to be localised anyway."""
    if program.form.tensors is None:
        local = _localised(program)
        return Near(local, program, local)
    from subgrad_hardness.local.tensor_net import localise_form  # rare, and it brings numpy along

    found = localise_form(program.form.tensors, program.point, limits=limits, progress=progress)
    near = found.near.standing_for(program)
    local = _localised(near)
    numbers = tuple([found.kept[number] for number in local.net.kink_numbers])
    net = local.net._replace(kink_numbers=numbers)
    return Near(Localisation(net, found.value, found.kink_units, found.nearest), near, local)


def _localised(program: Program) -> Localisation:
    lowered = program.tangent
    numerators, denominators = node_values(lowered, program.point)
    kink_units: list[int] = []
    kink_numbers: dict[int, int] = {}
    nearest: tuple[Fraction, int] | None = None
    nonzeros, blocked = 0, False
    for index, (node, unit) in enumerate(zip(lowered.nodes, lowered.units, strict=True)):
        if not isinstance(node, Relu):
            nonzeros += len(node.arguments)
            continue
        numerator = numerators[node.argument]
        if not numerator:
            kink_numbers[index] = len(kink_units)
            kink_units.append(unit)
            continue
        blocked = blocked or numerator < 0
        numerator, denominator = abs(numerator), denominators[node.argument]
        if nearest is None or numerator * nearest[0].denominator < nearest[0].numerator * denominator:
            nearest = Fraction(numerator, denominator), unit
    value = tuple(Fraction(numerators[output], denominators[output]) for output in lowered.outputs)
    with no_collections():
        # Whether a kink reaches an output is asked of large nets alone: it takes as long as localising a small one.
        tried = nonzeros >= (LARGE if kink_numbers else DEEP)
        worth = tried and _is_worth_multiplying(lowered, nonzeros)
        net = affine_net(lowered, numerators, kink_numbers) if worth else None
        if net is None:
            # Where no relu is blocked there is nothing to leave out that ``_without_dead`` does not find.
            needed = _needed(lowered, numerators) if blocked else bytes([1]) * len(numerators)
            net = _local_net(lowered, numerators, kink_numbers, needed)
    return Localisation(net, value, tuple(kink_units), nearest)


def _is_worth_multiplying(lowered: Lowered, nonzeros: int) -> bool:
    """Whether there is enough to multiply out; near the point of a model, rows are in the inputs alone."""
    deep, bent, inner = 0, False, False
    read: tuple[int, ...] | None = None  # the rows of a dense layer have one list of arguments
    for node in lowered.nodes:
        if isinstance(node, Relu):
            bent = True
            continue
        if node.arguments is not read:
            read = node.arguments
            inner = max(read, default=0) >= lowered.inputs
        deep += inner * len(read)
    return deep >= DEEP or (nonzeros >= LARGE and (bent or deep > 0))


def _local_net(
    lowered: Lowered, numerators: list[int], kink_numbers: dict[int, int], needed: bytes | bytearray
) -> LocalNet:
    """Each lowered node that is needed becomes a scale times the value of a local slot."""
    nodes = unchanged_nodes(lowered, numerators, needed)
    begun = len(nodes)
    slots, scales = list(range(lowered.inputs + begun)), [_ONE] * (lowered.inputs + begun)
    numbers = {lowered.inputs + index: number for index, number in kink_numbers.items() if index < begun}
    unscaled = True  # all scales are 1 so far
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}  # the rows of a dense layer have one list of arguments
    for index, node in enumerate(lowered.nodes[begun:], start=begun):
        if not needed[lowered.inputs + index]:
            slot, scale = ZERO, _ONE
        elif isinstance(node, Relu):
            argument, scale = node.argument, scales[node.argument]
            preactivation, slot = numerators[argument], slots[argument]
            if preactivation < 0 or slot == ZERO:
                slot, scale = ZERO, _ONE
            elif not preactivation:
                nodes.append(Kink(slot))
                slot = lowered.inputs + len(nodes) - 1
                numbers[slot] = kink_numbers[index]
        else:
            arguments, weights, scale = _homogeneous(node, slots, None if unscaled else scales)
            if not arguments:
                slot = ZERO
            elif len(arguments) == 1 and weights[0] > 0:  # a positive multiple of something known
                slot = arguments[0]
            else:
                nodes.append(Sum(shared.setdefault(arguments, arguments), weights))
                slot = lowered.inputs + len(nodes) - 1
            if scale is not _ONE:
                unscaled = False
        slots.append(slot)
        scales.append(scale)
    outputs = [slots[output] for output in lowered.outputs]
    output_scales = tuple(Fraction(*scales[output]) for output in lowered.outputs)
    return _without_dead(lowered.inputs, nodes, outputs, output_scales, numbers)


def unchanged_nodes(lowered: Lowered, numerators: list[int], needed: bytes | bytearray) -> list[Sum | Kink]:
    """The local nodes up to the first one that is not the lowered node itself: at the origin often all of them."""
    nodes: list[Sum | Kink] = []
    inputs = lowered.inputs
    read: tuple[int, ...] | None = None  # the rows of a dense layer have one list of arguments, which is looked at once
    for number, node in enumerate(lowered.nodes, start=inputs):
        if not needed[number]:
            break
        if isinstance(node, Relu):
            if numerators[node.argument]:
                break
            nodes.append(Kink(node.argument))
            continue
        arguments, weights, _, denominator = node
        if denominator != 1 or 0 in weights or (1 not in weights and -1 not in weights and math.gcd(*weights) != 1):
            break
        if arguments is not read:
            if len(set(arguments)) < len(arguments) or not arguments:
                break
            read = arguments
        if len(arguments) == 1 and weights[0] > 0:  # which is its argument
            break
        nodes.append(Sum(arguments, weights))
    return nodes


def _needed(lowered: Lowered, numerators: list[int]) -> bytearray:
    """Of each node whether a way leads from it to an output through relus that may pass: half of a net has none."""
    needed = bytearray(len(numerators))
    for output in lowered.outputs:
        needed[output] = 1
    read: tuple[int, ...] | None = None  # by the last row that is needed; the rows of a dense layer read the same
    for index in range(len(numerators) - 1, lowered.inputs - 1, -1):
        if needed[index]:
            node = lowered.nodes[index - lowered.inputs]
            if isinstance(node, Relu):
                needed[node.argument] |= numerators[node.argument] >= 0
            elif node.arguments is not read:
                read = node.arguments
                for argument in read:
                    needed[argument] = 1
    return needed


def _homogeneous(
    row: Row, slots: list[int], scales: list[tuple[int, int]] | None
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, int]]:
    """The homogeneous part of an affine row: slots, primitive integer coefficients, the scale.

    ``scales`` are those of all nodes so far, None if they are all 1.
    """
    weights, denominator = row.coefficients, row.denominator
    if scales is None and denominator == 1 and weights in _UNITS:  # there may be thousands of -x
        slot = slots[row.arguments[0]]
        return ((), (), _ONE) if slot == ZERO else ((slot,), weights, _ONE)
    if scales is not None:
        scaled = [scales[argument] for argument in row.arguments]
        common = math.lcm(*[under for _, under in scaled])
        factors = [over * (common // under) for over, under in scaled]
        weights = tuple(map(mul, weights, factors))
        denominator *= common
    arguments = tuple(map(slots.__getitem__, row.arguments))
    if len({ZERO, *arguments}) <= len(arguments) or 0 in weights:  # repeated, or nothing
        combined: dict[int, int] = {}
        for slot, weight in zip(arguments, weights, strict=True):
            if slot != ZERO:
                combined[slot] = combined.get(slot, 0) + weight
        combined = {slot: weight for slot, weight in combined.items() if weight}
        arguments, weights = tuple(combined), tuple(combined.values())
    if not arguments:
        return (), (), _ONE
    content = math.gcd(*weights)
    if content == denominator == 1:
        return arguments, weights, _ONE
    divisor = math.gcd(content, denominator)
    if content != 1:
        weights = tuple([weight // content for weight in weights])
    return arguments, weights, (content // divisor, denominator // divisor)


def _without_dead(
    inputs: int, nodes: list[Sum | Kink], outputs: list[int], scales: tuple[Fraction, ...], numbers: dict[int, int]
) -> LocalNet:
    """Drop what reaches no output, and renumber."""
    alive = bytearray(inputs + len(nodes))
    for output in outputs:
        if output != ZERO:
            alive[output] = 1
    for index in range(inputs + len(nodes) - 1, inputs - 1, -1):
        if alive[index]:
            node = nodes[index - inputs]
            if isinstance(node, Kink):
                alive[node.argument] = 1
            else:
                for argument in node.arguments:
                    alive[argument] = 1
    if all(alive[inputs:]):
        return LocalNet(inputs, tuple(nodes), tuple(outputs), scales, tuple(numbers), tuple(numbers.values()))
    renumbered = list(range(inputs)) + [ZERO] * len(nodes)
    kept: list[Sum | Kink] = []
    kinks, kept_numbers = [], []
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
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
            arguments = tuple([renumbered[argument] for argument in node.arguments])
            kept.append(Sum(shared.setdefault(arguments, arguments), node.coefficients))
    new_outputs = tuple(renumbered[output] if output != ZERO else ZERO for output in outputs)
    return LocalNet(inputs, tuple(kept), new_outputs, scales, tuple(kinks), tuple(kept_numbers))
