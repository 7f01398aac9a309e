"""``piggyback``: the derivatives of the iterates, step by step, exactly or in floating point."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import answer_within
from subgrad_hardness.api.contains import MatrixLike
from subgrad_hardness.api.iterating import IterationJob, answer_iteration, matrix_of, require_parameters
from subgrad_hardness.api.options import require_choice, require_count
from subgrad_hardness.api.piggyback_floats import PiggybackOptions, require_functional, run_in_floats
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_names, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.autodiff import ReluAtZero
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.exact_run import ExactRun, exact_run, identified
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job

#: How runs compute.
MODES = ("exact", "float", "reverse")


#: What stands where jobs have their net, of a job that has an algorithm.
_ANY_NET = {"inputs": 1, "layers": [{"weight": [[1]]}]}
#: So many steps of a run are shown to people.
_MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class PiggybackResult(Readable):
    """A run.

    Attributes
    ----------
    steps : that were made; fewer than were asked for where a limit came first, or, in floating point, where nothing
        moved any more.
    iterates, jacobians : x_0, ..., x_k and J_0, ..., J_k, exactly; None in floating point.
    met : for each step the kinks on which its state stood, by name; None in floating point.
    identified : the first step from which on all relus have the sides that they have at ``fixed_point``, where that was
        given; as far as the run goes.
    iterate, jacobian : the last ones, as lists of floats, or as arrays of jax or torch where such were given; None in
        an exact run.  Of a ``reverse`` run ``jacobian`` has one row, the functional applied to J.
    moved, jacobian_moved : how far the last step moved each (greatest entry); None in an exact run.  In JSON what is no
        finite number is null.
    """

    mode: str
    theta: tuple[Fraction, ...]
    steps: int
    iterates: tuple[tuple[Fraction, ...], ...] | None = None
    jacobians: tuple[Matrix, ...] | None = None
    met: tuple[tuple[str, ...], ...] | None = None
    identified: int | None = None
    iterate: Any = None
    jacobian: Any = None
    moved: float | None = None
    jacobian_moved: float | None = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        head = f"<PiggybackResult: {count(self.steps, 'step')}"
        if self.iterates is not None and self.jacobians is not None:
            return f"{head}, x = {show_vector(self.iterates[-1])}, J = {show_matrix(self.jacobians[-1])}>"
        return f"{head}, {self.mode}, the last moved x by {self.moved:.2g}, J by {self.jacobian_moved:.2g}>"

    def lines(self) -> list[str]:
        """The answer for people: the last states of an exact run, the last one of another."""
        if self.iterates is None or self.jacobians is None or self.met is None:
            moved = f"the last moved x by {self.moved:.3g}, J by {self.jacobian_moved:.3g}"
            name = "v J" if self.mode == "reverse" else "J"
            lines = [
                f"{count(self.steps, 'step')} in doubles, {moved}",
                f"  x = {self.iterate}",
                f"  {name} = {self.jacobian}",
            ]
            if self.steps and not math.isfinite((self.moved or 0.0) + (self.jacobian_moved or 0.0)):
                lines.append("  the run left the range of doubles")
            return lines
        begun = max(len(self.iterates) - _MOST_SHOWN, 0)
        states = count(len(self.iterates), "state")
        which = f"the last {_MOST_SHOWN} of {states} (--json, to_json() list all)" if begun else states
        lines = [f"run at theta = {show_vector(self.theta)}: {which}"]
        for number, (iterate, jacobian) in enumerate(zip(self.iterates, self.jacobians, strict=True)):
            if number < begun:
                continue
            met = self.met[number] if number < len(self.met) else ()
            at = f"   at {show_names(met)}" if met else ""
            lines.append(f"{number:>4}: x = {show_vector(iterate)}, J = {show_matrix(jacobian)}{at}")
        if self.identified is not None:
            lines.append(f"relus have their sides from step {self.identified} on")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``piggyback --json`` prints; every key is always there, null = not of this mode."""
        return {
            "version": 1,
            "mode": self.mode,
            "theta": vector_json(self.theta),
            "steps": self.steps,
            "iterates": None if self.iterates is None else [vector_json(each) for each in self.iterates],
            "jacobians": None if self.jacobians is None else [matrix_json(each) for each in self.jacobians],
            "met": None if self.met is None else [list(each) for each in self.met],
            "identified": self.identified,
            "iterate": _listed(self.iterate),
            "jacobian": _listed(self.jacobian),
            "moved": _listed(self.moved),
            "jacobian_moved": _listed(self.jacobian_moved),
            "seconds": round(self.seconds, 6),
        }


def _listed(values: Any) -> Any:
    """Nested lists, None for what is no finite number: JSON has no others."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, list):
        return [_listed(value) for value in values]
    return None if isinstance(values, float) and not math.isfinite(values) else values


def piggyback(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    steps: int = 20,
    start: Sequence[NumberLike] | None = None,
    jacobian: MatrixLike | None = None,
    relu_at_zero: ReluAtZero = 0,
    schedule: Sequence[ReluAtZero] | None = None,
    mode: str = "exact",
    functional: Sequence[NumberLike] | None = None,
    fixed_point: Sequence[NumberLike] | None = None,
    tolerance: float = 1e-13,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> PiggybackResult:
    """Run an iteration with the derivative of its state in theta beside it: J <- A J + B.

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    steps : int
        How many; in floating point at most, and then for each of the two loops of ``reverse``.
    start : sequence of p numbers, optional
        x_0, which does not depend on theta; by default the iteration's own.
    jacobian : p rows of m numbers, optional
        J_0; 0 by default.
    relu_at_zero : number or mapping, optional
        relu'(0) at the kinks that are met, in [0, 1]: one number, or a mapping from kinks or nodes (others 0).  One
        number in floating point.
    schedule : sequence of these, optional
        A convention for each step, again and again, instead of ``relu_at_zero``; for exact runs.
    mode : ``"exact"``, ``"float"`` or ``"reverse"``
        Rationals; doubles, with p x m numbers of memory for J; doubles, and only ``functional`` applied to J, by
        w <- w A + v at the last iterate, so that no iterates are stored.
    functional : sequence of p numbers, optional
        v; wanted by ``reverse``.
    fixed_point : sequence of p numbers, optional
        The limit, for ``identified``; not needed for anything else.
    tolerance : float
        In floating point the run ends where no entry moves by more.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; a run that is stopped says how far it got.

    Returns
    -------
    PiggybackResult

    Raises
    ------
    NetError, PointError
        The iteration or a vector cannot be read, or does not fit.
    ParameterError
        An option that makes no sense, or an iteration without parameters.
    LimitReached
        A limit was hit before the first step.

    Notes
    -----
    Exact numbers grow with the steps.  A step in floating point costs about what its dense matrices do; of J only rows
    that relus let pass are computed.  Where theta, ``start``, ``jacobian`` or ``functional`` is an array of jax or of
    torch (or of another library with the array API), ``float`` runs there, on its device and in its precision, and
    results are such arrays; ``reverse``, and algorithms whose steps are irrational or smooth, compute in doubles.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.Iteration(sh.Program.from_text("inputs x t; r = relu t; f = -1/2 x + r; outputs f"), ["x"])
    >>> sh.piggyback(it, [0], steps=3, schedule=[0, 1]).jacobians[1:]
    (((Fraction(0, 1),),), ((Fraction(1, 1),),), ((Fraction(-1, 2),),))
    >>> print(f"{sh.piggyback(it, [1], steps=200, mode='float').jacobian[0][0]:.9f}")
    0.666666667
    """
    options = PiggybackOptions(
        steps=require_count(steps, "steps"),
        start=start,
        jacobian=jacobian,
        conventions=[relu_at_zero] if schedule is None else list(schedule),
        mode=require_choice(mode, "mode", MODES),
        functional=functional,
        fixed_point=fixed_point,
        tolerance=tolerance,
        arrays=(theta, start, jacobian, functional),
    )
    if not options.conventions:
        raise ParameterError("empty", place="schedule")
    if isinstance(iteration, Algorithm) and options.mode != "exact":
        if theta is not None:
            iteration = iteration.at(exact_vector(theta, len(iteration.parameters), "theta"))
        of_algorithm: Job[PiggybackResult] = partial(_of_algorithm, algorithm=iteration, options=options)
        return answer_within(of_algorithm, _ANY_NET, time_limit, memory_limit)
    job: IterationJob[PiggybackResult] = partial(piggyback_within, options=options)
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def piggyback_within(
    iteration: Iteration, limits: Limits, _: Channels[PiggybackResult], *, options: PiggybackOptions
) -> PiggybackResult:
    """``piggyback`` in this process."""
    begun = time.monotonic()
    if options.mode != "exact":
        return _in_floats(iteration, limits, options)
    require_parameters(iteration)
    if options.start is not None:
        iteration = iteration.at(start=options.start)
    size, width = len(iteration.state), len(iteration.parameters)
    first = None if options.jacobian is None else matrix_of(options.jacobian, size, width, "jacobian")
    limit = None if options.fixed_point is None else exact_vector(options.fixed_point, size, "fixed point")
    require_functional(options)

    def result(run: ExactRun) -> PiggybackResult:
        return PiggybackResult(
            mode="exact",
            theta=iteration.theta,
            steps=len(run.met),
            iterates=run.iterates,
            jacobians=run.jacobians,
            met=run.met,
            identified=None if limit is None else identified(iteration, run.iterates, limit),
            seconds=time.monotonic() - begun,
        )

    return result(exact_run(iteration, options.steps, options.conventions, first, limits))


def _in_floats(source: Iteration | Algorithm, limits: Limits, options: PiggybackOptions) -> PiggybackResult:
    """A run in floating point; of an algorithm without its program."""
    begun = time.monotonic()
    import numpy as np

    with np.errstate(all="ignore"):  # what is no finite number is passed on, and told
        run, theta, own = run_in_floats(source, options, limits)
    return PiggybackResult(
        mode=options.mode,
        theta=theta,
        steps=run.steps,
        iterate=run.iterate if own else run.iterate.tolist(),
        jacobian=run.jacobian if own else run.jacobian.tolist(),
        moved=run.moved,
        jacobian_moved=run.jacobian_moved,
        seconds=time.monotonic() - begun,
    )


def _of_algorithm(
    _: NetLike, limits: Limits, __: Channels[PiggybackResult], *, algorithm: Algorithm, options: PiggybackOptions
) -> PiggybackResult:
    return _in_floats(algorithm, limits, options)
