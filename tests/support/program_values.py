"""Values and preactivations of programs, by the reference that shares no code with the package."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from subgrad_hardness.net import evaluation
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.program import Program


def value(program: Program, point: Any = None) -> tuple[Any, ...]:
    """F(point), to be compared with integers too."""
    return evaluation.value(program, point)


def preactivations(program: Program, point: tuple[Fraction, ...]) -> list[Fraction]:
    """What the relus of the rewritten program read at ``point``, sorted."""
    numerators, denominators = node_values(program.lowered, point)
    reads = [node.argument for node in program.lowered.nodes if isinstance(node, Relu)]
    return sorted(Fraction(numerators[argument], denominators[argument]) for argument in reads)
