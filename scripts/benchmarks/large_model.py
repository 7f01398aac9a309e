"""A model with the shape of ResNet-18 and random float32 weights, localised exactly: seconds, memory, nearest kink.

    python scripts/benchmarks/large_model.py [--classes 10] [--batch-norm] [--certify]

The model (convolutions with biases, 18 layers, 3 x 224 x 224 inputs, about 1.1 * 10^7 weights) is written with
``onnx.helper`` into a folder of its own and deleted again; each run is a process of its own, whose memory is measured.
``--width`` divides the channels, for quick trials.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from record import Record, add_json_option


class _Writer:
    """A graph as it grows."""

    def __init__(self, seed: int, batch_norm: bool) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self.random = np.random.default_rng(seed)
        self.batch_norm = batch_norm

    def constant(self, name: str, values: np.ndarray[Any, Any]) -> str:
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def node(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def convolution(self, source: str, name: str, channels: tuple[int, int], size: int, stride: int) -> str:
        """Weights of He's size; biases, or batch normalisation with random statistics."""
        before, after = channels
        weights = self.random.standard_normal((after, before, size, size)) * np.sqrt(2 / (before * size * size))
        inputs = [source, self.constant(f"{name}.weight", weights)]
        if not self.batch_norm:
            inputs.append(self.constant(f"{name}.bias", self.random.standard_normal(after) * 0.1))
        made = self.node(
            "Conv", inputs, name, kernel_shape=[size, size], strides=[stride, stride], pads=[size // 2] * 4
        )
        if self.batch_norm:
            statistics = [1 + 0.1 * self.random.standard_normal(after), 0.1 * self.random.standard_normal(after)]
            statistics += [0.1 * self.random.standard_normal(after), 0.5 + self.random.random(after)]
            parts = [self.constant(f"{name}.{k}", values) for k, values in enumerate(statistics)]
            made = self.node("BatchNormalization", [made, *parts], f"{name}.bn")
        return made

    def block(self, source: str, name: str, channels: tuple[int, int], stride: int) -> str:
        before, after = channels
        inner = self.node("Relu", [self.convolution(source, f"{name}.conv1", channels, 3, stride)], f"{name}.relu1")
        inner = self.convolution(inner, f"{name}.conv2", (after, after), 3, 1)
        skip = source
        if stride != 1 or before != after:
            skip = self.convolution(source, f"{name}.down", channels, 1, stride)
        return self.node("Relu", [self.node("Add", [inner, skip], f"{name}.add")], f"{name}.relu2")


def write_model(path: Path, *, image: int, classes: int, width: int, seed: int = 0, batch_norm: bool = False) -> int:
    """Write the model; returns how many weights it has."""
    from onnx import TensorProto, helper

    graph = _Writer(seed, batch_norm)
    sizes = [max(1, size // width) for size in (64, 64, 128, 256, 512)]
    value = graph.node("Relu", [graph.convolution("x", "stem", (3, sizes[0]), 7, 2)], "stem.relu")
    value = graph.node("MaxPool", [value], "pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    for stage, (before, after) in enumerate(pairwise(sizes)):
        value = graph.block(value, f"layer{stage + 1}.0", (before, after), 1 if stage == 0 else 2)
        value = graph.block(value, f"layer{stage + 1}.1", (after, after), 1)
    value = graph.node("Flatten", [graph.node("GlobalAveragePool", [value], "mean")], "flat")
    weights = graph.constant("fc.weight", graph.random.standard_normal((classes, sizes[-1])) / np.sqrt(sizes[-1]))
    value = graph.node("Gemm", [value, weights, graph.constant("fc.bias", np.zeros(classes))], "fc", transB=1)
    made = helper.make_graph(
        graph.nodes,
        "large",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, image, image])],
        [helper.make_tensor_value_info(value, TensorProto.FLOAT, [1, classes])],
        graph.initializers,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)])
    path.write_bytes(model.SerializeToString())
    return sum(int(np.prod(tensor.dims)) for tensor in graph.initializers)


def _run(arguments: list[str]) -> dict[str, Any]:
    """A command in a process of its own: its JSON, seconds, those of a processor, and MiB at most."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "subgrad_hardness", *arguments, "--json"], capture_output=True, check=False, text=True
    )
    seconds = time.monotonic() - start
    if not done.stdout:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "processor": spent, "memory": after.ru_maxrss / 1024, "found": json.loads(done.stdout)}


def main() -> None:
    """Make the model, measure, print a table."""
    parser = argparse.ArgumentParser(description="Localise a model of the shape of ResNet-18 exactly.")
    parser.add_argument("--classes", type=int, default=1, help="outputs (default 1): a backward pass each")
    parser.add_argument("--image", type=int, default=224, help="height and width (default 224)")
    parser.add_argument("--width", type=int, default=1, help="divides all channels (default 1)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch-norm", action="store_true", help="batch normalisation behind each convolution")
    parser.add_argument("--certify", action="store_true", help="also check with a certificate, and verify it")
    add_json_option(parser)
    chosen = parser.parse_args()
    record = Record("large_model", chosen)
    with tempfile.TemporaryDirectory() as folder:
        model, point, certificate = (str(Path(folder) / name) for name in ("model.onnx", "x.npy", "c.json"))
        sizes = {"image": chosen.image, "classes": chosen.classes, "width": chosen.width}
        weights = write_model(Path(model), **sizes, seed=chosen.seed, batch_norm=chosen.batch_norm)
        image = np.random.default_rng(chosen.seed + 1).random(3 * chosen.image**2).astype(np.float32)
        np.save(point, image)
        print(f"{weights} weights, {image.size} inputs, {chosen.classes} outputs; random float32 image")
        print("| command | seconds | of a processor | MiB so far | found |")
        print("|---|---|---|---|---|")
        runs = {"info": ["info"], "check --no-certify": ["check", "--no-certify"]}
        if chosen.certify:
            runs["check --certificate"] = ["check", "--certificate", certificate]
        for name, arguments in runs.items():
            run = _run([arguments[0], model, "--input", point, *arguments[1:]])
            found = run["found"]
            near = found["nearest_kink"]
            told = f"{found['kinks']} kinks, nearest {near['node']} at {float(_fraction(near['distance'])):.3g}"
            if "verdict" in found:
                told += f", {found['verdict']}, certified: {found['certified']}"
            print(f"| {name} | {_times(run)} | {run['memory']:.0f} | {told} |", flush=True)
            keep(record, name, run, told)
        if chosen.certify:
            run = _run(["verify", model, certificate, "--input", point])
            told = f"verified: {run['found']['verified']}"
            print(f"| verify | {_times(run)} | {run['memory']:.0f} | {told} |")
            keep(record, "verify", run, told)


def _times(run: dict[str, Any]) -> str:
    return f"{run['seconds']:.1f} | {run['processor']:.1f}"


def keep(record: Record, name: str, run: dict[str, Any], told: str) -> None:
    """One command of the table."""
    seconds = {"wall": run["seconds"], "processor": run["processor"]}
    record.row(name, seconds=seconds, numbers={"MiB so far": run["memory"]}, words={"found": told})


def _fraction(text: str) -> Fraction:
    sys.set_int_max_str_digits(0)
    return Fraction(text)


if __name__ == "__main__":
    main()
