"""Small nets trained by torch on data that scikit-learn ships."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

DATA = ("digits", "breast cancer", "wine")
#: As they are (standardised, or pixels / 16); rounded to halves, and the trained weights to quarters; zeros and ones.
INPUTS = ("full", "quantised", "binary")
NETS = (
    "dense",
    "dense, batch norm",
    "convolution, relu, max-pooling",
    "convolution, batch norm, relu, max-pooling",
    "convolution, max-pooling, relu",
)
_HIDDEN, _FILTERS, _EPOCHS = 8, 2, 20


class Setting(NamedTuple):
    """What is trained on what."""

    data: str
    inputs: str
    net: str
    biases: bool

    def __str__(self) -> str:
        return f"{self.data}; {self.inputs}; {self.net}; {'with' if self.biases else 'without'} biases"


class Trained(NamedTuple):
    """A net in evaluation mode, the points that it was not trained on, and its share of right answers on these."""

    module: Any
    points: Any
    right: float


def settings() -> list[Setting]:
    """All that make sense: convolutions see images only."""
    every = [Setting(*each) for each in product(DATA, INPUTS, NETS, (True, False))]
    return [each for each in every if each.data == "digits" or "convolution" not in each.net]


def trained(setting: Setting, seed: int) -> Trained:
    """Adam on four fifths of the data, by cross-entropy; the same net for the same seed and versions."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    x, labels, classes = _data(setting)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    count = len(x) * 4 // 5
    known, rest = order[:count], order[count:]
    module = _net(setting, x.shape[1:], classes)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(_EPOCHS):
        for batch in known[torch.randperm(count)].split(32):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(module(x[batch]), labels[batch]).backward()
            optimiser.step()
    module.eval()
    with torch.no_grad():
        if setting.inputs == "quantised":
            for parameter in module.parameters():
                parameter.copy_(torch.round(parameter * 4) / 4)
        right = float((module(x[rest]).argmax(1) == labels[rest]).float().mean())
    return Trained(module, x[rest], right)


def _data(setting: Setting) -> tuple[Any, Any, int]:
    import torch
    from sklearn import datasets

    load = {"digits": datasets.load_digits, "breast cancer": datasets.load_breast_cancer, "wine": datasets.load_wine}
    data = load[setting.data]()
    x = torch.tensor(data.data, dtype=torch.float32)
    x = x / 16 if setting.data == "digits" else (x - x.mean(0)) / x.std(0)
    if setting.inputs == "quantised":
        x = torch.round(x * 2) / 2
    elif setting.inputs == "binary":
        x = (x > (0.5 if setting.data == "digits" else 0)).to(torch.float32)
    if "convolution" in setting.net:
        x = x.reshape(-1, 1, 8, 8)
    return x, torch.tensor(data.target), len(data.target_names)


def _net(setting: Setting, shape: Any, classes: int) -> Any:
    from torch import nn

    bias, layers = setting.biases, list[Any]()
    if "convolution" in setting.net:
        layers.append(nn.Conv2d(1, _FILTERS, 3, padding=1, bias=bias))
        layers += [nn.BatchNorm2d(_FILTERS)] if "batch norm" in setting.net else []
        last = [nn.ReLU(), nn.MaxPool2d(2)]
        if setting.net.endswith("relu"):
            last.reverse()
        return nn.Sequential(*layers, *last, nn.Flatten(), nn.Linear(16 * _FILTERS, classes, bias=bias))
    layers.append(nn.Linear(shape[0], _HIDDEN, bias=bias))
    layers += [nn.BatchNorm1d(_HIDDEN)] if "batch norm" in setting.net else []
    return nn.Sequential(*layers, nn.ReLU(), nn.Linear(_HIDDEN, classes, bias=bias))
