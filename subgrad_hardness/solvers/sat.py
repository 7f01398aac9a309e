"""CaDiCaL through python-sat, asked in slices so that limits and Ctrl-C are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from subgrad_hardness.common.limits import Limits

if TYPE_CHECKING:
    from pysat.solvers import Cadical195

# The solver is asked for this many conflicts at a time; a slice ends within about 0.2 s.
_CONFLICTS = 2000


def satisfiable(solver: Cadical195, limits: Limits, assumptions: Sequence[int] = ()) -> bool:
    """Whether all clauses can hold at once.  Raises LimitReached."""
    import pysolvers

    while True:
        limits.check()
        solver.conf_budget(_CONFLICTS)
        # Not by python-sat's own method: on Ctrl-C that jumps out of the solver's C++ frames, raises an error
        # of its own and leaves its handler behind.  The 0 leaves signals to Python, which sees them between slices.
        answer = pysolvers.cadical195_solve_lim(solver.cadical, assumptions, 0)
        if answer:
            return bool(answer > 0)


class Cdcl:
    """An incremental CDCL solver (conflict-driven clause learning), CaDiCaL: clauses only ever join it."""

    def __init__(self) -> None:
        from pysat.solvers import Cadical195

        self._solver = Cadical195()

    def add(self, clause: Iterable[int]) -> None:
        """Add a clause of nonzero integers, negative for negated variables."""
        self._solver.add_clause(list(clause))

    def solve(self, limits: Limits, assumptions: Sequence[int] = ()) -> list[int] | None:
        """A model (literal of variable v at v - 1), or None if there is none.  Raises LimitReached."""
        import pysolvers

        if not satisfiable(self._solver, limits, assumptions):
            return None
        model: list[int] | None = pysolvers.cadical195_model(self._solver.cadical)
        return model or []

    def __del__(self) -> None:
        self._solver.delete()
