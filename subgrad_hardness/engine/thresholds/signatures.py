"""Guesses at equal terms: exact values at sample directions, up to linear forms and factors.

Two terms v and u with v = c u + l everywhere, l linear, have proportional *residues*: the values at random directions x
less the sum of x_i times the value at the i-th unit vector.  A residue is zero where the term may be linear.  Equal
residues are guesses only; proofs follow (``sweep``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.normal_form.linear_form import Form

if TYPE_CHECKING:
    import numpy

# Random directions beside the unit vectors, with entries up to this size.
_RANDOM, _SIZE = 24, 499
# Terms times directions, at most; and values stay below this, so that 64 bits hold whatever is added up.
_MOST_VALUES, _MOST = 20_000_000, 2**60


class Signature(NamedTuple):
    """A term's residue, primitive with a positive leading entry, and the factor that was taken out (0: it is 0)."""

    residue: bytes
    factor: int


class Signatures:
    """The values of terms at the sample directions; terms are asked for in their order.

    Raises OverflowError where there are too many values, or they are too large for 64 bits.
    """

    def __init__(self, terms: Terms) -> None:
        import numpy

        self._numpy = numpy
        self._inputs = terms.inputs
        stream = Stream(0, "signatures")
        random = numpy.array([stream.direction(terms.inputs, _SIZE) for _ in range(_RANDOM)], dtype=numpy.int64)
        directions = numpy.concatenate([numpy.eye(terms.inputs, dtype=numpy.int64), random])
        self._random = random
        self._values: list[numpy.ndarray] = list(directions.T)
        self._bounds = [_SIZE] * terms.inputs
        self._terms = terms
        self._found: dict[int, Signature] = {}

    def add(self) -> None:
        """The values of the next term."""
        if len(self._values) * (self._inputs + _RANDOM) > _MOST_VALUES:
            raise OverflowError
        term = self._terms.terms[len(self._values) - self._inputs]
        left, right = self.at(term.left), self.at(term.right)
        chosen = self._numpy.minimum(left, right) if term.minimum else self._numpy.maximum(left, right)
        self._values.append(chosen // term.factor)
        self._bounds.append(int(abs(self._values[-1]).max()))

    def at(self, shape: Form) -> numpy.ndarray:
        """The values of a shape over inputs and the terms that were added."""
        if sum(abs(entry) * self._bounds[variable] for variable, entry in shape.items()) > _MOST:
            raise OverflowError
        total = self._numpy.zeros(self._inputs + _RANDOM, dtype=self._numpy.int64)
        for variable, entry in shape.items():
            total += entry * self._values[variable]
        return total

    def signature(self, variable: int) -> Signature:
        """The signature of a term that was added."""
        if variable not in self._found:
            self._found[variable] = self._signature(variable)
        return self._found[variable]

    def _signature(self, variable: int) -> Signature:
        values = self._values[variable]
        if self._bounds[variable] * _SIZE * (self._inputs + 1) > _MOST:
            raise OverflowError
        residue = values[self._inputs :] - self._random @ values[: self._inputs]
        factor = int(self._numpy.gcd.reduce(residue))
        if not factor:
            return Signature(b"", 0)
        if residue[residue.nonzero()[0][0]] < 0:
            factor = -factor
        return Signature((residue // factor).tobytes(), factor)

    def linear_part(self, shape: Form) -> Form:
        """The linear form that agrees with the shape at the unit vectors."""
        return {index: int(entry) for index, entry in enumerate(self.at(shape)[: self._inputs]) if entry}
