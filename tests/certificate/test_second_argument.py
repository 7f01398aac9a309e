"""Two verifiers, one of them written from docs/certificate.md alone, must agree about `unique` certificates."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from support import second_nets
from support.both_verifiers import both
from support.paths import INSTANCES, ROOT

from subgrad_hardness.cli.main import main

Value = dict[str, Any]

PAGE = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
#: The worked example of section 8.
NET_TEXT, CERTIFICATE_TEXT, PEAK_TEXT = [part.split("```")[0] for part in PAGE.split("```json\n")[1:]][2:5]
NORMS: Value = json.loads(NET_TEXT)
CERTIFICATE: Value = json.loads(CERTIFICATE_TEXT)
SEVEN = ["kinks", "signs", "half", "forms", "rules", "lemmas", "derivation"]


def dumps(value: object) -> bytes:
    return json.dumps(value).encode()


def answer(certificate: Value, folder: Path, net: Value = NORMS) -> str:
    return both(dumps(net), dumps(certificate), folder)


def run(*arguments: str | Path) -> None:
    with redirect_stdout(StringIO()):
        assert main([str(argument) for argument in arguments]) == 0


def certificate_of(net: bytes, solver: str) -> bytes:
    """What the command line writes."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder, "net.json"), Path(folder, "certificate.json")
        file.write_bytes(net)
        run("check", file, "--solver", solver, "--no-cross-check", "--certificate", out)
        return out.read_bytes()


@cache
def generated(options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "net.json")
        run("generate", *options.split(), "-o", file)
        return file.read_bytes()


@cache
def proof(options: str, solver: str) -> bytes:
    return certificate_of(generated(options), solver)


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


def places(value: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], list[Any]]]:
    """All lists inside ``value``."""
    if isinstance(value, list):
        yield path, value
    if isinstance(value, (list, dict)):
        for step, part in enumerate(value) if isinstance(value, list) else value.items():
            yield from places(part, [*path, step])


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


# What the document says without an example.


def with_step(*steps: list[int]) -> Value:
    """The example with more steps before the others."""
    moved = []
    for step in CERTIFICATE["derivation"]:
        zero = step.index(0)
        hints = [hint + len(steps) if hint > 9 else hint for hint in step[zero + 1 :]]
        moved.append([*step[:zero], 0, *hints])
    return {**CERTIFICATE, "derivation": [*steps, *moved]}


def with_lemma(clause: list[int], multipliers: list[int], generators: list[int]) -> Value:
    """The example with a lemma after the others."""
    lemma = {"clause": clause, "multipliers": multipliers, "generators": generators}
    hints = [
        [hint + (place > step.index(0) and hint > 9) for place, hint in enumerate(step)]
        for step in CERTIFICATE["derivation"]
    ]
    return {**CERTIFICATE, "lemmas": [*CERTIFICATE["lemmas"], lemma], "derivation": hints}


def with_more(key: str, *entries: object) -> Value:
    return {**CERTIFICATE, key: [*CERTIFICATE[key], *entries]}


FIRST = CERTIFICATE["lemmas"][0]["generators"]
TWICE = [entry * 2 if index % 3 == 2 else entry for index, entry in enumerate(FIRST)]

ODD: list[tuple[Value, str]] = [
    (with_lemma([-1, -3, 4, 4], [1, 0, 0, 0], FIRST), "verified"),
    (with_lemma([-1, -1, -3, 4], [1, 1, 0, 0], TWICE), "verified"),
    (with_lemma([-1, -1, -3, 4], [1, 0, 0], FIRST), "rejected"),
    (with_lemma([-1, -3, 4, 5], [1, 0, 0, 0], FIRST), "verified"),
    (with_lemma([3, -3], [1, 1], []), "verified"),
    (with_lemma([2, -2], [1, 1], []), "verified"),
    (with_lemma([2, -2], [0, 0], []), "rejected"),
    (with_lemma([], [], []), "rejected"),
    (with_lemma([1], [0], []), "rejected"),
    (with_lemma([1, 2], [1, 1], []), "rejected"),  # opposite forms, but not strict
    (with_lemma([4, -4], [1, 1], [0, 2, 1, 0, 0, 1, 0, 3, 1, 0, 1, 1]), "verified"),
    (with_lemma([-1, -3, 4], [1, 0, 0], [*FIRST, 2, 2, 0]), "rejected"),
    (with_lemma([-1, -3, 4], [1, 0, 0], [*FIRST, 2, 0, 0]), "verified"),
    (with_lemma([-1, -3, 4], [1, 0, 0], [*FIRST, 5, 0, 0]), "rejected"),
    (with_lemma([-1, -3, 4], [1, 0, 0], [*FIRST, -1, 0, 0]), "rejected"),
    (with_lemma([-1, -3, 4], [1, 0, 0], [*FIRST, 2, 0, 2, 2, 0, -2]), "rejected"),
    (with_lemma([-1, -3, 4], [10**99999, 0, 0], FIRST), "rejected"),
    (with_lemma([-1, -3, 4], [10**100000, 0, 0], FIRST), "unreadable"),
    (with_step([-1, 0, 2, 3, 4]), "verified"),
    (with_step([-1, 0]), "rejected"),
    (with_step([0]), "rejected"),
    (with_step([0, 0]), "rejected"),
    (with_step([]), "unreadable"),
    (with_step([1, 2, 0, 1]), "verified"),
    (with_step([1, 2, 2, 5, 0, 1]), "verified"),
    (with_step([1, -1, 0]), "rejected"),
    (with_step([1, -1, 0, 1]), "rejected"),
    (with_step([1, -1, 2, 0, 1]), "verified"),
    (with_step([-1, 1, -3, 4, 0, 3]), "verified"),
    (with_step([-1, 0, 2, 2, 3, 4]), "verified"),  # a hint whose literal is true already
    (with_step([-1, 0, 2, 3, 4, 4]), "rejected"),
    (with_step([-1, 0, 1, 2, 3, 4]), "rejected"),
    (with_step([-1, 0, 2, 0, 3, 4]), "rejected"),
    (with_step([-1, 8, 0, 2, 3, 4]), "rejected"),
    (with_more("derivation", [5, 0, 1]), "rejected"),  # also after the empty clause
    (with_more("derivation", [-2, 0, 15]), "verified"),
    (with_more("forms", [0, 1], [0, -1], [5, -2]), "verified"),
    (with_more("forms", [0, 1, 0, -1]), "rejected"),
    (with_more("forms", [-1, 1]), "rejected"),
    ({**CERTIFICATE, "half": [2, 1, 1, 1, 2, -1]}, "verified"),
    ({**CERTIFICATE, "half": [1, -1]}, "rejected"),
    ({**CERTIFICATE, "half": [-1, 1]}, "rejected"),
    ({**CERTIFICATE, "half": [1]}, "unreadable"),
    ({**CERTIFICATE, "half": False}, "unreadable"),
    (with_more("rules", [1, 0, 0]), "unreadable"),
    *((with_more("rules", rule), "rejected") for rule in ([0, 0], [-1, 0], [3, 0], [8, 0], [1, 3], [1, 5], [1, -1])),
]


@pytest.mark.parametrize(("certificate", "expected"), ODD)
def test_odd_certificates(certificate: Value, expected: str, tmp_path: Path) -> None:
    with second_nets.long_integers():
        data = dumps(certificate)
    assert both(dumps(NORMS), data, tmp_path) == expected


def node(name: str, op: str, *args: str, **more: object) -> Value:
    return {"id": name, "op": op, "args": list(args), **more}


def graph(*nodes: Value) -> Value:
    """A net of the input x with the output f."""
    return {"inputs": ["x"], "nodes": list(nodes), "outputs": ["f"]}


RELU = graph(node("f", "relu", "x"))
CHAIN = graph(
    node("a", "affine", "c", "c", coefficients=[1, -1]),
    node("b", "relu", "a"),
    node("c", "relu", "x"),
    node("d", "relu", "b"),
    node("f", "affine", "x", "d"),
)
BEHIND = graph(node("a", "affine"), node("b", "relu", "a"), node("c", "affine", "b", "x"), node("f", "relu", "c"))
CANCELS = graph(node("a", "relu", "x"), node("f", "affine", "x", "a", "a", coefficients=[1, 1, -1]))
#: relu(-x) + x against 0: an objective is positive at d = -1, none at d = 1.
ONE_SIDED = graph(node("a", "affine", "x", coefficients=[-1]), node("b", "relu", "a"), node("f", "affine", "b", "x"))


@pytest.mark.parametrize(
    ("net", "direction", "argument", "expected"),
    [
        (RELU, -1, {"kinks": []}, "rejected"),  # a kink that reads inputs is not 0, though it reads no kink
        (BEHIND, -1, {"kinks": []}, "rejected"),
        (BEHIND, -1, {"kinks": [0]}, "rejected"),
        (CANCELS, 1, {"kinks": []}, "verified"),
        (CANCELS, 1, {"kinks": [0], "signs": [{"kink": 0, "sign": 1, "generators": []}]}, "rejected"),
        (CHAIN, 1, {"kinks": []}, "verified"),
        (CHAIN, 1, {"kinks": [1, 0]}, "verified"),
        (CHAIN, 1, {"kinks": [2]}, "verified"),
        (CHAIN, 1, {"kinks": [0, 2]}, "verified"),
        (CHAIN, 1, {"kinks": [1, 0, 2]}, "verified"),
        (CHAIN, 1, {"kinks": [2, 1, 2]}, "rejected"),
        (CHAIN, 1, {"kinks": [2], "signs": [{"kink": 2, "sign": 1, "generators": []}]}, "rejected"),
        (ONE_SIDED, 1, {"kinks": [0], "half": [0, 1]}, "rejected"),
        (ONE_SIDED, 1, {"kinks": [0], "half": None}, "rejected"),
    ],
)
def test_small_nets(net: Value, direction: int, argument: Value, expected: str, tmp_path: Path) -> None:
    certificate = {
        **CERTIFICATE,
        "digest": second_nets.digest_of(dumps(net)),
        "directions": [{"leading": [[direction]], "complete": []}],
        **{key: [] for key in SEVEN},
        "half": None,
        **argument,
    }
    assert answer(certificate, tmp_path, net) == expected


@pytest.mark.parametrize("kinks", [[2, 0], [2, 1, 0], [0]])
def test_a_dead_kink_listed_late(kinks: list[int], tmp_path: Path) -> None:
    """Kink 2 reads kink 0 alone, and that is dead: it does not matter where it stands."""
    test_small_nets(CHAIN, 1, {"kinks": kinks}, "verified", tmp_path)


# Certificates of many nets, and random changes of them.

BOTH, PHASE = ("circuit", "phase"), ("phase",)
NETS: list[tuple[str, tuple[str, ...]]] = [
    ("lattice --depth 2 --inputs 2 --forms 3", BOTH),
    ("lattice --depth 3 --inputs 3 --forms 4 --seed 1", BOTH),
    ("lattice --depth 3 --inputs 2 --forms 5 --seed 2", BOTH),
    ("lattice --depth 4 --seed 3", BOTH),
    ("copies --widths 3-4-2 --seed 1", BOTH),
    ("copies --widths 2-3-3-1 --seed 2", BOTH),
    ("copies --widths 4-4-3 --real --seed 4", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3", BOTH),
    ("zonotope --inputs 3 --inner 3 --outer 4 --seed 1", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3 --construction scaled --seed 2", BOTH),
    ("thincone --levels 1 --shut", PHASE),
    ("thincone --levels 4 --k 7 --shut", BOTH),
    ("maxcut --vertices 3 --offset 1", BOTH),
    ("maxcut --vertices 4 --offset 1 --seed 1", PHASE),
    ("maxcut --vertices 5 --offset 1 --seed 2", PHASE),
    ("3sat --variables 20 --ratio 5 --seed 2", ("circuit",)),
    ("3sat --variables 20 --ratio 5 --seed 2 --form layers3", PHASE),
    ("3sat --variables 5 --ratio 8 --seed 3 --form layers3", PHASE),
    ("3sat --variables 4 --ratio 9 --seed 4", BOTH),
    ("3sat --variables 4 --ratio 9 --seed 4 --layered", BOTH),
    ("3sat --variables 3 --ratio 9 --seed 1 --obfuscated", PHASE),
]
PROOFS = [(options, solver) for options, solvers in NETS for solver in solvers]


@pytest.mark.parametrize(("options", "solver"), PROOFS)
def test_generated_nets(options: str, solver: str, tmp_path: Path) -> None:
    certificate = proof(options, solver)
    assert json.loads(certificate)["kind"] == "unique"
    assert both(generated(options), certificate, tmp_path) == "verified"


def test_instances(tmp_path: Path) -> None:
    """By turns proved by one engine and by the other; one net takes circuit too many gates."""
    entries = json.loads((INSTANCES / "manifest.json").read_text(encoding="utf-8"))["instances"]
    unique = sorted(entry["file"] for entry in entries if entry["verdict"] == "unique")
    for place, file in enumerate(unique):
        solver = "phase" if file == "3sat-random-20-seed2-layers3.json" else BOTH[place % 2]
        net = (INSTANCES / file).read_bytes()
        assert both(net, certificate_of(net, solver), tmp_path) == "verified"
    assert len(unique) >= 25


def one_change(draw: random.Random, certificate: Value) -> None:
    """Change one list of the argument a little."""
    keys = [key for key in (*SEVEN, "thresholds") if key in certificate]
    lists = [part for key in keys for _, part in places(certificate[key], [key]) if part]
    if not lists:
        certificate["half"] = [draw.randrange(3), draw.choice([-1, 1])]
        return
    part = draw.choice(lists if draw.random() < 0.5 else [part for part in lists if isinstance(part[0], int)] or lists)
    index, other = draw.randrange(len(part)), draw.randrange(len(part))
    kind = draw.randrange(8)
    if kind == 0:
        del part[index]
    elif kind == 1:
        part.insert(other, copy.deepcopy(part[index]))
    elif kind == 2:
        part[index], part[other] = part[other], part[index]
    elif kind == 3:
        part.insert(other, part.pop(index))
    elif not isinstance(part[index], int):
        one_change(draw, certificate)
    elif kind == 4:
        part[index] = -part[index]
    elif kind == 5:
        part[index] = draw.choice(part)
    else:
        part[index] += draw.choice([-1, 1])


def mixed(draw: random.Random, certificate: Value, other: Value) -> None:
    """Take some of the argument from a certificate of another net."""
    for key in draw.choice([SEVEN, draw.sample(SEVEN, 3), draw.sample(SEVEN, 1)]):
        certificate[key] = copy.deepcopy(other[key])


def mutants(seed: int, options: str, solver: str, number: int) -> Iterator[bytes]:
    draw = random.Random(f"{seed} {options} {solver}")
    for _ in range(number):
        certificate = json.loads(proof(options, solver))
        if draw.random() < 0.1:
            mixed(draw, certificate, json.loads(proof(*draw.choice(SMALL))))
        else:
            for _ in range(draw.choice([1, 1, 1, 2])):
                one_change(draw, certificate)
        yield dumps(certificate)


SMALL = [(options, solver) for options, solver in PROOFS if "3sat --variables 20" not in options]


@pytest.mark.parametrize(("options", "solver"), SMALL)
def test_mutants(options: str, solver: str, tmp_path: Path) -> None:
    """The net has one subgradient, so that a mutant that is verified is harmless; but the verifiers have to agree."""
    number = 4 if "layered" in options or "obfuscated" in options else 12  # these have hundreds of kinks
    answers = [both(generated(options), mutant, tmp_path) for mutant in mutants(0, options, solver, number)]
    print(f"{options} {solver}: {answers.count('verified')} verified, {answers.count('rejected')} rejected")
    assert "rejected" in answers


CORPUS = ROOT / "tests" / "certificates"


def corpus(kind: str, name: str) -> bytes:
    return (CORPUS / kind / f"{name}.json").read_bytes()


@pytest.mark.parametrize(
    ("net", "name", "open_net"),
    [
        ("max-ways", "max-ways", "max-ways-open"),
        ("max-ways", "max-ways-ahead", "max-ways-open"),
        ("square-ways", "square-ways", "square-ways-open"),
        ("sums-ways", "sums-ways", None),
    ],
)
def test_mutants_of_thresholds(net: str, name: str, open_net: str | None, tmp_path: Path) -> None:
    """Of a true certificate, and the same about a net like it with two subgradients: never verified there."""
    draw = random.Random(f"thresholds {name}")
    answers = []
    for _ in range(60):
        certificate = json.loads(corpus("correct", name))
        for _ in range(draw.choice([1, 1, 1, 2])):
            one_change(draw, certificate)
        answers.append(both(corpus("nets", net), dumps(certificate), tmp_path))
        if open_net is not None:
            moved = certificate | {"digest": second_nets.digest_of(corpus("nets", open_net))}
            assert both(corpus("nets", open_net), dumps(moved), tmp_path) != "verified"
    print(f"{name}: {answers.count('verified')} verified, {answers.count('rejected')} rejected")
    assert answers.count("rejected") > 20


#: Nets with one subgradient, and how to draw a net like it with two.
TWINS = [
    ("lattice --depth 3 --inputs 3 --forms 4 --seed 4", "--moved", BOTH),
    ("copies --widths 2-3-3-1 --seed 2", "--moved", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3 --construction scaled --seed 2", "--outside", BOTH),
    ("thincone --levels 4 --k 7 --shut", "", PHASE),
    ("maxcut --vertices 3 --offset 1", "--offset 0", BOTH),
    ("3sat --variables 4 --ratio 9 --seed 4", "--planted", BOTH),
    ("3sat --variables 5 --ratio 8 --seed 3 --form layers3", "--planted", PHASE),
]


@pytest.mark.parametrize(("options", "more", "solvers"), TWINS)
def test_nothing_false_is_verified(options: str, more: str, solvers: tuple[str, ...], tmp_path: Path) -> None:
    """The argument of one net, and changes of it, against a net like it with two subgradients."""
    net = generated(f"{options.removesuffix(' --shut')} {more}")
    truth = json.loads(certificate_of(net, "phase"))
    assert truth["kind"] == "distinct"
    for solver in solvers:
        for data in (proof(options, solver), *mutants(1, options, solver, 12)):
            for matrix in truth["directions"]:
                claim = {**json.loads(data), "digest": truth["digest"], "directions": [matrix]}
                assert both(net, dumps(claim), tmp_path) != "verified"
