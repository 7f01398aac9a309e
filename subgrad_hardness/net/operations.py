"""The dictionary of operations: one entry says all that the project knows of an operation.

An operation says here, once, how many arguments it takes, how it rewrites into affine rows and relus (SPEC 1), what
is true of it, and in which other words it may be written.  Files, layers, the text language, obfuscations, the JSON
Schema and the tables of the documents (``scripts/data/make_operation_tables.py``) all read this table, so a new
operation is one entry of ``OPERATIONS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from subgrad_hardness.common import words
from subgrad_hardness.common.words import takes_no
from subgrad_hardness.net.rational import Number, exact


class Builder(Protocol):
    """What an operation may be built with; handles are integers."""

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        """The node sum of coefficient * handle, plus a constant."""

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        """The node sum of coefficient * handle."""

    def relu(self, argument: int) -> int:
        """The node relu(argument)."""


class GraphWriter(Protocol):
    """What an operation may be written in other words with: all nodes of a graph."""

    def affine(self, terms: Sequence[tuple[int, Number]], bias: Number = 0) -> int:
        """The node sum of coefficient * handle, plus a bias."""

    def apply(self, operation: str, arguments: Sequence[int], slope: Fraction | None = None) -> int:
        """The node operation(arguments)."""


#: The keys of the one number that an operation may have beside its arguments.
PARAMETERS = ("slope", "exponent")

Rewriting = Callable[[Builder, Sequence[int], Fraction | None], int]
Rewording = Callable[[GraphWriter, Sequence[int], Fraction | None], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """What a smooth operation has in place of a rewriting (SPEC 6): exact values and partial derivatives.

    ``value(arguments, exponent)`` is a rational, ``partials(arguments, exponent)`` one rational an argument; the
    exponent is None but for a power.  Where there is a pole, both raise ZeroDivisionError.
    """

    value: Callable[[Sequence[Fraction], Fraction | None], Fraction]
    partials: Callable[[Sequence[Fraction], Fraction | None], Sequence[Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What an operation has that is never decided about: only why not.  ``cost_model.entries`` says the rest of it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One entry of the dictionary.

    Attributes
    ----------
    name : as files and the text language spell it.
    formula : the rewriting, for people: one line in t, or in a and b for two arguments.
    meaning : ``rewriting(builder, arguments, slope)`` builds the operation from affine rows and relus and returns the
        handle of its value (every algorithm depends on it, so it never changes); or what a smooth operation has, or
        one that is outside what is decided (``net.smooth_operations`` has these).
    arity : how many arguments it takes; None: one or more.
    slope : whether it has the parameter of that name.
    exponent : whether it has the parameter of that name, an integer; nodes hold it where the others hold a slope.
    activation : whether it may be a layer's activation; only operations of one argument are.
    in_graphs : whether it may be a graph's node.
    homogeneous : whether op(c t) = c op(t) for all c > 0 (and for all arguments at once).
    nonnegative : whether its values are never negative.
    rewording : the operation in other words, of one or two arguments, for obfuscations; None: its rewriting.
    """

    name: str
    formula: str
    meaning: Rewriting | Smooth | Outside
    arity: int | None = 1
    slope: bool = False
    exponent: bool = False
    activation: bool = True
    in_graphs: bool = True
    homogeneous: bool = False
    nonnegative: bool = False
    rewording: Rewording | None = None

    @property
    def parameter(self) -> str | None:
        """The name of the one number that the operation has beside its arguments."""
        return "slope" if self.slope else "exponent" if self.exponent else None

    def parameter_refused(self, number: Number | None) -> str | None:
        """Why the operation cannot have this parameter (None: none); None if it can."""
        if (self.parameter is None) is not (number is None):
            needed = f"needs a{'n' * self.exponent} {self.parameter}"
            return needed if number is None else takes_no(self.name, "slope")
        fractional = self.exponent and number is not None and exact(number).denominator != 1
        return "needs an integer as its exponent" if fractional else None

    def rewrite(self, builder: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
        """The operation as affine rows and relus.  Raises TypeError for a smooth one, which has no such form."""
        if isinstance(self.meaning, Smooth):
            raise TypeError(f"{self.name} is smooth: it has partial derivatives, and no rewriting")
        if isinstance(self.meaning, Outside):
            raise TypeError(f"{self.name} has no rewriting: {self.meaning.why}")
        return self.meaning(builder, arguments, slope)

    def reword(self, writer: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
        """The same value in other words, over at most two arguments."""
        if self.rewording is not None:
            return self.rewording(writer, arguments, slope)
        return self.rewrite(_Rewriter(writer), arguments, slope)

    def arguments_refused(self, count: int) -> str | None:
        """Why the operation cannot have ``count`` arguments; None if it can."""
        if count == self.arity or (self.arity is None and count):
            return None
        wanted = "one or more" if self.arity is None else "one" if self.arity == 1 else str(self.arity)
        return f"{words.count(count, 'argument')}, {self.name} takes {wanted}"


class _Rewriter:
    """A graph under construction, as rewritings want it."""

    def __init__(self, writer: GraphWriter) -> None:
        self.writer = writer

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        return self.writer.affine(list(zip(handles, coefficients, strict=True)), constant)

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        return self.writer.affine(list(zip(handles, coefficients, strict=True)))

    def relu(self, argument: int) -> int:
        return self.writer.apply("relu", [argument])


def _identity(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    return arguments[0]


def _relu(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    return build.relu(arguments[0])


def _abs(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return build.combine((1, 1), (build.relu(t), build.relu(build.combine((-1,), (t,)))))


def _leaky_relu(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    assert slope is not None  # every way to make a node asks for it
    if slope == 1:
        return t
    return build.blend((slope, 1 - slope), (t, build.relu(t)))


def _hardtanh(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return _clip(build, build.relu(build.combine((1,), (t,), 1)), 1, 2)


def _relu6(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return _clip(build, build.relu(t), 6, 6)


def _clip(build: Builder, inner: int, top: int, width: int) -> int:
    """top - relu(width - inner)."""
    return build.combine((-1,), (build.relu(build.combine((-1,), (inner,), width)),), top)


def _max_of_two(build: Builder, a: int, b: int) -> int:
    return build.combine((1, 1), (a, build.relu(build.combine((1, -1), (b, a)))))


def _min_of_two(build: Builder, a: int, b: int) -> int:
    return build.combine((1, -1), (a, build.relu(build.combine((1, -1), (a, b)))))


def _tree(pair: Callable[[Builder, int, int], int]) -> Rewriting:
    """The balanced tree over the arguments, split after the first ceil(n/2) (SPEC 1)."""

    def rewrite(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
        if len(arguments) == 1:
            return arguments[0]
        half = (len(arguments) + 1) // 2
        left = rewrite(build, arguments[:half], slope)
        return pair(build, left, rewrite(build, arguments[half:], slope))

    return rewrite


def _relu_by_abs(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
    half = Fraction(1, 2)
    return graph.affine([(arguments[0], half), (graph.apply("abs", arguments), half)])


def _relu_of(graph: GraphWriter, *terms: tuple[int, Number]) -> int:
    return graph.apply("relu", [graph.affine(terms)])


def _abs_by_relus(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    return graph.affine([(_relu_of(graph, (t, 1)), 1), (_relu_of(graph, (t, -1)), 1)])


def _leaky_by_relu(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
    (t,) = arguments
    assert slope is not None
    return graph.affine([(t, slope), (_relu_of(graph, (t, 1)), 1 - slope)])


def _hardtanh_by_max(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
    return graph.apply("min", [graph.apply("max", [arguments[0], graph.affine([], -1)]), graph.affine([], 1)])


def _relu6_by_min(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
    return graph.apply("min", [graph.apply("relu", arguments), graph.affine([], 6)])


def _by_difference(sign: int) -> Rewording:
    """max(a, b) = b + relu(a - b), min(a, b) = a - relu(a - b)."""

    def reword(graph: GraphWriter, arguments: Sequence[int], slope: Fraction | None) -> int:
        first, *rest = arguments
        if not rest:
            return graph.affine([(first, 1)])
        (second,) = rest
        difference = _relu_of(graph, (first, 1), (second, -1)) if first != second else graph.affine([])
        return graph.affine([(second if sign > 0 else first, 1), (difference, sign)])

    return reword


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(name="identity", formula="t", meaning=_identity, in_graphs=False, homogeneous=True),
        Operation(
            name="relu",
            formula="relu(t)",
            meaning=_relu,
            homogeneous=True,
            nonnegative=True,
            rewording=_relu_by_abs,
        ),
        Operation(
            name="abs",
            formula="relu(t) + relu(-t)",
            meaning=_abs,
            homogeneous=True,
            nonnegative=True,
            rewording=_abs_by_relus,
        ),
        Operation(
            name="leaky_relu",
            formula="s t + (1 - s) relu(t), s the slope; t where s = 1",
            meaning=_leaky_relu,
            slope=True,
            homogeneous=True,
            rewording=_leaky_by_relu,
        ),
        Operation(name="hardtanh", formula="1 - relu(2 - relu(t + 1))", meaning=_hardtanh, rewording=_hardtanh_by_max),
        Operation(
            name="relu6",
            formula="6 - relu(6 - relu(t))",
            meaning=_relu6,
            nonnegative=True,
            rewording=_relu6_by_min,
        ),
        Operation(
            name="max",
            formula="a + relu(b - a); of more arguments a balanced tree, split after the first ceil(n/2)",
            meaning=_tree(_max_of_two),
            arity=None,
            activation=False,
            homogeneous=True,
            rewording=_by_difference(1),
        ),
        Operation(
            name="min",
            formula="a - relu(a - b); of more arguments a balanced tree, split after the first ceil(n/2)",
            meaning=_tree(_min_of_two),
            arity=None,
            activation=False,
            homogeneous=True,
            rewording=_by_difference(-1),
        ),
    )
}


def activations() -> tuple[str, ...]:
    """The activations of layered nets, in the order of the table."""
    return tuple(name for name, operation in OPERATIONS.items() if operation.activation)


def node_operations() -> tuple[str, ...]:
    """The operations of graph nets beside ``affine``, in the order of the table."""
    return tuple(name for name, operation in OPERATIONS.items() if operation.in_graphs)
