"""The Clarke subdifferential in as many coordinates as its forms have dimensions: few of many.

Let V be the span of the input parts of all kinks and outputs of F'(x0; .), of rank r; some r of the p coordinates are a
basis of the dual of V (``question.coordinates``).  Put G for F'(x0; .) at directions that are zero in all others.  All
branches are met at such directions, so that d_C G consists of the elements of d_C F(x0) in these columns; and each
element of d_C F(x0), whose rows lie in V, is known from them.  A functional of matrices that is zero in all other
columns has the same values on both.

Nothing here is a statement about F: members found for G are sought again, by their directions, for F, and a functional
that separates is one to be proved there.  The gradient in 10^5 parameters has as few dimensions as there are kinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.question.coordinates import Coordinates, coordinates_for, input_part
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.members import Member
from subgrad_hardness.subdifferentials.placing import Placing

#: Fewer inputs, or not that many times fewer coordinates than inputs: not worth another net.
_FEW_INPUTS, _FEWER = 200, 3


def proposed(clarke: ClarkeSet, target: Matrix, limits: Limits) -> Matrix | None:
    """Where a target lies, looked at in the coordinates that matter.

    Members of which it is a combination are known to ``clarke`` then; or a functional that separates it comes back.
    None of it where that would not be much easier.  Raises LimitReached.
    """
    net = clarke.net
    if net.inputs < _FEW_INPUTS or not net.kinks or target in clarke.members.found:
        return None
    program, where = _restriction(net, limits)
    if where.dimension * _FEWER > net.inputs:
        return None
    placed = Placing(ClarkeSet(program), _chosen(target, where)).place(limits, argued=False)
    if placed.separation is not None:
        return tuple([_extended(row, where) for row in placed.separation.functional])
    for _, point in placed.combination:
        if isinstance(point, Member):
            _sought(clarke, point, where)
    return None


def _sought(clarke: ClarkeSet, member: Member, where: Coordinates) -> None:
    """The element of d_C F(x0) that is ``member`` in the chosen columns: mostly its first directions are enough."""
    found = clarke.members.at([where.extend(direction) for direction in member.directions.leading])
    if _chosen(found.jacobian, where) != member.jacobian:
        clarke.members.at([where.extend(column) for column in member.directions.columns(where.dimension)])


def _chosen(matrix: Matrix, where: Coordinates) -> Matrix:
    return tuple([tuple([row[column] for column in where.chosen]) for row in matrix])


def _extended(row: Sequence[Fraction], where: Coordinates) -> tuple[Fraction, ...]:
    whole = [Fraction(0)] * where.inputs
    for column, entry in zip(where.chosen, row, strict=True):
        whole[column] = entry
    return tuple(whole)


def _restriction(net: LocalNet, limits: Limits) -> tuple[Program, Coordinates]:
    """G, at the origin, and the coordinates that are its inputs."""
    flat = flatten(net, limits)
    parts = sorted({input_part(form, net.inputs) for form in (*flat.kinks, *flat.outputs)} - {()})
    where = coordinates_for(parts, net.inputs)
    build = GraphBuilder([f"d{column}" for column in where.chosen])
    handles = {column: number for number, column in enumerate(where.chosen)}
    for number, form in enumerate(flat.kinks, start=net.inputs):
        limits.check()
        read = build.sum([(handles[variable], entry) for variable, entry in form.items() if variable in handles])
        handles[number] = build.apply("relu", [read])
    outputs = [
        build.sum([(handles[variable], scale * entry) for variable, entry in form.items() if variable in handles])
        for form, scale in zip(flat.outputs, net.scales, strict=True)
    ]
    return build.program(outputs), where
