"""The unfolded circuit: its literals say where forms are positive, its lemmas add up, its search for bounds ends."""

from __future__ import annotations

import random

import pytest
from support.posed import judge, pose
from support.threshold_nets import NO_LIMITS, sample_nets

from subgrad_hardness import generate
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.engine.thresholds import unfolded as module
from subgrad_hardness.engine.thresholds.decide import ThresholdsRun
from subgrad_hardness.engine.thresholds.sightings import Sightings
from subgrad_hardness.engine.thresholds.unfolded import UnfoldedCircuit
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.generators import EXCESS, VALUE
from subgrad_hardness.normal_form.linear_form import Form, add, key_of
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import pose as posed_program
from subgrad_hardness.question.session import Session


def test_literals_say_where_forms_are_positive() -> None:
    """Off the hyperplanes; forms that the circuit takes to be false are positive nowhere."""
    source = random.Random("unfolded")
    constants = 0
    for net in sample_nets(80):
        normal = Session(localise(load(net)).net).normal(NO_LIMITS)
        circuit = UnfoldedCircuit(normal)
        for output in filter(None, normal.outputs):
            literal = circuit.gate(output, NO_LIMITS)
            constants += literal in (TRUE, FALSE)
            for _ in range(20):
                direction = tuple(source.randint(-99, 99) for _ in range(normal.inputs))
                known = {TRUE: True, FALSE: False}
                for variable in range(2, len(circuit.forms)):
                    if variable in circuit.gates:
                        conjunction, left, right = circuit.gates[variable]
                        known[variable] = (
                            all((known[left], known[right])) if conjunction else known[left] or known[right]
                        )
                    else:
                        level = sum(entry * direction[index] for index, entry in circuit.forms[variable])
                        known[variable], known[-variable] = level > 0, level < 0
                value = normal.value(output, direction)
                if value > 0 or all(
                    sum(entry * direction[index] for index, entry in circuit.forms[variable])
                    for variable in range(2, len(circuit.forms))
                    if variable not in circuit.gates
                ):
                    assert known[literal] == (value > 0)
    assert constants > 10


def test_lowered_forms_are_seen_as_they_are() -> None:
    """The values of a form less an atom, or with its argument in its place, are those of what is left."""
    source = random.Random("sightings")
    positive = set()
    for net in sample_nets(20):
        normal = Session(localise(load(net)).net).normal(NO_LIMITS)
        sightings = Sightings(normal)
        for number, atom in enumerate(normal.atoms):
            variable = normal.inputs + number
            form: Form = {index: source.choice([-2, -1, 1]) for index in range(normal.inputs)}
            without, passed = dict(form), dict(form)
            form[variable] = entry = source.choice([-3, -1, 2])
            add(passed, atom, entry)
            values = sightings.of(key_of(form, 1))
            for seen, wanted in (
                (sightings.blocked(values, variable, entry), without),
                (sightings.passed(values, variable, entry), passed),
            ):
                exact = sightings.of(key_of(wanted, 1))
                assert seen.total == exact.total
                assert seen.bound >= 0
                positive.add(sightings.is_positive(seen))
    assert positive == {True, False}


def test_bounds_are_sums_of_generators() -> None:
    """Each lemma has one literal, and its form and the generators add up to zero."""
    program = generate("sorting", inputs=6, what="largest", k=3)
    question = posed_program(program).question
    session = Session(question.net)
    goals, normal = session.goal_forms(question, NO_LIMITS), session.normal(NO_LIMITS)
    circuit = UnfoldedCircuit(normal)
    assert {circuit.gate(form, NO_LIMITS) for form in goals.forms} == {FALSE}
    assert circuit.links
    kinds = set()
    for (literal,), multipliers, generators in circuit.links:
        assert multipliers == (1,) and not literal.positive
        total: Form = dict(literal.form)
        for atom, kind, multiplier in generators:
            assert multiplier > 0
            kinds.add(kind)
            add(total, {normal.inputs + atom: 1}, multiplier)
            if kind == EXCESS:
                add(total, normal.atoms[atom], -multiplier)
        assert not total
    assert kinds == {VALUE, EXCESS}


def test_sums_of_order_statistics_take_no_gates_and_no_conflicts() -> None:
    for what, verdict in (({}, "unique"), ({"moved": True}, "distinct")):
        net = to_mapping(generate("sorting", inputs=7, what="largest", k=3, **what))
        posed = pose("largest", net, verdict, 1)
        answer = ENGINES["thresholds"].decide(posed.question, NO_LIMITS)
        assert judge(ENGINES["thresholds"], posed, answer)
        if isinstance(answer, Refutation):
            assert answer.effort == {"gates": 0, "half_spaces": 0, "lemmas": 0, "conflicts": 0}


def test_two_terms_are_not_unfolded() -> None:
    question = posed_program(generate("sorting", inputs=8)).question
    run = ThresholdsRun(question, Session(question.net))
    assert isinstance(run.decide(NO_LIMITS), Refutation)
    assert len(run.stages) == 2


def test_the_search_for_bounds_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next stage answers where too many forms were looked at."""
    monkeypatch.setattr(module, "MOST_FORMS", 5)
    question = posed_program(generate("sorting", inputs=5, what="largest", k=2)).question
    session = Session(question.net)
    circuit = UnfoldedCircuit(session.normal(NO_LIMITS))
    with pytest.raises(GaveUp, match="more than 5 forms"):
        for form in session.goal_forms(question, NO_LIMITS).forms:
            circuit.gate(form, NO_LIMITS)
    run = ThresholdsRun(question, session)
    assert isinstance(run.decide(NO_LIMITS), Refutation)
    assert len(run.stages) < 3
