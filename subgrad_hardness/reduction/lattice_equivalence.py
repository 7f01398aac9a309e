"""Equivalence of lattice terms (its failure) to two distinct subgradients at 0.

A lattice term is built by max and min over linear forms l_1, ..., l_k of x and their negatives.
Statement.  Two such terms S and T differ somewhere on R^p iff F = |S - T| has two distinct subgradients at 0.
Proof.  S and T are positively homogeneous, so F is, and F >= 0.  If S = T then F = 0 has the only
subgradient 0; if F(d) > 0, a linear F would have F(-d) < 0.
(S - T without the absolute value is no reduction: max(x, x) - min(0, 0) = x is linear, but not 0.)

By 3-SAT already for forms +-x_j: S the term of ``three_sat``, T = min(S, 0).  So equivalence is
coNP-complete.  Source: folklore of distributive lattices and of max-plus algebra; Karp 1972 by ``three_sat``.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul
from typing import Any, ClassVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.layered_minmax import Term
from subgrad_hardness.reduction.source import DirectionInverse, NetReduction, SourceProblem

Vector = tuple[int, ...]


class TermError(InputError):
    """A term over unknown forms, or forms of different lengths."""


@dataclass(frozen=True, slots=True)
class LatticeEquivalence(SourceProblem[Vector]):
    """Do the terms ``left`` and ``right`` differ at some point?

    A leaf j of a term is ``forms[j - 1]``, a leaf -j its negative; a form has ``inputs`` coefficients.
    Raises TermError.
    """

    inputs: int
    forms: tuple[Vector, ...]
    left: Term
    right: Term

    def __post_init__(self) -> None:
        if self.inputs < 1:
            raise TermError("less than 1", place="inputs")
        for number, form in enumerate(self.forms):
            if len(form) != self.inputs:
                found = count(len(form), "entry", "entries")
                raise TermError(f"{found}, expected {self.inputs}", place=f"forms[{number}]")
        for place, term in (("left", self.left), ("right", self.right)):
            for leaf in leaves(term):
                if not 1 <= abs(leaf) <= len(self.forms):
                    raise TermError(f"{leaf} is no leaf over {len(self.forms)} forms", place=place)

    def satisfied(self, point: Vector, /) -> bool:
        """Whether they differ there; linear.  Raises TermError for a wrong length."""
        if len(point) != self.inputs:
            raise TermError(f"{count(len(point), 'entry', 'entries')}, expected {self.inputs}", place="point")
        values = [sum(map(mul, form, point)) for form in self.forms]
        return evaluate(self.left, values) != evaluate(self.right, values)

    def source(self) -> dict[str, Any]:
        terms = {"left": show_term(self.left), "right": show_term(self.right)}
        forms = [list(form) for form in self.forms]
        return {"problem": "lattice term equivalence", "inputs": self.inputs, "forms": forms, **terms}


def leaves(term: Term) -> list[int]:
    """The leaves from left to right."""
    return [term] if isinstance(term, int) else [*leaves(term.left), *leaves(term.right)]


def evaluate(term: Term, values: list[int]) -> int:
    """The term, given the values of the forms; linear."""
    if isinstance(term, int):
        return values[term - 1] if term > 0 else -values[-term - 1]
    return (max if term.maximum else min)(evaluate(term.left, values), evaluate(term.right, values))


def show_term(term: Term) -> str:
    """The term as text, such as ``max(l1,min(-l2,l3))``."""
    if isinstance(term, int):
        return f"{'-' if term < 0 else ''}l{abs(term)}"
    return f"{'max' if term.maximum else 'min'}({show_term(term.left)},{show_term(term.right)})"


@dataclass(frozen=True)
class LatticeInverse(DirectionInverse[LatticeEquivalence]):
    """Points where the terms differ are directions."""


@dataclass(frozen=True)
class LatticeReduction(NetReduction[LatticeEquivalence, Vector]):
    """F as a graph, a node for each join and one for each form (and negated form) that occurs."""

    name: ClassVar[str] = "lattice term equivalence to min-max net"
    takes: ClassVar[type] = LatticeEquivalence

    def inverse(self, program: Program, problem: LatticeEquivalence) -> LatticeInverse:
        return LatticeInverse(program, problem)

    def source(self, problem: LatticeEquivalence) -> dict[str, Any]:
        return problem.source()

    def net(self, problem: LatticeEquivalence) -> Program:
        build = GraphBuilder(problem.inputs)
        for leaf in sorted({*leaves(problem.left), *leaves(problem.right)}):
            form = problem.forms[abs(leaf) - 1]
            sign = 1 if leaf > 0 else -1
            build.sum(((index, sign * entry) for index, entry in enumerate(form)), name=show_term(leaf))
        left, right = _join_nodes(problem.left, build), _join_nodes(problem.right, build)
        build.affine([(left, 1), (right, -1)], name="difference")
        return build.program([build.apply("abs", ["difference"], name="F")])


def _join_nodes(term: Term, build: GraphBuilder) -> int:
    """Add the nodes of the term; returns the handle of its value."""
    if isinstance(term, int):
        return build[show_term(term)]
    sides = [_join_nodes(term.left, build), _join_nodes(term.right, build)]
    return build.apply("max" if term.maximum else "min", sides, name=f"join{len(build.nodes)}")
