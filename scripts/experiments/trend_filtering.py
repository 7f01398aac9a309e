"""ADMM for second-order trend filtering, n = 30: the global bound, and the far better spectral radius of A."""

from __future__ import annotations

import numpy as np
from convergence.running import Sample, limit, main

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.spectra import spectral_radius


def draw(seed: int) -> Sample:
    """A bent line and noise, lam = 1, the penalty of the best global bound."""
    rng = np.random.default_rng(seed)
    signal = np.abs(np.linspace(-3, 3, 30)) + 0.3 * rng.standard_normal(30)
    singular = np.linalg.svd(np.diff(np.eye(30), n=2, axis=0), compute_uv=False)
    algorithm = sh.iterations.trend_filtering(signal, 1, 2, 1 / float(singular[0] * singular[-1]))
    x, _, found = limit(algorithm, 20_000)
    rate = algorithm.rate
    assert rate is not None and rate.proved
    rates = {"certified from everywhere": float(rate), "spectral radius": spectral_radius(found.a.forward, len(x))}
    return Sample(algorithm, 900, rates, x)


if __name__ == "__main__":
    main("trend filtering", __doc__, draw)
