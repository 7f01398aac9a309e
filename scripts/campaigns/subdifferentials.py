"""Random small nets before every call about subdifferentials and regions, and brute force beside them.

    python scripts/campaigns/subdifferentials.py --count 1000
    python scripts/campaigns/subdifferentials.py --count 1000 --first 5000

Nets of up to 4 inputs and 14 kinks, one or two outputs, of all operations.  Brute force is the list of all cells (and,
up to 8 kinks, of all choices of backpropagation); hulls are decided by exact cone questions over these lists, nearest
points by Wolfe's algorithm over them.  Compared are: the members and their number, vertices, membership both ways in
the three sets, distances, support in random directions, the shortest element, stationarity in three senses under
random constraints, regularity, and (with constants in the nets) affinity on a box, the largest cube, equality.  Every
certificate that comes along has to be accepted.  A finding is printed with the net's number; exit status 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from support.exact_hulls import backpropagated, greatest, lexicographic
from support.random_programs import random_program

import subgrad_hardness as sh
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.nearest import nearest_point

#: Nets with more kinks are passed over, and choices are listed up to so many.
MOST_KINKS, MOST_CHOICES = 14, 8


class Wrong(Exception):
    """A call and brute force disagree."""


def require(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


def flat(matrix: Matrix) -> list[Fraction]:
    return [entry for row in matrix for entry in row]


def accepted(program: Program, certificates: Iterator[Statement | None], other: Program | None = None) -> int:
    """How many certificates there are, all accepted."""
    found = [certificate for certificate in certificates if certificate is not None]
    for certificate in found:
        require(bool(sh.verify(program, certificate, other=other)), f"{certificate.kind} is rejected")
    return len(found)


def sets(program: Program, stream: Stream, counts: Counter[str]) -> None:
    """Members, membership, distances, support, the shortest element."""
    members = lexicographic(program)
    kinks = len(localise(program).net.kinks)
    choices = backpropagated(program) if kinks <= MOST_CHOICES else None
    whole = sh.subdifferential(program)
    require({member.jacobian for member in whole} == set(members), "the members")
    require(whole.count() == len(members), "the number of members")
    body = whole.polytope()
    outer = [
        point
        for point in members
        if not in_convex_hull(point, [other for other in members if other != point] or [point])
    ]
    require(
        {tuple(vertex) for vertex in body.vertices} == {tuple(flat(point)) for point in outer or members}, "vertices"
    )
    size, height = program.input_count, program.output_count
    targets = [
        members[stream.below(len(members))],
        tuple([tuple([Fraction(stream.integer(-4, 4), 2) for _ in range(size)]) for _ in range(height)]),
        sh.gradient(program).gradient,
    ]
    for target in targets:
        found = sh.contains(program, target, near=True)
        require(found.lexicographic == (target in members), "lexicographic membership")
        for which, points in (("clarke", members), ("autodiff", choices)):
            if points is None:
                continue
            inside = in_convex_hull(target, points)
            require(getattr(found, which) == inside, f"membership, {which}")
            if not inside:
                nearest = nearest_point(flat(target), [flat(point) for point in points])
                require(found.distances[which].squared == nearest.squared_distance, f"distance, {which}")
        counts["certificates"] += accepted(program, iter(found.certificates.values()))
        counts["memberships"] += 1
    direction = [Fraction(entry) for entry in stream.direction(size, 3)]
    weights = [Fraction(entry) for entry in stream.direction(height, 2)]
    steepest = sh.support(program, direction, weights=weights)
    functional = tuple([tuple([weight * entry for entry in direction]) for weight in weights])
    require(steepest.exact and steepest.support == greatest(functional, members), "support")
    least = sh.shortest(program)
    zero = [Fraction(0)] * (size * height)
    require(least.squared_norm == nearest_point(zero, [flat(m) for m in members]).squared_distance, "the shortest")
    counts["certificates"] += accepted(program, iter((steepest.certificate, least.certificate)))


def falls(members: list[Matrix], rows: list[tuple[int, ...]], size: int) -> bool:
    """Whether all members fall along some direction that the constraints allow."""
    cone = StrictCone(size)
    strict = [cone.add(integer_direction(tuple([-entry for entry in member[0]]))[0]) for member in members]
    return isinstance(cone.solve([*strict, *(cone.add(row, strict=False) for row in rows)]), Feasible)


def functions(program: Program, stream: Stream, counts: Counter[str]) -> None:
    """Stationarity and regularity, of one output."""
    if program.output_count > 1:
        return
    size, members = program.input_count, lexicographic(program)
    rows = [stream.direction(size, 2) for _ in range(stream.below(3))]
    found = sh.stationary(program, constraints=rows)
    require(found.clarke == (not falls(members, rows, size)), "Clarke stationarity")
    if len(localise(program).net.kinks) <= MOST_CHOICES:
        require(found.autodiff == (not falls(backpropagated(program), rows, size)), "stationarity of the autodiff set")
    if found.descent is not None:
        require(sh.directional_derivative(program, found.descent)[0] < 0, "descent")
    regular = sh.regular(program)
    for _ in range(10):
        y, u = ([Fraction(entry) for entry in stream.direction(size, 5)] for _ in range(2))
        at = [sh.directional_derivative(program, d)[0] for d in (y, u, [a + b for a, b in zip(y, u, strict=True)])]
        require(not regular.regular or at[2] <= at[0] + at[1], "regularity")
        if all(sum(map(int.__mul__, row, map(int, y))) >= 0 for row in rows):
            require(not found.directional or at[0] >= 0, "directional stationarity")
    counts["certificates"] += accepted(program, iter(found.certificates.values()))


def regions(number: int, stream: Stream, counts: Counter[str]) -> None:
    """Affinity, cubes and equality of nets with constants."""
    program = random_program(number, inputs=1 + number % 3, nodes=2 + number % 3, biases=True)
    program = program.at([Fraction(stream.integer(-6, 6), 3) for _ in range(program.input_count)])
    found = sh.cube(program)
    require(found.exact, "the cube")
    radius = Fraction(1) if found.radius is None else found.radius
    for factor, affine in ((Fraction(99, 100), True), (Fraction(101, 100), found.radius is None)):
        if radius:
            ends = [x - radius * factor for x in program.point], [x + radius * factor for x in program.point]
            on_box = sh.affine(program, box=ends)
            require(on_box.verdict == affine, "affinity about the cube")
            counts["certificates"] += accepted(program, iter((on_box.certificate,)))
    counts["certificates"] += accepted(program, iter((found.inside, found.beyond)))
    moved = program.at(program.point)._replace(name="moved")
    twin = sh.equal(program, moved)
    require(twin.verdict is True, "equality with itself")
    counts["certificates"] += accepted(program, iter((twin.certificate,)), moved)
    counts["regions"] += 1


def main() -> int:
    """Run the campaign; 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="nets (default: 1000)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first one (default: 0)")
    arguments = parser.parse_args()
    counts, wrong, start = Counter[str](), 0, time.monotonic()
    for number in range(arguments.first, arguments.first + arguments.count):
        stream = Stream(number, "campaign of subdifferentials")
        program = random_program(number, inputs=1 + number % 4, nodes=2 + number % 5, outputs=1 + (number % 6 == 0))
        try:
            if len(localise(program).net.kinks) <= MOST_KINKS:
                sets(program, stream, counts)
                functions(program, stream, counts)
                counts["nets"] += 1
            regions(number, stream, counts)
        except Wrong as problem:
            wrong += 1
            print(f"net {number}: {problem}", flush=True)
        if number % 50 == 49:
            print(
                f"{number + 1 - arguments.first} numbers, {time.monotonic() - start:.0f} s, {wrong} wrong", flush=True
            )
    print(", ".join(f"{what} {count}" for what, count in sorted(counts.items())), f"- {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
