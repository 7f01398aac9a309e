"""Losses of nets in their parameters: hand-made programs, floating-point references, names, refusals, commands."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.cli.losses import LOSS_NAMES
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.losses.functions import LOSSES
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.outer import before_outer
from subgrad_hardness.net.program import Program

DATA: list[list[Any]] = [[1, 2], [-1, "1/2"], [3, 0]]
TARGETS = [[1, 0], [0, -1], [2, 1]]


def rationals(*rows: Sequence[int]) -> Matrix:
    """A matrix of integers as results hold it."""
    return tuple([tuple(map(Fraction, row)) for row in rows])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def random_net(seed: int, outputs: int = 2) -> Program:
    draw = random.Random(seed)

    def matrix(rows: int, columns: int) -> list[list[Fraction]]:
        return [[Fraction(draw.randint(-9, 9), draw.randint(3, 7)) for _ in range(columns)] for _ in range(rows)]

    biases = [matrix(1, 3)[0], [0, 0, 0], matrix(1, outputs)[0]]
    return Program.from_layers(
        [matrix(3, 2), matrix(3, 3), matrix(outputs, 3)], biases, ["relu", "leaky_relu", "identity"], slope="1/10"
    )


def plain(net: Program, parameters: dict[str, Any], x: Sequence[Any]) -> list[Any]:
    """The net's outputs with other parameters, in whatever numbers these are."""
    values = list(x)
    for number, layer in enumerate(net.form.chain or ()):
        following = []
        for unit in range(len(layer.rows)):
            total = parameters.get(f"layers[{number}].bias[{unit}]", 0)
            for column, entry in enumerate(values):
                total = total + parameters[f"layers[{number}].weight[{unit}][{column}]"] * entry
            if layer.activation == "relu":
                total = max(total, 0 * total)
            elif layer.activation == "leaky_relu":
                total = total if total > 0 else total / 10
            following.append(total)
        values = following
    return values


REFERENCES: dict[str, Callable[[list[Any], list[Any]], Any]] = {
    "squared": lambda y, t: sum((a - b) ** 2 for a, b in zip(y, t, strict=True)) / len(y),
    "absolute": lambda y, t: sum(abs(a - b) for a, b in zip(y, t, strict=True)) / len(y),
    "huber": lambda y, t: (
        sum((a - b) ** 2 / 2 if abs(a - b) <= 1 else abs(a - b) - Fraction(1, 2) for a, b in zip(y, t, strict=True))
        / len(y)
    ),
    "hinge": lambda y, t: sum(max(1 - a * b, Fraction(0)) for a, b in zip(y, t, strict=True)) / len(y),
}


@pytest.mark.parametrize("loss", REFERENCES)
def test_values_and_finite_differences(loss: str) -> None:
    """Values are those of the formulas; away from kinks a difference quotient is the gradient, up to its step."""
    for seed in range(3):
        net = random_net(seed)
        program = sh.loss_program(net, DATA, TARGETS, loss=loss)
        point = dict(zip(program.inputs, program.point, strict=True))

        def reference(parameters: dict[str, Any], net: Program = net) -> Any:
            pairs = zip(DATA, TARGETS, strict=True)
            entries = [REFERENCES[loss](plain(net, parameters, list(map(Fraction, x))), t) for x, t in pairs]
            return sum(entries) / len(DATA)

        assert value(program) == (reference(point),)
        local = localise(program)
        assert not local.net.kinks
        row = sh.gradient(program).gradient[0]
        step = Fraction(1, 2**80)
        for name, slope in list(zip(program.inputs, row, strict=True))[::4]:
            quotient = (reference({**point, name: point[name] + step}) - reference(point)) / step
            assert abs(quotient - slope) < step * 2**20


def test_a_program_made_by_hand() -> None:
    """(a relu(w x + b) - t)^2 at x = 2, t = 1, w = 1, b = -2, a = 3: the kink, and the residual -1 before it."""
    net = Program.from_layers([[[1]], [[3]]], [[-2], None])
    made = sh.loss_program(net, [[2]], [1], loss="squared")
    by_hand = Program.from_text(
        "inputs w b a; u = 2 w + b; h = relu u; y = mul a h; r = y - 1; f = square r; outputs f; point 1 -2 3"
    )
    assert made.inputs == ("layers[0].weight[0][0]", "layers[0].bias[0]", "layers[1].weight[0][0]")
    members = [{piece.jacobian for piece in sh.lexicographic_subgradients(p).pieces} for p in (made, by_hand)]
    assert members[0] == members[1] == {rationals((0, 0, 0)), rationals((-12, -6, 0))}
    result = sh.check(made)
    assert (result.verdict, result.statement, result.kink_names) == ("distinct", "clarke", ("layers[0][0]",))
    # Where the residual is 0 the loss is differentiable although its net is not.
    result = sh.check(sh.loss_program(net, [[2]], [0], loss="squared"))
    assert (result.verdict, result.statement, result.certified) == ("unique", "lexicographic", True)


def test_what_is_differentiated() -> None:
    net = random_net(1)

    def inputs(wrt: Any, data: Any = DATA[:1]) -> tuple[str, ...]:
        return sh.loss_program(net, data, wrt=wrt).inputs

    biases = [f"layers[1].bias[{unit}]" for unit in range(3)]
    assert len(inputs("parameters")) == 6 + 3 + 9 + 6 + 2 and biases[0] not in inputs("parameters")
    assert inputs("layers[1].bias") == tuple(biases)
    assert inputs(["x1", "layers[1].bias[2]"]) == ("layers[1].bias[2]", "x1")
    assert inputs("inputs", DATA) == tuple(f"data[{k}].x{i}" for k in range(3) for i in range(2))
    assert len(inputs(["inputs", "layers[0]"])) == 2 + 9
    graph = sh.loss_program(Program.from_text("inputs x; u = 2 x - 1; v = abs u; f = v + x; outputs f"), [[3]])
    assert graph.inputs == ("u.coefficients[0]", "u.bias", "f.coefficients[0]", "f.coefficients[1]")
    assert sh.gradient(graph).gradient == rationals((3, 1, 5, 3))
    at_inputs = sh.loss_program(net, DATA[:1], wrt="inputs")
    assert sh.gradient(at_inputs).gradient == sh.gradient(net, point=DATA[0]).gradient
    assert localise(sh.loss_program(net, wrt="layers[2].weight", inputs=DATA)).net.kinks == ()


def test_losses_with_labels_and_outer_functions() -> None:
    net = random_net(2, outputs=3)
    margin = sh.loss_program(net, DATA, [0, 2, 1], loss="margin", reduction="none")
    point = dict(zip(margin.inputs, margin.point, strict=True))
    for found, x, label in zip(value(margin), DATA, [0, 2, 1], strict=True):
        y = plain(net, point, list(map(Fraction, x)))
        assert found == sum(max(1 + y[k] - y[label], 0) for k in range(3) if k != label)
    entropy = sh.loss_program(net, DATA, [0, 2, 1], loss="cross_entropy")
    before = before_outer(entropy)
    assert len(before.outer) == 12 and "(log)" in before.outer[3]
    logits = sh.loss_program(net, DATA)
    assert value(before.program) == value(logits)
    result = sh.check(entropy)
    assert result.verdict == "unique" and result.outer == before.outer and result.digest == before.program.digest
    assert result.certificate is not None
    verified = sh.verify(entropy, result.certificate)
    assert verified and verified.outer == before.outer and "of the program before" in repr(verified)
    with pytest.raises(sh.NetError, match="exp is not piecewise linear"):
        sh.gradient(entropy)
    logistic = before_outer(sh.loss_program(random_net(0, 1), DATA, [0, 1, 1], loss="logistic"))
    assert [name.split()[1] for name in logistic.outer] == ["(softplus)"] * 3


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("l = log x; outputs l; point 0", "l: log of what is not known to be positive"),
        ("e = exp x; t = e - 2; s = sqrt t; outputs s", "s: sqrt of what is not known to be positive"),
        ("n = norm x x; outputs n; point 0", "n: norm of what is not known to be different from zero"),
        ("e = elu(2) x; outputs e; point 0", "e: elu of what is not known to be different from zero"),
        ("e = exp x; d = e - 1; q = div e d; outputs q", "q: div of what is not known to be different from zero"),
        ("e = exp x; m = max e x; outputs m", "m: max of what is irrational is not decided"),
        ("e = tanh x; s = sign e x; outputs s", "s: sign of what is irrational is not decided"),
    ],
)
def test_outer_functions_that_are_not_smooth_are_refused(lines: str, why: str) -> None:
    with pytest.raises(sh.NetError, match=why):
        sh.check(Program.from_text(f"inputs x; {lines}"))


def test_outer_functions_of_every_kind() -> None:
    program = Program.from_text(
        "inputs x y; a = abs x; s = 2 a + 1; l = log s; e = exp y; r = sqrt e; n = norm x s; u = elu(1) x;"
        "k = elu(2) s; t = tanh a; g = sigmoid a; p = softplus a; q = mul p g; v = power(-2) q; w = div v t;"
        "outputs w l r n u k a"
    )
    with pytest.raises(sh.NetError, match="w: div of what is not known"):
        sh.check(program)
    fine = Program.from_text(program.to_text().replace("w = div v t", "w = div t v"))
    before = before_outer(fine)
    assert len(before.outer) == 9 and before.program.output_count == 4  # a, s, y, x
    assert sh.check(fine).verdict == "distinct"
    assert sh.check(Program.from_text("inputs x; f = exp x; outputs f")).verdict == "unique"


@pytest.mark.parametrize(
    "lines",
    ["r = relu x; e = exp r", "r = relu x; e = exp r; g = sign e x", "l = log x", "e = exp x; r = max e x; s = relu r"],
)
def test_irrational_nodes_that_no_output_rests_on_say_nothing(lines: str) -> None:
    result = sh.check(Program.from_text(f"inputs x; {lines}; f = 2 x; outputs f"))
    assert result.verdict == "unique" and result.subgradients == (rationals((2,)),)
    kinked = sh.check(Program.from_text(f"inputs x; {lines}; a = abs x; f = tanh a; outputs f"))
    assert kinked.verdict == "distinct" and kinked.subgradients is not None
    assert {gradient for ((gradient,),) in kinked.subgradients} == {-1, 1}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("q = power(-1) x", "q: power divides by zero at the point"),
        ("o = x + 1; q = div o x", "q: div divides by zero at the point"),
        ("o = x + 3; q = power(100000000) o", "q: the numbers grow too long"),
        ("o = x + 3; p = power(400000) o; r = square p; q = r + 1", "r: the numbers grow too long"),
    ],
)
def test_constants_that_are_no_numbers_or_too_long_are_refused(lines: str, why: str) -> None:
    net = Program.from_text(f"inputs x; {lines}; f = 2 q; outputs f")
    with pytest.raises(sh.NetError, match=why):
        sh.loss_program(net, [[0]], [1], loss="squared", wrt="f.coefficients")


def test_data_that_do_not_fit() -> None:
    net = random_net(0)
    for arguments, message in (
        (([[1, 2, 3]],), "inputs[0]: 3 entries, expected 2"),
        (([],), "inputs: empty; give at least one data point"),
        ((DATA, TARGETS[:2]), "targets: 2 entries, expected 3, one a data point"),
        ((DATA, [[1], [2], [3]]), "targets[0]: 1 entry, expected 2"),
        ((DATA, [["a", 1], [2, 2], [3, 3]]), "targets[0][0]"),
    ):
        with pytest.raises(sh.PointError) as caught:
            sh.loss_program(net, *arguments, loss="squared" if len(arguments) > 1 else None)
        assert str(caught.value).startswith(message)
    for options, message in (
        ({"loss": "cubed"}, "loss: unknown loss 'cubed'"),
        ({"wrt": "x7"}, "wrt: 'x7' is neither an input nor a parameter"),
        ({"wrt": []}, "wrt: empty"),
        ({"loss": "squared", "targets": None}, "loss: targets and a loss go together"),
        ({"loss": None}, "targets: targets and a loss go together"),
        ({"loss": "squared", "reduction": "max"}, "reduction: "),
        ({"loss": "huber", "delta": 0}, "delta: 0 is not positive"),
    ):
        with pytest.raises(sh.ParameterError) as found:
            sh.loss_program(net, DATA, **{"targets": TARGETS, "loss": "squared", **options})  # type: ignore[arg-type]
        assert str(found.value).startswith(message)
    with pytest.raises(sh.PointError, match=r"targets\[1\]: 2 is not the number of an output, from 0 to 1"):
        sh.loss_program(net, DATA, [0, 2, 1], loss="margin")


def test_the_commands(run: Command, tmp_path: Path) -> None:
    net, data, made, proof = (tmp_path / name for name in ("net.json", "data.json", "made.json", "proof.json"))
    program = Program.from_layers([[[1, -1], [1, 2]], [[1, 2], [3, -1]]], [[0, 1], None])
    net.write_text(sh.dumps(program), encoding="utf-8")
    data.write_text(json.dumps({"inputs": [[1, 1], [2, 0.5]], "targets": [[1, 0], [0, "1/3"]]}), encoding="utf-8")
    options = ("--wrt", "parameters", "--loss", "squared", "--data", str(data))
    ran = run("check", net, *options, "--json")
    assert ran.json["verdict"] == "distinct" and ran.json["kink_names"] == ["data[0].layers[0][0]"]
    assert run("convert", net, *options, "-o", made).status == 0
    assert sh.load(made) == sh.loss_program(program, [[1, 1], [2, 0.5]], [[1, 0], [0, "1/3"]], loss="squared")
    assert run("check", made, "--certificate", proof).status == 0 and run("verify", made, proof).status == 0
    assert "data[0].layers[0][0]" in run("gradient", net, *options).out
    assert (
        run("info", net, "--wrt", "layers[1].weight", "--data", data, "--json").json["inputs"][0].startswith("layers")
    )
    for wrong, message in (
        (("--loss", "cubed", "--data", data), "loss: unknown loss"),
        (("--loss", "squared"), "loss: targets and a loss go together"),
        (("--reduction", "sum", "--data", data), "--reduction: is that of a loss"),
        (("--data", data, "--point", "1,2"), "--point: contradicts"),
        (("--data", tmp_path / "none.json"), "none.json: cannot be read"),
        (("--wrt", "layers[1].weight[9][9]"), "wrt: 'layers[1].weight[9][9]'"),
    ):
        ran = run("check", net, *wrong)
        assert (ran.status, ran.out) == (2, "") and message in ran.err and ran.err.count("\n") == 1
    data.write_text('{"inputs": [[1]], "labels": 3}', encoding="utf-8")
    ran = run("check", net, "--data", data)
    assert ran.status == 2 and f'{data}: unknown key "labels"' in ran.err
    data.write_text('{"inputs": [[1, true]]}', encoding="utf-8")
    assert f"{data}: inputs[0][1]: true, expected a number" in run("check", net, "--data", data).err


def test_the_command_names_all_losses() -> None:
    assert tuple(LOSSES) == LOSS_NAMES


def test_against_torch() -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    losses = {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": functional.huber_loss,
        "margin": functional.multi_margin_loss,
    }
    for seed, (name, loss) in enumerate(losses.items()):
        net = random_net(seed)
        targets: list[Any] = [0, 1, 1] if LOSSES[name].labels else TARGETS
        program = sh.loss_program(net, DATA, targets, loss=name)
        parameters = {
            key: torch.tensor(float(number), dtype=torch.float64, requires_grad=True)
            for key, number in zip(program.inputs, program.point, strict=True)
        }
        outputs = torch.stack(
            [torch.stack(plain(net, parameters, [float(Fraction(entry)) for entry in x])) for x in DATA]
        )
        wanted = torch.tensor(targets, dtype=torch.long if LOSSES[name].labels else torch.float64)
        loss(outputs, wanted).backward()
        for key, slope in zip(program.inputs, sh.gradient(program).gradient[0], strict=True):
            assert math.isclose(float(parameters[key].grad), float(slope), rel_tol=1e-9, abs_tol=1e-12), (name, key)
