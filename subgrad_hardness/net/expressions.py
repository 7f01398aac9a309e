"""Nets as expressions: ``2 * relu(x - y) + abs(x)``, with every expression that is used twice one node.

An expression keeps what was written.  Two calls of ``relu`` are two nodes, as in a framework, even if they are alike;
one expression that is used in two places is one node.  Only affine arithmetic is gathered: a sum that is used once
becomes part of what uses it, which changes no value, no kink, and nothing that backpropagation may return (gains of
affine paths add up exactly).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn, overload

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.numpy_signs import LeftToExpressions
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.smooth_operations import known_operation
from subgrad_hardness.net.vectors import exact_vector

_ONE = Fraction(1)


class Group(NamedTuple):
    """Variables that one call made; the numbers of groups rise."""

    number: int
    names: tuple[str, ...]


class Expression(LeftToExpressions):
    """A number that depends on the variables; immutable.

    ``+``, ``-``, ``*`` and ``/`` with numbers (ints, floats, which are taken exactly, Fractions, and strings such as
    ``"1/3"``) and with other expressions, ``**`` with an integer, and ``abs``.  ``relu``, ``maximum`` and ``minimum``
    are functions of the package.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> x, y = sh.variables("x y")
    >>> fold = abs(x - "1/3").named("fold")
    >>> print((2 * fold + sh.relu(fold - y)).program(point=["1/3", 0]).to_text(), end="")
    inputs x y
    point 1/3 0
    n1 = x - 1/3
    fold = abs n1
    n3 = fold - y
    n4 = relu n3
    n5 = 2 fold + n4
    outputs n5
    """

    __slots__ = ("_arguments", "_bias", "_coefficients", "_group", "_name", "_operation", "_slope")

    def __init__(
        self,
        operation: str,
        arguments: tuple[Expression, ...] = (),
        coefficients: tuple[Fraction, ...] = (),
        bias: Fraction = Fraction(0),
        *,
        slope: Fraction | None = None,
        name: str | None = None,
        group: Group | None = None,
    ) -> None:
        self._operation, self._arguments, self._coefficients = operation, arguments, coefficients
        self._bias, self._slope, self._name, self._group = bias, slope, name, group

    def __repr__(self) -> str:
        return f"<Expression {self._name or self._operation}>"

    def named(self, name: str) -> Expression:
        """The same as a node of this name, by which reports call it."""
        if self._operation == "input":
            return Expression("affine", (self,), (_ONE,), name=name)
        parts = (self._operation, self._arguments, self._coefficients, self._bias)
        return Expression(*parts, slope=self._slope, name=name)

    def apply(self, operation: str, *others: Expression | NumberLike, slope: NumberLike | None = None) -> Expression:
        """An operation of net files by its name: ``x.apply("hardtanh")``, ``x.apply("leaky_relu", slope="1/10")``.

        ``slope`` is also the exponent of ``power``.  Raises NetError for an unknown operation, a wrong number of
        arguments, and a slope too much or too little.
        """
        arguments = (self, *map(expression, others))
        exact_slope = None if slope is None else _number(slope)
        known = known_operation(operation)
        if known is None or not known.in_graphs:
            raise NetError(f"unknown op {operation!r}", file="<expression>")
        refused = known.parameter_refused(exact_slope)
        refused = known.arguments_refused(len(arguments)) if refused is None else f"{operation} {refused}"
        if refused is not None:
            raise NetError(refused, file="<expression>", place=operation)
        return Expression(operation, arguments, slope=exact_slope)

    def program(self, *, point: Sequence[NumberLike] | None = None, name: str | None = None) -> Program:
        """The net with this one output.

        Its inputs are all variables that were made together with those in it, in the order in which they were made.
        ``point``: its entries in the order of the inputs, the origin by default.  Raises NetError for two inputs or
        nodes of one name, and PointError.  Linear in the number of expressions.
        """
        return Vector([self]).program(point=point, name=name)

    def __add__(self, other: Expression | NumberLike) -> Expression:
        if isinstance(other, Vector):
            return NotImplemented
        if isinstance(other, Expression):
            return Expression("affine", (self, other), (_ONE, _ONE))
        return Expression("affine", (self,), (_ONE,), _number(other))

    __radd__ = __add__

    def __neg__(self) -> Expression:
        return Expression("affine", (self,), (-_ONE,))

    def __pos__(self) -> Expression:
        return self

    def __sub__(self, other: Expression | NumberLike) -> Expression:
        if isinstance(other, Vector):
            return NotImplemented
        if isinstance(other, Expression):
            return Expression("affine", (self, other), (_ONE, -_ONE))
        return Expression("affine", (self,), (_ONE,), -_number(other))

    def __rsub__(self, other: NumberLike) -> Expression:
        return -self + other

    def __mul__(self, other: Expression | NumberLike) -> Expression:
        if isinstance(other, Vector):
            return NotImplemented
        if isinstance(other, Expression):
            return self.apply("mul", other)
        return Expression("affine", (self,), (_number(other),))

    __rmul__ = __mul__

    def __truediv__(self, other: Expression | NumberLike) -> Expression:
        if isinstance(other, Expression):
            return self.apply("div", other)
        divisor = _number(other)
        if not divisor:
            raise ZeroDivisionError("an expression divided by zero")
        return Expression("affine", (self,), (1 / divisor,))

    def __rtruediv__(self, other: NumberLike) -> Expression:
        return expression(other).apply("div", self)

    def __pow__(self, exponent: int) -> Expression:
        return self.apply("square") if exponent == 2 else self.apply("power", slope=exponent)

    def __abs__(self) -> Expression:
        return self.apply("abs")

    def _no_order(self, _: object = None) -> NoReturn:
        raise TypeError("an Expression has no value yet, so none is greater: use sh.maximum and sh.minimum")

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _no_order


class Vector(LeftToExpressions, Sequence[Expression]):
    """Several expressions; arithmetic goes entry by entry, ``matrix @ vector`` is the linear map.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> v = sh.variables(2)
    >>> hidden = sh.relu([[1, -1], ["1/2", 0]] @ v + [0, 1])
    >>> hidden.program()
    <Program: graph, 2 inputs, 2 outputs>
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Sequence[Expression | NumberLike]) -> None:
        self._entries = tuple(map(expression, entries))

    def __repr__(self) -> str:
        return f"<Vector of {len(self)}>"

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Expression: ...
    @overload
    def __getitem__(self, place: slice) -> Vector: ...
    def __getitem__(self, place: int | slice) -> Expression | Vector:
        return Vector(self._entries[place]) if isinstance(place, slice) else self._entries[place]

    def map(self, function: Callable[..., Any], *others: Any) -> Vector:
        """A function of the entries, and of those of other vectors; numbers and expressions stand for vectors.

        Raises NetError for vectors of several lengths.
        """
        columns = [self._entries]
        for other in others:
            alone = isinstance(other, Expression | str) or not hasattr(other, "__len__")
            columns.append((other,) * len(self) if alone else tuple(other))
            if len(columns[-1]) != len(self):
                raise NetError(
                    f"vectors of {len(self)} and {count(len(columns[-1]), 'entry', 'entries')}", file="<expression>"
                )
        return Vector([function(*entries) for entries in zip(*columns, strict=True)])

    def __add__(self, other: Any) -> Vector:
        return self.map(lambda one, two: one + two, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Vector:
        return self.map(lambda one, two: one - two, other)

    def __rsub__(self, other: Any) -> Vector:
        return (-self).__add__(other)

    def __neg__(self) -> Vector:
        return self.map(lambda one: -one)

    def __mul__(self, other: Any) -> Vector:
        return self.map(lambda one, two: one * two, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Vector:
        return self.map(lambda one, two: one / two, other)

    def __abs__(self) -> Vector:
        return self.map(abs)

    def __matmul__(self, weights: Any) -> Expression:
        """The sum of the entries, each times its number."""
        return Expression("affine", self._entries, exact_vector(weights, len(self), "weights"))

    def __rmatmul__(self, matrix: Any) -> Any:
        """Rows of numbers times the vector; one row of numbers gives one expression."""
        rows = matrix.tolist() if hasattr(matrix, "tolist") else matrix
        if not rows or isinstance(rows[0], str) or not hasattr(rows[0], "__len__"):
            return self @ rows
        return Vector([self @ row for row in rows])

    def program(self, *, point: Sequence[NumberLike] | None = None, name: str | None = None) -> Program:
        """The net with these outputs; see ``Expression.program``."""
        return _program(self._entries, point, name)


def expression(value: Expression | NumberLike) -> Expression:
    """A number as an expression.  Raises PointError for what is neither."""
    return value if isinstance(value, Expression) else Expression("affine", bias=_number(value))


def _number(value: Any) -> Fraction:
    return exact_vector([value], 1, "constant")[0]


def _program(outputs: Sequence[Expression], point: Sequence[NumberLike] | None, name: str | None) -> Program:
    order = list(_postorder(outputs))
    groups = sorted({each._group for each in order if each._group is not None})
    build = GraphBuilder([variable for group in groups for variable in group.names])
    uses = Counter(map(id, outputs))
    uses.update([id(argument) for each in order for argument in each._arguments])
    inner = {id(a) for each in order if each._operation == "affine" for a in each._arguments}
    kept = {id(output) for output in outputs}
    inlined = {id(e) for e in order if e._operation == "affine" and uses[id(e)] == 1 and not e._name}
    inlined = (inlined & inner) - kept
    handles: dict[int, int] = {}
    for each in order:
        if id(each) not in inlined:
            handles[id(each)] = _node(build, each, handles)
    if not build.nodes:
        handles[id(outputs[0])] = build.affine([(handles[id(outputs[0])], 1)])
    program = build.program([handles[id(output)] for output in outputs], name=name)
    return program if point is None else program.at(point)


def _node(build: GraphBuilder, each: Expression, handles: dict[int, int]) -> int:
    """The handle of an expression whose arguments have theirs, or are affine and become part of it."""
    if each._operation == "input":
        return build[each._name or ""]
    if each._operation != "affine":
        arguments = [handles[id(argument)] for argument in each._arguments]
        return build.apply(each._operation, arguments, each._slope, name=each._name)
    terms: list[tuple[int, Fraction]] = []
    bias = Fraction(0)
    left = [(each, _ONE)]
    while left:
        part, factor = left.pop()
        if id(part) in handles:
            terms.append((handles[id(part)], factor))
            continue
        bias += factor * part._bias
        pairs = zip(part._arguments, part._coefficients, strict=True)
        left += [(argument, factor * coefficient) for argument, coefficient in reversed(list(pairs))]
    if len(terms) == 1 and terms[0][1] == 1 and not bias and each._name is None:
        return terms[0][0]
    return build.sum(terms, bias, name=each._name)


def _postorder(outputs: Sequence[Expression]) -> Iterator[Expression]:
    """Every expression once, after its arguments; without recursion, so that none is too deep."""
    seen: set[int] = set()
    left = [(output, False) for output in reversed(outputs)]
    while left:
        each, ready = left.pop()
        if ready:
            yield each
        elif id(each) not in seen:
            seen.add(id(each))
            left.append((each, True))
            left += [(argument, False) for argument in reversed(each._arguments)]
