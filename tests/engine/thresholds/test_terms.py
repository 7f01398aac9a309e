"""Terms say what the net says: at every direction, over the atoms, and up to debts that are zero."""

from __future__ import annotations

import random

import pytest
from support.threshold_nets import NO_LIMITS, min_max_net, read_terms, sample_nets

from subgrad_hardness import generate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.engine.thresholds import terms as module
from subgrad_hardness.engine.thresholds.sweep import Sweep
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.question.session import Session


def values(terms: Terms, direction: tuple[int, ...]) -> list[int]:
    """Inputs and terms at a direction, by the terms' own sides."""
    known = list(direction)
    for term in terms.terms:
        left, right = (sum(entry * known[variable] for variable, entry in side.items()) for side in term[1:3])
        total = min(left, right) if term.minimum else max(left, right)
        assert total % term.factor == 0
        known.append(total // term.factor)
    return known


def require_right(session: Session, terms: Terms, source: random.Random) -> None:
    """The sides of every term give its form's value, and the form is what the relu rule makes of it."""
    normal = session.normal(NO_LIMITS)
    for _ in range(5):
        direction = tuple(source.randint(-9, 9) for _ in range(terms.inputs))
        for term, value in zip(terms.terms, values(terms, direction)[terms.inputs :], strict=True):
            assert normal.value(term.form, direction) == value
    for term in terms.terms:
        coefficient = term.form[term.atom]
        rest = {variable: entry * term.factor for variable, entry in term.form.items() if variable != term.atom}
        assert terms.form(term.left) == rest
        assert term.minimum == (coefficient < 0)
        passed: Form = dict(rest)
        add(passed, normal.atoms[term.atom - terms.inputs], coefficient * term.factor)
        factor, debts = terms.arguments.get(term.atom, (1, {}))
        owed = {variable: entry * factor for variable, entry in passed.items()}
        add(owed, terms.form(term.right), -factor)
        for variable, entry in debts.items():
            add(owed, terms.errors[variable], -entry * coefficient * term.factor)
        assert not owed


def test_terms_are_what_the_net_is() -> None:
    source = random.Random("terms")
    completed = 0
    for net in sample_nets(120):
        session, terms, outputs = read_terms(net)
        require_right(session, terms, source)
        completed += any(term.left for term in terms.terms)
        assert [terms.paid(output) for output in outputs] == list(session.normal(NO_LIMITS).outputs)
        assert not any(output.debts for output in outputs)
    assert completed > 50


def test_swept_terms_are_what_the_net_is_up_to_their_debts() -> None:
    source = random.Random("swept")
    merged = indebted = 0
    for net in sample_nets(120):
        session = Session(localise(load(net)).net)
        sweep = Sweep(session.net, session.normal(NO_LIMITS), session.kink_values(NO_LIMITS))
        terms = sweep.terms
        outputs = terms.read(NO_LIMITS)
        require_right(session, terms, source)
        assert [terms.paid(output) for output in outputs] == list(session.normal(NO_LIMITS).outputs)
        for error in terms.errors.values():
            for _ in range(20):
                direction = tuple(source.randint(-9, 9) for _ in range(terms.inputs))
                assert session.normal(NO_LIMITS).value(error, direction) == 0
        merged += bool(terms.errors)
        indebted += any(output.debts for output in outputs) or bool(terms.arguments)
    assert merged > 5
    assert indebted > 2


def test_a_wire_of_a_sorting_network_is_one_term() -> None:
    """Its form over atoms is long; its shape is a maximum or a minimum of two wires before it."""
    _, terms, outputs = read_terms(to_mapping(generate("sorting", inputs=12)))
    assert len(terms.members(outputs[0].shape)) == 2
    assert max(len(terms.members(term.right)) for term in terms.terms if term.left) == 1
    assert max(len(term.form) for term in terms.terms) > 8


def test_halves_of_absolute_values_are_maxima() -> None:
    """(p + q + |p - q|) / 2 is the maximum of p and q, however it is written."""
    net = {
        "inputs": ["x", "y", "z"],
        "nodes": [
            {"id": "p", "op": "max", "args": ["x", "y"]},
            {"id": "q", "op": "max", "args": ["y", "z"]},
            {"id": "d", "op": "affine", "args": ["p", "q"], "coefficients": [1, -1]},
            {"id": "a", "op": "abs", "args": ["d"]},
            {"id": "f", "op": "affine", "args": ["p", "q", "a"]},
        ],
        "outputs": ["f"],
    }
    _, terms, ((shape, _),) = read_terms(net)
    (member,) = terms.members(shape)
    term = terms.terms[member - 3]
    assert not term.minimum
    assert len(terms.members(term.left)) == len(terms.members(term.right)) == 1


def test_a_limit_leaves_what_was_read() -> None:
    net = to_mapping(generate("sorting", inputs=8))
    session, whole, outputs = read_terms(net)
    terms = Terms(session.net, session.normal(NO_LIMITS), session.kink_values(NO_LIMITS))
    with pytest.raises(LimitReached):
        terms.read(Limits.seconds(-1))
    assert terms.read(NO_LIMITS) == outputs
    assert terms.terms == whole.terms
    assert terms.read(NO_LIMITS) == outputs


def test_wide_nets_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ENTRIES", 10)
    with pytest.raises(GaveUp, match="too wide"):
        read_terms(min_max_net(random.Random(1), 4, 9))
