"""Backpropagation that is plainly wrong at a differentiable point: a public two-level lattice net at an exact tie.

Takes an ONNX file of the lattice nets of VNN-COMP 2022 (``lattice_8_0.onnx``: the minimum and maximum of linear forms,
as relus).  Finds points, exact in float64 and in all that a float64 forward pass computes of the linear forms, where
two forms are equal; asks which of them are differentiable; and sets the gradient that torch returns beside the true
one, which is certified, and beside central differences.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

import subgrad_hardness as sh

#: Coordinates are whole multiples of 2^-UNIT and at most 2: 28 bits, which times a float32 weight are exact in float64.
UNIT = 27


def module_of(file: str) -> Any:
    """The file's chain of products, sums and relus as a torch module in float64."""
    import onnx
    import torch

    graph = onnx.load(file).graph
    arrays = {entry.name: onnx.numpy_helper.to_array(entry).astype(np.float64) for entry in graph.initializer}
    layers: list[Any] = []
    for node in graph.node:
        if node.op_type == "MatMul":
            weight = torch.from_numpy(arrays[node.input[1]].T.copy())
            layer = torch.nn.Linear(weight.shape[1], weight.shape[0]).double()
            with torch.no_grad():
                layer.weight.copy_(weight)
                layer.bias.zero_()
            layers.append(layer)
        elif node.op_type == "Add":
            with torch.no_grad():
                layers[-1].bias.copy_(torch.from_numpy(arrays[node.input[1]].copy()))
        elif node.op_type == "Relu":
            layers.append(torch.nn.ReLU())
        else:
            raise SystemExit(f"{file}: {node.op_type} is in no lattice net")
    return torch.nn.Sequential(*layers).eval()


def ties(first: Any, each: int) -> Iterator[tuple[int, int, tuple[Fraction, Fraction]]]:
    """Points where two of the linear forms of the first layer are exactly equal, spread over [-2, 2]^2.

    w x = c with w and c integers times a power of two: the solutions in multiples of 2^-UNIT are a line of a lattice.
    """
    rows = [[Fraction(entry) for entry in row] for row in first.weight.tolist()]
    bias = [Fraction(entry) for entry in first.bias.tolist()]
    for one, other in combinations(range(len(rows)), 2):
        w = [left - right for left, right in zip(rows[one], rows[other], strict=True)]
        right = (bias[other] - bias[one]) * 2**UNIT
        scale = math.lcm(*[entry.denominator for entry in (*w, right)])
        a, b, c = (int(entry * scale) for entry in (*w, right))
        divisor = math.gcd(a, b)
        if not a or not b or c % divisor:
            continue
        a, b, c = a // divisor, b // divisor, c // divisor
        start = c * pow(a, -1, abs(b)) % abs(b)  # a x = c modulo b
        most = 2 ** (UNIT + 1)
        steps = range(-most // abs(b), most // abs(b) + 1)
        for step in steps[:: max(1, len(steps) // each)]:
            x = start + step * abs(b)
            y, rest = divmod(c - a * x, b)
            if not rest and abs(x) <= most and abs(y) <= most:
                yield one, other, (Fraction(x, 2**UNIT), Fraction(y, 2**UNIT))


def differences(module: Any, x: Any) -> list[float]:
    """Central differences in float64."""
    import torch

    step, found = 2.0**-12, []
    with torch.no_grad():
        for axis in range(x.shape[1]):
            unit = torch.zeros_like(x)
            unit[0, axis] = step
            found.append(float((module(x + unit) - module(x - unit)) / (2 * step)))
    return found


def main() -> int:
    """Look at the ties of one file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("file", help="lattice_8_0.onnx or one like it")
    parser.add_argument("--each", type=int, default=24, help="about so many ties of each two forms (default 24)")
    parser.add_argument("--certificate", help="write the certificate of the first wrong point there")
    given = parser.parse_args()
    import torch

    module, net = module_of(given.file), sh.load(given.file)
    looked = met = smooth = wrong = 0
    for one, other, point in ties(module[0], given.each):
        looked += 1
        at = net.at(point)
        quick = sh.gradient(at)
        if quick.singleton:  # no kink reaches the output
            continue
        met += 1
        if quick.gradient == quick.subgradient:
            continue
        decided = sh.check(at)
        if decided.verdict != "unique":
            continue
        smooth += 1
        x = torch.tensor([[float(entry) for entry in point]], dtype=torch.float64)
        found = sh.audit_torch(module, x)
        if found.verdict != "conservative":
            continue
        wrong += 1
        if wrong > 1:
            continue
        assert decided.subgradients is not None
        (true,) = decided.subgradients[0]
        print(f"linear forms {one} and {other} are equal at {', '.join(map(str, point))}")
        print(f"  true gradient        {show(true)}: differentiable here ({'certified' if decided.certified else '?'})")
        print(f"  torch returns        {show(found.gradient[0])}: {found.verdict}")
        print(f"  central differences  {show(differences(module, x))}")
        for line in found.said():
            print(f"  {line}")
        outside = sh.contains(at, found.vector).certificates["clarke"]
        again = sh.verify(at, outside)
        print(f"  certificate that torch's gradient is outside the Clarke subdifferential: {again!r}")
        if given.certificate:
            Path(given.certificate).write_text(outside.dumps(), encoding="utf-8")
    print(f"{looked} exact ties; at {met} of them kinks reach the output, and their choice matters")
    print(f"{smooth} of these are differentiable points where relu'(0) = 0 gives another gradient")
    print(f"torch is wrong at {wrong}")
    return 0 if wrong else 1


def show(vector: Any) -> str:
    """Three digits."""
    return "(" + ", ".join(f"{float(entry):.3f}" for entry in vector) + ")"


if __name__ == "__main__":
    sys.exit(main())
