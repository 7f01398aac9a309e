"""Operations that are not piecewise linear: a net may have them, and be asked what it costs, but not be decided.

A second table beside ``OPERATIONS``, of the same entries, because whoever goes through that one (random nets,
obfuscations, engines) means what is decided.  Readers, writers and ``GraphBuilder`` look in both (``known_operation``);
the rewriting into affine rows and relus (``Program.lowered``), from which every decision and the verifier start,
refuses these by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.operations import OPERATIONS, Operation, Outside, Smooth

_IRRATIONAL = Outside(why="its values are irrational")
_JUMPS = Outside(why="it jumps")


def _product(arguments: Sequence[Fraction]) -> Fraction:
    return arguments[0] * arguments[1]


def _quotient(arguments: Sequence[Fraction]) -> Fraction:
    return arguments[0] / arguments[1]


def _quotient_partials(arguments: Sequence[Fraction]) -> Sequence[Fraction]:
    return 1 / arguments[1], -arguments[0] / arguments[1] ** 2


SMOOTH: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            name="mul",
            formula="a b",
            meaning=Smooth(value=_product, partials=lambda arguments: (arguments[1], arguments[0])),
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


def known_operation(name: str) -> Operation | None:
    """The operation of this name, of either table; None where there is none."""
    return OPERATIONS.get(name) or SMOOTH.get(name)


def decided_operation(name: str, place: str) -> Operation:
    """The operation of this name, which has to be piecewise linear.  Raises NetError, naming ``place``, the unit."""
    if name in OPERATIONS:
        return OPERATIONS[name]
    meaning = SMOOTH[name].meaning
    why = f" ({meaning.why})" if isinstance(meaning, Outside) else ""
    message = f"{name} is not piecewise linear{why}: decisions refuse it, cost counts it"
    raise NetError(message, file="<net>", place=place)
