"""Forward-backward for the Lasso, 30 x 60: linear once the support is identified, with the rate of the support."""

from __future__ import annotations

import numpy as np
from convergence.running import Sample, main

import subgrad_hardness as sh


def draw(seed: int) -> Sample:
    """A normal design, lam half of the greatest one, step 1 / L; the rate is that of E, found exactly."""
    rng = np.random.default_rng(seed)
    design = rng.standard_normal((30, 60))
    data = design[:, :6] @ rng.standard_normal(6) + 0.1 * rng.standard_normal(30)
    q = design.T @ design
    q = (q + q.T) / 2
    c = design.T @ data
    lam = float(np.abs(c).max() / 2)
    step = 1 / np.linalg.eigvalsh(q)[-1]
    exact = sh.lasso_solution(design, data, lam)
    on = sorted({*exact.coefficients, *exact.edge})
    rate = float(np.abs(1 - step * np.linalg.eigvalsh(q[np.ix_(on, on)])).max())
    return Sample(sh.iterations.lasso(q, c, lam, step), 400, {"certified on the support": rate})


if __name__ == "__main__":
    main("Lasso", __doc__, draw)
