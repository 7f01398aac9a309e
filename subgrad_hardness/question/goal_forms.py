"""The goals of a question as forms over the inputs and atoms of the net's normal form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.normal_form.reflection import symmetric
from subgrad_hardness.question.blocks import Block, Split, split, unsplit
from subgrad_hardness.question.coordinates import Coordinates, coordinates_for, input_parts
from subgrad_hardness.question.question import Goal, Question


class GoalForms(NamedTuple):
    """What the engines decide that work on the normal form: is one of ``forms`` positive somewhere?

    Attributes
    ----------
    forms : the goals that are not identically zero, each once; none: no goal is positive, by the algebra of the
        normal form.
    half : the goals are the same at d and -d, as a set, so only directions with this form in the inputs positive need
        a look; None: no such symmetry is seen.
    constraints : the question's constraints, primitive.  They leave an open cone, and a goal that is positive
        somewhere in it is so in its interior: they may be taken to be positive.
    split : the independent blocks of the forms, which are decided one by one.
    coordinates : the coordinates that matter.
    """

    normal: NormalForm
    forms: list[Form]
    half: Key | None
    constraints: tuple[Key, ...]
    split: Split
    coordinates: Coordinates

    @property
    def supposed(self) -> tuple[Key, ...]:
        """All forms in the inputs alone that may be taken to be positive."""
        return self.constraints if self.half is None else (self.half,)

    def witness(self, question: Question, block: Block, direction: tuple[int, ...]) -> tuple[int, ...]:
        """A direction at which a goal is positive, from one that makes the block's form positive."""
        if block.own is None or question.holds(direction):
            return direction
        return self.split.isolated(block.own, direction)

    def merged(self, kinks: int) -> str:
        """How much the normal form removed of a net with so many kinks, in words."""
        left, signs = len(self.normal.atoms), len(self.normal.signs)
        gone = f"; {signs} have one sign" if signs else ""
        if not self.forms:
            return f"the normal form is linear: of {kinks} kinks {left} are different{gone}, and they cancel"
        return f"{left} of {kinks} kinks are different{gone}"


def goal_forms(question: Question, normal: NormalForm) -> GoalForms:
    """The goals of ``question`` over ``normal``, the normal form of its net.

    The constraints must leave an open cone (``restriction``).  About linear in the size of the normal form, and
    for small matrices an exact elimination.
    """
    found = {key_of(form): form for form in forms_of(question.goals, normal) if form}
    forms = [dict(key) for key in found]
    constraints = tuple(
        [key_of({index: entry for index, entry in enumerate(row) if entry}) for row in question.constraints if any(row)]
    )
    parts = input_parts(normal, [*forms, *map(dict, constraints)])
    if constraints:  # they join what is independent without them
        return GoalForms(normal, forms, None, constraints, unsplit(forms), coordinates_for(parts, normal.inputs))
    half = _half(normal) if forms and symmetric(normal, list(found)) else None
    blocks = split(normal, forms, parts)
    if blocks.lemmas:  # the input part of a block need not lie in the span of the goals' input parts
        parts = input_parts(normal, [*forms, *(block.form for block in blocks.blocks)])
    return GoalForms(normal, forms, half, (), blocks, coordinates_for(parts, normal.inputs))


def forms_of(goals: Iterable[Goal], normal: NormalForm) -> Iterator[Form]:
    """Each goal as a form over the inputs and atoms of ``normal``."""
    for goal in goals:
        yield form_of(goal, normal.outputs)


def form_of(goal: Goal, outputs: Sequence[Form]) -> Form:
    """A goal as a form, where the net's outputs are the forms ``outputs``."""
    form: Form = {}
    for output, coefficient in goal.outputs:
        add(form, outputs[output], goal.sign * coefficient)
    add(form, {index: entry for index, entry in enumerate(goal.linear) if entry}, -goal.sign)
    return form


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
