"""Sign facts: multipliers that add up to the form, wherever the relaxation has any."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from support import oracle
from support.forms import EXCESS, VALUE, nonnegative_form, plus, proves, random_atoms, random_form, spelled

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.normal_form.signs import MOST_KINKS, evident_sign, relaxed_sign


def relaxation_allows(form: Form, sign: int, atoms: Sequence[Form], inputs: int) -> bool:
    """Whether sign * form < 0 at a point where all generators are nonnegative, by elimination."""
    size = inputs + len(atoms)

    def row(terms: Form) -> list[int]:
        return [terms.get(variable, 0) for variable in range(size)]

    generators = [row(spelled([(k, kind, 1)], atoms, inputs)) for k in range(len(atoms)) for kind in (VALUE, EXCESS)]
    return oracle.positive_point([row(plus((-sign, form)))], size, generators) is not None


def test_evident_signs() -> None:
    assert evident_sign({2: 3, 4: 1}, 2) == (1, ((0, VALUE, 3), (2, VALUE, 1)))
    assert evident_sign({2: -3, 4: -1}, 2) == (-1, ((0, VALUE, 3), (2, VALUE, 1)))
    assert evident_sign({4: 1, 2: 3}, 2) == (1, ((2, VALUE, 1), (0, VALUE, 3)))
    assert evident_sign({4: -1, 2: -3}, 2) == (-1, ((2, VALUE, 1), (0, VALUE, 3)))
    assert evident_sign({2: 3, 4: -1}, 2) is None
    assert evident_sign({2: -3, 4: 1}, 2) is None
    assert evident_sign({1: 3, 4: 1}, 2) is None
    assert evident_sign({4: 1, 0: 1}, 2) is None


def test_relaxed_signs_are_what_elimination_says() -> None:
    """Multipliers where they exist, and None where the relaxation leaves another sign."""
    source = random.Random("relaxed signs")
    said: Counter[bool] = Counter()
    for _ in range(250):
        inputs = source.randint(1, 2)
        atoms = random_atoms(source, inputs, source.randint(1, 3))
        form = nonnegative_form(source, atoms, inputs) or random_form(source, inputs + len(atoms))
        if source.random() < 0.3:
            form = plus((1, form), (source.choice((-1, 1)), random_form(source, inputs + len(atoms)))) or {0: 1}
        for sign, question in ((1, form), (-1, plus((-1, form))), (-1, form)):
            found = relaxed_sign(question, sign, atoms, inputs)
            said[found is not None] += 1
            assert (found is None) == relaxation_allows(question, sign, atoms, inputs)
            if found is not None:
                assert proves(found, question, sign, atoms, inputs)
    assert min(said.values()) > 150


def test_generators_are_never_negative() -> None:
    source = random.Random("generators")
    for _ in range(100):
        inputs = source.randint(1, 3)
        atoms = random_atoms(source, inputs, 5)
        point = tuple(source.randint(-99, 99) for _ in range(inputs))
        values = NormalForm(inputs, tuple(atoms), ()).values(point)
        for atom in range(5):
            for kind in (VALUE, EXCESS):
                row = spelled([(atom, kind, 1)], atoms, inputs)
                assert sum(entry * values[variable] for variable, entry in row.items()) >= 0


def test_only_the_kinks_below_take_part() -> None:
    """|x| is seen to be nonnegative among many atoms, and stated over two variables."""
    atoms: list[Form] = [{0: 1}] + [{1: 1, 2 + k: 1} for k in range(100)]
    form = {2: 2, 0: -1}
    found = relaxed_sign(form, 1, atoms, 2)
    assert found is not None
    assert {atom for atom, _, _ in found} == {0}
    assert proves(found, form, 1, atoms, 2)


@pytest.mark.parametrize(("below", "tried"), [(MOST_KINKS - 1, True), (MOST_KINKS, True), (MOST_KINKS + 1, False)])
def test_forms_on_many_kinks_are_not_asked(below: int, tried: bool) -> None:
    """|x_1| + ... + |x_n|, and |.| of a tower: kinks under kinks count, each of them once."""
    wide: list[Form] = [{k: 1} for k in range(below)]
    sums = plus(*((1, {below + k: 2, k: -1}) for k in range(below)))
    assert (relaxed_sign(sums, 1, wide, below) is not None) == tried
    tower: list[Form] = [{0: 1}] + [{0: -1, 1 + k: 1} for k in range(below - 1)]
    above = plus((2, {below: 1}), (-1, tower[-1]), (1, {1: 1}))
    assert (relaxed_sign(above, 1, tower, 1) is not None) == tried
    assert relaxed_sign({0: 1}, 1, tower, 1) is None


def test_a_limit_stops_the_proof() -> None:
    with pytest.raises(LimitReached):
        relaxed_sign({1: 2, 0: -1}, 1, [{0: 1}], 1, Limits.seconds(-1))
