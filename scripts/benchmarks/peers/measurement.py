"""One solver on one instance, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from peers.contract import Problem, Verdict, replays
from peers.families import Instance
from peers.process import Run

#: The solvers by the name in the tables, with the modules that run them: where a solver has two settings,
#: neither of them better everywhere, it is given the better one of each instance.
SOLVERS = {
    "ours": ("ours",),
    "floor": ("cadical_floor",),
    "z3": ("z3_peer", "z3_default_peer"),
    "yices": ("yices_peer",),
    "cvc5": ("cvc5_peer", "cvc5_default_peer"),
    "scip": ("scip_peer", "scip_fine_peer"),
    "highs": ("highs_peer", "highs_fine_peer"),
    "cpsat": ("cpsat_peer",),
}
PEERS = tuple(SOLVERS)[2:]
#: The peers whose every answer is meant to be exact; the others calculate in floating point or on a grid.
EXACT = ("z3", "yices", "cvc5")


@dataclass(frozen=True)
class Measurement:
    """One run.

    ``status`` is "right"; "wrong"; "unreplayed" (``distinct`` is right or nobody knows, but there is no
    direction that replays); or "open" (no verdict).
    """

    row: str
    size: str
    group: str
    arguments: Mapping[str, Any]
    solver: str
    module: str
    version: str
    expected: Verdict | None
    verdict: Verdict
    status: str
    seconds: float
    encoding: float
    imports: float
    peak_mib: float | None
    limited: bool
    note: str

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def judged(
    instance: Instance, problem: Problem, known: Verdict | None, runs: Mapping[tuple[str, str], Run]
) -> list[Measurement]:
    """The runs (by solver and module) on one instance, judged by what is known.

    ``known`` is the generator's or the floor's verdict; without one any replayed direction counts.
    """
    replayed = {
        key: run.outcome.verdict == "distinct" and replays(problem.question, run.outcome.direction)
        for key, run in runs.items()
    }
    expected: Verdict | None = "distinct" if known is None and any(replayed.values()) else known
    return [
        Measurement(
            instance.row.name,
            instance.size.label,
            instance.group,
            instance.arguments,
            solver,
            module,
            run.version,
            expected,
            run.outcome.verdict,
            _status(run.outcome.verdict, expected, replayed[solver, module] or solver == "floor"),
            run.outcome.seconds,
            run.outcome.encoding,
            run.imports,
            run.peak,
            run.limited,
            run.outcome.note,
        )
        for (solver, module), run in runs.items()
    ]


def _status(verdict: Verdict, expected: Verdict | None, replayed: bool) -> str:
    if verdict == "unknown":
        return "open"
    if expected is not None and verdict != expected:
        return "wrong"
    return "right" if verdict == "unique" or replayed else "unreplayed"


def best(measurements: Sequence[Measurement]) -> Measurement:
    """The run of a solver's better setting: a right answer rather than none, then the faster one."""
    return min(measurements, key=lambda one: (one.status != "right", one.seconds))
