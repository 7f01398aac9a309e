"""Refutations of one-sided goals under constraints (SPEC 7).

Two things beside ``refutation``: what a goal is over the definitions, and that constraints which leave an open cone may
be taken to be strict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument, Pairs
from subgrad_hardness.certificate.definitions import Definitions
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Logic, Rejected
from subgrad_hardness.certificate.refutation import opened, require_empty_clause
from subgrad_hardness.net.program import Program


class OneSided(NamedTuple):
    """The goal sum_k u_k F'_k(x0; d) - l d: ``outputs`` has the pairs (k, u_k), ``linear`` is l."""

    outputs: tuple[tuple[int, Fraction], ...]
    linear: tuple[Fraction, ...]


def require_goals_refuted(
    program: Program,
    goals: Iterable[OneSided],
    argument: Argument,
    constraints: Sequence[tuple[int, ...]] = (),
    interior: Sequence[int] = (),
) -> None:
    """No goal is positive at any d with w d >= 0 for all w in ``constraints``.

    At ``interior`` all constraints are positive, so they leave an open cone; a goal that is positive somewhere in it
    is positive inside, and the constraints may be taken to be strict.  Raises Rejected; costs as above.
    """
    localised = Localised(program)
    definitions = Definitions(program, localised, argument)
    if constraints and argument.half is not None:
        raise Rejected("half: constraints need not hold at -d")
    for place, row in enumerate(constraints):
        if len(row) != localised.size or len(interior) != localised.size or sum(map(mul, row, interior)) <= 0:
            raise Rejected(f"constraints[{place}] is not positive at the point that is given")
    forms = [goal_form(goal, program, localised, definitions) for goal in goals]
    require_empty_clause(opened_within(definitions, forms, argument.half, constraints), argument)


def goal_form(goal: OneSided, program: Program, localised: Localised, definitions: Definitions) -> Form:
    """A positive multiple of a goal, over inputs and atoms in integers."""
    total: dict[int, Fraction] = {}
    for output, factor in goal.outputs:
        node = program.rewritten.outputs[output]
        for variable, coefficient in definitions.form(node).items():
            total[variable] = total.get(variable, Fraction(0)) + factor * coefficient / localised.scales[node]
    for index, entry in enumerate(goal.linear):
        total[index] = total.get(index, Fraction(0)) - entry
    common = math.lcm(*(entry.denominator for entry in total.values()))
    return {variable: int(entry * common) for variable, entry in total.items() if entry}


def opened_within(
    definitions: Definitions, goals: Iterable[Form], half: Pairs | None, constraints: Iterable[Sequence[int]]
) -> Logic:
    """The opening clauses: one of the goals is positive, and so is each constraint (or ``half``)."""
    logic = opened(definitions, goals, half)
    for row in constraints:
        logic.state([logic.literal({index: entry for index, entry in enumerate(row) if entry})])
    return logic
