"""Rows of kinks and outputs in the inputs and in earlier kinks, exactly: reverse mode with tensors kept whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.exact.digits import Digits, Exact, carried, exactly, plus, times
from subgrad_hardness.models.exact.forwards import Forwards, Weights
from subgrad_hardness.models.exact.lowering import LinearProgram
from subgrad_hardness.models.exact.ways import Mask
from subgrad_hardness.models.tensors import Applied, Constant, Contracted, Scaled, Source, Summed, Taken

#: Rows are pulled back together as long as their adjoints have no more digits than this in one tensor.
_DIGITS_AT_ONCE = 2**26


class Target(NamedTuple):
    """An entry of a step, whose row is wanted."""

    step: int
    place: int


class ExactRow(NamedTuple):
    """The gradient of a target near the point: numerators over one positive denominator.

    ``inputs[j]`` is that of input j; ``kinks[k]`` that of the kink k, which is a variable of its own.
    """

    inputs: dict[int, int]
    kinks: dict[Target, int]
    denominator: int


def rows(
    program: LinearProgram,
    found: Forwards,
    live: Mapping[int, Mask],
    targets: Sequence[Target],
    weights: Weights,
    *,
    limits: Limits = NO_LIMITS,
) -> Iterator[ExactRow]:
    """The rows of ``targets``, in their order; kinks in ``live`` are variables, other relus pass or block.

    Raises LimitReached.  One backward pass for as many rows at a time as the memory allows.
    """
    longest = max(program.sizes) * 40
    batch = max(1, min(64, _DIGITS_AT_ONCE // longest))
    for start in range(0, len(targets), batch):
        yield from _Pass(program, found, live, weights, limits).rows(targets[start : start + batch])


class _Pass:
    """One backward pass, with a row of adjoints for each target."""

    def __init__(
        self, program: LinearProgram, found: Forwards, live: Mapping[int, Mask], weights: Weights, limits: Limits
    ) -> None:
        self.program, self.found, self.live = program, found, live
        self.weights, self.limits = weights, limits
        self.adjoints: dict[int, Exact] = {}
        self.bent: dict[int, Exact] = {}  # of each step with live kinks the adjoints of these
        self.inputs: Exact | None = None

    def rows(self, targets: Sequence[Target]) -> Iterator[ExactRow]:
        seeds: dict[int, list[tuple[int, int]]] = {}
        for row, (step, place) in enumerate(targets):
            seeds.setdefault(step, []).append((row, place))
        for number in reversed(range(max(seeds, default=-1) + 1)):
            self.limits.check()
            if number in seeds:
                seed = np.zeros((1, len(targets), self.program.sizes[number]), dtype=np.int64)
                for row, place in seeds[number]:
                    seed[0, row, place] += 1
                self._hand(number, Exact(seed, 1))
            if number in self.adjoints:
                self._pull_back(number, _carried(self.adjoints.pop(number)))
        parts = [part for part in (self.inputs, *self.bent.values()) if part is not None]
        denominator = int(np.lcm.reduce([1, *[part.denominator for part in parts]], dtype=object))
        columns = [None if self.inputs is None else _entries(self.inputs, denominator)]
        columns += [_entries(part, denominator) for part in self.bent.values()]
        names = {step: np.flatnonzero(self.live[step]).tolist() for step in self.bent}
        for row in range(len(targets)):
            kinks = {
                Target(step, names[step][place]): entry
                for step, entries in zip(self.bent, columns[1:], strict=True)
                for place, entry in (entries or {}).get(row, {}).items()
            }
            yield ExactRow((columns[0] or {}).get(row, {}), kinks, denominator)

    def _hand(self, number: int, more: Exact, places: Any = slice(None)) -> None:
        """Add to the adjoints of a step, at different places; ``more`` may be kept, and its digits changed.

        Digits of at most 2^19 are added without carries, which are due once, when the step is pulled back.
        """
        known, whole = self.adjoints.get(number), isinstance(places, slice)
        if known is None and whole:
            self.adjoints[number] = more
            return
        _, batch, _ = more.digits.shape
        shape = (more.length, batch, self.program.sizes[number])
        if known is None:
            known = Exact(np.zeros(shape, dtype=np.int64), more.denominator)
        elif known.denominator != more.denominator or known.length < more.length:
            known = plus(known, Exact(np.zeros((more.length, 1, 1), dtype=np.int64), more.denominator))
            factor = known.denominator // more.denominator
            more = more if factor == 1 else plus(more, Exact(np.zeros((1, 1, 1), dtype=np.int64), known.denominator))
            if known.length < more.length:
                wide = np.zeros((more.length, *known.digits.shape[1:]), dtype=np.int64)
                wide[: known.length] = known.digits
                known = known._replace(digits=wide)
        known.digits[: more.length, :, places] += more.digits
        self.adjoints[number] = known

    def _pull_back(self, number: int, adjoint: Exact) -> None:
        """Hand the adjoints of a step down to what it reads."""
        step = self.program.steps[number]
        if isinstance(step, Source):
            self.inputs = adjoint
        elif isinstance(step, Taken):
            self._taken(step, adjoint)
        elif isinstance(step, Contracted):
            transpose, denominator = self.weights.transpose(number, step, self.program.sizes[step.source])
            below = adjoint.denominator * denominator
            self._hand(step.source, Exact(carried(transpose.of(adjoint.digits)), below))
        elif isinstance(step, Scaled):
            self._hand(step.source, adjoint if step.factor is None else _scaled(adjoint, step))
        elif isinstance(step, Summed):
            last = len(step.sources) - 1  # may have the digits themselves
            for place, (source, coefficient) in enumerate(zip(step.sources, step.coefficients, strict=True)):
                digits = adjoint.digits if coefficient == 1 and place == last else adjoint.digits * coefficient
                self._hand(source, adjoint._replace(digits=digits))
        elif isinstance(step, Applied):
            if number in self.live:
                there = adjoint.digits[:, :, self.live[number]]
                if there.any():
                    self.bent[number] = Exact(there, adjoint.denominator)
            passing = adjoint.digits
            passing *= self.found.signs[number] > 0
            if passing.any():
                self._hand(step.source, Exact(passing, adjoint.denominator))
        else:
            assert isinstance(step, Constant)

    def _taken(self, step: Taken, adjoint: Exact) -> None:
        places, start = step.places.reshape(-1), 0
        for source in step.sources:
            mine = np.flatnonzero((places >= start) & (places < start + self.program.sizes[source]))
            where = places[mine] - start
            start += self.program.sizes[source]
            digits = adjoint.digits if len(mine) == len(places) else adjoint.digits[:, :, mine]
            moved = digits.any(axis=(0, 1))
            where, digits = where[moved], digits[:, :, moved]
            if not len(where):
                continue
            once, first = np.unique(where, return_inverse=True)
            if len(once) < len(where):
                summed = np.zeros((*digits.shape[:2], len(once)), dtype=np.int64)
                for total, entries in zip(summed.reshape(-1, len(once)), digits.reshape(-1, len(where)), strict=True):
                    np.add.at(total, first, entries)
                where, digits = once, carried(summed)  # sums of so many entries are no digits any more
            self._hand(source, Exact(digits, adjoint.denominator), where)


def _carried(value: Exact) -> Exact:
    return value._replace(digits=carried(value.digits))


def _scaled(adjoint: Exact, step: Scaled) -> Exact:
    assert step.factor is not None
    factor, shape = exactly(step.factor), step.factor.shape
    length, batch, size = adjoint.digits.shape
    wide = adjoint._replace(digits=adjoint.digits.reshape(length, batch, *shape))
    scaled = times(wide, factor._replace(digits=factor.digits[:, None]))
    return scaled._replace(digits=scaled.digits.reshape(scaled.length, batch, size))


def _entries(part: Exact, denominator: int) -> dict[int, dict[int, int]]:
    """Of each row its nonzero numerators over a common denominator, by place."""
    factor = denominator // part.denominator
    nonzero = np.asarray(np.any(part.digits, axis=0))
    found: dict[int, dict[int, int]] = {}
    for row, there in enumerate(nonzero):
        places = np.flatnonzero(there)
        if len(places):
            digits: Digits = np.ascontiguousarray(part.digits[:, row])
            numerators = Exact(digits, 1).numerators(places)
            found[row] = {place: factor * entry for place, entry in zip(places.tolist(), numerators, strict=True)}
    return found
