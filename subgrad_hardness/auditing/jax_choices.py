"""How the installed jax differentiates one operation, backward and forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.auditing.frameworks import Shares


class Jax:
    """``auditing.choices.Framework`` of jax's arrays."""

    name = "jax"
    place = "<jax function>"

    def __init__(self, mode: str = "backward") -> None:
        self.mode = mode

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
        """One backward pass with ones; or a product with ones for each argument."""
        import jax
        import jax.numpy as jnp

        shape = jax.eval_shape(compute, *arrays).shape
        wide = [jnp.broadcast_to(array, shape) for array in arrays]
        if self.mode == "forward":
            made = [
                jax.jvp(compute, wide, [jnp.full_like(array, place == number) for place, array in enumerate(wide)])[1]
                for number in range(len(wide))
            ]
        else:
            out, pull = jax.vjp(compute, *wide)
            made = pull(jnp.ones_like(out))
        return [(self.entries(array), self.entries(grad)) for array, grad in zip(wide, made, strict=True)]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Shares]:
        """One forward pass and a backward pass an entry; or a product with a unit vector for each place."""
        import jax
        import jax.numpy as jnp

        def unit(like: Any, place: int) -> Any:
            return jnp.zeros(like.size, like.dtype).at[place].set(1).reshape(like.shape)

        def shares_forward(index: int, places: Sequence[int]) -> list[float]:
            along = [jax.jvp(compute, [array], [unit(array, place)])[1] for place in places]
            return [self.entries(each)[index] for each in along]

        if self.mode == "forward":
            return self.entries(array), shares_forward
        out, pull = jax.vjp(compute, array)

        def shares(index: int, places: Sequence[int]) -> list[float]:
            flat = self.entries(pull(unit(out, index))[0])
            return [flat[place] for place in places]

        return self.entries(array), shares
