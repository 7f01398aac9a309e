"""Rewritings of layered nets that hide where they come from and keep the verdict.

``unimodular``: G(y) = F(U y) for a random integer matrix U with an integer inverse, asked about at
U^-1 x0.  G'(U^-1 x0; d) = F'(x0; U d), and U is onto, so G' is linear iff F' is; a witness d of F is
the witness U^-1 d of G, and g U is a subgradient of G for every subgradient g of F.

``rescaled``: the units of every hidden layer are permuted and, where the activation is positively
homogeneous, multiplied by positive rationals that the next layer divides out again; the map F stays
the same, and so do kinks, subgradients and witnesses.

Both keep name and provenance, known verdict included, and note themselves in it as ``obfuscated``.
Directions in a provenance speak of the net before ``unimodular``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.net.errors import NetError
from subgrad_hardness.net.program import Layer, LayeredForm, Program, Row
from subgrad_hardness.randomness import Stream

#: Activations with a(c t) = c a(t) for c > 0.
_HOMOGENEOUS = frozenset({"identity", "relu", "leaky_relu", "abs"})


class Addition(NamedTuple):
    """The elementary operation: ``factor`` times row ``source`` is added to row ``target``."""

    target: int
    source: int
    factor: int


class Unimodular(NamedTuple):
    """U = additions (the last one leftmost) times a signed permutation, y -> (sign_i y_(column_i))_i."""

    signed: tuple[tuple[int, int], ...]
    additions: tuple[Addition, ...]

    def times(self, vector: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """U y."""
        result = [sign * vector[column] for column, sign in self.signed]
        for target, source, factor in self.additions:
            result[target] += factor * result[source]
        return tuple(result)

    def solve(self, vector: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """U^-1 x."""
        values = list(vector)
        for target, source, factor in reversed(self.additions):
            values[target] -= factor * values[source]
        result: list[Fraction | int] = [0] * len(values)
        for value, (column, sign) in zip(values, self.signed, strict=True):
            result[column] = sign * value
        return tuple(result)

    def rows(self) -> list[dict[int, int]]:
        """The rows of U, as column: entry; p numbers of nonzeros together, not p^2."""
        rows = [{column: sign} for column, sign in self.signed]
        for target, source, factor in self.additions:
            add_row(rows[target], rows[source], factor)
        return rows


def add_row(row: dict[int, int], other: dict[int, int], factor: int) -> None:
    """Add ``factor`` times the other sparse row to this one, which keeps no zeros."""
    for column, entry in other.items():
        total = row.get(column, 0) + factor * entry
        if total:
            row[column] = total
        else:
            row.pop(column, None)


def random_unimodular(size: int, seed: int) -> Unimodular:
    """A random U: a uniform signed permutation, then two rounds over all rows in random order.

    In a round each row gets c times another row, the other row uniform and c uniform in
    {-2, -1, 1, 2}.  A row of U has some seven nonzeros on average, for every size.
    """
    stream = Stream(seed, "unimodular", size)
    columns = stream.shuffled(range(size))
    signed = tuple((column, 1 - 2 * stream.below(2)) for column in columns)
    additions = []
    for target in [row for _ in range(2 if size > 1 else 0) for row in stream.shuffled(range(size))]:
        other = stream.below(size - 1)
        factor = (-2, -1, 1, 2)[stream.below(4)]
        additions.append(Addition(target, other + (other >= target), factor))
    return Unimodular(signed, tuple(additions))


def unimodular(program: Program, seed: int) -> Program:
    """G(y) = F(U y) at U^-1 x0 with U = ``random_unimodular(p, seed)``; see the module's text.

    The inputs are called y1..yp.  Raises NetError for a graph net.
    """
    layers = _layers(program)
    change = random_unimodular(program.input_count, seed)
    rows = change.rows()
    first = layers[0]._replace(rows=tuple(_changed(row, rows) for row in layers[0].rows))
    names = tuple(f"y{number}" for number in range(1, program.input_count + 1))
    point = tuple(map(Fraction, change.solve(program.point)))
    changed = program._replace(inputs=names, form=LayeredForm((first, *layers[1:])), point=point)
    return _noted(changed, "unimodular", seed)


def _changed(row: Row, change: Sequence[dict[int, int]]) -> Row:
    total: dict[int, int] = {}
    for argument, coefficient in zip(row.arguments, row.coefficients, strict=True):
        add_row(total, change[argument], coefficient)
    return _row(((column, Fraction(entry, row.denominator)) for column, entry in total.items()), _bias(row))


def rescaled(program: Program, seed: int) -> Program:
    """The same map with its hidden units permuted and rescaled by n/d, n and d uniform in 1..9.

    Raises NetError for a graph net.
    """
    stream = Stream(seed, "rescaled")
    layers = rescaled_layers(_layers(program), stream, lambda: Fraction(stream.integer(1, 9), stream.integer(1, 9)))
    return _noted(program._replace(form=LayeredForm(layers)), "rescaled", seed)


def rescaled_layers(layers: Sequence[Layer], stream: Stream, factor: Callable[[], Fraction]) -> tuple[Layer, ...]:
    """Layers of the same map: hidden units permuted uniformly, and rescaled by one ``factor()`` each."""
    result: list[Layer] = []
    places = list(range(layers[0].columns))  # where each unit of the layer before has gone
    before = [Fraction(1)] * layers[0].columns
    for number, layer in enumerate(layers):
        hidden = number < len(layers) - 1
        order = stream.shuffled(range(len(layer.rows))) if hidden else list(range(len(layer.rows)))
        free = hidden and layer.activation in _HOMOGENEOUS
        factors = [factor() if free else Fraction(1) for _ in layer.rows]
        rows = []
        for index in order:
            row, scale = layer.rows[index], factors[index]
            moved = zip(row.arguments, row.rationals(), strict=True)
            terms = ((places[argument], coefficient * scale / before[argument]) for argument, coefficient in moved)
            rows.append(_row(terms, _bias(row) * scale))
        result.append(layer._replace(rows=tuple(rows)))
        before = factors
        places = [0] * len(order)
        for place, index in enumerate(order):
            places[index] = place
    return tuple(result)


def _row(terms: Iterable[tuple[int, Fraction]], bias: Fraction) -> Row:
    """The row over its least denominator, arguments in order."""
    ordered = sorted(terms)
    return Row.of([argument for argument, _ in ordered], [coefficient for _, coefficient in ordered], bias)


def _bias(row: Row) -> Fraction:
    return Fraction(row.bias, row.denominator)


def _layers(program: Program) -> tuple[Layer, ...]:
    if not isinstance(program.form, LayeredForm):
        raise NetError("a graph; only layered nets are obfuscated", file="<net>")
    return program.form.layers


def _noted(program: Program, what: str, seed: int) -> Program:
    provenance = dict(program.provenance or {})
    provenance["obfuscated"] = {**provenance.get("obfuscated", {}), what: {"seed": seed}}
    return program._replace(provenance=provenance)
