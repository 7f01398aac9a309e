"""Composed proofs: certificates that both verifiers accept, no part of which is idle, and cases that prove nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.both_verifiers import both
from support.cube_nets import Asked, by_cubes

from subgrad_hardness import dumps, generate
from subgrad_hardness.certificate.argument import Argument, Derivation
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.proof.lrat import NoProof
from subgrad_hardness.proof.steps import Case, Cases, Fork, Proof
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Refutation

#: A sum of relus, which is even, and a circuit.
ASKED = (by_cubes(generate("maxcut", vertices=5, offset=1)), by_cubes(generate("pigeonhole", holes=3)))


def mutants(certificate: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each literal of a step left out, each hint left out, each lemma or rule left out, each literal turned round."""
    for number, step in enumerate(certificate["derivation"]):
        end = step.index(0)
        for place in range(len(step)):
            if place != end:
                yield _with(certificate, number, step[:place] + step[place + 1 :])
            if place < end:
                yield _with(certificate, number, [*step[:place], -step[place], *step[place + 1 :]])
    for key in ("lemmas", "rules"):
        for number in range(len(certificate[key])):
            yield {**certificate, key: certificate[key][:number] + certificate[key][number + 1 :]}


def _with(certificate: dict[str, Any], number: int, step: list[int]) -> dict[str, Any]:
    steps = certificate["derivation"]
    return {**certificate, "derivation": [*steps[:number], step, *steps[number + 1 :]]}


@pytest.mark.parametrize("asked", ASKED, ids=["maxcut", "pigeonhole"])
def test_nothing_in_a_composed_certificate_is_idle(asked: Asked, tmp_path: Path) -> None:
    net, whole = dumps(asked.net).encode(), asked.certificate()
    assert asked.decision.answer.effort["splits"] > 2
    assert both(net, whole, tmp_path) == "verified"
    certificate = json.loads(whole)
    assert certificate["version"] == 1
    damaged = list(mutants(certificate))
    assert len(damaged) > 100
    for mutant in damaged[:: len(damaged) // 16]:
        assert both(net, json.dumps(mutant).encode(), tmp_path) == "rejected"


def test_cases_are_written_the_same_every_time() -> None:
    for asked in ASKED:
        assert asked.certificate() == asked.certificate()


def composed(asked: Asked, cases: Cases) -> None:
    answer = asked.decision.answer
    assert isinstance(answer, Refutation) and answer.proof is not None
    proof: Proof = answer.proof._replace(cases=cases)
    unique_certificate(asked.net, asked.posed.local, asked.posed.subgradient, proof, Limits())


def cases_of(asked: Asked) -> Cases:
    answer = asked.decision.answer
    assert isinstance(answer, Refutation) and answer.proof is not None and answer.proof.cases is not None
    return answer.proof.cases


def some_case(tree: Case | Fork) -> Case:
    while isinstance(tree, Fork):
        tree = tree.positive
    return tree


def replaced(tree: Case | Fork, case: Case) -> Case | Fork:
    """The tree with another first case."""
    if isinstance(tree, Case):
        return case
    return tree._replace(positive=replaced(tree.positive, case))


def test_one_case_is_not_enough() -> None:
    for asked in ASKED:
        cases = cases_of(asked)
        with pytest.raises(NoProof):
            composed(asked, cases._replace(tree=some_case(cases.tree)))


def test_a_case_of_another_cube_is_not_enough() -> None:
    for asked in ASKED:
        cases = cases_of(asked)
        assert isinstance(cases.tree, Fork)
        with pytest.raises(NoProof):
            composed(asked, cases._replace(tree=cases.tree._replace(negative=cases.tree.positive)))


def damaged_arguments(argument: Argument) -> Iterator[Argument]:
    steps = argument.derivation
    last = steps[-1]
    yield argument._replace(derivation=())
    yield argument._replace(derivation=steps[:-1])
    yield argument._replace(derivation=(*steps[:-1], last._replace(hints=())))
    yield argument._replace(derivation=(*steps[:-1], last._replace(hints=(10**6,))))
    yield argument._replace(derivation=(*steps[:-1], last._replace(hints=(0, *last.hints))))
    yield argument._replace(derivation=(Derivation((10**6,), last.hints), *steps))
    yield argument._replace(rules=((10**6, 0),))
    yield argument._replace(rules=((1, 10**6),))


def test_damaged_cases_prove_nothing() -> None:
    asked = ASKED[0]
    cases = cases_of(asked)
    case = some_case(cases.tree)
    for argument in damaged_arguments(case.argument):
        with pytest.raises(NoProof):
            composed(asked, cases._replace(tree=replaced(cases.tree, case._replace(argument=argument))))
