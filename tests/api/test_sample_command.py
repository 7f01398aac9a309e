"""The library call and the command ``sample``, and the arguments that commands share."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subgrad_hardness.api.sample import sample
from subgrad_hardness.cli import options
from subgrad_hardness.cli import sample as command
from subgrad_hardness.common.errors import InputError, NetError, ParameterError, PointError

ABS = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}, {"weight": [[1]]}]}
#: (|x| + |y|, |x| - |y| / 3): four cells at the origin.
NET = {
    "inputs": 2,
    "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1], [1, "-1/3"]]}],
}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "guess"}, ParameterError, "method: unknown method 'guess'"),
        ({"samples": 0}, ParameterError, "samples: 0 is outside"),
        ({"samples": 10**400}, ParameterError, "samples: ~1e"),
        ({"samples": True}, ParameterError, "samples: True is not an integer"),
        ({"samples": 2.5}, ParameterError, "samples: 2.5 is not an integer"),
        ({"most_members": -1}, ParameterError, "most_members: -1 is outside"),
        ({"seed": "x"}, ParameterError, "seed: 'x' is not an integer"),
        ({"radius": 0}, ParameterError, "radius: 0 is not positive"),
        ({"radius": "-1/2"}, ParameterError, "radius: -1/2 is not positive"),
        ({"radius": "wide"}, ParameterError, "radius: 'wide' is not a rational"),
        ({"radius": float("nan")}, ParameterError, "radius: nan is not a finite"),
        ({"radius": None}, ParameterError, "radius: None is not a number"),
        ({"time_limit": -1}, ParameterError, "time limit: -1 is not a number of seconds"),
        ({"time_limit": float("nan")}, ParameterError, "time limit: nan is not a number of seconds"),
        ({"time_limit": "1"}, ParameterError, "time limit: '1' is not a number"),
        ({"point": [0, 0]}, PointError, "point: 2 entries, expected 1"),
        ({"point": [None]}, PointError, "point[0]: null, expected a number"),
    ],
)
def test_bad_parameters(options: dict[str, Any], error: type[InputError], message: str) -> None:
    with pytest.raises(error) as caught:
        sample(ABS, **options)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_numpy_integers_are_integers() -> None:
    result = sample(ABS, samples=np.int64(10), seed=np.int64(3))  # type: ignore[arg-type]
    assert result.to_json()["samples"] == 10
    assert result.found == sample(ABS, samples=10, seed=3).found


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


@pytest.fixture
def net_file(tmp_path: Path) -> str:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(NET), encoding="utf-8")
    return str(path)


def test_command_prints_one_json_object(net_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([net_file, "--json", "--samples", "50", "--point=-1,0", "--seed", "-2"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {**sample(NET, samples=50, point=[-1, 0], seed=-2).to_json(), "seconds": printed["seconds"]}
    assert printed["point"] == ["-1", "0"]
    assert printed["members"][0]["jacobian"][1][0] == "-1"
    assert printed["members"][0]["directions"].keys() == {"leading", "complete"}
    assert printed["radius"] is None


def test_command_reports_for_people(net_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([net_file, "--samples", "100"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("4 distinct lexicographic subgradients found in 100 samples (numerical)")
    assert "lower bound" in text
    assert "1/3" in text
    assert run([net_file, "--method", "ball", "--radius", "0.5", "--samples", "100", "--point", "0, 1/4"]) == 0
    assert "gradients near the point (within 1/2), not necessarily Clarke" in capsys.readouterr().out
    assert run([net_file, "--time-limit", "0"]) == 3
    text = capsys.readouterr().out
    assert "0 distinct" in text
    assert "stopped early (time limit): 0 of 1000 samples drawn" in text


def test_command_cuts_long_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.json"
    weight = [[int(row == column) for column in range(30)] for row in range(30)]
    layers = [{"weight": weight, "activation": "relu"}, {"weight": weight}]
    path.write_text(json.dumps({"inputs": 30, "layers": layers}), encoding="utf-8")
    assert run([str(path), "--samples", "40"]) == 0
    text = capsys.readouterr().out
    assert "... and 20 more (--json, to_json() list all)" in text
    assert max(map(len, text.splitlines())) < 300


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["--point", "0,x"], PointError, "--point entry 2: 'x' is not a rational"),
        (["--point", ""], PointError, "--point entry 1: '' is not a rational"),
        (["--point", "0"], PointError, "point: 1 entry, expected 2"),
        (["--point=-1"], PointError, "point: 1 entry, expected 2"),
        (["--radius", "1"], ParameterError, "--radius: only --method ball"),
        (["--method", "ball", "--radius", "0"], ParameterError, "radius: 0 is not positive"),
    ],
)
def test_command_refuses_bad_values(
    net_file: str,
    arguments: list[str],
    error: type[InputError],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(error) as caught:
        run([net_file, *arguments])
    assert str(caught.value).startswith(message)
    assert capsys.readouterr().out == ""


def test_command_refuses_a_missing_file() -> None:
    with pytest.raises(NetError):
        run(["no such file.json"])


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (options.positive_int, ["0", "-3", "1.5", "1_000", "x", "", "1" * 50, "9" * 5000, "\u0661"]),
        (options.nonnegative_seconds, ["-1", "nan", "inf", "1e300", "1e999", "ten", "", "1_0", " 1"]),
        (options.integer, ["1.0", "0x1", "", "--1", "7" * 101]),
    ],
)
def test_option_types_refuse(kind: Any, bad: list[str]) -> None:
    for text in bad:
        with pytest.raises(argparse.ArgumentTypeError) as caught:
            kind(text)
        assert len(str(caught.value)) < 120


def test_option_types_accept() -> None:
    assert options.positive_int("1000000000") == 10**9
    assert options.nonnegative_seconds("0") == 0
    assert options.nonnegative_seconds(".5") == 0.5
    assert options.nonnegative_seconds("1e3") == 1000
    assert options.integer("-12") == -12
    assert options.parse_point("0, -1/2,0.1") == [0, Fraction(-1, 2), Fraction(1, 10)]


def test_the_command_imports_numpy_late() -> None:
    code = "import sys, subgrad_hardness.cli.sample, subgrad_hardness.cli.options; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
