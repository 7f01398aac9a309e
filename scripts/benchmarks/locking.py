"""What one Clarke subgradient by branch locking costs, as a multiple of one evaluation of the net.

    python scripts/benchmarks/locking.py                      # this checkout
    python scripts/benchmarks/locking.py --before ../before   # beside another checkout, in turn
    python scripts/benchmarks/locking.py --only copies        # one family

Families from 10^3 to 10^6 weights and of 10 to 3,000 inputs.  But for ``trained``, whose point is generic, all their
kinks lie at the origin, and each has a trap of its own:

    ternary      layers p-h-h-1 of -1, 0 and 1
    trained      the same shapes with random weights in single precision
    sum          relu(x_1) + ... + relu(x_p): a kink an input, so that directions with zeros leave ties
    copies       K copies of relu(relu(x) - relu(-x) - x): K kinks that are zero everywhere
    pigeonhole   the shipped family: hundreds of such kinks, behind one another
    3sat         min-max nets of random formulas at ratio 4.26: thousands of kinks

The columns are ``clarke_subgradient(net)`` over ``value(net, x)`` in processor time, each the least of --repeat runs
taken in turn.  The point x of the evaluation is generic: at the origin of a net without biases the evaluation skips
rows of zeros, and a ratio to that would say little about the cost of a derivative.  ``ties`` are the kinks that one
direction without zeros leaves undecided.  Exits with 1 if a ratio of this checkout is above --most.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from record import CHECKOUT, Record, add_json_option

from subgrad_hardness import dumps, generate
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

# Public calls alone, so that it runs in any checkout.
_CHILD = """
import json, random, sys, time
sys.path.insert(0, sys.argv[1])
import subgrad_hardness as sh
program, repeat = sh.load(sys.argv[2]), int(sys.argv[3])
draw = random.Random(0)
point = [draw.choice((-1, 1)) * draw.randint(1, 1000) for _ in program.point]
calls = (lambda: sh.value(program, point), lambda: sh.clarke_subgradient(program))
least = [float("inf")] * len(calls)
for call in calls:
    call()
for _ in range(repeat):
    for number, call in enumerate(calls):
        start = time.process_time()
        call()
        least[number] = min(least[number], time.process_time() - start)
print(json.dumps(least))
"""


class Sized(NamedTuple):
    """One net of a family."""

    family: str
    size: int
    program: Program


def sum_of_relus(inputs: int) -> Program:
    """relu(x_1) + ... + relu(x_p)."""
    build = GraphBuilder(inputs)
    return build.program([build.affine([(build.apply("relu", [index]), 1) for index in range(inputs)])])


def copies_of_zero(count: int) -> Program:
    """The sum of K relus of relu(x) - relu(-x) - x, which is zero everywhere, each written anew, and of x."""
    build = GraphBuilder(1)
    terms = [(0, 1)]
    for _ in range(count):
        passing, blocked = build.apply("relu", [0]), build.apply("relu", [build.affine([(0, -1)])])
        terms.append((build.apply("relu", [build.affine([(passing, 1), (blocked, -1), (0, -1)])]), 1))
    return build.program([build.affine(terms)])


def layered(inputs: int, width: int, ternary: bool) -> Program:
    """Two hidden layers of relus and one output, at the origin; or with weights in single precision, at (1, ..., 1)."""
    stream = Stream(0, "locking", inputs, width, int(ternary))

    def weight() -> float:
        return stream.integer(-1, 1) if ternary else float(np.float32(stream.integer(-(2**20), 2**20) / 2**20))

    sizes = (inputs, width, width, 1)
    matrices = [[[weight() for _ in range(columns)] for _ in range(rows)] for columns, rows in pairwise(sizes)]
    return Program.from_layers(matrices, point=[0 if ternary else 1] * inputs)


def nets() -> Iterator[Sized]:
    """All nets of the table."""
    for ternary in (True, False):
        for inputs, width in ((10, 26), (40, 95), (100, 272), (200, 368), (500, 878)):
            program = layered(inputs, width, ternary)
            yield Sized("ternary" if ternary else "trained", (inputs + width + 1) * width, program)
    for inputs in (10, 30, 100, 300, 1000, 3000):
        yield Sized("sum", inputs, sum_of_relus(inputs))
    for count in (50, 100, 200, 400, 800):
        yield Sized("copies", count, copies_of_zero(count))
    for holes in (4, 8, 12, 16):
        yield Sized("pigeonhole", holes, generate("pigeonhole", holes=holes))
    for variables in (50, 100, 200):
        yield Sized("3sat", variables, generate("3sat", variables=variables, ratio="4.26", seed=1))


def measured(checkout: Path, net: Path, repeat: int) -> tuple[float, float]:
    """Seconds of one evaluation and of one subgradient, by one checkout in a process of its own."""
    command = [sys.executable, "-P", "-c", _CHILD, str(checkout), str(net), str(repeat)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    evaluation, locking = json.loads(done.stdout)
    return evaluation, locking


def main() -> int:
    """Measure and print; 1 if a ratio is above the bound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="another checkout to measure, too")
    parser.add_argument("--only", metavar="FAMILY", help="this family alone")
    parser.add_argument("--repeat", type=int, default=15, metavar="N", help="runs of each call (default 15)")
    parser.add_argument("--most", type=float, default=4.0, metavar="R", help="the largest ratio allowed (default 4)")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("locking", options)
    checkouts = [*([] if options.before is None else [options.before]), CHECKOUT]
    names = ["before", "after"][-len(checkouts) :]
    print(f"| family | size | {' | '.join(f'{name}: evaluation, locking (ms) | ratio' for name in names)} |")
    print("|---|---|" + "---|---|" * len(names))
    worst = 0.0
    for sized in nets():
        if options.only not in (None, sized.family):
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "net.json"
            write_text(file, dumps(sized.program))
            figures = [measured(checkout, file, options.repeat) for checkout in checkouts]
        cells = [f"{1e3 * one:.2f}, {1e3 * both:.2f} | {both / one:.1f}" for one, both in figures]
        print(f"| {sized.family} | {sized.size} | {' | '.join(cells)} |", flush=True)
        evaluation, locking = figures[-1]
        record.row(
            f"{sized.family} {sized.size}",
            seconds={"evaluation": evaluation, "locking": locking},
            ratios={"locking / evaluation": locking / evaluation},
        )
        worst = max(worst, figures[-1][1] / figures[-1][0])
    print(f"\nlargest ratio: {worst:.1f}")
    return 1 if worst > options.most else 0


if __name__ == "__main__":
    sys.exit(main())
