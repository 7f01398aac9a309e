"""Engines keep within the memory budget of their session: they hand over and free what they hold."""

from __future__ import annotations

import mmap
import weakref
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any
from weakref import WeakSet

import pytest
from support.entered import TRAP
from support.paths import INSTANCES

from subgrad_hardness import check, generate
from subgrad_hardness.common.limits import LimitReached, Limits, MemoryReached
from subgrad_hardness.common.memory import resident
from subgrad_hardness.engine import registry
from subgrad_hardness.engine.contract import Engine, RoomReached, Run, Start
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES, PROVERS
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

MIB = 2**20
#: An unsatisfiable formula, which neither search nor the normal form decides.
UNSATISFIABLE = generate("3sat", variables=8, ratio="8", seed=1)


class Hoard:
    """Memory that an engine holds, fresh from the system; one can ask whether it is still there."""

    def __init__(self) -> None:
        self.pages: list[mmap.mmap] = []
        ALIVE.add(self)

    def grow(self) -> None:
        """By one MiB, every page of which is written to."""
        self.pages.append(mmap.mmap(-1, MIB))
        self.pages[-1].write(b"x" * MIB)


ALIVE: WeakSet[Hoard] = WeakSet()


def hoarded() -> int:
    """What all hoards take, in bytes: to the tests all that the process takes, so that none depends on its past."""
    return sum(len(hoard.pages) for hoard in ALIVE) * MIB


class Hungry:
    """Engines that take memory without end, or so many MiB and then wait for their next turn."""

    begun: list[str]
    hoards: list[weakref.ref[Hoard]]
    most: int

    def start(self, name: str, mib: int | None) -> Start:
        def begin(_: Question, session: Session) -> Run:
            self.begun.append(name)
            hoard = session.of_net(f"{name} hoard", Hoard)
            self.hoards.append(weakref.ref(hoard))

            def run(limits: Limits) -> Answer:
                while mib is None or len(hoard.pages) < mib:
                    hoard.grow()
                    self.most = max(self.most, hoarded())
                    limits.check()
                raise RoomReached("there is more to come")

            return run

        return begin


HUNGRY = Hungry()
waiting_climb, waiting_phase = HUNGRY.start("climb", 40), HUNGRY.start("phase", 30)


def __getattr__(name: str) -> Start:
    """``endless_NAME`` starts an engine of this name that takes memory without end."""
    kind, _, engine = name.partition("_")
    if kind != "endless":
        raise AttributeError(name)
    return HUNGRY.start(engine, None)


def endless(name: str) -> Engine:
    return Engine(name, f"{__name__}:endless_{name}", "takes memory without end", exact=True)


WAITING = Engine("climb", f"{__name__}:waiting_climb", "takes 40 MiB")
MODEST = Engine("phase", f"{__name__}:waiting_phase", "takes 30 MiB", exact=True)


@pytest.fixture(autouse=True)
def counted_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is as large as its hoards, and each look at the limits is one at the memory: nothing depends on the
    machine, its speed, or what ran before."""
    for place in ("common.limits", "engine.memory"):
        monkeypatch.setattr(f"subgrad_hardness.{place}.LOOK_EVERY", 0)
        monkeypatch.setattr(f"subgrad_hardness.{place}.resident", hoarded)
    HUNGRY.begun, HUNGRY.hoards, HUNGRY.most = [], [], 0


def asked(mib: int) -> tuple[Question, Session]:
    """A question, and a session whose engines may hold so many MiB."""
    question = pose(UNSATISFIABLE).question
    return question, Session(question.net, mib * MIB)


def full(mib: int) -> str:
    return f"the memory budget of {mib} MiB is full"


def test_an_engine_that_outgrows_the_budget_is_freed_and_gives_up() -> None:
    question, session = asked(48)
    run = endless("circuit").start(question, session, patient=True)
    assert run(Limits()) == Undecided("circuit: " + full(48), limited=True)
    (hoard,) = HUNGRY.hoards
    assert hoard() is None, "the run and what it kept in the session are gone"
    assert (HUNGRY.most, hoarded()) == (49 * MIB, 0)
    assert run(Limits()) == Undecided("circuit: " + full(48), limited=False), "there is no more room than before"
    assert HUNGRY.begun == ["circuit"]


def test_it_begins_again_where_there_is_more_room() -> None:
    question, session = asked(48)
    hoard = Hoard()
    for _ in range(36):
        hoard.grow()
    run = MODEST.start(question, session)
    assert run(Limits()) == Undecided("phase: " + full(48), limited=True)
    del hoard
    assert run(Limits()) == Undecided("phase: there is more to come", limited=True)
    assert HUNGRY.begun == ["phase", "phase"]


def test_the_engine_that_holds_most_gives_way_to_the_one_whose_turn_it_is() -> None:
    question, session = asked(56)
    first, second = WAITING.start(question, session), MODEST.start(question, session)
    assert first(Limits()) == Undecided("climb: there is more to come", limited=True)
    assert second(Limits()) == Undecided("phase: there is more to come", limited=True)
    assert [hoard() is None for hoard in HUNGRY.hoards] == [True, False]
    assert HUNGRY.most == 57 * MIB
    # Freed while it waited, the first begins anew, and meets the budget while it holds less than the second.
    assert first(Limits()) == Undecided("climb: there is more to come", limited=True)
    assert HUNGRY.begun == ["climb", "phase", "climb"]
    assert [hoard() is None for hoard in HUNGRY.hoards] == [True, True, False]


def test_a_turn_that_begins_where_the_budget_is_full_may_add_a_sixteenth() -> None:
    """What fills it is nobody's: memory that Python has freed and keeps, or the net itself."""
    question, session = asked(32)
    hoard = Hoard()
    for _ in range(40):
        hoard.grow()
    assert endless("circuit").decide(question, Limits(), session) == Undecided("circuit: " + full(32), limited=True)
    assert HUNGRY.most == (40 + 2 + 1) * MIB


def test_the_portfolio_goes_on_with_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENGINES, "circuit", endless("circuit"))
    question, session = asked(64)
    decision = decide(question, "auto", Limits(), session=session)
    assert isinstance(decision.answer, Refutation) and decision.answer.proof is not None
    assert decision.by != "circuit" and HUNGRY.begun == ["circuit"] and HUNGRY.hoards[0]() is None
    assert HUNGRY.most == 65 * MIB


def test_check_reaches_its_verdict_and_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what the process really takes."""
    for place in ("common.limits", "engine.memory"):
        monkeypatch.setattr(f"subgrad_hardness.{place}.resident", resident)
    monkeypatch.setitem(registry.ENGINES, "circuit", endless("circuit"))
    monkeypatch.setattr("subgrad_hardness.engine.memory.memory_budget", lambda: resident() + 64 * MIB)
    result = check(UNSATISFIABLE, certify=True)
    assert (result.verdict, result.certified) == ("unique", True)
    assert result.solver != "circuit" and HUNGRY.begun == ["circuit"] and HUNGRY.hoards[0]() is None


def test_where_every_engine_is_too_large_the_answer_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it comes without a time limit."""
    for name, engine in ENGINES.items():
        if name == "climb" or (engine.exact and name != "layer"):
            monkeypatch.setitem(registry.ENGINES, name, endless(name))
    question, session = asked(32)
    answer = decide(question, "auto", Limits(), session=session).answer
    assert isinstance(answer, Undecided) and full(32) in answer.why
    assert set(PROVERS) <= set(HUNGRY.begun) and len(HUNGRY.begun) == len(set(HUNGRY.begun))
    assert hoarded() == 0


EXACT = [name for name, engine in ENGINES.items() if engine.exact]


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The process seems to outgrow any budget once so many more looks were taken."""
    left = [0]

    def grown() -> int:
        left[0] -= 1
        return 2**60 if left[0] < 0 else 0

    monkeypatch.setattr("subgrad_hardness.common.limits.resident", grown)
    yield left


@pytest.mark.parametrize("name", EXACT)
def test_engines_stopped_at_any_look_leave_a_session_that_works(name: str, refusing: list[int]) -> None:
    """Nothing in an engine catches the end of the memory, and what is shared stays whole."""
    accepted = 0
    for mapping in (UNSATISFIABLE, TRAP):
        question = pose(load(mapping)).question
        if ENGINES[name].refusal(question) is not None or (name == "cells" and len(question.net.kinks) > 20):
            continue
        refusing[0] = 2**60
        expected = type(ENGINES[name].decide(question, Limits()))
        session, stopped = Session(question.net, 2**50), 0
        for count in (0, 12, 600, 2**60):
            refusing[0] = count
            answer = ENGINES[name].decide(question, Limits(), session)
            if not (isinstance(answer, Undecided) and "memory" in answer.why):
                break
            assert answer.limited
            stopped += 1
        assert type(answer) is expected
        accepted += stopped > 0
        refusing[0] = 2**60
        assert type(ENGINES[name].decide(question, Limits(), session)) is expected
    assert accepted


class Watched(Session):
    """A session that knows under which names something was kept."""

    def __init__(self, net: LocalNet) -> None:
        super().__init__(net)
        self.names: set[str] = set()

    def of_net(self, name: str, make: Callable[[], Any]) -> Any:
        self.names.add(name)
        return super().of_net(name, make)


def largest_two_ways() -> Program:
    """The sum of the 3 largest of 5, by sorting and over all subsets: engine ``thresholds`` needs both its stages."""
    build = GraphBuilder(5)
    wires = list(range(5))
    for start in (0, 1, 0, 1, 0):
        for low in range(start, 4, 2):
            pair = wires[low : low + 2]
            wires[low : low + 2] = [build.apply("min", pair), build.apply("max", pair)]
    sums = [build.affine([(index, 1) for index in subset]) for subset in combinations(range(5), 3)]
    return build.program([build.affine([(build.apply("max", sums), 1), *((wire, -1) for wire in wires[2:])])])


@pytest.mark.parametrize("name", EXACT)
def test_engines_keep_what_is_theirs_under_their_names(name: str) -> None:
    """Else it would not be freed with them."""
    for net in (UNSATISFIABLE, load(INSTANCES / "median-two-ways.json"), largest_two_ways()):
        question = pose(net).question
        session = Watched(question.net)
        answer = ENGINES[name].decide(question, Limits.seconds(0.5), session)
        assert isinstance(answer, Witness | Refutation | Undecided)
        theirs = session.names - {"memory of engines"}
        assert all(kept.split()[0].rstrip(",") == name for kept in theirs)
        kept = {given: session.of_net(given, object) for given in theirs}
        session.forget(name)
        assert not any(session.of_net(given, object) is kept[given] for given in theirs)


def test_an_engine_that_loads_much_does_not_begin_without_room() -> None:
    question, session = asked(32)
    large = endless("circuit")._replace(least_memory=40 * MIB)
    assert large.decide(question, Limits(), session) == Undecided("circuit: " + full(32))
    assert HUNGRY.begun == []


def test_looks_at_the_memory_are_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = list[int]()

    def counted() -> int:
        looked.append(1)
        return 0

    monkeypatch.setattr("subgrad_hardness.common.limits.resident", counted)
    limits = Limits().holding(1)
    for _ in range(5):
        limits.check()
        Limits().check()
    assert len(looked) == 5
    monkeypatch.setattr("subgrad_hardness.common.limits.LOOK_EVERY", 1e9)
    for _ in range(1000):
        limits.check()
    assert len(looked) == 5


def test_memory_is_a_limit_that_others_do_not_catch() -> None:
    limits = Limits.seconds(60).holding(2**60).holding(2**50)
    assert limits.memory == limits.within(1).memory == 2**50
    limits.check()
    hoard = Hoard()
    hoard.grow()
    with pytest.raises(MemoryReached):
        limits.holding(MIB - 1).check()
    assert not issubclass(MemoryReached, LimitReached)
