"""One hidden layer of kinks is decided in polynomial time, two are NP-hard: by experiment.

One hidden layer: random integer forms a_i, twice as many as inputs, and f = sum of relu(a_i x) - relu(-k_i a_i x) /
k_i, which is linear because kinks on one hyperplane cancel; or with one of them turned round, which is not.  Two hidden
layers: not-all-equal 3-SAT beyond its threshold, cliques of one vertex more than there are, and partition with as many
bits as numbers.  Processor time from the
parsed net to the verdict, without certificate; the exponent is the slope of log time over log inputs, by least squares
on the upper half of the sizes and the one below it.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import subgrad_hardness as sh
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.plotting.canvas import MARKERS, PALETTE, write_picture
from subgrad_hardness.plotting.measuring import timed
from subgrad_hardness.survey.journal import Journal


def one_layer(inputs: int, seed: int, *, turned: bool) -> sh.Program:
    """The net of one hidden layer; with ``turned`` one pair of kinks does not cancel."""
    stream = Stream(seed, f"one hidden layer {inputs}")
    rows: list[list[int]] = []
    last: list[str] = []
    for number in range(2 * inputs):
        row = [stream.integer(-9, 9) for _ in range(inputs)]
        factor = stream.integer(2, 9)
        rows += [row, [-factor * entry for entry in row]]
        last += ["1", f"1/{factor}" if turned and number == inputs else f"-1/{factor}"]
    return sh.load({"inputs": inputs, "layers": [{"weight": rows, "activation": "relu"}, {"weight": [last]}]})


class Family(NamedTuple):
    """Nets by their sizes; only those with the verdict count: a second subgradient may be found by luck."""

    name: str
    make: Callable[[int, int], sh.Program]
    sizes: tuple[int, ...]
    verdict: str = "unique"


def _clique(size: int, seed: int) -> sh.Program:
    return sh.generate("clique", vertices=size, offset=1, seed=seed)


def _not_all_equal(size: int, seed: int) -> sh.Program:
    return sh.generate("naesat", variables=size, ratio="5/2", form="layers2", seed=seed)


def _partition(size: int, seed: int) -> sh.Program:
    return sh.generate("partition", count=size, bits=size, seed=seed)


FAMILIES = (
    Family("one hidden layer, linear", lambda n, seed: one_layer(n, seed, turned=False), (16, 32, 64, 128, 256, 512)),
    Family(
        "one hidden layer, not",
        lambda n, seed: one_layer(n, seed, turned=True),
        (16, 32, 64, 128, 256, 512),
        "distinct",
    ),
    Family("two: NAE-3-SAT", _not_all_equal, tuple(range(8, 23, 2))),
    Family("two: clique + 1", _clique, tuple(range(7, 22, 2))),
    Family("two: partition", _partition, tuple(range(6, 15))),
)


def look(family: Family, size: int, seed: int, time_limit: float) -> dict[str, Any]:
    """Make one net and decide it."""
    net = family.make(size, seed)
    start = time.process_time()
    verdict, _ = timed(net, "auto", time_limit, seed)  # in this process, so that its processor time is all of it
    return {"verdict": verdict, "seconds": time.process_time() - start, "inputs": net.input_count}


def main() -> int:
    """Look, tell, draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, default=5, help="nets of each size (default 5)")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds for one net (default 120)")
    parser.add_argument(
        "--resume", default="hidden_layers.jsonl", help="records; a run that was stopped goes on from it"
    )
    parser.add_argument("--table", help="write the table as Markdown")
    parser.add_argument("--plot", help="draw it (.png, .svg, .pdf)")
    given = parser.parse_args()
    told: dict[str, list[tuple[int, float, int]]] = {}
    try:
        with Journal(given.resume, {"version": sh.__version__, "time_limit": given.time_limit}) as journal:
            for family in FAMILIES:
                for size in family.sizes:
                    for seed in range(given.seeds):
                        key = f"{family.name}; {size}; {seed}"
                        if key not in journal.records:
                            journal.add(key, look(family, size, seed, given.time_limit))
                    found = [journal.records[f"{family.name}; {size}; {seed}"] for seed in range(given.seeds)]
                    decided = [each for each in found if each["verdict"] != "unknown"]
                    print(f"{family.name}: {size}: {len(decided)} of {len(found)} decided", file=sys.stderr, flush=True)
                    if len(decided) < len(found):
                        break
                    counted = [each["seconds"] for each in found if each["verdict"] == family.verdict]
                    if counted:
                        middle = statistics.median(counted)
                        told.setdefault(family.name, []).append((found[0]["inputs"], middle, len(counted)))
        text = table(told)
        print(text)
        if given.table:
            write_text(given.table, text + "\n")
        if given.plot:
            write_picture(given.plot, lambda: _figure(told))
    except (sh.ParameterError, sh.OutputError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def exponent(points: Sequence[tuple[int, float, int]]) -> float:
    """The slope of log time over log inputs, by least squares on the upper half of the sizes, and the one below it."""
    upper = points[len(points) // 2 - 1 :]
    pairs = [(math.log(inputs), math.log(seconds)) for inputs, seconds, _ in upper]
    return statistics.linear_regression(*zip(*pairs, strict=True)).slope


def table(told: dict[str, list[tuple[int, float, int]]]) -> str:
    """Markdown: times at the smallest and largest size, and the exponent."""
    lines = ["| nets | inputs | seconds (median) | exponent, upper half |", "|---|---|---|---|"]
    for name, points in told.items():
        (small, first, _), (large, last, _) = points[0], points[-1]
        lines.append(f"| {name} | {small} ... {large} | {first:.2g} ... {last:.2g} | {exponent(points):.1f} |")
    return "\n".join(lines)


def _figure(told: dict[str, list[tuple[int, float, int]]]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5))
    axes = figure.subplots()
    for number, (name, points) in enumerate(told.items()):
        axes.plot(
            [inputs for inputs, _, _ in points],
            [seconds for _, seconds, _ in points],
            marker=MARKERS[number],
            color=PALETTE[number],
            label=name,
        )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.set_xlabel("inputs")
    axes.set_ylabel("processor seconds, median")
    axes.legend()
    return figure


if __name__ == "__main__":
    sys.exit(main())
