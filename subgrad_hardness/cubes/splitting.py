"""Look-ahead: by which form to split a cube.

Candidates are forms in the inputs alone with directions of the cube on both sides.  Of each the two halves are looked
at: how much does what is left simplify in them?  A good split simplifies both, so the product counts.

* Where the goals are a small monotone circuit (``engine.circuit``), candidates are its half-spaces, and a half
  simplifies by unit propagation in the circuit's clauses (``clauses``).
* Else candidates are the forms of the kinks that read inputs alone, and a half simplifies by the phases of such kinks
  that it decides (``phases``).

Which form is taken is of no consequence for the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.cubes.clauses import ranked_by_propagation
from subgrad_hardness.cubes.phases import ranked_by_phases, row_of
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Key, opposite
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.session import Session


def split_of(
    goals: GoalForms, supposed: Sequence[Key], session: Session, engines: Sequence[str], limits: Limits
) -> Key | None:
    """The form by which to split the cube ``supposed`` of a question; None where no form is left.

    Parameters
    ----------
    goals : the whole question's.
    engines : those that decide cubes, the likeliest first.

    Notes
    -----
    Some tenths of a second: exact cones, and unit propagation in at most some dozens of candidates.  Raises
    LimitReached.
    """
    inside = [*goals.constraints, *supposed]
    ranked: Iterable[Key] | None = None
    if _first(engines) == "circuit":
        ranked = ranked_by_propagation(goals, inside, session, limits)
    if ranked is None:
        ranked = ranked_by_phases(goals, inside, limits)
    cone = StrictCone(goals.normal.inputs)
    rows = [row_of(cone, form) for form in inside]
    known = {form for row in inside for form in (row, opposite(row))}
    for form in ranked:
        limits.check()
        if form in known:
            continue
        halves = (row_of(cone, form), row_of(cone, opposite(form)))
        if all(isinstance(cone.solve([*rows, half], limits), Feasible) for half in halves):
            return form
    return None


def split_in_time(
    goals: GoalForms, supposed: Sequence[Key], session: Session, engines: Sequence[str], limits: Limits
) -> Key | None:
    """``split_of``, or None where the time runs out."""
    try:
        return split_of(goals, supposed, session, engines, limits)
    except LimitReached:
        return None


def _first(engines: Sequence[str]) -> str | None:
    return next((name for name in engines if name in ("circuit", "phase")), None)
