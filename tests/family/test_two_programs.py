"""Both programs of such a family are the function, in plain Python, on ties as elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from typing import Any, NamedTuple

import pytest
from support.two_programs import alone, nodes_of, points, programs_of, values_of

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family import pooling, scan, tropical
from subgrad_hardness.family.networks import NETWORKS
from subgrad_hardness.net.evaluation import value

Point = Sequence[Fraction]
Function = Callable[[Point], Sequence[Fraction]]


class Case(NamedTuple):
    """A family's programs, and what they calculate."""

    family: str
    parameters: dict[str, Any]
    function: Function


def statistic(what: str, k: int = 0) -> Function:
    def of(x: Point) -> Sequence[Fraction]:
        ordered = sorted(x)
        return {
            "median": ordered[(len(x) - 1) // 2 :][:1],
            "rank": ordered[k - 1 : k],
            "maximum": ordered[-1:],
            "all": ordered,
            "largest": [sum(ordered[len(x) - k :], Fraction(0))],
        }[what]

    return of


def pooled(height: int, width: int, side: int, step: int) -> Function:
    def of(x: Point) -> Sequence[Fraction]:
        return [
            max(x[(y + v) * width + u + w] for v in range(side) for w in range(side))
            for y in range(0, height - side + 1, step)
            for u in range(0, width - side + 1, step)
        ]

    return of


def assignment(x: Point) -> Sequence[Fraction]:
    size = round(len(x) ** 0.5)
    return [max(sum(x[row * size + s[row]] for row in range(size)) for s in permutations(range(size)))]


def walk(size: int) -> Function:
    """By an enumeration of all ways; the edges by their inputs' names."""
    names = programs_of("shortestpath", {"size": size}).inputs

    def of(x: Point) -> Sequence[Fraction]:
        length = dict(zip(names, x, strict=True))

        def least(row: int, column: int) -> Fraction:
            if row == column == size:
                return Fraction(0)
            steps = []
            if column < size:
                steps.append(length[f"r{row}_{column}"] + least(row, column + 1))
            if row < size:
                steps.append(length[f"d{row}_{column}"] + least(row + 1, column))
            return min(steps)

        return [least(1, 1)]

    return of


def violators(x: Point) -> list[Fraction]:
    """Isotonic regression by pooling adjacent violators: another algorithm than the family's formulas."""
    blocks: list[tuple[Fraction, int]] = []
    for entry in x:
        total, count = entry, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / count:
            before, size = blocks.pop()
            total, count = total + before, count + size
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]


def over(pairs: Callable[[range], Any]) -> Function:
    return lambda x: [sum((abs(x[i] - x[j]) for i, j in pairs(range(len(x)))), Fraction(0))]


def running(choose: Callable[[Point], Fraction]) -> Function:
    return lambda x: [choose(x[: stop + 1]) for stop in range(len(x))]


CASES = (
    *(Case("sorting", {"inputs": n, "first": way}, statistic("median")) for n in (2, 5, 8) for way in NETWORKS),
    *(
        Case("sorting", {"inputs": n, "first": way, "what": "all"}, statistic("all"))
        for n in (3, 9)
        for way in NETWORKS
    ),
    *(Case("sorting", {"inputs": 7, "first": way, "what": "maximum"}, statistic("maximum")) for way in NETWORKS),
    *(
        Case("sorting", {"inputs": 6, "second": way, "what": "rank", "k": 2}, statistic("rank", 2))
        for way in (*NETWORKS, "subsets")
    ),
    Case("sorting", {"inputs": 5, "first": "subsets"}, statistic("median")),
    Case("sorting", {"inputs": 6, "what": "largest", "k": 3}, statistic("largest", 3)),
    Case("sorting", {"inputs": 4, "what": "largest", "k": 4, "second": "bubble"}, statistic("largest", 4)),
    Case("pooling", {"height": 5, "width": 4}, pooled(5, 4, 3, 1)),
    Case("pooling", {"height": 4, "window": 2}, pooled(4, 4, 2, 1)),
    Case("pooling", {"height": 8, "width": 9, "how": "twice"}, pooled(8, 9, 4, 4)),
    Case("pooling", {"height": 9, "how": "twice", "window": 3}, pooled(9, 9, 9, 9)),
    *(
        Case("scan", {"inputs": n, "first": one, "second": other}, running(max))
        for n in (2, 5, 8, 13)
        for one, other in pairwise(scan.SCANS)
    ),
    Case("scan", {"inputs": 6, "minimum": True}, running(min)),
    *(
        Case("absolute", {"inputs": n, "signed": signed}, lambda x: [max(map(abs, x))])
        for n in (2, 3, 6)
        for signed in (False, True)
    ),
    Case("tropical", {"what": "determinant", "size": 3}, assignment),
    Case("tropical", {"what": "determinant", "size": 4}, assignment),
    *(
        Case("shortestpath", {"size": size, "first": one, "second": other}, walk(size))
        for size in (2, 4)
        for one, other in (("forwards", "backwards"), ("paths", "middle"))
    ),
    *(Case("isotonic", {"inputs": n, "all": True}, violators) for n in (2, 5)),
    *(
        Case("isotonic", {"inputs": 6, "component": k}, lambda x, k=k: violators(x)[k - 1 : k])  # type: ignore[misc]
        for k in (1, 4, 6)
    ),
    *(
        Case("totalvariation", {"inputs": n, "network": way}, over(lambda places: combinations(places, 2)))
        for n in (2, 5, 6)
        for way in NETWORKS
    ),
    Case("totalvariation", {"inputs": 5, "graph": "path"}, over(pairwise)),
    Case(
        "totalvariation",
        {"inputs": 5, "graph": "cycle"},
        over(lambda places: [*pairwise(places), (0, len(places) - 1)]),
    ),
)


def label(case: Case) -> str:
    return ",".join([case.family, *(f"{name}={item}" for name, item in case.parameters.items())])


@pytest.mark.parametrize("case", CASES, ids=label)
def test_both_programs_are_the_function(case: Case) -> None:
    pair = programs_of(case.family, case.parameters)
    programs = [alone(pair, writer) for writer in (pair.first, pair.second)]
    difference = generate(case.family, **case.parameters)
    for point in points(len(pair.inputs), Stream(1, label(case))):
        wanted = tuple(case.function(point))
        assert [value(program, point) for program in programs] == [wanted, wanted]
        assert value(difference, point) == (0,) * len(wanted)


@pytest.mark.parametrize("top", ["sum", "convolution"])
@pytest.mark.parametrize("filtered", [False, True])
def test_pooling_under_a_convolution(top: str, filtered: bool) -> None:
    """The weights are those of one kernel in all windows, before and after."""
    parameters = {"height": 7, "width": 6, "top": top, "filtered": filtered, "seed": 5}
    pair = pooling.programs(replace(values_of("pooling", parameters), seed=5))
    one, other = (alone(pair, writer) for writer in (pair.first, pair.second))
    rows = [node.row for node in nodes_of(one) if node.operation == "affine" and node.row is not None]
    kernels = {row.coefficients for row in rows if len(row.arguments) > 1}
    assert len(kernels) == 1 + filtered
    assert {abs(weight) for kernel in kernels for weight in kernel} <= {1, 2, 3}
    windows = (5 - 2 * filtered) * (4 - 2 * filtered)
    assert one.output_count == (1 if top == "sum" else {20: 6, 6: 1}[windows])
    for point in points(42, Stream(2, top)):
        assert value(one, point) == value(other, point)


def test_tropical_products() -> None:
    for seed in range(5):
        values = replace(values_of("tropical", {"terms": 3, "inputs": 2}), seed=seed)
        pair = tropical.programs(values)
        one, other = (alone(pair, writer) for writer in (pair.first, pair.second))
        (many,) = [node for node in nodes_of(other) if node.operation == "max"]
        assert len(many.arguments) == 9
        for point in points(2, Stream(seed, "product")):
            assert value(one, point) == value(other, point)
