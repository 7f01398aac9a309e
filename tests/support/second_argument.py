"""Arguments, those of `unique` certificates and of the claims that use them: docs/certificate.md, section 6.

Written from the document alone; the standard library and nothing else.  Clarity before speed: every
form is a dictionary of fractions, every clause a set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

#: variable -> coefficient, never 0.
Form = dict[int, Fraction]
#: The one primitive positive multiple of a nonzero form: (variable, coefficient), sorted.
Shape = tuple[tuple[int, int], ...]
#: Atom, kind, multiplier.
Triple = tuple[int, int, int]

MOST_DIGITS = 10**5
BEYOND = 10**MOST_DIGITS

KEYS = {"kinks", "signs", "half", "forms", "rules", "lemmas", "derivation"}
#: May be left out.
OPTIONAL = THRESHOLDS, LEVELS = "thresholds", "levels"
#: So many zeros and ones are gone through.
MOST_VECTORS = 1 << 16


class UnreadableError(Exception):
    """No net file, or no certificate."""


class RejectedError(Exception):
    """A readable claim that is not proved."""


class Sign(NamedTuple):
    """The preactivation of a kink has one sign everywhere."""

    sign: int
    triples: list[Triple]


class Lemma(NamedTuple):
    """A clause, because a sum of rows is zero."""

    clause: list[int]
    multipliers: list[int]
    triples: list[Triple]


class Threshold(NamedTuple):
    """If ``form`` is positive, a number lies between ``part`` and ``part - form``."""

    form: list[int]
    part: list[int]


class Levels(NamedTuple):
    """``forms`` are positive nowhere, as sums of maxima and minima; of each atom the numbers of what it compares."""

    triples: list[Triple]
    forms: list[list[int]]


class Argument(NamedTuple):
    """The seven keys, as read, ``thresholds`` and ``levels``."""

    kinks: list[int]
    signs: list[tuple[int, Sign]]
    half: list[int] | None
    forms: list[list[int]]
    thresholds: list[Threshold]
    levels: Levels
    rules: list[list[int]]
    lemmas: list[Lemma]
    derivation: list[list[int]]


class Local(NamedTuple):
    """The localised program: forms over the inputs 0..p-1 and p + n for the kink with the number n.

    ``kinks`` holds the preactivation of each kink by its number; the other relus are not in it.
    """

    inputs: int
    kinks: dict[int, Form]
    outputs: list[Form]


# Reading: types and lengths, nothing else.


def read_argument(value: dict[str, Any]) -> Argument:
    signs = []
    for entry in _list(value["signs"]):
        kink, sign, generators = _values(entry, "kink", "sign", "generators")
        if integers([kink, sign])[1] not in (1, -1):
            raise UnreadableError("no sign")
        signs.append((kink, Sign(sign, _triples(generators))))
    lemmas = []
    for entry in _list(value["lemmas"]):
        clause, multipliers, generators = _values(entry, "clause", "multipliers", "generators")
        lemmas.append(Lemma(integers(clause), integers(multipliers), _triples(generators)))
    rules = [integers(entry) for entry in _list(value["rules"])]
    derivation = [integers(entry) for entry in _list(value["derivation"])]
    if any(len(rule) != 2 for rule in rules) or any(0 not in step for step in derivation):
        raise UnreadableError("a rule that is no pair, or a step without a 0")
    half = None if value["half"] is None else _pairs(value["half"])
    forms = [_pairs(entry) for entry in _list(value["forms"])]
    thresholds = [Threshold(*map(_pairs, _values(entry, "form", "part"))) for entry in _list(value.get(THRESHOLDS, []))]
    levels = Levels([], [])
    if LEVELS in value:
        flat, summed = _values(value[LEVELS], "atoms", "forms")
        levels = Levels(_threes(flat), [_pairs(entry) for entry in _list(summed)])
    return Argument(integers(value["kinks"]), signs, half, forms, thresholds, levels, rules, lemmas, derivation)


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise UnreadableError("no list")
    return value


def integers(value: Any) -> list[int]:
    if any(type(entry) is not int or abs(entry) >= BEYOND for entry in _list(value)):
        raise UnreadableError("no integer, or too many digits")
    return list(value)


def _values(value: Any, *keys: str) -> list[Any]:
    if type(value) is not dict or set(value) != set(keys):
        raise UnreadableError("not the keys of an entry")
    return [value[key] for key in keys]


def _pairs(value: Any) -> list[int]:
    if len(integers(value)) % 2:
        raise UnreadableError("a form of an odd length")
    return list(value)


def _triples(value: Any) -> list[Triple]:
    triples = _threes(value)
    if any(kind not in (0, 1, 2, 3) for _, kind, _ in triples):
        raise UnreadableError("no such kind")
    return triples


def _threes(value: Any) -> list[Triple]:
    flat = integers(value)
    if len(flat) % 3:
        raise UnreadableError("no triples")
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))


# Forms.


def add(total: Form, form: Form, factor: int | Fraction) -> None:
    """Add a multiple of ``form`` to ``total``."""
    for variable, coefficient in form.items():
        entry = total.get(variable, 0) + factor * coefficient
        if entry:
            total[variable] = Fraction(entry)
        else:
            total.pop(variable, None)


def combination(parts: Iterable[tuple[Form, int | Fraction]]) -> Form:
    total: Form = {}
    for form, factor in parts:
        add(total, form, factor)
    return total


def primitive(form: Form) -> tuple[Fraction, Shape]:
    """The nonzero form as a positive factor times a primitive form."""
    common = math.lcm(*(coefficient.denominator for coefficient in form.values()))
    integers = {variable: int(coefficient * common) for variable, coefficient in form.items()}
    divisor = math.gcd(*integers.values())
    return Fraction(divisor, common), tuple(sorted((key, entry // divisor) for key, entry in integers.items()))


def negative(shape: Shape) -> Shape:
    return tuple((variable, -coefficient) for variable, coefficient in shape)


def as_form(shape: Shape) -> Form:
    return {variable: Fraction(coefficient) for variable, coefficient in shape}


def reject(why: str) -> NoReturn:
    raise RejectedError(why)


# Kinks become atoms.


class Atoms:
    """Atom k is the variable p + k, and relu of ``shapes[k]``."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.shapes: list[Shape] = []
        self.numbers: dict[Shape, int] = {}

    def known_relu(self, form: Form) -> Form | None:
        """relu(form) over the atoms that there are, if it can be written so."""
        if not form:
            return {}
        factor, shape = primitive(form)
        if shape in self.numbers:
            return {self.inputs + self.numbers[shape]: factor}
        if negative(shape) in self.numbers:
            return combination([({self.inputs + self.numbers[negative(shape)]: factor}, 1), (form, 1)])
        return None

    def bent_relu(self, form: Form) -> Form | None:
        """relu(A w + B a), a = relu(w) the atom of the greatest variable: the two slopes, each if it is positive."""
        greatest = max(form)
        if greatest < self.inputs:
            return None
        argument = as_form(self.shapes[greatest - self.inputs])
        first = min(argument)
        multiple = form.get(first, Fraction(0)) / argument[first]
        left = combination([(form, 1), (argument, -multiple)])
        if not multiple or left.keys() - {greatest}:
            return None
        itself, above = {greatest: Fraction(1)}, multiple + form[greatest]
        parts: list[tuple[Form, Fraction]] = []
        if above > 0:
            parts.append((itself, above))
        if multiple < 0:  # positive where w is negative: there it is multiple * w = -multiple * (a - w)
            parts += [(itself, -multiple), (argument, multiple)]
        return combination(parts)

    def introduce(self, form: Form) -> Form:
        """relu(form) of a new atom."""
        factor, shape = primitive(form)
        self.numbers[shape] = len(self.shapes)
        self.shapes.append(shape)
        return {self.inputs + self.numbers[shape]: factor}

    def form(self, flat: list[int], thresholds: int) -> Form:
        """A form as it is written in the file, over inputs, atoms and the first ``thresholds`` thresholds."""
        pairs = zip(flat[::2], flat[1::2], strict=True)
        form = combination(({variable: Fraction(1)}, coefficient) for variable, coefficient in pairs)
        if any(not -thresholds <= variable < self.inputs + len(self.shapes) for variable in form):
            reject("no such variable")
        return form

    def row(self, atom: int, kind: int) -> Form:
        """The row of a generator."""
        if not 0 <= atom < len(self.shapes):
            reject("no such atom")
        itself, argument = {self.inputs + atom: Fraction(1)}, as_form(self.shapes[atom])
        factors = {0: (1, 0), 1: (1, -1), 2: (-1, 1), 3: (-1, 0)}[kind]
        return combination(zip((itself, argument), factors, strict=True))

    def generated(self, triples: list[Triple]) -> Form:
        if any(multiplier < 0 for _, _, multiplier in triples):
            reject("a negative multiplier")
        return combination((self.row(atom, kind), multiplier) for atom, kind, multiplier in triples)

    def at_opposite(self) -> list[Form | None]:
        """The values of the atoms at -d over the atoms at d; None if unknown."""
        values: list[Form | None] = []
        for shape in self.shapes:
            form = self.mirrored(as_form(shape), values)
            values.append(None if form is None else self.known_relu(form))
        return values

    def mirrored(self, form: Form, values: list[Form | None]) -> Form | None:
        """The form at -d, given the values of its atoms there."""
        total: Form = {}
        for variable, coefficient in form.items():
            if variable < self.inputs:
                add(total, {variable: coefficient}, -1)
                continue
            value = values[variable - self.inputs]
            if value is None:
                return None
            add(total, value, coefficient)
        return total


def dead_kinks(local: Local) -> set[int]:
    """The kinks that are 0 because they read nothing, or only such kinks."""
    dead: set[int] = set()
    while True:
        allowed = {local.inputs + number for number in dead}
        more = {number for number, form in local.kinks.items() if form.keys() <= allowed} - dead
        if not more:
            return dead
        dead |= more


def introduce_atoms(local: Local, kinks: list[int], signs: list[tuple[int, Sign]]) -> tuple[Atoms, list[Form]]:
    """The atoms, and the outputs over inputs and atoms."""
    if len(set(kinks)) < len(kinks) or not set(kinks) <= local.kinks.keys():
        reject("no kink, or a kink twice")
    atoms, steps = Atoms(local.inputs), dict(signs)
    values: dict[int, Form] = {number: {} for number in dead_kinks(local)}

    def substituted(form: Form) -> Form:
        total: Form = {}
        for variable, coefficient in form.items():
            if variable < local.inputs:
                add(total, {variable: coefficient}, 1)
            elif variable - local.inputs in values:
                add(total, values[variable - local.inputs], coefficient)
            else:
                reject("a kink that is needed before it is listed")
        return total

    for number in kinks:
        form = substituted(local.kinks[number])
        step = steps.pop(number, None) if form else None
        if step is None:
            value = atoms.known_relu(form)
            if value is None:
                value = atoms.bent_relu(form)
            values[number] = atoms.introduce(form) if value is None else value
            continue
        if any(kind > 1 for _, kind, _ in step.triples):
            reject("a generator that is not allowed here")
        given = atoms.generated(step.triples)
        if not given or primitive(given)[1] != primitive(combination([(form, step.sign)]))[1]:
            reject("the generators do not give the form")
        values[number] = form if step.sign > 0 else {}
    if steps:
        reject("a sign for a kink that has none to show")
    return atoms, [substituted(form) for form in local.outputs]


# Literals and clauses.


class Clauses:
    """Literals by their shapes, and all clauses that were stated."""

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.numbers: dict[Shape, int] = {}
        self.shapes: list[Shape] = []
        self.stated: list[frozenset[int]] = []

    def without_atoms(self, shape: Shape) -> bool:
        return shape[-1][0] < self.atoms.inputs

    def find(self, shape: Shape) -> int | None:
        """The literal of "shape > 0", if it was met."""
        if self.without_atoms(shape) and shape[0][1] < 0:
            number = self.numbers.get(negative(shape))
            return None if number is None else -number
        return self.numbers.get(shape)

    def meet(self, form: Form) -> list[int]:
        """The literal of "form > 0": none for the zero form."""
        if not form:
            return []
        shape = primitive(form)[1]
        if self.find(shape) is None:
            kept = negative(shape) if self.without_atoms(shape) and shape[0][1] < 0 else shape
            self.shapes.append(kept)
            self.numbers[kept] = len(self.shapes)
        literal = self.find(shape)
        assert literal is not None
        return [literal]

    def state(self, *parts: Iterable[int]) -> None:
        self.stated.append(frozenset().union(*parts))

    def all_met(self, literals: list[int]) -> bool:
        return all(1 <= abs(literal) <= len(self.shapes) for literal in literals)

    def objectives(self, objectives: list[Form], half: list[int] | None) -> None:
        self.state(*[self.meet(form) for form in objectives])
        if half is None:
            return
        form = self.atoms.form(half, 0)
        if not form or max(form) >= self.atoms.inputs:
            reject("half is no form of the inputs alone")
        values = self.atoms.at_opposite()
        shapes = {primitive(objective)[1] for objective in objectives if objective}
        for objective in filter(None, objectives):
            opposite = self.atoms.mirrored(objective, values)
            if not opposite or primitive(opposite)[1] not in shapes:
                reject("the objectives are not symmetric")
        self.state(self.meet(form))

    def threshold(self, number: int, step: Threshold) -> None:
        """State that t_``number``, the variable -``number``, lies between the two parts of a positive form."""
        form, part = (self.atoms.form(flat, number - 1) for flat in step)
        if not form:
            reject("a threshold for the zero form")
        (positive,) = self.meet(form)
        between: Form = {-number: Fraction(1)}
        above = self.meet(combination([(part, 1), (between, -1)]))
        below = self.meet(combination([(between, 1), (part, -1), (form, 1)]))
        self.state([-positive], above)
        self.state([-positive], below)

    def levels(self, step: Levels) -> None:
        """State of each form that it is not positive: it is not at all vectors of zeros and ones.

        A function is an integer whose bit number j is its value at the vector that j is written as, z being the
        lowest bit.
        """
        inputs = self.atoms.inputs
        if not step.triples and not step.forms:
            return
        count = 1 << (inputs + 1)
        if count > MOST_VECTORS:
            reject("too many vectors")
        tables = [sum(1 << vector for vector in range(count) if vector >> place & 1) for place in range(inputs + 1)]
        lattice: list[tuple[Form, int]] = [({}, tables[0])]
        lattice += [({place: Fraction(1)}, tables[place + 1]) for place in range(inputs)]
        sides = {place: (tables[place + 1], tables[0]) for place in range(inputs)}
        for atom, high, low in step.triples:
            if not 0 <= atom < len(self.atoms.shapes) or not 0 <= min(high, low) <= max(high, low) < len(lattice):
                reject("no such atom, or no such lattice form")
            (upper, above), (lower, below) = lattice[high], lattice[low]
            if combination([(upper, 1), (lower, -1)]) != as_form(self.atoms.shapes[atom]):
                reject("the atom is not relu of this difference")
            itself = {inputs + atom: Fraction(1)}
            sides.setdefault(inputs + atom, (above | below, below))
            lattice.append((combination([(lower, 1), (itself, 1)]), above | below))
            lattice.append((combination([(upper, 1), (itself, -1)]), above & below))
        for flat in step.forms:
            form = self.atoms.form(flat, 0)
            if not form or not form.keys() <= sides.keys():
                reject("the zero form, or an atom of no triple")
            parts = [(coefficient, *sides[variable]) for variable, coefficient in form.items()]
            for vector in range(count):
                if sum(factor * ((more >> vector & 1) - (less >> vector & 1)) for factor, more, less in parts) > 0:
                    reject("a form that is positive somewhere")
            (literal,) = self.meet(form)
            self.state([-literal])

    def rule(self, literal: int, atom: int) -> None:
        if not 1 <= literal <= len(self.shapes) or not 0 <= atom < len(self.atoms.shapes):
            reject("no such literal, or no such atom")
        rest = as_form(self.shapes[literal - 1])
        factor = rest.pop(self.atoms.inputs + atom, Fraction(0))
        if not factor:
            reject("the literal does not have this atom")
        without = self.meet(rest)
        passed = self.meet(combination([(rest, 1), (as_form(self.atoms.shapes[atom]), factor)]))
        if factor > 0:
            self.state([-literal], without, passed)
        else:
            self.state([-literal], without)
            self.state([-literal], passed)

    def lemma(self, lemma: Lemma) -> None:
        if not self.all_met(lemma.clause) or len(lemma.multipliers) != len(lemma.clause):
            reject("a literal that was not met, or a multiplier too many or too few")
        total = self.atoms.generated(lemma.triples)
        strict = False
        for literal, multiplier in zip(lemma.clause, lemma.multipliers, strict=True):
            shape = self.shapes[abs(literal) - 1]
            if multiplier < 0:
                reject("a negative multiplier")
            strict |= multiplier > 0 and (literal < 0 or self.without_atoms(shape))
            add(total, as_form(shape), multiplier if literal < 0 else -multiplier)
        for atom, kind, _ in lemma.triples:
            active = self.find(self.atoms.shapes[atom])
            if kind > 1 and (active is None or {2: -active, 3: active}[kind] not in lemma.clause):
                reject("a branch that the clause does not give")
        if total or not strict:
            reject("the rows do not give a contradiction")
        self.state(lemma.clause)

    def derive(self, step: list[int]) -> None:
        literals, hints = step[: step.index(0)], step[step.index(0) + 1 :]
        if not self.all_met(literals) or any(not 1 <= hint <= len(self.stated) for hint in hints) or not hints:
            reject("a literal that was not met, or a hint that is no clause before")
        false = set(literals)
        for hint in hints[:-1]:
            left = self.stated[hint - 1] - false
            if len(left) != 1:
                reject("a hint that does not say anything")
            false.update(-literal for literal in left)
        if not self.stated[hints[-1] - 1] <= false:
            reject("the last hint is not violated")
        self.state(literals)


def check_argument(argument: Argument, local: Local, jacobian: list[list[Fraction]]) -> None:
    """RejectedError unless the argument shows that ``jacobian`` is the only subgradient."""

    def objectives(outputs: list[Form]) -> list[Form]:
        result = []
        for output, row in zip(outputs, jacobian, strict=True):
            linear = {variable: entry for variable, entry in enumerate(row) if entry}
            result += [combination([(output, sign), (linear, -sign)]) for sign in (1, -1)]
        return result

    refute(argument, local, objectives)


def refute(
    argument: Argument,
    local: Local,
    objectives: Callable[[list[Form]], list[Form]],
    constraints: Sequence[Form] = (),
) -> None:
    """RejectedError unless no objective, made of the outputs, is positive where all the constraints are.

    The constraints are forms in the inputs that are positive at one point together (section 10).
    """
    if constraints and argument.half is not None:
        reject("half beside constraints")
    atoms, outputs = introduce_atoms(local, argument.kinks, argument.signs)
    clauses = Clauses(atoms)
    clauses.objectives(objectives(outputs), argument.half)
    for constraint in constraints:
        clauses.state(clauses.meet(constraint))
    for flat in argument.forms:
        if not clauses.meet(atoms.form(flat, len(argument.thresholds))):
            reject("the zero form")
    for number, step in enumerate(argument.thresholds, 1):
        clauses.threshold(number, step)
    clauses.levels(argument.levels)
    for literal, atom in argument.rules:
        clauses.rule(literal, atom)
    for lemma in argument.lemmas:
        clauses.lemma(lemma)
    for derived in argument.derivation:
        clauses.derive(derived)
    if frozenset() not in clauses.stated:
        reject("no contradiction")
