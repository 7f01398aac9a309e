"""The monotone circuit of a normal form, by the relu rule.

The statement "v > 0", v a form over inputs and atoms, loses its topologically last atom by the relu rule (``decide``):
it becomes the conjunction or the disjunction of two statements "form > 0" without this atom.  In the end only forms in
the inputs are left.  The result is a monotone circuit whose gates are the forms with atoms and whose leaves are open
*half-spaces* {d : l d > 0}.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE, Gate
from subgrad_hardness.engine.contract import GaveUp, RoomReached
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Threshold

#: A circuit with more than 3,000 gates and leaves and 12 more for each atom is likely to blow up: circuits that do not
#: are smaller.  Other engines have their turn first.
FIRST_GATES, GATES_EACH = 3000, 12
#: Each time the engine is asked again the circuit may grow to 8 times this size, up to a million gates and leaves, so
#: that it does not fill the memory.
GROWTH, MOST_GATES = 8, 1_000_000


class Expansion(NamedTuple):
    """A form is positive iff both of these are (``conjunction``), or one of them is.

    ``atom`` is the number of the atom that the relu rule removed.
    """

    conjunction: bool
    left: Key
    right: Key
    atom: int | None


class Circuit:
    """The monotone circuit of a normal form.

    A literal is a nonzero integer.  Variable v > 1 stands for "``forms[v]`` > 0".  It is a gate if it is in ``gates``;
    else it is a leaf, a half-space, and -v is the opposite half-space.

    Attributes
    ----------
    forms : the form of each variable; 0 and 1 are none (``TRUE`` is 1, ``FALSE`` is -1).
    gates : the gates by their variables, which are larger than those of their children.
    ruled : the forms that the relu rule was used on, with the numbers of their atoms, children first.
    cuts : the thresholds that its forms may hold (none here).
    links : lemmas between forms of which one stands for another (none here).
    room : the number of variables at which the circuit counts as too large for now.
    """

    def __init__(self, normal: NormalForm) -> None:
        self.normal = normal
        self.inputs = normal.inputs
        self.forms: list[Key] = [(), ()]
        self.gates: dict[int, Gate] = {}
        self.ruled: list[tuple[Key, int]] = []
        self.cuts: list[Threshold] = []
        self.links: list[Lemma] = []
        self.room = FIRST_GATES + GATES_EACH * len(normal.atoms)
        # Forms are numbered as they are met, so that each is hashed only once.  For each number there is the form, its
        # literal (0: it has none yet) and how it was expanded, with the numbers of its children (None: not yet).
        self._keys: list[Key] = [()]
        self._numbers: dict[Key, int] = {(): 0}
        self._literals: list[int] = [FALSE]
        self._children: list[tuple[Expansion, int, int] | None] = [None]

    def gate(self, form: Form, limits: Limits) -> int:
        """The literal that says ``form`` > 0.

        Notes
        -----
        Depth first with a stack of its own, as nets may have more kinks than Python has frames.  Each form is looked
        at once, however many forms lead to it.

        Raises
        ------
        LimitReached
            Also when the circuit outgrows its room.  What has been built stays, and the next call goes on from there.
        """
        root = self._number(key_of(form))
        literals = self._literals
        stack = [root]
        while stack:
            number = stack[-1]
            if literals[number]:
                stack.pop()
                continue
            key = self._keys[number]
            if key[-1][0] < self.inputs:
                self._add_leaf(number, key)
                continue
            children = self._children[number]
            if children is None:
                limits.check()
                expansion = self.expand(key, limits)
                children = expansion, self._number(expansion.left), self._number(expansion.right)
                self._children[number] = children
            expansion, first, second = children
            left, right = literals[first], literals[second]
            absorbing = FALSE if expansion.conjunction else TRUE
            if (left and right) or absorbing in (left, right):  # one of them may settle it
                literals[number] = self._join(key, expansion.conjunction, left or right, right or left)
                if expansion.atom is not None:
                    self.ruled.append((key, expansion.atom))
                continue
            if not right:
                stack.append(second)
            if not left:
                stack.append(first)
        return literals[root]

    def plane(self, form: Form) -> tuple[int, int]:
        """The literal of a nonzero form without atoms, and the factor by which it is the literal's primitive form.

        Raises RoomReached, GaveUp.
        """
        key = key_of(form)
        number = self._number(key)
        if not self._literals[number]:
            self._add_leaf(number, key)
        return self._literals[number], math.gcd(*form.values())

    def expand(self, key: Key, limits: Limits) -> Expansion:
        """The relu rule on the last atom of a form that has one."""
        last, coefficient = key[-1]
        return Expansion(coefficient < 0, *self.removed(key, last), last - self.inputs)

    def _number(self, key: Key) -> int:
        """The number of a form, a new one if the form was not met before."""
        number = self._numbers.setdefault(key, len(self._keys))
        if number == len(self._keys):
            self._keys.append(key)
            self._literals.append(0)
            self._children.append(None)
        return number

    def removed(self, key: Key, variable: int) -> tuple[Key, Key]:
        """L and L + c z for L + c relu(z), relu(z) being the atom ``variable``; both up to positive scaling."""
        without = tuple([entry for entry in key if entry[0] != variable])
        passed = dict(without)
        content = math.gcd(*passed.values())
        coefficient = dict(key)[variable] if key[-1][0] != variable else key[-1][1]
        add(passed, self.normal.atoms[variable - self.inputs], coefficient)
        if content > 1:
            without = tuple([(variable, entry // content) for variable, entry in without])
        return without, key_of(passed)

    def _new(self, key: Key) -> int:
        """A fresh variable for the form.

        Raises RoomReached where the circuit is too large for now; it may then be larger the next time.  Raises GaveUp
        where it is too large for good.
        """
        if len(self.forms) > self.room:
            said = self.room
            if said >= MOST_GATES:
                raise GaveUp(f"more than {said} gates")
            self.room = min(self.room * GROWTH, MOST_GATES)
            raise RoomReached(f"more than {said} gates")
        self.forms.append(key)
        return len(self.forms) - 1

    def _add_leaf(self, number: int, key: Key) -> None:
        """A leaf for a half-space and, as its negation, for the opposite one.

        The variable has the form whose first coefficient is positive.  The two half-spaces leave out their common
        hyperplane, which does not matter: a goal that is positive somewhere is so off all hyperplanes.
        """
        turned = opposite(key)
        forward = key[0][1] > 0
        variable = self._new(key if forward else turned)
        literal = variable if forward else -variable
        self._literals[number] = literal
        self._literals[self._number(turned)] = -literal

    def _join(self, key: Key, conjunction: bool, left: int, right: int) -> int:
        """The literal of a form whose children are ``left`` and ``right``: a new gate, unless these make it a constant
        or equal to one of them."""
        if left == right:
            return left
        absorbing, neutral = (FALSE, TRUE) if conjunction else (TRUE, FALSE)
        if absorbing in (left, right) or left == -right:
            return absorbing
        if neutral in (left, right):
            return right if left == neutral else left
        variable = self._new(key)
        self.gates[variable] = Gate(conjunction, left, right)
        return variable
