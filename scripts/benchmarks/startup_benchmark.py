"""Whole-process time of ``check`` on a ten-relu net against ``python -c "import numpy"``.

    python scripts/benchmarks/startup_benchmark.py [--runs 15]

Runs the two in turn and prints minimum and median of each, and of the ratio pair by pair.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import dumps


def ten_relus() -> Program:
    """3-5-5-1, weights at the origin: ten relus, all kinks, two subgradients."""
    first = [[1, -1, 2], [0, 2, 1], [1, 1, 1], [2, 3, -1], [1, 0, 0]]
    second = [[1, -1, 1, 2, 3], [1, 1, 1, 1, -1], [0, 1, -2, 1, 0], [1, 2, 3, 4, -9], [1, 1, 1, -1, -1]]
    return Program.from_layers([first, second, [[1, -1, 1, 1, 1]]])


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, metavar="N", help="pairs of runs (default 15)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        net = Path(folder) / "ten.json"
        write_text(net, dumps(ten_relus()))
        check = [sys.executable, "-m", "subgrad_hardness", "check", str(net)]
        numpy = [sys.executable, "-c", "import numpy"]
        seconds(check), seconds(numpy)  # warm the caches
        pairs = [(seconds(check), seconds(numpy)) for _ in range(runs)]
    columns = {
        "check, ten relus (s)": [pair[0] for pair in pairs],
        "import numpy (s)": [pair[1] for pair in pairs],
        "ratio": [pair[0] / pair[1] for pair in pairs],
    }
    print(f"{'':<24}{'min':>8}{'median':>8}{'max':>8}   ({runs} pairs)")
    for name, values in columns.items():
        print(f"{name:<24}{min(values):>8.3f}{statistics.median(values):>8.3f}{max(values):>8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
