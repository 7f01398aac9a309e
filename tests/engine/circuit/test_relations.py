"""Linear relations among three hyperplanes: each one exact, found with small factors, once."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from support.ranks import rank

from subgrad_hardness.engine.circuit import relations as module
from subgrad_hardness.engine.circuit.relations import relations
from subgrad_hardness.normal_form.linear_form import Key, key_of

Triple = tuple[int, int, int]


def forms_of(rows: Sequence[Sequence[int]]) -> dict[int, Key]:
    """Rows as primitive forms whose first nonzero entry is positive, numbered as a circuit numbers literals."""
    keys = [key_of({index: entry for index, entry in enumerate(row) if entry}) for row in rows]
    oriented = [key if key[0][1] > 0 else tuple((variable, -entry) for variable, entry in key) for key in keys]
    return dict(enumerate(dict.fromkeys(oriented), start=2))


def found(forms: Mapping[int, Key], inputs: int) -> dict[frozenset[int], tuple[Triple, Triple]]:
    """All relations, each checked, by their hyperplanes."""
    result = {}
    for literals, factors in relations(forms):
        assert min(factors) > 0
        total = [0] * inputs
        for literal, factor, side in zip(literals, factors, (1, 1, -1), strict=True):
            for variable, entry in forms[abs(literal)]:
                total[variable] += side * factor * entry * (1 if literal > 0 else -1)
        assert not any(total)
        key = frozenset(map(abs, literals))
        assert len(key) == 3
        assert key not in result, "each triple once"
        result[key] = literals, factors
    return result


def dense(form: Key, inputs: int) -> list[int]:
    return [dict(form).get(index, 0) for index in range(inputs)]


@pytest.mark.parametrize(
    ("rows", "literals", "factors"),
    [
        ([(1, -1, 0), (0, 1, -1), (1, 0, -1)], (2, 3, 4), (1, 1, 1)),
        ([(1, 0), (0, 1), (1, 1)], (2, 3, 4), (1, 1, 1)),
        ([(1, 0), (0, 1), (1, -1)], (2, -3, 4), (1, 1, 1)),
        ([(1, 1), (1, 0), (0, 1)], (2, -3, 4), (1, 1, 1)),
        ([(0, 1), (1, 0), (1, -1)], (2, -3, -4), (1, 1, 1)),
        ([(1, 0), (0, 1), (1, 2)], (2, 3, 4), (1, 2, 1)),
        ([(1, 0), (0, 1), (2, -1)], (2, -3, 4), (2, 1, 1)),
        ([(1, 1), (1, -1), (1, 0)], (2, 3, 4), (1, 1, 2)),
        ([(1, 1), (1, -2), (1, 0)], (2, 3, 4), (2, 1, 3)),
        ([(1, 4), (1, -2), (1, 0)], (2, 3, 4), (1, 2, 3)),
        ([(5, 1), (1, -1), (2, 0)], (2, 3, 4), (1, 1, 6)),  # no: 6 is not tried
    ],
)
def test_small_relations(rows: list[tuple[int, ...]], literals: Triple, factors: Triple) -> None:
    forms = forms_of(rows)
    known = found(forms, len(rows[0]))
    if max(factors) > 3:
        assert known == {}
    else:
        assert known == {frozenset((2, 3, 4)): (literals, factors)}


def test_no_relation_where_there_is_none() -> None:
    assert found({}, 3) == {}
    assert found(forms_of([(1, 0, 0), (0, 1, 0)]), 3) == {}
    assert found(forms_of([(1, 0, 0), (0, 1, 0), (0, 0, 1)]), 3) == {}
    assert found(forms_of([(1, 2, 3), (3, 1, 2), (1, 1, 5)]), 3) == {}


def differences(count: int) -> dict[int, Key]:
    return forms_of([[(k == i) - (k == j) for k in range(count)] for i, j in combinations(range(count), 2)])


def test_differences_of_inputs() -> None:
    """x_i - x_j, x_j - x_k, x_i - x_k: one relation for three inputs."""
    forms = differences(9)
    assert len(found(forms, 9)) == 84
    assert all(factors == (1, 1, 1) for _, factors in found(forms, 9).values())


def test_random_hyperplanes_of_the_plane() -> None:
    """Any three lines are related; found are those with a, b of (1, 1), (1, 2), (2, 1) and c at most 3."""
    source = random.Random("relations")
    total = 0
    for _ in range(30):
        forms = forms_of([v for v in ([source.randint(-3, 3) for _ in range(2)] for _ in range(6)) if any(v)])
        known = found(forms, 2)
        total += len(known)
        for triple in combinations(forms, 3):
            rows = [dense(forms[literal], 2) for literal in triple]
            assert rank(rows) == 2
            assert (frozenset(triple) in known) == small(rows)
    assert total > 100


PAIRS = ((1, 1), (1, 2), (2, 1))


def small(rows: Sequence[Sequence[int]], pairs: Sequence[tuple[int, int]] = PAIRS) -> bool:
    """Whether a l_i +- b l_j = +-c l_k for the first two and the third form in some order, by trying."""
    for third in range(3):
        one, other = (row for place, row in enumerate(rows) if place != third)
        for a, b in pairs:
            for sign in (1, -1):
                total = [a * x + sign * b * y for x, y in zip(one, other, strict=True)]
                for c in (1, 2, 3):
                    if total in ([c * x for x in rows[third]], [-c * x for x in rows[third]]):
                        return True
    return False


def test_a_hash_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a modulus this small nearly every candidate is wrong."""
    monkeypatch.setattr(module, "_MODULUS", 3)
    forms = forms_of([(1, 2, 3), (3, 1, 2), (1, 1, 5), (2, 0, 7), (1, -1, 0), (0, 1, -1), (1, 0, -1)])
    found(forms, 3)


def test_many_hyperplanes_are_looked_at_less(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = forms_of([(1, 0), (0, 1), (2, -1), (2, 3), (1, 3)])
    rows = {frozenset(triple): [dense(forms[n], 2) for n in triple] for triple in combinations(forms, 3)}
    everything = set(found(forms, 2))
    equal = {triple for triple in rows if small(rows[triple], PAIRS[:1])}
    assert everything == {triple for triple in rows if small(rows[triple])} > equal > set()
    for few, many, expected in ((5, 5, everything), (4, 5, equal), (4, 4, set())):
        monkeypatch.setattr(module, "_FEW", few)
        monkeypatch.setattr(module, "_MANY", many)
        assert set(found(forms, 2)) == expected


def test_the_limits_allow_lattices_and_stop_before_thousands() -> None:
    """About the number of hyperplanes squared."""
    assert 100 <= module._FEW <= module._MANY <= 2000
    assert len(found(differences(12), 12)) == 220


def testinputs_at_thresholds_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not looked for is not there; and it is looked for where two planes compare the same two variables."""
    source = random.Random("thresholds")
    pairs = [(-1 - cut, index) for cut in range(3) for index in range(6)]
    for _ in range(20):
        chosen = source.sample(pairs, 12)
        forms = {
            2 + n: ((low, source.randint(1, 3)), (high, source.choice([-2, -1, 1])))
            for n, (low, high) in enumerate(chosen)
        }
        assert not list(relations(forms))
        with monkeypatch.context() as patched:
            patched.setattr(module, "inputs_at_thresholds", lambda forms: False)
            assert not list(relations(forms))
    assert list(relations({2: ((-1, 1), (0, -1)), 3: ((-1, 1), (0, 1)), 4: ((-1, 1), (0, 3))}))
    assert list(relations({2: ((0, 1), (1, -1)), 3: ((1, 1), (2, -1)), 4: ((0, 1), (2, -1))}))
