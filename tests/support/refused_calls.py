"""Calls of the library that must be refused: what a file cannot hold, but a Python value can."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.operations import activations
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.vectors import exact_vector

ABS: dict[str, Any] = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
GRAPH: dict[str, Any] = {"inputs": 2, "nodes": [{"id": "u", "op": "abs", "args": ["x0"]}], "outputs": ["u"]}


class Call(NamedTuple):
    """A call of the library that must be refused, and the whole complaint."""

    name: str
    run: Callable[[], object]
    message: str


class _NoText:
    def __repr__(self) -> str:
        raise AssertionError("a message must not hold a foreign object's text")


def _cyclic() -> dict[str, Any]:
    result: dict[str, Any] = {}
    result["again"] = result
    return result


def _net(**changes: Any) -> Callable[[], Program]:
    return lambda: load(ABS | changes)


def _weight(entry: Any) -> Callable[[], Program]:
    return _net(layers=[{"weight": [[entry]]}])


def _vector(values: Any) -> Callable[[], object]:
    return lambda: exact_vector(values, 2, "point")


def _layers(weights: Any, *arguments: Any, **options: Any) -> Callable[[], Program]:
    return lambda: Program.from_layers(weights, *arguments, **options)


_WEIGHT = "<net>: layers[0].weight[0][0]: "
_LONG = "the number needs more than 100000 digits"
_DEEP = "nested more than 100 levels deep"
_IDENTITY = [[1, 0], [0, 1]]

CALLS = [
    Call("number as a net", lambda: load(3), "<net>: the number 3 is not a net; give a path, a mapping or a Program"),  # type: ignore[arg-type]
    Call(
        "object as a net",
        lambda: load(_NoText()),  # type: ignore[arg-type]
        "<net>: a Python _NoText is not a net; give a path, a mapping or a Program",
    ),
    Call("key no string", lambda: load({**ABS, 1: 2}), "<net>: the number 1 as a key, expected a string"),  # type: ignore[dict-item]
    Call("weight inf", _weight(float("inf")), _WEIGHT + "inf is not a number"),
    Call("weight nan", _weight(np.float32("nan")), _WEIGHT + "nan is not a number"),
    Call("weight bool", _weight(np.True_), _WEIGHT + "true, expected a number"),
    Call("weight complex", _weight(1j), _WEIGHT + "a Python complex, expected a number"),
    Call("weight a stranger", _weight(_NoText()), _WEIGHT + "a Python _NoText, expected a number"),
    Call("weight a long integer", _weight(10**100_000), _WEIGHT + _LONG),
    Call("weight a long fraction", _weight(Fraction(1, 10**100_000)), _WEIGHT + _LONG),
    Call(
        "weight no matrix",
        _net(layers=[{"weight": np.array(1)}]),
        '<net>: layers[0].weight: the number 1, expected a list of rows or {"shape": ..., "entries": ...}',
    ),
    Call(
        "weight a set",
        _net(layers=[{"weight": {1}}]),
        '<net>: layers[0].weight: a Python set, expected a list of rows or {"shape": ..., "entries": ...}',
    ),
    Call(
        "provenance key no string",
        _net(provenance={"a": {2: 1}}),
        "<net>: provenance.a: the number 2, expected a string as a key",
    ),
    Call(
        "provenance a stranger",
        _net(provenance={"a": [{1}]}),
        "<net>: provenance.a[0]: a Python set, which JSON cannot hold",
    ),
    Call("provenance in itself", _net(provenance=_cyclic()), "<net>: provenance: " + _DEEP),
    Call("vector a string", _vector("01"), 'point: the string "01", expected a list of numbers'),
    Call("vector a number", _vector(np.float64(1)), "point: the number 1.0, expected a list of numbers"),
    Call("vector too long", _vector((1, 2, 3)), "point: 3 entries, expected 2"),
    Call("vector with nan", _vector(np.array([0, np.nan])), "point[1]: nan is not a number"),
    Call("vector with a bool", _vector([0, True]), "point[1]: true, expected a number"),
    Call(
        "vector with a word",
        _vector(["0", "one"]),
        'point[1]: \'one\' is not a rational number such as "1/3" or "-0.25e-3"',
    ),
    Call("vector with a list", _vector(_IDENTITY), "point[0]: a list, expected a number"),
    Call("vector with a stranger", _vector([_NoText(), 0]), "point[0]: a Python _NoText, expected a number"),
    Call("point moved wrongly", lambda: load(ABS).at([1, 2]), "point: 2 entries, expected 1"),
    Call("value at a wrong point", lambda: value(load(ABS), []), "point: 0 entries, expected 1"),
    Call("no weights", _layers([]), "<net>: layers: empty; a net has at least one layer"),
    Call("empty weight", _layers([[[]]]), "<net>: layers[0].weight[0]: 0 entries, expected 1"),
    Call("no row", _layers([np.zeros((0, 2))]), "<net>: layers[0].weight: no rows; a layer has at least one unit"),
    Call(
        "one matrix for weights",
        _layers(np.eye(2)),
        "<net>: layers[0].weight[0]: the number 1.0, expected a list of numbers",
    ),
    Call(
        "weight of three axes",
        _layers(np.ones((1, 2, 2, 2))),
        "<net>: layers[0].weight[0][0]: a list, expected a number",
    ),
    Call(
        "weights that do not fit",
        _layers([_IDENTITY, [[1, 2, 3]]]),
        "<net>: layers[1].weight[0]: 3 entries, expected 2",
    ),
    Call("ragged weight", _layers([[[1, 2], [3]]]), "<net>: layers[0].weight[1]: 1 entry, expected 2"),
    Call(
        "biases too many", _layers([_IDENTITY], [[0, 0], [0, 0]]), "<net>: biases: 2 entries, expected 1, one a layer"
    ),
    Call(
        "activations too few",
        _layers([_IDENTITY, _IDENTITY], None, ["relu"]),
        "<net>: activations: 1 entry, expected 2, one a layer",
    ),
    Call("bias too long", _layers([_IDENTITY], [np.zeros(3)]), "<net>: layers[0].bias: 3 entries, expected 2"),
    Call(
        "bias no vector",
        _layers([_IDENTITY], [np.zeros((2, 1))]),
        "<net>: layers[0].bias[0]: a list, expected a number",
    ),
    Call(
        "activation unknown",
        _layers([_IDENTITY], last_activation="sinh"),
        f'<net>: layers[0].activation: unknown activation "sinh"; known: {", ".join(activations())}',
    ),
    Call(
        "slope forgotten",
        _layers([_IDENTITY], last_activation="leaky_relu"),
        "<net>: layers[0]: leaky_relu needs a slope",
    ),
    Call(
        "slope nan",
        _layers([_IDENTITY], last_activation="leaky_relu", slope=np.nan),
        "<net>: layers[0].slope: nan is not a number",
    ),
    Call(
        "longdouble",
        _layers([np.ones((1, 1), dtype=np.longdouble)]),
        "<net>: layers[0].weight[0][0]: a Python longdouble, expected a number",
    ),
    Call("point of a wrong length", _layers([_IDENTITY], point=[1]), "<net>: point: 1 entry, expected 2"),
    Call("no such file", lambda: load("no/such.json"), "no/such.json: cannot be read: No such file or directory"),
    Call("a folder", lambda: load(Path("/")), "/: cannot be read: Is a directory"),
    Call("empty path", lambda: load(""), '"": cannot be read: No such file or directory'),
    Call("NUL in the path", lambda: load("a\0b"), r"a\x00b: cannot be read: embedded null byte"),
    Call("line break in the path", lambda: load("a\nb.json"), r"a\nb.json: cannot be read: No such file or directory"),
    # What is too long to be read is left out of the middle.
    Call(
        "path too long",
        lambda: load("a" * 5000),
        f"{'a' * 800} ... {('a' * 400 + ': cannot be read: File name too long')[-400:]}",
    ),
]
