"""Stationarity in three senses, on all of R^p or under linear constraints W d >= 0 on the directions (SPEC 7).

Directional: F'(x0; d) >= 0 for all allowed d; for piecewise-linear F that is a local minimum (on the polytope).  For a
convex set of Jacobians: its support function is nonnegative at all allowed d; that is, some element is a nonnegative
combination of the rows of W (0, where there are none), by Farkas' lemma.  Clarke's sense is weaker than the directional
one, because F'(x0; d) is at most the support function, and that of the conservative set is weaker still.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.derived import directional
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone, interior_point
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from subgrad_hardness.subdifferentials.placing import Placed, Placing, Separation
from subgrad_hardness.subdifferentials.sets import ConvexSet, Point, product

Vector = tuple[Fraction, ...]


class Minimum(NamedTuple):
    """Whether F' >= 0 in all allowed directions (None: not known, and ``why``).

    ``descent`` is an allowed direction with F' < 0; ``statement`` a certificate of either, not yet verified.
    """

    holds: bool | None
    descent: tuple[int, ...] | None = None
    statement: Statement | None = None
    why: str | None = None


def minimum(program: Program, constraints: Sequence[Vector], limits: Limits, *, argued: bool = True) -> Minimum:
    """Decide directional stationarity of a program of one output.  One question to the engines."""
    size = program.input_count
    rows = [integer_direction(row)[0] for row in constraints if any(row)]
    goal = OneSided(((0, Fraction(-1)),), (Fraction(0),) * size)
    try:
        inside = interior_point(rows, size, limits) if rows else None
        open_cone = not rows or isinstance(inside, Feasible)
        answer = Asker(directional(program)).ask([goal], rows, limits, argued=argued and open_cone)
    except LimitReached as reached:
        return Minimum(None, why=str(reached))
    kept = tuple([tuple(map(Fraction, row)) for row in rows])
    if isinstance(answer, Found):
        direction = tuple(map(Fraction, answer.direction))
        statement = Statement("descent", program.digest, constraints=kept, direction=direction)
        return Minimum(False, answer.direction, statement)
    if not isinstance(answer, Refuted):
        return Minimum(None, why=answer.why)
    if answer.argument is None:
        why = answer.unargued if open_cone else "the constraints leave no open cone, and then no certificate says it"
        return Minimum(True, why=why)
    point = tuple(map(Fraction, inside.point)) if isinstance(inside, Feasible) else ()
    return Minimum(
        True,
        statement=Statement("minimum", program.digest, constraints=kept, interior=point, argument=answer.argument),
    )


class Balanced(NamedTuple):
    """Whether some element of a convex set is a nonnegative combination of the constraints' rows.

    ``placed`` says that the element is in the set, or that a functional d separates the set from all of them; the
    element is sum of ``multipliers`` times rows.
    """

    placed: Placed
    multipliers: tuple[Fraction, ...] = ()


def balanced(convex: ConvexSet, constraints: Sequence[Vector], size: int, limits: Limits, *, argued: bool) -> Balanced:
    """Decide stationarity in the sense of a convex set of rows (one output).

    Without constraints 0 is placed beside the set.  With them, a direction d with W d >= 0 in which all known elements
    fall is an exact cone question; the set is asked whether an element falls less than half as fast; where there is no
    direction, the multipliers are the combination.
    """
    if not constraints:
        return Balanced(Placing(convex, ((Fraction(0),) * size,)).place(limits, argued=argued))
    rows = [integer_direction(row) for row in constraints]
    cone = StrictCone(size)
    weak = [cone.add(row, strict=False) for row, _ in rows]
    asked: list[tuple[Point, int, int]] = []  # elements, their forms in the cone, and what these are divided by
    seen: set[Matrix] = set()
    while True:
        for point in convex.known:
            if point.jacobian not in seen:
                seen.add(point.jacobian)
                falls, scale = integer_direction(tuple([-entry for entry in point.jacobian[0]]))
                asked.append((point, cone.add(falls), scale))
        try:
            answer = cone.solve([*(form for _, form, _ in asked), *weak], limits)
        except LimitReached as reached:
            return Balanced(_open(asked[0][0], str(reached)))
        if isinstance(answer, Infeasible):
            return _combination(asked, answer, weak, rows)
        direction = tuple(map(Fraction, answer.point))
        slowest = max(product((direction,), point.jacobian) for point, _, _ in asked)
        found = convex.exceeds((direction,), slowest / 2, limits, argued=argued)
        if found.holds is None:
            return Balanced(_open(asked[0][0], found.why))
        if found.holds:
            separation = Separation((direction,), slowest / 2, found)
            first = asked[0][0]
            distance = sum(map(mul, first.jacobian[0], first.jacobian[0]), Fraction(0))
            return Balanced(
                Placed(False, False, first.jacobian, distance, ((Fraction(1), first),), separation, found.why)
            )


def _open(point: Point, why: str | None) -> Placed:
    distance = sum(map(mul, point.jacobian[0], point.jacobian[0]), Fraction(0))
    return Placed(None, False, point.jacobian, distance, ((Fraction(1), point),), why=why)


def _combination(
    asked: Sequence[tuple[Point, int, int]],
    answer: Infeasible,
    weak: Sequence[int],
    rows: Sequence[tuple[tuple[int, ...], int]],
) -> Balanced:
    """sum of mu (-g) + sum of lambda w = 0, scaled so that the mu add up to 1."""
    times = dict(zip(answer.forms, answer.multipliers, strict=True))
    weights = [(Fraction(times[form] * scale), point) for point, form, scale in asked if form in times]
    total = sum((weight for weight, _ in weights), Fraction(0))
    combination = tuple([(weight / total, point) for weight, point in weights])
    vector = tuple(
        [
            sum((weight * point.jacobian[0][index] for weight, point in combination), Fraction(0))
            for index in range(len(combination[0][1].jacobian[0]))
        ]
    )
    multipliers = tuple(
        [Fraction(times.get(form, 0) * scale) / total for form, (_, scale) in zip(weak, rows, strict=True)]
    )
    return Balanced(Placed(True, True, (vector,), Fraction(0), combination), multipliers)
