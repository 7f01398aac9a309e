"""The monotone circuit: what its gates say, the room it takes, witnesses off the hyperplanes it forgot."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from support.circuits import FORGOTTEN, TAUTOLOGIES
from support.conformance import graph
from support.forms import plus, random_atoms, random_form
from support.posed import Posed, judge, pose

from subgrad_hardness import generate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.circuit import circuit as module
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import Key, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.session import Session

CIRCUIT = ENGINES["circuit"]


def value(form: Key, direction: Sequence[int]) -> int:
    return sum(entry * direction[variable] for variable, entry in form)


def truth(circuit: Circuit, direction: Sequence[int]) -> dict[int, bool] | None:
    """All literals at a direction; None on a hyperplane."""
    known = {TRUE: True, FALSE: False}
    for variable in range(2, len(circuit.forms)):
        if variable in circuit.gates:
            conjunction, left, right = circuit.gates[variable]
            assert {left, right} <= set(known), "children have smaller numbers"
            known[variable] = (known[left] and known[right]) if conjunction else (known[left] or known[right])
        else:
            level = value(circuit.forms[variable], direction)
            if not level:
                return None
            known[variable], known[-variable] = level > 0, level < 0
    return known


def test_the_gate_of_a_form_says_where_it_is_positive() -> None:
    """Several forms on one circuit; hyperplanes are stored once, oriented, and gates have other forms."""
    source = random.Random("circuit")
    tried = constants = 0
    for _ in range(150):
        inputs = source.randint(1, 3)
        normal = NormalForm(inputs, tuple(random_atoms(source, inputs, source.randint(1, 4))), ())
        circuit = Circuit(normal)
        forms = [random_form(source, inputs + len(normal.atoms)) for _ in range(3)]
        forms += [plus((-1, form)) for form in forms] + [plus((5, forms[0])), {}]
        gates = [circuit.gate(form, Limits()) for form in forms]
        assert gates[6] == gates[0]
        assert gates[7] == FALSE
        constants += sum(abs(gate) == TRUE for gate in gates[:6])
        assert circuit.gate(forms[0], Limits.seconds(-1)) == gates[0], "remembered"
        assert len(set(circuit.forms)) == len(circuit.forms) - 1
        planes = [form for number, form in enumerate(circuit.forms) if number > 1 and number not in circuit.gates]
        assert all(form[0][1] > 0 and form[-1][0] < inputs for form in planes)
        for _ in range(10):
            direction = tuple(source.randint(-999, 999) for _ in range(inputs))
            known = truth(circuit, direction)
            if known is not None:
                tried += 1
                for form, gate in zip(forms, gates, strict=True):
                    assert known[gate] == (normal.value(form, direction) > 0)
    assert tried > 1000
    assert constants > 10


def test_rules_are_stated_children_first() -> None:
    """Every form over atoms that a gate's truth needs is ruled, after the forms it leads to; constants may not be."""
    source = random.Random("ruled")
    for _ in range(60):
        normal = NormalForm(2, tuple(random_atoms(source, 2, 4)), ())
        circuit = Circuit(normal)
        form = random_form(source, 6)
        circuit.gate(form, Limits())
        place = {key: number for number, (key, _) in enumerate(circuit.ruled)}
        assert len(place) == len(circuit.ruled)
        if max(form) >= 2:
            assert circuit.ruled[-1][0] == key_of(form)
        assert all(atom == key[-1][0] - 2 for key, atom in circuit.ruled)
        for key, number in place.items():
            if circuit.gate(dict(key), Limits()) in (TRUE, FALSE):
                continue  # one child may have settled it
            *rest, (last, coefficient) = key
            for child in (dict(rest), plus((1, dict(rest)), (coefficient, normal.atoms[last - 2]))):
                if child and max(child) >= 2:
                    assert place[key_of(child)] < number


@pytest.mark.parametrize(("gain", "expected"), [(1, TRUE), (-1, FALSE)])
def test_opposite_sides_of_a_hyperplane_are_everything_or_nothing(gain: int, expected: int) -> None:
    """2 relu(x) - x = |x| off x = 0, and minus that."""
    circuit = Circuit(NormalForm(1, ({0: 1},), ()))
    assert circuit.gate({0: -gain, 1: 2 * gain}, Limits()) == expected
    assert circuit.gates == {}


@pytest.mark.parametrize("lines", [*FORGOTTEN, *TAUTOLOGIES])
def test_a_witness_is_off_the_hyperplanes_that_were_forgotten(lines: str) -> None:
    net = graph("x y z", lines, "f")
    for number in range(12):
        posed = pose(lines, net, "distinct", number)
        assert judge(CIRCUIT, posed, CIRCUIT.decide(posed.question, Limits()))


def test_a_step_off_a_hyperplane_is_as_small_as_it_has_to_be() -> None:
    """In two thin cones at once, 999999999 x < y < 10^9 x and the same for u, v; and z = 0 at the cone's point."""
    thin = "p = 1000000000 {0} - {1}; q = {1} - 999999999 {0}"
    lines = f"{thin.format('x', 'y')}; {thin.format('u', 'v').replace('p', 'r').replace('q', 's')}; a = abs z;"
    posed = pose(lines, graph("x y u v z", f"{lines} m = min p q r s a; f = relu m", "f"), "distinct", 3)
    assert judge(CIRCUIT, posed, CIRCUIT.decide(posed.question, Limits()))


def zonotope() -> Posed:
    """A sum of many relus: 62 gates over 15 hyperplanes."""
    return pose("", to_mapping(generate("zonotope", inputs=3, inner=2, outer=3, seed=1)), "unique", 3)


def test_a_circuit_that_outgrows_its_room_is_another_engines_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on with more room when it is asked again, and what it had stays."""
    monkeypatch.setattr(module, "FIRST_GATES", 3)
    monkeypatch.setattr(module, "GATES_EACH", 1)
    monkeypatch.setattr(module, "GROWTH", 2)
    posed = zonotope()
    run = CIRCUIT.start(posed.question)
    said = []
    while isinstance(answer := run(Limits()), Undecided):
        assert answer.limited and not answer.hopeful
        said.append(answer.why)
    atoms = len(Session(posed.question.net).goal_forms(posed.question, Limits()).normal.atoms)
    assert said == [f"circuit: more than {(3 + atoms) * 2**k} gates" for k in range(len(said))]
    assert len(said) > 2
    assert judge(CIRCUIT, posed, answer)
    assert answer == CIRCUIT.decide(posed.question, Limits()), "a patient run takes the room at once"


def test_a_circuit_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it says so, however patient it is, and however often it is asked."""
    monkeypatch.setattr(module, "FIRST_GATES", 3)
    monkeypatch.setattr(module, "GATES_EACH", 0)
    monkeypatch.setattr(module, "MOST_GATES", 30)
    posed = zonotope()
    final = Undecided("circuit: more than 30 gates")
    assert CIRCUIT.decide(posed.question, Limits()) == final
    run = CIRCUIT.start(posed.question)
    assert run(Limits()) == Undecided("circuit: more than 3 gates", limited=True)
    assert run(Limits()) == Undecided("circuit: more than 24 gates", limited=True)
    assert run(Limits()) == final == run(Limits())


def test_the_room_counts_gates_and_hyperplanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_GATES", 2)
    monkeypatch.setattr(module, "GATES_EACH", 1)
    circuit = Circuit(NormalForm(2, ({0: 1},), ()))
    assert circuit.room == 3
    assert circuit.gate({0: 1}, Limits()) == 2
    assert circuit.gate({1: 1}, Limits()) == 3
    with pytest.raises(LimitReached, match="more than 3"):
        circuit.gate({0: 1, 1: 1}, Limits())
    assert circuit.gate({0: 1, 1: 1}, Limits()) == 4


def test_a_limit_is_seen_while_the_circuit_grows() -> None:
    with pytest.raises(LimitReached):
        Circuit(NormalForm(1, ({0: 1},), ())).gate({1: 1}, Limits.seconds(-1))


def test_an_answer_says_how_it_was_found() -> None:
    posed = zonotope()
    answer = CIRCUIT.decide(posed.question, Limits())
    assert isinstance(answer, Refutation)
    assert " gates over " in answer.why
    assert "Gordan lemmas" in answer.why
