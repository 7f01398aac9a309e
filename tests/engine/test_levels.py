"""Sums of maxima and minima, decided by their level sets; and nets that are none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from support.posed import pose

from subgrad_hardness import check, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine import levels
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.question.answer import Undecided, Witness

LEVELS = ENGINES["levels"]


def lattice_net(source: random.Random, inputs: int, nodes: int, equal: bool) -> dict[str, Any]:
    """A sum of maxima and minima of inputs and 0; if ``equal``, less the same with dual distributivity used once."""
    names = [f"x{index}" for index in range(inputs)]
    body: list[dict[str, Any]] = [{"id": "zero", "op": "affine", "args": []}]
    values = [*names, "zero"]

    def add(op: str, args: Sequence[str], **more: Any) -> str:
        body.append({"id": f"n{len(body)}", "op": op, "args": list(args), **more})
        return str(body[-1]["id"])

    for _ in range(nodes):
        values.append(add(source.choice(("max", "min")), source.sample(values, 2)))
    one, two, three = (source.choice(values) for _ in range(3))
    left = add("max", (one, add("min", (two, three))))
    right = add("min", (add("max", (one, two)), add("max", (one, three if equal else source.choice(values)))))
    low, high = add("min", (one, two)), add("max", (one, two))
    coefficients = [2, -2, 3, 3, -3, -3 if equal else source.choice((-3, -2))]
    out = add("affine", (left, right, low, high, one, two), coefficients=coefficients)
    return {"inputs": names, "nodes": body, "outputs": [out]}


def test_every_sum_of_maxima_and_minima_is_decided_and_rightly() -> None:
    source = random.Random("levels")
    said = {"distinct": 0, "unique": 0}
    for number in range(120):
        net = lattice_net(source, source.randint(2, 4), source.randint(0, 5), equal=number % 2 == 0)
        truth = check(net, solver="cells", certify=False, cross_checks=False).verdict
        answer = check(net, solver="levels", certify=False, cross_checks=False)
        assert answer.verdict == truth, net
        said[truth] += 1
    assert min(said.values()) > 30


def test_a_net_with_other_differences_is_refused() -> None:
    """relu(min(y, x - y)) is zero at all vectors of zeros and ones, and yet positive at (2, 1)."""
    net = {
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "gap", "op": "affine", "args": ["x", "y"], "coefficients": [1, -1]},
            {"id": "low", "op": "min", "args": ["gap", "y"]},
            {"id": "out", "op": "relu", "args": ["low"]},
        ],
        "outputs": ["out"],
    }
    posed = pose("between", net, "distinct", 3)
    answer = LEVELS.decide(posed.question, Limits())
    assert isinstance(answer, Undecided)
    assert "no sum of maxima and minima" in answer.why


def test_a_collision_of_fingerprints_accepts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "weight", lambda variable: 1)
    source = random.Random("collisions")
    answered = 0
    for number in range(40):
        weights = [[[source.randint(-1, 1) for _ in range(3)] for _ in range(rows)] for rows in (4, 1)]
        weights[1] = [[1, *weights[1][0]]]
        net = {"inputs": 3, "layers": [{"weight": weight, "activation": "relu"} for weight in weights]}
        truth = check(net, solver="cells", certify=False, cross_checks=False).verdict
        verdict = check(net, solver="levels", certify=False, cross_checks=False).verdict
        assert verdict in (truth, "unknown"), number
        answered += verdict != "unknown"
    assert answered < 40


def test_what_is_too_much_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    posed = pose("", to_mapping(generate("totalvariation", inputs=6)), "unique", 1)

    def said() -> str:
        answer = LEVELS.decide(posed.question, Limits())
        assert isinstance(answer, Undecided)
        assert not answer.limited
        return answer.why

    monkeypatch.setattr(levels, "MOST_SUM", 1)
    assert said() == "levels: numbers of more than 62 bits"
    monkeypatch.setattr(levels, "MOST_PRODUCTS", 10)
    assert said() == "levels: more than 10 products"
    monkeypatch.setattr(levels, "MOST_INPUTS", 5)
    assert said() == "levels: more than 5 inputs"


@pytest.mark.parametrize(("inputs", "solver"), [(8, "auto"), (16, "levels")])
def test_total_variation_is_the_sum_of_sorted_values(inputs: int, solver: str) -> None:
    result = check(generate("totalvariation", inputs=inputs), solver=solver, certify=False, cross_checks=False)
    assert (result.verdict, result.solver) == ("unique", "levels")


def test_vectors_of_both_signs_are_looked_at() -> None:
    """relu(-max(x, y)) is positive at negative vectors alone; g is 0, from the direction (3, -1)."""
    net = {
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "top", "op": "max", "args": ["x", "y"]},
            {"id": "low", "op": "affine", "args": ["top"], "coefficients": [-1]},
            {"id": "out", "op": "relu", "args": ["low"]},
        ],
        "outputs": ["out"],
    }
    answer = LEVELS.decide(pose("below", net, "distinct", 8).question, Limits())
    assert isinstance(answer, Witness)
    assert max(answer.direction) < 0
