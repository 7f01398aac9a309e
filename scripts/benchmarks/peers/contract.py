"""What every solver of the benchmark gets and gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.question.pose import pose
from subgrad_hardness.question.question import Question

Verdict = Literal["distinct", "unique", "unknown"]

#: The clauses of the CNF formula that a net was made from.
Clauses = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Problem:
    """One instance, in the form that each solver starts from; picklable.

    Attributes
    ----------
    net : the net file's text, for ours: it is parsed before the clock starts, so that nothing that a
        Program caches is there already.
    question : the local net F'(x0; .) with the reference rows, for the peers: localising is not theirs.
    clauses : the source formula, for the floor; None where there is none.
    """

    net: str
    question: Question
    clauses: Clauses | None = None


class Outcome(NamedTuple):
    """What a solver said about a problem.

    Attributes
    ----------
    verdict : what the solver claims, right or wrong.
    seconds : from the problem in memory to the verdict; encoding included, imports not.
    direction : where the derivative is claimed not to be linear, for ``distinct``.
    encoding : the part of ``seconds`` spent on writing the problem for the solver.
    note : why ``unknown``, or which engine answered.
    """

    verdict: Verdict
    seconds: float
    direction: tuple[int | Fraction, ...] | None = None
    encoding: float = 0.0
    note: str = ""


def question_of(program: Program) -> Question:
    """The question that ``check`` asks about a program with seed 0."""
    return pose(program).question


def problem_of(program: Program) -> Problem:
    """The problem of a generated net, with its formula if it travels in the provenance."""
    source = (program.provenance or {}).get("source") or {}
    clauses = source.get("clauses") if source.get("problem") == "cnf" else None
    formula = None if clauses is None else tuple(tuple(clause) for clause in clauses)
    return Problem(dumps(program), question_of(program), formula)


def replays(question: Question, direction: Iterable[int | Fraction] | None) -> bool:
    """Whether F'(x0; d) != g d at the claimed direction, exactly."""
    if direction is None:
        return False
    integers, _ = integer_direction([Fraction(entry) for entry in direction])
    return len(integers) == question.net.inputs and question.holds(integers)
