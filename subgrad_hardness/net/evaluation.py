"""The exact value of a program at a point, and whether it is at a kink there."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number
from subgrad_hardness.net.vectors import exact_vector


def value(program: Program, point: Sequence[Number | str] | None = None) -> tuple[Fraction, ...]:
    """F(point), m exact rationals; at the program's own point by default.

    Raises PointError; NetError for a division by zero, naming the node.
    """
    where = program.point if point is None else exact_vector(point, program.input_count, "point")
    lowered = program.lowered if program.piecewise_linear else program.at(where).tangent
    numerators, denominators = node_values(lowered, where)
    return tuple(Fraction(numerators[output], denominators[output]) for output in lowered.outputs)


def has_kinks(program: Program) -> bool:
    """Whether some relu of the rewriting stands at exactly 0 at the program's point; one evaluation.

    Raises NetError as ``value`` does.
    """
    numerators, _ = node_values(program.tangent, program.point)
    return any(isinstance(node, Relu) and not numerators[node.argument] for node in program.tangent.nodes)
