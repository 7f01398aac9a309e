"""The local net of a program that is affine near its point: one row an output, multiplied out.

A trained net has 10^5 to 10^7 weights and, at a data point, no kink that reaches an output.  Then F'(x0; .) is the
product of its layers, and all that follows wants that product only.  It is computed by one backward pass for all
outputs together, without a scaled copy of the weights: rows that read the same arguments, as those of a dense layer
do, are one integer matrix over one denominator, and large ones are multiplied by python-flint, exactly.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from fractions import Fraction
from itertools import compress
from typing import NamedTuple

from subgrad_hardness.local.local_net import ZERO, LocalNet, Sum
from subgrad_hardness.net.lowering import Lowered, Relu

# A matrix with more entries than this is worth a call of python-flint.
_MANY = 500

#: Of a value's adjoint one integer an output.
Adjoint = list[int]


class _Group:
    """Consecutive rows that read the same arguments; ``scale`` times each of them is an integer row over scaled ones.

    ``read`` are what the arguments rest on, each once for all rows: a passing relu is what it reads, and what is
    locally constant is left out by ``moving``, which has one entry an argument.
    """

    def __init__(self, read: list[int], moving: list[bool], below: list[int]) -> None:
        self.read = read
        self.moving = moving
        self.members: list[int] = []
        self.denominator = 1
        self.common = math.lcm(*set(below))
        self.factors = [self.common // scale for scale in below] if len(set(below)) > 1 else []

    @property
    def scale(self) -> int:
        return self.denominator * self.common


class _Ways(NamedTuple):
    """``source``: of each node the row or input whose multiple it is near the point, or ZERO; ``alive``: whether it
    reaches an output."""

    source: list[int]
    alive: bytearray


def affine_net(lowered: Lowered, numerators: Sequence[int], kinks: Container[int]) -> LocalNet | None:
    """F'(x0; .) as one row an output; None if a kink that moves with the inputs reaches an output.

    Parameters
    ----------
    numerators : of the values of all nodes, inputs first.
    kinks : the positions in ``lowered.nodes`` of the relus whose preactivation is 0.

    Notes
    -----
    Kinks are followed along the arguments, whether or not the gains cancel: None may come back where there is no
    kink in the end.  m products an entry; linear in the nonzeros otherwise.
    """
    ways = _ways(lowered, numerators, kinks)
    if ways is None:
        return None
    groups, group_of = _groups(lowered, ways)
    outputs = {output: number for number, output in enumerate(dict.fromkeys(lowered.outputs))}
    adjoints: dict[int, Adjoint] = {}
    scales = [1] * len(outputs)
    for output, number in outputs.items():
        if (source := ways.source[output]) != ZERO:
            adjoints.setdefault(source, [0] * len(outputs))[number] = 1
            scales[number] = group_of[source].scale if source in group_of else 1
    for group in reversed(groups):
        _pull_back(group, lowered, adjoints, len(outputs))
    columns = sorted(adjoints)
    rows = list(zip(*map(adjoints.__getitem__, columns), strict=True)) or [()] * len(outputs)
    return _assembled(
        lowered, [_primitive(columns, row, scale) for row, scale in zip(rows, scales, strict=True)], outputs
    )


def _ways(lowered: Lowered, numerators: Sequence[int], kinks: Container[int]) -> _Ways | None:
    """What each node rests on, and what reaches an output; None if a moving kink does."""
    source = list(range(lowered.inputs))
    bent = set()
    read: tuple[int, ...] | None = None
    moves = False
    for index, node in enumerate(lowered.nodes):
        if isinstance(node, Relu):
            if index in kinks and source[node.argument] != ZERO:
                bent.add(lowered.inputs + index)
                source.append(lowered.inputs + index)
            else:
                source.append(source[node.argument] if numerators[node.argument] > 0 else ZERO)
            continue
        if node.arguments is not read:
            read = node.arguments
            moves = any(source[argument] != ZERO for argument in read)
        source.append(lowered.inputs + index if moves else ZERO)
    alive = bytearray(len(source))
    for output in lowered.outputs:
        alive[output] = 1
    read = None
    for index in range(len(source) - 1, lowered.inputs - 1, -1):
        if not alive[index]:
            continue
        if index in bent:
            return None
        if source[index] == ZERO:
            continue
        node = lowered.nodes[index - lowered.inputs]
        if isinstance(node, Relu):
            alive[node.argument] = 1
        elif node.arguments is not read:
            read = node.arguments
            for argument in read:
                alive[argument] = 1
    return _Ways(source, alive)


def _groups(lowered: Lowered, ways: _Ways) -> tuple[list[_Group], dict[int, _Group]]:
    """The rows that reach an output in their groups, in topological order; and the group of each."""
    source, alive = ways
    groups: list[_Group] = []
    group_of: dict[int, _Group] = {}
    read: tuple[int, ...] | None = None
    for index, node in enumerate(lowered.nodes, start=lowered.inputs):
        if isinstance(node, Relu) or not alive[index] or source[index] == ZERO:
            continue
        if node.arguments is not read:
            read = node.arguments
            sources = [source[argument] for argument in read]
            moving = [place != ZERO for place in sources]
            sources = list(compress(sources, moving))
            below = [group_of[place].scale if place in group_of else 1 for place in sources]
            groups.append(_Group(sources, moving, below))
        group = groups[-1]
        group.members.append(index)
        group.denominator = math.lcm(group.denominator, node.denominator)
        group_of[index] = group
    return groups, group_of


def _pull_back(group: _Group, lowered: Lowered, adjoints: dict[int, Adjoint], outputs: int) -> None:
    """Hand the adjoints of the group's rows down to what they read."""
    weights: list[list[int]] = []
    above: list[Adjoint] = []
    for index in group.members:
        node = lowered.nodes[index - lowered.inputs]
        if isinstance(node, Relu) or index not in adjoints:
            continue
        factor = group.denominator // node.denominator
        above.append([factor * entry for entry in adjoints.pop(index)])
        weights.append(list(compress(node.coefficients, group.moving)))
    if len(weights) == 1:
        products = [[weight * entry for entry in above[0]] for weight in weights[0]]
    elif len(weights) * len(group.read) > _MANY:
        products = _product(above, weights)
    else:
        products = [
            [
                sum([weight * row[output] for weight, row in zip(column, above, strict=True)])
                for output in range(outputs)
            ]
            for column in zip(*weights, strict=True)
        ]
    for place, product, factor in zip(group.read, products, group.factors or [1] * len(group.read), strict=True):
        scaled = product if factor == 1 else [factor * entry for entry in product]
        known = adjoints.get(place)
        adjoints[place] = scaled if known is None else [a + b for a, b in zip(known, scaled, strict=True)]


def _product(above: list[Adjoint], weights: list[list[int]]) -> list[Adjoint]:
    """One adjoint a column of ``weights``: their transpose times ``above``."""
    from flint import fmpz_mat

    product = fmpz_mat(weights).transpose() * fmpz_mat(above)
    return [list(map(int, row)) for row in product.tolist()]


def _primitive(columns: Sequence[int], row: Sequence[int], scale: int) -> tuple[Sum | None, Fraction]:
    """``row`` / ``scale`` as a sum of primitive integers, or None for zero, and its scale."""
    content = math.gcd(*row)
    if not content:
        return None, Fraction(1)
    entries = tuple([entry // content for entry in row if entry])
    return Sum(tuple(compress(columns, row)), entries), Fraction(content, scale)


def _assembled(lowered: Lowered, rows: list[tuple[Sum | None, Fraction]], outputs: dict[int, int]) -> LocalNet:
    """The local net whose output ``output`` is row number ``outputs[output]``."""
    nodes: list[Sum] = []
    slots = []
    for row, _ in rows:
        if row is not None:
            nodes.append(row)
        slots.append(ZERO if row is None else lowered.inputs + len(nodes) - 1)
    numbers = [outputs[output] for output in lowered.outputs]
    scales = tuple([rows[number][1] for number in numbers])
    return LocalNet(lowered.inputs, tuple(nodes), tuple([slots[number] for number in numbers]), scales, (), ())
