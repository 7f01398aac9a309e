"""What the installed frameworks return at kinks, backward and forward: the table of docs/audit.md.

Each operation is differentiated alone at its kink.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

Row = tuple[str, Callable[..., Any], Sequence[Sequence[float]]]


def torch_rows() -> list[Row]:
    """Operation, function, and arguments, each a vector."""
    import torch
    from torch.nn import functional as f

    def first(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: function(x)[0]

    return [
        ("relu at 0", torch.relu, [[0]]),
        ("abs at 0", torch.abs, [[0]]),
        ("leaky_relu(1/2) at 0", lambda x: f.leaky_relu(x, 0.5), [[0]]),
        ("prelu(1/4) at 0", lambda x: f.prelu(x[None], torch.tensor([0.25]))[0], [[0]]),
        ("relu6 at 0, 6", f.relu6, [[0, 6]]),
        ("hardtanh at -1, 1", f.hardtanh, [[-1, 1]]),
        ("hardsigmoid at -3, 3", f.hardsigmoid, [[-3, 3]]),
        ("clamp(-1, 1) at -1, 1", lambda x: torch.clamp(x, -1, 1), [[-1, 1]]),
        ("clamp(0, 0) at 0", lambda x: torch.clamp(x, 0, 0), [[0]]),
        ("maximum at a tie", torch.maximum, [[0], [0]]),
        ("minimum at a tie", torch.minimum, [[0], [0]]),
        ("fmax at a tie", torch.fmax, [[0], [0]]),
        ("fmin at a tie", torch.fmin, [[0], [0]]),
        ("clamp(min=tensor) at a tie", lambda x, y: torch.clamp(x, min=y), [[0], [0]]),
        ("max() of three", lambda x: x.max(), [[0, 0, 0]]),
        ("amax of three", lambda x: x.amax(0), [[0, 0, 0]]),
        ("max(dim) of three", first(lambda x: x.max(0)), [[0, 0, 0]]),
        ("max_pool1d of three", lambda x: f.max_pool1d(x[None], 3)[0], [[0, 0, 0]]),
        ("where(x > 0, x, 0) at 0", lambda x: torch.where(x > 0, x, 0), [[0]]),
        ("where(x >= 0, x, 0) at 0", lambda x: torch.where(x >= 0, x, 0), [[0]]),
    ]


def jax_rows() -> list[Row]:
    """The same of jax."""
    import jax
    import jax.numpy as jnp

    nn = jax.nn
    return [
        ("relu at 0", nn.relu, [[0]]),
        ("abs at 0", jnp.abs, [[0]]),
        ("leaky_relu(1/2) at 0", lambda x: nn.leaky_relu(x, 0.5), [[0]]),
        ("relu6 at 0, 6", nn.relu6, [[0, 6]]),
        ("hardtanh at -1, 1", nn.hard_tanh, [[-1, 1]]),
        ("hardsigmoid at -3, 3", nn.hard_sigmoid, [[-3, 3]]),
        ("clamp(-1, 1) at -1, 1", lambda x: jnp.clip(x, -1, 1), [[-1, 1]]),
        ("clamp(0, 0) at 0", lambda x: jnp.clip(x, 0, 0), [[0]]),
        ("maximum at a tie", jnp.maximum, [[0], [0]]),
        ("minimum at a tie", jnp.minimum, [[0], [0]]),
        ("fmax at a tie", jnp.fmax, [[0], [0]]),
        ("fmin at a tie", jnp.fmin, [[0], [0]]),
        ("max() of three", jnp.max, [[0, 0, 0]]),
        ("where(x > 0, x, 0) at 0", lambda x: jnp.where(x > 0, x, 0), [[0]]),
        ("where(x >= 0, x, 0) at 0", lambda x: jnp.where(x >= 0, x, 0), [[0]]),
    ]


def tensorflow_rows() -> list[Row]:
    """The same of TensorFlow."""
    import tensorflow as tf

    nn = tf.nn

    def pooled(x: Any) -> Any:
        return nn.max_pool1d(x[None, :, None], 3, 3, "VALID")[0, 0]

    return [
        ("relu at 0", nn.relu, [[0]]),
        ("abs at 0", tf.abs, [[0]]),
        ("leaky_relu(1/2) at 0", lambda x: nn.leaky_relu(x, 0.5), [[0]]),
        ("relu6 at 0, 6", nn.relu6, [[0, 6]]),
        ("hardtanh at -1, 1", lambda x: tf.clip_by_value(x, -1.0, 1.0), [[-1, 1]]),
        ("hardsigmoid at -3, 3", tf.keras.activations.hard_sigmoid, [[-3, 3]]),
        ("clamp(-1, 1) at -1, 1", lambda x: tf.clip_by_value(x, -1.0, 1.0), [[-1, 1]]),
        ("clamp(0, 0) at 0", lambda x: tf.clip_by_value(x, 0.0, 0.0), [[0]]),
        ("maximum at a tie", tf.maximum, [[0], [0]]),
        ("minimum at a tie", tf.minimum, [[0], [0]]),
        ("max() of three", tf.reduce_max, [[0, 0, 0]]),
        ("max_pool1d of three", pooled, [[0, 0, 0]]),
        ("where(x > 0, x, 0) at 0", lambda x: tf.where(x > 0, x, tf.zeros_like(x)), [[0]]),
        ("where(x >= 0, x, 0) at 0", lambda x: tf.where(x >= 0, x, tf.zeros_like(x)), [[0]]),
    ]


def of_torch(function: Callable[..., Any], given: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """Backward: the gradient of the sum; forward: the derivatives along each axis, summed over the outputs."""
    import torch

    tensors = [torch.tensor([float(entry) for entry in each], requires_grad=True) for each in given]
    found = torch.autograd.grad(function(*tensors).sum(), tensors)
    backward = [entry for each in found for entry in each.tolist()]
    forward = []
    for number, each in enumerate(tensors):
        for place in range(len(each)):
            tangents = [torch.zeros_like(other) for other in tensors]
            tangents[number][place] = 1
            _, along = torch.func.jvp(function, tuple(t.detach() for t in tensors), tuple(tangents))
            forward.append(float(along.sum()))
    return backward, forward


def of_jax(function: Callable[..., Any], given: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """The same by jax."""
    import jax
    import jax.numpy as jnp

    arrays = [jnp.array([float(entry) for entry in each]) for each in given]
    found = jax.grad(lambda *x: function(*x).sum(), argnums=tuple(range(len(arrays))))(*arrays)
    backward = [float(entry) for each in found for entry in each]
    forward = []
    for number, each in enumerate(arrays):
        for place in range(len(each)):
            tangents = [jnp.zeros_like(other) for other in arrays]
            tangents[number] = tangents[number].at[place].set(1)
            _, along = jax.jvp(function, tuple(arrays), tuple(tangents))
            forward.append(float(along.sum()))
    return backward, forward


def of_tensorflow(function: Callable[..., Any], given: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """The same by TensorFlow, eagerly."""
    import tensorflow as tf

    tensors = [tf.constant([float(entry) for entry in each]) for each in given]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        total = tf.reduce_sum(function(*tensors))
    found = tape.gradient(total, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    backward = [float(entry) for each in found for entry in each.numpy()]
    forward = []
    for number, each in enumerate(tensors):
        for place in range(len(each)):
            tangents = [tf.zeros_like(other) for other in tensors]
            tangents[number] = tf.one_hot(place, len(each))
            with tf.autodiff.ForwardAccumulator(tensors, tangents) as along:
                made = function(*tensors)
            forward.append(float(tf.reduce_sum(along.jvp(made))))
    return backward, forward


def table(rows: Sequence[Row], measure: Callable[..., tuple[list[float], list[float]]]) -> dict[str, str]:
    """By operation: what came back, and the forward mode where it differs."""
    found = {}
    for name, function, given in rows:
        backward, forward = measure(function, given)
        said = show(backward)
        found[name] = said if show(forward) == said else f"{said}, forward {show(forward)}"
    return found


def show(numbers: Sequence[float]) -> str:
    """Four digits."""
    return " ".join(f"{number:.4g}" for number in numbers)


def main() -> None:
    """Measure what is installed, and print the table."""
    argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0]).parse_args()
    columns: dict[str, dict[str, str]] = {}
    if find_spec("torch") is not None:
        import torch

        columns[f"torch {torch.__version__}"] = table(torch_rows(), of_torch)
    if find_spec("jax") is not None:
        import jax

        columns[f"jax {jax.__version__}"] = table(jax_rows(), of_jax)
    if find_spec("tensorflow") is not None:
        import tensorflow as tf

        columns[f"tensorflow {tf.__version__}"] = table(tensorflow_rows(), of_tensorflow)
    if not columns:
        raise SystemExit("neither torch, jax nor tensorflow is installed")
    print(f"| operation | {' | '.join(columns)} |")
    print(f"|---|{'---|' * len(columns)}")
    for name in dict.fromkeys(name for column in columns.values() for name in column):
        print(f"| {name} | {' | '.join(column.get(name, '') for column in columns.values())} |")


if __name__ == "__main__":
    main()
