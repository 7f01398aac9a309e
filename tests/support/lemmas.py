"""The lemmas of a proof, each checked by itself."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.certificate.logic import Logic
from subgrad_hardness.normal_form.linear_form import key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma


def check_lemmas(normal: NormalForm, lemmas: Sequence[Lemma]) -> None:
    """The verifier accepts each of them."""
    logic = Logic(normal.inputs, [key_of(atom) for atom in normal.atoms])
    for number, (clause, multipliers, generators) in enumerate(lemmas):
        literals = [(1 if positive else -1) * logic.literal(dict(form)) for form, positive in clause]
        logic.lemma(literals, multipliers, generators, f"lemma {number}")
    assert all(logic.clauses[1:])
