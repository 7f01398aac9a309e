"""Trained nets and real images at which torch's gradient is proved to be no Clarke subgradient.

Trains small convolutional nets without biases on scikit-learn's 8 x 8 digits, of whose pixels about half are exactly 0:
there zero patches put many units at a kink.  The gradient of each logit by the pixels, as torch returns it, is audited.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Any

import subgrad_hardness as sh

TRAINED_ON = 1400


def trained(kind: str, filters: int, seed: int, epochs: int) -> tuple[Any, Any, Any]:
    """The net, all images and all labels; plain stochastic gradient descent."""
    import torch
    from sklearn.datasets import load_digits
    from torch import nn

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    data = load_digits()
    images = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1)
    labels = torch.tensor(data.target)
    convolution, last = nn.Conv2d(1, filters, 3, padding=1, bias=False), nn.Linear(16 * filters, 10)
    layers = {
        "pool-relu": [convolution, nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), last],
        "bn-relu-pool": [convolution, nn.BatchNorm2d(filters), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), last],
        "conv-conv": [
            *[nn.Conv2d(1, filters, 3, bias=False), nn.ReLU(), nn.Conv2d(filters, filters, 3, bias=False), nn.ReLU()],
            *[nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * filters, 10)],
        ],
    }[kind]
    module = nn.Sequential(*layers)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.01)
    for _ in range(epochs):
        for batch in torch.randperm(TRAINED_ON).split(32):
            optimiser.zero_grad()
            nn.functional.cross_entropy(module(images[batch]), labels[batch]).backward()
            optimiser.step()
    return module.eval(), images, labels


def save(module: Any, image: Any, folder: Path) -> None:
    """``digit.onnx``, the top logit at an image, operator by operator; ``digit.npy`` and ``gradient.npy`` beside it."""
    import numpy as np
    import onnx
    import torch
    from onnx import TensorProto, helper, numpy_helper

    convolution, last = module[0], module[-1]
    x = image.unsqueeze(0).requires_grad_()
    logits = module(x)
    top = int(logits.argmax())
    (gradient,) = torch.autograd.grad(logits[0, top], x)
    arrays = {"filters": convolution.weight, "weight": last.weight[top : top + 1], "bias": last.bias[top : top + 1]}
    nodes = [
        helper.make_node("Conv", ["image", "filters"], ["conv"], "conv", pads=[1, 1, 1, 1]),
        helper.make_node("MaxPool", ["conv"], ["pool"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Relu", ["pool"], ["relu"], "relu"),
        helper.make_node("Flatten", ["relu"], ["flat"], "flat"),
        helper.make_node("Gemm", ["flat", "weight", "bias"], ["logit"], "logit", transB=1),
    ]
    graph = helper.make_graph(
        nodes,
        f"logit of {top}",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("logit", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(array.detach().numpy(), name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "digit.onnx")
    np.save(folder / "digit.npy", image.detach().numpy())
    np.save(folder / "gradient.npy", gradient[0].numpy())


def main() -> int:
    """Train, audit, and count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--net", default="pool-relu", choices=("pool-relu", "bn-relu-pool", "conv-conv"))
    parser.add_argument("--filters", type=int, default=3, help="of each convolution (default 3)")
    parser.add_argument("--seed", type=int, default=3, help="of the training (default 3)")
    parser.add_argument("--epochs", type=int, default=15, help="of the training (default 15)")
    parser.add_argument(
        "--first", type=int, default=1405, help="the first image (default 1405; 1400 is the first not trained on)"
    )
    parser.add_argument("--images", type=int, default=1, help="how many images (default 1)")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds for one logit (default 120)")
    parser.add_argument("--no-certify", action="store_true", help="decide alone: some seconds a logit")
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FOLDER",
        help="write the top logit, the first image and torch's gradient there, and stop (pool-relu)",
    )
    given = parser.parse_args()
    import torch

    module, images, labels = trained(given.net, given.filters, given.seed, given.epochs)
    with torch.no_grad():
        right = module(images[TRAINED_ON:]).argmax(1) == labels[TRAINED_ON:]
    share = float(right.float().mean())
    print(f"{given.net}, seed {given.seed}, torch {torch.__version__}: {share:.3f} of the rest are right")
    if given.save is not None:
        save(module, images[given.first], given.save)
        return 0
    tally: Counter[str] = Counter()
    open_at: Counter[int] = Counter()
    for number in range(given.first, given.first + given.images):
        x = images[number : number + 1]
        top = int(module(x).argmax())
        for logit in range(10):
            start = time.monotonic()
            try:
                found = sh.audit_torch(
                    module, x, loss=_Logit(logit), certify=not given.no_certify, time_limit=given.time_limit
                )
            except sh.LimitReached:
                open_at[number] += 1
                continue
            explained = found.explained
            tally[found.verdict] += 1
            open_at[number] += found.verdict == "unknown"
            tally["explained"] += explained is not None and explained.explains
            tally["branches part"] += explained is not None and bool(explained.parted)
            if found.verdict == "neither":
                print(f"  image {number}, logit {logit}: {found.verdict}", flush=True)
            if found.verdict == "conservative":
                which = "the top logit" if logit == top else f"logit {logit}"
                proof = "certified" if "clarke" in found.certificates else "NOT certified"
                kinks = 0 if explained is None else len(explained.kinks)
                seconds = time.monotonic() - start
                met = f"{kinks} nodes at a kink, {seconds:.1f} s"
                print(f"image {number}, {which}: NOT a Clarke subgradient, {proof}; {met}", flush=True)
    print(", ".join(f"{name}: {count}" for name, count in sorted(tally.items())))
    still = ", ".join(f"{count} of image {number}" for number, count in open_at.items() if count)
    print(f"not decided within the limit: {still or 'none'}")
    return 0


class _Logit:
    """One logit of a net's output."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, output: Any) -> Any:
        return output[0, self.number]


if __name__ == "__main__":
    main()
