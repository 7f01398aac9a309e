"""What the calls about iterations have in common: the iteration, limits, a fixed point that is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from subgrad_hardness.api.answering import answer_within
from subgrad_hardness.api.shown import show_number
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.fixed_point import solve
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.reading import IterationLike, load_iteration
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job

Result = TypeVar("Result")
#: As ``processes.limited.Job``, of an iteration.
IterationJob = Callable[[Iteration, Limits, Channels[Result]], Result]


def answer_iteration(
    job: IterationJob[Result],
    source: IterationLike,
    theta: Sequence[NumberLike] | None,
    time_limit: float | None,
    memory_limit: int | None,
) -> Result:
    """``answer_within`` for an iteration; one that is named by a file is read within the limits."""
    if isinstance(source, str | os.PathLike) and source != "-":
        first: Job[Result] = partial(_read_first, job=job, theta=theta)
        return answer_within(first, source, time_limit, memory_limit)
    iteration = load_iteration(source, theta)
    in_hand: Job[Result] = partial(_in_hand, job=job, iteration=iteration)
    return answer_within(in_hand, iteration.program, time_limit, memory_limit)


def _read_first(
    net: NetLike,
    limits: Limits,
    channels: Channels[Result],
    *,
    job: IterationJob[Result],
    theta: Sequence[NumberLike] | None,
) -> Result:
    assert isinstance(net, str | os.PathLike)
    return job(load_iteration(net, theta, limits=limits), limits, channels)


def _in_hand(
    _: NetLike, limits: Limits, channels: Channels[Result], *, job: IterationJob[Result], iteration: Iteration
) -> Result:
    return job(iteration, limits, channels)


def require_parameters(iteration: Iteration | Algorithm) -> None:
    """Raises ParameterError for an iteration without parameters: there is nothing to differentiate in."""
    if not iteration.parameters:
        raise ParameterError("the iteration has none, so there is nothing to differentiate in", place="parameters")


def require_fixed_point(iteration: Iteration, given: Sequence[NumberLike]) -> Vector:
    """``given`` as a state that F leaves as it is.  Raises PointError, naming the first entry that moves."""
    state = exact_vector(given, len(iteration.state), "fixed point")
    for name, before, after in zip(iteration.state, state, iteration.step(state), strict=True):
        if before != after:
            moved = f"F takes {name} from {show_number(before)} to {show_number(after)}"
            raise PointError(moved, place="fixed point")
    return state


def fixed_state(iteration: Iteration, given: Sequence[NumberLike] | None, limits: Limits) -> Vector:
    """xbar: the one given, which is checked, or one that is found.  Raises PointError, LimitReached."""
    if given is None:
        return solve(iteration, limits).state
    return require_fixed_point(iteration, given)


def gap_of(iteration: Iteration, localisation: Localisation) -> tuple[Fraction, str] | None:
    """The least nonzero absolute value of a preactivation, and its relu's name."""
    nearest = localisation.nearest
    return None if nearest is None else (nearest[0], iteration.program.unit_name(nearest[1]))


def gap_json(gap: tuple[Fraction, str] | None) -> dict[str, str] | None:
    """As JSON objects have it."""
    return None if gap is None else {"value": format_rational(gap[0]), "unit": gap[1]}


def matrix_of(given: Any, rows: int, width: int, what: str) -> Matrix:
    """p rows of m numbers, or, where one of the two is 1, the numbers in a row.  Raises PointError."""
    if hasattr(given, "tolist"):
        given = given.tolist()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise PointError("no rows of numbers", place=what)
    nested = any(isinstance(row, Sequence) and not isinstance(row, str) for row in given)
    if not nested and 1 in (rows, width) and len(given) == rows * width:
        given = [given[start : start + width] for start in range(0, rows * width, width)]
    if len(given) != rows:
        raise PointError(f"{count(len(given), 'row')}, expected {rows}", place=what)
    return tuple([exact_vector(row, width, f"{what}[{number}]") for number, row in enumerate(given)])
