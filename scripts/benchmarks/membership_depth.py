"""How far inside and outside membership is decided on nets of 200 kinks and 20 inputs.

    python scripts/benchmarks/membership_depth.py --nets 3 --limit 120

Vectors inside are combinations of Jacobians that a search with another seed has found: of random cells, or of cells
that are extreme in random directions.  Others lie on the ray from the mean of random cells through one extreme cell,
at so many times its distance; from 1 on the border is near, and which side of it they are on is not known beforehand.
The answer, and seconds of this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from membership import integral
from record import Record, add_json_option

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.placing import Placing
from subgrad_hardness.subdifferentials.sets import greatest

#: Times the distance of an extreme cell from the mean, in percent.
_REACHES = (50, 80, 95, 105, 120, 140, 150, 200, 300, 500, 800)


def targets(program: Program, seed: int) -> dict[str, Matrix]:
    """Vectors by what they are."""
    draw = np.random.default_rng(seed)
    hidden = ClarkeSet(program, 1000 + seed)
    hidden.members.sample(40, Limits())
    cells = [member.jacobian for member in hidden.members]
    extreme = [_extreme(program, draw.integers(-9, 10, program.input_count).tolist(), seed) for _ in range(6)]

    def combined(members: Sequence[Matrix], count: int) -> Matrix:
        chosen = [members[number] for number in draw.permutation(len(members))[:count]]
        weights = draw.integers(1, 10, len(chosen)).tolist()
        columns = zip(*(member[0] for member in chosen), strict=True)
        return (tuple([sum(map(Fraction.__mul__, map(Fraction, weights), each)) / sum(weights) for each in columns]),)

    found = {f"{count} random cells": combined(cells, count) for count in (2, 5, 21)}
    found |= {f"{count} extreme cells": combined(extreme, count) for count in (2, 5)}
    mean = combined(cells, len(cells))
    for percent in _REACHES:
        ray = zip(mean[0], extreme[0][0], strict=True)
        found[f"ray, {percent / 100}"] = (tuple([near + Fraction(percent, 100) * (far - near) for near, far in ray]),)
    return found


def _extreme(program: Program, direction: Sequence[int], seed: int) -> Matrix:
    """A Jacobian with about the greatest product with a direction."""
    functional = (tuple(map(Fraction, direction)),)
    convex = ClarkeSet(program, 77 + seed)
    while convex.improves(functional, Limits()):
        pass
    return greatest(convex.known, functional).jacobian


def main() -> int:
    """Print a line for each net and vector."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", type=int, default=1, metavar="N", help="nets of each shape (default: 1)")
    parser.add_argument("--limit", type=float, default=60.0, metavar="S", help="seconds a question (default: 60)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only vectors of which the name contains this")
    add_json_option(parser)
    arguments = parser.parse_args()
    record = Record("membership_depth", arguments)
    for sizes in ((20, 200, 1), (20, 100, 100, 1)):
        for seed in range(arguments.nets):
            program = integral(seed, sizes)
            for name, target in targets(program, seed).items():
                if arguments.only not in name:
                    continue
                before = time.process_time()
                placed = Placing(ClarkeSet(program), target).place(Limits.seconds(arguments.limit), argued=False)
                answer = {True: "inside", False: "outside", None: "not decided"}[placed.inside]
                took = time.process_time() - before
                net = f"{'-'.join(map(str, sizes))}, {seed}"
                record.row(f"{net}, {name}", seconds={"membership": took}, words={"answer": answer})
                print(f"| {net} | {name} | {answer} | {took:.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
