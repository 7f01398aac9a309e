"""Two nets near a point, and nets that differ on a small part of a region."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from support import region_oracle as brute
from support.cli_runner import in_process

import subgrad_hardness as sh
from subgrad_hardness import Program
from subgrad_hardness.api.equal import _equal_within
from subgrad_hardness.certificate.derived import difference, homogenised
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.localise import localise
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.subdifferentials.proposing import largest_at

FOLD = Program.from_text("inputs x y; s = x + y - 3; a = relu s; f = a + 2 x; outputs f")
LINE = Program.from_text("inputs x y; f = 2 x; outputs f")


def test_below_the_fold() -> None:
    found = sh.equal(FOLD, LINE, at=[0, 0])
    assert (found.verdict, found.radius) == (True, Fraction(1))
    assert found.certificate is not None and sh.verify(FOLD, found.certificate, other=LINE)
    near = sh.equal(FOLD, LINE, at=[Fraction(3, 2) - Fraction(1, 10**20), Fraction(3, 2)])
    assert near.verdict is True and near.radius == Fraction(1, 2 * 10**20)
    assert sh.equal(FOLD, LINE).verdict is False


def test_on_the_fold_and_above() -> None:
    found = sh.equal(FOLD, LINE, at=[1, 2])
    assert found.verdict is False and found.point is not None and sum(found.point) > 3
    assert found.certificate is not None and sh.verify(FOLD, found.certificate, other=LINE)
    assert sh.equal(FOLD, LINE, at=[3, 3]).point == (Fraction(3), Fraction(3))


def test_kinks_at_the_point_that_cancel() -> None:
    first = Program.from_text("inputs x; a = abs x; s = x - 1/4; b = relu s; f = a + b; outputs f")
    second = Program.from_text("inputs x; a = relu x; f = 2 a - x; outputs f")
    found = sh.equal(first, second, at=[0])
    assert (found.verdict, found.certificate is not None) == (True, True)
    assert found.radius is not None and 0 < found.radius <= Fraction(1, 4)


@pytest.mark.parametrize("seed", range(20))
def test_random_nets(seed: int) -> None:
    """Against all patterns in a tiny cube; a weight of a unit that is off at the point may be moved."""
    source = random.Random(f"near {seed}")
    size = source.choice((1, 2))
    first = brute.random_layers(source, size, source.choice(([3, 1], [3, 2, 1])))
    second = [([list(row) for row in weight], list(bias)) for weight, bias in first]
    row = source.choice(second[source.randrange(len(second))][0])
    row[source.randrange(len(row))] += source.choice((0, 1))
    point = [Fraction(source.choice((0, 1, -1, Fraction(1, 2)))) for _ in range(size)]
    nets = brute.net(first, point), brute.net(second, point)
    tiny = brute.maps(brute.side_by_side(first, second), brute.around(point, Fraction(1, 10**9)))
    found = sh.equal(*nets, at=point)
    assert found.verdict == (not any(any(row) for each in tiny for row in each))
    assert found.certificate is not None
    assert sh.verify(nets[0], found.certificate, other=nets[1])


def test_a_point_and_a_region_are_too_much() -> None:
    with pytest.raises(sh.ParameterError, match="at: a point or a region, not both"):
        sh.equal(FOLD, LINE, at=[0, 0], box=(0, 1))
    with pytest.raises(sh.PointError, match="at: 1 entry, expected 2"):
        sh.equal(FOLD, LINE, at=[0])


def test_a_limit_before_anything_is_known() -> None:
    over = Limits.seconds(-1)
    found = _equal_within(FOLD, over, Channels(), other=FOLD, box=None, constraints=(), at=[1, 2], certify=True)
    assert found.verdict is None


def test_a_difference_on_a_small_part() -> None:
    """They differ only where x > 40 and |y| < x / 20 or so, which few points show."""
    wedge = "inputs x y; m = abs y; s = x - 20 m - 40; d = relu s"
    first = Program.from_text(f"{wedge}; f = d; outputs f")
    second = Program.from_text(f"{wedge}; f = 1048577/1048576 d; outputs f")
    net = localise(homogenised(difference(first, second))).net
    points = [tuple(map(Fraction, point)) for point in ((0, 0), (50, 30), (100, 1), (10, 0))]
    assert list(largest_at(net, points)) == [points[2]]
    found = sh.equal(first, second)
    assert found.verdict is False and found.point is not None and found.point[0] > 40


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = in_process(capsys)
    files = []
    for name, program in (("fold", FOLD), ("line", LINE)):
        files.append(str(tmp_path / f"{name}.json"))
        Path(files[-1]).write_text(sh.dumps(program), encoding="utf-8")
    ran = run("equal", *files, "--at", "0,0")
    said = "EQUAL near the point (certified)\nbackpropagation (every convention): (2, 0) = (2, 0)\n"
    assert (ran.status, ran.err, ran.out) == (0, "", said)
    assert run("equal", *files, "--at", "1,2", "--exit-code").status == 10
    assert run("equal", *files, "--at", "0,0", "--box", "0,1").status == 2
    assert run("equal", *files, "--at", "0,0", "--json").json["radius"] == "1"
