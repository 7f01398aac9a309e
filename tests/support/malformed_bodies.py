"""Nets whose layers or nodes are wrong: name, text, and the complaint (see malformed_nets)."""

from __future__ import annotations

from subgrad_hardness.net.operations import activations, node_operations

NO_RATIONAL = 'is not a rational number such as "1/3" or "-0.25e-3"'
_NO_GRAPH_OP = f"known: affine, {', '.join(node_operations())}"
_NO_ACTIVATION = f"known: {', '.join(activations())}"
_RELU_U = '{"id": "u", "op": "relu", "args": ["x"]}'


def layer(body: str) -> str:
    """A net of two inputs with one layer."""
    return '{"inputs": 2, "layers": [{' + body + "}]}"


def _graph(nodes: str, outputs: str = '["u"]') -> str:
    """A graph net with the inputs x and y."""
    return '{"inputs": ["x", "y"], "nodes": [' + nodes + '], "outputs": ' + outputs + "}"


_LAYERS = [
    ("layers no list", '{"inputs": 1, "layers": {}}', "layers: an object, expected a list of layers"),
    ("no layers", '{"inputs": 1, "layers": []}', "layers: empty; a net has at least one layer"),
    ("layer no object", '{"inputs": 1, "layers": [[[1]]]}', "layers[0]: a list, expected a layer object"),
    (
        "unknown key in a layer",
        layer('"weights": [[1, 1]]'),
        'layers[0]: unknown key "weights"; known here: activation, bias, exponent, slope, weight',
    ),
    (
        "duplicate key in a layer",
        layer('"weight": [[1, 1]], "weight": [[1, 1]]'),
        'layers[0]: key "weight" stands twice',
    ),
    ("no weight", layer('"bias": [0]'), "layers[0]: no weight"),
    (
        "weight no matrix",
        layer('"weight": 1'),
        'layers[0].weight: the number 1, expected a list of rows or {"shape": ..., "entries": ...}',
    ),
    ("no rows", layer('"weight": []'), "layers[0].weight: no rows; a layer has at least one unit"),
    ("row no list", layer('"weight": [1, 2]'), "layers[0].weight[0]: the number 1, expected a list of numbers"),
    ("row too long", layer('"weight": [[1, 2], [1, 2, 3]]'), "layers[0].weight[1]: 3 entries, expected 2"),
    (
        "layers do not fit",
        '{"inputs": 1, "layers": [{"weight": [[1], [1]]}, {"weight": [[1, 2, 3]]}]}',
        "layers[1].weight[0]: 3 entries, expected 2",
    ),
    ("bias too short", layer('"weight": [[1, 2], [3, 4]], "bias": [0]'), "layers[0].bias: 1 entry, expected 2"),
    ("bias no number", layer('"weight": [[1, 2]], "bias": ["a"]'), f"layers[0].bias[0]: 'a' {NO_RATIONAL}"),
    (
        "activation no string",
        layer('"weight": [[1, 2]], "activation": null'),
        "layers[0].activation: null, expected an activation's name",
    ),
    (
        "unknown activation",
        layer('"weight": [[1, 2]], "activation": "sinh"'),
        f'layers[0].activation: unknown activation "sinh"; {_NO_ACTIVATION}',
    ),
    (
        "max as an activation",
        layer('"weight": [[1, 2]], "activation": "max"'),
        f'layers[0].activation: unknown activation "max"; {_NO_ACTIVATION}',
    ),
    (
        "no slope",
        layer('"weight": [[1, 2]], "activation": "leaky_relu"'),
        "layers[0]: leaky_relu needs a slope",
    ),
    (
        "slope of relu",
        layer('"weight": [[1, 2]], "activation": "relu", "slope": 0'),
        "layers[0].slope: relu takes no slope; leaky_relu does",
    ),
    ("slope of identity", layer('"weight": [[1, 2]], "slope": 0'), "layers[0].slope: identity takes no slope"),
    (
        "slope null",
        layer('"weight": [[1, 2]], "activation": "leaky_relu", "slope": null'),
        "layers[0].slope: null, expected a number",
    ),
]


def _sparse(body: str) -> str:
    return layer('"weight": {' + body + "}")


_SPARSE = [
    (
        "unknown key in a sparse matrix",
        _sparse('"shape": [1, 2], "entries": [], "format": "coo"'),
        'layers[0].weight: unknown key "format"; known here: entries, shape',
    ),
    (
        "duplicate key in a sparse matrix",
        _sparse('"shape": [1, 2], "entries": [], "entries": []'),
        'layers[0].weight: key "entries" stands twice',
    ),
    ("no entries", _sparse('"shape": [1, 2]'), "layers[0].weight: no entries"),
    ("no shape", _sparse('"entries": []'), "layers[0].weight: no shape"),
    (
        "shape no list",
        _sparse('"shape": "1x2", "entries": []'),
        'layers[0].weight.shape: the string "1x2", expected [rows, columns]',
    ),
    ("shape of three", _sparse('"shape": [1, 2, 3], "entries": []'), "layers[0].weight.shape: 3 entries, expected 2"),
    (
        "no rows in the shape",
        _sparse('"shape": [0, 2], "entries": []'),
        "layers[0].weight.shape[0]: 0 is outside 1..4194304",
    ),
    (
        "shape of strings",
        _sparse('"shape": ["1", 2], "entries": []'),
        'layers[0].weight.shape[0]: the string "1", expected a number of rows',
    ),
    (
        "shape beyond reason",
        _sparse('"shape": [4194305, 2], "entries": []'),
        "layers[0].weight.shape[0]: 4194305 is outside 1..4194304",
    ),
    (
        "shape does not fit",
        _sparse('"shape": [4194304, 4194304], "entries": []'),
        "layers[0].weight.shape[1]: 4194304 columns, expected 2",
    ),
    (
        "units beyond reason",
        '{"inputs": 1, "layers": [{"weight": [[1]]}, {"weight": {"shape": [4194304, 1], "entries": []}}]}',
        "layers[1].weight: more than 4194304 units up to here",
    ),
    (
        "entries no list",
        _sparse('"shape": [1, 2], "entries": {}'),
        "layers[0].weight.entries: an object, expected a list of [row, column, value]",
    ),
    (
        "entry no list",
        _sparse('"shape": [1, 2], "entries": [1]'),
        "layers[0].weight.entries[0]: the number 1, expected [row, column, value]",
    ),
    (
        "entry of two",
        _sparse('"shape": [1, 2], "entries": [[0, 0]]'),
        "layers[0].weight.entries[0]: 2 entries, expected 3",
    ),
    (
        "row outside",
        _sparse('"shape": [1, 2], "entries": [[0, 0, 1], [1, 0, 1]]'),
        "layers[0].weight.entries[1][0]: 1 is outside 0..0",
    ),
    (
        "column negative",
        _sparse('"shape": [1, 2], "entries": [[0, -1, 1]]'),
        "layers[0].weight.entries[0][1]: -1 is outside 0..1",
    ),
    (
        "row a real",
        _sparse('"shape": [1, 2], "entries": [[0.0, 1, 1]]'),
        "layers[0].weight.entries[0][0]: the number 0.0, expected a row number",
    ),
    (
        "entry twice",
        _sparse('"shape": [1, 2], "entries": [[0, 1, 1], [0, 1, 0]]'),
        "layers[0].weight.entries[1]: entry (0, 1) stands twice",
    ),
    (
        "value no number",
        _sparse('"shape": [1, 2], "entries": [[0, 1, []]]'),
        "layers[0].weight.entries[0][2]: a list, expected a number",
    ),
]

_GRAPH = [
    (
        "nodes no list",
        '{"inputs": 1, "nodes": {}, "outputs": ["x0"]}',
        "nodes: an object, expected a list of nodes",
    ),
    ("no nodes", _graph("", '["x"]'), "nodes: empty; a net has at least one node"),
    ("node no object", _graph("1"), "nodes[0]: the number 1, expected a node object"),
    (
        "unknown key in a node",
        _graph('{"id": "u", "op": "relu", "arg": ["x"]}'),
        'nodes[0]: unknown key "arg"; known here: args, bias, coefficients, exponent, id, op, slope',
    ),
    ("duplicate key in a node", _graph('{"id": "u", "id": "u"}'), 'nodes[0]: key "id" stands twice'),
    ("no id", _graph('{"op": "relu", "args": ["x"]}'), "nodes[0]: no id"),
    ("id a number", _graph('{"id": 1}'), "nodes[0].id: the number 1, expected a node's name"),
    ("id empty", _graph('{"id": ""}'), "nodes[0].id: empty"),
    ("id of an input", _graph('{"id": "x", "op": "relu", "args": ["y"]}'), 'nodes[0].id: "x" is an input\'s name'),
    ("id twice", _graph(f"{_RELU_U}, {_RELU_U}"), 'nodes[1].id: "u" is the id of nodes[0] already'),
    ("no op", _graph('{"id": "u"}'), "nodes[0]: no op"),
    ("op a list", _graph('{"id": "u", "op": ["relu"]}'), "nodes[0].op: a list, expected an operation's name"),
    ("unknown op", _graph('{"id": "u", "op": "sinh"}'), f'nodes[0].op: unknown op "sinh"; {_NO_GRAPH_OP}'),
    (
        "identity as an op",
        _graph('{"id": "u", "op": "identity"}'),
        f'nodes[0].op: unknown op "identity"; {_NO_GRAPH_OP}',
    ),
    (
        "args no list",
        _graph('{"id": "u", "op": "relu", "args": "x"}'),
        'nodes[0].args: the string "x", expected a list of names',
    ),
    (
        "argument a number",
        _graph('{"id": "u", "op": "relu", "args": [0]}'),
        "nodes[0].args[0]: the number 0, expected a name",
    ),
    (
        "unknown argument",
        _graph('{"id": "u", "op": "max", "args": ["x", "z"]}'),
        'nodes[0].args[1]: unknown argument "z"',
    ),
    (
        "line break in an argument",
        _graph(r'{"id": "u", "op": "relu", "args": ["a\nb\u0085\u2029"]}'),
        r'nodes[0].args[0]: unknown argument "a\nb\x85\u2029"',
    ),
    ("relu of nothing", _graph('{"id": "u", "op": "relu"}'), "nodes[0].args: 0 arguments, relu takes one"),
    (
        "relu of two",
        _graph('{"id": "u", "op": "relu", "args": ["x", "y"]}'),
        "nodes[0].args: 2 arguments, relu takes one",
    ),
    (
        "max of nothing",
        _graph('{"id": "u", "op": "max", "args": []}'),
        "nodes[0].args: 0 arguments, max takes one or more",
    ),
    (
        "coefficients of relu",
        _graph('{"id": "u", "op": "relu", "args": ["x"], "coefficients": [1]}'),
        "nodes[0].coefficients: relu takes no coefficients; only affine does",
    ),
    (
        "bias of max",
        _graph('{"id": "u", "op": "max", "args": ["x"], "bias": 0}'),
        "nodes[0].bias: max takes no bias; only affine does",
    ),
    (
        "coefficients too short",
        _graph('{"id": "u", "op": "affine", "args": ["x", "y"], "coefficients": [1]}'),
        "nodes[0].coefficients: 1 entry, expected 2",
    ),
    (
        "coefficient null",
        _graph('{"id": "u", "op": "affine", "args": ["x"], "coefficients": [null]}'),
        "nodes[0].coefficients[0]: null, expected a number",
    ),
    (
        "bias of affine a list",
        _graph('{"id": "u", "op": "affine", "args": ["x"], "bias": [0]}'),
        "nodes[0].bias: a list, expected a number",
    ),
    (
        "slope of affine",
        _graph('{"id": "u", "op": "affine", "args": ["x"], "slope": 1}'),
        "nodes[0].slope: affine takes no slope",
    ),
    (
        "slope of abs",
        _graph('{"id": "u", "op": "abs", "args": ["x"], "slope": 1}'),
        "nodes[0].slope: abs takes no slope",
    ),
    (
        "no slope in a node",
        _graph('{"id": "u", "op": "leaky_relu", "args": ["x"]}'),
        "nodes[0]: leaky_relu needs a slope",
    ),
    (
        "slope true",
        _graph('{"id": "u", "op": "leaky_relu", "args": ["x"], "slope": true}'),
        "nodes[0].slope: true, expected a number",
    ),
    ("cycle of one", _graph('{"id": "u", "op": "relu", "args": ["u"]}'), 'nodes: cycle "u" -> "u"'),
    (
        "long cycle",
        _graph(", ".join(f'{{"id": "n{k}", "op": "relu", "args": ["n{(k - 1) % 9}"]}}' for k in range(9)), '["n0"]'),
        'nodes: cycle "n0" -> "n1" -> "n2" -> "n3" -> "n4" -> ... (4 more) -> "n0"',
    ),
    ("outputs no list", _graph(_RELU_U, '"u"'), 'outputs: the string "u", expected a list of names'),
    ("outputs empty", _graph(_RELU_U, "[]"), "outputs: empty; a net has at least one output"),
    ("unknown output", _graph(_RELU_U, '["u", "w"]'), 'outputs[1]: unknown output "w"'),
    ("output null", _graph(_RELU_U, "[null]"), "outputs[0]: null, expected a name"),
]

BODIES = [*_LAYERS, *_SPARSE, *_GRAPH]
