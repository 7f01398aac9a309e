"""Algorithms of every kind, to be tried in all arithmetics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.contract import Algorithm

#: One stream for data and places: each is drawn where it is first asked for.
RANDOM = np.random.default_rng(3)


def small(*shape: int) -> Any:
    """Integers in rows."""
    return RANDOM.integers(-4, 5, shape).tolist()


def square(size: int) -> Any:
    """A symmetric positive definite matrix of integers."""
    root = RANDOM.integers(-3, 4, (size, size))
    return (root @ root.T + np.eye(size, dtype=int)).tolist()


#: Algorithms of every kind, with random integer data, by name.
CASES: dict[str, Callable[[], Algorithm]] = {
    "lasso": lambda: sh.iterations.lasso(square(3), small(3), 2, "1/20", parameters=("lam", "c")),
    "lasso in c": lambda: sh.iterations.lasso(square(3), small(3), 2, "1/20", parameters=["c"]),
    "elastic net": lambda: sh.iterations.elastic_net(square(3), small(3), 2, "1/3", "1/20", parameters=["c", "lam"]),
    "box": lambda: sh.iterations.box_qp(
        square(3), small(3), [-1, 0, -2], [0, 0, 1], "1/20", parameters=["upper", "b", "lower"]
    ),
    "box in b": lambda: sh.iterations.box_qp(square(3), small(3), [-1, 0, -2], [0, 0, 1], "1/20"),
    "simplex": lambda: sh.iterations.simplex_qp(square(4), small(4), "1/20"),
    "simplex alone": lambda: sh.iterations.simplex_qp(square(3), small(3), "1/20", parameters=[]),
    "general lasso": lambda: sh.iterations.generalised_lasso(
        square(3), small(3), small(2, 3), 1, "1/2", parameters=["c", "lam"]
    ),
    "trend": lambda: sh.iterations.trend_filtering(small(5), 2, 2, "2/3", parameters=["lam", "y"], readout=True),
    "qp": lambda: sh.iterations.quadratic_program(
        square(3),
        small(3),
        small(4, 3),
        [0, None, -1, None],
        [0, 2, 1, None],
        r=2,
        sigma="1/3",
        parameters=["u", "equal", "q", "l"],
    ),
    "qp alone": lambda: sh.iterations.quadratic_program(
        square(2), small(2), small(3, 2), [0, -2, None], [0, 2, 1], parameters=[]
    ),
    "pdhg": lambda: sh.iterations.pdhg(small(2, 3), small(3), 1, "1/4", "1/5", parameters=["y", "lam"]),
    "pdhg alone": lambda: sh.iterations.pdhg(small(2, 3), small(3), 1, "1/4", "1/5", parameters=[]),
    "equilibrium": lambda: sh.iterations.equilibrium(
        (np.array(small(3, 3)) / 8).tolist(), small(3, 2), small(3), small(2), parameters=["b", "u"]
    ),
}
