"""An operation is one entry: a new one works in files, layers, text, checks, obfuscations, schema and tables."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator

import subgrad_hardness as sh
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.operations import OPERATIONS, Builder, Operation, activations, node_operations
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import SMOOTH
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS
from subgrad_hardness.schemas import schema

ROOT = Path(__file__).resolve().parents[2]


def tables() -> ModuleType:
    path = ROOT / "scripts" / "data" / "make_operation_tables.py"
    spec = importlib.util.spec_from_file_location("make_operation_tables", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_schema_and_documents_say_what_the_table_says() -> None:
    for path, text in tables().files().items():
        assert path.read_text(encoding="utf-8") == text, path


def soft_shrink(build: Builder, arguments: Sequence[int], slope: Fraction | None) -> int:
    """relu(t - s) - relu(-t - s)."""
    (t,) = arguments
    assert slope is not None
    width = build.blend((slope,), (build.combine((), (), 1),))
    up, down = build.combine((1, -1), (t, width)), build.combine((-1, -1), (t, width))
    return build.combine((1, -1), (build.relu(up), build.relu(down)))


@pytest.fixture
def shrink(monkeypatch: pytest.MonkeyPatch) -> str:
    operation = Operation(
        name="softshrink", formula="relu(t - s) - relu(-t - s), s the slope", meaning=soft_shrink, slope=True
    )
    monkeypatch.setitem(OPERATIONS, operation.name, operation)
    return operation.name


def test_a_new_operation_is_one_entry(shrink: str) -> None:
    assert shrink in activations() and shrink in node_operations()
    graph = Program.from_text("inputs x y; s = x - 2 y; a = softshrink(1/2) s; f = 3 a + y; outputs f; point 1/2 0")
    assert Program.from_text(graph.to_text()) == graph == sh.load(to_mapping(graph))
    layers = Program.from_layers([[[1, -2]], [[3]]], activations=shrink, slope="1/2", point=["1/2", 0])
    assert sh.to_layers(sh.to_graph(layers)) == layers
    built = GraphBuilder(["x"])
    assert built.program([built.apply(shrink, ["x"], Fraction(1, 2))]).output_count == 1
    for x, expected in ((2, Fraction(3, 2)), (-2, Fraction(-3, 2)), (Fraction(1, 4), 0)):
        assert value(layers, [x, 0]) == (3 * expected,)
    for program in (graph, layers):
        result = sh.check(program)
        assert (result.verdict, result.certified) == ("distinct", True)
        assert sh.check(program.at([5, 0])).verdict == "unique"
        for obfuscation in OBFUSCATIONS.values():
            for seed in range(4):
                hidden = obfuscation.apply(program, seed)
                assert hidden.form.unit_count <= obfuscation.most_units(program)
                assert sh.check(hidden).verdict == "distinct"
    assert sh.info(layers).operations == {"identity": 1, shrink: 1}


def test_a_new_operation_reaches_schema_and_documents(shrink: str) -> None:
    made = tables()
    text = made.schema_with_operations(made.SCHEMA.read_text(encoding="utf-8"))
    net = {"inputs": 1, "nodes": [{"id": "f", "op": shrink, "args": ["x0"], "slope": 1}], "outputs": ["f"]}
    assert not Draft202012Validator(schema("net")).is_valid(net)
    assert Draft202012Validator(made.json.loads(text)).is_valid(net)
    page = made.document_with_operations(made.DOCUMENTS[0].read_text(encoding="utf-8"))
    assert "| `softshrink` | 1, and `slope` | relu(t - s) - relu(-t - s), s the slope | layers, graphs |" in page


def test_other_words_are_the_same_function() -> None:
    for name in node_operations():
        operation = OPERATIONS[name]
        for count in (1, 2) if operation.arity is None else (operation.arity or 1,):
            slope = Fraction(-2, 3) if operation.slope else None
            build = GraphBuilder(count)
            plain = build.apply(name, list(range(count)), slope)
            other = operation.reword(build, list(range(count)), slope)
            program = build.program([plain, other])
            for x in range(-9, 10):
                point: list[int | Fraction] = [x, Fraction(x * x - 5, 3)]
                first, second = value(program, point[:count])
                assert first == second
                if operation.nonnegative:
                    assert first >= 0
            if operation.homogeneous:
                at, scaled = [3, -4][:count], [6, -8][:count]
                assert value(program, scaled)[0] == 2 * value(program, at)[0]


def test_a_smooth_operation_has_no_rewriting() -> None:
    with pytest.raises(TypeError, match="square is smooth"):
        SMOOTH["square"].rewrite(GraphBuilder(1), [0], None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda b: b.apply("relu", ["z"]), '<net>: n1: unknown argument "z"'),
        (lambda b: b.apply("relu", [7]), "<net>: n1: reads a handle that no call has given"),
        (lambda b: b.apply("relu", [0, 1]), "<net>: n1: 2 arguments, relu takes one"),
        (lambda b: b.apply("max", []), "<net>: n1: 0 arguments, max takes one or more"),
        (lambda b: b.apply("relu", [0], 1), "<net>: n1: relu takes no slope; leaky_relu does"),
        (lambda b: b.apply("leaky_relu", [0]), "<net>: n1: leaky_relu needs a slope"),
        (
            lambda b: b.apply("sinh", [0]),
            f'<net>: n1: unknown op "sinh"; known: affine, {", ".join(node_operations())}',
        ),
        (lambda b: b.affine([], name="x"), '<net>: x: "x" is taken already'),
        (lambda b: b.affine([], name=""), "<net>: name: empty"),
        (lambda b: b.program([0]), "<net>: nodes: empty; a net has at least one node"),
        (lambda b: (b.affine([]), b.program([])), "<net>: outputs: empty; a net has at least one output"),
        (lambda b: (b.affine([]), b.program([2], [1])), "point: 1 entry, expected 2"),
    ],
)
def test_what_a_builder_refuses(build: object, message: str) -> None:
    with pytest.raises(sh.NetError if message.startswith("<") else sh.PointError) as caught:
        build(GraphBuilder(["x", "y"]))  # type: ignore[operator]
    assert str(caught.value) == message


def test_a_builder_adds_terms_up_and_names_nodes() -> None:
    build = GraphBuilder(["n", "x"])
    total = build.sum([("x", 2), (0, 1), (1, -2), ("n", Fraction(1, 2))], 1)
    assert "x" in build and "z" not in build and build["x"] == 1
    program = build.program([total, 0], name="sum", provenance={"terms": (1, 2)})
    assert program == Program.from_text(
        'name sum; provenance {"terms": [1, 2]}; inputs n x; _n1 = 3/2 n + 1; outputs _n1 n'
    )
    assert localise(program).value == (Fraction(1), Fraction(0))
