"""Trends of the benchmark runs in docs/performance/: each ratio over the commits that were measured.

    python scripts/benchmarks/trends.py                     # all that is kept
    python scripts/benchmarks/trends.py --only locking
    python scripts/benchmarks/trends.py --above 1.2         # only what changed by a factor of 1.2 from first to last
    python scripts/benchmarks/trends.py mine/*.json         # runs of your own

Runs of one benchmark with the same options are beside one another, in the order of the commits that they measured.  A
ratio that a benchmark measures itself (to another solver, to another call in the same run) is shown as it is;
seconds are divided by the run's yardstick, the time of a fixed computation in plain Python on the same machine in
the same minutes (``record.py``).  Absolute seconds of different days are not compared: they say what the machine did.
The last column is the last value over the first.  Verdicts and other words that differ are listed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_KEPT = Path(__file__).resolve().parents[2] / "docs" / "performance"
_VERSION = 1


def read(path: Path) -> dict[str, Any]:
    """A run; exits with a line where the file holds none."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SystemExit(f"{path}: cannot be read: {problem}") from None
    if not isinstance(run, dict) or run.get("version") != _VERSION or not isinstance(run.get("rows"), list):
        raise SystemExit(f"{path}: not a run of version {_VERSION} (record.py)")
    return run


def comparable(runs: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Runs by benchmark and options, each group in the order of the commits that were measured."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for run in runs:
        groups[run["benchmark"], _told(run["options"])].append(run)
    for several in groups.values():
        several.sort(key=lambda run: (run["committed"] or run["date"], run["date"]))
    return dict(sorted(groups.items()))


def figures(run: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """The ratios of a run by row and name; times over the yardstick."""
    found = {}
    for row in run["rows"]:
        for name, value in row.get("ratios", {}).items():
            if value is not None:
                found[row["what"], name] = value
        for name, value in row.get("seconds", {}).items():
            if value is not None:
                found[row["what"], f"{name}, yardsticks"] = value / run["yardstick"]
    return found


def table(runs: Sequence[Mapping[str, Any]], above: float) -> list[str]:
    """One line a ratio: its values over the runs, and the last over the first.

    ``above``: only lines whose last value is at least so many times the first one, or the first the last.
    """
    columns = [figures(run) for run in runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    commits = [f"{run['commit'] or '?'}, {run['date'][:10]}" for run in runs]
    lines = [f"| what | ratio | {' | '.join(commits)} | last / first |", "|---|---|" + "---:|" * (len(runs) + 1)]
    for name in names:
        values = [column.get(name) for column in columns]
        known = [value for value in values if value is not None]
        change = known[-1] / known[0] if len(known) > 1 and known[0] else None
        if above > 1 and (change is None or 1 / above < change < above):
            continue
        cells = ["" if value is None else f"{value:.3g}" for value in values]
        last = "" if change is None else f"{change:.2f}"
        lines.append(f"| {name[0]} | {name[1]} | {' | '.join(cells)} | {last} |")
    return lines


def changed_words(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where a verdict, or whatever else a row says in words, is not what it was in the run before."""
    lines = []
    last: dict[tuple[str, str], str] = {}
    for run in runs:
        for row in run["rows"]:
            for name, word in row.get("words", {}).items():
                key = row["what"], name
                if last.get(key, word) != word:
                    lines.append(f"* {row['what']}, {name}: {last[key]}, then {word} ({run['commit']})")
                last[key] = word
    return lines


def _told(options: Mapping[str, Any]) -> str:
    """Options as they are given, without those that were left out."""
    given = {name: value for name, value in options.items() if value not in (None, False)}
    return ", ".join(f"{name} {value}" for name, value in given.items())


def main() -> int:
    """Print the trends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="runs (default: docs/performance/*.json)")
    parser.add_argument("--only", metavar="NAME", help="this benchmark alone")
    parser.add_argument("--above", metavar="R", type=float, default=1.0, help="only what changed by a factor of R")
    options = parser.parse_args()
    runs = [read(path) for path in options.files or sorted(_KEPT.glob("*.json"))]
    for (benchmark, told), several in comparable(runs).items():
        if options.only not in (None, benchmark):
            continue
        print(f"## {benchmark}" + (f" ({told})" if told else ""))
        print()
        for run in several:
            system = f"{run['cores']} cores, {run['system']}, Python {run['python']}"
            print(f"* {run['commit']}: measured {run['date']}, {system}, yardstick {1e3 * run['yardstick']:.2f} ms")
        print("\n" + "\n".join(table(several, options.above)), end="\n\n")
        print("\n".join(changed_words(several)), end="\n\n" if changed_words(several) else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
