"""A session: one net, asked many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.question.question import Question

# Multiplying out and the normal form are loaded when they are asked for: most nets with two subgradients show them
# before that.
if TYPE_CHECKING:
    from subgrad_hardness.normal_form.flatten import FlatNet
    from subgrad_hardness.normal_form.normal_form import KinkValues, NormalForm
    from subgrad_hardness.question.goal_forms import GoalForms

Kept = TypeVar("Kept")


class Session:
    """What is costly about one net, computed at most once for all questions about it.

    The multiplied-out net and its normal form; what engines keep about the net from one question to the next
    (circuits, clauses, cones, lemmas: all of them statements about the net alone); and, until another question
    comes, what they keep about the question, so that a run that a limit stopped goes on when it is asked again.

    Not thread-safe, and not for pickling: another process starts a session of its own.
    """

    def __init__(self, net: LocalNet) -> None:
        self.net = net
        self._flat: FlatNet | None = None
        self._normal: tuple[NormalForm, KinkValues] | None = None
        self._of_net: dict[str, Any] = {}
        self._question: Question | None = None
        self._of_question: dict[str, Any] = {}

    def flat(self, limits: Limits) -> FlatNet:
        """The net with its sums multiplied out.  Raises LimitReached."""
        if self._flat is None:
            from subgrad_hardness.normal_form.flatten import flatten

            self._flat = flatten(self.net, limits)
        return self._flat

    def normal(self, limits: Limits) -> NormalForm:
        """The normal form.  Raises LimitReached."""
        return self._normalised(limits)[0]

    def kink_values(self, limits: Limits) -> KinkValues:
        """What each kink of the flat net is in the normal form.  Raises LimitReached."""
        return self._normalised(limits)[1]

    def _normalised(self, limits: Limits) -> tuple[NormalForm, KinkValues]:
        if self._normal is None:
            from subgrad_hardness.normal_form.normal_form import normalised

            self._normal = normalised(self.flat(limits), limits)
        return self._normal

    def goal_forms(self, question: Question, limits: Limits) -> GoalForms:
        """The goals of ``question`` over the normal form.  Raises LimitReached."""
        from subgrad_hardness.question.goal_forms import goal_forms

        normal = self.normal(limits)
        return self.of_question(question, "goal forms", lambda: goal_forms(question, normal))

    def of_net(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What ``make`` once gave under this name, for this net."""
        if name not in self._of_net:
            self._of_net[name] = make()
        kept: Kept = self._of_net[name]
        return kept

    def of_question(self, question: Question, name: str, make: Callable[[], Kept]) -> Kept:
        """What ``make`` once gave under this name, for this question; forgotten when another one is asked."""
        if self._question is not question and self._question != question:
            if question.net is not self.net and question.net != self.net:
                raise ValueError("a question about another net than the session's")
            self._question, self._of_question = question, {}
        if name not in self._of_question:
            self._of_question[name] = make()
        kept: Kept = self._of_question[name]
        return kept
