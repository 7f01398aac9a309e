"""Bounds and derived programs on random programs; sharp programs; derivatives against independent ones."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, Growth, dictionary_of, highest_lines
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.lexicographic import branch_locking, lexicographic, two_elements
from subgrad_hardness.cost_model.net_files import as_net, is_decidable
from subgrad_hardness.cost_model.nets import net_program
from subgrad_hardness.cost_model.programs import Subject
from subgrad_hardness.cost_model.random_programs import campaign, random_program
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.table import METHODS, Rows
from subgrad_hardness.cost_model.weights import NONSCALAR, Weights

UNIT = Weights()


def cost(program: StraightLine) -> Fraction:
    return UNIT.cost(program.counts)


@pytest.mark.parametrize("weights", [UNIT, Weights.of(nl=10)], ids=["unit", "nl=10"])
@pytest.mark.parametrize("name", DICTIONARIES)
def test_random_programs_keep_every_bound(name: str, weights: Weights) -> None:
    tried = campaign(DICTIONARIES[name], 40, seed=1, weights=weights)
    assert tried.violations == ()
    assert tried.structural > 1 and tried.textbook > 2 and tried.forward_share <= 1


def test_a_wrong_bound_would_be_seen() -> None:
    """The check of the campaign itself: over a dictionary without quotients, quotients break the bound."""
    build = Builder(2)
    program = build.program(build.apply("div", 0, 1), point=[1, 2])
    bound = DICTIONARIES["polynomial"].bounds().textbook.value
    assert bound is not None and cost(backward(program, "textbook")) > bound * cost(program)


CONSTANTS = {
    "polynomial": (5, 5, 4, 1, 3),
    "relu": (5, 5, 4, 1, 3),
    "rational": (8, 5, 4, 4, 3),
    "pl": (5, 3, 2, 1, 3),
    "full": (8, 5, 4, 4, 3),
}


@pytest.mark.parametrize("weights", [UNIT, Weights.of(nl=10)], ids=["unit", "nl=10"])
@pytest.mark.parametrize(("name", "expected"), CONSTANTS.items())
def test_constants_of_dictionaries(name: str, expected: tuple[int, ...], weights: Weights) -> None:
    found = DICTIONARIES[name].bounds(weights)
    textbook, structural, amortised, start, slope = expected
    constants = [found.omega_b.value, found.omega_s.value, found.omega_a.value]
    assert constants == [textbook, structural, amortised]
    for p in (1, 2, 10, 1000):
        assert found.omega_f(p).value == start + slope * p
        assert name != "pl" or found.lex(p).value == 1 + p


@pytest.mark.parametrize("exponent", [-3, -1, 0, 1, 2, 3, 8])
def test_every_power_keeps_its_bounds(exponent: int) -> None:
    """What a power costs depends on its exponent: 0 and 1 are free, and have no bounds."""
    build = Builder("t")
    program = build.program(build.apply("power", 0, parameter=Fraction(exponent)), point=[2])
    value, slope = Fraction(2) ** exponent, exponent * Fraction(2) ** (exponent - 1)
    for form in ("textbook", "structural"):
        assert backward(program, form).run([2]) == (value, slope)
    rows = Rows(Subject.of_line(program, [Fraction(2)]), weights=UNIT).all(list(METHODS))
    for row in rows[1:]:
        assert (row.bound is None) is (exponent in (0, 1)), row
        assert row.bound is None or (row.ratio is not None and row.ratio <= row.bound), row


def test_lines_that_are_highest_somewhere() -> None:
    lines = [Growth(Fraction(a), Fraction(b, 7), f"{a} {b}") for a, b in ((9, 1), (8, 1), (6, 4), (2, 5), (-900, 6))]
    shown = {line.entry for line in highest_lines(lines)}
    assert shown == {max(lines, key=lambda line: line.at(k)).entry for k in range(1, 7 * 1000)}
    assert highest_lines([]) == []


def test_products_alone_have_no_textbook_bound_but_a_structural_one() -> None:
    found = DICTIONARIES["rational"].bounds(NONSCALAR)
    assert found.textbook.value is None
    assert found.structural.value == found.amortised.value == 3


@pytest.mark.parametrize("name", DICTIONARIES)
def test_every_row_of_the_table_keeps_its_bound(name: str) -> None:
    """The bounds of the program's own operations, the sharpest; and forward in k directions is what its program has."""
    stream = Stream(77, "rows", name)
    for number in range(20):
        program = random_program(stream, DICTIONARIES[name], most_inputs=3, most_steps=12)
        assert program.point is not None
        weights = Weights.of(add=2, mul=3, cmp="1/2", div=5, nl=7) if number % 2 else UNIT
        rows = Rows(Subject.of_line(program, program.point), weights=weights, directions=5).all(list(METHODS))
        for row in rows[1:]:
            assert row.bound is None or row.ratio is None or row.ratio <= row.bound, (row, program.steps)
            assert (row.bound is None) is (not row.bound_name)
            if row.method == "directions":
                assert row.counts == forward(program, 5, row.form).counts


def test_a_row_counts_what_directions_share_once() -> None:
    for name in ("tanh", "elu", "sigmoid", "softplus"):
        build = Builder("t")
        program = build.program(build.apply(name, 0), point=[1])
        for form in ("textbook", "structural"):
            report = sh.cost(program, methods=["directions"], forms=[form], directions=4)
            assert report.rows[1].counts == forward(program, 4, form).counts


def test_sharp_programs() -> None:
    build, power = Builder("x"), 0
    for _ in range(50):
        power = build.apply("mul", power, 0)
    program = build.program(power, point=[2])
    assert cost(backward(program, at=program.point)) == 4 * 50 - 2
    assert cost(backward(program, "textbook")) == 5 * 50
    build = Builder("xy")
    assert cost(backward(build.program(build.apply("div", 0, 1)), "textbook")) == 8


def test_own_operations_have_the_sharpest_bounds() -> None:
    build = Builder("xy")
    program = build.program(build.apply("max", build.apply("mul", build.constant(3), 0), 1), point=[1, 2])
    found = dictionary_of(program)
    assert [variant.name for variant in found.variants] == ["scale", "max of 2"]
    assert found.bounds().structural.value == 3
    wide = Builder(40)
    assert dictionary_of(wide.program(wide.apply("max", *range(40)))).bounds().structural.value == Fraction(79, 39)


def test_piecewise_linear_programs_against_the_decided_side() -> None:
    """The gradient, and the element that branch locking finds, are those of the exact local net."""
    stream, ties = Stream(2, "against"), 0
    for _ in range(60):
        program = random_program(stream, DICTIONARIES["pl"], most_inputs=3, most_steps=15)
        assert program.point is not None and is_decidable(program)
        net = as_net(program, decidable=True)
        found = backward(program, at=program.point)
        assert found.run(program.point)[1:] == sh.gradient(net).gradient[0]
        locked = branch_locking(program, program.point)
        p = len(program.inputs)
        direction = locked.values[p:]
        value, slope, *gradient = locked.program.run(locked.values)
        assert (value,) == sh.value(net) and (slope,) == sh.directional_derivative(net, direction)
        ties += locked.ties
        if not locked.ties:
            assert tuple(gradient) == sh.clarke_subgradient(net, directions=[direction])[0]
        unit = [[Fraction(int(i == j)) for i in range(p)] for j in range(p)]
        pushed = lexicographic(program, program.point, unit)
        assert pushed.program.run(pushed.values)[1:] == sh.lexicographic_derivative(net, unit)[0]
    assert ties > 0


@pytest.mark.parametrize("p", [2, 7, 60])
def test_branch_locking_on_a_sum_of_relus(p: int) -> None:
    build = Builder(p)
    program = build.program(build.apply("sum", *[build.apply("relu", slot) for slot in range(p)]), point=[0] * p)
    found = branch_locking(program, [Fraction(0)] * p)
    assert cost(found.program) == 2 * (2 * p - 1) and found.ties == 0
    results = found.program.run(found.values)
    assert results[2:] == tuple(int(entry > 0) for entry in found.values[p:])


def test_two_elements_of_the_conservative_gradient() -> None:
    build = Builder("t")
    program = build.program(
        build.apply("sub", build.apply("relu", 0), build.apply("relu", build.apply("neg", 0))), point=[0]
    )
    found = two_elements(program, [Fraction(0)])
    assert found.program.run(found.values) == (0, 0, 2) and found.ties == 2


def test_derived_programs_are_guarded_and_can_be_written_as_nets() -> None:
    net = sh.Program.from_text("inputs x y; a = mul x y; b = relu a; c = elu(1/2) b; d = div c x; outputs d; point 1 2")
    program, chosen = net_program(net)
    at = backward(program, at=program.point, wrt=chosen)
    with pytest.raises(sh.PointError, match="another branch"):
        at.run([1, -2])
    with pytest.raises(sh.PointError, match="another branch"):
        backward(at).run([1, -2])
    with pytest.raises(sh.PointError, match="another branch"):
        backward(at, at=[Fraction(1), Fraction(-2)])
    everywhere = backward(program)
    for derived in (at, everywhere, backward(program, "textbook")):
        written = as_net(derived)
        again = net_program(sh.load(sh.Program.from_text(written.to_text()))).program
        assert cost(again) == cost(derived)
        assert again.run([1, 2]) == derived.run([1, 2])
    assert not is_decidable(everywhere)


class Series:
    """c0 + c1 t + c2 t^2, for second derivatives along a line: an oracle that knows nothing of reverse sweeps."""

    def __init__(self, *terms: Fraction) -> None:
        self.terms = terms

    def times(self, other: Series) -> Series:
        (a, b, c), (x, y, z) = self.terms, other.terms
        return Series(a * x, a * y + b * x, a * z + b * y + c * x)

    def plus(self, other: Series, sign: int = 1) -> Series:
        return Series(*(one + sign * two for one, two in zip(self.terms, other.terms, strict=True)))

    def over(self, other: Series) -> Series:
        (a, b, c), (x, y, z) = self.terms, other.terms
        first = a / x
        second = (b - first * y) / x
        return Series(first, second, (c - second * y - first * z) / x)


def along(program: StraightLine, direction: list[int]) -> Fraction:
    """The second derivative along a line through the point."""
    assert program.point is not None
    values = [Series(Fraction(x), Fraction(d), Fraction(0)) for x, d in zip(program.point, direction, strict=True)]
    for step in program.steps:
        a, b = (values[argument] for argument in step.arguments)
        if step.operation in ("add", "sub"):
            values.append(a.plus(b, 1 if step.operation == "add" else -1))
        else:
            values.append(a.times(b) if step.operation == "mul" else a.over(b))
    return 2 * values[program.outputs[0]].terms[2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sh.cost(5), "not a net"),  # type: ignore[arg-type]
        (lambda: sh.cost(lambda x: x, [1], weights=5), "neither Weights"),  # type: ignore[arg-type]
        (lambda: sh.cost(lambda x: x, [float("nan")]), "nan is no number"),
        (lambda: sh.cost(lambda x: x, [1], methods=["all"]), "unknown name 'all'"),
        (lambda: sh.cost(lambda x: x * x, [1], forms=["both"]), "unknown name 'both'"),
        (lambda: sh.cost(lambda x: x, [1], dictionary="all"), "unknown dictionary"),
        (lambda: sh.cost(lambda x, y: x / y, [1, 0]), "denominator is 0"),
        (lambda: sh.cost(lambda x: x, [1]).ratio("backward", "textbook"), "no ratio"),
        (lambda: sh.backward(lambda x: x, "best"), "unknown form"),
        (lambda: sh.forward(lambda x: x, -1), "negative"),
        (lambda: sh.forward_limit(3, [[1]], [[1]]), "matrices of 1 row"),
        (lambda: sh.forward_limit(a=3, d=4), "no matrix"),  # type: ignore[arg-type]
    ],
)
def test_refusals(call: Callable[[], object], message: str) -> None:
    with pytest.raises(sh.InputError, match=message):
        call()


def test_programs_without_operations_cost_nothing() -> None:
    report = sh.cost(lambda x: x, [1])
    assert report.rows[0].cost == 0 and {row.ratio for row in report.rows} == {None}
    assert sh.backward(lambda x: x).run([3]) == (3, 1)


def test_second_derivatives() -> None:
    stream, curved = Stream(3, "second"), 0
    for _ in range(50):
        program = random_program(stream, DICTIONARIES["rational"], most_inputs=3, most_steps=8)
        p = len(program.inputs)
        hessian = backward(backward(program)).run(program.point)[-p * p :]
        for i in range(p):
            for j in range(p):
                both, one, two = ([int(k in chosen) for k in range(p)] for chosen in ({i, j}, {i}, {j}))
                mixed = (
                    along(program, one) if i == j else along(program, both) - along(program, one) - along(program, two)
                )
                found = hessian[i * p + j]
                assert found == (mixed if i == j else mixed / 2)
                curved += found != 0
    assert curved > 50
