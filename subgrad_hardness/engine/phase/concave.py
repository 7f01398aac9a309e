"""Shallow forms at one go: all hinges, phases and rows in one question.

All atoms of a *shallow* form v = L + sum_k c_k a_k - sum_j d_j a_j (c_k, d_j > 0) are relus of forms over the
inputs alone.  Under phases of the atoms that it *adds* it is concave, a linear form less *hinges* d_j a_j, and
the box (``linear.box``) says where it is positive, or that it is not where the rows hold.

A conflict needs no phase of a *dominated* atom.  If c_k w_k = sum_j y_j w_j over hinges, then

    c_k a_k <= sum_{y_j > 0} y_j a_j + sum_{y_j < 0} -y_j (a_j - w_j)

whichever phase a_k has, as a_j >= w_j, a_j >= 0: one lemma for each phase, and where the right side is paid out of
the hinges, nothing of a_k is left.  So |x_i - x_j| is paid by |x_i - x_1| + |x_j - x_1|, without asking in which
order x_i and x_j are: of n! orders of n inputs none is looked at.  (Two zonotopes: a part of the first is
written by generators of the second.)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.lemmas import MOST_FAILURES, PhaseClauses
from subgrad_hardness.engine.phase.linear_bounds import BLOCKED, PASSING, Bound
from subgrad_hardness.linear.box import Bounds, Separation
from subgrad_hardness.normal_form.generators import EXCESS, VALUE
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.proof.steps import Literal

# A shorter conflict was worth the search if it does without one in so many of the phases that are not implied.
_WORTH = 2
# Larger matrices of hinges are not reduced.
_MOST_ENTRIES = 20_000


class Domination(NamedTuple):
    """``size`` a_k is at most the sum of y a_j for y > 0 and -y (a_j - w_j) for y < 0, over (j, y) in ``parts``.

    For ``size`` w_k is the sum of the y w_j.
    """

    atom: int
    size: int
    parts: tuple[tuple[int, int], ...]


class Conflict(NamedTuple):
    """Why a shallow form v is not positive where the rows hold and the added atoms have their phases.

    ``scale`` * ``denominator`` * v, its added terms replaced by what their phases or dominations say, is minus the
    sum of ``rows``, of ``taken`` times a_j - w_j and of ``kept`` times a_j, and none of these is negative.
    """

    scale: int
    denominator: int
    phases: dict[int, bool]
    dominations: Sequence[Domination]
    taken: dict[int, int]
    kept: dict[int, int]
    rows: dict[int, int]


class Shallow:
    """A shallow literal "v > 0", asked about under the clauses."""

    def __init__(self, clauses: PhaseClauses, literal: Literal) -> None:
        self.clauses = clauses
        self.literal = literal
        inputs = clauses.normal.inputs
        self.linear = {variable: entry for variable, entry in literal.form if variable < inputs}
        self.added = {v - inputs: entry for v, entry in literal.form if v >= inputs and entry > 0}
        self.hinges = {v - inputs: -entry for v, entry in literal.form if v >= inputs and entry < 0}

    def solve(
        self, phases: Mapping[int, bool], dominations: Sequence[Domination], rows: Iterable[int], limits: Limits
    ) -> Conflict | Separation:
        """Why v is not positive; or a point where the rows hold weakly and v is positive, as far as the phases hold.

        Each added atom has a phase or a domination; all dominations have one scale.  Raises LimitReached.
        """
        clauses, atoms = self.clauses, self.clauses.normal.atoms
        scale = dominations[0].size // self.added[dominations[0].atom] if dominations else 1
        linear = {variable: scale * entry for variable, entry in self.linear.items()}
        for atom, passes in phases.items():
            if passes:
                add(linear, atoms[atom], scale * self.added[atom])
        left = {atom: scale * size for atom, size in self.hinges.items()}
        for domination in dominations:
            for atom, multiple in domination.parts:
                left[atom] -= abs(multiple)
                if multiple < 0:
                    add(linear, atoms[atom], multiple)
        vectors = {atom: self._vector(atom) for atom in left}
        stated = {clauses.vector(clauses.cone.form(number), row=True): number for number in rows}
        bounds: dict[int, Bounds] = {vectors[atom]: (0, size) for atom, size in left.items()}
        bounds.update(dict.fromkeys(stated, (None, 0)))
        target = dict(clauses.chart.down(linear.items()))
        answer = clauses.box.solve(bounds, [target.get(i, 0) for i in range(clauses.chart.dimension)], limits)
        if isinstance(answer, Separation):
            return answer
        taken = {atom: answer.numerators.get(vector, 0) for atom, vector in vectors.items()}
        kept = {atom: size * answer.denominator - taken[atom] for atom, size in left.items()}
        multipliers = {n: -answer.numerators[vector] for vector, n in stated.items() if vector in answer.numerators}
        return Conflict(scale, answer.denominator, dict(phases), dominations, taken, kept, multipliers)

    def shortened(self, conflict: Conflict, rows: Sequence[int], values: Sequence[int], limits: Limits) -> Conflict:
        """A conflict that names fewer phases, or the same one.

        Parameters
        ----------
        rows : what ``conflict`` may have used.
        values : the inputs and all atoms at a point where the rows hold.
        """
        clauses = self.clauses
        if clauses.shortening <= 0 or not self.added or not self.hinges:
            return conflict
        best = conflict
        *others, first = reversed(self._dominations(values, conflict.phases))
        waiting = [*others, first]
        while waiting:
            group = waiting.pop()
            free = self._affordable((*best.dominations, *group))
            if len(free) == len(best.dominations):
                continue
            freed = {clauses.phases[domination.atom].form for domination in free}
            phases = {k: passes for k, passes in conflict.phases.items() if clauses.phases[k].form not in freed}
            kept = [number for number in rows if clauses.rows[number].literal.form not in freed]
            answer = self.solve(phases, free, kept, limits)
            if isinstance(answer, Conflict):
                best = answer
            elif len(group) > 1 and group not in others:
                half = len(group) // 2
                waiting += [group[half:], group[:half]]
        worth = _WORTH * len(best.dominations) >= max(len(first), 1)
        clauses.shortening = min(clauses.shortening + 1, MOST_FAILURES) if worth else clauses.shortening - 1
        return best

    def learn(self, conflict: Conflict) -> None:
        """The clause that v is not positive where phases and rows are those of the conflict."""
        whole = conflict.scale * conflict.denominator
        phases = tuple(conflict.phases.items())
        chosen = [(atom, PASSING if passes else BLOCKED, self.added[atom]) for atom, passes in phases]
        paid = [(atom, EXCESS, entry) for atom, entry in conflict.taken.items() if entry]
        paid += [(atom, VALUE, entry) for atom, entry in conflict.kept.items() if entry]
        never: dict[Literal, int] = {}
        for domination in conflict.dominations:
            literal, content = self._refuted(domination)
            never[literal] = content * conflict.denominator
        bounds = [(whole, Bound({}, tuple(chosen), (), phases)), (1, Bound({}, tuple(paid), (), ()))]
        self.clauses.learn_combination(conflict.rows, {self.literal: whole}, bounds, never)

    def _refuted(self, domination: Domination) -> tuple[Literal, int]:
        """The literal "the left side is more than the right one", refuted, and the content of its form."""
        atom, size, parts = domination
        atoms, inputs = self.clauses.normal.atoms, self.clauses.normal.inputs
        form: Form = {inputs + atom: size}
        for other, multiple in parts:
            add(form, {inputs + other: 1}, -abs(multiple))
            if multiple < 0:
                add(form, atoms[other], -multiple)
        passing = [(other, EXCESS if multiple > 0 else VALUE, abs(multiple)) for other, multiple in parts]
        blocked = [(other, VALUE if multiple > 0 else EXCESS, abs(multiple)) for other, multiple in parts]
        cases = (
            Bound({}, ((atom, PASSING, size), *passing), (), ((atom, True),)),
            Bound({}, ((atom, BLOCKED, size), *blocked), (), ((atom, False),)),
        )
        return self.clauses.refuted(form, cases), math.gcd(*form.values())

    def _dominations(self, values: Sequence[int], phases: Mapping[int, bool]) -> list[list[Domination]]:
        """How hinges may pay for the added atoms: the heaviest ones, which are a basis of all, come last; before
        them those whose phases the heaviest ones' imply; and first the others, for which it is of most use.

        Their forms are written over a basis of the hinges' forms, those first that are small at the point: where the
        rows are tight, these are what vanishes.
        """
        atoms = self.clauses.normal.atoms
        lengths = {atom: sum(map(abs, atoms[atom].values())) for atom in (*self.hinges, *self.added)}
        small = sorted(self.hinges, key=lambda atom: Fraction(abs(self._at(atom, values)), lengths[atom]))
        heavy = sorted(self.added, key=lambda atom: -self.added[atom] * lengths[atom])
        if self.clauses.chart.dimension * (len(small) + len(heavy)) > _MOST_ENTRIES:
            return [[]]
        scale, columns = self._over_a_basis([*small, *heavy])
        found = {
            atom: Domination(atom, scale * size, tuple([(j, size * entry) for j, entry in columns[atom].items()]))
            for atom, size in self.added.items()
            if self.hinges.keys() >= columns[atom].keys()
        }
        groups: list[list[Domination]] = [[], [], []]
        _, columns = self._over_a_basis(heavy)
        for atom in reversed(heavy):
            signs = {(entry > 0) == phases[other] for other, entry in columns[atom].items()}
            if atom in found:
                groups[2 if atom in columns[atom] else len(signs) == 1].append(found[atom])
        return groups

    def _over_a_basis(self, atoms: Sequence[int]) -> tuple[int, dict[int, dict[int, int]]]:
        """``scale`` > 0, and ``scale`` times the coordinates of all forms over a basis of them, of the first ones."""
        from flint import fmpz_mat

        size = self.clauses.chart.dimension
        vectors = [self.clauses.box.vectors[self._vector(atom)] for atom in atoms]
        reduced, denominator, rank = fmpz_mat(size, len(atoms), [v[row] for row in range(size) for v in vectors]).rref()
        scale = abs(int(denominator))
        sign = 1 if denominator > 0 else -1
        rows = [[sign * int(reduced[row, place]) for place in range(len(atoms))] for row in range(rank)]
        basis = [next(atom for atom, entry in zip(atoms, row, strict=True) if entry) for row in rows]
        return scale, {
            atom: {other: row[place] for other, row in zip(basis, rows, strict=True) if row[place]}
            for place, atom in enumerate(atoms)
        }

    def _affordable(self, dominations: Iterable[Domination]) -> list[Domination]:
        """The dominations, in their order, without those for which not enough is left of the hinges."""
        result: list[Domination] = []
        spent: Counter[int] = Counter()
        for domination in dominations:
            scale = domination.size // self.added[domination.atom]
            if all(spent[j] + abs(multiple) <= scale * self.hinges[j] for j, multiple in domination.parts):
                spent.update({j: abs(multiple) for j, multiple in domination.parts})
                result.append(domination)
        return result

    def _vector(self, atom: int) -> int:
        """The number in the box of an atom's form."""
        return self.clauses.vector(self.clauses.chart.down(self.clauses.keys[atom]), row=False)

    def _at(self, atom: int, values: Sequence[int]) -> int:
        return sum([entry * values[variable] for variable, entry in self.clauses.keys[atom]])
