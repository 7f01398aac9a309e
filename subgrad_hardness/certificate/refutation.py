"""Checks arguments that goals are positive nowhere; for ``unique``, that no d has F'(x0; d) != g d (SPEC 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from subgrad_hardness.certificate.argument import Argument, Pairs
from subgrad_hardness.certificate.definitions import Definitions
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Logic, Rejected, add, opposite
from subgrad_hardness.net.program import Program


def require_refutation(program: Program, localised: Localised, passing: Mapping[int, bool], argument: Argument) -> None:
    """Every goal +-(F'_k(x0; d) - g_k d) is refuted, g being the gradients under the branches ``passing``.

    Raises Rejected.  A backward pass a kink and a bent output, and linear in the argument written out."""
    definitions = Definitions(program, localised, argument)
    logic = opened(definitions, linearity_goals(definitions, localised, passing), argument.half)
    require_empty_clause(logic, argument)


def linearity_goals(definitions: Definitions, localised: Localised, passing: Mapping[int, bool]) -> Iterable[Form]:
    """The goals that are not zero at sight: an output that no kink bends is linear, whatever branches kinks take."""
    for output in localised.outputs:
        if localised.ways[1][output]:
            difference = definitions.form(output)
            add(difference, localised.gradient(output, passing).items(), -1)
            yield from (difference, {variable: -coefficient for variable, coefficient in difference.items()})


def require_empty_clause(logic: Logic, argument: Argument) -> None:
    """The argument's steps over the opening clauses in ``logic`` end in the empty clause.  Raises Rejected."""
    for place, form in enumerate(argument.forms):
        if not _is_form(form, logic.inputs + len(logic.atoms), len(argument.thresholds)):
            raise Rejected(f"forms[{place}] is zero, or names a variable that there is not")
        logic.literal(dict(form))
    for place, (form, part) in enumerate(argument.thresholds):
        logic.split(form, part, f"thresholds[{place}]")
    if argument.levels is not None:
        from subgrad_hardness.certificate.levels import require_nowhere_positive  # few arguments have such steps

        require_nowhere_positive(logic, argument.levels)
    for place, (literal, atom) in enumerate(argument.rules):
        logic.rule(literal, atom, f"rules[{place}]")
    for place, (clause, multipliers, generators) in enumerate(argument.lemmas):
        logic.lemma(clause, multipliers, generators, f"lemmas[{place}]")
    for place, (literals, hints) in enumerate(argument.derivation):
        logic.derive(literals, hints, f"derivation[{place}]")
    if all(logic.clauses[1:]):
        raise Rejected("the empty clause is not derived")


def opened(definitions: Definitions, goals: Iterable[Form], half: Pairs | None) -> Logic:
    """The literals of the goals, and the clause that one of them is positive; with ``half`` also the clause that d
    lies in the open half-space "half > 0": if the goals are the same at -d, as a set, d or -d will do."""
    logic = Logic(definitions.inputs, definitions.atoms)
    logic.state([logic.literal(form) for form in goals])
    if half is None:
        return logic
    values = definitions.reflected()
    for literal in logic.clauses[1]:
        form = logic.form(literal)  # that of the negation where the literal is negative
        image = definitions.reflect(form if literal > 0 else opposite(form), values)
        if logic.literal(image or {}) not in logic.clauses[1]:
            raise Rejected("half: the objectives are not seen to be the same at -d")
    if not _is_form(half, logic.inputs):
        raise Rejected("half: not a nonzero form over the inputs")
    logic.state([logic.literal(dict(half))])
    return logic


def _is_form(pairs: Pairs, variables: int, thresholds: int = 0) -> bool:
    return bool(pairs) and pairs[0][0] >= -thresholds and pairs[-1][0] < variables
