"""Douglas-Rachford for the graphical Lasso, p = 8: the bound from the eigenvalues of X, and the spectral radius."""

from __future__ import annotations

import numpy as np
from convergence.running import Sample, limit, main

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.spectra import spectral_radius


def draw(seed: int) -> Sample:
    """A covariance of 24 normal samples, lam = 1/4, step from a first solution: the product of extreme eigenvalues."""
    rng = np.random.default_rng(seed)
    samples = rng.standard_normal((24, 8)) @ (np.eye(8) + np.diag(np.full(7, 0.5), 1))
    covariance = samples.T @ samples / 24
    covariance = (covariance + covariance.T) / 2
    first = sh.iterations.graphical_lasso(covariance, 0.25, 1)
    z = limit(first, 300)[2]
    eigenvalues = z.a.eigenvalues  # type: ignore[attr-defined]
    algorithm = sh.iterations.graphical_lasso(covariance, 0.25, float(eigenvalues[0] * eigenvalues[-1]))
    x, _, found = limit(algorithm, 1000)
    rates = {
        "bound": float(algorithm.local_rate(x)),
        "spectral radius": spectral_radius(found.a.forward, len(x)),
    }
    return Sample(algorithm, 200, rates, x)


if __name__ == "__main__":
    main("graphical Lasso", __doc__, draw)
