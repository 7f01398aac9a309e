"""What a newcomer meets first: the program without arguments, and ``doctor``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process
from support.paths import ROOT

import subgrad_hardness as sh
from subgrad_hardness.api.doctor import TRIALS


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_what_it_says_to_try_first_works(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run()
    assert (said.status, said.err) == (0, "")
    (net,) = [shlex.split(line) for line in said.out.splitlines() if line.startswith("  echo ")]
    Path(net[3]).write_text(net[1])
    commands = [line.split("   ")[0].split()[1:] for line in said.out.splitlines() if line.startswith("  subgrad-")]
    assert len(commands) == 4
    ran = [run(*command) for command in commands]
    assert [each.status for each in ran] == [0] * 4
    assert "NOT a Clarke subgradient" in ran[0].out
    assert "NO      a Clarke subgradient" in ran[2].out
    for line in said.out.splitlines()[-2:]:
        assert len(line) < 100


def test_doctor(run: Command) -> None:
    ran = run("doctor")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.count("right  ") == len(TRIALS)
    report = run("doctor", "--json").json
    assert report["healthy"] is True
    assert report["installed"] in (None, sh.__version__)


def test_doctor_says_what_is_wrong(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no space left")

    required = ["numpy>=1.26", "no-such-package>=1", 'onnx>=1.15; extra == "onnx"', 'nothing-here; extra == "plot"']
    monkeypatch.setattr("subgrad_hardness.api.doctor.requires", {"subgrad-hardness": required}.get)
    monkeypatch.setattr("subgrad_hardness.api.doctor.TRIALS", {"a file is written": broken})
    ran = run("doctor")
    assert (ran.status, ran.err) == (70, "")
    assert "WRONG  a file is written: OSError: no space left\n" in ran.out
    assert "no-such-package: pip install no-such-package\n" in ran.out
    assert "nothing-here: needs the package nothing-here: pip install nothing-here, or pip install '.[plot]'" in ran.out
    monkeypatch.setattr("subgrad_hardness.api.doctor.TRIALS", {})
    assert sh.doctor().healthy is False
    monkeypatch.setattr("subgrad_hardness.api.doctor.requires", {"subgrad-hardness": required[2:]}.get)
    assert sh.doctor().healthy is True  # what only extras bring may be missing


def test_what_is_here_and_does_not_load(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("brokenneeded", "brokenextra"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('made for another\\nnumpy')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("subgrad_hardness.api.doctor.TRIALS", {})
    monkeypatch.setattr("subgrad_hardness.api.doctor.version", lambda _: "1.0")
    required = ['brokenextra; extra == "onnx"', 'brokenextra2; extra == "test"']
    monkeypatch.setattr("subgrad_hardness.api.doctor.requires", {"subgrad-hardness": required}.get)
    ran = run("doctor")
    assert ran.status == 0  # an extra
    assert "(extra onnx)  DOES NOT LOAD: RuntimeError: made for another\\nnumpy\n" in ran.out
    assert "brokenextra: pip install --force-reinstall brokenextra\n" in ran.out
    monkeypatch.setattr("subgrad_hardness.api.doctor.requires", {"subgrad-hardness": ["brokenneeded"]}.get)
    assert run("doctor").status == 70


def test_a_package_that_does_not_load_is_named_with_the_reason(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shtab.py").write_text("raise RuntimeError('made for another shell')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shtab", raising=False)
    ran = run("completion", "bash")
    assert ran.status == 2
    assert "needs the package shtab, which does not load (RuntimeError: made for another shell): pip" in ran.error
    monkeypatch.setitem(sys.modules, "numpy", None)
    ran = run("lipschitz", ROOT / "instances" / "sum-of-abs.json")
    assert ran.status == 70
    assert "a package that is needed does not load: " in ran.error
    assert ran.error.endswith("; see subgrad-hardness doctor")


def test_the_self_test_notices_wrong_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from subgrad_hardness.api import check, doctor, verify

    class Lie:
        verdict, certified, verified, certificate = "distinct", True, True, "{}"

    monkeypatch.setattr(check, "check", lambda *_, **__: Lie)
    monkeypatch.setattr(verify, "verify", lambda *_, **__: Lie)
    problems = {trial.name: trial.problem for trial in doctor.doctor().trials}
    assert problems["both verdicts, certified and verified"] is not None
    assert problems["a certificate of another net is rejected"] == "AssertionError: True, expected False"
    assert problems["a file is written"] is not None
