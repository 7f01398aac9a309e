"""Long conflicts as short ones: what each says, and what it is good for."""

from __future__ import annotations

import random

import pytest

from subgrad_hardness import check, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit import gordan
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.triangles import Conflict, triangles
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.solvers.sat import Cdcl


def total(circuit: Circuit, conflict: Conflict) -> Form:
    """The sum of the forms, each times its multiplier."""
    result: Form = {}
    for literal, multiplier in zip(*conflict, strict=True):
        add(result, dict(circuit.forms[abs(literal)]), multiplier if literal > 0 else -multiplier)
    return result


def random_conflict(source: random.Random, circuit: Circuit, size: int) -> Conflict:
    """Half-spaces of ``size`` different hyperplanes whose forms, times these multipliers, sum to zero."""
    forms = [{index: source.choice((-2, -1, 1, 2)) for index in source.sample(range(6), 3)} for _ in range(size - 1)]
    last: Form = {}
    for form in forms:
        add(last, form, -1)
    if not last:
        return random_conflict(source, circuit, size)
    named = [circuit.plane(form) for form in (*forms, last)]
    if len({abs(literal) for literal, _ in named}) < size:
        return random_conflict(source, circuit, size)
    return tuple([literal for literal, _ in named]), tuple([factor for _, factor in named])


def test_triangles_are_conflicts_that_say_the_same() -> None:
    source = random.Random("triangles")
    for _ in range(300):
        circuit = Circuit(NormalForm(6, (), ()))
        conflict = random_conflict(source, circuit, source.randint(3, 9))
        assert not total(circuit, conflict)
        short = triangles(circuit.forms, conflict, circuit.plane)
        for literals, multipliers in short:
            assert len(literals) <= 3
            assert min(multipliers) > 0
            assert not total(circuit, (literals, multipliers))
        with Cdcl() as solver:  # all half-spaces of the conflict at once contradict the short ones
            for literals, _ in short:
                solver.add([-literal for literal in literals])
            assert solver.satisfiable(Limits())
            assert not solver.satisfiable(Limits(), conflict[0])


def test_two_that_cancel_are_the_conflict() -> None:
    circuit = Circuit(NormalForm(4, (), ()))
    first, _ = circuit.plane({0: 2, 1: -2})
    others = [circuit.plane({2: 1, 3: sign})[0] for sign in (1, -1)]
    conflict = (first, -first, others[0], others[1]), (1, 1, 1, 1)
    assert triangles(circuit.forms, conflict, circuit.plane) == [((first, -first), (1, 1))]


@pytest.mark.parametrize(("plain", "short"), [(gordan.PLAIN, True), (10**9, False)])
def test_isotonic_regression_is_short_to_refute(monkeypatch: pytest.MonkeyPatch, plain: int, short: bool) -> None:
    """Each sum on one side is below some sum on the other one, all round: by all cycles, or by an order of the sums."""
    monkeypatch.setattr(gordan, "PLAIN", plain)
    certificate = check(generate("isotonic", inputs=13), cross_checks=False).certificate
    assert certificate is not None and certificate.argument is not None
    assert (len(certificate.argument.derivation) < 8_000) == short
