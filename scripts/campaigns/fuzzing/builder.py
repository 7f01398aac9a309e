"""Random graph nets under construction: nodes whose values at the point are known as they are added.

It is no ``net.building.GraphBuilder`` and reads no ``OPERATIONS``, on purpose: what it makes are net files' objects
with numbers as people spell them (0.1, "1e30"), for the reader is on trial too, and its values come from formulas of
its own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Net = dict[str, Any]

_SMALL = (-3, -2, -1, -1, 1, 1, 2, 3)
_ODD = ("1/2", "-2/3", 0.5, -0.25, "0.1", 0.1, 7, -5)
_EXTREME = (10**9, 10**9 + 1, -(10**9) + 1, "1/1000000007", "-1/1000000007", 2.0**-40, "1e30", "-1e-30")
SLOPES = ("1/3", -1, 2, 0, 1, "-1/2", 0.01)
#: Where the operations of one argument bend.
CORNERS = {"relu": (0,), "abs": (0,), "leaky_relu": (0,), "hardtanh": (-1, 1), "relu6": (0, 6)}


def number(source: random.Random, extreme: float = 0.0) -> Any:
    """A nonzero weight; mostly a small integer, with probability ``extreme`` a huge or tiny one."""
    if source.random() < extreme:
        return source.choice(_EXTREME)
    return source.choice(_ODD if source.random() < 0.12 else _SMALL)


def exact(value: Any) -> Fraction:
    """The rational that a weight in a net file denotes."""
    return Fraction(value)


def plain(value: Fraction) -> int | str:
    """The weight of a net file that denotes ``value``."""
    return int(value) if value.denominator == 1 else str(value)


class Graph:
    """A graph net; ``values`` are those of inputs and nodes at the point."""

    def __init__(self, source: random.Random, inputs: int, extreme: float = 0.0) -> None:
        self.source = source
        self.extreme = extreme
        self.inputs = [f"x{index}" for index in range(inputs)]
        away = source.random() < 0.4
        point = [source.choice((0, 1, -1, 2, "1/2", "-2/3")) if away else 0 for _ in self.inputs]
        self.nodes: list[dict[str, Any]] = []
        self.point = point
        self.values = {name: exact(entry) for name, entry in zip(self.inputs, point, strict=True)}

    def net(self, outputs: Sequence[str]) -> Net:
        """The net file."""
        return {"inputs": len(self.inputs), "nodes": self.nodes, "outputs": list(outputs), "point": self.point}

    def add(self, operation: str, arguments: Sequence[str], **rest: Any) -> str:
        """A new node that is not affine; its id."""
        values = [self.values[argument] for argument in arguments]
        first = values[0]
        value = {
            "relu": lambda: max(first, Fraction(0)),
            "abs": lambda: abs(first),
            "leaky_relu": lambda: first if first > 0 else exact(rest["slope"]) * first,
            "hardtanh": lambda: max(Fraction(-1), min(first, Fraction(1))),
            "relu6": lambda: max(Fraction(0), min(first, Fraction(6))),
            "max": lambda: max(values),
            "min": lambda: min(values),
        }[operation]()
        return self._new({"op": operation, "args": list(arguments), **rest}, value)

    def sum(self, terms: Sequence[tuple[Any, str]], bias: Any = 0) -> str:
        """A new affine node; its id."""
        value = exact(bias) + sum((exact(c) * self.values[name] for c, name in terms), Fraction(0))
        node = {"op": "affine", "args": [name for _, name in terms], "coefficients": [c for c, _ in terms]}
        return self._new(node | ({"bias": bias} if bias != 0 else {}), value)

    def _new(self, node: dict[str, Any], value: Fraction) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append({"id": name, **node})
        self.values[name] = value
        return name

    def combination(self, names: Sequence[str], most: int = 3) -> str:
        """A random affine function of a few of ``names``."""
        some = self.source.sample(list(names), min(len(names), self.source.randint(1, most)))
        return self.sum([(number(self.source, self.extreme), name) for name in some])

    def bend(self, operation: str, name: str) -> str:
        """The operation of one argument on ``name``, shifted so that it mostly bends at the point."""
        corner = self.source.choice(CORNERS[operation])
        shift = corner - self.values[name]
        if shift and self.source.random() < 0.85:
            name = self.sum([(1, name)], plain(shift))
        rest = {"slope": self.source.choice(SLOPES)} if operation == "leaky_relu" else {}
        return self.add(operation, [name], **rest)

    def choose(self, operation: str, names: Sequence[str]) -> str:
        """max or min of ``names``, shifted so that they mostly tie at the point."""
        level = self.values[names[0]]
        tied = [names[0]]
        for name in names[1:]:
            shift = level - self.values[name]
            tied.append(self.sum([(1, name)], plain(shift)) if shift and self.source.random() < 0.85 else name)
        return self.add(operation, tied)

    def grow(self, operations: int) -> list[str]:
        """Random operations of the whole dictionary on what is there; the names of inputs and operations."""
        names = list(self.inputs)
        for _ in range(operations):
            operation = self.source.choice((*CORNERS, "relu", "relu", "abs", "max", "max", "min", "min"))
            if operation in CORNERS:
                names.append(self.bend(operation, self._argument(names)))
            else:
                count = self.source.randint(2, 4)
                names.append(self.choose(operation, [self._argument(names) for _ in range(count)]))
        return names

    def _argument(self, names: Sequence[str]) -> str:
        return self.combination(names) if self.source.random() < 0.6 else self.source.choice(list(names))
