"""Exact dominations from the rounded ones of a linear program (``domination``)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.engine.sums.closing import Rational, accumulate, nearest, over, primitive_form
from subgrad_hardness.engine.sums.domination_program import Dominated, Shares
from subgrad_hardness.engine.sums.region import Region, Weights
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.proof.steps import Lemma, Literal


class _Exact(NamedTuple):
    """``Shares``, exactly."""

    values: dict[int, Fraction]
    excesses: dict[int, Fraction]
    blocked: list[Fraction]
    passing: list[Fraction]


class Payments:
    """The exact dominations near an optimum's, for exact multipliers of the forms."""

    def __init__(self, region: Region, optimum: Dominated, forms: Mapping[Key, Fraction], unit: Fraction) -> None:
        self.region, self.optimum, self.unit = region, optimum, unit
        self.inputs = region.normal.inputs
        self.costs: dict[int, Fraction] = {}
        for form, value in forms.items():
            for variable, entry in region.substituted(dict(form)).items():
                if variable >= self.inputs and entry > 0:
                    atom = variable - self.inputs
                    self.costs[atom] = self.costs.get(atom, Fraction(0)) + entry * value

    def made(self) -> tuple[dict[Key, Fraction], list[Lemma]] | None:
        """The forms u_k = c_k a_k - U_k with the multipliers that the last lemma gives them, and their lemmas.

        None: the subtracted atoms do not span all.  One elimination with a row for each input.
        """
        atoms = self.region.normal.atoms
        exact = {k: self._rounded(self.optimum.shares[k]) for k in self.costs}
        rests = [self._rest(k, shares) for k, shares in exact.items()]
        # The strict rows cost nothing, so they mend first; then the subtracted atoms of which most is left.
        by_room = sorted(self.optimum.hinges, key=lambda j: (-self.optimum.hinges[j], j))
        mending = [*(row.form for row in self.region.rows), *(atoms[j] for j in by_room)]
        mends = over(mending, rests, len(mending))
        if mends is None:
            return None
        rows = len(self.region.rows)
        bounded: dict[Key, Fraction] = {}
        lemmas: list[Lemma] = []
        for (k, shares), mend in zip(exact.items(), mends, strict=True):
            for place, change in mend.items():
                if place < rows:
                    (shares.blocked if change > 0 else shares.passing)[place] += abs(change)
                else:
                    target, j = shares.values if change > 0 else shares.excesses, by_room[place - rows]
                    target[j] = target.get(j, Fraction(0)) + abs(change)
            total = self._total(k, shares)
            if not total:  # another form subtracts the atom itself
                continue
            form, content = primitive_form(total)
            bounded[form] = content
            lemmas += [self._lemma(form, content, k, shares, passes) for passes in (True, False)]
        return bounded, lemmas

    def _rounded(self, shares: Shares) -> _Exact:
        values, excesses = (
            {j: near for j, value in parts.items() if (near := nearest(value, self.unit))}
            for parts in (shares.values, shares.excesses)
        )
        blocked, passing = ([nearest(value, self.unit) for value in row] for row in (shares.blocked, shares.passing))
        return _Exact(values, excesses, blocked, passing)

    def _rest(self, k: int, shares: _Exact) -> Rational:
        """c_k w_k less what the shares give."""
        atoms = self.region.normal.atoms
        rest: Rational = {}
        accumulate(rest, atoms[k], self.costs[k])
        for j, value in shares.values.items():
            accumulate(rest, atoms[j], -value)
        for j, value in shares.excesses.items():
            accumulate(rest, atoms[j], value)
        for row, blocked, passing in zip(self.region.rows, shares.blocked, shares.passing, strict=True):
            accumulate(rest, row.form, passing - blocked)
        return rest

    def _total(self, k: int, shares: _Exact) -> Rational:
        """c_k a_k - U_k."""
        total: Rational = {}
        for j, value in (*shares.values.items(), *shares.excesses.items()):
            accumulate(total, {self.inputs + j: 1}, -value)
        for j, value in shares.excesses.items():
            accumulate(total, self.region.normal.atoms[j], value)
        for row, value in zip(self.region.rows, shares.blocked, strict=True):
            accumulate(total, row.form, -value)
        accumulate(total, {self.inputs + k: 1}, self.costs[k])
        return total

    def _lemma(self, form: Key, content: Fraction, k: int, shares: _Exact, passes: bool) -> Lemma:
        """Why u_k is not positive where atom k passes, or where it blocks."""
        kinds = (EXCESS, VALUE) if passes else (VALUE, EXCESS)
        generators: Weights = {(k, PASSING if passes else BLOCKED): self.costs[k]}
        for kind, parts in zip(kinds, (shares.values, shares.excesses), strict=True):
            generators |= {(j, kind): value for j, value in parts.items()}
        supposed = {Literal(form, True): content}
        rows = shares.passing if passes else shares.blocked
        for row, value in zip(self.region.rows, rows, strict=True):
            if value:
                supposed[row.literal] = supposed.get(row.literal, Fraction(0)) + value
        return self.region.lemma(supposed, {}, generators)
