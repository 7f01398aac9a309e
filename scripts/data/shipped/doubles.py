"""Nets in which a double is not the number that was meant."""

from __future__ import annotations

from fractions import Fraction

from shipped.instance import Instance, graph
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import exact, parse_rational


def _tenths(one: Fraction, two: Fraction, three: Fraction) -> Program:
    """relu(x + one + two - three)."""
    return graph("x", f"tenth = {one}; fifth = {two}; t = x + tenth + fifth - {three}; f = relu t", "f")


INSTANCES = (
    Instance(
        "tenths-as-strings",
        'relu(x + "0.1" + "0.2" - "0.3") at 0: exactly a kink',
        "distinct",
        "1/10 + 1/5 - 3/10 = 0",
        _tenths(*map(parse_rational, ("0.1", "0.2", "0.3"))),
    ),
    Instance(
        "tenths-as-doubles",
        "relu(x + 0.1 + 0.2 - 0.3) at 0 in doubles: 2^-55 away from the kink",
        "unique",
        "the exact sum of the three doubles is positive",
        _tenths(*map(exact, (0.1, 0.2, 0.3))),
    ),
    Instance(
        "third-exact",
        'relu(3x - 1) at "1/3"',
        "distinct",
        "3 * 1/3 - 1 = 0",
        Program.from_layers([[[3]]], biases=[[-1]], activations=["relu"], point=["1/3"]),
    ),
    Instance(
        "third-as-double",
        "relu(3x - 1) at the double 0.3333333333333333",
        "unique",
        "three times that double is less than 1",
        Program.from_layers([[[3]]], biases=[[-1]], activations=["relu"], point=[0.3333333333333333]),
    ),
    Instance(
        "tiny-weight",
        "10^-400 relu(x), which underflows to zero in every float",
        "distinct",
        "slopes 0 and 10^-400",
        Program.from_layers([[[1]], [["1e-400"]]]),
    ),
)
