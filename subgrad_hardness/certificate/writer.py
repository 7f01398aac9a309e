"""Writing certificates from what the engines found; never trusted, always verified afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.certificate.format import Certificate, DirectionMatrix
from subgrad_hardness.derivative.lexicographic import Directions


def distinct_certificate(digest: str, directions: Sequence[Directions]) -> Certificate:
    """The claim that the two direction matrices give two distinct elements of d_L (SPEC 4)."""
    return Certificate(
        "distinct",
        digest,
        tuple(
            DirectionMatrix(
                tuple(tuple(Fraction(entry) for entry in column) for column in matrix.leading), matrix.complete
            )
            for matrix in directions
        ),
    )
