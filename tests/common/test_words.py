"""Sentences read aloud: one kink, two kinks; nothing that a report or a message counts is "1 kinks"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process
from support.paths import INSTANCES, ROOT

import subgrad_hardness as sh
from subgrad_hardness.common.words import count, missing_extra

#: The names of operations, and words, that end with an s in the singular.
_SINGULAR = {"abs", "is", "was", "has"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def wrong(text: str) -> list[str]:
    """Every "1 things" of a text."""
    found = re.findall(r"(?<![\w.,/^()-])(?<!= )(?<!subgradient )1 (?:[a-z]+ )?([a-z]+s)\b", text)
    return [word for word in found if word not in _SINGULAR]


def test_count() -> None:
    assert [count(number, "cell") for number in (0, 1, 2)] == ["0 cells", "1 cell", "2 cells"]
    assert [count(number, "entry", "entries") for number in (1, 3)] == ["1 entry", "3 entries"]
    assert wrong("of 1 kinks, 1 lexicographic subgradients") == ["kinks", "subgradients"]
    assert wrong("11 kinks, 1 kink, -1 kinks, 1 abs") == []


@pytest.mark.parametrize("command", ["check", "info", "cells", "sample", "gradient"])
def test_no_report_has_one_of_many(command: str, run: Command) -> None:
    for name in ("abs", "relu", "wedge", "third-exact", "relu-of-relu", "away-off-kink", "max-of-equal", "sorting"):
        ran = run(command, INSTANCES / f"{name}.json")
        assert ran.status == 0
        assert wrong(ran.out) == []
    if command == "sample":
        assert wrong(run(command, INSTANCES / "abs.json", "--samples", "1").out) == []


def test_no_result_has_one_of_many() -> None:
    net = INSTANCES / "relu.json"
    flat = {"inputs": 1, "layers": [{"weight": [[1]]}]}
    results = [sh.check(net), sh.gradient(net), sh.lexicographic_subgradients(flat), sh.sample(flat, samples=1)]
    for result in (*results, sh.load(net), sh.load(flat), sh.info(net)):
        assert wrong(repr(result)) == []
    assert repr(sh.load(flat)) == "<Program: layers, 1 input, 1 output>"
    assert repr(sh.load(net)) == "<Program relu: layers, 1 input, 1 output>"


def test_a_batch_of_one_net(run: Command, tmp_path: Path) -> None:
    ran = run("check", INSTANCES / "abs.json", "--certificates", tmp_path)
    assert ran.status == 0
    assert wrong(ran.out + ran.err) == []


def test_messages_count_with_the_helper() -> None:
    """No f-string of a message writes a plural by itself."""
    nouns = (
        "entries|kinks|cells|nets|samples|subgradients|runs|relus|rows|inputs|outputs|digits|directions|widths|signs"
    )
    bad = re.compile(rf"\{{(?:len\([^{{}}]*\)|[a-z_.]+)\}} (?:distinct |lexicographic )?(?:{nouns})\b")
    places = [ROOT / "subgrad_hardness" / room for room in ("cli", "api", "batch", "net", "reduction")]
    for file in (file for place in places for file in place.glob("*.py")):
        assert bad.findall(file.read_text("utf-8")) == [], file


def test_an_extra_that_is_missing_names_the_package_and_the_clone() -> None:
    for package, extra in (("onnx", "onnx"), ("matplotlib", "plot"), ("distributed", "dask")):
        text = missing_extra(package, extra)
        assert f"pip install {package}" in text
        assert f"pip install '.[{extra}]'" in text
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "subgrad_hardness").rglob("*.py")]:
        text = file.read_text("utf-8")
        assert "subgrad_hardness[" not in text, file
        assert "subgrad-hardness[" not in text, file
