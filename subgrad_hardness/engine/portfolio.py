"""Which engine answers: the policy of ``auto``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import ignore, listener
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.engine.registry import ENGINES, LOCALISATION, NORMAL_FORM, PROVERS, Decision, undecided
from subgrad_hardness.proof.steps import Proof
from subgrad_hardness.question.answer import Refutation, Undecided
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

# Beyond this many kinks there are too many cells, unless the inputs are as few as that.
_MANY_KINKS, _FEW_INPUTS = 24, 3
# With more kinks of one depth than this in one form it is a sum of relus, and phases come before circuits.
_WIDE = 4
# In seconds: the first round's budget for each engine; the factor from round to round.
_FIRST_BUDGET = 0.2
_GROWTH = 3.0
# An engine that has a head start, and the first that says it is on its way, get this many times the others' budget.
_HOPE = 8
# The engine that is asked before all others: it sees at once whether it can decide, and mostly does so at once, too.
_AT_ONCE = "levels"
# In this round an inexact solver gets one chance to propose a witness.
_PROPOSAL_ROUND, _PROPOSER = 4, "milp-scip"

Announce = Callable[[str], None]


class Turn(NamedTuple):
    """An engine's place in the order of a question.

    With ``head_start`` its first budget is a large one.
    """

    engine: str
    head_start: bool = False


def decide(
    question: Question,
    solver: str,
    limits: Limits,
    announce: Announce | None = None,
    threads: int = 1,
    *,
    session: Session | None = None,
) -> Decision:
    """Decide ``question`` with one engine, or by the policy of ``auto``.

    ``auto``: a net without kinks is an answer, and so is a quick search's witness, and what ``levels`` finds at once;
    then the exact engines in rounds of growing budgets, because nobody knows beforehand which one blows up.  An engine
    goes on where its last budget ended; one that gave up is not asked again.  The verdict never depends on the budgets,
    only who finds it.

    Parameters
    ----------
    solver : ``auto`` or an engine's name.
    announce : hears, before an engine starts, which one and for how long; by default whoever listens.
    threads : with more than 1 the exact engines run side by side in processes instead.
    session : the session of the question's net; what its engines keep there is used, and kept for the next question.
    """
    session, announce = session or Session(question.net), announce or listener() or ignore
    if not question.net.kinks:
        forms = session.goal_forms(question, limits)
        if not forms.forms:
            return Decision(
                Refutation("no kink reaches an output: F is linear near x0", Proof(forms.normal)), LOCALISATION
            )
    if solver != "auto":
        announce(f"trying {solver}")
        return Decision(ENGINES[solver].decide(question, limits, session), solver)
    for name in ("search", "layer"):
        answer = ENGINES[name].decide(question, limits, session)
        if not isinstance(answer, Undecided):
            return Decision(answer, NORMAL_FORM if isinstance(answer, Refutation) else name)
    if ENGINES[_AT_ONCE].refusal(question) is None:
        announce(f"trying {_AT_ONCE} for at most {_FIRST_BUDGET * _HOPE:.1f} s")
        answer = _run(question, session, _AT_ONCE)(limits.within(_FIRST_BUDGET * _HOPE))
        if not isinstance(answer, Undecided):
            return Decision(answer, _AT_ONCE)
    turns = _order(question, session, limits)
    if threads > 1:
        from subgrad_hardness.engine.race import race

        return race(question, [turn.engine for turn in turns], limits, announce, threads)
    return _rounds(question, session, turns, limits, announce, proposals=True)


def prove(question: Question, session: Session, limits: Limits) -> Decision:
    """A refutation with its proof, for a question that is known to have one: the provers, in rounds.

    Runs that ``decide`` began in this session and that a budget stopped go on where they were.
    """
    turns = [Turn(name) for name in PROVERS]
    return _rounds(question, session, turns, limits, lambda _: None, proposals=False)


def exact_engines(
    question: Question, solver: str, session: Session, limits: Limits, *, proofs: bool
) -> tuple[str, ...]:
    """The exact engines that ``solver`` asks about a part of ``question``, the likeliest first.

    ``proofs``: those only whose refutations carry one.
    """
    names = [turn.engine for turn in _order(question, session, limits)] if solver == "auto" else [solver]
    part = question._replace(constraints=(*question.constraints, (1,) * question.net.inputs))
    wanted = [ENGINES[name] for name in names if ENGINES[name].exact and ENGINES[name].refusal(part) is None]
    return tuple([engine.name for engine in wanted if engine.proves or not proofs])


def _rounds(
    question: Question, session: Session, turns: Sequence[Turn], limits: Limits, announce: Announce, *, proposals: bool
) -> Decision:
    left = list(turns)
    said: dict[str, Undecided] = {}
    leader: str | None = None  # the first engine on its way: what it has left is a search that no other would be spared
    budget, number = _FIRST_BUDGET, 0
    while left and limits.remaining:
        number += 1
        if number == _PROPOSAL_ROUND and proposals:
            left.append(Turn(_PROPOSER))
        for turn in list(left):
            name = turn.engine
            ahead = name == leader or (turn.head_start and name not in said)
            seconds = budget * (_HOPE if ahead else 1)
            announce(f"round {number}: {name} for at most {seconds:.1f} s")
            answer = _run(question, session, name)(limits.within(seconds))
            if isinstance(answer, Undecided) and answer.hopeful and leader is None:
                leader = name
                announce(f"round {number}: {name} is on its way, and goes on")
                answer = _run(question, session, name)(limits.within(budget * _HOPE))
            if not isinstance(answer, Undecided):
                return Decision(answer, name)
            if name == leader and not answer.hopeful:
                leader = None
            said[name] = answer
            if not (answer.limited and ENGINES[name].exact):
                left.remove(turn)
        budget *= _GROWTH
    return undecided(said)


def _run(question: Question, session: Session, name: str) -> Run:
    """The engine's run on this question, begun at most once in a session."""
    return session.of_question(question, f"run of {name}", lambda: ENGINES[name].start(question, session))


def _widest(question: Question, session: Session, limits: Limits) -> int:
    """The most kinks of one depth that one form adds up: few in min-max nets, many in sums of relus."""
    with suppress(LimitReached):
        normal = session.normal(limits)
        depth = [0] * normal.inputs
        widest = 0
        for form in (*normal.atoms, *normal.outputs):
            levels = [depth[variable] for variable in form if variable >= normal.inputs]
            if len(levels) > widest:
                widest = max(widest, *map(levels.count, set(levels)))
            depth.append(1 + max(levels, default=0))
        return widest
    return 0


def _order(question: Question, session: Session, limits: Limits) -> list[Turn]:
    """The engines of ``auto``, the likeliest first, without those that do not accept the question."""
    plane = ENGINES["plane"]
    if plane.refusal(question) is None:
        return [Turn(plane.name), *map(Turn, PROVERS)]
    made_for = _made_for(question, session, limits)
    if _widest(question, session, limits) > _WIDE:  # a sum of relus
        programs = [Turn("domination", head_start=True), Turn("hulls", head_start=True)]
        phases = [Turn("phase", head_start=not made_for)]
        few = len(question.net.kinks) <= _MANY_KINKS  # then phases are done before a program is written down
        sums = [*phases, *programs] if few else [*programs, *phases]
        turns = [Turn("climb"), *made_for, *sums, Turn("circuit"), Turn("thresholds")]
    else:
        turns = [*made_for, Turn("circuit"), Turn("climb"), Turn("thresholds"), Turn("phase")]
    turns.append(Turn(_AT_ONCE))  # with more room
    if len(question.net.kinks) <= _MANY_KINKS or question.net.inputs <= _FEW_INPUTS:  # the cells may be few
        turns.append(Turn("cells"))
    first: dict[str, Turn] = {}
    for turn in turns:
        first.setdefault(turn.engine, turn)
    return list(first.values())


def _made_for(question: Question, session: Session, limits: Limits) -> list[Turn]:
    """The engines that say that they are made for the question."""
    with suppress(LimitReached):
        return [Turn(engine.name, True) for engine in ENGINES.values() if engine.suits(question, session, limits)]
    return []
