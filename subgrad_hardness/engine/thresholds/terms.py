"""The maxima and minima of a net, as its author wrote them: terms.

The normal form multiplies sums out: the maximum of a and b is a + relu(b - a), and of a sorting network's wire nothing
is left but a long sum of atoms.  Here a sum is read the other way round.  Where it is L + c relu(z), and L + c z has
lost something that z and L brought, it is a *term*: the maximum of L and L + c z (c > 0), or their minimum (c < 0).  A
relu that is in no such sum is the term max(0, z).  Every value of the net becomes a form over inputs and terms, a
*shape*, and mostly a short one: a wire of a sorting network is one term.

The terms stand beside the normal form: each is also a form over its atoms.  A new term may be found to be equal to
another shape (``sweep``), which stands for it from then on.  The two have different forms over atoms, whose difference,
an *error*, is zero at all directions.  What a shape's form lacks to be the form that the net has there is therefore a
combination of errors, its *debts*.  They end at the next relu, whose atom is an atom of the net again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.local.local_net import LocalNet, Sum
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import KinkValues, NormalForm

# All shapes together may have this many entries: a net whose sums are wide is not made of maxima and minima.
_MOST_ENTRIES = 3_000_000
# A sum with more terms than this is not looked at.
_WIDEST = 40


class Term(NamedTuple):
    """``factor`` times its value is the maximum (``minimum``: the minimum) of ``left`` and ``right``.

    Attributes
    ----------
    left, right : shapes over inputs and earlier terms.
    form : the value over inputs and atoms: L + c a_k, with ``factor`` * L = ``left`` there, and
        ``factor`` * (L + c w_k) = ``right``, up to the debts of w_k; primitive.
    atom : the variable of a_k, which ``left`` does not hold.
    """

    factor: int
    left: Form
    right: Form
    minimum: bool
    form: Form
    atom: int


class Owing(NamedTuple):
    """A shape, and its debts: the net's form is the shape's and the sum of debt * error of the terms in ``debts``."""

    shape: Form
    debts: Form


#: Says of a new term, by its variable, what other shape it is equal to; None: none is known.
Settle = Callable[[int, Limits], Form | None]


class Terms:
    """The terms of a net, as far as they were read, and in the end the shapes of its outputs.

    Attributes
    ----------
    inputs : the number p of inputs.
    terms : term number k has the variable p + k in shapes.
    errors : of each term that another shape stands for, its form less that shape's.
    arguments : of some atoms a_k the factor f and the debts with which f * w_k is the argument's shape.
    """

    def __init__(self, net: LocalNet, normal: NormalForm, values: KinkValues, settle: Settle | None = None) -> None:
        self.inputs = net.inputs
        self.normal = normal
        self.terms: list[Term] = []
        self.errors: dict[int, Form] = {}
        self.arguments: dict[int, tuple[int, Form]] = {}
        self._net, self._values, self._settle = net, values, settle
        self._slots: list[Owing] = [Owing({index: 1}, {}) for index in range(net.inputs)]
        self._kinks = 0
        self._standing: dict[int, Form] = {}  # a term's variable -> the shape that stands for it
        self._of_atom: dict[int, Owing] = {}  # an atom's variable -> its shape
        self._known: dict[Key, int] = {}  # a primitive form over inputs and atoms -> the term that it is
        self._entries = 0

    def read(self, limits: Limits) -> tuple[Owing, ...]:
        """Read the net, on from where a limit stopped the last call; its outputs (before the scales).

        Raises
        ------
        LimitReached
            Also (GaveUp) where the shapes would be too long.

        Notes
        -----
        A sum costs its shape, and for each term in it the shapes of two sides.
        """
        net = self._net
        while len(self._slots) < net.inputs + len(net.nodes):
            limits.check()
            node = net.nodes[len(self._slots) - net.inputs]
            if isinstance(node, Sum):
                total = Owing({}, {})
                for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                    if coefficient:  # a restricted net's may be zero
                        _add(total, self._slots[argument], coefficient)
                slot = self._gathered(total, limits)
            else:
                slot = self._of_kink(self._values.of(self._kinks), self._slots[node.argument], limits)
                self._kinks += 1
            self._entries += len(slot.shape) + len(slot.debts)
            if self._entries > _MOST_ENTRIES:
                raise GaveUp("the sums of the net are too wide")
            self._slots.append(slot)
        return tuple([self._slots[output] if output >= 0 else Owing({}, {}) for output in net.outputs])

    def form(self, shape: Form) -> Form:
        """A shape, possibly with thresholds, as a form over inputs and atoms."""
        form: Form = {}
        for variable, coefficient in shape.items():
            if variable < self.inputs:
                if total := form.get(variable, 0) + coefficient:
                    form[variable] = total
                else:
                    del form[variable]
            elif form:
                add(form, self.terms[variable - self.inputs].form, coefficient)
            elif coefficient == 1:
                form = dict(self.terms[variable - self.inputs].form)
            else:
                form = {index: entry * coefficient for index, entry in self.terms[variable - self.inputs].form.items()}
        return form

    def paid(self, owing: Owing) -> Form:
        """The net's form over inputs and atoms where the shape is known with its debts."""
        form = self.form(owing.shape)
        for variable, entry in owing.debts.items():
            add(form, self.errors[variable], entry)
        return form

    def members(self, shape: Form) -> list[int]:
        """The variables of the terms of a shape."""
        return [variable for variable in shape if variable >= self.inputs]

    def of_form(self, form: Form, limits: Limits) -> Owing:
        """A shape of any form over inputs and atoms: each atom by itself."""
        total = Owing({}, {})
        for variable, coefficient in form.items():
            _add(
                total, Owing({variable: 1}, {}) if variable < self.inputs else self._atom(variable, limits), coefficient
            )
        return total

    def sides(self, shape: Form, member: int) -> tuple[Form, Form]:
        """The shape with a term's left and with its right side in its place, times the term's factor."""
        term, coefficient = self.terms[member - self.inputs], shape[member]
        rest = {variable: entry * term.factor for variable, entry in shape.items() if variable != member}
        left, right = dict(rest), rest
        add(left, term.left, coefficient)
        add(right, term.right, coefficient)
        return left, right

    def is_conjunction(self, shape: Form, member: int) -> bool:
        """Whether both sides of a term of the shape have to be positive for the shape to be so."""
        return self.terms[member - self.inputs].minimum == (shape[member] > 0)

    def _of_kink(self, value: Form, argument: Owing, limits: Limits) -> Owing:
        """The shape of a kink whose value is known over inputs and atoms, and whose argument has the given shape."""
        if len(value) == 1:
            ((variable, content),) = value.items()
            if variable >= self.inputs and content > 0:
                if variable not in self._of_atom:
                    self._add_atom(variable, argument, content, limits)
                return _times(self._atom(variable, limits), content)
        rest = dict(value)
        add(rest, self.paid(argument), -1)
        if not any(variable < self.inputs for variable in rest) and len(rest) <= 1:  # relu(-z) = relu(z) - z
            total = self.of_form(rest, limits)
            _add(total, argument, 1)
            return total
        return self.of_form(value, limits)

    def _atom(self, variable: int, limits: Limits) -> Owing:
        """The shape of an atom."""
        if variable not in self._of_atom:  # no kink has just this value
            argument = self.of_form(self.normal.atoms[variable - self.inputs], limits)
            self._add_atom(variable, argument, 1, limits)
        return self._of_atom[variable]

    def _add_atom(self, variable: int, argument: Owing, content: int, limits: Limits) -> None:
        """The term max(0, w), where ``argument`` is ``content`` times w."""
        common = math.gcd(content, *argument.shape.values(), *argument.debts.values())
        inner, debts = ({index: entry // common for index, entry in part.items()} for part in argument)
        if debts:
            self.arguments[variable] = content // common, debts
        term = Term(content // common, {}, inner, False, {variable: 1}, variable)
        self._of_atom[variable] = self._added(term, limits)

    def _gathered(self, slot: Owing, limits: Limits) -> Owing:
        """A sum in which terms became one together with what they complete."""
        shape, debts = slot
        while 1 < len(self.members(shape)) <= _WIDEST:
            term = self._completed(shape)
            if term is None:
                break
            total = self._added(term, limits)
            add(total.debts, debts, 1)
            shape, debts = total
        return Owing(shape, debts)

    def _completed(self, shape: Form) -> Term | None:
        """The whole shape as one term, the best one; None if no term in it cancels anything of the rest."""
        best: tuple[int, Term] | None = None
        members = self.members(shape)
        for variable in members:
            inner = self.terms[variable - self.inputs]
            left, right = self.sides(shape, variable)
            widths = len(self.members(left)), len(self.members(right))
            if inner.left:  # a maximum already: each other term has to leave one of the sides
                if any(other in left and other in right for other in members):
                    continue
            elif not any(other not in right for other in self.members(left)):  # the relu cancels nothing
                continue
            if (best is not None and max(widths) >= best[0]) or self._entry(left, inner.atom):
                continue
            minimum = self.is_conjunction(shape, variable)
            best = max(widths), Term(inner.factor, left, right, minimum, {}, inner.atom)
        return None if best is None else best[1]._replace(form=self.form(shape))

    def _entry(self, shape: Form, variable: int) -> int:
        """The entry of an atom's variable in the form of a shape."""
        return sum(
            [self.terms[member - self.inputs].form.get(variable, 0) * shape[member] for member in self.members(shape)]
        )

    def _added(self, term: Term, limits: Limits) -> Owing:
        """The shape of a term, which joins the others unless it is a multiple of one of them."""
        content = math.gcd(*term.form.values())
        key = key_of(term.form, content)
        if key not in self._known:
            factor = term.factor * content
            common = math.gcd(factor, *term.left.values(), *term.right.values())
            left, right = (
                {variable: entry // common for variable, entry in side.items()} for side in (term.left, term.right)
            )
            self.terms.append(Term(factor // common, left, right, term.minimum, dict(key), term.atom))
            self._entries += len(key) + len(left) + len(right)
            variable = self._known[key] = self.inputs + len(self.terms) - 1
            if self._settle is not None and (shape := self._settle(variable, limits)) is not None:
                self._standing[variable] = shape
                self.errors[variable] = dict(key)
                add(self.errors[variable], self.form(shape), -1)
        variable = self._known[key]
        if variable in self._standing:
            return _times(Owing(self._standing[variable], {variable: 1} if self.errors[variable] else {}), content)
        return Owing({variable: content}, {})


def _add(total: Owing, other: Owing, factor: int) -> None:
    """total += factor * other."""
    add(total.shape, other.shape, factor)
    if other.debts:
        add(total.debts, other.debts, factor)


def _times(owing: Owing, factor: int) -> Owing:
    return Owing(*({variable: entry * factor for variable, entry in part.items()} for part in owing))
