"""``census``: over a data set, how often is a net at a kink, why, and what are its gradients there?"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from subgrad_hardness.api.audit import FRAMEWORKS, element_kind
from subgrad_hardness.api.contains import exact_matrix
from subgrad_hardness.api.options import (
    MOST,
    require_choice,
    require_integer,
    require_path,
    require_positive,
    require_seconds,
    require_seed,
)
from subgrad_hardness.auditing.rounding import NAMES
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.progress import Steps, hearing
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.choice import workers_for
from subgrad_hardness.processes.here import Here
from subgrad_hardness.processes.workers import Workers
from subgrad_hardness.survey.looking import REWRITING, TOP, Look, Task, lost
from subgrad_hardness.survey.record import CensusRecord
from subgrad_hardness.survey.result import CensusResult

#: Rows of numbers; a numpy array of any shape, its first axis the points.
Data = Iterable[Sequence[NumberLike]] | Any


def census(
    net: NetLike,
    points: Data,
    *,
    gradients: Data | None = None,
    framework: str | None = None,
    precision: str | None = None,
    output: int | str | None = None,
    jobs: int = 1,
    dask: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    seed: int = 0,
    first_row: int = 0,
    progress: Callable[[str], None] | None = None,
) -> CensusResult:
    """Over a data set: how often, where and why is a net at a kink, how near is the nearest, and what is a gradient
    there: a lexicographic or Clarke subgradient, conservative only, or neither?

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    points : rows of p numbers, or array
        One point a row; an array of any shape has them along its first axis.  Floats are taken exactly.
    gradients : rows of m p numbers, or array, optional
        What a framework returned, point by point: each is audited (``audit``).  Without them judged is the exact result
        of backpropagation.
    framework : ``"torch"``, ``"jax"`` or ``"tensorflow"``, optional
        Whose conventions backpropagation follows, or are tried first on gradients that are given; by default relu'(0) =
        0 after the rewriting.
    precision : ``"float64"``, ``"float32"``, ``"float16"``, ``"bfloat16"`` or ``"exact"``, optional
        In which the gradients were computed; without it an array's type says so, and other numbers count as float64.
    output : int or ``"top"``, optional
        The output whose gradient is looked at: its number, from 0, or the one with the greatest value at the point; by
        default all outputs at once, m rows.
    jobs : int
        So many processes look at points.
    dask : str, optional
        The address of a Dask scheduler that does it instead, or ``local:N``.
    resume : path, optional
        A file that gets a line for each point before the next result is waited for; the same call goes on where another
        was interrupted or killed.
    time_limit : number of seconds, optional
        For each point; its verdict is ``unknown`` where it is hit.
    seed : int
        Of the search for members; verdicts do not depend on it.
    first_row : int
        The number that the first point has in the records, for a part of a larger data set.
    progress : callable, optional
        Hears how many points were looked at.

    Returns
    -------
    CensusResult

    Raises
    ------
    NetError, PointError
        The net, a point or a gradient cannot be read, or does not fit; before any point is looked at.
    ParameterError
        An option that makes no sense; a file to go on from that was made with other options.
    OutputError
        That file cannot be written.
    WorkersLost
        Processes cannot start, or the cluster is gone.

    Notes
    -----
    A point costs a localisation, a backward pass, and ``contains`` where a kink matters, which is NP-hard in general.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f")  # f(x) = x
    >>> found = sh.census(net, [[1.5], [0], [-2]])
    >>> found.at_kinks, found.nearest, found.rows("conservative")
    (1, Fraction(7, 4), (1,))
    >>> print(*found.said(), sep="; ")  # doctest: +ELLIPSIS
    3 points; gradients: rewriting, relu'(0) = 0; at a kink: 1; at a kink that matters: 1; why, counted over ...
    """
    program = load(net)
    given = gradients is not None
    if framework is not None:
        require_choice(framework, "framework", FRAMEWORKS)
        if program.form.tensors is not None:
            raise ParameterError("the model is too large to be followed operation by operation", place="framework")
        if not given and not program.piecewise_linear:
            raise ParameterError("conventions are known of piecewise-linear operations only", place="framework")
    if given and not program.piecewise_linear:
        raise ParameterError("the rounding of gradients of products is not bounded", place="gradients")
    look = Look(
        program=program,
        output=_output(output, program),
        framework=framework,
        precision=element_kind(gradients) if precision is None else require_choice(precision, "precision", NAMES),
        seconds=require_seconds(time_limit),
        seed=require_seed(seed),
    )
    tasks = list(_tasks(look, points, gradients, _from_zero(first_row, "first row", MOST)))
    jobs = require_positive(jobs, "jobs", "processes")
    workers: Workers[Task, CensusRecord]
    workers = Here(look) if jobs == 1 and dask is None else workers_for(look, lost, jobs, dask)
    records = sorted(
        _records(look, tasks, workers, require_path(resume, "resume"), progress), key=lambda record: record.row
    )
    made = "given" if given else framework or REWRITING
    return CensusResult(program.digest, tuple(records), len(tasks), made, framework)


def _output(output: int | str | None, program: Program) -> int | str | None:
    if output is None or output == TOP:
        return output
    if isinstance(output, str):
        raise ParameterError(f"{output!r} is neither a number nor {TOP!r}", place="output")
    return _from_zero(output, "output", program.output_count - 1)


def _from_zero(value: object, place: str, most: int) -> int:
    number = require_integer(value, place)
    if not 0 <= number <= most:
        raise ParameterError(f"{number} is outside 0..{most}", place=place)
    return number


def _tasks(look: Look, points: Data, gradients: Data | None, first: int) -> Iterator[Task]:
    """All rows, exact.  Raises PointError."""
    program = look.program
    rows = 1 if look.output is not None else program.output_count
    returned = None if gradients is None else iter(gradients)
    number = -1
    for number, row in enumerate(points):
        point = exact_vector(_flat(row), program.input_count, f"points[{number}]")
        gradient: Matrix | None = None
        if returned is not None:
            try:
                gradient = exact_matrix(_flat(next(returned)), rows, program.input_count, f"gradients[{number}]")
            except StopIteration:
                raise PointError(f"there are only {count(number, 'row')}", place="gradients") from None
        yield Task(first + number, point, gradient)
    if number < 0:
        raise PointError("there are none", place="points")
    if returned is not None and next(returned, None) is not None:
        raise PointError(f"more than the {count(number + 1, 'point')}", place="gradients")


def _flat(row: Any) -> Any:
    """A row of an array as numbers in row-major order; others stay."""
    return row.reshape(-1) if hasattr(row, "reshape") else row


def _records(
    look: Look,
    tasks: Sequence[Task],
    workers: Workers[Task, CensusRecord],
    resume: str | None,
    progress: Callable[[str], None] | None,
) -> Iterator[CensusRecord]:
    """Those of earlier runs, then what is looked at now, as it comes."""
    total = len(tasks)
    with ExitStack() as stack:
        journal, missing = None, list(tasks)
        if resume is not None:
            from subgrad_hardness.survey.journal import Journal  # not every system has the locks that it needs

            journal = stack.enter_context(Journal(resume, _options(look)))
            missing = []
            for task in tasks:
                earlier = journal.records.get(_key(task))
                if earlier is None:
                    missing.append(task)
                else:
                    yield _read(earlier, task.row, resume)
        done = total - len(missing)
        with hearing(progress):
            steps = Steps(total, "point", known=done)
        keys = {task.row: _key(task) for task in missing}

        def keep(record: CensusRecord) -> CensusRecord:
            nonlocal done
            if journal is not None:
                journal.add(keys[record.row], record.to_json())
            done += 1
            steps.done(done)
            return record

        stack.enter_context(workers)
        for task in missing:
            while workers.full:
                yield keep(workers.next())
            workers.submit(task)
        while workers.busy:
            yield keep(workers.next())


def _read(value: Any, row: int, file: str) -> CensusRecord:
    try:
        record = CensusRecord.from_json(value)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ParameterError("its line is no record of a census", file=file, place=f"row {row}") from None
    return record


def _options(look: Look) -> dict[str, Any]:
    """What records depend on."""
    return {
        "net": look.program.digest,
        "output": look.output,
        "framework": look.framework,
        "precision": look.precision,
        "time_limit": look.seconds,
        "seed": look.seed,
    }


def _key(task: Task) -> str:
    """The row, its point and gradient."""
    return f"{task.row}:{hashlib.sha256(repr((task.point, task.gradient)).encode()).hexdigest()[:32]}"
