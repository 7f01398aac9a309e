"""Partition to two distinct subgradients at 0, by a net with two hidden layers and O(n) units.

Statement.  Can the integers a_1, ..., a_n be given signs so that their sum is 0?  Iff
    F(x) = relu(|x_1| - |sum_i a_i x_i| - sum over i >= 2 of |a_i| ||x_i| - |x_1||)
has two distinct subgradients at 0.

Proof.  f(x) = |x_1| - |sum_i a_i x_i| is at most 1 at sign vectors, where it is an integer, and it is
positive iff the signed sum is 0; ``sign_search`` does the rest, with K_i = |a_i| for i >= 2.  So the net has
at most 6 n units in its first layer and one in its second; the weights carry the hardness (with weights
bounded by a polynomial in n, dynamic programming decides partition in polynomial time).
Source: Karp 1972 for the NP-completeness of partition; the net is the project's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm
from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.sign_search import SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.source import SourceProblem


class NumbersError(InputError):
    """Signs or a choice that do not fit the numbers."""


@dataclass(frozen=True, slots=True)
class Partition(SourceProblem[Signs]):
    """Is there a sign for each of the integers (negative ones and zeros allowed) so that the sum is 0?"""

    numbers: tuple[int, ...]

    def satisfied(self, signs: Signs, /) -> bool:
        """Whether the signed sum is 0; linear.  Raises NumbersError for a wrong length."""
        return signed_sum(self.numbers, signs) == 0

    def source(self) -> dict[str, Any]:
        return {"problem": "partition", "numbers": list(self.numbers)}


def signed_sum(numbers: Sequence[int], signs: Signs) -> int:
    """The sum with these signs, True for +.  Raises NumbersError for a wrong length."""
    require_length(numbers, len(signs), "signs")
    return sum(number if sign else -number for number, sign in zip(numbers, signs, strict=True))


def require_length(numbers: Sequence[int], given: int, place: str) -> None:
    """Raise NumbersError unless there is one entry for each number."""
    if given != len(numbers):
        raise NumbersError(f"{count(given, 'entry', 'entries')}, expected {len(numbers)}", place=place)


def zero_sum(numbers: Sequence[int]) -> SignProblem:
    """f(x) = |x_0| - |sum_i numbers_i x_i|, over one input if there are no numbers."""
    form = tuple((index, number) for index, number in enumerate(numbers) if number)
    return SignProblem(max(1, len(numbers)), (AbsoluteTerm(((0, 1),), 1), AbsoluteTerm(form, -1)))


@dataclass(frozen=True)
class PartitionToSigns(Translation[Partition, Signs, SignProblem, Signs]):
    """The same signs; without numbers there is one sign that says nothing."""

    name: ClassVar[str] = "partition to sign vectors"
    takes: ClassVar[type] = Partition

    def translate(self, problem: Partition) -> SignProblem:
        return zero_sum(problem.numbers)

    def forth(self, problem: Partition, solution: Signs) -> Signs:
        return solution or (True,)

    def back(self, problem: Partition, image: Signs) -> Signs:
        return image[: len(problem.numbers)]


#: From ``Partition`` to a net.
PARTITION = Composed(PartitionToSigns(), SignReduction())
