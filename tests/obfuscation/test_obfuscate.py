"""The stack of obfuscations: every step keeps the verdict, for layers and graphs, and directions go both ways."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle, small_nets
from support.cli_runner import ABS, WEDGE, Command, in_process
from support.strategies import programs

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import dumps, to_mapping
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS

STEPS = tuple(OBFUSCATIONS)
#: Steps after which the map is the same everywhere, at the same inputs.
SAME_MAP = ("rescale", "identity", "split", "deepen")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def derivative(program: Program, direction: Sequence[Any]) -> tuple[Fraction, ...]:
    return localise(program).net.derivative(direction)


@given(programs(), st.sampled_from(STEPS), st.integers(0, 10**6), st.data())
@settings(max_examples=75, deadline=None)
def test_each_step_keeps_the_derivative(program: Program, step: str, seed: int, data: st.DataObject) -> None:
    made = sh.obfuscate(program, [step], seed=seed)
    size = st.lists(st.integers(-9, 9), min_size=program.input_count, max_size=program.input_count)
    direction = data.draw(size)
    image = sh.carry_back(made, direction)
    assert sh.carry_forward(made, image) == tuple(direction)
    if step != "unimodular":
        assert image == tuple(direction)
    expected = derivative(program, image)
    zero = [[0] * program.input_count] * program.output_count
    added = sh.carry_subgradient_forward(made, zero)
    assert any(map(any, added)) <= (step == "linear")
    expected = tuple(
        entry + sum(x * y for x, y in zip(row, direction, strict=True))
        for entry, row in zip(expected, added, strict=True)
    )
    assert derivative(made, direction) == expected
    assert load(to_mapping(made)) == made  # a net that can be read again
    other = data.draw(size)
    if step in SAME_MAP:
        assert sh.value(made, other) == sh.value(program, other)
        assert made.point == program.point
    if step == "unimodular":
        assert sh.value(made, other) == sh.value(program, sh.carry_back(made, other))
        assert sh.carry_back(made, made.point) == program.point
    if step == "move":
        assert sh.value(made) == sh.value(program)


NETS = [net for number, net in enumerate(small_nets.nets()) if number % 3 == 0]


def test_verdicts_before_and_after() -> None:
    """Every step on every third small net, by the oracle where the result is small, else by check."""
    source = random.Random(4)
    verdicts = []
    for number, net in enumerate(NETS):
        before = oracle.verdict(oracle.read(net))
        step = STEPS[number % len(STEPS)]
        made = sh.obfuscate(net, [step], seed=source.randrange(1000))
        assert sh.check(made, cross_checks=False).verdict == before, (number, step)
        verdicts.append((step, before))
    assert len(set(verdicts)) == 2 * len(STEPS)


def test_stacks() -> None:
    source = random.Random(5)
    for number, net in enumerate(NETS[::4]):
        steps = [source.choice(STEPS) for _ in range(source.randint(2, 4))]
        made = sh.obfuscate(net, steps, seed=number)
        result = sh.check(made, cross_checks=False)
        assert result.verdict == oracle.verdict(oracle.read(net)), (number, steps)
        assert result.certified
        if result.separating_direction is not None and "linear" not in steps:
            back = sh.carry_back(made, result.separating_direction)
            program = load(net)
            for sign in (1, -1):  # the derivative is not linear along the line of that witness or beside it
                assert derivative(program, [sign * entry for entry in back]) == derivative(
                    made, [sign * entry for entry in result.separating_direction]
                )


def test_witnesses_of_the_net_as_it_was_stay_witnesses() -> None:
    for number, net in enumerate(NETS):
        result = sh.check(net, certify=False, cross_checks=False)
        if result.separating_direction is None or result.subgradients is None:
            continue
        made = sh.obfuscate(net, ["unimodular", "rescale", "unimodular"], seed=number)
        forward = sh.carry_forward(made, result.separating_direction)
        values = derivative(made, forward)
        products = [
            sum(x * y for x, y in zip(row, result.separating_direction, strict=True)) for row in result.subgradients[0]
        ]
        assert list(values) != products


@pytest.mark.parametrize("step", ["unimodular", "rescale", "split", "deepen"])
def test_layers_stay_layers(step: str) -> None:
    net = {"inputs": 2, "layers": [{"weight": [[1, 2], [3, -1]], "activation": "relu"}, {"weight": [[1, -1]]}]}
    made = sh.obfuscate(net, [step] * 3, seed=1)
    assert isinstance(made.form, LayeredForm)
    assert made != load(net)


def test_what_the_steps_do() -> None:
    net = load({"inputs": 2, "layers": [{"weight": [[1, 2], [3, -1]], "activation": "relu"}, {"weight": [[1, -1]]}]})
    deep = sh.obfuscate(net, ["deepen"])
    assert isinstance(deep.form, LayeredForm)
    assert [layer.activation for layer in deep.form.layers] == ["relu", "relu", "relu", "identity"]
    wide = [sh.obfuscate(net, ["split"], seed=seed).form for seed in range(20)]
    assert {len(form.layers[0].rows) for form in wide if isinstance(form, LayeredForm)} == {2, 3, 4}
    moved = sh.obfuscate(net, ["move"])
    assert any(moved.point)
    kinks, plain = localise(moved), localise(net)
    assert len(kinks.kink_units) == len(plain.kink_units)
    assert kinks.nearest is not None  # the neurons around the point
    assert isinstance(moved.form, GraphForm)
    active = [0, 0]
    for seed in range(10):
        made = sh.obfuscate(net, ["move"], seed=seed)
        signs = [entry > 0 for entry in _preactivations(made) if entry]
        active[0] += signs.count(False)
        active[1] += signs.count(True)
    assert min(active) > 5
    graph = sh.to_graph(net)
    assert any(
        node.operation == "abs" for seed in range(9) for node in _nodes(sh.obfuscate(graph, ["split"], seed=seed))
    )
    used = {node.operation for seed in range(40) for node in _nodes(sh.obfuscate(graph, ["identity"], seed=seed))}
    assert {"max", "min", "leaky_relu"} <= used
    orders = {
        tuple(node.operation for node in _nodes(sh.obfuscate(graph, ["rescale"], seed=seed))) for seed in range(9)
    }
    assert len(orders) > 2


def _nodes(program: Program) -> Sequence[Any]:
    assert isinstance(program.form, GraphForm)
    return program.form.nodes


def _preactivations(program: Program) -> list[int]:
    from subgrad_hardness.net.lowering import Relu
    from subgrad_hardness.net.node_values import node_values

    numerators, _ = node_values(program.lowered, program.point)
    return [numerators[node.argument] for node in program.lowered.nodes if isinstance(node, Relu)]


def test_every_operation_of_the_dictionary(tmp_path: Path) -> None:
    net = {
        "inputs": ["n1", "y"],
        "nodes": [
            {"id": "a", "op": "leaky_relu", "args": ["n1"], "slope": "1/3"},
            {"id": "b", "op": "hardtanh", "args": ["y"]},
            {"id": "c", "op": "relu6", "args": ["a"]},
            {"id": "d", "op": "max", "args": ["a", "b", "c", "y"]},
            {"id": "e", "op": "min", "args": ["d"]},
            {"id": "f", "op": "max", "args": ["e", "e"]},
            {"id": "g", "op": "abs", "args": ["f"]},
            {"id": "k", "op": "affine", "args": [], "bias": 3},
            {"id": "h", "op": "affine", "args": ["g", "n1", "k"], "coefficients": [1, -2, 5], "bias": "1/2"},
        ],
        "outputs": ["h", "n1", "h"],
    }
    points: list[list[int | str]] = [[0, 0], [1, -1], [9, 9], ["1/2", -7], [-3, "1/3"]]
    for seed in range(12):
        made = sh.obfuscate(net, [*SAME_MAP, *SAME_MAP], seed=seed)
        assert [sh.value(made, point) for point in points] == [sh.value(net, point) for point in points]
        assert sh.check(made, cross_checks=False).verdict == sh.check(net).verdict


def test_the_provenance_keeps_what_is_known() -> None:
    plain = sh.generate("3sat", variables=6, ratio=5, seed=3, answer="unsatisfiable")
    made = sh.obfuscate(plain, STEPS, seed=4)
    assert plain.provenance is not None
    assert made.provenance is not None
    assert made.provenance["obfuscation"]["of"] == plain.digest != made.digest
    assert [entry["step"] for entry in made.provenance["obfuscation"]["steps"]] == list(STEPS)
    assert {key: made.provenance[key] for key in plain.provenance} == dict(plain.provenance)
    again = sh.obfuscate(made, ["split"], seed=4)
    assert again.provenance is not None
    assert again.provenance["obfuscation"]["of"] == plain.digest
    assert [entry["step"] for entry in again.provenance["obfuscation"]["steps"]] == [*STEPS, "split"]
    two = sh.obfuscate(sh.obfuscate(plain, ["split"], seed=4), ["move"], seed=4)
    assert two == sh.obfuscate(plain, ["split", "move"], seed=4)
    assert dumps(made) == dumps(sh.obfuscate(plain, STEPS, seed=4))
    assert dumps(made) != dumps(sh.obfuscate(plain, STEPS, seed=5))
    result = sh.check(made, time_limit=60)
    assert (result.verdict, result.certified) == ("unique", True)


def test_unknown_steps() -> None:
    with pytest.raises(ParameterError, match=r'steps\[1\]: "hide" is unknown; known: unimodular, rescale'):
        sh.obfuscate(ABS, ["split", "hide"])


def test_command(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "hidden.json"
    ran = run("obfuscate", WEDGE, "--steps", "split,move,unimodular", "--seed", "7", "-o", file)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert load(file) == sh.obfuscate(WEDGE, ["split", "move", "unimodular"], seed=7)
    assert run("obfuscate", WEDGE).out == dumps(sh.obfuscate(WEDGE, STEPS))
    at = run("obfuscate", WEDGE, "--point", "1,2", "--steps", "split")
    assert at.out == dumps(sh.obfuscate(load(WEDGE).at([1, 2]), ["split"]))
    bad = run("obfuscate", WEDGE, "--steps", "split,,move", "-o", file)
    assert bad.status == 2
    assert bad.error.startswith('steps[1]: "" is unknown')
    lines = run("obfuscate", "list").out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == list(STEPS)
    assert all(entry.summary in line for line, entry in zip(lines, OBFUSCATIONS.values(), strict=True))
    assert run("obfuscate", WEDGE, "--steps", "list").out.splitlines() == lines
    missing = run("obfuscate", tmp_path / "none.json")
    assert missing.status == 2
    assert missing.error.endswith("none.json: cannot be read: No such file or directory")


def test_seeds_are_kept_apart() -> None:
    draws = {Stream(0, "obfuscate", number, step).below(2**32) for number in range(5) for step in STEPS}
    assert len(draws) == 5 * len(STEPS)
