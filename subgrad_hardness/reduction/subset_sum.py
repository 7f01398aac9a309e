"""Subset sum to two distinct subgradients at 0, by a net with two hidden layers and O(n) units.

Statement.  Has some subset S of the integers a_1, ..., a_n (by index; the empty set counts) the sum b?
Iff the net of ``partition`` for the numbers a_0 = sum_i a_i - 2 b, a_1, ..., a_n has two distinct
subgradients at 0: n + 1 inputs, at most 6 n + 4 units in the first layer and one in the second.

Proof.  Put s_i = s_0 for i in S, else s_i = -s_0.  Then s_0 sum_i s_i a_i = 2 sum over S of a_i - sum_i a_i, so that
s_0 (sum over i >= 0 of s_i a_i) = 2 (sum over S of a_i - b), which is 0 iff S has the sum b; and every sign
vector comes from one S.
Source: Karp 1972 (as knapsack) for the NP-completeness; the net is the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.partition import require_length, zero_sum
from subgrad_hardness.reduction.sign_search import SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.source import SourceProblem

#: For every number whether it is chosen.
Choice = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class SubsetSum(SourceProblem[Choice]):
    """Has a subset of the integers (negative ones and zeros allowed) the sum ``target``?"""

    numbers: tuple[int, ...]
    target: int

    def satisfied(self, choice: Choice, /) -> bool:
        """Whether the chosen ones have the sum; linear.  Raises NumbersError for a wrong length."""
        require_length(self.numbers, len(choice), "choice")
        return sum(number for number, chosen in zip(self.numbers, choice, strict=True) if chosen) == self.target

    def source(self) -> dict[str, Any]:
        return {"problem": "subset sum", "numbers": list(self.numbers), "target": self.target}


@dataclass(frozen=True)
class SubsetSumToSigns(Translation[SubsetSum, Choice, SignProblem, Signs]):
    """The chosen ones have the sign of x_0."""

    name: ClassVar[str] = "subset sum to sign vectors"
    takes: ClassVar[type] = SubsetSum

    def translate(self, problem: SubsetSum) -> SignProblem:
        return zero_sum((sum(problem.numbers) - 2 * problem.target, *problem.numbers))

    def forth(self, problem: SubsetSum, solution: Choice) -> Signs:
        return (True, *solution)

    def back(self, problem: SubsetSum, image: Signs) -> Choice:
        return tuple(sign is image[0] for sign in image[1:])


#: From ``SubsetSum`` to a net.
SUBSET_SUM = Composed(SubsetSumToSigns(), SignReduction())
