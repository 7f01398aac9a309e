"""Identities of absolute values: a weighted sum of terms, minus the same sum in other words, identically 0.

A term is of u and v, each an integer form (uniform, not zero, entries in -3..3) or, with probability 1/2 while
``depth`` allows, the absolute value of a term one level down.  Its two sides are one of, drawn uniformly,

    |u + v| + |u - v|  =  2 max(|u|, |v|)
    |u| + |v| + ||u| - |v||  =  |u + v| + |u - v|
    u + v + |u - v|  =  2 max(u, v)
    max(u, v) + min(u, v)  =  u + v
    |u|  =  max(u, -u)
    |u + v| + |u - v| - |u| - |v|  =  ||u| - |v||

and F = sum of c_k (left_k - right_k), c_k uniform in 1..9.  Both sides share u and v, so that absolute values rest on
absolute values that cancel.  ``moved`` adds 1 to the coefficient of the first term of one right side, drawn uniformly;
the verdict is then ``distinct`` where an exact evaluation shows it (``family.nonlinearity``), else nobody knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.family.nonlinearity import moved_verdict
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

_IDENTITIES = 6

Terms = list[tuple[int, int]]


class _Writer:
    def __init__(self, build: GraphBuilder, stream: Stream) -> None:
        self.build = build
        self.stream = stream

    def value(self, depth: int) -> int:
        """u or v."""
        if depth > 1 and self.stream.below(2):
            left, _ = self.sides(depth - 1)
            return self.build.apply("abs", [self.build.sum(left)])
        form = self.stream.direction(len(self.build.inputs), 3)
        return self.build.sum(enumerate(form))

    def sides(self, depth: int) -> tuple[Terms, Terms]:
        """Both sides of an identity."""
        u, v = self.value(depth), self.value(depth)
        kind = self.stream.below(_IDENTITIES)
        apply, total = self.build.apply, self.build.sum
        minus = total([(u, 1), (v, -1)])
        if kind == 2:
            return [(u, 1), (v, 1), (apply("abs", [minus]), 1)], [(apply("max", [u, v]), 2)]
        if kind == 3:
            return [(apply("max", [u, v]), 1), (apply("min", [u, v]), 1)], [(u, 1), (v, 1)]
        size_u = apply("abs", [u])
        if kind == 4:
            return [(size_u, 1)], [(apply("max", [u, total([(u, -1)])]), 1)]
        size_v = apply("abs", [v])
        crosses: Terms = [(apply("abs", [total([(u, 1), (v, 1)])]), 1), (apply("abs", [minus]), 1)]
        if kind == 0:
            return crosses, [(apply("max", [size_u, size_v]), 2)]
        gap = apply("abs", [total([(size_u, 1), (size_v, -1)])])
        if kind == 1:
            return [(size_u, 1), (size_v, 1), (gap, 1)], crosses
        return [*crosses, (size_u, -1), (size_v, -1)], [(gap, 1)]


@dataclass(frozen=True, kw_only=True)
class AbsidentityValues(Values):
    """The parameters of ``absidentity``."""

    inputs: int = integer("number of inputs", default=4, low=1, high=1000)
    terms: int = integer("number of identities", default=6, low=1, high=10_000)
    depth: int = integer("how deep absolute values are nested", default=2, low=1, high=8)
    moved: bool = flag("change one coefficient of one side")
    seed: int = random_seed()


def _make(values: AbsidentityValues, given: frozenset[str]) -> Program:
    inputs, count, depth, moved, seed = values.inputs, values.terms, values.depth, values.moved, values.seed
    stream = Stream(seed, "absidentity", inputs, count, depth)
    build = GraphBuilder([f"x{number}" for number in range(1, inputs + 1)])
    writer = _Writer(build, stream)
    sides = [writer.sides(depth) for _ in range(count)]
    weights = [stream.integer(1, 9) for _ in sides]
    changed = stream.below(count) if moved else -1
    terms: Terms = []
    for number, ((left, right), weight) in enumerate(zip(sides, weights, strict=True)):
        terms += [(name, weight * value) for name, value in left]
        terms += [(name, -weight * value) for name, value in right]
        if number == changed:
            terms.append((right[0][0], 1))
    output = build.sum(terms)
    name = f"{count} identities of absolute values{', moved' if moved else ''}, {inputs} inputs, seed {seed}"
    program = build.program([output], name=name)
    facts: dict[str, Any] = {
        "verdict": "unique",
        "known_by": "identities of absolute values: both sides are the same map",
    }
    if moved:
        facts = moved_verdict(program, seed)
    parameters = {"inputs": inputs, "terms": count, "depth": depth, "moved": moved}
    return program._replace(provenance={"family": ABSIDENTITY.name, "parameters": parameters, "seed": seed, **facts})


ABSIDENTITY = Family(
    name="absidentity",
    summary="a sum of absolute values minus the same sum in other words: identically 0; or with one coefficient moved",
    values=AbsidentityValues,
    make=_make,
    picture="""
        c_1 (|u + v| + |u - v| - 2 max(|u|, |v|)) + ... over random forms u and v, some of them absolute values of
        such sums again: six schoolbook identities, weighted and added up.  Each is linear (0) for another reason,
        so that no cancellation of equal kinks shows it.  Moved, one coefficient is one too large, and a crease or
        two appear.
    """,
)
