"""Gradient descent for ridge regression, 30 x 15: iterates shrink by rho a step, Jacobians like k rho^k."""

from __future__ import annotations

import numpy as np
from convergence.running import Sample, main

import subgrad_hardness as sh


def draw(seed: int) -> Sample:
    """A normal design, th = 1, the best step."""
    rng = np.random.default_rng(seed)
    design, data = rng.standard_normal((30, 15)), rng.standard_normal(30)
    q = design.T @ design
    q = (q + q.T) / 2
    eigenvalues = np.linalg.eigvalsh(q)
    step = 2 / (eigenvalues[0] + eigenvalues[-1] + 2)
    algorithm = sh.iterations.ridge(q, design.T @ data, 1, step)
    assert algorithm.rate is not None and algorithm.rate.proved
    return Sample(algorithm, 350, {"certified": float(algorithm.rate)})


if __name__ == "__main__":
    main("ridge", __doc__, draw)
