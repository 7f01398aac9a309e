"""Zonotope containment (its failure) to two distinct subgradients at 0, by a net with two hidden layers.

Z(A) is the sum of the segments [-a_i, a_i], a_i the rows of A.
Statement.  Z(A) does not lie in Z(B) iff F(x) = relu(sum_i |a_i x| - sum_j |b_j x|) has two distinct
subgradients at 0; and F(d) > 0 iff the vertex v = sum_i sign(a_i d) a_i of Z(A) is outside Z(B), on the far
side of the hyperplane {y : d y = sum_j |b_j d|}.

Proof.  max over y in Z(A) of d y is sum_i |a_i d|, attained at v: the support function.  A closed convex set
lies in another one iff its support function is nowhere larger.  So containment is F = 0.  F >= 0 and even;
F = 0 has the only subgradient 0, and F(d) = F(-d) > 0 is not linear.
One hidden layer, sum_i |a_i x| - sum_j |b_j x| without the outer relu, is the polynomial side of the border:
that net has one subgradient iff the terms cancel line by line, that is, iff Z(A) and Z(B) are equal.

Source: coNP-completeness of zonotope containment: Kulmburg and Althoff, "On the co-NP-completeness of the
zonotope containment problem", 2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, ClassVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm, absolute_net, absolute_sum
from subgrad_hardness.reduction.source import DirectionInverse, NetReduction, SourceProblem

Vector = tuple[int, ...]


class ZonotopeError(InputError):
    """Vectors of different lengths, or no dimension."""


@dataclass(frozen=True, slots=True)
class ZonotopeContainment(SourceProblem[Vector]):
    """Does the zonotope of the ``inner`` vectors leave that of the ``outer`` ones, in ``dimension`` dimensions?

    A solution is the normal of a hyperplane that separates a point of the first from the second.
    Raises ZonotopeError for a vector of another length and for a dimension under 1.
    """

    dimension: int
    inner: tuple[Vector, ...]
    outer: tuple[Vector, ...]

    def __post_init__(self) -> None:
        if self.dimension < 1:
            raise ZonotopeError("less than 1", place="dimension")
        for place, vectors in (("inner", self.inner), ("outer", self.outer)):
            for number, vector in enumerate(vectors):
                if len(vector) != self.dimension:
                    found = count(len(vector), "entry", "entries")
                    raise ZonotopeError(f"{found}, expected {self.dimension}", place=f"{place}[{number}]")

    def satisfied(self, normal: Vector, /) -> bool:
        """Whether sum |a_i n| > sum |b_j n|; linear.  Raises ZonotopeError for a wrong length."""
        if len(normal) != self.dimension:
            raise ZonotopeError(f"{count(len(normal), 'entry', 'entries')}, expected {self.dimension}", place="normal")
        return absolute_sum(containment_terms(self.inner, self.outer), normal) > 0

    def vertex(self, normal: Vector) -> Vector:
        """The vertex (or a point of the face) of the inner zonotope that is farthest along ``normal``."""
        signs = [1 if sum(map(mul, vector, normal)) >= 0 else -1 for vector in self.inner]
        return tuple(
            sum(sign * vector[index] for sign, vector in zip(signs, self.inner, strict=True))
            for index in range(self.dimension)
        )

    def source(self) -> dict[str, Any]:
        inner, outer = ([list(vector) for vector in vectors] for vectors in (self.inner, self.outer))
        return {"problem": "zonotope containment", "dimension": self.dimension, "inner": inner, "outer": outer}


def containment_terms(inner: Sequence[Vector], outer: Sequence[Vector]) -> list[AbsoluteTerm]:
    """sum_i |a_i x| - sum_j |b_j x|."""
    return [
        AbsoluteTerm(tuple((index, entry) for index, entry in enumerate(vector) if entry), sign)
        for vectors, sign in ((inner, 1), (outer, -1))
        for vector in vectors
    ]


@dataclass(frozen=True)
class ZonotopeInverse(DirectionInverse[ZonotopeContainment]):
    """Normals are directions."""


@dataclass(frozen=True)
class ZonotopeReduction(NetReduction[ZonotopeContainment, Vector]):
    """F as a pure relu net, two units for each vector and one more."""

    name: ClassVar[str] = "zonotope containment to net with two hidden layers"
    takes: ClassVar[type] = ZonotopeContainment

    def inverse(self, program: Program, problem: ZonotopeContainment) -> ZonotopeInverse:
        return ZonotopeInverse(program, problem)

    def source(self, problem: ZonotopeContainment) -> dict[str, Any]:
        return problem.source()

    def net(self, problem: ZonotopeContainment) -> Program:
        terms = containment_terms(problem.inner, problem.outer)
        return absolute_net(problem.dimension, terms)
