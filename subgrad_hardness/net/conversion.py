"""From the layered form to the graph form, and back where a graph is a chain of layers.

Both ways give the same function with the same kinks and the same autodiff set: activations are
never added, dropped or merged; only affine nodes may be, and gains through them add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.forms import GraphForm, Layer, LayeredForm, Node, Row
from subgrad_hardness.net.json_text import show
from subgrad_hardness.net.lowering import Lowering
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import known_operation


def to_graph(program: Program) -> Program:
    """A program in graph form.

    Parameters
    ----------
    program : of any form.

    Returns
    -------
    The same function with the same kinks, point, name and provenance; a graph is returned as it is.

    Notes
    -----
    Unit 3 of layer 0 becomes the node ``layers[0][3]``, its affine row ``layers[0][3].pre``; an identity unit is its
    row.  Where an input bears such a name, all ids start with underscores.  A zero row names one unit of the layer
    before with coefficient 0, so that its layer can be told.  Linear in the size.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> graph = sh.to_graph(sh.Program.from_layers([[[1, -1]], [[2]]]))
    >>> [node.id for node in graph.form.nodes]
    ['layers[0][0].pre', 'layers[0][0]', 'layers[1][0]']
    """
    form = program.form.to_graph(program.inputs)
    return program if form is program.form else program._replace(form=form)


def to_layers(program: Program) -> Program:
    """A program in layered form.

    Parameters
    ----------
    program : layers, which are returned as they are, or a graph whose operations with one argument form a chain of
        layers: each takes an affine combination (through any affine nodes, or directly) of units of the layer before
        only, and a layer has one activation.

    Returns
    -------
    The same function with the same kinks, point, name and provenance.  A graph that ``to_graph`` made gives its own
    layers back.

    Raises
    ------
    NetError
        For a graph that is no chain of layers, naming the node in the way.

    Notes
    -----
    Linear in the nonzeros of the result, multiplied out.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> graph = sh.Program.from_text("inputs x y; s = x - y; a = relu s; f = 2 a; outputs f")
    >>> [layer.activation for layer in sh.to_layers(graph).form.layers]
    ['relu', 'identity']
    >>> sh.to_layers(  # doctest: +ELLIPSIS
    ...     sh.Program.from_text("inputs x; f = abs x; g = f + x; outputs g")
    ... )
    Traceback (most recent call last):
    subgrad_hardness.common.errors.NetError: <net>: outputs[0]: no chain of layers: combines "x" (layer 0) and ...
    """
    if program.form.chain is not None:
        return program
    form = program.form.to_graph(program.inputs)
    order = topological_order([node.arguments for node in form.nodes], program.input_count)
    layers = _layers_as_drawn(form, program.input_count, order) or _layers_merged(program, form, order)
    return program._replace(form=LayeredForm(tuple(layers)))


#: Coefficients by reference (0..p-1 the inputs, p+k the node k), and a constant.
_Form = tuple[Mapping[int, Fraction], Fraction]


class _Unit(NamedTuple):
    """A unit of a layer: its reference in the graph, the form that it reads, what it applies."""

    reference: int
    form: _Form
    activation: str
    slope: Fraction | None = None


def _layers_as_drawn(form: GraphForm, inputs: int, order: Sequence[int]) -> list[Layer] | None:
    """The layers without merging: an affine node that only operations read is their row, any other
    affine node is an identity unit.  None where that is no chain of layers.
    """
    read_by_operations = {argument for node in form.nodes if node.row is None for argument in node.arguments}
    read_otherwise = {argument for node in form.nodes if node.row is not None for argument in node.arguments}
    only_rows = read_by_operations - read_otherwise
    depths = dict.fromkeys(range(inputs), 0)
    layers: list[list[_Unit]] = []
    for number in order:
        node, reference = form.nodes[number], inputs + number
        row = node.row
        if row is not None and reference in only_rows:
            continue
        if row is None:
            argument = node.arguments[0]
            row = form.nodes[argument - inputs].row if argument in only_rows and argument >= inputs else None
            row = row or Row.of((argument,), (1,))
        activation = "identity" if node.row is not None else node.operation
        below = {depths[argument] for argument in row.arguments}
        if len(below) != 1 or not _is_activation(activation):
            return None
        depths[reference] = below.pop() + 1
        if depths[reference] > len(layers):
            layers.append([])
        layer = layers[depths[reference] - 1]
        layer.append(_Unit(reference, _combine(row, {}), activation, node.slope))
        if layer[-1][2:] != layer[0][2:]:
            return None
    if not layers or not _is_permutation([unit.reference for unit in layers[-1]], form.outputs):
        return None
    return _columns(layers, inputs, form.outputs)


def _layers_merged(program: Program, form: GraphForm, order: Sequence[int]) -> list[Layer]:
    """The layers whose units are the operations, all affine nodes multiplied out.  Raises NetError."""
    inputs = program.input_count
    names = [*program.inputs, *(node.id for node in form.nodes)]
    forms: dict[int, _Form] = {}
    depths = dict.fromkeys(range(inputs), 0)
    layers: list[list[_Unit]] = []
    for number in order:
        node, reference = form.nodes[number], inputs + number
        argument = _combine(node.row or Row.of(node.arguments[:1], (1,)), forms)
        if node.row is not None or (len(node.arguments) == 1 and _passes(node)):
            forms[reference] = argument
            continue
        place = f"node {show(node.id)}"
        if not _is_activation(node.operation):
            _refuse(place, f"{node.operation} of {len(node.arguments)} arguments is no activation of a layer")
        depths[reference] = 1 + _depth(argument, depths, names, place, 0)
        if depths[reference] > len(layers):
            layers.append([])
        layer = layers[depths[reference] - 1]
        layer.append(_Unit(reference, argument, node.operation, node.slope))
        if layer[-1][2:] != layer[0][2:]:
            first = f"{layer[0].activation} of node {show(names[layer[0].reference])}"
            _refuse(place, f"{node.operation} stands in one layer with the {first}; a layer has one activation")
    outputs = [_combine(Row.of((output,), (1,)), forms) for output in form.outputs]
    for number, output in enumerate(outputs):
        depth = _depth(output, depths, names, f"outputs[{number}]", len(layers))
        if depth != len(layers):
            last = show(names[layers[-1][0].reference])
            _refuse(f"outputs[{number}]", f"stands at layer {depth}, before the last layer, that of node {last}")
    references = [-1 if bias or list(terms.values()) != [1] else next(iter(terms)) for terms, bias in outputs]
    if not layers or not _is_permutation([unit.reference for unit in layers[-1]], references):
        layers.append([_Unit(-1 - number, output, "identity") for number, output in enumerate(outputs)])
        references = [unit.reference for unit in layers[-1]]
    return _columns(layers, inputs, references)


def _passes(node: Node) -> bool:
    """Whether this node of one argument rewrites to its argument: max and min do, and a leaky_relu of slope 1."""
    operation = OPERATIONS.get(node.operation)
    return operation is not None and operation.rewrite(Lowering(1), (0,), node.slope) == 0


def _is_activation(name: str) -> bool:
    operation = known_operation(name)
    return operation is not None and operation.activation


def _refuse(place: str, why: str) -> NoReturn:
    raise NetError(f"no chain of layers: {why}", file="<net>", place=place)


def _depth(form: _Form, depths: Mapping[int, int], names: Sequence[str], place: str, constant: int) -> int:
    """The one layer whose units ``form`` combines; ``constant`` if there are none."""
    result: dict[int, int] = {}
    for reference in form[0]:
        result.setdefault(depths[reference], reference)
    if len(result) > 1:
        (low, one), *_, (high, other) = sorted(result.items())
        which = f"{show(names[one])} (layer {low}) and {show(names[other])} (layer {high})"
        _refuse(place, f"combines {which}; layer 0 is the inputs")
    return next(iter(result), constant)


def _combine(row: Row, forms: Mapping[int, _Form]) -> _Form:
    """The row over units, once ``forms`` have been put in for the nodes that are no units."""
    terms: dict[int, Fraction] = {}
    bias = Fraction(row.bias, row.denominator)
    for argument, number in zip(row.arguments, row.rationals(), strict=True):
        inner, constant = forms.get(argument, ({argument: Fraction(1)}, Fraction(0)))
        bias += number * constant
        for reference, coefficient in inner.items():
            terms[reference] = terms.get(reference, Fraction(0)) + number * coefficient
    return {reference: number for reference, number in terms.items() if number}, bias


def _is_permutation(units: Sequence[int], outputs: Sequence[int]) -> bool:
    return len(units) == len(outputs) and set(units) == set(outputs)


def _columns(layers: Sequence[list[_Unit]], inputs: int, outputs: Sequence[int]) -> list[Layer]:
    """Units in the author's order, those of the last layer in the order of ``outputs``."""
    result = []
    previous: Sequence[int] = range(inputs)
    for number, layer in enumerate(layers, 1):
        columns = {reference: column for column, reference in enumerate(previous)}
        units = sorted(layer, key=lambda unit: unit.reference)
        if number == len(layers) and outputs:
            places = {reference: place for place, reference in enumerate(outputs)}
            units.sort(key=lambda unit: places[unit.reference])
        rows = []
        for unit in units:
            terms, bias = unit.form
            entries = sorted((columns[reference], coefficient) for reference, coefficient in terms.items())
            rows.append(Row.of([column for column, _ in entries], [number for _, number in entries], bias))
        result.append(Layer(len(columns), tuple(rows), units[0].activation, units[0].slope))
        previous = [unit.reference for unit in units]
    return result
