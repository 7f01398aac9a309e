"""The frame of the searches for proofs: one attempt a seed, judged, counted; findings set the exit status."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


def search(
    description: str | None,
    what: str,
    count: int,
    attempt: Callable[[int], Found | None],
    judged: Callable[[Found, Path], tuple[str, str | None]],
) -> int:
    """Run a search as the command line asks, and print its table; 1 if there are findings.

    ``attempt(seed)`` is None where there is nothing to argue about; ``judged`` gives an attempt's outcome, and what is
    wrong with it, or None.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", metavar="N", type=int, default=count, help=f"{what} (default: {count})")
    parser.add_argument("--first", metavar="N", type=int, default=0, help="the first one's seed (default: 0)")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count takes a positive number")
    counts: Counter[str] = Counter()
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.first, options.first + options.count):
            found = attempt(seed)
            outcome, wrong = ("nothing to argue about", None) if found is None else judged(found, Path(folder))
            counts[outcome] += 1
            if wrong is not None:
                findings += 1
                print(f"FINDING seed {seed}: {wrong}", flush=True)
    for outcome, number in sorted(counts.items()):
        print(f"{number:>8}  {outcome}")
    print(f"{findings} findings")
    return 1 if findings else 0
