"""Checks the argument of a ``unique`` certificate: no direction d has F'(x0; d) != g d (SPEC 4)."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.definitions import Definitions
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Logic, Rejected, add, key_of
from subgrad_hardness.net.program import Program


def require_refutation(
    program: Program, localised: Localised, jacobian: Sequence[Sequence[int]], argument: Argument
) -> None:
    """Every objective +-(F'_k(x0; d) - g_k d) is refuted.

    Parameters
    ----------
    jacobian : g, scaled as ``localised`` scales the outputs.

    Raises Rejected, with the reason.  Linear in the net, the argument and its hints.
    """
    definitions = Definitions(program, localised, argument)
    objectives = [
        form
        for output, row in zip(localised.outputs, jacobian, strict=True)
        for form in both_signs(definitions.form(output), row)
    ]
    logic = opened(definitions, objectives, argument.half)
    for place, entries in enumerate(argument.forms):
        form: Form = {}
        add(form, entries, 1)
        if not form or not all(0 <= variable < logic.inputs + len(logic.atoms) for variable in form):
            raise Rejected(f"forms[{place}] is zero, or names a variable that there is not")
        logic.literal(form)
    for place, (literal, atom) in enumerate(argument.rules):
        logic.rule(literal, atom, f"rules[{place}]")
    for place, (clause, multipliers, generators) in enumerate(argument.lemmas):
        logic.lemma(clause, multipliers, generators, f"lemmas[{place}]")
    for place, (literals, hints) in enumerate(argument.derivation):
        logic.derive(literals, hints, f"derivation[{place}]")
    if all(logic.clauses[1:]):
        raise Rejected("the empty clause is not derived")


def both_signs(form: Form, row: Sequence[int]) -> tuple[Form, Form]:
    """form - row and row - form."""
    difference = dict(form)
    add(difference, ((index, entry) for index, entry in enumerate(row) if entry), -1)
    return difference, {variable: -coefficient for variable, coefficient in difference.items()}


def opened(definitions: Definitions, objectives: Sequence[Form], half: Sequence[tuple[int, int]] | None) -> Logic:
    """The literals of the objectives, and the clause that one of them is positive; with ``half`` also the
    clause that d lies in the open half-space "half > 0".

    The second is right if the objectives are the same at -d, as a set: then d or -d will do.
    """
    logic = Logic(definitions.inputs, definitions.atoms)
    logic.state([logic.literal(form) for form in objectives])
    if half is None:
        return logic
    keys = {key_of(form) for form in objectives if form}
    values = definitions.reflected()
    for key in keys:
        image = definitions.reflect(key, values)
        if not image or key_of(image) not in keys:
            raise Rejected("half: the objectives are not seen to be the same at -d")
    form: Form = {}
    add(form, half, 1)
    if not form or not all(0 <= variable < logic.inputs for variable in form):
        raise Rejected("half: not a nonzero form over the inputs")
    logic.state([logic.literal(form)])
    return logic
