"""Proofs of ``unique``: how long they take to write and to verify, and how large they are.

    python scripts/benchmarks/proof_benchmark.py [--seeds N] [--sizes 100,150,200,250] [--families] [--set NAME]

For unsatisfiable random 3-SAT formulas at ratio 4.26, as min-max nets: the time to decide (from the parsed
net), to write the certificate (from the decision to the bytes), and to verify it (from net and certificate
as bytes to the verdict, by the independent verifier).  With --families also every net of ``benchmark.py``
that is unique, at all its sizes and seeds (at most N a group); with --set those of one set alone.  A net that is not
decided and proved within --limit seconds is left out.  Prints medians; every certificate has to be accepted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from peers.families import Row, instances
from peers.ours import prepare
from peers.sets import add_set_option, chosen
from record import Record, add_json_option

from subgrad_hardness import generate, verify
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load_bytes
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.question import linearity


class Proved(NamedTuple):
    """Seconds and bytes of one certificate."""

    decided: float
    written: float
    verified: float
    size: int
    steps: int


def proved(program: Program, seconds: float | None = None) -> Proved | None:
    """Decide, write, verify; None if the net is not unique, or not proved so within the seconds.

    Raises AssertionError for a rejected certificate.
    """
    limits = Limits() if seconds is None else Limits.seconds(seconds)
    text = dumps(program).encode("utf-8")
    program = load_bytes(text, "net.json")
    start = time.perf_counter()
    local = localise(program)
    element = lock_branches(local.net, [tuple(range(1, program.input_count + 1))])
    answer = decide(linearity(local.net, element.rows), "auto", limits).answer
    decided = time.perf_counter()
    if not isinstance(answer, Refutation) or answer.proof is None:
        return None
    try:
        certificate = unique_certificate(program, local, element, answer.proof, limits)
    except LimitReached:
        return None
    data = certificate.dumps()
    written = time.perf_counter()
    result = verify(load_bytes(text, "net.json"), json.loads(data))
    verified = time.perf_counter()
    assert result.verdict == "unique", result
    assert certificate.argument is not None
    steps = len(certificate.argument.derivation)
    return Proved(decided - start, written - decided, verified - written, len(data), steps)


def unsatisfiable(variables: int, count: int) -> Iterator[Proved]:
    """The first ``count`` seeds whose formula is unsatisfiable."""
    seed = 0
    while count:
        one = proved(generate("3sat", variables=variables, ratio="4.26", seed=seed))
        if one is not None:
            count -= 1
            yield one
        seed += 1


def of_families(rows: Sequence[Row], seeds: int, seconds: float | None) -> Iterator[tuple[str, list[Proved]]]:
    """Every net of these rows that is unique, by family, size and group; at most ``seeds`` of each."""
    for row in rows:
        for size in row.sizes:
            for group, some in instances(row, size, seeds, None).items():
                found = [one for instance in some if (one := proved(instance.program(), seconds)) is not None]
                if found:
                    yield f"{row.title} {size.label} {group}".strip(), found


def show(name: str, found: list[Proved], record: Record) -> None:
    """One line of the table: medians, the largest file."""
    middle = [statistics.median(column) for column in zip(*found, strict=True)]
    largest = max(one.size for one in found) / 1e6
    seconds = " | ".join(f"{value:.2f}" for value in middle[:3])
    print(f"| {name} | {len(found)} | {seconds} | {largest:.2f} | {middle[4]:.0f} |", flush=True)
    record.row(
        name,
        seconds=dict(zip(("decided", "written", "verified"), middle, strict=False)),
        ratios={"written / decided": middle[1] / middle[0], "verified / written": middle[2] / middle[1]},
        numbers={"nets": len(found), "largest MB": largest, "steps": middle[4]},
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,150,200,250", help="numbers of variables (default 100,150,200,250)")
    parser.add_argument("--seeds", type=int, default=5, help="nets of each size (default 5)")
    parser.add_argument("--families", action="store_true", help="also every unique net of benchmark.py")
    parser.add_argument("--limit", type=float, metavar="S", help="seconds for a net of benchmark.py (default: none)")
    add_set_option(parser)
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("proof_benchmark", options)
    prepare()
    print("| net | nets | decided s | written s | verified s | largest MB | steps |\n|---|---|---|---|---|---|---|")
    for variables in [] if options.set else map(int, options.sizes.split(",")):
        show(f"3-SAT min-max, {variables} variables", list(unsatisfiable(variables, options.seeds)), record)
    if options.families or options.set:
        for name, found in of_families(chosen(options.set), options.seeds, options.limit):
            show(name, found, record)


if __name__ == "__main__":
    main()
