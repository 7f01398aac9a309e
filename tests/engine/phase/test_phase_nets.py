"""Whole decisions of dense nets, with equal functions written in two ways: circuit and phases against the cells."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from support import oracle
from support.conformance import graph
from support.phase_nets import Few, looks, nets, with_verdict
from support.posed import COMPLETE_PROVERS, GENERAL_PROVERS, judge, pose
from support.reflected import reflected

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.registry import ENGINES, PROVERS
from subgrad_hardness.question.answer import Undecided


def test_both_verdicts_are_common() -> None:
    counts = Counter((posed.name, posed.verdict) for posed in nets())
    assert counts["equal", "unique"] == 60
    assert counts["changed", "distinct"] > 10 < counts["changed", "unique"] + counts["plain", "unique"]
    assert counts["plain", "distinct"] > 10


@pytest.mark.parametrize("name", PROVERS)
def test_dense_nets(name: str) -> None:
    """Right, and every refutation certified."""
    for posed in nets():
        answered = judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
        assert answered or name not in COMPLETE_PROVERS


def test_the_oracle_agrees_where_it_can() -> None:
    asked = [posed for posed in nets() if len(posed.question.net.kinks) <= 7]
    assert len(asked) > 10
    for posed in asked:
        assert oracle.verdict(oracle.read(posed.net)) == posed.verdict


@pytest.mark.parametrize("sign", [1, -1])
def test_even_and_odd_functions(sign: int) -> None:
    source = random.Random(f"phase {sign}")
    verdicts = set()
    for number in range(25):
        inputs, hidden = source.randint(1, 3), source.randint(1, 3)
        weights = [
            [[source.choice((-2, -1, 1, 1, 3)) for _ in range(columns)] for _ in range(rows)]
            for columns, rows in ((inputs, hidden), (hidden, 2), (2, 1))
        ]
        posed = with_verdict("reflected", reflected(weights, sign), number)
        verdicts.add(posed.verdict)
        for name in PROVERS:
            answered = judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
            assert answered or name not in COMPLETE_PROVERS
    assert verdicts == {"distinct", "unique"}


@pytest.mark.parametrize("name", GENERAL_PROVERS)
@pytest.mark.parametrize("factor", [1, 3, 7])
@pytest.mark.parametrize(
    ("last", "verdict"), [("f = ra + rb", "distinct"), ("g = relu low; f = ra + rb - g", "unique")]
)
def test_phases_over_kinks_are_not_strict(name: str, factor: int, last: str, verdict: str) -> None:
    """SPEC 4: f = relu(min(-x, -y)), and positive only where the form z over kinks vanishes, an open set."""
    lines = (
        "rx = relu x; ry = relu y; z = rx - ry; mz = -1 z; rz = relu z; rmz = relu mz; mx = -1 x; my = -1 y;"
        f"low = min mx my; a = low - rmz - {factor} rz; ra = relu a; b = rz - rx; rb = relu b;"
    )
    for number in range(6):
        posed = pose("trap", graph("x y", lines + last, "f"), verdict, number)
        assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))


@pytest.mark.parametrize("name", COMPLETE_PROVERS)
def test_runs_that_are_stopped_again_and_again(name: str) -> None:
    """The same verdicts, with proofs that the verifier accepts."""
    stops = []
    for posed in nets()[::3]:
        run, count = ENGINES[name].start(posed.question, patient=True), 0
        for Few.left in looks():
            answer = run(Few())
            if not isinstance(answer, Undecided):
                break
            assert answer.limited
            count += 1
        stops.append(count)
        assert judge(ENGINES[name], posed, answer)
    assert max(stops) > 20
    assert sum(count > 8 for count in stops) > 10
