"""``sh.iterations``: the ready algorithms under one name, each loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

#: Where each algorithm is, among the files of ``iterative/algorithms/``.
_HOMES = {
    "ridge": "gradient_descent",
    "lasso": "forward_backward",
    "elastic_net": "forward_backward",
    "group_lasso": "group_lasso",
    "box_qp": "projected",
    "simplex_qp": "projected",
    "graphical_lasso": "graphical_lasso",
    "generalised_lasso": "admm",
    "tv_admm": "admm",
    "trend_filtering": "admm",
    "quadratic_program": "quadratic_program",
    "pdhg": "primal_dual",
    "equilibrium": "equilibrium",
    "sinkhorn": "sinkhorn",
    "heavy_ball": "momentum",
    "nesterov": "momentum",
    "fista": "momentum",
}


class _Catalogue(type):
    """Looks algorithms up in their files."""

    def __getattr__(cls, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"no algorithm is called {name!r}; known: {', '.join(_HOMES)}")
        return getattr(import_module(f"subgrad_hardness.iterative.algorithms.{_HOMES[name]}"), name)

    def __dir__(cls) -> list[str]:
        return sorted([*super().__dir__(), *_HOMES])


class iterations(metaclass=_Catalogue):  # noqa: N801 - a name to call others by; it has no objects
    """Algorithms of optimisation and learning as iterations x <- F(x, theta): calls that return an ``Algorithm``.

    An algorithm goes wherever an iteration goes.  It has ``iteration`` (the program), ``exact`` and ``fast`` (one step
    with its [A, B], in Fractions and in doubles), ``rate``, ``local_rate`` and ``step_range``.
    ``heavy_ball``, ``nesterov`` and ``fista`` return the ``Iteration`` itself: their rates are joint spectral radii.

    >>> import subgrad_hardness as sh
    >>> sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 2, "1/2")
    <Algorithm lasso: 2 states, 1 parameter>
    """

    if TYPE_CHECKING:
        from subgrad_hardness.iterative.algorithms import admm as _admm
        from subgrad_hardness.iterative.algorithms import equilibrium as _equilibrium
        from subgrad_hardness.iterative.algorithms import forward_backward as _forward_backward
        from subgrad_hardness.iterative.algorithms import gradient_descent as _gradient_descent
        from subgrad_hardness.iterative.algorithms import graphical_lasso as _graphical_lasso
        from subgrad_hardness.iterative.algorithms import group_lasso as _group_lasso
        from subgrad_hardness.iterative.algorithms import momentum as _momentum
        from subgrad_hardness.iterative.algorithms import primal_dual as _primal_dual
        from subgrad_hardness.iterative.algorithms import projected as _projected
        from subgrad_hardness.iterative.algorithms import quadratic_program as _quadratic_program
        from subgrad_hardness.iterative.algorithms import sinkhorn as _sinkhorn

        ridge = staticmethod(_gradient_descent.ridge)
        lasso = staticmethod(_forward_backward.lasso)
        elastic_net = staticmethod(_forward_backward.elastic_net)
        group_lasso = staticmethod(_group_lasso.group_lasso)
        box_qp = staticmethod(_projected.box_qp)
        simplex_qp = staticmethod(_projected.simplex_qp)
        graphical_lasso = staticmethod(_graphical_lasso.graphical_lasso)
        generalised_lasso = staticmethod(_admm.generalised_lasso)
        tv_admm = staticmethod(_admm.tv_admm)
        trend_filtering = staticmethod(_admm.trend_filtering)
        quadratic_program = staticmethod(_quadratic_program.quadratic_program)
        pdhg = staticmethod(_primal_dual.pdhg)
        equilibrium = staticmethod(_equilibrium.equilibrium)
        sinkhorn = staticmethod(_sinkhorn.sinkhorn)
        heavy_ball = staticmethod(_momentum.heavy_ball)
        nesterov = staticmethod(_momentum.nesterov)
        fista = staticmethod(_momentum.fista)
