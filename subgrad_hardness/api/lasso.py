"""``lasso_solution``: the Lasso of a design and data, exactly: solution, derivatives in lam, is lam a kink?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_names, show_number
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.algorithms.arithmetic import number
from subgrad_hardness.iterative.lasso.face import face
from subgrad_hardness.iterative.lasso.problem import Problem
from subgrad_hardness.iterative.lasso.solving import Solved, solved
from subgrad_hardness.iterative.lasso.turning import turn
from subgrad_hardness.net.rational import format_rational

#: A column of the design and a coefficient or slope.
Entries = dict[int, Fraction]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class LassoSolution(Readable):
    """A solution of min 1/2 |X x - y|^2 + lam |x|_1, proved by its optimality conditions in exact arithmetic.

    Attributes
    ----------
    lam : as asked.
    columns : p.
    coefficients : the nonzero entries of x by column.
    edge : the columns outside the support with |X_j^T (y - X x)| = lam, with the sign of that product.
    unique : True: X_E, of the columns of support and edge, has independent columns, so that x is the only solution;
        None: it has not, and there may be others.
    differentiable : whether the solution map is differentiable at lam; None where ``unique`` is.
    left, right : the one-sided derivatives in lam, their nonzero entries by column; None where ``unique`` is.
    seconds : the time it took.
    """

    lam: Fraction
    columns: int
    coefficients: Entries
    edge: dict[int, int]
    unique: bool | None
    differentiable: bool | None
    left: Entries | None
    right: Entries | None
    seconds: float = 0.0

    def exact_values(self) -> Iterator[tuple[str, Any]]:
        """``lam``, and all p entries of x and of its one-sided derivatives."""
        yield "lam", self.lam
        for name, entries in (("x", self.coefficients), ("left", self.left), ("right", self.right)):
            if entries is not None:
                yield name, self.dense(entries)

    @property
    def jacobian(self) -> Entries | None:
        """dx/dlam by column, where the solution is differentiable."""
        return self.right if self.differentiable else None

    def dense(self, entries: Entries | None = None) -> list[Fraction]:
        """All p entries, of x by default."""
        chosen = self.coefficients if entries is None else entries
        return [chosen.get(column, Fraction(0)) for column in range(self.columns)]

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [f"lam = {show_number(self.lam)}: {len(self.coefficients)} of {self.columns} coefficients are not 0"]
        lines += _entries(self.coefficients, "x")
        if self.edge:
            columns = show_names([str(column) for column in self.edge])
            lines.append(f"  at the edge |X_j (y - X x)| = lam: j = {columns}")
        if self.unique is None:
            return [*lines, "  there may be other solutions"]
        lines.append(f"  lam is {'no' if self.differentiable else 'a'} kink of the solution")
        for where, entries in (("before it", self.left), ("after it", self.right)):
            if entries is not None and not self.differentiable:
                lines += _entries(entries, f"dx/dlam {where}: ") or [f"  dx/dlam {where}: 0"]
        if self.right is not None and self.differentiable:
            lines += _entries(self.right, "dx/dlam: ") or ["  dx/dlam: 0"]
        return lines

    def to_json(self) -> dict[str, Any]:
        """An object with every number exact."""
        return {
            "version": 1,
            "lam": format_rational(self.lam),
            "columns": self.columns,
            "coefficients": _entries_json(self.coefficients),
            "edge": {str(column): sign for column, sign in self.edge.items()},
            "unique": self.unique,
            "differentiable": self.differentiable,
            "left": None if self.left is None else _entries_json(self.left),
            "right": None if self.right is None else _entries_json(self.right),
            "seconds": round(self.seconds, 6),
        }


def _entries(entries: Entries, name: str) -> list[str]:
    shown = [f"[{column}] = {show_number(value)}" for column, value in entries.items()]
    return [f"  {name}{', '.join(shown[:8])}{', ...' if len(shown) > 8 else ''}"] if shown else []


def lasso_solution(
    X: object,  # noqa: N803 - the letters of the field
    y: object,
    lam: object,
    *,
    time_limit: float | None = None,
) -> LassoSolution:
    """The Lasso of a design and data at one lam, exactly: solution, one-sided derivatives, is lam a kink?

    Parameters
    ----------
    X : matrix, n x p; an array of doubles is taken as the rationals that they are.
    y : n numbers.
    lam : positive number; min 1/2 |X x - y|^2 + lam |x|_1, so lam is n alpha of scikit-learn.
    time_limit : number of seconds, optional

    Returns
    -------
    LassoSolution
        With the support S, the columns at the edge |X_j^T r| = lam, x and its one-sided derivatives in lam.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, a lam that is not positive, and columns that depend on one another where this
        keeps the solution from being found.
    LimitReached
        The time ran out.

    Notes
    -----
    Coordinate descent in doubles proposes signs; X_S^T X_S x_S = X_S^T y - lam s is solved in integers (python-flint)
    and the optimality conditions of all columns are checked, which is the proof.  Where they fail, signs are mended,
    and in the end the path is followed from the greatest lam.  Where nothing is at the edge, the derivative is
    -(X_S^T X_S)^-1 s; else the one-sided derivatives solve a small complementarity problem (Murty 1974), and lam is a
    kink iff they differ: a column at the edge may stay at 0 on both sides.  For 100 x 500 doubles about 0.1 s.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.lasso_solution([[1, 0], [0, 1]], [3, 2], 2)
    >>> found.coefficients, found.edge, found.differentiable
    ({0: Fraction(1, 1)}, {1: 1}, False)
    >>> found.left, found.right
    ({0: Fraction(-1, 1), 1: Fraction(-1, 1)}, {0: Fraction(-1, 1)})
    """
    start = time.monotonic()
    limits = Limits.seconds(require_seconds(time_limit))
    level = number(lam, "lam", positive=True)
    problem = Problem(X, y)
    found = solved(problem, level, limits)
    if found is None:
        raise ParameterError("columns that depend on one another meet the edge; no solution was found", place="X")
    own = found.face
    coefficients = {column: value for column, value in zip(own.support, own.solution(level), strict=True) if value}
    left, right = _sides(problem, found, limits)
    return LassoSolution(
        lam=level,
        columns=problem.columns,
        coefficients=coefficients,
        edge=found.edge,
        unique=None if left is None else True,
        differentiable=None if left is None else left == right,
        left=left,
        right=right,
        seconds=time.monotonic() - start,
    )


def _sides(problem: Problem, found: Solved, limits: Limits) -> tuple[Entries | None, Entries | None]:
    """The one-sided derivatives; None where the columns of support and edge depend on one another."""
    if not found.edge:
        slopes = _derivative(found.face.support, found.face.derivative())
        return slopes, slopes
    if face(problem, found.support | found.edge) is None:
        return None, None
    sides: list[Entries] = []
    for direction in (-1, 1):
        turned = turn(problem, found.support, found.edge, direction, limits)
        assert turned is not None  # some of independent columns are independent
        sides.append(_derivative(turned.face.support, turned.face.derivative()))
    return sides[0], sides[1]


def _derivative(support: tuple[int, ...], slopes: list[Fraction]) -> Entries:
    return {column: slope for column, slope in zip(support, slopes, strict=True) if slope}


def _entries_json(entries: Entries) -> dict[str, str]:
    return {str(column): format_rational(value) for column, value in entries.items()}
