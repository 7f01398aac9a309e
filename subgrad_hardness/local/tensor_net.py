"""A tensor program near a point: kinks and outputs as rows in the inputs and in earlier kinks, multiplied out.

A model with 10^7 weights has at most a few kinks at a data point that can matter.  So its units are never written down:
signs come from the exact forward pass over whole tensors, and the rows of the kinks and outputs from exact backward
passes.  What comes out is a small program that equals the model near the point, *the program near the point*
(docs/certificate.md, section 11, has its definition), and everything that is asked about a point is asked about that.
Kinks whose row is zero, perhaps because gains cancel, or whose gains to all outputs and kept kinks are, are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.exact.backwards import ExactRow, Target, rows
from subgrad_hardness.models.exact.forwards import Forwards, Weights, forwards
from subgrad_hardness.models.exact.lowering import LinearProgram, lowered
from subgrad_hardness.models.exact.ways import live_kinks
from subgrad_hardness.models.tensor_form import TensorForm
from subgrad_hardness.models.tensors import Applied
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import Node, Row
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import common_denominator


class TensorLocalisation(NamedTuple):
    """A tensor program seen from a point.

    Attributes
    ----------
    near : the program near the point, at that point.
    kept : of each relu of ``near``, in order, the position in ``kink_units``.
    value, kink_units, nearest : as in ``local.localise.Localisation``, in the units of the form.
    relus : how many relus the rewritten model has.
    """

    near: Program
    kept: tuple[int, ...]
    value: tuple[Fraction, ...]
    kink_units: tuple[int, ...]
    nearest: tuple[Fraction, int] | None
    relus: int


def localise_form(
    form: TensorForm,
    point: tuple[Fraction, ...],
    *,
    limits: Limits = NO_LIMITS,
    progress: Callable[[str], None] | None = None,
) -> TensorLocalisation:
    """The form at ``point``, exactly; the form remembers it for the next who asks about the same point.

    Raises NetError for a constant that is no number and where the numbers grow too long, LimitReached.
    A forward pass, and a backward pass for each kink that can matter and each output, in as many floating-point passes
    each as the numbers have digits.
    """
    if form.seen is None or form.seen[0] != point:
        try:
            form.seen = point, _localised(form, point, limits, progress)
        except NetError as problem:
            raise NetError(problem.message, file=form.file) from None
        except ValueError as problem:
            raise NetError(str(problem), file=form.file) from None
    found: TensorLocalisation = form.seen[1]
    return found


def _localised(
    form: TensorForm, point: tuple[Fraction, ...], limits: Limits, progress: Callable[[str], None] | None
) -> TensorLocalisation:
    program, weights = lowered(form.model, form.output), Weights()
    found = forwards(program, point, weights, limits=limits, progress=progress)
    live = live_kinks(program, found.signs)
    kinks = _in_order(program, found)
    wanted = [(number, kink) for number, kink in enumerate(kinks) if kink.step in live and live[kink.step][kink.place]]
    # What a kink reads, and then the outputs.
    read = [Target(_argument(program, kink.step), kink.place) for _, kink in wanted]
    targets = [*read, *[Target(program.output, place) for place in range(form.output_count)]]
    made: list[ExactRow] = []
    for row in rows(program, found, live, targets, weights, limits=limits):
        made.append(row)
        if progress is not None:
            progress(f"rows: {len(made)} of {len(targets)}")
    kept = _kept([kink for _, kink in wanted], made)
    near = _Near(form, program, point).program([(kink, row) for kink, row in kept.items()], made[len(wanted) :], found)
    numbers = tuple([number for number, kink in wanted if kink in kept])
    whose = [program.relus[kink.step] for kink in kinks]
    units = tuple(
        [form.unit(owner.step, int(owner.places[kink.place])) for owner, kink in zip(whose, kinks, strict=True)]
    )
    relus = sum([len(signs) for signs in found.signs.values()])
    return TensorLocalisation(near, numbers, found.value, units, _nearest(form, program, found), relus)


def _argument(program: LinearProgram, relu: int) -> int:
    step = program.steps[relu]
    assert isinstance(step, Applied)
    return step.source


def _in_order(program: LinearProgram, found: Forwards) -> list[Target]:
    """All relus with preactivation 0, in the order of the units, the relus of one unit in that of its rewriting."""
    parts = []
    for number, signs in found.signs.items():
        whose = program.relus[number]
        places = np.flatnonzero(signs == 0)
        same = [np.full(len(places), entry) for entry in (whose.step, whose.ordinal, number)]
        parts.append(np.stack([same[0], whose.places[places], same[1], same[2], places]))
    if not parts:
        return []
    keys = np.concatenate(parts, axis=1)
    numbers, places = keys[3:, np.lexsort(keys[2::-1])]
    return [Target(number, place) for number, place in zip(numbers.tolist(), places.tolist(), strict=True)]


def _nearest(form: TensorForm, program: LinearProgram, found: Forwards) -> tuple[Fraction, int] | None:
    """The smallest |preactivation| that is not zero, and the first unit that has it."""
    keyed = []
    for number, (distance, place) in found.nearest.items():
        whose = program.relus[number]
        keyed.append((distance, form.unit(whose.step, int(whose.places[place]))))
    return min(keyed, default=None)


def _kept(kinks: Sequence[Target], made: Sequence[ExactRow]) -> dict[Target, ExactRow]:
    """The kinks that the program near the point has, with their rows: not zero, and on a way to an output."""
    nonzero: dict[Target, ExactRow] = {}
    for kink, row in zip(kinks, made, strict=False):  # a kink reads earlier ones only
        left = {read: entry for read, entry in row.kinks.items() if read in nonzero}
        if row.inputs or left:
            nonzero[kink] = row._replace(kinks=left)
    needed: set[Target] = set()
    stack = [kink for row in made[len(kinks) :] for kink in row.kinks if kink in nonzero]
    while stack:
        kink = stack.pop()
        if kink not in needed:
            needed.add(kink)
            stack += nonzero[kink].kinks
    return {kink: row for kink, row in nonzero.items() if kink in needed}


class _Near:
    """The program near the point, as it grows."""

    def __init__(self, form: TensorForm, program: LinearProgram, point: Sequence[Fraction]) -> None:
        self.form, self.lowered, self.point = form, program, point
        self.numerators, self.below = common_denominator(list(point))
        self.build = GraphBuilder(form.input_names())
        self.handles: dict[Target, int] = {}

    def program(
        self, kinks: Sequence[tuple[Target, ExactRow]], outputs: Sequence[ExactRow], found: Forwards
    ) -> Program:
        for kink, row in kinks:
            whose = self.lowered.relus[kink.step]
            unit = self.form.entry_name(whose.step, int(whose.places[kink.place]))
            read = self._row(row, Fraction(0), f"{unit}.pre{whose.ordinal}")
            self.handles[kink] = self.build.apply("relu", [read], name=f"{unit}.relu{whose.ordinal}")
        ends = [
            self._row(row, value, f"output {number}")
            for number, (row, value) in enumerate(zip(outputs, found.value, strict=True))
        ]
        return self.build.program(ends, self.point)

    def _row(self, row: ExactRow, value: Fraction, name: str) -> int:
        """The affine node that has this row, and this value at the point."""
        there = [(self.handles[kink], entry) for kink, entry in row.kinks.items() if kink in self.handles]
        terms = [*sorted(row.inputs.items()), *sorted(there)]
        at_point = sum([entry * self.numerators[place] for place, entry in row.inputs.items()])
        bias = value - Fraction(at_point, row.denominator * self.below)
        common = math.lcm(row.denominator, bias.denominator)
        scale = common // row.denominator
        arguments = tuple([handle for handle, _ in terms])
        coefficients = tuple([entry * scale for _, entry in terms] if scale != 1 else [entry for _, entry in terms])
        whole = Row(arguments, coefficients, bias.numerator * (common // bias.denominator), common)
        return self.build.add(Node(name, "affine", arguments, _in_lowest_terms(whole)))


def _in_lowest_terms(row: Row) -> Row:
    common = math.gcd(row.denominator, row.bias, *row.coefficients)
    if common == 1:
        return row
    smaller = tuple([coefficient // common for coefficient in row.coefficients])
    return Row(row.arguments, smaller, row.bias // common, row.denominator // common)
