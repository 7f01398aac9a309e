"""``affine``, ``cube`` and ``equal`` at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli_runner import ABS, UNIQUE, WEDGE, Command, in_process


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_affine(run: Command, tmp_path: Path) -> None:
    proof = tmp_path / "affine.cert"
    ran = run("affine", ABS, "--box", "1/2,3", "--certificate", proof)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "AFFINE     F(x) = A x + b on the region",
        "A          (1)",
        "b          (0)",
        "proof      accepted by the verifier",
    ]
    assert run("verify", ABS, proof).out == "VERIFIED affine\n"
    ran = run("affine", ABS, "--box", "-1,3")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[:2] == ["NOT AFFINE two Jacobians at a point inside the region", "point      (0)"]
    report = run("affine", ABS, "--box", "-1,3", "--json").json
    assert set(report) == {
        "affine",
        "matrix",
        "offset",
        "bend",
        "jacobians",
        "certified",
        "uncertified",
        "why",
        "digest",
        "seconds",
    }
    assert (report["affine"], report["bend"], report["certified"]) == (False, ["0"], True)


def test_cube(run: Command, tmp_path: Path) -> None:
    inner, outer = tmp_path / "affine.cert", tmp_path / "bent.cert"
    ran = run("cube", ABS, "--point", "-2/3", "--certificate", inner, "--bent-certificate", outer)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[:2] == ["radius     2/3", "bend       (0)"]
    assert run("verify", ABS, inner, "--point", "-2/3").out == "VERIFIED affine\n"
    assert run("verify", ABS, outer, "--point", "-2/3").out == "VERIFIED bent\n"
    assert "infinite: affine everywhere" in run("cube", UNIQUE).out
    report = run("cube", ABS, "--json", "--no-certify", "--point", "5").json
    assert (report["radius"], report["everywhere"], report["certified"]) == ("5", False, False)


def test_equal(run: Command, tmp_path: Path) -> None:
    proof = tmp_path / "equal.cert"
    ran = run("equal", ABS, ABS, "--certificate", proof)
    assert (ran.status, ran.err, ran.out.splitlines()[0]) == (0, "", "EQUAL      everywhere")
    assert run("verify", ABS, proof, "--other", ABS).out == "VERIFIED equal\n"
    ran = run("equal", ABS, UNIQUE, "--box", "1,2")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("DIFFERENT  at (")
    assert run("equal", ABS, ABS, "--at", "0").out.startswith("EQUAL      near the point")
    assert run("equal", ABS, ABS, "--box", "0,1").out.startswith("EQUAL      on the region")


def test_nobody_knows(run: Command) -> None:
    ran = run("affine", ABS, "--time-limit", "0")
    assert (ran.status, ran.err) == (3, "")
    assert ran.out.startswith("UNKNOWN")
    assert run("cube", ABS, "--time-limit", "0").status == 3
    assert run("equal", ABS, ABS, "--time-limit", "0").status == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("affine", ABS, "--box", "1,1"), "box[0]: the lower bound is the same as the upper one"),
        (("affine", WEDGE, "--box", "missing.json"), "missing.json"),
        (("affine", ABS, "--constraints", "missing.npy"), "missing.npy"),
        (("equal", ABS, WEDGE), "the nets have 1 inputs and 1 outputs and 2 inputs and 1 outputs"),
        (("equal", ABS, ABS, "--at", "0", "--box", "0,1"), "a point or a region, not both"),
        (("equal", "-", "-"), "only one of the nets can be standard input"),
    ],
)
def test_refused(run: Command, arguments: tuple[str, ...], message: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2 and ran.out == ""
    assert message in ran.err and ran.err.count("\n") == 1
