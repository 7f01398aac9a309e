"""Gates and constants of monotone circuits over half-spaces."""

from __future__ import annotations

from typing import NamedTuple

#: The literal that is always true, and the one that never is; ``-TRUE == FALSE``.
TRUE, FALSE = 1, -1


class Gate(NamedTuple):
    """The conjunction of two circuit literals, or (``conjunction`` False) their disjunction."""

    conjunction: bool
    left: int
    right: int
