"""Decide sums of order statistics, and of whatever else maxima and minima make of the inputs, by their level sets.

A form whose atoms are relu(f - g), f and g made of inputs and 0 by maxima and minima alone, is positive somewhere iff
it is so at a vector of zeros and ones, or at the opposite of one (``certificate/levels.py`` has the proof).  The level
sets of f are a monotone function of zeros and ones.  As decision diagrams such functions are small where they
count: every wire of a sorting network that merges sorted lists depends on the numbers of ones in a few sets of inputs,
in whatever order the inputs are looked at.  Equal wires have the same diagram, however they were sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from subgrad_hardness.certificate.diagrams import TooManyNodes
from subgrad_hardness.certificate.levels import MOST_NODES, LevelSets, Signs
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import GaveUp, RoomReached, Run
from subgrad_hardness.normal_form.linear_form import Form, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Level, Proof
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: An atom, and the numbers of f and g, of which it is relu(f - g).
Triple = tuple[int, int, int]

#: The room of the first call, in nodes of the level sets: such diagrams are small or hopeless.
FIRST_NODES = 1 << 15
# The room grows by this factor from call to call.
_GROWTH = 8
# A call that needs at most so many times its room, at the pace it had, goes on.
_NEAR = 4
# Of the pairs whose difference an atom is, the first ones count: all of them might be too many, and one mostly does.
_PAIRS = 4
_MODULUS = 2**61 - 1
_BASE = Stream(0, "levels").below(_MODULUS)


def start(question: Question, session: Session) -> Run:
    """A run that makes diagrams; a limit leaves those that are made, and the next call goes on with them."""
    return LevelsRun(question, session).decide


class LevelsRun:
    """The atoms of the net that are joined, and the goals that are refuted."""

    def __init__(self, question: Question, session: Session) -> None:
        self.question, self.session = question, session
        self.sets: LevelSets | None = None
        self.signs: Signs | None = None
        self.triples: tuple[Triple, ...] = ()
        self.joined = self.refuted = 0
        self.room = FIRST_NODES

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, also when the diagrams outgrow their room of this call; GaveUp where a goal is no sum of
        maxima and minima, or there is no more room."""
        goals = self.session.goal_forms(self.question, limits)
        why = goals.merged(len(self.question.net.kinks))
        if not goals.forms:
            return Refutation(why, Proof(goals.normal))
        lattice = _lattice(self.session, goals, limits)
        if not lattice.holds(goals.forms):
            raise GaveUp("the net is no sum of maxima and minima of its inputs")
        while True:
            try:
                return self._decided(goals, lattice, why, limits)
            except TooManyNodes:
                full = f"more than {self.room} nodes of decision diagrams"
                if self.room >= MOST_NODES:
                    raise GaveUp(full) from None
                self.room = min(_GROWTH * self.room, MOST_NODES)
                if len(self.triples) > _NEAR * self.joined:
                    raise RoomReached(full) from None

    def _decided(self, goals: GoalForms, lattice: Lattice, why: str, limits: Limits) -> Answer:
        if self.sets is None or self.signs is None:
            self.sets = LevelSets(goals.normal.inputs, [key_of(atom) for atom in goals.normal.atoms])
            self.signs = Signs(self.sets.diagrams)
            self.triples = lattice.needed(goals.forms)
        self.sets.diagrams.check, self.sets.diagrams.most = limits.check, self.room
        while self.joined < len(self.triples):
            limits.check()
            self.sets.join(*self.triples[self.joined], "an atom")
            self.joined += 1
        effort = {"nodes": len(self.sets.diagrams.nodes)}
        while self.refuted < len(goals.forms):
            limits.check()
            terms = self.sets.terms(key_of(goals.forms[self.refuted]))
            assert terms is not None
            value, vector = self.signs.greatest(terms)
            if value > 0:
                *ones, zero = vector
                direction = tuple([one - zero for one in ones])
                if not self.question.holds(direction):
                    raise AssertionError("a goal's form is positive where the goal is not")
                return Witness(direction, effort)
            self.refuted += 1
        why += ", no goal is positive at a vector of zeros and ones, or at its opposite"
        levels = tuple([Level(key_of(form)) for form in goals.forms])
        return Refutation(why, Proof(goals.normal, levels=levels, lattice=self.triples), effort)


class Lattice(NamedTuple):
    """The atoms of a normal form that are relu of a difference of lattice-valued forms.

    Attributes
    ----------
    forms : the lattice-valued forms: 0, the inputs, the maximum and the minimum of each triple.
    triples : such an atom, and the numbers of the two forms.
    variables : inputs and such atoms.
    """

    inputs: int
    forms: list[Form]
    triples: list[Triple]
    variables: set[int]

    def holds(self, forms: Iterable[Form]) -> bool:
        """Whether the forms have no other variables than inputs and such atoms."""
        return all(form.keys() <= self.variables for form in forms)

    def needed(self, goals: Iterable[Form]) -> tuple[Triple, ...]:
        """The triples that the atoms of the goals rest on, one for each atom, with the numbers that are left.

        The forms that a triple compares hold the atoms that made them.
        """
        first = {atom: place for place, (atom, _, _) in reversed(list(enumerate(self.triples)))}
        opening = 1 + self.inputs
        places: set[int] = set()  # of triples
        stack = [first[variable - self.inputs] for goal in goals for variable in goal if variable >= self.inputs]
        while stack:
            place = stack.pop()
            if place not in places:
                places.add(place)
                stack += [(number - opening) // 2 for number in self.triples[place][1:] if number >= opening]
        kept = sorted(places)
        numbers = {number: number for number in range(opening)}
        for new, old in enumerate(kept):
            for part in (0, 1):
                numbers[opening + 2 * old + part] = opening + 2 * new + part
        return tuple([(atom, numbers[high], numbers[low]) for atom, high, low in map(self.triples.__getitem__, kept)])


def _lattice(session: Session, goals: GoalForms, limits: Limits) -> Lattice:
    return session.of_net("levels lattice", lambda: lattice(goals.normal, limits))


def lattice(normal: NormalForm, limits: Limits) -> Lattice:
    """The atoms that are seen to be relu(f - g), f and g among 0, the inputs, and maxima and minima that earlier such
    atoms make (sufficient, not necessary).  Linear in the normal form and in these forms.

    The greatest variable of f - g is that of f or of g: an input, or the atom that made it (two forms that one atom
    made are not compared, as the sign is known).  So one of the two is among few, and the other one is found by a
    random sum modulo a prime, and compared exactly.
    """
    found = Lattice(normal.inputs, [], [], set(range(normal.inputs)))
    forms = found.forms
    prints: list[int] = []
    numbers: dict[int, int] = {}  # by their fingerprints
    made: dict[tuple[int, int], list[int]] = {}  # by their greatest variable and its coefficient

    def learn(form: Form, fingerprint: int) -> None:
        number = len(forms)
        forms.append(form)
        prints.append(fingerprint)
        numbers.setdefault(fingerprint, number)
        if form:
            last = max(form)
            made.setdefault((last, form[last]), []).append(number)

    learn({}, 0)
    for index in range(normal.inputs):
        learn({index: 1}, weight(index))
    for atom, difference in enumerate(normal.atoms):
        limits.check()
        own = sum([weight(variable) * entry for variable, entry in difference.items()]) % _MODULUS
        last, variable = max(difference), normal.inputs + atom
        pairs: dict[tuple[int, int], None] = {}
        for high in made.get((last, difference[last]), ()):
            pairs[high, numbers.get((prints[high] - own) % _MODULUS, -1)] = None
        for low in made.get((last, -difference[last]), ()):
            pairs[numbers.get((prints[low] + own) % _MODULUS, -1), low] = None
        exact = [pair for pair in pairs if min(pair) >= 0 and _difference(forms, *pair) == difference]
        for high, low in exact[:_PAIRS]:
            found.triples.append((atom, high, low))
            found.variables.add(variable)
            learn({**forms[low], variable: 1}, (prints[low] + weight(variable)) % _MODULUS)
            learn({**forms[high], variable: -1}, (prints[high] - weight(variable)) % _MODULUS)
    return found


@cache
def weight(variable: int) -> int:
    """A factor of a variable, for fingerprints of forms: the power of a random number."""
    return pow(_BASE, 1 + variable, _MODULUS)


def _difference(forms: list[Form], high: int, low: int) -> Form:
    total = dict(forms[high])
    add(total, forms[low], -1)
    return total
