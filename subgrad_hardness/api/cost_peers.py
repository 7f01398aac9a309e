"""Running times of frameworks beside the counts: layered nets in PyTorch, JAX and autograd, on one thread.

A net that is a chain of layers is built anew in each framework, in single precision (autograd: double), with a batch of
samples at and around the net's point; the outputs are added.  Evaluation, value and gradient, one directional
derivative, and (PyTorch, JAX) those along all unit directions, vectorised, in slabs as large as memory allows, are
timed in turn, round by round, in processor time, and the median of each counts.  Processor time is that of all threads,
so that a library that starts some anyway gains nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.api.cost_timing import medians
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.words import count, missing_extra
from subgrad_hardness.cost_model.table import Timing
from subgrad_hardness.net.program import Program

#: The frameworks that are known, and the extra that brings each.
PEERS = {"torch": "torch", "jax": "jax", "autograd": "bench"}
#: Tangents pushed at once have at most so many numbers in the widest layer, 80 MB; more directions go in slabs.
MOST_TANGENTS = 10_000_000
_ACTIVATIONS = ("relu", "identity", "abs", "leaky_relu", "hardtanh", "relu6", "tanh", "sigmoid")


class Layers(NamedTuple):
    """Weights, biases, activations and slopes, and the samples."""

    weights: list[Any]
    biases: list[Any]
    activations: list[tuple[str, float]]
    samples: Any

    @property
    def slab(self) -> int:
        """How many unit directions, one for each input of each sample, are pushed at once: as many as memory allows."""
        width: int = max(self.samples.shape[1], *(len(matrix) for matrix in self.weights))
        most: int = max(1, MOST_TANGENTS // (len(self.samples) * width))
        return min(int(self.samples.size), most)

    @property
    def unit_directions(self) -> Any:
        """The first slab of them."""
        import numpy as np

        return np.eye(self.slab, self.samples.size, dtype=np.float32).reshape(self.slab, *self.samples.shape)


class Calls(NamedTuple):
    """What is timed: the evaluation, value and gradient, one directional derivative (in the inputs), a slab at once."""

    evaluation: Callable[[], object]
    gradient: Callable[[], object]
    direction: Callable[[], object]
    at_once: Callable[[], object] | None


def measured_peers(
    net: Program,
    peers: Sequence[str],
    *,
    wrt: str,
    batch: int,
    repeat: int,
    counted: Fraction | None = None,
    limits: Limits = NO_LIMITS,
) -> dict[str, dict[str, Timing]]:
    """Times of each framework by the rows that they belong to, ratios in its own evaluations.

    ``counted`` is the ratio of the structural backward program which keeps all branches, as frameworks do.  One
    direction after another is one of them, times their number; all at once is one slab, times the number of slabs.
    Where weights move directions are not timed, nor all at once in autograd, which does not vectorise.

    Raises ParameterError for an unknown framework or one that is not installed, and for a net that is no chain of
    layers; LimitReached.
    """
    for name in peers:
        if name not in PEERS:
            raise ParameterError(f"unknown framework {name!r}; known: {', '.join(PEERS)}", place="peers")
    layers = layers_of(net, batch)
    found: dict[str, dict[str, Timing]] = {}
    with _one_thread():
        for name in peers:
            calls = calls_of(name, layers, wrt)
            asked = calls if wrt == "inputs" else calls[:2]
            seconds = medians([call for call in asked if call is not None], repeat, limits)
            samples = f"batch {batch}, one thread"
            beside = samples if counted is None else f"{samples}; counted, all branches: {float(counted):.3g}"
            found[name] = {
                "evaluation": Timing(seconds[0], 1.0, samples),
                "backward": Timing(seconds[1], seconds[1] / seconds[0], beside),
            }
            if wrt == "inputs":
                directions = batch * net.input_count
                note = f"{samples}; one direction ({seconds[2] / seconds[0]:.3g}) times {directions}"
                whole = seconds[2] * directions
                found[name]["forward"] = Timing(whole, whole / seconds[0], note)
                if calls.at_once is not None:
                    note = f"{samples}; {count(directions, 'direction')}, vectorised"
                    if layers.slab < directions:
                        one = seconds[3] / seconds[0]
                        note += f" in slabs of {layers.slab}; one slab ({one:.3g}) times their number"
                    whole = seconds[3] * directions / layers.slab
                    found[name]["forward at once"] = Timing(whole, whole / seconds[0], note)
    return found


def calls_of(name: str, layers: Layers, wrt: str) -> Calls:
    """What is timed in a framework.  Raises ParameterError where it is not installed."""
    try:
        return {"torch": _torch, "jax": _jax, "autograd": _autograd}[name](layers, wrt)
    except ImportError:
        raise ParameterError(missing_extra(name, PEERS[name]), place="peers") from None


def layers_of(net: Program, batch: int) -> Layers:
    """A net and samples as frameworks take them.  Raises ParameterError for a net that is no chain of layers."""
    import numpy as np

    chain = net.form.chain
    if chain is None:
        raise ParameterError("frameworks are measured on nets of layers", place=net.name or "net")
    weights, biases, activations = [], [], []
    for layer in chain:
        if layer.activation not in _ACTIVATIONS:
            raise ParameterError(f"no {layer.activation} is measured in frameworks", place=net.name or "net")
        matrix = np.zeros((len(layer.rows), layer.columns))
        for number, row in enumerate(layer.rows):
            matrix[number, list(row.arguments)] = [float(value) for value in row.rationals()]
        weights.append(matrix)
        biases.append(np.array([row.bias / row.denominator for row in layer.rows]))
        activations.append((layer.activation, float(layer.slope or 0)))
    point = np.array([float(value) for value in net.point])
    drawn = np.random.default_rng(0).standard_normal((batch, len(point)))
    return Layers(weights, biases, activations, point + drawn)


def _run(layers: Layers, library: Any, weights: Sequence[Any], biases: Sequence[Any], x: Any) -> Any:
    """The net on a batch, with a library that has numpy's names; a layer without biases adds none."""
    for matrix, bias, own, (activation, slope) in zip(weights, biases, layers.biases, layers.activations, strict=True):
        x = x @ matrix.T
        x = x + bias if own.any() else x
        if activation == "relu":
            x = library.maximum(x, 0)
        elif activation == "abs":
            x = library.abs(x)
        elif activation == "leaky_relu":
            x = library.where(x > 0, x, slope * x)
        elif activation in ("hardtanh", "relu6"):
            x = library.clip(x, *((-1, 1) if activation == "hardtanh" else (0, 6)))
        elif activation == "tanh":
            x = library.tanh(x)
        elif activation == "sigmoid":
            x = 1 / (1 + library.exp(-x))
    return x.sum()


class _Torch:
    """The names that ``_run`` uses, as PyTorch has them."""

    def __init__(self, torch: Any) -> None:
        self._torch = torch

    def __getattr__(self, name: str) -> Any:
        torch = self._torch
        return {"maximum": lambda x, _: torch.relu(x), "clip": torch.clamp}.get(name) or getattr(torch, name)


def _torch(layers: Layers, wrt: str) -> Calls:
    import torch

    library = _Torch(torch)
    weights, biases = ([torch.tensor(each, dtype=torch.float32) for each in arrays] for arrays in layers[:2])
    x = torch.tensor(layers.samples, dtype=torch.float32)
    moving = [*(weights if wrt != "inputs" else []), *([x] if wrt != "weights" else [])]
    direction = torch.ones_like(x)

    def evaluation() -> object:
        with torch.no_grad():
            return _run(layers, library, weights, biases, x)

    def gradient() -> object:
        for tensor in moving:
            tensor.requires_grad_(True)
        try:
            return torch.autograd.grad(_run(layers, library, weights, biases, x), moving)
        finally:
            for tensor in moving:
                tensor.requires_grad_(False)

    def along() -> object:
        with torch.no_grad():
            return pushed(direction)

    def pushed(tangent: Any) -> Any:
        return torch.func.jvp(lambda t: _run(layers, library, weights, biases, t), (x,), (tangent,))[1]

    def every() -> object:
        with torch.no_grad():
            return vectorised(units)

    units = None if wrt != "inputs" else torch.tensor(layers.unit_directions, dtype=torch.float32)
    vectorised = torch.func.vmap(pushed)
    return Calls(evaluation, gradient, along, None if units is None else every)


def _jax(layers: Layers, wrt: str) -> Calls:
    if "jax" not in sys.modules:
        os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    import jax

    jnp = jax.numpy
    weights, biases = ([jnp.asarray(each, dtype=jnp.float32) for each in arrays] for arrays in layers[:2])
    x = jnp.asarray(layers.samples, dtype=jnp.float32)

    def value(matrices: Any, t: Any) -> Any:
        return _run(layers, jnp, matrices, biases, t)

    moving = {"inputs": (1,), "weights": (0,), "both": (0, 1)}[wrt]
    run, slopes = jax.jit(value), jax.jit(jax.value_and_grad(value, argnums=moving))

    def pushed(t: Any, tangent: Any) -> Any:
        return jax.jvp(lambda s: value(weights, s), (t,), (tangent,))[1]

    along, vectorised = jax.jit(pushed), jax.jit(jax.vmap(pushed, in_axes=(None, 0)))
    direction = jnp.ones_like(x)
    units = None if wrt != "inputs" else jnp.asarray(layers.unit_directions, dtype=jnp.float32)
    return Calls(
        lambda: jax.block_until_ready(run(weights, x)),
        lambda: jax.block_until_ready(slopes(weights, x)),
        lambda: jax.block_until_ready(along(x, direction)),
        None if units is None else lambda: jax.block_until_ready(vectorised(x, units)),
    )


def _autograd(layers: Layers, wrt: str) -> Calls:
    import autograd
    import autograd.numpy as anp

    def value(matrices: Any, t: Any) -> Any:
        return _run(layers, anp, matrices, layers.biases, t)

    moving = {"inputs": 1, "weights": 0, "both": (0, 1)}[wrt]
    slopes = autograd.value_and_grad(value, moving)
    along = autograd.make_jvp(lambda t: value(layers.weights, t))(layers.samples)
    direction = anp.ones_like(layers.samples)
    return Calls(
        lambda: value(layers.weights, layers.samples),
        lambda: slopes(layers.weights, layers.samples),
        lambda: along(direction),
        None,
    )


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """One thread for what is loaded now; PyTorch's number is put back afterwards, as are those of BLAS."""
    with contextlib.ExitStack() as stack:
        try:
            from threadpoolctl import threadpool_limits

            stack.enter_context(threadpool_limits(1))
        except ImportError:
            pass
        torch = sys.modules.get("torch")
        if torch is None:
            with contextlib.suppress(ImportError):
                import torch as loaded

                torch = loaded
        if torch is not None:
            before = torch.get_num_threads()
            torch.set_num_threads(1)
            stack.callback(torch.set_num_threads, before)
        yield
