"""The certificate of ``distinct``: two direction matrices.  Apart from the arguments, because it needs so much less."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.derivative.lexicographic import Directions


def distinct_certificate(digest: str, directions: Sequence[Directions]) -> Certificate:
    """The claim that the two direction matrices give two distinct elements of d_L (SPEC 4)."""
    return Certificate("distinct", digest, tuple(map(direction_matrix, directions)))


def direction_matrix(directions: Directions) -> DirectionMatrix:
    """``directions`` as a certificate has them."""
    leading = tuple(tuple(Fraction(entry) for entry in column) for column in directions.leading)
    return DirectionMatrix(leading, directions.complete)
