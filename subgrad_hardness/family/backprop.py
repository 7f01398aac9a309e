"""Backpropagation traps: the autodiff set is a large box, the Clarke subdifferential a point or a short segment.

T(x) = relu(x) - relu(-x) = x.  Backpropagation through it with relu'(0) = s at one kink and t at the other gives
s + t, anything in [0, 2]; d of them one after another give a product of d such factors, anything in [0, 2^d].  With
integers c_i, uniform in 1..9,

    F(x) = sum over i of c_i T^d(x_i) = c x,

so the Clarke subdifferential at 0 is {c}, and the autodiff set is the box of all [0, 2^d c_i]: backpropagation with
relu'(0) = 0 returns 0, with 1 it returns 2^d c, and only with s + t = 1 throughout it is right.  ``kinked`` adds
relu(x_1): the Clarke subdifferential is then the segment from c to c + e_1, and 0 is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

#: Nets with more relus are refused.
_MOST_RELUS = 2**20


@dataclass(frozen=True, kw_only=True)
class BackpropValues(Values):
    """The parameters of ``backprop``."""

    depth: int = integer("how often relu(x) - relu(-x) is applied", default=3, low=1, high=10_000)
    width: int = integer("number of inputs", default=2, low=1, high=10_000)
    kinked: bool = flag("add relu(x1): distinct, and backpropagation is still outside")
    seed: int = random_seed()


def _make(values: BackpropValues, given: frozenset[str]) -> Program:
    depth, width, kinked, seed = values.depth, values.width, values.kinked, values.seed
    if 2 * depth * width > _MOST_RELUS:
        raise ParameterError(f"{2 * depth * width} relus; at most {_MOST_RELUS}", place="depth")
    stream = Stream(seed, "backprop", depth, width)
    slopes = [stream.integer(1, 9) for _ in range(width)]
    build = GraphBuilder([f"x{number}" for number in range(1, width + 1)])
    terms: list[tuple[int, int]] = []
    for number, slope in enumerate(slopes):
        value = number
        for _ in range(depth):
            opposite = build.affine([(value, -1)])
            value = build.affine([(build.apply("relu", [value]), 1), (build.apply("relu", [opposite]), -1)])
        terms.append((value, slope))
    if kinked:
        terms.append((build.apply("relu", [0]), 1))
    output = build.affine(terms)
    known_by = "T(x) = x, so F = c x" + (" + relu(x_1)" if kinked else "")
    provenance: dict[str, Any] = {
        "family": BACKPROP.name,
        "parameters": {"depth": depth, "width": width, "kinked": kinked},
        "seed": seed,
        "verdict": "distinct" if kinked else "unique",
        "known_by": known_by,
        "slopes": slopes,
        "backpropagation": [0] * width,
        "autodiff": [[0, 2**depth * slope + (kinked and not index)] for index, slope in enumerate(slopes)],
    }
    name = f"backpropagation trap{', kinked' if kinked else ''}, depth {depth}, {width} inputs, seed {seed}"
    return build.program([output], name=name, provenance=provenance)


BACKPROP = Family(
    name="backprop",
    summary="linear, but backpropagation returns 0 and may return any of a box of sides 2^depth; or with one true kink",
    values=BackpropValues,
    make=_make,
    picture="""
        c_1 T(T(...(x_1))) + ... with T(x) = relu(x) - relu(-x), which is x.  The function is the plane c x, its
        Clarke subdifferential the point c; yet every relu has its kink at 0, and the results of backpropagation,
        over all choices of relu'(0), fill the box [0, 2^d c_1] x ... .  With relu'(0) = 0 the result is 0, which is
        never right.
    """,
)
