"""``check`` end to end on 500 random small nets of both file forms, against the oracle."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from support import oracle, small_nets
from support.checked import checked, entered
from support.conformance import CASES, Case
from support.plain_autodiff import Tape

from subgrad_hardness import check, verify
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.reading import load

NUMBERS = range(small_nets.COUNT)


@pytest.mark.parametrize("part", range(5))
def test_the_report_is_true(part: int) -> None:
    for number in NUMBERS[part::5]:
        mapping, result = small_nets.nets()[number], checked(number)
        net, tape = oracle.read(mapping), Tape(oracle.read(mapping))
        assert result.verdict == small_nets.expected(number), mapping
        assert result.digest == load(mapping).digest
        assert result.point == net.point
        assert result.kinks == len(tape.kinks)
        assert result.kink_names is not None
        assert sorted(result.kink_names) == sorted(set(tape.kinks))
        assert (result.nearest_kink and result.nearest_kink.distance) == (tape.nearest and tape.nearest[0])
        assert result.autodiff is not None
        assert result.autodiff.gradient == tape.jacobian
        assert result.autodiff.singleton is not None
        assert result.cross_checks is not None
        assert {entry.method for entry in result.cross_checks} == {"lexicographic modes", "sampling", "cells"}
        assert not any(entry.agrees is False for entry in result.cross_checks)
        assert result.believed is None
        assert result.solver
        assert result.why


@pytest.mark.parametrize("part", range(5))
def test_the_evidence_is_true(part: int) -> None:
    for number in NUMBERS[part::5]:
        mapping, result = small_nets.nets()[number], checked(number)
        net, members = oracle.read(mapping), small_nets.bouligand(number)
        assert result.subgradients is not None
        assert result.directions is not None
        assert set(result.subgradients) <= members
        assert len(result.subgradients) == len(result.directions) == (2 if result.verdict == "distinct" else 1)
        for jacobian, directions in zip(result.subgradients, result.directions, strict=True):
            assert entered(net, directions) == jacobian
        if result.verdict == "unique":
            assert result.separating_direction is None
            continue
        first, second = result.subgradients
        assert first != second
        direction = result.separating_direction
        assert direction is not None
        assert oracle.derivative(net, direction) != oracle.times(first, direction)
        assert oracle.derivative(net, direction) == oracle.times(second, direction)
        assert result.certified
        assert result.certificate is not None
        assert verify_certificate(load(mapping), result.certificate) == "distinct"
        assert verify(mapping, result.certificate.to_json()).verified


def test_both_verdicts_and_all_forms_are_frequent() -> None:
    seen = Counter((checked(number).verdict, "layers" in small_nets.nets()[number]) for number in NUMBERS)
    assert len(seen) == 4
    assert min(seen.values()) > 50


def test_the_same_seed_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """With time for all cross-checks: which of them there is time for is the machine's answer, not the seed's."""
    monkeypatch.setattr("subgrad_hardness.api.check.LEAST_SECONDS", 60.0)
    for number in NUMBERS[::10]:
        once, again = (check(small_nets.nets()[number], seed=0) for _ in range(2))
        assert {**again.to_json(), "seconds": 0} == {**once.to_json(), "seconds": 0}
        assert (again.verdict, again.certificate) == (checked(number).verdict, checked(number).certificate)
        assert again.certificate == once.certificate


def test_another_seed_gives_the_same_verdict() -> None:
    different = 0
    for number in NUMBERS[::4]:
        for seed in (1, 2**70, -3):
            other = check(small_nets.nets()[number], seed=seed, cross_checks=False)
            assert other.verdict == checked(number).verdict
            assert set(other.subgradients or ()) <= small_nets.bouligand(number)
            different += other.subgradients != checked(number).subgradients
    assert different > 20, "the seed is used"


@pytest.mark.parametrize("solver", ["search", "cells", "circuit", "phase"])
def test_solvers_never_contradict_each_other(solver: str) -> None:
    for number in NUMBERS[::3]:
        result = check(small_nets.nets()[number], solver=solver, cross_checks=False)
        assert result.cross_checks is None
        allowed = {checked(number).verdict} | ({"unknown"} if solver == "search" else set())
        assert result.verdict in allowed
        assert result.solver in ({solver, "localisation"} if result.verdict != "unknown" else {None})
        assert set(result.subgradients or ()) <= small_nets.bouligand(number)
        assert result.certified == (result.verdict != "unknown")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_named_nets(case: Case) -> None:
    result = check(case.net)
    assert result.verdict == case.verdict
    assert set(result.subgradients or ()) <= oracle.bouligand(oracle.read(case.net))
    assert result.certified
    assert verify(case.net, result.certificate or {}).verdict == case.verdict


def test_another_point() -> None:
    """The same net moved: the kinks there, not here."""
    stream = Stream(5, "points")
    moved = 0
    for number in NUMBERS[::5]:
        mapping = small_nets.nets()[number]
        size = load(mapping).input_count
        point = [stream.integer(-2, 2) for _ in range(size)]
        net = oracle.read({**mapping, "point": point})
        result = check(mapping, point=point)
        assert result.point == tuple(map(Fraction, point))
        assert result.verdict == oracle.verdict(net)
        moved += result.verdict == "distinct"
    assert moved > 10
