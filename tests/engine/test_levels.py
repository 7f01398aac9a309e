"""Sums of maxima and minima, decided by their level sets; and nets that are none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from support.posed import pose

from subgrad_hardness import Program, check, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine import levels
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.question.answer import Refutation, Undecided, Witness

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


def test_diagrams_that_are_too_large_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """At first for this call, then for good; and a larger room goes on from where the smaller one ended."""
    posed = pose("", to_mapping(generate("totalvariation", inputs=6)), "unique", 1)
    monkeypatch.setattr(levels, "FIRST_NODES", 20)
    run = LEVELS.start(posed.question)
    first = run(Limits())
    assert isinstance(first, Undecided) and first.limited
    assert first.why == "levels: more than 20 nodes of decision diagrams"
    assert isinstance(run(Limits()), Refutation)
    monkeypatch.setattr(levels, "MOST_NODES", 20)
    last = LEVELS.decide(posed.question, Limits())
    assert isinstance(last, Undecided) and not last.limited


@pytest.mark.parametrize(
    ("family", "arguments"),
    [
        ("totalvariation", {"inputs": 8}),
        ("sorting", {"inputs": 32, "first": "oddeven", "second": "bitonic"}),
        ("scan", {"inputs": 24, "second": "blelloch"}),
    ],
)
def test_equal_programs_are_certified(family: str, arguments: dict[str, Any]) -> None:
    """No two wires of merge exchange and of a bitonic network are the same before all is sorted."""
    result = check(generate(family, **arguments), certify=True, cross_checks=False)
    assert (result.verdict, result.solver, result.certified) == ("unique", "levels", True)


def test_only_what_the_goals_rest_on_is_joined() -> None:
    """An atom that is no difference of maxima, and three that another output has, are not looked at."""
    net = Program.from_text(
        "inputs x y z; g = x - 2 y; r = relu g; c = max x z; d = max c y; e = max y z; f = max x e; out = d - f;"
        "outputs out"
    )
    posed = pose("", to_mapping(net), "unique", 1)
    answer = LEVELS.decide(posed.question, Limits())
    assert isinstance(answer, Refutation) and answer.proof is not None
    assert len(answer.proof.lattice) == 4


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
