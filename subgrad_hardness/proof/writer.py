"""Writing certificates from what the engines found; never trusted, always verified afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from subgrad_hardness.certificate.argument import Argument, Derivation, LemmaStep, Levels, Pairs, SignStep
from subgrad_hardness.certificate.argument import Threshold as ThresholdStep
from subgrad_hardness.certificate.definitions import Definitions, numbered_relus
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.goals import OneSided, goal_form, opened_within
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Logic
from subgrad_hardness.certificate.refutation import linearity_goals
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import TOO_LONG, too_long
from subgrad_hardness.normal_form.generators import Generator
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.proof.cases import Composition, case_opening
from subgrad_hardness.proof.distinct import direction_matrix
from subgrad_hardness.proof.lrat import Step, refute
from subgrad_hardness.proof.steps import (
    Case,
    Level,
    Origin,
    Proof,
    Rule,
    Threshold,
    forms_of,
    named,
    renamed,
    threshold_number,
    threshold_variable,
)


def unique_certificate(
    program: Program, local: Localisation, subgradient: Element, proof: Proof, limits: Limits
) -> Certificate:
    """The claim that F'(x0; d) = g d everywhere, g being ``subgradient``, argued by ``proof`` (SPEC 4).

    Only the rules and lemmas that the empty clause needs are written.  Raises LimitReached, NoProof
    if the proof is none, and CertificateError for one that no file can hold (as far as that is seen here; see
    ``written.verify_as_written``).  Costs about a run of the SAT solver on the rules and lemmas.
    """
    matrix = direction_matrix(subgradient.directions)
    if not local.net.kinks:  # the localisation, which everybody does for himself, is the whole proof
        return Certificate("unique", program.digest, (matrix,), Argument(()))
    localised = Localised(program)
    passing = localised.branches(matrix)
    goals = partial(linearity_goals, localised=localised, passing=passing)
    argument = _argued(program, local, localised, goals=goals, proof=proof, limits=limits)
    return Certificate("unique", program.digest, (matrix,), argument)


def goals_argument(
    program: Program,
    local: Localisation,
    goals: Sequence[OneSided],
    proof: Proof,
    limits: Limits,
    *,
    constraints: Sequence[tuple[int, ...]] | None = None,
) -> Argument:
    """The argument that no goal is positive under the ``constraints`` (``goals.require_goals_refuted``).

    By default they are the proof's; given they hold at least those.  Raises and costs as ``unique_certificate``.
    """
    localised = Localised(program)

    def forms(definitions: Definitions) -> Iterable[Form]:
        return [goal_form(goal, program, localised, definitions) for goal in goals]

    return _argued(program, local, localised, goals=forms, proof=proof, limits=limits, constraints=constraints)


def case_argument(goals: Sequence[Key], supposed: Sequence[Key], proof: Proof, limits: Limits) -> Case:
    """The case that a proof under constraints makes: no goal is positive where the forms ``supposed`` are.

    ``supposed`` comes back without the forms that the argument does not rest on.  It is written over the proof's normal
    form alone, so that a process can write it that has no more than the question.

    Raises LimitReached, NoProof, and CertificateError for numbers that no file can hold.  Costs about a run of the SAT
    solver on the rules and lemmas.
    """
    _require_short_numbers(proof)
    argument = _Argument(case_opening(proof.normal, goals, supposed), proof, limits)
    places = {argument.logic.clauses[number]: number for number in range(2, 2 + len(supposed))}
    used = {argument.logic.clauses[argument.asked[hint]] for hint in argument.given_hints()}
    kept = [supposed[place - 2] for clause, place in places.items() if clause in used]
    return Case(tuple(kept), argument.written(lambda: case_opening(proof.normal, goals, kept)))


def _argued(
    program: Program,
    local: Localisation,
    localised: Localised,
    *,
    goals: Callable[[Definitions], Iterable[Form]],
    proof: Proof,
    limits: Limits,
    constraints: Sequence[tuple[int, ...]] | None = None,
) -> Argument:
    """The argument of a proof, ``goals`` being the goals over the definitions of its normal form."""
    _require_short_numbers(proof)
    kinks = _kink_numbers(program, local, localised)
    signs = tuple(SignStep(kinks[fact.kink], fact.sign, _numbered(fact.generators)) for fact in proof.normal.signs)
    definitions = Definitions(program, localised, Argument(kinks, signs))
    forms = list(goals(definitions))
    if constraints is None:
        constraints = [_dense(form, localised.size) for form in proof.constraints]

    def fresh() -> Logic:
        return opened_within(definitions, forms, proof.half, constraints)

    return _Argument(fresh(), proof, limits).written(fresh)._replace(kinks=kinks, signs=signs, half=proof.half)


def _dense(form: Key, size: int) -> tuple[int, ...]:
    entries = dict(form)
    return tuple([entries.get(index, 0) for index in range(size)])


def _require_short_numbers(proof: Proof) -> None:
    """Raise CertificateError, before any work is done, for a multiplier that is too long for a file."""
    lists = [*(fact.generators for fact in proof.normal.signs), *(lemma.generators for lemma in proof.lemmas)]
    multipliers = chain((entry for _, _, entry in chain(*lists)), *(lemma.multipliers for lemma in proof.lemmas))
    if any(map(too_long, multipliers)):
        raise CertificateError(TOO_LONG, place="a multiplier")


def _kink_numbers(program: Program, local: Localisation, localised: Localised) -> tuple[int, ...]:
    """The certificate's numbers of the local net's kinks, in their order."""
    relus = numbered_relus(program)
    number_of = {node: number for number, node in enumerate(relus)}
    kinks = [node for node in sorted(relus) if node not in localised.fixed]
    return tuple(number_of[kinks[number]] for number in local.net.kink_numbers)


class _Argument:
    """All rules and lemmas of a proof as clauses, and the steps from them to the empty clause."""

    def __init__(self, logic: Logic, proof: Proof, limits: Limits) -> None:
        self.logic = logic
        self.limits = limits
        self.lattice = proof.lattice
        composition = None if proof.cases is None else Composition(logic, proof.cases)
        self.origins: list[Origin] = [*proof.thresholds, *proof.levels, *proof.rules, *proof.lemmas]
        if composition is not None:
            self.origins = composition.origins
        self.thresholds = sum(isinstance(origin, Threshold) for origin in self.origins)  # they come first
        self.origin_of: dict[int, int] = {}  # clause number -> number of its origin
        for number, origin in enumerate(self.origins):
            before = len(logic.clauses)
            _state(logic, origin)
            self.origin_of.update(dict.fromkeys(range(before, len(logic.clauses)), number))
        self.asked: list[int] = []  # clause numbers, as the solver gets them
        self.steps: dict[int, Step] = {}
        if all(logic.clauses[1:]):
            self.asked = [
                number
                for number, clause in enumerate(logic.clauses)
                if clause and not any(-literal in clause for literal in clause)
            ]
            clauses = [logic.clauses[number] for number in self.asked]
            if composition is not None:
                self.steps = composition.steps(clauses, limits)
            else:
                self.steps = refute([sorted(clause, key=abs) for clause in clauses], limits)

    def given_hints(self) -> set[int]:
        """The places in ``asked`` of the clauses that the steps rest on."""
        return {hint for step in self.steps.values() for hint in step.hints if hint < len(self.asked)}

    def written(self, fresh: Callable[[], Logic]) -> Argument:
        """The argument, numbered anew over ``fresh()``, which holds the opening clauses only.  Raises LimitReached."""
        logic = fresh()
        needed = self.given_hints()
        numbers = {self.origin_of.get(self.asked[hint], -1) for hint in needed} - {-1}
        kept = self._kept(numbers)
        names = {threshold_variable(old): threshold_variable(new) for new, old in enumerate(kept)}
        origins = [renamed(self.origins[number], names) for number in sorted(numbers.union(kept))]
        forms = _unmet(fresh(), origins)
        for form in forms:
            logic.literal(dict(form))
        written = [_state(logic, origin) for origin in origins]
        translated = _Translation(self.logic, logic, names)
        number_of = {clause: number for number, clause in reversed(list(enumerate(logic.clauses)))}
        position: dict[int, int] = {}  # of each hint its clause number here
        for hint in needed:
            position[hint] = number_of[frozenset(translated(self.logic.clauses[self.asked[hint]]))]
        derivation: list[Derivation] = []
        for number, step in self.steps.items():
            self.limits.check()
            position[number] = len(logic.clauses) + len(derivation)
            hints = tuple([position[hint] for hint in step.hints])
            derivation.append(Derivation(translated(step.clause), hints))
        levels = tuple(step.form for step in written if isinstance(step, Level))
        return Argument(
            (),
            forms=forms,
            rules=tuple(step for step in written if not isinstance(step, LemmaStep | ThresholdStep | Level)),
            lemmas=tuple(step for step in written if isinstance(step, LemmaStep)),
            derivation=tuple(derivation),
            thresholds=tuple(step for step in written if isinstance(step, ThresholdStep)),
            levels=Levels(self.lattice, levels) if levels else None,
        )

    def _kept(self, numbers: Iterable[int]) -> list[int]:
        """The thresholds that are needed themselves or that a needed step names, in order; steps by their numbers."""
        kept: set[int] = set()
        stack = list(numbers)
        while stack:
            number = stack.pop()
            if number < self.thresholds:
                if number in kept:
                    continue
                kept.add(number)
            stack += {
                threshold_number(variable)
                for form in forms_of(self.origins[number])
                for variable, _ in form
                if variable < 0
            }
        return sorted(kept)


class _Translation:
    """Literals of one logic by the numbers of another one, in which thresholds have other ``names``."""

    def __init__(self, source: Logic, target: Logic, names: Mapping[int, int]) -> None:
        self.source, self.target, self.names = source, target, names
        self.known: dict[int, int] = {}

    def __call__(self, literals: Iterable[int]) -> tuple[int, ...]:
        """The literals, in their order; each is looked up once, as derived clauses are many and literals are few."""
        for literal in literals:
            if literal not in self.known:
                found = self.target.literal(dict(named(self.source.form(literal), self.names)))
                self.known[literal], self.known[-literal] = (found, -found) if literal > 0 else (-found, found)
        return tuple(map(self.known.__getitem__, literals))


def _state(logic: Logic, origin: Origin) -> ThresholdStep | Level | tuple[int, int] | LemmaStep:
    """Add the clauses of a step; what the certificate writes of it."""
    if isinstance(origin, Threshold):
        logic.split(*origin, "a threshold")
        return ThresholdStep(*origin)
    if isinstance(origin, Level):  # what is behind it is the verifier's to check, which takes long
        logic.state([-logic.literal(dict(origin.form))])
        return origin
    if isinstance(origin, Rule):
        rule = logic.literal(dict(origin.form)), origin.atom
        logic.rule(*rule, "a rule")
        return rule
    clause = tuple([(1 if positive else -1) * logic.literal(dict(form)) for form, positive in origin.clause])
    lemma = LemmaStep(clause, origin.multipliers, _numbered(sorted(origin.generators, reverse=True)))
    logic.lemma(*lemma, "a lemma")
    return lemma


def _numbered(generators: Iterable[Generator]) -> tuple[tuple[int, int, int], ...]:
    """The generators as a certificate writes them, with the numbers of their kinds."""
    return tuple([(atom, int(kind), multiplier) for atom, kind, multiplier in generators])


def _unmet(logic: Logic, origins: Sequence[Origin]) -> tuple[Pairs, ...]:
    """The forms that the origins need and that no goal and no earlier rule brings; ``logic`` is used up."""
    forms: list[Pairs] = []

    def meet(form: Pairs) -> int:
        before = len(logic.keys)
        literal = logic.literal(dict(form))
        if len(logic.keys) > before:
            forms.append(form)
        return literal

    for origin in origins:
        if isinstance(origin, Threshold):
            logic.split(*origin, "a threshold")
        elif isinstance(origin, Level):
            logic.literal(dict(origin.form))
        elif isinstance(origin, Rule):
            logic.rule(meet(origin.form), origin.atom, "a rule")
        else:
            for form, _ in origin.clause:
                meet(form)
    return tuple(forms)
