"""Models at points that are moved exactly onto a kink of each layer.

    python scripts/campaigns/model_ties.py FOLDER [FILE ...] [--seed 0] [--points 20] [--ties 2]

For every ONNX and NNet file of FOLDER (or those named) and each of its layers of relus: a random float32 point x, a
unit of the layer whose preactivation is z there with the exact gradient g, not 0, near it; x is moved by -z / |g|_1
along the signs of g, and so on until z is exactly 0 (as long as no other unit changes its branch, that is one step).
There, and at 0, at a constant point and at random points:

- the units (``localise`` of the expanded program) and the tensors say the same: value, kinks, nearest kink, F'(x0; d);
- both derivations of the program near the point have one digest;
- the value agrees with onnxruntime, where that is installed, to float32's accuracy;
- the verdict agrees with second differences F'(x0; d) + F'(x0; -d), by float64 evaluations next to x0, and, where few
  kinks matter, with that of the units.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import subgrad_hardness as sh
from subgrad_hardness.local.localise import localise
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.exact.backwards import Target, rows
from subgrad_hardness.models.exact.forwards import Weights, forwards
from subgrad_hardness.models.exact.lowering import LinearProgram, lowered
from subgrad_hardness.models.expanding import expanded
from subgrad_hardness.models.onnx_model import ReadModel, read_onnx
from subgrad_hardness.models.plain_near import plain_near_point
from subgrad_hardness.models.tensor_form import in_tensors
from subgrad_hardness.models.tensors import Applied, Contracted, TensorProgram
from subgrad_hardness.net.program import Program

Point = tuple[Fraction, ...]

#: Verdicts of the units are asked for where at most so many kinks matter.
FEW = 60


class Both(NamedTuple):
    """One model, read twice."""

    model: ReadModel
    units: Program
    tensors: Program
    linear: LinearProgram
    weights: Weights


def read(file: Path) -> Both:
    """An ONNX file, or the layers of an NNet file as a tensor program with the same names."""
    if file.suffix == ".onnx":
        model = read_onnx(file.read_bytes(), str(file))
        units = expanded(model.program, model.output, str(file))
    else:
        units = sh.load(file)
        model = layered(units)
    tensors = in_tensors(model.program, model.output, str(file))
    return Both(model, units, tensors, lowered(model.program, model.output), Weights())


def layered(units: Program) -> ReadModel:
    """A chain of layers as a tensor program."""
    program = TensorProgram([("x", (units.input_count,))])
    (value,) = program.arguments()
    assert units.form.chain is not None
    for number, layer in enumerate(units.form.chain):
        weights = np.full((1, len(layer.rows), layer.columns), Fraction(0), dtype=object)
        bias = np.full((1, len(layer.rows), 1), Fraction(0), dtype=object)
        for place, row in enumerate(layer.rows):
            bias[0, place, 0] = Fraction(row.bias, row.denominator)
            for argument, coefficient in zip(row.arguments, row.coefficients, strict=True):
                weights[0, place, argument] = Fraction(coefficient, row.denominator)
        places = np.arange(layer.columns, dtype=np.int64).reshape(1, -1, 1)
        bent = layer.activation != "identity"
        name = f"layers[{number}]"
        step = Contracted(value.step, weights, places, bias)
        value = program.add(step, (len(layer.rows),), f"{name}.sum" if bent else name)
        if bent:
            value = program.add(Applied(layer.activation, value.step), value.shape, name)
    return ReadModel(program, value, ())


def tied(both: Both, relu: int, point: Point, random: np.random.Generator) -> Point | None:
    """A point near ``point`` at which a unit of this relu step is exactly at its kink; None where none is found."""
    step = both.linear.steps[relu]
    assert isinstance(step, Applied)
    place = int(random.integers(both.linear.sizes[relu]))
    target = both.linear._replace(output=step.source)
    for _ in range(20):
        found = forwards(target, point, both.weights)
        if not found.signs[relu][place]:
            return point
        (row,) = rows(both.linear, found, {}, [Target(step.source, place)], both.weights)
        if not row.inputs:
            return None
        gradient = {index: Fraction(entry, row.denominator) for index, entry in row.inputs.items()}
        value = found.value[place]
        length = sum(map(abs, gradient.values()))
        moved = list(point)
        for index, entry in gradient.items():
            moved[index] -= value / length * (1 if entry > 0 else -1)
        point = tuple(moved)
    return None


def differences(both: Both, point: Point, random: np.random.Generator) -> float:
    """The largest |F(x + t d) + F(x - t d) - 2 F(x)| / t for random d, in floating point: 0 where F is smooth.

    Of several t the least: for a large one another kink may be near, for a small one rounding counts.
    """
    center = np.asarray([float(entry) for entry in point])
    directions = random.standard_normal((20, len(point)))

    def at(place: np.ndarray[Any, Any]) -> Any:
        return both.model.program.evaluate(place, both.model.output)

    found, middle = [], 2 * at(center)
    for size in (2.0**-18, 2.0**-24, 2.0**-30):
        curved = [at(center + size * d) + at(center - size * d) - middle for d in directions]
        found.append(float(np.abs(curved).max()) / size)
    return min(found)


def compared(both: Both, point: Point, random: np.random.Generator) -> list[str]:
    """What is wrong at a point."""
    units, tensors = both.units.at(point), both.tensors.at(point)
    one, other = localise(units), localise(tensors)
    wrong = []
    if one.value != other.value:
        wrong.append("values differ")
    if [units.unit_name(u) for u in one.kink_units] != [tensors.unit_name(u) for u in other.kink_units]:
        wrong.append("kinks differ")
    named = [f.nearest and (f.nearest[0], p.unit_name(f.nearest[1])) for f, p in ((one, units), (other, tensors))]
    if named[0] != named[1]:
        wrong.append("nearest kinks differ")
    for direction in random.integers(-9, 10, (3, len(point))).tolist():
        if one.net.derivative(direction) != other.net.derivative(direction):
            wrong.append("derivatives differ")
    if near_point(tensors).own_digest != plain_near_point(tensors).own_digest:
        wrong.append("the derivations differ")
    return wrong


def session(file: Path) -> Any:
    """The model in onnxruntime, or None."""
    if file.suffix != ".onnx":
        return None
    try:
        import onnxruntime
    except ImportError:
        return None
    return onnxruntime.InferenceSession(str(file))


def main() -> None:
    """All files; exit 1 with findings."""
    parser = argparse.ArgumentParser(description="Models at exact ties.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("files", nargs="*", help="names in the folder (default: all)")
    parser.add_argument("--points", type=int, default=20, help="random points (default 20)")
    parser.add_argument("--ties", type=int, default=2, help="ties a layer (default 2)")
    chosen = parser.parse_args()
    findings = 0
    names = chosen.files or sorted([file.name for file in chosen.folder.iterdir()])
    for file in [chosen.folder / name for name in names if name.endswith((".onnx", ".nnet"))]:
        start, random = time.process_time(), np.random.default_rng(chosen.seed)
        both = read(file)
        units, tensors = both.units, both.tensors
        size = units.input_count
        draw = [tuple(map(Fraction, random.random(size).astype(np.float32).tolist())) for _ in range(chosen.points)]
        points = {"origin": (Fraction(0),) * size, "constant": (Fraction(1, 2),) * size}
        points |= {f"random {number}": point for number, point in enumerate(draw)}
        layers = sorted([relu for relu, whose in both.linear.relus.items() if not whose.ordinal])
        for layer, relu in enumerate(layers):
            for number, begun in enumerate(draw[: chosen.ties]):
                point = tied(both, relu, begun, random)
                if point is not None:
                    points[f"layer {layer}, tie {number}"] = point
        running, counts, worst = session(file), Counter[str](), 0.0
        for name, point in points.items():
            wrong = compared(both, point, random)
            if running is not None and not name.startswith("layer"):
                given = running.get_inputs()[0]
                shape = [entry if isinstance(entry, int) and entry > 0 else 1 for entry in given.shape]
                image = np.asarray([float(entry) for entry in point], dtype=np.float32).reshape(shape)
                seen = np.concatenate([np.ravel(out) for out in running.run(None, {given.name: image})])
                exactly = np.asarray([float(entry) for entry in localise(tensors.at(point)).value])
                worst = max(worst, float(np.abs(seen - exactly).max() / (1 + np.abs(exactly).max())))
            few = len(localise(tensors.at(point)).net.kinks) <= FEW
            result = sh.check(tensors, point=point, certify=False, time_limit=None if few else 60)
            counts[result.verdict] += 1
            if few and result.verdict != (verdict := sh.check(units, point=point, certify=False).verdict):
                wrong.append(f"{result.verdict}, but {verdict} by units")
            curved = differences(both, point, random)
            if result.verdict == "unique" and curved > 1e-3:
                wrong.append(f"unique, but second differences are {curved:.3g}")
            if result.verdict == "distinct" and curved < 1e-6:
                wrong.append(f"distinct, but second differences are {curved:.3g}")
            for problem in wrong:
                findings += 1
                print(f"{file.name}, {name}: {problem}", flush=True)
        runtime = "no onnxruntime" if running is None else f"onnxruntime within {worst:.2g}"
        ties = f"{sum(name.startswith('layer') for name in points)} ties on {len(layers)} layers"
        seconds = time.process_time() - start
        print(f"{file.name}: {len(points)} points, {ties}, {dict(counts)}, {runtime}; {seconds:.0f} s", flush=True)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
