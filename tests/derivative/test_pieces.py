"""Distinct Jacobians by blocks and units: those of all cells, each once, each with a direction that gives it."""

from __future__ import annotations

from math import factorial
from typing import Any

import pytest
from support import arrangements, plain_cells, small_nets
from support.fixture_nets import FIXTURES, fixture

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.blocks import blocks
from subgrad_hardness.derivative.counting import count_cells, count_pieces
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.derivative.units import unit_net
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.flatten import flatten

LONG = "digits-1405 block, logit 9"


def check(net: LocalNet) -> int:
    """The set, without repetition, and locking branches along each direction gives its Jacobian; how many."""
    found = list(pieces(net))
    plain = list(plain_cells.cells(net))
    assert len({piece.rows for piece in found}) == len(found)
    assert {piece.rows for piece in found} == {cell.rows for cell in plain}
    for piece in found:
        assert lock_branches(net, [piece.interior]).rows == piece.rows
    assert count_pieces(net) == len(found)
    assert count_cells(net) == len(plain)
    return len(found)


def text(lines: str, inputs: str, outputs: str) -> LocalNet:
    """A net from one operation a line: name, operation, arguments, or coefficients before them."""
    nodes = []
    for line in lines.split("; "):
        name, operation, *rest = line.split()
        numbers = [int(word) for word in rest if word.lstrip("-").isdigit()]
        node: dict[str, Any] = {"id": name, "op": operation, "args": [w for w in rest if not w.lstrip("-").isdigit()]}
        nodes.append(node | ({"coefficients": numbers} if numbers else {}))
    return localise(load({"inputs": inputs.split(), "nodes": nodes, "outputs": outputs.split()})).net


@pytest.mark.parametrize("name", [name for name in FIXTURES if name != LONG])
def test_fixtures(name: str) -> None:
    check(localise(fixture(name)).net)


def test_small_nets() -> None:
    assert sum(check(localise(load(mapping)).net) for mapping in small_nets.nets()) > 1000


@pytest.mark.parametrize(
    ("lines", "inputs", "units", "jacobians"),
    [
        ("f max a b c d", "a b c d", [4], 4),
        ("m max a b c; f relu m", "a b c", [4], 4),
        ("f min a b c", "a b c", [3], 3),
        ("m min a b c; n affine -1 m; f relu n", "a b c", [4], 4),
        ("m max a b c; n affine -2 3 m a; f relu n", "a b c", [2, 3], 4),
        ("s affine 2 a; t affine 3 b; m max s t c; n affine 5 m; f max n d", "a b c d", [4], 4),
        ("m max a b; n max c d; s affine 1 1 m n; f relu s", "a b c d", [5], 5),
        # The maximum is used twice, in two ways: it stays a unit of its own.
        ("m max a b; r relu m; f affine 1 1 m r", "a b", [2, 2], 4),
        # The minimum inside a maximum is subtracted: neither rule applies.
        ("m min a b; f max m c", "a b c", [2, 2], 3),
    ],
)
def test_maxima_become_units(lines: str, inputs: str, units: list[int], jacobians: int) -> None:
    net = text(lines, inputs, "f")
    assert sorted(len(pieces) for pieces in unit_net(flatten(net)).units) == units
    assert check(net) == jacobians


def test_pooling_of_a_real_image() -> None:
    """A block of 7 pooled units of a trained net, with 311,762 cells and 4,870 Jacobians: the first of these."""
    net = localise(fixture(LONG)).net
    (block,) = blocks(flatten(net))
    assert sorted(map(len, unit_net(block.flat).units)) == [2, 2, 2, 5, 5, 5, 5]
    stream = pieces(net)
    found = [next(stream) for _ in range(60)]
    assert len({piece.rows for piece in found}) == 60
    for piece in found:
        assert lock_branches(net, [piece.interior]).rows == piece.rows


def test_blocks_are_found_behind_a_change_of_coordinates() -> None:
    """|x + y| and |x - y| share inputs, but not the span of their forms."""
    lines = "s affine 1 1 x y; t affine 1 -1 x y; a abs s; b abs t; u affine 1 1 z w; v affine 1 2 z w; m max u v"
    lines += "; f affine 1 1 1 3 a b m x"
    net = text(lines, "x y z w", "f")
    assert sorted(len(block.kinks) for block in blocks(flatten(net))) == [1, 2, 2]
    assert check(net) == 8


def test_products_are_counted_and_begun() -> None:
    """Twelve blocks of 5! Jacobians each: nobody lists 120^12."""
    rows = [
        [entry if block == number else 0 for block in range(12) for entry in form]
        for number in range(12)
        for form in arrangements.braid(5)
    ]
    net = arrangements.net(rows)
    assert count_cells(net) == count_pieces(net) == 120**12
    stream = pieces(net)
    found = [next(stream) for _ in range(50)]
    assert len({piece.rows for piece in found}) == 50
    assert all(lock_branches(net, [piece.interior]).rows == piece.rows for piece in found)


def test_counting_does_not_list() -> None:
    """Convex: as many Jacobians as cells, by the polynomial.  Gains of both signs: they are listed."""
    forms = arrangements.braid(9)
    assert count_pieces(arrangements.net(forms)) == count_cells(arrangements.net(forms)) == factorial(9)
    mixed = arrangements.net([(1, 0), (0, 1), (1, 1)], [1, 1, -1])
    assert (count_cells(mixed), count_pieces(mixed)) == (6, 5)
    silent = arrangements.net([(1, 0), (0, 1), (1, 0)], [1, 1, -1])
    assert (count_cells(silent), count_pieces(silent)) == (4, 2)


def test_limits_are_looked_at() -> None:
    for net in (arrangements.net(arrangements.braid(4)), localise(fixture(LONG)).net):
        with pytest.raises(LimitReached):
            list(pieces(net, Limits.seconds(-1)))


def test_kinks_that_read_only_kinks_that_are_zero() -> None:
    """relu(2 relu(u - x - y)) with u = x + y: its form is not zero, but it is zero all the same, and in no block."""
    text = "inputs x y; u = x + y; w = abs u; v = u - x - y; a = relu v; c = 2 a; b = relu c; f = b + w; outputs f"
    assert check(localise(Program.from_text(text)).net) == 2
