"""Does x <- F(x, theta) contract: everywhere, near its fixed point?  From which step on are its slopes those of xbar?

A piecewise linear F has |F(x) - F(y)| <= rho |x - y| in a norm in which its Jacobians in the state are rho at most.
*Everywhere* these are those of all its pieces: the ones of F, made homogeneous, around the origin.  *Near xbar* they
are those of J_F(xbar, theta), and they rule in the ball {|x - xbar| < r} where no relu that does not stand at 0 at xbar
can change its sign, with r the least |z_i| over the Lipschitz constant of z_i.  There F is F', so the ball is mapped
into itself, and J_F(x_k, theta) is in J_F(xbar, theta) for all iterates that begin in it.  If F contracts everywhere,
iterates are in that ball from step K on, the first one with rho^K |x_0 - xbar| < r.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.selections import homogeneous
from subgrad_hardness.iterative.spectral_radius.bracket import bracket
from subgrad_hardness.iterative.spectral_radius.measures import dual_size_of, size_of
from subgrad_hardness.iterative.spectral_radius.norms import weighted_bounds
from subgrad_hardness.iterative.verifying.spectral_format import Norm, SpectralCertificate, Upper
from subgrad_hardness.local.local_net import Kink, LocalNet, Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values

if TYPE_CHECKING:
    from subgrad_hardness.iterative.compiled import Array

#: With more relus, or more distinct Jacobians, than these the pieces of F are not listed.
MOST_RELUS, MOST_PIECES = 12, 400


class Identification(NamedTuple):
    """Where only the slopes of xbar rule.

    Attributes
    ----------
    radius : r > 0, of the ball around xbar; None: the whole space.
    distance : |x_0 - xbar|, or a little more.
    """

    radius: Fraction | None
    distance: Fraction

    def steps(self, rho: Fraction) -> int:
        """The least K with rho^K |x_0 - xbar| < r, which a contraction by ``rho`` everywhere gives."""
        if self.radius is None or self.distance < self.radius:
            return 0
        if not rho:
            return 1
        return _powers_until(rho, self.radius / self.distance)


def everywhere(iteration: Iteration, limits: Limits = NO_LIMITS) -> SpectralCertificate | None:
    """A norm in which F(., theta) contracts everywhere; None: none was found.

    Its matrices are all Jacobians of F in the state or, of a large F, one matrix M with |F(x) - F(y)| <= M |x - y|,
    entry by entry.  Raises LimitReached.
    """
    net = localise(homogeneous(iteration)).net
    if len(net.kinks) <= MOST_RELUS:
        even = localise(homogeneous(iteration, even=True)).net
        found: dict[Matrix, None] = {}
        for piece in pieces(even, limits):
            found[tuple([row[:-1] for row in even.scaled(piece.rows)])] = None
            if len(found) > MOST_PIECES:
                break
        else:
            return contracting(tuple(found), limits)
    matrix = _entrywise(net, limits)
    uppers = [upper for upper in weighted_bounds([matrix], _doubles(matrix)) if upper.bound < 1]
    return SpectralCertificate((matrix,), None, min(uppers, key=attrgetter("bound"))) if uppers else None


def _entrywise(net: LocalNet, limits: Limits) -> Matrix:
    """M >= 0 with |F(x) - F(y)| <= M |x - y|, from absolute values of all coefficients, since relus are 1-Lipschitz."""
    size = net.inputs - 1  # without the coordinate that carries theta and the biases
    rows: list[dict[int, int]] = [{index: 1} if index < size else {} for index in range(net.inputs)]
    for node in net.nodes:
        limits.check()
        if isinstance(node, Kink):
            rows.append(rows[node.argument])
            continue
        total: dict[int, int] = {}
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            for variable, entry in rows[argument].items():
                total[variable] = total.get(variable, 0) + abs(coefficient) * entry
        rows.append(total)
    return tuple(
        [
            tuple([scale * rows[output].get(index, 0) if output >= 0 else Fraction(0) for index in range(size)])
            for scale, output in zip(net.scales, net.outputs, strict=True)
        ]
    )


def _doubles(matrix: Matrix) -> Array:
    import numpy as np

    return np.array([[[as_double(entry) for entry in row] for row in matrix]])


def contracting(matrices: Sequence[Matrix], limits: Limits = NO_LIMITS) -> SpectralCertificate | None:
    """A norm in which all the matrices are less than 1; None: none was found.  Raises LimitReached."""
    limits.check()
    upper: Upper | None = bracket(matrices, length=8, tolerance=1 / 100, limits=limits).upper
    if upper is None or upper.bound >= 1:
        limits.check()
        return None
    return SpectralCertificate(tuple(matrices), None, upper)


def identification(iteration: Iteration, state: Vector, norm: Norm, limits: Limits = NO_LIMITS) -> Identification:
    """The ball around xbar = ``state``, in a norm of the state.  Raises LimitReached."""
    program = iteration.program_at(state)
    lowered = program.lowered
    numerators, denominators = node_values(lowered, program.point)
    rows = _state_rows(iteration, numerators)
    radius = None
    for node in lowered.nodes:
        if not isinstance(node, Relu):
            continue
        row, value = rows[node.argument], Fraction(numerators[node.argument], denominators[node.argument])
        if not value or not row:
            continue
        limits.check()
        own = abs(value) / _steepness(row, norm, len(state))
        if radius is None or own < radius:
            radius = own
    difference = [start - end for start, end in zip(iteration.start, state, strict=True)]
    return Identification(radius, size_of(norm, difference, limits))


class _Bound(dict[int, Fraction]):
    """Absolute values that bound a row whose kinks may have any slopes."""


def _state_rows(iteration: Iteration, numerators: Sequence[int]) -> list[dict[int, Fraction]]:
    """Of every node: its row over the states near xbar."""
    lowered = iteration.program.lowered
    place = {column: index for index, column in enumerate(iteration.columns()[0])}
    rows: list[dict[int, Fraction]] = [
        {place[column]: Fraction(1)} if column in place else {} for column in range(lowered.inputs)
    ]
    for node in lowered.nodes:
        if isinstance(node, Relu):
            argument, row = numerators[node.argument], rows[node.argument]
            rows.append({} if argument < 0 else row if argument > 0 or not row else _Bound(_absolute(row)))
            continue
        bounded = any(isinstance(rows[argument], _Bound) for argument in node.arguments)
        total: dict[int, Fraction] = {}
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            weight = Fraction(abs(coefficient) if bounded else coefficient, node.denominator)
            for variable, entry in (_absolute(rows[argument]) if bounded else rows[argument]).items():
                total[variable] = total.get(variable, Fraction(0)) + weight * entry
        row = {variable: entry for variable, entry in total.items() if entry}
        rows.append(_Bound(row) if bounded and row else row)
    return rows


def _absolute(row: dict[int, Fraction]) -> dict[int, Fraction]:
    return {variable: abs(entry) for variable, entry in row.items()}


def _steepness(row: dict[int, Fraction], norm: Norm, size: int) -> Fraction:
    """A Lipschitz constant of the preactivation with this row."""
    if not isinstance(row, _Bound):
        return dual_size_of(norm, [row.get(index, Fraction(0)) for index in range(size)])
    total = Fraction(0)
    for variable, entry in row.items():
        total += entry * dual_size_of(norm, [Fraction(int(index == variable)) for index in range(size)])
    return total


def _powers_until(rho: Fraction, ratio: Fraction) -> int:
    """The least K with rho^K < ratio, for 0 < rho < 1 and 0 < ratio <= 1: one more than the whole part of q = log ratio
    / log rho.

    Intervals that hold q are made so small that its whole part is certain; unless q is a whole number itself, which
    they cannot tell, and powers can: rho^q then has no more digits than ``ratio``.
    """
    from flint import arb, ctx, fmpq

    numbers = [fmpq(value.numerator, value.denominator) for value in (ratio, rho)]
    precision = 64
    while True:
        with ctx.workprec(precision):
            over, under = [arb(value).log() for value in numbers]
            quotient = over / under
            whole, nearest = (each.floor().unique_fmpz() for each in (quotient, quotient + arb(0.5)))
        if whole is not None:
            return int(whole) + 1
        if nearest is not None:
            power = int(nearest)
            # rho^power has this many digits or more below, in lowest terms
            short = power * (rho.denominator.bit_length() - 1) <= ratio.denominator.bit_length()
            if short and rho**power == ratio:
                return power + 1
        precision *= 2
