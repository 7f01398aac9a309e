"""``lasso_path`` and ``total_variation_path``: all breakpoints of two solution maps, exactly, at real size."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.api.options import require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_first, show_number
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, number, vector
from subgrad_hardness.iterative.lasso.path import Piece, pieces
from subgrad_hardness.iterative.lasso.problem import Problem
from subgrad_hardness.iterative.total_variation import FusionPath
from subgrad_hardness.net.rational import format_rational

#: So many pieces and breakpoints are shown to people.
_MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class LassoPath(Readable):
    """The solutions of min 1/2 |X x - y|^2 + lam |x|_1 for all lam from infinity down to ``lowest``.

    Attributes
    ----------
    columns : p.
    pieces : faces, the greatest lam first; on each, x is affine in lam: ``face.solution(lam)`` and
        ``face.derivative()`` are its entries on ``face.support``.
    lowest : the lam down to which the path is known; above what was asked where columns at the edge depended on one
        another.
    seconds : the time it took.
    """

    columns: int
    pieces: tuple[Piece, ...]
    lowest: Fraction
    seconds: float = 0.0

    @property
    def breakpoints(self) -> list[Fraction]:
        """Where pieces meet, the greatest first.  At each of them the support or its edge changes."""
        return [piece.low for piece in self.pieces[:-1]]

    def at(self, lam: object) -> Piece:
        """The piece that ends at lam or has it inside: at a breakpoint the one above it.

        Raises ParameterError for a lam below ``lowest``.
        """
        value = number(lam, "lam")
        if value < self.lowest:
            raise ParameterError(
                f"below {format_rational(self.lowest)}, where what is known of the path ends", place="lam"
            )
        return next(piece for piece in self.pieces if piece.low <= value)

    def lines(self) -> list[str]:
        """The answer for people."""
        head = f"{count(len(self.pieces), 'affine piece')} from lam = infinity to {show_number(self.lowest)}"
        lines = [f"{head}, {count(self.columns, 'column')}"]
        shown = [
            f"down to lam = {show_number(piece.low)}: {count(len(piece.face.support), 'coefficient')} not 0"
            for piece in self.pieces[:_MOST_SHOWN]
        ]
        return [*lines, *show_first(shown, len(self.pieces), "pieces has all")]


def lasso_path(
    X: object,  # noqa: N803 - the letters of the field
    y: object,
    lowest: object,
    *,
    time_limit: float | None = None,
) -> LassoPath:
    """The path of the Lasso, exactly: every breakpoint from the greatest lam down to ``lowest``.

    Parameters
    ----------
    X, y : as for ``lasso_solution``.
    lowest : number, positive or 0.
    time_limit : number of seconds, optional

    Returns
    -------
    LassoPath

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers.
    LimitReached
        The time ran out.

    Notes
    -----
    Homotopy (Osborne, Presnell and Turlach 2000; Efron et al. 2004), one exact linear system a piece, ties solved as
    complementarity problems.  Numbers grow with the support: k columns of b-bit entries give breakpoints of about
    2 k b bits.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> path = sh.lasso_path([[1, 0], [0, 1]], [3, 2], 0)
    >>> path.breakpoints, path.at(1).face.solution(1)
    ([Fraction(3, 1), Fraction(2, 1)], [Fraction(2, 1), Fraction(1, 1)])
    """
    start = time.monotonic()
    limits = Limits.seconds(require_seconds(time_limit))
    last = number(lowest, "lowest")
    problem = Problem(X, y)
    found = tuple(pieces(problem, max(last, Fraction(0)), limits))
    return LassoPath(columns=problem.columns, pieces=found, lowest=found[-1].low, seconds=time.monotonic() - start)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class TotalVariationPath(Readable):
    """The solutions of min 1/2 |x - y|^2 + lam sum |x_{i+1} - x_i| for all lam >= 0.

    Attributes
    ----------
    path : the fusions, with ``segments``, ``solution`` and ``derivative`` at any lam.
    breakpoints : the lam > 0 at which the solution is not differentiable in lam, increasing.
    seconds : the time it took.
    """

    path: FusionPath
    breakpoints: tuple[Fraction, ...]
    seconds: float = 0.0

    def is_kink(self, lam: object) -> bool:
        """Whether lam is a breakpoint, exactly."""
        value = number(lam, "lam")
        place = bisect_left(self.breakpoints, value)
        return place < len(self.breakpoints) and self.breakpoints[place] == value

    def solution(self, lam: object) -> list[Fraction]:
        """x at lam."""
        return self.path.solution(_level(lam))

    def left(self, lam: object) -> list[Fraction]:
        """dx/dlam just before lam."""
        return self.path.derivative(_level(lam), after=False)

    def right(self, lam: object) -> list[Fraction]:
        """dx/dlam just after lam."""
        return self.path.derivative(_level(lam))

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [f"the solution bends at {count(len(self.breakpoints), 'value')} of lam"]
        shown = [f"lam = {show_number(lam)}" for lam in self.breakpoints[:_MOST_SHOWN]]
        return [*lines, *show_first(shown, len(self.breakpoints), "breakpoints has all")]


def _level(lam: object) -> Fraction:
    """A lam for which there is a problem.  Raises ParameterError."""
    value = number(lam, "lam")
    if value < 0:
        raise ParameterError("negative", place="lam")
    return value


def total_variation_path(y: object, *, time_limit: float | None = None) -> TotalVariationPath:
    """The path of 1-D total variation denoising, exactly: all breakpoints, solutions and one-sided derivatives.

    Parameters
    ----------
    y : the signal.
    time_limit : number of seconds, optional

    Returns
    -------
    TotalVariationPath

    Raises
    ------
    ParameterError
        No finite numbers.
    LimitReached
        The time ran out.

    Notes
    -----
    Neighbours fuse and never part; n log n exact operations, 0.1 s for 1,000 integers.  Integer signals have
    breakpoints with small numerators, so round values of lam are often breakpoints exactly.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> path = sh.total_variation_path([0, 1, 5])
    >>> print(*path.breakpoints, path.is_kink(1), *path.left(1), *path.right(1))
    1 3 True 1 0 -1 1/2 1/2 -1
    """
    start = time.monotonic()
    limits = Limits.seconds(require_seconds(time_limit))
    signal = EXACT.array(vector(y, "y")).tolist()
    path = FusionPath(signal, limits)
    return TotalVariationPath(path=path, breakpoints=tuple(path.breakpoints), seconds=time.monotonic() - start)
