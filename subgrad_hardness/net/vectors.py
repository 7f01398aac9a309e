"""Vectors of numbers as users give them: points, directions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import NumberLike, exact


def exact_vector(values: Sequence[NumberLike], length: int, what: str) -> tuple[Fraction, ...]:
    """``values`` as ``length`` exact rationals.  Raises PointError, naming the entry."""
    if type(values) is tuple and len(values) == length and all(type(value) is Fraction for value in values):
        return values
    reader = Reader("", PointError)
    plain = reader.sequence(plain_value(values), what, "a list of numbers")
    if len(plain) != length:
        reader.fail(what, f"{count(len(plain), 'entry', 'entries')}, expected {length}")
    return tuple([exact(reader.number(value, f"{what}[{index}]")) for index, value in enumerate(plain)])
