"""Random programs before every engine: a differential campaign.

    python scripts/campaigns/fuzz.py --minutes 5
    python scripts/campaigns/fuzz.py --count 200000 --jobs 2 --record fuzz.json
    python scripts/campaigns/fuzz.py --minutes 20 --kinds levels,sorting

Draws nets of the kinds in ``fuzzing/nets.py``, the whole dictionary and both answers, and asks every engine
about each; ``cells`` enumerates exhaustively up to 14 kinks.  Every witness is replayed exactly and certified,
every refutation that keeps a record is certified, and the independent verifier has to accept.  One net in 20
also goes to z3 (where it is installed) and through ``check`` from end to end, one in 40 to the MILP solvers.

A finding (a disagreement, a crash, a rejected certificate) is shrunk to a minimal net and saved beside the
record.  Runs with one record go on where the last one ended, and the counts add up.  Exit status 1 if there
are findings.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fuzzing.judging import judge
from fuzzing.nets import KINDS, random_net
from fuzzing.record import Record, count, summary
from fuzzing.shrinking import shrunk

#: Nets that a process judges before it reports.
_BATCH = 200


class Batch(NamedTuple):
    """What one process found in one batch."""

    counts: Counter[str]
    findings: list[dict[str, Any]]
    seconds: float


class Work(NamedTuple):
    """Nets ``first`` to ``last`` - 1 of ``seed``; of ``kinds`` only, if there are any."""

    seed: int
    first: int
    last: int
    kinds: tuple[str, ...] = ()


def judge_batch(work: Work) -> Batch:
    """Judge some nets."""
    start = time.perf_counter()
    result = Batch(Counter(), [], 0.0)
    for number in range(work.first, work.last):
        kind, net = random_net(work.seed, number, work.kinds)
        try:
            judgement = judge(net, number)
        except Exception as problem:  # before any engine was asked
            result.findings.append({"number": number, "kind": kind, "engine": "-", "what": repr(problem), "net": net})
            continue
        count(result.counts, kind, judgement)
        for engine, what in judgement.findings:
            small = shrunk(net, partial(_shows, number=number, engine=engine))
            finding = {"number": number, "kind": kind, "engine": engine, "what": what, "net": net, "small": small}
            result.findings.append(finding)
    return result._replace(seconds=time.perf_counter() - start)


def _shows(net: dict[str, Any], number: int, engine: str) -> bool:
    """Whether the net still has a finding of this engine."""
    try:
        only = None if engine == "disagreement" else frozenset({engine})
        return any(name == engine for name, _ in judge(net, number, only).findings)
    except Exception:  # no net any more
        return False


def campaign(record: Record, options: argparse.Namespace, path: Path | None) -> None:
    """Judge until the count or the time is reached; the record is saved after each batch."""
    end = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    goal = options.count or sys.maxsize
    began, before = time.monotonic(), record.counts["nets"]

    def work() -> Iterator[Work]:
        first = record.done
        while time.monotonic() < end and record.counts["nets"] < goal:
            yield Work(record.seed, first, first + _BATCH, record.kinds)
            first += _BATCH

    with multiprocessing.get_context("spawn").Pool(options.jobs, _ignore_interrupts) as pool:
        for batch in _in_order(pool, work(), options.jobs):
            record.done += _BATCH
            record.seconds += batch.seconds
            record.counts += batch.counts
            for finding in batch.findings:
                record.findings.append(_saved(finding, path))
                print(f"FINDING {json.dumps(record.findings[-1])}", file=sys.stderr, flush=True)
            if path is not None:
                record.save(path)
            rate = (record.counts["nets"] - before) / (time.monotonic() - began)
            left = min((goal - record.counts["nets"]) / max(rate, 1e-9), end - time.monotonic()) / 60
            print(
                f"{record.counts['nets']} nets, {rate:.0f} a second, about {max(left, 0):.0f} min left, "
                f"{len(record.findings)} findings",
                file=sys.stderr,
                flush=True,
            )


def _in_order(pool: Any, works: Iterator[Work], jobs: int) -> Iterator[Batch]:
    """Results in the order of the work, with two pieces of work a process under way."""
    waiting = []
    for work in works:
        waiting.append(pool.apply_async(judge_batch, (work,)))
        if len(waiting) >= 2 * jobs:
            yield waiting.pop(0).get()
    while waiting:
        yield waiting.pop(0).get()


def _ignore_interrupts() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _saved(finding: dict[str, Any], path: Path | None) -> dict[str, Any]:
    """The finding with its nets in a file of their own, if there is a record to lie beside."""
    if path is None:
        return finding
    file = path.with_name(f"{path.stem}-finding-{finding['number']}-{finding['engine'].replace(' ', '-')}.json")
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(finding, indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)
    return {key: finding[key] for key in ("number", "kind", "engine", "what")} | {"file": file.name}


def _kinds(text: str) -> tuple[str, ...]:
    names = tuple([name for name in text.split(",") if name])
    for name in names:
        if name not in KINDS:
            raise argparse.ArgumentTypeError(f"{name!r} is unknown; known: {', '.join(KINDS)}")
    return names


def main() -> int:
    """The exit status: 0 without findings, 1 with, 2 for bad input, 130 when interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the campaign (default 0)")
    parser.add_argument("--kinds", type=_kinds, default=(), metavar="A,B", help=f"only these of {', '.join(KINDS)}")
    parser.add_argument("--count", type=int, metavar="N", help="stop when the record has so many nets")
    parser.add_argument("--minutes", type=float, metavar="M", help="stop after so long")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="processes (default 1)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="go on with this record; findings lie beside it")
    parser.add_argument("--report", action="store_true", help="print the record's table and stop")
    options = parser.parse_args()
    if not (options.count or options.minutes or options.report):
        parser.error("give --count, --minutes or both")
    try:
        new = Record(options.seed, options.kinds)
        record = Record.load(options.record, new) if options.record else new
    except (OSError, ValueError, TypeError) as problem:
        parser.error(f"{options.record}: {problem}")
    status = 0
    try:
        if not options.report:
            campaign(record, options, options.record)
    except KeyboardInterrupt:
        status = 130
    print("\n".join(summary(record)))
    return status or (1 if record.findings else 0)


if __name__ == "__main__":
    sys.exit(main())
