"""Clarke regularity of a net of one output at its point, in all directions at once.

F is regular at x0 iff F'(x0; u) = F°(x0; u) for all u.  For these functions F°(u) is the maximum of F'(y + u) - F'(y)
over all y.  So F' <= F° (take y = 0), and the two are equal iff F'(y + u) <= F'(y) + F'(u) for all y and u: F' is
subadditive, that is convex, which is one goal about a net with 2 p inputs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.derived import subadditive
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from subgrad_hardness.subdifferentials.sets import Vector


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
