"""Random 3-SAT nets beside CaDiCaL on the formula itself: how far from the floor is the check?

    python scripts/benchmarks/formula_floor.py                              # min-max nets, 300 variables
    python scripts/benchmarks/formula_floor.py --form layers3 --variables 200,250 --seeds 5
    python scripts/benchmarks/formula_floor.py --before ../before           # another checkout in turn with this one
    python scripts/benchmarks/formula_floor.py --certify                    # with the certificates of the default, too

Formulas of ratio 4.26, the first seeds of each answer, beginning with 0.  Each run is a process of its own, in turn:
CaDiCaL on the formula; ``check`` from the parsed net to the verdict, without proof; the same with the certificate that
the default makes.  Seconds of the processor, after a small net of the same kind that loads what is needed.  Prints one
markdown row for each size and answer: medians of the seconds, and of the ratios to the floor on the same formula.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from record import CHECKOUT, Record, add_json_option

_RATIO = "4.26"

# Public calls, and the generator of formulas, which both checkouts have.
_CHILD = """
import json, sys, time
sys.path[:0] = sys.argv[1:3]
import subgrad_hardness as sh
from subgrad_hardness.family.ksat import random_cnf
from peers.cadical_floor import satisfiable
what, form, variables, seed, limit = sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6]), float(sys.argv[7])
if what == "floor":
    clauses = random_cnf(variables, (426 * variables + 50) // 100, 3, seed, False)[0].clauses
    satisfiable(((1,),), 1.0)
    start = time.process_time()
    answer = satisfiable(clauses, limit)
    print(json.dumps({"verdict": {True: "distinct", False: "unique", None: "unknown"}[answer],
                      "seconds": time.process_time() - start, "certified": False}))
else:
    certify = None if what == "certified" else False
    for size, number in ((8, 0), (variables, seed)):
        program = sh.load(sh.generate("3sat", variables=size, ratio="4.26", seed=number, form=form))
        start = time.process_time()
        result = sh.check(program, certify=certify, cross_checks=False)
    print(json.dumps({"verdict": result.verdict, "seconds": time.process_time() - start,
                      "certified": result.certified}))
"""


class Timed(NamedTuple):
    """One run; ``unknown`` beyond the limit."""

    verdict: str
    seconds: float
    certified: bool = False


class Formula(NamedTuple):
    """A formula, and the form of its net."""

    form: str
    variables: int
    seed: int


class Column(NamedTuple):
    """What is measured beside the floor: a title, a checkout, and whether with certificate."""

    title: str
    checkout: Path
    what: str


def timed(checkout: Path, what: str, formula: Formula, limit: float) -> Timed:
    """One run in a process of its own."""
    folders = [str(checkout), str(Path(__file__).resolve().parent)]
    command = [sys.executable, "-P", "-c", _CHILD, *folders, what, *map(str, formula), str(limit)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
    except subprocess.TimeoutExpired:
        return Timed("unknown", limit)
    said: dict[str, Any] = json.loads(done.stdout)
    return Timed(said["verdict"], said["seconds"], said["certified"])


def measured(
    formulas: Iterator[Formula], left: dict[str, int], columns: list[Column], limit: float
) -> Iterator[tuple[str, list[Timed]]]:
    """The answer of a formula, and its runs, the floor first, until each answer has as many as ``left`` says."""
    while any(left.values()):
        formula = next(formulas)
        floor = timed(CHECKOUT, "floor", formula, limit)
        if left.get(floor.verdict):
            left[floor.verdict] -= 1
            runs = [floor, *(timed(each.checkout, each.what, formula, limit) for each in columns)]
            print(formula, floor.verdict, *(f"{run.seconds:.2f}" for run in runs), file=sys.stderr, flush=True)
            yield floor.verdict, runs


def row(runs: list[list[Timed]], columns: int) -> str:
    """The medians of one size and answer; a run beyond the limit counts with the limit."""
    cells = [f"{statistics.median(run[0].seconds for run in runs):.2f}"]
    for number in range(1, columns + 1):
        ratios = [run[number].seconds / run[0].seconds for run in runs]
        seconds = statistics.median(run[number].seconds for run in runs)
        cells.append(f"{seconds:.2f} ({statistics.median(ratios):.2f}; {min(ratios):.2f} to {max(ratios):.2f})")
    cells.append(f"{sum(run[-1].certified for run in runs)} of {len(runs)}")
    return " | ".join(cells)


def keep(record: Record, what: str, runs: list[list[Timed]], columns: list[Column]) -> None:
    """The medians of one size and answer, and all runs behind them."""
    titles = ["floor", *(column.title for column in columns)]
    record.row(
        what,
        seconds={name: statistics.median(run[at].seconds for run in runs) for at, name in enumerate(titles)},
        ratios={
            f"{name} / floor": statistics.median(run[at].seconds / run[0].seconds for run in runs)
            for at, name in enumerate(titles)
            if at
        },
        numbers={"certified": sum(run[-1].certified for run in runs)},
        runs=[{name: run[at]._asdict() for at, name in enumerate(titles)} for run in runs],
    )


def main() -> int:
    """Measure and print; 1 if a verdict contradicts the formula."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--form", choices=("minmax", "layers3"), default="minmax")
    parser.add_argument("--variables", metavar="N,M", default="300", help="sizes (default 300)")
    parser.add_argument("--seeds", metavar="N", type=int, default=3, help="formulas of each answer (default 3)")
    parser.add_argument("--answer", choices=("distinct", "unique"), help="only formulas of this answer")
    parser.add_argument("--before", type=Path, metavar="DIR", help="another checkout, measured in turn")
    parser.add_argument("--certify", action="store_true", help="also with the certificates of the default")
    parser.add_argument("--limit", metavar="S", type=float, default=600.0, help="seconds for each run (default 600)")
    add_json_option(parser)
    options = parser.parse_args()
    record = Record("formula_floor", options)
    columns = [Column("check", CHECKOUT, "check")]
    if options.before:
        columns.insert(0, Column("before", options.before, "check"))
    if options.certify:
        columns.append(Column("with certificate", CHECKOUT, "certified"))
    answers = [options.answer] if options.answer else ["distinct", "unique"]
    titles = " | ".join(f"{column.title}, s (times the floor: median; range)" for column in columns)
    print(f"| {options.form}, ratio {_RATIO}, variables | answer | CaDiCaL on the formula, s | {titles} | certified |")
    print("|---" * (4 + len(columns)) + "|")
    contradictions = 0
    for variables in map(int, options.variables.split(",")):
        found: dict[str, list[list[Timed]]] = {answer: [] for answer in answers}
        formulas = (Formula(options.form, variables, seed) for seed in count())
        for answer, runs in measured(formulas, dict.fromkeys(answers, options.seeds), columns, options.limit):
            found[answer].append(runs)
            contradictions += any(run.verdict not in (answer, "unknown") for run in runs)
        for answer in answers:
            print(f"| {variables} | {answer} | {row(found[answer], len(columns))} |", flush=True)
            keep(record, f"{variables} variables, {answer}", found[answer], columns)
    print(f"\n{contradictions} contradictions")
    return 1 if contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
