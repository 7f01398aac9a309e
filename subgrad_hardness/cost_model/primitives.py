"""The operations that are counted: arithmetic, one comparison, a free choice, and exp, log, sqrt.

All else is written with these (``cost_model.entries``), programs that are derived from a program consist of them
alone, and they have derivatives themselves, so that derived programs can be differentiated again.

Numbers are rationals as long as they can be: exp, log and sqrt give a rational where they know one (exp(0), log(1),
the root of a square), and else a float, which then spreads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

Value = Fraction | float


class Primitive(NamedTuple):
    """One counted operation: its kind (None: free) and its value."""

    kind: str | None
    evaluate: Callable[..., Value]


def finite(value: Value) -> Value:
    """A value that was computed; one that is infinite or no number decides no comparison.  Raises OverflowError."""
    if isinstance(value, float) and not math.isfinite(value):
        raise OverflowError
    return value


def _sign(first: Value, second: Value) -> Value:
    """-1, 0 or 1: the outcome of one comparison."""
    return Fraction((first > second) - (first < second))


def _pick(outcome: Value, below: Value, equal: Value, above: Value) -> Value:
    return below if outcome < 0 else above if outcome > 0 else equal


def _exp(value: Value) -> Value:
    return Fraction(1) if value == 0 and isinstance(value, Fraction) else math.exp(value)


def _log(value: Value) -> Value:
    return Fraction(0) if value == 1 and isinstance(value, Fraction) else math.log(value)


def _sqrt(value: Value) -> Value:
    if isinstance(value, Fraction) and value >= 0:
        over, under = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if over * over == value.numerator and under * under == value.denominator:
            return Fraction(over, under)
    root = math.sqrt(value)
    if value and not root:
        raise FloatingPointError("the value is too small for a float")
    return root


#: ``sign a b`` is the outcome of comparing a with b; ``pick s u v w`` is u, v or w where s is -1, 0 or 1.
PRIMITIVES: Mapping[str, Primitive] = {
    "add": Primitive("add", lambda a, b: finite(a + b)),
    "sub": Primitive("add", lambda a, b: finite(a - b)),
    "neg": Primitive("add", lambda a: -a),
    "mul": Primitive("mul", lambda a, b: finite(a * b)),
    "div": Primitive("div", lambda a, b: finite(a / b)),
    "sign": Primitive("cmp", _sign),
    "pick": Primitive(None, _pick),
    "exp": Primitive("nl", _exp),
    "log": Primitive("nl", _log),
    "sqrt": Primitive("nl", _sqrt),
}

#: The name of a step that is a constant, which is free.
CONSTANT = "const"


def problem_of(error: Exception, operation: str) -> str:
    """What went wrong, in words, where an operation could not be carried out."""
    reasons: dict[type[Any], str] = {
        ZeroDivisionError: "a quotient whose denominator is 0",
        OverflowError: "the value is too large for a float",
        ValueError: f"{operation} of a number outside its domain",
    }
    return next((text for kind, text in reasons.items() if isinstance(error, kind)), str(error))
