"""Expressions some of whose parts are numbers: what is constant is computed at once, the rest becomes nodes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.lowering import MAX_GROWN_BITS
from subgrad_hardness.net.operations import Smooth
from subgrad_hardness.net.rational import Number, exact
from subgrad_hardness.net.smooth_operations import bits, bits_before, decided_operation

#: The handle of a node, or a number.
Value = int | Fraction

# Where an error is that concerns no node.
_CONSTANT = "a constant"
_LONG = f"the numbers grow too long: one value needs more than {MAX_GROWN_BITS} bits"


class Expressions:
    """Nodes of a graph that is being built, over values of which some are numbers.

    A handle is an ``int`` and a number a ``Fraction``, always.
    """

    def __init__(self, build: GraphBuilder) -> None:
        self.build = build

    def dot(self, weights: Sequence[Value], values: Sequence[Value], bias: Value, name: str | None = None) -> Value:
        """The sum of weights[i] * values[i], plus a bias: one affine node, and a product for two handles each."""
        terms: list[tuple[int, Fraction]] = []
        constant = Fraction(0)
        for weight, value in zip(weights, values, strict=True):
            if isinstance(weight, Fraction) and isinstance(value, Fraction):
                constant += weight * value
            elif isinstance(weight, Fraction):
                assert isinstance(value, int)
                terms.append((value, weight))
            elif isinstance(value, Fraction):
                terms.append((weight, value))
            else:
                product = None if name is None else self.free(f"{name}.product[{len(terms)}]")
                terms.append((self.build.apply("mul", [weight, value], name=product), Fraction(1)))
        if isinstance(bias, Fraction):
            constant += bias
        else:
            terms.append((bias, Fraction(1)))
        _refuse_long(constant, name)
        if not any(coefficient for _, coefficient in terms):
            return constant
        if name is None and not constant and len(terms) == 1 and terms[0][1] == 1:
            return terms[0][0]
        return self.build.sum(terms, constant, name=name)

    def sum(self, terms: Sequence[tuple[Value, Number]], bias: Number = 0, name: str | None = None) -> Value:
        """The sum of value * coefficient, plus a bias."""
        return self.dot([exact(factor) for _, factor in terms], [value for value, _ in terms], exact(bias), name)

    def apply(
        self, operation: str, arguments: Sequence[Value], slope: Fraction | None = None, name: str | None = None
    ) -> Value:
        """operation(arguments).  Raises NetError, naming the node, for a constant one that is never decided, divides by
        zero or is too long."""
        numbers = [argument for argument in arguments if isinstance(argument, Fraction)]
        if len(numbers) == len(arguments):
            return _computed(operation, numbers, slope, name)
        return self.build.apply(operation, [self.handle(argument) for argument in arguments], slope, name=name)

    def handle(self, value: Value, name: str | None = None) -> int:
        """The node of a value: a number becomes an affine node without arguments."""
        return self.build.affine([], value, name=name) if isinstance(value, Fraction) else value

    def free(self, name: str) -> str:
        """The name, with underscores before it where it is taken already."""
        while name in self.build:
            name = f"_{name}"
        return name


class _Numbers:
    """A builder that computes: handles are places in ``numbers``."""

    def __init__(self, numbers: Sequence[Fraction]) -> None:
        self.numbers = list(numbers)

    def _add(self, number: Fraction) -> int:
        self.numbers.append(number)
        return len(self.numbers) - 1

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        return self.blend([Fraction(coefficient) for coefficient in (*coefficients, constant)], [*handles, -1])

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        total = Fraction(0)
        for coefficient, handle in zip(coefficients, handles, strict=True):
            total += coefficient if handle < 0 else coefficient * self.numbers[handle]
        return self._add(total)

    def relu(self, argument: int) -> int:
        return self._add(max(self.numbers[argument], Fraction(0)))


def _computed(name: str, numbers: Sequence[Fraction], slope: Fraction | None, place: str | None) -> Fraction:
    operation = decided_operation(name, place or _CONSTANT)
    if not isinstance(operation.meaning, Smooth):
        build = _Numbers(numbers)
        return build.numbers[operation.rewrite(build, range(len(numbers)), slope)]
    if bits_before(numbers, slope) > MAX_GROWN_BITS:
        _refuse(_LONG, place)
    try:
        value = operation.meaning.value(numbers, slope)
    except ZeroDivisionError:
        _refuse(f"{name} divides by zero at the point", place)
    _refuse_long(value, place)
    return value


def _refuse_long(number: Fraction, place: str | None) -> None:
    """Constants may not grow beyond what the values of a program may need."""
    if bits(number) > MAX_GROWN_BITS:
        _refuse(_LONG, place)


def _refuse(why: str, place: str | None) -> NoReturn:
    raise NetError(why, file="<net>", place=place or _CONSTANT)
