"""What cubes cost and what they bring: hard nets without cubes, and with them on one process and on several.

    python scripts/benchmarks/cube_statistics.py
    python scripts/benchmarks/cube_statistics.py --nets maxcut-12 clique-10 --jobs 1 2 --seconds 4 --no-certify
    python scripts/benchmarks/cube_statistics.py --nets maxcut-12 --leaves 4 64 1024

Prints for each net: processor time of everything, of the busiest process, wall time; then how long cubes took (median,
90 %, longest), what proofs and the choice of splits took, and how long the lines of the file are, which are what a
process sends back.  All answers have to agree.  Figures are in seconds and kilobytes.

With --leaves the question is split evenly into so many cubes, and each is decided with a session of its own, as where
every cube is on another machine: what the whole work grows to, and how it would spread over as many processes.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from record import Record, add_json_option

import subgrad_hardness as sh
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.cubes.cube import Fallen, Task
from subgrad_hardness.cubes.splitting import split_of
from subgrad_hardness.cubes.work import CubeWork
from subgrad_hardness.engine.portfolio import exact_engines
from subgrad_hardness.normal_form.linear_form import opposite
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.session import Session

NETS: dict[str, tuple[str, dict[str, Any]]] = {
    "maxcut-10": ("maxcut", {"vertices": 10, "offset": 1}),
    "maxcut-12": ("maxcut", {"vertices": 12, "offset": 1}),
    "maxcut-14": ("maxcut", {"vertices": 14, "offset": 1}),
    "clique-9": ("clique", {"vertices": 9, "offset": 1}),
    "clique-10": ("clique", {"vertices": 10, "offset": 1}),
    "clique-11": ("clique", {"vertices": 11, "offset": 1}),
    "naesat-10": ("naesat", {"variables": 10, "ratio": "2.5", "form": "layers2"}),
    "3sat-200": ("3sat", {"variables": 200, "ratio": "4.26", "answer": "unsatisfiable"}),
    "3sat-250": ("3sat", {"variables": 250, "ratio": "4.26", "answer": "unsatisfiable"}),
    "pigeonhole-8": ("pigeonhole", {"holes": 8}),
    "pigeonhole-9": ("pigeonhole", {"holes": 9}),
    "tseitin-40": ("tseitin", {"vertices": 40}),
    "parity-24": ("parity", {"points": 24}),
}
DEFAULT = ("maxcut-10", "maxcut-12", "clique-9", "clique-10", "naesat-10", "3sat-200", "3sat-250", "pigeonhole-8")


def processor() -> float:
    """Seconds of this process and of those that it started and that are over."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def measured(net: sh.Program, options: dict[str, Any]) -> tuple[sh.CheckResult, float, float]:
    """The answer, processor time and wall time."""
    before, start = processor(), time.monotonic()
    result = sh.check(net, cross_checks=False, **options)
    return result, processor() - before, time.monotonic() - start


def quantiles(values: Sequence[float]) -> str:
    """Median, 90 % and the largest."""
    if not values:
        return "-"
    ranked = sorted(values)
    return f"{statistics.median(ranked):.3g} / {ranked[int(0.9 * (len(ranked) - 1))]:.3g} / {ranked[-1]:.3g}"


def cubes_of(file: Path) -> str:
    """What a file of cubes tells."""
    data = file.read_bytes().splitlines()[1:]
    lines = [json.loads(line) for line in data]
    fell = [line for line in lines if "rests_on" in line]
    split = [line for line in lines if "split" in line]
    busy = Counter[int]()
    for line in lines:
        busy[line["process"]] += line["seconds"] + line["extra"]
    sizes = [len(text) / 1e3 for text, line in zip(data, lines, strict=True) if "rests_on" in line]
    deepest = max((len(line["cube"]) for line in fell), default=0)
    return (
        f"    {len(fell)} cubes fell, {len(split)} splits, deepest {deepest};"
        f" busiest process {max(busy.values(), default=0):.2f} of {sum(busy.values()):.2f}\n"
        f"    a cube that fell {quantiles([line['seconds'] for line in fell])}, its proof"
        f" {quantiles([line['extra'] for line in fell])}, line {quantiles(sizes)} kB\n"
        f"    an attempt before a split {quantiles([line['seconds'] for line in split if line['seconds']])},"
        f" the choice of a split {quantiles([line['extra'] for line in split if line['process']])}"
    )


def leaves_of(net: sh.Program, wanted: int, proofs: bool) -> str:
    """An even split into ``wanted`` cubes, and what each takes by itself."""
    question = pose(net).question
    session = Session(question.net)
    goals = session.goal_forms(question, Limits())
    engines = exact_engines(question, "auto", session, Limits(), proofs=True)
    leaves = [() if goals.half is None else (goals.half,)]
    start = time.process_time()
    while len(leaves) < wanted:
        supposed = leaves.pop(0)
        form = split_of(goals, supposed, session, engines, Limits())
        if form is None:
            break
        leaves += [(*supposed, form), (*supposed, opposite(form))]
    splitting = time.process_time() - start
    work = CubeWork(question, engines, proofs)
    reports, sizes = [], []
    for supposed in leaves:
        report = work.report(Task("", supposed, 1e6), Session(question.net))
        reports.append(report)
        if isinstance(report.outcome, Fallen) and report.outcome.case is not None:
            sizes.append(len(json.dumps(report.outcome.case.argument.to_json())) / 1e3)
    seconds = [report.seconds for report in reports]
    both = [report.seconds + report.extra for report in reports]
    return (
        f"  {len(leaves)} cubes, a fresh session each: {sum(seconds):.2f} in all, longest {max(seconds):.3g};"
        f" with proofs {sum(both):.2f}, longest {max(both):.3g}\n"
        f"    a cube {quantiles(seconds)}, its proof {quantiles([report.extra for report in reports])}, its argument"
        f" {quantiles(sizes)} kB; a split {splitting / max(1, len(leaves) - 1):.3g}"
    )


def main() -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", nargs="*", choices=sorted(NETS), default=DEFAULT, help="which nets")
    parser.add_argument("--jobs", nargs="*", type=int, default=[1, 2], help="numbers of processes (default 1 2)")
    parser.add_argument("--seconds", type=float, default=8.0, help="a cube's budget (default 8)")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for each check (default 600)")
    parser.add_argument("--no-certify", action="store_true", help="verdicts alone")
    parser.add_argument("--leaves", nargs="*", type=int, default=[], help="even splits instead, into so many cubes")
    parser.add_argument("--no-whole", action="store_true", help="leave out the check without cubes")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("cube_statistics", options)
    wrong = 0
    for name in options.nets:
        family, parameters = NETS[name]
        net = sh.generate(family, **parameters)
        print(f"{name}: {sh.info(net).to_json()['kinks']} kinks", flush=True)
        for wanted in options.leaves:
            print(leaves_of(net, wanted, not options.no_certify), flush=True)
        if options.leaves:
            continue
        common = {"certify": not options.no_certify, "time_limit": options.limit}
        verdicts = set()
        for jobs in [*([] if options.no_whole else [0]), *options.jobs]:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "cubes"
                more = {} if not jobs else {"jobs": jobs, "resume": file, "cube_seconds": options.seconds}
                result, spent, wall = measured(net, {**common, **more})
                verdicts.add(result.verdict)
                what = f"{jobs} process{'es' * (jobs > 1)}" if jobs else "whole"
                size = 0.0 if result.certificate is None else len(result.certificate.dumps()) / 1e3
                print(
                    f"  {what}: {result.verdict}, certified {result.certified} ({size:.0f} kB), by {result.solver}: "
                    f"processor {spent:.2f}, wall {wall:.2f}",
                    flush=True,
                )
                record.row(
                    f"{name}, {what}",
                    seconds={"processor": spent, "wall": wall},
                    numbers={"certificate kB": size},
                    words={"verdict": result.verdict, "certified": str(result.certified)},
                )
                if jobs and file.exists():
                    print(cubes_of(file), flush=True)
        wrong += len(verdicts - {"unknown"}) > 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
