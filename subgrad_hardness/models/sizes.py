"""How large a tensor program is, counted without writing its units down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # numpy, which comes along with it, would be a tenth of the start of ``info``
    from subgrad_hardness.models.tensor_form import TensorForm
    from subgrad_hardness.models.tensors import Array, Step


class Sizes(NamedTuple):
    """Units by operation, nonzero coefficients of the affine units, bits of the longest number, relus of the rewriting,
    and the most of them on a way from an input to an output."""

    operations: Counter[str]
    weights: int
    bits: int
    relus: int
    depth: int


def tensor_sizes(form: TensorForm) -> Sizes:
    """The sizes of a program in tensors; linear in its tensors."""
    from subgrad_hardness.models.exact.lowering import lowered
    from subgrad_hardness.models.tensors import sources

    model = form.model
    operations: Counter[str] = Counter()
    weights, bits = 0, 1
    for number in model.needed(form.output):
        step = model.steps[number]
        operation = _operation(step)
        if operation is not None:
            operations[operation] += form.size_of(number)
        weights += _weights(step, form.size_of(number))
        bits = max([bits, *[_bits(array) for array in _arrays(step)]])
    program = lowered(model, form.output)
    depths: list[int] = []
    for number, step in enumerate(program.steps):
        deepest = max([depths[source] for source in sources(step)], default=0)
        depths.append(deepest + (number in program.relus))
    relus = sum([program.sizes[number] for number in program.relus])
    return Sizes(operations, weights, bits, relus, depths[program.output])


def _operation(step: Step) -> str | None:
    from subgrad_hardness.models.tensors import Applied, Extremum, Source, Taken

    if isinstance(step, Source | Taken):
        return None
    return step.operation if isinstance(step, Applied | Extremum) else "affine"


def _weights(step: Step, size: int) -> int:
    import numpy as np

    from subgrad_hardness.models.tensors import ABSENT, Contracted, Scaled, Summed

    if isinstance(step, Contracted):
        windows = (step.places != ABSENT).sum(axis=2)  # of each group and term
        return int(((step.weights != 0).sum(axis=1) * windows).sum())
    if isinstance(step, Scaled):
        return size if step.factor is None else int(np.count_nonzero(step.factor))
    return size * len(step.sources) if isinstance(step, Summed) else 0


def _arrays(step: Step) -> list[Array]:
    from subgrad_hardness.models.tensors import Constant, Contracted, Scaled

    if isinstance(step, Constant):
        return [step.values]
    parts = [step.weights, step.bias] if isinstance(step, Contracted) else []
    parts = [step.factor, step.shift] if isinstance(step, Scaled) else parts
    return [array for array in parts if array is not None]


def _bits(array: Array) -> int:
    """Of the longest numerator or denominator, all over one denominator; numerators in whole digits of 20 bits."""
    from subgrad_hardness.models.exact.digits import BITS, exactly

    found = exactly(array)
    return max(found.denominator.bit_length(), BITS * found.length)
