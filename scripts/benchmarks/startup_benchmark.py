"""Whole-process time of ``check`` on small nets against ``python -c "import numpy"``.

    python scripts/benchmarks/startup_benchmark.py [--runs 15] [--as-is]

Each round runs every command once, in turn, so that a busy moment of the machine meets all of them.  The table has
least and median wall time and least processor time, and each over that of ``import numpy``.  (On a busy machine
numpy's import waits for the threads that it starts, so its wall time grows most: there, the processor times are the
fair ones.)  The last column names what each check loads of the packages that take longest to load.

All modules come as bytecode, as those of an installed package do: it is kept in a temporary folder for the standard
library, numpy and this package alike.  With ``--as-is`` the environment is left as it is found; where
PYTHONDONTWRITEBYTECODE is set, a checkout of this package is then compiled in every run, and numpy is not.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from record import Record, add_json_option

import subgrad_hardness
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import dumps

INSTANCES = Path(subgrad_hardness.__file__).resolve().parents[1] / "instances"
BASE = "import numpy"

#: Packages that take as long to load as a small check takes, or longer.
HEAVY = ("numpy", "networkx", "flint", "pysat", "ortools", "onnx", "matplotlib", "distributed")

# Runs the command line in the interpreter, and says what it loaded.
_TELL = f"""
import sys
from subgrad_hardness.cli.main import main
main(sys.argv[1:])
print(" ".join(name for name in {HEAVY} if name in sys.modules) or "-", file=sys.stderr)
"""


def distinct_by_search() -> Program:
    """3-5-5-1, weights at the origin: ten relus, all kinks, two subgradients."""
    first = [[1, -1, 2], [0, 2, 1], [1, 1, 1], [2, 3, -1], [1, 0, 0]]
    second = [[1, -1, 1, 2, 3], [1, 1, 1, 1, -1], [0, 1, -2, 1, 0], [1, 2, 3, 4, -9], [1, 1, 1, -1, -1]]
    return Program.from_layers([first, second, [[1, -1, 1, 1, 1]]])


def unique_by_normal_form() -> Program:
    """relu(w x) - relu(-w x) for five rows w over five inputs: ten relus that cancel."""
    rows = [[1, 2, 0, 1, 0], [0, 1, 1, 0, 3], [2, 0, 1, 1, 0], [0, 0, 0, 1, 1], [1, 0, 0, 0, 2]]
    both = [[sign * entry for entry in row] for row in rows for sign in (1, -1)]
    return Program.from_layers([both, [[1, -1] * 5]])


def commands(folder: Path) -> dict[str, list[str]]:
    """What is timed, by its name in the table: the arguments of the command line."""
    search, normal = folder / "search.json", folder / "normal-form.json"
    write_text(search, dumps(distinct_by_search()))
    write_text(normal, dumps(unique_by_normal_form()))
    certificate = str(folder / "certificate.json")
    return {
        "distinct, search, 10 relus": ["check", str(search)],
        "distinct, --certificate": ["check", str(search), "--certificate", certificate],
        "distinct, --time-limit (worker)": ["check", str(search), "--time-limit", "60"],
        "unique, normal form, 10 relus": ["check", str(normal)],
        "unique, --certificate": ["check", str(normal), "--certificate", certificate],
        "unique, --time-limit (worker)": ["check", str(normal), "--time-limit", "60"],
        "unique, plane, 9 relus": ["check", str(INSTANCES / "abs-identity.json")],
        "unique, circuit, 8 relus": ["check", str(INSTANCES / "median-two-ways.json")],
        "unique, phase, 17 relus": ["check", str(INSTANCES / "3sat-unsat-layers3.json")],
    }


class Spent(NamedTuple):
    """What one run took, in seconds: on the clock, and of processors (its worker processes counted)."""

    wall: float
    cpu: float


def spent(command: list[str], environment: Mapping[str, str]) -> Spent:
    """Run ``command`` and measure it."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def loaded(arguments: list[str], environment: Mapping[str, str]) -> str:
    """What of ``HEAVY`` one run of the command line loads."""
    command = [sys.executable, "-c", _TELL, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return ran.stderr.strip()


def _summary(taken: list[Spent]) -> tuple[float, float, float]:
    """Least and median wall time, and least processor time."""
    walls = [run.wall for run in taken]
    return min(walls), statistics.median(walls), min(run.cpu for run in taken)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, metavar="N", help="rounds (default 15)")
    parser.add_argument("--as-is", action="store_true", help="leave to the environment what is kept as bytecode")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("startup_benchmark", options)
    with tempfile.TemporaryDirectory() as name:
        environment = dict(os.environ)
        if not options.as_is:
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            environment["PYTHONPYCACHEPREFIX"] = str(Path(name) / "bytecode")
        named = commands(Path(name))
        run = {what: [sys.executable, "-m", "subgrad_hardness", *arguments] for what, arguments in named.items()}
        run = {BASE: [sys.executable, "-c", BASE], **run}
        packages = {what: loaded(arguments, environment) for what, arguments in named.items()}
        for command in run.values():  # warm the caches
            spent(command, environment)
        rounds = [{what: spent(command, environment) for what, command in run.items()} for _ in range(options.runs)]
    title = f"milliseconds, {options.runs} rounds"
    print(f"{title:<34}{'wall: min':>10}{'median':>8}{'cpu: min':>10}   over numpy: wall, wall, cpu  loads")
    base = _summary([taken[BASE] for taken in rounds])
    for what in run:
        figures = _summary([taken[what] for taken in rounds])
        least, median, cpu = (1e3 * figure for figure in figures)
        over = ", ".join(f"{figure / other:.2f}" for figure, other in zip(figures, base, strict=True))
        print(f"{what:<34}{least:>10.0f}{median:>8.0f}{cpu:>10.0f}{over:>30}  {packages.get(what, '')}".rstrip())
        names = ("least wall", "median wall", "least processor")
        record.row(
            what,
            seconds=dict(zip(names, figures, strict=True)),
            ratios={f"{name}, over {BASE}": figures[at] / base[at] for at, name in enumerate(names)},
            words={"loads": packages.get(what, "-")},
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
