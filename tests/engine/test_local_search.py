"""Local search: finds what many points show and random directions miss; never refutes."""

from __future__ import annotations

import pytest
from support.conformance import CASES
from support.posed import pose

from subgrad_hardness import carry_back, check, generate, obfuscate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine import local_search as climb
from subgrad_hardness.engine import search
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.answer import Undecided, Witness
from subgrad_hardness.question.session import Session


@pytest.mark.parametrize("seed", range(4))
def test_maximum_cuts(seed: int) -> None:
    net = to_mapping(generate("maxcut", vertices=9, offset=0, seed=seed))
    question = pose("cut", net, "distinct", 3).question
    assert isinstance(search.decide(question, Limits()), Undecided)
    answer = climb.start(question, Session(question.net))(Limits())
    assert isinstance(answer, Witness)
    assert question.holds(answer.direction)
    assert set(map(abs, answer.direction)) == {1}
    assert climb.start(question, Session(question.net))(Limits()) == answer, "the same for the same seed"


@pytest.mark.parametrize("seed", range(4))
def test_maximum_cuts_after_a_change_of_inputs(seed: int) -> None:
    """The sign vectors are those of the forms that were inputs."""
    net = obfuscate(
        generate("maxcut", vertices=8, offset=0, seed=seed), ["unimodular", "split", "unimodular"], seed=seed
    )
    question = pose("cut", to_mapping(net), "distinct", 3).question
    answer = climb.start(question, Session(question.net))(Limits())
    assert isinstance(answer, Witness)
    assert question.holds(answer.direction)
    assert set(map(abs, carry_back(net, answer.direction))) == {1}


def heavy(forms: list[dict[int, int]], inputs: int) -> list[list[dict[int, int]]]:
    """The systems of axes for a sum of relus of forms, each less heavy than the one before."""
    value = {inputs + place: 9 - place for place in range(len(forms))}
    return list(climb._systems(NormalForm(inputs, tuple(forms), ()), value | {0: -100}))


def test_the_axes_are_dual_to_the_heaviest_independent_forms() -> None:
    units, axes = heavy([{0: 2, 1: 1}, {0: 4, 1: 2, 2: 1}, {2: 1}, {1: 3, 2: -2}, {0: 1}], 3)
    assert units == [{0: 1}, {1: 1}, {2: 1}]
    chosen = [{0: 2, 1: 1}, {0: 4, 1: 2, 2: 1}, {1: 3, 2: -2}]  # the third is a combination of the first two
    products = [[sum(form.get(i, 0) * entry for i, entry in axis.items()) for axis in axes] for form in chosen]
    factor = products[0][0]
    assert factor
    assert products == [[factor * (row == column) for column in range(3)] for row in range(3)]


@pytest.mark.parametrize(
    "forms",
    [
        [],
        [{1: 1}, {0: 1}, {0: 1, 1: 1}],  # the units again
        [{0: 1, 1: 1}, {0: 2, 1: 2}],  # not enough
        [{2: 1, 0: 1}, {0: 1}],  # over an atom
    ],
)
def test_where_there_are_no_other_axes(forms: list[dict[int, int]]) -> None:
    assert heavy(forms, 2) == [[{0: 1}, {1: 1}]]


def test_large_matrices_are_not_inverted(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [{0: 1, 1: 1}, {0: 1, 1: -1}]
    assert len(heavy(forms, 2)) == 2
    monkeypatch.setattr(climb, "_MOST_ENTRIES", 3)
    assert len(heavy(forms, 2)) == 1


def test_it_never_refutes() -> None:
    for case in CASES:
        posed = pose(case.name, case.net, case.verdict, 3)
        if not posed.question.net.kinks:
            continue
        answer = climb.start(posed.question, Session(posed.question.net))(Limits())
        if isinstance(answer, Witness):
            assert case.verdict == "distinct"
            assert posed.question.holds(answer.direction)
        else:
            assert isinstance(answer, Undecided)
            assert not answer.limited


def test_its_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    net = to_mapping(generate("maxcut", vertices=6, offset=1, seed=1))
    question = pose("cut", net, "unique", 3).question
    monkeypatch.setattr(climb, "MOST_PRODUCTS", 20_000)
    answer = climb.start(question, Session(question.net))(Limits())
    assert isinstance(answer, Undecided)
    assert 0 < answer.effort["directions"] < 400
    with pytest.raises(LimitReached):
        climb.start(question, Session(question.net))(Limits.seconds(-1))


def test_auto_uses_it() -> None:
    assert check(generate("maxcut", vertices=13, offset=0, seed=1)).solver in ("climb", "phase")
