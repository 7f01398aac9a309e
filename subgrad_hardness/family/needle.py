"""Needles: F > 0 on a cone of width 2^-k around one ray, in any number of inputs, or nowhere.

    F(x, s) = relu(min over i of (2^-k s - |x_i - c_i s|)),   one coordinate less than inputs,

with rational slopes c_i = n/d, n uniform in -9..9, d in 1..9.  Open: F(c, 1) = 2^-k, and F > 0 just where s > 0 and
every x_i / s is within 2^-k of c_i: of all directions a share of about 2^(-k (p-1)).  F >= 0 then has two distinct
subgradients.  Shut: the minimum has one more form, (c_1 - 2^-k) s - x_1, which is positive only where
x_1 < (c_1 - 2^-k) s, while 2^-k s > |x_1 - c_1 s| says x_1 > (c_1 - 2^-k) s: F = 0, though barely.

``thincone`` narrows level by level, by a chain of forms of two inputs each; here one ray has all inputs to itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational


@dataclass(frozen=True, kw_only=True)
class NeedleValues(Values):
    """The parameters of ``needle``."""

    k: int = integer("the width is 2^-k", default=40, low=0, high=10_000)
    inputs: int = integer("number of inputs", default=2, low=2, high=1000)
    shut: bool = flag("one form more, which leaves nothing of the cone")
    seed: int = random_seed()


def _make(values: NeedleValues, given: frozenset[str]) -> Program:
    k, inputs, shut, seed = values.k, values.inputs, values.shut, values.seed
    stream = Stream(seed, "needle", k, inputs)
    slopes = [Fraction(stream.integer(-9, 9), stream.integer(1, 9)) for _ in range(inputs - 1)]
    width = Fraction(1, 2**k)
    names = [*(f"x{number}" for number in range(1, inputs)), "s"]
    build = GraphBuilder(names)
    members = []
    for name, slope in zip(names, slopes, strict=False):
        away = build.apply("abs", [build.sum([(name, 1), ("s", -slope)])])
        members.append(build.sum([("s", width), (away, -1)]))
    if shut:
        members.append(build.sum([("s", slopes[0] - width), ("x1", -1)]))
    output = build.apply("relu", [build.apply("min", members)])
    facts: dict[str, Any] = {"verdict": "distinct", "known_by": "F is 2^-k > 0 at this direction"}
    if shut:
        facts = {"verdict": "unique", "known_by": "x_1 > (c_1 - 2^-k) s and x_1 < (c_1 - 2^-k) s: F = 0"}
    else:
        facts["direction"] = [format_rational(entry) for entry in (*slopes, Fraction(1))]
    parameters = {"k": k, "inputs": inputs, "shut": shut}
    name = f"{'shut' if shut else 'open'} needle of width 2^-{k}, {inputs} inputs, seed {seed}"
    provenance = {"family": NEEDLE.name, "parameters": parameters, "seed": seed, **facts}
    return build.program([output], name=name, provenance=provenance)


NEEDLE = Family(
    name="needle",
    summary="positive on a cone of width 2^-k around a ray and 0 elsewhere; or shut, and 0 everywhere",
    values=NeedleValues,
    make=_make,
    picture="""
        relu(min over i of (2^-k s - |x_i - c_i s|)): a tent over a needle that leaves the origin in the direction
        (c, 1), flat everywhere else.  One of its two subgradients is 0, the other lives on a share of about 2^(-k
        (p-1)) of all directions, which no sampling finds and no tolerance sees.  Shut, one more half-space cuts the
        needle off along its own edge.
    """,
)
