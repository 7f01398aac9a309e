"""Independent blocks, and coordinates that suffice: sums taken apart exactly, decisions that rest on both."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from support.conformance import CASES
from support.forms import plus, random_form
from support.posed import GENERAL_PROVERS, judge, pose

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.normal_form.linear_form import Form, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.blocks import Split, split
from subgrad_hardness.question.coordinates import Coordinates, coordinates_for, input_part, input_parts
from subgrad_hardness.question.session import Session

#: A change of the inputs: coordinate i of the sums is row i of it.
Change = list[list[int]]


def blocks_of(normal: NormalForm, forms: list[Form]) -> Split:
    return split(normal, forms, input_parts(normal, forms))


def coordinates_of(normal: NormalForm, forms: list[Form]) -> Coordinates:
    return coordinates_for(input_parts(normal, forms), normal.inputs)


def identity(size: int) -> Change:
    return [[int(i == j) for j in range(size)] for i in range(size)]


def unimodular(source: random.Random, size: int) -> Change:
    rows = identity(size)
    for _ in range(2 * size):
        i, j = source.sample(range(size), 2)
        factor = source.choice((-2, -1, 1, 3))
        rows[i] = [x + factor * y for x, y in zip(rows[i], rows[j], strict=True)]
    return rows


def random_sum(source: random.Random, sizes: Sequence[int], change: Change) -> tuple[NormalForm, Form]:
    """A sum of functions of disjoint groups of coordinates, each with two layers of kinks."""
    inputs = len(change[0])
    atoms: list[Form] = []
    total: Form = {}
    start = 0
    for size in sizes:
        coordinates = [dict(enumerate(row)) for row in change[start : start + size]]
        start += size
        values = coordinates
        for _ in range(source.randint(2, 3)):
            drawn = random_form(source, len(values)) if len(values) > size else dict.fromkeys(range(size), 1)
            form = plus(*((coefficient, values[place]) for place, coefficient in drawn.items()))
            if form:
                atoms.append(dict(key_of(form)))
                values = [*values, {inputs + len(atoms) - 1: 1}]
        linear = coordinates if source.random() < 0.3 else []
        total = plus((1, total), *((source.choice((-3, -1, 2)), value) for value in [*linear, *values[size:]]))
    return NormalForm(inputs, tuple(atoms), (total,)), total


def vectors_in(split_: Split, own: frozenset[Any] | None) -> list[Form]:
    return [dict(vector) for vector in split_.basis.vectors if own is None or vector in own]


@pytest.mark.parametrize("hidden", [False, True])
def test_blocks_add_up_and_stand_alone(hidden: bool) -> None:
    source = random.Random(f"blocks {hidden}")
    counts: Counter[int] = Counter()
    for _ in range(150):
        sizes = [source.randint(1, 2) for _ in range(source.randint(1, 3))]
        size = max(sum(sizes), 2)
        change = unimodular(source, size) if hidden else identity(size)
        normal, form = random_sum(source, sizes, change)
        made = blocks_of(normal, [form])
        blocks = made.blocks
        counts[len(blocks)] += 1
        if not hidden or min(form) >= size:  # a linear part that joins coordinates may hide the blocks
            assert len(blocks) >= len(sizes)
        assert (len(blocks) == 1) == (not made.lemmas) == (blocks[0].own is None)
        if len(blocks) == 1:
            assert blocks[0].form == form
            continue
        (lemma,) = made.lemmas
        assert lemma.clause[0].form == key_of(form) and not lemma.clause[0].positive
        total: Form = {}
        for literal, multiplier in zip(lemma.clause, lemma.multipliers, strict=True):
            assert multiplier > 0
            total = plus((1, total), (-multiplier if literal.positive else multiplier, dict(literal.form)))
            if literal != lemma.clause[0]:
                assert literal.form[0][1] > 0 if literal.form[-1][0] < size else literal.positive
        assert total == {}
        assert lemma.generators == ()
        check_isolation(source, normal, made)
    assert counts[1] > 20 and counts[2] > 20 and counts[3] > 20


def check_isolation(source: random.Random, normal: NormalForm, made: Split) -> None:
    """In its own directions a block keeps its values, up to one positive factor, and all others vanish."""
    for block in made.blocks:
        assert block.own
        for _ in range(3):
            direction = tuple(source.randint(-9, 9) for _ in range(normal.inputs))
            alone = made.isolated(block.own, direction)
            before = [normal.value(vector, direction) for vector in vectors_in(made, block.own)]
            after = [normal.value(vector, alone) for vector in vectors_in(made, block.own)]
            factor = next((y // x for x, y in zip(before, after, strict=True) if x), 1)
            assert factor > 0
            assert [factor * x for x in before] == after
            assert normal.value(block.form, alone) == factor * normal.value(block.form, direction)
            for other in made.blocks:
                if other.own != block.own:
                    assert not any(normal.value(vector, alone) for vector in vectors_in(made, other.own))
                    assert normal.value(other.form, alone) == 0


def test_objectives_share_their_blocks_coordinates() -> None:
    """Three forms: a sum of two blocks, minus it, and a form of one of them alone."""
    normal = NormalForm(3, ({0: 1}, {1: 1, 2: 1}), ())
    both: Form = {3: 2, 4: -3, 0: 5}
    made = blocks_of(normal, [both, plus((-1, both)), {3: 1, 0: 1}])
    assert [(block.form, block.own is None) for block in made.blocks] == [
        ({3: 2, 0: 5}, False), ({4: -1}, False), ({3: -2, 0: -5}, False), ({4: 1}, False), ({3: 1, 0: 1}, True),
    ]  # fmt: skip
    assert [lemma.multipliers for lemma in made.lemmas] == [(1, 1, 3)] * 2
    assert [literal.positive for lemma in made.lemmas for literal in lemma.clause] == [False, True, True] * 2
    assert made.isolated(made.blocks[1].own or frozenset(), (7, 2, 9)) == (0, 2, 9)
    assert made.isolated(made.blocks[0].own or frozenset(), (7, 2, 9)) == (7, 0, 0)


def test_a_linear_part_of_its_own_is_a_block() -> None:
    """relu(x) - 2 y: the clause of the lemma says "not y > 0", the form turned."""
    made = blocks_of(NormalForm(2, ({0: 1},), ()), [{2: 1, 1: -2}])
    assert [block.form for block in made.blocks] == [{2: 1}, {1: -1}]
    (lemma,) = made.lemmas
    assert [(literal.form, literal.positive) for literal in lemma.clause] == [
        (((1, -2), (2, 1)), False), (((2, 1),), True), (((1, 1),), False),
    ]  # fmt: skip
    assert lemma.multipliers == (1, 1, 2)


def test_fractions_of_hidden_coordinates() -> None:
    """relu(x + y) + relu(x - y) + x + 2 y over the coordinates x + y and x - y has halves."""
    made = blocks_of(NormalForm(2, ({0: 1, 1: 1}, {0: 1, 1: -1}), ()), [{2: 1, 3: 1, 0: 1, 1: 2}])
    blocks = {key_of(block.form): block.own or frozenset() for block in made.blocks}
    assert set(blocks) == {((0, 3), (1, 3), (2, 2)), ((0, -1), (1, 1), (3, 2))}
    assert made.lemmas[0].multipliers == (2, 1, 1)
    assert made.isolated(blocks[(0, 3), (1, 3), (2, 2)], (3, 2)) == (5, 5)  # twice (5/2, 5/2)
    assert made.isolated(blocks[(0, -1), (1, 1), (3, 2)], (3, 2)) == (1, -1)


def test_large_matrices_are_not_searched_for_hidden_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    normal = NormalForm(2, ({0: 1, 1: 1}, {0: 1, 1: -1}), ())
    form: Form = {2: 1, 3: 1}
    for most, blocks in ((4, 2), (3, 1)):
        monkeypatch.setattr("subgrad_hardness.question.blocks._MOST_ENTRIES", most)
        assert len(blocks_of(normal, [form]).blocks) == blocks


def test_these_coordinates_are_enough() -> None:
    """Few kinks, many inputs: a combination of the input parts vanishes iff it does in the coordinates that suffice."""
    source = random.Random("chart")
    proper = zeros = 0
    for _ in range(200):
        inputs = source.randint(1, 8)
        atoms: list[Form] = []
        for _ in range(source.randint(0, 4)):
            chosen = source.sample(range(inputs), min(inputs, 3))
            row = {index: source.randint(-3, 3) or 1 for index in chosen}
            if len(atoms) > 1 and source.random() < 0.4:
                row = plus(
                    (1, input_part_of(atoms[0], inputs)), (source.choice((-2, 1)), input_part_of(atoms[1], inputs))
                )
            if row:
                atoms.append(plus((1, row), (len(atoms) and source.choice((0, 1)), {inputs: 1})))
        form = plus(*((source.choice((-1, 1, 2)), {inputs + atom: 1}) for atom in range(len(atoms)))) or {0: 1}
        made = coordinates_of(NormalForm(inputs, tuple(atoms), ()), [form])
        assert made.inputs == inputs
        assert list(made.chosen) == sorted(set(made.chosen))
        parts = [input_part_of(seen, inputs) for seen in (*atoms, form)]
        proper += made.dimension < inputs
        assert made.dimension <= inputs
        for _ in range(12):
            combined = plus(*((source.choice((-2, -1, 0, 1, 2)), part) for part in parts))
            restricted = dict(made.restrict(combined.items()))
            assert (not restricted) == (not combined)
            zeros += not combined
            point = tuple(source.randint(-9, 9) for _ in range(made.dimension))
            direction = made.extend(point)
            assert len(direction) == inputs
            assert sum(x * direction[v] for v, x in combined.items()) == sum(
                x * point[v] for v, x in restricted.items()
            )
    assert proper > 80
    assert zeros > 80


def input_part_of(form: Form, inputs: int) -> Form:
    part = dict(input_part(form, inputs))
    assert part == {variable: entry for variable, entry in form.items() if variable < inputs}
    return part


def test_the_dimension_is_the_rank() -> None:
    normal = NormalForm(6, ({1: 1, 4: 2}, {1: 2, 4: 4, 5: 1}, {5: 3}), ())
    made = coordinates_of(normal, [{6: 1, 7: 1, 8: 1}])
    assert made.dimension == 2
    assert set(made.chosen) <= {1, 4, 5}
    assert coordinates_of(NormalForm(3, (), ()), []).chosen == (0, 1, 2)
    assert coordinates_of(NormalForm(2, ({0: 1, 1: 1},), ()), [{2: 1}, {1: 1}]).chosen == (0, 1)


def wide(source: random.Random, inputs: int, equal: bool) -> dict[str, Any]:
    """|a x| + |b x| - max(|a x + b x|, |a x - b x|), which is 0, in many inputs; ``equal``: with that b."""
    a = [source.randint(-3, 3) for _ in range(inputs)]
    b = [source.randint(-3, 3) for _ in range(inputs)]
    nodes: list[dict[str, Any]] = []

    def add(name: str, operation: str, arguments: list[str], coefficients: list[int] | None = None) -> None:
        rest = {} if coefficients is None else {"coefficients": coefficients}
        nodes.append({"id": name, "op": operation, "args": arguments, **rest})

    names = [f"x{index}" for index in range(inputs)]
    add("a", "affine", names, a)
    add("b", "affine", names, b)
    add("s", "affine", names, [x + y for x, y in zip(a, b, strict=True)])
    other = b if equal else [*b[:-1], b[-1] + 1]
    add("d", "affine", names, [x - y for x, y in zip(a, other, strict=True)])
    for name in "absd":
        add(f"abs {name}", "abs", [name])
    add("m", "max", ["abs s", "abs d"])
    add("f", "affine", ["abs a", "abs b", "m"], [1, 1, -1])
    return {"inputs": inputs, "nodes": nodes, "outputs": ["f"]}


@pytest.mark.parametrize("name", GENERAL_PROVERS)
@pytest.mark.parametrize("equal", [True, False])
def test_wide_nets_with_few_kinks(name: str, equal: bool) -> None:
    posed = pose("", wide(random.Random(5), 300, equal), "unique" if equal else "distinct", 4)
    goals = Session(posed.question.net).goal_forms(posed.question, Limits())
    assert goals.coordinates.dimension == (2 if equal else 3)
    assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))


def summed(source: random.Random, parts: Sequence[dict[str, Any]], hidden: bool) -> dict[str, Any]:
    """A sum of the first outputs of graph nets, each in inputs of its own; ``hidden``: after a change of them."""
    size = sum(len(part["inputs"]) for part in parts)
    names = [f"i{index}" for index in range(size)]
    change = unimodular(source, size) if hidden else identity(size)
    nodes = [
        {"id": f"u{index}", "op": "affine", "args": names, "coefficients": row} for index, row in enumerate(change)
    ]
    taken, last = 0, []
    for number, part in enumerate(parts):
        called = {name: f"u{taken + place}" for place, name in enumerate(part["inputs"])}
        taken += len(called)
        called |= {node["id"]: f"{node['id']} of {number}" for node in part["nodes"]}
        nodes += [
            {**node, "id": called[node["id"]], "args": [called[name] for name in node["args"]]}
            for node in part["nodes"]
        ]
        last.append(called[part["outputs"][0]])
    factors = [source.choice((-2, 1, 3)) for _ in parts]
    nodes.append({"id": "sum", "op": "affine", "args": last, "coefficients": factors})
    return {"inputs": names, "nodes": nodes, "outputs": ["sum"]}


def test_sums_of_independent_nets_are_decided_right() -> None:
    """Distinct iff one of them is; proofs join the blocks, witnesses keep to one of them."""
    source = random.Random("sums")
    nets = [case for case in CASES if "nodes" in case.net and "point" not in case.net and len(case.net["outputs"]) == 1]
    hard = [
        case
        for case in nets
        if case.verdict == "unique"
        and Session((pose("", case.net, "", 1).question).net)
        .goal_forms(pose("", case.net, "", 1).question, Limits())
        .forms
    ]
    counts: Counter[tuple[str, bool]] = Counter()
    for number in range(60):
        chosen = source.choices(hard if number % 2 else nets, k=source.randint(2, 3))
        verdict = "distinct" if "distinct" in {case.verdict for case in chosen} else "unique"
        posed = pose(str(number), summed(source, [case.net for case in chosen], number % 3 > 0), verdict, number)
        apart = bool(Session(posed.question.net).goal_forms(posed.question, Limits()).split.lemmas)
        counts[verdict, apart] += 1
        for name in GENERAL_PROVERS if len(posed.question.net.kinks) > 9 else (*GENERAL_PROVERS, "cells"):
            assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
    assert min(counts["distinct", True], counts["unique", True]) > 5, counts
