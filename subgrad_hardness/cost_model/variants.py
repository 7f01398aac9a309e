"""What an entry costs: its rules are written out once for symbols, and the steps counted.

A *variant* is an entry with its number of arguments, and which of these are constants: ``scale`` is ``mul`` with one
constant.  The sweep back and the push are counted in the branch where they cost most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES, Value
from subgrad_hardness.cost_model.rules import ANY_PARAMETER, Applied, Entry
from subgrad_hardness.cost_model.weights import Counts, Weights
from subgrad_hardness.cost_model.writing import ONE, Folding, Plain, Term, Writer

_MOST_COMPARISONS = 4


class Variant(NamedTuple):
    """An entry as a dictionary has it.

    Attributes
    ----------
    operation : the entry.
    arity : how many arguments.
    constants : the places that hold constants.
    label : what a table calls it.
    own : the entry, where it is not the one that is built in.
    exponent : the parameter of an entry that is ``shaped`` by it.
    """

    operation: str
    arity: int
    constants: tuple[int, ...] = ()
    label: str = ""
    own: Entry | None = None
    exponent: Value | None = None

    @property
    def parameter(self) -> Value | None:
        """The parameter that costs are counted with: 0, 1 and -1 would be cheaper than others."""
        if self.entry.shaped and self.exponent is not None:
            return self.exponent
        plain = self.entry.parameter is None or self.entry.group is not None or self.entry.shaped
        return self.entry.parameter if plain else ANY_PARAMETER

    @property
    def entry(self) -> Entry:
        """The entry."""
        return ENTRIES[self.operation] if self.own is None else self.own

    @property
    def name(self) -> str:
        """For people: ``max of 3``, ``scale``."""
        if self.label:
            return self.label
        several = self.operation not in ENTRIES or ENTRIES[self.operation].arity is not None
        return self.operation if several else f"{self.operation} of {self.arity}"

    @property
    def variables(self) -> tuple[int, ...]:
        """The places that are differentiated."""
        return tuple(place for place in range(self.arity) if place not in self.constants)


class VariantCosts(NamedTuple):
    """Counts of a variant: value, value with all slopes, value with what sweeps share, one sweep back, one push.

    ``back`` and ``push`` have one entry a branch; ``comparisons`` is how many the value makes.
    """

    value: Counts
    derived: Counts
    shared: Counts
    back: tuple[Counts, ...]
    push: tuple[Counts, ...]
    comparisons: int

    def most(self, branches: Sequence[Counts], weights: Weights) -> Counts:
        """The counts of the branch that costs most."""
        return max(branches, key=lambda counts: (weights.cost(counts), counts))


@lru_cache(maxsize=256)
def costs(variant: Variant) -> VariantCosts:
    """All counts of a variant.  Writes its rules once for each combination of outcomes of its comparisons."""
    value = _counted(_Symbols(variant).writer)
    symbols = _Symbols(variant)
    slopes = variant.entry.pull(Folding(symbols.writer, branches=False), symbols.prepared(), ONE)
    derived = _counted(symbols.writer, [*symbols.whole, *(slopes[place] for place in variant.variables)])
    symbols = _Symbols(variant)
    symbols.prepared()
    shared = _counted(symbols.writer)
    back, push = [], []
    comparisons = sum(step.operation == "sign" for step in symbols.writer.steps)
    for outcomes in _outcomes(comparisons):
        symbols = _Symbols(variant)
        increments = symbols.pulled(outcomes)
        back.append(_counted(symbols.writer, [*symbols.whole, *increments]).minus(shared))
        symbols = _Symbols(variant)
        tangent = symbols.pushed(outcomes)
        push.append(_counted(symbols.writer, [*symbols.whole, tangent]).minus(shared))
    return VariantCosts(value, derived, shared, tuple(back), tuple(push), comparisons)


def _outcomes(comparisons: int) -> Iterator[tuple[int, ...]]:
    """All combinations; of many comparisons (max of many, whose branches all cost the same) the three equal ones."""
    if comparisons <= _MOST_COMPARISONS:
        return product((-1, 0, 1), repeat=comparisons)
    return iter([(each,) * comparisons for each in (-1, 0, 1)])


class _Symbols:
    """A variant written out for symbols: its arguments are inputs, and so is the adjoint."""

    def __init__(self, variant: Variant) -> None:
        self.variant, self.entry = variant, variant.entry
        names = [f"x{place}" for place in range(variant.arity)]
        self.writer = Writer([*names, "w", *(f"d{name}" for name in names)])
        self.plain = Plain(self.writer)
        arguments = tuple(Term(place) for place in range(variant.arity))
        value, kept = self.entry.value(self.plain, arguments, variant.parameter)
        self.node = Applied(arguments, variant.parameter, value, kept)

    @property
    def whole(self) -> list[Term]:
        """Everything that has been written so far for the value and what sweeps share."""
        return [Term(slot) for slot in self._told]

    def prepared(self) -> Applied:
        """With what sweeps share."""
        if self.entry.prepare is not None:
            self.node = self.node._replace(prepared=self.entry.prepare(self.plain, self.node))
        self._told = range(len(self.writer.inputs), self.writer.size)
        return self.node

    def pulled(self, outcomes: Sequence[int]) -> list[Term]:
        """The increments that are wanted; signs travel on."""
        node = self._branch(outcomes)
        found = self.entry.pull(Folding(self.writer), node, Term(self.variant.arity))
        return [found[place]._replace(sign=1) for place in self.variant.variables]

    def pushed(self, outcomes: Sequence[int]) -> Term:
        """The tangent; where its sign could travel on, the change of sign is counted here."""
        node = self._branch(outcomes)
        zero = Term(-1)
        tangents = [
            Term(self.variant.arity + 1 + place) if place in self.variant.variables else zero
            for place in range(self.variant.arity)
        ]
        return self.entry.push(Folding(self.writer), node, tangents)

    def _branch(self, outcomes: Sequence[int]) -> Applied:
        node = self.prepared()
        self.writer.outcomes.update(zip(self._signs(), outcomes, strict=True))
        return node

    def _signs(self) -> Iterator[int]:
        first = len(self.writer.inputs)
        return (slot for slot, step in enumerate(self.writer.steps, first) if step.operation == "sign")


def _counted(writer: Writer, outputs: Sequence[Term] | None = None) -> Counts:
    """The counts of what was written, or of what these outputs need of it."""
    steps = writer.steps if outputs is None else writer.program(outputs, prune=True).steps
    return Counts.of(PRIMITIVES[step.operation].kind for step in steps if step.operation != CONSTANT)
