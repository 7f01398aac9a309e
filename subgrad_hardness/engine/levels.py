"""Decide sums of order statistics, and of whatever else maxima and minima make of the inputs, by their level sets.

Call m *lattice-valued* if it is made of inputs and 0 by maxima and minima alone.  Then m(h(d)) = h(m(d)) for every
nondecreasing h with h(0) = 0, taken entry by entry: max and min commute with h.  So with h(s) = [s > t] for t >= 0 and
h(s) = -[s <= t] for t < 0, each of which is 1 or -1 where it says so and else 0,

    m(d) = int_{t >= 0} m([d > t]) dt + int_{t < 0} m(-[d <= t]) dt,

and the same holds for every v = sum c_m m.  Hence v > 0 somewhere iff v > 0 at one of the vectors in {0, 1}^p or
{0, -1}^p: at most 2^(p + 1) evaluations, however the maxima are nested.  (The integral is Choquet's; for one sorting
network this is the 0-1 principle, Knuth, TAOCP 3, 5.3.4; Lovasz 1983 for submodular v.)

A form of the normal form is seen to be such a sum if each atom is relu(f - g), f and g lattice-valued: then so are
max(f, g) = g + a and min(f, g) = f - a.  Refutations carry no proof (docs/decisions/014 has one that a verifier could
check).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import GaveUp, Run
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

if TYPE_CHECKING:
    import numpy as np

#: With more inputs than this, or more products of integers (some seconds), there are too many vectors.
MOST_INPUTS, MOST_PRODUCTS = 20, 1 << 33
#: So many vectors are evaluated at once.
_CHUNK = 1 << 13
#: Sums of absolute values of coefficients up to this are exact in 64 bits, as the values they multiply are 0, 1 or -1.
MOST_SUM = 1 << 62

# Of the pairs whose difference an atom is, the first ones count: all of them might be too many, and one mostly does.
_PAIRS = 4

_MODULUS = 2**61 - 1


def start(question: Question, session: Session) -> Run:
    """A run that evaluates; a limit leaves the vectors that are left, and the next call goes on with them."""
    return LevelsRun(question, session).decide


class LevelsRun:
    """The vectors of one question, in order."""

    def __init__(self, question: Question, session: Session) -> None:
        self.question, self.session = question, session
        self.vectors: Iterator[np.ndarray] | None = None
        self.count = 0

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached; GaveUp where some atom is no difference of lattice-valued forms, or there is too much.

        About 2^(p + 1) products of integers for each coefficient of the normal form, some 10^9 a second.
        """
        goals = self.session.goal_forms(self.question, limits)
        why = goals.merged(len(self.question.net.kinks))
        if not goals.forms:
            return Refutation(why)
        if self.vectors is None:
            _require_few(goals)
            require_lattice_valued(goals.normal, limits)
            self.vectors = _vectors(goals.normal.inputs)
        while True:
            limits.check()
            vectors = next(self.vectors, None)
            if vectors is None:
                why += f", no goal is positive at {self.count} vectors of 0, 1 and -1"
                return Refutation(why, effort={"vectors": self.count})
            self.count += vectors.shape[1]
            place = _positive(goals.normal, goals.forms, vectors)
            if place is not None:
                direction = tuple(map(int, vectors[:, place]))
                if not self.question.holds(direction):
                    raise AssertionError("a goal's form is positive where the goal is not")
                return Witness(direction, {"vectors": self.count})


def _require_few(goals: GoalForms) -> None:
    """Raise GaveUp where the evaluation would take too long, or would not be exact."""
    normal = goals.normal
    forms = [*normal.atoms, *goals.forms]
    if normal.inputs > MOST_INPUTS:
        raise GaveUp(f"more than {MOST_INPUTS} inputs")
    if sum(map(len, forms)) << (normal.inputs + 1) > MOST_PRODUCTS:
        raise GaveUp(f"more than {MOST_PRODUCTS} products")
    if max(sum(map(abs, form.values())) for form in forms) > MOST_SUM:
        raise GaveUp("numbers of more than 62 bits")


def require_lattice_valued(normal: NormalForm, limits: Limits) -> None:
    """Raise GaveUp unless every atom is relu of the difference of two lattice-valued forms (sufficient, not necessary:
    the forms are found among inputs, 0, and maxima and minima that earlier atoms make).

    Pairs are found by random sums modulo a prime, and compared exactly.  About the number of atoms squared.
    """
    known: dict[int, Form] = {}  # by their fingerprints

    def learn(form: Form) -> None:
        known.setdefault(_print(form.items()), form)

    learn({})
    for index in range(normal.inputs):
        learn({index: 1})
    for number, difference in enumerate(normal.atoms):
        limits.check()
        atom, found = normal.inputs + number, []
        for smaller, low in known.items():
            high = known.get((smaller + _print(difference.items())) % _MODULUS)
            if high is not None and _sum(difference, low) == high:
                found.append((high, low))
        if not found:
            raise GaveUp("the net is no sum of maxima and minima of its inputs")
        for high, low in found[:_PAIRS]:
            learn(_sum(low, {atom: 1}))
            learn(_sum(high, {atom: -1}))


def _print(terms: Iterable[tuple[int, int]]) -> int:
    return sum([weight(variable) * entry for variable, entry in terms]) % _MODULUS


@cache
def weight(variable: int) -> int:
    """A random factor of a variable, for fingerprints of forms."""
    return Stream(variable, "levels").below(_MODULUS)


def _sum(first: Form, second: Form) -> Form:
    total = dict(first)
    add(total, second, 1)
    return total


def _vectors(inputs: int) -> Iterator[np.ndarray]:
    """All vectors of zeros and ones, and their opposites, as columns, some at a time."""
    import numpy as np

    places = np.arange(inputs)[:, None]
    for first in range(0, 1 << inputs, _CHUNK):
        numbers = np.arange(first, min(first + _CHUNK, 1 << inputs))
        bits = (numbers[None, :] >> places) & 1
        yield bits
        yield -bits


def _positive(normal: NormalForm, forms: list[Form], vectors: np.ndarray) -> int | None:
    """A column at which some form is positive."""
    import numpy as np

    values = np.zeros((normal.inputs + len(normal.atoms), vectors.shape[1]), dtype=np.int64)
    values[: normal.inputs] = vectors

    def value(form: Form) -> np.ndarray:
        total = np.zeros(vectors.shape[1], dtype=np.int64)
        for variable, entry in form.items():
            total += entry * values[variable]
        return total

    for number, form in enumerate(normal.atoms):
        np.maximum(value(form), 0, out=values[normal.inputs + number])
    for form in forms:
        positive = np.flatnonzero(value(form) > 0)
        if len(positive):
            return int(positive[0])
    return None
