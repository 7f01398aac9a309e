"""Two checkouts of this package side by side: what a change did to the speed of every family.

    python scripts/benchmarks/before_after.py ../before          # this checkout beside the one in ../before
    python scripts/benchmarks/before_after.py ../before --families minmax,maxcut --seeds 2 --limit 10

The instances are those of ``benchmark.py``, the same bytes for both.  For each, processes of the two take turns, and
each is asked again until both have --repeat runs; the fastest of each counts, from the parsed net to the verdict,
without proof and without imports, in seconds of the processor, which other work on the machine disturbs less.
Prints one markdown row a family: the median over its instances of after / before, and the extremes.  Instances on
which either hits the limit are counted and left out.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from peers.families import Instance, Row, instances
from peers.sets import add_set_option, chosen
from record import CHECKOUT, Record, add_json_option

from subgrad_hardness import dumps

# Public calls alone, so that it runs in both checkouts.  The first run also loads what the second one needs.
_CHILD = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import subgrad_hardness as sh
value = json.load(open(sys.argv[2], encoding="utf-8"))
seconds = []
while sum(seconds) < 1 and len(seconds) < 3:
    program = sh.load(value)
    start = time.process_time()
    result = sh.check(program, certify=False, cross_checks=False)
    seconds.append(time.process_time() - start)
print(result.verdict, min(seconds))
"""


class Timed(NamedTuple):
    """One run."""

    verdict: str
    seconds: float


def timed(checkout: Path, net: Path, limit: float) -> Timed:
    """One run in a process of its own; ``unknown`` beyond the limit."""
    command = [sys.executable, "-P", "-c", _CHILD, str(checkout), str(net)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
    except subprocess.TimeoutExpired:
        return Timed("unknown", limit)
    verdict, seconds = done.stdout.split()
    return Timed(verdict, float(seconds))


def best(before: Path, net: Path, limit: float, repeat: int) -> tuple[Timed, Timed]:
    """The fastest run of each, taken in turn."""
    runs: tuple[list[Timed], list[Timed]] = ([], [])
    for _ in range(repeat):
        for checkout, made in zip((before, CHECKOUT), runs, strict=True):
            made.append(timed(checkout, net, limit))
        if any(run.verdict == "unknown" for made in runs for run in made):
            break
    old, new = (min(made, key=lambda run: run.seconds) for made in runs)
    return old, new


def _instances(row: Row, seeds: int) -> Iterator[Instance]:
    for size in row.sizes:
        for group in instances(row, size, seeds).values():
            yield from group


def main() -> int:
    """Measure and print; 1 if the two ever say different things."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("before", type=Path, help="the folder of the other checkout")
    add_set_option(parser)
    parser.add_argument("--families", metavar="A,B", help="only these rows of benchmark.py")
    parser.add_argument("--seeds", metavar="N", type=int, default=2, help="at most N seeds a group (default 2)")
    parser.add_argument("--limit", metavar="S", type=float, default=10.0, help="seconds for each run (default 10)")
    parser.add_argument("--repeat", metavar="N", type=int, default=3, help="runs of each (default 3)")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("before_after", options)
    rows = chosen(options.set)
    wanted = options.families.split(",") if options.families else [row.name for row in rows]
    print("| family | instances | after / before, median | least | most | beyond the limit, before / after |")
    print("|---|---|---|---|---|---|")
    contradictions = 0
    for row in rows:
        if row.name not in wanted:
            continue
        ratios: list[float] = []
        beyond = Counter[str]()
        for instance in _instances(row, options.seeds):
            with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
                file.write(dumps(instance.program()))
                file.flush()
                old, new = best(options.before, Path(file.name), options.limit, options.repeat)
            beyond["before"] += old.verdict == "unknown"
            beyond["after"] += new.verdict == "unknown"
            if "unknown" not in (old.verdict, new.verdict):
                contradictions += old.verdict != new.verdict
                ratios.append(new.seconds / old.seconds)
        middle = f"{statistics.median(ratios):.2f} | {min(ratios):.2f} | {max(ratios):.2f}" if ratios else "| |"
        if ratios:
            found = {"median": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}
            record.row(row.name, ratios={f"after / before, {name}": ratio for name, ratio in found.items()})
        print(f"| {row.name} | {len(ratios)} | {middle} | {beyond['before']} / {beyond['after']} |", flush=True)
    print(f"\n{contradictions} contradictions")
    return 1 if contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
