"""What a check loads: a small one nothing that takes longer to load than the check takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT

#: Never, in any process: no engine that ``auto`` asks about a small net needs them.
NEVER = {"numpy", "scipy", "networkx", "ortools", "highspy", "matplotlib", "onnx", "distributed", "jsonschema", "pysat"}
#: Compiled libraries of the exact engines.
LIBRARIES = {"flint", "pysolvers"}
#: Parts of the standard library that bring others along.
SLOW = {"shutil", "tempfile", "random", "subprocess", "pickle", "multiprocessing", "logging"}

NETS = {
    "search": "sum-of-abs.json",
    "normal form": "backprop-sum.json",
    "plane": "abs-identity.json",
    "circuit": "3sat-unsat-minmax.json",
    "levels": "median-two-ways.json",
    "phase": "3sat-unsat-layers3.json",
}


def imported(*arguments: str) -> tuple[set[str], str]:
    """The top-level packages that a command and its worker processes import, and what it prints."""
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "subgrad_hardness", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = [line for line in ran.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().partition(".")[0] for line in lines}, ran.stdout


def test_the_means_of_these_tests() -> None:
    """An import is seen, also in a worker process: the solvers are loaded there and nowhere else."""
    modules, printed = imported("check", str(ROOT / "instances" / NETS["circuit"]), "--time-limit", "60")
    assert {"pysolvers", "pickle"} <= modules
    assert "decided by: circuit" in printed


@pytest.mark.parametrize("more", [[], ["--time-limit", "60"], ["--json", "--no-cross-check"]], ids=" ".join)
@pytest.mark.parametrize("engine", NETS)
def test_no_check_of_a_small_net_loads_what_its_engines_do_not_need(engine: str, more: list[str]) -> None:
    modules, printed = imported("check", str(ROOT / "instances" / NETS[engine]), *more)
    assert engine in printed
    assert not modules & NEVER
    assert "flint" not in modules
    if engine in ("search", "normal form"):
        assert not modules & LIBRARIES


@pytest.mark.parametrize("engine", ["search", "normal form", "plane"])
def test_with_a_certificate(engine: str, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    modules, _ = imported("check", str(ROOT / "instances" / NETS[engine]), "--certificate", str(file))
    assert file.exists()
    assert not modules & NEVER


def test_a_small_check_leaves_the_slow_parts_of_the_standard_library_alone() -> None:
    modules, _ = imported("check", str(ROOT / "instances" / NETS["search"]))
    assert not modules & SLOW


def test_verify_loads_no_engine_and_no_solver(tmp_path: Path) -> None:
    net, file = str(ROOT / "instances" / NETS["plane"]), str(tmp_path / "certificate.json")
    imported("check", net, "--certificate", file)
    modules, printed = imported("verify", net, file)
    assert printed.startswith("VERIFIED")
    assert not modules & (NEVER | LIBRARIES | SLOW)
