"""Membership, distance, support and shortest elements against brute force, certificates included."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from support.exact_hulls import backpropagated, greatest, lexicographic
from support.fixture_nets import BLOCK, FIXTURES, SEPARATING, fixture
from support.random_programs import random_program

from subgrad_hardness import ParameterError, PointError, contains, gradient, shortest, support, verify
from subgrad_hardness.common.limits import LimitReached
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.nearest import nearest_point

#: Backpropagation's result (relu'(0) = 0) on each fixture: the strongest set that it is in.
CLASSES = {
    "-|x|": "clarke",
    "2-8-8-1": "lexicographic",
    "abs sum": "clarke",
    "clamp(l,x,u) at l=x<u": "lexicographic",
    "clamp(x,0,0)": "autodiff",
    "corner pixel": "autodiff",
    "four spikes (0 inside)": "lexicographic",
    "hardsigmoid pair": "autodiff",
    "l1 3": "clarke",
    "mae at ['1/2', '1/2']": "clarke",
    "max of 4": "lexicographic",
    "max(-y,min(0,-x))": "lexicographic",
    "median3": "lexicographic",
    "permutahedron 4": "lexicographic",
    "relu x+relu y-relu(x+y)": "lexicographic",
    "relu x-relu -x": "autodiff",
    "resonance 4": "lexicographic",
    "saddle min(max)": "lexicographic",
    "thin cone": "lexicographic",
    "threshold 3": "lexicographic",
    "top2 of 4": "autodiff",
    "vector (relu x, relu -x)": "autodiff",
    "vector (|x|,|x|) ": "clarke",
    "vector (|x|,|y|)": "clarke",
    "zero: max(0,x)-max(x,max(0,x))": "autodiff",
    "|x|+2y": "clarke",
    "|x|-|y|": "clarke",
    "norm inf 3": "clarke",
    "zonotope of 5 forms": "lexicographic",
    "type B3": "clarke",
    "Khan-Barton": "lexicographic",
}

#: net -> (direction, support, directional derivative).
SUPPORTS = [
    ("-|x|", (1,), 1, -1),
    ("|x|-|y|", (1, 1), 2, 0),
    ("|x|-|y|", (0, 1), 1, -1),
    ("saddle min(max)", (1, 1), 1, -1),
    ("saddle min(max)", (1, 0), 1, 0),
    ("median3", (1, 0, 0), 1, 0),
    ("median3", (1, 1, -1), 1, 1),
    ("relu x+relu y-relu(x+y)", (1, 1), 1, 0),
    ("relu x+relu y-relu(x+y)", (1, -1), 1, 1),
    ("four spikes (0 inside)", (1, 0), 2, 1),
    ("four spikes (0 inside)", (1, 1), 3, 0),
    ("max(x,y,0)", (1, 2), 2, 2),
    ("max(x,y,0)", (-1, -1), 0, 0),
    ("top2 of 4", (4, 3, 2, 1), 7, 7),
    ("top2 of 4", (-1, -2, -3, -4), -3, -3),
    ("permutahedron 4", (1, 2, 3, 4), 10, 10),
    ("norm inf 3", (1, 2, 3), 3, 3),
]

#: net -> the squared norms of the shortest elements of d_C and of conv D_a.
SHORTEST = {
    "relu x-relu -x": (1, 0),
    "hardsigmoid pair": (Fraction(1, 36), 0),
    "clamp(l,x,u) at l=x<u": (Fraction(1, 2), Fraction(1, 2)),
    "median3": (Fraction(1, 3), Fraction(1, 3)),
    "max of 4": (Fraction(1, 4), Fraction(1, 4)),
    "top2 of 4": (1, 1),
    "|x|+2y": (4, 4),
    "max(2x+y,x+3y,-x+y)": (1, 1),
    "corner pixel": (4, 0),
    "mae at ['1/2', '1/2']": (Fraction(1, 18), Fraction(1, 18)),
    "hinge at ['1/2', '1/2']": (Fraction(2, 9), Fraction(2, 9)),
    "-|x|": (0, 0),
}

ORDER = ("lexicographic", "clarke", "autodiff")


@pytest.mark.parametrize("name", CLASSES)
def test_the_class_of_backpropagation(name: str) -> None:
    program = fixture(name)
    found = contains(program, gradient(program).gradient)
    strongest = ORDER.index(CLASSES[name])
    assert [getattr(found, which) for which in ORDER] == [place >= strongest for place in range(3)]
    assert set(found.certificates) == set(ORDER) and not found.why and not found.uncertified
    for certificate in found.certificates.values():
        assert verify(program, certificate)


@pytest.mark.parametrize(("name", "direction", "steepest", "slope"), SUPPORTS)
def test_support(name: str, direction: tuple[int, ...], steepest: int, slope: int) -> None:
    program = fixture(name)
    found = support(program, direction)
    assert [found.support, found.derivative, found.gap] == [steepest, slope, steepest - slope]
    assert found.exact
    assert sum(u * g for u, g in zip(direction, found.subgradient[0], strict=True)) == steepest
    assert found.certificate is not None and verify(program, found.certificate)


@pytest.mark.parametrize("name", SHORTEST)
def test_shortest(name: str) -> None:
    program = fixture(name)
    for which, squared in zip(("clarke", "autodiff"), SHORTEST[name], strict=True):
        found = shortest(program, which=which)
        assert (found.squared_norm, found.exact) == (squared, True)
        assert found.certificate is not None and verify(program, found.certificate)


def drawn(stream: Stream, members: list[Matrix]) -> list[Matrix]:
    """Targets in and about a hull: a member, a midpoint, something between, something beside."""
    one, other, third = (members[stream.below(len(members))] for _ in range(3))
    between = combined([one, other, third], [Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)])
    beside = tuple([tuple([entry + Fraction(stream.integer(-2, 2), 3) for entry in row]) for row in between])
    return [one, combined([one, other], [Fraction(1, 2)] * 2), between, beside]


def combined(matrices: list[Matrix], weights: list[Fraction]) -> Matrix:
    return tuple(
        [
            tuple([sum(w * e for w, e in zip(weights, entries, strict=True)) for entries in zip(*rows, strict=True)])
            for rows in zip(*matrices, strict=True)
        ]
    )


@pytest.mark.parametrize("seed", range(24))
def test_random_nets_against_brute_force(seed: int) -> None:
    program = random_program(seed, inputs=1 + seed % 4, nodes=3 + seed % 3, outputs=1 + (seed % 5 == 0))
    stream = Stream(seed, "targets")
    members, choices = lexicographic(program), backpropagated(program)
    for target in [*drawn(stream, members), *drawn(stream, choices)[:2]]:
        found = contains(program, target, near=True)
        assert found.lexicographic == (target in members)
        for which, points in (("clarke", members), ("autodiff", choices)):
            assert getattr(found, which) == in_convex_hull(target, points)
            nearest = nearest_point(flat(target), [flat(point) for point in points])
            if getattr(found, which) is False:
                assert found.distances[which].exact
                assert found.distances[which].squared == nearest.squared_distance
                assert flat(found.distances[which].nearest) == list(nearest.point)
        for certificate in found.certificates.values():
            assert verify(program, certificate)
        assert set(found.certificates) == set(ORDER)


@pytest.mark.parametrize("seed", range(24))
def test_support_of_random_nets(seed: int) -> None:
    program = random_program(seed, inputs=1 + seed % 4, nodes=3 + seed % 3, outputs=1 + seed % 2)
    stream = Stream(seed, "directions")
    members = lexicographic(program)
    direction = [Fraction(entry) for entry in stream.direction(program.input_count, 3)]
    weights = [Fraction(entry) for entry in stream.direction(program.output_count, 2)]
    found = support(program, direction, weights=weights)
    functional = tuple([tuple([weight * entry for entry in direction]) for weight in weights])
    assert found.exact and found.support == greatest(functional, members)
    assert found.subgradient in members
    assert found.certificate is not None and verify(program, found.certificate)


def flat(matrix: Matrix) -> list[Fraction]:
    return [entry for row in matrix for entry in row]


def test_how_near_is_near() -> None:
    found = contains(fixture("relu x-relu -x"), ["101/100"], near=True).distances
    assert [found["clarke"].within(radius) for radius in ("1/100", 0.01, "1/101", 0, -1)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert found["autodiff"].within(0) is True
    with pytest.raises(PointError):
        found["clarke"].within("near")


def test_limits_end_in_what_is_known() -> None:
    program = fixture(BLOCK)
    seconds = 1
    while True:  # on a machine that is busy a second may be over before the net is read
        try:
            found = contains(program, [0] * program.input_count, which="clarke", time_limit=seconds)
            break
        except LimitReached:
            assert seconds < 8
            seconds *= 2
    assert found.clarke is None and "clarke" in found.why
    exact = support(program, SEPARATING, certify=False)  # test_branching has supports that a limit ends
    assert exact.exact and exact.proved == exact.support


def test_vectors_that_do_not_fit() -> None:
    program = fixture("vector (|x|,|y|)")
    assert contains(program, [1, 0, 0, 1]).lexicographic
    assert contains(program, [[1, 0], [0, 1]]).lexicographic
    wrong: list[tuple[Any, str]] = [
        ([1, 0], "2 entries, expected 2 x 2"),
        ([[1, 0]], "1 row, expected 2"),
        ([[1, 0], [1]], "vector"),
        ("1,0", "not a vector"),
    ]
    for vector, message in wrong:
        with pytest.raises(PointError, match=message):
            contains(program, vector)
    with pytest.raises(ParameterError, match="which"):
        contains(program, [1, 0, 0, 1], which="convex")


def test_the_names_of_the_fixtures() -> None:
    assert set(CLASSES) | set(SHORTEST) | {name for name, *_ in SUPPORTS} <= set(FIXTURES)


def test_a_program_is_enough() -> None:
    assert contains(Program.from_text("inputs x; f = 2 x; outputs f"), [2]).lexicographic


def test_in_many_inputs_the_gradient_of_backpropagation_is_found_at_once() -> None:
    """60 kinks of independent forms in 150 inputs have 2^60 cells; that in which all block comes first."""
    stream = Stream(5, "many inputs")
    hidden = [stream.signed(150, 30) for _ in range(60)]
    program = Program.from_layers([hidden, [[1] * 60]])
    found = contains(program, [0] * 150)
    assert found.lexicographic and found.clarke and verify(program, found.certificates["lexicographic"]).verdict


@pytest.mark.parametrize(("weight", "inside"), [(1, True), (2, False)])
def test_many_inputs_and_few_forms(weight: int, inside: bool) -> None:
    """weight relu(w x) + relu(-w x), five times: 0 is between the slopes weight w and -w, or of -relu(-w x) is not."""
    stream = Stream(6, "few forms")
    forms = [stream.signed(240, 12) for _ in range(5)]
    hidden = [row for form in forms for row in (form, [-entry for entry in form])]
    program = Program.from_layers([hidden, [[weight, 1 if inside else -1] * 5]])
    found = contains(program, [0] * 240, which="clarke")
    assert found.clarke is inside
    assert verify(program, found.certificates["clarke"]).verdict == ("member" if inside else "outside")
