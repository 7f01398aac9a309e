"""Signs of the Lasso's solution, proposed in doubles: coordinate descent on a working set that grows."""

from __future__ import annotations

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.algorithms.arithmetic import Array

# Sweeps between two looks at the gradient of all columns, and these looks.
_SWEEPS, _LOOKS = 40, 200
# Columns that a look may add to the working set, at least.
_ADDED = 10


def proposed_signs(x: Array, y: Array, lam: float, limits: Limits = NO_LIMITS) -> dict[int, int]:
    """The signs by column; nothing here is a proof.  Raises LimitReached."""
    work: list[int] = []
    values = np.zeros(0)
    residual = y.copy()
    for _ in range(_LOOKS):
        limits.check()
        correlations = x.T @ residual
        beyond = np.abs(correlations) - lam * (1 + 1e-11)
        beyond[work] = -1
        fresh = np.flatnonzero(beyond > 0)
        most = max(_ADDED, len(work))
        if len(fresh) > most:
            fresh = fresh[np.argsort(-beyond[fresh])[:most]]
        work += fresh.tolist()
        values = np.concatenate([values, np.zeros(len(fresh))])
        columns = x[:, work]
        gram = columns.T @ columns
        values, done = _descended(gram, columns.T @ y, lam, values)
        residual = y - columns @ values
        if done and not len(fresh):
            break
    return {column: int(np.sign(value)) for column, value in zip(work, values.tolist(), strict=True) if value}


def _descended(gram: Array, right: Array, lam: float, start: Array) -> tuple[Array, bool]:
    """Coordinate descent, and whether the support that it found solves the problem on these columns."""
    values = start.copy()
    gradient = right - gram @ values
    diagonal = gram.diagonal().tolist()
    for _ in range(_SWEEPS):
        largest = 0.0
        for j, square in enumerate(diagonal):
            if square == 0.0:
                continue
            old = float(values[j])
            raw = float(gradient[j]) + square * old
            new = (raw - lam if raw > lam else raw + lam if raw < -lam else 0.0) / square
            if new != old:
                values[j] = new
                gradient -= (new - old) * gram[j]
                largest = max(largest, abs(new - old) * square)
        if largest <= 1e-14 * lam:
            break
    solved = _on_support(gram, right, lam, values)
    return (values, False) if solved is None else (solved, True)


def _on_support(gram: Array, right: Array, lam: float, values: Array) -> Array | None:
    """The solution on the support of ``values`` with their signs, if it has these and no other column is wanted."""
    support = np.flatnonzero(values)
    if not len(support):
        return values if (np.abs(right) <= lam * (1 + 1e-10)).all() else None
    signs = np.sign(values[support])
    try:
        found = np.linalg.solve(gram[np.ix_(support, support)], right[support] - lam * signs)
    except np.linalg.LinAlgError:
        return None
    result = np.zeros_like(values)
    result[support] = found
    outside = np.abs(right - gram @ result) > lam * (1 + 1e-10)
    outside[support] = False
    return None if (found * signs <= 0).any() or outside.any() else result
