"""Backward differentiation: the program that computes F and its gradient, in two forms.

*Textbook*, as the algorithm stands on paper: the evaluation with all local slopes; all adjoints set to 0, that of the
output to 1; then for every step from the last to the first and for each of its arguments a product and a sum.  Its
cost is exactly the sum of c_d(g) + a (c_mul + c_add) over the steps.

*Structural*, as a code generator emits it: each operation's own sweep back, no product by 0, 1 or -1, the first
contribution to an adjoint is an assignment, signs travel with the adjoint, what nobody needs is left out.  Derived *at*
a point it follows the branch that is taken there, so that nothing is paid for the arguments of a relu that is off.

Several outputs have one sweep each, after one evaluation.  Source: Linnainmaa 1970; Baur and Strassen 1983; Griewank
and Walther 2008 for the two ways of counting.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.applying import Evaluated, active
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.writing import ONE, ZERO, Folding, Plain, Term, Writer

FORMS = ("textbook", "structural")


def backward(
    program: StraightLine,
    form: str = "structural",
    *,
    at: Sequence[Value] | None = None,
    wrt: Sequence[int] | None = None,
    limits: Limits = NO_LIMITS,
) -> StraightLine:
    """The program that computes the m outputs and then, output by output, their gradients.

    Parameters
    ----------
    form : ``textbook`` or ``structural``.
    at : a point: the structural program for the branches that are taken there (and guarded by them); without one it
        holds everywhere.  Textbook programs hold everywhere.
    wrt : the inputs that are differentiated, by number; all by default.

    Raises ParameterError for an unknown form, PointError where the program has no value at the point, LimitReached.
    Linear in the size of the program, for each output.
    """
    flat = program.flat
    inputs = range(len(flat.inputs)) if wrt is None else wrt
    if form == "textbook":
        return _textbook(flat, inputs, limits)
    if form != "structural":
        raise ParameterError(f"unknown form {form!r}; known: {', '.join(FORMS)}", place="form")
    writer = Writer(flat.inputs, at)
    evaluated = Evaluated(flat, writer, prepared=True).all()
    writer.sweep = len(writer.steps)
    return swept(evaluated, inputs, guarded=at is not None, limits=limits)


def swept(
    evaluated: Evaluated,
    wrt: Sequence[int],
    *,
    more: Sequence[Term] = (),
    guarded: bool = False,
    limits: Limits = NO_LIMITS,
) -> StraightLine:
    """The structural program from an evaluation: outputs, ``more``, gradients."""
    flat, writer = evaluated.program, evaluated.writer
    live = active(flat, wrt)
    gradients = [term for output in flat.outputs for term in sweep(evaluated, output, live, wrt, limits)]
    written = writer.program([*evaluated.outputs, *more, *gradients], prune=True, guarded=guarded, name=flat.name)
    return StraightLine.of(written)


def sweep(evaluated: Evaluated, output: int, live: bytearray, wrt: Sequence[int], limits: Limits) -> list[Term]:
    """One structural reverse sweep: the gradient of one output."""
    fold = Folding(evaluated.writer)
    flat, first = evaluated.program, len(evaluated.program.inputs)
    adjoints: dict[int, Term] = {output: ONE}
    for position in range(len(flat.steps) - 1, -1, -1):
        slot = first + position
        applied = evaluated.nodes[position]
        if applied is None or not live[slot]:
            continue
        entry, node = applied
        fold.writer.name = flat.steps[position].name
        if entry.route is not None:
            members = evaluated.members[position]
            if members is None:
                continue
            ws = [adjoints.pop(first + members[k], ZERO) if k in members else ZERO for k in range(len(node.arguments))]
            increments = entry.route(fold, node.kept, ws)
        else:
            w = adjoints.pop(slot, ZERO)
            if w.known and not w.constant:
                continue
            increments = entry.pull(fold, node, w)
        limits.check()
        for argument, increment in zip(flat.steps[position].arguments, increments, strict=True):
            if live[argument]:
                adjoints[argument] = fold.add(adjoints.get(argument, ZERO), increment)
    return [adjoints.get(slot, ZERO) for slot in wrt]


def _textbook(flat: StraightLine, wrt: Sequence[int], limits: Limits) -> StraightLine:
    writer = Writer(flat.inputs)
    live, first = active(flat, wrt), len(flat.inputs)
    evaluated = Evaluated(flat, writer, prepared=True)
    slopes: list[dict[int, Term]] = []
    told: list[int] = []  # all that the algorithm computes: nothing of it is left out
    for position in range(len(flat.steps)):
        limits.check()
        size = writer.size
        evaluated.apply(position)
        told += range(size, writer.size)
        slopes.append(local_slopes(evaluated, position, live))
        told += [term.slot for term in slopes[-1].values()]
    writer.sweep, size = len(writer.steps), writer.size
    plain, gradients = Plain(writer), []
    for output in flat.outputs:
        adjoints = [ZERO] * (first + len(flat.steps))
        adjoints[output] = ONE
        for position in range(len(flat.steps) - 1, -1, -1):
            limits.check()
            arguments = flat.steps[position].arguments
            for place, slope in slopes[position].items():
                product = plain.mul(adjoints[first + position], slope)
                adjoints[arguments[place]] = plain.add(adjoints[arguments[place]], product)
            for place, increment in _routed(evaluated, position, adjoints, live).items():
                adjoints[arguments[place]] = plain.add(adjoints[arguments[place]], increment)
        gradients += [adjoints[slot] for slot in wrt]
    told += range(size, writer.size)
    return StraightLine.of(writer.program([*evaluated.outputs, *gradients], keep=told, prune=True, name=flat.name))


def _routed(evaluated: Evaluated, position: int, adjoints: Sequence[Term], live: bytearray) -> dict[int, Term]:
    """The increments of a whole group, whose Jacobian is a permutation: one product with its one slope for each row."""
    members, applied = evaluated.members.get(position), evaluated.nodes[position]
    first, step = len(evaluated.program.inputs), evaluated.program.steps[position]
    if not members or applied is None or applied[0].route is None or not live[first + position]:
        return {}
    plain, size = Plain(evaluated.writer), len(step.arguments)
    rows = [plain.mul(adjoints[first + members[k]], ONE) if k in members else ZERO for k in range(size)]
    increments = applied[0].route(Folding(evaluated.writer, branches=False), applied[1].kept, rows)
    return {place: increments[place] for place, argument in enumerate(step.arguments) if live[argument]}


def local_slopes(evaluated: Evaluated, position: int, live: bytearray) -> dict[int, Term]:
    """The slopes of a step in its arguments that are differentiated, by place, for all branches at once."""
    applied, step = evaluated.nodes[position], evaluated.program.steps[position]
    if applied is None or applied[0].route is not None or not live[len(evaluated.program.inputs) + position]:
        return {}
    entry, node = applied
    found = entry.pull(Folding(evaluated.writer, branches=False), node, ONE)
    wanted = {place: found[place] for place, argument in enumerate(step.arguments) if live[argument]}
    return {place: Term(evaluated.writer.slot(term)) for place, term in wanted.items()}
