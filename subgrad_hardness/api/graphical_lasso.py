"""``graphical_lasso_solution``: a sparse inverse covariance and its derivative in lam, exactly where rational."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.api.options import require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_names, show_number
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, FLOAT, number, symmetric
from subgrad_hardness.local.local_net import Matrix

if TYPE_CHECKING:
    from subgrad_hardness.iterative.sparse_covariance import Pair

# Steps of the proposal in doubles, and below what an entry counts as 0 there.
_STEPS, _ZERO = 3000, 1e-9


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class GraphicalLassoSolution(Readable):
    """The X > 0 that solves min -log det X + <S, X> + lam sum W_ij |X_ij|, and its derivatives in lam.

    Attributes
    ----------
    lam : as asked.
    x : X, proved by its optimality conditions.
    edge : entries (i, j), i <= j, with X_ij = 0 and |X^-1 - S|_ij = lam W_ij.
    left, right : the one-sided derivatives dX/dlam.
    seconds : the time it took.
    """

    lam: Fraction
    x: Matrix
    edge: tuple[Pair, ...]
    left: Matrix
    right: Matrix
    seconds: float = 0.0

    @property
    def differentiable(self) -> bool:
        """Whether X is differentiable in lam."""
        return self.left == self.right

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [f"lam = {show_number(self.lam)}: X = {show_matrix(self.x)}"]
        if self.edge:
            lines.append(f"  entries at the edge of the bound: {show_names([f'({i}, {j})' for i, j in self.edge])}")
        if self.differentiable:
            return [*lines, f"  dX/dlam = {show_matrix(self.right)}"]
        lines.append(f"  lam is a kink: dX/dlam before it is {show_matrix(self.left)},")
        return [*lines, f"  after it {show_matrix(self.right)}"]


def graphical_lasso_solution(
    S: object,  # noqa: N803 - the letters of the field
    lam: object,
    *,
    weights: object = None,
    time_limit: float | None = None,
) -> GraphicalLassoSolution:
    """A sparse inverse covariance, exactly: X, its one-sided derivatives in lam, and whether lam is a kink.

    Parameters
    ----------
    S : symmetric matrix of numbers, an empirical covariance.
    lam : positive number.
    weights : symmetric matrix W of numbers at least 0; by default 1 off the diagonal and 0 on it.
    time_limit : number of seconds, optional

    Returns
    -------
    GraphicalLassoSolution

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers; a pattern that is no chordal graph, whose solution is in general irrational
        (``sh.iterations.graphical_lasso`` has it in doubles); no solution found.
    LimitReached
        The time ran out.

    Notes
    -----
    Douglas-Rachford in doubles proposes pattern and signs; on chordal patterns X is a sum of inverses of blocks
    (Lauritzen 1996); the optimality conditions are checked exactly, which is the proof.  One-sided derivatives solve a
    complementarity problem.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.graphical_lasso_solution([[2, 1], [1, 1]], "1/2")
    >>> print(*found.x[0], *found.x[1])
    4/7 -2/7 -2/7 8/7
    >>> print(*found.left[0], *found.left[1], found.differentiable)
    -16/49 36/49 36/49 -32/49 True
    """
    import numpy as np

    from subgrad_hardness.iterative.algorithms.graphical_lasso import default_weights, graphical_lasso
    from subgrad_hardness.iterative.sparse_covariance import NotChordal, derivative, solved

    begun = time.monotonic()
    limits = Limits.seconds(require_seconds(time_limit))
    given = symmetric(S, "S")
    chosen = default_weights(len(given)) if weights is None else symmetric(weights, "weights")
    level = number(lam, "lam", positive=True)
    covariance, penalty = EXACT.array(given), EXACT.array(chosen)
    algorithm = graphical_lasso(given, level, _scale(given), weights=chosen)
    z, theta = FLOAT.array(algorithm.start), FLOAT.array(algorithm.theta)
    for _ in range(_STEPS):
        limits.check()
        new = algorithm.fast.step(z, theta).value
        moved, z = np.abs(new - z).max(), new
        if moved < 1e-14:
            break
    size = len(given)
    threshold = float(_scale(given)) * float(level) * FLOAT.array(chosen)
    square = z.reshape(size, size)
    y = np.sign(square) * np.maximum(np.abs(square) - threshold, 0)
    signs = {
        (i, j): 1 if y[i, j] > 0 else -1
        for i in range(size)
        for j in range(i, size)
        if i == j or abs(y[i, j]) > _ZERO or not penalty[i, j]
    }
    try:
        found = solved(covariance, level, penalty, signs, limits)
    except NotChordal:
        message = "the pattern of the solution is no chordal graph: its entries are irrational in general"
        raise ParameterError(message, place="S") from None
    if found is None:
        raise ParameterError("no solution was found", place="S")
    left, right = (derivative(found, penalty, direction, limits)[0] for direction in (-1, 1))
    return GraphicalLassoSolution(
        lam=level,
        x=_rows(found.x),
        edge=tuple(sorted(found.edge)),
        left=_rows(left),
        right=_rows(right),
        seconds=time.monotonic() - begun,
    )


def _scale(covariance: object) -> Fraction:
    """A step for the proposal: about the square of an eigenvalue of X in the middle."""
    import numpy as np

    middle = float(np.exp(np.log(np.maximum(np.diag(FLOAT.array(covariance)), 1e-3)).mean()))
    return Fraction(1 / middle**2)


def _rows(matrix: object) -> Matrix:
    return tuple([tuple([Fraction(entry) for entry in row]) for row in matrix.tolist()])  # type: ignore[attr-defined]
