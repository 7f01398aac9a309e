"""Plain Python functions over numbers as straight-line programs: called once, with numbers that write what is done.

A function may use + - * / and integer powers, ``abs``, and the functions of this module (``relu``, ``exp``,
``maximum``, ...), which work on ordinary numbers as well; numpy's on arrays of objects find them too.  Loops and
conditions on ordinary numbers leave no trace; a condition on a traced number has no one outcome and is refused.
"""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NoReturn

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine

#: No power has a larger exponent.
_MOST_POWER = 10**6


class Traced:
    """A number in a function that is traced."""

    __array_ufunc__ = None  # numpy leaves its operators to this class

    def __init__(self, build: Builder, slot: int) -> None:
        self._build, self._slot = build, slot

    def _apply(self, operation: str, *arguments: object, parameter: Value | None = None) -> Traced:
        slots = [self._slot_of(argument) for argument in arguments]
        return Traced(self._build, self._build.apply(operation, *slots, parameter=parameter))

    def _slot_of(self, value: object) -> int:
        if isinstance(value, Traced):
            if value._build is not self._build:
                raise ParameterError("a number of another trace", place="function")
            return value._slot
        return self._build.constant(_constant(value))

    def __add__(self, other: object) -> Traced:
        return self._apply("add", self, other)

    def __radd__(self, other: object) -> Traced:
        """``sum`` begins with 0, which is no addition."""
        return self if other == 0 else self._apply("add", other, self)

    def __sub__(self, other: object) -> Traced:
        return self._apply("sub", self, other)

    def __rsub__(self, other: object) -> Traced:
        return self._apply("sub", other, self)

    def __mul__(self, other: object) -> Traced:
        return self._apply("mul", self, other)

    def __rmul__(self, other: object) -> Traced:
        return self._apply("mul", other, self)

    def __truediv__(self, other: object) -> Traced:
        return self._apply("div", self, other)

    def __rtruediv__(self, other: object) -> Traced:
        return self._apply("div", other, self)

    def __neg__(self) -> Traced:
        return self._apply("neg", self)

    def __pos__(self) -> Traced:
        return self

    def __abs__(self) -> Traced:
        return self._apply("abs", self)

    def __pow__(self, exponent: object) -> Traced:
        """An integer power, by squaring from the left: about lg n to 2 lg n products."""
        if not isinstance(exponent, int) or not 1 <= abs(exponent) <= _MOST_POWER:
            raise ParameterError(f"power {exponent!r}; exponents are integers other than 0", place="function")
        result = self
        for bit in bin(abs(exponent))[3:]:
            result = result * result
            if bit == "1":
                result = result * self
        return result if exponent > 0 else 1 / result

    def exp(self) -> Traced:
        return self._apply("exp", self)

    def log(self) -> Traced:
        return self._apply("log", self)

    def sqrt(self) -> Traced:
        return self._apply("sqrt", self)

    def tanh(self) -> Traced:
        return self._apply("tanh", self)

    def _refuse(self, *_: object) -> NoReturn:
        raise ParameterError(
            "a condition on a traced number, or a function that knows ordinary numbers only; use the functions of "
            "subgrad_hardness.cost_model.tracing (relu, maximum, minimum, exp, log, sqrt, ...)",
            place="function",
        )

    __bool__ = __float__ = __int__ = __lt__ = __le__ = __gt__ = __ge__ = __index__ = _refuse
    __eq__ = __ne__ = _refuse  # else x == 0 were False, silently
    __hash__ = object.__hash__


def _constant(value: object) -> Value:
    if isinstance(value, Fraction | float) and not (isinstance(value, float) and not math.isfinite(value)):
        return value
    if isinstance(value, numbers.Integral):
        return Fraction(int(value))
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    raise ParameterError(f"{value!r} is no number", place="function")


def _function(operation: str, *arguments: Any, parameter: Value | None = None) -> Any:
    for argument in arguments:
        if isinstance(argument, Traced):
            return argument._apply(operation, *arguments, parameter=parameter)
    build = Builder(0)
    slots = [build.constant(_constant(argument)) for argument in arguments]
    return build.program(build.apply(operation, *slots, parameter=parameter)).run([])[0]


def relu(t: Any) -> Any:
    """max(t, 0), with relu'(0) = 0."""
    return _function("relu", t)


def leaky_relu(t: Any, slope: Value = Fraction(1, 100)) -> Any:
    """t where t > 0, else slope * t."""
    return _function("leaky_relu", t, parameter=slope)


def elu(t: Any, alpha: Value = Fraction(1)) -> Any:
    """t where t > 0, else alpha (e^t - 1)."""
    return _function("elu", t, parameter=alpha)


def hardtanh(t: Any) -> Any:
    """t between -1 and 1."""
    return _function("hardtanh", t)


def relu6(t: Any) -> Any:
    """t between 0 and 6."""
    return _function("relu6", t)


def maximum(*terms: Any) -> Any:
    """The largest; of equal ones the first has the derivative."""
    return _function("max", *terms)


def minimum(*terms: Any) -> Any:
    """The smallest; of equal ones the first has the derivative."""
    return _function("min", *terms)


def sort(terms: Iterable[Any]) -> list[Any]:
    """The terms in order, the smallest first; equal ones keep their order."""
    given = list(terms)
    return [_function("sort", *given, parameter=Fraction(k)) for k in range(len(given))]


def total(terms: Iterable[Any]) -> Any:
    """The sum as one operation of the dictionary."""
    return _function("sum", *terms)


def norm(terms: Iterable[Any]) -> Any:
    """The Euclidean norm."""
    return _function("norm", *terms)


def exp(t: Any) -> Any:
    """e^t."""
    return _function("exp", t)


def log(t: Any) -> Any:
    """The natural logarithm."""
    return _function("log", t)


def sqrt(t: Any) -> Any:
    """The root."""
    return _function("sqrt", t)


def softplus(t: Any) -> Any:
    """log(1 + e^t)."""
    return _function("softplus", t)


def sigmoid(t: Any) -> Any:
    """1 / (1 + e^-t)."""
    return _function("sigmoid", t)


def tanh(t: Any) -> Any:
    """The hyperbolic tangent."""
    return _function("tanh", t)


def trace(function: Callable[..., Any], point: Sequence[Value | int | str] | None = None) -> StraightLine:
    """The program that a function carries out.

    Parameters
    ----------
    function : takes p numbers, or one list of p numbers if it has one parameter and the point has several entries;
        returns a number or a sequence of numbers.
    point : p numbers.  Without one, the inputs are the function's parameters and the program has no point.

    Raises ParameterError where the function does what cannot be traced, or does not fit the point.

    >>> trace(lambda a, b, c: a * (b + c), [2, 3, 5]).run()
    (Fraction(16, 1),)
    """
    found = inspect.signature(function).parameters.values()
    names = [each.name for each in found if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    several = any(each.kind is each.VAR_POSITIONAL for each in found)
    as_list = point is not None and len(names) == 1 and not several and len(point) > 1
    if as_list or several:
        if point is None:
            raise ParameterError("how many inputs? give a point", place="function")
        names = [f"x{index}" for index in range(len(point))]
    if not names or (point is not None and len(point) != len(names)):
        entries = "no point" if point is None else f"a point of {count(len(point), 'entry', 'entries')}"
        raise ParameterError(f"{count(len(names), 'parameter')}, and {entries}", place="function")
    build = Builder(names)
    inputs = [Traced(build, slot) for slot in range(len(names))]
    result = function(inputs) if as_list else function(*inputs)
    results = list(result) if isinstance(result, Iterable) else [result]
    if not results:
        raise ParameterError("it returns nothing", place="function")
    outputs = [inputs[0]._slot_of(each) for each in results]
    name = getattr(function, "__name__", None)
    given: Any = point
    return build.program(*outputs, point=given, name=None if name == "<lambda>" else name)
