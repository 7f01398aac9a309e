"""Why a facet of a small fan holds: a few phases, and in each case multipliers (``fans``).

u v <= 0 is refuted where it fails by looking at the phases of relus that u adds: with their phases known, u is concave,
and Farkas multipliers over the generators show that it is not positive.  Mostly not all phases are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.lemmas import negated, oriented
from subgrad_hardness.engine.sums.fans import Place, Shape, turned
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.linear.double_description import Vector
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal

#: What the generator of a relu becomes where the relu of the opposite form is meant.
_OTHER = {VALUE: EXCESS, EXCESS: VALUE, PASSING: BLOCKED, BLOCKED: PASSING}


class Leaf(NamedTuple):
    """One case: the facet times ``facet``, with these multiples of strict rows and of generators, sums to zero.

    ``rows`` : by the line and its phase, the multiplier of w (of -w, if the phase is False).
    ``generators`` : by the line and the kind.
    """

    facet: int
    rows: Mapping[tuple[int, bool], int]
    generators: Mapping[tuple[int, GeneratorKind], int]


def leaves(shape: Shape, facet: Vector, limits: Limits) -> tuple[Leaf, ...]:
    """Cases that are enough for a facet of the shape.  Raises LimitReached."""
    return tuple(_Search(shape, facet).under({}, limits))


class _Search:
    def __init__(self, shape: Shape, facet: Vector) -> None:
        self.shape, self.facet = shape, facet
        self.size = size = len(shape[0])
        self.cone = StrictCone(size + len(shape))
        self.names: list[tuple[int, GeneratorKind]] = []
        self.cone.add(facet)
        for number, line in enumerate(shape):
            for kind in (VALUE, EXCESS):
                self._generator(number, line, kind)

    def _generator(self, number: int, line: Vector, kind: GeneratorKind) -> int:
        sign = -1 if kind in (PASSING, BLOCKED) else 1
        row = [0] * (self.size + len(self.shape))
        row[self.size + number] = sign
        if kind in (EXCESS, PASSING):
            row[: self.size] = [-sign * entry for entry in line]
        self.names.append((number, kind))
        return self.cone.add(row, strict=False)

    def under(self, phases: dict[int, bool], limits: Limits) -> Iterator[Leaf]:
        """The cases that are enough under these phases."""
        names: dict[int, tuple[int, bool] | tuple[int, GeneratorKind]] = dict(enumerate(self.names, start=1))
        asked = [0, *range(1, 1 + 2 * len(self.shape))]
        for number, passes in phases.items():
            line = self.shape[number]
            row = [*(entry if passes else -entry for entry in line), *([0] * len(self.shape))]
            strict = self.cone.add(row)
            self.names.append((number, PASSING))  # a place in the numbering
            names[strict] = (number, passes)
            generator = self._generator(number, line, PASSING if passes else BLOCKED)
            names[generator] = self.names[generator - 1]
            asked += [strict, generator]
        answer = self.cone.solve(asked, limits)
        if isinstance(answer, Infeasible):
            yield self._leaf(dict(zip(answer.forms, answer.multipliers, strict=True)), names)
            return
        chosen = self._worst(answer.point, phases)
        for passes in (True, False):
            found = list(self.under({**phases, chosen: passes}, limits))
            yield from found
            if not any(self._uses(leaf, chosen) for leaf in found):
                return

    @staticmethod
    def _uses(leaf: Leaf, line: int) -> bool:
        return any(number == line for number, _ in leaf.rows) or any(
            number == line and kind in (PASSING, BLOCKED) for number, kind in leaf.generators
        )

    def _worst(self, point: Vector, phases: Mapping[int, bool]) -> int:
        """The added relu whose value at the point is farthest above what it is."""

        def excess(number: int) -> int:
            level: int = sum(map(mul, self.shape[number], point))
            return self.facet[self.size + number] * (point[self.size + number] - max(level, 0))

        added = [k for k in range(len(self.shape)) if self.facet[self.size + k] > 0 and k not in phases]
        return max(added, key=lambda k: (excess(k), -k))

    @staticmethod
    def _leaf(
        multipliers: Mapping[int, int], names: Mapping[int, tuple[int, bool] | tuple[int, GeneratorKind]]
    ) -> Leaf:
        rows: dict[tuple[int, bool], int] = {}
        generators: dict[tuple[int, GeneratorKind], int] = {}
        for number, multiplier in multipliers.items():
            if number:
                line, kind = names[number]
                if isinstance(kind, GeneratorKind):
                    generators[line, kind] = multiplier
                else:
                    rows[line, kind] = multiplier
        return Leaf(multipliers.get(0, 0), rows, generators)


def lemmas(normal: NormalForm, place: Place, form: Key, content: int, cases: tuple[Leaf, ...]) -> Iterator[Lemma]:
    """The cases at a place: lemmas whose clauses refute "``form`` > 0", the facet there being ``content`` times it."""
    for leaf in cases:
        literals = {Literal(form, False): leaf.facet * content}
        generators: list[Generator] = []
        for (number, kind), multiplier in leaf.generators.items():
            atom = place.atoms[number]
            real = _OTHER[kind] if turned(normal, atom) else kind
            generators.append((atom, real, multiplier))
            if real in (PASSING, BLOCKED):
                literals.setdefault(_denied(normal, atom, real == PASSING), 0)
        for (number, passes), multiplier in leaf.rows.items():
            atom = place.atoms[number]
            literals[_denied(normal, atom, passes != turned(normal, atom))] = multiplier
        yield Lemma(tuple(literals), tuple(literals.values()), tuple(generators))


def _denied(normal: NormalForm, atom: int, passes: bool) -> Literal:
    """The negation of the literal that says that the atom has this phase."""
    literal = oriented(tuple(normal.atoms[atom].items()), normal.inputs)
    return negated(literal) if passes else literal
