"""Random forms over inputs and atoms, their sums, and sign facts checked by algebra."""

from __future__ import annotations

import random
from collections.abc import Sequence

from subgrad_hardness.normal_form.generators import Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Form

VALUE, EXCESS = GeneratorKind.VALUE, GeneratorKind.EXCESS


def plus(*terms: tuple[int, Form]) -> Form:
    """The sum of factor * form."""
    total: Form = {}
    for factor, form in terms:
        for variable, coefficient in form.items():
            total[variable] = total.get(variable, 0) + factor * coefficient
    return {variable: coefficient for variable, coefficient in total.items() if coefficient}


def spelled(generators: Sequence[Generator], atoms: Sequence[Form], inputs: int) -> Form:
    """The form that the generators add up to; their multipliers are positive."""
    total: Form = {}
    for atom, kind, multiplier in generators:
        assert multiplier > 0
        row = {VALUE: {inputs + atom: 1}, EXCESS: plus((1, {inputs + atom: 1}), (-1, atoms[atom]))}[kind]
        total = plus((1, total), (multiplier, row))
    return total


def proves(generators: Sequence[Generator], form: Form, sign: int, atoms: Sequence[Form], inputs: int) -> bool:
    """Whether the generators are a positive multiple of sign * form."""
    total = spelled(generators, atoms, inputs)
    variable, coefficient = next(iter(form.items()))
    factor = sign * total.get(variable, 0) * coefficient  # of the multiple's sign
    return factor > 0 and plus((sign * coefficient, total), (-total[variable], plus((sign, form)))) == {}


def random_atoms(source: random.Random, inputs: int, count: int) -> list[Form]:
    """Forms over inputs and earlier atoms."""
    atoms: list[Form] = []
    while len(atoms) < count:
        form = random_form(source, inputs + len(atoms))
        if form:
            atoms.append(form)
    return atoms


def random_form(source: random.Random, variables: int) -> Form:
    chosen = source.sample(range(variables), min(variables, source.randint(1, 3)))
    return {variable: source.choice((-3, -2, -1, 1, 1, 2)) for variable in chosen}


def nonnegative_form(source: random.Random, atoms: Sequence[Form], inputs: int) -> Form:
    """A random combination of generators."""
    kinds = [
        (atom, kind, source.randint(1, 4))
        for atom in range(len(atoms))
        for kind in (VALUE, EXCESS)
        if source.random() < 0.4
    ]
    return spelled(kinds, atoms, inputs)
