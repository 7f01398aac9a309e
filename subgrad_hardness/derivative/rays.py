"""Cones of a local net by their extreme rays: what kinks do on a cone is read off its rays.

Let C be a closed cone on which the kinks before kink k each keep a weak sign.  Then the argument of kink k is linear on
C, and at a ray of C it has the value that an ordinary forward pass gives there, whatever cone the ray is looked at
from: F' is continuous.  So the signs of all kinks are computed once for each ray, and the ray is shared by all cones
around it:

* kink k changes its sign inside C iff it is positive at one ray and negative at another;
* then C is split, and the new rays lie between adjacent rays of different sign (double description);
* if no kink does, the inside of C is a cell, and a kink that is 0 at all rays is the kink of a zero row.

No question is asked of a linear program.  A cone that contains lines, as all do until the kinks' forms span the space,
has a basis of these lines beside its rays, and each line counts as two opposite rays.

Sources: Motzkin, Raiffa, Thompson and Thrall, The double description method (1953); Fukuda and Prodon (1996) for
the test of adjacency.
"""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.derivative.packed import PackedNet
from subgrad_hardness.net.rational import primitive

# So many rays are remembered: about a kilobyte each.
_REMEMBERED = 2**15

Vector = tuple[int, ...]


class Ray(NamedTuple):
    """A primitive vector, the kinks' arguments along it, the bits of the positive and the negative ones, a number."""

    vector: Vector
    levels: list[int]
    up: int
    down: int
    number: int


class Line(NamedTuple):
    """A ray and the opposite one."""

    there: Ray
    back: Ray


class RayCone(NamedTuple):
    """The cone {sum of nonnegative multiples of rays and any multiples of lines}.

    ``cut`` are the bits of the kinks whose forms its walls are among.
    """

    rays: tuple[Ray, ...]
    lines: tuple[Line, ...]
    cut: int

    def signs(self) -> tuple[int, int]:
        """The bits of the kinks that are positive somewhere in the cone, and of those that are negative somewhere."""
        up = down = 0
        for ray in self.rays:
            up |= ray.up
            down |= ray.down
        for there, back in self.lines:
            up |= there.up | back.up
            down |= there.down | back.down
        return up, down

    def interior(self, dimension: int) -> Vector:
        """A point strictly inside: the sum of the rays (any point, if the cone is the whole space)."""
        if not self.rays:
            return (1, *(0,) * (dimension - 1))
        return primitive(map(sum, zip(*[ray.vector for ray in self.rays], strict=True)))


class Rays:
    """The rays of the cones of one net, each evaluated once."""

    def __init__(self, net: PackedNet) -> None:
        self._net = net
        self._known: dict[Vector, Ray] = {}
        self._between: dict[tuple[int, int, int], Ray] = {}
        self._made = 0

    def ray(self, vector: Vector) -> Ray:
        """The ray along a primitive vector; one forward pass if it is not known."""
        known = self._known.get(vector)
        if known is not None:
            return known
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._between.clear()
        self._made += 1
        ray = self._known[vector] = Ray(vector, *self._net.arguments(vector), self._made)
        return ray

    def _meeting(self, above: Ray, below: Ray, kink: int) -> Ray:
        """The ray between two where the kink's argument is 0."""
        key = above.number, below.number, kink
        known = self._between.get(key)
        if known is None:
            high, low = above.levels[kink], -below.levels[kink]
            between = [low * x + high * y for x, y in zip(above.vector, below.vector, strict=True)]
            known = self._between[key] = self.ray(primitive(between))
        return known

    def line(self, vector: Vector) -> Line:
        """The line along a primitive vector."""
        return Line(self.ray(vector), self.ray(tuple([-entry for entry in vector])))

    def space(self) -> RayCone:
        """The whole space."""
        size = self._net.inputs
        units = [tuple([int(row == column) for column in range(size)]) for row in range(size)]
        return RayCone((), tuple(map(self.line, units)), 0)

    def split(self, cone: RayCone, kink: int) -> tuple[RayCone, RayCone]:
        """The parts of the cone where the kink's argument is nonnegative, and where it is nonpositive.

        The kink is the first one that is positive somewhere in the cone and negative somewhere.  Costs a forward pass
        for each ray that is new, and looks at all pairs of rays on different sides.
        """
        moving = next((line for line in cone.lines if line.there.levels[kink]), None)
        return self._split_rays(cone, kink) if moving is None else self._split_line(cone, kink, moving)

    def _split_rays(self, cone: RayCone, kink: int) -> tuple[RayCone, RayCone]:
        bit = 1 << kink
        above = [ray for ray in cone.rays if ray.up & bit]
        below = [ray for ray in cone.rays if ray.down & bit]
        level = [ray for ray in cone.rays if not (ray.up | ray.down) & bit]
        zeros = [(ray, cone.cut & ~(ray.up | ray.down)) for ray in below]
        size = len(above[0].vector) - len(cone.lines)
        for ray in above:
            vanishing = cone.cut & ~(ray.up | ray.down)
            for other, others in zeros:
                common = vanishing & others
                # Adjacent rays vanish on size - 2 independent walls together; up to three dimensions, that is enough.
                if common.bit_count() >= size - 2 and (size <= 3 or self._adjacent(cone, common)):
                    level.append(self._meeting(ray, other, kink))
        cut = cone.cut | bit
        return RayCone((*above, *level), cone.lines, cut), RayCone((*below, *level), cone.lines, cut)

    @staticmethod
    def _adjacent(cone: RayCone, common: int) -> bool:
        """Whether no third ray vanishes on all walls on which both vanish."""
        return sum([not common & (ray.up | ray.down) for ray in cone.rays]) == 2

    def _split_line(self, cone: RayCone, kink: int, line: Line) -> tuple[RayCone, RayCone]:
        """One line becomes a ray on each side; along it all else is moved to where the kink's argument is 0."""
        there, back = line if line.there.levels[kink] > 0 else (line.back, line.there)
        pace = there.levels[kink]

        def moved(ray: Ray) -> Vector:
            height = ray.levels[kink]
            return primitive([pace * x - height * y for x, y in zip(ray.vector, there.vector, strict=True)])

        rays = tuple([self.ray(moved(ray)) for ray in cone.rays])
        lines = tuple([self.line(moved(each.there)) for each in cone.lines if each is not line])
        cut = cone.cut | 1 << kink
        return RayCone((*rays, there), lines, cut), RayCone((*rays, back), lines, cut)


def lowest(bits: int) -> int:
    """The number of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1
