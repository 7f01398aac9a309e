"""The question for SMT solvers as the peers are asked: one goal at a time, variables v0, v1, ...

The encoding itself is ``subgrad_hardness.encoders.linear_real``; asking for one goal at a time was as
fast or faster in every solver than a disjunction of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from subgrad_hardness.encoders import linear_real
from subgrad_hardness.encoders.linear_real import Encoding, Inequality
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.goal_forms import forms_of
from subgrad_hardness.question.question import Question

__all__ = ["Encoding", "Inequality", "clause_text", "encode", "formulas", "names", "smtlib"]


def encode(question: Question, shared: bool = False) -> Encoding:
    """The encoding of the raw local net, before any normal form; ``shared``: with a variable for each sum."""
    if shared:
        return linear_real.encode_sums(question.net, [goal.linear for goal in question.goals[::2]])
    flat = flatten(question.net)
    both_signs = forms_of(question.goals, NormalForm(flat.inputs, flat.kinks, flat.outputs))
    return linear_real.encode(flat, list(both_signs)[::2])


def _name(variable: int) -> str:
    return f"v{variable}"


def names(encoding: Encoding) -> Iterable[str]:
    """The variables' names in all texts."""
    return map(_name, range(encoding.variables))


def clause_text(clause: Iterable[Inequality]) -> str:
    """A disjunction of inequalities as a formula."""
    return linear_real.clause_text(clause, _name)


def formulas(encoding: Encoding) -> Iterable[str]:
    """Everything but the goals."""
    return linear_real.formulas(encoding, _name)


def smtlib(encoding: Encoding) -> str:
    """Everything but the goals as SMT-LIB 2 commands, without ``set-logic``."""
    return "\n".join(linear_real.commands(encoding, _name))
