"""The commands ``regular`` and ``lipschitz``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli_runner import ABS, WEDGE, Command, in_process


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.mark.parametrize("net", [ABS, WEDGE])
def test_regular(run: Command, tmp_path: Path, net: str) -> None:
    certificate = tmp_path / "c.json"
    ran = run("regular", net, "--certificate", certificate)
    assert ran.status == 0 and "Clarke regular: " in ran.out
    kind = "regular" if "yes" in ran.out else "irregular"
    assert json.loads(certificate.read_text("utf-8"))["kind"] == kind
    assert run("verify", net, certificate).status == 0
    assert run("regular", net, "--json").json["certified"] is True


def test_lipschitz(run: Command) -> None:
    report = run("lipschitz", ABS, "--json").json
    assert report["decided"] is True
    assert [report[name]["value"] for name in ("l1", "l2_squared", "linf")] == ["1", "1", "1"]
    assert "maximum norm: 1, at " in run("lipschitz", ABS).out


def test_several_outputs(run: Command, tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    net.write_text(json.dumps({"inputs": 1, "layers": [{"weight": [[1], [2]]}]}), encoding="utf-8")
    for command in ("regular", "lipschitz"):
        ran = run(command, net)
        assert ran.status == 2 and "2 outputs" in ran.error
