"""Gates and constants of monotone circuits."""

from __future__ import annotations

from typing import NamedTuple

#: The literals that are always true, never true; ``-TRUE == FALSE``.
TRUE, FALSE = 1, -1


class Gate(NamedTuple):
    """A conjunction (or disjunction) of two circuit literals."""

    conjunction: bool
    left: int
    right: int
