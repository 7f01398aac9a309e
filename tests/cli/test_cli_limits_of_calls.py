"""Limits of the commands about subdifferentials and regions: kept within a second, whatever is known by then."""

from __future__ import annotations

import json
from argparse import Namespace
from itertools import pairwise
from pathlib import Path

import pytest
from support.cli_runner import Ran, spawn

import subgrad_hardness as sh
from subgrad_hardness.cli.given_vector import written
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.units import unit_net
from subgrad_hardness.iterative.writing import to_object
from subgrad_hardness.local.localise import localise
from subgrad_hardness.normal_form.flatten import flatten

WIDTHS = (40, 300, 300, 1)
ONES = ",".join(["1"] * WIDTHS[0])
#: Seconds beyond a limit, on a machine that others use, too.
MARGIN = 2.5

COMMANDS = {
    "affine": ["affine", "NET", "--box", "-1,1"],
    "equal": ["equal", "NET", "NET"],
    "equal near a point": ["equal", "NET", "NET", "--at", ONES],
    "support": ["support", "NET", ONES],
    "shortest": ["shortest", "NET"],
    "shortest for backpropagation": ["shortest", "NET", "--set", "autodiff"],
    "contains": ["contains", "NET", ONES],
    "audit": ["audit", "NET", "--gradient", ONES],
    "stationary": ["stationary", "NET"],
    "cube": ["cube", "NET"],
    "regular": ["regular", "NET"],
    "lipschitz": ["lipschitz", "NET"],
    "subdifferential": ["subdifferential", "NET"],
    "info": ["info", "NET"],
    "kink": ["kink", "ITERATION"],
    "piggyback in doubles": ["piggyback", "ITERATION", "--mode", "float", "--steps", "100000000"],
    "piggyback sets": ["piggyback", "ITERATION", "--set", "clarke"],
    "path": ["path", "ITERATION", "--to", ",".join(["2"] * WIDTHS[0])],
}


#: The set of derivatives rests on the list of all pairs [A, B]: nothing is known before.
ALL_OR_NOTHING = {"piggyback sets"}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 kinks in two layers."""
    stream = Stream(0, "limits of calls")
    layers = [
        {"weight": [[stream.integer(-3, 3) for _ in range(inputs)] for _ in range(outputs)], "activation": "relu"}
        for inputs, outputs in pairwise(WIDTHS)
    ]
    layers[-1]["activation"] = "identity"
    file = tmp_path_factory.mktemp("large") / "large.json"
    file.write_text(json.dumps({"inputs": WIDTHS[0], "layers": layers}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def iteration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 states, 40 parameters, 300 kinks at the fixed point 0."""
    stream = Stream(0, "limits of iterations")
    names = [f"{letter}{index}" for letter in "xt" for index in range(WIDTHS[0])]
    weight = [[stream.integer(-3, 3) for _ in names] for _ in range(300)]
    last = [[f"{stream.integer(-3, 3)}/20000" for _ in weight] for _ in range(WIDTHS[0])]
    layers = [{"weight": weight, "activation": "relu"}, {"weight": last, "activation": "identity"}]
    made = sh.Iteration({"inputs": names, "layers": layers}, names[: WIDTHS[0]])
    file = tmp_path_factory.mktemp("iteration") / "iteration.json"
    file.write_text(json.dumps(to_object(made)), encoding="utf-8")
    return file


def asked(name: str, net: Path, iteration: Path, seconds: str) -> Ran:
    files = {"NET": str(net), "ITERATION": str(iteration)}
    return spawn([*[files.get(word, word) for word in COMMANDS[name]], "--time-limit", seconds])


@pytest.mark.parametrize("name", COMMANDS)
def test_no_time_is_no_internal_error(name: str, large: Path, iteration: Path) -> None:
    ran = asked(name, large, iteration, "0")
    assert ran.status in (0, 3), ran.err
    assert ran.out or ran.err in (f"{large}: time limit\n", f"{iteration}: time limit\n")
    assert ran.seconds < MARGIN


@pytest.mark.parametrize("name", COMMANDS)
def test_half_a_second_is_no_more(name: str, large: Path, iteration: Path) -> None:
    ran = asked(name, large, iteration, "0.5")
    assert ran.seconds < 0.5 + MARGIN
    if not ran.out:  # a busy machine has not read the net by then: with more time there is what was known at the limit
        assert (ran.status, ran.err) in ((3, f"{large}: time limit\n"), (3, f"{iteration}: time limit\n"))
        if name in ALL_OR_NOTHING:
            return
        ran = asked(name, large, iteration, "4")
    assert ran.status in (0, 3), ran.err
    assert ran.out


def test_standard_input_that_was_not_read_in_time(large: Path) -> None:
    ran = spawn(["contains", "-", ONES, "--time-limit", "0"], input=large.read_bytes())
    assert (ran.status, ran.out, ran.err) == (3, "", "<stdin>: time limit\n")


def test_other_nets_are_read_within_the_limit(large: Path, tmp_path: Path) -> None:
    numbers = "1234567," * 4_000_000
    slow = tmp_path / "slow.json"
    slow.write_text('{"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": {"a": [' + numbers + "0]}}")
    ran = spawn(["equal", large, slow, "--time-limit", "0.5"])
    assert (ran.status, ran.err) == (3, f"{large}: time limit\n")
    assert ran.seconds < 0.5 + MARGIN


def test_joining_kinks_looks_at_the_clock(large: Path) -> None:
    flat = flatten(localise(sh.load(large)).net)
    with pytest.raises(LimitReached):
        unit_net(flat, Limits.seconds(-1))


def test_a_distance_that_is_a_bound_is_no_missing_certificate(tmp_path: Path) -> None:
    """``why`` of a set that has its certificate is about something else."""
    net = sh.Program.from_text("inputs x; f = abs x; outputs f")
    certificate = sh.contains(net, [3]).certificates["clarke"]
    arguments = Namespace(certificates=str(tmp_path))
    assert written(arguments, {"clarke": certificate}, {"clarke": "the distance is an upper bound: time limit"}) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["clarke.json"]
    assert written(arguments, {"clarke": certificate}, {"autodiff": "no proof in time"}) == 4
