"""The exact value of every node of a lowered program at a point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from operator import mul

from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu


def node_values(lowered: Lowered, point: Sequence[Fraction]) -> tuple[list[int], list[int]]:
    """Numerators and positive denominators, lowest terms, of all node values (inputs first).

    One gcd a row, not one an entry; linear in the number of nonzeros.
    """
    numerators = [number.numerator for number in point]
    denominators = [number.denominator for number in point]
    extend(numerators, denominators, lowered.nodes)
    return numerators, denominators


def extend(numerators: list[int], denominators: list[int], nodes: Iterable[Row | Relu]) -> None:
    """Append the values of further nodes to those of the nodes before them."""
    read: tuple[int, ...] | None = None  # the arguments of the last row: those of a dense layer's rows are one object
    values: Sequence[int] = ()
    scale = 1
    for node in nodes:
        if isinstance(node, Relu):
            numerators.append(max(numerators[node.argument], 0))
            denominators.append(denominators[node.argument] if numerators[-1] else 1)
            continue
        if node.arguments is not read:
            read = node.arguments
            values, scale = _over_one_denominator(read, numerators, denominators)
        total = sum(map(mul, node.coefficients, values)) + node.bias * scale if values else node.bias
        if not total:
            numerators.append(0)
            denominators.append(1)
            continue
        denominator = scale * node.denominator
        divisor = math.gcd(total, denominator)
        numerators.append(total // divisor)
        denominators.append(denominator // divisor)


def _over_one_denominator(
    arguments: Sequence[int], numerators: Sequence[int], denominators: Sequence[int]
) -> tuple[Sequence[int], int]:
    """The values of the arguments as integers over one positive denominator; none if all of them are zero."""
    values = [numerators[argument] for argument in arguments]
    if not any(values):  # as at the origin of a bias-free net
        return (), 1
    below = [denominators[argument] for argument in arguments]
    distinct = set(below)
    scale = math.lcm(*distinct)
    if len(distinct) > 1:
        factors = {denominator: scale // denominator for denominator in distinct}
        values = list(map(mul, values, map(factors.__getitem__, below)))
    return values, scale
