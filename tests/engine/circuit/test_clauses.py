"""A circuit as clauses: they say what the circuit says, few and wide, and a formula's net is the formula."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import pytest
from support.clauses import Clause, random_gates
from support.posed import judge, pose

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import Gate
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.question.answer import Witness
from subgrad_hardness.question.session import Session
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.three_sat import MinMaxReduction

CIRCUIT = ENGINES["circuit"]


def holds(clauses: Iterable[Clause], given: Mapping[int, bool], free: Sequence[int]) -> bool:
    """Whether some values of the free variables satisfy the clauses."""
    clauses = list(clauses)
    for choice in product((False, True), repeat=len(free)):
        known = {**given, **dict(zip(free, choice, strict=True))}
        if all(any(known[abs(literal)] == (literal > 0) for literal in clause) for clause in clauses):
            return True
    return False


def on(gates: Mapping[int, Gate], given: Mapping[int, bool], literal: int) -> bool:
    if literal in gates:
        conjunction, left, right = gates[literal]
        both = on(gates, given, left), on(gates, given, right)
        return all(both) if conjunction else any(both)
    return given[abs(literal)] == (literal > 0)


def test_clauses_say_what_the_circuit_says() -> None:
    """Equisatisfiable for each choice of the inputs."""
    source = random.Random("clausal")
    counted = {True: 0, False: 0}
    for number in range(250):
        leaves = source.randint(2, 4)
        gates = random_gates(source, leaves, source.randint(1, 9))
        roots = source.sample(sorted(gates)[-4:], min(len(gates), source.randint(1, 3)))
        if number % 5 == 0:
            roots.append(source.choice((2, -3)))
        clauses = list(clausal(gates, roots))
        for clause in clauses:
            assert len({abs(literal) for literal in clause}) == len(clause), "no literal twice, none with its opposite"
        free = sorted({abs(literal) for clause in clauses for literal in clause} & set(gates))
        for choice in product((False, True), repeat=leaves):
            given = {2 + leaf: side for leaf, side in enumerate(choice)}
            expected = any(on(gates, given, root) for root in roots)
            assert holds(clauses, given, free) == expected
            counted[expected] += 1
    assert min(counted.values()) > 300


@pytest.mark.parametrize(
    ("gates", "roots", "expected"),
    [
        ({}, [2], [(2,)]),
        ({}, [2, -3], [(2, -3)]),
        ({9: (True, 2, 3)}, [9], [(2,), (3,)]),
        ({9: (False, 2, 3)}, [9], [(2, 3)]),
        ({9: (False, 2, 3), 10: (True, 9, 4)}, [10], [(2, 3), (4,)]),
        ({9: (True, 2, 3), 10: (False, 9, 4)}, [10], [(9, 4), (-9, 2), (-9, 3)]),
        # A disjunction that two conjunctions use is repeated if it is narrow, else it is named.
        ({9: (False, 2, 3), 10: (True, 9, 4), 11: (True, 9, 10)}, [11], [(2, 3), (2, 3), (4,)]),
        (
            {9: (False, 2, 3), 10: (False, 9, 4), 11: (False, 10, 5), 12: (False, 11, 6), 13: (True, 12, 7),
             14: (True, 12, 8), 15: (False, 13, 14)},
            [15],
            [(13, 14), (-13, 12), (-13, 7), (-14, 12), (-14, 8), (-12, 2, 3, 4, 5, 6)],
        ),
        (
            {9: (False, 2, 3), 10: (False, 9, 4), 11: (False, 10, 5), 13: (True, 11, 7), 14: (True, 11, 8),
             15: (False, 13, 14)},
            [15],
            [(13, 14), (-13, 2, 3, 4, 5), (-13, 7), (-14, 2, 3, 4, 5), (-14, 8)],
        ),
        ({9: (True, 2, 3), 10: (True, 9, 4)}, [9, 10], [(9, 10), (-9, 2), (-9, 3), (-10, 2), (-10, 3), (-10, 4)]),
        ({9: (False, 2, 3), 10: (False, 9, -2), 11: (True, 10, 4)}, [11], [(4,)]),  # a tautology
        # A root is used once, by the root clause.
        ({9: (False, 2, 3), 10: (False, 9, 4), 11: (False, 10, 5), 12: (False, 11, 6)}, [12, 7], [(2, 3, 4, 5, 6, 7)]),
        # 12 is used once, by a gate that is used twice.
        (
            {9: (False, 2, 3), 10: (False, 9, 4), 11: (False, 10, 5), 12: (False, 11, 6), 13: (True, 12, 7),
             14: (False, 13, 8), 15: (False, 13, -8), 16: (True, 14, 15)},
            [16],
            [(13, 8), (13, -8), (-13, 2, 3, 4, 5, 6), (-13, 7)],
        ),
        # 13 has two members, of which one is a wide conjunction.
        (
            {9: (True, 3, 4), 10: (True, 9, 5), 11: (True, 10, 6), 12: (True, 11, 7), 13: (False, 12, 2),
             14: (True, 13, 8), 15: (True, 13, -8), 16: (False, 14, 15)},
            [16],
            [(14, 15), (-14, 12, 2), (-14, 8), (-15, 12, 2), (-15, -8), *((-12, k) for k in (3, 4, 5, 6, 7))],
        ),
        # A wide conjunction that two conjunctions use is named.
        (
            {9: (True, 3, 4), 10: (True, 9, 5), 11: (True, 10, 6), 12: (True, 11, 7), 13: (True, 12, 2),
             14: (True, 12, 8), 15: (False, 13, 14)},
            [15],
            [(13, 14), (-13, 12), (-13, 2), (-14, 12), (-14, 8), *((-12, k) for k in (3, 4, 5, 6, 7))],
        ),
    ],
)  # fmt: skip
def test_clauses_are_few_and_wide(
    gates: dict[int, tuple[bool, int, int]], roots: list[int], expected: list[Clause]
) -> None:
    found = list(clausal({number: Gate(*gate) for number, gate in gates.items()}, roots))
    assert sorted(found) == sorted(expected)


def random_formula(variables: int, count: int, seed: int, shared: bool) -> Cnf:
    """A random 3-CNF formula in which every variable occurs; ``shared``: with clauses that begin alike."""
    stream = Stream(seed, "formula")
    clauses: list[Clause] = []
    while len(clauses) < count:
        chosen = sorted(variable + 1 for variable in stream.sample(variables, 3))
        clause = tuple(variable if stream.below(2) else -variable for variable in chosen)
        if shared and clauses and stream.below(2):
            old = clauses[stream.below(len(clauses))]
            clause = (*old[:2], next(x for x in clause if abs(x) not in map(abs, old[:2])))
        clauses.append(clause)
    clauses += [(variable, variable % variables + 1) for variable in range(1, variables + 1)]
    return Cnf(variables, tuple(dict.fromkeys(clauses)))


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_solver_gets_the_formula_of_a_min_max_net(seed: int, shared: bool, given: list[Clause]) -> None:
    """Clause by clause, in order; nothing else, since the forms are the unit vectors."""
    formula = random_formula(30, 110, seed, shared)
    program, _ = MinMaxReduction().apply(formula)
    posed = pose("", to_mapping(program), "distinct", seed)
    answer = CIRCUIT.decide(posed.question, Limits())
    assert given == [tuple(sorted(clause, key=abs)) for clause in formula.simplified().clauses]
    if isinstance(answer, Witness):
        assert judge(CIRCUIT, posed, answer)
    else:
        assert judge(CIRCUIT, posed._replace(verdict="unique"), answer)


def test_a_half_space_is_a_clause(given: list[Clause]) -> None:
    """Where its hyperplane is one of the circuit's: on it lies a linear piece of this odd function."""
    net = {
        "inputs": 2,
        "layers": [
            {"weight": [[1, 0], [0, 1], [-1, 0], [0, -1]], "activation": "relu"},
            {"weight": [[1, -2, 0, 0], [0, 0, 1, -2]], "activation": "relu"},
            {"weight": [[1, -1]]},
        ],
    }
    posed = pose("", net, "distinct", 3)
    aim = Session(posed.question.net).goal_forms(posed.question, Limits())
    assert aim.half is not None
    assert judge(CIRCUIT, posed, CIRCUIT.decide(posed.question, Limits()))
    assert [clause for clause in given if len(clause) == 1] == [(1,)]
