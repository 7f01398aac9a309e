"""Single terms of a goal, stated beforehand: the clauses of a formula, lemmas that hold, nothing else."""

from __future__ import annotations

from support.lemmas import check_lemmas
from support.phase_nets import nets

from subgrad_hardness import check, generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.lemmas import PhaseLemmas
from subgrad_hardness.engine.phase.single_terms import state_single_terms
from subgrad_hardness.local.localise import localise
from subgrad_hardness.normal_form.linear_form import key_of
from subgrad_hardness.proof.steps import Literal
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


class Told(PhaseLemmas):
    """Keeps the clauses that the solver is given."""

    def __init__(self, goals: GoalForms) -> None:
        self.clauses: list[list[Literal]] = []
        super().__init__(goals.normal, goals.coordinates, goals.half)

    def tell(self, clause: list[Literal]) -> None:  # type: ignore[override]
        self.clauses.append(list(clause))
        super().tell(clause)


def number_of(literal: Literal) -> int:
    """The formula's number of a literal over one input."""
    ((index, _),) = literal.form
    return 1 + index if literal.positive else -1 - index


def stated(question: Question) -> Told:
    goals = Session(question.net).goal_forms(question, Limits())
    store = Told(goals)
    for block in goals.split.blocks:
        state_single_terms(store, Literal(key_of(block.form), True), Limits())
    return store


def test_the_clauses_of_three_layers_are_the_formula() -> None:
    for seed, variables in enumerate((6, 10, 20, 30)):
        program = generate("3sat", variables=variables, ratio="4.26", seed=seed, form="layers3")
        store = stated(pose(program, 0, localise(program)).question)
        found = {frozenset(map(number_of, clause[1:])) for clause in store.clauses if len(clause) == 4}
        assert program.provenance is not None
        source = program.provenance["source"]["clauses"]
        assert found == set(map(frozenset, source))
        check_lemmas(store.normal, store.lemmas)
        assert sum(len(lemma.generators) for lemma in store.lemmas) < 20 * len(source) * len(source).bit_length()


def test_after_them_the_solver_alone_refutes() -> None:
    program = generate("3sat", variables=30, ratio=6, seed=1, form="layers3")
    store = stated(pose(program, 0, localise(program)).question)
    result = check(program, solver="phase", certify=True)
    assert (result.verdict, result.certified) == ("unique", True)
    assert result.effort is not None
    assert result.effort["lemmas"] == len(store.lemmas) + 1  # the theory adds that -F is not positive, and no more


def test_stating_twice_says_nothing_new() -> None:
    program = generate("3sat", variables=10, ratio=4, seed=1, form="layers3")
    question = pose(program, 0, localise(program)).question
    goals = Session(question.net).goal_forms(question, Limits())
    store = Told(goals)
    for _ in range(2):
        for block in goals.split.blocks:
            state_single_terms(store, Literal(key_of(block.form), True), Limits())
    assert len(set(map(frozenset, store.clauses))) == len(store.clauses)


def test_the_negative_of_a_kink_is_not_the_kink() -> None:
    """The goals of F = relu(w) are F and -F, and F > 0 alone says anything of w."""
    program = generate("3sat", variables=6, ratio=9, seed=0, form="layers3")
    store = stated(pose(program, 0, localise(program)).question)
    inputs = store.normal.inputs
    assert all(
        not (len(lemma.clause[0].form) == 1 and lemma.clause[0].form[0][0] >= inputs and lemma.clause[0].form[0][1] < 0)
        for lemma in store.lemmas
    )
    check_lemmas(store.normal, store.lemmas)


def test_all_that_is_stated_of_other_nets_holds() -> None:
    some = 0
    for posed in nets():
        store = stated(posed.question)
        check_lemmas(store.normal, store.lemmas)
        some += bool(store.lemmas)
    assert some
