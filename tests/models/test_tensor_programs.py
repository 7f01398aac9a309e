"""Programs in tensors against the same programs written down unit by unit, and against a second derivation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import subgrad_hardness as sh
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.verify import ABOUT_A_POINT
from subgrad_hardness.certificate.format import KINDS
from subgrad_hardness.certificate.statement import KEYS
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.exact.digits import Exact, carried, exactly, integers, plus, smallest, times
from subgrad_hardness.models.expanding import expanded
from subgrad_hardness.models.plain_near import plain_near_point
from subgrad_hardness.models.sizes import tensor_sizes
from subgrad_hardness.models.tensor_form import in_tensors
from subgrad_hardness.models.tensors import (
    ABSENT,
    Applied,
    Constant,
    Contracted,
    Extremum,
    Scaled,
    Summed,
    Taken,
    Tensor,
    TensorProgram,
)
from subgrad_hardness.net.program import Program

#: Few numbers, so that ties are frequent: integers, floats of different sizes, thirds.
NUMBERS = [*map(Fraction, [0, 1, -1, 2, 0.5, -0.75, 2.0**-30]), Fraction(1, 3), Fraction(-2, 3)]


class Drawn:
    """A random tensor program, its output, and the two programs that it is."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.model = TensorProgram([("x", (2, 2)), ("y", (2,))])
        tensors = [self.model.take(Tensor(0, (6,)), np.arange(6), "all")]
        for number in range(int(self.random.integers(2, 7))):
            source = tensors[int(self.random.integers(max(0, len(tensors) - 2), len(tensors)))]
            steps = [self.contracted, self.relus, self.relus, self.extremum, self.moved, self.scaled, self.summed]
            made = steps[int(self.random.integers(len(steps)))](source, tensors, f"t{number // 2}")
            tensors.append(made)
        self.output = tensors[-1]

    def numbers(self, *shape: int) -> Any:
        """Constants of one of the kinds that models have."""
        chosen = self.random.integers(0, len(NUMBERS), shape)
        kind = int(self.random.integers(3))
        if kind == 0:
            return self.random.integers(-2, 3, shape)
        if kind == 1:
            return np.asarray([float(entry) for entry in NUMBERS])[chosen].astype(np.float32)
        made = np.empty(shape, dtype=object)
        made.reshape(-1)[:] = [NUMBERS[place] for place in chosen.reshape(-1).tolist()]
        return made

    def places(self, size: int, *shape: int) -> Any:
        return self.random.integers(ABSENT, size, shape)

    def contracted(self, source: Tensor, _: list[Tensor], name: str) -> Tensor:
        groups, rows, terms, windows = (int(n) for n in self.random.integers(1, 4, 4))
        bias = self.numbers(groups, rows, 1) if self.random.integers(2) else None
        wide = None if bias is None else np.broadcast_to(bias, (groups, rows, windows))
        places = self.places(source.size, groups, terms, windows)
        step = Contracted(source.step, self.numbers(groups, rows, terms), places, wide)
        return self.model.add(step, (groups * rows, windows), name)

    def relus(self, source: Tensor, _: list[Tensor], name: str) -> Tensor:
        operation = str(self.random.choice(["relu", "relu", "abs", "leaky_relu", "hardtanh", "relu6"]))
        slopes = self.random.choice([0.5, 1.0, 0.0], source.shape) if operation == "leaky_relu" else None
        return self.model.add(Applied(operation, source.step, slopes), source.shape, name)

    def extremum(self, source: Tensor, _: list[Tensor], name: str) -> Tensor:
        rows, width = (int(n) for n in self.random.integers(1, 6, 2))
        places = self.places(source.size, rows, width)
        places[:, -1] = self.random.integers(0, source.size, rows)  # no window is empty
        operation = str(self.random.choice(["max", "min"]))
        return self.model.add(Extremum(operation, source.step, places), (rows,), name)

    def moved(self, source: Tensor, tensors: list[Tensor], name: str) -> Tensor:
        parts = [source, tensors[0], self.model.add(Constant(self.numbers(2)), (2,), name)]
        count = int(self.random.integers(1, 7))
        places = self.random.integers(0, sum(part.size for part in parts), count)
        return self.model.add(Taken(tuple(part.step for part in parts), places), (count,), name)

    def scaled(self, source: Tensor, _: list[Tensor], name: str) -> Tensor:
        step = Scaled(source.step, self.numbers(*source.shape), self.numbers(*source.shape))
        return self.model.add(step, source.shape, name)

    def summed(self, source: Tensor, tensors: list[Tensor], name: str) -> Tensor:
        other = tensors[int(self.random.integers(len(tensors)))]
        places = self.random.integers(0, other.size, source.size)
        moved = self.model.take(other, places.reshape(source.shape), name)
        return self.model.add(Summed((source.step, moved.step), (1, -1)), source.shape, name)

    def programs(self) -> tuple[Program, Program]:
        """Unit by unit, and in tensors, at one point."""
        point = [NUMBERS[place] for place in self.random.integers(0, len(NUMBERS), 6).tolist()]
        units = expanded(self.model, self.output, "drawn").at(point)
        return units, in_tensors(self.model, self.output, "drawn").at(point)


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_tensors_and_units_are_localised_alike(seed: int) -> None:
    drawn = Drawn(seed)
    units, tensors = drawn.programs()
    one, other = localise(units), localise(tensors)
    assert tensors.inputs == units.inputs
    assert other.value == one.value
    assert [tensors.unit_name(unit) for unit in other.kink_units] == [units.unit_name(unit) for unit in one.kink_units]
    named = [
        found.nearest and (found.nearest[0], program.unit_name(found.nearest[1]))
        for found, program in ((one, units), (other, tensors))
    ]
    assert named[0] == named[1]
    assert set(other.net.kink_numbers) <= set(one.net.kink_numbers)  # no more kinks, all of those that matter
    for direction in drawn.random.integers(-9, 10, (6, 6)).tolist():
        assert other.net.derivative(direction) == one.net.derivative(direction)
    slopes = {number: Fraction(int(drawn.random.integers(5)), 4) for number in range(len(one.kink_units))}
    for found in (one, other):  # what backpropagation gives does not change either
        chosen = [slopes[number] for number in found.net.kink_numbers]
        assert backpropagate(found.net, chosen) == backpropagate(one.net, [slopes[n] for n in one.net.kink_numbers])
    assert tensor_sizes(tensors.form.tensors).relus == sum(
        not hasattr(node, "coefficients") for node in units.lowered.nodes
    )


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_both_derivations_give_the_same_program(seed: int) -> None:
    _, tensors = Drawn(seed).programs()
    assert plain_near_point(tensors).own_digest == near_point(tensors).own_digest


def test_digests_tell_programs_and_points_apart_and_types_alike() -> None:
    def digest(weights: Any, point: int = 0, name: str = "t", places: Any = ((0,),)) -> str:
        model = TensorProgram([("x", (2,))])
        made = model.add(Contracted(0, np.asarray([weights]), np.asarray([[place] for place in places])), (1, 1), name)
        return in_tensors(model, made, "x").at([point, 0]).digest

    assert (
        digest(np.asarray([[0.5]], dtype=np.float32))
        == digest(np.asarray([[0.5]]))
        == digest(np.asarray([[Fraction(1, 2)]]))
    )
    assert digest(np.asarray([[1]])) == digest(np.asarray([[1.0]])) == digest(np.asarray([[True]]))
    assert digest(np.asarray([[0.0]])) == digest(np.asarray([[-0.0]]))
    thirds = digest(np.asarray([[Fraction(1, 3)]]))
    assert len({thirds, digest([[1]]), digest([[1]], 1), digest([[2]]), digest([[1]], places=((1,),))}) == 5


BIG = [0, 1, -1, 2**19, -(2**19), 2**20 - 1, 3**80, -(3**80), -(2**100), 2**100, 7]


def test_digits_are_the_integers() -> None:
    array = np.empty(len(BIG), dtype=object)
    array[:] = BIG
    found = exactly(array)
    assert found.numerators() == BIG
    assert found.signs().tolist() == [(number > 0) - (number < 0) for number in BIG]
    products = times(found, Exact(found.digits[:, ::-1].copy(), 3))
    assert products.fractions() == [Fraction(a * b, 3) for a, b in zip(BIG, BIG[::-1], strict=True)]
    total = plus(found, Exact(found.digits.copy(), 6), exactly(np.asarray(0.5)))
    assert total.fractions() == [Fraction(7 * number, 6) + Fraction(1, 2) for number in BIG]
    assert smallest(found, found.signs()) == (Fraction(1), 1)
    assert smallest(exactly(np.zeros(3)), np.zeros(3, dtype=np.int8)) is None


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_floats_are_the_rationals_that_they_are(floats: list[float]) -> None:
    assert exactly(np.asarray(floats)).fractions() == [Fraction(entry) for entry in floats]


@given(st.lists(st.integers(-(2**61), 2**61), min_size=1, max_size=4))
def test_carries(raw: list[int]) -> None:
    digits = carried(np.asarray(raw, dtype=np.int64)[:, None].copy())
    assert integers(digits) == [sum(entry << (20 * place) for place, entry in enumerate(raw))]
    assert np.all(digits >= -(2**19)) and np.all(digits < 2**19)


def large(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """An ONNX file that is kept in tensors: max-pooling of a convolution, and the absolute value of a sum."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    monkeypatch.setattr("subgrad_hardness.models.tensor_form.LARGE", 0)
    weights = np.asarray([[[[1, -1], [2, 1]]], [[[0, 1], [-1, 1]]]], dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w"], ["c"], name="c"),
            helper.make_node("MaxPool", ["c"], ["p"], name="p", kernel_shape=[2, 2]),
            helper.make_node("ReduceSum", ["p"], ["s"], name="s"),
            helper.make_node("Abs", ["s"], ["f"], name="f"),
        ],
        "g",
        [helper.make_tensor_value_info("x", kind, [1, 1, 3, 3])],
        [helper.make_tensor_value_info("f", kind, None)],
        [onnx.numpy_helper.from_array(weights, "w")],
    )
    file = tmp_path / "m.onnx"
    file.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]).SerializeToString())
    return str(file)


CALLS: dict[str, Callable[[Any], Any]] = {
    "check": lambda net: sh.check(net).verdict,
    "contains": lambda net: sh.contains(net, [0] * 9).clarke,
    "stationary": lambda net: sh.stationary(net).to_json()["clarke"],
    "support": lambda net: sh.support(net, list(range(9))).support,
    "subdifferential": lambda net: len(list(sh.subdifferential(net))),
    "gradient": lambda net: sh.gradient(net).gradient,
    "shortest": lambda net: sh.shortest(net).subgradient,
}


@pytest.mark.parametrize("call", sorted(CALLS))
def test_calls_about_a_point(call: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = large(tmp_path, monkeypatch)
    net = sh.load(file)
    assert net.form.kind == "tensors"
    assert CALLS[call](net) == CALLS[call](Program(net.inputs, net.form.to_graph(net.inputs), net.point))


def test_certificates_of_models(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    net = sh.load(large(tmp_path, monkeypatch))
    for point, verdict in (([0] * 9, "distinct"), ([3, 1, 4, 1, 5, 9, 2, 6, 5], "unique")):
        result = sh.check(net, point=point, certify=True)
        assert result.verdict == verdict and result.certified
        assert result.digest == net.at(point).digest
        assert result.certificate is not None
        assert sh.verify(net, result.certificate, point=point).verdict == verdict
        assert not sh.verify(net, result.certificate, point=[1] * 9)


def test_every_call_and_certificate_names_the_model(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    net = sh.load(large(tmp_path, monkeypatch))
    answers: list[Any] = [
        sh.info(net),
        sh.check(net),
        sh.contains(net, [0] * 9),
        sh.support(net, [1] * 9),
        sh.stationary(net),
        sh.shortest(net),
        sh.regular(net),
        sh.lipschitz(net),
        sh.sample(net, samples=2),
        sh.subdifferential(net),
    ]
    assert {answer.digest for answer in answers} == {net.digest}
    certificates = [getattr(answer, "certificate", None) for answer in answers]
    assert sum(certificate is not None for certificate in certificates) >= 4
    for certificate in filter(None, certificates):
        assert sh.verify(net, certificate)
        assert not sh.verify(net, certificate, point=[1] * 9)


def test_a_derivation_that_differs_is_a_contradiction(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    net = sh.load(large(tmp_path, monkeypatch))
    other = near_point(net.at([1] * 9)).standing_for(net)
    monkeypatch.setattr("subgrad_hardness.models.plain_near.plain_near_point", constant(other))
    with pytest.raises(Disagreement, match="another program comes out"):
        sh.check(net, certify=True)


def constant(program: Program) -> Callable[..., Program]:
    """A derivation that always gives this."""

    def derive(*_: Any) -> Program:
        return program

    return derive


def test_claims_about_regions_are_not_taken_for_claims_about_the_point() -> None:
    """The program near the point equals the model there only."""
    assert set(KINDS) | set(KEYS) == ABOUT_A_POINT | {"affine", "bent", "equal", "different"}


def test_limits_and_numbers_that_are_none() -> None:
    model = TensorProgram([("x", (1,))])
    bad = model.add(Scaled(0, np.asarray([np.inf])), (1,), "bad")
    program = in_tensors(model, bad, "m.onnx")
    for derive in (near_point, plain_near_point):
        with pytest.raises(NetError, match=r"m\.onnx: a number that is not finite"):
            derive(program)
        with pytest.raises(LimitReached):
            derive(in_tensors(model, model.add(Scaled(0, np.asarray([2.0])), (1,), "b"), "m"), limits=Limits(0.0))
