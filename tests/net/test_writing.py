"""Writing nets: byte-stable text, the digest, and files that are written whole or not at all."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import graph_mappings, layered_mappings, mappings, programs

from subgrad_hardness.common.files import OutputError, write_text
from subgrad_hardness.net.json_text import canonical_json, write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load, load_bytes
from subgrad_hardness.net.writing import dumps, to_mapping

LAYERED: dict[str, Any] = {
    "inputs": 2,
    "layers": [
        {"weight": [[1, "-1/3"], [0, 2]], "bias": [0, 0.5], "activation": "leaky_relu", "slope": "1/4"},
        {"weight": [[1, -1]]},
    ],
}
GRAPH: dict[str, Any] = {
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "u", "op": "affine", "args": ["x", "y"], "coefficients": [1, "-1/3"], "bias": 0},
        {"id": "v", "op": "relu", "args": ["u"]},
        {"id": "w", "op": "max", "args": ["u", "v", "x"]},
    ],
    "outputs": ["w"],
    "point": [0, "1/2"],
}
LAYERED_DIGEST = "e305bc0eee3b497c9878add6a1d24cd752efffd1a57ec9025298a6e11b93f06c"
GRAPH_DIGEST = "19e9250facb96e1b6b02cd2cb64eef89c0acf82604286bc6698ab11e788cc92c"


@given(programs())
def test_text_is_stable_and_gives_the_equal_program(program: Program) -> None:
    text = dumps(program)
    again = load_bytes(text.encode("utf-8"), "net.json")
    assert again == program
    assert dumps(again) == text
    assert again.digest == program.digest
    assert load(to_mapping(program)) == program


@given(mappings(), st.none() | st.integers(0, 4), st.booleans())
def test_the_digest_does_not_see_formatting(net: dict[str, Any], indent: int | None, escape: bool) -> None:
    program = load(net)
    text = json.dumps(dict(reversed(net.items())), indent=indent, ensure_ascii=escape)
    travelling = {"name": "n", "provenance": {"seed": 1}, "version": 1}
    assert load_bytes(text.encode("utf-8"), "net.json").digest == program.digest
    assert load(net | travelling).digest == program.digest
    assert load(net | {"inputs": list(program.inputs), "point": list(program.point)}).digest == program.digest
    assert load(net | travelling).lowered == program.lowered


@given(layered_mappings())
def test_the_digest_does_not_see_sparseness_or_defaults(net: dict[str, Any]) -> None:
    layers = []
    for layer in net["layers"]:
        weight = layer["weight"]
        full = {"activation": "identity", **layer}
        if isinstance(weight, dict):
            full["weight"] = [[0] * weight["shape"][1] for _ in range(weight["shape"][0])]
            for row, column, value in weight["entries"]:
                full["weight"][row][column] = value
        else:
            entries = [[i, j, value] for i, row in enumerate(weight) for j, value in enumerate(row)]
            full["weight"] = {"shape": [len(weight), len(weight[0])], "entries": entries[::-1]}
        full.setdefault("bias", [0] * len(weight if isinstance(weight, list) else full["weight"]))
        layers.append(full)
    assert load(net | {"layers": layers}) == load(net)
    assert load(net | {"layers": layers}).digest == load(net).digest


@given(graph_mappings(), st.randoms(use_true_random=False))
def test_the_digest_does_not_see_the_order_of_nodes(net: dict[str, Any], source: Any) -> None:
    nodes = [dict(node) for node in net["nodes"]]
    for node in nodes:
        if node["op"] == "affine":
            node.setdefault("coefficients", [1] * len(node["args"]))
            node.setdefault("bias", 0)
    source.shuffle(nodes)
    assert load(net | {"nodes": nodes}).digest == load(net).digest


def test_pinned_digests() -> None:
    # These may never change: certificates are bound to them.
    assert load(LAYERED).digest == LAYERED_DIGEST
    assert load(GRAPH).digest == GRAPH_DIGEST


def _changes(value: Any) -> list[Any]:
    """Copies of a JSON value with one number, one name or one length changed."""
    if isinstance(value, dict):
        return [value | {key: changed} for key in value for changed in _changes(value[key])]
    if isinstance(value, list):
        return [
            [*value[:index], changed, *value[index + 1 :]]
            for index, entry in enumerate(value)
            for changed in _changes(entry)
        ]
    if isinstance(value, str):
        return [f"{value}0"] if "/" in value else []
    return [value + 1]


@pytest.mark.parametrize("net", [LAYERED | {"point": [0, 0]}, GRAPH], ids=["layers", "graph"])
def test_the_digest_sees_every_number(net: dict[str, Any]) -> None:
    body = {key: value for key, value in net.items() if key != "inputs"}
    digests = {load(net | changed).digest for changed in _changes(body)} | {load(net).digest}
    assert len(digests) == len(_changes(body)) + 1 >= 6


def test_the_digest_sees_names_operations_and_structure() -> None:
    u, v, w = GRAPH["nodes"]
    changed = [
        GRAPH,
        GRAPH | {"inputs": ["x", "z"], "nodes": [u | {"args": ["x", "z"]}, v, w]},
        GRAPH | {"nodes": [u, v | {"op": "abs"}, w]},
        GRAPH | {"nodes": [u, v, w | {"op": "min"}]},
        GRAPH | {"nodes": [u, v, w | {"args": ["v", "u", "x"]}]},
        GRAPH | {"nodes": [u, v, w | {"id": "z"}], "outputs": ["z"]},
        GRAPH | {"outputs": ["v"]},
        GRAPH | {"outputs": ["w", "w"]},
        LAYERED,
        LAYERED | {"inputs": ["a", "b"]},
        LAYERED | {"layers": [LAYERED["layers"][0], {"weight": [[1, -1]], "activation": "relu"}]},
        LAYERED | {"layers": [LAYERED["layers"][0], {"weight": [[1, -1]]}, {"weight": [[1]]}]},
    ]
    assert len({load(net).digest for net in changed}) == len(changed)
    assert load(LAYERED | {"inputs": ["x0", "x1"]}).digest == load(LAYERED).digest


def test_the_text_of_a_net() -> None:
    assert dumps(load(LAYERED | {"name": "é", "point": [0, 0.5]})) == (
        '{\n "version": 1,\n "name": "é",\n "inputs": 2,\n "layers": [\n  {\n   "weight": [\n'
        '    [1, "-1/3"],\n    [0, 2]\n   ],\n   "bias": [0, "1/2"],\n   "activation": "leaky_relu",\n'
        '   "slope": "1/4"\n  },\n  {\n   "weight": [\n    [1, -1]\n   ]\n  }\n ],\n "point": [0, "1/2"]\n}\n'
    )
    assert dumps(load(GRAPH)).splitlines()[4:8] == [
        '  {"id": "u", "op": "affine", "args": ["x", "y"], "coefficients": [1, "-1/3"]},',
        '  {"id": "v", "op": "relu", "args": ["u"]},',
        '  {"id": "w", "op": "max", "args": ["u", "v", "x"]}',
        " ],",
    ]


def test_mostly_empty_matrices_are_written_sparse() -> None:
    matrix = [[int(row == column) for column in range(12)] for row in range(12)]
    net = load({"inputs": 12, "layers": [{"weight": matrix}]})
    assert to_mapping(net)["layers"][0]["weight"] == {"shape": [12, 12], "entries": [[k, k, 1] for k in range(12)]}
    assert load(to_mapping(net)) == net


def test_long_integers_are_written_and_read_back() -> None:
    long = 10**99_999 + 7
    net = load({"inputs": 1, "layers": [{"weight": [[long]], "bias": [f"1/{10**4000}"]}], "provenance": {"n": [-long]}})
    text = dumps(net)
    assert f"[1{'0' * 99_998}7]" in text
    assert load_bytes(text.encode(), "net.json") == net
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert dumps(net) == text
    finally:
        sys.set_int_max_str_digits(before)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON)
def test_json_text_means_its_value(value: Any) -> None:
    for text in (write_json(value), write_json(value, indent=1), canonical_json(value)):
        assert json.loads(text) == value
    assert write_json(value) == json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    long = {"long": 10**5000, "value": value}
    assert canonical_json(long) == f'{{"long":1{"0" * 5000},"value":{canonical_json(value)}}}'


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 250 + ".json")
    write_text(file, "первый\n")
    assert file.read_bytes() == "первый\n".encode()
    file.chmod(0o640)
    write_text(file, "second\n")
    assert file.read_text(encoding="utf-8") == "second\n"
    assert file.stat().st_mode & 0o7777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_new_files_have_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_text(tmp_path / "new", "")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_links_stay_links(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for target, link in (("folder/file", "link"), ("folder/later", "dangling")):
        (tmp_path / link).symlink_to(target)
    (tmp_path / "folder" / "file").write_text("old", encoding="utf-8")
    for target, link in (("folder/file", "link"), ("folder/later", "dangling")):
        write_text(tmp_path / link, "new")
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / target).read_text(encoding="utf-8") == "new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["dangling", "file", "folder", "later", "link"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failure_keeps_the_old_file(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "net.json"
    file.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(OutputError) as caught:
        write_text(file, "new")
    monkeypatch.undo()
    assert str(caught.value) == f"{file}: cannot be written: No space left on device"
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "net.json", "new")
    assert not list(tmp_path.iterdir())


def test_paths_that_cannot_be_written(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path, f"{tmp_path}: cannot be written: Is a directory"),
        (tmp_path / "no" / "net.json", f"{tmp_path}/no/net.json: cannot be written: No such file or directory"),
        ("/dev/full", "/dev/full: cannot be written: No space left on device"),
        ("", '"": cannot be written: Is a directory'),
        (f"{tmp_path}/a\nb\0", f"{tmp_path}/a\\nb\\x00: cannot be written: "),
    ):
        with pytest.raises(OutputError) as caught:
            write_text(path, "text")
        assert str(caught.value).startswith(message)
        assert str(caught.value).isprintable()
    with pytest.raises(OutputError):
        write_text(tmp_path / "net.json", "\ud800")
    assert not list(tmp_path.iterdir())


def test_standard_output_is_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    print("before", end=" ")
    write_text("-", "ж\n")
    assert raw.getvalue() == "before ж\n".encode()
    text = io.StringIO()
    monkeypatch.setattr(sys, "stdout", text)
    write_text("-", "ж\n")
    assert text.getvalue() == "ж\n"
