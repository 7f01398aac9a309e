"""Kinds of operations, how many of each a program takes, and what one of each weighs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.vectors import exact_vector

#: Additions, subtractions and changes of sign; products; quotients; comparisons; exp, log and sqrt.
KINDS = ("add", "mul", "div", "cmp", "nl")


class Counts(NamedTuple):
    """How many operations of each kind."""

    add: int = 0
    mul: int = 0
    div: int = 0
    cmp: int = 0
    nl: int = 0

    @classmethod
    def of(cls, kinds: Iterable[str | None]) -> Counts:
        """The counts of a list of kinds; None is free."""
        totals = dict.fromkeys(KINDS, 0)
        for kind in kinds:
            if kind is not None:
                totals[kind] += 1
        return cls(**totals)

    def plus(self, other: Counts, times: int = 1) -> Counts:
        """This, and ``times`` the other."""
        return Counts(*(mine + times * theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Counts) -> Counts:
        """This without the other."""
        return self.plus(other, -1)


class Weights(NamedTuple):
    """What one operation of each kind costs, as exact numbers that are not negative.

    ``Weights()`` counts everything as 1; ``NONSCALAR`` counts products and quotients only (Ostrowski's measure).
    """

    add: Fraction = Fraction(1)
    mul: Fraction = Fraction(1)
    div: Fraction = Fraction(1)
    cmp: Fraction = Fraction(1)
    nl: Fraction = Fraction(1)

    @classmethod
    def of(cls, **weights: NumberLike) -> Weights:
        """Some weights given, the others 1.

        Raises ParameterError for an unknown kind, and for a weight that is no number or is negative.

        >>> Weights.of(nl=10).cost(Counts(add=2, nl=1))
        Fraction(12, 1)
        """
        exact: dict[str, Fraction] = {}
        for kind, weight in weights.items():
            if kind not in KINDS:
                raise ParameterError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}", place="weights")
            try:
                (exact[kind],) = exact_vector([weight], 1, "weights")
            except ValueError:
                raise ParameterError(f"{weight!r} is no number", place=f"weights.{kind}") from None
            if exact[kind] < 0:
                raise ParameterError(f"{format_rational(exact[kind])} is negative", place=f"weights.{kind}")
        return cls(**exact)

    @classmethod
    def from_text(cls, text: str) -> Weights:
        """``unit``, ``nonscalar``, or ``add=1,mul=2``, kinds that are not named being 1.  Raises ParameterError."""
        if text in PRESETS:
            return PRESETS[text]
        given: dict[str, NumberLike] = {}
        for item in text.split(","):
            kind, equals, weight = (part.strip() for part in item.partition("="))
            if not equals or kind in given:
                wrong = f"{kind} stands twice" if equals else f"{item!r} is neither KIND=NUMBER nor a preset"
                raise ParameterError(f"{wrong}; presets: {', '.join(PRESETS)}", place="weights")
            given[kind] = weight
        return cls.of(**given)

    def cost(self, counts: Counts) -> Fraction:
        """The weighted sum."""
        return sum((weight * number for weight, number in zip(self, counts, strict=True)), Fraction(0))


#: Products and quotients count 1, all else nothing.
NONSCALAR = Weights(add=Fraction(0), cmp=Fraction(0))
PRESETS = {"unit": Weights(), "nonscalar": NONSCALAR}
