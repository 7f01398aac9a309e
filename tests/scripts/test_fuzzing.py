"""The differential campaign in small: its nets, its judge, its shrinking, its record."""

from __future__ import annotations

import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "campaigns"))

import fuzz
from fuzzing import judging, nets
from fuzzing.builder import Graph
from fuzzing.judging import judge
from fuzzing.record import Record, count, summary
from fuzzing.rewriting import rewritten
from fuzzing.shrinking import shrunk, simplifications

from subgrad_hardness import load
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine import registry
from subgrad_hardness.engine.contract import Engine, Run
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def test_small_campaign() -> None:
    batch = fuzz.judge_batch(fuzz.Work(8, 0, 90))
    assert batch.findings == []
    kinds = {key.split()[1] for key in batch.counts if key.startswith("kind: ")}
    assert kinds == set(nets.KINDS)
    assert min(batch.counts["verdict: distinct"], batch.counts["verdict: unique"]) > 15
    assert batch.counts["verdict: disputed"] == 0
    assert {key.split(": ")[1] for key in batch.counts if key.startswith("answer: ")} >= {*judging.ALWAYS, "check"}


@cache
def drawn() -> dict[str, list[dict[str, Any]]]:
    """The nets of 800 numbers, by kind."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in nets.KINDS}
    for number in range(800):
        kind, net = nets.random_net(3, number)
        found[kind].append(net)
    return found


def test_nets_are_the_same_for_the_same_numbers() -> None:
    again = {kind: iter(found) for kind, found in drawn().items()}
    for number in range(200):
        kind, net = nets.random_net(3, number)
        assert net == next(again[kind])


@pytest.mark.parametrize("kind", nets.KINDS)
def test_both_answers_are_there(kind: str) -> None:
    """Some kinds are unique once in twenty; it is looked for until both have been seen."""
    missing = {"distinct", "unique"}
    for net in drawn()[kind]:
        missing.discard(judge(net, 1, frozenset({"circuit", "phase"})).verdict)
        if not missing:
            return
    raise AssertionError(missing)


def test_a_rewriting_is_the_same_function() -> None:
    for seed in range(60):
        graph = Graph(random.Random(seed), 2)
        names = graph.grow(4)
        twins = rewritten(graph, list(graph.nodes))
        for name in names:
            assert graph.values[name] == graph.values[twins[name]]
        program = load(graph.net([names[-1], twins[names[-1]]]))
        for point in ([3, -5], [-1, 2], ["1/7", "-4/3"], [0, 0]):
            numerators, denominators = node_values(program.lowered, program.at(point).point)
            first, second = program.lowered.outputs
            assert numerators[first] * denominators[second] == numerators[second] * denominators[first]


def liar(question: Question, _: Session) -> Run:
    """An engine that finds every net with three kinks or more linear, and a witness in smaller ones."""

    def run(_: Limits) -> Answer:
        if len(question.net.kinks) >= 3:
            return Refutation("so it says")
        return Witness((1,) * question.net.inputs)

    return run


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENGINES, "plane", Engine("plane", f"{__name__}:liar", "lies", exact=True))


@pytest.mark.usefixtures("lying")
def test_a_wrong_refutation_is_found_and_shrunk(tmp_path: Path) -> None:
    batch = fuzz.judge_batch(fuzz.Work(7, 0, 12))
    disagreements = [finding for finding in batch.findings if finding["engine"] == "disagreement"]
    assert disagreements
    for finding in disagreements:
        assert "plane unique" in finding["what"]
        small = finding["small"]
        assert len(small["nodes"]) <= 6
        assert judge(small, finding["number"]).verdict == "disputed"
    saved = fuzz._saved(disagreements[0], tmp_path / "record.json")
    assert (tmp_path / saved["file"]).exists()


@pytest.mark.usefixtures("lying")
def test_a_witness_that_separates_nothing_is_found() -> None:
    abs_identity = {
        "inputs": 1,
        "nodes": [
            {"id": "a", "op": "relu", "args": ["x0"]},
            {"id": "n", "op": "affine", "args": ["x0"], "coefficients": [-1]},
            {"id": "b", "op": "relu", "args": ["n"]},
            {"id": "z", "op": "affine", "args": ["a", "b"], "coefficients": [1, -1]},
        ],
        "outputs": ["z"],
    }
    assert ("plane", "ValueError: the witness (1,) separates nothing") in judge(abs_identity, 1).findings


def test_simplifications_are_nets_and_fewer() -> None:
    _, net = nets.random_net(3, 5)
    faulty: list[dict[str, Any]] = []

    def never(candidate: dict[str, Any]) -> bool:
        faulty.append(candidate)
        return len(faulty) == 1

    small = shrunk(net, never)
    assert load(small).input_count == load(net).input_count
    for candidate in simplifications(small):
        load(candidate)


def test_the_record_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record = Record.load(path, Record(4))
    for number in range(30):
        kind, net = nets.random_net(4, number)
        count(record.counts, kind, judge(net, number, frozenset({"circuit"})))
    record.done, record.seconds = 30, 1.5
    record.save(path)
    assert Record.load(path, Record(4)) == record
    with pytest.raises(ValueError, match="is the record of seed 4, not 5"):
        Record.load(path, Record(5))
    with pytest.raises(ValueError, match="is a record of all kinds"):
        Record.load(path, Record(4, ("levels",)))
    text = "\n".join(summary(record))
    assert f"{record.counts['nets']} nets" in text
    assert "| circuit |" in text
