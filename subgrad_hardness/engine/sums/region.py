"""Where a node of the tree looks: strict forms in the inputs, and kinks whose phases are supposed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.engine.phase.lemmas import negated, oriented
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Form, Key, Number, add
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal

#: Multipliers of generators.
Weights = dict[tuple[int, GeneratorKind], Fraction]


class Row(NamedTuple):
    """A strict row over the inputs alone, and the literal that states it."""

    literal: Literal
    form: Form


class Region:
    """The directions that satisfy ``supposed`` forms in the inputs and the ``phases`` of some shallow kinks.

    Attributes
    ----------
    rows : the strict rows: first those of the supposed forms, ``supposed`` in number, then those of the phases.
    phases : the supposed phases, True for w_k > 0, by atom.
    """

    def __init__(self, normal: NormalForm, supposed: Iterable[Key], phases: Mapping[int, bool]) -> None:
        self.normal = normal
        self.phases = phases
        self.rows = [Row(oriented(form, normal.inputs), dict(form)) for form in supposed]
        self.supposed = len(self.rows)
        for atom, passes in phases.items():
            form = normal.atoms[atom]
            self.rows.append(
                Row(self.phase(atom, passes), form if passes else {v: -entry for v, entry in form.items()})
            )

    def phase(self, atom: int, passes: bool) -> Literal:
        """The literal that says that the atom has this phase."""
        literal = oriented(tuple(self.normal.atoms[atom].items()), self.normal.inputs)
        return literal if passes else negated(literal)

    def substituted(self, form: Mapping[int, Number]) -> dict[int, Number]:
        """The form where the phases hold: over the inputs and the other atoms."""
        inputs = self.normal.inputs
        result: dict[int, Number] = {}
        for variable, coefficient in form.items():
            passes = self.phases.get(variable - inputs)
            if passes is not False:
                replaced = {variable: 1} if passes is None else self.normal.atoms[variable - inputs]
                add(result, replaced, coefficient)
        return result

    def settled(self, atom: int, coefficient: Fraction) -> tuple[tuple[int, GeneratorKind], Fraction]:
        """The generator, with its multiplier, that takes ``coefficient`` times the atom to what its phase makes of it.

        Added to coefficient * a_k it leaves coefficient * w_k, or 0.
        """
        if self.phases[atom]:
            return (atom, PASSING if coefficient > 0 else EXCESS), abs(coefficient)
        return (atom, BLOCKED if coefficient > 0 else VALUE), abs(coefficient)

    def lemma(
        self, supposed: Mapping[Literal, Fraction], refuted: Mapping[Key, Fraction], generators: Weights
    ) -> Lemma:
        """The lemma whose rows are these, with these multipliers; the phases that it rests on are added.

        Parameters
        ----------
        supposed : literals, each with the multiplier of its row; the clause holds their negations.
        refuted : forms u with the multiplier of -u; the clause holds "u > 0".
        """
        literals = {negated(literal): multiplier for literal, multiplier in supposed.items()}
        literals |= {Literal(form, True): multiplier for form, multiplier in refuted.items()}
        for (atom, kind), multiplier in generators.items():
            if multiplier and kind in (PASSING, BLOCKED):
                literals.setdefault(negated(self.phase(atom, kind == PASSING)), Fraction(0))
        return integral_lemma(literals, generators)


def integral_lemma(literals: Mapping[Literal, Fraction], generators: Weights) -> Lemma:
    """The lemma with these multipliers, all times their common denominator and without common factors."""
    values = [*literals.values(), *generators.values()]
    common = math.lcm(*[value.denominator for value in values])
    content = math.gcd(*[int(value * common) for value in values]) or 1

    def integer(value: Fraction) -> int:
        return int(value * common) // content

    rows: list[Generator] = [(atom, kind, integer(value)) for (atom, kind), value in generators.items() if value]
    return Lemma(tuple(literals), tuple([integer(value) for value in literals.values()]), tuple(rows))
