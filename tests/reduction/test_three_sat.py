"""The 3-SAT reduction, both forms, tested both ways against brute force and the exact engines."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest

from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Directions, Element, lexicographic_derivative, lock_branches
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.forms import LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import linearity
from subgrad_hardness.reduction.cnf import Assignment, Cnf
from subgrad_hardness.reduction.contract import Evidence, Separation, SolutionError, WitnessError, positive_point
from subgrad_hardness.reduction.layered_minmax import balanced, relu_layers
from subgrad_hardness.reduction.source import SourceInverse
from subgrad_hardness.reduction.three_sat import MinMaxReduction, SatReduction, ThreeLayerReduction

GRAPH, LAYERED, THREE = MinMaxReduction(), MinMaxReduction(layered=True), ThreeLayerReduction()
FORMS: tuple[SatReduction, ...] = (GRAPH, LAYERED, THREE)

EDGES = (
    Cnf(0, ()),
    Cnf(0, ((),)),
    Cnf(2, ()),
    Cnf(2, ((1, -1), (2, 1, -2))),  # nothing but tautologies
    Cnf(2, ((1, 2), ())),
    Cnf(1, ((1,),)),
    Cnf(1, ((-1,),)),
    Cnf(1, ((1,), (-1,))),
    Cnf(3, ((3, 3, -1, 3),)),  # repeated literals, and variable 2 occurs nowhere
    Cnf(2, ((1, 2), (1, -2), (-1, 2), (-1, -2))),
)


def random_formulas(count: int, most_clauses: int, seed: int) -> Iterator[Cnf]:
    """1..6 variables and clauses of 1..3 literals, drawn with repetition (tautologies happen)."""
    stream = Stream(seed, "test formulas")
    for _ in range(count):
        variables, width = stream.integer(1, 6), stream.integer(1, 3)
        literals = [sign * index for index in range(1, variables + 1) for sign in (1, -1)]
        clauses = stream.integer(0, most_clauses)
        yield Cnf(
            variables,
            tuple(
                tuple(literals[stream.below(len(literals))] for _ in range(stream.integer(1, width)))
                for _ in range(clauses)
            ),
        )


def models(formula: Cnf) -> list[Assignment]:
    return [model for model in product((False, True), repeat=formula.variables) if formula.satisfied(model)]


def ask(net: LocalNet, element: Element, exhaustive: bool) -> Answer:
    return ENGINES["cells" if exhaustive else "circuit"].decide(linearity(net, element.rows), Limits())


def check_both_ways(formula: Cnf, reduction: SatReduction, exhaustive: bool) -> None:
    """Satisfiable iff distinct; every solution becomes evidence; witnesses become solutions."""
    program, inverse = reduction.apply(formula)
    net = localise(program).net
    solutions = models(formula)
    stream = Stream(len(formula.clauses), "reference")
    element = lock_branches(net, [stream.direction(net.inputs, 10**6)])
    answer = ask(net, element, exhaustive)
    if not solutions:
        assert isinstance(answer, Refutation)
        return
    assert isinstance(answer, Witness)
    assert formula.satisfied(inverse.solution_of(Separation(answer.direction, element.directions)))
    for solution in solutions:
        check_evidence(program, net, inverse.direction_of(solution))
    check_silent_witnesses(formula, net, inverse, inverse.direction_of(solutions[0]), stream)


def check_evidence(program: Program, net: LocalNet, evidence: Evidence) -> None:
    """F'(x0; d) > 0, both elements are J_L of their directions, they differ along d, and a certificate holds."""
    assert net.output_values(evidence.direction)[0] > 0
    assert evidence.first.rows != evidence.second.rows
    assert linearity(net, evidence.second.rows).holds(evidence.direction)
    for element in (evidence.first, evidence.second):
        matrix = list(zip(*element.directions.columns(net.inputs), strict=True))
        assert lexicographic_derivative(net, matrix) == net.scaled(element.rows)
    directions = [evidence.first.directions, evidence.second.directions]
    assert verify_certificate(program, distinct_certificate(program.digest, directions)) == "distinct"


def check_silent_witnesses(
    formula: Cnf, net: LocalNet, inverse: SourceInverse[Cnf, Assignment], evidence: Evidence, stream: Stream
) -> None:
    """Witnesses with F'(x0; d) = 0: the reference is not zero there, and the cell decodes."""
    back = tuple(-entry for entry in evidence.direction)
    assert formula.satisfied(inverse.solution_of(Separation(back, evidence.first.directions)))
    tried = 0
    for _ in range(20):
        # Small entries: M enters its cell through a boundary, often with F'(x0; m_1) = 0.
        element = lock_branches(net, [stream.direction(net.inputs, 1)])
        direction = stream.direction(net.inputs, 2)
        if not net.output_values(direction)[0] and linearity(net, element.rows).holds(direction):
            tried += 1
            assert formula.satisfied(inverse.solution_of(Separation(direction, element.directions)))
    SILENT.append(tried)


SILENT: list[int] = []


@pytest.mark.parametrize("reduction", FORMS, ids=lambda form: f"{form.name}{'*' * (form == LAYERED)}")
@pytest.mark.parametrize("formula", EDGES, ids=str)
def test_edge_cases_both_ways(formula: Cnf, reduction: SatReduction) -> None:
    for exhaustive in (False, True):
        check_both_ways(formula, reduction, exhaustive)


def test_minmax_both_ways() -> None:
    SILENT.clear()
    for number, formula in enumerate(random_formulas(240, 14, seed=1)):
        check_both_ways(formula, GRAPH, exhaustive=number % 4 == 0 and len(formula.clauses) <= 8)
    assert sum(SILENT) > 100, "the witnesses with F'(x0; d) = 0 were hardly tested"


def test_layered_minmax_both_ways() -> None:
    for formula in random_formulas(120, 12, seed=2):
        check_both_ways(formula, LAYERED, exhaustive=False)


def test_three_layers_both_ways() -> None:
    SILENT.clear()
    for number, formula in enumerate(random_formulas(160, 6, seed=3)):
        exhaustive = formula.variables <= 3 and number % 2 == 0
        if exhaustive or len(formula.clauses) <= 4:
            check_both_ways(formula, THREE, exhaustive)
    assert sum(SILENT) > 20


def test_unsatisfiable_with_three_layers() -> None:
    """The smallest full formulas: all sign patterns on one, two and three variables."""
    for count in (1, 2):
        clauses = tuple(product(*((index, -index) for index in range(1, count + 1))))
        check_both_ways(Cnf(count, clauses), THREE, exhaustive=True)


def test_the_three_forms_are_nonnegative_and_agree() -> None:
    stream = Stream(4, "points")
    for formula in random_formulas(100, 9, seed=4):
        programs = [reduction.apply(formula)[0] for reduction in FORMS]
        for _ in range(8):
            point = [Fraction(stream.integer(-9, 9), stream.integer(1, 7)) for _ in range(programs[0].input_count)]
            graph, layered = (value(program, point) for program in programs[:2])
            assert graph == layered == (_minmax(formula, point),)
            t = Fraction(stream.integer(-1, 9), stream.integer(1, 7))
            with_t = [*point[: formula.variables], t]
            assert value(programs[2], with_t) == (_three_layers(formula, with_t),)


def _minmax(formula: Cnf, point: list[Fraction]) -> Fraction:
    """The formula of the paper, straight from its text."""
    clauses = formula.simplified().clauses
    if not clauses:
        return max(point[0], Fraction(0))
    if () in clauses:
        return Fraction(0)
    lowest = min(max(point[abs(lit) - 1] * (1 if lit > 0 else -1) for lit in clause) for clause in clauses)
    return max(lowest, Fraction(0))


def _three_layers(formula: Cnf, point: list[Fraction]) -> Fraction:
    def relu(number: Fraction) -> Fraction:
        return max(number, Fraction(0))

    clauses, t = formula.simplified().clauses, relu(point[-1])
    if not clauses:
        return relu(point[0])
    sums = [
        sum((relu(point[abs(lit) - 1] * (1 if lit > 0 else -1)) for lit in clause), Fraction(0)) for clause in clauses
    ]
    return relu(t - sum((relu(t - total) for total in sums), Fraction(0)))


def _weights(program: Program) -> set[int]:
    rows = [unit.row for unit in program.form.units() if unit.row is not None]
    assert all(row.denominator == 1 and row.bias == 0 for row in rows)
    return {coefficient for row in rows for coefficient in row.coefficients}


def test_all_weights_are_signs_and_the_point_is_the_origin() -> None:
    for formula in (*EDGES, *random_formulas(60, 20, seed=5)):
        for reduction in FORMS:
            program, _ = reduction.apply(formula)
            assert _weights(program) <= {-1, 1}
            assert not any(program.point)
            assert value(program) == (Fraction(0),)


def test_the_layered_form_is_a_pure_chain_of_relu_layers() -> None:
    for formula in random_formulas(20, 9, seed=6):
        for reduction in (LAYERED, THREE):
            form = reduction.apply(formula)[0].form
            assert isinstance(form, LayeredForm)
            activations = [layer.activation for layer in form.layers]
            assert activations == ["relu"] * (len(activations) - 1) + ["identity"] or () in formula.clauses
            if reduction is THREE:
                assert len(form.layers) == 4


def test_the_inputs() -> None:
    assert GRAPH.apply(Cnf(3, ((1,),)))[0].inputs == ("x1", "x2", "x3")
    assert GRAPH.apply(Cnf(0, ()))[0].inputs == ("x1",)
    assert THREE.apply(Cnf(2, ((1,),)))[0].inputs == ("x1", "x2", "t")
    assert THREE.apply(Cnf(0, ()))[0].inputs == ("t",)


def test_balanced_trees_split_after_the_first_half_rounded_up() -> None:
    tree = balanced(True, (1, 2, 3, 4, 5))
    assert not isinstance(tree, int)
    assert (tree.left, tree.height) == (balanced(True, (1, 2, 3)), 3)
    assert tree.right == balanced(True, (4, 5))
    assert len(relu_layers(tree, 5)) == 3 + 3
    layers = program_from({"inputs": 5, "layers": relu_layers(tree, 5)})
    assert value(layers, [-1, -2, Fraction(1, 3), 0, -4]) == (Fraction(1, 3),)


def test_accepts_and_rejects() -> None:
    assert GRAPH.accepts(Cnf(1, ()))
    assert not THREE.accepts([[1, 2]])
    with pytest.raises(TypeError, match="MinMaxReduction does not accept this list"):
        GRAPH.apply([[1]])  # type: ignore[arg-type]


def test_false_solutions_and_false_witnesses_are_refused() -> None:
    formula = Cnf(2, ((1,), (-2,)))
    for reduction in FORMS:
        program, inverse = reduction.apply(formula)
        net = localise(program).net
        with pytest.raises(SolutionError, match="solution: does not solve the Cnf"):
            inverse.direction_of((True, True))
        with pytest.raises(ValueError, match="3 values, expected 2"):
            inverse.direction_of((True, False, True))
        downhill = tuple(-entry for entry in inverse.encode((True, False)))
        flat = lock_branches(net, [downhill])
        with pytest.raises(WitnessError, match="and so is the reference subgradient"):
            inverse.solution_of(Separation(downhill, flat.directions))
        with pytest.raises(WitnessError, match="direction: 1 entry, expected"):
            inverse.solution_of(Separation((1,), flat.directions))
        with pytest.raises(WitnessError, match="reference: 0 directions, expected"):
            positive_point(net, Directions((), ()))


def test_the_example_that_needs_the_cell() -> None:
    """relu(x_1), g = 1, d = -1: F'(x0; d) = 0, so d alone says nothing."""
    program, inverse = GRAPH.apply(Cnf(1, ((1,),)))
    element = lock_branches(localise(program).net, [(1,)])
    assert element.rows == ((1,),)
    assert inverse.solution_of(Separation((-1,), element.directions)) == (True,)


def test_the_cell_is_entered_deeply_enough() -> None:
    """A first direction on the boundary and huge later ones: e has to become small."""
    program, inverse = GRAPH.apply(Cnf(2, ((1,), (2,))))
    net = localise(program).net
    element = lock_branches(net, [(1, 0), (-(10**9), 1)])
    assert element.rows == ((0, 1),)
    point = positive_point(net, element.directions)
    assert net.output_values(point)[0] > 0
    assert element.directions.leading == ((1, 0), (-(10**9), 1))
    assert inverse.solution_of(Separation((0, -1), element.directions)) == (True, True)
    completed = Directions(((1, 0),), (1,))  # F'(x0; m_1) = 0: the unit vector has to help
    assert net.output_values((1, 0)) == (0,)
    assert inverse.solution_of(Separation((0, -1), completed)) == (True, True)


def test_provenance_names_the_source_and_trivial_verdicts() -> None:
    formula = Cnf(2, ((1, 1, -2),))
    provenance = GRAPH.apply(formula)[0].provenance
    assert provenance == {
        "reduction": "CNF to min-max net",
        "source": {"problem": "cnf", "variables": 2, "clauses": [[1, 1, -2]]},
        "verdict": None,
        "known_by": None,
    }
    for clauses, verdict in (((), "distinct"), (((),), "unique")):
        trivial = THREE.apply(Cnf(1, clauses))[0].provenance
        assert trivial is not None
        assert trivial["verdict"] == verdict
    large = Cnf(3, ((1, 2, 3),) * 3000)
    described = THREE.apply(large)[0].provenance
    assert described is not None
    assert described["source"] == {
        "problem": "cnf",
        "variables": 3,
        "clause_count": 3000,
        "dimacs_sha256": large.digest,
    }


def test_nets_survive_writing_and_inverses_pickling() -> None:
    for reduction in FORMS:
        program, inverse = reduction.apply(Cnf(3, ((1, -2, 3), (2,))))
        assert program_from(to_mapping(program)) == program
        assert pickle.loads(pickle.dumps(inverse)) == inverse
