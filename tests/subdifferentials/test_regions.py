"""affine, cube, equal: answers that are known, what is refused, what a region fixes."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.fixture_nets import FIXTURES, fixture

import subgrad_hardness as sh
from subgrad_hardness.certificate.derived import homogenised
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.question.question import Goal, Question
from subgrad_hardness.question.session import Session
from subgrad_hardness.subdifferentials.fixed_phases import fixed_phases
from subgrad_hardness.subdifferentials.largest_cube import nearest_point
from subgrad_hardness.subdifferentials.piece import piece
from subgrad_hardness.subdifferentials.region import cube, region, whole

FOLD = Program.from_text("inputs x y; s = x + y - 3; a = relu s; f = a + 2 x; outputs f")
#: relu(x - 1) - relu(1 - x) - x + 1 = 0: each point of the plane x = 1 is on two kinks.
FAKE = Program.from_text("inputs x; s = x - 1; t = 1 - x; a = relu s; b = relu t; f = a - b - x + 1; outputs f")
#: The kink at 0 is dead behind the second relu until x = 10; at x = -7 there is a true one.
BURIED = Program.from_text("""
inputs x
a = relu x; s = a - 10; b = relu s; t = -7 - x; c = relu t; f = b + c
outputs f
""")

#: Nets of the fixtures that are affine everywhere, and one with room around its point.
EVERYWHERE = {"clamp(x,0,0)", "relu x-relu -x", "zero: max(0,x)-max(x,max(0,x))", "zero: max(x,0)-max(x,max(x,0))"}
RADII = {"hardsigmoid pair": Fraction(6)}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures(name: str) -> None:
    program = fixture(name)
    found = sh.cube(program)
    assert found.certified
    assert found.everywhere == (name in EVERYWHERE)
    assert found.radius == (None if name in EVERYWHERE else RADII.get(name, Fraction(0)))
    assert sh.affine(program).affine == (name in EVERYWHERE)
    same = sh.equal(program, program)
    assert same.equal is True and same.certificate is not None


@pytest.mark.parametrize("point", [0, 1, 5])
def test_a_kink_that_is_none(point: int) -> None:
    found = sh.cube(FAKE, point=[point])
    assert repr(found) == "<CubeResult: affine everywhere>"
    assert found.certified and found.radius is None and found.bend is None
    assert sh.affine(FAKE, box=(-3, 3)).affine is True


def test_kinks_that_do_not_matter_are_passed() -> None:
    found = sh.cube(BURIED, point=[1])
    assert (found.radius, found.bend) == (8, (Fraction(-7),))
    assert found.certified
    assert sh.cube(BURIED, point=[0]).radius == 7
    assert sh.cube(BURIED, point=[2]).radius == 8  # up to 10


def test_the_radius_is_the_dual_norm() -> None:
    found = sh.cube(FOLD, point=[0, 0])
    assert found.radius == Fraction(3, 2)
    assert found.bend == (Fraction(3, 2), Fraction(3, 2))
    assert found.jacobians == (((Fraction(2), Fraction(0)),), ((Fraction(3), Fraction(1)),))
    assert found.affine_certificate is not None and found.bent_certificate is not None
    assert sh.verify(FOLD, found.affine_certificate)
    assert sh.verify(FOLD, found.bent_certificate)


def test_a_larger_cube_is_not_proved_by_the_same_argument() -> None:
    found = sh.cube(FOLD, point=[0, 0])
    claim = found.affine_certificate
    assert isinstance(claim, Statement)
    wider = [(*row[:-1], row[-1] + Fraction(1, 2**60)) for row in claim.constraints]
    assert not sh.verify(FOLD, claim._replace(constraints=tuple(wider)))


def test_touching_the_boundary_is_not_inside() -> None:
    assert sh.affine(FOLD, box=[(0, 2), (0, 1)]).affine is True
    assert sh.affine(FOLD, box=[(0, 2), (0, Fraction(1000001, 1000000))]).affine is False
    assert sh.affine(FOLD, box=[(None, 0), (None, 3)]).affine is True
    assert sh.affine(FOLD, constraints=[[1, 1, 3]]).affine is True
    assert sh.affine(FOLD, constraints=[[-1, -1, -3]]).affine is True


def test_near_a_point() -> None:
    line = Program.from_text("inputs x y; f = 2 x; outputs f")
    found = sh.equal(FOLD, line, at=[0, 0])
    assert found.equal is True and found.certificate is not None
    assert sh.equal(FOLD, line).equal is False
    crossing = sh.equal(FOLD, line, at=[1, 2])
    assert crossing.equal is False and crossing.point is not None
    assert sh.equal(FOLD, line, at=[3, 3]).point == (3, 3)


def test_a_moved_weight_is_found() -> None:
    moved = Program.from_text("inputs x y; s = x + y - 3; a = relu s; f = 1048577/1048576 a + 2 x; outputs f")
    found = sh.equal(FOLD, moved)
    assert found.equal is False and found.point is not None and found.certificate is not None
    assert sh.value(FOLD, found.point) != sh.value(moved, found.point)


def test_files_are_read_exactly(tmp_path: Path) -> None:
    rows, pairs = tmp_path / "rows.json", tmp_path / "box.npy"
    rows.write_text(json.dumps([["1/3", "1/3", 1], [-1, 0, 0.1]]))
    np.save(pairs, np.array([[0.0, 2.0], [-1.0, 0.1]], dtype=np.float32))
    assert sh.affine(FOLD, constraints=rows).affine is True
    assert sh.affine(FOLD, box=pairs, constraints=rows).affine is True
    assert sh.affine(FOLD, box=pairs).affine is True  # 2 + float32(0.1) < 3


#: The options, and what is said.
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a point": ({"box": (1, 1)}, "box[0]: the lower bound is the same as the upper one"),
    "three pairs": ({"box": [(0, 1)] * 3}, "box: 3 pairs of bounds, expected 2"),
    "no pair": ({"box": [(0, 1), (0, 1, 2)]}, "box[1]: 3 numbers, expected a lower and an upper bound"),
    "text": ({"box": [(0, 1), (0, "one")]}, "box[1][1]"),
    "a short row": ({"constraints": [[1, 1]]}, "constraints[0]: 2 numbers, expected 3"),
    "a plane": ({"constraints": [[1, 1, 0], [-1, -1, 0]]}, "constraints: the region is empty or has no interior"),
    "nothing": ({"constraints": [[0, 0, -1]]}, "constraints: the region is empty or has no interior"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    options, message = REFUSED[name]
    with pytest.raises(sh.ParameterError) as refused:
        sh.affine(FOLD, **options)
    assert str(refused.value).startswith(message) and "\n" not in str(refused.value)


def test_nets_that_do_not_fit_and_two_regions() -> None:
    with pytest.raises(sh.NetError, match="the nets have 2 inputs and 1 outputs and 1 inputs and 1 outputs"):
        sh.equal(FOLD, FAKE)
    with pytest.raises(sh.ParameterError, match="a point or a region, not both"):
        sh.equal(FOLD, FOLD, at=[0, 0], box=(0, 1))


def test_a_limit_ends_in_unknown() -> None:
    from subgrad_hardness.api.affine import affine_within
    from subgrad_hardness.api.cube import cube_within
    from subgrad_hardness.api.equal import equal_within

    over = Limits.seconds(-1)
    assert affine_within(FAKE, over).affine is None
    found = cube_within(BURIED, over, point=[1])
    assert (found.radius, found.everywhere, found.lower, found.upper) == (None, None, 1, None)
    assert equal_within(FAKE, over, other=FAKE).equal is None


def test_no_certificate_where_none_is_wanted() -> None:
    found = sh.affine(FOLD, box=(0, 1), certify=False)
    assert (found.affine, found.certificate) == (True, None)
    assert sh.equal(FOLD, FOLD, certify=False).certificate is None
    assert sh.cube(FOLD, point=[0, 0], certify=False).radius == Fraction(3, 2)


def test_the_piece_that_directions_enter() -> None:
    corner = Program.from_text("inputs x y; a = relu x; b = relu y; f = a + 3 b; outputs f")
    origin, left = (Fraction(0), Fraction(0)), (Fraction(-1), Fraction(0))
    assert piece(corner, origin).matrix == ((1, 3),)
    assert piece(corner, origin, [left]).matrix == ((0, 3),)
    assert piece(corner, origin, [left, (Fraction(0), Fraction(-2))]).matrix == ((0, 0),)
    assert piece(corner, origin, [left, left]).directions.leading == (left, (0, 1))


def test_the_nearest_point_of_a_polyhedron() -> None:
    limits = Limits()
    walls = [(1, 1, -3), (1, -1, 0)]  # x + y >= 3, x >= y
    radius, point = nearest_point(walls, (Fraction(0), Fraction(0)), limits)
    assert (radius, point) == (Fraction(3, 2), (Fraction(3, 2), Fraction(3, 2)))
    assert nearest_point([(1, 0, -1), (0, 3, -5)], (Fraction(0), Fraction(2)), limits)[0] == 1
    assert nearest_point([(1, 0, 1)], (Fraction(0), Fraction(0)), limits)[0] == 0


def test_regions() -> None:
    origin = (Fraction(0), Fraction(0))
    assert whole(origin).forms() == [(0, 0, 1)]
    assert cube(origin, Fraction(1, 2)).step((Fraction(2), Fraction(-1))) == Fraction(1, 4)
    assert whole(origin).step((Fraction(1), Fraction(0))) is None
    found = region([tuple(map(Fraction, (-1, 0, -5)))], origin)
    assert found.interior[0] > 5


def test_phases_that_a_region_fixes() -> None:
    """On [0, 1]^2 the argument of FOLD's relu is negative, and on [1, 2]^2 it is not of one sign."""
    made = homogenised(FOLD)
    local = localise(made).net
    goals = (Goal(((0, 1),), tuple([int(entry / local.scales[0]) for entry in (2, 0, 0)])),)

    def settled(low: int, high: int) -> bool:
        rows = ((1, 0, -low), (-1, 0, high), (0, 1, -low), (0, -1, high), (0, 0, 1))
        return fixed_phases(Question(local, goals, 0, rows), Session(local), Limits()) is not None

    assert settled(0, 1)
    assert not settled(1, 2)
    assert not settled(2, 3)  # fixed, and the goal is positive
