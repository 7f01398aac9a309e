"""Sums of maxima and minima of the inputs, decided at vectors of zeros and ones (docs/certificate.md, section 6).

Call a form *lattice-valued* if it is made of 0 and of inputs by maxima and minima alone.  Whether such an f is above a
number t is a monotone function of which inputs are, and of whether 0 is:

    [f(d) > t] = f~([d_1 > t], ..., [d_p > t], [0 > t]),

f~ being f with "or" for max and "and" for min, and with one more variable for 0; for max(f, g) > t iff f > t or g > t.
So for an atom a = relu(f - g) = max(f, g) - g and an input, as u - w is the integral of [u > t] - [w > t] over all t,

    a(d) = int (f~ or g~) - g~ dt,    d_i = int [d_i > t] - [0 > t] dt,

both at the vector of t above, and for v = sum c_i d_i + sum c_k a_k

    v(d) = int V([d_1 > t], ..., [d_p > t], [0 > t]) dt,    V = sum c_i (b_i - z) + sum c_k ((f~_k or g~_k) - g~_k).

If V is nowhere positive on {0, 1}^(p+1), v is nowhere positive.  (And if V(b, z) > 0, v is positive at b - z, as it is
V(b, z) there.  The integral is Choquet's; for one sorting network this is the 0-1 principle, Knuth, TAOCP 3, 5.3.4.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subgrad_hardness.certificate.argument import Levels, Pairs
from subgrad_hardness.certificate.diagrams import Combination, Diagrams, TooManyNodes
from subgrad_hardness.certificate.logic import Form, Logic, Rejected, add
from subgrad_hardness.net.json_text import show_int

#: Diagrams may have this many nodes: those of the lattice-valued forms together, and those of one sum.
MOST_NODES = 1 << 20


class LevelSets:
    """Lattice-valued forms, and their level sets as functions of b_1, ..., b_p and z.

    Attributes
    ----------
    forms : 0, the inputs, then two for each time that an atom was joined: max(f, g) and min(f, g).
    functions : f~ of each, a number of ``diagrams``.
    """

    def __init__(self, inputs: int, atoms: Sequence[Pairs], check: Callable[[], None] = lambda: None) -> None:
        self.inputs, self.atoms = inputs, atoms
        self.diagrams = Diagrams(inputs + 1, MOST_NODES, check)
        self.forms: list[Pairs] = [(), *(((index, 1),) for index in range(inputs))]
        self.functions = [self.diagrams.variable(inputs), *map(self.diagrams.variable, range(inputs))]
        self._parts: dict[int, tuple[int, int]] = {}  # of a variable the functions whose difference it integrates
        for index in range(inputs):
            self._parts[index] = self.functions[1 + index], self.functions[0]

    def join(self, atom: int, high: int, low: int, place: str) -> None:
        """The atom is relu(f - g) for the forms number ``high`` and ``low``: g + a and f - a are lattice-valued, too.

        Raises Rejected if it is not, or there is no such atom or form; TooManyNodes.
        """
        if not 0 <= atom < len(self.atoms):
            raise Rejected(f"{place} names atom {show_int(atom)}, there are {len(self.atoms)}")
        if not (0 <= high < len(self.forms) and 0 <= low < len(self.forms)):
            raise Rejected(f"{place} names a form that there is not, or not yet")
        least, most = dict(self.forms[high]), dict(self.forms[low])
        difference = dict(least)
        add(difference, self.forms[low], -1)
        if difference != dict(self.atoms[atom]):
            raise Rejected(f"{place}: atom {atom} is not relu of the difference of these forms")
        conjunction, disjunction = self.diagrams.ordered(self.functions[high], self.functions[low])
        variable = self.inputs + atom
        add(most, ((variable, 1),), 1)
        add(least, ((variable, 1),), -1)
        self._parts.setdefault(variable, (disjunction, self.functions[low]))
        self.forms += (tuple(most.items()), tuple(least.items()))
        self.functions += (disjunction, conjunction)

    def terms(self, form: Pairs) -> Form | None:
        """V of a form v, as factors of functions; None if v holds a variable that is no input and no joined atom."""
        terms: Form = {}
        for variable, entry in form:
            if variable not in self._parts:
                return None
            upper, lower = self._parts[variable]
            add(terms, ((upper, 1), (lower, -1)), entry)
        return terms


def require_nowhere_positive(logic: Logic, levels: Levels) -> None:
    """State for each form of the step that it is not positive.  Raises Rejected.

    Costs the lattice-valued forms, each as long as it is over inputs and atoms, and the diagrams.
    """
    try:
        sets = LevelSets(logic.inputs, logic.atoms)
        for place, triple in enumerate(levels.atoms):
            sets.join(*triple, f"levels.atoms[{3 * place}]")
        signs = Signs(sets.diagrams)
        for place, form in enumerate(levels.forms):
            terms = sets.terms(form)
            if not form or terms is None:
                raise Rejected(f"levels.forms[{place}] is zero, or names a variable that is not among those joined")
            if signs.greatest(terms)[0] > 0:
                raise Rejected(f"levels.forms[{place}] is positive somewhere")
            logic.state([-logic.literal(dict(form))])
    except TooManyNodes:
        raise Rejected(f"levels: more than {MOST_NODES} nodes of decision diagrams") from None


class Signs:
    """The greatest values of combinations; that of the opposite of the last one is known with it."""

    def __init__(self, diagrams: Diagrams) -> None:
        self._diagrams = diagrams
        self._last = Combination(diagrams, {}, MOST_NODES)

    def greatest(self, terms: Form) -> tuple[int, tuple[int, ...]]:
        """The greatest value and a vector of zeros and ones with it.  Raises as ``Combination.greatest``."""
        if self._last.terms == {function: -factor for function, factor in terms.items()}:
            return self._last.greatest(-1)
        if self._last.terms != terms:
            self._last = Combination(self._diagrams, terms, MOST_NODES)
        return self._last.greatest()
