"""Sums of relus of forms with entries 0 and 1, or 1 and -1: arrangements that are far from general position.

    resonance n   sum over nonempty sets S of relu(sum of x_i over S)       2, 6, 32, 370, 11292, 1066044 subgradients
    threshold n   sum over signs s of relu(x_0 + s_1 x_1 + ... + s_n x_n)   4, 14, 104, 1882, 94572 subgradients

The functions are convex, and each hyperplane is a kink, so different cells have different gradients, and the numbers
are those of cells: the sequences A034997, and A000609, of threshold functions of n variables, in the OEIS.  The tests
count them by the characteristic polynomial.  They are the standard hard inputs of enumerators of cells, because many
hyperplanes meet in one flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family, Values, choice, integer
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

#: The number of cells by the size, from 1 on.
RESONANCE = (2, 6, 32, 370, 11292, 1066044)
THRESHOLD = (4, 14, 104, 1882, 94572)


@dataclass(frozen=True, kw_only=True)
class CubeFormsValues(Values):
    """The parameters of ``cubeforms``."""

    kind: str = choice("which forms", ("resonance", "threshold"), default="resonance")
    size: int = integer("n: 2^n - 1 forms of n inputs, or 2^n forms of n + 1 inputs", default=3, low=1, high=6)


def _make(values: CubeFormsValues, given: frozenset[str]) -> Program:
    resonance = values.kind == "resonance"
    known = RESONANCE if resonance else THRESHOLD
    if values.size > len(known):
        raise ParameterError(f"{values.size}: at most {len(known)} for {values.kind} forms", place="size")
    if resonance:
        forms = [bits for bits in product((0, 1), repeat=values.size) if any(bits)]
    else:
        forms = [(1, *signs) for signs in product((1, -1), repeat=values.size)]
    build = GraphBuilder([f"x{number}" for number in range(1, len(forms[0]) + 1)])
    sums = [build.sum([(x, entry) for x, entry in zip(build.inputs, form, strict=True) if entry]) for form in forms]
    output = build.sum([(build.apply("relu", [value]), 1) for value in sums])
    count = known[values.size - 1]
    provenance = {
        "family": CUBEFORMS.name,
        "parameters": values.declared(),
        "verdict": "distinct",
        "known_by": f"{count} lexicographic subgradients: the cells of the {values.kind} arrangement",
        "subgradients": count,
    }
    name = f"{values.kind} {values.size}: {count} lexicographic subgradients"
    return build.program([output], name=name, provenance=provenance)


CUBEFORMS = Family(
    name="cubeforms",
    aliases=("resonance",),
    summary="resonance and threshold arrangements: many hyperplanes through each flat, known numbers of subgradients",
    values=CubeFormsValues,
    make=_make,
    picture="""
        One relu for each corner of a cube, read as a linear form.  The cells of the resonance arrangement say which
        sums of coordinates are positive, those of the threshold arrangement which half of a cube's corners a hyperplane
        cuts off. Always distinct; the point is the number: 32 for three inputs, 1,066,044 for six.
    """,
)
