"""``plot_piggyback``: how the iterates of an iteration and their derivatives approach the limit's."""

from __future__ import annotations

import os
from collections.abc import Sequence

from subgrad_hardness.api.iterating import fixed_state, require_parameters
from subgrad_hardness.api.options import require_count, require_seconds
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives
from subgrad_hardness.iterative.reading import IterationLike, load_iteration
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.plotting.canvas import require_output, write_picture
from subgrad_hardness.plotting.convergence import Convergence, draw_columns


def plot_piggyback(
    iteration: IterationLike,
    output: str | os.PathLike[str] | None = None,
    *,
    theta: Sequence[NumberLike] | None = None,
    fixed_point: Sequence[NumberLike] | None = None,
    steps: int = 100,
    time_limit: float | None = None,
) -> Convergence:
    """Draw the errors of the iterates, above, and of their derivatives, below, beside the exact limit.

    Parameters
    ----------
    iteration : path, ``"-"`` (standard input), parsed mapping, Iteration or an algorithm of ``sh.iterations``
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    fixed_point : sequence of p numbers, optional
        The limit, which is checked; by default it is found from the start.
    steps : int
        Of the run, in doubles, with relu'(0) = 0.
    time_limit : number of seconds, optional

    Returns
    -------
    Convergence
        What is drawn.  The step at which the relus come to stand as they do at the limit is marked.

    Raises
    ------
    NetError, PointError, ParameterError
        Bad input, no limit, no parameters, no matplotlib.
    OutputError
        The picture cannot be written.
    LimitReached
        The time ran out.

    Notes
    -----
    The Jacobian of the limit is exact.  Where theta is a kink of the limit it is that of one of its pieces: derivatives
    that go to another piece, or nowhere, keep a distance to it, which the picture shows.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> import os, tempfile
    >>> it = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], "1/2", "1/2")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     drawn = sh.plot_piggyback(it, os.path.join(folder, "it.svg"), steps=60)
    >>> drawn.jacobians[0][-1] < 1e-6
    True
    """
    require_output(output)
    import numpy as np

    from subgrad_hardness.iterative.compiled import Compiled
    from subgrad_hardness.iterative.levels import Relus
    from subgrad_hardness.iterative.tangents import Tangents

    limits = Limits.seconds(require_seconds(time_limit))
    count = require_count(steps, "steps")
    read = load_iteration(iteration, theta, limits=limits)
    require_parameters(read)
    state = fixed_state(read, fixed_point, limits)
    entered = DirectionalDerivatives(read, state).entered(limits=limits)
    if entered is None:
        raise ParameterError("no derivative of the limit was found", place="iteration")
    x_limit = np.array([float(entry) for entry in state])
    j_limit = np.array([[float(entry) for entry in row] for row in entered.jacobian])
    compiled = Compiled(read, 0.0)
    tangents = Tangents(compiled)
    at_limit = compiled.step(x_limit)[1].copy()
    levels = [level for level in compiled.levels if isinstance(level, Relus)]
    standing = [np.abs(at_limit[level.arguments]) > 1e-12 for level in levels]  # the others are kinks
    x, j = compiled.start, np.zeros(j_limit.shape)
    iterates, jacobians, identified = [], [], 0
    for step in range(count + 1):
        limits.check()
        iterates.append(float(np.linalg.norm(x - x_limit)))
        jacobians.append(float(np.linalg.norm(j - j_limit)))
        new, values = compiled.step(x)
        for level, kept in zip(levels, standing, strict=True):
            if (((values[level.arguments] > 0) != (at_limit[level.arguments] > 0)) & kept).any():
                identified = step + 1
        j, x = tangents.step(j, values), new
    name = read.program.name or "the iteration"
    found = Convergence(name, (tuple(iterates),), (tuple(jacobians),), (), (identified,) if levels else None)
    write_picture(output, lambda: draw_columns([found]))
    return found
