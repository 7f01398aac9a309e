"""Terms of maxima and minima over signed inputs as pure layered matrix form with weights in {-1,0,1}.

The form is M_L relu(M_{L-1} relu(... M_1 x)), as in [B22].  After every layer a value is a sum of
its units with signs +-1.  A layer carries a value by a = relu(a) - relu(-a) and joins two by
max(a, b) = relu(a) - relu(-a) + relu(b - a) or min(a, b) = relu(a) - relu(-a) - relu(a - b).  Every
literal occurrence has its own units in the first layer and no two subtrees share any, so that no
weight is ever a sum of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Join:
    """max (or min) of two terms; ``height`` counts the joins on the longest way down."""

    maximum: bool
    left: Term
    right: Term
    height: int


#: A literal +-j (input j from 1, or its negative), or a join of two terms.
Term = int | Join
#: A value as (unit of the layer, sign +-1) pairs.
Signed = tuple[tuple[int, int], ...]


def balanced(maximum: bool, terms: Sequence[Term]) -> Term:
    """max (or min) of one or more terms as the balanced tree of SPEC 1: split after the first ceil(n/2)."""
    if len(terms) == 1:
        return terms[0]
    half = (len(terms) + 1) // 2
    left, right = balanced(maximum, terms[:half]), balanced(maximum, terms[half:])
    return Join(maximum, left, right, 1 + max(_height(left), _height(right)))


def _height(term: Term) -> int:
    return 0 if isinstance(term, int) else term.height


def relu_layers(term: Term, inputs: int) -> list[dict[str, Any]]:
    """relu(term) as the ``layers`` of a net file with sparse weights: height + 2 relu layers, one linear.

    Parameters
    ----------
    inputs : p, at least the largest variable of the term.

    Linear in (literals of the term) x (height of the term).
    """
    build = _Layers()
    top = build.value(term, _height(term) + 1)
    rows: list[list[Signed]] = [*build.rows, [top], [((0, 1),)]]
    layers: list[dict[str, Any]] = []
    width = inputs
    for number, layer in enumerate(rows, start=1):
        entries = [[row, column, sign] for row, signed in enumerate(layer) for column, sign in signed]
        layers.append({"weight": {"shape": [len(layer), width], "entries": entries}, "activation": "relu"})
        if number == len(rows):
            layers[-1]["activation"] = "identity"
        width = len(layer)
    return layers


class _Layers:
    """The weight rows of the layers built so far; ``rows[0]`` is the first layer's."""

    def __init__(self) -> None:
        self.rows: list[list[Signed]] = []

    def value(self, term: Term, level: int) -> Signed:
        """The value of ``term`` over the units of layer ``level``, which is above its height."""
        if level == 1:
            assert isinstance(term, int)
            literal: Signed = ((abs(term) - 1, 1 if term > 0 else -1),)
            return self._carry(literal, level)
        if isinstance(term, int) or term.height < level - 1:
            return self._carry(self.value(term, level - 1), level)
        left, right = self.value(term.left, level - 1), self.value(term.right, level - 1)
        carried = self._carry(left, level)
        if term.maximum:
            return (*carried, (self._unit((*right, *_negated(left)), level), 1))
        return (*carried, (self._unit((*left, *_negated(right)), level), -1))

    def _carry(self, value: Signed, level: int) -> Signed:
        return (self._unit(value, level), 1), (self._unit(_negated(value), level), -1)

    def _unit(self, row: Signed, level: int) -> int:
        """A new unit of layer ``level``; returns its number."""
        while len(self.rows) < level:
            self.rows.append([])
        self.rows[level - 1].append(row)
        return len(self.rows[level - 1]) - 1


def _negated(value: Signed) -> Signed:
    return tuple((unit, -sign) for unit, sign in value)
