"""Two verifiers, one written from docs/certificate.md alone, must agree about `unique` certificates: the examples."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from support.both_verifiers import both
from support.paths import INSTANCES, ROOT
from support.worked_example import (
    CERTIFICATE,
    CERTIFICATE_TEXT,
    NET_TEXT,
    PAGE,
    PEAK_TEXT,
    SEVEN,
    Value,
    answer,
    certificate_of,
    dumps,
    places,
)

# The worked examples.


def test_the_worked_example_of_the_document(tmp_path: Path) -> None:
    assert certificate_of(NET_TEXT.encode(), "phase").decode() == CERTIFICATE_TEXT
    assert answer(CERTIFICATE, tmp_path) == "verified"


def test_the_sign_step_of_the_document(tmp_path: Path) -> None:
    net = PEAK_TEXT.encode()
    sign = {"kink": 4, "sign": -1, "generators": [0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1]}
    assert f"`{json.dumps(sign)}`" in PAGE
    for solver in ("circuit", "phase"):
        certificate = json.loads(certificate_of(net, solver))
        assert [certificate[key] for key in SEVEN] == [[0, 1, 2, 3, 4], [sign], None, [], [], [], []]
        assert both(net, dumps(certificate), tmp_path) == "verified"
    rest = [1, 0, 1, 1, 1, 1]
    odd: list[tuple[list[Value], str]] = [
        ([], "rejected"),
        ([sign, sign], "verified"),
        ([sign | {"generators": [7, 3, -1]}, sign], "verified"),  # the last one counts
        ([sign, sign | {"generators": [0, 0, 1, *rest]}], "rejected"),
        ([sign | {"generators": [0, 0, 1, 0, 1, 1]}], "rejected"),
        ([sign | {"generators": [0, 0, 5, 0, 1, 2, 0, 1, 3, 1, 0, 5, 1, 1, 5]}], "verified"),
        ([sign | {"generators": [0, 0, 1, 0, 1, 1, 0, 2, 0, *rest]}], "rejected"),
        ([sign | {"generators": [0, 0, 1, 0, 1, 1, 2, 0, 0, *rest]}], "rejected"),
        ([sign | {"generators": [0, 0, 2, 0, 0, -1, 0, 1, 1, *rest]}], "rejected"),
        ([sign | {"sign": 1}], "rejected"),
        ([sign, sign | {"kink": 1}], "rejected"),
        ([sign, sign | {"kink": 5}], "rejected"),
        ([sign | {"sign": 0}], "unreadable"),
        ([sign | {"sign": 2}], "unreadable"),
        ([sign | {"note": 2}], "unreadable"),
        ([{"kink": 4, "sign": -1}], "unreadable"),
    ]
    for signs, expected in odd:
        assert both(net, dumps({**certificate, "signs": signs}), tmp_path) == expected


def test_the_bent_form_of_the_document(tmp_path: Path) -> None:
    net = (INSTANCES / "needle-shut.json").read_bytes()
    for solver in ("circuit", "phase"):
        certificate = json.loads(certificate_of(net, solver))
        assert [certificate[key] for key in SEVEN] == [[1, 0], [], None, [], [], [], []]
        assert both(net, dumps(certificate), tmp_path) == "verified"
    right, wrong = [0, 0, 1, 0, 1, 1], [0, 0, 1, 0, 1, 2]
    assert f"the generators {right}" in PAGE
    for generators, expected in ((right, "verified"), (wrong, "rejected")):
        signs = [{"kink": 0, "sign": -1, "generators": generators}]
        assert both(net, dumps({**certificate, "signs": signs}), tmp_path) == expected


def test_it_stands_alone(tmp_path: Path) -> None:
    assert "subgrad_hardness" not in (ROOT / "tests" / "support" / "second_argument.py").read_text(encoding="utf-8")
    (tmp_path / "net.json").write_text(NET_TEXT, encoding="utf-8")
    (tmp_path / "certificate.json").write_text(CERTIFICATE_TEXT, encoding="utf-8")
    script = [sys.executable, "-I", "-S", str(ROOT / "tests" / "support" / "second_verifier.py")]
    done = subprocess.run(
        [*script, "net.json", "certificate.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "verified\n", "")


# The last table of section 9, each change wherever it can be made.


def with_value(path: list[str | int], value: object) -> Value:
    """The example with another value at ``path``."""
    changed = copy.deepcopy(CERTIFICATE)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


LISTS = [(path, part) for key in SEVEN for path, part in places(CERTIFICATE[key], [key])]
FLAT = [(path, part) for path, part in LISTS if part and isinstance(part[0], int)]


def left_out(part: list[Any], index: int) -> list[list[Any]]:
    return [part[:index] + part[index + 1 :]]


def replaced_by(*values: object) -> Callable[[list[int], int], list[list[Any]]]:
    return lambda part, index: [[*part[:index], value, *part[index + 1 :]] for value in values]


def unreadable_changes() -> Iterator[Value]:
    for key in SEVEN:
        yield {other: value for other, value in CERTIFICATE.items() if other != key}
    yield {**CERTIFICATE, "directions": CERTIFICATE["directions"] * 2}
    for path, part in FLAT:
        if "generators" in path:
            for index in range(1, len(part), 3):
                yield with_value([*path, index], 4)
        if {"generators", "forms", "half"} & set(path):
            yield from (with_value(path, left_out(part, index)[0]) for index in range(len(part)))
        if "derivation" in path:
            yield with_value(path, left_out(part, part.index(0))[0])
        for index, entry in enumerate(part):
            yield from (with_value([*path, index], other) for other in (str(entry), float(entry), True))
    yield {**CERTIFICATE, "signs": [{"kink": 0, "sign": 0, "generators": []}]}


def kink_changes() -> Iterator[Value]:
    kinks = CERTIFICATE["kinks"]
    for index in range(len(kinks) + 1):
        yield from (with_value(["kinks"], [*kinks[:index], more, *kinks[index:]]) for more in [9, -1, *kinks])
    for index in range(len(kinks)):
        yield with_value(["kinks"], left_out(kinks, index)[0])
        yield from (with_value(["kinks", index], other) for other in [9, -1, *kinks] if other != kinks[index])
    yield from (with_value(["kinks"], [*kinks[:index], 4, *kinks[index:8]]) for index in range(8))
    for sign in (1, -1):
        yield {**CERTIFICATE, "signs": [{"kink": 9, "sign": sign, "generators": [0, 0, 1]}]}
        for kink in range(9):
            for generators in ([], [0, 0, 1], [0, 1, 1], [0, 0, 1, 0, 1, 1]):
                yield {**CERTIFICATE, "signs": [{"kink": kink, "sign": sign, "generators": generators}]}


def form_changes() -> Iterator[Value]:
    yield from (with_value(["half"], half) for half in (None, [], [2, 1], [0, 0]))
    forms = CERTIFICATE["forms"]
    for index, form in enumerate(forms):
        yield with_value(["forms"], left_out(forms, index)[0])
        yield with_value(["forms", index], [])
        yield with_value(["forms"], [*forms[:index], [], *forms[index:]])
        yield with_value(["forms", index], [*form, 7, 1])
        yield from (with_value(["forms", index, place], 7) for place in range(0, len(form), 2))


def lemma_changes() -> Iterator[Value]:
    for number, lemma in enumerate(CERTIFICATE["lemmas"]):
        path: list[str | int] = ["lemmas", number]
        clause, multipliers, generators = lemma["clause"], lemma["multipliers"], lemma["generators"]
        for index, literal in enumerate(clause):
            shorter = {"clause": left_out(clause, index)[0], "multipliers": left_out(multipliers, index)[0]}
            yield with_value(path, {**lemma, **shorter})
            yield with_value([*path, "clause"], left_out(clause, index)[0])
            yield with_value([*path, "multipliers"], left_out(multipliers, index)[0])
            yield from (with_value([*path, "clause", index], other) for other in (-literal, 0, 8, -8))
            multiplied = {-1, *range(5)} - {multipliers[index]}
            yield from (with_value([*path, "multipliers", index], other) for other in multiplied)
        yield with_value([*path, "multipliers"], [*multipliers, 0])
        for index in range(0, len(generators), 3):
            yield with_value([*path, "generators"], generators[:index] + generators[index + 3 :])
            for offset, others in ((0, range(-1, 6)), (1, range(4)), (2, range(-1, 4))):
                yield from (
                    with_value([*path, "generators", index + offset], other)
                    for other in others
                    if other != generators[index + offset]
                )
        yield with_value(["lemmas"], left_out(CERTIFICATE["lemmas"], number)[0])


def derivation_changes() -> Iterator[Value]:
    steps = CERTIFICATE["derivation"]
    for number, step in enumerate(steps):
        zero = step.index(0)
        others = [left_out(step, index)[0] for index in range(len(step)) if index != zero]
        for index in range(zero + 1, len(step)):
            others += replaced_by(-step[index], 0, *range(number + 10, number + 18))(step, index)
        yield from (with_value(["derivation", number], other) for other in others)
    yield with_value(["derivation"], steps[:-1])


def exchanges() -> Iterator[Value]:
    """Two hints of one step exchanged."""
    for number, step in enumerate(CERTIFICATE["derivation"]):
        for one, other in combinations(range(step.index(0) + 1, len(step)), 2):
            exchanged = [*step]
            exchanged[one], exchanged[other] = step[other], step[one]
            yield with_value(["derivation", number], exchanged)


def replacements() -> Iterator[Value]:
    """A hint replaced by another clause before."""
    for number, step in enumerate(CERTIFICATE["derivation"]):
        for index in range(step.index(0) + 1, len(step)):
            others = [hint for hint in range(1, number + 10) if hint != step[index]]
            yield from (with_value(["derivation", number], part) for part in replaced_by(*others)(step, index))


def harmless_changes() -> Iterator[Value]:
    for number, lemma in enumerate(CERTIFICATE["lemmas"]):
        for factor in (3, 10**30):
            tripled = [entry * factor if index % 3 == 2 else entry for index, entry in enumerate(lemma["generators"])]
            scaled = [entry * factor for entry in lemma["multipliers"]]
            yield with_value(["lemmas", number], {**lemma, "multipliers": scaled, "generators": tripled})
    for path, part in FLAT:
        if path[0] in ("forms", "half"):
            for index in range(0, len(part), 2):
                parts = [part[index], part[index + 1] - 5, part[index], 5]
                yield with_value(path, part[:index] + parts + part[index + 2 :])
    for matrix in ({"leading": [], "complete": [0, 1]}, {"leading": [["1/3", 5], [0, 7]], "complete": []}):
        yield {**CERTIFICATE, "directions": [matrix]}


@pytest.mark.parametrize(
    ("changes", "expected", "least"),
    [
        (unreadable_changes, "unreadable", 500),
        (kink_changes, "rejected", 200),
        (form_changes, "rejected", 20),
        (lemma_changes, "rejected", 300),
        (derivation_changes, "rejected", 150),
        (harmless_changes, "verified", 20),
    ],
)
def test_the_table(changes: Callable[[], Iterator[Value]], expected: str, least: int, tmp_path: Path) -> None:
    every = list(changes())
    wrong = [value for value in every if answer(value, tmp_path) != expected]
    assert not wrong, (len(wrong), wrong[0])
    assert len(every) >= least


@pytest.mark.parametrize(("changes", "all_of_them", "still_right"), [(exchanges, 26, 15), (replacements, 213, 1)])
def test_exchanged_hints(
    changes: Callable[[], Iterator[Value]], all_of_them: int, still_right: int, tmp_path: Path
) -> None:
    """Many orders of the hints are right: unit clauses, for one, may come in any."""
    answers = [answer(value, tmp_path) for value in changes()]
    assert (len(answers), answers.count("verified"), answers.count("unreadable")) == (all_of_them, still_right, 0)
