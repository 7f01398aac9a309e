"""Checks arguments that goals are positive nowhere; for ``unique``, that no d has F'(x0; d) != g d (SPEC 4)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument, Pairs
from subgrad_hardness.certificate.definitions import Definitions
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Logic, Rejected, add
from subgrad_hardness.net.program import Program


def require_refutation(
    program: Program, localised: Localised, jacobian: Iterable[Mapping[int, int]], argument: Argument
) -> None:
    """Every goal +-(F'_k(x0; d) - g_k d) is refuted; ``jacobian`` has the rows of g, scaled as ``localised`` does.

    Raises Rejected, with the reason.  A backward pass a kink and an output, and linear in the argument when
    each number of a literal, atom or clause is written out as what it stands for.
    """
    definitions = Definitions(program, localised, argument)
    pairs = (both_signs(definitions.form(output), g) for output, g in zip(localised.outputs, jacobian, strict=True))
    _require_empty_clause(opened(definitions, chain.from_iterable(pairs), argument.half), argument)


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
    _require_empty_clause(opened(definitions, forms, argument.half, constraints), argument)


def goal_form(goal: OneSided, program: Program, localised: Localised, definitions: Definitions) -> Form:
    """A positive multiple of a goal, over inputs and atoms in integers."""
    total: dict[int, Fraction] = {}
    for output, factor in goal.outputs:
        node = program.lowered.outputs[output]
        for variable, coefficient in definitions.form(node).items():
            total[variable] = total.get(variable, Fraction(0)) + factor * coefficient / localised.scales[node]
    for index, entry in enumerate(goal.linear):
        total[index] = total.get(index, Fraction(0)) - entry
    common = math.lcm(*(entry.denominator for entry in total.values()))
    return {variable: int(entry * common) for variable, entry in total.items() if entry}


def _require_empty_clause(logic: Logic, argument: Argument) -> None:
    for place, form in enumerate(argument.forms):
        if not _is_form(form, logic.inputs + len(logic.atoms)):
            raise Rejected(f"forms[{place}] is zero, or names a variable that there is not")
        logic.literal(dict(form))
    for place, (literal, atom) in enumerate(argument.rules):
        logic.rule(literal, atom, f"rules[{place}]")
    for place, (clause, multipliers, generators) in enumerate(argument.lemmas):
        logic.lemma(clause, multipliers, generators, f"lemmas[{place}]")
    for place, (literals, hints) in enumerate(argument.derivation):
        logic.derive(literals, hints, f"derivation[{place}]")
    if all(logic.clauses[1:]):
        raise Rejected("the empty clause is not derived")


def both_signs(form: Form, row: Mapping[int, int]) -> tuple[Form, Form]:
    """form - row and row - form."""
    difference = dict(form)
    add(difference, row.items(), -1)
    return difference, {variable: -coefficient for variable, coefficient in difference.items()}


def opened(
    definitions: Definitions, goals: Iterable[Form], half: Pairs | None, constraints: Iterable[tuple[int, ...]] = ()
) -> Logic:
    """The literals of the goals, and the clause that one of them is positive; with ``half`` also the clause that d
    lies in the open half-space "half > 0": if the goals are the same at -d, as a set, d or -d will do; and a clause
    for each constraint."""
    logic = Logic(definitions.inputs, definitions.atoms)
    logic.state([logic.literal(form) for form in goals])
    for row in constraints:
        logic.state([logic.literal({index: entry for index, entry in enumerate(row) if entry})])
    if half is None:
        return logic
    values = definitions.reflected()
    for literal in logic.clauses[1]:  # with a form in the inputs alone its opposite is an objective too
        image = definitions.reflect(logic.form(literal), values)
        if not image or logic.literal(image) not in logic.clauses[1]:
            raise Rejected("half: the objectives are not seen to be the same at -d")
    if not _is_form(half, logic.inputs):
        raise Rejected("half: not a nonzero form over the inputs")
    logic.state([logic.literal(dict(half))])
    return logic


def _is_form(pairs: Pairs, variables: int) -> bool:
    return bool(pairs) and pairs[0][0] >= 0 and pairs[-1][0] < variables
