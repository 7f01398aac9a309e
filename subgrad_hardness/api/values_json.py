"""Vectors, Jacobians and directions as JSON: every number exact, in a string."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational


def vector_json(values: Sequence[Fraction | int]) -> list[str]:
    """A vector as exact numbers in strings."""
    return [format_rational(value) for value in values]


def matrix_json(matrix: Matrix) -> list[list[str]]:
    """A Jacobian as rows of exact numbers in strings."""
    return [[format_rational(entry) for entry in row] for row in matrix]


def directions_json(directions: Directions) -> dict[str, Any]:
    """{``leading``: [directions], ``complete``: [indices of unit vectors]}."""
    return {
        "leading": [[format_rational(entry) for entry in column] for column in directions.leading],
        "complete": list(directions.complete),
    }
