"""Concave pieces: what hinges pay for is no more than they have, and conflicts that do without phases still hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from support.conformance import layers
from support.lemmas import check_lemmas
from support.posed import Posed, judge, pose

from subgrad_hardness import generate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.phase import concave as module
from subgrad_hardness.engine.phase.concave import ConcavePiece, Conflict, Domination, DominationGroups
from subgrad_hardness.engine.phase.lemmas import MOST_FAILURES, PhaseLemmas, negated
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.linear.box import SeparatingPoint
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Literal
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.session import Session

PHASE = ENGINES["phase"]


class Shortened(NamedTuple):
    """A conflict at a random point, and the shorter one that was found."""

    long: Conflict
    short: Conflict


def refuted(posed: Posed, session: Session | None = None) -> Refutation | None:
    """The phase engine's answer, judged, with its lemmas checked."""
    answer = PHASE.decide(posed.question, Limits(), session)
    assert judge(PHASE, posed, answer)
    if not isinstance(answer, Refutation):
        return None
    assert answer.proof is not None
    check_lemmas(answer.proof.normal, answer.proof.lemmas)
    return answer


def pieces(posed: Posed) -> Iterator[ConcavePiece]:
    """The goals and kinks over one layer of kinks, each with lemmas of its own."""
    goals = Session(posed.question.net).goal_forms(posed.question, Limits())
    asked = [key_of(block.form) for block in goals.split.blocks] + [key_of(atom) for atom in goals.normal.atoms]
    for form in dict.fromkeys(asked):
        store = PhaseLemmas(goals.normal, goals.coordinates, goals.half)
        if store.one_layer(form) and not store.linear(form):
            yield ConcavePiece(store, Literal(form, True))


def at(piece: ConcavePiece, point: tuple[int, ...], shortened: bool = True) -> Shortened | None:
    """The piece is asked about with the phases and rows of a point, as the theory check does, and learns.

    None if it is positive there; what is positive nowhere has a conflict at each point.
    """
    store = piece.store
    values = store.normal.values(point)
    phases = {atom: sum(entry * values[v] for v, entry in store.keys[atom]) > 0 for atom in piece.added}
    stated = {store.phases[k] if passes else negated(store.phases[k]) for k, passes in phases.items()}
    rows = [store.literal_row(literal) for literal in sorted(stated)]
    conflict = piece.solve(phases, (), rows, Limits())
    if isinstance(conflict, SeparatingPoint):
        return None
    check_dominations(piece, piece.dominations(values, phases))
    short = piece.shortened(conflict, rows, values, Limits()) if shortened else conflict
    piece.learn(short)
    check_shortened(piece, conflict, short, rows)
    return Shortened(conflict, short)


def check_shortened(piece: ConcavePiece, conflict: Conflict, shorter: Conflict, rows: Sequence[int]) -> None:
    """It names the same phases but for the dominated atoms, and no row that states such a phase."""
    store = piece.store
    assert conflict.phases.keys() == piece.added.keys()
    freed = {domination.atom for domination in shorter.dominations}
    assert len(freed) == len(shorter.dominations)
    named = {store.phases[atom].form for atom in freed}
    kept = {k: passes for k, passes in conflict.phases.items() if store.phases[k].form not in named}
    assert shorter.phases == kept
    assert set(shorter.rows) <= set(rows)
    assert not any(store.rows[number].literal.form in named for number in shorter.rows)


def check_dominations(piece: ConcavePiece, groups: DominationGroups) -> None:
    """They hold, and those that are affordable are paid for by what there is."""
    for group in groups:
        for domination in group:
            assert holds(piece, domination)
    affordable = piece.affordable([domination for group in groups for domination in group])
    scales = {domination.size // piece.added[domination.atom] for domination in affordable}
    assert len(scales) <= 1
    for atom, size in piece.hinges.items():
        paid = [abs(multiple) for _, _, parts in affordable for other, multiple in parts if other == atom]
        assert not paid or sum(paid) <= size * max(scales)


def holds(piece: ConcavePiece, domination: Domination) -> bool:
    """At random points, and as an identity of forms."""
    normal = piece.store.normal
    atom, size, parts = domination
    source = random.Random(str(domination))
    for _ in range(4):
        values = normal.values(random_point(source, normal.inputs))
        arguments = {k: sum(c * values[v] for v, c in normal.atoms[k].items()) for k, _ in (*parts, (atom, 0))}
        if size * arguments[atom] != sum(multiple * arguments[k] for k, multiple in parts):
            return False
        if size * max(arguments[atom], 0) > sum(max(multiple * arguments[k], 0) for k, multiple in parts):
            return False
    return set(dict(parts)) <= piece.hinges.keys() and size > 0


def random_point(source: random.Random, inputs: int) -> tuple[int, ...]:
    return tuple(source.randint(-9, 9) for _ in range(inputs))


def conflicts(posed: Posed, count: int) -> Iterator[Shortened]:
    """Conflicts at so many random points for each piece; in the end all lemmas are checked."""
    source = random.Random(posed.name)
    for piece in pieces(posed):
        for _ in range(count):
            found = at(piece, random_point(source, piece.store.normal.inputs))
            if found is not None:
                yield found
        check_lemmas(piece.store.normal, piece.store.lemmas)


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


def test_conflicts_on_ridges_do_without_many_phases() -> None:
    """Of 2592 phases, at random points, 1870 were needed."""
    lengths = [
        (len(conflict.phases), len(shorter.phases)) for posed in ridges() for conflict, shorter in conflicts(posed, 12)
    ]
    assert len(lengths) > 100
    assert sum(shorter for _, shorter in lengths) < 0.73 * sum(longer for longer, _ in lengths)


def test_ridges_are_decided() -> None:
    for posed in ridges():
        refuted(posed)


def test_few_conflicts_where_many_orders_are() -> None:
    """Seven inputs have 2^7 7! chambers of x_i = 0 and x_i = +-x_j; without dominations a minute is too short."""
    answer = refuted(posed_family("naesat", variables=7, ratio=2, form="layers2", seed=1))
    assert answer is not None
    assert answer.proof is not None
    assert len(answer.proof.lemmas) < 1000


def test_where_nothing_is_gained_it_is_given_up() -> None:
    """All phases of a maximum cut net are needed: the rewards have been taken off the charges."""
    posed = posed_family("maxcut", vertices=6, offset=1, seed=1)
    (piece,) = pieces(posed)
    source = random.Random("nothing gained")
    for number in range(2 * MOST_FAILURES):
        assert piece.store.shortening == (number < MOST_FAILURES)
        found = at(piece, random_point(source, piece.store.normal.inputs))
        assert found is not None
        assert found.long == found.short
    session = Session(posed.question.net)
    refuted(posed, session)
    kept = session.of_net("phase", dict[object, PhaseLemmas])
    assert [store.shortening for store in kept.values()] == [False]


def test_large_matrices_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    posed = posed_family("naesat", variables=5, ratio=3, form="layers2", seed=1)
    shorter = [found for found in conflicts(posed, 5) if found.long != found.short]
    assert shorter
    monkeypatch.setattr(module, "_MOST_ENTRIES", 10)
    for piece in pieces(posed):
        phases = dict.fromkeys(piece.added, True)
        assert not any(piece.dominations(piece.store.normal.values((1, 2, 3, 4, 5)), phases))
    assert all(longer == shorter for longer, shorter in conflicts(posed, 5))
    refuted(posed)


def test_a_limit_leaves_the_long_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: ConcavePiece, *_: Any) -> Conflict:
        raise LimitReached("time limit")

    posed = posed_family("clique", vertices=5, offset=1, seed=1)
    monkeypatch.setattr(ConcavePiece, "shortened", stopped)
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
    dominated = 0
    for number in range(300):
        posed = pose(str(number), random_difference(source), "", number)
        cells = ENGINES["cells"].decide(posed.question, Limits())
        posed = posed._replace(verdict="unique" if isinstance(cells, Refutation) else "distinct")
        verdicts[posed.verdict] += 1
        refuted(posed)
        dominated += sum(bool(shorter.dominations) for _, shorter in conflicts(posed, 1))
    assert min(verdicts.values()) > 40, verdicts
    assert dominated > 20


def piece(atoms: Sequence[dict[int, int]], form: dict[int, int], inputs: int) -> tuple[ConcavePiece, NormalForm]:
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
