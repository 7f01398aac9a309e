"""Forward piggyback with arrays of another library (jax, torch): on its device, in its precision.

Only what the array API and torch have in common is used: indexing with integers, products, sums, ``where``, ``concat``.
A table has the values in its first row and the tangents of the parameters below; levels of F are appended to it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.float_run import FloatRun
from subgrad_hardness.iterative.levels import Relus, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Library:
    """That of an array: its functions, and how numpy's arrays become its own, of the same device and precision."""

    def __init__(self, like: Any) -> None:
        self._like = like
        given = getattr(like, "__array_namespace__", None)
        self.functions: Any = sys.modules["torch"] if given is None else given()
        floating = like.dtype.is_floating_point if given is None else np.dtype(like.dtype).kind in "fV"  # V: bfloat16
        self._dtype = like.dtype if floating else None

    def numbers(self, values: Any) -> Any:
        """Floating-point numbers."""
        return self.functions.asarray(values, dtype=self._dtype or self._default, device=self._like.device)

    def places(self, values: Any) -> Any:
        """Integers, to index with."""
        return self.functions.asarray(np.asarray(values, dtype=np.int64), device=self._like.device)

    @property
    def _default(self) -> Any:
        return self.functions.asarray(0.0).dtype


def library_of(values: Sequence[object]) -> Library | None:
    """The library of the first of these that is an array of jax's, torch's or another one with the array API, but
    numpy's; None without one."""
    for value in values:
        package = type(value).__module__.partition(".")[0]
        if package != "numpy" and (package == "torch" or hasattr(value, "__array_namespace__")):
            return Library(value)
    return None


class _Affine(NamedTuple):
    """``constant`` + the sum of the columns ``read`` times ``entries`` + the columns ``source`` times ``matrix``."""

    constant: Any
    gathered: tuple[tuple[Any, Any], ...]
    source: Any
    matrix: Any


def array_run(
    compiled: Compiled, library: Library, jacobian: Any, steps: int, tolerance: float, *, limits: Limits = NO_LIMITS
) -> FloatRun:
    """As ``float_run.forward_run``; x and J of the result are the library's arrays."""
    functions, height = library.functions, 1 + len(compiled.theta)
    inputs = np.zeros((height, compiled.inputs))
    inputs[0, compiled.parameters] = compiled.theta
    inputs[1:, compiled.parameters] = np.eye(height - 1)
    fixed = library.numbers(inputs)
    levels = [_level(compiled, level, library, inputs) for level in compiled.levels]
    # Where the inputs stand among the states and the inputs with theta alone.
    every = len(compiled.start) + np.arange(compiled.inputs)
    every[compiled.states] = np.arange(len(compiled.start))
    order = library.places(every)
    outputs = library.places(np.arange(compiled.size)[compiled.outputs])

    def step(both: Any) -> Any:
        table = functions.concat([both, fixed], axis=1)[:, order]
        for level in levels:
            if isinstance(level, _Affine):
                total = level.constant
                for read, entries in level.gathered:
                    total = total + table[:, read] * entries
                if level.matrix is not None:
                    total = total + table[:, level.source] @ level.matrix
            else:
                z = table[:, level]
                passing = z[:1] > 0
                slopes = functions.where(passing, 1.0, functions.where(z[:1] == 0, compiled.slope, 0.0))
                total = functions.concat([functions.where(passing, z[:1], 0.0), z[1:] * slopes], axis=0)
            table = functions.concat([table, total], axis=1)
        return table[:, outputs]

    both = before = library.numbers(np.vstack([compiled.start, np.asarray(jacobian).T]))
    made, x_moved, j_moved = 0, np.inf, np.inf
    try:
        told = Steps(steps, "step")
        while made < steps and not (x_moved <= tolerance and j_moved <= tolerance):
            limits.check()
            told.done(made)
            both, before = step(both), both
            distances = abs(both - before)
            x_moved, j_moved, made = float(distances[0].max()), float(distances[1:].max()), made + 1
    except LimitReached:
        pass
    return FloatRun(both[0], both[1:].T, made, x_moved, j_moved)


def _level(compiled: Compiled, level: Relus | Rows, library: Library, inputs: NDArray[np.float64]) -> Any:
    every = np.arange(compiled.size)
    if isinstance(level, Relus):
        return library.places(every[level.arguments])
    height, gathered = level.targets.stop - level.targets.start, []
    for part in level.gathered:
        if not part.fixed:
            read, entries = np.zeros(height, dtype=np.int64), np.zeros(height)
            read[part.rows], entries[part.rows] = every[part.read], part.entries
            gathered.append((library.places(read), library.numbers(entries)))
    source = matrix = None
    if level.dense is not None:
        whole = np.zeros((height, level.dense.shape[1]))
        whole[level.long] = level.dense
        source, matrix = library.places(every[level.columns]), library.numbers(whole.T)
    constant = library.numbers(compiled.constant(level, inputs))
    return _Affine(constant, tuple(gathered), source, matrix)
