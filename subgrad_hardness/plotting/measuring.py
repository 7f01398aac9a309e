"""How long nets of a family take: the runs behind a picture, and their file."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import share_of, within
from subgrad_hardness.common.words import duration
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import SOLVERS
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.pose import pose

#: Hears what is being done.
Announce = Callable[[str], None]


class Timed(NamedTuple):
    """One net, one solver.

    Attributes
    ----------
    parameters : of the family, as they were given.
    seconds : from the parsed net to the verdict, localisation included, proof and imports not.
    verdict : ``distinct``, ``unique`` or ``unknown``.
    """

    parameters: dict[str, str]
    seed: int
    solver: str
    verdict: str
    seconds: float


class Series(NamedTuple):
    """All runs of one picture: ``varied`` are the parameters that take several values."""

    family: str
    varied: tuple[str, ...]
    time_limit: float
    runs: tuple[Timed, ...]

    def to_json(self) -> dict[str, Any]:
        """What ``--data`` writes."""
        runs = [run._asdict() for run in self.runs]
        return {
            "version": 1,
            "family": self.family,
            "varied": list(self.varied),
            "time_limit": self.time_limit,
            "runs": runs,
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the runs, whole or not at all.  Raises OutputError."""
        write_text(path, write_json(self.to_json(), indent=1) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Series:
        """Raises ParameterError, naming the file."""
        try:
            found = json.loads(Path(path).read_bytes())
            runs = tuple(
                Timed(
                    {str(name): str(value) for name, value in run["parameters"].items()},
                    int(run["seed"]),
                    str(run["solver"]),
                    str(run["verdict"]),
                    float(run["seconds"]),
                )
                for run in found["runs"]
            )
            return cls(str(found["family"]), tuple(map(str, found["varied"])), float(found["time_limit"]), runs)
        except OSError as problem:
            raise ParameterError(f"{problem.strerror}", file=os.fspath(path)) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ParameterError(f"no data of a picture: {problem!r}", file=os.fspath(path)) from None

    def _repr_png_(self) -> bytes | None:
        """The picture, where a notebook shows this."""
        from subgrad_hardness.plotting.canvas import inline

        return inline(self)


def timed(program: Program, solver: str, seconds: float, seed: int = 0) -> tuple[str, float]:
    """The verdict and the time it took.  The limit is looked at between steps (``engine.contract``)."""
    start = time.perf_counter()
    try:
        answer = decide(pose(program, seed).question, solver, Limits.seconds(seconds)).answer
    except LimitReached:
        return "unknown", time.perf_counter() - start
    verdict = "distinct" if isinstance(answer, Witness) else "unique" if isinstance(answer, Refutation) else "unknown"
    return verdict, time.perf_counter() - start


def measure(
    family: str,
    varied: Mapping[str, Sequence[str]],
    *,
    fixed: Mapping[str, str],
    solvers: Sequence[str],
    seeds: Sequence[int],
    time_limit: float,
    announce: Announce | None = None,
) -> Iterator[Timed]:
    """Generate and decide every combination of the varied parameters' values.

    A solver that answered no seed of a combination is not asked about the later values of the last varied
    parameter: they are harder.  Raises ParameterError.
    """
    for solver in solvers:
        if solver not in SOLVERS:
            raise ParameterError(f"{solver} is no solver; known: {', '.join(SOLVERS)}", place="solvers")
    *outer, last = varied
    total = len(seeds) * len(solvers)
    for values in varied.values():
        total *= len(values)
    done = 0
    warm = False
    start = time.monotonic()
    for chosen in product(*(varied[name] for name in outer)):
        over: set[str] = set()
        for value in varied[last]:
            parameters = {**dict(zip(outer, chosen, strict=True)), last: value}
            programs = [generate(family, **fixed, **parameters, seed=seed) for seed in seeds]
            for solver in solvers:
                if not warm or solver not in over:
                    timed(programs[0], solver, min(time_limit, 1.0))  # its imports are not its time
                answered = 0
                for seed, program in zip(seeds, programs, strict=True):
                    done += 1
                    if solver in over:
                        continue
                    words = ", ".join(f"{name} {entry}" for name, entry in parameters.items())
                    left = (time.monotonic() - start) / max(done - 1, 1) * (total - done + 1)
                    most = f", at most {duration(left)} left" if done > 1 else ""
                    here = f"run {done} of {total}: {family}, {words}, seed {seed}, {solver}"
                    line = share_of(f"{here}{most}", done - 1, total)
                    if announce is not None:
                        announce(line)
                    with within(line):
                        verdict, seconds = timed(program, solver, time_limit)
                    answered += verdict != "unknown"
                    yield Timed(parameters, seed, solver, verdict, round(seconds, 6))
                if not answered:
                    over.add(solver)
            warm = True


def quartiles_seconds(runs: Sequence[Timed]) -> tuple[float, float]:
    """Between which times the middle half of the runs ended; NaN where one of these has no answer."""
    times = sorted(run.seconds if run.verdict != "unknown" else float("inf") for run in runs)
    last = len(times) - 1
    low, high = times[last // 4], times[last - last // 4]
    return (low, high) if high < float("inf") else (float("nan"), float("nan"))


def median_seconds(runs: Sequence[Timed]) -> float | None:
    """The median time to an answer; None where half of the runs, or more, have none."""
    times = [run.seconds if run.verdict != "unknown" else float("inf") for run in runs]
    middle = statistics.median(times) if times else float("inf")
    return None if middle == float("inf") else middle
