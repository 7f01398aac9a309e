"""The program near the point of a model, from a derivation of its own: what certificates about models speak of.

TRUSTED, with ``models.plain_localisation``, which says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import Node, Row
from subgrad_hardness.net.program import Program

if TYPE_CHECKING:  # most programs are not in tensors
    from subgrad_hardness.models.plain_localisation import Gradient, Kink
    from subgrad_hardness.models.tensor_form import TensorForm


def plain_near_point(program: Program, limits: Limits = NO_LIMITS) -> Program:
    """As ``local.near.near_point``, derived in plain integers, and slower.

    Raises NetError for a constant that is no number, LimitReached.
    """
    form = program.form.tensors
    if form is None:
        return program
    try:
        return _derived(form, program.point, limits).standing_for(program)
    except ValueError as problem:
        if isinstance(problem, NetError):
            raise
        raise NetError(str(problem), file=form.file) from None


def _derived(form: TensorForm, point: Sequence[Fraction], limits: Limits) -> Program:
    """The program near ``point``, at ``point``."""
    from subgrad_hardness.models.plain_localisation import PlainWalk
    from subgrad_hardness.models.plain_ways import live_kinks

    walk = PlainWalk(form, point, limits)
    kinks = live_kinks(walk)
    rows: dict[Kink, Gradient] = {}
    for kink in kinks:  # in order: a kink reads earlier ones only, and those with a zero row are zero
        row = {read: weight for read, weight in walk.kink_row(kink).items() if read.kink is None or read.kink in rows}
        if row:
            rows[kink] = row
    outputs = [walk.output_row(place) for place in range(form.output.size)]
    needed: set[Kink] = set()
    stack = [read.kink for row in outputs for read in row if read.kink in rows]
    while stack:
        read_kink = stack.pop()
        if read_kink is not None and read_kink not in needed:
            needed.add(read_kink)
            stack += [read.kink for read in rows[read_kink] if read.kink is not None]
    build = GraphBuilder(form.input_names())
    handles: dict[Kink | None, int] = {}

    def affine(row: Gradient, value: Fraction, name: str) -> int:
        inputs = sorted([(read.number, weight) for read, weight in row.items() if read.kink is None])
        bent = sorted([(handles[read.kink], weight) for read, weight in row.items() if read.kink in handles])
        bias = value - sum([weight * point[place] for place, weight in inputs], Fraction(0))
        terms = [*inputs, *bent]
        made = Row.of([handle for handle, _ in terms], [weight for _, weight in terms], bias)
        return build.add(Node(name, "affine", made.arguments, made))

    for kink in kinks:
        if kink in needed:
            unit = form.entry_name(kink.step, kink.place)
            read_handle = affine(rows[kink], Fraction(0), f"{unit}.pre{kink.ordinal}")
            handles[kink] = build.apply("relu", [read_handle], name=f"{unit}.relu{kink.ordinal}")
    ends = [
        affine(row, value, f"output {place}")
        for place, (row, value) in enumerate(zip(outputs, walk.value, strict=True))
    ]
    return build.program(ends, point)
