"""The losses: what each compares an output vector with, and how it is built (SPEC 6).

Factors are those of PyTorch's losses of the same names, so that gradients can be compared: ``mean`` divides by the
number of all compared entries, those of one data point included (the loss ``cross_entropy`` compares one).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.losses.values import Expressions, Value

Loss = Callable[[Expressions, Sequence[Value], Sequence[Fraction], Fraction], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFunction:
    """One loss.

    Attributes
    ----------
    name, formula : as asked for, and for people; y is an output, t its target, d the parameter delta.
    build : ``build(expressions, outputs, target, delta)``: the sum over the entries of one data point.
    labels : whether a target is the number of one output, and not one number for each.
    entries : whether each output is an entry that ``mean`` divides by.
    exact : whether the loss is in the dictionary of what is decided; else it is the outer function of the outputs.
    """

    name: str
    formula: str
    build: Loss
    labels: bool = False
    entries: bool = True
    exact: bool = True


def _entrywise(entry: Callable[[Expressions, Value, Fraction, Fraction], Value]) -> Loss:
    def build(m: Expressions, outputs: Sequence[Value], target: Sequence[Fraction], delta: Fraction) -> Value:
        return m.sum([(entry(m, y, t, delta), 1) for y, t in zip(outputs, target, strict=True)])

    return build


def _squared(m: Expressions, y: Value, t: Fraction, delta: Fraction) -> Value:
    return m.apply("square", [m.sum([(y, 1)], -t)])


def _absolute(m: Expressions, y: Value, t: Fraction, delta: Fraction) -> Value:
    return m.apply("abs", [m.sum([(y, 1)], -t)])


def _huber(m: Expressions, y: Value, t: Fraction, delta: Fraction) -> Value:
    """c |r| - c^2 / 2 with r = y - t and c = min(|r|, d): r^2 / 2 up to d, and a line from there on."""
    size = m.apply("abs", [m.sum([(y, 1)], -t)])
    least = m.apply("min", [size, delta])
    product = m.dot([least], [size], Fraction(0))
    return m.sum([(product, 1), (m.apply("square", [least]), Fraction(-1, 2))])


def _hinge(m: Expressions, y: Value, t: Fraction, delta: Fraction) -> Value:
    return m.apply("relu", [m.sum([(y, -t)], 1)])


def _logistic(m: Expressions, y: Value, t: Fraction, delta: Fraction) -> Value:
    return m.sum([(m.apply("softplus", [m.handle(y)]), 1), (y, -t)])


def _margin(m: Expressions, outputs: Sequence[Value], target: Sequence[Fraction], delta: Fraction) -> Value:
    right = outputs[int(target[0])]
    others = [y for index, y in enumerate(outputs) if index != target[0]]
    return m.sum([(m.apply("relu", [m.sum([(y, 1), (right, -1)], 1)]), 1) for y in others])


def _cross_entropy(m: Expressions, outputs: Sequence[Value], target: Sequence[Fraction], delta: Fraction) -> Value:
    total = m.sum([(m.apply("exp", [m.handle(y)]), 1) for y in outputs])
    return m.sum([(m.apply("log", [total]), 1), (outputs[int(target[0])], -1)])


LOSSES: dict[str, LossFunction] = {
    loss.name: loss
    for loss in (
        LossFunction(name="squared", formula="(y - t)^2", build=_entrywise(_squared)),
        LossFunction(name="absolute", formula="|y - t|", build=_entrywise(_absolute)),
        LossFunction(
            name="huber",
            formula="(y - t)^2 / 2 where |y - t| <= d, else d (|y - t| - d / 2); d is 1 if not given",
            build=_entrywise(_huber),
        ),
        LossFunction(name="hinge", formula="relu(1 - t y), t being 1 or -1", build=_entrywise(_hinge)),
        LossFunction(
            name="margin",
            formula="the sum of relu(1 - y_t + y_k) over the outputs k other than t",
            build=_margin,
            labels=True,
        ),
        LossFunction(
            name="cross_entropy",
            formula="log(sum of e^(y_k)) - y_t",
            build=_cross_entropy,
            labels=True,
            entries=False,
            exact=False,
        ),
        LossFunction(
            name="logistic", formula="log(1 + e^y) - t y, t from 0 to 1", build=_entrywise(_logistic), exact=False
        ),
    )
}
