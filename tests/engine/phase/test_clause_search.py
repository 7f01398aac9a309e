"""The phase engine's solvers: the same answers for assumptions as for clauses, in long searches and short ones."""

from __future__ import annotations

import pytest

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.phase.clause_search import ClauseSearch
from subgrad_hardness.family.ksat import random_cnf
from subgrad_hardness.solvers.sat import Cdcl

GOAL = 201
#: Seeds of random 3-SAT with 200 variables at ratio 4.26; both take more than one slice of conflicts.
SEEDS = SATISFIABLE, UNSATISFIABLE = 3, 4


def formula(seed: int) -> list[list[int]]:
    return [list(clause) for clause in random_cnf(200, 852, 3, seed, False)[0].clauses]


def searched(clauses: list[list[int]], guard: int) -> ClauseSearch:
    search = ClauseSearch()
    for clause in clauses:
        search.add([-guard, *clause])
    return search


def test_long_and_short_searches_answer_as_the_formula_does() -> None:
    long = 0
    answers = set()
    for seed in SEEDS:
        clauses, plain = formula(seed), Cdcl()
        for clause in clauses:
            plain.add(clause)
        wanted = plain.satisfiable(Limits())
        search = searched(clauses, GOAL)
        model = search.model([GOAL], Limits())
        answers.add(wanted)
        assert (model is not None) == wanted
        if model is not None:
            assert GOAL in model
            assert all(set(clause) & set(model) for clause in clauses)
        long += search.long
        assert search.model([-GOAL], Limits()) is not None  # nothing of the goal is left behind
        assert not search.long
        assert (search.model([GOAL], Limits()) is not None) == wanted
    assert answers == {True, False}
    assert long


def test_clauses_that_join_a_long_search_hold_in_it_and_after_it() -> None:
    search = searched(formula(SATISFIABLE), GOAL)
    model = search.model([GOAL], Limits())
    assert model is not None
    assert search.long
    barred = [-literal for literal in model if abs(literal) < GOAL]
    search.add(barred)
    other = search.model([GOAL], Limits())
    assert other is None or set(barred) & set(other)
    again = search.model([GOAL, *(-literal for literal in barred)], Limits())
    assert again is None


def test_a_long_search_that_a_limit_stops_goes_on() -> None:
    search = searched(formula(UNSATISFIABLE), GOAL)
    with pytest.raises(LimitReached):
        search.model([GOAL], Limits.seconds(0))
    assert not search.long  # it has not even begun
    stopped = 0
    while True:
        try:
            assert search.model([GOAL], Limits.seconds(0.03)) is None
            break
        except LimitReached:
            assert search.long
            stopped += 1
            assert stopped < 1000
    assert not search.long
