"""What families of hand-made graphs share: nodes by name, and the finished program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.net.reading import program_from


class Nodes:
    """The nodes of a graph as they are added; each call returns the new node's name."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = list(inputs)
        self.nodes: list[dict[str, Any]] = []

    def affine(self, terms: Mapping[str, int | Fraction]) -> str:
        """The sum of coefficient times name, zeros dropped."""
        kept = {name: value for name, value in terms.items() if value}
        coefficients = [value if isinstance(value, int) else format_rational(value) for value in kept.values()]
        return self._add({"op": "affine", "args": list(kept), "coefficients": coefficients})

    def apply(self, operation: str, *arguments: str) -> str:
        """An operation without parameters."""
        return self._add({"op": operation, "args": list(arguments)})

    def program(self, output: str, name: str, provenance: Mapping[str, Any]) -> Program:
        """The net with this output, at the origin."""
        return program_from(
            {
                "inputs": self.inputs,
                "nodes": self.nodes,
                "outputs": [output],
                "name": name,
                "provenance": dict(provenance),
            }
        )

    def _add(self, node: dict[str, Any]) -> str:
        name = f"n{len(self.nodes) + 1}"
        self.nodes.append({"id": name, **node})
        return name


def sum_of(*terms: tuple[str, int | Fraction]) -> dict[str, int | Fraction]:
    """Terms collected by name."""
    result: dict[str, int | Fraction] = {}
    for name, value in terms:
        result[name] = result.get(name, 0) + value
    return result
