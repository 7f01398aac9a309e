"""A net minus a copy of itself in other words: N(x) - N'(x) is identically 0.

N is a random dense bias-free relu net (``family.dense``: integers in [-9, 9], or with ``real`` binary64
weights).  N' is N with the units of every hidden layer permuted uniformly and multiplied by positive
rationals, n/d with n and d uniform in 1..9, that the next layer divides out again; with ``real``
powers of two, 2^e with e uniform in -3..3, so that every weight of N' is exactly a binary64 number
too.  relu(c t) = c relu(t) for c > 0, hence N' = N.

``moved`` changes one weight of N' (uniform layer, row and column): by 2^-20, or with ``real`` to the
next larger binary64 number.  Then the verdict is ``distinct`` where an exact evaluation shows it
(``family.nonlinearity``), else nobody knows it beforehand.

The net has twice the widths of N: the first layer stacks both first layers, the hidden ones are block
diagonal, the last one subtracts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, layer_widths, random_seed
from subgrad_hardness.family.dense import dense_weights
from subgrad_hardness.family.nonlinearity import moved_verdict
from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.rescale import rescaled_layers


@dataclass(frozen=True, kw_only=True)
class CopiesValues(Values):
    """The parameters of ``copies``."""

    widths: tuple[int, ...] = layer_widths(
        "inputs, hidden layers (at least one) and outputs of N, such as 64-128-128-1", least=3
    )
    real: bool = flag("binary64 weights, rescaled by powers of two, instead of integers")
    moved: bool = flag("change one weight of the copy by a little")
    seed: int = random_seed()


_SMALL = Fraction(1, 2**20)


def _make(values: CopiesValues, given: frozenset[str]) -> Program:
    widths, real, moved, seed = values.widths, values.real, values.moved, values.seed
    label = "-".join(map(str, widths))
    stream = Stream(seed, "copies", label, int(real))
    layers = Program.from_layers(dense_weights(widths, not real, stream)).form.chain or ()
    copy = rescaled_layers(layers, stream, lambda: _factor(real, stream))
    if moved:
        copy = _moved(copy, real, stream)
    names = tuple(f"x{index}" for index in range(widths[0]))
    point = (Fraction(0),) * widths[0]
    kind = "moved copy" if moved else "copy"
    name = f"{'binary64' if real else 'integer'} net {label} minus its {kind}, seed {seed}"
    program = Program(names, LayeredForm(_difference(layers, copy)), point, name)
    facts: dict[str, Any] = {"verdict": "unique", "known_by": "both nets are the same map, so that F = 0"}
    if moved:
        facts = moved_verdict(program, seed)
    parameters = {"widths": label, "real": real, "moved": moved}
    return program._replace(provenance={"family": COPIES.name, "parameters": parameters, "seed": seed, **facts})


def _factor(real: bool, stream: Stream) -> Fraction:
    if real:
        return Fraction(2) ** stream.integer(-3, 3)
    return Fraction(stream.integer(1, 9), stream.integer(1, 9))


def _moved(layers: Sequence[Layer], real: bool, stream: Stream) -> tuple[Layer, ...]:
    """The layers with one weight changed."""
    number = stream.below(len(layers))
    layer = layers[number]
    index, column = stream.below(len(layer.rows)), stream.below(layer.columns)
    terms = dict(zip(layer.rows[index].arguments, layer.rows[index].rationals(), strict=True))
    weight = terms.get(column, Fraction(0))
    terms[column] = Fraction(math.nextafter(float(weight), math.inf)) if real else weight + _SMALL
    arguments = sorted(argument for argument, coefficient in terms.items() if coefficient)
    row = Row.of(arguments, [terms[argument] for argument in arguments])
    rows = (*layer.rows[:index], row, *layer.rows[index + 1 :])
    return (*layers[:number], layer._replace(rows=rows), *layers[number + 1 :])


def _difference(one: Sequence[Layer], other: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers of N - N', which have the same shapes."""
    result = [one[0]._replace(rows=one[0].rows + other[0].rows)]
    for first, second in zip(one[1:-1], other[1:-1], strict=True):
        shifted = tuple(_shifted(row, second.columns) for row in second.rows)
        result.append(first._replace(columns=2 * first.columns, rows=first.rows + shifted))
    last = one[-1]
    rows = (_minus(row, _shifted(copy, last.columns)) for row, copy in zip(last.rows, other[-1].rows, strict=True))
    result.append(last._replace(columns=2 * last.columns, rows=tuple(rows)))
    return tuple(result)


def _shifted(row: Row, by: int) -> Row:
    return row._replace(arguments=tuple(argument + by for argument in row.arguments))


def _minus(row: Row, other: Row) -> Row:
    coefficients = [*row.rationals(), *(-coefficient for coefficient in other.rationals())]
    return Row.of(row.arguments + other.arguments, coefficients)


COPIES = Family(
    name="copies",
    summary="a random relu net minus a permuted, rescaled copy of itself: identically 0; or with one weight moved",
    values=CopiesValues,
    make=_make,
    example="--widths 4-8-1",
    picture="""
        N(x) - N'(x) in one net: two blocks side by side, the same random layers, the second with its neurons in
        another order and of other lengths; only the last layer joins them, and subtracts.  Each kink of a block
        lies on a kink of the other, F = 0, and 0 is the only subgradient; backpropagation and bounds by layers see
        two unrelated nets.  moved changes one weight of N' by 2^-20, or by one unit in the last place: the kinks
        come apart, and F is no longer 0, by a hair, or still 0 where that weight does not matter.
    """,
)
