"""What a row of a net contributes to the counts of a program."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.cost_model.compact import MINUS, PLUS, PRODUCT, SCALED, RowNode
from subgrad_hardness.cost_model.local_counts import Adjoint
from subgrad_hardness.cost_model.weights import Counts


def row_value(row: RowNode) -> Counts:
    """The counts of a row's value."""
    mul = len(row.slots) - row.codes.count(PLUS) - row.codes.count(MINUS)
    return Counts(add=len(row.slots) - 1 + (row.constant is not None) + (row.codes[0] == MINUS), mul=mul)


def row_push(row: RowNode, tangents: Sequence[Adjoint], slotted: bool) -> tuple[Counts, int, int | None]:
    """The counts of a row's tangent, its sign, and the slot whose tangent it is where it is nothing else."""
    add = mul = 0
    sign: int | None = None
    alias: int | None = None
    for place, (slot, code) in enumerate(zip(row.slots, row.codes, strict=True)):
        own = tangents[slot]
        each, source = (0 if own.nothing else own.sign), slot
        if code == PRODUCT:
            weight = tangents[row.weights[place]]
            both = not weight.nothing and bool(each)
            mul += (not weight.nothing) + bool(each)
            add += both
            if not weight.nothing:
                each = weight.sign if not each or weight.sign == each else 1
            source = -1
        elif code == SCALED:
            mul, source = mul + bool(each), -1
        elif code == MINUS:
            each, source = -each, -1 if slotted else slot
        if not each:
            continue
        if sign is None:
            if slotted and each < 0:
                add, each = add + 1, 1
            sign, alias = each, None if source < 0 else source
        else:
            add, sign, alias = add + 1, sign if sign == each else 1, None
    return Counts(add=add, mul=mul), sign or 1, alias
