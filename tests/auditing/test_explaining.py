"""Explanations: by conventions, by each kink's own derivative, by the branches of floating point; and none."""

from __future__ import annotations

from fractions import Fraction

from support import small_nets

from subgrad_hardness.auditing.explaining import explain
from subgrad_hardness.auditing.solving import solve_choices
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

ZERO = Fraction(0)


def test_choices_that_were_made_are_found_again() -> None:
    """Whatever backpropagation returns is explained, and what is found gives the same matrix."""
    stream, deep, found = Stream(1, "choices"), 0, 0
    for net in small_nets.nets()[:120]:
        local = localise(load(net)).net
        if not local.kinks:
            continue
        slopes = [Fraction(stream.integer(0, 4), 4) for _ in local.kinks]
        given = backpropagate(local, slopes)
        solved = solve_choices(local, given, tuple([(ZERO,) * len(row) for row in given]))
        assert not solved.excluded
        if solved.slopes is None:  # kinks that read kinks are tried with 0 and 1 only
            deep += 1
            continue
        found += 1
        assert all(0 <= slope <= 1 for slope in solved.slopes)
        assert backpropagate(local, solved.slopes) == solved.jacobian == given
    assert found > 40 and found > 3 * deep


def test_one_layer_is_excluded_for_certain() -> None:
    local = localise(Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f")).net
    for slope, inside in ((Fraction(2), True), (Fraction(201, 100), False), (Fraction(-1, 100), False)):
        solved = solve_choices(local, ((slope,),), ((ZERO,),))
        assert (solved.slopes is not None, solved.excluded) == (inside, not inside)
    wide = solve_choices(local, ((Fraction(201, 100),),), ((Fraction(1, 100),),))
    assert wide.jacobian == ((Fraction(2),),)
    narrow = solve_choices(local, ((Fraction(201, 100),),), ((Fraction(1, 101),),))
    assert narrow.excluded


def test_a_kink_that_only_floats_meet() -> None:
    """0.1 + 0.2 - 0.3 in float32: floating point sees 0, exactly it is -2^-27."""
    tenth, fifth, third = (Fraction(float(f"{number}")) for number in (0.1, 0.2, 0.3))
    weights = [[Fraction(1), Fraction(1), Fraction(-1)]]
    program = Program.from_layers([weights, [[1]]], point=[tenth, fifth, third])
    # As float64 numbers 0.1 + 0.2 - 0.3 is 2^-54 (rounded twice) or 2^-55 (exactly): no kink either way.
    assert explain(program, ((Fraction(1), Fraction(1), Fraction(-1)),), "float64").explains
    import numpy as np

    point = [Fraction(float(np.float32(number))) for number in (0.1, 0.2, 0.3)]
    program = program.at(point)
    half = Fraction(1, 2)
    found = explain(program, ((half, half, -half),), "float32")
    assert not found.kinks
    assert [(one.exact, one.rounded) for one in found.parted] == [((0,), (0, 1))]
    assert found.explains and found.best.branches == "rounded"
    assert explain(program, ((ZERO, ZERO, ZERO),), "float32").best.branches == "exact"


def test_what_nothing_explains_has_a_nearest_result() -> None:
    program = Program.from_text("inputs x; f = abs x; outputs f")
    found = explain(program, ((Fraction(3),),), "float32")
    assert not found.explains and found.excluded
    assert (found.best.gradient, found.best.deviation) == (((Fraction(1),),), Fraction(2))


def test_a_convention_that_is_asked_for_comes_first() -> None:
    program = Program.from_text("inputs x; f = abs x; outputs f")
    assert explain(program, ((ZERO,),), "exact", first="tensorflow").best.convention == "tensorflow"
    assert explain(program, ((Fraction(1),),), "exact", first="torch").best.convention == "jax"
