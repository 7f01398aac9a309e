"""torch modules: the import beside torch's own values, what is refused, and audits of what torch returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.expanding import expanded
from subgrad_hardness.models.torch_module import read_module
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.testing import assert_subgradient

torch: Any = pytest.importorskip("torch", reason="torch is not installed: modules are not imported")
nn, functional = torch.nn, torch.nn.functional


class Function(torch.nn.Module):  # type: ignore[misc]
    """A function as a module."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        """function(x)"""
        return self.function(x)


def module(function: Callable[[Any], Any]) -> Any:
    return Function(function).eval()


def smaller(a: Any, b: Any) -> Any:
    return torch.where(a < b, a, b)


def image() -> Any:
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Hardtanh()]
    layers += [nn.AvgPool2d(2), nn.Flatten(), nn.Dropout(), nn.Linear(2, 3)]
    return nn.Sequential(*layers).eval()


LINE = torch.tensor([2.0, 3.0, -5.0], dtype=torch.float64)
VALUES: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "moves": (lambda x: torch.cat([x[:, 1:], x[:, :1]], 1).reshape(2, 2).t().flip(0) * 2 - 1, (1, 4)),
    "pads": (lambda x: functional.pad(x, (1, 2), value=3.0) + functional.pad(x, (1, 2), mode="reflect"), (1, 4)),
    "splits": (lambda x: x.chunk(2, 1)[0] - x.split(2, 1)[1] / 3, (1, 4)),
    "reductions": (lambda x: x.sum(1) + x.mean() + x.amax() - x.min(), (2, 3)),
    "clips": (lambda x: torch.clamp(x, min=-0.5) + functional.relu6(3 * x) + functional.hardsigmoid(x), (1, 4)),
    "slopes": (lambda x: functional.leaky_relu(x, 0.3) + functional.prelu(x, torch.full((1,), 0.2).double()), (1, 4)),
    "no bound": (lambda x: torch.clamp(x, torch.full((4,), -torch.inf).double()) / 2, (1, 4)),
    "choices": (lambda x: smaller(x, 2 * x) + torch.where(x > 0.1, x, 0.1), (1, 4)),
    "pairs": (lambda x: torch.maximum(x, -x) + torch.min(x, x.flip(1)) + torch.rsub(x, 1, alpha=2), (1, 4)),
    "pools": (lambda x: functional.max_pool2d(x, 3, 2, 1) + functional.adaptive_avg_pool2d(x, 2), (1, 1, 4, 4)),
    "vectors": (lambda x: x @ x.relu() + x.flip(0) @ LINE + torch.dot(LINE, x) + torch.stack([x[0], x[2]]) + 1, (3,)),
    "one entry": (lambda x: functional.prelu(x.abs() - x, torch.full((1,), 0.2).double()) + x.clamp(0, 1), ()),
    "transposed": (lambda x: functional.conv_transpose2d(x, torch.ones(1, 2, 2, 2).double(), stride=2), (1, 1, 2, 2)),
}


@pytest.mark.parametrize("name", [*VALUES, "image"])
def test_values_are_those_of_torch(name: str) -> None:
    function, shape = VALUES.get(name, (None, (1, 1, 4, 4)))
    net = image().double() if function is None else module(function)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    read = read_module(net, x)
    exact = value(expanded(read.program, read.output, name), x.reshape(-1).tolist())
    found = net(x).detach().reshape(-1).tolist()
    assert max(abs(float(left) - right) for left, right in zip(exact, found, strict=True)) < 1e-13


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (torch.sigmoid, "sigmoid: is not piecewise linear; ask about one output"),
        (lambda x: x / x, "div: the divisor depends"),
        (lambda x: x**3, "only squares"),
        (lambda x: torch.clamp(x, 0 * x, 2 * x), "there are two"),
        (lambda x: torch.where(x > 0, x + 1, x), "where: jumps"),
        (lambda x: x.max(1)[1].float(), "jumps where a comparison changes"),
        (lambda x: x - x.detach(), "detach: stops gradients"),
        (lambda x: x.double(), "changes the type"),
        (lambda x: x.sum(dtype=torch.float64), "changes the type"),
        (lambda x: x * torch.inf, "not finite"),
        (lambda x: x + x.clone().relu_() + x.relu_(), "overwrites"),
    ],
)
def test_what_is_refused_is_named(function: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(NetError, match=words):
        read_module(module(function), torch.zeros(1, 2))


def test_bounds_that_are_infinite_in_some_entries_only_are_not_dropped() -> None:
    read = read_module(module(lambda x: torch.clamp(x, torch.tensor([-torch.inf, 0.0]))), torch.zeros(2))
    with pytest.raises(NetError, match="not finite"):
        expanded(read.program, read.output, "clamp")


def test_a_process_that_flushes_small_numbers_is_refused() -> None:
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor cannot")
    try:
        with pytest.raises(NetError, match="below the least normal"):
            read_module(nn.ReLU().eval(), torch.zeros(1))
    finally:
        torch.set_flush_denormal(False)
    read_module(nn.ReLU().eval(), torch.zeros(1))


class Counting(torch.nn.Module):  # type: ignore[misc]
    """It keeps something of every call, in any mode."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Any) -> Any:
        """relu(x)"""
        self.calls.add_(1)
        return torch.relu(x)


def test_training_mode_is_refused_where_it_matters_and_nothing_is_changed() -> None:
    read_module(nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.BatchNorm1d(2).eval()), torch.zeros(1, 2))
    norm = nn.BatchNorm1d(2)
    for layer in (norm, nn.Dropout(), nn.BatchNorm1d(2, track_running_stats=False).eval()):
        with pytest.raises(NetError, match="eval"):
            sh.audit_torch(nn.Sequential(nn.ReLU(), layer), torch.ones(2, 2))
    assert norm.training and not norm.num_batches_tracked and not norm.running_mean.any()
    counting = Counting()
    with pytest.raises(NetError, match="overwrites"):
        sh.audit_torch(counting, torch.ones(1))
    assert not counting.calls.any()


LAYER = nn.Sequential(nn.Linear(3, 2), nn.ReLU())


@pytest.mark.parametrize(
    ("module", "x", "options", "words"),
    [
        ("net.pt", torch.zeros(1), {}, "module: a string"),
        (LAYER, None, {}, "x: None; a torch tensor"),
        (LAYER, [0.0, 0.0], {}, "x: a list; a torch tensor"),
        (LAYER, torch.zeros(3).numpy(), {}, "from_numpy"),
        (LAYER, (torch.zeros(3), 3), {}, r"x\[1\]: an integer"),
        (LAYER, torch.zeros(3, dtype=torch.int64), {}, "x: of the type int64"),
        (LAYER, torch.zeros(1, 5), {}, "cannot be called with x: mat1 and mat2"),
        (LAYER, torch.zeros(1, 3).double(), {}, "cannot be called with x: .*dtype"),
        (LAYER, torch.zeros(3), {"loss": "mse"}, "loss: a string; a function"),
        (LAYER, torch.zeros(3), {"loss": torch.sum, "wrt": "0.wieght"}, "parameter 0.wieght; there are 0.weight, 0.b"),
        (
            LAYER,
            torch.zeros(3),
            {"loss": lambda y: torch.softmax(y, 0)},
            r"module>: softmax: .*loss=lambda y: y\[0, k\]",
        ),
        (lambda x: torch.exp(torch.ones(1)) + torch.exp(x), torch.zeros(1), {}, "module>: node exp_1, exp: is no"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    module: Any, x: Any, options: dict[str, Any], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(sh.InputError, match=words):
        sh.audit_torch(module, x, **options)
    assert capfd.readouterr() == ("", "")


def test_what_torch_logs_where_it_refuses_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NetError, match=r"export refuses it: .*data-dependent"):
        sh.audit_torch(lambda x: x if x.sum() > 0 else -x, torch.zeros(2))
    assert capfd.readouterr() == ("", "")


def test_functions_of_tensors_losses_and_parameters_in_checks_of_gradients() -> None:
    assert sh.gradcheck(lambda x: torch.relu(x).sum(), torch.zeros(2))
    layer = LAYER
    found = assert_subgradient(layer, point=torch.ones(1, 3), loss=lambda y: y.sum(), wrt="0.bias", mode="forward")
    assert len(found.slopes) == 2 and found.audit.framework is not None and "forward" in found.audit.framework
    smooth = sh.gradcheck(nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)), torch.ones(1), wrt="parameters")
    assert smooth and {each.step for each in smooth.slopes} == {None}
    with pytest.raises(AssertionError, match="no Clarke subgradient"):
        assert_subgradient(lambda x: torch.relu(x) - torch.relu(-x), point=torch.zeros(1))


ZERO: tuple[tuple[Callable[[Any], Any], list[float]], ...] = (
    (lambda x: torch.relu(x) - torch.clamp(x, min=0), [0.0]),
    (lambda x: functional.relu6(x) - torch.clamp(x, 0, 6), [6.0]),
    (lambda x: functional.hardtanh(x) - torch.clamp(x, -1, 1), [-1.0]),
    (lambda x: torch.maximum(x, 0 * x) - torch.maximum(x, torch.maximum(x, 0 * x)), [0.0]),
    (lambda x: x.amax() - x.max(0)[0], [0.0, 0.0, 0.0]),
)


@pytest.mark.parametrize(("function", "point"), ZERO)
def test_functions_that_are_zero(function: Callable[[Any], Any], point: list[float]) -> None:
    """Whatever the installed torch does at these ties, it is explained, and judged for what it is: 0 or wrong."""
    found = sh.audit_torch(module(function), torch.tensor(point))
    assert found.explained is not None and found.explained.explains
    assert (found.verdict == "lexicographic") is not any(found.vector[0])


def test_parameters_of_one_layer() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).eval()
    x = torch.tensor([[1.0, -1.0]])
    assert sh.audit_torch(net, x, wrt="0.weight").explained.explains  # type: ignore[union-attr]
    with pytest.raises(sh.ParameterError, match="no parameter 9"):
        sh.audit_torch(net, x, wrt="9")


def to_ones(y: Any) -> Any:
    return functional.mse_loss(y, torch.ones_like(y))


@pytest.mark.parametrize("mode", ["backward", "forward"])
def test_parameters_of_all_layers(mode: str) -> None:
    """Products of layers, filters and a batch normalisation's weights, at the values that torch has."""
    net = image()
    x = torch.randn((1, 1, 4, 4), generator=torch.Generator().manual_seed(1))
    found = sh.audit_torch(
        net, x, wrt="parameters", loss=lambda y: functional.mse_loss(y, torch.ones_like(y)), mode=mode
    )
    assert found.explained is not None and found.explained.explains
    assert found.explained.bound is not None and max(found.explained.bound[0]) < 1
    assert (found.is_clarke, len(found.vector[0])) == (True, sum(p.numel() for p in net.parameters()))
    named = sh.audit_torch(net, x, wrt=["8.bias"], loss=lambda y: y.pow(2).sum(), mode=mode)
    assert named.explained is not None and named.explained.explains and len(named.vector[0]) == 3


#: Functions of one argument, a tie of two, and what is known of both modes: nothing but that it is found.
DISAGREE: tuple[tuple[Callable[[Any], Any], str], ...] = (
    (lambda x: torch.fmax(x, 2 * x), "fmax"),
    (lambda x: torch.clamp(x, min=2 * x), "clamp.Tensor"),
    (lambda x: torch.clamp(2 * x, max=x), "clamp.Tensor"),
    (lambda x: functional.prelu(x, torch.full((1,), 0.25)), "prelu"),
    (lambda x: functional.max_pool1d(torch.cat([x, 2 * x])[None, None], 2)[0, 0], "max_pool1d"),
)


@pytest.mark.parametrize(("function", "operation"), DISAGREE)
def test_each_mode_is_asked_for_itself(function: Callable[[Any], Any], operation: str) -> None:
    for mode in ("backward", "forward"):
        found = sh.audit_torch(module(function), torch.zeros(1), mode=mode)
        x = torch.zeros(1, requires_grad=True)
        returned = (
            torch.autograd.grad(function(x).sum(), x)[0]
            if mode == "backward"
            else torch.func.jvp(function, (torch.zeros(1),), (torch.ones(1),))[1]
        )
        assert [float(entry) for entry in found.vector[0]] == returned.tolist()
        assert found.explained is not None and found.explained.explains and operation in found.operations
        assert found.framework is not None and found.framework.endswith("forward mode") is (mode == "forward")
    with pytest.raises(sh.ParameterError, match="mode"):
        sh.audit_torch(module(function), torch.zeros(1), mode="sideways")


def test_a_loss_and_gradcheck() -> None:
    net = image()
    found = sh.audit_torch(net, torch.zeros(1, 1, 4, 4), loss=lambda y: (y - 1).abs().sum())
    assert found.explained is not None and found.explained.explains and found.precision == "float32"
    assert not sh.gradcheck(module(lambda x: torch.relu(x) - torch.relu(-x)), torch.zeros(1))
