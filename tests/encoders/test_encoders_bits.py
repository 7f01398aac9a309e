"""DIMACS files of bits in CaDiCaL, their models decoded and replayed; the arithmetic of the clauses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from pysat.solvers import Cadical195
from support.asked import ABS, judge, program
from support.cadical_runs import cadical

import subgrad_hardness
from subgrad_hardness.encoders.adders import FALSE, TRUE, Adders, Number, TooLarge, width
from subgrad_hardness.encoders.contract import EncodingError
from subgrad_hardness.reduction.cnf import parse_dimacs


@pytest.mark.parametrize("normal_form", [False, True])
def test_verdicts_and_replayed_directions(normal_form: bool) -> None:
    """Adders are hard to refute, so a few nets with one subgradient stay open within the conflicts allowed."""
    numbers = range(200, 280) if normal_form else range(160)
    seen = {"distinct": 0, "unknown": 0}
    undecided = []
    for number in numbers:
        text = subgrad_hardness.encode(program(number), "cnf-bits", normal_form=normal_form)
        assert isinstance(text, str)
        answer = cadical(text)
        if answer is None:
            undecided.append(number)
        else:
            seen[judge(number, answer, "cnf-bits", normal_form=normal_form).verdict] += 1
    assert min(seen.values()) > 20
    assert len(undecided) <= len(numbers) // 10, undecided


def test_the_file_is_what_its_header_says() -> None:
    for number in range(20):
        text = subgrad_hardness.encode(program(number), "cnf-bits")
        assert isinstance(text, str)
        parsed = parse_dimacs(text)
        met = {abs(literal) for clause in parsed.clauses for literal in clause}
        assert max(met) <= parsed.variables
        assert all(len(set(map(abs, clause))) == len(clause) for clause in parsed.clauses)


def value(bits: Sequence[int], model: Sequence[int]) -> int:
    """A number's value in a model (the literal of variable v at v - 1)."""
    true = {TRUE, *model}
    return sum((-1 if at == len(bits) - 1 else 1) << at for at, bit in enumerate(bits) if bit in true)


def test_sums_and_relus_are_exact_on_all_values() -> None:
    for coefficients in ((1, 1), (3, -5), (-1, -1), (-7, 6), (4, -4), (12, 1), (-8, 0), (1, -3)):
        adders = Adders(10**6)
        numbers = [adders.free(3), adders.free(3)]
        total = adders.total(zip(coefficients, numbers, strict=True))
        passed = adders.relu(total)
        again = adders.total([(2, passed), (-3, numbers[0]), (1, passed)])
        with Cadical195(bootstrap_with=adders.clauses) as solver:
            for bits in itertools.product((1, -1), repeat=6):
                assert solver.solve([sign * (at + 1) for at, sign in enumerate(bits)])
                model = solver.get_model() + list(range(len(solver.get_model()) + 1, adders.variables + 1))
                x, y = (value(number.bits, model) for number in numbers)
                exact = coefficients[0] * x + coefficients[1] * y
                assert value(total.bits, model) == exact
                assert total.low <= exact <= total.high
                assert value(passed.bits, model) == max(exact, 0)
                assert value(again.bits, model) == 3 * max(exact, 0) - 3 * x


def test_constants_and_signs_fold() -> None:
    adders = Adders(10**6)
    x = adders.free(4)
    assert adders.total([(1, x), (-1, x)]).bits == (FALSE,) * 5 or adders.clauses
    assert adders.total([]) == Number((FALSE,), 0, 0)
    known = Number((TRUE, FALSE, TRUE, FALSE), 5, 5)
    before = len(adders.clauses)
    assert value(adders.total([(3, known)]).bits, []) == 15
    assert adders.relu(known) is known
    assert adders.relu(Number((TRUE, TRUE), -1, -1)).bits == (FALSE,)
    assert len(adders.clauses) == before
    assert [width(0, 0), width(-1, 0), width(0, 1), width(-2, 1), width(-3, 1), width(-8, 8)] == [1, 1, 2, 2, 3, 5]


def test_too_many_clauses_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    adders = Adders(10)
    with pytest.raises(TooLarge):
        adders.total([(3, adders.free(8)), (5, adders.free(8))])
    wide = {
        "inputs": 40,
        "layers": [{"weight": [[i * j % 9 - 4 for i in range(40)] for j in range(60)]} | {"activation": "relu"}],
    }
    monkeypatch.setattr("subgrad_hardness.encoders.cnf_bits.MOST_CLAUSES", 20_000)
    with pytest.raises(EncodingError, match="cnf-bits: more than 20000 clauses: complete directions need"):
        subgrad_hardness.encode(wide, "cnf-bits")


@pytest.mark.parametrize(
    ("answer", "verdict", "claimed"),
    [
        ("s SATISFIABLE\nv 1 -2 0\n", "distinct", None),
        ("SAT\n1 -2 3 0\n", "distinct", None),
        ("v 1\nv -2\nv 0\n", "distinct", None),
        ("s SATISFIABLE\nv 2 0\n", "unknown", "distinct"),
        ("s SATISFIABLE\n", "unknown", "distinct"),
        ("s UNSATISFIABLE\n", "unknown", "unique"),
        ("UNSAT\n", "unknown", "unique"),
        ("c\ns UNKNOWN\n", "unknown", None),
    ],
)
def test_answers(answer: str, verdict: str, claimed: str | None) -> None:
    result = subgrad_hardness.decode(ABS, answer, "cnf-bits")
    assert result.verdict == verdict
    assert (result.believed and result.believed.verdict) == claimed


def test_broken_literals() -> None:
    with pytest.raises(subgrad_hardness.AnswerError, match='"x3" is no literal'):
        subgrad_hardness.decode(ABS, "v 1 x3 0", "cnf-bits")
