"""Faults are caught: false witnesses, false refutations, wrong elements, wrong certificates."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest
from support.conformance import CASES

from subgrad_hardness.api import certifying
from subgrad_hardness.api import verdicts as verdicts_module
from subgrad_hardness.api.check import check
from subgrad_hardness.api.cross_checks import Disagreement, cross_check
from subgrad_hardness.api.stages import Verdict
from subgrad_hardness.api.verdicts import Judged
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.cells import SmallNet
from subgrad_hardness.derivative.lexicographic import Directions, Element, lock_branches
from subgrad_hardness.engine.contract import Engine, Run, once
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.question import pose as posing
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.question import Question, linearity

NETS = {case.name: case.net for case in CASES}
ABS, MEDIANS = NETS["abs"], NETS["median two ways"]
RIDGE = {"inputs": 2, "layers": [{"weight": [[1, 0]], "activation": "abs"}]}
NEEDLE = NETS["finer needle"]


@once
def witness_everywhere(question: Question, limits: Limits) -> Answer:
    return Witness((1,) * question.net.inputs)


@once
def witness_along_the_ridge(question: Question, limits: Limits) -> Answer:
    return Witness((0, 1))


@once
def refutation(question: Question, limits: Limits) -> Answer:
    return Refutation("no")


@once
def belief(question: Question, limits: Limits) -> Answer:
    return Undecided("a guess", "unique")


@once
def late(question: Question, limits: Limits) -> Answer:
    raise LimitReached("time limit")


Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a function of this module in the place of an engine."""

    def put(name: str, start: Callable[[Question], Run]) -> None:
        monkeypatch.setattr("test_faults.installed", start, raising=False)
        monkeypatch.setitem(ENGINES, name, Engine(name, "test_faults:installed", "", exact=True))

    return put


def ask(net: dict[str, Any], leading: Sequence[tuple[int, ...]]) -> tuple[Question, Element]:
    local = localise(load(net)).net
    element = lock_branches(local, leading)
    return linearity(local, element.rows), element


def judgement(verdict: str, elements: Sequence[Element], by: str = "circuit") -> Judged:
    return Judged(Verdict(verdict=verdict, why="", solver=by), tuple(elements))


def verdicts(net: dict[str, Any], verdict: str, elements: list[Element], by: str = "circuit") -> dict[str, bool | None]:
    question, reference = ask(net, [])
    found = judgement(verdict, elements or [reference], by)
    entries = cross_check(question, found, small=SmallNet(question.net, 60), limits=Limits())
    assert all(entry.why for entry in entries)
    return {entry.method: entry.agrees for entry in entries}


def test_a_false_witness(install: Install) -> None:
    install("circuit", witness_everywhere)
    with pytest.raises(Disagreement, match="replay") as caught:
        check(MEDIANS, solver="circuit")
    assert caught.value.evidence["witness"] == ["1", "1", "1"]
    assert caught.value.evidence["net"]["outputs"] == ["f"]
    assert pickle.loads(pickle.dumps(caught.value)).evidence == caught.value.evidence


def test_a_witness_counts_only_if_it_separates(install: Install) -> None:
    """Along the ridge F' = 0 = g d, though the cell entered from there may be another one."""
    install("circuit", witness_along_the_ridge)
    for seed in range(8):
        with pytest.raises(Disagreement, match="replay"):
            check(RIDGE, solver="circuit", seed=seed)


@pytest.mark.parametrize("net", [ABS, RIDGE, NETS["median"], NETS["trap"]])
def test_a_false_refutation(install: Install, net: dict[str, Any]) -> None:
    install("circuit", refutation)
    with pytest.raises(Disagreement, match=r"sampling|cells") as caught:
        check(net, solver="circuit")
    assert caught.value.evidence["report"]["verdict"] == "unique"
    assert check(net, solver="circuit", cross_checks=False, certify=False).verdict == "unique"


def test_a_false_refutation_that_sampling_cannot_see(install: Install) -> None:
    install("circuit", refutation)
    with pytest.raises(Disagreement, match="cells"):
        check(NEEDLE, solver="circuit")


def test_beliefs_are_no_verdicts(install: Install) -> None:
    install("circuit", belief)
    result = check(MEDIANS, solver="circuit")
    assert (result.verdict, result.solver, result.certified) == ("unknown", None, False)
    assert result.believed is not None
    assert (result.believed.verdict, result.believed.by) == ("unique", "circuit")
    install("circuit", late)
    result = check(MEDIANS, solver="circuit")
    assert (result.verdict, result.believed) == ("unknown", None)


def test_each_cross_check_by_itself() -> None:
    good = {"lexicographic modes": True, "sampling": True, "cells": True}
    assert verdicts(ABS, "distinct", []) == good
    assert verdicts(MEDIANS, "unique", []) == good
    undecided = {**good, "cells": None}  # without a verdict there is nothing to agree with
    assert verdicts(ABS, "unknown", []) == verdicts(MEDIANS, "unknown", []) == undecided
    assert verdicts(ABS, "unique", []) == good | {"sampling": False, "cells": False}
    assert verdicts(NEEDLE, "unique", []) == good | {"cells": False}
    assert verdicts(MEDIANS, "distinct", []) == good | {"cells": False}
    assert verdicts(ABS, "distinct", [], by="cells") == good | {"cells": None}


def test_wrong_elements() -> None:
    _, element = ask(ABS, [(1,)])
    wrong = element._replace(rows=((3,),))
    assert verdicts(ABS, "distinct", [element, wrong]) == {
        "lexicographic modes": False,
        "sampling": True,
        "cells": False,
    }
    swapped = element._replace(rows=((-1,),))  # a member, but not the one of its directions
    assert verdicts(ABS, "distinct", [element, swapped])["lexicographic modes"] is False


def test_cross_checks_without_time_are_skipped() -> None:
    question, element = ask(NETS["median"], [])
    entries = cross_check(
        question, judgement("unique", [element]), small=SmallNet(question.net, 60), limits=Limits.seconds(-1)
    )
    assert [entry.agrees for entry in entries] == [None, None, None]
    assert all("time" in entry.why for entry in entries)


def test_large_nets_are_not_enumerated() -> None:
    nodes = [{"id": f"r{n}", "op": "relu", "args": [f"r{n - 1}" if n else "x"]} for n in range(13)]
    net = {"inputs": ["x"], "nodes": nodes, "outputs": ["r12"]}
    assert verdicts(net, "distinct", [])["cells"] is None
    wide = {"inputs": 9, "layers": [{"weight": [[1] * 9], "activation": "relu"}]}
    assert verdicts(wide, "distinct", [])["cells"] is None


def test_a_wrong_second_subgradient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Branch locking goes wrong after the reference: vector forward mode notices."""
    calls: list[int] = []

    def wrong(*arguments: Any) -> Element:
        calls.append(1)
        return lock_branches(*arguments)._replace(rows=((7,),))

    monkeypatch.setattr(verdicts_module, "lock_branches", wrong)
    with pytest.raises(Disagreement, match="lexicographic modes"):
        check(NETS["relu"])
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("places", "found_by"), [((posing,), "lexicographic modes"), ((posing, verdicts_module), "replay")]
)
def test_a_wrong_reference(monkeypatch: pytest.MonkeyPatch, places: tuple[ModuleType, ...], found_by: str) -> None:
    """A false g is no derivative by the other mode; what separates from it enters no other cell."""

    def wrong(*arguments: Any) -> Element:
        return lock_branches(*arguments)._replace(rows=((7,),))

    for place in places:
        monkeypatch.setattr(place, "lock_branches", wrong)
    with pytest.raises(Disagreement, match=found_by):
        check(NETS["relu"])


def test_a_wrong_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(digest: str, directions: Sequence[Directions]) -> Certificate:
        return distinct_certificate(digest, [directions[0], directions[0]])

    monkeypatch.setattr(certifying, "distinct_certificate", wrong)
    with pytest.raises(Disagreement, match="verifier rejects") as caught:
        check(ABS)
    assert caught.value.evidence["certificate"]["kind"] == "distinct"


def test_the_lexicographic_check_of_a_wide_net_sees_a_wrong_element(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large nets push a prefix of M only; a wrong row that shows there is still seen."""
    monkeypatch.setattr("subgrad_hardness.api.cross_checks._MOST_PRODUCTS", 1)
    wide = {"inputs": 6, "layers": [{"weight": [[1, 2, 3, 4, 5, 6]], "activation": "relu"}]}
    question, element = ask(wide, [(1, 0, 0, 0, 0, 0)])
    small = SmallNet(question.net, 60)
    right = cross_check(question, judgement("distinct", [element]), small=small, limits=Limits())[0]
    assert (right.agrees, right.why.endswith("on the first columns of M")) == (True, True)
    wrong = element._replace(rows=((2, *element.rows[0][1:]),))
    assert cross_check(question, judgement("distinct", [wrong]), small=small, limits=Limits())[0].agrees is False
