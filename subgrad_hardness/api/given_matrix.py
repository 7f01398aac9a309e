"""Vectors and Jacobians as users give them, and combinations of subgradients as reports show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.values_json import directions_json, matrix_json
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.subdifferentials.hull import Combined
from subgrad_hardness.subdifferentials.oracle import Oracle

#: p numbers for a net of one output; m rows of p numbers, or these m p numbers row by row.
MatrixLike = Sequence[NumberLike] | Sequence[Sequence[NumberLike]]


def given_matrix(values: MatrixLike, outputs: int, inputs: int, what: str) -> Matrix:
    """``values`` as an m x p matrix of exact rationals.  Raises PointError, naming the entry."""
    plain: Any = plain_value(values)
    if isinstance(plain, list) and plain and all(isinstance(row, list) for row in plain):
        if len(plain) != outputs:
            raise PointError(f"{count(len(plain), 'row')}, expected {outputs}", place=what)
        return tuple([exact_vector(row, inputs, f"{what}[{number}]") for number, row in enumerate(plain)])
    flat = exact_vector(plain, outputs * inputs, what)
    return tuple([flat[start : start + inputs] for start in range(0, len(flat), inputs)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A member of d_L in a convex combination: its weight, its Jacobian (m x p), and an M that gives it."""

    weight: Fraction
    jacobian: Matrix
    directions: Directions

    def to_json(self) -> dict[str, Any]:
        """An object of reports."""
        return {
            "weight": format_rational(self.weight),
            "jacobian": matrix_json(self.jacobian),
            "directions": directions_json(self.directions),
        }


def parts(oracle: Oracle, combined: Combined) -> tuple[Part, ...]:
    """The members of a combination, with their output scales."""
    return tuple(
        [
            Part(weight=weight, jacobian=oracle.net.scaled(element.rows), directions=element.directions)
            for weight, element in zip(combined.weights, combined.elements, strict=True)
        ]
    )
