"""The commands that ask about the whole subdifferential: ``contains``, ``support``, ``shortest``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support.cli_runner import ABS, WEDGE, Command, in_process


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_contains(run: Command, tmp_path: Path) -> None:
    inside = run("contains", ABS, "0", "--json")
    assert inside.status == 0 and (inside.json["clarke"], inside.json["lexicographic"]) == (True, False)
    assert [part["weight"] for part in inside.json["combination"]] == ["1/2", "1/2"]
    certificate = tmp_path / "c.json"
    outside = run("contains", ABS, "-3/2", "--near", "1/2", "--certificate", certificate, "--exit-code")
    assert outside.status == 20 and "squared distance: 1/4" in outside.out and "Clarke subgradient: no" in outside.out
    assert json.loads(certificate.read_text("utf-8"))["kind"] == "outside"
    assert run("verify", ABS, certificate).status == 0
    assert run("contains", ABS, "1", "--exit-code").status == 10


@pytest.mark.parametrize("suffix", ["npy", "json"])
def test_vectors_from_files(run: Command, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"v.{suffix}"
    if suffix == "npy":
        np.save(file, np.array([0.5], dtype=np.float32))
    else:
        file.write_text('["1/2"]', encoding="utf-8")
    ran = run("contains", ABS, file, "--json")
    assert ran.json["vector"] == [["1/2"]] and ran.json["clarke"] is True


def test_support_and_shortest(run: Command, tmp_path: Path) -> None:
    ran = run("support", ABS, "-2", "--json")
    assert (ran.json["value"], ran.json["derivative"], ran.json["gap"]) == ("2", "2", "0")
    assert "greatest value on the Clarke subdifferential: 2" in run("support", ABS, "-2").out
    certificate = tmp_path / "c.json"
    ran = run("shortest", ABS, "--certificate", certificate)
    assert ran.status == 0 and "shortest Clarke subgradient: (0), squared norm 0" in ran.out
    assert run("verify", ABS, certificate).status == 0
    assert run("shortest", WEDGE, "--json").json["certified"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("contains", ABS, "1,2"), "vector: 2 entries, expected 1"),
        (("contains", ABS, "x"), "V entry 1"),
        (("contains", ABS, "1;2"), "vector: 2 rows, expected 1"),
        (("contains", ABS, "0", "--near", "-1"), "near"),
        (("contains", ABS, "0", "--near", "x"), "--near"),
        (("contains", ABS, "missing.npy"), "missing.npy"),
        (("support", ABS, "1,2"), "direction: 2 entries, expected 1"),
        (("shortest", ABS, "--certificate", "-"), "--certificate"),
        (("shortest", ABS, "--certificate", "c.json", "--no-certify"), "contradicts --certificate"),
    ],
)
def test_bad_input_is_one_line(run: Command, arguments: tuple[str, ...], message: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2 and ran.err.count("\n") == 1 and message in ran.err


def test_a_limit_ends_in_unknown(run: Command) -> None:
    ran = run("contains", ABS, "0", "--time-limit", "0")
    assert ran.status == 3 and "not decided" in ran.out
