"""Seconds for membership, support and the shortest subgradient on nets like those that people have.

    python scripts/benchmarks/membership.py --control 500
    python scripts/benchmarks/membership.py --control 20 --large

``control``: 6 inputs, hidden layers of 40, 40, 38 and 19 relus, float32 weights, half of the biases zero, at the
origin, as public control nets are: is backpropagation's gradient a Clarke subgradient?  ``--large``: random integer
nets of 8 inputs and 40 kinks, and of 20 inputs and 200 kinks, in one layer and in two.  Seconds that the calls say
they took, without certificates, median and greatest, and how many questions were decided within --limit seconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from record import Record, add_json_option

import subgrad_hardness as sh
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program


def control(seed: int, sizes: Sequence[int] = (6, 40, 40, 38, 19, 1)) -> Program:
    """A float32 net with half of its biases zero."""
    draw = np.random.default_rng(seed)
    weights = [
        (draw.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)
        for columns, rows in pairwise(sizes)
    ]
    biases = [(0.3 * draw.standard_normal(rows) * (draw.random(rows) < 0.5)).astype(np.float32) for rows in sizes[1:]]
    return Program.from_layers(weights, biases)


def integral(seed: int, sizes: Sequence[int]) -> Program:
    """A net of small integers without biases: all relus are kinks at the origin."""
    draw = np.random.default_rng(seed)
    pairs = pairwise(sizes)
    return Program.from_layers([draw.integers(-3, 4, (rows, columns)) for columns, rows in pairs])


def measured(name: str, programs: Sequence[Program], limit: float, record: Record) -> None:
    """One row for each question."""
    kinks = [len(localise(program).net.kinks) for program in programs]
    questions: dict[str, list[tuple[float, bool]]] = {"membership": [], "support": [], "shortest": []}
    for program in programs:
        gradient = sh.gradient(program).gradient
        direction = [1] * program.input_count
        # With a limit the work is done in another process: the calls say how long it took there.
        member = sh.contains(program, gradient, which="clarke", certify=False, time_limit=limit)
        questions["membership"].append((member.seconds, member.clarke is not None))
        steepest = sh.support(program, direction, certify=False, time_limit=limit)
        questions["support"].append((steepest.seconds, steepest.exact))
        least = sh.shortest(program, certify=False, time_limit=limit)
        questions["shortest"].append((least.seconds, least.exact))
    for question, runs in questions.items():
        times = [seconds for seconds, _ in runs]
        done = sum(decided for _, decided in runs)
        print(
            f"| {name} | {min(kinks)} to {max(kinks)} | {question} | {statistics.median(times):.3f} | {max(times):.3f} "
            f"| {done} of {len(runs)} |",
            flush=True,
        )
        record.row(
            f"{name}, {question}",
            seconds={"median": statistics.median(times), "greatest": max(times)},
            numbers={"nets": len(runs), "decided": done},
        )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--control", type=int, default=50, metavar="N", help="control nets (default: 50)")
    parser.add_argument("--large", action="store_true", help="also nets of 40 and 200 kinks, three of each")
    parser.add_argument("--limit", type=float, default=10.0, metavar="S", help="seconds a question (default: 10)")
    add_json_option(parser)
    arguments = parser.parse_args()
    record = Record("membership", arguments)
    print("| nets | kinks | question | median, s | greatest, s | decided |\n|---|---|---|---|---|---|")
    measured("control", [control(seed) for seed in range(arguments.control)], arguments.limit, record)
    if arguments.large:
        for sizes in ((8, 40, 1), (8, 20, 20, 1), (20, 200, 1), (20, 100, 100, 1)):
            nets = [integral(seed, sizes) for seed in range(3)]
            measured("-".join(map(str, sizes)), nets, arguments.limit, record)
    return 0


if __name__ == "__main__":
    sys.exit(main())
