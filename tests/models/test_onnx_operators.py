"""The operator tests that the onnx package ships: what is read computes what they say, in floats and exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx.backend.test.loader import load_model_tests  # noqa: E402

from subgrad_hardness.common.errors import NetError  # noqa: E402
from subgrad_hardness.models.expanding import expanded  # noqa: E402
from subgrad_hardness.models.onnx_model import OPERATORS, ReadModel, read_onnx  # noqa: E402
from subgrad_hardness.net.evaluation import value  # noqa: E402

Arrays = list[Any]
#: What a refusal may be about; anything else is an operator that should have been read.
REASONS = (
    "depends on the inputs",
    "does not depend on the inputs",
    "not piecewise linear",
    "only the mode nearest",
    "training",
    "jumps",
    "is 0",
    "jump",
    "keep an aspect ratio",
    "empty; a net has at least one",
    "coordinates by tf_crop_and_resize",
    "only explicit pads",
    "reshape array of size 12 into shape (3,4,0)",
    "coordinates by half_pixel_symmetric",
)


class Given(NamedTuple):
    """A test of the package: a model with arguments and results."""

    name: str
    model: Any
    inputs: dict[str, Any]
    outputs: Arrays


def shipped() -> Iterator[Given]:
    """The tests of single operators and small models whose operators are all read."""
    for test in [
        test for kind in ("node", "pytorch-converted", "pytorch-operator") for test in load_model_tests(kind=kind)
    ]:
        model, arguments, results = test.model, None, None
        if model is None:
            folder = Path(test.model_dir)
            model = onnx.load(folder / "model.onnx")
            arguments, results = (_arrays(folder / "test_data_set_0", kind) for kind in ("input", "output"))
        else:
            arguments, results = test.data_sets[0]
        if not {node.op_type for node in model.graph.node} <= set(OPERATORS):
            continue
        if not all(isinstance(array, np.ndarray | np.generic) for array in [*arguments, *results]):
            continue  # sequences and optionals
        constants = {tensor.name for tensor in model.graph.initializer}
        names = [entry.name for entry in model.graph.input if entry.name not in constants]
        yield Given(test.name, model, dict(zip(names, map(np.asarray, arguments), strict=False)), list(results))


def _arrays(folder: Path, kind: str) -> Arrays:
    found = []
    for file in sorted(folder.glob(f"{kind}_*.pb")):
        tensor = onnx.TensorProto()
        tensor.ParseFromString(file.read_bytes())
        found.append(onnx.numpy_helper.to_array(tensor))
    return found


def read(given: Given, variables: list[str]) -> ReadModel:
    constants: Mapping[str, Any] = {name: array for name, array in given.inputs.items() if name not in variables}
    return read_onnx(given.model.SerializeToString(), given.name, constants=constants)


def agrees(given: Given, variables: list[str]) -> None:
    """The first float argument, or all of them, as the program's input, the others as constants."""
    model = read(given, variables)
    point = np.concatenate([given.inputs[name].reshape(-1).astype(np.float64) for name in variables])
    wanted = [np.asarray(output, dtype=np.float64) for output in given.outputs]
    whole = wanted[0] if len(wanted) == 1 else np.concatenate([output.reshape(-1) for output in wanted])
    found = model.program.evaluate(point, model.output)
    assert found.shape == whole.shape, given.name
    np.testing.assert_allclose(found, whole, rtol=1e-3, atol=1e-5, err_msg=given.name)
    if point.size < 500:
        program = expanded(model.program, model.output, given.name)
        exactly = np.array([float(entry) for entry in value(program, point.tolist())]).reshape(found.shape)
        np.testing.assert_allclose(exactly, found, rtol=1e-9, atol=1e-9, err_msg=given.name)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_shipped_operator_tests() -> None:
    counts: Counter[str] = Counter()
    for given in shipped():
        floats = [name for name, array in given.inputs.items() if array.dtype.kind == "f"]
        if not floats:
            counts["integers only"] += 1
            continue
        try:
            try:
                agrees(given, floats[:1])
            except NetError:
                agrees(given, floats)
        except NetError as refused:
            assert any(reason in refused.message for reason in REASONS), (given.name, refused.message)
            counts["refused"] += 1
            continue
        counts["right"] += 1
    assert counts["right"] >= 380, counts
