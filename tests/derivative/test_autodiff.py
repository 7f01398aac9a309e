"""Backpropagation with any relu'(0), and whether its set of results is a singleton."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle, small_nets
from support.plain_autodiff import Tape, backpropagation
from support.strategies import mappings

from subgrad_hardness import ParameterError, gradient
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.autodiff import conservative_set, kink_slopes
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load

HALF = Fraction(1, 2)
#: Slopes 0 and 1 are tried in all combinations for at most this many kinks.
MOST = 10

IDENTITY = {"inputs": ["x"], "layers": [{"weight": [[1], [-1]], "activation": "relu"}, {"weight": [[1, -1]]}]}


def numbered(names: list[str]) -> list[tuple[str, int]]:
    """Each kink as its node and its place among the node's kinks, whatever the order of the nodes."""
    return [(name, names[:index].count(name)) for index, name in enumerate(names)]


def check_singleton(mapping: dict[str, Any]) -> bool:
    """The decision against backpropagation of the user's program; whether it says singleton.

    Two different results prove that the set is none.  A result is a multi-affine polynomial in the
    slopes, which is constant iff it is constant on the vertices of the cube: all are tried.
    """
    read, program = oracle.read(mapping), load(mapping)
    local = localise(program)
    kinks = len(Tape(read).kinks)
    found = conservative_set(local.net)
    assert found.first == backpropagation(read)
    if found.singleton:
        assert (found.chain, found.second) == ((), None)
        assert {backpropagation(read, slopes) for slopes in product((0, 1), repeat=kinks)} == {found.first}
        assert backpropagation(read, [HALF] * kinks) == found.first
        return True
    assert found.chain
    assert found.second is not None
    assert found.second != found.first
    places = numbered([program.unit_name(unit) for unit in local.kink_units])
    chain = {places[local.net.kink_numbers[kink]] for kink in found.chain}
    assert found.second == backpropagation(read, [int(place in chain) for place in numbered(Tape(read).kinks)])
    return False


def test_singleton_or_not_against_all_choices() -> None:
    nets = [mapping for mapping in small_nets.nets() if 0 < small_nets.corners(mapping) <= MOST]
    said = [check_singleton(mapping) for mapping in nets]
    assert len(said) > 450
    assert said.count(True) > 15


@given(mappings())
@settings(max_examples=75, deadline=None, derandomize=True)
def test_singleton_or_not_for_any_program(mapping: dict[str, Any]) -> None:
    if small_nets.corners(mapping) <= MOST:
        check_singleton(mapping)


@given(st.integers(0, small_nets.COUNT - 1), st.data())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_backpropagation_with_a_slope_for_each_kink(number: int, data: st.DataObject) -> None:
    mapping = small_nets.nets()[number]
    read = oracle.read(mapping)
    kinks = Tape(read).kinks
    slopes = data.draw(st.lists(st.fractions(0, 1, max_denominator=4), min_size=len(kinks), max_size=len(kinks)))
    found = gradient(mapping, relu_at_zero=slopes)
    several = {name for name in kinks if kinks.count(name) > 1}
    labels = [f"{name}[{kinks[:n].count(name)}]" if name in several else name for n, name in enumerate(kinks)]
    assert list(found.kinks) == labels
    assert found.gradient == backpropagation(read, slopes)
    assert found.value == oracle.value(read, read.point)
    assert found.singleton is not None
    assert (found.other is None) == found.singleton
    assert found.other != found.gradient
    assert found.subgradient in small_nets.bouligand(number)


@given(mappings(), st.sampled_from([0, 1, 0.5, Fraction(1, 3)]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_backpropagation_of_any_program_with_one_value(mapping: dict[str, Any], slope: Any) -> None:
    read = oracle.read(mapping)
    expected = backpropagation(read, [Fraction(slope)] * len(Tape(read).kinks))
    assert gradient(mapping, relu_at_zero=slope).gradient == expected


def test_the_identity_in_disguise() -> None:
    """relu(x) - relu(-x) = x: d_C = {1}, D_a = [0, 2], and relu'(0) = 0 gives 0 [B22]."""
    found = gradient(IDENTITY)
    assert found.gradient == oracle.exact([0])
    assert found.singleton is False
    assert found.other == oracle.exact([1])
    assert found.subgradient == oracle.exact([1])
    for first, second in product((Fraction(0), Fraction(1, 3), Fraction(1)), repeat=2):
        assert gradient(IDENTITY, relu_at_zero=[first, second]).gradient == oracle.exact([first + second])
    assert gradient(IDENTITY, relu_at_zero=1).gradient == oracle.exact([2])


def test_the_other_result_differs_from_the_one_at_hand() -> None:
    """Also where the gradient at hand is the evidence itself."""
    for slopes in product((0, 1), repeat=2):
        found = gradient(IDENTITY, relu_at_zero=list(slopes))
        assert found.other is not None
        assert found.other != found.gradient
        names = list(found.kinks)
        # what the report says of it: 1 at the nodes named, 0 elsewhere
        assert found.other == gradient(IDENTITY, relu_at_zero=[int(n in found.other_kinks) for n in names]).gradient


def test_slopes_by_node_name() -> None:
    nodes = [
        {"id": "a", "op": "abs", "args": ["x"]},
        {"id": "m", "op": "max", "args": ["x", "y"]},
        {"id": "s", "op": "affine", "args": ["a", "m"], "coefficients": [1, 10]},
    ]
    mapping = {"inputs": ["x", "y"], "nodes": nodes, "outputs": ["s"]}
    assert gradient(mapping).kinks == ("a[0]", "a[1]", "m")
    assert gradient(mapping).gradient == oracle.exact([10, 0])
    assert gradient(mapping, relu_at_zero={"m": HALF}).gradient == oracle.exact([5, 5])
    assert gradient(mapping, relu_at_zero={"m": 1, "a": 1}).gradient == oracle.exact([0, 10])
    assert gradient(mapping, relu_at_zero=[1, HALF, 0]).gradient == oracle.exact([10 + HALF, 0])
    assert gradient(mapping, relu_at_zero={"a[1]": 1}).gradient == oracle.exact([9, 0])
    assert gradient(mapping, relu_at_zero={"a": 1, "a[0]": HALF}).gradient == oracle.exact([HALF - 1 + 10, 0])
    assert gradient(mapping, relu_at_zero={}).gradient == gradient(mapping).gradient


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (-1, "outside"),
        (Fraction(3, 2), "outside"),
        (1.0000001, "outside"),
        ([0], "1 value, expected 2"),
        ([0, 1, 0], "3 values, expected 2"),
        ([0, 2], "outside"),
        ({"layers[1][0]": 1}, "no kink"),
        ({"nowhere": 1}, "no kink"),
        ({"layers[0][0]": -1}, "outside"),
    ],
)
def test_choices_that_make_no_sense(choice: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        gradient(IDENTITY, relu_at_zero=choice)


def test_dead_kinks_take_part_in_a_sequence_but_change_nothing() -> None:
    nodes = [
        {"id": "loose", "op": "relu", "args": ["x"]},
        {"id": "used", "op": "relu", "args": ["x"]},
    ]
    mapping = {"inputs": ["x"], "nodes": nodes, "outputs": ["used"]}
    program = load(mapping)
    local = localise(program)
    assert kink_slopes(program, local, [HALF, 1]) == [1]
    assert gradient(mapping, relu_at_zero=[1, HALF]).gradient == oracle.exact([HALF])
    assert gradient(mapping, relu_at_zero={"loose": 1}).gradient == oracle.exact([0])
    assert gradient(mapping).other_kinks == ("used",)


def test_a_singleton_although_there_are_kinks() -> None:
    """Gains that cancel exactly: relu(x) - relu(x) through two paths of one kink."""
    nodes = [
        {"id": "r", "op": "relu", "args": ["x"]},
        {"id": "up", "op": "affine", "args": ["r"], "coefficients": ["1/3"]},
        {"id": "down", "op": "affine", "args": ["r"], "coefficients": ["-1/3"]},
        {"id": "out", "op": "affine", "args": ["up", "down", "x"]},
    ]
    mapping = {"inputs": ["x"], "nodes": nodes, "outputs": ["out"]}
    assert check_singleton(mapping)
    assert gradient(mapping).gradient == oracle.exact([1])


def test_the_chain_is_a_shortest_one() -> None:
    nodes = [
        {"id": "short", "op": "relu", "args": ["x"]},
        {"id": "long", "op": "relu", "args": ["y"]},
        {"id": "longer", "op": "relu", "args": ["long"]},
        {"id": "out", "op": "affine", "args": ["short", "longer"]},
    ]
    assert gradient({"inputs": ["x", "y"], "nodes": nodes, "outputs": ["out"]}).other_kinks == ("short",)


def test_the_shortest_chain_of_many() -> None:
    """A chain of 40 kinks, of which no two may be skipped."""
    nodes = [{"id": f"r{n}", "op": "relu", "args": [f"r{n - 1}" if n else "x"]} for n in range(40)]
    mapping = {"inputs": ["x"], "nodes": nodes, "outputs": ["r39"]}
    found = conservative_set(localise(load(mapping)).net)
    assert found.chain == tuple(range(40))
    assert (found.first, found.second) == (oracle.exact([0]), oracle.exact([1]))
    with pytest.raises(LimitReached):
        conservative_set(localise(load(mapping)).net, Limits.seconds(-1))
    assert gradient(mapping, time_limit=0).singleton is None
