"""Specimens as functions of TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditing.specimens import ENTRYWISE, Linear, Specimen

#: Operations of specimens that TensorFlow has.
OPERATIONS = (
    *[name for name in ENTRYWISE if name not in ("prelu", "clamp_min")],
    *("maximum", "minimum", "amax", "amin", "max_pool"),
)


def in_tensorflow(name: str, x: Any) -> Any:
    """One operation on all entries."""
    import tensorflow as tf

    calls: dict[str, Callable[[], Any]] = {
        "relu": lambda: tf.nn.relu(x),
        "abs": lambda: tf.abs(x),
        "leaky_relu": lambda: tf.nn.leaky_relu(x, 0.5),
        "relu6": lambda: tf.nn.relu6(x),
        "hardtanh": lambda: tf.clip_by_value(x, -1, 1),
        "clamp": lambda: tf.clip_by_value(x, 0, 2),
        "hardsigmoid": lambda: tf.nn.relu6(x + 3) / 6,
        "where_gt": lambda: tf.where(x > 0, x, 0),
        "maximum": lambda: tf.maximum(x, x[::-1]),
        "minimum": lambda: tf.minimum(x, x[::-1]),
        "amax": lambda: tf.reduce_max(x, keepdims=True),
        "amin": lambda: tf.reduce_min(x, keepdims=True),
        "max_pool": lambda: tf.nn.max_pool1d(x[None, :, None], 2, 1, "VALID")[0, :, 0],
    }
    return calls[name]()


def function(specimen: Specimen) -> Callable[[Any], Any]:
    """The function of a vector."""
    import tensorflow as tf

    def made(x: Any) -> Any:
        sums = []
        for steps in specimen.branches:
            entries = x
            for step in steps:
                if isinstance(step, Linear):
                    weight, bias = (tf.constant(each, x.dtype) for each in (step.weight, step.bias))
                    entries = tf.linalg.matvec(weight, entries) + bias
                else:
                    entries = in_tensorflow(step, entries)
            sums.append(tf.reduce_sum(entries))
        return sums[0] - sums[1]

    return made
