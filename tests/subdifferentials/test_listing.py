"""Enumeration in processes, and from a file: the same members, whatever ended a run; kill -9, Ctrl-C, foreign files."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from support.batch_processes import until_lines, workers
from support.cli_runner import spawn
from support.fixture_nets import FIXTURES, fixture
from support.streams import alive, start, until

import subgrad_hardness as sh
from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.blocks import blocks, local_net
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.derivative.point_tree import PointTree
from subgrad_hardness.derivative.ray_tree import RayTree
from subgrad_hardness.derivative.tree import Cone, NoBranchError, Tree, Walk, space
from subgrad_hardness.derivative.unit_tree import UnitTree
from subgrad_hardness.derivative.units import unit_net
from subgrad_hardness.local.local_net import Rows
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.subdifferentials import listing

NAMES = ("3-8-8-1", "four spikes (0 inside)", "resonance 4", "median3", "vector (|x|,|y|)", "relu")


def _net(widths: list[int], seed: int, most: int = 3) -> dict[str, Any]:
    stream = Stream(seed, "listing")
    layers: list[dict[str, Any]] = [
        {"weight": [[stream.integer(-most, most) for _ in range(m)] for _ in range(n)], "activation": "relu"}
        for m, n in pairwise(widths)
    ]
    del layers[-1]["activation"]
    return {"inputs": widths[0], "layers": layers}


def _tree(kind: str, flat: FlatNet) -> Tree[Any]:
    if kind == "rays":
        return RayTree(flat)
    return PointTree(local_net(flat)) if kind == "points" else UnitTree(unit_net(flat))


def _members(whole: Any) -> set[Any]:
    found = [member.jacobian for member in whole.members()]
    assert len(set(found)) == len(found) == whole.count()
    return set(found)


@pytest.mark.parametrize("widths", [[3, 6, 5, 1], [7, 5, 3, 1], [4, 5, 2]])
def test_a_walk_that_is_left_again_and_again_misses_nothing(widths: list[int]) -> None:
    """All three trees; each cone that is left is written, and read by a new tree."""
    for block in blocks(flatten(localise(load(_net(widths, 4))).net)):
        flat = block.flat
        whole: set[Rows] | None = None
        for kind in ("rays", "points", "units"):
            left, found, times = [space(flat.inputs)], set[Rows](), 0
            while left:
                times += 1
                walk = Walk(_tree(kind, flat), left)
                for piece in islice(walk.pieces(NO_LIMITS), 9):
                    element = lock_branches(local_net(flat), [piece.interior])
                    assert element.rows == piece.rows
                    found.add(piece.rows)
                left = list(walk.left())
            assert times > 1
            whole = whole or found
            assert found == whole


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_members(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SECONDS", 0.004)
    monkeypatch.setattr(listing, "FIRST_SECONDS", 0.001)
    for number, name in enumerate(NAMES if jobs == 1 else NAMES[:1]):
        file = tmp_path / f"{jobs} {number}"
        expected = _members(sh.subdifferential(fixture(name)))
        assert _members(sh.subdifferential(fixture(name), jobs=jobs, resume=file)) == expected
        before = file.read_bytes()
        assert _members(sh.subdifferential(fixture(name), jobs=jobs, resume=file)) == expected
        assert sh.subdifferential(fixture(name), jobs=jobs, resume=file).count() == len(expected)
        assert file.read_bytes() == before  # nothing is done again
    result = sh.subdifferential(FIXTURES["3-8-8-1"], jobs=jobs).report(certify=True, clarke=True)
    assert result.certificate is not None and result.number == 260


def test_every_beginning_of_a_file_is_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, units, a vector of outputs; the last line cut anywhere."""
    monkeypatch.setattr(listing, "SECONDS", 0.0003)
    monkeypatch.setattr(listing, "FIRST_SECONDS", 0.0003)
    for name in ("four spikes (0 inside)", "top2 of 4", "2-8-8-1"):
        file = tmp_path / name[:4]
        expected = _members(sh.subdifferential(fixture(name)))
        _members(sh.subdifferential(fixture(name), resume=file))
        lines = file.read_bytes().splitlines(keepends=True)
        assert len(lines) > 1
        for kept in range(len(lines)):
            file.write_bytes(b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2])
            assert sh.subdifferential(fixture(name), resume=file).count() == len(expected)
            assert _members(sh.subdifferential(fixture(name), resume=file)) == expected


def _kept(tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    file = tmp_path / "kept"
    sh.subdifferential(fixture("2-8-8-1"), resume=file).members()
    return file, [json.loads(line) for line in file.read_text().splitlines()]


def test_files_of_others_are_refused(tmp_path: Path) -> None:
    file, _ = _kept(tmp_path)
    before = file.read_bytes()
    for net, point in ((fixture("relu"), [0]), (fixture("2-8-8-1"), [1, 0])):
        ran = sh.subdifferential(net, point=point, resume=file)
        with pytest.raises(sh.ParameterError, match=r"kept: line 1: made for another net or point"):
            ran.members()
    assert file.read_bytes() == before
    file.write_text('{"inputs": 2}\n')
    with pytest.raises(sh.ParameterError, match="line 1"):
        sh.subdifferential(fixture("2-8-8-1"), resume=file).members()


@pytest.mark.parametrize("change", ["found", "cones", "left", "beyond", "block", "twice"])
def test_lines_that_say_nothing_true_are_refused(change: str, tmp_path: Path) -> None:
    file, (first, line, *_) = _kept(tmp_path)
    lines = [first, line]
    if change == "found":
        line["found"][0][0][0][0] += 1
    elif change == "cones":
        line["cones"] = [[1, [1, 1]]]
    elif change == "left":
        line["left"] = [[0, [0, 0]]]
    elif change == "beyond":  # more kinks than there are
        line["left"] = [[99, [1, 1]]]
    elif change == "block":
        line["block"] = -1
    else:
        lines.append(line)
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    with pytest.raises(sh.ParameterError, match=r"kept: line [23]: no line of an enumeration; give another file"):
        sh.subdifferential(fixture("2-8-8-1"), resume=file).members()


def test_a_certificate_believes_no_file(tmp_path: Path) -> None:
    """A file that has lost a member and says that nothing is left."""
    file, (first, line, *_) = _kept(tmp_path)
    line["found"].pop()
    line["left"] = []
    file.write_text("".join(json.dumps(each) + "\n" for each in (first, line)))
    with pytest.raises(sh.Disagreement, match=r"by enumeration; unless .*kept is false"):
        sh.subdifferential(fixture("2-8-8-1"), resume=file).report(certify=True)


def test_a_point_on_a_border_is_no_cone() -> None:
    """relu(x) in the plane: nothing is decided where x is 0, and there is no second kink."""
    for kind in ("rays", "points", "units"):
        tree = _tree(kind, FlatNet(2, ({0: 1},), ({2: 1},)))
        assert tree.cone(tree.branch(Cone(1, (1, 5)))).decided == 1
        for wrong in (Cone(1, (0, 1)), Cone(2, (1, 5))):
            with pytest.raises(NoBranchError):
                tree.branch(wrong)


def test_counting_and_listing_go_on_from_one_file(tmp_path: Path) -> None:
    """Two blocks, of which the one with fewer kinks stands first."""
    names = [["x", "y"], ["z", "w"]]
    nodes: list[dict[str, Any]] = []
    for (one, other), kinks in zip(names, (2, 4), strict=True):
        layer = []
        for k in range(kinks):
            nodes.append({"id": f"{one}{k}", "op": "affine", "args": [one, other], "coefficients": [k - 1, 2 * k + 1]})
            nodes.append({"id": f"r{one}{k}", "op": "relu", "args": [f"{one}{k}"]})
            layer.append(f"r{one}{k}")
        nodes.append(
            {"id": f"s{one}", "op": "affine", "args": layer, "coefficients": [(-1) ** k for k in range(kinks)]}
        )
        nodes.append({"id": f"t{one}", "op": "relu", "args": [f"s{one}"]})
    nodes.append({"id": "f", "op": "affine", "args": ["tx", "tz"]})
    net = {"inputs": ["x", "y", "z", "w"], "nodes": nodes, "outputs": ["f"]}
    sizes = [len(block.kinks) for block in blocks(flatten(localise(load(net)).net))]
    assert len(sizes) == 2 and sizes[0] < sizes[1]
    number = sh.subdifferential(net, resume=tmp_path / "kept").count()
    before = (tmp_path / "kept").read_bytes()
    assert len(_members(sh.subdifferential(net, resume=tmp_path / "kept"))) == number == sh.subdifferential(net).count()
    assert (tmp_path / "kept").read_bytes() == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's signals and /proc")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_killed_and_resumed(sign: signal.Signals, tmp_path: Path) -> None:
    net, file = tmp_path / "net.json", tmp_path / "kept"
    net.write_text(json.dumps(_net([7, 9, 4, 1], 1, 2)))
    arguments = ["subdifferential", str(net), "--jobs", "2", "--resume", str(file)]
    with start(*arguments) as process:
        until_lines(file, 2)
        processes = workers(process.pid)
        os.killpg(process.pid, sign)
        assert process.wait(timeout=20) == (130 if sign == signal.SIGINT else -sign)
    for _ in until(10):  # nobody is left behind
        if not any(map(alive, processes)):
            break
    had = file.read_bytes()
    whole = had[: had.rfind(b"\n") + 1]
    ran = spawn([*arguments, "--count", "--json"])
    assert ran.status == 0, ran.err
    assert file.read_bytes().startswith(whole)
    if sign == signal.SIGKILL:
        assert json.loads(ran.out)["number"] == sh.subdifferential(str(net)).count()


def test_a_large_net_has_members_at_once(tmp_path: Path) -> None:
    """800 kinks, 40 inputs: an enumeration that never ends begins with random directions."""
    net = _net([40, 400, 400, 1], 2, 9)
    for whole in (sh.subdifferential(net), sh.subdifferential(net, resume=tmp_path / "kept")):
        start = time.monotonic()
        result = whole.report(time_limit=0.2)
        assert result.members and not result.complete
        assert time.monotonic() - start < 5
        member = result.members[0]
    (row,), inside = member.jacobian, member.interior
    (steep,) = sh.directional_derivative(net, inside)
    assert steep == sum(entry * along for entry, along in zip(row, inside, strict=True))
