"""What a framework's gradient of a specimen is, by brute force, and what is wrong about an audit of it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, product

import subgrad_hardness as sh
from auditing.specimens import Choosing, Jet, Specimen, ordered
from subgrad_hardness.api.audit_result import AuditResult

Vector = tuple[Fraction, ...]
#: Choices at so many kinks are gone through, and directions with coordinates up to so much.
MOST_KINKS, REACH = 12, 24


def pieces(specimen: Specimen) -> set[Vector]:
    """Jacobians behind directions of small integers, found in both orders of the axes."""
    count = specimen.inputs
    found = set()
    for direction in product(range(-REACH, REACH + 1), repeat=count):
        if not any(direction):
            continue
        for sign in (1, -1):
            axes = [[sign * int(row == column) for column in range(count)] for row in range(count)]
            x = [
                Jet(map(Fraction, (specimen.point[row], direction[row], *[axis[row] for axis in axes])))
                for row in range(count)
            ]
            made = specimen.by_hand(x, ordered)
            found.add(tuple([sign * entry for entry in made[2:]]))
    return found


def results(specimen: Specimen) -> set[Vector] | None:
    """What backpropagation may return with 0 and 1 at the kinks; None for too many."""
    count = specimen.inputs
    x = [Jet(map(Fraction, (specimen.point[row], *[int(row == c) for c in range(count)]))) for row in range(count)]
    first = Choosing(())
    specimen.by_hand(x, first)
    if first.met > MOST_KINKS:
        return None
    return {tuple(specimen.by_hand(x, Choosing(slopes))[1:]) for slopes in product((0, 1), repeat=first.met)}


def in_hull(point: Vector, members: set[Vector]) -> bool:
    """Exactly, in one or two dimensions: in a simplex of members (Caratheodory)."""
    if len(point) == 1:
        return min(members) <= point <= max(members)
    if point in members:
        return True
    return any(_in_segment(point, *pair) for pair in combinations(members, 2)) or any(
        _in_triangle(point, *three) for three in combinations(_corners(members), 3)
    )


def _turn(a: Vector, b: Vector, c: Vector) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _corners(members: set[Vector]) -> Sequence[Vector]:
    """Members that are extreme, or all where that is not worth looking at."""
    chain: list[Vector] = []
    for order in (sorted(members), sorted(members, reverse=True)):
        part: list[Vector] = []
        for each in order:
            while len(part) > 1 and _turn(part[-2], part[-1], each) <= 0:
                part.pop()
            part.append(each)
        chain += part[:-1]
    return chain or list(members)


def _in_segment(point: Vector, a: Vector, b: Vector) -> bool:
    if _turn(a, b, point):
        return False
    return all(min(a[axis], b[axis]) <= point[axis] <= max(a[axis], b[axis]) for axis in (0, 1))


def _in_triangle(point: Vector, a: Vector, b: Vector, c: Vector) -> bool:
    turns = [_turn(a, b, point), _turn(b, c, point), _turn(c, a, point)]
    return bool(_turn(a, b, c)) and (all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns))


def faults(specimen: Specimen, program: sh.Program, found: AuditResult, tally: Counter[str]) -> list[str]:
    """What is wrong about the import of a specimen or about the audit of its gradient."""
    wrong = []
    for where in product([Fraction(entry, 3) for entry in (-9, -3, 0, 1, 6)], repeat=specimen.inputs):
        by_hand = specimen.by_hand([Jet((entry,)) for entry in where], ordered)[0]
        if sh.value(program, where) != (by_hand,):
            wrong.append(f"value at {where}")
    tally["gradients"] += 1
    tally[found.verdict] += 1
    if found.explained is None or not found.explained.explains:
        wrong.append("not explained")
    elif found.explained.best.deviation:
        tally["explained up to rounding"] += 1
    if found.certificates.keys() != {"lexicographic", "clarke", "autodiff"}:
        wrong.append(f"certificates: {sorted(found.certificates)}")
    (judged,) = found.vector
    members, choices = pieces(specimen), results(specimen)
    if found.membership.lexicographic is not (judged in members):
        wrong.append(f"lexicographic {found.membership.lexicographic}, by brute force {judged in members}")
    if found.membership.clarke is not in_hull(judged, members):
        wrong.append(f"clarke {found.membership.clarke}, by brute force {in_hull(judged, members)}")
    if choices is None:
        tally["too many kinks for all choices"] += 1
    elif found.membership.autodiff is not in_hull(judged, choices):
        wrong.append(f"autodiff {found.membership.autodiff}, by brute force {in_hull(judged, choices)}")
    again = sh.audit(program, found.gradient, precision="float32")
    tally["explained without asking"] += again.explained is not None and again.explained.explains
    return wrong


def campaign(text: str, made: Callable[[int, str], tuple[Specimen, sh.Program, AuditResult]]) -> int:
    """Go through the seeds; exit status 1 for a finding."""
    parser = argparse.ArgumentParser(description=text.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=300, help="how many specimens (default 300)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--mode", choices=("backward", "forward"), default="backward", help="of differentiation")
    given = parser.parse_args()
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(given.seed, given.seed + given.count):
        wrong += [f"seed {seed}: {each}" for each in faults(*made(seed, given.mode), tally)]
    for line in wrong:
        print(line)
    print(", ".join(f"{name}: {number}" for name, number in sorted(tally.items())))
    print(f"{len(wrong)} findings")
    return 1 if wrong else 0
