"""One-sided derivatives of the limit: y = xbar'(theta; d), the solution of y = F'((xbar, theta); (y, d)), exactly.

Where the slopes of all kinks are fixed, the equation is linear: y = A y + B d.  From any y near enough to the solution
the slopes that y sees give it (a kink that the solution leaves at 0 may have either slope there).  So plain steps
y <- F'(y, d), rounded, go towards it, and every now and then the linear equation that is seen is solved and its
solution tried in the real one.  Whatever is returned solves it exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import Pair, split
from subgrad_hardness.iterative.resolvent import implicit
from subgrad_hardness.iterative.selections import AffineMap, fixed_of
from subgrad_hardness.iterative.solution_net import solution_net
from subgrad_hardness.local.local_net import LocalNet, Matrix, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import common_denominator

# Between two looks at the linear equations so many plain steps are made, more each time, and in all.
_FIRST_STEPS, _MOST_STEPS = 4, 4000
# Plain steps keep so many binary digits behind the point.
_BITS = 60
# So many directions are tried before a generic one is despaired of; entries have so many bits.
_DIRECTIONS, _DIRECTION_BITS = 12, 16


class Entered(NamedTuple):
    """Where xbar is differentiable near theta, in an open cone of directions.

    Attributes
    ----------
    direction : of m integers, in the cone's closure, which ``element`` leads into its interior.
    jacobian : G, p x m: xbar'(theta; d) = G d for all d of the cone.
    net : N_G.
    element : of N_G, with the Jacobian G, and the directions that lead into the cone.
    """

    direction: tuple[int, ...]
    jacobian: Matrix
    net: Program
    element: Element


class DirectionalDerivatives:
    """xbar'(theta; .) at one fixed point.

    Parameters
    ----------
    iteration : F and theta.
    state : xbar = F(xbar, theta).
    """

    def __init__(self, iteration: Iteration, state: Vector) -> None:
        self.iteration, self.state = iteration, state
        self.net: LocalNet = iteration.localised(state).net
        self._columns = iteration.columns()

    def along(self, direction: Sequence[Fraction | int], limits: Limits = NO_LIMITS) -> Vector | None:
        """y with y = F'((xbar, theta); (y, d)), for m rationals d; None if none was found.

        Raises LimitReached.
        """
        y: Vector = (Fraction(0),) * len(self.state)
        steps, made = _FIRST_STEPS, 0
        while True:
            tried: set[tuple[bool, ...]] = set()
            while (passing := self.passing(y, direction)) not in tried:
                limits.check()
                tried.add(passing)
                solution = self._solved(passing, direction)
                if solution is None:
                    break
                y = solution
                if self._derivative(y, direction) == y:
                    return y
            if made > _MOST_STEPS:
                return None
            y = self._rounded(y)
            for _ in range(steps):
                limits.check()
                y = self._rounded(self._derivative(y, direction))
            made, steps = made + steps, 2 * steps

    def _solved(self, passing: Sequence[bool], direction: Sequence[Fraction | int]) -> Vector | None:
        """y = A y + B d for the kinks that pass; None where I - A is singular."""
        states, parameters = self._columns
        whole, common = common_denominator(direction)
        rows = [
            (
                *[row[column] for column in states],
                sum([row[column] * d for column, d in zip(parameters, whole, strict=True)]),
            )
            for row in self.net.gradient_rows(passing)
        ]
        solution = fixed_of(AffineMap(tuple(rows), self.net.scales))
        return solution if solution is None or common == 1 else tuple([entry / common for entry in solution])

    def pair(self, passing: Sequence[bool]) -> Pair:
        """[A, B] of the kinks that pass."""
        return split(self.iteration, self.net.scaled(self.net.gradient_rows(passing)))

    def passing(self, y: Sequence[Fraction], direction: Sequence[Fraction | int]) -> tuple[bool, ...]:
        """Which kinks the direction (y, d) makes pass; those at which it stands do not."""
        values = self.net.values(integer_direction(self._whole(y, direction))[0])
        return tuple([values[slot] > 0 for slot in self.net.kinks])

    def _derivative(self, y: Sequence[Fraction], direction: Sequence[Fraction | int]) -> Vector:
        return self.net.derivative(self._whole(y, direction))

    def _whole(self, y: Sequence[Fraction], direction: Sequence[Fraction | int]) -> list[Fraction]:
        """(y, d) in the order of the inputs."""
        states, parameters = self._columns
        whole = [Fraction(0)] * self.net.inputs
        for column, entry in (*zip(states, y, strict=True), *zip(parameters, direction, strict=True)):
            whole[column] = Fraction(entry)
        return whole

    def _rounded(self, y: Sequence[Fraction]) -> Vector:
        # Without a contraction the steps may grow: then they are begun anew.
        if max(map(abs, y), default=Fraction(0)) > 2**_BITS:
            return (Fraction(0),) * len(y)
        return tuple([Fraction(round(entry * 2**_BITS), 2**_BITS) for entry in y])

    def entered(self, seed: int = 0, limits: Limits = NO_LIMITS) -> Entered | None:
        """The piece of xbar'(theta; .) in a generic direction; None if none was found.

        The equation y = F'(y, d) is solved by y = G d for all d of an open cone iff N_G'(0; d) = G d there; which is
        what branch locking of N_G shows.  Raises LimitReached.
        """
        stream = Stream(seed, "derivative of the limit")
        for _ in range(_DIRECTIONS):
            direction = stream.signed(len(self.iteration.parameters), _DIRECTION_BITS)
            y = self.along(direction, limits)
            if y is None:
                return None
            jacobian = implicit(self.pair(self.passing(y, direction)))
            if jacobian is None:
                continue
            net = solution_net(self.iteration, self.state, jacobian)
            local = localise(net).net
            element = lock_branches(local, [direction], seed=seed)
            if local.scaled(element.rows) == jacobian:
                return Entered(direction, jacobian, net, element)
        return None
