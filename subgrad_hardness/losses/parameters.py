"""What a program can be differentiated in: its inputs, and the numbers that stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.forms import Layer, Row
from subgrad_hardness.net.program import Program

#: The words that stand for many names.
INPUTS, PARAMETERS = "inputs", "parameters"


class Affine(NamedTuple):
    """A row of the program: the names of its numbers, and these; a layer's row has its zeros too.

    ``arguments`` are as in the row: units of the layer before, or inputs and nodes.
    """

    arguments: tuple[int, ...]
    coefficients: tuple[Fraction, ...]
    bias: Fraction
    weight_names: tuple[str, ...]
    bias_name: str


class Tensor(NamedTuple):
    """Numbers that are asked for by one name: a matrix of weights, a vector of biases, ``numbers`` of them by name.

    ``owner`` is the name of the layer or node that holds it.
    """

    name: str
    owner: str
    numbers: tuple[tuple[str, Fraction], ...]
    is_bias: bool


def layer_rows(layer: Layer, number: int) -> Iterator[Affine]:
    """The rows of layer number ``number``, dense."""
    for unit, row in enumerate(layer.rows):
        dense = [Fraction(0)] * layer.columns
        for argument, coefficient in zip(row.arguments, row.rationals(), strict=True):
            dense[argument] = coefficient
        names = [f"layers[{number}].weight[{unit}][{column}]" for column in range(layer.columns)]
        bias = Fraction(row.bias, row.denominator)
        yield Affine(tuple(range(layer.columns)), tuple(dense), bias, tuple(names), f"layers[{number}].bias[{unit}]")


def node_row(row: Row, name: str) -> Affine:
    """The row of the affine node ``name``."""
    names = [f"{name}.coefficients[{place}]" for place in range(len(row.arguments))]
    return Affine(
        row.arguments, tuple(row.rationals()), Fraction(row.bias, row.denominator), tuple(names), f"{name}.bias"
    )


def tensors(program: Program) -> Iterator[Tensor]:
    """All of them, in the author's order."""
    if program.form.chain is not None:
        for number, layer in enumerate(program.form.chain):
            rows = list(layer_rows(layer, number))
            owner = f"layers[{number}]"
            weights = [pair for row in rows for pair in zip(row.weight_names, row.coefficients, strict=True)]
            yield Tensor(f"{owner}.weight", owner, tuple(weights), False)
            yield Tensor(f"{owner}.bias", owner, tuple([(row.bias_name, row.bias) for row in rows]), True)
        return
    for node in program.form.to_graph(program.inputs).nodes:
        if node.row is not None:
            found = node_row(node.row, node.id)
            pairs = tuple(zip(found.weight_names, found.coefficients, strict=True))
            yield Tensor(f"{node.id}.coefficients", node.id, pairs, False)
            yield Tensor(f"{node.id}.bias", node.id, ((found.bias_name, found.bias),), True)


class Chosen(NamedTuple):
    """What is differentiated: inputs of the program, and numbers with their values."""

    inputs: frozenset[str]
    numbers: dict[str, Fraction]


def chosen(program: Program, wrt: str | Sequence[str]) -> Chosen:
    """What ``wrt`` names: ``inputs``, ``parameters``, inputs, layers, nodes, tensors or single numbers.

    Biases that are all zero are no parameters unless they are named: a net without biases has them too.
    Raises ParameterError.
    """
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    if not names:
        raise ParameterError("empty; name something to differentiate in", place="wrt")
    known: dict[str, list[tuple[str, Fraction]]] = {PARAMETERS: []}
    for tensor in tensors(program):
        whole = not tensor.is_bias or any(number for _, number in tensor.numbers)
        if whole:
            known[PARAMETERS] += tensor.numbers
            known.setdefault(tensor.owner, []).extend(tensor.numbers)
        known[tensor.name] = list(tensor.numbers)
        for pair in tensor.numbers:
            known.setdefault(pair[0], [pair])
    inputs: set[str] = set()
    numbers: set[str] = set()
    for name in names:
        if name == INPUTS:
            inputs.update(program.inputs)
        elif name in known:
            numbers.update(number for number, _ in known[name])
        elif name in program.inputs:
            inputs.add(name)
        else:
            raise ParameterError(f"{name!r} is neither an input nor a parameter of the net", place="wrt")
    ordered = {number: value for tensor in tensors(program) for number, value in tensor.numbers if number in numbers}
    if not ordered and not inputs:
        raise ParameterError("the net has no parameters", place="wrt")
    return Chosen(frozenset(inputs), ordered)
