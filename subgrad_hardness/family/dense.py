"""Random dense bias-free relu nets at 0, as they come out of an initialisation.

The distribution: all weights independent.  By default binary64: a layer with n inputs draws an
integer k uniformly from [-2^52, 2^52] for each weight, which is sqrt(6/n) k / 2^52, the product and
the root rounded to nearest (IEEE 754 fixes both, so the bytes are the same everywhere); this is the
uniform initialisation of variance 2/n of He et al. (arXiv 1502.01852).  With ``integers``: uniform
integers in [-9, 9].  The verdict is ``distinct`` where an exact evaluation shows it (``family.nonlinearity``), as it
nearly always does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, layer_widths, random_seed
from subgrad_hardness.family.nonlinearity import moved_verdict
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number


@dataclass(frozen=True, kw_only=True)
class DenseValues(Values):
    """The parameters of ``dense``."""

    widths: tuple[int, ...] = layer_widths("inputs, hidden layers and outputs, such as 16-32-32-1")
    integers: bool = flag("integer weights in -9..9 instead of binary64 ones")
    seed: int = random_seed()


_GRID = 2**52


def dense_weights(widths: Sequence[int], integers: bool, stream: Stream) -> list[list[list[Number]]]:
    """One weight matrix a layer (the module's distribution), row by row from the first layer on."""
    return [
        [[_weight(columns, integers, stream) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in pairwise(widths)
    ]


def _weight(inputs: int, integers: bool, stream: Stream) -> Number:
    if integers:
        return stream.integer(-9, 9)
    return math.sqrt(6 / inputs) * (stream.integer(-_GRID, _GRID) / _GRID)


def _make(values: DenseValues, given: frozenset[str]) -> Program:
    widths, integers, seed = values.widths, values.integers, values.seed
    label = "-".join(map(str, widths))
    program = Program.from_layers(dense_weights(widths, integers, Stream(seed, "dense", label, int(integers))))
    provenance = {
        "family": DENSE.name,
        "parameters": {"widths": label, "integers": integers},
        "seed": seed,
        **moved_verdict(program, seed),
    }
    name = f"dense relu net {label}, {'integer' if integers else 'binary64'} weights, seed {seed}"
    return program._replace(name=name, provenance=provenance)


DENSE = Family(
    name="dense",
    summary="random dense bias-free relu net at 0, binary64 weights as initialised, or small integers",
    values=DenseValues,
    make=_make,
    example="--widths 4-8-1",
    picture="""
        Fully connected relu layers, independent random weights, no biases, at the origin, where every neuron is a
        kink: F is a fan of cones, and hardly two of them have one Jacobian.  Two random directions nearly always
        show two subgradients, so the nets are large and easy; the weights have 53 bits, or one digit with integers.
    """,
)
