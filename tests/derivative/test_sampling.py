"""Clarke sampling, the compiled net, and gradient sampling."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from subgrad_hardness.api.sample import sample
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.compiled import compile_net
from subgrad_hardness.derivative.lexicographic import lexicographic_derivative
from subgrad_hardness.derivative.sampling import ball_point, gradient_sampling, sample_exact, sample_numerical
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

ABS = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}, {"weight": [[1]]}]}
#: max(|x|, |y|) and |x| - |y|: eight equal cells.
FAT = {
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "a", "op": "abs", "args": ["x"]},
        {"id": "b", "op": "abs", "args": ["y"]},
        {"id": "m", "op": "max", "args": ["a", "b"]},
        {"id": "d", "op": "affine", "args": ["a", "b"], "coefficients": [1, "-1/3"]},
    ],
    "outputs": ["m", "d"],
}
#: relu(x - 1/1000): linear at 0, with a kink nearby.
NEARBY = {"inputs": 1, "layers": [{"weight": [[1]], "bias": ["-1/1000"], "activation": "relu"}]}
HUGE = 10**400
#: For ABS at seed 0: (Jacobian, count).
PINNED = {
    "numerical": [(-1, 510), (1, 490)],
    "exact": [(-1, 503), (1, 497)],
    "ball": [(1, 525), (-1, 475)],
}


def random_layers(draw: random.Random) -> dict[str, Any]:
    """One to three inputs and hidden layers, biases that are zero more often than not."""
    widths = [draw.randint(1, 3), *(draw.randint(1, 4) for _ in range(draw.randint(1, 3))), draw.randint(1, 2)]
    layers: list[dict[str, Any]] = []
    for columns, rows in pairwise(widths):
        weight = [[draw.choice((-2, -1, 0, 1, 1, "1/3", 0.5)) for _ in range(columns)] for _ in range(rows)]
        bias = [draw.choice((0, 0, 0, 0, -1, "1/2")) for _ in range(rows)]
        activation = draw.choice(("relu", "relu", "abs", "leaky_relu", "hardtanh", "relu6"))
        layers.append({"weight": weight, "bias": bias, "activation": activation})
        if activation == "leaky_relu":
            layers[-1]["slope"] = "1/10"
    layers[-1]["activation"] = "identity"
    layers[-1].pop("slope", None)
    return {"inputs": widths[0], "layers": layers, "point": [draw.choice((0, 0, 1)) for _ in range(widths[0])]}


def random_graph(draw: random.Random) -> dict[str, Any]:
    names = [f"x{index}" for index in range(draw.randint(1, 3))]
    inputs, nodes = len(names), []
    for number in range(draw.randint(2, 7)):
        op = draw.choice(("affine", "affine", "relu", "abs", "max", "min"))
        count = 1 if op in ("relu", "abs") else draw.randint(1, 3)
        node: dict[str, Any] = {"id": f"n{number}", "op": op, "args": [draw.choice(names) for _ in range(count)]}
        if op == "affine":
            node["coefficients"] = [draw.choice((-1, 1, 2, "-2/3")) for _ in range(count)]
            node["bias"] = draw.choice((0, 0, 0, 1))
        nodes.append(node)
        names.append(node["id"])
    outputs = [names[-1], *draw.sample(names, draw.randint(0, 1))]
    return {"inputs": inputs, "nodes": nodes, "outputs": outputs}


def random_nets(count: int) -> list[Program]:
    draw = random.Random(20240501)
    return [load((random_layers if number % 2 else random_graph)(draw)) for number in range(count)]


def jacobians(net: LocalNet) -> set[Matrix]:
    return {net.scaled(cell.rows) for cell in cells(net)}


def test_members_are_jacobians_of_cells() -> None:
    complete = several = 0
    nets = random_nets(160)
    for number, program in enumerate(nets):
        net = localise(program).net
        expected = jacobians(net)
        for found in (sample_numerical(net, 60, number), sample_exact(net, 30, number)):
            assert {member.jacobian for member in found.members} <= expected
            assert sum(member.count for member in found.members) == found.drawn
            assert found.lower_bound
            assert found.stopped is None
            complete += len(found.members) == len(expected)
            for member in found.members[:2]:
                assert member.directions is not None
                columns = member.directions.columns(net.inputs)
                assert lexicographic_derivative(net, list(zip(*columns, strict=True))) == member.jacobian
        several += len(expected) > 1
    assert several > len(nets) // 4
    assert complete > len(nets)  # of two runs a net


@pytest.mark.parametrize("method", ["numerical", "exact"])
def test_all_cells_of_a_fat_net_are_found(method: str) -> None:
    program = load(FAT)
    expected = jacobians(localise(program).net)
    assert len(expected) == 8
    result = sample(program, method=method, samples=200)
    assert {member.jacobian for member in result.members} == expected
    assert [member.count for member in result.members] == sorted((m.count for m in result.members), reverse=True)


def test_sampling_at_the_point_differs_from_gradient_sampling() -> None:
    at_zero = ((Fraction(0),),)
    for method in ("numerical", "exact"):
        assert [member.jacobian for member in sample(NEARBY, method=method).members] == [at_zero]
    near = sample(NEARBY, method="ball", radius="1/100", samples=300)
    assert {member.jacobian for member in near.members} == {at_zero, ((Fraction(1),),)}
    assert not near.found.lower_bound
    assert "not necessarily Clarke subgradients" in near.note
    assert all(member.directions is None for member in near.members)
    closer = sample(NEARBY, method="ball", radius="1/2000", samples=300)
    assert [member.jacobian for member in closer.members] == [at_zero]


def test_gradient_sampling_is_exact_on_random_nets() -> None:
    for number, program in enumerate(random_nets(30)):
        found = gradient_sampling(program, Fraction(1, 10**9), 10, number)
        assert sum(member.count for member in found.members) + sum(dict(found.skipped).values()) == found.drawn == 10
        # So small a ball meets no kinks but those of the point, and no direction in it is special.
        assert {member.jacobian for member in found.members} <= jacobians(localise(program).net)


def test_points_with_kinks_are_skipped_and_zero_rows_are_no_kinks(monkeypatch: pytest.MonkeyPatch) -> None:
    # v = (x + y) - x - y vanishes everywhere, so relu(v) is a kink at every point and never matters.
    nodes: list[dict[str, Any]] = [
        {"id": "u", "op": "affine", "args": ["x", "y"]},
        {"id": "v", "op": "affine", "args": ["u", "x", "y"], "coefficients": [1, -1, -1]},
        {"id": "w", "op": "relu", "args": ["v"]},
        {"id": "s", "op": "affine", "args": ["w", "x"]},
    ]
    result = sample({"inputs": ["x", "y"], "nodes": nodes, "outputs": ["s"]}, method="ball", samples=20)
    assert [(member.jacobian, member.count) for member in result.members] == [(((Fraction(1), Fraction(0)),), 20)]
    # With the point drawn onto it, |x| has a kink there.
    monkeypatch.setattr("subgrad_hardness.derivative.sampling.ball_point", lambda stream, dimension: ((0,), 1))
    found = sample(ABS, method="ball", samples=20).found
    assert found.members == ()
    assert found.skipped == (("a kink at the sampled point", 20),)


def test_ball_points_are_in_the_ball() -> None:
    stream = Stream(1, "test")
    for dimension in (1, 2, 6, 7, 40):
        lengths = []
        for _ in range(100):
            steps, denominator = ball_point(stream, dimension)
            assert len(steps) == dimension
            lengths.append(Fraction(sum(step * step for step in steps), denominator**2))
        assert max(lengths) <= 1
        # U^(1/p) has mean p / (p + 1); the squares' mean is p / (p + 2).
        assert abs(float(sum(lengths)) / 100 - dimension / (dimension + 2)) < 0.12


def test_compiled_branches_agree_with_exact_values() -> None:
    draw = random.Random(7)
    seen = 0
    for program in random_nets(120):
        net = localise(program).net
        directions = [[draw.randint(-1000, 1000) for _ in range(net.inputs)] for _ in range(15)]
        passing, outputs = compile_net(net).evaluate(np.array(directions, dtype=float))
        assert passing.shape == (15, len(net.kinks))
        assert outputs.shape == (15, len(net.outputs))
        for number, direction in enumerate(directions):
            values = net.values(direction)
            for kink, reference in enumerate(net.kinks):
                # Small integers are exact in binary64, so rounding is no excuse here.
                assert passing[number, kink] == (values[reference] > 0)
                seen += 1
            for output, value in enumerate(net.output_values(direction)):
                assert np.sign(outputs[number, output]) == np.sign(value)
    assert seen > 1000


def test_compiled_outputs_are_scaled_by_powers_of_two() -> None:
    net = localise(load(FAT)).net
    directions = [[3, 1], [-2, 5], [7, 7]]
    _, outputs = compile_net(net).evaluate(np.array(directions, dtype=float))
    exact = np.array([net.output_values(direction) for direction in directions], dtype=float)
    ratios = outputs / exact
    assert (ratios == ratios[0]).all()
    assert (np.frexp(ratios[0])[0] == 0.5).all()


def test_compiled_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    net = localise(load(FAT)).net
    directions = np.random.default_rng(0).standard_normal((50, 2))
    whole = compile_net(net).evaluate(directions)
    monkeypatch.setattr("subgrad_hardness.derivative.compiled._MOST_BYTES", 3000)
    compiled = compile_net(net)
    assert compiled.batch < 25
    pieces = compiled.evaluate(directions)
    assert (whole[0] == pieces[0]).all()
    assert (whole[1] == pieces[1]).all()


@pytest.mark.parametrize("weight", [HUGE, Fraction(1, HUGE), HUGE + 1])
def test_huge_and_tiny_coefficients(weight: Fraction | int) -> None:
    layers = [{"weight": [[str(weight), 1], [1, str(-weight)]], "activation": "relu"}] * 3
    net = {"inputs": 2, "layers": [*layers, {"weight": [[1, "-1/7"]]}]}
    program = load(net)
    local = localise(program).net
    expected = jacobians(local)
    for method in ("numerical", "exact", "ball"):
        result = sample(program, method=method, samples=40)
        assert result.members
        assert {member.jacobian for member in result.members} <= expected
        assert sum(member.count for member in result.members) == 40
        json.dumps(result.to_json())


def test_a_pattern_that_rounding_got_wrong_is_recomputed_one_by_one() -> None:
    # d = (10^400 x + y) - 10^400 x = y, but rounding loses y and sees neither relu(d) nor relu(-d) pass.
    nodes: list[dict[str, Any]] = [
        {"id": "u", "op": "affine", "args": ["x", "y"], "coefficients": [str(HUGE), 1]},
        {"id": "a", "op": "relu", "args": ["u"]},
        {"id": "b", "op": "affine", "args": ["u"], "coefficients": [-1]},
        {"id": "c", "op": "relu", "args": ["b"]},
        {"id": "d", "op": "affine", "args": ["a", "c", "x"], "coefficients": [1, -1, str(-HUGE)]},
        {"id": "r", "op": "relu", "args": ["d"]},
        {"id": "e", "op": "affine", "args": ["d"], "coefficients": [-1]},
        {"id": "s", "op": "relu", "args": ["e"]},
        {"id": "f", "op": "affine", "args": ["r", "s"], "coefficients": [1, 3]},
    ]
    net = {"inputs": ["x", "y"], "nodes": nodes, "outputs": ["f"]}
    result = sample(net, samples=100)
    down, up = (Fraction(0), Fraction(-3)), (Fraction(0), Fraction(1))
    assert {member.jacobian for member in result.members} == {(down,), (up,)}
    assert sum(member.count for member in result.members) == 100
    assert min(member.count for member in result.members) > 25
    few = sample(net, samples=100, most_members=5)
    assert sum(member.count for member in few.members) + sum(dict(few.found.skipped).values()) == 100
    assert few.found.skipped == (("needed more than 5 exact recomputations", 95),)


@pytest.mark.parametrize("method", ["numerical", "exact", "ball"])
def test_what_is_left_out_is_counted(method: str) -> None:
    result = sample(FAT, method=method, samples=200, most_members=3)
    assert 1 <= len(result.members) <= 3
    ((reason, skipped),) = result.found.skipped
    assert "3" in reason
    assert sum(member.count for member in result.members) + skipped == result.found.drawn == 200


def test_same_seed_same_result() -> None:
    for method in PINNED:
        first, second, other = (sample(FAT, method=method, samples=300, seed=seed).found for seed in (5, 5, 6))
        assert first == second
        assert first != other


def test_pinned_results() -> None:
    """Draws are part of the contract: the same on every platform and Python version."""
    for method, expected in PINNED.items():
        members = sample(ABS, method=method).members
        assert [(int(member.jacobian[0][0]), member.count) for member in members] == expected


@pytest.mark.parametrize("method", ["numerical", "exact", "ball"])
def test_a_time_limit_returns_what_was_found(method: str) -> None:
    at_once = sample(FAT, method=method, time_limit=0)
    assert at_once.members == ()
    assert at_once.found.stopped == "time limit"
    assert at_once.found.drawn == 0
    partial = sample(FAT, method=method, samples=10**9, time_limit=0.3)
    assert partial.found.stopped == "time limit"
    assert partial.members
    assert 0 < partial.found.drawn < 10**9
    assert sum(member.count for member in partial.members) == partial.found.drawn
    assert partial.seconds < 1.5
    assert "stopped: time limit" in repr(partial)


def test_without_kinks_there_is_one_member() -> None:
    net = {"inputs": 2, "layers": [{"weight": [[1, "1/3"], [0, 0]]}]}
    gradient = ((Fraction(1), Fraction(1, 3)), (Fraction(0), Fraction(0)))
    for method in ("numerical", "exact", "ball"):
        result = sample(net, method=method, samples=10)
        assert [(member.jacobian, member.count) for member in result.members] == [(gradient, 10)]
    local = localise(load({"inputs": 1, "nodes": [{"id": "c", "op": "affine", "args": []}], "outputs": ["c"]})).net
    assert sample_numerical(local, 5, 0, Limits()).members[0].jacobian == ((Fraction(0),),)
