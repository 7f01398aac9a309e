"""xbar = F(xbar, theta), exactly: doubles propose a choice of slopes, rational arithmetic solves and replays.

With the slopes of all relus fixed F is one affine map, whose fixed point is a linear solution; where the signs at the
solution are those slopes, it is a fixed point of F, and F(xbar) = xbar says so exactly.  Slopes come from the iterates
in doubles, from the signs at the last solution (Newton's method for nonsmooth equations), and, where that goes round in
a circle, from changing the slope of the first relu that is wrong, one at a time.  That ends if all det(I - A(s)) have
one sign (Murty's least-index method for the linear complementarity problem, whose matrix is then a P-matrix).

An F with smooth operations may have irrational fixed points, and ``iterative.enclosure`` bounds these; here rational
ones count that ``iterative.newton`` finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.autodiff import kink_labels
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import split
from subgrad_hardness.iterative.newton import proposal
from subgrad_hardness.iterative.resolvent import resolved
from subgrad_hardness.iterative.selections import Selections, Slopes, fixed_of, one_of_a_family
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values

if TYPE_CHECKING:
    from subgrad_hardness.iterative.compiled import Array

# Steps in doubles: at most so many, and the first look at a linear equation after so many.
_MOST_STEPS, _FIRST_LOOK = 200_000, 16
# The iterates have settled where a step moves them by so little, relative to their size.
_SETTLED = 1e-13
# A fixed point is the one that the iterates go to where they come so near, relative to its size.
_NEAR = 1e-6
# Known before the iterates are near it, they are followed for so many times as many steps as it took.
_LATER = 100
# Beyond this size iterates diverge.
_DIVERGED = 1e120
# Changes of one slope, at most.
_MOST_CHANGES = 20_000
# Free coordinates of a family are rounded to denominators below this.
_ROUNDED = 10**6


class Solution(NamedTuple):
    """A fixed point.

    Attributes
    ----------
    state : xbar, p rationals with F(xbar, theta) = xbar.
    localisation : F seen from (xbar, theta).
    isolated : whether I - A is invertible for the slopes with which xbar was found; if not, xbar is one of a family.
    reached : whether the iterates in doubles, from the iteration's start, come near it: an observation, no proof.
    steps : of these iterates that were made.
    pivots : slopes that were changed one at a time.
    """

    state: Vector
    localisation: Localisation
    isolated: bool
    reached: bool
    steps: int
    pivots: int

    def kinks(self, iteration: Iteration) -> tuple[str, ...]:
        """The relus of F that stand at 0, by name."""
        return kink_labels(iteration.program, self.localisation)

    def pattern(self, iteration: Iteration) -> tuple[int, ...]:
        """-1, 0 or 1 for every relu of F in its order: the sign of its preactivation at (xbar, theta)."""
        program = iteration.program_at(self.state)
        numerators, _ = node_values(program.tangent, program.point)
        at = [numerators[node.argument] for node in program.tangent.nodes if isinstance(node, Relu)]
        return tuple([(value > 0) - (value < 0) for value in at])


def solve(iteration: Iteration, limits: Limits = NO_LIMITS) -> Solution:
    """The fixed point to which the iterates from ``iteration.start`` go, or one that exact pivoting finds.

    Raises
    ------
    PointError
        The iterates diverge, or nothing that was tried is a fixed point: one line that says how far they got.
    LimitReached

    Notes
    -----
    As many steps in doubles as identify the slopes, each linear in the nonzeros; then, usually once, exact backward
    passes and one rational p x p solution.
    """
    if not iteration.program.piecewise_linear:
        return _short(iteration, limits)
    import numpy as np

    with np.errstate(all="ignore"):
        return _Search(iteration, limits).solution()


def _short(iteration: Iteration, limits: Limits) -> Solution:
    """Of an F with smooth operations a fixed point that is rational, and short."""
    found = proposal(iteration, limits)
    if not found.exact:
        why = "F has smooth operations, and no rational fixed point was found: fixed_point_box bounds irrational ones"
        raise PointError(why, place="start")
    localisation = iteration.localised(found.state)
    net = localisation.net
    a, _ = split(iteration, net.scaled(net.gradient_rows((0,) * len(net.kinks))))
    isolated = resolved(a, ((Fraction(1),),) * len(a)) is not None
    return Solution(found.state, localisation, isolated, found.reached, found.steps, 0)


class _Search:
    def __init__(self, iteration: Iteration, limits: Limits) -> None:
        from subgrad_hardness.iterative.compiled import Compiled

        self.iteration, self.limits = iteration, limits
        self.selections = Selections(iteration)
        self.compiled = Compiled(iteration)
        self.pivots = 0
        self.isolated = True
        self._tried: dict[Slopes, Vector | None] = {}

    def solution(self) -> Solution:
        import numpy as np

        x = self.compiled.start
        found: Vector | None = None
        slopes: Slopes = ()
        moved, look, steps, most = float("inf"), _FIRST_LOOK, 0, _MOST_STEPS
        while steps < most:
            self.limits.check()
            following = self.compiled.step(x)[0]
            steps += 1
            size = float(np.abs(following).max())
            if not size < _DIVERGED:
                raise PointError(_diverged(steps), place="start")
            moved = float(np.abs(following - x).max()) / max(1.0, size)
            x = following
            settled = moved <= _SETTLED
            if found is not None and (_distance(x, found) <= _NEAR or settled):
                break
            slopes, before = (self._passing(), slopes) if settled or steps == look else (slopes, None)
            if found is None and (settled or slopes == before):
                found = self._newton(slopes, most=30 if settled else 3)
                if found is not None:
                    if _distance(x, found) <= _NEAR:
                        break
                    most = min(most, _LATER * steps)
            if settled:
                break
            look = 2 * look if steps == look else look
        if found is None:
            slopes = self._passing()
            found = self._newton(slopes, most=100) or self._family(x, slopes) or self._pivoted(slopes)
        if found is None:
            where = "have settled" if moved <= _SETTLED else f"still move by {moved:.1g} of their size"
            raise PointError(f"no fixed point was found: after {steps} steps the iterates {where}", place="start")
        reached = _distance(x, found) <= _NEAR
        localisation = self.iteration.localised(found)
        assert localisation.value == found
        return Solution(found, localisation, self.isolated, reached, steps, self.pivots)

    def _newton(self, slopes: Slopes, most: int) -> Vector | None:
        """Each time to the slopes at the solution of the last ones."""
        seen: set[Slopes] = set()
        while slopes not in seen and len(seen) < most:
            self.limits.check()
            seen.add(slopes)
            state = self._solved(slopes)
            if state is None:
                return None
            following, signs = self.selections.look(state)
            if following == state:
                return state
            slopes = _slopes(signs, slopes)
        return None

    def _pivoted(self, slopes: Slopes) -> Vector | None:
        """One wrong slope at a time, the first one in the order of the program."""
        for self.pivots in range(_MOST_CHANGES):
            self.limits.check()
            state = self._solved(slopes)
            if state is None:
                return None
            if self.selections.look(state)[0] == state:
                return state
            # The relus see the state that has these slopes all along, not that of the real F.
            signs = self.selections.signs_along(state, slopes)
            both = enumerate(zip(signs, slopes, strict=True))
            wrong = next(number for number, (sign, slope) in both if sign * (2 * slope - 1) < 0)
            slopes = (*slopes[:wrong], 1 - slopes[wrong], *slopes[wrong + 1 :])
        return None

    def _family(self, x: Array, slopes: Slopes) -> Vector | None:
        """Where I - A is singular for the slopes at x: the fixed point with the free coordinates of x, rounded."""
        near = tuple([Fraction(float(entry)).limit_denominator(_ROUNDED) for entry in x])
        for choice in (_slopes(self.selections.look(near)[1]), slopes):
            if self._solved(choice) is not None:
                continue
            member = one_of_a_family(self.selections.affine(choice), near)
            if member is not None and self.selections.look(member)[0] == member:
                self.isolated = False
                return member
        return None

    def _solved(self, slopes: Slopes) -> Vector | None:
        if slopes not in self._tried:
            self._tried[slopes] = fixed_of(self.selections.affine(slopes))
        return self._tried[slopes]

    def _passing(self) -> Slopes:
        """The slopes at the last iterate but one, in doubles."""
        passing = self.compiled.passing()
        return tuple([int(passing[number]) for number in self.selections.net.kink_numbers])


def _diverged(steps: int) -> str:
    if steps == 1:  # which says more about the numbers of F, theta or the start than about later iterates
        return "the first iterate in doubles is beyond 1e120, or no number; a fixed point may be given"
    return f"the iterates diverge: beyond 1e120 after {steps} steps"


def _slopes(signs: Sequence[int], before: Sequence[int] | None = None) -> Slopes:
    """Those that signs ask for; a relu that stands at 0 keeps the one it had."""
    kept = before or (0,) * len(signs)
    return tuple([slope if sign == 0 else int(sign > 0) for sign, slope in zip(signs, kept, strict=True)])


def _distance(x: Array, state: Vector) -> float:
    """The greatest difference, relative to the greatest size, in doubles."""
    exact = [as_double(entry) for entry in state]
    return max([abs(float(a) - b) for a, b in zip(x, exact, strict=True)]) / max(1.0, *map(abs, exact))
