"""SAT with two inputs: the tent-map net against brute force and CaDiCaL, both ways."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from pysat.solvers import Cadical195
from support.reductions import Tally, random_clauses, round_trip

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.reduction.cnf import Assignment, Cnf
from subgrad_hardness.reduction.contract import SolutionError
from subgrad_hardness.reduction.tent_sat import TentReduction

REDUCTION = TentReduction()

EDGES = (
    Cnf(0, ()),
    Cnf(0, ((),)),
    Cnf(3, ()),
    Cnf(2, ((1, -1), (2, 1, -2))),  # nothing but tautologies
    Cnf(2, ((1, 2), ())),
    Cnf(1, ((1,),)),
    Cnf(1, ((-1,),)),
    Cnf(1, ((1,), (-1,))),
    Cnf(4, ((3, 3, -1, 3),)),  # repeated literals; variables 2 and 4 occur nowhere
    Cnf(2, ((1, 2), (1, -2), (-1, 2), (-1, -2))),
)


def models(formula: Cnf) -> list[Assignment]:
    return [model for model in product((False, True), repeat=formula.variables) if formula.satisfied(model)]


@pytest.mark.parametrize("formula", EDGES, ids=str)
def test_edge_cases_both_ways(formula: Cnf) -> None:
    round_trip(REDUCTION, formula, models(formula), Tally())


def test_random_formulas_both_ways() -> None:
    stream, tally = Stream(1, "tent"), Tally()
    for _ in range(160):
        formula = random_clauses(stream, stream.integer(1, 5), stream.integer(0, 14), 3)
        solutions = models(formula)
        with Cadical195(bootstrap_with=[list(clause) for clause in formula.clauses]) as solver:
            assert solver.solve() is bool(solutions)
        round_trip(REDUCTION, formula, solutions, tally)
    tally.require(distinct=54, unique=36, silent=45)


def test_every_bit_pattern_has_its_interval_in_the_order_of_the_gray_code() -> None:
    for count in range(1, 9):
        _, inverse = REDUCTION.apply(Cnf(count, ()))
        places = {}
        for model in product((False, True), repeat=count):
            position, total = inverse.encode(model)
            assert inverse.decode((position, total)) == model
            places[Fraction(position, total)] = model
        for index, place in enumerate(sorted(places)):
            assert index / Fraction(2**count) < place < (index + 1) / Fraction(2**count)
            gray = index ^ (index >> 1)
            assert places[place] == tuple(gray >> (count - 1 - bit) & 1 == 1 for bit in range(count))


def test_the_net_is_its_formula() -> None:
    stream = Stream(2, "tent")
    for _ in range(150):
        formula = random_clauses(stream, stream.integer(1, 6), stream.integer(0, 6), 3)
        program, inverse = REDUCTION.apply(formula)
        assert program.input_count == 2
        for _ in range(6):
            x, t = (Fraction(stream.integer(-3, 40), stream.integer(1, 7)) for _ in range(2))
            expected = from_definition(formula, x, t)
            assert value(program, [x, t]) == (expected,)
            if expected:
                common = x.denominator * t.denominator
                assert formula.satisfied(inverse.decode((int(x * common), int(t * common))))


def from_definition(formula: Cnf, x: Fraction, t: Fraction) -> Fraction:
    """The module's text, with tautologies dropped."""
    tents = [x]
    while len(tents) < formula.variables:
        tents.append(2 * min(tents[-1], t - tents[-1]))
    least = min(x, t - x)
    for clause in formula.clauses:
        if not any(-literal in clause for literal in clause):
            signed = [(2 * tents[abs(literal) - 1] - t) * (1 if literal > 0 else -1) for literal in clause]
            least = min(least, max(signed, default=Fraction(0)))
    return max(least, Fraction(0))


def test_many_variables() -> None:
    """200 tents deep: the witness has 201 bits, and goes both ways."""
    assignment = tuple(Stream(3, "tent").below(2) == 1 for _ in range(200))
    formula = Cnf(200, tuple((index if value else -index,) for index, value in enumerate(assignment, start=1)))
    program, inverse = REDUCTION.apply(formula)
    direction = inverse.encode(assignment)
    assert direction[1] == 2**201
    assert localise(program).net.output_values(direction)[0] > 0
    assert inverse.decode(direction) == assignment


def test_what_is_refused() -> None:
    assert not REDUCTION.accepts("p cnf 1 0")
    with pytest.raises(TypeError, match="TentReduction does not accept this str"):
        REDUCTION.apply("p cnf 1 0")  # type: ignore[arg-type]
    _, inverse = REDUCTION.apply(Cnf(2, ((1,), (-2,))))
    with pytest.raises(SolutionError, match="solution: does not solve the Cnf"):
        inverse.direction_of((True, True))
    with pytest.raises(ValueError, match="1 value, expected 2"):
        inverse.direction_of((True,))
