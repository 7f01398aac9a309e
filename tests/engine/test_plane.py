"""One and two inputs: once around, against the oracle and the enumeration of cells."""

from __future__ import annotations

import pytest
from support import oracle, small_nets
from support.conformance import CASES, graph
from support.posed import pose

from subgrad_hardness import check, load
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.engine import plane
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.localise import localise
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.question.question import linearity

NETS = [(case.name, case.net, case.verdict) for case in CASES if load(case.net).input_count <= 2] + [
    (f"random {number}", net, small_nets.expected(number))
    for number, net in enumerate(small_nets.nets())
    if load(net).input_count <= 2
]


def test_all_small_nets_are_answered() -> None:
    assert len(NETS) > 200
    for name, net, verdict in NETS:
        for direction in (3, 8):
            posed = pose(name, net, verdict, direction)
            if not posed.question.net.kinks:
                continue
            answer = plane.decide(posed.question, Limits())
            if verdict == "unique":
                assert isinstance(answer, Refutation), name
            else:
                assert isinstance(answer, Witness), name
                assert posed.question.holds(answer.direction)


def test_the_sectors_are_those_of_the_cells() -> None:
    """A fan of lines: every sector is met once, the axes cut some."""
    lines = "; ".join(f"s{k} = x - {k} y; r{k} = relu s{k}; m{k} = -1 s{k}; q{k} = relu m{k}" for k in (1, 3, 7))
    total = " ".join(f"+ r{k} - q{k}" for k in (1, 3, 7)).removeprefix("+ ")
    net = localise(load(graph("x y", f"{lines}; f = {total}", "f"))).net
    element = lock_branches(net, [(1, 5)])
    answer = plane.decide(linearity(net, element.rows), Limits())
    assert isinstance(answer, Refutation)
    assert answer.why == "no goal is positive on the rays of 10 sectors"  # 3 lines and the axes
    assert len(list(cells(net))) == 6


def test_needles() -> None:
    """Sectors of any width: between 10^40 y and (10^40 + 1) y."""
    for case in CASES:
        if "needle" in case.name:
            posed = pose(case.name, case.net, case.verdict, 3)
            answer = plane.decide(posed.question, Limits())
            assert isinstance(answer, Witness if case.verdict == "distinct" else Refutation)


def test_a_jacobian_that_agrees_on_the_sector_s_first_ray() -> None:
    """F = max(0, min(x, y)), g = 0: along (1, 0) F' = 0, just past it F' = y."""
    net = graph("x y", "m = min x y; f = relu m", "f")
    local = localise(load(net)).net
    question = linearity(local, lock_branches(local, [(-1, -2)]).rows)
    answer = plane.decide(question, Limits())
    assert isinstance(answer, Witness)
    assert answer.direction[1] > 0
    assert question.holds(answer.direction)


def tents(depth: int, odd: bool) -> dict[str, object]:
    """T_(i+1) = 2 min(T_i, y - T_i) on the wedge 0 < x < y, 2^depth sectors; and a function that is zero."""
    lines = ["t0 = 1 x", *(f"c{i} = y - t{i}; m{i} = min t{i} c{i}; t{i + 1} = 2 m{i}" for i in range(depth))]
    last = f"t{depth}"
    lines += [f"a = abs {last}; p = relu {last}; n = -1 {last}; q = relu n; f = a - p - q" + (" + p" if odd else "")]
    return graph("x y", "; ".join(lines), "f")


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_tent_maps(depth: int) -> None:
    assert check(tents(depth, odd=False)).verdict == "unique"
    net = tents(depth, odd=True)
    assert check(net, solver="plane").verdict == "distinct"
    assert oracle.verdict(oracle.read(net)) == "distinct"


def test_more_inputs_are_not_its_business_and_limits_hold() -> None:
    three = pose("median", next(case.net for case in CASES if case.name == "median"), "distinct", 3).question
    assert isinstance(ENGINES["plane"].decide(three, Limits()), Undecided)
    two = pose("abs", graph("x y", "a = abs x; f = a + y", "f"), "distinct", 3).question
    with pytest.raises(LimitReached):
        plane.decide(two, Limits.seconds(-1))
