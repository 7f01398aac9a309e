"""Cells of arrangements in bulk: known numbers, and every cell that the plain enumeration finds, degenerate or not."""

from __future__ import annotations

from operator import mul

import numpy as np
import pytest
from support import arrangements, plain_cells
from support.arrangements import Form

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.chambers import listing
from subgrad_hardness.linear.chambers.interior import points_inside
from subgrad_hardness.linear.chambers.listing import half_listing
from subgrad_hardness.linear.chambers.signs import PlaneForms, product_signs
from subgrad_hardness.linear.elimination import independent

KNOWN = [
    ("generic", arrangements.generic(12, 3), arrangements.schlaefli(12, 3)),
    ("generic, deeper", arrangements.generic(12, 5), arrangements.schlaefli(12, 5)),
    ("generic, of long numbers", arrangements.generic(9, 4, most=10**200), arrangements.schlaefli(9, 4)),
    ("generic, of longer numbers than floats", arrangements.generic(7, 4, most=10**400), arrangements.schlaefli(7, 4)),
    ("generic, two words", arrangements.generic(70, 3), arrangements.schlaefli(70, 3)),
    ("float32", arrangements.single(20, 4), arrangements.schlaefli(20, 4)),
    ("a plane", arrangements.generic(9, 2), 18),
    ("independent", [tuple(int(i == j) for j in range(9)) for i in range(9)], 2**9),
    ("braid", arrangements.braid(7), 5040),
    ("type B", arrangements.signed(4), 384),
    ("resonance 4", arrangements.resonance(4), 370),
    ("resonance 5", arrangements.resonance(5), 11292),
    ("threshold 3", arrangements.threshold(3), 104),
    ("threshold 4", arrangements.threshold(4), 1882),
]


def essential(forms: list[Form]) -> list[Form]:
    columns = independent(list(zip(*forms, strict=True)))
    return [tuple(form[column] for column in columns) for form in forms]


def listed(forms: list[Form]) -> set[tuple[int, ...]]:
    """The sign vectors of all cells; each once, each with a point where the forms have these signs."""
    forms = essential(forms)
    found: set[tuple[int, ...]] = set()
    for batch in half_listing(forms, NO_LIMITS):
        signs = batch.signs(len(forms))
        assert batch.ladders is not None
        points = points_inside(np.array(forms, dtype=object), signs, batch.ladders, NO_LIMITS)
        for point, each in zip(points, signs.tolist(), strict=True):
            levels = [sum(map(mul, form, point)) for form in forms]
            assert [(level > 0) - (level < 0) for level in levels] == each
            assert each[0] == 1
            assert tuple(each) not in found
            found.add(tuple(each))
    return found | {tuple(-sign for sign in each) for each in found}


@pytest.mark.parametrize(("forms", "count"), [each[1:] for each in KNOWN], ids=[each[0] for each in KNOWN])
def test_known_numbers(forms: list[Form], count: int) -> None:
    assert len(listed(forms)) == count


@pytest.mark.parametrize("together", [2, 4096])
def test_degenerate_arrangements(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the plain enumeration has them, with the hyperplanes added one by one, and all at once, in small batches."""
    monkeypatch.setattr(listing, "_MANY", together)
    monkeypatch.setattr(listing, "_AT_ONCE", 200)
    stream = Stream(5, "degenerate")
    total = 0
    for _ in range(60):
        size, count, most = stream.integer(2, 4), stream.integer(2, 9), stream.integer(1, 3)
        scale = 10 ** (30 * stream.integer(0, 1))
        rows = [[stream.integer(-most, most) for _ in range(size)] for _ in range(count)]
        rows = [[entry * (scale if column else 1) for column, entry in enumerate(row)] for row in rows]
        forms = arrangements.distinct(rows)
        if len(forms) < 2 or len(independent(forms)) < 2:
            continue
        plain = {cell.signs for cell in plain_cells.cells(arrangements.net(forms))}
        assert listed(forms) == plain, forms
        total += len(plain)
    assert total > 1000


def test_cells_too_narrow_for_floats() -> None:
    """Between (10^30, -1) and (10^30 - 1, -1) there is less room than binary64 sees."""
    forms: list[Form] = [(10**30, -1, 0), (10**30 - 1, -1, 0), (0, 1, -1), (1, 1, 10**40), (1, 0, 10**40)]
    assert listed(forms) == {cell.signs for cell in plain_cells.cells(arrangements.net(forms))}


def test_a_coincidence_of_keys_merges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """All forms get the same key: then they are compared."""
    monkeypatch.setattr("subgrad_hardness.linear.chambers.flats._MULTIPLIERS", np.zeros(64, dtype=np.int64))
    assert len(listed(arrangements.braid(5))) == 120
    assert len(listed(arrangements.generic(8, 4))) == arrangements.schlaefli(8, 4)


@pytest.mark.parametrize("most", [3, 2**30, 2**40, 2**62, 2**70, 10**150, 10**300])
def test_signs_are_exact(most: int) -> None:
    """Where floats cannot tell: determinants 0, 1 and -1 of long rows, and products of nearly orthogonal vectors."""
    stream = Stream(most.bit_length(), "signs")
    planes, expected = [], []
    for _ in range(200):
        a, b = stream.integer(-most, most), stream.integer(-most, most)
        c, d = stream.integer(-3, 3), stream.integer(-3, 3)
        nudge = stream.integer(-1, 1)
        one, two = (a, b), (a * c + nudge * d, b * c)
        value = one[0] * two[1] - one[1] * two[0]
        planes.append([one, two, (c, d)])
        other = a * d - b * c
        expected.append([0, (value > 0) - (value < 0), (other > 0) - (other < 0)])
    kind: type = np.int64 if 4 * most < 2**62 else object
    ready = PlaneForms(np.array(planes, dtype=kind))
    signs = ready.determinant_signs(np.arange(200), np.zeros(200, dtype=np.intp))
    assert signs.tolist() == expected
    points = np.array([[3, 2**50, 1], [1, -(2**50), 0], [2**52, 1, -1]], dtype=np.int64)
    forms = [(2**50 * most, -3 * most, 0), (2**50 * most, -3 * most, 1), (most, 1 - most, 2**52 * most - most + 1)]
    exact = [[sum(map(mul, form, point)) for form in forms] for point in points.tolist()]
    found = product_signs(np.array(forms, dtype=object), points)
    assert found.tolist() == [[(value > 0) - (value < 0) for value in row] for row in exact]


def test_limits_are_looked_at() -> None:
    with pytest.raises(LimitReached):
        list(half_listing(arrangements.braid(5), Limits.seconds(-1)))
