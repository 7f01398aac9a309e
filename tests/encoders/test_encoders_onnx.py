"""ONNX and VNN-LIB files: the network in runtimes, the properties in a parser, counterexamples replayed."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from support import small_nets
from support.asked import ABS, asked, judge, program

import subgrad_hardness
from subgrad_hardness.encoders.contract import Asked, ask
from subgrad_hardness.encoders.directions import direction_bound
from subgrad_hardness.net.reading import load

DIRECTIONS = (-1, 0, 1, 3)


def gaps(question: Asked, direction: tuple[int, ...]) -> list[int]:
    """F'_k(d) - g_k d for the outputs that the network has, exactly."""
    values = question.net.output_values(direction)
    rows = question.subgradient.rows
    differences = [
        v - sum(x * y for x, y in zip(row, direction, strict=True)) for v, row in zip(values, rows, strict=True)
    ]
    return [differences[output] for output, _ in question.goals] or [0]


def model(number: int) -> tuple[Any, Any]:
    """The package onnx and the parsed network of a net."""
    onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed")
    content = subgrad_hardness.encode(program(number), "onnx")
    assert isinstance(content, bytes)
    return onnx, onnx.load_model_from_string(content)


def session(network: Any, runtime: str) -> Any:
    """A function from the input to the output."""
    if runtime == "onnxruntime":
        module: Any = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
        options = module.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        loaded = module.InferenceSession(network.SerializeToString(), options, providers=["CPUExecutionProvider"])
    else:
        reference: Any = pytest.importorskip("onnx.reference", reason="onnx is not installed")
        loaded = reference.ReferenceEvaluator(network)
    return lambda x: loaded.run(None, {"X": x})[0]


@pytest.mark.parametrize(("runtime", "count"), [("onnxruntime", 200), ("onnx.reference", 60)])
def test_the_network_is_the_derivative_minus_the_reference(runtime: str, count: int) -> None:
    """Small integers at integer directions: floating point is exact here, so the values must be equal."""
    for number in range(count):
        onnx, network = model(number)
        onnx.checker.check_model(network, full_check=True)
        assert {node.op_type for node in network.graph.node} <= {"MatMul", "Add", "Relu"}
        question = asked(number)
        inputs = question.net.inputs
        run = session(network, runtime)
        for direction in itertools.islice(
            itertools.product(DIRECTIONS, repeat=inputs), 0, None, 4 ** max(0, inputs - 2)
        ):
            result = run(np.array([direction], dtype=np.float32))
            assert result.shape == (1, max(1, len(question.goals)))
            assert result[0].tolist() == gaps(question, direction), (number, direction)


def test_verdicts_by_sampling_the_runtime() -> None:
    """A verifier's place is taken by points of a grid and of known witnesses; its counterexamples are replayed."""
    found = 0
    for number in range(100):
        _, network = model(number)
        run = session(network, "onnx.reference")
        inputs = asked(number).net.inputs
        witness = subgrad_hardness.check(program(number), certify=False, cross_checks=False).separating_direction
        points = [witness] if witness else list(itertools.product((-1, 0, 1), repeat=inputs))
        distinct = False
        for point in points:
            scale = max(1, *map(abs, point))
            x = np.array([[entry / scale for entry in point]], dtype=np.float32)
            output = run(x)[0]
            if small_nets.expected(number) == "distinct" and np.abs(output).max() > 1e-5:
                distinct = True
                for source, name in (("vnnlib1", "X_{}"), ("vnnlib", "X[0,{}]"), ("onnx", "X_{}")):
                    lines = "\n".join(f"({name.format(i)} {float(v)!r})" for i, v in enumerate(x[0]))
                    judge(number, f"sat\n({lines}\n(Y_0 {float(output[0])!r}))", source)
            elif small_nets.expected(number) == "unique":
                assert np.abs(output).max() < 1e-5
        assert distinct == (small_nets.expected(number) == "distinct"), number
        found += distinct
    assert found > 30


def test_vnnlib_2_is_read_by_its_parser() -> None:
    vnnlib: Any = pytest.importorskip("vnnlib", reason="vnnlib is not installed")
    for number in range(150):
        text = subgrad_hardness.encode(program(number), "vnnlib")
        assert isinstance(text, str)
        query = vnnlib.parse_query_string(text)
        question = asked(number)
        outputs = max(1, len(question.goals))
        (network,) = query.networks
        assert [list(network.inputs[0].shape), list(network.outputs[0].shape)] == [
            [1, question.net.inputs],
            [1, outputs],
        ]
        assert len(query.assertions) == question.net.inputs + 1


def smt(question: Asked) -> str:
    """The network as SMT-LIB assertions over X_i and Y_i, so that a solver can decide a VNN-LIB 1.0 text."""

    def term(form: dict[int, int]) -> str:
        inputs = question.net.inputs
        parts = [f"(* {c}.0 {f'X_{v}' if v < inputs else f'a{v - inputs}'})" for v, c in form.items()]
        return re.sub(r" -([0-9.]+)", r" (- \1)", f"(+ 0.0 0.0 {' '.join(parts)})")

    lines = []
    for kink, form in enumerate(question.flat.kinks):
        lines += [f"(declare-const a{kink} Real)", f"(assert (= a{kink} (ite (> {term(form)} 0.0) {term(form)} 0.0)))"]
    goals = [form for _, form in question.goals] or [{}]
    lines += [f"(assert (= Y_{index} {term(form)}))" for index, form in enumerate(goals)]
    return "\n".join(lines)


@pytest.mark.parametrize("strict", [False, True])
def test_properties_with_the_network_are_equisatisfiable(strict: bool) -> None:
    """Both properties, the network beside them, in an exact solver: the box and the threshold miss nothing."""
    cvc5: Any = pytest.importorskip("cvc5", reason="cvc5 is not installed")
    for number in range(150, 280):
        question = asked(number)
        text = subgrad_hardness.encode(program(number), "vnnlib" if strict else "vnnlib1")
        assert isinstance(text, str)
        if strict:
            declared = [f"(declare-const X_{i} Real)" for i in range(question.net.inputs)]
            declared += [f"(declare-const Y_{i} Real)" for i in range(max(1, len(question.goals)))]
            body = re.sub(r"([XY])\[0,([0-9]+)\]", r"\1_\2", text[text.index("\n(assert") :])
            text = "\n".join([*declared, body])
        text = re.sub(r"(?<=[ (])-([0-9][0-9.]*)", r"(- \1)", "\n".join(s for s in text.splitlines() if s[:1] != ";"))
        values = " ".join(f"X_{i}" for i in range(question.net.inputs))
        text = f"(set-option :produce-models true)(set-logic QF_LRA)\n{text}\n{smt(question)}\n(check-sat)"
        solver = cvc5.Solver(cvc5.TermManager())
        parser = cvc5.InputParser(solver)
        symbols = parser.getSymbolManager()
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, f"{text}\n(get-value ({values}))", "question")
        printed = ""
        while not (command := parser.nextCommand()).isNull() and "unsat" not in printed:
            printed += command.invoke(solver, symbols)
        exact = re.sub(r"\(- ([0-9.]+)\)", r"-\1", printed)
        exact = re.sub(r"\(/ (-?[0-9]+) ([0-9]+)\)", r"\1/\2", exact)
        exact = re.sub(r"\(- ([0-9/]+)\)", r"-\1", exact)
        judge(number, exact, "vnnlib" if strict else "vnnlib1")


def test_weights_choose_the_element_type_or_are_refused() -> None:
    onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed")
    for weight, kind in ((2**24, onnx.TensorProto.FLOAT), (2**24 + 1, onnx.TensorProto.DOUBLE)):
        net = {"inputs": 2, "layers": [{"weight": [[weight, 1]], "activation": "relu"}]}
        content = subgrad_hardness.encode(net, "onnx")
        network = onnx.load_model_from_string(content)
        assert network.graph.input[0].type.tensor_type.elem_type == kind
    for large, shown in ((2**53 + 1, str(2**53 + 1)), ("1e400", "a number of 1329 bits")):
        net = {"inputs": 2, "layers": [{"weight": [[large, 1]], "activation": "relu"}]}
        with pytest.raises(subgrad_hardness.EncodingError, match=f"onnx: the weights: {shown} is no float64 number"):
            subgrad_hardness.encode(net, "onnx")


def test_large_matrices_and_boxes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    monkeypatch.setattr("subgrad_hardness.encoders.onnx_graph.MOST_ENTRIES", 1)
    with pytest.raises(subgrad_hardness.EncodingError, match="dense matrices of more than 1 entries"):
        subgrad_hardness.encode(ABS, "onnx")
    net = {"inputs": 3, "layers": [{"weight": [[10**200, 1, i] for i in range(3)], "activation": "relu"}]}
    with pytest.raises(
        subgrad_hardness.EncodingError, match=r"vnnlib1: the box .* has the size 2\^1329, beyond binary64"
    ):
        subgrad_hardness.encode(net, "vnnlib1")


@pytest.mark.parametrize(
    ("answer", "verdict", "claimed"),
    [
        ("sat\n((X_0 0.5)\n (Y_0 1.0))", "distinct", None),
        ("X_0 = 1e-3", "distinct", None),
        ("sat (= X[0,0] 1.0)", "distinct", None),
        ('{"X_0": 1}', "distinct", None),
        ("violated\nX[0] 0.25", "distinct", None),
        ("sat\n((X_0 (- 0.5)))", "unknown", "distinct"),
        ("sat\n((X_0 0))", "unknown", "distinct"),
        ("sat\n", "unknown", "distinct"),
        ("unsat\n", "unknown", "unique"),
        ("holds\n", "unknown", "unique"),
        ("timeout\n", "unknown", None),
    ],
)
def test_answers(answer: str, verdict: str, claimed: str | None) -> None:
    result = subgrad_hardness.decode(ABS, answer, "vnnlib1")
    assert result.verdict == verdict, result.why
    assert (result.believed and result.believed.verdict) == claimed


def test_a_missing_input_is_named() -> None:
    net = {"inputs": 3, "layers": [{"weight": [[1, 1, 1]], "activation": "relu"}]}
    with pytest.raises(subgrad_hardness.AnswerError, match="no value of X_1; there are 3 inputs"):
        subgrad_hardness.decode(net, "sat\n(X_0 1)(X_2 1)", "vnnlib")


def test_a_rounded_counterexample_is_repaired_by_its_phases() -> None:
    """relu(x - y) + relu(y - x) = |x - y| at floats that stand for x = y + tiny."""
    net = load({"inputs": 2, "layers": [{"weight": [[1, -1], [-1, 1]], "activation": "relu"}, {"weight": [[1, 1]]}]})
    question = ask(net)
    sign = 1 if not question.posed.question.holds((1, 0)) else -1
    x, y = Fraction(1), Fraction(1) + sign * Fraction(1, 10**9)
    result = subgrad_hardness.decode(net, f"sat\n(X_0 {float(x)!r}) (X_1 {float(y)!r})", "vnnlib1")
    assert result.verdict == "distinct"


def test_a_large_box_fits_float32() -> None:
    """By homogeneity the box and the output are divided by one number; all numbers are float32 numbers, exactly."""
    net = subgrad_hardness.generate("3sat", variables=10, ratio=3, seed=1)
    text = str(subgrad_hardness.encode(net, "vnnlib1"))
    body = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    numbers = [Fraction(number) for number in re.findall(r"-?[0-9]+\.[0-9]+", body)]
    assert all(Fraction(float(np.float32(float(number)))) == number for number in numbers)
    power = direction_bound(ask(net).flat) - 1
    assert max(numbers) == 2**24 < power
    assert min(number for number in numbers if number > 0) == Fraction(2**24, 1 << power.bit_length())
