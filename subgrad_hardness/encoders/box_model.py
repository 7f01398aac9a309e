"""What the formats of mixed-integer programming have in common: the model, and the solution read back.

All goals become one objective.  For a form f the value 2 relu(f) - f is |f|, so with one more kink
r_k = relu(F'_k - g_k d) an output the objective

    maximise  sum_k |F'_k(d) - g_k d|  =  sum_k 2 r_k - (F'_k(d) - g_k d)

over the box |d_j| <= 1 is linear in the model's variables, at least 0, and positive at some direction iff
the net has two distinct subgradients.  In exact arithmetic, that is: see ``WARNING``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.encoders.contract import (
    AnswerError,
    Asked,
    Claim,
    EncodingError,
    exact_number,
    span,
)
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.solvers.linear_model import Constraint
from subgrad_hardness.solvers.mixed_integer import Encoding, Unrepresentable, unscaled
from subgrad_hardness.solvers.ranges import preactivation_ranges

#: What every file says about tolerances.
WARNING = (
    "The optimum is 0 or positive in exact arithmetic.  A solver in floating point may report an optimum",
    "of the size of its tolerances where it is 0 (big-M), and 0 where it is positive on a thin cone only:",
    "a positive optimum is a proposal, to be replayed exactly; an optimum of 0 is no proof.",
)
#: An optimum up to this, relative to the objective's largest coefficient, is what solvers call 0.
_TOLERANCE = Fraction(1, 10**6)

# "d0 0.5", as most solvers have it, with a column's number before it (CBC); or CPLEX's XML.
_LINE = re.compile(
    r"""(?:^|[\s"])(?P<name>[dab][0-9]{1,9})(?:"\s[^<>]{0,80}?value=")?\s*[\s=:]?\s*
        (?P<value>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9]+)?)(?=["\s]|$)""",
    re.ASCII | re.VERBOSE,
)
_NO_POINT = re.compile(r"infeasible|unbounded|no (feasible )?solution", re.IGNORECASE)


def box_model(asked: Asked) -> Encoding:
    """The model of ``asked``.  Raises EncodingError where a number is no binary64 number.

    Linear in the nonzeros, beside the bounds of ``encoders.bounds``.
    """
    flat = asked.flat
    objective: Form = {}
    kinks = list(flat.kinks)
    for _, form in asked.goals:
        add(objective, {flat.inputs + len(kinks): 2}, 1)
        add(objective, form, -1)
        kinks.append(form)
    normal = NormalForm(flat.inputs, tuple(kinks), flat.outputs)
    try:
        return unscaled(normal, preactivation_ranges(normal, Limits()), objective)
    except Unrepresentable as problem:
        raise EncodingError(f"no exact mixed-integer model: {problem}") from None


def explanation(asked: Asked, target: str) -> list[str]:
    """The comments on variables, rows and the answer."""
    inputs = asked.flat.inputs
    return [
        f"{span('d', inputs)}: the direction, in [-1, 1].  a0, a1, ...: the values of kinks, a = relu(z), by the rows",
        "a >= z, a <= z - low (1 - b), a <= high b, with a binary b of the same number (1: the kink passes)",
        "and proved bounds low <= z <= high over the box.  The last kinks are relu(F'_k(d) - g_k d), so that",
        "the objective, sum_k |F'_k(d) - g_k d|, is linear.  Optimum > 0 iff there are two subgradients.",
        *WARNING,
        f"Decode: {target}, from the solver's solution file (names and values).",
    ]


def terms(row: Constraint) -> list[tuple[int, int]]:
    """The variables and coefficients of a row of an unscaled model."""
    return [(index, int(entry)) for index, entry in zip(row.variables, row.coefficients, strict=True)]


def pieces(words: Iterable[str], width: int = 200) -> Iterable[str]:
    """Words joined to lines, which some readers want short."""
    line = ""
    for word in words:
        if line and len(line) + len(word) > width:
            yield line
            line = ""
        line += f" {word}"
    yield line


def solution(asked: Asked, answer: str) -> Claim:
    """What a solution file says: lines with a name and a value, as SCIP, HiGHS, CBC, Gurobi and CPLEX write them.

    A variable that is not there is 0.  Raises AnswerError if no direction is there at all.
    """
    values: dict[str, Fraction] = {}
    for line in answer.splitlines():
        for match in _LINE.finditer(line):
            values.setdefault(match["name"], exact_number(match["value"], match["name"]))
    if not values and (_NO_POINT.search(answer) or not re.search(r"objective", answer, re.IGNORECASE)):
        raise AnswerError("no value of d0, d1, ...: not a solution of this model, which always has one")
    encoding = box_model(asked)
    point = [values.get(variable.name, Fraction(0)) for variable in encoding.model.variables]
    goal = encoding.model.goal
    largest = max(map(abs, goal.coefficients), default=Fraction(1))
    return Claim(goal.value(point) > _TOLERANCE * largest, encoding.directions(point, Limits()))
