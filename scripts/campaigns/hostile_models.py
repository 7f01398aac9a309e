"""Corrupt and hostile ONNX files: each has to be read, or refused by one NetError, in bounded time and memory.

    python scripts/campaigns/hostile_models.py [--count 2000] [--seed 0] [--models FOLDER]

First crafted files (nodes that ask for huge tensors, cycles, missing inputs, wrong types and attributes, data in other
files, functions in functions, odd types), then files that are cut off behind every 97th byte, then files that are
damaged at random: bits flipped, bytes changed, taken out, put in, cut off.  The files are two small models made here,
and those of FOLDER (to be cut off: the smallest two).  Each file gets 10 seconds; the process may take 3 GiB.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from hostile.damage import damaged, flipped, truncated
from hostile.structures import structures

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.models.reading import load_bytes

#: Seconds a file, and bytes of this process.
SECONDS, MEMORY = 10.0, 3 * 2**30


#: Where data is said to lie, in a folder that has a file ``w.bin`` of eight bytes, a file of 2^40 that is all holes,
#: a link out of it, a pipe and a device.
EXTERNAL = {
    "external inside": {"location": "w.bin"},
    "external up": {"location": "../../../etc/passwd"},
    "external around": {"location": "sub/../../etc/passwd"},
    "external absolute": {"location": "/etc/passwd"},
    "external link": {"location": "link"},
    "external links": {"location": "root/etc/passwd"},
    "external loop": {"location": "loop"},
    "external pipe": {"location": "pipe"},
    "external device": {"location": "root/dev/zero"},
    "external folder": {"location": "."},
    "external itself": {"location": "./././w.bin", "length": "4"},
    "external behind": {"location": "w.bin", "offset": str(10**17), "length": "8"},
    "external negative": {"location": "w.bin", "offset": "-8"},
    "external holes": {"location": "holes"},
    "external huge": {"location": "holes", "offset": "4096", "length": str(2**30)},
    "external name": {"location": "w" * 5000},
    "external nowhere": {},
}


def furnished(folder: Path) -> str:
    """The folder with these files; where a model lies in it."""
    (folder / "w.bin").write_bytes(bytes(8))
    (folder / "sub").mkdir()
    with (folder / "holes").open("wb") as file:
        file.truncate(2**40)
    os.mkfifo(folder / "pipe")
    for name, place in {"link": "/etc/passwd", "root": "/", "loop": "loop"}.items():
        (folder / name).symlink_to(place)
    return str(folder / "m.onnx")


def model(nodes: list[Any], initializers: dict[str, Any], shape: list[int] | None = None, output: str = "f") -> Any:
    """A model with one input x."""
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2] if shape is None else shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(values), name) for name, values in initializers.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])


def floats(entries: list[Any]) -> Any:
    """A float32 array."""
    return np.asarray(entries, dtype=np.float32)


def crafted() -> dict[str, bytes]:
    """Files that ask for too much, or make no sense."""
    from onnx import TensorProto, helper

    def node(operator: str, inputs: list[str], **attributes: Any) -> Any:
        return helper.make_node(operator, inputs, ["f"], name="n", **attributes)

    big = 2**31
    square = [1, 1, 4, 4]
    found: dict[str, Any] = {
        "expand": model([node("Expand", ["x", "s"])], {"s": [big, big, 2]}),
        "expand some": model([node("Expand", ["x", "s"])], {"s": [2**13, 2**14, 2]}),
        "tile": model([node("Tile", ["x", "s"])], {"s": [big, big]}),
        "tile some": model([node("Tile", ["x", "s"])], {"s": [2**14, 2**12]}),
        "pad": model([node("Pad", ["x", "s"])], {"s": [0, big, 0, big]}),
        "negative pad": model([node("Pad", ["x", "s"])], {"s": [0, -9, 0, -9]}),
        "resize": model([node("Resize", ["x", "", "s"])], {"s": floats([1e9, 1e9])}),
        "resize nan": model([node("Resize", ["x", "", "s"])], {"s": floats([np.nan, np.inf])}),
        "constant of shape": model(
            [helper.make_node("ConstantOfShape", ["s"], ["c"]), node("Add", ["x", "c"])], {"s": [big, big]}
        ),
        "range": model(
            [helper.make_node("Range", ["a", "b", "c"], ["r"]), node("Add", ["x", "r"])],
            {"a": np.int64(0), "b": np.int64(2**60), "c": np.int64(1)},
        ),
        "range of floats": model(
            [helper.make_node("Range", ["a", "b", "c"], ["r"]), node("Add", ["x", "r"])],
            {"a": np.float32(0), "b": np.float32(1e30), "c": np.float32(0)},
        ),
        "input": model([node("Relu", ["x"])], {}, [2**40]),
        "negative input": model([node("Relu", ["x"])], {}, [1, -5]),
        "strides": model(
            [node("Conv", ["x", "w"], strides=[0, 0])], {"w": np.ones((1, 1, 2, 2), dtype=np.float32)}, square
        ),
        "pads": model(
            [node("Conv", ["x", "w"], pads=[2**31] * 4)], {"w": np.ones((1, 1, 2, 2), dtype=np.float32)}, square
        ),
        "pads some": model(
            [node("Conv", ["x", "w"], pads=[2**14] * 4)], {"w": np.ones((1, 1, 2, 2), dtype=np.float32)}, square
        ),
        "kernel": model([node("MaxPool", ["x"], kernel_shape=[2**20, 2**20], pads=[2**20] * 4)], {}, square),
        "pool": model([node("AveragePool", ["x"], kernel_shape=[2**12, 2**12], pads=[2**12] * 4)], {}, square),
        "groups": model([node("Conv", ["x", "w"], group=0)], {"w": np.ones((1, 1, 2, 2), dtype=np.float32)}, square),
        "transposed": model(
            [node("ConvTranspose", ["x", "w"], strides=[2**20, 2**20])],
            {"w": np.ones((1, 1, 2, 2), dtype=np.float32)},
            square,
        ),
        "matrix": model([node("MatMul", ["x", "w"])], {"w": np.ones((3, 3), dtype=np.float32)}),
        "outer": model([node("Add", ["x", "w"])], {"w": np.ones((2**13, 2**13, 1), dtype=np.float16)}),
        "cycle": model([helper.make_node("Relu", ["f"], ["g"]), node("Relu", ["g"])], {}),
        "itself": model([node("Relu", ["f"])], {}),
        "no attribute": model([node("MaxPool", ["x"])], {}, square),
        "wrong attribute": model([node("MaxPool", ["x"], kernel_shape="big")], {}, square),
        "no inputs": model([node("Relu", [])], {}),
        "empty": model([node("Slice", ["x", "a", "b"])], {"a": [5], "b": [1]}),
        "not finite": model([node("Mul", ["x", "w"])], {"w": floats([np.inf, 1])}),
        "nan": model([node("Gemm", ["x", "w"])], {"w": np.full((2, 2), np.nan, dtype=np.float32)}),
        "text": model([node("Add", ["x", "w"])], {"w": np.asarray(["a", "b"], dtype=object)}),
        "reshape": model([node("Reshape", ["x", "s"])], {"s": [-1, -1]}),
        "concat": model([node("Concat", ["x"] * 1000, axis=9)], {}),
    }
    chain = [helper.make_node("Concat", [f"v{k}"] * 64, [f"v{k + 1}"], axis=0) for k in range(8)]
    chain[0].input[:] = ["x"] * 64
    found["doubling"] = model([*chain, node("Relu", ["v8"])], {})
    found["deep"] = model(
        [helper.make_node("Relu", ["x" if k == 0 else f"v{k}"], [f"v{k + 1}"]) for k in range(20000)],
        {},
        None,
        "v20000",
    )
    for name, keys in EXTERNAL.items():
        outside = model([node("Add", ["x", "w"])], {"w": floats([1, 2])})
        tensor = outside.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in keys.items():
            tensor.external_data.add(key=key, value=value)
        if name == "external huge":
            tensor.dims[:] = [2**28]
        found[name] = outside
    huge = model([node("Add", ["x", "w"])], {"w": floats([1, 2])})
    huge.graph.initializer[0].dims[:] = [2**40]
    found["dims"] = huge
    short = model([node("Add", ["x", "w"])], {"w": floats([1, 2])})
    short.graph.initializer[0].dims[:] = [3]
    found["short"] = short
    return {name: made.SerializeToString() for name, made in found.items()}


def small_models() -> dict[str, bytes]:
    """Two models to damage."""
    from onnx import helper

    weights = np.asarray([[[[1, -1], [2, 1]]], [[[0, 1], [-1, 1]]]], dtype=np.float32)
    pooled = model(
        [
            helper.make_node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]),
            helper.make_node("MaxPool", ["c"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
            helper.make_node("Flatten", ["p"], ["r"]),
            helper.make_node("Relu", ["r"], ["f"]),
        ],
        {"w": weights},
        [1, 1, 4, 4],
    )
    dense = model(
        [helper.make_node("Gemm", ["x", "a", "b"], ["g"], transB=1), helper.make_node("LeakyRelu", ["g"], ["f"])],
        {"a": floats([[1, 2], [3, -4]]), "b": floats([0.5, -1])},
    )
    return {"pooled": pooled.SerializeToString(), "dense": dense.SerializeToString()}


def cut_off(files: dict[str, bytes]) -> int:
    """How many findings there are among files that end too early."""
    smallest = dict(sorted(files.items(), key=lambda item: len(item[1]))[:4])
    counts, findings = Counter[str](), 0
    for name, data in truncated(smallest).items():
        found = judged(data)
        counts[found.split(":")[0]] += 1
        if found.startswith("FINDING"):
            findings += 1
            print(f"{name}: {found}", flush=True)
    print(f"{sum(counts.values())} files cut off: {dict(counts)}", flush=True)
    return findings


def judged(data: bytes, path: str | None = None) -> str:
    """What comes of a file: read, refused, or what should not have come."""
    start = time.monotonic()
    try:
        program = load_bytes(data, "m.onnx", path=path, limits=Limits.seconds(SECONDS))
        found = f"read ({program.form.kind})"
    except NetError as problem:
        text = str(problem)
        found = "refused" if "\n" not in text and text.startswith("m.onnx") else f"FINDING: message {text!r}"
    except LimitReached:
        found = "out of time"
    except MemoryError:
        found = "FINDING: memory"
    except Exception as problem:
        found = f"FINDING: {type(problem).__name__}: {problem}"
    return found if time.monotonic() - start < 2 * SECONDS else "FINDING: too slow"


def main() -> None:
    """Run all, print counts, exit 1 with findings."""
    parser = argparse.ArgumentParser(description="Corrupt and hostile ONNX files.")
    parser.add_argument("--count", type=int, default=2000, help="damaged files (default 2000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--models", type=Path, help="a folder with ONNX files to damage, too")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    warnings.simplefilter("error")
    findings = 0
    with tempfile.TemporaryDirectory() as temporary:
        path = furnished(Path(temporary))
        for name, data in {**crafted(), **structures()}.items():
            found = judged(data, path)
            if name.startswith("external") and (name == "external inside") != found.startswith("read"):
                found = f"FINDING: {found}"
            findings += found.startswith("FINDING")
            print(f"{name}: {found}", flush=True)
    files = small_models()
    if chosen.models is not None:
        files |= {path.name: path.read_bytes() for path in sorted(chosen.models.glob("*.onnx"))}
    findings += cut_off(files)
    draw, counts = random.Random(chosen.seed), Counter[str]()
    names = sorted(files)
    for number in range(chosen.count):
        name = names[number % len(names)]
        found = judged(flipped(files[name], draw) if number % 2 else damaged(files[name], draw))
        counts[found.split(":")[0]] += 1
        if found.startswith("FINDING"):
            findings += 1
            print(f"damaged {name}, number {number}: {found}", flush=True)
    print(f"{chosen.count} damaged files: {dict(counts)}; {findings} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
