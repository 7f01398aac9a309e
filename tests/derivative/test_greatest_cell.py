"""The cell of the greatest value, without objects for cells, against the list of all cells."""

from __future__ import annotations

from operator import mul

import pytest

from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.central import central_net
from subgrad_hardness.derivative.greatest_cell import greatest_cell
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.normal_form.flatten import flatten


@pytest.mark.parametrize("seed", range(8))
def test_against_the_list(seed: int) -> None:
    stream = Stream(seed, "greatest cells")
    inputs, count, outputs = 2 + stream.below(3), 6 + stream.below(6), 1 + seed % 2
    most = (1, 3, 2**45)[seed % 3]  # the last ones are rounded
    layers = [
        [[stream.integer(-most, most) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in ((inputs, count), (count, outputs))
    ]
    layers[0][0] = [1] * inputs
    layers[0] += [[int(row == column) for column in range(inputs)] for row in range(inputs)]
    layers[1] = [[*row, *[1] * inputs] for row in layers[1]]
    net = localise(Program.from_layers(layers)).net
    central = central_net(flatten(net))
    assert central is not None
    weights = [stream.integer(-9, 9) for _ in range(inputs * outputs)]

    def value(rows: tuple[tuple[int, ...], ...]) -> int:
        return sum(map(mul, weights, [entry for row in rows for entry in row]))

    point = greatest_cell(central, weights, NO_LIMITS)
    assert point is not None
    assert value(lock_branches(net, [point]).rows) == max(value(cell.rows) for cell in cells(net))
