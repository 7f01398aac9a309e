"""Families of two programs of one function: their programs by themselves, and points to try them at."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family import absolute, isotonic, pooling, scan, shortestpath, sorting, totalvariation, tropical
from subgrad_hardness.family.registry import find
from subgrad_hardness.family.twice import Twice, Writer
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import GraphForm, Node
from subgrad_hardness.net.program import Program


def programs_of(name: str, parameters: dict[str, Any]) -> Twice:
    """Both programs of the net that ``generate`` makes."""
    return _PROGRAMS[name](values_of(name, parameters))


def values_of(name: str, parameters: dict[str, Any]) -> Any:
    """The typed values that the family's ``programs`` takes: those given, and the defaults."""
    family = find(name)
    defaults = {parameter.name: parameter.default for parameter in family.parameters}
    defaults |= {parameter.name: False for parameter in family.parameters if parameter.metavar is None}
    stated = generate(name, **parameters).provenance
    assert stated is not None
    return family.values(**{**defaults, **stated["parameters"]})


_PROGRAMS: dict[str, Callable[[Any], Twice]] = {
    "sorting": sorting.programs,
    "pooling": pooling.programs,
    "scan": scan.programs,
    "absolute": absolute.programs,
    "tropical": tropical.programs,
    "shortestpath": shortestpath.programs,
    "isotonic": isotonic.programs,
    "totalvariation": totalvariation.programs,
}


def points(inputs: int, stream: Stream) -> list[tuple[Fraction, ...]]:
    """Random rationals, and small integers, most of which are tied."""
    wide = [tuple(Fraction(stream.integer(-50, 50), stream.integer(1, 9)) for _ in range(inputs)) for _ in range(4)]
    tied = [tuple(Fraction(stream.integer(-1, 1)) for _ in range(inputs)) for _ in range(4)]
    return [*wide, *tied, (Fraction(0),) * inputs, (Fraction(-2, 3),) * inputs]


def nodes_of(program: Program) -> tuple[Node, ...]:
    """The nodes of a graph."""
    assert isinstance(program.form, GraphForm)
    return program.form.nodes


def alone(pair: Twice, writer: Writer) -> Program:
    """One of the two programs."""
    build = GraphBuilder(pair.inputs)
    outputs = writer(build)
    return build.program([build.affine([(output, 1)]) for output in outputs])
