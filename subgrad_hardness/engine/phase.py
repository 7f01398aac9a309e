"""Decide by phases of kinks, a CDCL solver and exact cones (SPEC 5.4), for sums of many relus.

"v > 0 somewhere" is asked over the inputs d and one variable a_k for each kink.  Always a_k >= 0 and
a_k >= z_k.  A kink all of whose chains of gains to the objective have a negative product needs no
more: raising a_k above relu(z_k) only lowers v, so any solution is a true one.  Every other kink has
a phase: z_k > 0 and a_k <= z_k, or a_k <= 0.  The solver proposes phases, the exact cone answers with
a point or with multipliers whose phases become a conflict clause.  Phases are asserted lazily, only
those of kinks that a relaxed solution has got wrong, so that clauses stay short.
"""

from __future__ import annotations

from subgrad_hardness.engine.contract import Answer, Question, Refutation, Undecided, Witness
from subgrad_hardness.engine.objectives import normal_objectives
from subgrad_hardness.limits import Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import NormalForm

# The solver is asked in slices of this many conflicts, so that limits and Ctrl-C are seen.
_CONFLICTS = 2000
#: A pivot costs the square of inputs plus kinks; beyond this it is another engine's turn.
MOST_VARIABLES = 1500


def decide(question: Question, limits: Limits) -> Answer:
    """Decide all outputs and both signs, one after another.  Raises LimitReached."""
    normal, roots = normal_objectives(question, limits)
    if not roots:
        return Refutation("the normal form is linear")
    size = normal.inputs + len(normal.atoms)
    if size > MOST_VARIABLES:
        return Undecided(f"phase: {size} inputs and kinks, more than {MOST_VARIABLES}")
    cone = _Cone(normal)
    clauses = 0
    for root in roots:
        search = _Search(cone, normal, root, question)
        try:
            witness = search.run(limits)
        finally:
            search.close()
        if witness is not None:
            return Witness(witness)
        clauses += search.clauses
    return Refutation(f"{clauses} phase conflicts over {len(normal.atoms)} kinks, each with exact multipliers")


class _Cone:
    """The exact cone over inputs and kink variables, shared by all objectives.

    Form numbers by kink: ``always[k]`` are a >= 0 and a >= z, ``passing[k]`` is a <= z, ``blocked[k]``
    is a <= 0.
    """

    def __init__(self, normal: NormalForm) -> None:
        self.exact = StrictCone(normal.inputs + len(normal.atoms))
        self.always: list[tuple[int, int]] = []
        self.passing: list[int] = []
        self.blocked: list[int] = []
        for kink, form in enumerate(normal.atoms):
            variable = normal.inputs + kink
            above = {variable: 1, **{index: -entry for index, entry in form.items()}}
            below = {index: -entry for index, entry in above.items()}
            self.always.append((self.add({variable: 1}), self.add(above)))
            self.passing.append(self.add(below))
            self.blocked.append(self.add({variable: -1}))

    def add(self, form: Form, strict: bool = False) -> int:
        return self.exact.add_sparse(tuple(form), tuple(form.values()), strict)


def polarities(normal: NormalForm, objective: Form) -> list[tuple[bool, bool]]:
    """For each kink: is there a chain to the objective with positive, with negative gain product?

    Over all chains, as SPEC 5.4 demands: the sign of the direct coefficient alone is not enough.
    """
    signs = [(False, False)] * len(normal.atoms)

    def reach(form: Form, positive: bool, negative: bool) -> None:
        for variable, coefficient in form.items():
            if variable >= normal.inputs:
                kink = variable - normal.inputs
                up, down = (positive, negative) if coefficient > 0 else (negative, positive)
                signs[kink] = (signs[kink][0] or up, signs[kink][1] or down)

    reach(objective, True, False)
    for kink in range(len(normal.atoms) - 1, -1, -1):
        if any(signs[kink]):
            reach(normal.atoms[kink], *signs[kink])
    return signs


class _Search:
    """One objective: the CDCL solver over phases, and the kinks whose phases are asserted."""

    def __init__(self, cone: _Cone, normal: NormalForm, objective: Form, question: Question) -> None:
        from pysat.solvers import Solver

        self.cone = cone
        self.normal = normal
        self.question = question
        signs = polarities(normal, objective)
        self.reached = [kink for kink, sign in enumerate(signs) if any(sign)]
        self.choosing = [kink for kink in self.reached if signs[kink][0]]
        self.base = [number for kink in self.reached for number in cone.always[kink]]
        self.base.append(cone.add(objective, strict=True))
        self.asserted: list[int] = []
        self.clauses = 0
        self.solver = Solver(name="glucose4")
        self.solver.add_clause([len(normal.atoms) + 1])  # the solver wants at least one variable

    def run(self, limits: Limits) -> tuple[int, ...] | None:
        """A direction with objective > 0, or None.  Raises LimitReached."""
        while True:
            model = self._model(limits)
            if model is None:
                return None
            phase_rows = {
                (self.cone.passing if kink + 1 in model else self.cone.blocked)[kink]: kink for kink in self.asserted
            }
            answer = self.cone.exact.solve([*self.base, *phase_rows], limits)
            if isinstance(answer, Feasible):
                direction = answer.point[: self.normal.inputs]
                if self.question.separates(direction):
                    return direction
                self._assert_wrong(answer.point)
                continue
            culprits = [phase_rows[number] for number in answer.forms if number in phase_rows]
            self.clauses += 1
            self.solver.add_clause([-(kink + 1) if kink + 1 in model else kink + 1 for kink in culprits])
            if not culprits:
                return None

    def _model(self, limits: Limits) -> set[int] | None:
        answer = None
        while answer is None:
            limits.check()
            self.solver.conf_budget(_CONFLICTS)
            answer = self.solver.solve_limited()
        return {literal for literal in self.solver.get_model() if literal > 0} if answer else None

    def _assert_wrong(self, point: tuple[int, ...]) -> None:
        """Assert the phase of the first kink (in topological order) whose value is not its relu."""
        known = set(self.asserted)
        for kink in self.choosing:
            form = self.normal.atoms[kink]
            preactivation = sum(coefficient * point[variable] for variable, coefficient in form.items())
            if kink not in known and point[self.normal.inputs + kink] != max(preactivation, 0):
                self.asserted.append(kink)
                self.solver.set_phases([kink + 1 if preactivation > 0 else -(kink + 1)])
                return
        raise AssertionError("a relaxed solution without a wrong kink separates")

    def close(self) -> None:
        self.solver.delete()
