"""Whether a clause over half-spaces is valid, by the exact cone."""

from __future__ import annotations

from flint import fmpz_mat

from subgrad_hardness.encoders.gordan_clauses import Implication
from subgrad_hardness.normal_form.linear_form import Key


def dense(form: Key, size: int) -> list[int]:
    entries = dict(form)
    return [entries.get(index, 0) for index in range(size)]


def is_valid(implication: Implication, size: int) -> bool:
    """Whether a first + b second = c third for some positive a, b, c: the only linear relation of the three."""
    columns = [dense(form, size) for form in implication]
    space, nullity = fmpz_mat([list(row) for row in zip(*columns, strict=True)]).nullspace()
    if nullity != 1:
        return False
    a, b, c = (int(space[row, 0]) for row in range(3))
    return a * b > 0 > a * c
