"""The layered form of net.json: ``"layers": [{"weight": ..., "bias": ..., "activation": ...}]``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import compress
from typing import Any, NamedTuple

from subgrad_hardness.common.words import count, takes_no
from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.json_text import Reader, show
from subgrad_hardness.net.operations import PARAMETERS, Operation, activations
from subgrad_hardness.net.rational import Number, exact, format_int
from subgrad_hardness.net.smooth_operations import known_operation

#: No net may have more inputs, or more units in its layers together.
MAX_UNITS = 2**22

_LAYER_KEYS = frozenset({"weight", "bias", "activation", *PARAMETERS})
_SPARSE_KEYS = frozenset({"shape", "entries"})


class Entries(NamedTuple):
    """The nonzero entries of a matrix row, in order of the columns."""

    columns: Sequence[int] = ()
    numbers: Sequence[Number] = ()


_NO_ENTRIES = Entries()
_ZERO_ROW = Row.of((), ())


def read_layers(reader: Reader, net: Mapping[str, Any], inputs: Sequence[str]) -> LayeredForm:
    """The layers of a parsed net.  Raises ``reader.error`` with the place."""
    layers: list[Layer] = []
    items = reader.sequence(net["layers"], "layers", "a list of layers")
    if not items:
        reader.fail("layers", "empty; a net has at least one layer")
    width, units = len(inputs), 0
    for index, item in enumerate(items):
        layers.append(_read_layer(reader, item, f"layers[{index}]", width, MAX_UNITS - units))
        width = len(layers[-1].rows)
        units += width
    return LayeredForm(tuple(layers))


def _read_layer(reader: Reader, value: Any, place: str, columns: int, room: int) -> Layer:
    layer = reader.mapping(value, place, _LAYER_KEYS, "a layer object")
    if "weight" not in layer:
        reader.fail(place, "no weight")
    read = _read_sparse if isinstance(layer["weight"], dict) else _read_dense
    entries = read(reader, layer["weight"], f"{place}.weight", columns)
    if len(entries) > room:
        reader.fail(f"{place}.weight", f"more than {MAX_UNITS} units up to here")
    activation = reader.text(layer.get("activation", "identity"), f"{place}.activation", "an activation's name")
    operation = known_operation(activation)
    if operation is None or not operation.activation:
        reader.fail(f"{place}.activation", f"unknown activation {show(activation)}; known: {', '.join(activations())}")
    slope = read_parameter(reader, layer, place, operation, activation)
    bias: list[Number] = [0] * len(entries)
    if "bias" in layer:
        bias = read_numbers(reader, layer["bias"], f"{place}.bias", len(entries))
    rows = [
        read_row(reader, f"{place}.weight", row.columns, row.numbers, constant)
        if row.columns or constant
        else _ZERO_ROW
        for row, constant in zip(entries, bias, strict=True)
    ]
    return Layer(columns, tuple(rows), activation, slope)


def read_row(
    reader: Reader,
    place: str | Callable[[], str],
    arguments: Sequence[int],
    coefficients: Sequence[Number],
    bias: Number,
) -> Row:
    """The row over one denominator, unless that would take absurd room."""
    common = 1
    given = (*coefficients, bias)
    if Fraction not in set(map(type, given)):
        return Row.of(arguments, coefficients, bias)
    for denominator in {number.denominator for number in given if isinstance(number, Fraction)}:
        bits, common = common.bit_length(), math.lcm(common, denominator)
        reader.charge((common.bit_length() - bits) * len(coefficients), place)
    return Row.of(arguments, coefficients, bias)


def read_parameter(
    reader: Reader, item: dict[str, Any], place: str, operation: Operation | None, name: str
) -> Fraction | None:
    """The slope or exponent of an operation (None: an affine node); an error where it is missing or none belongs."""
    wanted = operation.parameter if operation is not None else None
    for key in PARAMETERS:
        if key in item and key != wanted:
            reader.fail(f"{place}.{key}", f"{name} {takes_no(name, key)}")
    if operation is None or wanted is None:
        return None
    number = exact(reader.number(item[wanted], f"{place}.{wanted}")) if wanted in item else None
    refused = operation.parameter_refused(number)
    if refused is not None:
        reader.fail(place if number is None else f"{place}.{wanted}", f"{name} {refused}")
    return number


def read_numbers(reader: Reader, value: Any, place: str, length: int) -> list[Number]:
    """A list of ``length`` exact numbers."""
    reader.limits.check()
    values = reader.sequence(value, place, "a list of numbers")
    if len(values) != length:
        reader.fail(place, f"{count(len(values), 'entry', 'entries')}, expected {length}")
    if set(map(type, values)) <= {int, float}:  # the bulk of large nets: nothing to convert
        return values
    return [reader.number(entry, f"{place}[{index}]") for index, entry in enumerate(values)]


def _read_dense(reader: Reader, value: Any, place: str, columns: int) -> list[Entries]:
    rows = reader.sequence(value, place, 'a list of rows or {"shape": ..., "entries": ...}')
    if not rows:
        reader.fail(place, "no rows; a layer has at least one unit")
    full = tuple(range(columns))  # one object for all rows without zeros: so they are kept, and known to read the same
    result = []
    for index, row in enumerate(rows):
        numbers = read_numbers(reader, row, f"{place}[{index}]", columns)
        if all(numbers):
            result.append(Entries(full, numbers))
        else:
            result.append(Entries(tuple(compress(full, numbers)), list(filter(None, numbers))))
    return result


def _read_sparse(reader: Reader, value: Any, place: str, columns: int) -> list[Entries]:
    sparse = reader.mapping(value, place, _SPARSE_KEYS, "a sparse matrix")
    for key in sorted(_SPARSE_KEYS):
        if key not in sparse:
            reader.fail(place, f"no {key}")
    shape = reader.sequence(sparse["shape"], f"{place}.shape", "[rows, columns]")
    if len(shape) != 2:
        reader.fail(f"{place}.shape", f"{count(len(shape), 'entry', 'entries')}, expected 2")
    height = reader.count(shape[0], f"{place}.shape[0]", "a number of rows", MAX_UNITS, least=1)
    width = reader.count(shape[1], f"{place}.shape[1]", "a number of columns", MAX_UNITS, least=1)
    if width != columns:
        reader.fail(f"{place}.shape[1]", f"{count(width, 'column')}, expected {columns}")
    rows: dict[int, dict[int, Number]] = {}
    for index, entry in enumerate(
        reader.sequence(sparse["entries"], f"{place}.entries", "a list of [row, column, value]")
    ):
        if not index % 1024:
            reader.limits.check()
        where = f"{place}.entries[{index}]"
        if len(reader.sequence(entry, where, "[row, column, value]")) != 3:
            reader.fail(where, f"{count(len(entry), 'entry', 'entries')}, expected 3")
        row = reader.count(entry[0], f"{where}[0]", "a row number", height - 1)
        column = reader.count(entry[1], f"{where}[1]", "a column number", width - 1)
        filled = rows.setdefault(row, {})
        if column in filled:
            reader.fail(where, f"entry ({row}, {column}) stands twice")
        filled[column] = reader.number(entry[2], f"{where}[2]")
    return [_sorted(rows[row]) if row in rows else _NO_ENTRIES for row in range(height)]


def _sorted(row: Mapping[int, Number]) -> Entries:
    columns = tuple([column for column in sorted(row) if row[column]])
    return Entries(columns, [row[column] for column in columns])


def plain_layers(form: LayeredForm, inputs: Sequence[str]) -> dict[str, Any]:
    """``{"layers": ...}`` as JSON values, short for people."""
    return {"layers": [_plain_layer(layer) for layer in form.layers]}


def _plain_layer(layer: Layer) -> dict[str, Any]:
    height, size = len(layer.rows), len(layer.rows) * layer.columns
    nonzeros = sum(len(row.arguments) for row in layer.rows)
    result: dict[str, Any] = {}
    if size > 64 and 4 * nonzeros < size:
        entries = [[index, column, number] for index, row in enumerate(layer.rows) for column, number in _numbers(row)]
        result["weight"] = {"shape": [height, layer.columns], "entries": entries}
    else:
        result["weight"] = [_dense(row, layer.columns) for row in layer.rows]
    if any(row.bias for row in layer.rows):
        result["bias"] = [plain_number(Fraction(row.bias, row.denominator)) for row in layer.rows]
    if layer.activation != "identity":
        result["activation"] = layer.activation
    result |= plain_parameter(layer.activation, layer.slope)
    return result


def plain_parameter(operation: str, number: Fraction | None) -> dict[str, Any]:
    """The slope or exponent of an operation under its name, as JSON; nothing where it has none."""
    known = known_operation(operation)
    return {} if number is None or known is None or known.parameter is None else {known.parameter: plain_number(number)}


def _numbers(row: Row) -> Iterator[tuple[int, int | str]]:
    if row.denominator == 1:
        return zip(row.arguments, row.coefficients, strict=True)
    return zip(row.arguments, map(plain_number, row.rationals()), strict=True)


def _dense(row: Row, columns: int) -> list[int | str]:
    line: list[int | str] = [0] * columns
    for column, number in _numbers(row):
        line[column] = number
    return line


def plain_number(value: Number) -> int | str:
    """A JSON integer where integral, else the string ``"n/d"`` (SPEC 2, "Numbers out")."""
    numerator, denominator = value.as_integer_ratio()
    return numerator if denominator == 1 else f"{format_int(numerator)}/{format_int(denominator)}"
