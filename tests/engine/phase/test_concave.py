"""Concave pieces: what hinges pay for is no more than they have, and conflicts that do without phases still hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest
from support.conformance import layers
from support.lemmas import check_lemmas
from support.posed import Posed, judge, pose

from subgrad_hardness import generate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.phase import concave as module
from subgrad_hardness.engine.phase.concave import ConcavePiece, Conflict, Domination, DominationGroups
from subgrad_hardness.engine.phase.lemmas import MOST_FAILURES, PhaseLemmas
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.linear.box import SeparatingPoint
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Literal
from subgrad_hardness.question.answer import Refutation, Undecided

PHASE = ENGINES["phase"]


class Recorded(ConcavePiece):
    """Keeps what was asked and found, and checks each conflict at random points."""

    seen: ClassVar[list[tuple[Conflict, Conflict]]] = []
    groups: ClassVar[list[DominationGroups]] = []

    def shortened(self, conflict: Conflict, rows: Sequence[int], values: Sequence[int], limits: Limits) -> Conflict:
        shorter = super().shortened(conflict, rows, values, limits)
        assert conflict.phases.keys() == self.added.keys()
        freed = {domination.atom for domination in shorter.dominations}
        assert len(freed) == len(shorter.dominations)
        assert shorter.phases == {atom: passes for atom, passes in conflict.phases.items() if atom not in freed}
        assert set(shorter.rows) <= set(rows)
        named = {self.store.phases[atom].form for atom in freed}
        assert not any(self.store.rows[number].literal.form in named for number in shorter.rows)
        self.seen.append((conflict, shorter))
        return shorter

    def dominations(self, values: Sequence[int], phases: Any) -> DominationGroups:
        groups = super().dominations(values, phases)
        self.groups.append(groups)
        for group in groups:
            for domination in group:
                assert self.holds(domination)
        affordable = self.affordable([domination for group in groups for domination in group])
        for atom, size in self.hinges.items():
            paid = [abs(multiple) for _, _, parts in affordable for other, multiple in parts if other == atom]
            scales = {domination.size // self.added[domination.atom] for domination in affordable}
            assert not paid or sum(paid) <= size * max(scales)
            assert len(scales) <= 1
        return groups

    def holds(self, domination: Domination) -> bool:
        """At random points, and as an identity of forms."""
        normal = self.store.normal
        atom, size, parts = domination
        source = random.Random(str(domination))
        for _ in range(4):
            values = normal.values(tuple(source.randint(-9, 9) for _ in range(normal.inputs)))
            arguments = {k: sum(c * values[v] for v, c in normal.atoms[k].items()) for k, _ in (*parts, (atom, 0))}
            if size * arguments[atom] != sum(multiple * arguments[k] for k, multiple in parts):
                return False
            if size * max(arguments[atom], 0) > sum(max(multiple * arguments[k], 0) for k, multiple in parts):
                return False
        return set(dict(parts)) <= self.hinges.keys() and size > 0


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subgrad_hardness.engine.phase.theory.ConcavePiece", Recorded)
    Recorded.seen.clear()
    Recorded.groups.clear()


def refuted(posed: Posed) -> Refutation | None:
    """The phase engine's answer, judged, with its lemmas checked."""
    answer = PHASE.decide(posed.question, Limits())
    assert judge(PHASE, posed, answer)
    if not isinstance(answer, Refutation):
        return None
    assert answer.proof is not None
    check_lemmas(answer.proof.normal, answer.proof.lemmas)
    return answer


def posed_family(name: str, **arguments: Any) -> Posed:
    program = generate(name, **arguments)
    return pose(name, to_mapping(program), (program.provenance or {})["verdict"], 1)


def ridges() -> Iterator[Posed]:
    """Nets whose rewards are paid by the charges for leaving the diagonals."""
    for seed in range(3):
        yield posed_family("naesat", variables=6, ratio=3, form="layers2", seed=seed)
        yield posed_family("onein3", variables=6, ratio=1, form="layers2", seed=seed)
        yield posed_family("clique", vertices=7, offset=1, seed=seed)
        yield posed_family("vertexcover", vertices=7, offset=1, seed=seed)
        yield posed_family("zonotope", inputs=4, inner=6, outer=7, seed=seed)


def test_conflicts_on_ridges_do_without_most_phases() -> None:
    for posed in ridges():
        refuted(posed)
    lengths = [(len(conflict.phases), len(shorter.phases)) for conflict, shorter in Recorded.seen]
    assert len(lengths) > 100
    assert sum(shorter for _, shorter in lengths) < 0.7 * sum(longer for longer, _ in lengths)


def test_few_conflicts_where_many_orders_are() -> None:
    """Seven inputs have 2^7 7! chambers of x_i = 0 and x_i = +-x_j; without dominations a minute is too short."""
    answer = refuted(posed_family("naesat", variables=7, ratio=2, form="layers2", seed=1))
    assert answer is not None
    assert answer.proof is not None
    assert len(answer.proof.lemmas) < 1000


def test_where_nothing_is_gained_it_is_given_up() -> None:
    """All phases of a maximum cut net are needed: the rewards have been taken off the charges."""
    refuted(posed_family("maxcut", vertices=6, offset=1, seed=1))
    assert len(Recorded.seen) > 2 * MOST_FAILURES
    assert len(Recorded.groups) == MOST_FAILURES
    assert all(longer == shorter for longer, shorter in Recorded.seen)


def test_large_matrices_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ENTRIES", 10)
    refuted(posed_family("naesat", variables=5, ratio=3, form="layers2", seed=1))
    assert Recorded.groups
    assert not any(any(groups) for groups in Recorded.groups)
    assert all(longer == shorter for longer, shorter in Recorded.seen)


def test_a_limit_leaves_the_long_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: ConcavePiece, *_: Any) -> Conflict:
        raise LimitReached("time limit")

    posed = posed_family("clique", vertices=5, offset=1, seed=1)
    monkeypatch.setattr(Recorded, "shortened", stopped)
    run = PHASE.start(posed.question)
    learned = [run(Limits()) for _ in range(3)]
    assert all(isinstance(answer, Undecided) and answer.limited for answer in learned)
    monkeypatch.undo()
    answer = run(Limits())
    assert isinstance(answer, Refutation)
    assert answer.proof is not None
    assert len(answer.proof.lemmas) >= 3
    check_lemmas(answer.proof.normal, answer.proof.lemmas)
    again = PHASE.decide(posed.question, Limits())
    assert judge(PHASE, posed, again)


def random_difference(source: random.Random) -> dict[str, Any]:
    """relu(a linear form plus relus minus relus) in two or three inputs, all forms small."""
    inputs = source.randint(2, 3)
    rows = [[source.randint(-2, 2) for _ in range(inputs)] for _ in range(source.randint(3, 7))]
    top = [source.choice((1, 1, -2, -3)) for _ in rows]
    return layers(rows, [top], [[1]])


def test_random_differences_are_decided_as_the_cells_say() -> None:
    source = random.Random("hinges")
    verdicts = {"distinct": 0, "unique": 0}
    for number in range(300):
        posed = pose(str(number), random_difference(source), "", number)
        cells = ENGINES["cells"].decide(posed.question, Limits())
        posed = posed._replace(verdict="unique" if isinstance(cells, Refutation) else "distinct")
        verdicts[posed.verdict] += 1
        refuted(posed)
    assert min(verdicts.values()) > 40, verdicts
    assert sum(bool(shorter.dominations) for _, shorter in Recorded.seen) > 20


def piece(atoms: Sequence[dict[int, int]], form: dict[int, int], inputs: int) -> tuple[ConcavePiece, NormalForm]:
    from subgrad_hardness.question.coordinates import Coordinates

    normal = NormalForm(inputs, tuple(atoms), ())
    store = PhaseLemmas(normal, Coordinates(tuple(range(inputs)), inputs), None)
    return ConcavePiece(store, Literal(tuple(sorted(form.items())), True)), normal


def test_what_the_hinges_pay_for() -> None:
    """relu(x - y) - 2 relu(x - z) - 2 relu(y - z): relu(x - y) <= relu(x - z) + relu(z - y)."""
    asked, normal = piece(({0: 1, 1: -1}, {0: 1, 2: -1}, {1: 1, 2: -1}), {3: 1, 4: -2, 5: -2, 1: 1, 2: -1}, 3)
    assert (asked.added, asked.hinges, asked.linear) == ({0: 1}, {1: 2, 2: 2}, {1: 1, 2: -1})
    domination = Domination(0, 1, ((1, 1), (2, -1)))
    answer = asked.solve({}, [domination], (), Limits())
    assert isinstance(answer, Conflict)
    assert (answer.scale, answer.denominator, answer.phases, answer.rows) == (1, 1, {}, {})
    # y - z + (y - z)(-1) = 0 is taken of what is left, 1 of each.
    assert (answer.taken, answer.kept) == ({1: 0, 2: 0}, {1: 1, 2: 1})
    asked.learn(answer)
    check_lemmas(normal, asked.store.lemmas)
    passing, blocked, main = asked.store.lemmas
    never = Literal(((1, 1), (2, -1), (3, 1), (4, -1), (5, -1)), True)
    phase = asked.store.phases[0]
    assert {passing.clause[0], blocked.clause[0]} == {Literal(never.form, False)}
    assert {passing.clause[1], blocked.clause[1]} == {phase, Literal(phase.form, False)}
    assert set(main.clause) == {Literal(asked.literal.form, False), never}
    asked.learn(answer)
    assert len(asked.store.lemmas) == 4  # the two cases are stated once
    assert list(asked.store.variables) == [asked.literal.form]  # the solver hears of no phase


def test_a_form_that_hinges_cannot_hold_is_positive_somewhere() -> None:
    asked, normal = piece(({0: 1, 1: -1}, {0: 1, 2: -1}, {1: 1, 2: -1}), {3: 3, 4: -2, 5: -2}, 3)
    answer = asked.solve({0: True}, (), (), Limits())
    assert isinstance(answer, SeparatingPoint)
    assert normal.value(dict(asked.literal.form), answer.point) > 0


def test_nobody_pays_more_than_there_is() -> None:
    asked, _ = piece(({0: 1, 1: -1}, {0: 1, 2: -1}, {1: 1, 2: -1}), {3: 3, 4: -2, 5: -2}, 3)
    assert asked.affordable([Domination(0, 3, ((1, 3), (2, -3)))]) == []
    one = Domination(0, 3, ((1, 2), (2, -2)))
    assert asked.affordable([one]) == [one]
    assert asked.affordable([one, Domination(0, 3, ((1, 1),))]) == [one]
    assert asked.affordable([one, Domination(0, 3, ())]) == [one, Domination(0, 3, ())]
