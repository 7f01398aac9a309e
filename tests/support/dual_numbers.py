"""Directional derivatives of programs with smooth operations, from dual numbers alone: no code of the package.

A value and its one-sided derivative along one direction travel together through the program as its file has it; a relu
at 0 lets the positive part of the derivative pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Dual = tuple[Fraction, Fraction]


def _times(a: Dual, b: Dual) -> Dual:
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1]


def _relu(t: Dual) -> Dual:
    if t[0] == 0:
        return Fraction(0), max(t[1], Fraction(0))
    return t if t[0] > 0 else (Fraction(0), Fraction(0))


def _plus(a: Dual, b: Dual, factor: int = 1) -> Dual:
    return a[0] + factor * b[0], a[1] + factor * b[1]


def _power(t: Dual, exponent: int) -> Dual:
    result = Fraction(1), Fraction(0)
    for _ in range(abs(exponent)):
        result = _times(result, t)
    return result if exponent >= 0 else _inverse(result)


def _inverse(t: Dual) -> Dual:
    return 1 / t[0], -t[1] / t[0] ** 2


def _applied(node: dict[str, Any], arguments: list[Dual]) -> Dual:
    first, last = (arguments[0], arguments[-1]) if arguments else ((Fraction(0),) * 2,) * 2
    match node["op"]:
        case "affine":
            factors = node.get("coefficients", [1] * len(arguments))
            pairs = [(Fraction(factor), dual) for factor, dual in zip(factors, arguments, strict=True)]
            bias = Fraction(node.get("bias", 0))
            return bias + sum(f * dual[0] for f, dual in pairs), sum((f * dual[1] for f, dual in pairs), Fraction(0))
        case "relu":
            return _relu(first)
        case "abs":
            return _plus(_relu(first), _relu((-first[0], -first[1])))
        case "max":
            return _plus(first, _relu(_plus(last, first, -1)))
        case "min":
            return _plus(first, _relu(_plus(first, last, -1)), -1)
        case "mul":
            return _times(first, last)
        case "div":
            return _times(first, _inverse(last))
        case "square":
            return _times(first, first)
        case "power":
            return _power(first, int(node["exponent"]))
    raise AssertionError(node["op"])


def derivative(net: dict[str, Any], point: Sequence[Fraction], direction: Sequence[Fraction]) -> list[Dual]:
    """Values and derivatives of the outputs; nodes stand before those that read them.

    Raises ZeroDivisionError where the net has no derivative.
    """
    values: dict[str, Dual] = dict(zip(net["inputs"], zip(point, direction, strict=True), strict=True))
    for node in net["nodes"]:
        values[node["id"]] = _applied(node, [values[name] for name in node.get("args", [])])
    return [values[name] for name in net["outputs"]]
