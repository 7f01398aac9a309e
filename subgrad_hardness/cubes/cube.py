"""A cube, a task about it and its report: small, immutable, picklable.

A *cube* of a question is the part of it where some forms in the inputs alone are positive: an open cone between
hyperplanes.  The directions on the hyperplanes are in no cube, and need not be: a goal that is positive somewhere is so
on an open set (SPEC 4, strict phases).  (The word is that of cube and conquer: Heule, Kullmann, Wieringa and Biere,
HVC 2011.)
"""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.proof.steps import Case
from subgrad_hardness.question.question import Question

#: The two halves of a cube, in its name: where the form that splits it is positive, where its opposite is.
POSITIVE, NEGATIVE = "+", "-"


class Task(NamedTuple):
    """Decide the cube ``name``, where the forms ``supposed`` are positive, within ``seconds`` of the processor's time;
    if it stands, say how to split it.  0 seconds: say so at once."""

    name: str
    supposed: tuple[Key, ...]
    seconds: float


class Found(NamedTuple):
    """A direction in the cube at which a goal is positive."""

    direction: tuple[int, ...]
    by: str


class Fallen(NamedTuple):
    """No goal is positive where the forms ``rests_on``, which are some of the supposed ones, are positive.

    ``case`` is the proof (None: there is none).
    """

    rests_on: tuple[Key, ...]
    case: Case | None
    by: str


class Standing(NamedTuple):
    """Neither; ``split`` is a form with directions of the cube on both its sides (None: none is of any use).

    ``limited``: an engine would go on with more time.
    """

    why: str
    split: Key | None
    limited: bool = True


class Lost(NamedTuple):
    """The process that was at the cube ended, as ``end`` tells, perhaps (``killed``) by something from outside."""

    end: str
    killed: bool


class Report(NamedTuple):
    """What became of a task.

    It took its ``process`` so many ``seconds`` of processor time, and ``extra`` for the proof or the choice of a split.
    """

    name: str
    outcome: Found | Fallen | Standing | Lost
    seconds: float = 0.0
    extra: float = 0.0
    process: int = 0


def lost(task: Task, end: str, /, *, killed: bool) -> Report:
    """The report of a task whose process ended without one."""
    return Report(task.name, Lost(end, killed))


def within(question: Question, supposed: tuple[Key, ...]) -> Question:
    """The part of the question where the forms ``supposed`` are positive."""
    rows = []
    for form in supposed:
        entries = dict(form)
        rows.append(tuple([entries.get(index, 0) for index in range(question.net.inputs)]))
    return question._replace(constraints=(*question.constraints, *rows))
