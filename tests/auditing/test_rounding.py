"""The bound of rounding: passes in floating point keep within it, and it is not much more than they need."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from subgrad_hardness.api.loss_program import loss_program
from subgrad_hardness.auditing.computed import ROUNDINGS, rounded_up
from subgrad_hardness.auditing.rounding import PRECISIONS, rounding_bound
from subgrad_hardness.auditing.traced import Trace, backpropagated, traced
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.program import Program


def float32_net(stream: Stream, widths: list[int]) -> Program:
    """Weights of 24 random bits, so that nearly every product rounds."""
    weights = [
        [[stream.signed(1, 24)[0] / 2**24 for _ in range(inputs)] for _ in range(outputs)]
        for inputs, outputs in pairwise(widths)
    ]
    return Program.from_layers(weights, point=[stream.integer(-9, 9) for _ in range(widths[0])])


def in_float32(program: Program, trace: Trace, shuffled: Stream) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Backpropagation in float32, the terms of each sum in a random order."""
    layers = program.form.chain
    assert layers is not None
    blocked = {trace.form.nodes[number].id for number, pieces in trace.pieces.items() if pieces == (0,)}
    adjoint = np.ones(1, dtype=np.float32)
    for depth in range(len(layers) - 1, -1, -1):
        layer = layers[depth]
        made = np.zeros(layer.columns, dtype=np.float32)
        rows = list(range(len(layer.rows)))
        for place in range(len(rows) - 1, 0, -1):
            other = shuffled.integer(0, place)
            rows[place], rows[other] = rows[other], rows[place]
        for unit in rows:
            if f"layers[{depth}][{unit}]" in blocked:
                continue
            row = layer.rows[unit]
            for argument, gain in zip(row.arguments, row.rationals(), strict=True):
                made[argument] += np.float32(float(gain)) * adjoint[unit]
        adjoint = made
    return adjoint


def test_passes_keep_within_the_bound_and_need_some_of_it() -> None:
    stream = Stream(0, "rounding")
    needed = []
    for _ in range(12):
        program = float32_net(stream, [4, 12, 12, 1])
        trace = traced(program)
        choices = {number: (Fraction(pieces[-1]),) for number, pieces in trace.pieces.items()}
        (exact,) = backpropagated(trace, choices)
        bound = rounding_bound(trace, choices, "float32")
        widest = rounding_bound(trace, None, "float32")
        assert bound is not None and widest is not None
        assert all(narrow <= wide for narrow, wide in zip(bound[0], widest[0], strict=True))
        for _ in range(4):
            rounded = in_float32(program, trace, stream)
            for found, wanted, most in zip(rounded.tolist(), exact, bound[0], strict=True):
                off = abs(Fraction(found) - wanted)
                assert off <= most
                if most:
                    needed.append(off / most)
    assert max(needed) > Fraction(1, 400)  # a bound that is thousands of times too wide would prove nothing


def test_a_sum_that_cancels_is_bounded_by_its_terms() -> None:
    """2^-24 (1 + 2^24) - 1 is lost to rounding: the bound follows the sizes of the terms, not that of the sum."""
    trace = traced(Program.from_text("inputs x; u = 16777217/16777216 x; f = u - x; outputs f"))
    bound = rounding_bound(trace, {}, "float32")
    assert bound is not None
    assert Fraction(1, 2**24) <= bound[0][0] <= Fraction(6 * ROUNDINGS, 2**24)


def test_exactness_and_hopelessness() -> None:
    trace = traced(Program.from_text("inputs x; f = relu x; outputs f"))
    assert rounding_bound(trace, None, "exact") == ((Fraction(0),),)
    deep = "inputs x; " + "; ".join(f"a{n} = {'x' if n == 0 else f'a{n - 1}'} + 1" for n in range(40)) + "; outputs a39"
    assert rounding_bound(traced(Program.from_text(deep)), None, "bfloat16") is None
    assert rounding_bound(traced(Program.from_text(deep)), None, "float32") is not None


@pytest.mark.parametrize("precision", ["float64", "float32", "float16", "bfloat16"])
def test_coarser_formats_have_wider_bounds(precision: str) -> None:
    trace = traced(Program.from_text("inputs x; f = 3 x; outputs f"))
    bound = rounding_bound(trace, None, precision)
    assert bound is not None
    bits = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}[precision]
    assert 3 * ROUNDINGS < bound[0][0] * 2**bits < 9 * ROUNDINGS


def test_a_gain_that_the_format_has_with_few_digits_meets_a_large_adjoint() -> None:
    """3/2 of the least number of float16 rounds to twice that number: off by a third, times an adjoint of 60000."""
    gain = Fraction(3, 2**25)
    kept = Fraction(float(np.float16(float(gain))))
    assert kept == Fraction(4, 2**25)
    trace = traced(Program.from_text(f"inputs x; b = {gain} x; f = 60000 b; outputs f"))
    bound = rounding_bound(trace, {}, "float16")
    assert bound is not None
    assert 60000 * (kept - gain) <= bound[0][0] <= 62000 * PRECISIONS["float16"].normal


def test_gains_that_are_computed_keep_within_the_bound() -> None:
    """The gradient in the weights of both layers: the hidden values, which are factors, round as well."""
    stream, needed = Stream(2, "products"), []
    for _ in range(8):
        net = float32_net(stream, [5, 6, 1])
        program = loss_program(net, wrt="parameters")
        first, last = matrices(net)
        x = np.array([float(entry) for entry in net.point], np.float32)
        hidden = np.maximum(first @ x, np.float32(0))
        rounded = [*np.outer((first @ x > 0) * last[0], x).reshape(-1), *hidden]
        trace = traced(program)
        choices = {number: (Fraction(pieces[-1]),) for number, pieces in trace.pieces.items()}
        (exact,) = backpropagated(trace, choices)
        for forward in (False, True):
            bound = rounding_bound(trace, choices, "float32", forward=forward)
            assert bound is not None
            for found, wanted, most in zip(rounded, exact, bound[0], strict=True):
                off = abs(Fraction(float(found)) - wanted)
                assert off <= most
                needed.append(off / most if most else Fraction(0))
    assert max(needed) > Fraction(1, 400)


def test_a_factor_that_cancels_is_bounded_by_its_terms() -> None:
    """d (a b) / da = b, and b = (1 + 2^-24) y - y is 2^-24 exactly, 0 in float32."""
    trace = traced(
        Program.from_text("inputs x y; u = 16777217/16777216 y; b = u - y; f = mul x b; outputs f").at([1, 1])
    )
    assert backpropagated(trace, {})[0][0] == Fraction(1, 2**24)
    bound = rounding_bound(trace, {}, "float32")
    assert bound is not None and Fraction(1, 2**24) <= bound[0][0] <= Fraction(10 * ROUNDINGS, 2**24)
    assert (
        rounding_bound(traced(Program.from_text("inputs x y; f = div x y; outputs f").at([1, 3])), {}, "float32")
        is None
    )


def test_forward_mode_rounds_where_it_adds() -> None:
    """Sums of forward mode are over arguments: a long row is many roundings there, and one in a backward pass."""
    row = " + ".join(f"x{n}" for n in range(100))
    trace = traced(Program.from_text(f"inputs {' '.join(f'x{n}' for n in range(100))}; f = {row}; outputs f"))
    backward, forward = [rounding_bound(trace, {}, "float32", forward=each) for each in (False, True)]
    assert backward is not None and forward is not None
    assert backward[0][0] * 2**24 < 2 * ROUNDINGS and 100 < forward[0][0] * 2**24 < 200
    stream, needed = Stream(3, "forward"), []
    for _ in range(6):
        net = float32_net(stream, [4, 12, 12, 1])
        trace = traced(net)
        choices = {number: (Fraction(pieces[-1]),) for number, pieces in trace.pieces.items()}
        blocked = {trace.form.nodes[number].id for number, pieces in trace.pieces.items() if pieces == (0,)}
        tangent = np.eye(4, dtype=np.float32)
        for depth, weights in enumerate(matrices(net)):
            passes = [f"layers[{depth}][{unit}]" not in blocked for unit in range(len(weights))]
            tangent = (weights @ tangent) * np.array(passes, np.float32)[:, None]
        bound = rounding_bound(trace, choices, "float32", forward=True)
        assert bound is not None
        for found, wanted, most in zip(tangent[0].tolist(), backpropagated(trace, choices)[0], bound[0], strict=True):
            assert abs(Fraction(found) - wanted) <= most
            needed.append(abs(Fraction(found) - wanted) / most)
    assert max(needed) > Fraction(1, 400)


def test_bounds_of_few_digits_are_no_less() -> None:
    for bound in (Fraction(0), Fraction(1, 3), Fraction(10**40, 7), Fraction(7, 10**40), Fraction(2**60 + 1)):
        short = rounded_up(bound)
        assert bound <= short <= bound * (1 + Fraction(1, 2**46)) and short.numerator.bit_length() <= 50 + 90


def matrices(net: Program) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """The weights of a net of dense layers."""
    assert net.form.chain is not None
    return [np.array([list(map(float, row.rationals())) for row in layer.rows], np.float32) for layer in net.form.chain]
