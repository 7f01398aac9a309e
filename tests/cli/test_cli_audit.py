"""The command ``audit``: files of gradients, statuses, certificates, one line for bad input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.cli_runner import Command, in_process

NET = '{"inputs": 1, "layers": [{"weight": [[1], [-1]], "activation": "relu"}, {"weight": [[1, -1]]}]}'


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """relu(x) - relu(-x) = x."""
    file = tmp_path / "net.json"
    file.write_text(NET, encoding="utf-8")
    return file


def test_a_gradient_from_a_file(run: Command, net: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "g.npy", np.zeros((1, 1), dtype=np.float32))
    np.save(tmp_path / "x.npy", np.zeros(1, dtype=np.float32))
    files = ["--gradient", tmp_path / "g.npy", "--input", tmp_path / "x.npy"]
    ran = run("audit", net, *files, "--framework", "torch", "--certificates", tmp_path / "proofs")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("CONSERVATIVE: the gradient (0)\nat (0), 2 nodes at a kink\n")
    assert "explained, exactly, by: torch\n" in ran.out
    assert run("verify", net, tmp_path / "proofs" / "clarke.json").out.startswith("VERIFIED outside")
    report = run("audit", net, *files, "--mode", "forward", "--json").json
    assert report["mode"] == "forward"
    assert (report["precision"], report["verdict"], report["explained"]) == ("float32", "conservative", True)
    assert (report["lexicographic"], report["clarke"], report["autodiff"]) == (False, False, True)


@pytest.mark.parametrize(("gradient", "status"), [("1", 10), ("0", 20), ("7", 20)])
def test_exit_code(run: Command, net: Path, gradient: str, status: int) -> None:
    assert run("audit", net, "--gradient", gradient, "--exit-code").status == status
    assert run("audit", net, "--gradient", gradient, "--no-certify").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--gradient"),
        (["--gradient", "1,2"], "expected 1"),
        (["--gradient", "nowhere.npy"], "nowhere.npy"),
        (["--gradient", "1/x"], "--gradient entry 1"),
        (["--gradient", "0", "--framework", "caffe"], "--framework"),
    ],
)
def test_bad_input_is_one_line(run: Command, net: Path, arguments: list[str], words: str) -> None:
    ran = run("audit", net, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert words in ran.err and ran.err.count("\n") == 1
