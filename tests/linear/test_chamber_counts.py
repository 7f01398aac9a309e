"""Numbers of cells without listing: known ones, and those that listing gives."""

from __future__ import annotations

from math import factorial

import pytest
from support import arrangements
from support.arrangements import Form

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.chambers import counting
from subgrad_hardness.linear.chambers.counting import characteristic_polynomial, number_of_cells
from subgrad_hardness.linear.chambers.listing import half_listing
from subgrad_hardness.linear.elimination import independent


def essential(forms: list[Form]) -> list[Form]:
    columns = independent(list(zip(*forms, strict=True)))
    return [tuple(form[column] for column in columns) for form in forms]


def with_roots(*roots: int) -> tuple[int, ...]:
    """The coefficients of prod (t - root)."""
    found = [1]
    for root in roots:
        found = [a - root * b for a, b in zip([*found, 0], [0, *found], strict=True)]
    return tuple(found)


def test_characteristic_polynomials() -> None:
    """Reflection arrangements: the roots are the exponents (Arnold, Brieskorn)."""
    assert characteristic_polynomial(essential(arrangements.braid(6)), NO_LIMITS) == with_roots(1, 2, 3, 4, 5)
    assert characteristic_polynomial(arrangements.signed(4), NO_LIMITS) == with_roots(1, 3, 5, 7)
    units = [tuple(int(i == j) for j in range(7)) for i in range(7)]
    assert characteristic_polynomial(units, NO_LIMITS) == with_roots(*[1] * 7)
    assert characteristic_polynomial([(1,)], NO_LIMITS) == (1, -1)
    assert characteristic_polynomial([(1, 0), (1, 1), (1, 2), (0, 1)], NO_LIMITS) == with_roots(1, 3)


@pytest.mark.parametrize("at_once", [50, 2**20])
def test_known_numbers(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_AT_ONCE", at_once)
    found = [number_of_cells(arrangements.resonance(size), NO_LIMITS) for size in (1, 2, 3, 4)]
    assert found == [2, 6, 32, 370]
    found = [number_of_cells(arrangements.threshold(size), NO_LIMITS) for size in (1, 2, 3, 4)]
    assert found == [4, 14, 104, 1882]
    assert number_of_cells(essential(arrangements.braid(7)), NO_LIMITS) == factorial(7)
    assert number_of_cells(arrangements.signed(4), NO_LIMITS) == 2**4 * factorial(4)
    assert number_of_cells(arrangements.generic(11, 4), NO_LIMITS) == arrangements.schlaefli(11, 4)


def test_large_known_numbers() -> None:
    """More cells than anybody would list in a test."""
    assert number_of_cells(arrangements.resonance(5), NO_LIMITS) == 11292
    assert number_of_cells(arrangements.threshold(5), NO_LIMITS) == 94572
    assert number_of_cells(essential(arrangements.braid(9)), NO_LIMITS) == factorial(9)


def test_as_many_as_are_listed() -> None:
    stream = Stream(6, "counts")
    for _ in range(100):
        size, count, most = stream.integer(2, 5), stream.integer(2, 9), stream.integer(1, 4)
        rows = [[stream.integer(-most, most) for _ in range(size)] for _ in range(count)]
        forms = arrangements.distinct(rows)
        if forms and len(independent(forms)) > 1:
            forms = essential(forms)
            listed = 2 * sum(len(batch.words) for batch in half_listing(forms, NO_LIMITS, ladders=False))
            assert number_of_cells(forms, NO_LIMITS) == listed, forms


def test_limits_are_looked_at() -> None:
    with pytest.raises(LimitReached):
        number_of_cells(arrangements.resonance(4), Limits.seconds(-1))
