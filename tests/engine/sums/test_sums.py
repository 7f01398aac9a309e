"""``domination`` and ``hulls``: the enumeration of cells agrees, certificates hold, and a change to one is noticed."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.both_verifiers import both
from support.lemmas import check_lemmas
from support.posed import Posed, judge
from support.sums import drawn, member

from subgrad_hardness import check, dumps
from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine import portfolio
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.engine.sums import domination, hulls
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.session import Session

BOTH = ("domination", "hulls")


@cache
def nets() -> tuple[Posed, ...]:
    """Small members of families, both answers of each."""
    return (
        member("maxcut", vertices=5, offset=1),
        member("maxcut", vertices=5, offset=0),
        member("clique", vertices=6, offset=1, seed=1),
        member("clique", vertices=6, offset=0, seed=1),
        member("partition", count=5, bits=4, seed=2),
        member("naesat", variables=4, ratio=3, form="layers2"),
        member("naesat", variables=4, ratio=1, form="layers2", planted=True),
        member("zonotope", inputs=4, inner=6, outer=8),
        member("zonotope", inputs=4, inner=6, outer=8, construction="scaled"),
        member("zonotope", inputs=4, inner=6, outer=8, construction="scaled", outside=True),
        member("zonotope", inputs=3, inner=4, outer=4),  # nothing is left of the second: no room
    )


@cache
def hard() -> Posed:
    """A net that neither engine decides at the root of its tree."""
    return member("partition")


@pytest.mark.parametrize("name", BOTH)
def test_families(name: str) -> None:
    engine = ENGINES[name]
    answered = Counter(judge(engine, posed, engine.decide(posed.question, Limits())) for posed in nets())
    assert answered[False] == (0 if name == "domination" else 4), "zonotopes have no small sets of inputs"


@pytest.mark.parametrize("name", BOTH)
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_random_sums(name: str, seed: int) -> None:
    posed = drawn(seed)
    answer = ENGINES[name].decide(posed.question, Limits())
    assert judge(ENGINES[name], posed, answer), answer


def test_random_sums_have_both_answers() -> None:
    verdicts = Counter(drawn(seed).verdict for seed in range(40))
    assert min(verdicts["distinct"], verdicts["unique"]) >= 5, verdicts


@pytest.mark.parametrize("name", BOTH)
def test_a_run_goes_on_where_a_limit_stopped_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit that has passed after some looks the run says so; asked on, it answers as one that was not stopped,
    and looks at no node twice."""
    bound: Any = {"domination": domination.DominationBound, "hulls": hulls.HullBound}[name]
    look, seen, left = bound.look, [], [0]

    def counted(self, region, proposed, limits):  # type: ignore[no-untyped-def]
        if not left[0]:
            Limits.seconds(-1).check()
        left[0] -= 1
        seen.append(tuple(sorted(region.phases.items())))
        return look(self, region, proposed, limits)

    monkeypatch.setattr(bound, "look", counted)
    posed = hard()
    run = ENGINES[name].start(posed.question, Session(posed.question.net), patient=True)
    for _ in range(1000):
        left[0] = 1
        answer = run(Limits())
        if not isinstance(answer, Undecided):
            break
        assert answer.limited
    assert judge(ENGINES[name], posed, answer)
    assert len(seen) == len(set(seen)) > 1


def test_domination_lets_others_have_their_turn_and_gives_up() -> None:
    posed = hard()
    run = ENGINES["domination"].start(posed.question, Session(posed.question.net))
    answer = run(Limits())
    assert isinstance(answer, Undecided) and answer.limited and answer.why == "domination: more than 2 nodes"
    assert isinstance(run(Limits()), Undecided | Refutation)


def test_what_is_no_sum_is_refused_at_once() -> None:
    posed = member("3sat", variables=8, ratio="4.26", form="layers3")
    for name in BOTH:
        answer = ENGINES[name].decide(posed.question, Limits())
        assert isinstance(answer, Undecided) and not answer.limited
        assert answer.why == f"{name}: more than 32 cases" or "rules" in answer.why or "kinks" in answer.why


def test_auto_asks_them() -> None:
    by: Counter[str] = Counter()
    for posed in (*nets(), member("naesat", variables=5, ratio=3, form="layers2")):
        decision = portfolio.decide(posed.question, "auto", Limits())
        assert judge(ENGINES[decision.by], posed, decision.answer)
        by[decision.by] += 1
    assert by["domination"] >= 3 and by["hulls"] >= 1, by


@pytest.mark.parametrize("name", BOTH)
def test_certificates_before_both_verifiers(name: str, tmp_path: Path) -> None:
    for posed in (nets()[0], nets()[4], nets()[7]):
        file = tmp_path / "certificate.json"
        result = check(posed.net, solver=name, certificate=file)
        if result.verdict != "unknown":
            assert result.certified
            assert both(dumps(posed.program).encode(), file.read_bytes(), tmp_path) == "verified"


@pytest.mark.parametrize("name", BOTH)
def test_a_changed_certificate_is_rejected(name: str) -> None:
    """Every lemma is needed, and so are its multipliers."""
    posed = nets()[2]
    answer = ENGINES[name].decide(posed.question, Limits())
    assert isinstance(answer, Refutation) and answer.proof is not None
    check_lemmas(answer.proof.normal, answer.proof.lemmas)
    good = unique_certificate(posed.program, posed.local, posed.element, answer.proof, Limits())
    argument = good.argument
    assert argument is not None and len(argument.lemmas) > 5
    assert verify_certificate(posed.program, good) == "unique"
    for number in range(len(argument.lemmas)):
        lemma = argument.lemmas[number]
        changed = [lemma._replace(multipliers=tuple([m + (k == 0) for k, m in enumerate(lemma.multipliers)]))]
        if lemma.generators:
            (atom, kind, multiplier), *others = lemma.generators
            changed.append(lemma._replace(generators=((atom, kind, multiplier + 1), *others)))
            changed.append(lemma._replace(generators=tuple(others)))
        changed += [lemma._replace(clause=lemma.clause[:k] + lemma.clause[k + 1 :]) for k in range(len(lemma.clause))]
        for other in changed:
            lemmas = (*argument.lemmas[:number], other, *argument.lemmas[number + 1 :])
            assert rejected(posed, good, argument._replace(lemmas=lemmas))
        assert rejected(posed, good, argument._replace(lemmas=argument.lemmas[:number] + argument.lemmas[number + 1 :]))


def rejected(posed: Posed, good: Certificate, argument: Argument) -> bool:
    try:
        verify_certificate(posed.program, good._replace(argument=argument))
    except Rejected:
        return True
    return False
