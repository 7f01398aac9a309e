"""What a net's provenance says of its verdict: nothing, or what is known of the source problem, and how.

Source problems that are small enough are solved at generation: formulas by CaDiCaL, sums of numbers by enumeration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.solvers.sat import Cdcl

#: Sets of subset sums are enumerated up to this size (under a second).
MOST_SUMS = 2**19


def unknown() -> dict[str, Any]:
    """What provenance says where nobody knows the verdict."""
    return {"verdict": None, "known_by": None}


def known(solvable: bool, known_by: str) -> dict[str, Any]:
    """The verdict of a source problem that was solved."""
    return {"verdict": "distinct" if solvable else "unique", "known_by": known_by}


def by_cadical(formula: Cnf) -> dict[str, Any]:
    """The verdict of a formula that has a model iff the net has two subgradients; exponential at worst."""
    solver = Cdcl()
    for clause in formula.clauses:
        solver.add(clause)
    solvable = solver.solve(Limits()) is not None
    return known(solvable, f"CaDiCaL: the source problem {'has a' if solvable else 'has no'} solution")


def has_subset_sum(numbers: Sequence[int], target: int) -> bool | None:
    """Whether a subset has that sum, by the sums of both halves; None where they are too many.

    The positive numbers have at most min(2^h, total) sums in a half with h of them.
    """
    half = (len(numbers) + 1) // 2
    first, second = numbers[:half], numbers[half:]
    if any(min(1 << len(part), 1 + sum(map(abs, part))) > MOST_SUMS for part in (first, second)):
        return None
    sums = _sums(second)
    return any(target - entry in sums for entry in _sums(first))


def _sums(numbers: Sequence[int]) -> set[int]:
    sums = {0}
    for number in numbers:
        sums |= {entry + number for entry in sums}
    return sums
