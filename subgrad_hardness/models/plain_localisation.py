"""A tensor program walked forwards and backwards in plain integers, for the verifier (``models.plain_near``).

TRUSTED, where a certificate is verified against a model in tensors.  It shares no code with ``models.exact`` and
``local.tensor_net``, which it checks: values are Python's integers over one denominator a tensor, linear maps are
python-flint's exact matrices, every entry is walked by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.models.expanding import exact_numbers
from subgrad_hardness.models.templates import Template, template
from subgrad_hardness.models.tensor_form import TensorForm
from subgrad_hardness.models.tensors import (
    ABSENT,
    Applied,
    Array,
    Constant,
    Contracted,
    Extremum,
    Multiplied,
    Scaled,
    Source,
    Summed,
    Taken,
    sources,
)
from subgrad_hardness.net.rational import common_denominator

if TYPE_CHECKING:
    from flint import fmpz_mat

# So many entries of a matrix are made at a time.
_AT_ONCE = 2**20


# Of a single relu whose preactivation is 0, positive, negative: the last is number -1.
_ONE_SIGN: tuple[tuple[int, ...], ...] = ((0,), (1,), (-1,))


class Kink(NamedTuple):
    """A relu whose preactivation is 0: which step's, which entry's, and which of that entry's relus."""

    step: int
    place: int
    ordinal: int


class Variable(NamedTuple):
    """What a row is in: input ``number`` (kink None), or a kink."""

    number: int
    kink: Kink | None = None


#: Nonzero coefficients.
Gradient = dict[Variable, Fraction]

#: Adjoints of a step's entries, by place: integers (or Fractions, behind a leaky_relu) over a denominator each.
Adjoints = dict[int, dict[int, Any]]


class PlainWalk:
    """The forward pass, and backward passes from single entries."""

    def __init__(self, form: TensorForm, point: Sequence[Fraction], limits: Limits) -> None:
        self.model, self.output, self.limits = form.model, form.output, limits
        self.needed = self.model.needed(self.output)
        self.sizes = {step: form.size_of(step) for step in self.needed}
        self.signs: dict[int, list[tuple[int, ...]]] = {}
        self.matrices: dict[int, tuple[list[fmpz_mat], int]] = {}
        self.live: dict[tuple[int, int], list[int]] = {}  # the ordinals of the kinks of each entry that are variables
        last = {source: number for number in self.needed for source in sources(self.model.steps[number])}
        values: dict[int, tuple[list[int], int]] = {}
        for number in self.needed:
            limits.check()
            values[number] = self._value(number, values, point)
            for source in set(sources(self.model.steps[number])):
                if last[source] == number:
                    del values[source]
        numerators, denominator = values[self.output.step]
        self.value = [Fraction(numerator, denominator) for numerator in numerators]

    def _value(
        self, number: int, values: dict[int, tuple[list[int], int]], point: Sequence[Fraction]
    ) -> tuple[list[int], int]:
        """The numerators of a step's entries, and their denominator."""
        step = self.model.steps[number]
        if isinstance(step, Source):
            return common_denominator(list(point))
        if isinstance(step, Constant):
            return _numbers(step.values)
        if isinstance(step, Taken):
            parts = [values[source] for source in step.sources]
            common = math.lcm(*[denominator for _, denominator in parts])
            together = [n * (common // below) for numerators, below in parts for n in numerators]
            return [together[place] for place in step.places.reshape(-1).tolist()], common
        if isinstance(step, Summed):
            parts = [values[source] for source in step.sources]
            common = math.lcm(*[denominator for _, denominator in parts])
            factors = [c * (common // below) for c, (_, below) in zip(step.coefficients, parts, strict=True)]
            columns = zip(*[numerators for numerators, _ in parts], strict=True)
            return [sum([f * n for f, n in zip(factors, column, strict=True)]) for column in columns], common
        if isinstance(step, Contracted):
            product = self._contracted(number, step, values[step.source])
            return product if step.bias is None else _added(product, _numbers(step.bias))
        assert not isinstance(step, Multiplied)  # ``tensor_form.in_tensors`` refuses them
        numerators, denominator = values[step.source]
        if isinstance(step, Scaled):
            if step.factor is not None:
                factor, below = _numbers(step.factor)
                numerators, denominator = [a * b for a, b in zip(numerators, factor, strict=True)], denominator * below
            shift = ([0] * len(numerators), 1) if step.shift is None else _numbers(step.shift)
            return _added((numerators, denominator), shift)
        if isinstance(step, Applied) and step.operation == "relu":  # most entries are these
            self.signs[number] = [_ONE_SIGN[(n > 0) - (n < 0)] for n in numerators]
            return [max(n, 0) for n in numerators], denominator
        made: list[Any] = []
        signs = self.signs[number] = []
        for place in range(self.sizes[number]):
            rewriting, read = self.entry(number, place)
            found, seen = rewriting.signs([numerators[argument] for argument in read], denominator)
            made.append(found[rewriting.output])
            signs.append(seen)
        exactly, below = common_denominator(made)
        return exactly, below * denominator

    def _map(self, number: int, step: Contracted) -> tuple[list[fmpz_mat], int]:
        """The matrix of each group of a linear map, over one denominator; made once, as every row needs them."""
        from flint import fmpz_mat

        if number not in self.matrices:
            _, rows, terms = step.weights.shape
            weights, below = _numbers(step.weights)
            starts = range(0, len(weights), rows * terms)
            made = [fmpz_mat(rows, terms, weights[start : start + rows * terms]) for start in starts]
            self.matrices[number] = made, below
        return self.matrices[number]

    def _contracted(self, number: int, step: Contracted, read: tuple[list[int], int]) -> tuple[list[int], int]:
        from flint import fmpz_mat

        _, rows, terms = step.weights.shape
        windows = step.places.shape[2]
        matrices, below = self._map(number, step)
        numerators = [*read[0], 0]  # what is ABSENT reads the last one
        out = [0] * (len(matrices) * rows * windows)
        for group, left in enumerate(matrices):
            for start, end in _pieces(windows, terms):
                self.limits.check()
                seen = step.places[group, :, start:end].reshape(-1).tolist()
                product = left * fmpz_mat(terms, end - start, [numerators[place] for place in seen])
                for row, entries in enumerate(product.table()):
                    first = (group * rows + row) * windows
                    out[first + start : first + end] = map(int, entries)
        return out, read[1] * below

    def entry(self, number: int, place: int) -> tuple[Template, list[int]]:
        """The rewriting of an entry that is made of relus, and the places of the source that it reads."""
        step = self.model.steps[number]
        if isinstance(step, Extremum):
            read = [argument for argument in step.places[place].tolist() if argument != ABSENT]
            return template(step.operation, len(read)), read
        assert isinstance(step, Applied)
        slope = None
        if step.slopes is not None:
            (entry,) = exact_numbers(np.asarray(step.slopes.reshape(-1)[place : place + 1]))
            slope = Fraction(entry)
        return template(step.operation, 1, slope), [place]

    def output_row(self, place: int) -> Gradient:
        """The row of an output."""
        return self._row({self.output.step: {1: {place: 1}}}, {})

    def kink_row(self, kink: Kink) -> Gradient:
        """The row of what a kink reads."""
        rewriting, _ = self.entry(kink.step, kink.place)
        row: Gradient = {}
        seeds = self._through(kink.step, kink.place, rewriting.argument_of(kink.ordinal), 1, row)
        step = self.model.steps[kink.step]
        assert isinstance(step, Applied | Extremum)
        return self._row({step.source: {1: seeds}}, row)

    def _through(
        self, number: int, place: int, handle: int, weight: Fraction | int, row: Gradient, *, below: int = 1
    ) -> dict[int, Any]:
        """The adjoints, over ``below``, that an entry's handle hands to the places it reads; kinks go into ``row``."""
        rewriting, read = self.entry(number, place)
        handed, bent = rewriting.pulled_back(handle, weight, self.signs[number][place])
        for ordinal, coefficient in bent.items():
            if ordinal in self.live.get((number, place), ()):
                variable = Variable(-1, Kink(number, place, ordinal))
                row[variable] = row.get(variable, Fraction(0)) + Fraction(coefficient, below)
        found: dict[int, Any] = {}
        for argument, coefficient in zip(read, handed, strict=True):
            if coefficient:
                found[argument] = found.get(argument, 0) + coefficient
        return found

    def _row(self, adjoints: dict[int, Adjoints], row: Gradient) -> Gradient:
        """A backward pass; ``adjoints`` are those of some steps."""
        for number in reversed(self.needed):
            above, below = _together(adjoints.pop(number, {}))
            if not above:
                continue
            self.limits.check()
            step = self.model.steps[number]
            if isinstance(step, Source):
                row.update({Variable(place): Fraction(weight, below) for place, weight in above.items()})
            elif isinstance(step, Taken):
                self._taken(step, above, below, adjoints)
            elif isinstance(step, Contracted):
                turned, factor = self._turned(number, step, above)
                _hand(adjoints, step.source, below * factor, turned.items())
            elif isinstance(step, Scaled):
                if step.factor is not None:
                    factors, factor = _numbers(np.asarray(step.factor.flat[list(above)]))
                    above = {place: weight * f for (place, weight), f in zip(above.items(), factors, strict=True)}
                    below *= factor
                _hand(adjoints, step.source, below, above.items())
            elif isinstance(step, Summed):
                for source, coefficient in zip(step.sources, step.coefficients, strict=True):
                    _hand(adjoints, source, below, [(place, coefficient * weight) for place, weight in above.items()])
            elif isinstance(step, Applied | Extremum):
                if isinstance(step, Applied) and step.operation == "relu":
                    signs = self.signs[number]
                    passing = [(place, weight) for place, weight in above.items() if signs[place] == (1,)]
                    _hand(adjoints, step.source, below, passing)
                    above = {place: weight for place, weight in above.items() if signs[place] == (0,)}
                for place, weight in above.items():
                    rewriting, _ = self.entry(number, place)
                    handed = self._through(number, place, rewriting.output, weight, row, below=below)
                    _hand(adjoints, step.source, below, handed.items())
        return {variable: weight for variable, weight in row.items() if weight}

    def _taken(self, step: Taken, above: dict[int, Any], below: int, adjoints: dict[int, Adjoints]) -> None:
        starts = np.cumsum([0, *[self.sizes[source] for source in step.sources]]).tolist()
        places = step.places.reshape(-1)
        for place, weight in above.items():
            at = int(places[place])
            part = next(number for number in range(len(step.sources)) if at < starts[number + 1])
            _hand(adjoints, step.sources[part], below, [(at - starts[part], weight)])

    def _turned(self, number: int, step: Contracted, above: dict[int, Any]) -> tuple[dict[int, int], int]:
        """The transpose of a linear map, at the windows that have an adjoint; integers over a denominator."""
        from flint import fmpz_mat

        _, rows, terms = step.weights.shape
        windows = step.places.shape[2]
        matrices, below = self._map(number, step)
        numerators, common = common_denominator(list(above.values()))
        parts: dict[int, dict[int, int]] = {}
        for place, entry in zip(above, numerators, strict=True):
            group, inside = divmod(place, rows * windows)
            parts.setdefault(group, {})[inside] = entry
        out: dict[int, int] = {}
        for group, entries in parts.items():
            left, seen = matrices[group].transpose(), sorted({place % windows for place in entries})
            for start, end in _pieces(len(seen), terms):
                self.limits.check()
                chosen = seen[start:end]
                right = [entries.get(row * windows + window, 0) for row in range(rows) for window in chosen]
                product = left * fmpz_mat(rows, len(chosen), right)
                places = step.places[group][:, chosen].reshape(-1).tolist()
                for place, entry in zip(places, product.entries(), strict=True):
                    if place != ABSENT and entry:
                        out[place] = out.get(place, 0) + int(entry)
        return out, common * below


def _hand(adjoints: dict[int, Adjoints], step: int, below: int, more: Iterable[tuple[int, Any]]) -> None:
    known = adjoints.setdefault(step, {}).setdefault(below, {})
    for place, weight in more:
        known[place] = known[place] + weight if place in known else weight


def _together(parts: Adjoints) -> tuple[dict[int, Any], int]:
    """The adjoints that are not zero, over one denominator."""
    common, total = math.lcm(*parts), dict[int, Any]()
    for below, adjoints in parts.items():
        factor = common // below
        for place, weight in adjoints.items():
            total[place] = total.get(place, 0) + factor * weight
    return {place: weight for place, weight in total.items() if weight}, common


def _numbers(array: Array) -> tuple[list[int], int]:
    return common_denominator(exact_numbers(array))


def _added(one: tuple[list[int], int], other: tuple[list[int], int]) -> tuple[list[int], int]:
    common = math.lcm(one[1], other[1])
    left, right = common // one[1], common // other[1]
    return [left * a + right * b for a, b in zip(one[0], other[0], strict=True)], common


def _pieces(windows: int, each: int) -> list[tuple[int, int]]:
    step = max(1, _AT_ONCE // max(each, 1))
    return [(start, min(start + step, windows)) for start in range(0, windows, step)]
