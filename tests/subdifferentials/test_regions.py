"""Programs on regions against all their pieces; the largest cube from both sides; two nets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.fixture_nets import FIXTURES, fixture
from support.random_programs import random_program

from subgrad_hardness import NetError, Program, affine, cube, equal, value, verify
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.subdifferentials import asking
from subgrad_hardness.subdifferentials.cube import closest

SMALL = [name for name in FIXTURES if "digits" not in name]
FAKE = Program.from_text(
    "inputs x; a = x - 1; p = relu a; m = 1 - x; q = relu m; f = p - q - x + 1; outputs f; point 1"
)


def grid(low: Fraction, high: Fraction, size: int, label: str) -> list[tuple[Fraction, ...]]:
    stream = Stream(5, label)
    return [tuple([low + (high - low) * Fraction(stream.below(61), 60) for _ in range(size)]) for _ in range(25)]


@pytest.mark.parametrize("name", SMALL[::2])
@pytest.mark.parametrize("ends", [None, (-1, 1), ("1/3", "7/2")])
def test_affine_on_boxes(name: str, ends: tuple[str | int, str | int] | None) -> None:
    program = fixture(name)
    found = affine(program, box=ends)
    low, high = (Fraction(-3), Fraction(3)) if ends is None else (Fraction(ends[0]), Fraction(ends[1]))
    assert found.certificate is not None and verify(program, found.certificate)
    if found.verdict:
        for point in grid(low, high, program.input_count, name):
            mapped = [
                sum((a * x for a, x in zip(row, point, strict=True)), b)
                for row, b in zip(found.matrix, found.offset, strict=True)
            ]
            assert list(value(program, point)) == mapped
    else:
        assert found.kink is not None and found.subgradients[0] != found.subgradients[1]
        assert ends is None or all(low < entry < high for entry in found.kink)


@pytest.mark.parametrize("seed", range(30))
def test_affine_on_polyhedra(seed: int) -> None:
    program = random_program(seed, inputs=1 + seed % 3, nodes=2 + seed % 3, biases=True)
    size, stream = program.input_count, Stream(seed, "polyhedra")
    rows = [[*stream.direction(size, 2), stream.integer(1, 4)] for _ in range(seed % 5)]
    found = affine(program, constraints=rows)
    assert found.certificate is not None and verify(program, found.certificate)
    points = [point for point in grid(Fraction(-4), Fraction(4), size, str(seed)) if within(point, rows)]
    differs = any(
        list(value(program, point))
        != [
            sum((a * x for a, x in zip(row, point, strict=True)), b)
            for row, b in zip(found.matrix, found.offset, strict=True)
        ]
        for point in points
    )
    assert not (found.verdict and differs)
    if not found.verdict:
        assert found.kink is not None and within(found.kink, rows)


def within(point: tuple[Fraction, ...], rows: list[list[int]]) -> bool:
    return all(sum(a * x for a, x in zip(row, point, strict=False)) <= row[-1] for row in rows)


@pytest.mark.parametrize("seed", range(30))
def test_the_largest_cube_from_both_sides(seed: int) -> None:
    stream = Stream(seed, "centres")
    program = random_program(seed, inputs=1 + seed % 3, nodes=2 + seed % 3, biases=True)
    program = program.at([Fraction(stream.integer(-6, 6), 3) for _ in range(program.input_count)])
    found = cube(program)
    assert found.exact
    if found.radius is None:
        assert affine(program).verdict and found.inside is not None and verify(program, found.inside)
        return
    assert found.beyond is not None and verify(program, found.beyond)
    assert found.kink is not None
    assert max(abs(x - y) for x, y in zip(found.kink, program.point, strict=True)) == found.radius
    for factor, verdict in ((Fraction(999, 1000), True), (Fraction(1001, 1000), False)):
        radius = found.radius * factor
        if radius:
            ends = [x - radius for x in program.point], [x + radius for x in program.point]
            assert affine(program, box=ends).verdict is verdict
    if found.radius:
        assert found.inside is not None and verify(program, found.inside)
    else:
        assert not affine(program, box=([x - 1 for x in program.point], [x + 1 for x in program.point])).verdict


def test_a_kink_that_is_none() -> None:
    found = cube(FAKE)
    assert found.exact and found.radius is None and found.matrix == ((Fraction(0),),)
    assert repr(found) == "<CubeResult: radius infinite>"


def test_a_kink_that_does_not_matter_lies_nearer() -> None:
    """relu(x) - relu(-x) - x is 0: the first bend is at 5."""
    program = Program.from_text(
        "inputs x; m = -x; p = relu x; q = relu m; s = x - 5; r = relu s; f = p - q + r; outputs f; point 1"
    )
    found = cube(program)
    assert found.radius == 4
    assert found.kink == (Fraction(5),)


def test_the_nearest_point_of_a_polyhedron() -> None:
    radius, point = closest([(1, 1, -4), (-1, 2, 3)], (Fraction(0), Fraction(0)), Limits())
    assert radius == 2
    assert list(point) == [2, 2]


def test_equal_nets_and_others() -> None:
    first = Program.from_text("inputs x y; f = max x y; outputs f")
    second = Program.from_text("inputs a b; d = b - a; r = relu d; f = a + r; outputs f")
    found = equal(first, second)
    assert found.verdict and found.certificate is not None
    assert verify(first, found.certificate, other=second)
    assert not verify(first, found.certificate, other=first)
    third = Program.from_text("inputs x y; f = 1/2 x + 1/2 y; outputs f")
    other = equal(first, third, box=(0, 1))
    assert other.verdict is False and other.point is not None and other.values[0] != other.values[1]
    assert other.certificate is not None and verify(first, other.certificate, other=third)
    ahead = [[1, -1, 0]]  # x <= y
    assert equal(first, Program.from_text("inputs x y; f = y; outputs f"), constraints=ahead).verdict
    with pytest.raises(NetError, match="cannot be compared"):
        equal(first, Program.from_text("inputs x; f = x; outputs f"))


def test_phases_behind_an_open_kink_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the box y has both signs, -x - relu(y) and y - relu(y) - x have one: relu(y) >= 0, relu(y) >= y."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("an engine was asked")

    monkeypatch.setattr(asking, "decide", refused)
    for text in ("s = -1 x - r", "s = y - r - x"):
        program = Program.from_text(f"inputs x y; r = relu y; {text}; f = relu s; outputs f")
        found = affine(program, box=([1, -1], [2, 1]))
        assert found.verdict and found.certificate is not None and verify(program, found.certificate)
    apart = Program.from_text("inputs x y; r = relu y; s = r - x; q = relu s; f = q + x; outputs f")
    with pytest.raises(AssertionError, match="an engine was asked"):  # relu(y) <= 1 needs both phases of y
        affine(apart, box=([1, -1], [2, 1]))


def test_ties_are_broken_as_certificates_break_them() -> None:
    """The segment to the deviating point leaves a tie at the bend; its Jacobian is that of the certificate's matrix."""
    program = random_program(2, inputs=3, nodes=5, biases=True)
    found = affine(program, box=([-3, -2, 2], [0, 1, 5]))
    assert found.verdict is False and found.certificate is not None


@pytest.mark.parametrize("seed", range(12))
def test_random_nets_equal_to_their_graphs_and_to_no_other(seed: int) -> None:
    program = random_program(seed, inputs=2, nodes=4, biases=True)
    assert equal(program, program._replace(name="twin")).verdict
    moved = random_program(seed + 1000, inputs=2, nodes=4, biases=True)
    found = equal(program, moved, box=(-2, 2))
    same = all(value(program, point) == value(moved, point) for point in grid(Fraction(-2), Fraction(2), 2, "pairs"))
    assert found.verdict == same
