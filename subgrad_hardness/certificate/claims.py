"""Checks claims about the whole subdifferential, about regions and about two nets (docs/certificate.md, section 10).

Everything is recomputed from the net; what cannot be is refuted by the steps of ``refutation`` over a program that is
made here (``derived``), or case by case (``tree``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import mul

from subgrad_hardness.certificate.checked import ONE, ZERO, Checked, integers
from subgrad_hardness.certificate.derived import difference, directional, homogenised, subadditive
from subgrad_hardness.certificate.goals import OneSided, require_goals_refuted
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.smooth import require_piecewise_linear, require_statement
from subgrad_hardness.certificate.statement import Matrix, Statement
from subgrad_hardness.certificate.tree import jacobian, leaves
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program


def verify_statement(program: Program, statement: Statement, other: Program | None) -> str:
    """The kind of the claim that ``statement`` proves for ``program`` at its point; ``other`` is the second net.

    Raises Rejected, with the reason.  Costs a forward pass a leading direction and a backward pass an output for each
    member that is named, and what ``refutation`` or ``tree`` say for the rest.
    """
    if statement.digest != program.digest:
        raise Rejected("the certificate is for another net or another point (the digests differ)")
    if (other is not None) != bool(statement.other):
        raise Rejected(f"the claim is about {'two nets' if statement.other else 'one net'}")
    check = _CHECKS.get(statement.kind)
    if check is None:
        raise Rejected("the claim is of no known kind")
    require_piecewise_linear(statement.kind, program, *(() if other is None else (other,)))
    require_statement(program, statement.kind, statement.statement)
    check(Checked(program, statement, other))
    return statement.kind


def _member(checked: Checked) -> None:
    checked.require_combination(checked.members())


def _outside(checked: Checked) -> None:
    claim = checked.statement
    checked.require_shape(claim.vector, len(checked.outputs), "vector")
    if claim.set == "lexicographic":
        for place, passing in leaves(checked.localised, checked.relus, claim.tree, by_sign=True):
            if checked.rows(jacobian(checked.localised, checked.outputs, passing, place)) == claim.vector:
                raise Rejected(f"{place} has the vector as its Jacobian")
        return
    functional = _functional(checked)
    if _product(functional, claim.vector) <= claim.bound:
        raise Rejected("the functional is not greater at the vector than the bound")
    checked.require_bound(functional, claim.bound)


def _support(checked: Checked) -> None:
    claim, functional = checked.statement, _functional(checked)
    (member,) = checked.members() if len(claim.directions) + len(claim.slopes) == 1 else [None]
    if member is None or _product(functional, member) != claim.bound:
        raise Rejected("the bound is not attained by one member")
    checked.require_bound(functional, claim.bound)


def _shortest(checked: Checked) -> None:
    """<v, J> >= |v|^2 for all J, so that v, which is in the convex set, is its point nearest to zero."""
    claim = checked.statement
    checked.require_combination(checked.members())
    if claim.set == "lexicographic":
        raise Rejected("the shortest member is one of a convex set")
    functional = tuple([tuple([-entry for entry in row]) for row in claim.vector])
    if claim.argument is not None:
        checked.require_one_output()
        checked = Checked(checked.program, claim._replace(outputs=(ONE,), direction=functional[0]), None)
    checked.require_bound(functional, -_product(claim.vector, claim.vector))


def _complete(checked: Checked) -> None:
    members = checked.members()
    if not members or len(set(members)) != len(members):
        raise Rejected("directions give no member, or one twice")
    known = set(members)
    for place, passing in leaves(checked.localised, checked.relus, checked.statement.tree, by_sign=True):
        if checked.rows(jacobian(checked.localised, checked.outputs, passing, place)) not in known:
            raise Rejected(f"{place} has a Jacobian that no direction matrix gives")


def _minimum(checked: Checked) -> None:
    """F'(x0; d) >= 0 where all constraints hold."""
    claim, rows = checked.statement, checked.cone()
    checked.require_one_output()
    if rows:
        checked.require_vector(claim.interior, "interior")
    assert claim.argument is not None
    goal = OneSided(((0, -ONE),), (ZERO,) * checked.size)
    require_goals_refuted(directional(checked.program), [goal], claim.argument, rows, integers(claim.interior))


def _descent(checked: Checked) -> None:
    claim = checked.statement
    checked.require_one_output()
    checked.require_vector(claim.direction, "direction")
    if any(sum(map(mul, row, claim.direction)) < 0 for row in checked.cone()):
        raise Rejected("the direction does not satisfy the constraints")
    if value(directional(checked.program), claim.direction)[0] >= 0:
        raise Rejected("F' is not negative in the direction")


def _regular(checked: Checked) -> None:
    checked.require_one_output()
    assert checked.statement.argument is not None
    goal = OneSided(((0, ONE),), (ZERO,) * (2 * checked.size))
    require_goals_refuted(subadditive(checked.program), [goal], checked.statement.argument)


def _irregular(checked: Checked) -> None:
    claim = checked.statement
    checked.require_one_output()
    checked.require_vector(claim.base, "base")
    checked.require_vector(claim.direction, "direction")
    if value(subadditive(checked.program), (*claim.base, *claim.direction))[0] <= 0:
        raise Rejected("F' is subadditive at the two directions")


def _affine(checked: Checked) -> None:
    """F(x) = matrix x + offset in the region."""
    claim, count = checked.statement, len(checked.outputs)
    checked.require_shape(claim.matrix, count, "matrix")
    checked.require_vector(claim.offset, "offset", count)
    goals = [
        OneSided(((number, sign),), (*(sign * entry for entry in row), sign * constant))
        for number, (row, constant) in enumerate(zip(claim.matrix, claim.offset, strict=True))
        for sign in (ONE, -ONE)
    ]
    checked.require_no_goal(homogenised(checked.program), goals)


def _bent(checked: Checked) -> None:
    """Two Jacobians at a point inside the region."""
    claim = checked.statement
    checked.require_within(claim.point, "point", strictly=True)
    there = Checked(checked.program.at(claim.point), claim, None)
    members = there.members()
    if len(members) != 2 or members[0] == members[1]:
        raise Rejected("directions do not give two different Jacobians at the point")


def _equal(checked: Checked) -> None:
    """F = G in the region."""
    goals = [
        OneSided(((number, sign),), (ZERO,) * (checked.size + 1))
        for number in range(len(checked.outputs))
        for sign in (ONE, -ONE)
    ]
    checked.require_no_goal(homogenised(difference(checked.program, _second(checked))), goals)


def _different(checked: Checked) -> None:
    second, point = _second(checked), checked.statement.point
    checked.require_within(point, "point", strictly=False)
    if value(checked.program, point) == value(second, point):
        raise Rejected("the nets have the same values at the point")


def _second(checked: Checked) -> Program:
    """The second net, which is the one that the statement names."""
    other = checked.other
    if other is None or other.digest != checked.statement.other:
        raise Rejected("the certificate is for another second net (the digests differ)")
    if (other.input_count, other.output_count) != (checked.size, len(checked.outputs)):
        raise Rejected("the nets have different numbers of inputs or outputs")
    return other


def _functional(checked: Checked) -> Matrix:
    """The functional as an m x p matrix."""
    claim = checked.statement
    if claim.argument is None:
        checked.require_shape(claim.functional, len(checked.outputs), "functional")
        return claim.functional
    checked.require_vector(claim.outputs, "outputs", len(checked.outputs))
    checked.require_vector(claim.direction, "direction")
    return tuple([tuple([weight * entry for entry in claim.direction]) for weight in claim.outputs])


def _product(first: Matrix, second: Matrix) -> Fraction:
    return sum((sum(map(mul, left, right), ZERO) for left, right in zip(first, second, strict=True)), ZERO)


_CHECKS: Mapping[str, Callable[[Checked], None]] = {
    "member": _member,
    "outside": _outside,
    "support": _support,
    "shortest": _shortest,
    "complete": _complete,
    "minimum": _minimum,
    "descent": _descent,
    "regular": _regular,
    "irregular": _irregular,
    "affine": _affine,
    "bent": _bent,
    "equal": _equal,
    "different": _different,
}
