"""Decision trees as certificates have them (``certificate.tree``), grown on the verifier's own localisation.

By sign: the kinks that the outputs still rest on are decided one after the other, inner ones first; both signs of each
are tried, the point at hand settles one of them, an exact cone question the other.  By slope: kinks are set to 1 and 0.
A leaf comes as early as its purpose allows.  Exponential at worst: for small nets, or bounds that are not tight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import primitive
from subgrad_hardness.certificate.tree import CLOSED, LEAF, greatest
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program

Passing = Mapping[int, bool]
Ends = Callable[[Passing], bool]

#: The number of a branch without a sign: the kink's form is zero.
_NO_FORM = -1


class Step(NamedTuple):
    """One step of a tree; at a leaf also which relus pass there and (by sign) a direction inside its cell."""

    step: tuple[int, ...]
    passing: Passing | None = None
    direction: tuple[int, ...] = ()


class _Branch(NamedTuple):
    """A path: of each branch the kink, whether it passes, and the number of its form in the cone; a point that
    satisfies all forms but perhaps the last."""

    path: tuple[tuple[int, bool, int], ...]
    point: tuple[int, ...]


class Grower:
    """Grows trees for one program at its point."""

    def __init__(self, program: Program) -> None:
        self.localised = Localised(program)
        self.outputs = program.lowered.outputs
        relus = numbered_relus(program)
        self.numbers = {node: number for number, node in enumerate(relus)}
        self.kinks = [node for node in relus if node in self.localised.kinks]

    def by_sign(self, limits: Limits, ends: Ends | None = None) -> Iterator[Step]:
        """The steps of a tree by sign, in order.

        ``ends`` says whether a branch may end although outputs rest on undecided kinks (None: never).  Raises
        LimitReached.  Some backward passes and an exact cone question a branch.
        """
        size = self.localised.size
        cone, forms = StrictCone(size), list[tuple[int, ...]]()
        stack = [_Branch((), tuple([int(index == 0) for index in range(size)]))]
        while stack:
            limits.check()
            path, point = stack.pop()
            if path and path[-1][2] != _NO_FORM and sum(map(mul, forms[path[-1][2]], point)) <= 0:
                asked = [number for _, _, number in path if number != _NO_FORM]
                answer = cone.solve(asked, limits)
                if isinstance(answer, Infeasible):
                    places = {number: place for place, (_, _, number) in enumerate(path)}
                    pairs = zip(answer.forms, answer.multipliers, strict=True)
                    yield Step((CLOSED, *(entry for form, times in pairs for entry in (places[form], times))))
                    continue
                point = answer.point
            passing = {**self.localised.fixed, **{kink: passes for kink, passes, _ in path}}
            kink = None if ends is not None and ends(passing) else self._next(passing)
            if kink is None:
                yield Step((LEAF,), passing, point)
                continue
            yield Step((self.numbers[kink],))
            form = dict(primitive(self.localised.gradient(self.localised.kinks[kink], passing)))
            if not form:
                stack.append(_Branch((*path, (kink, False, _NO_FORM)), point))
                continue
            for passes in (False, True):  # the one that passes is taken first
                row = tuple([form.get(index, 0) if passes else -form.get(index, 0) for index in range(size)])
                forms.append(row)
                stack.append(_Branch((*path, (kink, passes, cone.add(row))), point))

    def by_slope(self, limits: Limits, ends: Ends) -> Iterator[Step]:
        """The steps of a tree by slope that ends where ``ends`` says so.  Raises LimitReached."""
        stack: list[dict[int, bool]] = [{}]
        while stack:
            limits.check()
            chosen = stack.pop()
            passing = {**self.localised.fixed, **chosen}
            kink = None if ends(passing) else self._next(passing)
            if kink is None:
                yield Step((LEAF,), passing)
                continue
            yield Step((self.numbers[kink],))
            stack += [{**chosen, kink: False}, {**chosen, kink: True}]

    def bounded(self, functional: Matrix, bound: Fraction) -> Ends:
        """Whether <functional, J> <= bound by intervals, whatever undecided kinks do."""
        rows = [(output, row) for output, row in zip(self.outputs, functional, strict=True) if any(row)]

        def ends(passing: Passing) -> bool:
            most = (greatest(self.localised, output, row, passing) for output, row in rows)
            return sum(most, Fraction(0)) <= bound

        return ends

    def _next(self, passing: Passing) -> int | None:
        """An undecided kink that the outputs rest on and that rests on none itself; None if there is none."""
        for output in self.outputs:
            kink = self._undecided(output, passing)
            if kink is not None:
                while (inner := self._undecided(self.localised.kinks[kink], passing)) is not None:
                    kink = inner
                return kink
        return None

    def _undecided(self, node: int, passing: Passing) -> int | None:
        """The first undecided kink that a node's form names."""
        size = self.localised.size
        return min((index for index in self.localised.gradient(node, passing) if index >= size), default=None)
