"""Specimens as functions of jax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditing.specimens import ENTRYWISE, Linear, Specimen

_WHOLE = ("maximum", "minimum", "fmax", "amax", "amin", "max_pool")
#: Operations of specimens that jax has; ``lax_clamp`` is another ``clamp``, ``fmax`` another ``maximum``.
OPERATIONS = (*[name for name in ENTRYWISE if name not in ("prelu", "clamp_min")], *_WHOLE, "lax_clamp")


def in_jax(name: str, x: Any) -> Any:
    """One operation on all entries."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    calls: dict[str, Callable[[], Any]] = {
        "relu": lambda: jax.nn.relu(x),
        "abs": lambda: jnp.abs(x),
        "leaky_relu": lambda: jax.nn.leaky_relu(x, 0.5),
        "relu6": lambda: jax.nn.relu6(x),
        "hardtanh": lambda: jax.nn.hard_tanh(x),
        "clamp": lambda: jnp.clip(x, 0, 2),
        "lax_clamp": lambda: lax.clamp(jnp.float32(0), x, jnp.float32(2)),
        "hardsigmoid": lambda: jax.nn.hard_sigmoid(x),
        "where_gt": lambda: jnp.where(x > 0, x, 0),
        "maximum": lambda: jnp.maximum(x, x[::-1]),
        "minimum": lambda: jnp.minimum(x, x[::-1]),
        "fmax": lambda: jnp.fmax(x, x[::-1]),
        "amax": lambda: x.max(keepdims=True),
        "amin": lambda: x.min(keepdims=True),
        "max_pool": lambda: lax.reduce_window(x, -jnp.inf, lax.max, (2,), (1,), "VALID"),
    }
    return calls[name]()


def function(specimen: Specimen) -> Callable[[Any], Any]:
    """The function of a vector."""
    import jax.numpy as jnp

    def made(x: Any) -> Any:
        sums = []
        for steps in specimen.branches:
            entries = x
            for step in steps:
                if isinstance(step, Linear):
                    entries = jnp.asarray(step.weight, x.dtype) @ entries + jnp.asarray(step.bias, x.dtype)
                else:
                    entries = in_jax(step, entries)
            sums.append(entries.sum())
        return sums[0] - sums[1]

    return made
