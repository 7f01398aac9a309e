"""True claims of docs/certificate.md, section 10, about small nets: as certificate objects, proofs and all.

Members and trees are made by enumeration (``support.oracle``), arguments by the engines.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from subgrad_hardness.certificate.derived import difference, directional, homogenised, shifted, subadditive
from subgrad_hardness.certificate.format import FORMAT, VERSION
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from support import oracle, second_nets
from support.second_argument import Form, primitive
from support.second_claims import Claims
from support.second_trees import over_inputs

Claim = dict[str, Any]
Matrix = Sequence[Sequence[Fraction]]
#: Nets with more kinks get no claims about the autodiff set: all slopes 0 and 1 are tried there.
MOST_KINKS = 6
SECONDS = 5.0


def plain(value: Any) -> Any:
    """Numbers as certificates have them, in lists as they are nested."""
    if isinstance(value, Fraction | int):
        return second_nets.plain(Fraction(value))
    return [plain(entry) for entry in value]


def inner(one: Matrix, other: Matrix) -> Fraction:
    """The sum of all products."""
    pairs = zip(one, other, strict=True)
    return sum((x * y for left, right in pairs for x, y in zip(left, right, strict=True)), Fraction(0))


class Maker:
    """True claims about one net at its own point; ``draw`` makes the choices."""

    def __init__(self, net: dict[str, Any], draw: random.Random) -> None:
        self.net, self.draw = net, draw
        self.program = program_from(net)
        self.size, self.height = self.program.input_count, self.program.output_count
        self.graph, self.point = second_nets.read_net(dumps(self.program).encode("utf-8"))
        self.local = second_nets.localise(self.graph, self.point)

    @cached_property
    def pieces(self) -> list[oracle.Piece]:
        """One for each Jacobian of the lexicographic subdifferential."""
        found = {piece.jacobian: piece for piece in oracle.pieces(oracle.read(self.net))}
        return [found[jacobian] for jacobian in sorted(found)]

    @cached_property
    def autodiff(self) -> list[tuple[list[Any], oracle.Jacobian]]:
        """Slopes 0 and 1 in all ways, each as a flat list, and what backpropagation gives."""
        claims, kinks = Claims(self.graph, self.point, None), sorted(self.local.kinks)
        found = []
        for slopes in itertools.product((Fraction(0), Fraction(1)), repeat=len(kinks)):
            pairs = [(kink, slope) for kink, slope in zip(kinks, slopes, strict=True) if slope]
            flat = [entry for kink, slope in pairs for entry in (kink, int(slope))]
            found.append((flat, oracle.exact(*claims.backpropagated(pairs))))
        return found

    def claim(self, kind: str, **parts: Any) -> Claim:
        return {"format": FORMAT, "version": VERSION, "kind": kind, "digest": self.program.digest, **parts}

    def matrix(self, piece: oracle.Piece) -> dict[str, Any]:
        """A direction matrix that begins inside the piece."""
        free = next(index for index, entry in enumerate(piece.interior) if entry)
        return {
            "leading": [plain(piece.interior)],
            "complete": [index for index in range(self.size) if index != free],
        }

    def asked(self, made: Program, goals: Sequence[OneSided], constraints: Matrix = ()) -> Any:
        """The argument that no goal is positive, a direction where one is, or None."""
        answer = Asker(made).ask(goals, constraints, Limits.seconds(SECONDS))
        if isinstance(answer, Found):
            return answer.direction
        if isinstance(answer, Refuted) and answer.argument is not None:
            return answer.argument.to_json()
        return None

    # Bounds.

    def sign_tree(self) -> list[list[int]]:
        """Every kink decided in the order in which they are computed, empty branches closed."""
        order = list(self.local.kinks)
        steps: list[list[int]] = []

        def walk(place: int, values: dict[int, Form], forms: list[tuple[int, ...] | None]) -> None:
            cone = StrictCone(self.size)
            rows = [(which, cone.add(form)) for which, form in enumerate(forms) if form is not None]
            found = cone.solve([row for _, row in rows])
            if isinstance(found, Infeasible):
                which = dict(rows)
                back = {row: number for number, row in which.items()}
                pairs = zip(found.forms, found.multipliers, strict=True)
                steps.append([-1, *(entry for row, times in pairs for entry in (back[row], times))])
            elif place == len(order):
                steps.append([-2])
            else:
                kink = order[place]
                steps.append([kink])
                form = over_inputs(self.local, self.local.kinks[kink], values)
                if not form:
                    walk(place + 1, values | {kink: {}}, [*forms, None])
                    return
                entries = dict(primitive(form)[1])
                row = tuple(entries.get(index, 0) for index in range(self.size))
                walk(place + 1, values | {kink: form}, [*forms, row])
                walk(place + 1, values | {kink: {}}, [*forms, tuple(-entry for entry in row)])

        walk(0, {}, [])
        return steps

    def slope_tree(self) -> list[list[int]]:
        """Every kink decided."""
        kinks = sorted(self.local.kinks)
        return [[-2]] if not kinks else self._all_slopes(kinks)

    def _all_slopes(self, kinks: list[int]) -> list[list[int]]:
        if not kinks:
            return [[-2]]
        below = self._all_slopes(kinks[1:])
        return [[kinks[0]], *below, *below]

    def argued_bound(self, outputs: Sequence[Fraction], direction: Sequence[Fraction], bound: Fraction) -> Any:
        goal = OneSided(tuple(enumerate(outputs)), (*(Fraction(0),) * self.size, bound))
        ahead = (*(Fraction(0),) * self.size, Fraction(1))
        return self.asked(shifted(self.program, direction), [goal], [ahead])

    def bounds(self, which: str) -> Iterator[tuple[dict[str, Any], Matrix]]:
        """The parts that say how large a functional is on the set, and the functional."""
        if which == "autodiff":
            values = [jacobian for _, jacobian in self.autodiff]
        else:
            values = [piece.jacobian for piece in self.pieces]
        functional = [[Fraction(self.draw.randrange(-2, 3)) for _ in range(self.size)] for _ in range(self.height)]
        bound = max(inner(functional, jacobian) for jacobian in values)
        tree = self.slope_tree() if which == "autodiff" else self.sign_tree()
        yield {"functional": plain(functional), "bound": plain(bound), "tree": tree}, functional
        if which == "autodiff":
            return
        outputs = [Fraction(self.draw.randrange(-2, 3)) for _ in range(self.height)]
        direction = [Fraction(self.draw.randrange(-2, 3)) for _ in range(self.size)]
        functional = [[weight * entry for entry in direction] for weight in outputs]
        bound = max(inner(functional, jacobian) for jacobian in values)
        argument = self.argued_bound(outputs, direction, bound)
        if isinstance(argument, dict):
            parts = {"outputs": plain(outputs), "direction": plain(direction), "bound": plain(bound)}
            yield {**parts, "argument": argument}, functional

    # Claims about sets.

    def of_sets(self) -> Iterator[Claim]:
        matrices = [self.matrix(piece) for piece in self.pieces]
        tree = self.sign_tree()
        yield self.claim("complete", directions=matrices, tree=tree)
        other = [[entry + 1 for entry in row] for row in self.pieces[-1].jacobian]
        yield self.claim("outside", set="lexicographic", vector=plain(other), tree=tree)
        for which in ("lexicographic", "clarke", *(["autodiff"] if len(self.local.kinks) <= MOST_KINKS else [])):
            yield from self._of_set(which, matrices)

    def _of_set(self, which: str, matrices: list[dict[str, Any]]) -> Iterator[Claim]:
        if which == "autodiff":
            named: list[tuple[Any, oracle.Jacobian]] = list(self.autodiff)
        else:
            named = [(matrix, piece.jacobian) for matrix, piece in zip(matrices, self.pieces, strict=True)]
        key = "slopes" if which == "autodiff" else "directions"
        count = 1 if which == "lexicographic" else self.draw.randrange(1, 1 + min(3, len(named)))
        chosen = self.draw.sample(named, count)
        parts = [Fraction(self.draw.randrange(1, 4)) for _ in chosen]
        weights = [part / sum(parts) for part in parts]
        vector = combined(weights, [jacobian for _, jacobian in chosen])
        members = [name for name, _ in chosen]
        yield self.claim("member", set=which, vector=plain(vector), weights=plain(weights), **{key: members})
        for bound, functional in self.bounds(which):
            (name, jacobian) = max(named, key=lambda pair: inner(functional, pair[1]))
            yield self.claim("support", set=which, **bound, **{key: [name]})
            if which != "lexicographic" and any(map(any, functional)):
                outside = [
                    [x + y for x, y in zip(*rows, strict=True)] for rows in zip(jacobian, functional, strict=True)
                ]
                yield self.claim("outside", set=which, vector=plain(outside), **bound)
        if which != "lexicographic":
            yield from self._shortest(which, named, key)

    def _shortest(self, which: str, named: list[tuple[Any, oracle.Jacobian]], key: str) -> Iterator[Claim]:
        """If one member, or a midpoint of two, is the shortest element."""
        for count in (1, 2):
            for chosen in itertools.combinations(named, count):
                weights = [Fraction(1, count)] * count
                vector = combined(weights, [jacobian for _, jacobian in chosen])
                if any(inner(vector, jacobian) < inner(vector, vector) for _, jacobian in named):
                    continue
                parts = {"set": which, "vector": plain(vector), "weights": plain(weights)}
                parts[key] = [name for name, _ in chosen]
                tree = self.slope_tree() if which == "autodiff" else self.sign_tree()
                yield self.claim("shortest", **parts, tree=tree)
                negative = [[-entry for entry in row] for row in vector]
                if which == "clarke" and self.height == 1:
                    argument = self.argued_bound([Fraction(1)], negative[0], -inner(vector, vector))
                    if isinstance(argument, dict):
                        yield self.claim("shortest", **parts, argument=argument)
                return

    # Claims about functions.

    def of_functions(self) -> Iterator[Claim]:
        if self.height > 1:
            return
        zero = (Fraction(0),) * self.size
        for _ in range(3):
            rows = self._vectors(self.draw.randrange(3))
            interior = oracle.positive_point(rows, self.size)
            if interior is None:
                continue
            found = self.asked(directional(self.program), [OneSided(((0, Fraction(-1)),), zero)], rows)
            if isinstance(found, tuple):
                yield self.claim("descent", constraints=plain(rows), direction=list(found))
            elif found:
                parts = {"constraints": plain(rows), "interior": plain(interior)}
                yield self.claim("minimum", **parts, argument=found)
        found = self.asked(subadditive(self.program), [OneSided(((0, Fraction(1)),), (*zero, *zero))])
        if isinstance(found, tuple):
            yield self.claim("irregular", base=list(found[: self.size]), direction=list(found[self.size :]))
        elif found:
            yield self.claim("regular", argument=found)

    def _vectors(self, count: int) -> list[tuple[Fraction, ...]]:
        return [tuple(Fraction(self.draw.randrange(-2, 3)) for _ in range(self.size)) for _ in range(count)]

    # Claims about regions.

    def box(self, middle: Sequence[Fraction], radius: Fraction) -> list[list[Fraction]]:
        """a x <= b."""
        rows = []
        for index, entry in enumerate(middle):
            for sign in (1, -1):
                row = [Fraction(sign * (place == index)) for place in range(self.size)]
                rows.append([*row, sign * entry + radius])
        return rows

    def of_regions(self) -> Iterator[Claim]:
        read = oracle.read(self.net)
        if len(self.pieces) > 1:
            matrices = [self.matrix(piece) for piece in self.pieces[:2]]
            box = plain(self.box(self.point, Fraction(1)))
            yield self.claim("bent", constraints=box, point=plain(self.point), directions=matrices)
        middle = [entry + Fraction(self.draw.randrange(-9, 10), 7) for entry in self.point]
        try:
            jacobian = oracle.gradient(read, tuple(middle))
        except ValueError:
            return
        values = zip(oracle.value(read, tuple(middle)), oracle.times(jacobian, middle), strict=True)
        offset = [value - linear for value, linear in values]
        for radius in (Fraction(1), Fraction(1, 8), Fraction(1, 64)):
            box = self.box(middle, radius)
            argument = self.asked(
                homogenised(self.program), affine_goals(jacobian, offset), homogeneous(box, self.size)
            )
            if isinstance(argument, dict):
                parts = {"constraints": plain(box), "interior": plain(middle)}
                parts |= {"matrix": plain(jacobian), "offset": plain(offset)}
                yield self.claim("affine", **parts, argument=argument)
                return

    def of_two(self, other: dict[str, Any]) -> Iterator[Claim]:
        """Whether this net and the other one, of as many inputs and outputs, are one function on a box."""
        second = program_from(other)
        goals = affine_goals([[Fraction(0)] * self.size] * self.height, [Fraction(0)] * self.height)
        ahead = [self.point[0] + 2, *self.point[1:]]
        beyond = [[Fraction(-1), *[Fraction(0)] * (self.size - 1), -self.point[0] - 1]]
        near, far = (self.box(self.point, Fraction(radius)) for radius in (1, 20))
        for rows, inside in (([], self.point), (near, self.point), (far, self.point), (beyond, ahead)):
            made = homogenised(difference(self.program, second))
            found = self.asked(made, goals, homogeneous(rows, self.size))
            parts = {"other": second.digest, "constraints": plain(rows)}
            if isinstance(found, dict):
                yield self.claim("equal", **parts, interior=plain(inside), argument=found)
            elif isinstance(found, tuple) and found[-1] > 0:
                point = [Fraction(entry, found[-1]) for entry in found[:-1]]
                yield self.claim("different", **parts, point=plain(point))


def combined(weights: Sequence[Fraction], jacobians: Sequence[oracle.Jacobian]) -> list[list[Fraction]]:
    """The sum of the matrices times their weights."""
    total = [[Fraction(0)] * len(row) for row in jacobians[0]]
    for weight, jacobian in zip(weights, jacobians, strict=True):
        total = [[x + weight * y for x, y in zip(*rows, strict=True)] for rows in zip(total, jacobian, strict=True)]
    return total


def affine_goals(jacobian: Matrix, offset: Sequence[Fraction]) -> list[OneSided]:
    """H_k - A_k x - b_k t and its opposite, for each k."""
    rows = enumerate([*row, constant] for row, constant in zip(jacobian, offset, strict=True))
    return [
        OneSided(((number, Fraction(sign)),), tuple(sign * entry for entry in row))
        for number, row in rows
        for sign in (1, -1)
    ]


def homogeneous(box: Matrix, size: int) -> list[list[Fraction]]:
    """b t - a x >= 0, and t >= 0."""
    rows = [[*(-entry for entry in row[:-1]), row[-1]] for row in box]
    return [*rows, [*[Fraction(0)] * size, Fraction(1)]]
