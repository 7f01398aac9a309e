"""Random piecewise-linear contractions before the calls about iterations, and brute force beside them.

    python scripts/campaigns/piggyback.py --count 500

At most 3 states, 2 parameters and 6 kinks in one or two layers, weights of -2 to 2 scaled to contract, at the fixed
point 0.  Brute force lists all choices of slopes, words over them, and the directions of an exact fan
(tests/support/iteration_oracle.py).  Compared are: J_imp and its hull; d_C of the limit; solution_kink, and the
one-sided derivative in every direction of the fan; hulls of J_pb against words, both ways, in one of the three
senses in turn; membership of words; certificates.  A finding is printed with the iteration's number; exit status 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from support.iteration_oracle import RHO, Plain, derivative, fan, implicit_values, limit_jacobians, random_plain, words

import subgrad_hardness as sh
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.attractor_hull import inside
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives
from subgrad_hardness.iterative.implicit import implicit_set_of
from subgrad_hardness.iterative.jacobians import SENSES
from subgrad_hardness.iterative.limit_pieces import limit_pieces
from subgrad_hardness.iterative.piggyback_set import hull_claim, piggyback_set_of
from subgrad_hardness.iterative.verifying.attractor_format import hull_object
from subgrad_hardness.local.local_net import Matrix

#: Words are listed while they are not more, and no longer, than this.
MOST_WORDS, LONGEST = 60, 24
#: For each hull of J_pb; one whose gap is not below this by then counts as cut short.
SECONDS, SMALL = 0.2, Fraction(1, 10**6)


class Wrong(Exception):
    """A call and brute force disagree."""


def require(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


def tupled(matrix: list[list[Fraction]]) -> Matrix:
    return tuple([tuple(row) for row in matrix])


def flat(matrix: Matrix) -> tuple[Fraction, ...]:
    return tuple([entry for row in matrix for entry in row])


def examine(number: int, tally: Counter[str]) -> None:
    """One iteration before all calls."""
    stream = Stream(number, "piggyback campaign")
    plain = random_plain(stream)
    iteration, origin = plain.program(), [0] * plain.states
    listed = list(implicit_values(plain).values())
    values = set(map(tupled, listed))
    state = (Fraction(0),) * plain.states
    implied = implicit_set_of(iteration, state, "autodiff", "group")
    require(implied.hull_exact, "conv J_imp is not exact")
    require(set(implied.members) <= values, "a vertex of conv J_imp is no value")
    hull = [flat(vertex) for vertex in implied.members]
    require(all(inside(flat(value), hull) for value in values), "a value of J_imp lies outside of its hull")
    directions = fan(plain)
    real = limit_jacobians(plain, directions)
    require(set(limit_pieces(iteration, state)) == real, "d_C of the limit")
    found = sh.solution_kink(iteration, fixed_point=origin)
    require(found.verdict == ("kink" if len(real) > 1 else "smooth"), f"solution_kink says {found.verdict}")
    require(found.certificate is not None, "no certificate")
    if found.certificate is not None:
        require(bool(sh.verify_solution(iteration, found.certificate.to_json())), "a certificate is rejected")
    require(found.jacobian in real, "G is no Jacobian of the limit")
    tally[found.verdict] += 1
    derivatives = DirectionalDerivatives(iteration, state)
    for direction in directions:
        require(
            derivatives.along(direction) == tuple(derivative(plain, listed, direction)), f"derivative along {direction}"
        )
        tally["directions"] += 1
    if found.direction is not None:
        require(
            found.derivative == tuple(derivative(plain, listed, found.direction)), "the derivative along the witness"
        )
        straight = tuple([sum(map(_times, row, found.direction), Fraction(0)) for row in found.jacobian or ()])
        require(found.derivative != straight, "the witness does not separate")
    sets(iteration, plain, SENSES[number % len(SENSES)], stream, tally)


def sets(iteration: sh.Iteration, plain: Plain, sense: str, stream: Stream, tally: Counter[str]) -> None:
    """conv J_pb, and J_pb of finitely many pairs, against words."""
    limits = Limits.seconds(SECONDS)
    try:
        found = piggyback_set_of(iteration, (Fraction(0),) * plain.states, sense, limits=limits)
    except LimitReached:
        tally[f"{sense} not begun in time"] += 1
        return
    tally[f"{sense} {'exact' if found.exact else 'enclosed' if found.gap < SMALL else 'cut short'}"] += 1
    claim = hull_claim(found, (Fraction(0),) * plain.states)
    if claim is not None:
        verified = sh.verify_piggyback_set(iteration, hull_object(claim))
        require(bool(verified), f"a hull is rejected: {verified.reason}")
        tally["hulls checked"] += 1
    choices = list(dict.fromkeys(plain.choices().values()))
    if sense != "autodiff":
        require({(pair.a, pair.b) for pair in found.pairs} <= set(choices), "a pair is no choice of slopes")
        choices = [(pair.a, pair.b) for pair in found.pairs]
    depth = 1
    while len(choices) ** (depth + 1) <= MOST_WORDS and depth < LONGEST:
        depth += 1
    every = [tupled(value) for value in words(plain, choices[:MOST_WORDS], depth)]
    # What comes after the letters of a word moves its value by less than this in each entry.
    size = max(abs(entry) for _, b in choices for row in b for entry in row)
    tail = RHO**depth * size / (1 - RHO)
    for _ in range(6):
        functional = tupled(
            [[Fraction(stream.integer(-3, 3)) for _ in range(plain.parameters)] for _ in range(plain.states)]
        )
        low, high = found.support(functional)
        reached = max(sum(map(_times, flat(functional), flat(value)), Fraction(0)) for value in every)
        slack = tail * sum(map(abs, flat(functional)))
        require(low <= high and low <= reached + slack and reached - slack <= high, "support against words")
        tally["supports"] += 1
    periodic = [tupled(value) for value in _periodic(plain, choices, stream)]
    for value in periodic:
        require(found.within(value).inside is not False, "a periodic word lies outside of the hull")
        if sense == "lexicographic":
            try:
                traced = found.member(value, Limits.seconds(SECONDS))
            except LimitReached:
                tally["members not traced in time"] += 1
                continue
            require(traced.inside is not False, "a periodic word is said to be no member")
            tally["members"] += 1
    if sense == "lexicographic":
        beyond = tupled([[entry + 40 * size + 1 for entry in row] for row in periodic[0]])
        require(found.member(beyond).inside is False and found.within(beyond).inside is False, "far away, and inside")


def _periodic(plain: Plain, choices: list[tuple[Matrix, Matrix]], stream: Stream) -> list[list[list[Fraction]]]:
    """Values of periodic words of up to three letters, by solving (I - A1 A2 A3) X = what is left."""
    from support.iteration_oracle import solved

    found = []
    for _ in range(4):
        letters = [choices[stream.integer(0, len(choices) - 1)] for _ in range(stream.integer(1, 3))]
        a, b = letters[-1]
        for outer, more in reversed(letters[:-1]):
            columns_a, columns_b = list(zip(*a, strict=True)), list(zip(*b, strict=True))
            b = tuple(
                [
                    tuple([sum(map(_times, row, c), entry) for c, entry in zip(columns_b, extra, strict=True)])
                    for row, extra in zip(outer, more, strict=True)
                ]
            )
            a = tuple([tuple([sum(map(_times, row, c), Fraction(0)) for c in columns_a]) for row in outer])
        found.append(solved(a, b))
    return found


def _times(left: Fraction, right: Fraction | int) -> Fraction:
    return left * right


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    tally: Counter[str] = Counter()
    start, wrong = time.monotonic(), 0
    for number in range(arguments.first, arguments.first + arguments.count):
        try:
            examine(number, tally)
        except Wrong as finding:
            wrong += 1
            print(f"iteration {number}: {finding}", flush=True)
    print(f"{arguments.count} iterations, {wrong} disagreements, {time.monotonic() - start:.0f} s")
    for what, times in sorted(tally.items()):
        print(f"  {what}: {times}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
