"""Whether a claim of docs/certificate.md, section 10, is true, whatever its proof: by enumeration or at many points.

For nets that are small.  Nothing here reads arguments or trees, and nets are read by ``support.oracle``, which takes
every operation as the piecewise-linear map that it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.linear.cone import Feasible, StrictCone
from support import oracle, second_nets
from support.claims_made import MOST_KINKS, Maker, inner
from support.second_claims import Claims

Claim = dict[str, Any]
Vector = list[Fraction]
Matrix = Sequence[Sequence[Fraction]]
#: Points at which two functions are compared on a region, and nets with more kinks that are not judged.
POINTS, MOST_KINKS_OF_ALL = 60, 12


def numbers(value: Any) -> Any:
    """The numbers of a certificate, in lists as they are nested."""
    return [numbers(entry) for entry in value] if isinstance(value, list) else second_nets.number(value)


def feasible(strict: Sequence[Sequence[Fraction]], weak: Sequence[Sequence[Fraction]], size: int) -> bool:
    """Whether some vector makes all of the first forms positive and none of the others negative."""
    cone = StrictCone(size)
    for forms, sharp in ((strict, True), (weak, False)):
        for form in forms:
            common = Fraction(1)
            for entry in form:
                common *= entry.denominator
            cone.add([int(entry * common) for entry in form], sharp)
    return isinstance(cone.solve(range(len(strict) + len(weak))), Feasible)


def in_hull(vector: Matrix, members: Sequence[Matrix]) -> bool:
    """Whether no functional is greater at ``vector`` than at all members."""
    flat = [entry for row in vector for entry in row]
    forms = []
    for member in members:
        entries = [entry for row in member for entry in row]
        forms.append([x - y for x, y in zip(flat, entries, strict=True)])
    return not feasible(forms, [], len(flat))


class Judge:
    """What is true of one net at its own point."""

    def __init__(self, net: dict[str, Any]) -> None:
        self.net, self.read = net, oracle.read(net)
        self.maker = Maker(net, random.Random(0))
        self.size = self.maker.size

    def truth(self, claim: Claim, other: dict[str, Any] | None) -> bool | None:
        """True, false, or None where it is too much work."""
        if len(self.maker.local.kinks) > MOST_KINKS_OF_ALL:
            return None
        judge: Callable[[Claim, Any], bool | None] = getattr(self, claim["kind"])
        return judge(claim, other)

    def members(self, claim: Claim) -> list[oracle.Jacobian] | None:
        """The set, or what it is the hull of."""
        if claim["set"] != "autodiff":
            return [piece.jacobian for piece in self.maker.pieces]
        if len(self.maker.local.kinks) > MOST_KINKS:
            return None
        return [jacobian for _, jacobian in self.maker.autodiff]

    def has(self, claim: Claim) -> bool | None:
        """Whether ``vector`` is in the set."""
        vector, members = numbers(claim["vector"]), self.members(claim)
        if members is None:
            return None
        if claim["set"] == "lexicographic":
            return oracle.exact(*vector) in members
        return in_hull(vector, members)

    def member(self, claim: Claim, _: Any) -> bool | None:
        return self.has(claim)

    def outside(self, claim: Claim, _: Any) -> bool | None:
        found = self.has(claim)
        return None if found is None else not found

    def support(self, claim: Claim, _: Any) -> bool | None:
        if "outputs" in claim:
            functional = [[x * y for y in numbers(claim["direction"])] for x in numbers(claim["outputs"])]
        else:
            functional = numbers(claim["functional"])
        members = self.members(claim)
        return None if members is None else max(inner(functional, each) for each in members) == numbers(claim["bound"])

    def shortest(self, claim: Claim, _: Any) -> bool | None:
        vector, members = numbers(claim["vector"]), self.members(claim)
        if members is None:
            return None
        least = min(inner(vector, member) for member in members)
        return in_hull(vector, members) and least >= inner(vector, vector)

    def complete(self, claim: Claim, _: Any) -> bool:
        claims = Claims(self.maker.graph, self.maker.point, None)
        named = second_nets.Reader().directions(claim["directions"])
        found = [oracle.exact(*claims.jacobian(matrix, self.maker.point)) for matrix in named]
        return set(found) == {piece.jacobian for piece in self.maker.pieces}

    def minimum(self, claim: Claim, _: Any) -> bool:
        rows = numbers(claim["constraints"])
        for piece in oracle.pieces(self.read):
            down = [-entry for entry in piece.jacobian[0]]
            if feasible([down], [*piece.forms, *rows], self.size):
                return False
        return True

    def descent(self, claim: Claim, _: Any) -> bool:
        direction = numbers(claim["direction"])
        allowed = all(oracle.dot(row, direction) >= 0 for row in numbers(claim["constraints"]))
        return allowed and oracle.derivative(self.read, direction)[0] < 0

    def regular(self, claim: Claim, _: Any) -> bool:
        """Each Jacobian is at most F', everywhere."""
        jacobians = {piece.jacobian[0] for piece in self.maker.pieces}
        for piece in oracle.pieces(self.read):
            for jacobian in jacobians:
                above = [x - y for x, y in zip(jacobian, piece.jacobian[0], strict=True)]
                if any(above) and feasible([above, *piece.forms], [], self.size):
                    return False
        return True

    def irregular(self, claim: Claim, _: Any) -> bool:
        base, direction = numbers(claim["base"]), numbers(claim["direction"])
        total = [x + y for x, y in zip(base, direction, strict=True)]
        whole, *parts = (oracle.derivative(self.read, each)[0] for each in (total, base, direction))
        return bool(whole > sum(parts)) and not self.regular(claim, None)

    # Regions.

    def points(self, claim: Claim) -> list[Vector] | None:
        """Points of the region, many of them near its border, or None if it has no interior point."""
        rows, inside = numbers(claim["constraints"]), numbers(claim["interior"])
        if any(row[-1] - oracle.dot(row[:-1], inside) <= 0 for row in rows):
            return None
        draw = random.Random(repr(rows))
        found = [inside]
        for _ in range(POINTS):
            way = [Fraction(draw.randrange(-6, 7)) for _ in range(self.size)]
            speeds = [(oracle.dot(row[:-1], way), row[-1] - oracle.dot(row[:-1], inside)) for row in rows]
            most = min((slack / speed for speed, slack in speeds if speed > 0), default=Fraction(100))
            step = most * draw.choice((Fraction(1), Fraction(1), Fraction(draw.randrange(100), 100)))
            found.append([x + step * y for x, y in zip(inside, way, strict=True)])
        return found

    def affine(self, claim: Claim, _: Any) -> bool:
        matrix, offset, points = numbers(claim["matrix"]), numbers(claim["offset"]), self.points(claim)

        def wanted(point: Vector) -> tuple[Fraction, ...]:
            return tuple(x + y for x, y in zip(oracle.times(matrix, point), offset, strict=True))

        return points is not None and all(oracle.value(self.read, tuple(each)) == wanted(each) for each in points)

    def bent(self, claim: Claim, _: Any) -> bool:
        point, rows = numbers(claim["point"]), numbers(claim["constraints"])
        there = oracle.bouligand(self.read._replace(point=tuple(point)))
        return len(there) > 1 and all(oracle.dot(row[:-1], point) < row[-1] for row in rows)

    def equal(self, claim: Claim, other: dict[str, Any] | None) -> bool:
        assert other is not None
        second, points = oracle.read(other), self.points(claim)
        values = [[oracle.value(net, tuple(each)) for net in (self.read, second)] for each in points or []]
        return bool(values) and all(one == two for one, two in values)

    def different(self, claim: Claim, other: dict[str, Any] | None) -> bool:
        assert other is not None
        point, rows = numbers(claim["point"]), numbers(claim["constraints"])
        inside = all(oracle.dot(row[:-1], point) <= row[-1] for row in rows)
        return inside and oracle.value(self.read, tuple(point)) != oracle.value(oracle.read(other), tuple(point))
