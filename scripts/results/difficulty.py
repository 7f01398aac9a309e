"""An atlas of difficulty: over each family's threshold, how many nets are distinct, and how much work deciding takes.

Work is counted, not timed: conflicts of the SAT solver where the circuit engine decides, nodes of the search where sums
of relus are decided by hulls or domination, lemmas where clauses over phases are learnt, directions where one was
found.  So the data are the same on every machine, but for runs that a limit ended.  Resumable.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import subgrad_hardness as sh
from subgrad_hardness.common.files import write_text
from subgrad_hardness.plotting.canvas import PALETTE, write_picture
from subgrad_hardness.survey.journal import Journal

#: The first of these that an answer has is its work.
UNITS = ("conflicts", "nodes", "lemmas", "directions")
_KEPT = ("verdict", "solver", "unit", "work")


class Sweep(NamedTuple):
    """One family over one of its parameters."""

    name: str
    family: str
    fixed: tuple[tuple[str, str], ...]
    varied: str
    values: tuple[str, ...]


def _steps(first: str, last: str, step: str) -> tuple[str, ...]:
    value, values = Fraction(first), []
    while value <= Fraction(last):
        values.append(str(float(value)) if value.denominator > 1 else str(value))
        value += Fraction(step)
    return tuple(values)


SWEEPS = (
    Sweep("3-SAT, min of max", "3sat", (("variables", "120"),), "ratio", _steps("3", "6", "1/4")),
    Sweep(
        "3-SAT, three hidden layers",
        "3sat",
        (("variables", "20"), ("form", "layers3")),
        "ratio",
        _steps("3", "6", "1/4"),
    ),
    Sweep("NAE-3-SAT, min of max", "naesat", (("variables", "80"),), "ratio", _steps("1", "4", "1/4")),
    Sweep(
        "NAE-3-SAT, two hidden layers",
        "naesat",
        (("variables", "10"), ("form", "layers2")),
        "ratio",
        _steps("1", "4", "1/4"),
    ),
    Sweep("one-in-3-SAT, min of max", "onein3", (("variables", "120"),), "ratio", _steps("1/5", "1", "1/10")),
    Sweep(
        "one-in-3-SAT, two hidden layers",
        "onein3",
        (("variables", "14"), ("form", "layers2")),
        "ratio",
        _steps("1/5", "1", "1/10"),
    ),
    Sweep("3-colouring", "coloring", (("vertices", "70"),), "degree", _steps("3", "6", "1/4")),
    Sweep("Hamiltonian cycle", "hamilton", (("vertices", "11"),), "degree", _steps("2", "7", "1/2")),
    Sweep("partition", "partition", (("count", "9"),), "bits", _steps("2", "14", "1")),
    Sweep("cut of k edges, 13 vertices", "maxcut", (("vertices", "13"),), "k", _steps("18", "32", "1")),
    Sweep("clique of k, 12 vertices", "clique", (("vertices", "12"),), "k", _steps("2", "8", "1")),
)


class Summary(NamedTuple):
    """Of one value: shares and the median and greatest work of those that were decided; ``unknown`` counts the rest."""

    value: float
    distinct: float
    median: float | None
    greatest: int | None
    unknown: int


def look(sweep: Sweep, value: str, seed: int, time_limit: float) -> dict[str, Any]:
    """Generate one net and decide it."""
    given = {**dict(sweep.fixed), sweep.varied: value}
    parameters = {name: int(text) if text.isdigit() and name != "ratio" else text for name, text in given.items()}
    net = sh.generate(sweep.family, seed=seed, **parameters)
    found = sh.check(net, seed=seed, certify=False, cross_checks=False, time_limit=time_limit)
    effort = found.effort or {}
    unit = next((name for name in UNITS if name in effort), None)
    work = None if found.verdict == "unknown" else 0 if unit is None else effort[unit]
    return {"verdict": found.verdict, "solver": found.solver, "unit": unit, "work": work, "digest": found.digest}


def all_records(given: argparse.Namespace, journal: Journal) -> Iterator[tuple[Sweep, str, dict[str, Any]]]:
    """Every record, from the file or looked at now."""
    chosen = [sweep for sweep in SWEEPS if given.only in sweep.name]
    for sweep in chosen:
        for value in sweep.values:
            for seed in range(given.seeds):
                key = f"{sweep.name}; {sweep.varied} {value}; seed {seed}"
                if key not in journal.records:
                    journal.add(key, look(sweep, value, seed, given.time_limit))
                yield sweep, value, journal.records[key]
            print(f"{sweep.name}: {sweep.varied} {value}", file=sys.stderr, flush=True)


def summary(value: str, records: Sequence[dict[str, Any]]) -> Summary:
    """What one value comes to."""
    decided = [record for record in records if record["verdict"] != "unknown"]
    works = [record["work"] for record in decided]
    share = sum(record["verdict"] == "distinct" for record in decided) / len(decided) if decided else 0.0
    middle = statistics.median(works) if works else None
    return Summary(float(value), share, middle, max(works, default=None), len(records) - len(decided))


def main() -> int:
    """Look, tell, draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, default=20, help="nets for each value (default 20)")
    parser.add_argument("--time-limit", type=float, default=20.0, help="seconds for one net (default 20)")
    parser.add_argument("--only", default="", help="sweeps whose name has this text")
    parser.add_argument("--resume", default="difficulty.jsonl", help="records; a run that was stopped goes on from it")
    parser.add_argument("--table", help="write the table as Markdown")
    parser.add_argument("--data", help="write verdicts, who decided, and the work, by sweep and value, as JSON")
    parser.add_argument("--plot", help="draw it (.png, .svg, .pdf)")
    given = parser.parse_args()
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    try:
        with Journal(given.resume, {"version": sh.__version__, "time_limit": given.time_limit}) as journal:
            for sweep, value, record in all_records(given, journal):
                found.setdefault(sweep.name, {}).setdefault(value, []).append(record)
        told = {name: [summary(value, each) for value, each in values.items()] for name, values in found.items()}
        text = table(told, found)
        print(text)
        if given.table:
            write_text(given.table, text + "\n")
        if given.data:
            write_text(given.data, compact(found))
        if given.plot:
            write_picture(given.plot, lambda: _figure(told, found))
    except (sh.ParameterError, sh.OutputError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def table(told: dict[str, list[Summary]], found: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    """Markdown: of each sweep where half of the nets are distinct, and where the work is greatest."""
    lines = [
        "| family | swept | distinct, from ... to | share passes 1/2 at | hardest at | median work there | unit "
        "| at the ends | unknown |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for sweep in SWEEPS:
        rows = told.get(sweep.name)
        if not rows:
            continue
        shares = [row.distinct for row in rows]
        half = next((row.value for row in rows if (row.distinct < 0.5) != (shares[0] < 0.5)), None)
        worked = [row for row in rows if row.median is not None]
        top = max(worked, key=lambda row: row.median or 0)
        ends = f"{worked[0].median:g}, {worked[-1].median:g}"
        unit = _unit(record for each in found[sweep.name].values() for record in each)
        unknown = sum(row.unknown for row in rows)
        passed = "never" if half is None else f"{half:g}"
        lines.append(
            f"| {sweep.name} | {sweep.varied} {rows[0].value:g} ... {rows[-1].value:g} | {shares[0]:.2f} ... "
            f"{shares[-1]:.2f} | {passed} | {top.value:g} | {top.median:g} | {unit} | {ends} | {unknown} |"
        )
    return "\n".join(lines)


def compact(found: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    """JSON, a line a value: [verdict, who decided, unit, work], one a seed."""
    lines = []
    for name, values in found.items():
        rows = [
            f"  {json.dumps(value)}: {json.dumps([[r[key] for key in _KEPT] for r in records])}"
            for value, records in values.items()
        ]
        lines.append(f"{json.dumps(name)}: {{\n" + ",\n".join(rows) + "}")
    return "{" + ",\n".join(lines) + "}\n"


def _unit(records: Iterator[dict[str, Any]]) -> str:
    """The units of the work, the most frequent first."""
    units = [record["unit"] for record in records if record["unit"] is not None and record["work"]]
    return ", ".join(sorted(set(units), key=lambda unit: -units.count(unit)))


def _figure(told: dict[str, list[Summary]], found: dict[str, dict[str, list[dict[str, Any]]]]) -> Any:
    from matplotlib.figure import Figure

    columns = 3
    rows = -(-len(told) // columns)
    figure = Figure(figsize=(4.0 * columns, 2.7 * rows))
    panels = figure.subplots(rows, columns, squeeze=False)
    for axes in panels.flat:
        axes.set_axis_off()
    sweeps = {sweep.name: sweep for sweep in SWEEPS}
    for axes, (name, values) in zip(panels.flat, told.items(), strict=False):
        axes.set_axis_on()
        places = [row.value for row in values]
        axes.fill_between(places, [row.distinct for row in values], color="#bbbbbb", alpha=0.6, step=None)
        axes.set_ylim(0, 1.05)
        axes.set_ylabel("share distinct")
        axes.set_xlabel(sweeps[name].varied)
        axes.set_title(name)
        axes.grid(visible=False)
        work = axes.twinx()
        shown = [row for row in values if row.median is not None]
        work.plot([row.value for row in shown], [1 + (row.median or 0) for row in shown], "o-", color=PALETTE[0], ms=3)
        work.plot([row.value for row in shown], [1 + (row.greatest or 0) for row in shown], ":", color=PALETTE[5])
        work.set_yscale("log")
        work.yaxis.set_major_formatter("{x:g}")
        work.minorticks_off()
        work.set_ylabel(f"1 + {_unit(record for each in found[name].values() for record in each)}", fontsize=8)
        work.grid(visible=False)
    return figure


if __name__ == "__main__":
    sys.exit(main())
