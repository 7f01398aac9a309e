"""The fast enumerations of cells give what the plain one gives, and what is known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from support import arrangements, plain_cells
from support.fixture_nets import fixture

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative import cells as cells_module
from subgrad_hardness.derivative.cell import Cell, walls
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.point_tree import PointTree
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load


def check(net: LocalNet) -> list[Cell]:
    """Every cell of the plain enumeration once, with its Jacobian, and a point inside."""
    found = list(cells(net))
    assert len({cell.signs for cell in found}) == len(found)
    assert {(cell.signs, cell.rows) for cell in found} == {(each.signs, each.rows) for each in plain_cells.cells(net)}
    for cell in found:
        levels = net.values(cell.interior)
        for slot, sign in zip(net.kinks, cell.signs, strict=True):
            level = levels[net.nodes[slot - net.inputs].argument]  # type: ignore[union-attr]
            assert (level > 0) - (level < 0) == sign
    return found


def random_net(stream: Stream, widths: list[int], most: int, single: bool = False) -> LocalNet:
    def entry() -> object:
        value = stream.integer(-most, most)
        return f"{value}/{2 ** stream.integer(18, 30)}" if single else value

    layers = []
    for number, (inputs, outputs) in enumerate(pairwise(widths)):
        layer: dict[str, object] = {"weight": [[entry() for _ in range(inputs)] for _ in range(outputs)]}
        if number < len(widths) - 2:
            layer["activation"] = "relu"
        layers.append(layer)
    return localise(load({"inputs": widths[0], "layers": layers})).net


@pytest.mark.parametrize(
    ("widths", "most", "single"),
    [
        ([2, 8, 8, 1], 9, False),
        ([2, 4, 4, 4, 4, 2], 2, False),
        ([3, 5, 5, 2], 2, False),
        ([4, 4, 4, 1], 1, False),
        ([4, 6, 5, 1], 9, False),
        ([5, 4, 4, 1], 2, False),
        ([6, 5, 3, 1], 3, False),
        ([7, 4, 3, 1], 3, False),
        ([3, 5, 4, 1], 2**24, True),
    ],
)
def test_deep_nets(widths: list[int], most: int, single: bool) -> None:
    stream = Stream(1, f"deep {widths} {most}")
    assert sum(len(check(random_net(stream, widths, most, single))) for _ in range(2)) > 10


def test_rays_in_six_dimensions_and_points_agree() -> None:
    stream = Stream(2, "rays and points")
    for _ in range(4):
        net = random_net(stream, [6, 7, 3, 1], 2)
        by_rays = {(cell.signs, cell.rows) for cell in cells(net)}
        tree = PointTree(net)
        assert by_rays == {(cell.signs, cell.rows) for cell in tree.cells([tree.root()], NO_LIMITS)}


def test_layers_in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    """One layer of kinks, some of them multiples of others, some with gains that cancel; with several outputs."""
    monkeypatch.setattr(cells_module, "_FEW", 0)
    stream, total = Stream(3, "bulk"), 0
    for _ in range(30):
        inputs, kinks, outputs = stream.integer(2, 4), stream.integer(2, 8), stream.integer(1, 3)
        most = 2 ** stream.integer(1, 80)
        first = [[stream.integer(-2, 2) for _ in range(inputs)] for _ in range(kinks)]
        first += [[-2 * entry for entry in first[0]], [3 * entry for entry in first[-1]]]
        second = [[stream.integer(-most, most) for _ in first] for _ in range(outputs)]
        layers = [{"weight": first, "activation": ("relu", "abs")[stream.integer(0, 1)]}, {"weight": second}]
        net = localise(load({"inputs": inputs, "layers": layers})).net
        if any(any(row) for row in first):
            total += len(check(net))
    assert total > 300


def test_one_hyperplane() -> None:
    for forms in ([(1, 2, 3)], [(1, 2, 3), (-2, -4, -6)], [(1,)]):
        assert len(check(arrangements.net(forms))) == 2


def test_large_arrangements() -> None:
    assert sum(1 for _ in cells(arrangements.net(arrangements.braid(7)))) == 5040
    assert sum(1 for _ in cells(arrangements.net(arrangements.resonance(5)))) == 11292
    assert sum(1 for _ in cells(arrangements.net(arrangements.single(30, 3)))) == arrangements.schlaefli(30, 3)


@pytest.mark.parametrize(
    ("name", "number", "jacobians"),
    [
        ("max of 4", 8, 4),
        ("top2 of 4", 24, 6),
        ("permutahedron 4", 24, 24),
        ("resonance 4", 370, 370),
        ("threshold 3", 104, 104),
        ("2-8-8-1", 23, 23),
        ("3-8-8-1", 261, 260),
        ("four spikes (0 inside)", 12, 9),
        ("thin cone", 4, 4),
        ("relu(|x|-|y|)", 8, 5),
    ],
)
def test_fixtures(name: str, number: int, jacobians: int) -> None:
    found = check(localise(fixture(name)).net)
    assert (len(found), len({cell.rows for cell in found})) == (number, jacobians)


def test_walls_meet_exactly_inside() -> None:
    """The walls are positive at the point inside, and at that of no other cell."""
    net = localise(fixture("3-8-8-1")).net
    found = list(cells(net))
    for cell in found[::20]:
        forms = walls(net, cell)
        assert isinstance(interior_point(forms, net.inputs), Feasible)
        for other in found[::20]:
            inside = all(sum(x * y for x, y in zip(form, other.interior, strict=True)) > 0 for form in forms)
            assert inside == (other is cell)


def test_first_cells_come_before_the_last() -> None:
    """2^60 cells, or 2^24 of them in bulk, and those of one more hyperplane: nobody waits for all."""
    for size in (24, 60):
        forms = [tuple(int(i == j) for j in range(size)) for i in range(size)] + [(1,) * size]
        stream = cells(arrangements.net(forms), Limits.seconds(60))
        assert len({next(stream).signs for _ in range(100)}) == 100


def test_limits_are_looked_at_in_bulk() -> None:
    stream = cells(arrangements.net(arrangements.braid(8)), Limits.seconds(-1))
    with pytest.raises(LimitReached):
        next(stream)
