"""Functions and modules of PyTorch: values, gradients and counts, where PyTorch is installed."""

from __future__ import annotations

from typing import Any

import pytest

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.nets import layered_cost
from subgrad_hardness.cost_model.torch_functions import from_torch
from subgrad_hardness.cost_model.weights import Weights

torch = pytest.importorskip("torch")


def check(function: Any, *arguments: Any, rel: float = 1e-5) -> Any:
    """The program, whose value and gradient are PyTorch's."""
    program = from_torch(function, *arguments)
    given = [torch.as_tensor(argument).clone().requires_grad_() for argument in arguments]
    value = function(*given)
    value.backward()
    found, *gradient = backward(program).run(program.point)
    assert found == pytest.approx(float(value), rel=rel)
    assert gradient == pytest.approx([float(x) for each in given for x in each.grad.ravel()], rel=rel, abs=1e-6)
    return program


def test_small_programs_have_their_counts() -> None:
    program = check(lambda a, b, c: a * (b + c), *map(torch.tensor, (2.0, 3.0, 5.0)))
    counted = [Weights().cost(each.counts) for each in (program, backward(program, at=program.point))]
    assert counted == [2, 2]


def test_a_module_in_its_inputs_and_in_its_parameters() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4, bias=False), torch.nn.ReLU(), torch.nn.Linear(4, 1, bias=False))
    with torch.no_grad():
        for each in net.parameters():
            each.copy_(each.abs() + 0.1)
    x = torch.tensor([[1.0, 2.0, 3.0]])
    program = from_torch(net, x)
    counted = tuple(Weights().cost(each.counts) for each in (program, backward(program, at=program.point)))
    assert counted == tuple(layered_cost([3, 4, 1]))
    both = from_torch(net, x, parameters=True)
    assert len(both.inputs) == 3 + 12 + 4 and both.run() == pytest.approx([float(net(x))], rel=1e-6)
    assert Weights().cost(backward(both, at=both.point).counts) == layered_cost([3, 4, 1], 1, "both").backward


def test_many_operations() -> None:
    functional = torch.nn.functional

    def function(x: Any, y: Any) -> Any:
        values, _ = torch.sort(x)
        smooth = torch.where(x > 0.2, x**2, torch.tanh(x)).sum() / x.max() + torch.sqrt(x @ x) + torch.logsumexp(x, 0)
        kinks = functional.elu(y)[1] + torch.clamp(y, -1, 1).sum() + x.abs().amax()
        kinks = kinks + functional.leaky_relu(y, 0.3).sum() + torch.maximum(x, y).prod()
        rest = functional.softplus(y).mean() + values[0] * values[-1] + torch.linalg.norm(y)
        moved = torch.cat([x, y]).reshape(2, 3).t().unsqueeze(0).squeeze()
        return smooth + kinks + rest + moved[1, 0] * torch.sigmoid(y)[2]

    check(function, torch.tensor([0.5, -1.0, 2.0]), torch.tensor([-0.3, 0.7, 1.9]))


def test_kinks_have_the_slopes_of_the_dictionary() -> None:
    program = from_torch(lambda x: torch.relu(x).sum() + torch.abs(x).sum(), torch.zeros(3))
    assert backward(program).run(program.point) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (torch.sin, "the operation sin of PyTorch is not known"),
        (lambda x: x if x.sum() > 0 else -x, "torch.export: "),
        (lambda x: torch.sort(x)[1] * x, "indices of PyTorch are not traced"),
    ],
)
def test_what_is_not_known_is_refused(function: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        from_torch(function, torch.tensor([1.0, 2.0]))
