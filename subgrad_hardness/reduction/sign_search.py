"""Positive values of a sum of absolute values at sign vectors, to a net with two hidden layers.

Many problems of choice say: is f(s) > 0 at some s in {-1, 1}^(n+1), for a sum f(x) = sum_t c_t |l_t(x)|
of absolute values of integer linear forms in x_0, ..., x_n?  (f is even, so that s_0 = 1 may be asked for.)

Statement.  Let K_i = sum_t |c_t| |coefficient of x_i in l_t|, and
    h(x) = f(x) - sum over i = 1..n of K_i ||x_i| - |x_0||,        F = relu(h).
F has two distinct subgradients at 0 iff f is positive at some sign vector.  F is even, and
||a| - |b|| = |a + b| + |a - b| - |a| - |b| (the right side is 2 max(|a|, |b|) - |a| - |b|), so that it is a net
with two hidden layers: 2 units for each term and at most 6 n + 2 more, then one.

Proof.  F >= 0, so two distinct subgradients mean F != 0.  A change of x_i by e changes f by at most K_i |e|.
Rounding: let h(x) > 0.  If x_0 = 0, then h(x) = f(x) - sum K_i |x_i| <= f(0) = 0, which is false.  So divide by
|x_0|; now |x_0| = 1.  Let s_i be the sign of x_i, any of the two where x_i = 0; then s_0 = x_0 and
|x_i - s_i| = ||x_i| - 1| for all i >= 1.  Hence f(s) >= f(x) - sum K_i |x_i - s_i| = h(x) > 0.
Conversely h(s) = f(s) at sign vectors.

One hidden layer is polynomial (SPEC 1), two are enough for all that is built on this; for maximum cut
the penalty between x_0 and each other vertex takes the place of the one between all pairs
(``max_cut``), and leaves O(vertices + edges) units.  Source: the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm, absolute_net, absolute_sum, collected
from subgrad_hardness.reduction.source import NetReduction, SourceInverse, SourceProblem

#: One sign for each of x_0, ..., x_n, True for 1.
Signs = tuple[bool, ...]


class SignError(InputError):
    """A form over unknown inputs, or signs that are too many or too few."""


@dataclass(frozen=True, slots=True)
class SignProblem(SourceProblem[Signs]):
    """Is the sum of the ``terms``, over x_0, ..., x_(``inputs`` - 1), positive at a sign vector?

    Raises SignError for a form over other inputs, and for no inputs.
    """

    inputs: int
    terms: tuple[AbsoluteTerm, ...]

    def __post_init__(self) -> None:
        if self.inputs < 1:
            raise SignError("less than 1", place="inputs")
        for number, term in enumerate(self.terms):
            for index, _ in term.form:
                if not 0 <= index < self.inputs:
                    raise SignError(f"{index} is outside 0..{self.inputs - 1}", place=f"terms[{number}]")

    def satisfied(self, signs: Signs, /) -> bool:
        """Whether the sum is positive there; linear.  Raises SignError for a wrong length."""
        if len(signs) != self.inputs:
            raise SignError(f"{count(len(signs), 'sign')}, expected {self.inputs}", place="signs")
        return absolute_sum(self.terms, [1 if sign else -1 for sign in signs]) > 0

    def source(self) -> dict[str, Any]:
        terms = [[coefficient, [list(pair) for pair in form]] for form, coefficient in self.terms]
        return {"problem": "positive sum of absolute values at signs", "inputs": self.inputs, "terms": terms}

    def changes(self) -> list[int]:
        """K_i for every input: how much f changes at most where x_i changes by 1."""
        result = [0] * self.inputs
        for form, coefficient in collected(self.terms):
            for index, entry in form:
                result[index] += abs(coefficient * entry)
        return result


@dataclass(frozen=True)
class SignInverse(SourceInverse[SignProblem, Signs]):
    """Signs and directions."""

    def positive(self, solution: Signs) -> Direction:
        """d_i = +-(base + i), which is near the signs and has few ties between kinks.

        Replacing s_i by s_i + i s_i / base changes h by at most 2 K_i i / base, and h(s) >= 1; so
        base = 1 + sum of 2 K_i i keeps it positive.
        """
        base = 1 + sum(2 * change * index for index, change in enumerate(self.problem.changes()))
        return tuple(base + index if sign else -base - index for index, sign in enumerate(solution))

    def decode(self, direction: Direction) -> Signs:
        """The signs, -1 for zeros."""
        return tuple(entry > 0 for entry in direction)


@dataclass(frozen=True)
class SignReduction(NetReduction[SignProblem, Signs]):
    """F = relu(h), a pure relu net of integers."""

    name: ClassVar[str] = "sign vectors to net with two hidden layers"
    takes: ClassVar[type] = SignProblem

    def inverse(self, program: Program, problem: SignProblem) -> SignInverse:
        return SignInverse(program, problem)

    def source(self, problem: SignProblem) -> dict[str, Any]:
        return problem.source()

    def net(self, problem: SignProblem) -> Program:
        penalties = []
        for index, change in enumerate(problem.changes()):
            if index:
                penalties += [AbsoluteTerm(((0, 1), (index, sign)), -change) for sign in (1, -1)]
                penalties += [AbsoluteTerm(((vertex, 1),), change) for vertex in (0, index)]
        return absolute_net(problem.inputs, collected((*problem.terms, *penalties)))
