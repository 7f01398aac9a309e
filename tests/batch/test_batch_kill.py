"""kill -9 in the middle of a batch: every net is decided exactly once, none is lost (the campaign in short)."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from support.batch_processes import batch, until_lines
from support.cli_runner import spawn

from subgrad_hardness import check, dumps, generate

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs process groups")


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """18 files, two of them no nets."""
    folder = tmp_path_factory.mktemp("nets")
    for number in range(18):
        if number % 10 == 5:
            text = "{" * (number // 10)
        elif number % 2:
            text = dumps(generate("copies", widths="8-12-12-1", seed=number))
        else:
            text = dumps(generate("3sat", variables=12, ratio=4, planted=True, seed=number))
        (folder / f"net{number:02d}.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("options", [["--jobs", "2"], ["--time-limit", "60", "--no-cross-check"]], ids=" ".join)
def test_killed_twice(nets: Path, tmp_path: Path, options: list[str]) -> None:
    output = tmp_path / "out.jsonl"
    arguments = [
        "check",
        str(nets),
        "--output",
        str(output),
        "--certificates",
        str(tmp_path / "certificates"),
        *options,
    ]
    kept = b""
    for count in (3, 9):
        with batch(*arguments[1:]) as process:
            until_lines(output, count)
            time.sleep(0.03)
            os.killpg(process.pid, signal.SIGKILL)
        left = output.read_bytes()
        assert left.startswith(kept)
        kept = left[: left.rfind(b"\n") + 1]
        assert 3 <= kept.count(b"\n") < 18
    ran = spawn(arguments)
    assert ran.status == 2
    assert f"18 nets, {kept.count(bytes([10]))} of them earlier: 9 distinct, 7 unique, 2 bad input; " in ran.err
    whole = output.read_bytes()
    assert whole.startswith(kept)
    lines = [json.loads(line) for line in whole.splitlines()]
    assert Counter(line["net"] for line in lines) == Counter(map(str, nets.iterdir()))
    for line in lines[:3]:
        if line["status"] == 0:
            assert line["verdict"] == check(line["net"]).verdict
            assert spawn(["verify", line["net"], line["certificate"]]).status == 0
    spawn(arguments)
    assert output.read_bytes() == whole
