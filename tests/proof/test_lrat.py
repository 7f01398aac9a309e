"""Proofs from the SAT solver: every step by unit propagation, none that is not needed, none of what is false."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from itertools import combinations, product
from typing import ClassVar

import pytest

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.proof.lrat import NoProof, Step, refute

Clauses = list[list[int]]


def check(clauses: Sequence[Sequence[int]], steps: dict[int, Step]) -> None:
    """Each step follows by unit propagation along its hints; the last one is empty and needs all the others."""
    known = {number: set(clause) for number, clause in enumerate(clauses)}
    used: set[int] = set()
    for place, (number, (clause, hints)) in enumerate(steps.items()):
        assert number == len(clauses) + place, "derived clauses are numbered on, without gaps"
        false = set(clause)
        violated = False
        for hint in hints:
            assert not violated
            assert hint < number
            free = {literal for literal in known[hint] if literal not in false}
            assert len(free) <= 1
            violated = not free
            false.update(-literal for literal in free)
        assert violated
        known[number] = set(clause)
        used.update(hints)
    last = len(clauses) + len(steps) - 1
    assert not steps[last].clause
    assert all(step.clause for number, step in steps.items() if number != last)
    assert used >= set(steps) - {last}, "only steps that the empty clause rests on"


def satisfiable(clauses: Sequence[Sequence[int]], variables: int) -> bool:
    return any(
        all(any((choice[abs(literal) - 1] == 1) == (literal > 0) for literal in clause) for clause in clauses)
        for choice in product((0, 1), repeat=variables)
    )


def random_clauses(source: random.Random, variables: int) -> Clauses:
    """Short clauses, many units, some clauses twice or in another order."""
    longest = source.choice((1, 2, 2, 3, 3))
    clauses: Clauses = []
    for _ in range(source.randint(1, 6 * variables)):
        chosen = source.sample(range(1, variables + 1), min(variables, source.randint(1, longest)))
        clauses.append([variable if source.random() < 0.5 else -variable for variable in chosen])
        if source.random() < 0.2:
            clauses.append(source.sample(clauses[-1], len(clauses[-1])))
        if source.random() < 0.1:
            clauses.append(source.choice(clauses))
    return clauses


def test_random_clauses() -> None:
    source = random.Random("lrat")
    refuted = lengths = 0
    for _ in range(400):
        variables = source.randint(1, 6)
        clauses = random_clauses(source, variables)
        if satisfiable(clauses, variables):
            with pytest.raises(NoProof, match="do not refute"):
                refute(clauses, Limits())
            continue
        steps = refute(clauses, Limits())
        check(clauses, steps)
        refuted += 1
        lengths += len(steps) > 1
    assert refuted > 150
    assert lengths > 50


def test_units_among_wide_clauses() -> None:
    """Chains of implications whose units the solver derives by itself while clauses still come in."""
    source = random.Random("units")
    for size in (3, 10, 60):
        for _ in range(6):
            chain = [[-k, k + 1] for k in range(1, size)]
            units = [[1], [-size]]
            others = [[k] for k in source.sample(range(size + 1, size + 20), 9)] + [
                [size + 30, -1],
                [size + 31, -2, -3],
            ]
            clauses = [*chain, *units, *others, *units]
            source.shuffle(clauses)
            check(clauses, refute(clauses, Limits()))


def test_contradicting_units() -> None:
    for clauses in ([[3], [-3]], [[1, 2], [3], [4], [-3]], [[3], [3], [1, 2], [-3], [-3]], [[1, 2], [-1], [-2], [5]]):
        check(clauses, refute(clauses, Limits()))


def pigeons(holes: int) -> Clauses:
    """One pigeon more than holes."""
    at = {(p, h): p * holes + h + 1 for p in range(holes + 1) for h in range(holes)}
    clauses = [[at[p, h] for h in range(holes)] for p in range(holes + 1)]
    return clauses + [[-at[p, h], -at[q, h]] for h in range(holes) for p, q in combinations(range(holes + 1), 2)]


@pytest.mark.parametrize("holes", [1, 2, 3, 5, 6])
def test_pigeonholes(holes: int) -> None:
    clauses = pigeons(holes)
    steps = refute(clauses, Limits())
    check(clauses, steps)
    assert holes < 4 or len(steps) > 20
    with pytest.raises(NoProof):
        refute(clauses[1:], Limits())


def test_random_3sat_above_the_threshold() -> None:
    """Proofs of some thousand bytes to some hundred thousand, among clauses that are not needed."""
    source = random.Random("3sat")
    for variables in (30, 60, 90):
        clauses = []
        for _ in range(6 * variables):
            chosen = source.sample(range(1, variables + 1), 3)
            clauses.append([variable if source.random() < 0.5 else -variable for variable in chosen])
        clauses += [[variables + k] for k in range(1, 200)]
        steps = refute(clauses, Limits())
        check(clauses, steps)
        needed = {hint for step in steps.values() for hint in step.hints if hint < len(clauses)}
        assert max(needed) < 6 * variables


def test_a_proof_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that the end of a piece cuts in two are put together."""
    whole = refute(pigeons(5), Limits())
    read = os.pread
    for size in (1, 7, 64):
        monkeypatch.setattr("os.pread", lambda file, count, at, size=size: read(file, min(count, size), at))
        assert refute(pigeons(5), Limits()) == whole


def test_time_limits() -> None:
    with pytest.raises(LimitReached):
        refute([[1], [-1]], Limits.seconds(-1))
    with pytest.raises(LimitReached):
        refute(pigeons(12), Limits.seconds(0.3))
    with pytest.raises(NoProof):
        refute([[1, 2]], Limits.seconds(100))


class Looks(Limits):
    """A limit that is reached at the last of so many looks."""

    left: ClassVar[int] = 0

    def check(self) -> None:
        Looks.left -= 1
        if Looks.left <= 0:
            raise LimitReached("time limit")


def test_a_limit_is_seen_while_a_proof_is_read() -> None:
    """One look before the solver runs, which is done at once, one a piece of its proof, and one a step of it."""
    for looks, message in ((1, "time limit"), (2, "time limit"), (5, "time limit"), (10_000, None)):
        Looks.left = looks
        if message is None:
            check(pigeons(4), refute(pigeons(4), Looks()))
        else:
            with pytest.raises(LimitReached, match=message):
                refute(pigeons(4), Looks())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (b"5 0 1 99 0\n", "beyond unit propagation"),  # a hint that nobody derived
        (b"5 0 1 -2 0\n", "beyond unit propagation"),  # RAT
        (b"5 1 0 1 2 0\n", "no empty clause"),
        (b"", "no empty clause"),
        (b"\n6 d 1 0\n", "no empty clause"),
        (b"5 0 1 99 0\n6 0 1 2 3 4 0\n", "beyond unit propagation"),  # what comes after the empty clause is ignored
    ],
)
def test_proofs_of_another_form_are_none(lines: bytes, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [lines]
    monkeypatch.setattr("os.pread", lambda *_: pieces.pop() if pieces else b"")
    with pytest.raises(NoProof, match=message):
        refute([[1, 2], [-1, 2], [1, -2], [-1, -2]], Limits())
