"""What the engines that work on the normal form decide: is one of finitely many forms positive somewhere?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subgrad_hardness.engine.contract import Question
from subgrad_hardness.limits import Limits
from subgrad_hardness.local.flatten import Form, flatten
from subgrad_hardness.local.normal_form import NormalForm, add, normalise


def normal_objectives(question: Question, limits: Limits) -> tuple[NormalForm, list[Form]]:
    """The normal form of the question's net, and its objectives that are not identically zero.

    None left: F' is linear, by the algebra of the normal form.  Raises LimitReached.
    """
    normal = normalise(flatten(question.net, limits), limits)
    return normal, [form for form in objectives(normal, question.reference) if form]


def objectives(normal: NormalForm, reference: Sequence[Sequence[int]]) -> Iterator[Form]:
    """+-(F'_k(d) - g_k d) for every output k, as forms over inputs and atoms."""
    for output, row in zip(normal.outputs, reference, strict=True):
        form = dict(output)
        add(form, {index: entry for index, entry in enumerate(row) if entry}, -1)
        yield form
        yield {variable: -coefficient for variable, coefficient in form.items()}
