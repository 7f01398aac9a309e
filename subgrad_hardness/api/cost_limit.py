"""``forward_limit``: p directional derivatives at a kink, and the matrix product that their sum hides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_positive, require_seconds, require_seed
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.forward_limit import (
    Construction,
    Rows,
    any_matrices,
    random_matrices,
    row_sum,
    zero_one,
)
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.weights import Weights
from subgrad_hardness.net.rational import NumberLike, exact, format_rational
from subgrad_hardness.net.vectors import exact_vector

#: The largest p: the programs have about 6 p^3 steps.
_MOST = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class ForwardLimit(Readable):
    """Directional derivatives at a kink as a matrix product.

    Attributes
    ----------
    program : F, a positively homogeneous program.
    directions, derivatives : p directions, and F'(0; d) for each.
    product : A D^T, read off the gradient of the sum of the derivatives.
    agrees : whether it is the product that multiplication gives.
    cost : of F.
    ratio : what the p derivatives cost, one evaluation each, in evaluations.
    sum_cost, gradient_cost : of the sum of the derivatives, and of that with its gradient.
    smooth_ratio : what p directional derivatives of a program of this kind cost at a differentiable point: one gradient
        and p products with it.
    """

    program: StraightLine
    directions: Rows
    derivatives: tuple[Value, ...]
    product: Rows
    agrees: bool
    cost: Fraction
    ratio: Fraction
    sum_cost: Fraction
    gradient_cost: Fraction
    smooth_ratio: Fraction

    def __repr__(self) -> str:
        return f"<ForwardLimit: {len(self.product)} derivatives cost {format_rational(self.ratio)} evaluations>"

    def lines(self) -> list[str]:
        """The answer for people."""
        p, total, whole = len(self.product), format_rational(self.sum_cost), format_rational(self.gradient_cost)
        lines = [
            f"F: cost {format_rational(self.cost)}; {p} directional derivatives at the kink, one evaluation each",
            f"their sum costs {total}, with its gradient {whole}",
            f"the gradient holds the product A D^T: {'yes' if self.agrees else 'NO'}",
        ]
        if p <= 6:
            lines += ["  " + " ".join([format_rational(entry) for entry in row]) for row in self.product]
        return [*lines, f"ratio at the kink {p}; at a differentiable point {float(self.smooth_ratio):.2f}"]

    def to_json(self) -> dict[str, Any]:
        """The object that ``cost --forward-limit --json`` prints."""
        numbers = ("cost", "ratio", "sum_cost", "gradient_cost", "smooth_ratio")
        return {
            "version": 1,
            "derivatives": [format_rational(value) for value in self.derivatives],
            "product": [[format_rational(value) for value in row] for row in self.product],
            "agrees": self.agrees,
            **{name: format_rational(getattr(self, name)) for name in numbers},
        }


def forward_limit(
    p: int | None = None,
    a: Sequence[Sequence[NumberLike]] | None = None,
    d: Sequence[Sequence[NumberLike]] | None = None,
    *,
    zeros_and_ones: bool = False,
    seed: int = 0,
    time_limit: float | None = None,
) -> ForwardLimit:
    """Run one of the two constructions that make p directional derivatives a p x p matrix product.

    Parameters
    ----------
    p : int, optional
        The size, from 1 to 32, where no matrices are given: random ones are drawn.
    a, d : p x p matrices, optional
        The product is A D^T.
    zeros_and_ones : bool, optional
        The construction for matrices A of zeros and ones; the other one takes any matrices.
    seed : int, optional
        Of random matrices.
    time_limit : number of seconds, optional
        Bounds all of it.

    Returns
    -------
    ForwardLimit
        The program, the derivatives, and the product that the gradient of their sum is.

    Raises
    ------
    ParameterError
        Neither p nor both matrices, matrices of other shapes, entries that do not fit, or a size out of range.
    LimitReached
        When the time is up.

    Notes
    -----
    About p^3 operations.  docs/cost.md has the argument and its fine print.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.forward_limit(a=[[1, 2], [3, 4]], d=[[5, 6], [7, 8]])
    >>> [[int(entry) for entry in row] for row in found.product], found.agrees
    ([[17, 23], [39, 53]], True)
    """
    seed, limits = require_seed(seed), Limits.seconds(require_seconds(time_limit))
    if (a is None) is not (d is None) or (a is None and p is None):
        raise ParameterError("give a size or both matrices", place="matrices")
    if a is not None and d is not None:
        first, second = _matrix(a, "a"), _matrix(d, "d")
        size = len(first)
    else:
        size = require_positive(p, "p", "directions")
    if p is not None and p != size:
        raise ParameterError(f"{p}, and matrices of {count(size, 'row')}", place="p")
    if size > _MOST:
        raise ParameterError(f"{size} is more than {_MOST}", place="p")
    if a is None:
        drawn, second = random_matrices(size, seed)
        first = [[Fraction(entry) for entry in row] for row in drawn]
    found = zero_one(first, second, limits) if zeros_and_ones else any_matrices(first, second, limits)
    return _summed(found, size, seed)


def _matrix(rows: Sequence[Sequence[NumberLike]], place: str) -> list[list[Fraction]]:
    try:
        return [list(exact_vector(row, len(row), f"{place}[{index}]")) for index, row in enumerate(rows)]
    except TypeError:
        raise ParameterError("no matrix: expected rows of numbers", place=place) from None


def _summed(found: Construction, p: int, seed: int) -> ForwardLimit:
    unit = Weights()
    cost = unit.cost(found.program.counts)
    product = tuple(tuple(exact(entry) for entry in row[:p]) for row in found.slopes)
    return ForwardLimit(
        program=found.program,
        directions=found.directions,
        derivatives=found.derivatives,
        product=product,
        agrees=product == found.product,
        cost=cost,
        ratio=Fraction(p),
        sum_cost=unit.cost(found.total.counts),
        gradient_cost=unit.cost(found.backward.counts),
        smooth_ratio=smooth_ratio(p, seed),
    )


def smooth_ratio(p: int, seed: int = 0) -> Fraction:
    """What p directional derivatives of a sum of p relus of p inputs cost where it is differentiable.

    In evaluations: one gradient, and p products with it.  About p^2 operations.
    """
    smooth, unit = row_sum(p, seed), Weights()
    gradient = unit.cost(backward(smooth, at=[Fraction(1)] * p).counts)
    return (gradient + p * (2 * p - 1)) / unit.cost(smooth.counts)
