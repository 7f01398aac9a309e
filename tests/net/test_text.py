"""Nets as text: everything comes back equal, every mistake is named with its line and column."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import io
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.raise_sites import Site, origins, unreached
from support.strategies import graph_mappings, layered_mappings, programs

from subgrad_hardness import NetError, Program, load, to_graph, to_layers
from subgrad_hardness.net import text_format, text_tokens
from subgrad_hardness.net.json_text import MAX_BITS
from subgrad_hardness.net.operations import node_operations
from subgrad_hardness.net.reading import load_bytes
from subgrad_hardness.net.writing import dumps

_LONG = "the number needs more than 100000 digits"

_KNOWN = ", ".join(node_operations())

#: A text that is refused, and what is said after ``f.net: ``.
REFUSED = {
    "": "empty",
    "# nothing": "no inputs",
    "inputs x": "no outputs",
    "inputs x; outputs x": "no nodes; a net has at least one node",
    "inputs; f = 1; outputs f": "line 1 column 1: inputs of what? nothing stands behind it",
    "inputs x; f = 1; outputs": "line 1 column 18: outputs of what? nothing stands behind it",
    "inputs x; f = 1; outputs f; inputs y": "line 1 column 29: inputs stands twice",
    "inputs x\nfrobnicate x": "line 2 column 1: expected a node (name = ...) or one of inputs, outputs, point, name, "
    "provenance, version",
    'inputs x\n"inputs" y': "line 2 column 1: expected a node (name = ...) or one of inputs, outputs, point, name, "
    "provenance, version",
    "inputs x\n2 = x": 'line 2 column 1: "2" is no name of a node',
    "inputs x x; f = 1; outputs f": 'line 1 column 10: "x" stands twice',
    "inputs 0; f = 1; outputs f": "line 1 column 8: expected one number from 1 to 4194304, or names",
    "inputs 2 x; f = 1; outputs f": "line 1 column 8: expected one number from 1 to 4194304, or names",
    "inputs 1/2; f = 1; outputs f": "line 1 column 8: expected one number from 1 to 4194304, or names",
    "inputs 4194305; f = 1; outputs f": "line 1 column 8: expected one number from 1 to 4194304, or names",
    "inputs x 3; f = 1; outputs f": 'line 1 column 10: "3", expected a name',
    'inputs ""; f = 1; outputs f': "line 1 column 8: an empty name",
    r'inputs "\ud800"; f = 1; outputs f': "line 1 column 8: holds half of a surrogate pair, which is no character",
    r'inputs "\x"; f = 1; outputs f': r'line 1 column 8: "\"\\x\"" is no JSON string',
    'inputs "x; f = 1\noutputs f': "line 1 column 8: a quoted name ends on its line",
    "inputs x; x = 1; outputs x": 'line 1 column 11: "x" is the name of an input already',
    "inputs x; f = 1\nf = 2; outputs f": 'line 2 column 1: "f" is the name of a node above already',
    "inputs x; f = ; outputs f": "line 1 column 13: nothing stands behind it; the constant zero is 0",
    "inputs x; f = y; outputs f": 'line 1 column 15: unknown argument "y"',
    "inputs x; f = relu y; outputs f": 'line 1 column 20: unknown argument "y"',
    "inputs x; f = x; outputs f g": 'line 1 column 28: unknown output "g"',
    "inputs x; f = rellu x; outputs f": f'line 1 column 15: unknown operation "rellu"; known: {_KNOWN}, and sums',
    "inputs x; f = identity x; outputs f": f'line 1 column 15: unknown operation "identity"; known: {_KNOWN}, and sums',
    'inputs x; f = "relu" x; outputs f': f'line 1 column 15: unknown operation "relu"; known: {_KNOWN}, and sums',
    "inputs x; f = relu x x; outputs f": "line 1 column 15: 2 arguments, relu takes one",
    "inputs x; f = relu x + x; outputs f": 'line 1 column 22: "+", expected a name',
    "inputs x; f = relu 2; outputs f": 'line 1 column 15: unknown argument "relu"',
    "inputs x; f = leaky_relu x; outputs f": "line 1 column 15: leaky_relu needs a slope, as in leaky_relu(1/3) x",
    "inputs x; f = relu(2) x; outputs f": "line 1 column 15: relu takes no slope; leaky_relu does",
    "inputs x; f = leaky_relu(1/3); outputs f": "line 1 column 15: 0 arguments, leaky_relu takes one",
    "inputs x; f = leaky_relu(1/3 x; outputs f": "line 1 column 30: expected ) behind the slope",
    "inputs x; f = leaky_relu(-1/3; outputs f": "line 1 column 27: expected ) behind the slope",
    "inputs x; f = leaky_relu(; outputs f": "line 1 column 25: expected a number and )",
    "inputs x; f = leaky_relu(-; outputs f": "line 1 column 25: expected a number and )",
    "inputs x; f = leaky_relu(x) x; outputs f": 'line 1 column 26: "x", expected a number',
    "inputs x; f = x x; outputs f": f'line 1 column 15: unknown operation "x"; known: {_KNOWN}, and sums',
    "inputs x; f = 2 3; outputs f": "line 1 column 17: expected + or -, or the end of the statement",
    "inputs x; f = x -; outputs f": "line 1 column 17: a sign without a term",
    "inputs x; f = x - - x; outputs f": 'line 1 column 19: "-", expected a name',
    "inputs x; f = 2x; outputs f": 'line 1 column 15: "2x" is neither a number nor a name; a space stands between the '
    "two",
    "inputs x; f = 1/2/3; outputs f": 'line 1 column 15: "1/2/3" is neither a number nor a name; a space stands '
    "between the two",
    "inputs x; f = 1/0 x; outputs f": "line 1 column 15: '1/0' divides by zero",
    "inputs x; f = 1e100001 x; outputs f": f"line 1 column 15: {_LONG}",
    "inputs x; f = 2 * x; outputs f": 'line 1 column 17: unexpected character "*"; twice x is 2 x',
    "inputs x; f = x = x; outputs f": "line 1 column 17: expected + or -, or the end of the statement",
    "inputs x y; f = x; outputs f; point 1": "line 1 column 31: 1 entry, expected 2",
    "inputs x; f = x; outputs f; point -": "line 1 column 35: a sign without a number",
    "inputs x; f = x; outputs f; point x": 'line 1 column 35: "x", expected a number',
    "inputs x; f = x; outputs f; name a b": "line 1 column 36: more than one word; a name with blanks stands in "
    "quotation marks",
    "inputs x; f = x; outputs f; version 2": 'line 1 column 37: "2" is unknown; this is version 1',
    "inputs x; f = x; outputs f; version 1 1": 'line 1 column 37: "1" is unknown; this is version 1',
    "inputs x; f = x; outputs f; provenance": "line 1 column 29: expected a JSON object behind it",
    "inputs x; f = x; outputs f; provenance x": "line 1 column 29: expected a JSON object behind it",
    'inputs x; f = x; outputs f\nprovenance {"a": tru}': "line 2 column 18: not JSON: Expecting value",
    'inputs x; f = x; outputs f; provenance {"a": NaN}': "line 1 column 29: provenance.a: NaN is not a number",
    'inputs x; f = x; outputs f; provenance {"a": 1} x': "line 1 column 49: expected the end of the statement behind "
    "the JSON object",
    "inputs x; a = b; b = relu a; outputs a": 'line 1 column 11: cycle "a" -> "b" -> "a"',
    "inputs x; f = x\xa0; outputs f": 'line 1 column 16: unexpected character "\xa0"',
}


def complaint(text: str) -> NetError:
    with pytest.raises(NetError) as caught:
        load_bytes(text.encode("utf-8", "surrogatepass"), "f.net")
    return caught.value


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    shown = str(complaint(text))
    assert shown == f"f.net: {REFUSED[text]}".replace("\xa0", r"\xa0")


def test_every_refusal_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: set[Site] = set()
    for text in REFUSED:
        reached |= origins(complaint(text))
    assert unreached([text_format, text_tokens], reached) == []


def test_numbers_beyond_memory_are_refused() -> None:
    each = 332_193 + 1
    count = MAX_BITS // each + 1
    text = "inputs x; f = 0" + " + 1e99999 x" * count + "; outputs f"
    assert str(complaint(text)).endswith("the numbers up to here need more than 128 MiB written out")


@settings(deadline=None)
@given(programs())
def test_text_and_back(program: Program) -> None:
    graph = to_graph(program)
    text = program.to_text()
    assert Program.from_text(text) == graph
    assert Program.from_text(text).to_text() == text
    assert load_bytes(text.encode("utf-8"), "<stdin>") == graph
    assert load_bytes(dumps(graph).encode("utf-8"), "<stdin>") == graph


@settings(deadline=None)
@given(layered_mappings())
def test_layers_come_back_through_text(net: dict[str, object]) -> None:
    program = load(net)
    assert to_layers(Program.from_text(program.to_text())) == program


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=3, max_size=3, unique=True))
def test_names_of_any_characters(names: list[str]) -> None:
    inputs, node = names[:2], names[2]
    net = {"inputs": inputs, "nodes": [{"id": node, "op": "max", "args": inputs}], "outputs": [node], "name": node}
    program = load(net)
    assert Program.from_text(program.to_text()) == program


@settings(deadline=None)
@given(graph_mappings(), st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.integers())))
def test_name_and_provenance_come_back(net: dict[str, object], provenance: dict[str, list[int]]) -> None:
    program = load({**net, "name": "a; b\n# c", "provenance": {**provenance, "source": {"text": "};\n"}}})
    assert Program.from_text(program.to_text()) == program


def test_what_the_language_means() -> None:
    program = Program.from_text(
        """# a comment; with a semicolon
        name "two folds"; inputs x, y""".replace(",", "")
        + """
        top = max \\
              x y           # continued
        f = -2 top + 1/3 x - 0.1 y + x - 1e2 + 7   # terms of one argument stay apart
        g = leaky_relu(-1/3) "odd = name"; "odd = name" = 0 x
        relu = x; inputs = relu relu               # no word is reserved
        z = 0
        outputs f g inputs z x
        point -1/2 +0.25
        """
    )
    expected = {
        "name": "two folds",
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "top", "op": "max", "args": ["x", "y"]},
            {
                "id": "f",
                "op": "affine",
                "args": ["top", "x", "y", "x"],
                "coefficients": [-2, "1/3", "-0.1", 1],
                "bias": -93,
            },
            {"id": "g", "op": "leaky_relu", "args": ["odd = name"], "slope": "-1/3"},
            {"id": "odd = name", "op": "affine", "args": ["x"], "coefficients": [0]},
            {"id": "relu", "op": "affine", "args": ["x"]},
            {"id": "inputs", "op": "relu", "args": ["relu"]},
            {"id": "z", "op": "affine"},
        ],
        "outputs": ["f", "g", "inputs", "z", "x"],
        "point": ["-1/2", "1/4"],
    }
    assert program == load(expected)
    assert program.at([0, 0]) == Program.from_text(program.to_text(), point=[0, 0])


def test_a_byte_order_mark_and_line_ends_of_windows() -> None:
    text = "inputs x\r\nf = abs x\r\noutputs f\r\n"
    assert load_bytes(b"\xef\xbb\xbf" + text.encode(), "a.net") == Program.from_text(text)
    assert load_bytes(b"\xef\xbb\xbf" + text.encode(), "<stdin>") == Program.from_text(text)


@pytest.mark.parametrize("start", ["", "# a comment\n", "\n \n", "name n; ", 'f = abs x; "a b" = f; '])
def test_text_is_told_from_json_by_its_beginning(start: str) -> None:
    text = f"{start}inputs x; {'' if 'f =' in start else 'f = abs x; '}outputs f"
    assert load_bytes(text.encode(), "-").input_count == 1


def test_the_ending_of_the_name_decides(tmp_path: Path) -> None:
    text = "inputs x; f = abs x; outputs f"
    file = tmp_path / "abs.net"
    file.write_text(text)
    assert load(file) == load(str(file)) == Program.from_text(text)
    json_file = tmp_path / "abs.json"
    json_file.write_text(text)
    with pytest.raises(NetError, match="line 1 column 1: not JSON"):
        load(json_file)
    file.write_text(dumps(Program.from_text(text)))
    with pytest.raises(NetError, match=r'line 1 column 1: unexpected character "\{"'):
        load(file)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"inputs x; f = abs x; outputs f; point 1/3")))
    assert load("-").point == (Fraction(1, 3),)


def test_long_texts_take_time_in_their_length() -> None:
    """20,000 nodes in a chain, written against the stream, and one sum of 20,000 terms."""
    lines = [f"n{number} = relu n{number + 1}" for number in range(20_000)]
    text = "\n".join(["inputs x", *lines, "n20000 = " + " - ".join(["x"] * 20_000), "outputs n0"])
    program = Program.from_text(text)
    assert program.form.unit_count == 20_001
    assert Program.from_text(program.to_text()) == program
