"""The SAT solver's wrapper: answers, budgets, and Ctrl-C while the solver is inside its own C++ code."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess

import pytest

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.solvers.sat import Cdcl


def pigeons(holes: int) -> list[list[int]]:
    """One more pigeon than holes: out of reach of resolution."""
    sits = [[1 + pigeon * holes + hole for hole in range(holes)] for pigeon in range(holes + 1)]
    crowded = [[-one[hole], -other[hole]] for one, other in itertools.combinations(sits, 2) for hole in range(holes)]
    return sits + crowded


def solver_of(clauses: list[list[int]]) -> Cdcl:
    solver = Cdcl()
    for clause in clauses:
        solver.add(clause)
    return solver


def test_a_model_holds_and_a_contradiction_has_none() -> None:
    solver = solver_of([[1, 2], [-1, 2], [3, -2]])
    assert solver.solve(Limits()) in ([1, 2, 3], [-1, 2, 3])
    assert solver.solve(Limits(), [1]) == [1, 2, 3]
    assert solver.solve(Limits(), [-3]) is None
    assert solver.solve(Limits()) is not None  # assumptions are for one question
    solver.add([-2])
    assert solver.solve(Limits()) is None
    assert Cdcl().solve(Limits()) == []


def test_a_limit_ends_a_hard_question() -> None:
    with pytest.raises(LimitReached):
        solver_of(pigeons(12)).solve(Limits.seconds(0.1))


def test_ctrl_c_inside_the_solver_is_a_keyboard_interrupt_each_time() -> None:
    solver = solver_of(pigeons(12))
    for _ in range(2):  # a handler left behind would strike the second time
        strike = ["sh", "-c", f"sleep 0.3; kill -{signal.SIGINT.value} {os.getpid()}"]
        with subprocess.Popen(strike), pytest.raises(KeyboardInterrupt):
            solver.solve(Limits.seconds(20))
    assert solver_of([[1], [2]]).solve(Limits()) == [1, 2]
