"""The benchmark's tables, in markdown."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from peers.families import Row, Size
from peers.measurement import EXACT, PEERS, SOLVERS, Measurement, best

#: A peer that is faster than ours by more than this factor ...
FACTOR = 1.2
#: ... where ours takes longer than this is listed.
NOTICED = 0.2


@dataclass
class Group:
    """All measurements of one group at one size: by solver, one (the better setting's) for each instance.

    ``skipped`` are the solvers that were not asked, because they had hit the limit at a smaller size.
    """

    row: Row
    size: Size
    label: str
    instances: int
    runs: dict[str, list[Measurement]] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def add(self, measurements: Iterable[Measurement]) -> None:
        """Keep the measurements of one instance: the better one of each solver."""
        by_solver: dict[str, list[Measurement]] = {}
        for one in measurements:
            by_solver.setdefault(one.solver, []).append(one)
        for solver, several in by_solver.items():
            self.runs.setdefault(solver, []).append(best(several))

    def hopeless(self, solver: str) -> bool:
        """Whether so many runs hit the limit that the median is out of reach anyway."""
        return 2 * sum(one.limited for one in self.runs.get(solver, ())) > self.instances

    def median(self, solver: str) -> float | None:
        """The median time to a right answer, no answer being infinitely late; None if it was not run."""
        runs = self.runs.get(solver)
        if not runs:
            return None
        if self.hopeless(solver):
            return math.inf
        return statistics.median(one.seconds if one.status == "right" else math.inf for one in runs)

    def bounded(self) -> float | None:
        """Our time that the bound is about."""
        bound, runs = self.size.bound, self.runs.get("ours")
        if bound is None or not runs:
            return None
        if bound.each:
            return max(one.seconds if one.status == "right" else math.inf for one in runs)
        return self.median("ours")


def main_table(groups: Sequence[Group], solvers: Sequence[str], limit: float) -> list[str]:
    """Medians, ratios to ours in brackets, bounds."""
    others = [solver for solver in solvers if solver != "ours"]
    lines = _header(["family", "size", "n", "ours", "bound", "holds", *others])
    for group in groups:
        ours = group.median("ours")
        bound = None if group.size.bound is None else group.size.bound.least(group.median("floor"))
        measured = group.bounded()
        holds = "" if bound is None or measured is None else "yes" if measured <= bound else "NO"
        at_most = "" if bound is None else f"{bound:.2f} s"
        if group.size.bound is not None and group.size.bound.each:
            at_most += " each"
        title = group.row.title + (f", {group.label}" if group.label else "")
        cells = [title, group.size.label, str(group.instances), _cell(group, "ours", None, limit), at_most, holds]
        lines.append(_line([*cells, *(_cell(group, solver, ours, limit) for solver in others)]))
    return lines


def _header(cells: Sequence[str]) -> list[str]:
    return [_line(cells), _line(["---"] * len(cells))]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(group: Group, solver: str, ours: float | None, limit: float) -> str:
    if solver in group.skipped:
        return "not run: limit at a smaller size"
    median = group.median(solver)
    if median is None:
        return ""
    runs = group.runs[solver]
    right, wrong = (sum(one.status == status for one in runs) for status in ("right", "wrong"))
    unreplayed = sum(one.status == "unreplayed" for one in runs)
    if solver == "floor" and all(one.note == "no formula" for one in runs):
        return ""
    if not math.isinf(median):
        text = f"{_seconds(median)}"
        if ours:
            text += f" ({_ratio(median / ours)})"
    elif all(one.limited or one.status == "right" for one in runs):
        text = f"> {limit:g} s" + (f" (> {_ratio(limit / ours)})" if ours and not math.isinf(ours) else "")
    else:
        text = "no answer"
    notes = [] if right == len(runs) else [f"{right}/{len(runs)} right"]
    notes += [f"{wrong} WRONG"] if wrong else []
    notes += [f"{unreplayed} without direction"] if unreplayed else []
    return "; ".join([text, *notes])


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2g}x" if ratio < 10 else f"{ratio:.0f}x"


def solver_table(all_runs: Sequence[Measurement], solvers: Sequence[str]) -> list[str]:
    """What each solver answered, setting by setting; wrong answers are counted here."""
    lines = _header(
        ["solver", "setting", "version", "runs", "right", "wrong", "distinct without direction", "open", "peak memory"]
    )
    for solver in solvers:
        for module in SOLVERS[solver]:
            runs = [one for one in all_runs if one.module == module and one.note != "no formula"]
            if not runs:
                continue
            counts = [
                str(sum(one.status == status for one in runs)) for status in ("right", "wrong", "unreplayed", "open")
            ]
            versions = ", ".join(sorted({one.version for one in runs if one.version})) or "not available"
            peak = max((one.peak_mib for one in runs if one.peak_mib is not None), default=math.nan)
            lines.append(_line([solver, module, versions, str(len(runs)), *counts, f"{peak:.0f} MiB"]))
    return lines


def findings(groups: Sequence[Group]) -> list[str]:
    """Bounds that fail, peers that are faster, answers of ours that are missing or wrong."""
    lines = []
    for group in groups:
        where = f"{group.row.name} {group.size.label} {group.label}".strip()
        measured = group.bounded()
        bound = None if group.size.bound is None else group.size.bound.least(group.median("floor"))
        if measured is not None and bound is not None and measured > bound:
            lines.append(f"bound missed: {where}: {measured:.2f} s, bound {bound:.2f} s")
        ours = {_key(one.arguments): one for one in group.runs.get("ours", ())}
        for one in ours.values():
            if one.status != "right":
                lines.append(f"ours {one.status}: {where} {dict(one.arguments)}: {one.note}")
        for peer in PEERS:
            pairs = [
                (one, ours[_key(one.arguments)])
                for one in group.runs.get(peer, ())
                if one.status == "right" and _key(one.arguments) in ours
            ]
            faster = [(one, mine) for one, mine in pairs if mine.seconds > max(NOTICED, FACTOR * one.seconds)]
            if faster:
                one, mine = max(faster, key=lambda pair: pair[1].seconds / pair[0].seconds)
                worst = f"most at {dict(one.arguments)}: {one.seconds:.3f} s, ours {mine.seconds:.3f} s ({mine.note})"
                unproved = sum(one.verdict == "unique" for one, _ in faster)
                doubt = f" ({unproved} of them claims of unique that nothing proves)" if unproved else ""
                doubt = "" if peer in EXACT else doubt
                lines.append(f"{peer} is faster: {where}: {len(faster)} of {group.instances}{doubt}, {worst}")
    return lines


def _key(arguments: Mapping[str, object]) -> str:
    return repr(sorted(arguments.items()))
