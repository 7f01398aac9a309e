"""docs/net-format.md says exactly what the reader does: each statement, tried."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.cli.options import parse_point
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.reading import load_bytes
from subgrad_hardness.net.text_format import STATEMENTS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "net-format.md").read_text(encoding="utf-8")


def net(**more: Any) -> bytes:
    return json.dumps({"inputs": 1, "layers": [{"weight": [[1]]}], **more}).encode()


def weight(text: str) -> bytes:
    return f'{{"inputs": 1, "layers": [{{"weight": [[{text}]]}}]}}'.encode()


def accepted(data: bytes, file: str = "net.json") -> bool:
    try:
        load_bytes(data, file)
    except sh.NetError:
        return False
    return True


def value(text: str) -> Fraction:
    layers = load_bytes(weight(text), "net.json").form.chain
    assert layers is not None
    return next(layers[0].rows[0].rationals(), Fraction(0))


def test_the_json_and_the_text_of_the_graph_are_one_net() -> None:
    graph = next(block for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"nodes"' in block)
    text = next(block for block in re.findall(r"```\n(inputs x y\n.*?)```", PAGE, re.DOTALL))
    assert sh.Program.from_text(text) == load_bytes(graph.encode(), "net.json")


def test_the_grammar_has_every_statement() -> None:
    (grammar,) = (block for block in PAGE.split("```")[1::2] if "statement  =" in block)
    assert all(f'"{word}"' in grammar for word in STATEMENTS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"+1.50"', Fraction(3, 2)),
        ('".5"', Fraction(1, 2)),
        ('"1."', 1),
        ('"7/21"', Fraction(1, 3)),
        ('"0.1"', Fraction(1, 10)),
        ("0.1", Fraction(3602879701896397, 36028797018963968)),
        ("-0.0", 0),
        ('"-2e-400"', Fraction(-2, 10**400)),
    ],
)
def test_numbers(written: str, meant: Fraction) -> None:
    assert value(written) == meant


def test_what_is_no_number() -> None:
    for text in ("NaN", "Infinity", "1e400", "true", "null", '"1 / 3"', '"1/0"', '"1_000"', '"\u0661"', '"1e"'):
        assert not accepted(weight(text)), text


def test_digits_are_counted_as_written() -> None:
    for text in ('"1e-99999"', '"1e99999"', f'"{"0" * 9}{"9" * 100_000}/3"', "9" * 100_000, '"0e999999999"'):
        assert accepted(weight(text)), text[:20]
    for text in ('"10e-100000"', '"1e-100000"', '"1e100000"', f'"{"9" * 100_001}/{"9" * 100_001}"', "9" * 100_001):
        assert not accepted(weight(text)), text[:20]
    assert sh.load({"inputs": 1, "layers": [{"weight": [[Fraction(10, 10**100_000)]]}]}).input_count == 1


def test_integers_only() -> None:
    for text in ("1.0", "1e0", '"1"', "true"):
        assert not accepted(net().replace(b'"inputs": 1', b'"inputs": ' + text.encode()))
        assert not accepted(net().replace(b"{", b'{"version": ' + text.encode() + b", ", 1))
        for entry, shape in ((f"[{text}, 0, 1]", "[2, 1]"), ("[0, 0, 1]", f"[{text}, 1]")):
            sparse = f'{{"shape": {shape}, "entries": [{entry}]}}'
            assert not accepted(net().replace(b"[[1]]", sparse.encode()))


def test_inputs_and_units() -> None:
    assert accepted(net(name=""))
    assert not accepted(net(inputs=[""])) and not accepted(net(inputs=0)) and not accepted(net(inputs=[]))
    assert not accepted(net(inputs=MAX_UNITS + 1))
    tall = {"weight": {"shape": [MAX_UNITS, 1], "entries": []}}
    with pytest.raises(sh.NetError, match="more than 4194304 units up to here"):
        load_bytes(net(layers=[{"weight": [[1]]}, tall]), "net.json")


def test_provenance() -> None:
    def nested(levels: int) -> dict[str, Any]:
        value: Any = 0
        for _ in range(levels - 1):
            value = {"a": value}
        return {"provenance": value}

    assert accepted(net(**nested(100))) and not accepted(net(**nested(101)))
    for text in ("1e400", "NaN", "Infinity", "9" * 100_001, '{"b": 1, "b": 2}', r'"\ud800"', r'{"\udc00": 1}'):
        assert not accepted(net(provenance={"a": "HERE"}).replace(b'"HERE"', text.encode())), text[:20]
    for text in ("null", "true", "1e300", "9" * 100_000, r'"\ud83d\ude00"'):
        assert accepted(net(provenance={"a": "HERE"}).replace(b'"HERE"', text.encode())), text[:20]


def test_names_and_marks() -> None:
    assert not accepted(net().replace(b"{", rb'{"name": "\ud800", ', 1))
    assert accepted(net().replace(b"{", rb'{"name": "\ud83d\ude00", ', 1))
    assert accepted(b"\xef\xbb\xbf" + net())
    graph = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f", "x", "f"]}
    assert load_bytes(json.dumps(graph).encode(), "net.json").output_count == 3
    assert not accepted(json.dumps(graph).replace('"id": "f"', '"id": ""').encode())


def test_the_point_on_the_command_line() -> None:
    assert parse_point("0,-1/2,0.5,0.1") == [0, Fraction(-1, 2), Fraction(1, 2), Fraction(1, 10)]
    assert parse_point(" 1 , 2") == [1, 2]


def test_the_complaint_in_the_page() -> None:
    text = "inputs x y\nu = x - 1/3 y\nv = abs U\nw = max v y x\noutputs w"
    with pytest.raises(sh.NetError) as caught:
        load_bytes(text.encode(), "fold.net")
    assert str(caught.value) in PAGE
