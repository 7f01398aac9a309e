"""Forward differentiation in k directions at once: the program that computes F and k directional slopes.

*Textbook*: every step computes its local slopes once, and for each direction a products and a - 1 sums:
c_d + k (a c_mul + (a - 1) c_add).  *Structural*: each operation's own push, c_s + k c_ps.

At a kink these are the products of the chosen local slopes with the direction, as a framework's forward mode has
them.  They are the directional derivatives where the program is differentiable; ``cost_model.lexicographic`` has those
that are right at a kink.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.applying import Evaluated, active
from subgrad_hardness.cost_model.backward import FORMS, local_slopes
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.writing import ONE, ZERO, Folding, Plain, Term, Writer


def forward(
    program: StraightLine,
    directions: int = 1,
    form: str = "structural",
    *,
    wrt: Sequence[int] | None = None,
    limits: Limits = NO_LIMITS,
) -> StraightLine:
    """The program that computes the m outputs and then, direction by direction, m slopes.

    Parameters
    ----------
    directions : k.  The inputs of the new program are the old ones and then the directions, each in the inputs of
        ``wrt``; they are called d1.x, d2.x, ...
    form : ``textbook`` or ``structural``.
    wrt : the inputs that move, by number; all by default.

    Raises ParameterError for an unknown form and a number of directions below 0, LimitReached.  Linear in the size of
    the result.
    """
    if form not in FORMS:
        raise ParameterError(f"unknown form {form!r}; known: {', '.join(FORMS)}", place="form")
    if directions < 0:
        raise ParameterError(f"{directions} is negative", place="directions")
    flat = program.flat
    moving = range(len(flat.inputs)) if wrt is None else wrt
    writer = Writer([*flat.inputs, *tangent_names(flat, moving, directions)])
    evaluated = Evaluated(flat, writer, prepared=True)
    live = active(flat, moving)
    tangents = first_tangents(flat, moving, directions)
    told: list[int] = []
    for position, step in enumerate(flat.steps):
        limits.check()
        size = writer.size
        evaluated.apply(position)
        told += range(size, writer.size)
        rows = [[each[argument] for argument in step.arguments] for each in tangents]
        if form == "structural":
            push(evaluated, position, live, tangents, rows)
            continue
        applied = evaluated.nodes[position]
        if applied is not None and applied[0].route is not None and live[len(flat.inputs) + position]:
            size = writer.size  # a row with one slope: the tangent that is chosen, times 1
            fold, plain = Folding(writer, branches=False), Plain(writer)
            for each, row in zip(tangents, rows, strict=True):
                each.append(plain.mul(applied[0].push(fold, applied[1], row), ONE))
            told += range(size, writer.size)
            continue
        slopes = local_slopes(evaluated, position, live)
        told += [term.slot for term in slopes.values()]
        size = writer.size
        plain = Plain(writer)
        for each, row in zip(tangents, rows, strict=True):
            products = [plain.mul(row[place], slope) for place, slope in slopes.items()]
            each.append(plain.total(products) if products else ZERO)
        told += range(size, writer.size)
    outputs = [each[output] for each in tangents for output in flat.outputs]
    written = writer.program(
        [*evaluated.outputs, *outputs], keep=told if form == "textbook" else (), prune=True, name=flat.name
    )
    return StraightLine.of(written)


def tangent_names(flat: Line, moving: Sequence[int], directions: int) -> list[str]:
    """The names of the inputs that hold directions."""
    return [f"d{number}.{flat.inputs[slot]}" for number in range(1, directions + 1) for slot in moving]


def first_tangents(flat: Line, moving: Sequence[int], directions: int) -> list[list[Term]]:
    """The tangents of the inputs, a list a direction."""
    at, result = len(flat.inputs), []
    for _ in range(directions):
        tangents = [ZERO] * len(flat.inputs)
        for slot in moving:
            tangents[slot] = Term(at)
            at += 1
        result.append(tangents)
    return result


def push(
    evaluated: Evaluated, position: int, live: bytearray, tangents: list[list[Term]], rows: Sequence[Sequence[Term]]
) -> None:
    """Write one step's tangents, one a direction, by its own rule."""
    applied = evaluated.nodes[position]
    fold = Folding(evaluated.writer)
    for each, row in zip(tangents, rows, strict=True):
        if applied is None or not live[len(evaluated.program.inputs) + position]:
            each.append(ZERO)
        else:
            each.append(applied[0].push(fold, applied[1], row))
