"""Linear bounds: an identity of forms, right under its phases, tight at its point."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from support.forms import plus, random_atoms, random_form

from subgrad_hardness.engine.phase.linear_bounds import Bound, LinearBounds
from subgrad_hardness.normal_form.generators import GeneratorKind
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm

VALUE, EXCESS, PASSING, BLOCKED = GeneratorKind


class Drawn:
    """A random normal form, a form over it, and a point."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.inputs = source.randint(1, 3)
        self.normal = NormalForm(self.inputs, tuple(random_atoms(source, self.inputs, source.randint(1, 6))), ())
        self.variables = self.inputs + len(self.normal.atoms)
        self.form = plus(*((1, random_form(source, self.variables)) for _ in range(3))) or {0: 1}
        self.point = self.direction()
        self.values = self.normal.values(self.point)

    def direction(self) -> tuple[int, ...]:
        return tuple(self.source.randint(-9, 9) for _ in range(self.inputs))

    def own_phase(self, atom: int) -> bool:
        """The point's."""
        return self.values[self.inputs + atom] > 0

    def random_phase(self, atom: int) -> bool:
        return self.source.random() < 0.5

    def bound(self, own: bool, slack: int, avoid: Sequence[int] = ()) -> Bound:
        phase = self.own_phase if own else self.random_phase
        return LinearBounds(self.normal, self.form, self.values).within(phase, slack=slack, avoid=avoid)


def value(form: Form, values: Sequence[int]) -> int:
    return sum(coefficient * values[variable] for variable, coefficient in form.items())


def check(drawn: Drawn, bound: Bound, slack: int) -> None:
    """What is promised of every bound."""
    inputs, atoms = drawn.inputs, drawn.normal.atoms
    assert all(variable < inputs for variable in bound.row)
    assert 0 not in bound.row.values()
    phases = dict(bound.phases)
    assert len(phases) == len(bound.phases) <= len(atoms)
    total = dict(drawn.form)
    for atom, kind, multiplier in sorted(bound.generators, reverse=True):
        assert multiplier > 0
        coefficient = total.get(inputs + atom, 0)  # after all later atoms
        assert (coefficient > 0) == (kind in (PASSING, BLOCKED))
        assert multiplier == abs(coefficient)
        assert (atom in phases) == (coefficient > 0)
        if atom in phases:
            assert kind == (PASSING if phases[atom] else BLOCKED)
        assert (atom in bound.kept) == (kind == EXCESS)
        sign = 1 if kind in (VALUE, EXCESS) else -1
        row = plus((sign, {inputs + atom: 1}), (-sign if kind in (EXCESS, PASSING) else 0, atoms[atom]))
        total = plus((1, total), (multiplier, row))
    assert total == bound.row, "an identity of forms"
    numbers = [atom for atom, _, _ in bound.generators]
    assert len(set(numbers)) == len(numbers)
    assert {*phases, *bound.kept} <= set(numbers)
    assert value(bound.row, drawn.values) <= value(drawn.form, drawn.values) + slack


def test_random_bounds() -> None:
    source = random.Random("upper bounds")
    kinds: Counter[int] = Counter()
    for number in range(1500):
        drawn = Drawn(source)
        slack = source.choice((0, 0, 1, 5, 40))
        avoid = [atom for atom in range(len(drawn.normal.atoms)) if source.random() < 0.2]
        bound = drawn.bound(number % 2 == 0, slack, avoid)
        check(drawn, bound, slack)
        kinds.update(kind for _, kind, _ in bound.generators)
    assert min(kinds[kind] for kind in (VALUE, EXCESS, PASSING, BLOCKED)) > 200


def test_the_bound_holds_wherever_its_phases_do() -> None:
    source = random.Random("phases")
    met = 0
    for _ in range(1000):
        drawn = Drawn(source)
        bound = drawn.bound(own=False, slack=source.choice((0, 3)))
        for _ in range(8):
            values = drawn.normal.values(drawn.direction())
            if all((values[drawn.inputs + atom] > 0) == passes for atom, passes in bound.phases):
                assert value(bound.row, values) >= value(drawn.form, values)
                met += len(bound.phases) > 0
    assert met > 500


def test_without_slack_and_with_the_points_own_phases_the_bound_is_tight() -> None:
    source = random.Random("tight")
    for _ in range(500):
        drawn = Drawn(source)
        bound = drawn.bound(own=True, slack=0)
        assert value(bound.row, drawn.values) == value(drawn.form, drawn.values)
        for atom, kind, _ in bound.generators:  # and keeps no more than it has to
            seen = value(drawn.normal.atoms[atom], drawn.values)
            assert (kind == EXCESS) <= (seen > 0)


def test_endless_slack_keeps_nothing() -> None:
    source = random.Random("slack")
    for _ in range(300):
        drawn = Drawn(source)
        bound = drawn.bound(own=source.random() < 0.5, slack=10**9)
        check(drawn, bound, 10**9)
        assert not bound.kept


def one_layer(coefficients: Sequence[int], values: Sequence[int]) -> tuple[NormalForm, Form, list[int]]:
    """A sum of coefficient * relu(x_k), and the values at x = ``values``."""
    size = len(values)
    normal = NormalForm(size, tuple({k: 1} for k in range(size)), ())
    return normal, {size + k: entry for k, entry in enumerate(coefficients)}, normal.values(tuple(values))


@pytest.mark.parametrize(
    ("slack", "avoid", "kept"),
    [
        (0, (), {0, 1, 2}),
        (2, (), {0, 1, 2}),
        (3, (), {1, 2}),  # the cheapest first: 3, 8, 10
        (10, (), {1, 2}),
        (11, (), {2}),
        (20, (), {2}),
        (21, (), set()),
        (10, (2,), {0, 1}),
        (9, (2,), {1, 2}),  # too little for what was to be avoided
        (13, (2,), {1}),
        (17, (1,), {2}),
        (18, (2, 1), {0}),
        (21, (0, 1, 2), set()),
        (8, (0, 1, 2), {1, 2}),
    ],
)
def test_slack_goes_to_what_is_avoided_and_then_to_the_smallest(
    slack: int, avoid: tuple[int, ...], kept: set[int]
) -> None:
    """-3 relu(x) - 4 relu(y) - 2 relu(z) at (1, 2, 5)."""
    normal, form, values = one_layer((-3, -4, -2), (1, 2, 5))
    bound = LinearBounds(normal, form, values).within(lambda _: True, slack=slack, avoid=avoid)
    assert set(bound.kept) == kept
    assert bound.row == {k: (-3, -4, -2)[k] for k in kept}
    assert bound.phases == ()
    assert {atom for atom, kind, _ in bound.generators if kind == VALUE} == {0, 1, 2} - kept


def test_slack_that_was_set_aside_is_spent_once() -> None:
    """-relu(x) - relu(y + relu(x)): the outer atom is left out, and x's own term is not for nothing."""
    normal = NormalForm(2, ({0: 1}, {1: 1, 2: 1}), ())
    form = {2: -3, 3: -1}
    values = normal.values((2, 1))  # relus 2 and 3, terms -6 and -3
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=2).row == {0: -4, 1: -1}
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=3).row == {0: -3}
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=8).row == {0: -3}
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=9).row == {}


def test_a_term_that_was_dropped_and_came_back_costs_only_the_rest() -> None:
    """-relu(x) - relu(3 relu(x) - y): dropped is the direct term (2), what comes through the outer kink is not."""
    normal = NormalForm(2, ({0: 1}, {2: 3, 1: -1}), ())
    form = {2: -1, 3: -1}
    values = normal.values((2, 0))  # relus 2 and 6
    bound = LinearBounds(normal, form, values).within(lambda _: True, slack=2)
    assert bound.row == {0: -4, 1: 1}
    assert value(bound.row, values) == -8
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=6).row == {0: -4, 1: 1}
    assert LinearBounds(normal, form, values).within(lambda _: True, slack=8).row == {}


def test_what_comes_through_an_outer_kink_is_left_out_if_the_slack_just_allows_it() -> None:
    """-relu(relu(x) + y) at (2, 5): the outer kink (7) is too much, the inner one costs 2."""
    normal = NormalForm(2, ({0: 1}, {2: 1, 1: 1}), ())
    values = normal.values((2, 5))
    assert LinearBounds(normal, {3: -1}, values).within(lambda _: True, slack=1).row == {0: -1, 1: -1}
    assert LinearBounds(normal, {3: -1}, values).within(lambda _: True, slack=2).row == {1: -1}
    assert LinearBounds(normal, {3: -1}, values).within(lambda _: True, slack=7).row == {}


def test_a_phase_that_is_not_the_points_own_gives_room() -> None:
    """5 relu(x) - relu(y) at (3, 2): where x <= 0 is supposed, the bound fell by 15 and 2 more are free."""
    normal, form, values = one_layer((5, -1), (3, 2))
    bound = LinearBounds(normal, form, values).within(lambda atom: False, slack=0)
    assert bound.phases == ((0, False),)
    assert (bound.row, bound.kept) == ({1: -1}, (1,))
    normal = NormalForm(2, ({0: 1}, {1: 1}), ())
    form, values = {2: -1, 3: 5}, normal.values((2, 3))  # now the phase is asked for first
    assert LinearBounds(normal, form, values).within(lambda atom: False, slack=0).row == {}
    assert LinearBounds(normal, form, values).within(lambda atom: True, slack=0).row == {0: -1, 1: 5}
    for x, row in ((15, dict[int, int]()), (16, {0: -1})):  # lower by 15
        assert LinearBounds(normal, form, normal.values((x, 3))).within(lambda atom: False, slack=0).row == row
    values = normal.values((2, -3))  # w < 0 and passing is supposed: lower by 15
    assert LinearBounds(normal, form, values).within(lambda atom: True, slack=0).row == {1: 5}


def test_coefficients_that_cancel_ask_for_no_phase() -> None:
    """2 relu(relu(x)...) - 2 relu(x): when the inner atom's turn comes nothing is left of it."""
    normal = NormalForm(1, ({0: 1}, {1: 2, 0: -1}), ())
    bound = LinearBounds(normal, {2: 1, 1: -2}, normal.values((4,))).within(lambda _: True, slack=0)
    assert bound.phases == ((1, True),)
    assert bound.row == {0: -1}
    assert len(bound.generators) == 1
