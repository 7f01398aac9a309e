"""The garbage collector is ours to slow down in our own processes, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = "import gc; before = gc.get_threshold(); {}; print(before == gc.get_threshold(), gc.get_threshold()[0] > 10**4)"


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("import subgrad_hardness as s; s.check({'inputs': 1, 'layers': [{'weight': [[1]]}]})", "True False\n"),
        (
            "from subgrad_hardness.cli.main import main; main(['generate', 'list', '--json', '-o', '/dev/null'])",
            "False True\n",
        ),
    ],
)
def test_the_threshold(deed: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", ASK.format(deed)], capture_output=True, text=True, check=True)
    assert done.stdout.endswith(said)
