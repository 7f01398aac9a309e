"""Files about the hull of J_pb: verified from the iteration alone, rejected once anything in them is changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from support.iteration_oracle import random_plain
from support.iterations import GRAM, LINEAR, lasso, scalar

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.jacobians import SENSES, pairs
from subgrad_hardness.iterative.verifying import local_pairs as listing
from subgrad_hardness.iterative.verifying.attractor_format import hull_object
from subgrad_hardness.iterative.verifying.spectral_format import Quadratic

LASSO = lasso(GRAM, LINEAR, 1, lam=1)


def file_of(iteration: sh.Iteration, sense: str = "clarke", **options: Any) -> dict[str, Any]:
    found = sh.piggyback_set(iteration, jacobian=sense, **options)
    assert found.claim is not None
    return hull_object(found.claim)


def changed(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place of a number, and other numbers for it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from changed(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from changed(inner, (*path, index))
    elif path[0] not in ("format", "version", "jacobian") and path[-1] != "norm":
        number = Fraction(value)
        if path[-1] != "length":  # longer products are small as well
            yield path, str(number + 1) if isinstance(value, str) else value + 1
        yield path, str(number / 2 - 3) if isinstance(value, str) else 0 if path[-1] == "length" else value - 1


@pytest.mark.parametrize("sense", SENSES)
def test_every_change_of_a_number_is_noticed(sense: str) -> None:
    """But weights of a norm, which may be others."""
    iteration = LASSO if sense == "clarke" else scalar("inputs x t; a = relu t; f = -1/2 x + a", [0])
    true = file_of(iteration, sense)
    assert sh.verify_piggyback_set(iteration, true).verified
    tried = 0
    for path, other in changed(true):
        if "weights" in path and path[0] == "upper":
            continue
        false = copy.deepcopy(true)
        inner = false
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = other
        tried += 1
        try:
            assert not sh.verify_piggyback_set(iteration, false).verified, path
        except sh.CertificateError:
            continue
    assert tried > 20


@pytest.mark.parametrize("key", ["pairs", "points", "multipliers"])
def test_nothing_can_be_left_out(key: str) -> None:
    false = file_of(LASSO)
    false[key] = false[key][:-1]
    assert not sh.verify_piggyback_set(LASSO, false).verified


def test_another_iteration_or_place() -> None:
    true = file_of(LASSO)
    assert sh.verify_piggyback_set(lasso(GRAM, LINEAR, 1, lam=2), true).reason == "F(xbar, theta) is not xbar"
    other = sh.verify_piggyback_set(lasso(GRAM, LINEAR, "2/3", lam=1), true)
    assert other.reason == "the pairs are not those of the iteration"
    assert sh.verify_piggyback_set(LASSO, true | {"jacobian": "lexicographic"}).verified  # the same hull
    with pytest.raises(sh.CertificateError, match=r"jacobian: unknown; known: lexicographic"):
        sh.verify_piggyback_set(LASSO, true | {"jacobian": "all"})
    with pytest.raises(sh.CertificateError, match=r"<certificate>: .*no upper"):
        sh.verify_piggyback_set(LASSO, {key: value for key, value in true.items() if key != "upper"})


def test_the_checker_lists_the_pairs_that_the_search_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = 0
    for number in range(25):
        plain = random_plain(Stream(number, "pairs"), most_kinks=5)
        iteration, origin = plain.program(), (Fraction(0),) * plain.states
        program = iteration.program_at(origin)
        for sense in SENSES:
            wanted = {(pair.a, pair.b) for pair in pairs(iteration, origin, sense)}
            autodiff = sense == "autodiff"
            listed = listing.local_pairs(program, iteration.state, iteration.parameters, autodiff=autodiff)
            assert set(listed) == wanted
            cells += len(listed)
    assert cells > 150
    monkeypatch.setattr(listing, "MOST_CHOICES", 1)
    found = sh.piggyback_set(LASSO)
    assert (found.exact, found.certified, found.uncertified) == (True, False, "more than 1 choices of sides")


def test_a_quadratic_norm_where_weights_do_not_contract() -> None:
    """0.999 times a rotation: weighted norms of 64 factors are not below 1."""
    text = "inputs x y t; a = relu t; f = 2997/5000 x - 999/1250 y + a; g = 999/1250 x + 2997/5000 y; outputs f g"
    iteration = sh.Iteration(sh.Program.from_text(text), ["x", "y"], theta=[0])
    found = sh.piggyback_set(iteration, fixed_point=[0, 0], steps=2)
    assert isinstance(found.set.contraction.norm, Quadratic) and found.set.contraction.rho < 1
    assert not found.exact and found.contains([0, 0]).inside
    low, high = found.support([1, 0])
    assert low < high
    smooth = sh.piggyback_set(iteration, [1], fixed_point=sh.fixed_point(iteration, [1]).state)
    assert smooth.exact and smooth.certified and len(smooth.vertices) == 1
