"""How the installed jax differentiates one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Jax:
    """``auditing.choices.Framework`` of jax's arrays."""

    name = "jax"
    place = "<jax function>"

    def version(self) -> str:
        """That of what is installed."""
        import jax

        return str(jax.__version__)

    def entries(self, array: Any) -> list[float]:
        """In row-major order."""
        import numpy as np

        entries: list[float] = np.asarray(array).astype(np.float64).reshape(-1).tolist()
        return entries

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """One backward pass with ones."""
        import jax
        import jax.numpy as jnp

        shape = jax.eval_shape(compute, *arrays).shape
        wide = [jnp.broadcast_to(array, shape) for array in arrays]
        out, pull = jax.vjp(compute, *wide)
        return [
            (self.entries(array), self.entries(grad))
            for array, grad in zip(wide, pull(jnp.ones_like(out)), strict=True)
        ]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Callable[[int], list[float]]]:
        """One forward pass; a backward pass an entry."""
        import jax
        import jax.numpy as jnp

        out, pull = jax.vjp(compute, array)

        def gradient(index: int) -> list[float]:
            chosen = jnp.zeros(out.size, out.dtype).at[index].set(1).reshape(out.shape)
            (grad,) = pull(chosen)
            return self.entries(grad)

        return self.entries(array), gradient
