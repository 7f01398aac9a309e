"""The normal form: kinks of one sign vanish, rescaled and opposite ones merge, proofs of signs have a budget."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from support.conformance import graph
from support.forms import nonnegative_form, plus, proves, random_atoms, random_form

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.normal_form.generators import Generator
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm, normalise
from subgrad_hardness.normal_form.signs import relaxed_sign

_NORMAL_FORM = "subgrad_hardness.normal_form.normal_form"


def test_a_limit_stops_it() -> None:
    with pytest.raises(LimitReached):
        normalise(FlatNet(1, ({0: 1},), ({1: 1},)), Limits.seconds(-1))


def normal(inputs: str, lines: str) -> NormalForm:
    return normalise(flatten(localise(load(graph(inputs, lines, "f"))).net))


_W = 2**60


@pytest.mark.parametrize(
    ("lines", "atoms", "output"),
    [
        ("a = abs x; b = abs y; c = -1 a - b; f = relu c", 2, {}),
        ("a = abs x; b = abs y; c = a + b; f = relu c", 2, {0: -1, 1: -1, 3: 2, 4: 2}),
        (f"b = {_W} y - x; a = x - {_W} y; m = min a b; f = relu m", 1, {}),
        (f"b = {_W} y - x; a = x - {_W + 1} y; m = min a b y; f = relu m", 2, {}),
        (f"b = {_W + 1} y - x; a = x - {_W} y; m = min a b y; f = relu m", 3, {5: 1}),  # open
        ("a = max x y; b = a - x; f = relu b", 1, {3: 1}),
        ("a = max x y z; b = z - a; f = relu b", 2, {}),
        ("a = abs x; b = a + x; f = relu b", 1, {3: 2}),
        # The triangle inequality is beyond the relaxation: the kink stays.
        ("a = abs x; b = abs y; c = x + y; d = abs c; e = a + b - d; f = relu e", 4, {6: 2}),
    ],
)
def test_kinks_of_one_sign_vanish(lines: str, atoms: int, output: Form) -> None:
    found = normal("x y z", lines)
    assert len(found.atoms) == atoms
    assert found.outputs == (output,)


def scaled(factor: int, form: Form) -> Form:
    return {variable: factor * coefficient for variable, coefficient in form.items()}


@pytest.mark.parametrize("first", [1, -1, 3, -2])
@pytest.mark.parametrize("second", [1, -1, 2, -3])
def test_rescaled_and_opposite_kinks_merge_whichever_comes_first(first: int, second: int) -> None:
    """relu(c z) = c relu(z), relu(-z) = relu(z) - z; the first one met is the atom."""
    line = {0: 1, 1: -2}
    made = normalise(FlatNet(2, (scaled(first, line), scaled(second, line)), ({2: 1}, {3: 1})))
    assert made.atoms == (line if first > 0 else scaled(-1, line),)
    same = {2: abs(second)}
    opposite = plus((1, same), (second, line))
    assert made.outputs == ({2: abs(first)}, same if (first > 0) == (second > 0) else opposite)
    assert not made.signs


def test_deep_kinks_merge_too() -> None:
    """Over atoms that are merged themselves: relu(x) - relu(y) and 2 relu(y) - (relu(-2 x) + 2 x)."""
    kinks: tuple[Form, ...] = ({0: 1}, {1: 1}, {0: -2}, {2: 1, 3: -1}, {3: 2, 4: -1, 0: -2}, {2: 1, 1: 1})
    made = normalise(FlatNet(2, kinks, ({5: 1}, {6: 1}, {7: 1})))
    assert made.atoms == ({0: 1}, {1: 1}, {2: 1, 3: -1}, {1: 1, 2: 1})
    assert made.outputs == ({4: 1}, {2: -2, 3: 2, 4: 2}, {5: 1})


@pytest.mark.parametrize("content", [1, 6])
@pytest.mark.parametrize("beside", range(-3, 4))
@pytest.mark.parametrize("multiple", [-2, -1, 1, 2])
def test_what_bends_like_an_atom_is_no_kink(multiple: int, beside: int, content: int) -> None:
    """relu(A w + B a), a = relu(w), w = 2 x - relu(y): (A + B) w above, A w below, where they are positive."""
    line, last = {0: 2, 2: -1}, 3
    bent = scaled(content, plus((multiple, line), (1, {last: beside} if beside else {})))
    made = normalise(FlatNet(2, ({1: 1}, line, bent), ({4: 1},)))
    assert made.atoms == ({1: 1}, line)
    assert not made.signs
    for direction in ((1, 1), (-3, 5), (1, 3), (5, -2), (-1, -1), (0, 0)):
        value = 2 * direction[0] - max(direction[1], 0)
        expected = max(content * (multiple * value + beside * max(value, 0)), 0)
        assert made.value(made.outputs[0], direction) == expected


@pytest.mark.parametrize(
    "form",
    [
        {0: 1, 1: 2, 2: 1},  # x + 2 y beside relu(x + y)
        {0: 1, 1: -1, 2: 1},
        {0: 1, 2: 1},  # part of it
        {0: 2, 1: 3, 2: 1},
        {0: 1, 1: 1, 3: 1},  # beside another atom
        {0: 1, 1: 1, 2: 1, 3: 1},
    ],
)
def test_what_bends_elsewhere_too_is_a_kink(form: Form) -> None:
    made = normalise(FlatNet(2, ({0: 1, 1: 1}, {0: 1, 1: -3}, form), ({4: 1},)))
    assert made.atoms[2:] == (form,)


def test_leaky_units_behind_leaky_units_are_leaky_units() -> None:
    """Five of them, of all kinds of slopes: one kink."""
    found = normal(
        "x y",
        "t = x - y; a = leaky_relu(1/3) t; b = leaky_relu(-2) a; c = leaky_relu(5) b; "
        "d = leaky_relu(-1/7) c; f = leaky_relu(2) d",
    )
    assert found.atoms == ({0: 1, 1: -1},)


def test_what_cancels_is_no_kink() -> None:
    """relu(relu(x) - relu(-x) - x) = relu(0)."""
    made = normalise(FlatNet(1, ({0: 1}, {0: -1}, {1: 1, 2: -1, 0: -1}), ({3: 5, 1: 1},)))
    assert (made.atoms, made.outputs, made.signs) == (({0: 1},), ({1: 1},), ())


def unprovable(count: int) -> FlatNet:
    """Triangle inequalities |x| + |k y| >= |x + k y| inside of relus: kinks 2k + 1 and the last ones."""
    kinks: list[Form] = [{0: 1}, {1: 1}, *({0: 1, 1: k} for k in range(1, count + 1))]
    kinks += [{2: 1, 3: k, 3 + k: -1} for k in range(1, count + 1)]
    return FlatNet(2, tuple(kinks), ({2 + len(kinks) - 1: 1},))


def tries(flat: FlatNet, monkeypatch: pytest.MonkeyPatch, budget: int, each: int) -> list[bool]:
    """Whether each sign that was tried was proved, with a budget of failures."""
    found: list[bool] = []

    def tried(*arguments: Any) -> tuple[Generator, ...] | None:
        answer = relaxed_sign(*arguments)
        found.append(answer is not None)
        return answer

    monkeypatch.setattr(f"{_NORMAL_FORM}.relaxed_sign", tried)
    monkeypatch.setattr(f"{_NORMAL_FORM}._FAILURES", budget)
    monkeypatch.setattr(f"{_NORMAL_FORM}._FAILURES_EACH", each)
    made = normalise(flat)
    assert len(made.signs) == sum(found)
    return found


def test_proofs_end_after_many_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(unprovable(7).kinks) == 16
    assert tries(unprovable(7), monkeypatch, 100, 0) == [False] * 7
    assert tries(unprovable(7), monkeypatch, 4, 0) == [False] * 4
    assert tries(unprovable(7), monkeypatch, 0, 9) == []


def test_each_success_allows_more_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = unprovable(7)
    absolute: Form = {2: 2, 0: -1, 3: 2, 1: -1}  # |x| + |y|, |x| = 2 relu(x) - x
    kinks = (*flat.kinks[:9], absolute, *({v + (v > 10): c for v, c in kink.items()} for kink in flat.kinks[9:]))
    flat = FlatNet(2, kinks, ({2 + len(kinks) - 1: 1},))
    assert tries(flat, monkeypatch, 2, 0) == [True] + [False] * 2
    assert tries(flat, monkeypatch, 2, 3) == [True] + [False] * 5


def test_after_numbers_too_large_to_sample_no_signs_are_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = FlatNet(2, ({0: 1}, {1: 1}, {2: 2, 0: -1, 3: 2, 1: -1}, {0: 2**1200, 1: 1}), ({4: 1, 5: 1},))
    assert tries(before, monkeypatch, 9, 0) == [True]
    after = FlatNet(2, ({0: 2**1200, 1: 1}, {0: 1}, {1: 1}, {3: 2, 0: -1, 4: 2, 1: -1}), ({2: 1, 5: 1},))
    assert tries(after, monkeypatch, 9, 0) == []
    assert len(normalise(after).atoms) == 4


def substituted(form: Form, values: Sequence[Form], inputs: int) -> Form:
    """The form with kink k's variable replaced by ``values[k]``."""
    return plus(*((c, values[v - inputs] if v >= inputs else {v: 1}) for v, c in form.items()))


def multiple(form: Form, other: Form) -> int:
    """The integer that times ``other`` is ``form``, or 0."""
    variable = next(iter(form))
    factor = form[variable] // other.get(variable, form[variable] * 2)
    return 0 if plus((1, form), (-factor, other)) else factor


def bent(form: Form, atoms: Sequence[Form], inputs: int) -> Form:
    """relu of P a + N (a - w), a = relu(w) the last atom in it."""
    last = max(form)
    line = atoms[last - inputs]
    below = -multiple({variable: entry for variable, entry in form.items() if variable != last}, line)
    assert below
    return plus((max(form[last] - below, 0) + max(below, 0), {last: 1}), (-max(below, 0), line))


def replay(flat: FlatNet) -> NormalForm:
    """The normal form, after its sign facts were checked kink by kink."""
    made = normalise(flat)
    facts = {fact.kink: fact for fact in made.signs}
    assert [fact.kink for fact in made.signs] == sorted(facts)
    inputs, values, met = flat.inputs, list[Form](), 0
    for number, kink in enumerate(flat.kinks):
        form = substituted(kink, values, inputs)
        if number in facts:
            _, sign, generators = facts[number]
            assert proves(generators, form, sign, made.atoms[:met], inputs)
            values.append(form if sign > 0 else {})
        elif not form:
            values.append({})
        else:
            found = [(k, f) for k, other in enumerate(made.atoms) if (f := multiple(form, other))]
            if not found:
                values.append(bent(form, made.atoms, inputs))
                continue
            ((atom, factor),) = found
            met = max(met, atom + 1)
            values.append(plus((abs(factor), {inputs + atom: 1}), (1, form if factor < 0 else {})))
    assert made.outputs == tuple(substituted(output, values, inputs) for output in flat.outputs)
    return made


def test_random_nets_with_signs() -> None:
    """Every fact is proved by its generators, every other kink is an atom, and the values are the net's."""
    source = random.Random("nets with signs")
    facts: Counter[int] = Counter()
    for _ in range(150):
        inputs = source.randint(1, 3)
        kinks = random_atoms(source, inputs, 3)
        for _ in range(6):
            form = nonnegative_form(source, kinks, inputs) or {0: 1}
            kinks.append(plus((source.choice((-2, -1, 1, 3)), form), (source.choice((0, 0, 1)), kinks[0])) or {0: 1})
        outputs = tuple(random_form(source, inputs + len(kinks)) for _ in range(2))
        flat = FlatNet(inputs, tuple(kinks), outputs)
        made = replay(flat)
        facts.update(fact.sign for fact in made.signs)
        for _ in range(4):
            direction = tuple(source.randint(-50, 50) for _ in range(inputs))
            plain = NormalForm(inputs, flat.kinks, outputs)
            assert [made.value(form, direction) for form in made.outputs] == [
                plain.value(form, direction) for form in outputs
            ]
    assert min(facts[1], facts[-1]) > 100
