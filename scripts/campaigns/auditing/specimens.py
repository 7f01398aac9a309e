"""Random small programs, each made twice: as a torch module, and by hand, entry by entry, over numbers of any kind.

The second is an oracle that shares no code with the package: operations over whatever has +, scalar multiples and an
order.  Over rationals it gives values; over tuples, compared lexicographically, one-sided derivatives (Nesterov 2005),
so that every direction yields an element of d_L.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Vector = list["Jet"]


class Jet(tuple[Fraction, ...]):
    """A value and its derivatives along several directions, one after the other; compared lexicographically."""

    def __add__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet((self[0] + other, *self[1:]))
        return Jet(left + right for left, right in zip(self, other, strict=True))

    def times(self, factor: Fraction) -> Jet:
        """factor * self."""
        return Jet(factor * entry for entry in self)

    def constant(self, value: int) -> Jet:
        """A constant of the same length."""
        return Jet((Fraction(value), *[Fraction(0)] * (len(self) - 1)))


#: How relu's derivative is taken where a jet's argument is zero: by the order of the jets, or by a choice.
Relu = Callable[[Jet], Jet]


def ordered(t: Jet) -> Jet:
    """relu by the lexicographic order: the true one-sided derivatives."""
    return max(t, t.constant(0))


@dataclass
class Choosing:
    """relu with its own derivative at each kink, in the order in which kinks are met; one derivative a jet."""

    slopes: Sequence[int]
    met: int = 0

    def __call__(self, t: Jet) -> Jet:
        if t[0]:
            return t if t[0] > 0 else t.constant(0)
        slope = self.slopes[self.met] if self.met < len(self.slopes) else 0
        self.met += 1
        return Jet((t[0], *[slope * entry for entry in t[1:]]))


def _max(a: Jet, b: Jet, relu: Relu) -> Jet:
    return a + relu(b + a.times(Fraction(-1)))


def _min(a: Jet, b: Jet, relu: Relu) -> Jet:
    return a + relu(a + b.times(Fraction(-1))).times(Fraction(-1))


def _tree(pair: Callable[[Jet, Jet, Relu], Jet], entries: Vector, relu: Relu) -> Jet:
    if len(entries) == 1:
        return entries[0]
    half = (len(entries) + 1) // 2
    left = _tree(pair, entries[:half], relu)
    return pair(left, _tree(pair, entries[half:], relu), relu)


def _clip(t: Jet, low: int, high: int, relu: Relu) -> Jet:
    return _min(_max(t, t.constant(low), relu), t.constant(high), relu)


@dataclass(frozen=True)
class Linear:
    """weight x + bias."""

    weight: list[list[int]]
    bias: list[int]

    def by_hand(self, x: Vector, relu: Relu) -> Vector:
        """Row by row."""
        made = []
        for row, bias in zip(self.weight, self.bias, strict=True):
            total = x[0].constant(bias)
            for entry, factor in zip(x, row, strict=True):
                total = total + entry.times(Fraction(factor))
            made.append(total)
        return made

    def in_torch(self, x: Any) -> Any:
        """torch.nn.functional.linear"""
        import torch

        weight, bias = (torch.tensor(each, dtype=x.dtype) for each in (self.weight, self.bias))
        return torch.nn.functional.linear(x, weight, bias)


_HALF = Fraction(1, 2)


def _signed(t: Jet, slope: Fraction, relu: Relu) -> Jet:
    return t.times(slope) + relu(t).times(1 - slope)


#: By name: each entry by hand.
ENTRYWISE: dict[str, Callable[[Jet, Relu], Jet]] = {
    "relu": lambda t, relu: relu(t),
    "abs": lambda t, relu: relu(t) + relu(t.times(Fraction(-1))),
    "leaky_relu": lambda t, relu: _signed(t, _HALF, relu),
    "prelu": lambda t, relu: _signed(t, Fraction(1, 4), relu),
    "relu6": lambda t, relu: _clip(t, 0, 6, relu),
    "hardtanh": lambda t, relu: _clip(t, -1, 1, relu),
    "clamp": lambda t, relu: _clip(t, 0, 2, relu),
    "clamp_min": lambda t, relu: _max(t, t.constant(0), relu),
    "hardsigmoid": lambda t, relu: _clip(t + 3, 0, 6, relu).times(Fraction(1, 6)),
    "where_gt": lambda t, relu: _max(t, t.constant(0), relu),
}


def in_torch(name: str, x: Any) -> Any:
    """The same by torch, on a batch of one."""
    import torch
    from torch.nn import functional

    calls: dict[str, Callable[[], Any]] = {
        "relu": lambda: torch.relu(x),
        "abs": x.abs,
        "leaky_relu": lambda: functional.leaky_relu(x, 0.5),
        "prelu": lambda: functional.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
        "relu6": lambda: functional.relu6(x),
        "hardtanh": lambda: functional.hardtanh(x),
        "clamp": lambda: torch.clamp(x, 0, 2),
        "clamp_min": lambda: torch.clamp(x, min=0),
        "hardsigmoid": lambda: functional.hardsigmoid(x),
        "where_gt": lambda: torch.where(x > 0, x, 0),
        "maximum": lambda: torch.maximum(x, x.flip(1)),
        "minimum": lambda: torch.minimum(x, x.flip(1)),
        "amax": lambda: x.amax(1, keepdim=True),
        "max_dim": lambda: x.max(1, keepdim=True)[0],
        "amin": lambda: x.amin(1, keepdim=True),
        "max_pool": lambda: functional.max_pool1d(x.unsqueeze(1), 2, stride=1).squeeze(1),
    }
    return calls[name]()


def by_hand(name: str, x: Vector, relu: Relu) -> Vector:
    """One operation on all entries."""
    if name in ENTRYWISE:
        return [ENTRYWISE[name](entry, relu) for entry in x]
    if name == "lax_clamp":
        return by_hand("clamp", x, relu)
    if name in ("maximum", "minimum", "fmax"):
        pair = _min if name == "minimum" else _max
        return [pair(one, other, relu) for one, other in zip(x, reversed(x), strict=True)]
    if name == "max_pool":
        return [_tree(_max, x[start : start + 2], relu) for start in range(len(x) - 1)]
    return [_tree(_min if name == "amin" else _max, x, relu)]


OPERATIONS = (*ENTRYWISE, "maximum", "minimum", "amax", "max_dim", "amin", "max_pool")


@dataclass(frozen=True)
class Specimen:
    """Two branches of linear maps and operations, the second subtracted from the first, summed; at integers."""

    inputs: int
    branches: tuple[tuple[Linear | str, ...], ...]
    point: tuple[int, ...]

    @classmethod
    def random(cls, seed: int, operations: Sequence[str] = OPERATIONS) -> Specimen:
        """The specimen of a seed; small integers, so that ties are common."""
        draw = random.Random(seed)
        inputs = draw.choice((1, 2, 2))
        branches = []
        for _ in range(2):
            width, steps = inputs, list[Linear | str]()
            for _ in range(draw.choice((1, 1, 2))):
                after = draw.randint(1, 3)
                weight = [[draw.randint(-2, 2) for _ in range(width)] for _ in range(after)]
                steps.append(Linear(weight, [draw.choice((0, 0, 1, -1)) for _ in range(after)]))
                name = draw.choice(operations)
                if name == "max_pool" and after < 2:
                    name = "relu"
                steps.append(name)
                width = 1 if name in ("amax", "amin", "max_dim") else after - (name == "max_pool")
            branches.append(tuple(steps))
        return cls(inputs, tuple(branches), tuple(draw.choice((0, 0, 0, 1, -1)) for _ in range(inputs)))

    def by_hand(self, x: Vector, relu: Relu) -> Jet:
        """The value, with derivatives."""
        total = x[0].constant(0)
        for sign, steps in zip((1, -1), self.branches, strict=True):
            entries = x
            for step in steps:
                entries = step.by_hand(entries, relu) if isinstance(step, Linear) else by_hand(step, entries, relu)
            for entry in entries:
                total = total + entry.times(Fraction(sign))
        return total

    def module(self) -> Any:
        """The torch module."""
        import torch

        specimen = self

        class Made(torch.nn.Module):  # type: ignore[misc]
            """Two branches."""

            def forward(self, x: Any) -> Any:
                """The difference of the branches' sums."""
                sums = []
                for steps in specimen.branches:
                    entries = x
                    for step in steps:
                        entries = step.in_torch(entries) if isinstance(step, Linear) else in_torch(step, entries)
                    sums.append(entries.sum())
                return sums[0] - sums[1]

        return Made().eval()
