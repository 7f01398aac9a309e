"""Sign facts and what the normal form makes of them: multipliers that add up, kinks that vanish or merge."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import oracle
import pytest
from conformance import graph

from subgrad_hardness.limits import LimitReached, Limits
from subgrad_hardness.local.flatten import FlatNet, Form, flatten
from subgrad_hardness.local.localise import localise
from subgrad_hardness.local.normal_form import NormalForm, normalise
from subgrad_hardness.local.signs import EXCESS, MOST_KINKS, VALUE, Generator, evident_sign, relaxed_sign
from subgrad_hardness.net.reading import load

_NORMAL_FORM = "subgrad_hardness.local.normal_form"


def plus(*terms: tuple[int, Form]) -> Form:
    """The sum of factor * form."""
    total: Form = {}
    for factor, form in terms:
        for variable, coefficient in form.items():
            total[variable] = total.get(variable, 0) + factor * coefficient
    return {variable: coefficient for variable, coefficient in total.items() if coefficient}


def spelled(generators: Sequence[Generator], atoms: Sequence[Form], inputs: int) -> Form:
    """The form that the generators add up to; their multipliers are positive."""
    total: Form = {}
    for atom, kind, multiplier in generators:
        assert multiplier > 0
        row = {VALUE: {inputs + atom: 1}, EXCESS: plus((1, {inputs + atom: 1}), (-1, atoms[atom]))}[kind]
        total = plus((1, total), (multiplier, row))
    return total


def proves(generators: Sequence[Generator], form: Form, sign: int, atoms: Sequence[Form], inputs: int) -> bool:
    """Whether the generators are a positive multiple of sign * form."""
    total = spelled(generators, atoms, inputs)
    variable, coefficient = next(iter(form.items()))
    factor = sign * total.get(variable, 0) * coefficient  # of the multiple's sign
    return factor > 0 and plus((sign * coefficient, total), (-total[variable], plus((sign, form)))) == {}


def random_atoms(source: random.Random, inputs: int, count: int) -> list[Form]:
    """Forms over inputs and earlier atoms."""
    atoms: list[Form] = []
    while len(atoms) < count:
        form = random_form(source, inputs + len(atoms))
        if form:
            atoms.append(form)
    return atoms


def random_form(source: random.Random, variables: int) -> Form:
    chosen = source.sample(range(variables), min(variables, source.randint(1, 3)))
    return {variable: source.choice((-3, -2, -1, 1, 1, 2)) for variable in chosen}


def nonnegative_form(source: random.Random, atoms: Sequence[Form], inputs: int) -> Form:
    """A random combination of generators."""
    kinds = [
        (atom, kind, source.randint(1, 4))
        for atom in range(len(atoms))
        for kind in (VALUE, EXCESS)
        if source.random() < 0.4
    ]
    return spelled(kinds, atoms, inputs)


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
        ("a = relu x; b = a + x; f = relu b", 2, {4: 1}),  # not a sum of generators
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
    absolute: Form = {2: 2, 0: -1}  # |x| = 2 relu(x) - x
    kinks = (*flat.kinks[:9], absolute, *({v + (v > 10): c for v, c in kink.items()} for kink in flat.kinks[9:]))
    flat = FlatNet(2, kinks, ({2 + len(kinks) - 1: 1},))
    assert tries(flat, monkeypatch, 2, 0) == [True] + [False] * 2
    assert tries(flat, monkeypatch, 2, 3) == [True] + [False] * 5


def substituted(form: Form, values: Sequence[Form], inputs: int) -> Form:
    """The form with kink k's variable replaced by ``values[k]``."""
    return plus(*((c, values[v - inputs] if v >= inputs else {v: 1}) for v, c in form.items()))


def multiple(form: Form, other: Form) -> int:
    """The integer that times ``other`` is ``form``, or 0."""
    variable = next(iter(form))
    factor = form[variable] // other.get(variable, form[variable] * 2)
    return 0 if plus((1, form), (-factor, other)) else factor


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
            ((atom, factor),) = ((k, f) for k, other in enumerate(made.atoms) if (f := multiple(form, other)))
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
