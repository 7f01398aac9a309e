"""What docs/certificate.md says of `unique` certificates without an example: odd ones, small nets, late kinks."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import second_nets
from support.both_verifiers import both
from support.worked_example import CERTIFICATE, NORMS, SEVEN, Value, answer, dumps


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
