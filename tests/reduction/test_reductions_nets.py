"""Round trips net -> CNF -> net of min-max nets, and the table of all reductions."""

from __future__ import annotations

from itertools import product

import pytest
from pysat.solvers import Cadical195
from support.reductions import Tally, random_clauses, round_trip

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.composition import Composed
from subgrad_hardness.reduction.net_to_cnf import NetToCnf, PositiveDirection
from subgrad_hardness.reduction.three_sat import MinMaxReduction, ThreeLayerReduction

BACK = NetToCnf()
AROUND = Composed(BACK, MinMaxReduction())


def positive(program: Program) -> list[tuple[int, ...]]:
    """All sign vectors, zeros included, at which the net is positive."""
    net = localise(program).net
    return [d for d in product((-1, 0, 1), repeat=net.inputs) if net.output_values(d)[0] > 0]


def test_round_trips_keep_the_verdict() -> None:
    stream, tally = Stream(1, "round trips"), Tally()
    for _ in range(150):
        variables = stream.integer(1, 4)
        formula = random_clauses(stream, variables, stream.integer(0, 9), 3)
        program, _ = MinMaxReduction(layered=stream.below(2) == 1).apply(formula)
        problem = PositiveDirection(program)
        translated = BACK.translate(problem)
        satisfiable = any(map(formula.satisfied, product((False, True), repeat=variables)))
        with Cadical195(bootstrap_with=[list(clause) for clause in translated.clauses]) as solver:
            assert solver.solve() is satisfiable
        found = positive(program)
        assert bool(found) is satisfiable
        for direction in found[:3]:
            image = BACK.forth(problem, direction)
            assert translated.satisfied(image)
            assert problem.satisfied(BACK.back(problem, image))
        round_trip(AROUND, problem, found, tally)
    tally.require(distinct=45, unique=27)


def test_every_model_of_the_formula_is_a_direction() -> None:
    stream = Stream(2, "models")
    for _ in range(60):
        formula = random_clauses(stream, 3, stream.integer(1, 5), 3)
        problem = PositiveDirection(MinMaxReduction().apply(formula)[0])
        translated = BACK.translate(problem)
        net = localise(problem.program).net
        for model in product((False, True), repeat=translated.variables):
            if translated.satisfied(model):
                assert net.output_values(BACK.back(problem, model))[0] > 0


def test_a_min_max_net_gives_its_formula_back() -> None:
    formula = Cnf(4, ((1, -2, 3), (2, 4), (-1, -3, -4)))
    translated = BACK.translate(PositiveDirection(MinMaxReduction().apply(formula)[0]))
    assert sorted(map(sorted, translated.clauses)) == sorted(map(sorted, formula.clauses))
    for trivial in (Cnf(1, ((),)), Cnf(2, ())):
        problem = PositiveDirection(MinMaxReduction().apply(trivial)[0])
        round_trip(AROUND, problem, positive(problem.program), Tally())


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("naesat", {"variables": 20, "ratio": 2}),
        ("onein3", {"variables": 20, "ratio": "0.4"}),
        ("coloring", {"vertices": 9, "degree": 5}),
        ("hamilton", {"vertices": 5, "degree": 3}),
    ],
)
def test_nets_of_families(family: str, parameters: dict[str, object]) -> None:
    """The verdict of the formula that comes back is the known one."""
    for seed in range(6):
        program = generate(family, **parameters, seed=seed)
        assert program.provenance is not None
        with Cadical195() as solver:
            solver.append_formula([list(clause) for clause in BACK.translate(PositiveDirection(program)).clauses])
            assert ("distinct" if solver.solve() else "unique") == program.provenance["verdict"]


def test_what_is_refused() -> None:
    three, _ = ThreeLayerReduction().apply(Cnf(2, ((1, 2), (-1, 2))))
    linear = program_from({"inputs": 1, "layers": [{"weight": [[1]]}]})
    two = program_from({"inputs": 1, "layers": [{"weight": [[1], [1]], "activation": "relu"}]})
    below = program_from({"inputs": 1, "layers": [{"weight": [[1]], "activation": "relu"}, {"weight": [[-1]]}]})
    for program in (three, linear, two, below, generate("maxcut", vertices=3, k=1)):
        problem = PositiveDirection(program)
        assert not BACK.accepts(problem)
        with pytest.raises(TypeError, match="the program is no min-max net over signed inputs"):
            BACK.translate(problem)
    assert not BACK.accepts(Cnf(1, ()))
    with pytest.raises(TypeError, match="NetToCnf does not accept this PositiveDirection"):
        AROUND.apply(PositiveDirection(three))
