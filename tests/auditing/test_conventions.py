"""What conventions return, beside numbers that frameworks were measured to return, and beside the rewriting."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support import small_nets

from subgrad_hardness.auditing.conventions import NAMED, rewriting, uniform
from subgrad_hardness.auditing.pieces import active
from subgrad_hardness.auditing.traced import backpropagated, traced
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

CONVENTIONS = {convention.name: convention for convention in NAMED}
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)

#: Functions of x that are 0 (the first: x) and what frameworks return at the point: measured with torch 2.13, JAX
#: 0.10.2 and TensorFlow 2.21.
MEASURED = (
    ("m = -x; a = relu x; b = relu m; f = a - b", 0, {"torch": 0, "jax": 0, "tensorflow": 0}),
    ("m = -x; a = abs x; b = relu x; c = relu m; f = a - b - c", 0, {"torch": 0, "jax": 1, "tensorflow": 0}),
    ("o = 0; a = max x o; b = max x a; f = a - b", 0, {"torch": -QUARTER, "jax": -QUARTER, "tensorflow": 0}),
    ("o = 0; a = max x o; b = max o x; f = a - b", 0, {"torch": 0, "jax": 0, "tensorflow": 1}),
    ("a = leaky_relu(1/2) x; b = relu x; f = a - 1/2 x - 1/2 b", 0, {"torch": 0, "jax": HALF, "tensorflow": 0}),
    ("a = hardtanh x; l = -1; h = 1; b = max x l; c = min b h; f = a - c", 1, {"torch": -HALF, "jax": HALF}),
    ("a = relu6 x; b = relu x; c = 6; d = min b c; f = a - d", 6, {"torch": -HALF, "jax": -HALF, "tensorflow": -1}),
)


@pytest.mark.parametrize(("text", "point", "expected"), MEASURED)
def test_what_was_measured(text: str, point: int, expected: dict[str, Fraction]) -> None:
    trace = traced(Program.from_text(f"inputs x; {text}; outputs f; point {point}"))
    for name, slope in expected.items():
        assert backpropagated(trace, trace.choices(CONVENTIONS[name])) == ((slope,),), name


def test_three_that_tie() -> None:
    trace = traced(Program.from_text("inputs x y z; f = max x y z; outputs f"))
    made = {each.name: backpropagated(trace, trace.choices(each))[0] for each in uniform(["max"])}
    third = Fraction(1, 3)
    assert made == {
        "ties of max to the first": (1, 0, 0),
        "ties of max to the last": (0, 0, 1),
        "ties of max split evenly": (third, third, third),
        "ties of max one to each": (1, 1, 1),
    }
    # The balanced tree max(max(x, y), z).
    assert backpropagated(trace, trace.choices(rewriting(HALF)))[0] == (QUARTER, QUARTER, HALF)


def test_the_rewriting_is_what_the_localised_net_returns() -> None:
    """Operation by operation and over the rewritten, localised program: two ways to one matrix."""
    kinks = 0
    for net in small_nets.nets()[:150]:
        program = load(net)
        trace, local = traced(program), localise(program).net
        kinks += len(local.kinks)
        for share in (Fraction(0), Fraction(1, 3), Fraction(1)):
            expected = backpropagate(local, [share] * len(local.kinks))
            assert backpropagated(trace, trace.choices(rewriting(share))) == expected, program.to_text()
    assert kinks > 150


def test_active_pieces() -> None:
    form = traced(Program.from_text("inputs x; a = relu6 x; b = hardtanh x; c = max x a b; outputs c")).form
    relu6, hardtanh, largest = form.nodes
    assert [active(relu6, [value]) for value in (-1, 0, 3, 6, 7)] == [(0,), (0, 1), (1,), (1, 2), (2,)]
    assert [active(hardtanh, [value]) for value in (-2, -1, 0, 1, 2)] == [(0,), (0, 1), (1,), (1, 2), (2,)]
    assert active(largest, [1, 2, 2]) == (1, 2)
