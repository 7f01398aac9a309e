"""Not-all-equal and exactly-one satisfiability, both forms, against enumeration and CaDiCaL."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from pysat.card import CardEnc, EncType
from pysat.solvers import Cadical195
from support.reductions import Tally, random_clauses, round_trip

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import LayeredForm
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.reduction.contract import Reduction, SolutionError
from subgrad_hardness.reduction.nae_sat import NAE_MINMAX, NAE_TWO_LAYERS, NotAllEqual
from subgrad_hardness.reduction.one_in_three_sat import ONE_IN_MINMAX, ONE_IN_TWO_LAYERS, ExactlyOne

Problem = NotAllEqual | ExactlyOne

EDGES = (
    Cnf(0, ()),
    Cnf(0, ((),)),
    Cnf(2, ()),
    Cnf(1, ((1,),)),
    Cnf(2, ((-1,), (2,))),
    Cnf(1, ((1, -1),)),
    Cnf(1, ((1, 1),)),
    Cnf(2, ((1, 1, 2),)),
    Cnf(2, ((1, -1, 2),)),
    Cnf(2, ((1, 2), ())),
    Cnf(3, ((1, 2, 3), (-1, -2, -3), (1, -2, 3))),
    Cnf(3, ((1, 2), (2, 3), (1, 3))),  # an odd cycle
    Cnf(4, ((3, 3, -1),)),  # variables 2 and 4 occur nowhere
)


def true_literals(clause: Clause, assignment: Assignment) -> int:
    return sum(assignment[abs(literal) - 1] == (literal > 0) for literal in clause)


def solutions(problem: Problem) -> list[Assignment]:
    """By enumeration, from the definition."""
    found = []
    for assignment in product((False, True), repeat=problem.formula.variables):
        counts = [(true_literals(clause, assignment), len(clause)) for clause in problem.formula.clauses]
        if isinstance(problem, NotAllEqual):
            good = all(0 < count < width for count, width in counts)
        else:
            good = all(count == 1 for count, _ in counts)
        assert problem.satisfied(assignment) is good
        if good:
            found.append(assignment)
    return found


def by_cadical(problem: Problem) -> bool:
    """Another encoding: a selector pair for each clause (NAE), PySAT's ladder (exactly one)."""
    top = problem.formula.variables
    with Cadical195() as solver:
        for clause in problem.formula.clauses:
            if isinstance(problem, NotAllEqual):
                first = range(top + 1, top + 1 + len(clause))
                second = range(first.stop, first.stop + len(clause))
                top = max(second.stop - 1, top)
                for literal, true, false in zip(clause, first, second, strict=True):
                    solver.append_formula([[-true, literal], [-false, -literal]])
                solver.append_formula([list(first), list(second)])
            elif clause:
                copies = list(range(top + 1, top + 1 + len(clause)))
                for copy, literal in zip(copies, clause, strict=True):
                    solver.append_formula([[-copy, literal], [copy, -literal]])
                encoded = CardEnc.equals(copies, 1, top_id=copies[-1], encoding=EncType.ladder)
                top = max(encoded.nv, copies[-1])
                solver.append_formula(encoded.clauses)
            else:
                solver.add_clause([])
                return False
        return bool(solver.solve())


CASES: tuple[tuple[type[Problem], Reduction[Any, Any], int, int], ...] = (
    (NotAllEqual, NAE_MINMAX, 6, 5),
    (NotAllEqual, NAE_TWO_LAYERS, 4, 3),
    (ExactlyOne, ONE_IN_MINMAX, 6, 4),
    (ExactlyOne, ONE_IN_TWO_LAYERS, 4, 4),
)
NAMES = ("nae-minmax", "nae-layers2", "one-minmax", "one-layers2")


@pytest.mark.parametrize(("kind", "reduction", "variables", "width"), CASES, ids=NAMES)
def test_edge_cases_both_ways(kind: type[Problem], reduction: Reduction[Any, Any], variables: int, width: int) -> None:
    for formula in EDGES:
        problem = kind(formula)
        round_trip(reduction, problem, solutions(problem), Tally())


@pytest.mark.parametrize(("kind", "reduction", "variables", "width"), CASES, ids=NAMES)
def test_random_formulas_both_ways(
    kind: type[Problem], reduction: Reduction[Any, Any], variables: int, width: int
) -> None:
    stream, tally = Stream(1, "clauses", kind.__name__), Tally()
    for _ in range(155):
        count = stream.integer(1, variables)
        problem = kind(random_clauses(stream, count, stream.integer(0, count + 1), stream.integer(2, width)))
        found = solutions(problem)
        assert by_cadical(problem) is bool(found)
        round_trip(reduction, problem, found, tally)
    tally.require(distinct=27, unique=27)


def test_the_forms_with_two_layers_are_small() -> None:
    stream = Stream(2, "clauses")
    for _ in range(20):
        formula = random_clauses(stream, 9, 12, 3)
        nae, _ = NAE_TWO_LAYERS.apply(NotAllEqual(formula))
        one, _ = ONE_IN_TWO_LAYERS.apply(ExactlyOne(formula))
        for program, most in ((nae, 6 * 12 + 6 * 9 + 1), (one, 2 * 12 + 6 * 9 + 3)):
            assert isinstance(program.form, LayeredForm)
            assert [layer.activation for layer in program.form.layers] == ["relu", "relu", "identity"]
            assert len(localise(program).net.kinks) <= most


def test_what_is_refused() -> None:
    wide = NotAllEqual(Cnf(4, ((1, 2, 3, 4),)))
    assert NAE_MINMAX.accepts(wide)
    assert not NAE_TWO_LAYERS.accepts(wide)
    with pytest.raises(TypeError, match="NaeToSigns does not accept this NotAllEqual"):
        NAE_TWO_LAYERS.apply(wide)
    assert not NAE_MINMAX.accepts(wide.formula)
    assert not ONE_IN_MINMAX.accepts(wide)
    assert not ONE_IN_TWO_LAYERS.accepts([[1]])
    _, inverse = ONE_IN_TWO_LAYERS.apply(ExactlyOne(Cnf(2, ((1, 2),))))
    with pytest.raises(SolutionError, match="solution: does not solve the ExactlyOne"):
        inverse.direction_of((True, True))
    with pytest.raises(ValueError, match="1 value, expected 2"):
        inverse.direction_of((True,))
    _, equal = NAE_MINMAX.apply(NotAllEqual(Cnf(2, ((1, 2),))))
    with pytest.raises(SolutionError, match="solution: does not solve the NotAllEqual"):
        equal.direction_of((True, True))


def test_provenance_names_the_chain_and_the_source() -> None:
    program, _ = NAE_TWO_LAYERS.apply(NotAllEqual(Cnf(2, ((1, -2),))))
    assert program.provenance == {
        "reduction": "not-all-equal SAT to sign vectors; sign vectors to net with two hidden layers",
        "source": {"problem": "not-all-equal satisfiability", "variables": 2, "clauses": [[1, -2]]},
        "verdict": None,
        "known_by": None,
    }
