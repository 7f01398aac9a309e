"""Decision trees as certificates have them (``certificate.tree``), grown on the multiplied-out local net.

By sign: the kinks that the outputs still rest on are decided one after the other, inner ones first; both signs of each
are tried, the point at hand settles one of them, an exact cone question the other.  By slope: kinks are set to 1 and 0.
Exponential at worst: for small nets, or bounds that are not tight.  Trees by sign that show bounds: ``branching``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.chords import most
from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.tree import CLOSED, LEAF
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.normal_form.linear_form import Form

Row = tuple[int, ...]
#: Of each kink its value, linear in the inputs, as decided so far; None: undecided.
Values = tuple[Row | None, ...]
Ends = Callable[[Values], bool]

#: The number of a branch without a sign: the kink's form is zero.
_NO_FORM = -1


class Step(NamedTuple):
    """One step of a tree; at a leaf also the kinks' values there and (by sign) a direction inside its cell."""

    step: tuple[int, ...]
    values: Values | None = None
    direction: tuple[int, ...] = ()


class _Branch(NamedTuple):
    """A path: the forms of its branches by their numbers in the cone, the kinks' values, and a point that satisfies all
    forms but perhaps the last."""

    path: tuple[int, ...]
    values: Values
    point: tuple[int, ...]


class Grower:
    """Grows trees for one program at its point.

    Attributes
    ----------
    count : of kinks that matter: those of the local net.
    relus : their relu numbers in certificates.
    dead : the relu numbers of kinks that are none of the local net because their forms are zero.
    flat, scales : the multiplied-out local net, and the scales of its outputs.
    """

    def __init__(self, program: Program, local: Localisation, flat: FlatNet | None = None) -> None:
        self._program, self._local = program, local
        self.flat = flatten(local.net) if flat is None else flat
        self.scales = local.net.scales
        self.size, self.count = local.net.inputs, len(self.flat.kinks)

    @property
    def relus(self) -> list[int]:
        return self._numbers[0]

    @property
    def dead(self) -> list[int]:
        return self._numbers[1]

    @cached_property
    def _numbers(self) -> tuple[list[int], list[int]]:
        """What only a tree that is written down needs: in a large net a pass for each kink that is zero."""
        localised, numbered = Localised(self._program), numbered_relus(self._program)
        numbers = {node: number for number, node in enumerate(numbered)}
        kinks = [node for node in sorted(numbered) if node not in localised.fixed]
        numbers_kept = self._local.net.kink_numbers
        kept = {kinks[number] for number in numbers_kept}
        passing = dict(localised.fixed)
        dead: list[int] = []
        for node in kinks:
            if node not in kept and not localised.gradient(localised.kinks[node], passing):
                passing[node] = False
                dead.append(numbers[node])
        return [numbers[kinks[number]] for number in numbers_kept], dead

    def by_sign(self, limits: Limits) -> Iterator[Step]:
        """The steps of a tree by sign, in order, whose leaves are the cells.

        Raises LimitReached.  An exact cone question a branch, and one product with the forms.
        """
        cone, forms = StrictCone(self.size), list[Row]()
        start = tuple([int(index == 0) for index in range(self.size)])
        yield from (Step((relu,)) for relu in self.dead)
        stack = [_Branch((_NO_FORM,) * len(self.dead), (None,) * self.count, start)]
        while stack:
            limits.check()
            path, values, point = stack.pop()
            if path and path[-1] != _NO_FORM and sum(map(mul, forms[path[-1]], point)) <= 0:
                answer = cone.solve([number for number in path if number != _NO_FORM], limits)
                if isinstance(answer, Infeasible):
                    places = {number: place for place, number in enumerate(path)}
                    pairs = zip(answer.forms, answer.multipliers, strict=True)
                    yield Step((CLOSED, *(entry for form, times in pairs for entry in (places[form], times))))
                    continue
                point = answer.point
            kink = self._next(values)
            if kink is None:
                yield Step((LEAF,), values, point)
                continue
            yield Step((self.relus[kink],))
            row = self.linear(self.flat.kinks[kink], values)
            if not any(row):
                stack.append(_Branch((*path, _NO_FORM), _decided(values, kink, row), point))
                continue
            form = primitive(row)
            for side, value in ((tuple([-entry for entry in form]), (0,) * self.size), (form, row)):
                forms.append(side)  # the one that passes is taken first
                stack.append(_Branch((*path, cone.add(side)), _decided(values, kink, value), point))

    def by_slope(self, limits: Limits, ends: Ends) -> Iterator[Step]:
        """The steps of a tree by slope that ends where ``ends`` says so.  Raises LimitReached."""
        stack: list[Values] = [(None,) * self.count]
        while stack:
            limits.check()
            values = stack.pop()
            kink = None if ends(values) else self._next(values)
            if kink is None:
                yield Step((LEAF,), values)
                continue
            yield Step((self.relus[kink],))
            row = self.linear(self.flat.kinks[kink], values)
            stack += [_decided(values, kink, value) for value in ((0,) * self.size, row)]

    def bounded(self, functional: Matrix, bound: Fraction) -> Ends:
        """Whether <functional, J> <= bound whatever undecided kinks do, as the verifier finds (``chords``)."""
        common = math.lcm(*(entry.denominator for row in functional for entry in row))
        rows = [
            (form, scale / common, tuple([int(entry * common) for entry in row]))
            for form, scale, row in zip(self.flat.outputs, self.scales, functional, strict=True)
            if any(row)
        ]

        def ends(values: Values) -> bool:
            return sum([scale * self._most(form, values, row) for form, scale, row in rows], Fraction(0)) <= bound

        return ends

    def _most(self, form: Form, values: Values, direction: Row) -> Fraction:
        """What a form's derivative in a direction cannot exceed."""
        size, forms = self.size, dict[int, Form]()
        stack = [form]
        while stack:
            for variable in stack.pop():
                if variable >= size and values[variable - size] is None and variable not in forms:
                    forms[variable] = self.flat.kinks[variable - size]
                    stack.append(forms[variable])
        given = {index: (entry, entry) for index, entry in enumerate(direction)}
        for kink, value in enumerate(values, start=size):
            if value is not None:
                entry = sum(map(mul, value, direction))
                given[kink] = entry, entry
        return most(form, forms, given)

    def value(self, functional: Matrix, passing: Sequence[bool]) -> Fraction:
        """<functional, J> of the result of backpropagation where these kinks have the slope 1, the others 0.

        A pass over the multiplied-out net for each output whose row is not zero, and no Jacobian.
        """
        total = Fraction(0)
        for form, scale, row in zip(self.flat.outputs, self.scales, functional, strict=True):
            if any(row):
                values: list[Fraction | int] = list(row)
                for kink, passes in zip(self.flat.kinks, passing, strict=True):
                    values.append(_at(kink, values) if passes else 0)
                total += scale * _at(form, values)
        return total

    def chosen(self, passing: Sequence[bool]) -> Values:
        """The values when these kinks have the slope 1, the others 0."""
        values: Values = (None,) * self.count
        for kink, passes in enumerate(passing):
            row = self.linear(self.flat.kinks[kink], values) if passes else (0,) * self.size
            values = _decided(values, kink, row)
        return values

    def jacobian(self, values: Values) -> Matrix:
        """The Jacobian where the outputs rest on decided kinks only, m x p."""
        rows = [self.linear(form, values) for form in self.flat.outputs]
        return tuple([tuple([scale * entry for entry in row]) for scale, row in zip(self.scales, rows, strict=True)])

    def linear(self, form: Form, values: Values) -> Row:
        """A form over inputs and decided kinks as one over the inputs."""
        total = [form.get(index, 0) for index in range(self.size)]
        for variable, coefficient in form.items():
            if variable >= self.size:
                value = values[variable - self.size]
                assert value is not None
                total = [entry + coefficient * other for entry, other in zip(total, value, strict=True)]
        return tuple(total)

    def _next(self, values: Values) -> int | None:
        """An undecided kink that the outputs rest on and that rests on none itself; None if there is none."""
        for output in self.flat.outputs:
            kink = self._undecided(output, values)
            if kink is not None:
                while (inner := self._undecided(self.flat.kinks[kink], values)) is not None:
                    kink = inner
                return kink
        return None

    def _undecided(self, form: Form, values: Values) -> int | None:
        """The first undecided kink that a form names."""
        size = self.size
        named = [variable - size for variable in form if variable >= size and values[variable - size] is None]
        return min(named, default=None)


def _decided(values: Values, kink: int, row: Row) -> Values:
    return (*values[:kink], row, *values[kink + 1 :])


def _at(form: Form, values: Sequence[Fraction | int]) -> Fraction | int:
    """A form where its variables have these values."""
    return sum([coefficient * values[variable] for variable, coefficient in form.items()])
