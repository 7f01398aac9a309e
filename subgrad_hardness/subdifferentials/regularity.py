"""Clarke regularity of a net of one output at its point, in all directions at once; local Lipschitz constants.

F is regular at x0 iff F'(x0; u) = F°(x0; u) for all u.  For these functions F°(u) is the maximum of F'(y + u) - F'(y)
over all y.  So F' <= F° (take y = 0), and the two are equal iff F'(y + u) <= F'(y) + F'(u) for all y and u: F' is
subadditive, that is convex, which is one goal about a net with 2 p inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.derived import subadditive
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from subgrad_hardness.subdifferentials.maximum import maximum
from subgrad_hardness.subdifferentials.sets import ClarkeSet, Vector


class Regularity(NamedTuple):
    """Whether F'(x0; .) is convex; None: not decided.

    ``statement`` is a certificate, not yet verified; without one ``why`` says why.
    If not, F'(base + direction) = F'(base) + F'(direction) + ``excess``, which is positive.
    """

    regular: bool | None
    statement: Statement | None = None
    base: Vector | None = None
    direction: Vector | None = None
    excess: Fraction | None = None
    why: str | None = None


def regularity(program: Program, limits: Limits, *, argued: bool, seed: int = 0) -> Regularity:
    """Is F Clarke regular at x0?  coNP-hard; the engines decide one goal in 2 p inputs."""
    size = program.input_count
    made = subadditive(program)
    goal = OneSided(((0, Fraction(1)),), (Fraction(0),) * (2 * size))
    answer = Asker(made).ask([goal], (), limits, argued=argued, seed=seed)
    if isinstance(answer, Found):
        both = tuple(map(Fraction, answer.direction))
        base, direction = both[:size], both[size:]
        statement = Statement("irregular", program.digest, base=base, direction=direction)
        return Regularity(False, statement, base, direction, value(made, both)[0])
    if not isinstance(answer, Refuted):
        return Regularity(None, why=answer.why)
    if answer.argument is None:
        return Regularity(True, why=answer.unargued)
    statement = Statement("regular", program.digest, argument=answer.argument)
    return Regularity(True, statement)


class Largest(NamedTuple):
    """The greatest norm of an element of d_C is at least ``attained`` (that of ``gradient``), at most ``proved``."""

    attained: Fraction
    proved: Fraction | None
    gradient: Vector


class LargestNorms(NamedTuple):
    """The greatest l1 norm, *squared* l2 norm and maximum norm on d_C; ``why`` says what is not decided, and why."""

    l1: Largest
    l2_squared: Largest
    linf: Largest
    why: str | None = None


def largest_norms(convex: ClarkeSet, limits: Limits) -> LargestNorms:
    """The greatest norms of Clarke subgradients: local Lipschitz constants of F near x0, for one output.

    The maximum norm by 2 p support functions, which bound the other two norms, too; these are attained at members of
    d_L, of which all are listed where the bounds leave a gap.  NP-hard; a limit ends in brackets.
    """
    size = convex.program.input_count
    tops = [_greatest_entry(convex, axis, size, limits) for axis in range(size)]
    known = [top for top in tops if top is not None]
    bounds: list[Fraction | None] = [None, None, None]
    if len(known) == size:
        bounds = [sum(known, Fraction(0)), sum([top * top for top in known], Fraction(0)), max(known)]
    found = _norms(convex, bounds)
    why = None
    if any(each.attained != each.proved for each in found):
        try:
            if not convex.complete:
                for piece in pieces(convex.net, limits):
                    convex.members.keep_piece(piece)
            found = [each._replace(proved=each.attained) for each in _norms(convex, bounds)]
        except LimitReached as reached:
            why, found = str(reached), _norms(convex, bounds)
    return LargestNorms(found[0], found[1], found[2], why)


def _greatest_entry(convex: ClarkeSet, axis: int, size: int, limits: Limits) -> Fraction | None:
    """The greatest absolute value of one entry; None: not decided."""
    values = []
    for sign in (1, -1):
        row = tuple([Fraction(sign * (index == axis)) for index in range(size)])
        found = maximum(convex, (row,), limits, argued=False)
        if not found.exact:
            return None
        values.append(found.attained)
    return max(values)


def _norms(convex: ClarkeSet, bounds: list[Fraction | None]) -> list[Largest]:
    gradients = [point.jacobian[0] for point in convex.known]
    measured: tuple[Callable[[Vector], Fraction], ...] = (
        lambda row: sum(map(abs, row), Fraction(0)),
        lambda row: sum([entry * entry for entry in row], Fraction(0)),
        lambda row: max(map(abs, row), default=Fraction(0)),
    )
    found = []
    for measure, bound in zip(measured, bounds, strict=True):
        best = max(gradients, key=measure)
        found.append(Largest(measure(best), bound, best))
    return found
