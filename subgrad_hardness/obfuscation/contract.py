"""The obfuscation contract: a net becomes another net G whose question has the same answer.

Every obfuscation keeps one equation, with U unimodular (an integer matrix with an integer inverse) and A any matrix:

    G'(y0; d) = F'(x0; U d) + A d    for all directions d,

where F, x0 is the net as it was and G, y0 the new one.  All that is asked of a net follows.  U is onto, so
G'(y0; .) is linear iff F'(x0; .) is: the verdict stays.  The Jacobians of G' are g U + A for the Jacobians g of F', a
bijection of the Bouligand, and of the Clarke, subdifferentials.  F'(x0; U d) != g U d iff G'(y0; d) != (g U + A) d, so
witnesses go both ways.  Equations of two steps compose, so obfuscations can be stacked.

What an obfuscation may change: kinks may join, and the autodiff set D_a may grow (to g U + A for the old g, and more).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.matrices import Unimodular

Vector = Sequence[Fraction | int]


class Carrying(NamedTuple):
    """U and A of one step: how directions and Jacobians of the new net and of the old one belong together.

    None stands for the identity matrix, and for the zero matrix of m rows and p columns.
    """

    change: Unimodular | None = None
    added: Sequence[Vector] | None = None

    def direction_back(self, direction: Vector) -> Vector:
        """U d."""
        return direction if self.change is None else self.change.times(direction)

    def direction_forward(self, direction: Vector) -> Vector:
        """U^-1 d."""
        return direction if self.change is None else self.change.solve(direction)

    def jacobian_back(self, rows: Sequence[Vector]) -> Sequence[Vector]:
        """(g - A) U^-1."""
        if self.added is not None:
            rows = _plus(rows, self.added, -1)
        return rows if self.change is None else [self.change.row_solve(row) for row in rows]

    def jacobian_forward(self, rows: Sequence[Vector]) -> Sequence[Vector]:
        """g U + A."""
        if self.change is not None:
            rows = [self.change.row_times(row) for row in rows]
        return rows if self.added is None else _plus(rows, self.added, 1)


def _plus(rows: Sequence[Vector], others: Sequence[Vector], sign: int) -> list[Vector]:
    return [
        [entry + sign * other for entry, other in zip(row, added, strict=True)]
        for row, added in zip(rows, others, strict=True)
    ]


def unchanged(inputs: int, outputs: int, seed: int) -> Carrying:
    """U the identity and A zero: directions and subgradients stay what they are."""
    return Carrying()


class Obfuscation(NamedTuple):
    """One way to rewrite a net and keep its verdict; every net of either form may come, layers or graph.

    Attributes
    ----------
    name, summary : how ``obfuscate`` calls it, and one line.
    apply : ``apply(program, seed)``, the net rewritten at random, the same for the same seed everywhere; exact.
        Raises NetError for a graph that would become too large.
    most_units : how many units (of layers) or nodes (of a graph) the result has at most, before it is made.
    carrying : ``carrying(inputs, outputs, seed)``, the U and A of ``apply`` with that seed.
    """

    name: str
    summary: str
    apply: Callable[[Program, int], Program]
    most_units: Callable[[Program], int]
    carrying: Callable[[int, int, int], Carrying] = unchanged

    def accepts(self, program: Program) -> bool:
        """Whether the result is sure to have no more units than a net may."""
        return self.most_units(program) <= MAX_UNITS
