"""The maxima and minima of a net, as its author wrote them: terms.

The normal form multiplies sums out: the maximum of a and b is a + relu(b - a), and of a sorting network's wire nothing
is left but a long sum of atoms.  Here a sum is read the other way round.  Where it is L + c relu(z), and L + c z has
lost something that z and L brought, it is a *term*: the maximum of L and L + c z (c > 0), or their minimum (c < 0).  A
relu that is in no such sum is the term max(0, z).  Every value of the net becomes a form over inputs and terms, a
*shape*, and mostly a short one: a wire of a sorting network is one term.

The terms stand beside the normal form: each is also a form over its atoms.
"""

from __future__ import annotations

import math
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
        ``factor`` * (L + c w_k) = ``right``; primitive.
    atom : the variable of a_k, which ``left`` does not hold.
    """

    factor: int
    left: Form
    right: Form
    minimum: bool
    form: Form
    atom: int


class Terms:
    """All terms of a net, and the shapes of its outputs.

    Attributes
    ----------
    inputs : the number p of inputs.
    terms : term number k has the variable p + k in shapes.
    outputs : the shapes of the net's outputs (before its scales).

    Raises
    ------
    LimitReached
        Also (GaveUp) where the shapes would be too long.

    Notes
    -----
    One pass over the net.  A sum costs its shape, and for each relu in it the shapes of L and L + c z.
    """

    def __init__(self, net: LocalNet, normal: NormalForm, values: KinkValues, limits: Limits) -> None:
        self.inputs = net.inputs
        self.normal = normal
        self.terms: list[Term] = []
        self._of_atom: dict[int, Form] = {}  # an atom's variable -> its shape
        self._known: dict[Key, int] = {}  # a primitive form over inputs and atoms -> the term that it is
        self._entries = 0
        shapes: list[Form] = [{index: 1} for index in range(net.inputs)]
        kinks = 0
        for node in net.nodes:
            limits.check()
            if isinstance(node, Sum):
                shape: Form = {}
                for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                    if coefficient:  # a restricted net's may be zero
                        add(shape, shapes[argument], coefficient)
                shape = self._gathered(shape)
            else:
                shape = self._of_kink(values.of(kinks), shapes[node.argument])
                kinks += 1
            self._entries += len(shape)
            if self._entries > _MOST_ENTRIES:
                raise GaveUp("the sums of the net are too wide")
            shapes.append(shape)
        self.outputs = tuple([shapes[output] if output >= 0 else {} for output in net.outputs])

    def form(self, shape: Form) -> Form:
        """A shape, possibly with thresholds, as a form over inputs and atoms."""
        form: Form = {}
        for variable, coefficient in shape.items():
            if variable < self.inputs:
                add(form, {variable: 1}, coefficient)
            else:
                add(form, self.terms[variable - self.inputs].form, coefficient)
        return form

    def members(self, shape: Form) -> list[int]:
        """The variables of the terms of a shape."""
        return [variable for variable in shape if variable >= self.inputs]

    def of_form(self, form: Form) -> Form:
        """A shape of any form over inputs and atoms: each atom by itself."""
        shape: Form = {}
        for variable, coefficient in form.items():
            if variable < self.inputs:
                add(shape, {variable: 1}, coefficient)
            else:
                add(shape, self._atom(variable), coefficient)
        return shape

    def _of_kink(self, value: Form, argument: Form) -> Form:
        """The shape of a kink whose value is known over inputs and atoms, and whose argument has the given shape."""
        if len(value) == 1:
            ((variable, content),) = value.items()
            if variable >= self.inputs and content > 0:
                if variable not in self._of_atom:
                    self._add_atom(variable, argument, content)
                return {index: entry * content for index, entry in self._atom(variable).items()}
        rest = dict(value)
        add(rest, self.form(argument), -1)
        if not any(variable < self.inputs for variable in rest) and len(rest) <= 1:  # relu(-z) = relu(z) - z
            shape = dict(argument)
            add(shape, self.of_form(rest), 1)
            return shape
        return self.of_form(value)

    def _atom(self, variable: int) -> Form:
        """The shape of an atom."""
        if variable not in self._of_atom:  # no kink has just this value
            self._add_atom(variable, self.of_form(self.normal.atoms[variable - self.inputs]), 1)
        return self._of_atom[variable]

    def _add_atom(self, variable: int, argument: Form, content: int) -> None:
        """The term max(0, w), where ``argument`` is the shape of ``content`` times w."""
        common = math.gcd(content, *argument.values())
        inner = {index: entry // common for index, entry in argument.items()}
        self._of_atom[variable] = self._add(Term(content // common, {}, inner, False, {variable: 1}, variable))

    def _gathered(self, shape: Form) -> Form:
        """The shape of a sum, in which relus became terms together with what they complete."""
        while 1 < len(self.members(shape)) <= _WIDEST:
            found = self._completed(shape)
            if found is None:
                return shape
            shape = found
        return shape

    def _completed(self, shape: Form) -> Form | None:
        """The whole shape as one term, the best one; None if no term in it cancels anything of the rest."""
        best: tuple[int, Term] | None = None
        members = self.members(shape)
        for variable in members:
            inner = self.terms[variable - self.inputs]
            rest = {index: entry * inner.factor for index, entry in shape.items() if index != variable}
            left, right = dict(rest), dict(rest)
            add(left, inner.left, shape[variable])
            add(right, inner.right, shape[variable])
            widths = len(self.members(left)), len(self.members(right))
            if inner.left:  # a maximum already: each other term has to leave one of the sides
                if any(other in left and other in right for other in self.members(rest)):
                    continue
            elif widths[1] >= len(members) - 1 + len(self.members(inner.right)):  # the relu cancels nothing
                continue
            if inner.atom in self.form(left) or (best is not None and max(widths) >= best[0]):
                continue
            minimum = inner.minimum == (shape[variable] > 0)
            best = max(widths), Term(inner.factor, left, right, minimum, self.form(shape), inner.atom)
        return None if best is None else self._add(best[1])

    def _add(self, term: Term) -> Form:
        """The shape of a term, which joins the others unless it is a multiple of one of them."""
        content = math.gcd(*term.form.values())
        key = key_of(term.form, content)
        if key not in self._known:
            self._known[key] = self.inputs + len(self.terms)
            factor = term.factor * content
            common = math.gcd(factor, *term.left.values(), *term.right.values())
            left, right = (
                {variable: entry // common for variable, entry in side.items()} for side in (term.left, term.right)
            )
            self.terms.append(Term(factor // common, left, right, term.minimum, dict(key), term.atom))
            self._entries += len(key) + len(left) + len(right)
        return {self._known[key]: content}
