"""Cells of F'(x0; .) a second: ours, exact, beside enumerators of activation regions in floating point, in one run.

    python scripts/benchmarks/enumeration.py                     # ours alone
    python scripts/benchmarks/enumeration.py --peers PYTHON      # PYTHON: an interpreter that has peers installed
    python scripts/benchmarks/enumeration.py --before ../before --set deep

The rate is that of ``derivative.cells.cells``: Jacobian, signs and a point strictly inside for each cell, all exact, in
cells a second of processor time, the best of --repeat runs in turn.  ``count`` is the time to count the cells without
listing them.  ``known`` is the number by theory, where there is one: Schlaefli's for general position, n! for braids,
2^n n! for type B, the sequences A034997 and A000609 for resonance and threshold arrangements.

A peer's number is compared with ours.  Where they differ, the exact evidence follows: for each sign vector that the
peer has and we do not have, positive multipliers with which the walls' forms sum to zero, so that no point can have
these signs; for one that it lacks, a point that has them, which one forward pass confirms.  Exits with 1 if one of our
numbers is not the known one, or if a rate is below its bar (10^5 a second in general position, 3 10^4 for degenerate
arrangements, 2 10^4 for deep nets; from a thousand cells on, or for deep nets from fifty).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from math import comb, factorial, inf
from operator import mul
from pathlib import Path
from typing import Any, NamedTuple

from record import Record, add_json_option

from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cell import Cell
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.counting import count_cells
from subgrad_hardness.linear.cone import Infeasible, interior_point
from subgrad_hardness.local.local_net import Kink, LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load

_HERE = Path(__file__).resolve().parents[2]
_FIXTURES = _HERE / "tests" / "support" / "subdifferential-fixtures.json"
_PEER = Path(__file__).with_name("peers") / "regions.py"

Layers = list[list[list[int | float]]]

# Processor seconds of one enumeration in another checkout, by what both have: the module and its iterator.
_CHILD = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
net = localise(load(json.load(sys.stdin))).net
start = time.process_time()
print(sum(1 for _ in cells(net)), time.process_time() - start)
"""


class Instance(NamedTuple):
    """A net of layers without biases, the number of its cells if that is known, the bar for the rate."""

    group: str
    name: str
    layers: Layers
    known: int | None
    bar: float
    peers: bool


def instances() -> Iterator[Instance]:
    """All of them; peers meet the small ones."""
    for inputs, count in ((3, 10), (3, 40), (4, 10), (4, 20), (4, 40), (5, 14), (5, 20), (5, 40), (6, 20)):
        known = 2 * sum([comb(count - 1, k) for k in range(inputs)])
        forms = _random(count, inputs, 10**6, f"generic {inputs} {count}")
        yield _central(f"generic {inputs} x {count}", forms, known, 1e5, 300)
    for inputs, count in ((3, 40), (4, 40), (5, 30)):
        known = 2 * sum([comb(count - 1, k) for k in range(inputs)])
        yield _central(f"float32 {inputs} x {count}", _single(count, inputs), known, 1e5)
    for size in (5, 6, 8, 9):
        pairs = list(combinations(range(size), 2))
        forms = [[(k == i) - (k == j) for k in range(size - 1)] for i, j in pairs]
        yield _central(f"braid {size}", forms, factorial(size), 3e4, 130)
    for size in (3, 4, 6):
        pairs = list(combinations(range(size), 2))
        forms = [[int(k == i) for k in range(size)] for i in range(size)]
        forms += [[(k == i) + sign * (k == j) for k in range(size)] for i, j in pairs for sign in (1, -1)]
        yield _central(f"type B {size}", forms, 2**size * factorial(size), 3e4, 130)
    for size, known in ((3, 32), (4, 370), (5, 11292)):
        forms = [list(bits) for bits in product((0, 1), repeat=size) if any(bits)]
        yield _central(f"resonance {size}", forms, known, 3e4, 130)
    for size, known in ((3, 104), (4, 1882), (5, 94572)):
        forms = [[1, *signs] for signs in product((-1, 1), repeat=size)]
        yield _central(f"threshold {size}", forms, known, 3e4, 130)
    nets = json.loads(_FIXTURES.read_text(encoding="utf-8"))["nets"]
    for name in ("2-8-8-1", "3-8-8-1"):
        layers = [layer["weight"] for layer in nets[name]["layers"]]
        yield Instance("deep", f"test net {name}", layers, {"2-8-8-1": 23, "3-8-8-1": 261}[name], 2e4, True)
    for widths in ((2, 8, 8, 1), (2, 20, 20, 1), (2, 10, 10, 10, 10, 1), (3, 6, 6, 1), (3, 8, 8, 1), (3, 8, 8, 8, 1)):
        yield _deep(widths, False)
    for widths, single in (
        ((4, 6, 6, 1), False),
        ((4, 10, 10, 1), False),
        ((3, 16, 16, 1), True),
        ((4, 8, 8, 1), True),
    ):
        yield _deep(widths, single)


def _central(name: str, forms: Sequence[Sequence[int | float]], known: int, bar: float, most: int = 110) -> Instance:
    """One layer; peers meet those of at most so many cells."""
    group = "generic" if bar > 3e4 else "degenerate"
    return Instance(group, name, [list(map(list, forms)), [[1] * len(forms)]], known, bar, known <= most)


def _deep(widths: Sequence[int], single: bool) -> Instance:
    layers: Layers = []
    for number, (inputs, outputs) in enumerate(pairwise(widths)):
        label = f"deep {widths} {number}"
        layers.append(_single(outputs, inputs, label) if single else _random(outputs, inputs, 9, label))
    name = "-".join(map(str, widths))
    return Instance("deep", f"float32 {name}" if single else name, layers, None, 2e4, not single and sum(widths) < 24)


def _random(count: int, inputs: int, most: int, label: str) -> list[list[int | float]]:
    stream = Stream(1, label)
    # Zeros would silence kinks, which peers count and we do not.
    return [[stream.integer(1, most) * (2 * stream.integer(0, 1) - 1) for _ in range(inputs)] for _ in range(count)]


def _single(count: int, inputs: int, label: str = "single") -> list[list[int | float]]:
    """Numbers of 24 bits of different sizes, as float32 weights are."""
    stream = Stream(1, f"{label} {count} {inputs}")
    return [
        [stream.integer(-(2**24), 2**24) / 2 ** stream.integer(22, 26) for _ in range(inputs)] for _ in range(count)
    ]


def mapping(layers: Layers) -> dict[str, Any]:
    """The net file."""
    hidden = [{"weight": weight, "activation": "relu"} for weight in layers[:-1]]
    return {"inputs": len(layers[0][0]), "layers": [*hidden, {"weight": layers[-1]}]}


def evidence(net: LocalNet, ours: dict[tuple[int, ...], Cell], given: Sequence[Sequence[int]]) -> Iterator[str]:
    """Why the peer is wrong, exactly; of the signs of all units that it has, only those of our kinks are compared."""
    zeros = {signs for signs in ours if 0 in signs}
    theirs = set()
    for each in given:
        signs = tuple([int(each[number]) for number in net.kink_numbers])
        match = [cell for cell in zeros if all(sign in (0, own) for sign, own in zip(cell, signs, strict=True))]
        theirs.add(match[0] if match else signs)
    if theirs == set(ours):
        yield "it has our cells, and splits some by kinks without effect"
    extra, missing = sorted(theirs - set(ours)), sorted(set(ours) - theirs)
    for signs in extra[:1]:
        forms = _walls(net, signs)
        answer = interior_point(forms, net.inputs)
        if isinstance(answer, Infeasible):
            terms = " + ".join(f"{m} {forms[i]}" for i, m in zip(answer.forms, answer.multipliers, strict=True))
            yield f"{len(extra)} of its regions are empty; in the first {terms} = 0, forms that should all be positive"
    for signs in missing[:1]:
        yield f"it lacks {len(missing)} regions; {ours[signs].interior} lies in the first, all kinks are off 0 there"


def _walls(net: LocalNet, signs: Sequence[int]) -> list[tuple[int, ...]]:
    """The forms that have to be positive for these signs."""
    rows = [tuple([int(row == column) for column in range(net.inputs)]) for row in range(net.inputs)]
    found: list[tuple[int, ...]] = []
    for node in net.nodes:
        if isinstance(node, Kink):
            sign, row = signs[len(found)], rows[node.argument]
            found.append(tuple([sign * entry for entry in row]))
            rows.append(row if sign > 0 else (0,) * net.inputs)
        else:
            columns = zip(*[rows[argument] for argument in node.arguments], strict=True)
            rows.append(tuple([sum(map(mul, node.coefficients, column)) for column in columns]))
    return found


def asked(interpreter: str, name: str, layers: Layers, seconds: float) -> dict[str, Any]:
    """What one peer says."""
    command = [interpreter, str(_PEER), name]
    try:
        ran = subprocess.run(
            command, input=json.dumps(layers), capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return {"refused": f"not done in {seconds:g} seconds"}
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    result: dict[str, Any] = json.loads(lines[-1]) if lines else {"refused": (ran.stderr.splitlines() or ["?"])[-1]}
    return result


def before(instance: Instance, checkout: str, limit: float) -> str:
    """Cells, and cells a second, in another checkout."""
    given = json.dumps(mapping(instance.layers))
    command = [sys.executable, "-c", _CHILD, checkout]
    try:
        ran = subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=_HERE, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"not done in {limit:g} seconds"
    number, seconds = ran.stdout.split()
    return f"{number:>9} {int(number) / float(seconds):9.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=("generic", "degenerate", "deep"), help="these instances only")
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter in which relucent, affinitree, parx are")
    parser.add_argument("--before", metavar="CHECKOUT", help="measure this checkout of the package, too")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    parser.add_argument("--limit", type=float, default=120, metavar="S", help="seconds for each other run")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("enumeration", options)
    good = True
    print(f"{'net':24} {'cells':>9} {'cells/s':>9} {'count s':>8}")
    for instance in instances():
        if options.set in (None, instance.group):
            good &= measure(instance, options, record)
    return 0 if good else 1


def measure(instance: Instance, options: argparse.Namespace, record: Record) -> bool:
    """One line, and one for each peer; whether all is as it should be."""
    net = localise(load(mapping(instance.layers))).net
    best = inf
    found = 0
    for _ in range(options.repeat):
        start = time.process_time()
        found = sum(1 for _ in cells(net))
        best = min(best, time.process_time() - start)
    start = time.process_time()
    counted = count_cells(net, NO_LIMITS)
    counting = time.process_time() - start
    rate = found / best
    few = 50 if instance.group == "deep" else 1000
    wrong = instance.known not in (None, found) or counted != found
    slow = rate < instance.bar and found >= few
    words = (" WRONG" if wrong else "") + (" below the bar" if slow else "")
    print(f"{instance.name:24} {found:9} {rate:9.0f} {counting:8.3f}{words}", flush=True)
    record.row(
        instance.name,
        seconds={"listing": best, "counting": counting},
        numbers={"cells": found, "cells a second": rate},
        words={"right": "no" if wrong else "yes"},
    )
    if options.before:
        print(f"    before               {before(instance, options.before, options.limit)}", flush=True)
    if options.peers and instance.peers:
        ours = {cell.signs: cell for cell in cells(net)}
        for name in ("relucent", "affinitree", "parx"):
            told = asked(options.peers, name, instance.layers, options.limit)
            if "refused" in told:
                print(f"    {name:11} refuses: {told['refused'][:160]}", flush=True)
                continue
            number, seconds = told["regions"], told["seconds"]
            print(f"    {name:16}     {number:9} {number / seconds:9.0f}  our time {best / seconds:.4f}", flush=True)
            if number != found and "signs" in told:
                for line in evidence(net, ours, told["signs"]):
                    print(f"        {line}")
            elif number != found:
                print(f"        not the number of cells, {found}, as the characteristic polynomial has it, too")
    return not wrong and not slow


if __name__ == "__main__":
    sys.exit(main())
