"""Given the forms, thresholds and rules of an argument: are there lemmas and a derivation that end it?

For tests and campaigns that attack the verifiers.  The literals are numbered by ``second_argument``, but without its
checks of which thresholds a step may name: what comes out may be a forgery, and the verifiers have to say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.proof.lrat import refute
from subgrad_hardness.solvers.sat import Cdcl
from support import second_nets
from support.second_argument import (
    Clauses,
    Form,
    Shape,
    Threshold,
    combination,
    introduce_atoms,
    negative,
    read_argument,
)

Value = dict[str, Any]
#: Thresholds that a form may name, whether there are that many or not.
FREE = 9


class Loose(Clauses):
    """Clauses that take every threshold in every step."""

    def threshold(self, number: int, step: Threshold) -> None:
        form, part = (self.atoms.form(flat, FREE) for flat in step)
        positive = self.meet(form)
        between: Form = {-number: Fraction(1)}
        for implied in ([(part, 1), (between, -1)], [(between, 1), (part, -1), (form, 1)]):
            self.state([-literal for literal in positive], self.meet(combination(implied)))


def opened(net: bytes, claim: Value) -> Loose:
    """The clauses of a claim's goals, ``half``, forms, thresholds and rules.  Raises RejectedError."""
    program, point = second_nets.read_net(net)
    (matrix,) = second_nets.Reader().directions(claim["directions"])
    jacobian = second_nets.jacobian(program, point, second_nets.columns(matrix, len(program.inputs)))
    argument = read_argument(claim)
    atoms, outputs = introduce_atoms(second_nets.localise(program, point), argument.kinks, argument.signs)
    goals = []
    for output, row in zip(outputs, jacobian, strict=True):
        linear = {variable: entry for variable, entry in enumerate(row) if entry}
        goals += [combination([(output, sign), (linear, -sign)]) for sign in (1, -1)]
    clauses = Loose(atoms)
    clauses.objectives(goals, argument.half)
    for flat in argument.forms:
        clauses.meet(atoms.form(flat, FREE))
    for number, step in enumerate(argument.thresholds, 1):
        clauses.threshold(number, step)
    for literal, atom in argument.rules:
        clauses.rule(literal, atom)
    return clauses


def saturated(net: bytes, claim: Value, most: int) -> Value:
    """The claim with the relu rule on the greatest atom of every literal, again and again, at most ``most`` times."""
    clauses = opened(net, claim)
    return {**claim, "rules": [*claim["rules"], *saturate(clauses, claim["rules"], most)]}


def saturate(clauses: Loose, stated: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """The rules that were used; ``stated`` are those before, and with them there are at most ``most``."""
    rules: list[list[int]] = []
    done = {literal for literal, _ in stated}
    literal = 0
    while literal < len(clauses.shapes) and len(stated) + len(rules) < most:
        literal += 1
        greatest = clauses.shapes[literal - 1][-1][0]
        if greatest >= clauses.atoms.inputs and literal not in done:
            rules.append([literal, greatest - clauses.atoms.inputs])
            clauses.rule(*rules[-1])
    return rules


def closed(net: bytes, claim: Value) -> Value | None:
    """The claim with lemmas and a derivation of the empty clause; None if its steps do not prove it.

    Complete: None is returned only where an assignment of all literals satisfies all clauses, and numbers for all
    inputs, atoms and thresholds satisfy what it says.
    """
    found = ending(opened(net, claim))
    return None if found is None else {**claim, **found}


def ending(clauses: Loose) -> Value | None:
    """Lemmas and a derivation of the empty clause, or None as above."""
    lemmas = _lemmas(clauses)
    if lemmas is None:
        return None
    before = len(clauses.stated)
    stated = [*clauses.stated, *(frozenset(lemma["clause"]) for lemma in lemmas)]
    if frozenset() in stated:
        return {"lemmas": lemmas, "derivation": []}
    asked = [number for number, clause in enumerate(stated) if not any(-literal in clause for literal in clause)]
    steps = refute([sorted(stated[number], key=abs) for number in asked], Limits())
    used = {asked[hint] for step in steps.values() for hint in step.hints if hint < len(asked)}
    kept = [number for number in range(len(stated)) if number < before or number in used]
    place = {number: kept.index(asked[number]) + 1 for number in range(len(asked)) if asked[number] in kept}
    derivation: list[list[int]] = []
    for number, step in steps.items():
        place[number] = len(kept) + len(derivation) + 1
        derivation.append([*step.clause, 0, *(place[hint] for hint in step.hints)])
    return {
        "lemmas": [lemmas[number - before] for number in kept if number >= before],
        "derivation": derivation,
    }


def _lemmas(clauses: Loose) -> list[Value] | None:
    """Lemmas that leave no assignment, or None if one is possible."""
    theory, lemmas = _Theory(clauses), []
    with Cdcl() as solver:
        for clause in clauses.stated:
            if not any(-literal in clause for literal in clause):
                solver.add(sorted(clause))
        while (model := solver.solve(Limits())) is not None:
            said = {abs(literal): literal for literal in model}
            lemma = theory.against([said.get(number, number) for number in range(1, len(clauses.shapes) + 1)])
            if lemma is None:
                return None
            lemmas.append(lemma)
            solver.add(lemma["clause"])
    return lemmas


class _Theory:
    """What assignments of all literals say about inputs, atoms and thresholds as free numbers."""

    def __init__(self, clauses: Loose) -> None:
        self.clauses, self.atoms = clauses, clauses.atoms
        self.cone = StrictCone(FREE + self.atoms.inputs + len(self.atoms.shapes))
        #: Number in the cone -> the literal that gives the row; or the generator, and the literal that it supposes.
        self.literals: dict[int, int] = {}
        self.generators: dict[int, tuple[int, int, int | None]] = {}
        for literal, shape in enumerate(clauses.shapes, 1):
            self.literals[self._add(shape, strict=True)] = literal
            self.literals[self._add(negative(shape), strict=clauses.without_atoms(shape))] = -literal
        for atom, shape in enumerate(self.atoms.shapes):
            active = clauses.find(shape)
            for kind, supposed in ((0, None), (1, None), (2, active), (3, None if active is None else -active)):
                if kind < 2 or supposed is not None:
                    row = self.atoms.row(atom, kind)
                    shape_of_row = tuple(sorted((variable, int(entry)) for variable, entry in row.items()))
                    self.generators[self._add(shape_of_row, strict=False)] = atom, kind, supposed

    def _add(self, shape: Shape, strict: bool) -> int:
        support, coefficients = zip(*shape, strict=True)
        return self.cone.add_sparse(tuple(variable + FREE for variable in support), coefficients, strict)

    def against(self, model: Iterable[int]) -> Value | None:
        """A lemma that excludes the assignment, or None."""
        true = set(model)
        asked = [row for row, literal in self.literals.items() if literal in true]
        asked += [row for row, (_, _, supposed) in self.generators.items() if supposed is None or supposed in true]
        found = self.cone.solve(asked)
        if isinstance(found, Feasible):
            return None
        clause: dict[int, int] = {}
        triples: list[int] = []
        for row, multiplier in zip(found.forms, found.multipliers, strict=True):
            if row in self.literals:
                clause[-self.literals[row]] = multiplier
            else:
                atom, kind, supposed = self.generators[row]
                triples += [atom, kind, multiplier]
                if supposed is not None:
                    clause.setdefault(-supposed, 0)
        return {"clause": list(clause), "multipliers": list(clause.values()), "generators": triples}
