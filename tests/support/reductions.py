"""The round trip that every reduction has to survive, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import lexicographic_derivative, lock_branches
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.question import linearity
from subgrad_hardness.reduction.cnf import Clause, Cnf
from subgrad_hardness.reduction.contract import Evidence, Inverse, Reduction, Separation

#: Of the solutions of one problem so many are sent through the net.
MOST_SOLUTIONS = 2


class Checked(Protocol):
    """A source problem with its own checker."""

    def satisfied(self, solution: Any, /) -> bool: ...


class Tally:
    """What the round trips of one test have seen."""

    def __init__(self) -> None:
        self.distinct = self.unique = self.silent = 0

    def require(self, distinct: int, unique: int, silent: int = 0) -> None:
        """Fail unless both verdicts, and witnesses with F'(x0; d) = 0, were met often enough."""
        assert self.distinct >= distinct, self.__dict__
        assert self.unique >= unique, self.__dict__
        assert self.silent >= silent, self.__dict__


def round_trip(reduction: Reduction[Any, Any], problem: Checked, solutions: Sequence[Any], tally: Tally) -> None:
    """Solvable iff ``distinct``; every solution becomes evidence, every witness a solution.

    ``solutions``: what an independent solver of the source problem has found, none iff there is none.
    """
    assert reduction.accepts(problem)
    program, inverse = reduction.apply(problem)
    net = localise(program).net
    assert program_from(to_mapping(program)) == program
    stream = Stream(len(net.kinks), "reference")
    element = lock_branches(net, [stream.direction(net.inputs, 9)])
    answer = decide(linearity(net, element.rows), "auto", Limits()).answer
    if not solutions:
        tally.unique += 1
        assert isinstance(answer, Refutation), (problem, answer)
        assert not any(net.output_values(stream.direction(net.inputs, 3))[0] for _ in range(5))
        return
    tally.distinct += 1
    assert isinstance(answer, Witness), (problem, answer)
    assert problem.satisfied(inverse.solution_of(Separation(answer.direction, element.directions)))
    for number, solution in enumerate(solutions[:MOST_SOLUTIONS]):
        assert problem.satisfied(solution)
        evidence = inverse.direction_of(solution)
        check_evidence(net, evidence)
        if not number:
            directions = [evidence.first.directions, evidence.second.directions]
            assert verify_certificate(program, distinct_certificate(program.digest, directions)) == "distinct"
        for element in (evidence.first, evidence.second):
            back = Separation(evidence.direction, element.directions)
            if linearity(net, element.rows).holds(evidence.direction):
                assert problem.satisfied(inverse.solution_of(back))
        opposite = tuple(-entry for entry in evidence.direction)
        assert problem.satisfied(inverse.solution_of(Separation(opposite, evidence.first.directions)))
        tally.silent += not net.output_values(opposite)[0]
    tally.silent += silent_witnesses(problem, net, inverse, stream)


def check_evidence(net: LocalNet, evidence: Evidence) -> None:
    """F'(x0; d) > 0, and both elements are J_L of their directions and differ."""
    assert net.output_values(evidence.direction)[0] > 0
    assert evidence.first.rows != evidence.second.rows
    for element in (evidence.first, evidence.second):
        matrix = list(zip(*element.directions.columns(net.inputs), strict=True))
        assert lexicographic_derivative(net, matrix) == net.scaled(element.rows)


def silent_witnesses(problem: Checked, net: LocalNet, inverse: Inverse[Any], stream: Stream) -> int:
    """Witnesses with F'(x0; d) = 0 != g d that a few random draws give; the cell of g decodes."""
    tried = 0
    for _ in range(3):
        element = lock_branches(net, [stream.direction(net.inputs, 1)])
        direction = stream.direction(net.inputs, 2)
        if not net.output_values(direction)[0] and linearity(net, element.rows).holds(direction):
            tried += 1
            assert problem.satisfied(inverse.solution_of(Separation(direction, element.directions)))
    return tried


def random_clauses(stream: Stream, variables: int, clauses: int, width: int) -> Cnf:
    """Clauses of 1..``width`` literals drawn with repetition: repeated literals and tautologies happen."""
    literals = [sign * index for index in range(1, variables + 1) for sign in (1, -1)]

    def clause() -> Clause:
        return tuple(literals[stream.below(len(literals))] for _ in range(stream.integer(1, width)))

    return Cnf(variables, tuple(clause() for _ in range(clauses)))
