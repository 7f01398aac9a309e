"""Model files: NNet and ONNX read exactly, and what is wrong with a file said in one line."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.errors import NetError, PointError
from subgrad_hardness.models.onnx_model import read_onnx
from subgrad_hardness.models.points import read_point, read_rows
from subgrad_hardness.models.reading import load, load_bytes
from subgrad_hardness.models.tensor_form import in_tensors
from subgrad_hardness.net.evaluation import value


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def floats(entries: list[float]) -> Any:
    """A float32 array."""
    return np.array(entries, dtype=np.float32)


NNET = """// a comment
2,2,1,2,
2,2,1,
0
-1,-1,
1,1,
1,0.5,2,
2,4,10,
1,-1,
0.5,2
0
0.25
1,3
-1
"""


def test_nnet_takes_its_normalisation_exactly() -> None:
    program = load_bytes(NNET.encode(), "a.nnet")
    assert load_bytes(NNET.replace("\n", "\r\n").encode("utf-8-sig"), "a.nnet") == program
    assert list(program.point) == [1, Fraction(1, 2)]
    x, y = Fraction(7, 3), Fraction(-2, 5)
    u, v = (x - 1) / 2, (y - Fraction(1, 2)) / 4
    zero = Fraction(0)
    hidden = [max(u - v, zero), max(u / 2 + 2 * v + Fraction(1, 4), zero)]
    assert list(value(program, [x, y])) == [
        (hidden[0] + 3 * hidden[1] - 1) * 10 + 2,
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("2,2,1,\n0", "2,2,2,\n0"), "the sizes of the layers do not fit"),
        (lambda text: text.replace("1,3\n", "1,x\n"), "line 13"),
        (lambda text: text.replace("1,3\n", "1\n"), "1 numbers, expected 2"),
        (lambda text: text.replace("2,4,10", "2,0,10"), "a range of 0"),
        (lambda text: "\n".join(text.splitlines()[:6]), "ends too early"),
        (lambda text: text.replace("2,2,1,2", "2,2,-1,2"), "not a number of layers or units"),
    ],
)
def test_bad_nnet(change: Any, message: str) -> None:
    with pytest.raises(NetError) as raised:
        load_bytes(change(NNET).encode(), "a.nnet")
    assert message in str(raised.value) and str(raised.value).startswith("a.nnet: line ")


@pytest.fixture
def onnx_file(tmp_path: Path) -> Any:
    """Writes a model with one float32 input (1, 2) and these nodes."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT

    def write(nodes: list[Any], constants: dict[str, Any] | None = None, name: str = "m.onnx", **more: Any) -> Path:
        graph = helper.make_graph(
            nodes,
            "g",
            [helper.make_tensor_value_info("x", kind, more.get("shape", ["batch", 2]))],
            [helper.make_tensor_value_info("y", kind, None)],
            [onnx.numpy_helper.from_array(np.asarray(array), key) for key, array in (constants or {}).items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", more.get("opset", 17))])
        path = tmp_path / name
        path.write_bytes(model.SerializeToString())
        return path

    write.node = helper.make_node  # type: ignore[attr-defined]
    return write


def test_float_weights_are_the_rationals_that_they_denote(onnx_file: Any) -> None:
    weight = np.array([[0.1, -3.0], [2.0, 0.5]], dtype=np.float32)
    nodes = [onnx_file.node("MatMul", ["x", "w"], ["h"]), onnx_file.node("Relu", ["h"], ["y"], name="act")]
    program = load(onnx_file(nodes, {"w": weight}))
    exactly = Fraction(float(np.float32(0.1)))
    assert list(value(program, [1, "1/3"])) == [exactly + Fraction(2, 3), 0]
    result = sh.check(program)
    assert result.verdict == "distinct" and result.kink_names == ("act[0,0]", "act[0,1]")


def test_batch_normalisation_says_what_it_rounds(onnx_file: Any) -> None:
    statistics = {"s": floats([2, 1]), "b": floats([0, 1]), "m": floats([1, 0]), "v": floats([4, 2])}
    nodes = [onnx_file.node("BatchNormalization", ["x", *statistics], ["y"], name="bn", epsilon=0.0)]
    program = load(onnx_file(nodes, statistics))
    rounded = Fraction(float(np.float32(1) / np.sqrt(np.float32(2))))
    assert list(value(program, [3, 5])) == [2, 5 * rounded + 1]
    assert "bn: of 1 of 2 channels" in program.provenance["notes"][0]  # type: ignore[index]


def test_several_inputs_and_outputs_stand_in_a_row(onnx_file: Any) -> None:
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    values = [helper.make_tensor_value_info(name, kind, [2]) for name in "abcd"]
    nodes = [helper.make_node("Max", ["a", "b"], ["c"]), helper.make_node("Sub", ["a", "b"], ["d"])]
    model = helper.make_model(helper.make_graph(nodes, "g", values[:2], values[2:]))
    program = load_bytes(model.SerializeToString(), "two.onnx")
    assert program.inputs == ("a[0]", "a[1]", "b[0]", "b[1]")
    assert list(value(program, [1, 2, 3, 0])) == [3, 2, -2, 2]


def test_refusals_name_file_node_and_reason(onnx_file: Any) -> None:
    node = onnx_file.node
    cases = [
        ([node("Sigmoid", ["x"], ["h"], name="s"), node("Relu", ["h"], ["y"])], {}, "node s: Sigmoid is no operator"),
        ([node("Sigmoid", ["x"], ["y"], name="s")], {}, "node s: Sigmoid is not piecewise linear; as the last"),
        ([node("Div", ["x", "x"], ["y"])], {}, "node 0: Div: the divisor depends on the inputs"),
        ([node("Relu", ["z"], ["y"])], {}, 'node 0: input "z" is no earlier node\'s'),
        (
            [node("Reshape", ["x", "s"], ["y"])],
            {"s": np.array([3], dtype=np.int64)},
            "node 0: Reshape: its arguments do not fit",
        ),
        ([node("Add", ["x", "c"], ["y"])], {"c": floats([np.inf, 0])}, "0: a number that is not finite"),
        ([node("Relu", ["x"], ["z"])], {}, 'output "y": is no node\'s'),
        (
            [node("Mul", ["x", "c"], ["y"])],
            {"c": floats([np.inf, 1])},
            "Mul: its arguments do not fit (ValueError: a nu",
        ),
        ([node("Clip", ["x", "c"], ["y"])], {"c": floats([-np.inf, 0])}, "y: a number that is not finite"),
        (
            [node("Slice", ["x", "s", "s"], ["h"]), node("ReduceMax", ["h"], ["y"])],
            {"s": np.array([0], dtype=np.int64)},
            "node 1: ReduceMax: of no entries",
        ),
    ]
    for nodes, constants, message in cases:
        path = onnx_file(nodes, constants)
        with pytest.raises(NetError) as raised:
            load(path)
        assert message.replace("0: a number", "y: a number") in str(raised.value), str(raised.value)
        assert str(raised.value).startswith(str(path))


def test_arithmetic_of_constants(onnx_file: Any) -> None:
    """Integers are divided towards zero, exactly; the bias of a constant product counts; the least integer has no
    negative of its type."""
    node, wide = onnx_file.node, np.int64
    large = 2**62 + 3
    cases: list[tuple[list[Any], dict[str, Any], list[int]]] = [
        ([node("Div", ["a", "b"], ["c"])], {"a": np.array([large, -7], wide), "b": np.array([-2, 2], wide)}, []),
        ([node("Neg", ["a"], ["c"])], {"a": np.array([-128, 5], np.int8)}, [128, -5]),
        (
            [node("Gemm", ["a", "b", "d"], ["c"])],
            {"a": np.array([[1, 2]], np.float32), "b": np.eye(2, dtype=np.float32)},
            [8, 10],
        ),
    ]
    for nodes, constants, expected in cases:
        given = {**constants, "d": floats([7, 8])}
        program = load(onnx_file([*nodes, node("Add", ["x", "c"], ["y"])], given))
        assert list(value(program, [0, 0])) == (expected or [-(2**61) - 1, -3])


def test_the_last_smooth_operator_is_cut_on_demand(run: Command, onnx_file: Any, tmp_path: Path) -> None:
    nodes = [onnx_file.node("Relu", ["x"], ["h"]), onnx_file.node("Softmax", ["h"], ["y"], name="s")]
    path = onnx_file(nodes)
    refused = run("info", str(path))
    assert refused.status == 2 and "convert --cut" in refused.error
    made = run("convert", str(path), "--cut", "-o", str(tmp_path / "cut.json"))
    assert made.status == 0
    program = load(tmp_path / "cut.json")
    assert list(value(program, [-1, 3])) == [0, 3]
    assert program.provenance == {"model": "onnx", "cut": ["Softmax"]}


@pytest.mark.parametrize("data", [b"", b"\x00\x01 no model", b"{}", bytes(range(256))])
def test_files_that_are_no_models(run: Command, data: bytes, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = tmp_path / "bad.onnx"
    path.write_bytes(data)
    ran = run("check", str(path))
    assert ran.status == 2 and "bad.onnx" in ran.error


def external(path: Path, **keys: str) -> None:
    """The constant of the model at ``path`` lies elsewhere from now on."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(path, load_external_data=False)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    del tensor.external_data[:]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, entry in keys.items():
        tensor.external_data.add(key=key, value=entry)
    path.write_bytes(model.SerializeToString())


def test_data_in_other_files(onnx_file: Any, run: Command, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = onnx_file([onnx_file.node("Add", ["x", "c"], ["y"])], {"c": floats([1, 2])})
    whole = load(path)
    folder = path.parent
    (folder / "data").mkdir()
    (folder / "data" / "w.bin").write_bytes(b"...." + floats([1, 2]).tobytes())
    (folder / "link").symlink_to(folder / "data" / "w.bin")
    for place in ("data/w.bin", "link", "./data/w.bin"):
        external(path, location=place, offset="4", length="8")
        assert load(path).digest == whole.digest
        assert run("convert", str(path)).status == 0
        assert sh.check(path, time_limit=60).digest == whole.digest  # in a worker
    external(path, location="data/w.bin", offset="4")
    assert load(path).digest == whole.digest
    with pytest.raises(NetError, match="only read for a model that is a file itself"):
        load_bytes(path.read_bytes(), str(path))


def test_holes_are_zeros_that_are_not_read(onnx_file: Any, tmp_path: Path) -> None:
    """A sparse file of 256 MiB, whose middle is written: three entries of the constant are used."""
    pytest.importorskip("onnx")
    size, middle = 2**26, 3 * 2**24
    nodes = [onnx_file.node("Gather", ["c", "i"], ["p"]), onnx_file.node("Add", ["x", "p"], ["y"])]
    places = np.array([0, middle, size - 1])
    path = onnx_file(nodes, {"c": floats([1, 2]), "i": places}, shape=[3])
    model = pytest.importorskip("onnx").load(path, load_external_data=False)
    model.graph.initializer[0].dims[:] = [size]
    path.write_bytes(model.SerializeToString())
    external(path, location="w.bin")
    with (path.parent / "w.bin").open("wb") as file:
        file.seek(4 * middle)
        file.write(floats([7]).tobytes())
        file.truncate(4 * size)
    start = time.process_time()
    assert [int(entry) for entry in value(load(path), [1, 1, 1])] == [1, 8, 1]
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"location": "../w.bin"}, "leaves the model's folder"),
        ({"location": "sub/../../w.bin"}, "leaves the model's folder"),
        ({"location": "..\\w.bin"}, "leaves the model's folder"),
        ({"location": "/etc/passwd"}, "only paths from the model's folder"),
        ({"location": "C:\\w.bin"}, "only paths from the model's folder"),
        ({"location": "out"}, "a link leads out"),
        ({"location": "outer/w.bin"}, "a link leads out"),
        ({"location": "sub"}, "irectory"),
        ({"location": "pipe"}, "no ordinary file"),
        ({"location": "none"}, "No such file"),
        ({"location": ""}, "no path"),
        ({}, "no path"),
        ({"location": "w\0.bin"}, "no path"),
        ({"location": "w.bin", "offset": "-4"}, "offset is no number"),
        ({"location": "w.bin", "length": "9" * 99}, "length is no number"),
        ({"location": "w.bin", "length": "4"}, "4 bytes, the tensor has 8"),
        ({"location": "w.bin", "offset": "4"}, "4 bytes, the tensor has 8"),
        ({"location": "w.bin", "offset": "4", "length": "8"}, "it ends at byte 8, before 12"),
        ({"location": "w.bin", "offset": "9" * 18}, "0 bytes, the tensor has 8"),
    ],
)
def test_data_in_other_files_that_is_refused(onnx_file: Any, run: Command, keys: dict[str, str], message: str) -> None:
    path = onnx_file([onnx_file.node("Add", ["x", "c"], ["y"])], {"c": floats([1, 2])})
    inside = path.parent / "inside"
    inside.mkdir()
    (path.parent / "w.bin").write_bytes(bytes(8))
    (inside / "w.bin").write_bytes(bytes(8))
    (inside / "sub").mkdir()
    os.mkfifo(inside / "pipe")
    (inside / "out").symlink_to(path.parent / "w.bin")
    (inside / "outer").symlink_to(path.parent)
    path = path.rename(inside / path.name)
    external(path, **keys)
    ran = run("check", str(path))
    assert ran.status == 2 and "\n" not in ran.error
    assert path.name in ran.error and message in ran.error


def test_sizes_are_looked_at_first(onnx_file: Any) -> None:
    onnx = pytest.importorskip("onnx")
    path = onnx_file([onnx_file.node("Add", ["x", "c"], ["y"])], {"c": floats([1, 2])})
    model = onnx.load(path)
    model.graph.initializer[0].dims[:] = [2**40, 2**40]
    path.write_bytes(model.SerializeToString())
    with pytest.raises(NetError, match="entries, at most"):
        load(path)


def test_points_from_files(tmp_path: Path) -> None:
    images = np.array([[0, 1], [2, 3]], dtype=np.uint8)
    np.save(tmp_path / "i.npy", images)
    np.savez(tmp_path / "i.npz", a=images, b=floats([0.1]))
    (tmp_path / "p.json").write_text('[["1/3", 0.5], [2, -1]]')
    assert read_point(tmp_path / "i.npy") == [0, 1, 2, 3]
    assert read_point(f"{tmp_path}/i.npy:1") == [2, 3]
    assert read_point(f"{tmp_path}/i.npz:b") == [float(np.float32(0.1))]
    assert read_point(f"{tmp_path}/i.npz:a:0") == [0, 1]
    assert read_point(f"{tmp_path}/p.json:0") == [Fraction(1, 3), 0.5]
    for name, message in [
        ("i.npy:2", "no row 2"),
        ("i.npz", "holds 2 arrays (a, b)"),
        ("i.npz:c", "holds no array c"),
        ("none.npy", "No such file"),
    ]:
        with pytest.raises(PointError) as raised:
            read_point(f"{tmp_path}/{name}")
        assert message in str(raised.value)
    np.save(tmp_path / "o.npy", np.array([None, 1], dtype=object), allow_pickle=True)
    with pytest.raises(PointError, match="no array of numbers"):
        read_point(tmp_path / "o.npy")


def test_input_is_the_point_of_every_command(run: Command, tmp_path: Path) -> None:
    net = tmp_path / "n.net"
    net.write_text("inputs x y; f = max x y; outputs f")
    np.save(tmp_path / "p.npy", np.array([2.0, 1.0]))
    assert "point: (2, 1)" in run("check", str(net), "--input", str(tmp_path / "p.npy")).out
    both = run("check", str(net), "--input", str(tmp_path / "p.npy"), "--point", "1,2")
    assert both.status == 2 and "both give the point" in both.error


@pytest.mark.parametrize(
    ("operator", "sizes", "message"),
    [
        ("Expand", [2**13, 2**14, 2], "268435456 entries; at most"),
        ("Expand", [2**31, 2**31, 2], "Expand: "),
        ("Tile", [2**31, 2**31], "entries; at most"),
        ("Pad", [0, 2**31, 0, 2**31], "entries; at most"),
        ("Pad", [0, -1, 0, -1], "the output has no entries"),
    ],
)
def test_sizes_are_counted_before_anything_is_made(
    onnx_file: Any, operator: str, sizes: list[int], message: str
) -> None:
    """scripts/campaigns/hostile_models.py tries more of these, and damaged files."""
    file = onnx_file([onnx_file.node(operator, ["x", "s"], ["y"], name="n")], {"s": np.array(sizes, dtype=np.int64)})
    with pytest.raises(NetError) as raised:
        load(file)
    assert message in str(raised.value)


def test_products_of_values_that_depend_on_the_inputs(onnx_file: Any) -> None:
    """x^2 entry by entry, and x x^T, as sums of products; a large model of that kind is refused by name."""
    node = onnx_file.node
    path = onnx_file(
        [node("Mul", ["x", "x"], ["h"]), node("MatMul", ["h", "t"], ["y"])],
        {"t": np.array([[1.0], [-1.0]], np.float32)},
    )
    program = load(path, ["1/3", 2])
    assert list(value(program)) == [Fraction(1, 9) - 4]
    found = sh.check(program)
    assert (found.verdict, found.subgradients) == ("unique", (((Fraction(2, 3), Fraction(-4)),),))
    outer = load(onnx_file([node("Transpose", ["x"], ["t"]), node("Gemm", ["t", "x"], ["y"], alpha=0.5)]))
    assert list(value(outer, [2, 3])) == [2, 3, 3, Fraction(9, 2)]
    small = read_onnx(path.read_bytes(), "m.onnx")
    with pytest.raises(NetError, match="read in models of at most 5000000 products only"):
        in_tensors(small.program, small.output, "m.onnx")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"shape": ["n", "m"]}, 'x: dimension 1 is not known: "m"'),
        ({"shape": None}, "x: an input without a shape"),
        ({"shape": [1] * 33}, "more than 32 axes"),
        ({"opset": 0}, "opset_import: version 0 of the operators"),
        ({"opset": 2**40}, "opset_import: version 1099511627776 of the operators"),
        ({"nodes": [("Relu", "x"), ("Neg", "x")]}, 'node 1: "y" has a value already'),
        ({"kind": "STRING"}, "x: an input of the type STRING"),
        ({"kind": "INT64"}, "x: an input of the type INT64"),
    ],
)
def test_what_has_no_one_meaning_is_refused(onnx_file: Any, changed: dict[str, Any], words: str) -> None:
    onnx = pytest.importorskip("onnx")
    nodes = [onnx_file.node(name, [read], ["y"]) for name, read in changed.get("nodes", [("Relu", "x")])]
    shape = changed.get("shape", [1, 2])
    path = onnx_file(nodes, shape=shape or [1, 2], opset=changed.get("opset", 17))
    model = onnx.ModelProto.FromString(path.read_bytes())
    tensor = model.graph.input[0].type.tensor_type
    tensor.elem_type = getattr(onnx.TensorProto, changed.get("kind", "FLOAT"))
    if shape is None:
        tensor.ClearField("shape")
    with pytest.raises(NetError) as raised:
        load_bytes(model.SerializeToString(), "m.onnx")
    assert words in str(raised.value)


def test_csv_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(b"\xef\xbb\xbf0.1, 1/3\r\n\r\n-2,1e1\r\n")
    assert read_rows(file) == [[Fraction(1, 10), Fraction(1, 3)], [-2, 10]]
    assert read_point(f"{file}:1") == [-2, 10]
    file.write_text("x,y\n1,2\n")
    with pytest.raises(PointError, match=r"points\.csv: line 1: .*; a line of names is not read"):
        read_rows(file)
