"""One theory check of the phase engine keeps what it promises at every step, and every lemma is one, needed or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from support.conformance import CASES
from support.lemmas import check_lemmas
from support.phase_nets import Few, looks, nets
from support.posed import Posed, judge, pose

from subgrad_hardness import generate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.phase import theory as module
from subgrad_hardness.engine.phase.lemmas import PhaseLemmas, negated
from subgrad_hardness.engine.phase.theory import Evaluated, TheoryCheck
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import Key, key_of
from subgrad_hardness.proof.steps import Lemma, Literal
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.session import Session
from subgrad_hardness.solvers.sat import Cdcl

PHASE = ENGINES["phase"]


class Watched(TheoryCheck):
    """A theory check that is checked step by step; ``met`` counts what happened."""

    def __init__(self, store: PhaseLemmas, goal: Literal, model: set[int], start: Evaluated, met: Counter[str]) -> None:
        super().__init__(store, goal, model, start)
        self.met = met

    def run(self, limits: Limits) -> bool:
        before, start = len(self.store.lemmas), self.current.point
        self.moves = 0
        self.tried: set[Literal] = set()
        stated = bool(self.rows)
        self.check_start()
        found = super().run(limits)
        new = self.store.lemmas[before:]
        self.met["found" if found else "lost"] += 1
        if found:
            assert self.value(self.goal.form) > 0
            assert not new
            assert self.moves or not stated or self.current.point == start
        else:
            assert any(self.violated(lemma) for lemma in new)
            assert len({frozenset(lemma.clause) for lemma in new}) == len(new)
        assert self.moves or not stated
        return found

    def check_start(self) -> None:
        """Stated is what the model says of forms over the inputs; guarded, of phases over kinks."""
        inputs = self.store.normal.inputs
        said = {
            Literal(form, variable in self.model)
            for form, variable in self.store.variables.items()
            if {variable, -variable} & self.model
        }
        linear = {literal for literal in said if literal.form[-1][0] < inputs}
        deep = {literal for literal in said - linear if literal.form in {phase.form for phase in self.store.phases}}
        assert linear <= {self.store.rows[number].literal for number in self.rows}
        assert deep <= set(self.guarded)
        assert len(set(self.rows)) == len(self.rows)
        assert all(literal.form[-1][0] >= inputs for literal in self.guarded)

    def violated(self, lemma: Lemma) -> bool:
        return all(self.truth(literal.form) != literal.positive for literal in lemma.clause)

    def truth(self, form: Key) -> bool:
        """By the model, or the phase that was chosen where the model says nothing; no for what is refuted."""
        if form not in self.store.variables:
            assert any(len(lemma.clause) == 2 and lemma.clause[0] == (form, False) for lemma in self.store.lemmas)
            return False
        variable = self.store.variables[form]
        if variable in self.model or -variable in self.model:
            return variable in self.model
        phases = self.store.phases
        return any(phases[k].form == form and passes == phases[k].positive for k, passes in self.chosen.items())

    def phase(self, atom: int) -> bool:
        known = self.chosen.get(atom)
        before, guarded = len(self.rows), len(self.guarded)
        passes = super().phase(atom)
        assert self.chosen[atom] == passes
        if known is not None:
            assert passes == known
            return passes
        literal = self.store.phases[atom]
        variable = self.store.variable(literal)
        if variable in self.model or -variable in self.model:
            assert passes == (variable in self.model)
            assert (len(self.rows), len(self.guarded)) == (before, guarded)
            return passes
        assert passes == (self.value(key_of(self.store.normal.atoms[atom])) > 0)
        wanted = literal if passes else negated(literal)
        if max(self.store.normal.atoms[atom]) < self.store.normal.inputs:
            assert self.store.rows[self.rows[-1]] == (wanted, None)
            assert (len(self.rows), len(self.guarded)) == (before + 1, guarded)
        else:
            assert self.guarded[-1] == wanted
            assert (len(self.rows), len(self.guarded)) == (before, guarded + 1)
        self.met["a phase of the point"] += 1
        return passes

    def levels(self) -> Iterator[tuple[int, bool]]:
        """Of each row its value at the point, and whether it is strict."""
        for number in self.rows:
            literal, bound = self.store.rows[number]
            sign = 1 if literal.positive else -1
            form = [(v, sign * c) for v, c in literal.form] if bound is None else bound.row.items()
            yield sum(c * self.current.point[v] for v, c in form), bound is None or literal.positive

    def next_point(self, limits: Limits) -> bool:
        self.moves += 1
        moved = super().next_point(limits)
        assert not moved or all(level > 0 or (level == 0 and not strict) for level, strict in self.levels())
        return moved

    def first_wrong(self) -> Literal | None:
        found = super().first_wrong()
        wrong = [literal for literal in self.guarded if (self.value(literal.form) > 0) != literal.positive]
        assert found == (wrong[0] if wrong else None)
        self.met["a guarded literal is wrong"] += bool(wrong)
        return found

    def cut(self, literal: Literal) -> bool:
        assert (self.value(literal.form) > 0) != literal.positive
        lemmas = len(self.store.lemmas)
        assert literal == (self.first_wrong() or self.goal)
        made = super().cut(literal)
        new = len(self.store.lemmas) - lemmas
        if made:
            assert not new
            *_, (level, strict) = self.levels()
            assert level <= 0 if strict else level < 0
            assert self.store.rows[self.rows[-1]].literal == literal
            assert strict == literal.positive
        else:
            assert literal.positive
            assert 0 < new <= module._MOST_AT_ONCE
        self.met["a strict cut" if literal.positive else "a weak cut"] += made
        self.met["several lemmas of a point"] += new > 1
        return made

    def ask_whole(self, literal: Literal, limits: Limits) -> bool:
        assert literal.positive
        assert self.store.one_layer(literal.form)
        assert literal not in self.tried
        self.tried.add(literal)
        moved = super().ask_whole(literal, limits)
        if moved:
            assert all(level >= 0 for level, _ in self.levels())
            total = 0
            for variable, coefficient in literal.form:
                atom = variable - self.store.normal.inputs
                if atom < 0 or coefficient < 0:
                    total += coefficient * self.current.values[variable]
                elif self.chosen[atom]:
                    total += coefficient * self.value(key_of(self.store.normal.atoms[atom]))
            assert total > 0
        self.met["hinges decide" if not moved else "hinges lead on"] += 1
        return moved


def satisfied(clauses: list[list[int]]) -> str:
    """The verdict on the net of a formula."""
    solver = Cdcl()
    for clause in clauses:
        solver.add(clause)
    return "unique" if solver.solve(Limits()) is None else "distinct"


def families() -> Iterator[Posed]:
    """Sums of many relus."""
    programs = [
        generate("zonotope", inputs=3, inner=3, outer=5, seed=1),
        generate("zonotope", inputs=4, inner=3, outer=6, construction="scaled", seed=2),
        generate("maxcut", vertices=5, offset=0, seed=5),
        generate("maxcut", vertices=6, offset=1, seed=6),
        generate("naesat", variables=5, ratio=2, form="layers2", seed=0),
        generate("clique", vertices=6, offset=1, seed=3),
        generate("lattice", seed=1),
        *(generate("3sat", variables=12, ratio="4.26", seed=seed, form="layers3") for seed in range(8)),
    ]
    for number, program in enumerate(programs):
        known = program.provenance or {}
        yield pose(str(number), to_mapping(program), known["verdict"] or satisfied(known["source"]["clauses"]), number)


def decided(posed: Posed, met: Counter[str], *, few: bool = False) -> None:
    """The engine's loop over goals and models, with watched checks; what was learned stays when a limit comes."""
    question = posed.question
    goals = Session(question.net).goal_forms(question, Limits())
    store = PhaseLemmas(goals.normal, goals.coordinates, goals.half)
    current = Evaluated.at(goals.normal, Stream(question.seed, "phase").direction(question.net.inputs, 9))
    for block in goals.split.blocks:
        goal = Literal(key_of(block.form), True)
        allowed = looks()
        found = False
        while not found:
            model = store.search.model([store.variable(goal)], Limits())
            if model is None:
                break
            check = Watched(store, goal, set(model), current, met)
            Few.left = next(allowed)
            try:
                found = check.run(Few() if few else Limits())
            except LimitReached:
                met["stopped"] += 1
            current = check.current
        if found:
            assert posed.verdict == "distinct", posed
            assert question.holds(goals.witness(question, block, current.point))
            break
    else:
        assert posed.verdict == "unique", posed
    check_lemmas(store.normal, store.lemmas)


def test_checks_of_dense_nets_and_of_the_table() -> None:
    met: Counter[str] = Counter()
    for posed in (*nets(), *(pose(case.name, case.net, case.verdict, 8) for case in CASES)):
        decided(posed, met)
    assert len(met) == 9
    assert met.pop("several lemmas of a point")
    assert min(met.values()) > 20, met


def test_checks_that_are_interrupted() -> None:
    met: Counter[str] = Counter()
    for posed in nets()[::3]:
        decided(posed, met, few=True)
    assert min(met[what] for what in ("found", "lost", "stopped")) > 10, met


def test_checks_at_sums_of_many_relus() -> None:
    met: Counter[str] = Counter()
    for posed in families():
        decided(posed, met)
    assert met["hinges decide"] > 20 < met["several lemmas of a point"]


def test_one_lemma_of_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 1)
    met: Counter[str] = Counter()
    for posed in families():
        decided(posed, met)
    assert met["several lemmas of a point"] == 0


def test_the_engine_decides_them_all() -> None:
    """At once, and stopped again and again."""
    for number, posed in enumerate((*nets(), *families())):
        run = PHASE.start(posed.question, patient=True)
        for Few.left in looks():
            answer = run(Limits() if number % 3 else Few())
            if not isinstance(answer, Undecided):
                break
        assert judge(PHASE, posed, answer)
        if isinstance(answer, Refutation) and answer.proof is not None:
            check_lemmas(answer.proof.normal, answer.proof.lemmas)
