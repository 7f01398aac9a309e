"""Weak constraints W d >= 0 that leave an open cone, after a change of inputs if need be.

If the cone C = {W d >= 0} has interior points, a goal that is positive somewhere in C is positive in the interior,
because the set where it is positive is open and C is the closure of its interior: the constraints may be taken to be
strict.  If C has none, Gordan's theorem gives nonnegative multipliers, not all zero, with which some of the rows sum
to zero; each of these rows is then zero on all of C, so that C lies in the subspace where they vanish.  There the
other rows are constraints again, in fewer inputs, until an open cone is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.linear.elimination import null_space
from subgrad_hardness.local.local_net import Kink, LocalNet, Sum
from subgrad_hardness.question.question import Question

Vector = tuple[int, ...]


class Restriction(NamedTuple):
    """A question whose constraints leave an open cone, and the way back.

    ``basis`` (None: all unit vectors) has the vector of the old inputs that each new input stands for; ``interior`` is
    a direction of the new inputs, not 0, at which all constraints are positive.
    """

    question: Question
    basis: tuple[Vector, ...] | None
    interior: Vector

    def extended(self, direction: Sequence[int]) -> Vector:
        """A direction of the restricted question in the old inputs."""
        if self.basis is None:
            return tuple(direction)
        return tuple([sum(map(mul, column, direction)) for column in zip(*self.basis, strict=True)])


class Spanned(NamedTuple):
    """A cone and the subspace that it spans.

    Attributes
    ----------
    basis : of the subspace.
    rows : the constraints over it that do not vanish there.
    interior : its coefficients of a vector, not 0, at which these are positive.
    """

    basis: tuple[Vector, ...]
    rows: tuple[Vector, ...]
    interior: Vector


def restricted(question: Question, limits: Limits) -> Restriction | None:
    """``question`` on the subspace that its constraints span; None: only the direction 0 satisfies them.

    An exact cone question for each step down.  Raises LimitReached.
    """
    size = question.net.inputs
    found = spanned(question.constraints, size, limits)
    if found is None:
        return None
    if len(found.basis) == size:
        return Restriction(question._replace(constraints=found.rows), None, found.interior)
    return Restriction(_composed(question, found.basis, found.rows), found.basis, found.interior)


def spanned(constraints: Sequence[Vector], size: int, limits: Limits) -> Spanned | None:
    """The subspace that the cone of the v with w v >= 0 for all constraints w spans; None: it is {0}.

    An exact cone question for each step down.  Raises LimitReached.
    """
    basis = tuple([tuple([int(i == j) for j in range(size)]) for i in range(size)])
    rows = [row for row in constraints if any(row)]
    while basis:
        local = [tuple([sum(map(mul, row, vector)) for vector in basis]) for row in rows]
        local = [row for row in local if any(row)]
        cone = StrictCone(len(basis))
        answer = cone.solve([cone.add(row) for row in local], limits)
        if not isinstance(answer, Infeasible):
            return Spanned(basis, tuple(local), answer.point if local else (1,) * len(basis))
        zero = [local[number] for number in answer.forms]
        inner = null_space(zero, len(basis))
        basis = tuple(
            [tuple([sum(map(mul, column, vector)) for column in zip(*basis, strict=True)]) for vector in inner]
        )
    return None


def _sum(column: Sequence[int]) -> Sum:
    """An old input as a sum of the new ones; a sum has at least one term."""
    numbers = [number for number, entry in enumerate(column) if entry] or [0]
    return Sum(tuple(numbers), tuple([column[number] for number in numbers]))


def _composed(question: Question, basis: Sequence[Vector], constraints: tuple[Vector, ...]) -> Question:
    """The question in coefficients of ``basis``: the old inputs become sums of the new ones."""
    net, count = question.net, len(basis)
    sums = [_sum(column) for column in zip(*basis, strict=True)]

    def moved(slot: int) -> int:
        return slot + count if slot >= 0 else slot

    nodes = [
        Kink(moved(node.argument))
        if isinstance(node, Kink)
        else Sum(tuple(map(moved, node.arguments)), node.coefficients)
        for node in net.nodes
    ]
    composed = LocalNet(
        count,
        (*sums, *nodes),
        tuple(map(moved, net.outputs)),
        net.scales,
        tuple(map(moved, net.kinks)),
        net.kink_numbers,
    )
    goals = tuple(
        [
            goal._replace(linear=tuple([sum(map(mul, goal.linear, vector)) for vector in basis]))
            for goal in question.goals
        ]
    )
    return Question(composed, goals, question.seed, constraints)
