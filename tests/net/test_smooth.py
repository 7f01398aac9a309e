"""Smooth operations: values, derivatives, kinks, poles, files; what has none of them is as it was."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.dual_numbers import derivative
from support.second_nets import net_digest, read_net

import subgrad_hardness as sh
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.schemas import schema

_SMALL = st.sampled_from([Fraction(n, d) for n in range(-3, 4) for d in (1, 2)])
_ARITY = {"relu": 1, "abs": 1, "max": 2, "min": 2, "mul": 2, "div": 2, "square": 1, "power": 1}


@st.composite
def nets(draw: st.DrawFn) -> dict[str, Any]:
    """Graphs of a few nodes over three inputs, with ties and kinks because numbers are small."""
    names = ["x", "y", "z"]
    nodes: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 9))):
        op = draw(st.sampled_from(["affine", *_ARITY]))
        count = _ARITY.get(op, 2)
        node: dict[str, Any] = {"id": f"n{number}", "op": op}
        node["args"] = draw(st.lists(st.sampled_from(names), min_size=count, max_size=count))
        if op == "affine":
            node["coefficients"] = [str(draw(_SMALL)) for _ in range(count)]
            node["bias"] = str(draw(_SMALL))
        if op == "power":
            node["exponent"] = draw(st.integers(-3, 4))
        nodes.append(node)
        names.append(node["id"])
    point = [str(draw(_SMALL)) for _ in range(3)]
    return {"inputs": ["x", "y", "z"], "nodes": nodes, "outputs": [nodes[-1]["id"], names[-2]], "point": point}


@given(nets(), st.lists(_SMALL, min_size=3, max_size=3))
def test_values_and_derivatives_are_those_of_dual_numbers(net: dict[str, Any], direction: list[Fraction]) -> None:
    program = sh.load(net)
    try:
        expected = derivative(net, program.point, direction)
    except ZeroDivisionError:
        with pytest.raises(sh.NetError, match="divides by zero at the point"):
            localise(program)
        return
    local = localise(program)
    assert list(local.value) == list(value(program)) == [number for number, _ in expected]
    assert list(local.net.derivative(direction)) == [slope for _, slope in expected]


@given(nets())
def test_files_and_digests(net: dict[str, Any]) -> None:
    program = sh.load(net)
    assert sh.load(to_mapping(program)) == program == Program.from_text(program.to_text())
    assert Draft202012Validator(schema("net")).is_valid(to_mapping(program))
    assert net_digest(read_net(sh.dumps(program).encode())[0]) == program.digest


def test_layers_of_squares_and_powers() -> None:
    net = {
        "inputs": 2,
        "layers": [
            {"weight": [[1, 1], [1, -1]], "activation": "power", "exponent": "6/2"},
            {"weight": [[1, 2]], "bias": [1], "activation": "square"},
        ],
        "point": [1, 2],
    }
    program = sh.load(net)
    assert value(program) == (Fraction(676),)  # (27 - 2 + 1)^2
    assert sh.gradient(program).gradient == ((Fraction(2 * 26 * (27 + 6)), Fraction(2 * 26 * (27 - 6))),)
    assert sh.load(to_mapping(program)) == program == sh.to_layers(sh.to_graph(program))
    assert Draft202012Validator(schema("net")).is_valid(to_mapping(program))
    assert net_digest(read_net(sh.dumps(program).encode())[0]) == program.digest
    info = sh.info(program)
    assert (info.operations, info.relus, info.value) == ({"power": 2, "square": 1}, 0, (Fraction(676),))


def test_finite_differences_inside_a_cell() -> None:
    program = Program.from_text(
        "inputs x y; p = mul x y; q = div p x; s = square p; w = power(-2) y; a = p - 2; r = relu a; m = max q s;"
        "f = r + m + w; outputs f; point 2 3"
    )
    row = sh.gradient(program).gradient[0]
    step = Fraction(1, 2**60)
    for index in range(2):
        moved = list(program.point)
        moved[index] += step
        slope = (value(program, moved)[0] - value(program)[0]) / step
        assert abs(slope - row[index]) < step * 2**10


def test_what_has_no_smooth_operations_is_as_it_was() -> None:
    program = Program.from_text("inputs x; f = relu x; outputs f")
    assert program.tangent is program.lowered
    assert program.at([1]).lowered is program.lowered


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inputs x y; d = x - y; q = div x d; outputs q; point 1 1", "<net>: q: div divides by zero at the point"),
        ("inputs x; q = power(-1) x; outputs q", "<net>: q: power divides by zero at the point"),
        ("inputs x; e = exp x; f = relu e; outputs f", "<net>: f: relu of what is irrational is not decided"),
        ("inputs x; s = sign x x; outputs s", "<net>: s: sign is not piecewise linear (it jumps)"),
    ],
)
def test_what_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(sh.NetError) as caught:
        sh.check(Program.from_text(text))
    assert str(caught.value).startswith(message)


def test_exponents_are_integers() -> None:
    for text, message in (
        ("inputs x; f = power x; outputs f", "power needs an exponent, as in power(3) x"),
        ("inputs x; f = power(1/2) x; outputs f", "power needs an integer as its exponent"),
        ("inputs x; f = square(2) x; outputs f", "square takes no slope"),
    ):
        with pytest.raises(sh.NetError, match=message.replace("(", r"\(").replace(")", r"\)")):
            Program.from_text(text)
    node = {"id": "f", "op": "power", "args": ["x0"]}
    for more, place in (
        ({}, "nodes[0]: power needs an exponent"),
        ({"exponent": 0.5}, "nodes[0].exponent: power needs an integer as its exponent"),
        ({"exponent": 2, "slope": 2}, "nodes[0].slope: power takes no slope"),
    ):
        with pytest.raises(sh.NetError) as caught:
            sh.load({"inputs": 1, "nodes": [node | more], "outputs": ["f"]})
        assert place in str(caught.value)


@pytest.mark.parametrize(
    "lines",
    [
        "a = power(1000000) x; outputs a",
        "; ".join(f"n{k + 1} = square n{k}" for k in range(60)).replace("n0", "x") + "; outputs n60",
        "; ".join(f"p{k} = power(-1000) x{k}" for k in range(40))
        + "; s = "
        + " + ".join(f"p{k}" for k in range(40))
        + "; outputs s",
    ],
)
def test_numbers_that_would_grow_are_refused_at_once(lines: str) -> None:
    inputs = [f"x{k}" for k in range(40)] if "x39" in lines else ["x"]
    text = f"inputs {' '.join(inputs)}; {lines}; point " + " ".join(str(10**40 + 7 * k) for k in range(len(inputs)))
    start = time.process_time()
    with pytest.raises(sh.NetError, match="the numbers grow too long"):
        localise(Program.from_text(text))
    assert time.process_time() - start < 2


def test_an_iteration_with_a_product() -> None:
    """Ridge by gradient steps: x - g ((Q + th) x - c), seen from (x, th)."""
    program = Program.from_text(
        "inputs x th; p = mul th x; s = 2 x + p - 3; r = x - 1/4 s; y = relu r; outputs y; point 1 1"
    )
    iteration = sh.Iteration(program, ["x"])
    assert iteration.step([Fraction(1)]) == (Fraction(1),)
    net = iteration.localised((Fraction(1),)).net
    assert net.derivative([1, 0]) == (Fraction(1, 4),) and net.derivative([0, 1]) == (Fraction(-1, 4),)
