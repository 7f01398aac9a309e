"""Iterations whose limits are known: the Lasso by forward-backward steps, and scalar ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import subgrad_hardness as sh
from subgrad_hardness.net.building import GraphBuilder

Entry = int | str | Fraction
Numbers = Sequence[Entry]

#: A Lasso with two coordinates, whose path has the breakpoints 3 and 1.
GRAM: list[list[Entry]] = [[1, "1/2"], ["1/2", 1]]
LINEAR: tuple[Entry, ...] = (3, 2)


def scalar(text: str, theta: Sequence[int | str] | None = None) -> sh.Iteration:
    """An iteration in x from the text language; x is the state, everything else a parameter."""
    return sh.Iteration(sh.Program.from_text(f"{text}; outputs f"), ["x"], theta=theta)


def lasso(
    gram: Sequence[Numbers],
    linear: Numbers,
    step: Entry,
    *,
    lam: Entry,
    all_of: bool = False,
) -> sh.Iteration:
    """x <- soft(x - g (Q x - c), g lam), with the parameter lam, or lam and c where ``all_of`` is set."""
    size, g = len(linear), Fraction(step)
    states = [f"x{index}" for index in range(size)]
    parameters = ["lam", *([f"c{index}" for index in range(size)] if all_of else [])]
    build = GraphBuilder([*states, *parameters])
    outputs = []
    for i in range(size):
        row = [(j, int(i == j) - g * Fraction(gram[i][j])) for j in range(size)]
        moved = [(f"c{i}", g)] if all_of else []
        bias = Fraction(0) if all_of else g * Fraction(linear[i])
        z = build.sum([*row, *moved], bias, name=f"z{i}")
        up = build.apply("relu", [build.sum([(z, 1), ("lam", -g)])], name=f"up{i}")
        down = build.apply("relu", [build.sum([(z, -1), ("lam", -g)])], name=f"down{i}")
        outputs.append(build.affine([(up, 1), (down, -1)], name=f"new{i}"))
    theta = [Fraction(lam), *([Fraction(entry) for entry in linear] if all_of else [])]
    return sh.Iteration(build.program(outputs), states, parameters, theta=theta)
