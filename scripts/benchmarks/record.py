"""What one run of a benchmark measured, as JSON: how docs/performance/ keeps runs, and ``trends.py`` reads them.

    {"version": 1, "benchmark": "locking", "options": {"repeat": 15, ...},
     "date": "2026-11-29T00:10:12+00:00", "commit": "640b6f2", "committed": "2026-11-28T23:43:02+00:00",
     "package": "0.2.0", "python": "3.11.4", "packages": {"numpy": "2.3.5", ...}, "system": "Linux x86_64", "cores": 2,
     "load": 0.4, "yardstick": 0.0061,
     "rows": [{"what": "sum of 3000", "seconds": {"evaluation": 0.012}, "ratios": {"locking / evaluation": 2.1},
               "numbers": {"ties": 0}, "words": {"verdict": "distinct"}}]}

``yardstick`` is the least processor time of one fixed exact computation in plain Python, taken again at every row: by
it the seconds of runs on different machines, or in different hours of one, can be compared at all.  ``commit`` is the
last one that changed the package that was measured, with ``-dirty`` where its folder had changes.  The file is written
anew, whole, at every row: a run that is interrupted keeps what it had.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import subgrad_hardness
from subgrad_hardness.common.files import write_text

#: The checkout whose package is imported here.
CHECKOUT = Path(subgrad_hardness.__file__).resolve().parents[1]
_PACKAGE = "subgrad_hardness"
#: What the times depend on, beside the package itself.
_PACKAGES = ("numpy", "python-flint", "python-sat", "ortools", "networkx")
#: Options that say where something is, and nothing about what is measured.
_PLACES = frozenset({"json", "checkout", "before", "peers"})


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """``--json FILE``."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the run, as docs/performance/ has runs")


def yardstick() -> float:
    """Processor seconds of one fixed computation with integers and fractions."""
    start = time.process_time()
    total, product = Fraction(0), 1
    for number in range(1, 1500):
        total = (total + Fraction(number, number % 97 + 1)) % 7
        product = product * (2 * number + 1) % (1 << 521)
    assert total != product
    return time.process_time() - start


class Record:
    """A run of a benchmark, kept where ``--json`` says; without it nothing is kept.

    Parameters
    ----------
    benchmark : the name of the script.
    options : its options, ``json`` among them.
    checkout : the checkout that is measured.
    """

    def __init__(self, benchmark: str, options: argparse.Namespace, checkout: Path = CHECKOUT) -> None:
        self._file: Path | None = options.json
        if self._file is None:
            return
        self._facts: dict[str, Any] = {"version": 1, "benchmark": benchmark, "options": _comparable(options)}
        self._facts |= circumstances(checkout)
        self._facts["yardstick"] = min(yardstick() for _ in range(7))
        self._rows: list[dict[str, Any]] = []

    def row(
        self,
        what: str,
        *,
        seconds: Mapping[str, float | None] | None = None,
        ratios: Mapping[str, float | None] | None = None,
        numbers: Mapping[str, float | None] | None = None,
        words: Mapping[str, str] | None = None,
        runs: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """One thing that was measured; None: it was not, or hit a limit.  ``runs`` are the single runs behind it."""
        if self._file is None:
            return
        named = {"seconds": seconds, "ratios": ratios, "numbers": numbers, "words": words, "runs": runs}
        self._rows.append({"what": what, **{name: value for name, value in named.items() if value}})
        self._facts["yardstick"] = min(self._facts["yardstick"], yardstick())
        lines = ",\n  ".join(json.dumps(_rounded(row)) for row in self._rows)
        facts = ",\n ".join(f"{json.dumps(name)}: {json.dumps(_rounded(fact))}" for name, fact in self._facts.items())
        write_text(self._file, f'{{{facts},\n "rows": [\n  {lines}\n ]}}\n')


def circumstances(checkout: Path = CHECKOUT) -> dict[str, Any]:
    """When, what and on what kind of machine: what the numbers depend on, and nothing that names the machine."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": _commit(checkout),
        "committed": _git(checkout, "log", "-1", "--format=%cI", "--", _PACKAGE),
        "package": _package(checkout),
        "python": platform.python_version(),
        "packages": _versions(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _comparable(options: argparse.Namespace) -> dict[str, Any]:
    """The options by which runs can be compared: all but places."""
    return {name: value for name, value in sorted(vars(options).items()) if name not in _PLACES}


def _commit(checkout: Path) -> str | None:
    """The last commit that changed the package: what else changed made nothing faster or slower."""
    commit = _git(checkout, "log", "-1", "--format=%h", "--", _PACKAGE)
    changed = _git(checkout, "status", "--porcelain", "--", _PACKAGE)
    return f"{commit}-dirty" if commit and changed else commit


def _git(checkout: Path, *words: str) -> str | None:
    """What git says about the checkout; None where there is no git, or no repository."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, *words], cwd=checkout, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _package(checkout: Path) -> str:
    """The version that the checkout's own file names."""
    lines = (checkout / _PACKAGE / "__init__.py").read_text(encoding="utf-8").splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("__version__"))


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _rounded(value: Any) -> Any:
    """Four digits say all that a time says; what is not finite, or no number, is null."""
    if isinstance(value, float):
        return float(f"{value:.4g}") if abs(value) < float("inf") else None
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value if isinstance(value, str | int | bool | None) else str(value)
