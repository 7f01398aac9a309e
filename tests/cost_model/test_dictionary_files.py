"""Dictionaries as files: what is built in comes back equal, entries of one's own are counted, mistakes are named."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES
from subgrad_hardness.cost_model.dictionary_files import (
    dictionary_or_file,
    dictionary_text,
    read_dictionary,
    wrong_slopes,
)
from subgrad_hardness.cost_model.random_programs import campaign
from subgrad_hardness.cost_model.tracing import relu
from subgrad_hardness.cost_model.variants import costs
from subgrad_hardness.cost_model.weights import Weights

RELU = {
    "operation": "relu",
    "arguments": 1,
    "value": "s = sign x0 0; v = pick s 0 0 x0; return v",
    "pullback": "g = pick s 0 0 w; return g",
    "push": "t = pick s 0 0 d0; return t",
}
#: A relu by arithmetic, as a machine without choices has it: (x + |x|) / 2, with |x| as the root of the square.
SMOOTHED = {
    "operation": "relu",
    "arguments": 1,
    "value": "p = mul x0 x0; r = sqrt p; q = add x0 r; v = mul q 1/2; return v",
    "shared": "k = div x0 r; j = add 1 k; i = mul j 1/2; return i",
    "pullback": "g = mul w shared; return g",
    "push": "t = mul d0 shared; return t",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def written(tmp_path: Path, *entries: dict[str, Any], **more: object) -> Path:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"dictionary": "mine", "entries": list(entries)} | more), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", DICTIONARIES)
def test_what_is_built_in_is_written_and_read_back(name: str, tmp_path: Path) -> None:
    file, built = tmp_path / "d.json", DICTIONARIES[name]
    file.write_text(dictionary_text(built), encoding="utf-8")
    found = read_dictionary(file)
    assert dictionary_text(found) == dictionary_text(built) and read_dictionary(file) == found
    assert [costs(variant) for variant in found.variants] == [costs(variant) for variant in built.variants]
    for weights in (Weights(), Weights.of(nl=10)):
        assert found.bounds(weights) == built.bounds(weights)


def test_entries_that_are_built_in_are_their_own_derivatives() -> None:
    for variant in DICTIONARIES["full"].variants:
        several = variant.arity if variant.entry.group is not None else 1
        assert wrong_slopes(variant.entry, variant.arity, several) is None, variant.name


def test_random_programs_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    file.write_text(dictionary_text(DICTIONARIES["pl"]), encoding="utf-8")
    tried = campaign(read_dictionary(file), 8)
    assert tried.violations == () and tried == campaign(DICTIONARIES["pl"], 8)
    assert campaign(read_dictionary(written(tmp_path, SMOOTHED | {"operation": "swish"})), 5).violations == ()


def test_a_program_is_carried_out_as_the_file_says(tmp_path: Path) -> None:
    report = sh.cost(relu, [3], dictionary=str(written(tmp_path, SMOOTHED)))
    assert report.dictionary == "mine"
    assert report.rows[0].counts == (1, 2, 0, 0, 1)
    assert report.ratio("backward", "textbook") == report.rows[1].bound == Fraction(4 + 3 + 2, 4)
    plain = sh.cost(relu, [3], dictionary=str(written(tmp_path, RELU)))
    assert plain.rows == sh.cost(relu, [3]).rows
    net = sh.Program.from_text("inputs x; f = relu x; outputs f; point 3")
    assert sh.cost(net, dictionary=str(written(tmp_path, SMOOTHED))).rows[0].cost == 4


def test_parameters_are_the_programs(tmp_path: Path) -> None:
    entry = RELU | {
        "operation": "leaky_relu",
        "parameter": "1/100",
        "value": "s = sign x0 0; l = mul parameter x0; v = pick s l l x0; return v",
        "pullback": "l2 = mul parameter w; g = pick s l2 l2 w; return g",
        "push": "l3 = mul d0 parameter; t = pick s l3 l3 d0; return t",
    }
    file = str(written(tmp_path, entry))
    for slope in ("1/3", "0"):
        net = sh.Program.from_text(f"inputs x; f = leaky_relu({slope}) x; outputs f; point -3")
        assert sh.cost(net, dictionary=file).rows == sh.cost(net).rows


def test_bounds_hold_for_every_parameter(tmp_path: Path) -> None:
    """A parameter that stands in the file as 1 is no product that is left out: a net may say another one."""
    entry = RELU | {
        "operation": "leaky_relu",
        "parameter": 1,
        "value": "s = sign x0 0; v = pick s 0 0 x0; m = mul v parameter; return m",
        "pullback": "l = mul parameter w; g = pick s 0 0 l; return g",
        "push": "l2 = mul d0 parameter; t = pick s 0 0 l2; return t",
    }
    net = sh.Program.from_text("inputs x; f = leaky_relu(1/3) x; outputs f; point 3")
    for row in sh.cost(net, dictionary=str(written(tmp_path, entry))).rows[1:]:
        assert row.ratio is not None and row.bound is not None and row.ratio <= row.bound, row


def test_constants_stand_where_the_file_says(tmp_path: Path) -> None:
    """``x - c`` is no ``c - x``; a product may have its constant on either side."""
    less = {"operation": "sub", "arguments": 2, "constants": [1], "value": "v = sub x0 x1; return v"}
    scale = {"operation": "mul", "arguments": 2, "constants": [0], "value": "v = mul x0 x1; return v"}
    less |= {"pullback": "n = neg w; return w n", "push": "t = sub d0 d1; return t"}
    scale |= {"pullback": "f = mul x1 w; g = mul x0 w; return f g"}
    scale |= {"push": "s = mul x1 d0; t = mul x0 d1; u = add s t; return u"}
    file = str(written(tmp_path, less, scale))
    assert sh.cost(lambda x: x - 3, [1], dictionary=file).ratio("backward", "structural") == 1
    assert sh.cost(lambda x: x * 3, [1], dictionary=file).rows == sh.cost(lambda x: 3 * x, [1], dictionary=file).rows
    for function, place in ((lambda x: 3 - x, "0"), (lambda x: x - x, "no place")):
        with pytest.raises(ParameterError, match=f"mine has no sub of 2 arguments with a constant at {place}"):
            sh.cost(function, [1], dictionary=file)


def test_the_command(run: Command, tmp_path: Path) -> None:
    file, net = written(tmp_path, SMOOTHED), tmp_path / "n.net"
    net.write_text("inputs x; f = relu x; outputs f; point 3", encoding="utf-8")
    assert run("cost", "--bounds", file, "--json").json["textbook"] == {"value": "9/4", "entry": "relu"}
    report = run("cost", net, "--dictionary", file, "--json").json
    assert (report["dictionary"], report["rows"][0]["cost"]) == ("mine", "4")
    assert run("cost", "--bounds", "rational", "--write-dictionary", tmp_path / "r.json").status == 0
    assert dictionary_or_file(str(tmp_path / "r.json")).bounds() == DICTIONARIES["rational"].bounds()
    net.write_text("inputs x; f = exp x; outputs f; point 3", encoding="utf-8")
    ran = run("cost", net, "--dictionary", file)
    assert (ran.status, ran.out) == (2, "") and "mine has no exp of 1 argument" in ran.err and ran.err.count("\n") == 1


def test_a_dictionary_that_lacks_an_operation_shows_no_bounds() -> None:
    report = sh.cost(lambda x, y: x * y, [2, 3], dictionary="pl")
    assert {row.bound for row in report.rows} == {None}
    assert report.notes[0] == "no bounds are shown: pl has no mul"
    assert sh.cost(lambda x, y: 2 * x - relu(-y), [2, 3], dictionary="pl").rows[1].bound == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "s = sign x0 0"}, r"entries\[0\].value: the last step is not 'return'"),
        ({"value": "s = sgn x0 0; return s"}, "'s = sgn x0 0': no sgn of 2 arguments; there are add of 2"),
        ({"value": "s = sign x0; return s"}, "no sign of 1 argument"),
        ({"value": "s sign x0 0; return s"}, "'s sign x0 0' is not NAME = OPERATION ARGUMENTS"),
        ({"value": "s = sign y 0; return s"}, "'y' is neither a number nor a value that is known there"),
        ({"value": "x0 = add x0 0; return x0"}, "'x0' is taken"),
        ({"value": "v = pick x0 0 0 x0; return v"}, "'x0' is no outcome of a comparison"),
        ({"pullback": "return w w"}, r"entries\[0\].pullback: 2 results, expected 1"),
        (
            {"pullback": "g = pick s 0 w w; return w"},
            r"entries\[0\]: at .* its push along .* is not what its pullback says",
        ),
        ({"pullback": "g = mul 2 w; return g", "push": "t = mul 2 d0; return t"}, "the derivative of its value"),
        ({"value": "s = sign x0 0; v = log -1; return v"}, "no point was found"),
        ({"arguments": 0}, r"entries\[0\].arguments: 0 is outside 1..64"),
        ({"operation": 3}, r"entries\[0\].operation: the number 3, expected a name"),
        ({"slopes": "return 1"}, "unknown key .*slopes"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=message):
        read_dictionary(written(tmp_path, RELU | change))


def test_files_that_are_no_dictionaries(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    for text, message in (
        ("[", "bad.json"),
        ("{}", "no 'dictionary'"),
        ('{"dictionary": "d", "entries": []}', "entries: none"),
        ('{"dictionary": "d", "version": 2, "entries": []}', "2 is outside 1..1"),
        (json.dumps({"dictionary": "d", "entries": [RELU, RELU]}), "relu of 1 stands twice"),
    ):
        file.write_text(text, encoding="utf-8")
        ran = run("cost", "--bounds", file)
        assert (ran.status, ran.out) == (2, "") and message in ran.err and ran.err.count("\n") == 1
    ran = run("cost", "--bounds", "trigonometric")
    assert ran.status == 2 and "unknown dictionary 'trigonometric'" in ran.err
    assert run("cost", "--bounds", tmp_path / "no.json").status == 2
