"""The localised program: the bias-free network F'(x0; .) in integers (SPEC 1, "Localisation")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import Any, NamedTuple, TypeVar

from subgrad_hardness.net.rational import NumberLike, common_denominator
from subgrad_hardness.net.vectors import exact_vector

#: The derivative that a kink uses: an integer (0 or 1) in d_L, any rational in [0, 1] in D_a.
Slope = TypeVar("Slope", int, Fraction)
#: An m x p Jacobian of exact rationals.
Matrix = tuple[tuple[Fraction, ...], ...]
#: A Jacobian before the output scales: m rows of p integers.
Rows = tuple[tuple[int, ...], ...]

# So many outputs have their rows computed together, in passes of so many.
_MANY_OUTPUTS, _AT_ONCE = 4, 32

#: The slot of what is identically zero.
ZERO = -1


class Sum(NamedTuple):
    """An integer combination of earlier values."""

    arguments: tuple[int, ...]
    coefficients: tuple[int, ...]


class Kink(NamedTuple):
    """relu of an earlier value, its preactivation exactly 0 at x0."""

    argument: int


class LocalNet(NamedTuple):
    """F'(x0; .) as a positively homogeneous network of integer sums and kinks.

    Slots number the values: 0..inputs-1 are the direction's coordinates, inputs + k is ``nodes[k]``, ``ZERO``
    is zero.  Every node is rescaled by a positive rational, which relu commutes with, so that all
    coefficients are integers; output k of F' is ``scales[k]`` times the value of ``outputs[k]``.

    Only kinks that reach an output and whose argument is not structurally zero are here: ``kinks``
    are their slots in topological order, ``kink_numbers`` their positions in
    ``Localisation.kink_units``.
    """

    inputs: int
    nodes: tuple[Sum | Kink, ...]
    outputs: tuple[int, ...]
    scales: tuple[Fraction, ...]
    kinks: tuple[int, ...]
    kink_numbers: tuple[int, ...]

    def values(self, direction: Sequence[int]) -> list[int]:
        """The value of every slot at an integer direction; linear in the nonzeros."""
        values = list(direction)
        for node in self.nodes:
            if isinstance(node, Kink):
                values.append(max(values[node.argument], 0))
            else:
                values.append(sum(map(mul, node.coefficients, map(values.__getitem__, node.arguments))))
        return values

    def output_values(self, direction: Sequence[int]) -> tuple[int, ...]:
        """F'(x0; d) before the scales: m integers."""
        values = self.values(direction)
        return tuple(values[output] if output >= 0 else 0 for output in self.outputs)

    def derivative(self, direction: Sequence[NumberLike]) -> tuple[Fraction, ...]:
        """The directional derivative F'(x0; d), m exact rationals, for p rationals d.

        Raises PointError.
        """
        integers, denominator = integer_direction(exact_vector(direction, self.inputs, "direction"))
        return tuple(
            scale * Fraction(value, denominator)
            for scale, value in zip(self.scales, self.output_values(integers), strict=True)
        )

    def gradient_row(self, slot: int, slopes: Sequence[Slope]) -> list[Slope]:
        """Reverse mode: the row of ``slot`` in the inputs when kink k has slope ``slopes[k]``.

        Slope 0 blocks a kink, 1 lets it pass.  p numbers, before any scale; linear in the nonzeros.
        """
        return self.combined_row({slot: 1}, slopes)

    def combined_row(self, weights: Mapping[int, int], slopes: Sequence[Slope]) -> list[Slope]:
        """Reverse mode: the row of the sum of ``weights[slot]`` times the value of each slot, as ``gradient_row``.

        One backward pass, however many slots.
        """
        adjoint: list[Any] = [0] * max(max(weights, default=ZERO) + 1, self.inputs)  # the integer 0 is a fine Fraction
        for slot, weight in weights.items():
            if slot != ZERO:
                adjoint[slot] = weight
        self._pull_back(adjoint, dict(zip(self.kinks, slopes, strict=True)))
        return adjoint[: self.inputs]

    def gradient_rows(self, slopes: Sequence[Slope]) -> tuple[tuple[Slope, ...], ...]:
        """The Jacobian of one choice of slopes before the scales: m rows of p numbers."""
        if len(self.outputs) < _MANY_OUTPUTS or set(map(type, slopes)) - {int, bool}:
            return tuple([tuple(self.gradient_row(output, slopes)) for output in self.outputs])
        slope_at: dict[int, Any] = dict(zip(self.kinks, slopes, strict=True))
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(self.outputs), _AT_ONCE):
            rows += self._packed_rows(self.outputs[start : start + _AT_ONCE], slope_at)
        return tuple(rows)

    def _packed_rows(self, slots: Sequence[int], slope_at: Mapping[int, int]) -> list[tuple[int, ...]]:
        """The rows of several slots by one backward pass."""
        columns = self.together(slots, slope_at)
        return list(zip(*(columns.get(column, (0,) * len(slots)) for column in range(self.inputs)), strict=True))

    def together(self, slots: Sequence[int], slope_at: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
        """The weights of each variable in several slots: of every input, and of every kink without a slope.

        Variables with weight 0 in all slots are left out.  One backward pass, whose adjoints are packed into integers:
        with a_k the adjoints of slot k, a pass that starts from sum_k 2^(B k) ends in sum_k a_k 2^(B k), because it
        is linear.  The a_k can be told apart if all are less than 2^(B - 1): another pass, with the absolute values of
        all coefficients and 1 for every slot, ends in bounds.  (Kronecker's substitution.)
        """
        first = max(max(slots) + 1, self.inputs)
        bounds, packed = [0] * first, [0] * first
        for slot in slots:
            if slot >= 0:
                bounds[slot] += 1
        self._pull_back(bounds, slope_at, absolute=True)
        width = max(bounds).bit_length() // 8 + 1  # in bytes: there is a bit left for the sign
        for number, slot in enumerate(slots):
            if slot >= 0:
                packed[slot] += 1 << (8 * width * number)
        self._pull_back(packed, slope_at)
        half = 1 << (8 * width - 1)
        halves = sum([half << (8 * width * number) for number in range(len(slots))])
        columns = {}
        for variable, value in enumerate(packed):
            if value:
                data = (value + halves).to_bytes(width * len(slots), "little")
                places = range(0, len(data), width)
                columns[variable] = tuple(
                    [int.from_bytes(data[place : place + width], "little") - half for place in places]
                )
        return columns

    def _pull_back(self, adjoint: list[Any], slope_at: Mapping[int, Any], absolute: bool = False) -> None:
        """From the adjoints of all slots to those of the variables, in place: the inputs and the kinks without a slope.

        What is no longer needed is dropped.
        """
        for index in range(len(adjoint) - 1, self.inputs - 1, -1):
            weight = adjoint[index]
            if not weight:
                continue
            node = self.nodes[index - self.inputs]
            if isinstance(node, Sum):
                adjoint[index] = 0
                coefficients = map(abs, node.coefficients) if absolute else node.coefficients
                for argument, coefficient in zip(node.arguments, coefficients, strict=True):
                    adjoint[argument] += weight * coefficient
            elif index in slope_at:
                adjoint[index] = 0
                if slope_at[index]:
                    adjoint[node.argument] += weight * slope_at[index]

    def scaled(self, rows: Sequence[Sequence[Slope]]) -> Matrix:
        """Unscaled output rows as the m x p rational Jacobian."""
        return tuple(tuple(scale * entry for entry in row) for scale, row in zip(self.scales, rows, strict=True))


def integer_direction(direction: Sequence[Fraction]) -> tuple[tuple[int, ...], int]:
    """Integers n and a positive q with direction = n / q."""
    numerators, denominator = common_denominator(direction)
    return tuple(numerators), denominator
