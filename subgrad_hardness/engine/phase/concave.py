"""Forms over one layer of kinks, asked about as a whole: all hinges, phases and rows in one question.

Let v = L + sum_k c_k a_k - sum_j d_j a_j, with c_k, d_j > 0, be a form all of whose atoms are relus of forms over the
inputs alone, a_i = relu(w_i).  Once the phases of the atoms that v *adds* are supposed, v is a *concave piece*: a
linear form less the *hinges* d_j a_j (hinges as in Breiman, IEEE Transactions on Information Theory 1993).  The box
(``linear.box``) then says where v is positive, or gives multipliers that show that v is positive nowhere where the
rows hold.  The multipliers make a *conflict*, the explanation of a theory lemma.

A conflict does not need the phase of an added atom that the hinges *dominate*.  If c_k w_k = sum_j y_j w_j over
hinges j, then

    c_k a_k <= sum_{y_j > 0} y_j a_j + sum_{y_j < 0} -y_j (a_j - w_j)

whichever phase a_k has, because a_j >= w_j and a_j >= 0: one lemma for each phase of a_k.  Where the hinges can pay
for the right side, that is where |y_j| is at most what is left of d_j, v is at most a form in which a_k does not occur.
For example |x_i - x_j| is paid for by |x_i - x_1| + |x_j - x_1|, and nobody has to ask in which order x_i and x_j
are: none of the n! orders of n inputs is looked at.  (For two zonotopes: a part of the first one is written by
generators of the second.)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.lemmas import Explanation, PhaseLemmas
from subgrad_hardness.linear.box import Bounds, SeparatingPoint
from subgrad_hardness.linear.elimination import over_a_basis
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.proof.steps import Literal

#: A shorter conflict was worth the search if it does without at least one in 2 of the phases that no others imply.
_WORTH = 2
#: A matrix of the added atoms' and the hinges' forms with more entries than this is not eliminated, because that would
#: take longer than the rest of the theory check.
_MOST_ENTRIES = 20_000


class Domination(NamedTuple):
    """How hinges pay for one added atom, whatever its phase.

    ``size`` a_k is at most the sum, over (j, y) in ``parts``, of y a_j for y > 0 and of -y (a_j - w_j) for y < 0; for
    ``size`` w_k is the sum of the y w_j.
    """

    atom: int
    size: int
    parts: tuple[tuple[int, int], ...]


class DominationGroups(NamedTuple):
    """Dominations by what they save.

    The forms of some added atoms, the heaviest ones (by coefficient times length), are a basis of all.  Their
    dominations are in ``basis``.  Those of the other atoms are in ``implied`` if the phases of the basis imply the
    atom's phase, and in ``open`` if they do not: there a domination saves most.
    """

    open: list[Domination]
    implied: list[Domination]
    basis: list[Domination]


class Conflict(NamedTuple):
    """Why a form v is not positive where the rows hold and the added atoms have their phases.

    Take ``scale`` * ``denominator`` * v, and replace each added term by what its phase or its domination says.  The
    result is minus the sum of ``rows``, of ``taken`` times a_j - w_j and of ``kept`` times a_j, each with its
    multiplier.  None of these is negative.
    """

    scale: int
    denominator: int
    phases: dict[int, bool]
    dominations: Sequence[Domination]
    taken: dict[int, int]
    kept: dict[int, int]
    rows: dict[int, int]


class ConcavePiece:
    """A literal "v > 0", v a form over one layer of kinks, which is asked about under the lemmas' rows.

    Attributes
    ----------
    linear : the terms of v in the inputs.
    added : the atoms with positive coefficients c_k, with these.
    hinges : the atoms with negative coefficients, with d_j > 0.
    """

    def __init__(self, store: PhaseLemmas, literal: Literal) -> None:
        self.store = store
        self.literal = literal
        inputs = store.normal.inputs
        self.linear = {variable: entry for variable, entry in literal.form if variable < inputs}
        self.added = {v - inputs: entry for v, entry in literal.form if v >= inputs and entry > 0}
        self.hinges = {v - inputs: -entry for v, entry in literal.form if v >= inputs and entry < 0}

    def solve(
        self, phases: Mapping[int, bool], dominations: Sequence[Domination], rows: Iterable[int], limits: Limits
    ) -> Conflict | SeparatingPoint:
        """Why v is not positive; or a point where the rows hold weakly and v is positive as far as the phases hold.

        Parameters
        ----------
        phases, dominations : together they name each added atom once.  The dominations have one scale.
        rows : numbers of rows of the cone.

        Raises
        ------
        LimitReached
        """
        store, atoms = self.store, self.store.normal.atoms
        scale = self._common_scale(dominations)
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
        stated = {store.vector(store.cone.form(number), row=True): number for number in rows}
        bounds: dict[int, Bounds] = {vectors[atom]: (0, size) for atom, size in left.items()}
        bounds.update(dict.fromkeys(stated, (None, 0)))
        target = dict(store.coordinates.restrict(linear.items()))
        answer = store.box.solve(bounds, [target.get(i, 0) for i in range(store.coordinates.dimension)], limits)
        if isinstance(answer, SeparatingPoint):
            return answer
        taken = {atom: answer.numerators.get(vector, 0) for atom, vector in vectors.items()}
        kept = {atom: size * answer.denominator - taken[atom] for atom, size in left.items()}
        multipliers = {n: -answer.numerators[vector] for vector, n in stated.items() if vector in answer.numerators}
        return Conflict(scale, answer.denominator, dict(phases), dominations, taken, kept, multipliers)

    def _scale(self, domination: Domination) -> int:
        """The factor by which v was multiplied to make the domination's numbers integers."""
        return domination.size // self.added[domination.atom]

    def _common_scale(self, dominations: Iterable[Domination]) -> int:
        """The scale of all dominations, which has to be the same; 1 if there are none."""
        (scale,) = set(map(self._scale, dominations)) or {1}
        return scale

    def shortened(self, conflict: Conflict, rows: Sequence[int], values: Sequence[int], limits: Limits) -> Conflict:
        """A conflict that names fewer phases, or the same one.

        The dominations are tried group by group, those that save most first.  A group of open ones that is too much
        for the hinges is tried in halves.

        Parameters
        ----------
        rows : the rows that ``conflict`` may have used.
        values : the inputs and all atoms at a point where the rows hold.

        Raises
        ------
        LimitReached
        """
        store = self.store
        if not store.shortening or not self.added or not self.hinges:
            return conflict
        best = conflict
        groups = self.dominations(values, conflict.phases)
        waiting = [(groups.basis, False), (groups.implied, False), (groups.open, True)]
        while waiting:
            group, divisible = waiting.pop()
            free = self.affordable((*best.dominations, *group))
            if len(free) == len(best.dominations):
                continue
            freed = {store.phases[domination.atom].form for domination in free}
            phases = {k: passes for k, passes in conflict.phases.items() if store.phases[k].form not in freed}
            remaining = [number for number in rows if store.rows[number].literal.form not in freed]
            answer = self.solve(phases, free, remaining, limits)
            if isinstance(answer, Conflict):
                best = answer
            elif divisible and len(group) > 1:
                half = len(group) // 2
                waiting += [(group[half:], True), (group[:half], True)]
        store.count_shortening(_WORTH * len(best.dominations) >= max(len(groups.open), 1))
        return best

    def learn(self, conflict: Conflict) -> None:
        """Learn the clause that v is not positive where phases and rows are those of the conflict."""
        whole = conflict.scale * conflict.denominator
        phases = tuple(conflict.phases.items())
        chosen = [(atom, PASSING if passes else BLOCKED, self.added[atom]) for atom, passes in phases]
        paid = [(atom, EXCESS, entry) for atom, entry in conflict.taken.items() if entry]
        paid += [(atom, VALUE, entry) for atom, entry in conflict.kept.items() if entry]
        never: dict[Literal, int] = {}
        for domination in conflict.dominations:
            literal, content = self._refuted(domination)
            never[literal] = content * conflict.denominator
        explanations = [(whole, Explanation(tuple(chosen), phases)), (1, Explanation(tuple(paid), ()))]
        self.store.learn_combination(conflict.rows, {self.literal: whole}, explanations, never)

    def _refuted(self, domination: Domination) -> tuple[Literal, int]:
        """Refute that the left side of a domination is more than its right side: the literal that says so, and the
        content of its form.  There is one case for each phase of the atom."""
        atom, size, parts = domination
        atoms, inputs = self.store.normal.atoms, self.store.normal.inputs
        form: Form = {inputs + atom: size}
        for other, multiple in parts:
            add(form, {inputs + other: 1}, -abs(multiple))
            if multiple < 0:
                add(form, atoms[other], -multiple)
        cases = []
        for passes, kind in ((True, PASSING), (False, BLOCKED)):
            generators: list[Generator] = [(atom, kind, size)]
            for other, multiple in parts:
                # If a_k passes, the sum of the y w_j is left, and has to be cancelled with the right side.
                excess = passes == (multiple > 0)
                generators.append((other, EXCESS if excess else VALUE, abs(multiple)))
            cases.append(Explanation(tuple(generators), ((atom, passes),)))
        return self.store.refute(form, cases), math.gcd(*form.values())

    def dominations(self, values: Sequence[int], phases: Mapping[int, bool]) -> DominationGroups:
        """How hinges may pay for the added atoms.

        The atoms' forms are written over a basis of the hinges' forms.  Hinges whose forms are small at the point are
        preferred for the basis: these forms are the ones that vanish where the rows are tight.

        Parameters
        ----------
        values : the inputs and all atoms at the point.
        phases : of all added atoms.
        """
        atoms = self.store.normal.atoms
        lengths = {atom: sum(map(abs, atoms[atom].values())) for atom in (*self.hinges, *self.added)}
        small = sorted(self.hinges, key=lambda atom: Fraction(abs(self._at(atom, values)), lengths[atom]))
        heavy = sorted(self.added, key=lambda atom: -self.added[atom] * lengths[atom])
        groups = DominationGroups([], [], [])
        if self.store.coordinates.dimension * (len(small) + len(heavy)) > _MOST_ENTRIES:
            return groups
        scale, columns = self._over_a_basis([*small, *heavy])
        found = {
            atom: Domination(atom, scale * size, tuple([(j, size * entry) for j, entry in columns[atom].items()]))
            for atom, size in self.added.items()
            if self.hinges.keys() >= columns[atom].keys()
        }
        _, columns = self._over_a_basis(heavy)
        for atom in reversed(heavy):
            if atom not in found:
                continue
            signs = {(entry > 0) == phases[other] for other, entry in columns[atom].items()}
            if atom in columns[atom]:
                groups.basis.append(found[atom])
            elif len(signs) == 1:
                groups.implied.append(found[atom])
            else:
                groups.open.append(found[atom])
        return groups

    def _over_a_basis(self, atoms: Sequence[int]) -> tuple[int, dict[int, dict[int, int]]]:
        """A positive integer, and this integer times the coordinates of all atoms' forms over a basis of them: the
        first independent ones."""
        vectors = [self.store.box.vectors[self._vector(atom)] for atom in atoms]
        over = over_a_basis(vectors)
        basis = [atoms[number] for number in over.basis]
        return over.denominator, {
            atom: {basis[index]: entry for index, entry in coordinates.items()}
            for atom, coordinates in zip(atoms, over.coordinates, strict=True)
        }

    def affordable(self, dominations: Iterable[Domination]) -> list[Domination]:
        """The dominations, in their order, without those for which not enough is left of the hinges."""
        result: list[Domination] = []
        spent: Counter[int] = Counter()
        for domination in dominations:
            scale = self._scale(domination)
            if all(spent[j] + abs(multiple) <= scale * self.hinges[j] for j, multiple in domination.parts):
                spent.update({j: abs(multiple) for j, multiple in domination.parts})
                result.append(domination)
        return result

    def _vector(self, atom: int) -> int:
        """The number of an atom's form in the box."""
        return self.store.vector(self.store.coordinates.restrict(self.store.keys[atom]), row=False)

    def _at(self, atom: int, values: Sequence[int]) -> int:
        """The value of an atom's form, before the relu."""
        return sum([entry * values[variable] for variable, entry in self.store.keys[atom]])
