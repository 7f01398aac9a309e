"""Values of a single entry without axes stay so: what is made of them has numpy's shapes, in every importer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from subgrad_hardness.models.expanding import expanded
from subgrad_hardness.models.operators.contract import Call, Value
from subgrad_hardness.models.operators.entrywise import constants, negated
from subgrad_hardness.models.operators.linear import matrix_product
from subgrad_hardness.models.operators.moving import joined, moved
from subgrad_hardness.models.tensors import Array, Tensor, TensorProgram
from subgrad_hardness.net.evaluation import value

WEIGHTS = np.asarray([[2, 3], [5, 7]])


def call_of(shape: Sequence[int]) -> tuple[Call, Tensor]:
    program = TensorProgram([("x", tuple(shape))])
    return Call(program, "MatMul", "node", (), {}, 17, 1), program.arguments()[0]


def test_an_entry_that_is_taken_out_has_no_axes() -> None:
    """Two of them stacked are a vector; with an axis too many they would be a column, and sums of it a square."""
    call, x = call_of([2])
    first, last = [moved(call, x, lambda array, place=place: array[place]) for place in (0, 1)]  # type: ignore[misc]
    assert first.shape == last.shape == ()
    both = joined(call, [first, last], lambda arrays: np.stack(list(arrays)))
    shifted = call.scaled(both, None, np.asarray([10, 20])) if isinstance(both, Tensor) else both
    assert isinstance(shifted, Tensor) and shifted.shape == (2,)
    assert value(expanded(call.program, shifted, "two"), [1, 2]) == (Fraction(11), Fraction(22))


def test_arithmetic_of_single_constants_gives_arrays() -> None:
    call, _ = call_of([1])
    two: Array = np.asarray(2)
    made = [
        constants(call, np.add, two, two),
        negated(two),
        negated(np.asarray(0.5)),
        matrix_product(call, *[WEIGHTS[0]] * 2),
    ]
    assert all(isinstance(each, np.ndarray) and each.shape == () for each in made)
    assert [float(each) for each in made if isinstance(each, np.ndarray)] == [4, -2, -0.5, 13]


@pytest.mark.parametrize(
    ("rows", "columns"), [((), ()), ((2,), ()), ((), (2,)), ((2,), (2,)), ((3, 2), (2,)), ((3, 2), ())]
)
def test_products_have_the_shapes_of_numpy(rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    """Vectors on either side, or both; constants, the inputs, or one of each."""
    numbers = np.random.default_rng(0)
    left, right = numbers.integers(-5, 6, (*rows, 2)), numbers.integers(-5, 6, (2, *columns))
    wanted = left @ right
    for asked in ((True, False), (False, True), (True, True)):
        program = TensorProgram(
            [(name, array.shape) for name, array, is_asked in zip("ab", (left, right), asked, strict=True) if is_asked]
        )
        call = Call(program, "MatMul", "node", (), {}, 17, 1)
        given = iter(program.arguments())
        sides: list[Value] = [
            next(given) if is_asked else array for is_asked, array in zip(asked, (left, right), strict=True)
        ]
        made = matrix_product(call, *sides)
        point = [
            int(entry) for array, is_asked in zip((left, right), asked, strict=True) if is_asked for entry in array.flat
        ]
        assert isinstance(made, Tensor) and made.shape == wanted.shape
        assert list(value(expanded(program, made, "product"), point)) == wanted.reshape(-1).tolist()


def test_scalars_of_onnx_models_have_no_axes() -> None:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: its files are not read")
    from subgrad_hardness.models.onnx_model import read_onnx

    helper, numbers = onnx.helper, onnx.TensorProto
    nodes = [
        *[helper.make_node("Gather", ["x", f"place{n}"], [f"x{n}"], axis=0) for n in (0, 1)],
        *[helper.make_node("Unsqueeze", [f"x{n}", "axes"], [f"u{n}"]) for n in (0, 1)],
        helper.make_node("Concat", ["u0", "u1"], ["both"], axis=0),
        helper.make_node("Add", ["both", "bias"], ["y"]),
    ]
    arrays = {"place0": np.asarray(0), "place1": np.asarray(1), "axes": np.asarray([0])}
    arrays["bias"] = np.asarray([10, 20], np.float32)
    graph = helper.make_graph(
        nodes,
        "scalars",
        [helper.make_tensor_value_info("x", numbers.FLOAT, [2])],
        [helper.make_tensor_value_info("y", numbers.FLOAT, [2])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    read = read_onnx(model.SerializeToString(), "scalars.onnx")
    assert read.output.shape == (2,)
    assert value(expanded(read.program, read.output, "scalars"), [1, 2]) == (Fraction(11), Fraction(22))
