"""The exact value of every node of a lowered program at its point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number
from subgrad_hardness.net.vectors import exact_vector


def node_values(lowered: Lowered, point: Sequence[Fraction]) -> tuple[list[int], list[int]]:
    """Numerators and positive denominators, lowest terms, of all node values (inputs first).

    One gcd a row, not one an entry; linear in the number of nonzeros.
    """
    numerators = [number.numerator for number in point]
    denominators = [number.denominator for number in point]
    for node in lowered.nodes:
        if isinstance(node, Relu):
            numerators.append(max(numerators[node.argument], 0))
            denominators.append(denominators[node.argument] if numerators[-1] else 1)
        else:
            numerator, denominator = _row_value(node, numerators, denominators)
            numerators.append(numerator)
            denominators.append(denominator)
    return numerators, denominators


def _row_value(row: Row, numerators: list[int], denominators: list[int]) -> tuple[int, int]:
    values = [numerators[argument] for argument in row.arguments]
    if not row.bias and not any(values):  # most rows, at the origin of a bias-free net
        return 0, 1
    common = {denominators[argument] for argument in row.arguments}
    if len(common) <= 1:
        scale = common.pop() if common else 1
        total = sum(map(mul, row.coefficients, values)) + row.bias * scale
    else:
        scale = math.lcm(*common)
        factors = {denominator: scale // denominator for denominator in common}
        total = row.bias * scale + sum(
            coefficient * value * factors[denominators[argument]]
            for coefficient, value, argument in zip(row.coefficients, values, row.arguments, strict=True)
        )
    scale *= row.denominator
    divisor = math.gcd(total, scale)
    return total // divisor, scale // divisor


def value(program: Program, point: Sequence[Number | str] | None = None) -> tuple[Fraction, ...]:
    """F(point), m exact rationals; at the program's own point by default.

    Raises PointError.
    """
    where = program.point if point is None else exact_vector(point, program.input_count, "point")
    numerators, denominators = node_values(program.lowered, where)
    return tuple(Fraction(numerators[output], denominators[output]) for output in program.lowered.outputs)
