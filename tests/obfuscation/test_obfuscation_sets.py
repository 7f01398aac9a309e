"""What obfuscations keep: the whole subdifferential, by exhaustive enumeration before and after; and witnesses.

``disagreement`` is the one comparison; that it catches wrong steps is tested too.
"""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support import small_nets
from support.strategies import programs, rational_points

import subgrad_hardness as sh
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.obfuscation import contract, rescale
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.obfuscation.matrices import Unimodular
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS

STEPS = tuple(OBFUSCATIONS)
#: Steps after which there are as many kinks, and D_a is a point iff it was.
SAME_KINKS = frozenset({"unimodular", "rescale", "move", "linear"})
#: Steps that leave all subgradients as they are.
SAME_SET = frozenset(STEPS) - {"unimodular", "linear"}
#: Nets with more kinks than this are not enumerated.
MOST_KINKS = 40
DIRECTIONS = ((1, 0, 0, 0), (-1, 2, 0, 1), (3, -5, 2, -1), (0, 0, -1, 7))


def subdifferential(program: Program) -> frozenset[Matrix]:
    """All of d_L, by the exhaustive enumeration of cells."""
    found = sh.lexicographic_subgradients(program)
    assert found.complete
    return frozenset(piece.jacobian for piece in found.pieces)


def kinks(program: Program) -> int:
    return len(localise(program).kink_units)


def disagreement(program: Program, made: Program) -> str | None:
    """What the obfuscated net gets wrong, if anything: derivatives, subdifferentials, a D_a that has shrunk."""
    before, after = localise(program).net, localise(made).net
    added = sh.carry_subgradient_forward(made, [[0] * program.input_count] * program.output_count)
    for full in DIRECTIONS:
        direction = full[: program.input_count]
        values = before.derivative(sh.carry_back(made, direction))
        expected = [
            entry + sum(x * y for x, y in zip(row, direction, strict=True))
            for entry, row in zip(values, added, strict=True)
        ]
        if list(after.derivative(direction)) != expected:
            return f"derivative along {direction}"
    old, new = subdifferential(program), subdifferential(made)
    if {sh.carry_subgradient_forward(made, jacobian) for jacobian in old} != new:
        return "subdifferential, forward"
    if {sh.carry_subgradient_back(made, jacobian) for jacobian in new} != old:
        return "subdifferential, back"
    if sh.gradient(made).singleton and not sh.gradient(program).singleton:
        return "D_a has lost members"
    return None


@given(programs(), st.lists(st.sampled_from(STEPS), min_size=1, max_size=3), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_random_nets_and_stacks(program: Program, steps: list[str], seed: int) -> None:
    made = sh.obfuscate(program, steps, seed=seed)
    assume(kinks(made) <= MOST_KINKS)
    assert disagreement(program, made) is None


NETS = tuple(map(load, small_nets.nets()))


@pytest.mark.parametrize("step", STEPS)
def test_each_step_on_small_nets(step: str) -> None:
    counts = {1: 0, 2: 0}
    grown = 0
    for number, program in enumerate(NETS[STEPS.index(step) :: 12]):
        made = sh.obfuscate(program, [step], seed=number)
        if kinks(made) > MOST_KINKS:
            continue
        assert disagreement(program, made) is None, number
        counts[min(2, len(subdifferential(made)))] += 1
        if step in SAME_KINKS:
            assert kinks(made) == kinks(program)
            assert sh.gradient(made).singleton == sh.gradient(program).singleton
            for at_zero in (0, Fraction(1, 3), 1):  # members of D_a become the members that U and A say
                old = sh.gradient(program, relu_at_zero=at_zero).gradient
                assert sh.gradient(made, relu_at_zero=at_zero).gradient == sh.carry_subgradient_forward(made, old)
        else:
            assert kinks(made) >= kinks(program) or isinstance(program.form, GraphForm)
            grown += kinks(made) > kinks(program)
        if step in SAME_SET:
            assert subdifferential(made) == subdifferential(program)
    assert min(counts.values()) >= 5  # both verdicts
    assert (grown > 0) == (step not in SAME_KINKS)


def test_stacks_on_small_nets() -> None:
    source = random.Random(8)
    done = 0
    for number, program in enumerate(NETS[5::20]):
        steps = [source.choice(STEPS) for _ in range(source.randint(2, 4))]
        made = sh.obfuscate(program, steps, seed=number)
        if kinks(made) <= MOST_KINKS:
            assert disagreement(program, made) is None, (number, steps)
            done += 1
    assert done >= 15


@given(programs(), st.integers(0, 10**6), st.data())
@settings(max_examples=40, deadline=None)
def test_the_map_at_random_points(program: Program, seed: int, data: st.DataObject) -> None:
    """Everywhere, for the steps that keep the map up to U and A; near the point, for the one that moves it."""
    point = data.draw(rational_points(program.input_count))
    for step in STEPS:
        made = sh.obfuscate(program, [step], seed=seed)
        if step == "move":  # the new neurons are at least 1/5 away, with weights of at most 3
            shift = [new - old for new, old in zip(made.point, program.point, strict=True)]
            near = [entry + by / 100 for entry, by in zip(program.point, point, strict=True)]
            moved = [entry + by for entry, by in zip(near, shift, strict=True)]
            assert sh.value(made, moved) == sh.value(program, near)
            continue
        there = sh.carry_back(made, point)
        added = sh.carry_subgradient_forward(made, [[0] * program.input_count] * program.output_count)
        assert sh.value(made, point) == tuple(
            entry + sum(x * y for x, y in zip(row, point, strict=True))
            for entry, row in zip(sh.value(program, there), added, strict=True)
        )


def test_moved_nets_are_other_maps_far_away() -> None:
    program = load({"inputs": 2, "layers": [{"weight": [[1, -1]], "activation": "relu"}]})
    far = [100, -77]
    differ = 0
    for seed in range(10):
        made = sh.obfuscate(program, ["move"], seed=seed)
        moved = [entry + by for entry, by in zip(far, made.point, strict=True)]
        differ += sh.value(made, moved) != sh.value(program, far)
    assert differ >= 5


# Witnesses


def carried(certificate: dict[str, Any], made: Program, original: Program) -> Certificate:
    """A certificate of the obfuscated net as one of the original: its direction matrices, column by column."""
    matrices = []
    for matrix in certificate["directions"]:
        units = [[int(row == column) for row in range(made.input_count)] for column in matrix["complete"]]
        columns = [sh.carry_back(made, column) for column in (*matrix["leading"], *units)]
        matrices.append(DirectionMatrix(tuple(columns), ()))
    return Certificate("distinct", original.digest, tuple(matrices))


def test_certificates_go_back_to_the_original() -> None:
    """Found on the obfuscated net, verified on the original by the independent verifier."""
    source = random.Random(3)
    verified = 0
    for number, program in enumerate(NETS[3::10]):
        steps = [source.choice(STEPS) for _ in range(3)]
        made = sh.obfuscate(program, steps, seed=number)
        result = sh.check(made, cross_checks=False)
        assert result.verdict == ("distinct" if len(subdifferential(program)) > 1 else "unique")
        if result.verdict == "unique":
            continue
        assert result.certificate is not None
        assert result.subgradients is not None
        assert result.separating_direction is not None
        back = carried(result.certificate.to_json(), made, program)
        assert sh.verify(program, back).verdict == "distinct", (number, steps)
        members = [sh.carry_subgradient_back(made, jacobian) for jacobian in result.subgradients]
        for jacobian, matrix in zip(members, back.directions, strict=True):
            rows = [list(row) for row in zip(*matrix.leading, strict=True)]
            assert sh.lexicographic_derivative(program, rows) == jacobian
        direction = sh.carry_back(made, result.separating_direction)
        assert separates(program, direction, members[0])
        verified += 1
    assert verified >= 15


def test_certificates_go_forward() -> None:
    for number, program in enumerate(NETS[7::30]):
        result = sh.check(program, certify=False, cross_checks=False)
        if result.separating_direction is None:
            continue
        assert result.subgradients is not None
        made = sh.obfuscate(program, ["unimodular", "linear", "split", "unimodular", "move"], seed=number)
        direction = sh.carry_forward(made, result.separating_direction)
        assert separates(made, direction, sh.carry_subgradient_forward(made, result.subgradients[0]))


def separates(program: Program, direction: Sequence[Fraction], jacobian: Sequence[Sequence[Fraction]]) -> bool:
    products = [sum(x * y for x, y in zip(row, direction, strict=True)) for row in jacobian]
    return list(sh.directional_derivative(program, direction)) != products


# Wrong steps are caught

Wrong = Callable[[pytest.MonkeyPatch], str]


def point_left_behind(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(Unimodular, "solve", lambda self, vector: tuple(vector))
    return "unimodular"


def another_matrix(patch: pytest.MonkeyPatch) -> str:
    chosen = OBFUSCATIONS["unimodular"]
    other = chosen._replace(carrying=lambda inputs, outputs, seed: chosen.carrying(inputs, outputs, seed + 1))
    patch.setitem(OBFUSCATIONS, "unimodular", other)
    return "unimodular"


def not_divided_out(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(rescale, "_unscaled", lambda draft, reference, scales: draft.place[reference])
    return "rescale"


def negative_factors(patch: pytest.MonkeyPatch) -> str:
    def wrong(program: Program, seed: int) -> Program:
        assert isinstance(program.form, LayeredForm)
        layers = rescale.rescaled_layers(program.form.layers, Stream(seed), lambda: Fraction(-2))
        return program._replace(form=LayeredForm(layers))

    patch.setitem(OBFUSCATIONS, "rescale", OBFUSCATIONS["rescale"]._replace(apply=wrong))
    return "rescale"


def sums_without_signs(step: str) -> Wrong:
    """relu(x) + relu(-x) for x, (1 - c) v for v, an active neuron that is not taken off, ..."""

    def wrong(patch: pytest.MonkeyPatch) -> str:
        right = Draft.affine

        def affine(draft: Draft, terms: Any, bias: Any = 0) -> int:
            changed = [(place, abs(entry) if position else entry) for position, (place, entry) in enumerate(terms)]
            return right(draft, changed, bias)

        patch.setattr(Draft, "affine", affine)
        return step

    return wrong


def added_to_nothing(patch: pytest.MonkeyPatch) -> str:
    patch.setitem(OBFUSCATIONS, "linear", OBFUSCATIONS["linear"]._replace(carrying=contract.unchanged))
    return "linear"


WRONG: dict[str, Wrong] = {
    "point left behind": point_left_behind,
    "another matrix": another_matrix,
    "not divided out": not_divided_out,
    "negative factors": negative_factors,
    **{f"{step} without signs": sums_without_signs(step) for step in ("identity", "split", "move", "deepen", "linear")},
    "added to nothing": added_to_nothing,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_steps_are_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step = WRONG[name](monkeypatch)
    form: type[Any] = LayeredForm if name == "negative factors" else GraphForm
    nets = [program for program in NETS if isinstance(program.form, form) and any(program.point)][:25]
    found = [disagreement(program, sh.obfuscate(program, [step], seed=2)) for program in nets]
    assert sum(what is not None for what in found) >= 3


def test_what_wrong_steps_are_compared_with() -> None:
    for step in STEPS:
        nets = [program for program in NETS if kinks(program) <= 6][:12]
        assert not any(disagreement(program, sh.obfuscate(program, [step], seed=2)) for program in nets)


# D_a may grow


def test_the_autodiff_set_may_grow() -> None:
    linear = {"inputs": 2, "layers": [{"weight": [[1, 2]]}]}
    assert sh.gradient(linear).singleton
    assert not sh.gradient(sh.obfuscate(linear, ["deepen"])).singleton
    graph = sh.to_graph(load(linear))
    assert any(not sh.gradient(sh.obfuscate(graph, ["identity"], seed=seed)).singleton for seed in range(9))
    assert len(subdifferential(sh.obfuscate(linear, ["deepen", "identity", "split", "deepen"]))) == 1
