"""An independent exact reference for what the library computes at x0.

It reads net files by itself, takes every operation of the user as the piecewise-linear map that it
is (slopes between corners, the largest argument), not as its rewriting into relus, and decides cones
by Fourier-Motzkin elimination.  It shares no code with the library.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from support import reference

Row = tuple[Fraction, ...]
Jacobian = tuple[Row, ...]
#: The homogeneous forms that must be positive.
Forms = tuple[Row, ...]


class Dual(NamedTuple):
    """A value at x0 and its derivative row."""

    value: Fraction
    row: Row


class Step(NamedTuple):
    """One operation of the user; arguments number the inputs first, then the steps."""

    name: str
    operation: str
    arguments: tuple[int, ...]
    coefficients: Row = ()
    bias: Fraction = Fraction(0)
    slope: Fraction | None = None
    exponent: int = 1


class Net(NamedTuple):
    """A net file, read."""

    point: Row
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]


class Piece(NamedTuple):
    """A full-dimensional linear piece at x0: x0 + t interior is inside for small t > 0.

    ``forms`` are positive inside, and nonnegative on its closure.
    """

    jacobian: Jacobian
    interior: Row
    forms: Forms = ()


def read(net: dict[str, Any]) -> Net:
    """A net file's object, the steps in the author's order where that is possible."""
    names = net["inputs"] if isinstance(net["inputs"], list) else [f"x{index}" for index in range(net["inputs"])]
    point = tuple(map(Fraction, net.get("point", [0] * len(names))))
    if "layers" in net:
        steps, outputs = _layers(net["layers"], len(names))
    else:
        steps, outputs = _graph(net, names)
    return Net(point, tuple(steps), tuple(outputs))


def _layers(layers: list[dict[str, Any]], inputs: int) -> tuple[list[Step], list[int]]:
    steps: list[Step] = []
    handles = list(range(inputs))
    for number, layer in enumerate(layers):
        weight = layer["weight"]
        if isinstance(weight, dict):
            height, width = weight["shape"]
            matrix = [[Fraction(0)] * width for _ in range(height)]
            for row, column, entry in weight["entries"]:
                matrix[row][column] = Fraction(entry)
        else:
            matrix = [list(map(Fraction, line)) for line in weight]
        bias = layer.get("bias", [0] * len(matrix))
        slope = Fraction(layer["slope"]) if "slope" in layer else None
        units = []
        for unit, line in enumerate(matrix):
            name = f"layers[{number}][{unit}]"
            steps.append(Step(name, "affine", tuple(handles), tuple(line), Fraction(bias[unit])))
            operation = layer.get("activation", "identity")
            steps.append(Step(name, operation, (inputs + len(steps) - 1,), slope=slope))
            units.append(inputs + len(steps) - 1)
        handles = units
    return steps, handles


def _graph(net: dict[str, Any], names: list[str]) -> tuple[list[Step], list[int]]:
    steps: list[Step] = []
    handles = {name: index for index, name in enumerate(names)}
    waiting = list(net["nodes"])
    while waiting:
        node = next(node for node in waiting if all(argument in handles for argument in node["args"]))
        waiting.remove(node)
        arguments = tuple(handles[argument] for argument in node["args"])
        coefficients = tuple(map(Fraction, node.get("coefficients", [1] * len(arguments))))
        slope = Fraction(node["slope"]) if "slope" in node else None
        bias, exponent = Fraction(node.get("bias", 0)), node.get("exponent", 1)
        step = Step(node["id"], node["op"], arguments, coefficients, bias, slope, exponent)
        handles[node["id"]] = len(names) + len(steps)
        steps.append(step)
    return steps, [handles[output] for output in net["outputs"]]


def combine(coefficients: Iterable[Fraction], arguments: Sequence[Dual], bias: Fraction, width: int) -> Dual:
    """A linear combination of duals, plus a constant."""
    value, row = bias, [Fraction(0)] * width
    for coefficient, argument in zip(coefficients, arguments, strict=True):
        if coefficient:
            value += coefficient * argument.value
            row = [x + coefficient * y if y else x for x, y in zip(row, argument.row, strict=True)]
    return Dual(value, tuple(row))


def alternatives(step: Step, arguments: Sequence[Dual], width: int) -> list[tuple[Dual, Forms]]:
    """What the step can be on pieces next to the point, and the forms that are positive there."""
    if step.operation == "affine":
        return [(combine(step.coefficients, arguments, step.bias, width), ())]
    if step.operation in ("max", "min"):
        sign = 1 if step.operation == "max" else -1
        top = sign * max(sign * argument.value for argument in arguments)
        rows = list(dict.fromkeys(argument.row for argument in arguments if argument.value == top))
        return [(Dual(top, row), tuple(_minus(row, other, sign) for other in rows if other != row)) for row in rows]
    if step.operation in ("mul", "div", "square", "power"):
        return [(_smooth(step, arguments), ())]
    ((value, row),) = arguments
    result = reference.apply(step.operation, [value], step.slope)
    corners, slopes = _shape(step)
    before = sum(corner < value for corner in corners)
    if value in corners and any(row) and slopes[before] != slopes[before + 1]:
        return [
            (Dual(result, _times(slopes[before], row)), (_times(Fraction(-1), row),)),
            (Dual(result, _times(slopes[before + 1], row)), (row,)),
        ]
    return [(Dual(result, _times(slopes[before], row)), ())]


def _smooth(step: Step, arguments: Sequence[Dual]) -> Dual:
    """The value and the derivative: the rules for products and quotients, and powers as repeated products."""

    def product(a: Dual, b: Dual) -> Dual:
        return Dual(a.value * b.value, tuple([a.value * y + b.value * x for x, y in zip(a.row, b.row, strict=True)]))

    def inverse(a: Dual) -> Dual:
        return Dual(1 / a.value, tuple([-x / a.value**2 for x in a.row]))

    first = arguments[0]
    if step.operation == "mul":
        return product(first, arguments[1])
    if step.operation == "div":
        return product(first, inverse(arguments[1]))
    exponent = 2 if step.operation == "square" else step.exponent
    result = Dual(Fraction(1), (Fraction(0),) * len(first.row))
    for _ in range(abs(exponent)):
        result = product(result, first)
    return result if exponent >= 0 else inverse(result)


def _shape(step: Step) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Corners of a function of one variable, and its slopes from left to right."""
    corners, slopes = {
        "identity": ((), (1,)),
        "relu": ((0,), (0, 1)),
        "abs": ((0,), (-1, 1)),
        "leaky_relu": ((0,), (step.slope, 1)),
        "hardtanh": ((-1, 1), (0, 1, 0)),
        "relu6": ((0, 6), (0, 1, 0)),
    }[step.operation]
    return corners, tuple(Fraction(slope or 0) for slope in slopes)


def _times(factor: Fraction, row: Row) -> Row:
    return tuple(factor * entry for entry in row)


def _minus(row: Row, other: Row, sign: int) -> Row:
    return tuple(sign * (x - y) for x, y in zip(row, other, strict=True))


def dot(row: Sequence[Fraction | int], direction: Sequence[Fraction | int]) -> Fraction:
    """The product of two vectors."""
    return sum((Fraction(x) * y for x, y in zip(row, direction, strict=True)), Fraction(0))


def exact(*rows: Sequence[Fraction | int]) -> Jacobian:
    """A Jacobian by its rows."""
    return tuple(tuple(map(Fraction, row)) for row in rows)


def times(jacobian: Sequence[Sequence[Fraction]], direction: Sequence[Fraction | int]) -> Row:
    """J d."""
    return tuple(dot(row, direction) for row in jacobian)


def pieces(net: Net) -> Iterator[Piece]:
    """All full-dimensional linear pieces at x0, by trying every alternative of every step."""
    size = len(net.point)
    first: Row = (Fraction(1),) * size
    stack: list[tuple[list[Dual], Forms, Row]] = [(_inputs(net.point), (), first)]
    while stack:
        values, forms, point = stack.pop()
        if len(values) == size + len(net.steps):
            yield Piece(tuple(values[output].row for output in net.outputs), point, forms)
            continue
        step = net.steps[len(values) - size]
        for dual, more in alternatives(step, [values[argument] for argument in step.arguments], size):
            inside: Row | None = point
            if any(dot(form, point) <= 0 for form in more):
                inside = positive_point((*forms, *more), size)
            if inside is not None:
                stack.append(([*values, dual], (*forms, *more), inside))


def bouligand(net: Net) -> frozenset[Jacobian]:
    """The Bouligand (lexicographic) subdifferential at x0."""
    return frozenset(piece.jacobian for piece in pieces(net))


def verdict(net: Net) -> str:
    """``distinct`` or ``unique``."""
    return "distinct" if len(bouligand(net)) > 1 else "unique"


def _inputs(point: Row) -> list[Dual]:
    size = len(point)
    return [Dual(x, tuple(Fraction(int(i == j)) for j in range(size))) for i, x in enumerate(point)]


def _run(net: Net, values: list[Dual], choose: Callable[[list[tuple[Dual, Forms]]], Dual]) -> list[Dual]:
    width = len(values[0].row)
    for step in net.steps:
        values.append(choose(alternatives(step, [values[argument] for argument in step.arguments], width)))
    return [values[output] for output in net.outputs]


def value(net: Net, point: Row) -> Row:
    """F(point)."""
    return tuple(dual.value for dual in _run(net, [Dual(x, ()) for x in point], lambda found: found[0][0]))


def gradient(net: Net, point: Row) -> Jacobian:
    """The Jacobian at a point where no step has two alternatives; ValueError elsewhere."""

    def only(found: list[tuple[Dual, Forms]]) -> Dual:
        if len(found) > 1:
            raise ValueError("a kink")
        return found[0][0]

    return tuple(dual.row for dual in _run(net, _inputs(point), only))


def derivative(net: Net, direction: Sequence[Fraction | int]) -> Row:
    """F'(x0; d): the restriction to the ray, on which one alternative of each step holds."""

    def along(found: list[tuple[Dual, Forms]]) -> Dual:
        return next(dual for dual, forms in found if all(form[0] > 0 for form in forms))

    start = [Dual(x, (Fraction(d),)) for x, d in zip(net.point, direction, strict=True)]
    return tuple(dual.row[0] for dual in _run(net, start, along))


def positive_point(
    forms: Iterable[Sequence[Fraction | int]], size: int, weak: Iterable[Sequence[Fraction | int]] = ()
) -> Row | None:
    """A d with form . d > 0 for all forms and >= 0 for the weak ones, or None: Fourier-Motzkin elimination."""
    systems: list[dict[tuple[int, ...], bool]] = [{_primitive(form): False for form in weak}]
    systems[0] |= {_primitive(form): True for form in forms}
    for index in range(size):
        last = systems[-1]
        if last.get((0,) * size):
            return None
        reduced = {form: strict for form, strict in last.items() if not form[index]}
        for one in (form for form in last if form[index] > 0):
            for other in (form for form in last if form[index] < 0):
                new = _primitive([one[index] * y - other[index] * x for x, y in zip(one, other, strict=True)])
                reduced[new] = reduced.get(new, False) or last[one] or last[other]
        systems.append(reduced)
    if any(systems[-1].values()):
        return None
    point = [Fraction(0)] * size
    for index in reversed(range(size)):
        bounds = [(form[index], -dot(form, point) / form[index]) for form in systems[index] if form[index]]
        lowest = max((bound for lead, bound in bounds if lead > 0), default=None)
        highest = min((bound for lead, bound in bounds if lead < 0), default=None)
        if lowest is None:
            point[index] = Fraction(0) if highest is None else highest - 1
        else:
            point[index] = lowest + 1 if highest is None else (lowest + highest) / 2
    return tuple(point)


def _primitive(form: Sequence[Fraction | int]) -> tuple[int, ...]:
    common = math.lcm(*(entry.denominator for entry in form))
    entries = [entry.numerator * (common // entry.denominator) for entry in form]
    content = math.gcd(*entries)
    return tuple(entries) if content <= 1 else tuple(entry // content for entry in entries)
