"""What the engines that work on the normal form decide: is one of finitely many forms positive somewhere?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm, normalise
from subgrad_hardness.normal_form.reflection import symmetric
from subgrad_hardness.question.blocks import Block, Split, split
from subgrad_hardness.question.coordinates import Coordinates, coordinates_for, input_parts
from subgrad_hardness.question.question import Question


class Objectives(NamedTuple):
    """The normal form of a question's net, and its objectives that are not identically zero.

    No ``forms``: F' is linear, by the algebra of the normal form.  ``half``: the objectives are the same
    at d and -d, as a set, so only directions with this form in the inputs positive need a look.  ``split``
    has the independent blocks of the forms, which are decided one by one; ``coordinates`` the coordinates that matter.
    """

    normal: NormalForm
    forms: list[Form]
    half: Key | None
    split: Split
    coordinates: Coordinates

    def witness(self, question: Question, block: Block, direction: tuple[int, ...]) -> tuple[int, ...]:
        """A direction that separates, from one that makes the block's form positive."""
        if block.own is None or question.separates(direction):
            return direction
        return self.split.isolated(block.own, direction)


# The last question and its objectives: the policy and every engine ask for the same ones.
_last: list[tuple[Question, Objectives]] = []


def normal_objectives(question: Question, limits: Limits) -> Objectives:
    """The objectives of ``question``, remembered until another question comes.

    About linear in the size of the normal form.  Raises LimitReached.
    """
    if not _last or _last[0][0] is not question:
        _last[:] = [(question, _objectives(question, limits))]
    return _last[0][1]


def _objectives(question: Question, limits: Limits) -> Objectives:
    normal = normalise(flatten(question.net, limits), limits)
    found = {key_of(form): form for form in objectives(normal, question.reference) if form}
    forms = [dict(key) for key in found]
    half = _half(normal) if forms and symmetric(normal, list(found)) else None
    parts = input_parts(normal, forms)
    return Objectives(normal, forms, half, split(normal, forms, parts), coordinates_for(parts, normal.inputs))


def merged(question: Question, aim: Objectives) -> str:
    """How much the normal form removed, in words."""
    kinks, left = len(question.net.kinks), len(aim.normal.atoms)
    gone = f"; {len(aim.normal.signs)} have one sign" if aim.normal.signs else ""
    if not aim.forms:
        return f"the normal form is linear: of {kinks} kinks {left} are different{gone}, and they cancel"
    return f"{left} of {kinks} kinks are different{gone}"


def objectives(normal: NormalForm, reference: Sequence[Sequence[int]]) -> Iterator[Form]:
    """+-(F'_k(d) - g_k d) for every output k, as forms over inputs and atoms."""
    for output, row in zip(normal.outputs, reference, strict=True):
        form = dict(output)
        add(form, {index: entry for index, entry in enumerate(row) if entry}, -1)
        yield form
        yield {variable: -coefficient for variable, coefficient in form.items()}


def _half(normal: NormalForm) -> Key | None:
    """The hyperplane of an atom whose gain somewhere is positive: its phase is likely to be asked for."""
    gains: dict[int, int] = {}
    for form in (*normal.atoms, *normal.outputs):
        for variable, coefficient in form.items():
            if variable >= normal.inputs and max(normal.atoms[variable - normal.inputs]) < normal.inputs:
                gains[variable] = max(gains.get(variable, coefficient), coefficient)
    if not gains:
        return None
    return key_of(normal.atoms[max(gains, key=lambda variable: gains[variable]) - normal.inputs])
