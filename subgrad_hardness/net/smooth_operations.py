"""Operations that are not piecewise linear (SPEC 6).

Those with rational values and partial derivatives stay in the rewriting (``Program.rewritten``), and are replaced by
their tangents at the point (``net.tangent``), from which decisions and the verifier start.  A net may have the others
and be asked what it costs; decisions refuse them by name.

A second table beside ``OPERATIONS``, of the same entries, because whoever goes through that one (random nets,
obfuscations, engines) means what is piecewise linear.  Readers, writers and ``GraphBuilder`` look in both
(``known_operation``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.operations import OPERATIONS, Operation, Outside, Smooth

_IRRATIONAL = Outside(why="its values are irrational")
_JUMPS = Outside(why="it jumps")


def _product(arguments: Sequence[Fraction], exponent: Fraction | None) -> Fraction:
    return arguments[0] * arguments[1]


def _product_partials(arguments: Sequence[Fraction], exponent: Fraction | None) -> Sequence[Fraction]:
    return arguments[1], arguments[0]


def _quotient(arguments: Sequence[Fraction], exponent: Fraction | None) -> Fraction:
    return arguments[0] / arguments[1]


def _quotient_partials(arguments: Sequence[Fraction], exponent: Fraction | None) -> Sequence[Fraction]:
    return 1 / arguments[1], -arguments[0] / arguments[1] ** 2


def _square(arguments: Sequence[Fraction], exponent: Fraction | None) -> Fraction:
    return arguments[0] ** 2


def _square_partials(arguments: Sequence[Fraction], exponent: Fraction | None) -> Sequence[Fraction]:
    return (2 * arguments[0],)


def _power(arguments: Sequence[Fraction], exponent: Fraction | None) -> Fraction:
    assert exponent is not None  # every way to make a node asks for it
    return arguments[0] ** int(exponent)


def _power_partials(arguments: Sequence[Fraction], exponent: Fraction | None) -> Sequence[Fraction]:
    assert exponent is not None
    return (exponent * arguments[0] ** int(exponent - 1) if exponent else Fraction(0),)


SMOOTH: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            name="mul",
            formula="a b",
            meaning=Smooth(value=_product, partials=_product_partials),
            arity=2,
            activation=False,
        ),
        Operation(
            name="div",
            formula="a / b",
            meaning=Smooth(value=_quotient, partials=_quotient_partials),
            arity=2,
            activation=False,
        ),
        Operation(name="square", formula="t^2", meaning=Smooth(value=_square, partials=_square_partials)),
        Operation(
            name="power",
            formula="t^n, n the exponent, an integer; 1 where n = 0",
            meaning=Smooth(value=_power, partials=_power_partials),
            exponent=True,
        ),
        Operation(name="exp", formula="e^t", meaning=_IRRATIONAL),
        Operation(name="log", formula="the natural logarithm of t", meaning=_IRRATIONAL),
        Operation(name="sqrt", formula="the root of t", meaning=_IRRATIONAL),
        Operation(name="elu", formula="t if t > 0, else s (e^t - 1), s the slope", meaning=_IRRATIONAL, slope=True),
        Operation(name="softplus", formula="log(1 + e^t)", meaning=_IRRATIONAL),
        Operation(name="sigmoid", formula="1 / (1 + e^-t)", meaning=_IRRATIONAL),
        Operation(name="tanh", formula="(e^2t - 1) / (e^2t + 1)", meaning=_IRRATIONAL),
        Operation(
            name="norm", formula="the root of the sum of squares", meaning=_IRRATIONAL, arity=None, activation=False
        ),
        Operation(name="sign", formula="-1, 0 or 1: the sign of a - b", meaning=_JUMPS, arity=2, activation=False),
        Operation(name="pick", formula="b if a < 0, c if a = 0, d if a > 0", meaning=_JUMPS, arity=4, activation=False),
    )
}


def bits(number: Fraction) -> int:
    """How many bits a number needs, numerator or denominator: 0 for 0, 1 and -1, of which no power needs more."""
    return max(number.numerator.bit_length(), number.denominator.bit_length(), 1) - 1


def bits_before(arguments: Sequence[Fraction], exponent: Fraction | None) -> int:
    """About how many bits the value of a smooth operation needs, seen before it is computed; never too many."""
    degree = 1 if exponent is None else abs(int(exponent))
    return degree * max(map(bits, arguments))


def known_operation(name: str) -> Operation | None:
    """The operation of this name, of either table; None where there is none."""
    return OPERATIONS.get(name) or SMOOTH.get(name)


def decided_operation(name: str, place: str) -> Operation:
    """The operation of this name, with exact values and derivatives.  Raises NetError for others, naming ``place``."""
    if name in OPERATIONS:
        return OPERATIONS[name]
    meaning = SMOOTH[name].meaning
    if not isinstance(meaning, Outside):
        return SMOOTH[name]
    message = f"{name} is not piecewise linear ({meaning.why}): decisions refuse it, cost counts it"
    raise NetError(message, file="<net>", place=place)


def piecewise_linear_operation(name: str, place: str) -> Operation:
    """The operation of this name, which has to be piecewise linear.  Raises NetError, naming ``place``, the unit."""
    if name in OPERATIONS:
        return OPERATIONS[name]
    raise NetError(f"{name} is not piecewise linear, and this is for nets that are", file="<net>", place=place)
