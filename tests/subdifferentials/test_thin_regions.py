"""Regions without interior points: the same answers as on the nets that were restricted by hand."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

import pytest
from support.fixture_nets import fixture
from support.random_programs import random_program

from subgrad_hardness import ParameterError, Program, affine, equal, verify
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.net.reading import load
from subgrad_hardness.subdifferentials.thin import hull_of

Vector = tuple[Fraction, ...]


def sliced(stream: Stream, size: int) -> tuple[list[list[Fraction]], list[Vector], int]:
    """Rows of a bounded region in a random plane, points that span it and lie in it, and its dimension.

    Equations are given as two inequalities each; one more inequality that holds all over is there as well.
    """
    inner = stream.integer(0, size - 1)
    start = [Fraction(stream.integer(-2, 2), 2) for _ in range(size)]
    ways: list[list[int]] = []
    while len(ways) < inner:
        drawn = [stream.integer(-1, 2) for _ in range(size)]
        if len(independent([*ways, drawn])) == len(ways) + 1:
            ways.append(drawn)
    normals: list[list[int]] = []
    while len(normals) < size - inner:
        drawn = [stream.integer(-3, 3) for _ in range(size)]
        # Made orthogonal to the ways, one after the other, in an orthogonal basis of these.
        row, done = list(map(Fraction, drawn)), list[list[Fraction]]()
        for way in ways:
            vector = list(map(Fraction, way))
            for other in done:
                share = sum(map(mul, vector, other)) / sum(map(mul, other, other))
                vector = [x - share * y for x, y in zip(vector, other, strict=True)]
            done.append(vector)
        for other in done:
            share = sum(map(mul, row, other)) / sum(map(mul, other, other))
            row = [x - share * y for x, y in zip(row, other, strict=True)]
        whole = list(common_denominator(row)[0])
        if len(independent([*normals, whole])) == len(normals) + 1:
            normals.append(whole)
    rows: list[list[Fraction]] = []
    for normal in normals:
        level = sum(map(mul, normal, start), Fraction(0))
        rows += [[*map(Fraction, normal), level], [*(-Fraction(entry) for entry in normal), -level]]
    for index in range(size):
        for sign in (1, -1):
            rows.append([Fraction(sign * (index == k)) for k in range(size)] + [sign * start[index] + 3])
    points = [tuple(start)]
    for way in ways:
        points += [tuple([x + sign * Fraction(w) for x, w in zip(start, way, strict=True)]) for sign in (1, -1)]
    return rows, points, inner


@pytest.mark.parametrize("seed", range(30))
def test_random_slices(seed: int) -> None:
    """A True agrees with all values at points of the slice, a False with unequal slopes; certificates are accepted."""
    size = 2 + seed % 3
    stream = Stream(seed, "slices")
    rows, points, inner = sliced(stream, size)
    program = random_program(seed, inputs=size, nodes=2 + seed % 3, biases=True)
    hull = hull_of([tuple(row) for row in rows], size, Limits())
    assert hull is not None and len(hull.free) == inner
    for point in points:
        assert hull.point([point[index] for index in hull.free]) == point
    found = affine(program, constraints=rows)
    assert found.verdict is not None
    mixed = [
        tuple([(3 * x + k * y) / (3 + k) for x, y in zip(one, other, strict=True)])
        for one in points
        for other in points
        for k in range(1, 4)
    ]
    there = [
        tuple([sum(map(mul, row, x), b) for row, b in zip(found.matrix, found.offset, strict=True)]) for x in mixed
    ]
    if found.verdict:
        assert there == [value(program, x) for x in mixed]
    else:
        assert inner and found.kink is not None and len(set(found.subgradients)) == 2
        assert all(sum(map(mul, row[:-1], found.kink)) <= row[-1] for row in rows)
    if inner:
        assert found.restricted is not None and found.restricted.input_count == inner
        assert found.certificate is not None and verify(found.restricted, found.certificate)
        for x in points:
            assert value(found.restricted, [x[index] for index in hull.free]) == value(program, x)
    else:
        assert found.uncertified == "the region is one point: evaluate the net there"
    other = random_program(seed + 500, inputs=size, nodes=2, biases=True)
    same = equal(program, other, constraints=rows)
    if same.verdict:
        assert all(value(program, x) == value(other, x) for x in mixed)
    else:
        assert same.point is not None and value(program, same.point) != value(other, same.point)
        assert all(sum(map(mul, row[:-1], same.point)) <= row[-1] for row in rows)
        assert same.certificate is not None and verify(program, same.certificate, other=other)


def test_a_kink_along_the_hull_only() -> None:
    """|x - y| + |x| on x = y: the first kink does not count, the second does."""
    net = Program.from_text("inputs x y; d = x - y; a = abs d; b = abs x; f = a + b; outputs f")
    line = [[1, -1, 0], [-1, 1, 0]]
    assert affine(net, constraints=line, box=([1, -5], [4, 5])).verdict
    bent = affine(net, constraints=line)
    assert bent.verdict is False and bent.kink is not None and not any(bent.kink)
    assert {tuple(map(int, row)) for (row,) in bent.subgradients} == {(-1, 0), (1, 0)}
    assert affine(net, constraints=[[1, -1, 0]]).verdict is False  # with room for the first


def test_two_nets_that_are_equal_on_a_plane_alone() -> None:
    first = Program.from_text("inputs x y; f = max x y; outputs f")
    second = Program.from_text("inputs x y; f = x; outputs f")
    line = [[1, -1, 0], [-1, 1, 0]]
    found = equal(first, second, constraints=line)
    assert found.verdict and len(found.restricted) == 2 and found.certificate is not None
    assert verify(found.restricted[0], found.certificate, other=found.restricted[1])
    assert not equal(first, second).verdict
    assert equal(first, second, box=([2, 2], [2, 2])).uncertified is not None
    point = equal(first, second, box=([1, 2], [1, 2]))
    assert point.verdict is False and point.certificate is not None
    assert verify(first, point.certificate, other=second)


def test_layers_and_names() -> None:
    """Nets of layers are restricted as graphs; inputs that are not free become nodes of their names."""
    found = affine(fixture("abs sum"), box=([0, 1], [1, 1]))
    assert found.verdict and found.restricted is not None and found.restricted.inputs == ("x0",)
    assert load(found.to_json()["restricted"]).digest == found.restricted.digest
    assert [list(map(int, row)) for row in found.matrix] == [[1, 0]] and list(found.offset) == [1]


def test_regions_without_points() -> None:
    program = fixture("abs sum")
    with pytest.raises(ParameterError, match="the ends are the wrong way round"):
        affine(program, box=([0, 1], [1, 0]))
    for rows in ([[1, 0, 0], [-1, 0, -1]], [[0, 0, -1]], [[1, 0, 0], [-1, 0, 0], [0, 1, 3], [0, -1, -4]]):
        with pytest.raises(ParameterError, match="no point satisfies all constraints"):
            affine(program, constraints=rows)
