"""Runs of ``piggyback`` in floating point: of an iteration, or of an algorithm as it steps in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.api.contains import MatrixLike
from subgrad_hardness.api.iterating import matrix_of, require_parameters
from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.autodiff import ReluAtZero
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.vectors import exact_vector

if TYPE_CHECKING:
    from subgrad_hardness.iterative.compiled import Compiled
    from subgrad_hardness.iterative.float_run import FloatRun
    from subgrad_hardness.iterative.stepping import Stepping


@dataclass(frozen=True, kw_only=True, slots=True)
class PiggybackOptions:
    """What ``piggyback`` was asked for; ``arrays`` are those that may be of another library."""

    steps: int
    start: Sequence[NumberLike] | None
    jacobian: MatrixLike | None
    conventions: Sequence[ReluAtZero]
    mode: str
    functional: Sequence[NumberLike] | None
    fixed_point: Sequence[NumberLike] | None
    tolerance: float
    arrays: tuple[object, ...]


def require_functional(options: PiggybackOptions) -> None:
    """Raises ParameterError where a reverse run has no functional, or another one has."""
    if (options.mode == "reverse") is (options.functional is None):
        raise ParameterError("wanted by reverse runs, and by no others", place="functional")


def run_in_floats(
    source: Iteration | Algorithm, options: PiggybackOptions, limits: Limits
) -> tuple[FloatRun, tuple[Fraction, ...], bool]:
    """The run, theta, and whether the arrays are those of the library whose arrays were given."""
    import numpy as np

    from subgrad_hardness.iterative.algorithms.arithmetic import EXACT
    from subgrad_hardness.iterative.array_run import array_run, library_of
    from subgrad_hardness.iterative.compiled import Compiled
    from subgrad_hardness.iterative.float_run import backward_run, forward_run

    require_parameters(source)
    size, width = len(source.state), len(source.parameters)
    if options.start is not None:
        source = source.at(start=exact_vector(options.start, size, "start"))
    first = None if options.jacobian is None else matrix_of(options.jacobian, size, width, "jacobian")
    if options.fixed_point is not None:
        exact_vector(options.fixed_point, size, "fixed point")
    require_functional(options)
    if len(options.conventions) > 1:
        raise ParameterError("for exact runs only", place="schedule")
    (slope,) = exact_vector([options.conventions[0]], 1, "relu'(0)")  # type: ignore[list-item]
    if not 0 <= slope <= 1:
        raise ParameterError(f"{slope} is outside [0, 1]", place="relu'(0)")
    theta = tuple(EXACT.array(source.theta).tolist())
    library = library_of(options.arrays)
    compiled = steps_of(source, float(slope), levels=library is not None and options.functional is None)
    if options.functional is not None:
        weights = exact_vector(options.functional, size, "functional")
        run = backward_run(compiled, np.array(list(map(as_double, weights))), options.steps, options.tolerance, limits)
        run = run._replace(jacobian=run.jacobian[None])
        if library is None:
            return run, theta, False
        own = run._replace(iterate=library.numbers(run.iterate), jacobian=library.numbers(run.jacobian))
        return own, theta, True
    j = np.zeros((size, width))
    if first is not None:
        j[:] = [list(map(as_double, row)) for row in first]
    if library is None:
        return forward_run(compiled, options.steps, options.tolerance, j, limits), theta, False
    if isinstance(compiled, Compiled):
        return array_run(compiled, library, j, options.steps, options.tolerance, limits=limits), theta, True
    run = forward_run(compiled, options.steps, options.tolerance, j, limits)
    own = run._replace(iterate=library.numbers(run.iterate), jacobian=library.numbers(run.jacobian))
    return own, theta, True


def steps_of(source: Iteration | Algorithm, slope: float, *, levels: bool) -> Compiled | Stepping:
    """What makes the steps: levels of F where these are wanted, or where x and J go together through them; else an
    algorithm's own step, but where F has kinks whose slopes that step does not take from anybody."""
    from subgrad_hardness.iterative.algorithms.layer import Layer
    from subgrad_hardness.iterative.algorithms.layer_levels import algorithm_levels
    from subgrad_hardness.iterative.compiled import Compiled
    from subgrad_hardness.iterative.stepping import Stepping
    from subgrad_hardness.iterative.together import FEW

    if isinstance(source, Iteration):
        return Compiled(source, slope)
    if isinstance(source.fast, Layer):
        form = algorithm_levels(source) if levels or len(source.parameters) <= FEW else None
        return Stepping(source, slope) if form is None else Compiled(form, slope)
    if (levels or slope) and not source.inexact and source.iteration.program.piecewise_linear:
        return Compiled(source.iteration, slope)
    return Stepping(source, slope)
