"""Local search: finds what many points show and random directions miss; never refutes."""

from __future__ import annotations

import pytest
from conformance import CASES
from test_engines import pose

from subgrad_hardness import check, generate
from subgrad_hardness.engine import climb, search
from subgrad_hardness.engine.contract import Undecided, Witness
from subgrad_hardness.limits import LimitReached, Limits
from subgrad_hardness.net.writing import to_mapping


@pytest.mark.parametrize("seed", range(4))
def test_maximum_cuts(seed: int) -> None:
    net = to_mapping(generate("maxcut", vertices=9, offset=0, seed=seed))
    question = pose("cut", net, "distinct", 3).question
    assert isinstance(search.decide(question, Limits()), Undecided)
    answer = climb.decide(question, Limits())
    assert isinstance(answer, Witness)
    assert question.separates(answer.direction)
    assert set(map(abs, answer.direction)) == {1}
    assert climb.decide(question, Limits()) == answer, "the same for the same seed"


def test_it_never_refutes() -> None:
    for case in CASES:
        posed = pose(case.name, case.net, case.verdict, 3)
        if not posed.question.net.kinks:
            continue
        answer = climb.decide(posed.question, Limits())
        if isinstance(answer, Witness):
            assert case.verdict == "distinct"
            assert posed.question.separates(answer.direction)
        else:
            assert isinstance(answer, Undecided)
            assert not answer.limited


def test_its_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    net = to_mapping(generate("maxcut", vertices=6, offset=1, seed=1))
    question = pose("cut", net, "unique", 3).question
    monkeypatch.setattr(climb, "MOST_PRODUCTS", 20_000)
    answer = climb.decide(question, Limits())
    assert isinstance(answer, Undecided)
    assert 0 < int(answer.why.split()[2]) < 400
    with pytest.raises(LimitReached):
        climb.decide(question, Limits.seconds(-1))


def test_auto_uses_it() -> None:
    assert check(generate("maxcut", vertices=13, offset=0, seed=1)).solver in ("climb", "phase")
