"""How the installed torch differentiates one operation, backward and forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.auditing.frameworks import Shares
from subgrad_hardness.common.errors import NetError


class Torch:
    """``auditing.choices.Framework`` of torch's tensors."""

    name = "torch"
    place = "<torch module>"

    def __init__(self, mode: str = "backward") -> None:
        self.mode = mode

    def version(self) -> str:
        """That of what is installed."""
        import torch

        return str(torch.__version__)

    def entries(self, array: Any) -> list[float]:
        """In row-major order."""
        entries: list[float] = array.detach().double().reshape(-1).tolist()
        return entries

    def along(self, compute: Callable[..., Any], arrays: Sequence[Any], tangents: Sequence[Any]) -> Any:
        """The Jacobian-vector product of forward mode.  Raises NetError for an operation that has none."""
        import torch

        plain = tuple([array.detach() for array in arrays])
        try:
            return torch.func.jvp(compute, plain, tuple(tangents))[1]
        except (NotImplementedError, RuntimeError) as problem:
            why = f"torch has no forward mode of it: {str(problem).splitlines()[0]}"
            raise NetError(why, file=self.place) from None

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """One backward pass of the sum; or a product with ones for each argument."""
        import torch

        shape = compute(*arrays).shape
        leaves = [tensor.detach().expand(shape).clone() for tensor in arrays]
        if self.mode == "forward":
            made = [
                self.along(compute, leaves, [torch.full_like(leaf, float(leaf is each)) for leaf in leaves])
                for each in leaves
            ]
        else:
            for leaf in leaves:
                leaf.requires_grad_()
            made = torch.autograd.grad(compute(*leaves).sum(), leaves, allow_unused=True)
        return [
            (self.entries(leaf), [0.0] * leaf.numel() if grad is None else self.entries(grad))
            for leaf, grad in zip(leaves, made, strict=True)
        ]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Shares]:
        """One forward pass and a backward pass an entry; or a product with a unit vector for each place."""
        import torch

        leaf = array.detach().clone()

        def shares_forward(index: int, places: Sequence[int]) -> list[float]:
            found = []
            for place in places:
                unit = torch.zeros_like(leaf)
                unit.reshape(-1)[place] = 1
                found.append(float(self.along(compute, [leaf], [unit]).reshape(-1)[index]))
            return found

        if self.mode == "forward":
            return self.entries(leaf), shares_forward
        leaf.requires_grad_()
        out = compute(leaf).reshape(-1)

        def shares(index: int, places: Sequence[int]) -> list[float]:
            (grad,) = torch.autograd.grad(out[index], leaf, retain_graph=True)
            flat = self.entries(grad)
            return [flat[place] for place in places]

        return self.entries(leaf), shares
