"""Thresholds: a fresh number between the two parts of a positive form (docs/certificate.md, section 6)."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support import arguing, forging
from support.arguing import opened
from support.both_verifiers import both
from support.paths import ROOT
from support.second_argument import Atoms, Clauses, Threshold
from support.second_nets import digest_of

from subgrad_hardness.certificate.argument import Pairs
from subgrad_hardness.certificate.format import load_certificate
from subgrad_hardness.certificate.logic import Logic, Rejected

CORPUS = ROOT / "tests" / "certificates"
PAGE = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
#: The example of section 8.
NET_TEXT, CERTIFICATE_TEXT = [part.split("```")[0] for part in PAGE.split("```json\n")[1:]][5:7]
CERTIFICATE: dict[str, Any] = json.loads(CERTIFICATE_TEXT)
#: relu(x), relu(y - x), relu(a_0 - 2 a_1 + y) over x, y.
INPUTS, ATOMS = 2, (((0, 1),), ((0, -1), (1, 1)), ((1, 1), (2, 1), (3, -2)))
Steps = list[tuple[dict[int, int], dict[int, int]]]


def sorted_pairs(form: dict[int, int]) -> Pairs:
    return tuple(sorted(form.items()))


def drawn_steps(draw: random.Random) -> Steps:
    """Forms and parts over inputs, atoms and the thresholds before; parts may be zero, or hold the whole form."""
    steps: Steps = []
    for place in range(4):
        variables = range(-place, INPUTS + len(ATOMS))
        form, part = (
            {variable: draw.choice((-3, -2, -1, 1, 1, 2)) for variable in draw.sample(variables, draw.randrange(5))}
            for _ in range(2)
        )
        kept = {variable: entry for variable, entry in form.items() if draw.random() < 0.5}
        steps.append((form or {0: 1}, draw.choice((part, kept, {}, form))))
    return steps


def first_clauses(steps: Steps) -> tuple[list[Pairs], list[frozenset[int]]]:
    """The literals' forms and the clauses that the shipped verifier states."""
    logic = Logic(INPUTS, ATOMS)
    for form, part in steps:
        logic.split(sorted_pairs(form), sorted_pairs(part), "here")
    return [logic.form(literal) for literal in range(1, len(logic.keys))], logic.clauses[1:]


def second_clauses(steps: Steps) -> tuple[list[Pairs], list[frozenset[int]]]:
    """The same of the second verifier."""
    atoms = Atoms(INPUTS)
    for shape in ATOMS:
        atoms.introduce({variable: Fraction(entry) for variable, entry in shape})
    assert tuple(atoms.shapes) == ATOMS
    clauses = Clauses(atoms)
    for number, (form, part) in enumerate(steps, 1):
        flat = ([entry for pair in pairs.items() for entry in pair] for pairs in (form, part))
        clauses.threshold(number, Threshold(*flat))
    return list(clauses.shapes), clauses.stated


def value(pairs: Pairs, at: dict[int, Fraction]) -> Fraction:
    return sum((entry * at[variable] for variable, entry in pairs), start=Fraction(0))


def drawn_point(draw: random.Random, steps: Steps) -> dict[int, Fraction]:
    """Numbers for inputs, atoms and, one after the other, thresholds, each as its entry asks for it."""
    at = {index: Fraction(draw.randrange(-(10**6), 10**6), 10**4 + index) for index in range(INPUTS)}
    for number, shape in enumerate(ATOMS):
        at[INPUTS + number] = max(value(shape, at), Fraction(0))
    for number, (form, part) in enumerate(steps, 1):
        upper, size = value(sorted_pairs(part), at), value(sorted_pairs(form), at)
        share = Fraction(draw.randrange(1, 10**9), 10**9 + 7)
        at[-number] = upper - share * size if size > 0 else Fraction(draw.randrange(-(10**9), 10**9), 10**9 + 9)
    return at


@pytest.mark.parametrize("clauses_of", [first_clauses, second_clauses])
def test_every_clause_holds_for_some_numbers(clauses_of: Any) -> None:
    """Whatever the inputs are, there are thresholds for which all clauses hold, and no form without atoms is zero."""
    draw = random.Random(5)
    positive = 0
    for _ in range(150):
        steps = drawn_steps(draw)
        forms, clauses = clauses_of(steps)
        assert len(clauses) == 2 * len(steps)
        for _ in range(4):
            at = drawn_point(draw, steps)
            values = [value(form, at) for form in forms]
            assert all(entry for entry, form in zip(values, forms, strict=True) if form[-1][0] < INPUTS)
            true = {number if entry > 0 else -number for number, entry in enumerate(values, 1)}
            assert all(clause & true for clause in clauses)
            positive += sum(value(sorted_pairs(form), at) > 0 for form, _ in steps)
    assert positive > 500


def test_both_verifiers_state_the_same() -> None:
    draw = random.Random(6)
    for _ in range(100):
        steps = drawn_steps(draw)
        assert first_clauses(steps) == second_clauses(steps)


def test_the_clauses_of_one_entry() -> None:
    """From x + a_0 > 0 by the part 3 a_0: 3 a_0 > t > 2 a_0 - x, in the order of the document."""
    logic = Logic(INPUTS, ATOMS)
    logic.split(((0, 1), (2, 1)), ((2, 3),), "here")
    logic.split(((-1, 2), (0, 2)), (), "here")  # t_1 + x > 0, then 0 > t_2 > -2 t_1 - 2 x
    forms = [dict(logic.form(literal)) for literal in range(1, len(logic.keys))]
    assert forms == [{0: 1, 2: 1}, {-1: -1, 2: 3}, {-1: 1, 0: 1, 2: -2}, {-1: 1, 0: 1}, {-2: 1}, {-2: 1, -1: 2, 0: 2}]
    assert logic.clauses[1:] == [{-1, 2}, {-1, 3}, {-4, -5}, {-4, 6}]


def test_a_form_without_atoms_and_its_opposite_are_one_literal() -> None:
    """The highest threshold decides which of the two is kept."""
    logic = Logic(INPUTS, ATOMS)
    logic.split(((0, -1),), ((1, 1),), "here")  # y > t_1 > x + y
    logic.split(((-1, -1),), ((0, 1),), "here")
    assert [dict(logic.form(literal)) for literal in range(1, len(logic.keys))] == [
        {0: 1},
        {-1: 1, 1: -1},
        {-1: 1, 0: -1, 1: -1},
        {-1: 1},
        {-2: 1, 0: -1},
        {-2: 1, -1: -1, 0: -1},
    ]
    assert logic.clauses[1:] == [{1, -2}, {1, 3}, {4, -5}, {4, 6}]


@pytest.mark.parametrize(
    ("before", "form", "part", "words"),
    [
        (0, {-1: 1, 0: 1}, {}, "not yet"),
        (0, {0: 1}, {-1: 1}, "not yet"),
        (0, {0: 1}, {-1: 1, 4: 1}, "not yet"),
        (2, {-3: 1, 0: 1}, {}, "not yet"),
        (2, {-2: 1}, {-3: 1, -1: 1}, "not yet"),
        (2, {-1: 1, 5: 1}, {}, "names a variable"),
        (0, {0: 1}, {0: 1, 5: 1}, "names a variable"),
        (0, {0: 1}, {10**30: 1}, "names a variable"),
        (0, {}, {}, "supposes that zero is positive"),
        (2, {}, {-1: 1}, "supposes that zero is positive"),
    ],
)
def test_what_no_entry_may_be(before: int, form: dict[int, int], part: dict[int, int], words: str) -> None:
    """After ``before`` entries; nothing is stated, and no threshold is used up."""
    logic = Logic(INPUTS, ATOMS)
    for number in range(before):
        logic.split(((-number, 1),), ((4, 1),), "before")
    with pytest.raises(Rejected, match=rf"^here .*{words}"):
        logic.split(sorted_pairs(form), sorted_pairs(part), "here")
    assert (logic.thresholds, len(logic.clauses) - 1) == (before, 2 * before)


def test_the_key_may_be_left_out() -> None:
    """No thresholds and an empty list are one certificate, written without the key, as before there were thresholds."""
    with_them = json.loads((CORPUS / "correct" / "max-ways.json").read_text(encoding="utf-8"))
    without = json.loads((CORPUS / "correct" / "norms-phase.json").read_text(encoding="utf-8"))
    empty = {**without, "thresholds": []}
    assert load_certificate(empty) == load_certificate(without)
    assert "thresholds" not in load_certificate(empty).to_json()
    assert list(load_certificate(with_them).to_json()) == list(with_them)
    certificate = load_certificate(with_them)
    assert certificate.argument is not None
    assert [entry.part for entry in certificate.argument.thresholds] == [((0, 1), (3, 1), (4, 1)), ((0, 1), (6, 1))]


# The worked example of the document, and its table of changes.


def test_the_worked_example(tmp_path: Path) -> None:
    assert (CORPUS / "correct" / "max-ways.json").read_text(encoding="utf-8") == CERTIFICATE_TEXT
    assert both(NET_TEXT.encode(), CERTIFICATE_TEXT.encode(), tmp_path) == "verified"
    assert digest_of(NET_TEXT.encode()) == CERTIFICATE["digest"]


def test_the_rules_of_the_worked_example() -> None:
    """What the table of the document says that each rule states."""
    stated = opened(NET_TEXT.encode(), CERTIFICATE).stated
    rows = re.findall(r"^\| \[(\d+, \d)\] \| ([^|]*) \|", PAGE, re.MULTILINE)
    assert [[int(number) for number in rule.split(", ")] for rule, _ in rows] == CERTIFICATE["rules"]
    clauses = {
        int(number): {int(literal) for literal in literals.split(", ")}
        for _, row in rows
        for number, literals in re.findall(r"(\d+) = \{([^}]*)\}", row)
    }
    assert clauses == {number: set(clause) for number, clause in enumerate(stated, 1) if number > 5}


def changed(*places: tuple[str, Any]) -> dict[str, Any]:
    """The example with other values at some places, such as ``thresholds.0.part``; MISSING cuts a key."""
    claim = json.loads(CERTIFICATE_TEXT)
    for place, new in places:
        *steps, last = [int(step) if step.isdigit() else step for step in place.split(".")]
        inside = claim
        for step in steps:
            inside = inside[step]
        inside[last] = new
    return {key: entry for key, entry in claim.items() if entry is not MISSING}


MISSING: Any = object()
ENTRIES = CERTIFICATE["thresholds"]
FORMS = [(place, key) for place in (0, 1) for key in ("form", "part")]


def unreadable() -> Iterator[dict[str, Any]]:
    lists: list[Any] = [None, {}, "t", 1, False]
    yield from (changed(("thresholds", new)) for new in lists)
    for place, entry in enumerate(ENTRIES):
        others: list[Any] = [{key: entry[key]} for key in entry]
        others += [{**entry, "below": []}, [entry["form"], entry["part"]], None, entry["form"]]
        yield from (changed((f"thresholds.{place}", other)) for other in others)
        for key, flat in entry.items():
            forms: list[Any] = [flat[1:], None, {}, [flat], 1]
            yield from (changed((f"thresholds.{place}.{key}", new)) for new in forms)
            for index, number in enumerate(flat):
                odd = (str(number), float(number), True, None)
                yield from (changed((f"thresholds.{place}.{key}.{index}", new)) for new in odd)


def rejected() -> Iterator[dict[str, Any]]:
    one, other = ENTRIES
    for entries in (MISSING, [], [one], [other], [one, one, other], [other, one], [one, one], [one, other, other]):
        yield changed(("thresholds", entries))
    for place, key in FORMS:
        where, flat = f"thresholds.{place}.{key}", ENTRIES[place][key]
        for variable in (-place - 1, -place - 2, -3, 7):
            yield changed((where, [*flat, variable, 1]))
        for factor in (2, -1):
            yield changed((where, [number * factor if index % 2 else number for index, number in enumerate(flat)]))
    yield from (changed((f"thresholds.{place}.form", form)) for place in (0, 1) for form in ([], [0, 0]))
    yield from (changed((key, form)) for key, form in (("forms", [[-3, 1]]), ("half", [-1, 1]), ("forms", [[-1, 1]])))


def verified() -> Iterator[dict[str, Any]]:
    for place, key in FORMS:
        where, flat = f"thresholds.{place}.{key}", ENTRIES[place][key]
        yield changed((where, [*flat, -place - 1, 5, -place - 1, -5]))
        if key == "part":
            yield from (changed((where, [*flat, index, 10**30])) for index in range(3))
    for place, entry in enumerate(ENTRIES):
        doubled = {key: [n * 2 if index % 2 else n for index, n in enumerate(flat)] for key, flat in entry.items()}
        yield changed((f"thresholds.{place}", doubled))
    raised = [[literal + (literal > 2), atom] for literal, atom in CERTIFICATE["rules"]]
    yield changed(("forms", [[-1, 1]]), ("rules", raised))


@pytest.mark.parametrize(("changes", "least"), [(unreadable, 100), (rejected, 35), (verified, 12)])
def test_the_table(changes: Callable[[], Iterator[dict[str, Any]]], least: int, tmp_path: Path) -> None:
    every = list(changes())
    answers = [both(NET_TEXT.encode(), json.dumps(claim).encode(), tmp_path) for claim in every]
    assert [claim for claim, answer in zip(every, answers, strict=True) if answer != changes.__name__] == []
    assert len(every) >= least


# The search: random arguments with thresholds about nets of both kinds.


def test_what_follows_is_true_and_what_is_forged_is_refused(tmp_path: Path) -> None:
    """Proofs of legal arguments are verified, and prove what is so; forged ones are refused, whatever they prove."""
    proved = forged = hopeless = 0
    for seed in range(230):
        found = forging.attempt(seed)
        if found is None:
            continue
        if found.claim is None:
            hopeless += found.legal and not found.unique
            continue
        assert found.unique or not found.legal, seed
        answer = both(found.net, json.dumps(found.claim).encode(), tmp_path)
        assert answer == ("verified" if found.legal else "rejected"), seed
        proved += found.legal
        forged += not found.legal and not found.unique
    assert min(proved - 5, forged - 10, hopeless - 15) >= 0, (proved, forged, hopeless)


def test_the_search_notices_a_step_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were there a number between A and A - v whether v is positive or not, false claims would be proved."""
    right = arguing.Loose.threshold

    def unconditional(self: arguing.Loose, number: int, step: Threshold) -> None:
        right(self, number, step)
        met = {-literal for literal in self.meet(self.atoms.form(step.form, arguing.FREE))}
        self.stated[-2:] = [clause - met for clause in self.stated[-2:]]

    monkeypatch.setattr(arguing.Loose, "threshold", unconditional)
    found = filter(None, map(forging.attempt, range(60)))
    assert any(attempt.claim is not None and attempt.legal and not attempt.unique for attempt in found)
