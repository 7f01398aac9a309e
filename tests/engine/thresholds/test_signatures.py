"""Signatures are guesses that never miss: terms equal up to a factor and a linear form have the same residue."""

from __future__ import annotations

import random

import numpy
import pytest
from support.threshold_nets import NO_LIMITS, read_terms, sample_nets

from subgrad_hardness.engine.thresholds import signatures as module
from subgrad_hardness.engine.thresholds.signatures import Signatures


def test_equal_up_to_a_factor_and_a_linear_form() -> None:
    """max(x, y), its multiples, and |x - y|, which is 2 max(x, y) - x - y."""
    net = {
        "inputs": ["x", "y", "z"],
        "nodes": [
            {"id": "a", "op": "max", "args": ["x", "y", "z"]},
            {"id": "s", "op": "affine", "args": ["x", "z"], "coefficients": [3, 1]},
            {"id": "t", "op": "affine", "args": ["y", "z"], "coefficients": [3, 1]},
            {"id": "u", "op": "affine", "args": ["z"], "coefficients": [4]},
            {"id": "b", "op": "max", "args": ["u", "s", "t"]},
        ],
        "outputs": ["a", "b"],
    }
    _, terms, ((first, _), (second, _)) = read_terms(net)
    found = Signatures(terms)
    for _ in terms.terms:
        found.add()
    (one,), (other,) = terms.members(first), terms.members(second)
    a, b = found.signature(one), found.signature(other)
    assert a.residue == b.residue
    assert abs(b.factor) == 3 * abs(a.factor)
    difference = {other: 1, one: -b.factor // a.factor}
    linear = found.linear_part(difference)
    assert linear == {2: 1}
    values = found.at(difference) - found.at(linear)
    assert not values.any()


def test_linear_terms_have_no_residue() -> None:
    net = {"inputs": ["x"], "nodes": [{"id": "r", "op": "max", "args": ["x", "x"]}], "outputs": ["r"]}
    _, terms, _ = read_terms(net)
    assert not terms.terms
    net["nodes"] = [
        {"id": "a", "op": "abs", "args": ["x"]},
        {"id": "b", "op": "affine", "args": ["a"], "coefficients": [2]},
        {"id": "r", "op": "max", "args": ["a", "b"]},
    ]
    _, terms, _ = read_terms(net)
    found = Signatures(terms)
    for _ in terms.terms:
        found.add()
    assert {found.signature(1 + number).factor == 0 for number in range(len(terms.terms))} == {False}


def test_no_guess_beyond_64_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = 2**61
    net = {
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "a", "op": "affine", "args": ["x", "y"], "coefficients": [huge, 3]},
            {"id": "b", "op": "max", "args": ["a", "y"]},
        ],
        "outputs": ["b"],
    }
    _, terms, _ = read_terms(net)
    found = Signatures(terms)
    with pytest.raises(OverflowError):
        for number in range(len(terms.terms)):
            found.add()
            found.signature(2 + number)
    monkeypatch.setattr(module, "_MOST_VALUES", 1)
    _, terms, _ = read_terms({**net, "nodes": [{"id": "b", "op": "max", "args": ["x", "y"]}]})
    with pytest.raises(OverflowError):
        Signatures(terms).add()


def test_values_agree_with_python() -> None:
    source = random.Random("signatures")
    for net in sample_nets(60):
        session, terms, _ = read_terms(net)
        found = Signatures(terms)
        try:
            for _ in terms.terms:
                found.add()
        except OverflowError:
            continue
        normal = session.normal(NO_LIMITS)
        directions = numpy.array([found.at({index: 1}) for index in range(terms.inputs)]).T
        for number, term in enumerate(terms.terms):
            at = found.at({terms.inputs + number: 1})
            place = source.randrange(len(directions))
            direction = tuple(map(int, directions[place]))
            assert at[place] == normal.value(term.form, direction)
