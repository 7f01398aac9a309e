"""The canonical text of programs, which digests are taken of, in pieces (SPEC 2; docs/certificate.md, section 3).

It is the JSON text of plain values, keys sorted, without spaces; written straight from the rows' integers, because
nets have millions of them: no Fraction, no list and no string of its own for each entry.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, repeat
from operator import floordiv

from subgrad_hardness.net.forms import GraphForm, Layer, LayeredForm, Node, Row
from subgrad_hardness.net.rational import format_int
from subgrad_hardness.net.smooth_operations import known_operation

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def number_texts(numerators: Sequence[int], denominator: int) -> list[str]:
    """Each ``numerators[i]`` / ``denominator`` in lowest terms: ``3``, or ``"-1/2"`` with its quotation marks."""
    if denominator == 1:
        return _digits(numerators)
    contents = list(map(math.gcd, numerators, repeat(denominator)))
    below = {content: f'/{format_int(denominator // content)}"' for content in set(contents)}
    shown = zip(_digits(list(map(floordiv, numerators, contents))), contents, strict=True)
    return [digits if content == denominator else f'"{digits}{below[content]}' for digits, content in shown]


def _digits(integers: Sequence[int]) -> list[str]:
    try:
        return list(map(str, integers))
    except ValueError:  # too long for str
        return list(map(format_int, integers))


def layers_text(form: LayeredForm, inputs: Sequence[str]) -> Mapping[str, Iterator[str]]:
    """The value of ``layers``: all defaults spelled out, all matrices sparse."""

    def pieces() -> Iterator[str]:
        opening = "["
        for layer in form.layers:
            yield opening
            yield from _layer(layer)
            opening = ","
        yield "]"

    return {"layers": pieces()}


def _layer(layer: Layer) -> Iterator[str]:
    biases = [number_texts([row.bias], row.denominator)[0] for row in layer.rows]
    yield f'{{"activation":{_quoted(layer.activation)},"bias":[{",".join(biases)}],'
    if layer.slope is not None:
        yield f"{_parameter(layer.activation, layer.slope)},"
    yield '"weight":{"entries":['
    comma = ""
    columns: tuple[Sequence[int], list[str]] = (), []  # the rows of a dense layer share their arguments
    for number, row in enumerate(layer.rows):
        if row.arguments:
            if row.arguments is not columns[0]:
                columns = row.arguments, [f'{column},"' for column in row.arguments]
            yield f"{comma}[{number},{_entries(number, row, columns[1])}]"
            comma = ","
    yield f'],"shape":[{len(layer.rows)},{layer.columns}]}}}}'


def _entries(number: int, row: Row, columns: Sequence[str]) -> str:
    """``column,value],[row,column,value],[row,...`` without the outermost brackets and the first row's number.

    ``columns`` are the columns, each with a comma and the quotation mark that opens a fraction.
    """
    between = f"],[{number},"
    contents = list(map(math.gcd, row.coefficients, repeat(row.denominator)))
    if row.denominator in contents:  # an integer has no quotation marks
        texts = number_texts(row.coefficients, row.denominator)
        return between.join([column[:-1] + text for column, text in zip(columns, texts, strict=True)])
    ends = {content: f'/{format_int(row.denominator // content)}"{between}' for content in set(contents)}
    pieces = [""] * (3 * len(contents))
    pieces[::3] = columns
    pieces[1::3] = _digits(list(map(floordiv, row.coefficients, contents)))
    pieces[2::3] = map(ends.__getitem__, contents)
    return "".join(pieces)[: -len(between)]


def graph_text(form: GraphForm, inputs: Sequence[str]) -> Mapping[str, Iterator[str]]:
    """The values of ``nodes``, sorted by id and with all defaults, and of ``outputs``."""
    names = list(map(_quoted, chain(inputs, (node.id for node in form.nodes))))

    def nodes() -> Iterator[str]:
        opening = "["
        for number in form.canonical_order():
            yield opening + _node(form.nodes[number], names[len(inputs) + number], names)
            opening = ","
        yield "]"

    return {"nodes": nodes(), "outputs": iter(["[", ",".join([names[output] for output in form.outputs]), "]"])}


def _node(node: Node, name: str, names: Sequence[str]) -> str:
    read = ",".join([names[argument] for argument in node.arguments])
    weights = ""
    if node.row is not None:
        *coefficients, bias = number_texts((*node.row.coefficients, node.row.bias), node.row.denominator)
        weights = f'"bias":{bias},"coefficients":[{",".join(coefficients)}],'
    ends = [
        f'"id":{name},"op":"{node.operation}"',
        *([] if node.slope is None else [_parameter(node.operation, node.slope)]),
    ]
    return f'{{"args":[{read}],{weights}{",".join(sorted(ends))}}}'


def _parameter(operation: str, number: Fraction) -> str:
    """The slope or exponent with its key."""
    known = known_operation(operation)
    assert known is not None
    return f'"{known.parameter}":{fraction_text(number)}'


def fraction_text(number: Fraction) -> str:
    return number_texts([number.numerator], number.denominator)[0]
