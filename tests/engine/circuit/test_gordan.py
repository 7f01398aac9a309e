"""The circuit's search: cheap justifications, sound lemmas, several a model, and a run that goes on where it was."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from support.clauses import Clause, Recorded, random_gates
from support.conformance import CASES
from support.forms import plus
from support.phase_nets import Few, looks
from support.posed import Posed, judge, pose

from subgrad_hardness import generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit import decide as module
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.gate import Gate
from subgrad_hardness.engine.circuit.gordan import GordanSearch
from subgrad_hardness.engine.circuit.relations import relations
from subgrad_hardness.engine.circuit.triangles import Conflict
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

CIRCUIT = ENGINES["circuit"]


def search_over(
    forms: Mapping[int, Key], gates: Mapping[int, Gate], goals: Sequence[int], half: int | None = None
) -> GordanSearch:
    size = 1 + max(variable for form in forms.values() for variable, _ in form)
    listed = [forms.get(number, ()) for number in range(max((*forms, *gates)) + 1)]
    return GordanSearch(
        Coordinates(tuple(range(size)), size), listed, gates, goals, half=half, constraints=(), known=[]
    )


def units(count: int) -> dict[int, Key]:
    return {2 + index: ((index, 1),) for index in range(count)}


def made_true(gates: Mapping[int, Gate], literals: Sequence[int], goal: int) -> bool:
    """Whether the goal holds where only these literals are known to."""
    if goal not in gates:
        return goal in literals
    conjunction, left, right = gates[goal]
    sides = made_true(gates, literals, left), made_true(gates, literals, right)
    return all(sides) if conjunction else any(sides)


def test_a_justification_is_true_and_enough() -> None:
    source = random.Random("justification")
    asked = 0
    for _ in range(400):
        leaves = source.randint(2, 5)
        gates = random_gates(source, leaves, source.randint(1, 9))
        goals = source.sample([*gates, 2, -3], min(len(gates), source.randint(1, 3)))
        search = search_over(units(leaves), gates, goals)
        signs = {plane: source.choice((plane, -plane)) for plane in search.plane}
        if any(made_true(gates, list(signs.values()), goal) for goal in goals):
            found = search._justification(signs)
            assert len(set(found)) == len(found)
            assert set(found) <= set(signs.values())
            assert any(made_true(gates, found, goal) for goal in goals)
            asked += 1
    assert asked > 100


def cheapest(gates: Mapping[int, Gate], true: Sequence[int], goal: int) -> int | None:
    """The fewest leaves that make the goal of a tree true."""
    if goal not in gates:
        return 1 if goal in true else None
    conjunction, *children = gates[goal]
    costs = [cheapest(gates, true, child) for child in children]
    known = [cost for cost in costs if cost is not None]
    if conjunction:
        return sum(known) if len(known) == 2 else None
    return min(known, default=None)


def test_the_cheaper_side_is_taken() -> None:
    """In trees, whose leaves all differ, a justification is as small as can be."""
    source = random.Random("cheap")
    asked = 0
    for _ in range(300):
        leaves = source.randint(2, 9)
        roots = [source.choice((1, -1)) * leaf for leaf in units(leaves)]
        gates: dict[int, Gate] = {}
        while len(roots) > source.choice((1, 1, 2)):
            left, right = source.sample(roots, 2) if len(roots) > 1 else (0, 0)
            if not left:
                break
            gates[2 + leaves + len(gates)] = Gate(source.random() < 0.5, left, right)
            roots = [root for root in roots if root not in (left, right)] + [max(gates)]
        search = search_over(units(leaves), gates, roots)
        signs = {plane: source.choice((plane, -plane)) for plane in search.plane}
        costs = [cheapest(gates, list(signs.values()), root) for root in roots]
        known = [cost for cost in costs if cost is not None]
        if known:
            assert len(search._justification(signs)) == min(known)
            asked += 1
    assert asked > 100


@pytest.mark.parametrize("conjunction", [(2, 9), (9, 2)])
@pytest.mark.parametrize("disjunction", [(3, 2), (2, 3)])
def test_what_is_asked_for_anyway_is_taken(conjunction: tuple[int, int], disjunction: tuple[int, int]) -> None:
    """x and (y or x) needs x alone."""
    gates = {9: Gate(False, *disjunction), 10: Gate(True, *conjunction)}
    assert search_over(units(2), gates, [10])._justification({2: 2, 3: 3}) == [2]


SUMS: dict[int, Key] = {
    2: ((0, 1),),
    3: ((1, 1),),
    4: ((0, 1), (1, 1)),
    5: ((2, 1),),
    6: ((3, 1),),
    7: ((2, 1), (3, 1)),
}


def test_several_conflicts_of_one_model() -> None:
    """x, y > 0 > x + y, and the same in z and w; what is left of the rest is no answer."""
    search = search_over(SUMS, {}, list(SUMS))
    solver = Recorded()
    assert search._cone_point(solver, [2, 3, -4, 5, 6, -7], Limits()) is None
    assert search.lazy == 2
    assert {frozenset(literals) for literals, _ in search.lemmas} == {frozenset((2, 3, -4)), frozenset((5, 6, -7))}
    assert {multipliers for _, multipliers in search.lemmas} == {(1, 1, 1)}
    assert search._cone_point(solver, [2, 3, -4, 5], Limits()) is None
    point = search._cone_point(solver, [2, 3, 4, -7], Limits())
    assert point is not None
    assert point[0] > 0 < point[1] and point[2] + point[3] < 0
    assert search.lazy == 3


def test_relations_are_stated_both_ways_before_the_search(given: list[Clause]) -> None:
    """For x + y, x and y: x, y > 0 imply x + y > 0, and x, y < 0 that it is not."""
    search = search_over(SUMS, {}, [2, 3, 4])
    point = search.run(Limits())
    assert point is not None
    assert {frozenset(clause) for clause in given} == {
        frozenset(clause) for clause in ((1, 2, 3), (-1, -3, 2), (1, 3, -2))
    }
    assert search.variable == {2: 1, 4: 2, 3: 3}, "in the order of the forms"
    assert {frozenset(literals) for literals, _ in search.lemmas} == {frozenset((2, 3, -4)), frozenset((-2, -3, 4))}
    assert search.lazy == 0


@pytest.mark.parametrize(("half", "clauses"), [(3, [(2,)]), (-3, [(-2,)]), (4, []), (-4, []), (None, [])])
def test_the_half_space_is_stated_if_its_hyperplane_is_there(
    half: int | None, clauses: list[Clause], given: list[Clause]
) -> None:
    search = search_over(units(3), {9: Gate(False, 2, 3)}, [9], half)
    assert search.run(Limits()) is not None
    assert given == [(1, 2), *clauses]


class Watched(NamedTuple):
    """A run on a net, and what its session keeps of it."""

    run: Run
    session: Session
    question: Question

    @classmethod
    def of(cls, posed: Posed) -> Watched:
        session = Session(posed.question.net)
        return cls(CIRCUIT.start(posed.question, session, patient=True), session, posed.question)

    @property
    def lemmas(self) -> list[Conflict]:
        return self.session.of_net("circuit conflicts", list[Conflict])

    @property
    def circuit(self) -> Circuit:
        return self.session.of_net("circuit", lambda: Circuit(self.session.normal(Limits())))

    def lazy(self) -> int:
        """How many lemmas came from the cone: all but the linear relations, which are stated before the search.

        A relation's clauses are known to the solver, so that the cone never finds one of them.
        """
        circuit = self.circuit
        planes = {v: circuit.forms[v] for v in range(2, len(circuit.forms)) if v not in circuit.gates}
        stated = {
            frozenset(signs)
            for (first, second, third), _ in relations(planes)
            for signs in ((first, second, -third), (-first, -second, third))
        }
        return sum(frozenset(literals) not in stated for literals, _ in self.lemmas)


def check_lemmas(forms: Sequence[Key], lemmas: Sequence[Conflict]) -> None:
    """Each of them: positive multiples of the literals' forms vanish together; none twice."""
    for literals, multipliers in lemmas:
        assert min(multipliers) > 0
        assert not plus(
            *(
                (multiplier if literal > 0 else -multiplier, dict(forms[abs(literal)]))
                for literal, multiplier in zip(literals, multipliers, strict=True)
            )
        )
    assert len({frozenset(literals) for literals, _ in lemmas}) == len(lemmas)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_run_whose_lemmas_stay(stopped: bool) -> None:
    """Of nets whose conflicts are known beforehand, and of one whose conflicts the cone finds."""
    nets = [case.net for case in CASES if case.name in ("median two ways", "sum and maximum norms", "a wedge")]
    nets.append(to_mapping(generate("zonotope", inputs=3, inner=2, outer=3, seed=1)))
    for net in nets:
        posed = pose("", net, "unique", 3)
        watched = Watched.of(posed)
        known: list[Conflict] = []
        for Few.left in looks():
            answer = watched.run(Few() if stopped else Limits())
            assert watched.lemmas[: len(known)] == known
            known = list(watched.lemmas)
            if not isinstance(answer, Undecided):
                break
            assert answer.limited
        assert isinstance(answer, Refutation)
        assert judge(CIRCUIT, posed, answer)
        assert answer.effort["lemmas"] == len(known)
        check_lemmas(watched.circuit.forms, known)
        lazy = watched.lazy()
        assert (lazy > 30) == (net is nets[-1])
        assert lazy < 30 or len(known) > lazy


def test_a_search_is_hopeful_as_long_as_the_cone_has_little_to_say() -> None:
    posed = pose("", to_mapping(generate("zonotope", inputs=3, inner=2, outer=3, seed=1)), "unique", 3)
    watched = Watched.of(posed)
    hopes = []
    for Few.left in looks():
        answer = watched.run(Few())
        if not isinstance(answer, Undecided):
            break
        if watched.lemmas:
            assert answer.hopeful == (watched.lazy() < module.FEW_LEMMAS)
            hopes.append(answer.hopeful)
    assert hopes == sorted(hopes, reverse=True)
    assert set(hopes) == {True, False}
