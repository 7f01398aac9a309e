"""Numbers, nets, digests and Jacobians: docs/certificate.md, sections 1 to 4, for second_verifier.py.

Written from the document alone; the standard library and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Any, NamedTuple, NoReturn

from support.second_argument import MOST_DIGITS, Form, Local, RejectedError, UnreadableError, add

FRACTION = re.compile(r"([+-]?)([0-9]+)/([0-9]+)", re.ASCII)
DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?", re.ASCII)
#: All numbers written as strings together.
MOST_BITS = 2**30
MOST_UNITS = 4194304

#: The operations that have a number beside their arguments, and its key.
PARAMETERS = {"leaky_relu": "slope", "power": "exponent"}

Matrix = list[list[Fraction]]
#: The leading columns, and the unit vectors after them.
Directions = tuple[Matrix, list[int]]


class Affine(NamedTuple):
    """A sum of coefficient * node, plus a constant."""

    terms: list[tuple[Fraction, int]]
    constant: Fraction


class Relu(NamedTuple):
    """relu of a node."""

    argument: int


class Smooth(NamedTuple):
    """mul, div, square or power of nodes."""

    operation: str
    arguments: list[int]
    exponent: int

    def at(self, values: list[Fraction]) -> tuple[Fraction, list[tuple[Fraction, int]]]:
        """The value, and the partial derivative for each argument; RejectedError where there is none."""
        a, b = values[self.arguments[0]], values[self.arguments[-1]]
        try:
            if self.operation == "mul":
                value, partials = a * b, [b, a]
            elif self.operation == "div":
                value, partials = a / b, [1 / b, -a / (b * b)]
            elif self.operation == "square":
                value, partials = a * a, [2 * a]
            elif self.exponent:
                value, partials = a**self.exponent, [self.exponent * a ** (self.exponent - 1)]
            else:
                value, partials = Fraction(1), [Fraction(0)]
        except ZeroDivisionError:
            raise RejectedError("no derivative at the point") from None
        return value, list(zip(partials, self.arguments, strict=True))


class Net(NamedTuple):
    """Nodes over handles: inputs 0..p-1, then ``nodes`` in order; the canonical form; the outputs.

    ``relus`` holds the handles of the relus as section 6 numbers them.
    """

    inputs: list[str]
    nodes: list[Affine | Relu | Smooth]
    outputs: list[int]
    canonical: dict[str, Any]
    relus: list[int]

    @property
    def smooth(self) -> bool:
        return any(isinstance(node, Smooth) for node in self.nodes)


# Section 1: JSON and numbers.


def parse(data: bytes) -> Any:
    """The JSON value; reals become Fractions, so that they differ from integers."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        return json.loads(text, parse_float=_real, parse_constant=_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as problem:
        raise UnreadableError(str(problem)) from None


def _real(text: str) -> Fraction:
    value = float(text)
    if math.isinf(value):
        raise UnreadableError(f"{text} overflows")
    return Fraction(value)


def _constant(text: str) -> NoReturn:
    raise UnreadableError(f"{text} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise UnreadableError("repeated key")
    return dict(pairs)


def number(value: Any) -> Fraction:
    if type(value) is Fraction:
        return value
    if type(value) is int:
        _require_short(len(str(abs(value))))
        return Fraction(value)
    if type(value) is str and (match := FRACTION.fullmatch(value)):
        sign, top, bottom = match.groups()
        _require_short(len(top.lstrip("0")), len(bottom.lstrip("0")))
        if not bottom.strip("0"):
            raise UnreadableError("division by zero")
        return Fraction(int(top), int(bottom)) * int(sign + "1")
    if type(value) is str and (match := DECIMAL.fullmatch(value)):
        return _decimal(*(part or "" for part in match.groups()))
    raise UnreadableError("no number")


def _decimal(sign: str, whole: str, part: str, exponent_sign: str, exponent: str) -> Fraction:
    if not whole + part:
        raise UnreadableError("no digits")
    digits, exponent = (whole + part).lstrip("0"), exponent.lstrip("0")
    if not digits:
        return Fraction(0)
    if len(exponent) > 6:
        raise UnreadableError("too many digits")
    shift = int(exponent_sign + (exponent or "0")) - len(part)
    _require_short(len(digits) + max(shift, 0), 1 + max(-shift, 0))
    return Fraction(int(sign + digits)) * Fraction(10) ** shift


def _require_short(*lengths: int) -> None:
    if max(lengths) > MOST_DIGITS:
        raise UnreadableError("too many digits")


def numbers(value: Any, length: int | None = None) -> list[Fraction]:
    if type(value) is not list or length not in (None, len(value)):
        raise UnreadableError("no list of numbers, or of a wrong length")
    return [number(entry) for entry in value]


class Reader:
    """The numbers of one certificate: those that are written as strings are limited all together."""

    def __init__(self) -> None:
        self.bits = 0

    def number(self, value: Any) -> Fraction:
        result = number(value)
        if type(value) is str:
            self.bits += result.numerator.bit_length() + result.denominator.bit_length()
            if self.bits > MOST_BITS:
                raise UnreadableError("too many digits all together")
        return result

    def vector(self, value: Any) -> list[Fraction]:
        return [self.number(entry) for entry in items(value)]

    def matrix(self, value: Any) -> Matrix:
        return [self.vector(row) for row in items(value)]

    def directions(self, value: Any) -> list[Directions]:
        """Direction matrices, of any number and any size."""
        matrices = []
        for matrix in items(value):
            if type(matrix) is not dict or set(matrix) != {"leading", "complete"}:
                raise UnreadableError("not the two keys of a direction matrix")
            for index in items(matrix["complete"]):
                if type(index) is not int or not 0 <= index <= MOST_UNITS:
                    raise UnreadableError("no index")
            matrices.append((self.matrix(matrix["leading"]), matrix["complete"]))
        return matrices


def items(value: Any) -> list[Any]:
    if type(value) is not list:
        raise UnreadableError("no list")
    return value


def plain(value: Fraction) -> int | str:
    """Section 3, "Numbers"."""
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


# Section 2: the program, and section 3: its canonical form.


class Builder:
    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.nodes: list[Affine | Relu | Smooth] = []
        self.relus: dict[str, list[int]] = {}  # by the id of the unit; layered nets have one for all
        self.unit = ""

    def affine(self, *terms: tuple[int | Fraction, int], constant: int | Fraction = 0) -> int:
        self.nodes.append(Affine([(Fraction(factor), handle) for factor, handle in terms], Fraction(constant)))
        return self.inputs + len(self.nodes) - 1

    def relu(self, handle: int) -> int:
        self.nodes.append(Relu(handle))
        result = self.inputs + len(self.nodes) - 1
        self.relus.setdefault(self.unit, []).append(result)
        return result

    def smooth(self, name: str, arguments: list[int], exponent: int = 0) -> int:
        self.nodes.append(Smooth(name, arguments, exponent))
        return self.inputs + len(self.nodes) - 1

    def operation(self, name: str, arguments: list[int], slope: Fraction | None) -> int:
        if name in ("max", "min") and len(arguments) > 1:
            half = -(-len(arguments) // 2)
            a = self.operation(name, arguments[:half], None)
            b = self.operation(name, arguments[half:], None)
            if name == "max":
                return self.affine((1, a), (1, self.relu(self.affine((1, b), (-1, a)))))
            return self.affine((1, a), (-1, self.relu(self.affine((1, a), (-1, b)))))
        if name in ("mul", "div"):
            a, b = arguments
            return self.smooth(name, [a, b])
        (t,) = arguments
        if name == "square":
            return self.smooth(name, [t])
        if name == "power" and slope is not None and slope.denominator == 1:  # its exponent
            return self.smooth(name, [t], slope.numerator)
        if name == "relu":
            return self.relu(t)
        if name == "abs":
            return self.affine((1, self.relu(t)), (1, self.relu(self.affine((-1, t)))))
        if name == "leaky_relu" and slope is not None and slope != 1:
            return self.affine((slope, t), (1 - slope, self.relu(t)))
        if name == "hardtanh":
            inner = self.relu(self.affine((1, t), constant=1))
            return self.affine((-1, self.relu(self.affine((-1, inner), constant=2))), constant=1)
        if name == "relu6":
            return self.affine((-1, self.relu(self.affine((-1, self.relu(t)), constant=6))), constant=6)
        if name in ("identity", "max", "min") or (name == "leaky_relu" and slope == 1):  # max and min of one argument
            return t
        raise UnreadableError(f"unknown operation {name!r}")


def read_net(data: bytes, point: list[Fraction] | None = None) -> tuple[Net, list[Fraction]]:
    """The net and its point.  A net is taken to be well formed; what is not usually shows anyway."""
    try:
        value = parse(data)
        names = value["inputs"]
        inputs = [f"x{index}" for index in range(names)] if type(names) is int else list(names)
        if point is None:
            point = numbers(value["point"], len(inputs)) if "point" in value else [Fraction(0)] * len(inputs)
        build = Builder(len(inputs))
        body, outputs = (_layers if "layers" in value else _graph)(build, inputs, value)
        header = {"version": 1, "inputs": inputs, "point": [plain(entry) for entry in point]}
        relus = [handle for unit in sorted(build.relus) for handle in build.relus[unit]]
        net = Net(inputs, build.nodes, outputs, {**header, **body}, relus)
        net_digest(net)  # half surrogate pairs have none
        return net, point
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        raise UnreadableError(f"{type(problem).__name__}: {problem}") from None


def _layers(build: Builder, inputs: list[str], value: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    units = list(range(len(inputs)))
    canonical = []
    for layer in value["layers"]:
        rows, width = _matrix(layer["weight"])
        if width != len(units):
            raise UnreadableError("a weight of a wrong width")
        bias = numbers(layer.get("bias", [0] * len(rows)), len(rows))
        activation = layer.get("activation", "identity")
        key = PARAMETERS.get(activation)
        slope = None if key is None else number(layer[key])
        entries = [[i, j, plain(entry)] for i, row in enumerate(rows) for j, entry in sorted(row.items())]
        text = {
            "weight": {"shape": [len(rows), width], "entries": entries},
            "bias": [plain(entry) for entry in bias],
            "activation": activation,
        }
        canonical.append(text if key is None or slope is None else {**text, key: plain(slope)})
        affine = [
            build.affine(*((entry, units[j]) for j, entry in row.items()), constant=constant)
            for row, constant in zip(rows, bias, strict=True)
        ]
        units = [build.operation(activation, [handle], slope) for handle in affine]
    return {"layers": canonical}, units


def _matrix(weight: Any) -> tuple[list[dict[int, Fraction]], int]:
    """Rows as column -> nonzero entry, and the number of columns."""
    if type(weight) is dict:
        height, width = weight["shape"]
        rows: list[dict[int, Fraction]] = [{} for _ in range(height)]
        for i, j, entry in weight["entries"]:
            rows[i][j] = number(entry)
    else:
        width = len(weight[0])
        rows = [dict(enumerate(numbers(row, width))) for row in weight]
    return [{j: entry for j, entry in row.items() if entry} for row in rows], width


def _graph(build: Builder, inputs: list[str], value: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    nodes = {node["id"]: node for node in value["nodes"]}
    order = TopologicalSorter({name: set(node.get("args", [])) - set(inputs) for name, node in nodes.items()})
    handles = {name: index for index, name in enumerate(inputs)}
    canonical = {}
    for name in order.static_order():
        node = nodes[name]
        names = node.get("args", [])
        arguments = [handles[argument] for argument in names]
        canonical[name] = {"id": name, "op": node["op"], "args": names}
        if node["op"] == "affine":
            coefficients = numbers(node.get("coefficients", [1] * len(names)), len(names))
            bias = number(node.get("bias", 0))
            canonical[name] |= {"coefficients": [plain(entry) for entry in coefficients], "bias": plain(bias)}
            handles[name] = build.affine(*zip(coefficients, arguments, strict=True), constant=bias)
            continue
        key = PARAMETERS.get(node["op"])
        slope = None if key is None else number(node[key])
        if key is not None and slope is not None:
            canonical[name][key] = plain(slope)
        build.unit = name
        handles[name] = build.operation(node["op"], arguments, slope)
    ordered = [canonical[name] for name in sorted(canonical)]
    return {"nodes": ordered, "outputs": value["outputs"]}, [handles[name] for name in value["outputs"]]


def net_digest(net: Net) -> str:
    text = json.dumps(net.canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# Section 4: localisation and the lexicographic rule.


def jacobian(net: Net, point: list[Fraction], columns: Matrix) -> Matrix:
    """J_L(x0; M) = P M^-1.  Raises RejectedError for a singular M."""
    values = list(point)
    rows: Matrix = [list(row) for row in zip(*columns, strict=True)]
    zero = [Fraction(0)] * len(columns)
    for node in net.nodes:
        if isinstance(node, Relu):
            preactivation, row = values[node.argument], rows[node.argument]
            kink_passes = next((entry for entry in row if entry), 0) > 0
            values.append(max(preactivation, Fraction(0)))
            rows.append(row if preactivation > 0 or (preactivation == 0 and kink_passes) else zero)
        else:
            value, terms = _affine(node, values)
            values.append(value)
            row = zero
            for factor, handle in terms:
                row = [total + factor * entry for total, entry in zip(row, rows[handle], strict=True)]
            rows.append(row)
    # J M = P reads, transposed, M^T J^T = P^T; the rows of M^T are the columns.
    system = [[*column, *(rows[output][i] for output in net.outputs)] for i, column in enumerate(columns)]
    return [list(row) for row in zip(*_solve(system), strict=True)]


def _affine(node: Affine | Smooth, values: list[Fraction]) -> tuple[Fraction, list[tuple[Fraction, int]]]:
    """The value, and what the node is near the point: coefficients of its arguments."""
    if isinstance(node, Smooth):
        return node.at(values)
    return sum((factor * values[handle] for factor, handle in node.terms), start=node.constant), node.terms


def _solve(system: Matrix) -> Matrix:
    """The right-hand side after Gauss-Jordan elimination; RejectedError if the matrix is singular."""
    size = len(system)
    for step in range(size):
        pivot = next((row for row in range(step, size) if system[row][step]), None)
        if pivot is None:
            raise RejectedError("singular")
        system[step], system[pivot] = system[pivot], system[step]
        head = system[step][step]
        system[step] = [entry / head for entry in system[step]]
        for row in range(size):
            factor = system[row][step]
            if row != step and factor:
                system[row] = [x - factor * y for x, y in zip(system[row], system[step], strict=True)]
    return [row[size:] for row in system]


def localise(net: Net, point: list[Fraction]) -> Local:
    """Section 4, localisation, over the inputs and the kinks."""
    numbers_of = {handle: number for number, handle in enumerate(net.relus)}
    values = list(point)
    forms: list[Form] = [{index: Fraction(1)} for index in range(len(point))]
    kinks: dict[int, Form] = {}
    for handle, node in enumerate(net.nodes, len(point)):
        form: Form = {}
        if not isinstance(node, Relu):
            value, terms = _affine(node, values)
            values.append(value)
            for factor, argument in terms:
                add(form, forms[argument], factor)
        else:
            preactivation = values[node.argument]
            values.append(max(preactivation, Fraction(0)))
            if preactivation > 0:
                form = forms[node.argument]
            elif preactivation == 0:
                kinks[numbers_of[handle]] = forms[node.argument]
                form = {len(point) + numbers_of[handle]: Fraction(1)}
        forms.append(form)
    return Local(len(point), kinks, [forms[output] for output in net.outputs])


def columns(directions: Directions, size: int) -> Matrix:
    """The columns of a direction matrix (section 5, 2); RejectedError if it is none for ``size`` inputs."""
    leading, complete = directions
    if any(len(column) != size for column in leading):
        raise RejectedError("a column of a wrong length")
    if any(index >= size for index in complete):
        raise RejectedError("no such input")
    if len(set(complete)) < len(complete):
        raise RejectedError("an input twice")
    if len(leading) + len(complete) != size:
        raise RejectedError("not p columns")
    return [*leading, *([Fraction(int(row == index)) for row in range(size)] for index in complete)]


def digest_of(net_data: bytes) -> str:
    """The digest of a net file at its own point."""
    with long_integers():
        return net_digest(read_net(net_data)[0])


@contextlib.contextmanager
def long_integers() -> Iterator[None]:
    """Integers of any length, which Python otherwise refuses to read and write."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(3 * MOST_DIGITS)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)
