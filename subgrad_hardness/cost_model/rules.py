"""What an entry of the dictionary is: small programs for its value, for the sweep back, and for the push forward.

No number of operations is typed in by hand: an entry is three rules that write steps, and what it costs is what they
write (``cost_model.dictionaries`` counts).  The local slopes are the sweep back of the adjoint 1.

The slopes at a kink are one element of a conservative gradient, the one that the exact side of the package has as well:
relu'(0) = abs'(0) = 0, a corner of hardtanh and relu6 has slope 0, ties of max and min belong to the first argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.writing import Plain, Term, constant

#: Stands for a parameter that may be any number, while an entry is written: no product with it is left out.
ANY_PARAMETER = Fraction(982451653, 961748941)


class Applied(NamedTuple):
    """One operation as it was written: where its arguments are, its value, and what its other rules read.

    ``kept`` is what the value left behind (outcomes of comparisons, intermediate values), ``prepared`` what all sweeps
    and pushes share (the slope of a smooth operation).
    """

    arguments: tuple[Term, ...]
    parameter: Value | None
    value: Term
    kept: tuple[Term, ...] = ()
    prepared: Term | None = None

    @property
    def slope(self) -> Term:
        """The prepared slope."""
        assert self.prepared is not None
        return self.prepared

    @property
    def constant(self) -> Term:
        """The parameter as a term."""
        assert self.parameter is not None
        return constant(self.parameter)


Value_ = tuple[Term, tuple[Term, ...]]
ValueRule = Callable[[Plain, Sequence[Term], Value | None], Value_]
PrepareRule = Callable[[Plain, Applied], Term]
PullRule = Callable[[Plain, Applied, Term], Sequence[Term]]
PushRule = Callable[[Plain, Applied, Sequence[Term]], Term]


class Group(NamedTuple):
    """What steps of the same arguments share: the value for each parameter 0, 1, ..., and what is kept."""

    results: tuple[Term, ...]
    kept: tuple[Term, ...]


GroupRule = Callable[[Plain, Sequence[Term]], Group]
RouteRule = Callable[[Plain, Sequence[Term], Sequence[Term]], Sequence[Term]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the cost dictionary.

    Attributes
    ----------
    name : as in nets (``net.operations``), or a counted operation's.
    arity : how many arguments; None: one or more.
    value : ``value(m, arguments, parameter)`` writes the value, and says what to keep.
    pull : ``pull(m, applied, w)`` writes the increments of the arguments' adjoints for the adjoint w of the value,
        without adding them to anything.
    push : ``push(m, applied, tangents)`` writes the tangent of the value.
    prepare : writes what ``pull`` and ``push`` share; None: nothing.
    parameter : the parameter that is used where none is given; None: it has no parameter.
    shaped : whether the parameter says what is written, as an exponent does, and not only with which number.
    steps : whether it is piecewise constant, so that nothing is derived through it.
    group : ``group(m, arguments)`` writes the value for every parameter 0, ..., arity - 1 at once, for an entry whose
        steps of the same arguments share their work; its Jacobian is a permutation.  None: there is nothing to share.
    route : ``route(m, kept, adjoints)`` writes the increments for the adjoints of all these values.
    """

    name: str
    arity: int | None = 1
    value: ValueRule
    pull: PullRule
    push: PushRule
    prepare: PrepareRule | None = None
    parameter: Value | None = None
    shaped: bool = False
    steps: bool = False
    group: GroupRule | None = None
    route: RouteRule | None = None
