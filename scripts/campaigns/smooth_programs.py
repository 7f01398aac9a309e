"""Random programs with smooth operations: derivatives, verdicts and certificates against what shares no code with them.

    python scripts/campaigns/smooth_programs.py [--programs N] [--seed S]

For each: F'(x0; d) in random directions against dual numbers (tests/support/dual_numbers.py) and against a one-sided
difference quotient; the verdict against linearity in 60 directions; both verifiers on its certificate, and on the same
certificate for a net in which one number, one operation or one entry of the point is changed: what they accept there
has to be true there.  Exit status 1 for any fault.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from support.dual_numbers import derivative
from support.second_verifier import verdict as second_verdict

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.evaluation import value

Net = dict[str, Any]
_ARITY = {"relu": 1, "abs": 1, "max": 2, "min": 2, "mul": 2, "div": 2, "square": 1, "power": 1}
_NUMBERS = [str(Fraction(n, d)) for n in range(-3, 4) for d in (1, 2)]


def pick(stream: Stream, entries: Any) -> Any:
    return entries[stream.integer(0, len(entries) - 1)]


def random_net(stream: Stream) -> Net:
    """Two or three inputs, up to sixteen nodes, a point of small numbers; most affine nodes are 0 there."""
    inputs = ["x", "y", "z"][: stream.integer(2, 3)]
    names, nodes = list(inputs), []
    point = [pick(stream, _NUMBERS) for _ in inputs]
    for number in range(stream.integer(6, 16)):
        op = pick(stream, ["affine", "affine", "affine", *_ARITY])
        node: Net = {"id": f"n{number}", "op": op, "args": [pick(stream, names) for _ in range(_ARITY.get(op, 2))]}
        if op == "affine":
            node |= {"coefficients": [pick(stream, _NUMBERS) for _ in range(2)], "bias": pick(stream, _NUMBERS)}
        if op == "power":
            node["exponent"] = stream.integer(-2, 3)
        nodes.append(node)
        names.append(node["id"])
        if op == "affine" and stream.integer(0, 3):
            here = {"inputs": inputs, "nodes": nodes, "outputs": [node["id"]]}
            zeros = [Fraction(0)] * len(point)
            with contextlib.suppress(ZeroDivisionError):
                node["bias"] = str(Fraction(node["bias"]) - derivative(here, [Fraction(x) for x in point], zeros)[0][0])
    total = [node["id"] for node in nodes if node["op"] != "affine"] or inputs
    coefficients = [pick(stream, _NUMBERS) for _ in total]
    nodes.append({"id": "f", "op": "affine", "args": total, "coefficients": coefficients})
    return {"inputs": inputs, "nodes": nodes, "outputs": ["f"], "point": point}


def changed(net: Net, stream: Stream) -> Net:
    """One number, operation or entry of the point changed."""
    nodes = [dict(node) for node in net["nodes"]]
    node = pick(stream, nodes)
    point = list(net["point"])
    if stream.integer(0, 2) == 0:
        point[stream.integer(0, len(point) - 1)] = pick(stream, _NUMBERS)
    elif node["op"] == "affine":
        node["coefficients"] = [*node["coefficients"][1:], pick(stream, _NUMBERS)]
    elif node["op"] == "power":
        node["exponent"] += 1
    else:
        node["op"] = pick(stream, [op for op, count in _ARITY.items() if count == len(node["args"]) and op != "power"])
    return {**net, "nodes": nodes, "point": point}


def directions(stream: Stream, size: int, count: int = 60) -> Iterator[list[Fraction]]:
    for _ in range(count):
        yield [Fraction(stream.integer(-9, 9)) for _ in range(size)]


def looks_linear(net: Net, point: tuple[Fraction, ...], stream: Stream) -> bool:
    """Whether no random direction shows that F' is not linear."""
    size = len(point)
    units = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    row = [derivative(net, point, unit)[0][1] for unit in units]
    return all(
        derivative(net, point, d)[0][1] == sum((a * b for a, b in zip(row, d, strict=True)), Fraction(0))
        for d in directions(stream, size)
    )


def faults(net: Net, stream: Stream, counts: Counter[str]) -> Iterator[str]:
    """What is wrong with the answers about one net."""
    program = sh.load(net)
    try:
        derivative(net, program.point, [Fraction(0)] * program.input_count)
    except ZeroDivisionError:
        counts["pole"] += 1
        try:
            localise(program)
        except sh.NetError:
            return
        yield "a pole is not seen"
        return
    local = localise(program)
    step = Fraction(1, 2**70)
    for d in directions(stream, program.input_count, 5):
        slope = derivative(net, program.point, d)[0][1]
        if local.net.derivative(d)[0] != slope:
            yield f"another derivative in the direction {d}"
        moved = [a + step * b for a, b in zip(program.point, d, strict=True)]
        if abs((value(program, moved)[0] - local.value[0]) / step - slope) > step * 2**50:
            yield f"the difference quotient is another in the direction {d}"
    result = sh.check(program)
    counts[result.verdict] += 1
    counts["certified"] += result.certified
    if (result.verdict == "unique") and not looks_linear(net, program.point, stream):
        yield "unique, and not linear"
    if result.certificate is None:
        return
    text = result.certificate.dumps().encode()
    if second_verdict(sh.dumps(program).encode(), text) != "verified":
        yield "the second verifier does not accept the certificate"
    for _ in range(4):
        other = changed(net, stream)
        near = sh.load(other)
        claim = result.certificate._replace(digest=near.digest)
        found = sh.verify(near, claim)
        second = second_verdict(sh.dumps(near).encode(), claim.dumps().encode())
        counts["changed, accepted" if found else "changed, rejected"] += 1
        if bool(found) is not (second == "verified"):
            yield f"the verifiers differ: {found}, {second}"
        if found and found.verdict == "unique" and not looks_linear(other, near.point, stream):
            yield "a false certificate is accepted"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    wrong = 0
    for number in range(options.programs):
        stream = Stream(options.seed, f"smooth {number}")
        net = random_net(stream)
        for fault in faults(net, stream, counts):
            wrong += 1
            print(f"program {number}: {fault}\n  {net}")
    print(
        f"{options.programs} programs, {wrong} faults; " + ", ".join(f"{key}: {n}" for key, n in sorted(counts.items()))
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
