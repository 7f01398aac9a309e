"""Claims about the whole subdifferential, regions and two nets: docs/certificate.md, section 10.

Written from the document alone; the standard library and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from support.second_argument import (
    KEYS,
    OPTIONAL,
    Argument,
    Form,
    Local,
    UnreadableError,
    combination,
    integers,
    read_argument,
    refute,
    reject,
)
from support.second_nets import Directions, Matrix, Net, Reader, columns, items, jacobian, localise, net_digest
from support.second_programs import difference, directional, homogenised, shifted, subadditive, value
from support.second_trees import Leaf, check_by_sign, check_by_slope, leaf_bound, leaf_jacobian

Vector = list[Fraction]
#: Slopes of kinks, as they are written: (relu number, slope).
Slopes = list[tuple[int, Fraction]]

SETS = ("lexicographic", "clarke", "autodiff")
#: The keys of each kind; "members", "bound" and "proof" stand for others.
KINDS = {
    "member": ("set", "vector", "weights", "members"),
    "outside": ("set", "vector", "bound"),
    "support": ("set", "bound", "members"),
    "shortest": ("set", "vector", "weights", "members", "proof"),
    "complete": ("directions", "tree"),
    "minimum": ("constraints", "interior", "argument"),
    "descent": ("constraints", "direction"),
    "regular": ("argument",),
    "irregular": ("base", "direction"),
    "affine": ("constraints", "interior", "matrix", "offset", "argument"),
    "bent": ("constraints", "point", "directions"),
    "equal": ("other", "constraints", "interior", "argument"),
    "different": ("other", "constraints", "point"),
}
#: How a key that means the same in all kinds is read.
MATRICES = ("functional", "constraints", "matrix")
VECTORS = ("weights", "outputs", "direction", "interior", "base", "offset", "point")


def read_claim(parts: dict[str, Any], kind: str) -> SimpleNamespace:
    """The claim with all its keys read; UnreadableError if they are not those of the kind."""
    if kind not in KINDS:
        raise UnreadableError("another kind")
    expected: set[str] = set()
    for key in KINDS[kind]:
        if key == "members":
            expected.add("slopes" if parts.get("set") == "autodiff" else "directions")
        elif key == "proof":
            expected.add("argument" if "argument" in parts else "tree")
        elif key == "bound" and kind == "outside" and parts.get("set") == "lexicographic":
            expected.add("tree")
        elif key == "bound":
            expected |= {"functional", "bound", "tree"}
            if "outputs" in parts:
                expected ^= {"functional", "tree", "outputs", "direction", "argument"}
        else:
            expected.add(key)
    if set(parts) != expected:
        raise UnreadableError("not the keys of its kind")
    reader = Reader()
    return SimpleNamespace(kind=kind, **{key: _read(reader, key, part, kind) for key, part in parts.items()})


def _read(reader: Reader, key: str, part: Any, kind: str) -> Any:
    if key in MATRICES:
        return reader.matrix(part)
    if key in VECTORS:
        return reader.vector(part)
    if key == "vector":
        return reader.matrix(part)
    if key == "bound":
        return reader.number(part)
    if key == "directions":
        return reader.directions(part)
    if key == "slopes":
        return [_slopes(reader, items(entry)) for entry in items(part)]
    if key == "tree":
        return [_step(integers(entry)) for entry in items(part)]
    if key == "argument":
        if type(part) is not dict or set(part) - {*OPTIONAL} != KEYS:
            raise UnreadableError("not the keys of an argument")
        return read_argument(part)
    if key == "set" and part in SETS:
        return part
    if key == "other" and type(part) is str and re.fullmatch("[0-9a-f]{64}", part):
        return part
    raise UnreadableError(f"no {key}")


def _slopes(reader: Reader, flat: list[Any]) -> Slopes:
    if len(flat) % 2:
        raise UnreadableError("slopes of an odd length")
    return list(zip(integers(flat[::2]), reader.vector(flat[1::2]), strict=True))


def _step(step: list[int]) -> list[int]:
    if not step or step[0] < -2 or len(step) % 2 == 0 or (len(step) > 1 and step[0] != -1):
        raise UnreadableError("no step of a tree")
    return step


class Claims:
    """The checks of section 10 for one net at one point, named as the kinds are."""

    def __init__(self, net: Net, point: Vector, other: tuple[Net, Vector] | None) -> None:
        self.net, self.point, self.other = net, point, other
        self.size, self.height = len(net.inputs), len(net.outputs)
        self.local = localise(net, point)

    # What several kinds need.

    def argued(
        self,
        argument: Argument,
        made: Local,
        goals: Callable[[list[Form]], list[Form]],
        constraints: Sequence[Form] = (),
    ) -> None:
        refute(argument, made, goals, constraints)

    def member_of(self, claim: SimpleNamespace) -> list[Matrix]:
        if hasattr(claim, "slopes"):
            return [self.backpropagated(slopes) for slopes in claim.slopes]
        return [self.jacobian(matrix, self.point) for matrix in claim.directions]

    def jacobian(self, directions: Directions, point: Vector) -> Matrix:
        return jacobian(self.net, point, columns(directions, self.size))

    def backpropagated(self, slopes: Slopes) -> Matrix:
        slope = dict(slopes)
        if len(slope) < len(slopes) or not slope.keys() <= self.local.kinks.keys():
            reject("no kink, or a kink twice")
        if any(not 0 <= each <= 1 for each in slope.values()):
            reject("a slope that is none")
        values: dict[int, Form] = {j: {j: Fraction(1)} for j in range(self.size)}
        for number, form in self.local.kinks.items():
            through = combination((values[variable], factor) for variable, factor in form.items())
            values[self.size + number] = combination([(through, slope.get(number, Fraction(0)))])
        rows = [combination((values[v], factor) for v, factor in output.items()) for output in self.local.outputs]
        return [[row.get(j, Fraction(0)) for j in range(self.size)] for row in rows]

    def combined(self, claim: SimpleNamespace) -> None:
        members = self.member_of(claim)
        self.sized(claim.vector)
        if (
            len(claim.weights) != len(members)
            or any(weight <= 0 for weight in claim.weights)
            or sum(claim.weights) != 1
        ):
            reject("no weights of a convex combination")
        for i, row in enumerate(claim.vector):
            for j, entry in enumerate(row):
                if sum(w * member[i][j] for w, member in zip(claim.weights, members, strict=True)) != entry:
                    reject("the members do not add up to the vector")

    def sized(self, matrix: Matrix) -> None:
        if len(matrix) != self.height or any(len(row) != self.size for row in matrix):
            reject("not m x p")

    def value_at(self, claim: SimpleNamespace, matrix: Matrix) -> Fraction:
        """The functional of a bound."""
        if hasattr(claim, "outputs"):
            if len(claim.outputs) != self.height or len(claim.direction) != self.size:
                reject("not m outputs, or not p entries of a direction")
            return _product([[weight * entry for entry in claim.direction] for weight in claim.outputs], matrix)
        self.sized(claim.functional)
        return _product(claim.functional, matrix)

    def bounded(self, claim: SimpleNamespace) -> None:
        if hasattr(claim, "outputs"):
            self.bounded_by_argument(claim.set, claim.outputs, claim.direction, claim.bound, claim.argument)
        else:
            self.bounded_by_tree(claim.set, claim.functional, claim.bound, claim.tree)

    def bounded_by_argument(
        self, which: str, outputs: Vector, direction: Vector, bound: Fraction, argument: Argument
    ) -> None:
        if which == "autodiff":
            reject("an argument says nothing about this set")
        time: Form = {self.size: Fraction(1)}

        def goal(values: list[Form]) -> list[Form]:
            return [combination([*zip(values, outputs, strict=True), (time, -bound)])]

        self.argued(argument, shifted(self.local, direction), goal, [time])

    def bounded_by_tree(self, which: str, functional: Matrix, bound: Fraction, tree: list[list[int]]) -> None:
        def at_leaf(leaf: Leaf) -> None:
            if leaf_bound(self.local, functional, leaf.branches) > bound:
                reject("a leaf with a greater bound")

        (check_by_slope if which == "autodiff" else check_by_sign)(tree, self.local, at_leaf)

    def one_output(self) -> None:
        if self.height != 1:
            reject("more than one output")

    def cone(self, constraints: Matrix, interior: Vector) -> list[Form]:
        """The rows as forms; all are positive at the point."""
        for row in constraints:
            if len(row) != len(interior) or _dot(row, interior) <= 0:
                reject("a constraint that is not positive at the interior point")
        return [{j: entry for j, entry in enumerate(row) if entry} for row in constraints]

    def halfspaces(self, constraints: Matrix) -> None:
        if any(len(row) != self.size + 1 for row in constraints):
            reject("a constraint that has not p + 1 entries")

    def region(self, constraints: Matrix, interior: Vector) -> list[Form]:
        """b t - a x and t, positive at (interior, 1)."""
        self.halfspaces(constraints)
        if len(interior) != self.size:
            reject("an interior point of another length")
        rows = [[*(-entry for entry in row[:-1]), row[-1]] for row in constraints]
        last = [Fraction(0)] * self.size + [Fraction(1)]
        return self.cone([*rows, last], [*interior, Fraction(1)])

    def slacks(self, claim: SimpleNamespace) -> list[Fraction]:
        """What the constraints leave at the point."""
        self.halfspaces(claim.constraints)
        if len(claim.point) != self.size:
            reject("a point of another length")
        return [row[-1] - _dot(row[:-1], claim.point) for row in claim.constraints]

    def second(self, claim: SimpleNamespace) -> Net:
        assert self.other is not None
        net = self.other[0]
        if net_digest(net) != claim.other:
            reject("another second net")
        if len(net.inputs) != self.size or len(net.outputs) != self.height:
            reject("another number of inputs or outputs")
        return net

    # The kinds.

    def member(self, claim: SimpleNamespace) -> None:
        if claim.set == "lexicographic" and len(claim.directions) != 1:
            reject("not one member")
        self.combined(claim)

    def outside(self, claim: SimpleNamespace) -> None:
        self.sized(claim.vector)
        if claim.set != "lexicographic":
            if self.value_at(claim, claim.vector) <= claim.bound:
                reject("the vector is within the bound")
            self.bounded(claim)
            return

        def at_leaf(leaf: Leaf) -> None:
            if leaf_jacobian(self.local, leaf) == claim.vector:
                reject("a leaf with this vector")

        check_by_sign(claim.tree, self.local, at_leaf)

    def support(self, claim: SimpleNamespace) -> None:
        members = self.member_of(claim)
        if len(members) != 1 or self.value_at(claim, members[0]) != claim.bound:
            reject("not one member that attains the bound")
        self.bounded(claim)

    def shortest(self, claim: SimpleNamespace) -> None:
        if claim.set == "lexicographic":
            reject("not for this set")
        self.combined(claim)
        negative = [[-entry for entry in row] for row in claim.vector]
        bound = _product(claim.vector, negative)
        if hasattr(claim, "tree"):
            self.bounded_by_tree(claim.set, negative, bound, claim.tree)
            return
        self.one_output()
        self.bounded_by_argument(claim.set, [Fraction(1)], negative[0], bound, claim.argument)

    def complete(self, claim: SimpleNamespace) -> None:
        members = self.member_of(claim)
        if not members or any(member in members[:index] for index, member in enumerate(members)):
            reject("no member, or one twice")

        def at_leaf(leaf: Leaf) -> None:
            if leaf_jacobian(self.local, leaf) not in members:
                reject("a leaf with another Jacobian")

        check_by_sign(claim.tree, self.local, at_leaf)

    def minimum(self, claim: SimpleNamespace) -> None:
        self.one_output()
        if any(len(row) != self.size for row in claim.constraints):
            reject("a constraint that has not p entries")
        forms = self.cone(claim.constraints, claim.interior)
        self.argued(claim.argument, directional(self.local), lambda outputs: [combination([(outputs[0], -1)])], forms)

    def descent(self, claim: SimpleNamespace) -> None:
        self.one_output()
        if len(claim.direction) != self.size or any(len(row) != self.size for row in claim.constraints):
            reject("not p entries")
        if any(_dot(row, claim.direction) < 0 for row in claim.constraints):
            reject("a direction that is not allowed")
        if value(directional(self.local), claim.direction)[0] >= 0:
            reject("no descent")

    def regular(self, claim: SimpleNamespace) -> None:
        self.one_output()
        self.argued(claim.argument, subadditive(self.local), lambda outputs: outputs)

    def irregular(self, claim: SimpleNamespace) -> None:
        self.one_output()
        if len(claim.base) != self.size or len(claim.direction) != self.size:
            reject("not p entries")
        if value(subadditive(self.local), claim.base + claim.direction)[0] <= 0:
            reject("subadditive there")

    def affine(self, claim: SimpleNamespace) -> None:
        self.sized(claim.matrix)
        if len(claim.offset) != self.height:
            reject("not m offsets")

        def goals(outputs: list[Form]) -> list[Form]:
            result = []
            for output, row, offset in zip(outputs, claim.matrix, claim.offset, strict=True):
                plain = {j: entry for j, entry in enumerate([*row, offset]) if entry}
                result += [combination([(output, sign), (plain, -sign)]) for sign in (1, -1)]
            return result

        self.argued(claim.argument, homogenised(self.net), goals, self.region(claim.constraints, claim.interior))

    def bent(self, claim: SimpleNamespace) -> None:
        if any(slack <= 0 for slack in self.slacks(claim)):
            reject("a point that is not inside")
        if len(claim.directions) != 2:
            reject("not two matrices")
        first, second = (self.jacobian(matrix, claim.point) for matrix in claim.directions)
        if first == second:
            reject("the same Jacobian")

    def equal(self, claim: SimpleNamespace) -> None:
        made = difference(self.net, self.second(claim))

        def goals(outputs: list[Form]) -> list[Form]:
            return [combination([(output, sign)]) for output in outputs for sign in (1, -1)]

        self.argued(claim.argument, made, goals, self.region(claim.constraints, claim.interior))

    def different(self, claim: SimpleNamespace) -> None:
        second = self.second(claim)
        if any(slack < 0 for slack in self.slacks(claim)):
            reject("a point outside")
        if not any(value(difference(self.net, second), [*claim.point, Fraction(1)])):
            reject("the same values")


def _dot(one: Vector, other: Vector) -> Fraction:
    return sum((x * y for x, y in zip(one, other, strict=True)), start=Fraction(0))


def _product(one: Matrix, other: Matrix) -> Fraction:
    return sum((_dot(*rows) for rows in zip(one, other, strict=True)), start=Fraction(0))


def check_claim(claim: SimpleNamespace, net: Net, point: Vector, other: tuple[Net, Vector] | None) -> None:
    """RejectedError unless the claim is proved."""
    if (other is None) == (claim.kind in ("equal", "different")):
        reject("a second net is missing, or one too many")
    check: Any = getattr(Claims(net, point, other), claim.kind)
    check(claim)
