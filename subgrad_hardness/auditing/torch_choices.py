"""How the installed torch differentiates one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Torch:
    """``auditing.choices.Framework`` of torch's tensors."""

    name = "torch"
    place = "<torch module>"

    def version(self) -> str:
        """That of what is installed."""
        import torch

        return str(torch.__version__)

    def entries(self, array: Any) -> list[float]:
        """In row-major order."""
        entries: list[float] = array.detach().double().reshape(-1).tolist()
        return entries

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """One backward pass of the sum."""
        import torch

        shape = compute(*arrays).shape
        leaves = [tensor.detach().expand(shape).clone().requires_grad_() for tensor in arrays]
        made = torch.autograd.grad(compute(*leaves).sum(), leaves, allow_unused=True)
        return [
            (self.entries(leaf), [0.0] * leaf.numel() if grad is None else self.entries(grad))
            for leaf, grad in zip(leaves, made, strict=True)
        ]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Callable[[int], list[float]]]:
        """One forward pass; a backward pass an entry."""
        import torch

        leaf = array.detach().clone().requires_grad_()
        out = compute(leaf).reshape(-1)

        def gradient(index: int) -> list[float]:
            (grad,) = torch.autograd.grad(out[index], leaf, retain_graph=True)
            return self.entries(grad)

        return self.entries(leaf), gradient
