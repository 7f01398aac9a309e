"""One tree of phases for the engines of this room: depth first, over the signs of forms in the inputs.

A *node* is a case (``cases``) in a region (``region``).  A *bound* looks at a node and says why no direction of the
region makes all forms of the case positive, or where one does, or which kink's phase should be asked for.  Both phases
of a kink are nodes of their own; they are strict, which is right for forms in the inputs alone (SPEC 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.contract import GaveUp, MoreTime, RoomReached, Run
from subgrad_hardness.engine.sums.cases import cases_of
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.normal_form.linear_form import Key, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Proof, Rule
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: A tree of which this part is closed may be worth the wait for the rest.
_ON_ITS_WAY = 0.05


class Closed(NamedTuple):
    """No direction of the region makes all forms positive: the lemmas say so."""

    lemmas: tuple[Lemma, ...]


class Divided(NamedTuple):
    """Ask for the phase of this atom; the phase to look at first."""

    atom: int
    first: bool


class Bound(Protocol):
    """What an engine of this room is: how it looks at the nodes of one case."""

    def look(self, region: Region, proposed: Callable[[Direction], bool], limits: Limits) -> Closed | Divided | None:
        """``proposed`` is told directions that may be positive, and says whether one is: then the answer is None.

        Raises LimitReached; asked again it goes on.  Raises GaveUp.
        """
        ...


#: Makes the bound of a case.
Make = Callable[[NormalForm, frozenset[Key], Limits], Bound]


class Room(NamedTuple):
    """How many nodes a run looks at before it lets others have their turn (each time 8 times as many as before), and
    before it gives up; None: any number."""

    first: int | None = None
    most: int | None = None


_ANY = Room()


class TreeRun:
    """One question; a limit leaves the open nodes, the bounds and the lemmas, and the next call goes on with them."""

    def __init__(self, question: Question, session: Session, make: Make, room: Room) -> None:
        self.question, self.session, self.make, self.room = question, session, make, room
        self.blocks: list[Block] | None = None
        self.open: list[tuple[frozenset[Key], dict[int, bool]]] | None = None
        self.bound: Bound | None = None
        self.rules: list[Rule] = []
        self.lemmas: list[Lemma] = []
        self.supposed: list[Key] = []
        self.nodes = 0
        self.closed = 0.0  # the part of the tree that is closed, if all that is left is split evenly

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, MoreTime where the tree is on its way to be closed, RoomReached, GaveUp."""
        try:
            return self._decided(limits)
        except (RoomReached, GaveUp):
            raise
        except OverflowError:
            raise GaveUp("numbers that no double can hold") from None
        except LimitReached as reached:
            if self.bound is not None and self.room.first is None and (self.closed > _ON_ITS_WAY or not self.nodes):
                raise MoreTime(str(reached)) from None
            raise

    def _decided(self, limits: Limits) -> Answer:
        goals = self.session.goal_forms(self.question, limits)
        if self.blocks is None:
            self.blocks = list(goals.split.blocks)
        while self.blocks:
            direction = self._positive(goals, self.blocks[0], limits)
            if direction is not None:
                found = goals.witness(self.question, self.blocks[0], direction)
                return Witness(found, {"nodes": self.nodes, "lemmas": len(self.lemmas)})
            del self.blocks[0]
        why = goals.merged(len(self.question.net.kinks))
        if goals.forms:
            why += f", {self.nodes} linear programs, {len(self.lemmas)} exact lemmas"
        lemmas = (*goals.split.lemmas, *self.lemmas)
        proof = Proof(goals.normal, tuple(self.rules), lemmas, goals.half, goals.constraints)
        return Refutation(why, proof, {"nodes": self.nodes, "lemmas": len(self.lemmas)})

    def _positive(self, goals: GoalForms, block: Block, limits: Limits) -> Direction | None:
        """A direction on which the block's form is positive, or None: then the lemmas show it."""
        found: list[Direction] = []

        def proposed(direction: Direction) -> bool:
            if any(direction) and goals.normal.value(block.form, direction) > 0 and self.question.allows(direction):
                found.append(direction)
            return bool(found)

        if self.open is None:
            cases = cases_of(goals.normal, block.form, limits)
            self.supposed, phases = settled(goals.normal, goals.supposed)
            self.open = [(case, phases) for case in reversed(cases.cases)]
            self.rules += cases.rules
        while self.open:
            case, phases = self.open[-1]
            if self.bound is None:
                self.bound = self.make(goals.normal, case, limits)
            outcome = self.bound.look(Region(goals.normal, self.supposed, phases), proposed, limits)
            if outcome is None:
                return found[0]
            self.nodes += 1
            del self.open[-1]
            if isinstance(outcome, Divided):
                for passes in (not outcome.first, outcome.first):
                    self.open.append((case, {**phases, outcome.atom: passes}))
                self._count()
                continue
            self.lemmas += outcome.lemmas
            self.closed += 0.5 ** len(phases)
            if not self.open or self.open[-1][0] != case:
                self.bound = None
            if self.open:
                self._count()
        self.open = None
        return None

    def _count(self) -> None:
        first, most = self.room
        if most is not None and self.nodes >= most:
            raise GaveUp(f"more than {most} nodes")
        if first is not None and self.nodes >= first:
            self.room = self.room._replace(first=8 * first)
            raise RoomReached(f"more than {first} nodes")


def settled(normal: NormalForm, supposed: Sequence[Key]) -> tuple[list[Key], dict[int, bool]]:
    """Forms in the inputs that are supposed to be positive: those that no atom has, and the phases of the others."""
    numbers = {tuple(form.items()): atom for atom, form in enumerate(normal.atoms)}
    rest: list[Key] = []
    phases: dict[int, bool] = {}
    for key in supposed:
        for form, passes in ((key, True), (opposite(key), False)):
            if form in numbers:
                phases[numbers[form]] = passes
                break
        else:
            rest.append(key)
    return rest, phases


def tree(make: Make, room: Room = _ANY) -> Callable[[Question, Session], Run]:
    """The ``start`` of an engine with these bounds."""
    return lambda question, session: TreeRun(question, session, make, room).decide
