"""Sampled values, all directions at once in one integer: the same as one by one, at any size."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.samples import Samples

INPUTS = 3
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(-(10**30), 10**30)).filter(bool)


@st.composite
def forms_upwards(draw: st.DrawFn) -> list[Form]:
    """Forms, each over the inputs and the relus of those before it."""
    count = draw(st.integers(1, 6))
    return [
        draw(st.dictionaries(st.integers(0, INPUTS + number - 1), NUMBERS, min_size=1, max_size=4))
        for number in range(count)
    ]


@given(forms_upwards(), st.integers(1, 5), st.sampled_from([8, 11]))
@example([{0: 2**62, 1: 2**62}, {3: 2**90}, {4: -(2**300)}, {4: 1, 5: -1}], 3, 8)
@example([{0: 2**500}, {3: 2**500}, {0: 1, 4: 2**100}], 1, 8)
def test_packed_values_are_the_values(forms: list[Form], factor: int, pairs: int) -> None:
    samples = Samples(INPUTS, pairs)
    directions = list(zip(*map(samples.values, range(INPUTS)), strict=True))
    assert len(set(directions)) == len(directions) == 2 * pairs
    assert {tuple(-entry for entry in direction) for direction in directions} == set(directions)
    rows = [list(direction) for direction in directions]
    for number, form in enumerate(forms):
        wanted = [sum(c * row[variable] for variable, c in form.items()) for row in rows]
        seen = samples.at({variable: factor * c for variable, c in form.items()})
        if max(map(abs, wanted)).bit_length() > 1024:
            assert seen is None
        if seen is None:
            return
        assert (seen.never_negative, seen.never_positive) == (min(wanted) >= 0, max(wanted) <= 0)
        assert max(wanted) * factor <= seen.bound
        assert samples.is_positive_somewhere(samples.packed(form)) == (max(wanted) > 0)
        samples.append(seen, factor)
        for row, value in zip(rows, wanted, strict=True):
            row.append(max(value, 0))
        assert samples.values(INPUTS + number) == [row[-1] for row in rows]
