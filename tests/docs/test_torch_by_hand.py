"""The PyTorch snippet of docs/python.md builds the model's function, or refuses; with classes in place of torch's."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest
from support.paths import ROOT

import subgrad_hardness as sh

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")

Vector = list[Fraction]


class Tensor:
    """As much of a tensor as the snippet uses."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def tolist(self) -> Any:
        return self.values

    def flatten(self) -> Tensor:
        rows = self.values
        while rows and isinstance(rows[0], list):
            rows = [entry for row in rows for entry in row]
        return Tensor(rows)

    def numel(self) -> int:
        return len(self.flatten().values)


class Module:
    """A module without hooks; each kind computes exactly what torch's does."""

    def __init__(self) -> None:
        self._forward_hooks: dict[int, object] = {}
        self._forward_pre_hooks: dict[int, object] = {}

    def apply(self, x: Vector) -> Vector:
        return x


class Sequential(Module):
    def __init__(self, *modules: Module) -> None:
        super().__init__()
        self.children = modules

    def __iter__(self) -> Iterator[Module]:
        return iter(self.children)

    def apply(self, x: Vector) -> Vector:
        for module in self.children:
            x = module.apply(x)
        return x


class Linear(Module):
    def __init__(self, weight: list[list[float]], bias: list[float] | None) -> None:
        super().__init__()
        self.weight = Tensor(weight)
        self.bias = None if bias is None else Tensor(bias)
        self.out_features = len(weight)

    def apply(self, x: Vector) -> Vector:
        shifts = [0.0] * self.out_features if self.bias is None else self.bias.values
        return [
            sum((Fraction(w) * entry for w, entry in zip(row, x, strict=True)), Fraction(shift))
            for row, shift in zip(self.weight.values, shifts, strict=True)
        ]


class ReLU(Module):
    def apply(self, x: Vector) -> Vector:
        return [max(entry, Fraction(0)) for entry in x]


class LeakyReLU(Module):
    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def apply(self, x: Vector) -> Vector:
        return [entry if entry > 0 else Fraction(self.negative_slope) * entry for entry in x]


class Identity(Module):
    pass


class Flatten(Module):
    pass


class Tanh(Module):
    pass


class Dropout(Module):
    pass


class Doubled(Linear):
    """A subclass that computes something else."""

    def apply(self, x: Vector) -> Vector:
        return [2 * entry for entry in super().apply(x)]


@pytest.fixture(scope="module")
def program_at() -> Iterator[Callable[[Module, Tensor], sh.Program]]:
    """The function of the page, from the page."""
    torch = ModuleType("torch")
    torch.nn = ModuleType("torch.nn")  # type: ignore[attr-defined]
    for kind in (Sequential, Linear, ReLU, LeakyReLU, Identity, Flatten, Tanh, Dropout):
        setattr(torch.nn, kind.__name__, kind)
    (snippet,) = re.findall(r"```python\n(import torch\n.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, Any] = {"sh": sh, "model": Sequential(linear()), "x": Tensor([0.0, 0.0])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "torch", torch)
        exec(compile(snippet, "python.md", "exec"), names)
        assert names["result"].verdict == "unique"
        yield names["program_at"]


def linear(rows: int = 3, columns: int = 2, seed: int = 0, *, bias: bool = True) -> Linear:
    source = random.Random(seed)
    weight = [[source.choice([-1.5, -0.1, 0.5, 2.0, 0.0]) for _ in range(columns)] for _ in range(rows)]
    return Linear(weight, [source.choice([-0.5, 0.0, 0.3]) for _ in range(rows)] if bias else None)


SHARED = ReLU()

MODELS: dict[str, Module] = {
    "linear alone": Sequential(linear()),
    "no Sequential": linear(),
    "usual": Sequential(linear(), ReLU(), linear(1, 3)),
    "trailing relu": Sequential(linear(), ReLU(), linear(2, 3), ReLU()),
    "adjacent linears": Sequential(linear(), linear(2, 3, 1), ReLU(), linear(2, 2, 2), linear(1, 2, 3)),
    "without bias": Sequential(linear(bias=False), ReLU(), linear(1, 3, bias=False)),
    "leaky": Sequential(linear(), LeakyReLU(0.25), linear(2, 3), LeakyReLU()),
    "two slopes": Sequential(linear(), LeakyReLU(0.5), linear(2, 3), LeakyReLU(-1.0)),
    "activation first": Sequential(ReLU(), linear()),
    "two activations": Sequential(linear(), LeakyReLU(0.5), ReLU(), linear(1, 3)),
    "the same relu twice": Sequential(linear(), SHARED, linear(2, 3), SHARED),
    "nested": Sequential(Flatten(), Sequential(linear(), Identity()), Sequential(ReLU(), Sequential(linear(2, 3)))),
    "relu alone": ReLU(),
}


@pytest.mark.parametrize("name", MODELS)
def test_it_is_the_models_function(name: str, program_at: Callable[[Module, Tensor], sh.Program]) -> None:
    model, source = MODELS[name], random.Random(name)
    for _ in range(12):
        point = [source.choice([-2.0, -0.1, 0.0, 0.5, 3.0]) for _ in range(2)]
        program = program_at(model, Tensor(point))
        assert program.point == tuple(map(Fraction, point))
        assert list(sh.value(program)) == model.apply([Fraction(entry) for entry in point])


def hooked() -> Module:
    module = linear()
    module._forward_pre_hooks[0] = print
    return module


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Sequential(linear(), Tanh(), linear(1, 3)), "Tanh is not translated"),
        (Sequential(linear(), Dropout()), "Dropout is not translated"),
        (Sequential(Doubled([[1.0, 2.0]], None)), "Doubled is not translated"),
        (Sequential(Sequential(linear()), Sequential(Tanh())), "Tanh is not translated"),
        (Sequential(hooked(), ReLU()), "Linear has hooks"),
    ],
)
def test_it_refuses_what_it_does_not_know(
    model: Module, message: str, program_at: Callable[[Module, Tensor], sh.Program]
) -> None:
    with pytest.raises(TypeError, match=message):
        program_at(model, Tensor([0.0, 1.0]))


def test_shapes_that_do_not_fit_are_refused(program_at: Callable[[Module, Tensor], sh.Program]) -> None:
    with pytest.raises(sh.NetError, match="2 entries, expected 3"):
        program_at(Sequential(linear()), Tensor([0.0, 1.0, 2.0]))
    with pytest.raises(sh.NetError):
        program_at(Sequential(), Tensor([0.0]))
    image = Tensor([[0.5], [-1.0]])
    assert program_at(Sequential(Flatten(), linear()), image).point == (Fraction(1, 2), Fraction(-1))
