"""How the installed jax differentiates one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class Jax:
    """``auditing.choices.Framework`` of jax's arrays."""

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """One backward pass with ones."""
        import jax
        import jax.numpy as jnp

        shape = jax.eval_shape(compute, *arrays).shape
        wide = [jnp.broadcast_to(array, shape) for array in arrays]
        out, pull = jax.vjp(compute, *wide)
        return [(_flat(array), _flat(grad)) for array, grad in zip(wide, pull(jnp.ones_like(out)), strict=True)]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Callable[[int], list[float]]]:
        """One forward pass; a backward pass an entry."""
        import jax
        import jax.numpy as jnp

        out, pull = jax.vjp(compute, array)

        def gradient(index: int) -> list[float]:
            chosen = jnp.zeros(out.size, out.dtype).at[index].set(1).reshape(out.shape)
            (grad,) = pull(chosen)
            return _flat(grad)

        return _flat(array), gradient


def _flat(array: Any) -> list[float]:
    entries: list[float] = np.asarray(array).astype(np.float64).reshape(-1).tolist()
    return entries
