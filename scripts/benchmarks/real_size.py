"""Nets of real size: where the time of ``check`` goes, stage by stage, and how much memory it takes.

    python scripts/benchmarks/real_size.py                              # all families, this checkout
    python scripts/benchmarks/real_size.py --only dense,graph --scale 0.1
    python scripts/benchmarks/real_size.py --checkout ../before         # another checkout of this package

Families (``--scale 1``; about a million weights or nodes each):

- ``dense``: 1000-1000-1000-10, all weights and biases float32, at a float32 point: no kinks, ``unique``;
- ``pruned``: the same with every tenth hidden unit of the first layer zero, so that its relu sits at its kink;
- ``origin``: 784-1000-1000-10 without biases at the origin: 2000 relus, all of them kinks, ``distinct``;
- ``wide``: 10^5 relus of three inputs each and their sum, at the origin;
- ``graph``: 10^6 nodes, affine ones of two or three arguments and relus in turn, without kinks;
- ``graph+k``: the same where k preactivations are zero at the point, ``distinct``;
- ``graph=k``: the same where k kinks cancel in pairs, relu(z) - relu(-z), ``unique``.

Each net is written to a file, and two processes of their own read it.  The first goes through the stages one after
the other and prints the processor seconds of each: read, localise (the rewriting and the growth bound included),
digest, search (one subgradient, the engines), prove (the certificate written, and verified once), verify (once more,
by itself).  The second calls ``check`` alone, from the parsed program, and prints its processor seconds, whether the
verdict is certified, and the most memory that the process ever held (MiB, the file's text and parsed JSON included).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from record import CHECKOUT, Record, add_json_option

Net = dict[str, Any]


def dense(sizes: list[int], *, biases: bool, zero_rows: int = 0) -> Net:
    """A dense net of float32 numbers; ``zero_rows``: so many first units are pruned away."""
    import numpy as np

    draw = np.random.default_rng(len(sizes))

    def numbers(*shape: int, scale: float = 1.0) -> Any:
        return (draw.standard_normal(shape) * scale).astype(np.float32).astype(float).tolist()

    layers = []
    for columns, rows in pairwise(sizes):
        layer = {"weight": numbers(rows, columns, scale=columns**-0.5), "activation": "relu"}
        if biases:
            layer["bias"] = numbers(rows, scale=0.1)
        layers.append(layer)
    layers[-1]["activation"] = "identity"
    for row in range(zero_rows):
        layers[0]["weight"][row] = [0] * sizes[0]
        layers[0]["bias"][row] = 0
    return {"inputs": sizes[0], "layers": layers, **({"point": numbers(sizes[0])} if biases else {})}


def wide(relus: int) -> Net:
    """The sum of relus of three inputs each, at the origin."""
    draw = random.Random(1)
    inputs = max(relus // 100, 3)
    entries = [
        [row, column, draw.choice((-3, -2, -1, 1, 2, 3))]
        for row in range(relus)
        for column in sorted(draw.sample(range(inputs), 3))
    ]
    first = {"weight": {"shape": [relus, inputs], "entries": entries}, "activation": "relu"}
    return {"inputs": inputs, "layers": [first, {"weight": [[draw.choice((-1, 1)) for _ in range(relus)]]}]}


def graph(nodes: int, kinks: int = 0, *, cancelling: bool = False) -> Net:
    """Affine nodes of two or three arguments and relus in turn; ``kinks`` relus are made to sit at a kink."""
    draw = random.Random(2)
    inputs = min(1000, nodes)
    point = [draw.randint(-9, 9) for _ in range(inputs)]
    names, values = [f"x{number}" for number in range(inputs)], list(point)
    readable = list(range(inputs))  # what later nodes may read: not the halves of a pair that cancels
    made: list[Net] = []

    def add(operation: str, arguments: list[int], value: int, **more: Any) -> int:
        names.append(f"n{len(made)}")
        made.append({"id": names[-1], "op": operation, "args": [names[argument] for argument in arguments], **more})
        values.append(value)
        return len(values) - 1

    def affine(arguments: list[int], coefficients: list[int], value: int) -> int:
        """With the bias that makes ``value`` of it."""
        bias = value - sum(c * values[a] for c, a in zip(coefficients, arguments, strict=True))
        return add("affine", arguments, value, coefficients=coefficients, bias=bias)

    window = max(nodes // 100, 10)  # about a hundred levels, whatever the size
    every, left = nodes // (2 * max(kinks, 1) + 4), kinks
    while len(made) < nodes:
        arguments = [readable[-1 - draw.randrange(min(len(readable), window))] for _ in range(draw.choice((2, 3)))]
        coefficients = [draw.choice((-2, -1, 1, 2)) for _ in arguments]
        kink = left and len(made) > every * (kinks - left + 1)
        value = 0 if kink else draw.choice((-30, -7, 5, 11, 26, 40, 71, 99))
        inner = affine(arguments, coefficients, value)
        relu = add("relu", [inner], max(value, 0))
        if kink and cancelling:
            other = add("relu", [affine([inner], [-1], 0)], 0)
            relu = affine([relu, other], [1, -1], 0)
        readable.append(relu)
        left -= (2 if cancelling else 1) if kink else 0
    last = [names[number] for number in readable[-1:-100:-1] if values[number]]
    return {"inputs": inputs, "point": point, "nodes": made, "outputs": last[:10]}


def families(scale: float) -> dict[str, Callable[[], Net]]:
    """What is measured, by name."""
    width = max(round(1000 * scale**0.5), 4)
    nodes = max(round(10**6 * scale), 40)

    def of(make: Callable[..., Net], *sizes: Any, **options: Any) -> Callable[[], Net]:
        return lambda: make(*sizes, **options)

    named = {
        "dense": of(dense, [width, width, width, 10], biases=True),
        "pruned": of(dense, [width, width, width, 10], biases=True, zero_rows=width // 10),
        "origin": of(dense, [width * 784 // 1000, width, width, 10], biases=False),
        "wide": of(wide, nodes // 10),
        "graph": of(graph, nodes),
    }
    for kinks in (1, 100, nodes // 100):
        named[f"graph+{kinks}"] = of(graph, nodes, kinks)
    for kinks in (2, 100):
        named[f"graph={kinks}"] = of(graph, nodes, kinks, cancelling=True)
    return named


# Runs in both checkouts: the stages by themselves, or ``check`` as it is called.
_STAGES = """
import sys, time
sys.path.insert(0, sys.argv[1])
import subgrad_hardness as sh
from subgrad_hardness.api.certifying import certified_distinct, certified_unique
from subgrad_hardness.api.verdicts import judged
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.local.localise import localise
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.session import Session
limits, clock = Limits(), time.process_time()
def tick():
    global clock
    before, clock = clock, time.process_time()
    print(clock - before, flush=True)
program = sh.load(sys.argv[2]); tick()
local = localise(program); tick()
program.digest; tick()
posed = pose(program, 0, local)
session = Session(local.net)
decision = decide(posed.question, "auto", limits, session=session)
found = judged(posed, decision); tick()
if isinstance(decision.answer, Refutation):
    certificate = certified_unique(posed, decision.answer, session, limits).certificate
else:
    certificate = certified_distinct(program, found.elements).certificate
tick()
verify_certificate(program, certificate); tick()
"""

_CHECK = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
import subgrad_hardness as sh
program = sh.load(sys.argv[2])
start = time.process_time()
result = sh.check(program)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
print(time.process_time() - start, peak, result.verdict, result.kinks, result.certified)
"""


def ran(script: str, arguments: list[str], limit: float) -> list[str]:
    """The words that a child process printed before it ended, or before the limit in processor seconds."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (round(limit), round(limit)))

    command = [sys.executable, "-P", "-c", script, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, preexec_fn=bounded, check=False).stdout.split()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="times a million weights or nodes (default 1)")
    parser.add_argument("--only", metavar="NAMES", help="families, separated by commas; all of those that begin so")
    parser.add_argument(
        "--checkout", type=Path, default=CHECKOUT, help="the package that is measured (default: this one)"
    )
    parser.add_argument("--limit", type=float, default=200, help="processor seconds a process (default 200)")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the least time of a stage counts")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("real_size", options, options.checkout)
    columns = ("read", "localise", "digest", "search", "prove", "verify")
    print("| family | MB | " + " | ".join(columns) + " | check | peak MiB | verdict | kinks | certified |")
    print("|---|" + "---:|" * 9 + "---|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in families(options.scale).items():
            if options.only and not any(name.startswith(only) for only in options.only.split(",")):
                continue
            file = Path(folder) / "net.json"
            file.write_text(json.dumps(make()), encoding="utf-8")
            arguments = [str(options.checkout), str(file)]
            stages, checks = [], []
            for _ in range(options.repeat):
                stages.append([float(word) for word in ran(_STAGES, arguments, options.limit)])
                checks.append(ran(_CHECK, arguments, options.limit))
            row = [f"{min(found):.2f}" for found in zip(*stages, strict=False)]
            row += ["-"] * (len(columns) - len(row))
            whole = min(checks, key=lambda words: float(words[0]) if words else options.limit)
            row += [f"{float(whole[0]):.2f}", *whole[1:]] if whole else [f"> {options.limit:.0f}", "-", "-", "-", "-"]
            least = [min(found) for found in zip(*stages, strict=False)]
            record.row(
                name,
                seconds=dict(zip((*columns, "check"), [*least, *map(float, whole[:1])], strict=False)),
                numbers={"MB": file.stat().st_size / 1e6} | ({"peak MiB": float(whole[1])} if whole else {}),
                words=dict(zip(("verdict", "kinks", "certified"), whole[2:], strict=False)),
            )
            print(f"| {name} | {file.stat().st_size / 1e6:.0f} | " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    started = time.perf_counter()
    status = main()
    print(f"\n{time.perf_counter() - started:.0f} s in all", file=sys.stderr)
    sys.exit(status)
