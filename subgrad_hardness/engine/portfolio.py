"""Which engine answers: the table of engines and the policy of ``auto``.

A new engine is one file and one line in ``ENGINES``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.registry import ENGINES, PROVERS, Decision, undecided
from subgrad_hardness.proof.steps import Proof
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.objectives import normal_objectives
from subgrad_hardness.question.question import Question

# Beyond this many kinks there are too many cells, unless the inputs are as few as that.
_MANY_KINKS, _FEW_INPUTS = 24, 3
# With more kinks of one depth in one form it is a sum of relus, and phases come before circuits.
_WIDE = 4
# Up to so many inputs there are sectors to go through.
_PLANE = 2
# In seconds: the first round's budget for each engine, the factor from round to round, and the
# round in which an inexact solver gets one chance to propose a witness.
_FIRST_BUDGET = 0.2
_GROWTH = 3.0
# An engine that says it is on its way gets so many times the others' budget.
_HOPE = 8
_MILP_ROUND = 4


Announce = Callable[[str], None]


def decide(
    question: Question, solver: str, limits: Limits, announce: Announce = lambda _: None, threads: int = 1
) -> Decision:
    """Decide ``question`` with one engine, or by the policy of ``auto``.

    ``auto``: no kinks is an answer; a quick search for a witness; then the exact engines in rounds of
    growing budgets, because nobody knows beforehand which one blows up.  An engine goes on where its
    last budget ended; one that gave up is not asked again.  The verdict never depends on the budgets,
    only who finds it.  With ``threads`` > 1 the exact engines run side by side in processes instead.
    ``announce`` hears, before an engine starts, which one and for how long.
    """
    if not question.net.kinks:
        proof = Proof(normal_objectives(question, limits).normal)
        return Decision(Refutation("no kink reaches an output: F is linear near x0", proof), "localisation")
    if solver != "auto":
        announce(f"trying {solver}")
        return Decision(ENGINES[solver].decide(question, limits), solver)
    answer = ENGINES["search"].decide(question, limits)
    if not isinstance(answer, Undecided):
        return Decision(answer, "search")
    answer = ENGINES["layer"].decide(question, limits)
    if not isinstance(answer, Undecided):
        return Decision(answer, "normal form" if isinstance(answer, Refutation) else "layer")
    names = _order(question, limits)
    if threads > 1:
        from subgrad_hardness.engine.race import race

        return race(question, names, limits, announce, threads)
    return _rounds(question, names, limits, announce)


def prove(question: Question, limits: Limits) -> Decision:
    """A refutation with its proof, for a question that is known to have one, by the provers in rounds."""
    return _rounds(question, list(PROVERS), limits, lambda _: None, proposals=False)


def _rounds(
    question: Question, names: list[str], limits: Limits, announce: Announce, proposals: bool = True
) -> Decision:
    runs = {name: ENGINES[name].start(question) for name in names}
    said: dict[str, Undecided] = {}
    budget, number = _FIRST_BUDGET, 0
    while runs and limits.remaining:
        number += 1
        if number == _MILP_ROUND and proposals:
            runs["milp-scip"] = ENGINES["milp-scip"].start(question)
        for name, run in list(runs.items()):
            likeliest = name == "phase" and "circuit" not in said  # it comes first: this is a sum of relus
            seconds = budget * (_HOPE if likeliest or (name in said and said[name].hopeful) else 1)
            announce(f"round {number}: {name} for at most {seconds:.1f} s")
            answer = run(limits.within(seconds))
            if not isinstance(answer, Undecided):
                return Decision(answer, name)
            said[name] = answer
            if not (answer.limited and ENGINES[name].exact):
                del runs[name]
        budget *= _GROWTH
    return undecided(said)


def _widest(question: Question, limits: Limits) -> int:
    """The most kinks of one depth that one form adds up: few in min-max nets, many in sums of relus."""
    with suppress(LimitReached):
        normal = normal_objectives(question, limits).normal
        depth = [0] * normal.inputs
        widest = 0
        for form in (*normal.atoms, *normal.outputs):
            levels = [depth[variable] for variable in form if variable >= normal.inputs]
            if len(levels) > widest:
                widest = max(widest, *map(levels.count, set(levels)))
            depth.append(1 + max(levels, default=0))
        return widest
    return 0


def _order(question: Question, limits: Limits) -> list[str]:
    """The engines of ``auto``, the likeliest first."""
    if question.net.inputs <= _PLANE:
        return ["plane", *PROVERS]
    order = ["climb", "phase", "circuit"] if _widest(question, limits) > _WIDE else ["circuit", "climb", "phase"]
    if len(question.net.kinks) <= _MANY_KINKS or question.net.inputs <= _FEW_INPUTS:  # the cells may be few
        order.append("cells")
    return order
