"""What expressions begin with, and the functions of them: ``variables``, ``relu``, ``maximum``, ``minimum``."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.expressions import Expression, Group, Vector, expression
from subgrad_hardness.net.rational import NumberLike

Some = TypeVar("Some", Expression, Vector)

_NUMBERS = count()


def variables(names: str | int) -> Vector:
    """Variables, to write a net as an expression of them.

    Parameters
    ----------
    names : str or int
        Names with spaces or commas between them, or how many: ``x0``, ``x1``, ...

    Returns
    -------
    Vector
        Of the variables; ``x, y = variables("x y")`` takes them apart, ``[x] = variables("x")`` a single one.  They are
        the inputs of each net that has one of them, in this order.

    Raises
    ------
    NetError
        No name, or one twice.

    Notes
    -----
    An expression that is used twice is one node of the net, and two calls are two nodes (docs/python.md).
    ``net.building.GraphBuilder`` builds node by node.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> x, y = sh.variables("x y")
    >>> net = (sh.maximum(x, y) + sh.relu(x)).program()
    >>> print(net.to_text(), end="")
    inputs x y
    n1 = max x y
    n2 = relu x
    n3 = n1 + n2
    outputs n3
    >>> sh.check(net).verdict
    'distinct'
    """
    known = [f"x{index}" for index in range(names)] if isinstance(names, int) else names.replace(",", " ").split()
    if not known:
        raise NetError("no name; a net has at least one input", file="<expression>", place="variables")
    twice = [name for place, name in enumerate(known) if name in known[:place]]
    if twice:
        raise NetError(f"{twice[0]!r} stands twice", file="<expression>", place="variables")
    group = Group(next(_NUMBERS), tuple(known))
    return Vector([Expression("input", name=name, group=group) for name in known])


def relu(value: Some) -> Some:
    """max(value, 0), of an expression or of each entry of a vector.

    Parameters
    ----------
    value : Expression or Vector

    Returns
    -------
    Expression or Vector

    Raises
    ------
    TypeError
        For anything else.

    Notes
    -----
    Each call is a node.  ``Expression.apply`` has all operations of net files.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> [x] = sh.variables("x")
    >>> sh.check((sh.relu(x) - sh.relu(-x)).program()).verdict  # this is x
    'unique'
    """
    if isinstance(value, Vector):
        return value.map(relu)
    if not isinstance(value, Expression):
        raise TypeError(f"relu of a {type(value).__name__}, expected an Expression or a Vector")
    return value.apply("relu")


def maximum(first: Expression | Vector | NumberLike, *others: Expression | Vector | NumberLike) -> Any:
    """The greatest of several expressions and numbers, entry by entry where one is a vector.

    Parameters
    ----------
    first, others : Expressions, Vectors and numbers, at least one of them no number

    Returns
    -------
    Expression, or Vector where one of them is one

    Raises
    ------
    NetError, PointError
        Vectors of several lengths; what is no number.

    Notes
    -----
    One node ``max`` of all of them, which is rewritten as a balanced tree (docs/specification.md).  The greatest entry
    of a vector v is ``maximum(*v)``.  Python's own ``max`` compares, and expressions have no values yet.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> v = sh.variables("x y z")
    >>> print(sh.maximum(*v, "1/3").program().to_text(), end="")
    inputs x y z
    n1 = 1/3
    n2 = max x y z n1
    outputs n2
    """
    return _nary("max", (first, *others))


def minimum(first: Expression | Vector | NumberLike, *others: Expression | Vector | NumberLike) -> Any:
    """The least of several expressions and numbers, entry by entry where one is a vector.

    Parameters
    ----------
    first, others : Expressions, Vectors and numbers, at least one of them no number

    Returns
    -------
    Expression, or Vector where one of them is one

    Raises
    ------
    NetError, PointError
        Vectors of several lengths; what is no number.

    Notes
    -----
    As ``maximum``.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> x, y = sh.variables("x y")
    >>> net = (sh.maximum(x, y) + sh.minimum(x, y)).program(point=["1/3", "1/3"])
    >>> sh.check(net).verdict  # this is x + y
    'unique'
    """
    return _nary("min", (first, *others))


def _nary(operation: str, values: tuple[Any, ...]) -> Expression | Vector:
    place = next((place for place, value in enumerate(values) if isinstance(value, Vector)), None)
    if place is None:
        return expression(values[0]).apply(operation, *values[1:])
    vector: Vector = values[place]

    def one(entry: Expression, *others: Any) -> Expression:
        arguments = [*others[:place], entry, *others[place:]]
        return expression(arguments[0]).apply(operation, *arguments[1:])

    return vector.map(one, *values[:place], *values[place + 1 :])
