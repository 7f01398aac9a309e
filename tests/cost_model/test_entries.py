"""Entries of the dictionary: one for each operation of nets; costs; values and slopes against the exact side."""

from __future__ import annotations

from fractions import Fraction

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, dictionary
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.nets import net_program
from subgrad_hardness.cost_model.variants import Variant, costs
from subgrad_hardness.cost_model.weights import NONSCALAR, Weights
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.smooth_operations import SMOOTH


def test_every_operation_of_nets_has_an_entry() -> None:
    for name, operation in (OPERATIONS | SMOOTH).items():
        if operation.in_graphs:
            assert ENTRIES[name].arity == operation.arity, name
            assert (operation.parameter is not None) is (ENTRIES[name].parameter is not None), name


#: Value; value and slopes; value, what sweeps share, and a sweep back; a push; with c_nl = 10.
TABLE = {
    ("add", 2): (1, 1, 1, 1),
    ("mul", 2): (1, 1, 3, 3),
    ("div", 2): (1, 4, 3, 3),
    ("relu", 1): (1, 1, 1, 0),
    ("leaky_relu", 1): (2, 2, 3, 1),
    ("abs", 1): (2, 2, 2, 1),
    ("hardtanh", 1): (2, 2, 2, 0),
    ("relu6", 1): (2, 2, 2, 0),
    ("max", 2): (1, 1, 1, 0),
    ("max", 5): (4, 4, 4, 0),
    ("min", 3): (2, 2, 2, 0),
    ("sum", 4): (3, 3, 3, 3),
    ("norm", 2): (14, 17, 17, 4),
    ("norm", 3): (16, 20, 20, 6),
    ("exp", 1): (10, 10, 11, 1),
    ("log", 1): (10, 11, 11, 1),
    ("sqrt", 1): (10, 12, 12, 2),
    ("elu", 1): (13, 14, 15, 1),
}


@pytest.mark.parametrize(("which", "expected"), TABLE.items())
def test_costs_of_entries(which: tuple[str, int], expected: tuple[int, ...]) -> None:
    weights, found = Weights.of(nl=10), costs(Variant(*which))
    swept = found.shared.plus(found.most(found.back, weights))
    counted = (found.value, found.derived, swept, found.most(found.push, weights))
    assert [weights.cost(each) for each in counted] == list(expected)


@pytest.mark.parametrize("x", [-7, -1, 0, 1, 6, 7, Fraction(1, 2)])
@pytest.mark.parametrize("name", [name for name, each in OPERATIONS.items() if each.in_graphs])
def test_values_and_slopes_at_kinks_are_those_of_the_exact_side(name: str, x: Fraction) -> None:
    arguments = 3 if OPERATIONS[name].arity is None else 1
    build = GraphBuilder(arguments)
    output = build.apply(name, list(range(arguments)), Fraction(1, 3) if OPERATIONS[name].slope else None)
    points: tuple[list[int | Fraction], ...] = ([x, x, 1], [x, 1, x], [1, x, 1]) if arguments == 3 else ([x],)
    for point in points:
        net = build.program([output], point)
        line, _ = net_program(net)
        assert sh.backward(line).run(line.point) == (
            *sh.value(net),
            *sh.gradient(net).gradient[0],
        )


def test_smooth_slopes_against_differences() -> None:
    for name in ("exp", "log", "sqrt", "elu", "softplus", "sigmoid", "tanh"):
        build = Builder("t")
        program = build.program(build.apply(name, 0))
        for t in (0.3, 1.7, -0.6):
            if t > 0 or name not in ("log", "sqrt"):
                (high,), (low,) = program.run([t + 1e-6]), program.run([t - 1e-6])
                assert sh.backward(program).run([t])[1] == pytest.approx((high - low) / 2e-6, rel=1e-6)
    build = Builder(2)
    assert sh.backward(build.program(build.apply("norm", 0, 1))).run([0, 0]) == (0, 0, 0)


def test_weights() -> None:
    assert Weights.from_text("nonscalar") == NONSCALAR
    assert Weights.from_text("nl=5/2, add=0") == Weights(add=Fraction(0), nl=Fraction(5, 2))
    for text in ("nl", "nl=1,nl=2", "sin=1", "add=-1", "add=x"):
        with pytest.raises(ParameterError):
            Weights.from_text(text)


def test_dictionaries_are_known_by_name() -> None:
    assert dictionary("pl") is DICTIONARIES["pl"]
    with pytest.raises(ParameterError, match="known: polynomial"):
        dictionary("trigonometric")
