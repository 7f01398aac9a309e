"""One refutation from those of cases: the cases' clauses, weakened by what each case supposes, and their resolution.

A case refutes the goals where some forms in the inputs alone are positive: its steps rest on the unit clauses "l > 0".
Without these, a clause C that a step derives becomes C or not l_1 > 0 or ... or not l_k > 0, with the suppositions that
it rests on; the step is one of unit propagation as before, because the clause's own negation supposes them.  What a
case derives in the end, the empty clause, becomes a clause of negated suppositions.  Two cases that differ in the sign
of a form l have clauses that resolve on l: not l > 0 is -l > 0 (SPEC 4, strict phases).  A clause that does not rest on
l refutes both.  So the tree of cases folds, leaf by leaf, into the empty clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from subgrad_hardness.certificate.logic import Clause, Logic, Rejected
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.normal_form.generators import GeneratorKind
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.lrat import NoProof, Step
from subgrad_hardness.proof.steps import (
    Case,
    Cases,
    Fork,
    Lemma,
    Literal,
    Origin,
    Rule,
    Threshold,
    named,
    threshold_variable,
)


def case_opening(normal: NormalForm, goals: Iterable[Key], supposed: Iterable[Key]) -> Logic:
    """The opening clauses of a case: one of the goals is positive, and so is each supposed form."""
    return _opening(Logic(normal.inputs, [tuple(form.items()) for form in normal.atoms]), goals, supposed)


def _opening(logic: Logic, goals: Iterable[Key], supposed: Iterable[Key]) -> Logic:
    logic.state([logic.literal(dict(form)) for form in goals])
    for form in supposed:
        logic.state([logic.literal(dict(form))])
    return logic


class _Replayed(NamedTuple):
    """A case in the literals of the whole argument: the clauses that it is given, by its own numbers, which of them say
    what is supposed, and its steps."""

    clauses: list[Clause]
    supposed: dict[int, int]
    steps: list[Step]


class Composition:
    """The origins of all cases, each once, and the steps that fold them.

    ``logic`` holds the opening clauses of the whole argument, and is asked for literals.  Raises NoProof for cases that
    name what there is not.
    """

    def __init__(self, logic: Logic, cases: Cases) -> None:
        self.logic = logic
        self.cases = cases
        self.given = {clause: next(iter(clause)) for clause in logic.clauses[2:] if len(clause) == 1}
        self._thresholds: list[Threshold] = []
        self._origins: dict[Rule | Lemma, None] = {}
        self._replayed: dict[int, _Replayed] = {}  # by the identity of the case
        try:
            for case in _leaves(cases.tree):
                self._replayed[id(case)] = self._replay(case)
        except (IndexError, Rejected) as problem:
            raise NoProof(f"a case's argument is none: {problem}") from None
        self.origins: list[Origin] = [
            *self._thresholds,
            *(origin for origin in self._origins if isinstance(origin, Rule)),
            *(origin for origin in self._origins if isinstance(origin, Lemma)),
        ]

    def _replay(self, case: Case) -> _Replayed:
        """The case's clauses as it numbers them, and what it rests on added to the origins."""
        argument = case.argument
        local = _opening(Logic(self.logic.inputs, self.logic.atoms), self.cases.goals, case.supposed)
        opening = len(local.clauses)
        names = {  # each case has thresholds of its own
            threshold_variable(place): threshold_variable(len(self._thresholds) + place)
            for place in range(len(argument.thresholds))
        }

        def form_of(literal: int) -> Key:
            return named(local.form(literal), names)

        for form in argument.forms:
            local.literal(dict(form))
        for form, part in argument.thresholds:
            local.split(form, part, "a case's threshold")
            self._thresholds.append(Threshold(named(form, names), named(part, names)))
        for literal, atom in argument.rules:
            local.rule(literal, atom, "a case's rule")
            self._origins[Rule(form_of(literal), atom)] = None
        for clause, multipliers, generators in argument.lemmas:
            local.state([local.known(literal, "a case's lemma") for literal in clause])
            literals = tuple([Literal(form_of(literal), literal > 0) for literal in clause])
            kinds = tuple([(atom, GeneratorKind(kind), entry) for atom, kind, entry in generators])
            self._origins[Lemma(literals, multipliers, kinds)] = None
        number = [0, *(self.logic.literal(dict(form_of(literal))) for literal in range(1, len(local.keys)))]

        def translated(literals: Iterable[int]) -> list[int]:
            known = [local.known(literal, "a case's derivation") for literal in literals]
            return [number[literal] if literal > 0 else -number[-literal] for literal in known]

        clauses = [frozenset(translated(clause)) for clause in local.clauses]
        supposed = {
            place: next(iter(clauses[place])) for place in range(2, opening) if clauses[place] not in self.given
        }
        return _Replayed(
            clauses, supposed, [Step(translated(clause), list(hints)) for clause, hints in argument.derivation]
        )

    def steps(self, clauses: Sequence[Clause], limits: Limits) -> dict[int, Step]:
        """Steps from ``clauses``, those that hold by the opening and the origins, to the empty clause; only what that
        rests on.  Linear in the cases' arguments.  Raises NoProof, LimitReached."""
        folding = _Folding(clauses)

        def folded(tree: Case | Fork) -> int:
            limits.check()
            if isinstance(tree, Case):
                return folding.case(self._replayed[id(tree)])
            literal = self.logic.literal(dict(tree.form))
            positive = folded(tree.positive)
            if -literal not in folding.clauses[positive]:
                return positive
            negative = folded(tree.negative)
            if literal not in folding.clauses[negative]:
                return negative
            rest = (folding.clauses[positive] | folding.clauses[negative]) - {literal, -literal}
            return folding.step({-other for other in rest}, [positive, negative])

        last = folded(self.cases.tree)
        units = [folding.number[clause] for clause in self.given]
        return folding.trimmed(folding.step(set(), [*units, last]), len(clauses))


class _Folding:
    """The clauses derived so far, numbered after the given ones, each once."""

    def __init__(self, given: Sequence[Clause]) -> None:
        self.clauses = list(given)
        self.number = {clause: place for place, clause in reversed(list(enumerate(given)))}
        self.steps: dict[int, Step] = {}

    def case(self, replayed: _Replayed) -> int:
        """The clause of negated suppositions that a case derives in the end."""
        supposed = set(replayed.supposed.values())
        derived: list[int] = []
        count = len(replayed.clauses)
        for clause, hints in replayed.steps:
            used = []
            for hint in hints:
                if hint in replayed.supposed:
                    continue
                if not 0 < hint < count + len(derived):
                    raise NoProof("a case's step has a hint that is no clause before it")
                used.append(self.number[replayed.clauses[hint]] if hint < count else derived[hint - count])
            derived.append(self.step({*supposed, *(-literal for literal in clause)}, used))
        if not derived or not self.clauses[derived[-1]] <= {-literal for literal in supposed}:
            raise NoProof("a case does not end in the empty clause")
        return derived[-1]

    def step(self, true: set[int], hints: Iterable[int]) -> int:
        """The number of the clause that the literals ``true`` are refuted by, as far as the hints need them.

        The hints are followed as the verifier follows them; what they propagate without need is left out, and so are
        the literals that the violated clause does not rest on.
        """
        true = set(true)
        reasons: list[tuple[int, int]] = []
        for hint in hints:
            free = [literal for literal in self.clauses[hint] if -literal not in true]
            if not free:
                return self._analysed(hint, reasons)
            if len(free) > 1:
                raise NoProof("a case's step has a hint that leaves several literals")
            if free[0] not in true:
                true.add(free[0])
                reasons.append((hint, free[0]))
        raise NoProof("a case's step does not end in a violated clause")

    def _analysed(self, violated: int, reasons: list[tuple[int, int]]) -> int:
        needed = {-literal for literal in self.clauses[violated]}
        hints = [violated]
        for hint, literal in reversed(reasons):
            if literal in needed:
                needed.remove(literal)
                needed.update(-other for other in self.clauses[hint] if other != literal)
                hints.append(hint)
        clause = frozenset(-literal for literal in needed)
        if clause not in self.number:
            self.number[clause] = len(self.clauses)
            self.steps[len(self.clauses)] = Step(sorted(clause, key=abs), hints[::-1])
            self.clauses.append(clause)
        return self.number[clause]

    def trimmed(self, empty: int, given: int) -> dict[int, Step]:
        """The steps that the empty clause rests on, numbered without gaps."""
        needed: set[int] = set()
        stack = [empty]
        while stack:
            number = stack.pop()
            if number >= given and number not in needed:
                needed.add(number)
                stack += self.steps[number].hints
        names = {number: given + place for place, number in enumerate(sorted(needed))}
        return {
            names[number]: Step(self.steps[number].clause, [names.get(hint, hint) for hint in self.steps[number].hints])
            for number in sorted(needed)
        }


def _leaves(tree: Case | Fork) -> Iterable[Case]:
    stack = [tree]
    while stack:
        tree = stack.pop()
        if isinstance(tree, Case):
            yield tree
        else:
            stack += (tree.negative, tree.positive)
