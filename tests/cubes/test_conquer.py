"""Cubes decide as the whole question would: small nets of all families, one-sided goals, and what ends a run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.both_verifiers import both
from support.conformance import CASES
from support.cube_nets import SMALL_NETS, TINY, by_cubes, small_net, verdict
from support.one_sided import Asked, table, value, verify

from subgrad_hardness import ParameterError, check, dumps, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.cubes.conquer import CUBES, conquer
from subgrad_hardness.engine.portfolio import exact_engines
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.restriction import restricted
from subgrad_hardness.question.session import Session

HARD = generate("clique", vertices=11, offset=1)


def ignore(_: str) -> None:
    """Announcements that nobody hears."""


def test_families(tmp_path: Path) -> None:
    """The known verdict, from cubes on most of them, and every refutation proved to both verifiers."""
    split = Counter[str]()
    for number, (family, _) in enumerate(SMALL_NETS):
        asked = by_cubes(small_net(number))
        assert asked.net.provenance is not None
        answer = asked.decision.answer
        assert verdict(answer) == asked.net.provenance["verdict"], SMALL_NETS[number]
        split[verdict(answer)] += answer.effort.get("splits", 0) > 0
        if isinstance(answer, Refutation) and len(asked.posed.question.net.kinks) < 60:
            assert both(dumps(asked.net).encode(), asked.certificate(), tmp_path) == "verified", family
        if isinstance(answer, Witness):
            assert asked.posed.question.holds(answer.direction), family
    assert split["unique"] >= 15
    assert split["distinct"] >= 4


def test_conformance() -> None:
    for case in CASES:
        asked = by_cubes(load(case.net))
        assert verdict(asked.decision.answer) == case.verdict, case.name


def test_one_sided_goals_under_constraints() -> None:
    """Constraints that leave no open cone, too; refutations are arguments that the verifier's steps accept."""
    kinds = Counter[tuple[bool, bool]]()
    for entry in table()[::6]:
        answer, by = conquer(entry.question, "auto", Limits(), ignore, TINY)
        kinds[entry.holds, answer.effort.get("splits", 0) > 0] += 1
        if isinstance(answer, Witness):
            assert entry.holds and entry.question.allows(answer.direction)
            assert value(entry.net, entry.question, answer.direction) > 0
        else:
            assert isinstance(answer, Refutation) and not entry.holds, entry
            _require_proof(entry, answer, by)
    assert kinds[True, True] >= 4, kinds
    assert kinds[False, True] + kinds[False, False] >= 4, kinds


def _require_proof(entry: Asked, answer: Refutation, by: str) -> None:
    restriction = restricted(entry.question, Limits())
    if restriction is None or restriction.basis is not None:
        assert answer.proof is None
    elif by == CUBES:
        verify(entry, answer, restriction.question.constraints, restriction.interior)


@pytest.mark.parametrize("rows", [(), ((1, 0, 0, 0, 0),), ((1, 2, 0, 0, 0), (0, -1, 1, 0, 0))], ids=len)
def test_one_sided_refutations_are_composed(rows: tuple[tuple[int, ...], ...]) -> None:
    """One sign of one goal, everywhere and in an open cone; no symmetry is used where constraints break it."""
    net = generate("maxcut", vertices=5, offset=1)
    posed = pose(net)
    for goal in posed.question.goals:
        question = posed.question._replace(goals=(goal,), constraints=rows)
        answer = conquer(question, "auto", Limits(), ignore, TINY).answer
        assert isinstance(answer, Refutation) and answer.proof is not None
        if answer.proof.cases is None:  # minus the value of a relu is nowhere positive
            continue
        assert answer.effort["splits"] > 2
        assert (answer.proof.half is None) == bool(rows)
        interior = restricted(question, Limits())
        assert interior is not None
        verify(Asked("", to_mapping(net), net, posed.local, question, False), answer, rows, interior.interior)


def test_half_of_the_space_where_the_goals_are_symmetric() -> None:
    asked = by_cubes(generate("maxcut", vertices=5, offset=1))
    answer = asked.decision.answer
    assert isinstance(answer, Refutation) and answer.proof is not None
    assert answer.proof.half is not None and answer.proof.cases is not None


def test_without_proofs() -> None:
    asked = by_cubes(generate("maxcut", vertices=6, offset=1), TINY._replace(proofs=False))
    answer = asked.decision.answer
    assert isinstance(answer, Refutation) and answer.proof is None
    assert answer.why.startswith("all of ")
    question = asked.posed.question
    engines = [exact_engines(question, "cells", Session(question.net), Limits(), proofs=each) for each in (False, True)]
    assert engines == [("cells",), ()]


def test_one_engine() -> None:
    asked = by_cubes(generate("naesat", variables=5, ratio=4, form="layers2"), solver="phase")
    assert verdict(asked.decision.answer) == "unique"
    assert getattr(asked.decision.answer, "why", "").endswith(" by phase")


def test_an_engine_that_gives_up_cubes_gives_up_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much time a cube gets: no endless splitting."""
    monkeypatch.setattr("subgrad_hardness.engine.circuit.circuit.MOST_GATES", 10)
    monkeypatch.setattr("subgrad_hardness.engine.circuit.circuit.FIRST_GATES", 10)
    monkeypatch.setattr("subgrad_hardness.engine.circuit.circuit.GATES_EACH", 0)
    decision = by_cubes(generate("maxcut", vertices=8, offset=1), solver="circuit").decision
    assert isinstance(decision.answer, Undecided)
    assert decision.answer.why.startswith("cube ") and decision.answer.why.endswith("circuit: more than 10 gates")


def test_an_engine_that_refutes_nothing_gets_no_cubes() -> None:
    decision = by_cubes(generate("maxcut", vertices=5, offset=1), solver="search").decision
    assert (isinstance(decision.answer, Undecided) and decision.by == "auto") or decision.by == "search"
    assert "directions separates" in getattr(decision.answer, "why", "")


def test_a_limit() -> None:
    posed = pose(HARD)
    decision = conquer(posed.question, "auto", Limits.seconds(0.3), ignore, TINY)
    assert isinstance(decision.answer, Undecided)
    assert decision.answer.why.startswith("time limit")
    harder = generate("clique", vertices=14, offset=1)
    assert check(harder, resume=None, jobs=2, time_limit=0.4).verdict == "unknown"


def test_progress_says_how_far_it_is() -> None:
    said: list[str] = []
    conquer(pose(generate("maxcut", vertices=6, offset=1)).question, "auto", Limits(), said.append, TINY)
    assert any(text.startswith("1 cube fallen, ") for text in said)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jobs": 2, "threads": 2}, "threads: one process decides a cube; give jobs alone"),
        ({"jobs": 2, "dask": "local:1"}, "jobs: the cluster has as many processes as it has"),
        ({"dask": 1}, "dask: 1 is no text"),
        ({"resume": "-"}, "resume: '-' is not the name of a file"),
        ({"resume": 5}, "resume: 5 is not the name of a file"),
        ({"cube_seconds": 0}, "cube_seconds: 0 is not a positive number of seconds"),
        ({"cube_seconds": None}, "cube_seconds: None is not a positive number of seconds"),
    ],
)
def test_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        check(HARD, **options)  # type: ignore[arg-type]
    assert str(caught.value) == message
