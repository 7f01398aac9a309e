"""Levels: sums of maxima and minima that are positive nowhere (docs/certificate.md, section 6)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support.both_verifiers import both
from support.paths import ROOT
from support.second_argument import Atoms, Clauses, RejectedError
from support.second_argument import Levels as SecondLevels
from support.second_nets import digest_of

from subgrad_hardness.certificate import levels
from subgrad_hardness.certificate.argument import Levels, Pairs
from subgrad_hardness.certificate.diagrams import Combination, Diagrams, TooManyNodes
from subgrad_hardness.certificate.format import load_certificate
from subgrad_hardness.certificate.logic import Logic, Rejected

CORPUS = ROOT / "tests" / "certificates"
PAGE = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
#: The example of section 8.
NET_TEXT, PART_TEXT = [part.split("```")[0] for part in PAGE.split("```json\n")[1:]][7:9]


def value(pairs: Pairs, at: list[int]) -> int:
    return sum(entry * at[variable] for variable, entry in pairs)


class Drawn:
    """Random lattice-valued forms over ``inputs``, the atoms and triples that they make, and values at points."""

    def __init__(self, draw: random.Random, inputs: int, size: int) -> None:
        self.inputs = inputs
        self.atoms: list[Pairs] = []
        self.triples: list[tuple[int, int, int]] = []
        forms: list[dict[int, int]] = [{}, *({index: 1} for index in range(inputs))]
        for _ in range(size):
            high, low = draw.sample(range(len(forms)), 2)
            shape = {key: forms[high].get(key, 0) - forms[low].get(key, 0) for key in {*forms[high], *forms[low]}}
            pairs = tuple(sorted((key, entry) for key, entry in shape.items() if entry))
            if not pairs:
                continue
            if pairs not in self.atoms:
                self.atoms.append(pairs)
            atom = self.atoms.index(pairs)
            self.triples.append((atom, high, low))
            for start, sign in ((low, 1), (high, -1)):
                joined = dict(forms[start])
                joined[inputs + atom] = joined.get(inputs + atom, 0) + sign
                forms.append({key: entry for key, entry in joined.items() if entry})

    def at(self, point: list[int]) -> list[int]:
        values = list(point)
        for atom in self.atoms:
            values.append(max(0, value(atom, values)))
        return values

    def form(self, draw: random.Random) -> Pairs:
        variables = range(self.inputs + len(self.atoms))
        chosen = draw.sample(variables, draw.randint(1, min(4, len(variables))))
        return tuple((variable, draw.choice((-2, -1, -1, 1, 1, 2, 10**30))) for variable in sorted(chosen))

    def greatest(self, form: Pairs) -> int:
        """At all vectors b - z."""
        bits = product((0, 1), repeat=self.inputs + 1)
        return max(value(form, self.at([one - zero for one in ones])) for *ones, zero in bits)


def drawn(seed: int) -> tuple[random.Random, Drawn]:
    draw = random.Random(f"level steps {seed}")
    return draw, Drawn(draw, draw.randint(1, 4), draw.randint(1, 6))


def test_the_greatest_value_is_that_at_all_vectors() -> None:
    for seed in range(80):
        draw, made = drawn(seed)
        sets = levels.LevelSets(made.inputs, made.atoms)
        for triple in made.triples:
            sets.join(*triple, "here")
        signs = levels.Signs(sets.diagrams)
        form = made.form(draw)
        for pairs in (form, tuple((variable, -entry) for variable, entry in form)):
            terms = sets.terms(pairs)
            assert terms is not None
            found, (*ones, zero) = signs.greatest(terms)
            assert found == made.greatest(pairs) == value(pairs, made.at([one - zero for one in ones]))


def first(made: Drawn, form: Pairs) -> Any:
    logic = Logic(made.inputs, made.atoms)
    try:
        levels.require_nowhere_positive(logic, Levels(tuple(made.triples), (form,)))
    except Rejected:
        return None
    return logic.clauses[1:], [logic.form(literal) for literal in range(1, len(logic.keys))]


def second(made: Drawn, form: Pairs) -> Any:
    atoms = Atoms(made.inputs)
    for shape in made.atoms:
        atoms.shapes.append(shape)
    clauses = Clauses(atoms)
    try:
        clauses.levels(SecondLevels(made.triples, [[number for pair in form for number in pair]]))
    except RejectedError:
        return None
    return clauses.stated, clauses.shapes


@pytest.mark.parametrize("stated", [first, second])
def test_what_is_stated_holds_at_all_directions(stated: Callable[[Drawn, Pairs], Any]) -> None:
    """The claim is about every direction, though vectors of zeros and ones are all that is looked at."""
    kept = refused = 0
    for seed in range(200):
        draw, made = drawn(seed)
        form = made.form(draw)
        answer = stated(made, form)
        points = [made.at([draw.randint(-99, 99) for _ in range(made.inputs)]) for _ in range(20)]
        assert (answer is None) == (made.greatest(form) > 0)
        if answer is not None:
            assert all(value(form, point) <= 0 for point in points)
            assert answer[0] == [{-1}] and len(answer[1]) == 1
        kept += answer is not None
        refused += answer is None
    assert min(kept, refused) > 20


def test_both_verifiers_state_the_same() -> None:
    for seed in range(40):
        draw, made = drawn(seed)
        made.triples[-1:] = [draw.choice((made.triples[-1], (0, 1, 0), (0, 0, 1), (len(made.atoms), 0, 0)))]
        form = made.form(draw)
        assert first(made, form) == second(made, form)


def test_diagrams_of_one_function_are_one_number() -> None:
    """Thresholds of counts, sorted in two ways; and the constants."""
    diagrams = Diagrams(6, 1000)
    wires = [[diagrams.variable(index) for index in order] for order in ((0, 1, 2, 3, 4, 5), (4, 1, 5, 0, 3, 2))]
    for values in wires:
        for end in range(5, 0, -1):
            for place in range(end):
                values[place], values[place + 1] = diagrams.ordered(values[place], values[place + 1])
    assert wires[0] == wires[1] and len(set(wires[0])) == 6
    for constant in (0, 1):
        for function in (*wires[0], 0, 1):
            low, high = diagrams.ordered(function, constant)
            assert (low, high) == ((function, 1) if constant else (0, function))
            assert diagrams.ordered(constant, function) == (low, high)
    counts = Combination(diagrams, dict.fromkeys(wires[0], 3), 100)
    assert (counts.greatest(), counts.greatest(-1)) == ((18, (1,) * 6), (0, (0,) * 6))
    assert Combination(diagrams, {}, 100).greatest() == (0, (0,) * 6)


def test_work_that_ends_goes_on_where_it_was() -> None:
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) % 2:
            raise InterruptedError

    diagrams = Diagrams(14, 10**6, check)
    terms = {diagrams.variable(index): 3**index for index in range(14)}
    total = Combination(diagrams, terms, 10**6)
    for _ in range(99):
        try:
            assert total.greatest() == ((3**14 - 1) // 2, (1,) * 14)
            break
        except InterruptedError:
            pass
    assert len(asked) > 4
    with pytest.raises(TooManyNodes):
        Combination(diagrams, terms, 100).greatest()
    growing = Diagrams(14, 9)
    for index in (*range(7), *range(14)):  # no room for the last ones at first
        try:
            growing.variable(index)
        except TooManyNodes:
            growing.most = 100
    functions = [growing.variable(index) for index in range(14)]
    assert len(set(functions)) == 14 and all(growing.nodes[number] == (k, 0, 1) for k, number in enumerate(functions))
    with pytest.raises(TooManyNodes):
        Diagrams(14, 2).variable(0)


def test_long_work_on_two_functions_looks_at_its_limits() -> None:
    """At least ten of the even variables, and of the odd ones: the product of their sizes."""
    looks: list[None] = []
    diagrams = Diagrams(40, 10**6, lambda: looks.append(None))
    halves = []
    for parity in (0, 1):
        wires = [diagrams.variable(index) for index in range(parity, 40, 2)]
        for end in range(len(wires) - 1, 0, -1):
            for place in range(end):
                wires[place], wires[place + 1] = diagrams.ordered(wires[place], wires[place + 1])
        halves.append(wires[10])
    assert not looks
    low, high = diagrams.ordered(*halves)
    assert looks and diagrams.ordered(*halves[::-1]) == (low, high)
    assert Combination(diagrams, {low: 1, high: 1, halves[0]: -1, halves[1]: -1}, 10**6).greatest()[0] == 0


def test_diagrams_that_grow_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert levels.MOST_NODES == 2**20 and "may refuse diagrams of more than 2^20 nodes" in PAGE
    monkeypatch.setattr(levels, "MOST_NODES", 5)
    with pytest.raises(Rejected, match="levels: more than 5 nodes"):
        levels.require_nowhere_positive(Logic(4, []), Levels((), ()))


def test_the_key_may_be_left_out() -> None:
    without = json.loads((CORPUS / "correct" / "norms-phase.json").read_text(encoding="utf-8"))
    empty = {**without, "levels": {"atoms": [], "forms": []}}
    assert load_certificate(empty) == load_certificate(without)
    assert "levels" not in load_certificate(empty).to_json()
    spread = json.loads((CORPUS / "correct" / "spread.json").read_text(encoding="utf-8"))
    assert list(load_certificate(spread).to_json()) == list(spread)


def test_the_worked_example(tmp_path: Path) -> None:
    text = (CORPUS / "correct" / "spread.json").read_text(encoding="utf-8")
    claim = json.loads(text)
    assert {key: claim[key] for key in json.loads(PART_TEXT)} == json.loads(PART_TEXT)
    assert both(NET_TEXT.encode(), text.encode(), tmp_path) == "verified"
    assert digest_of(NET_TEXT.encode()) == claim["digest"]
