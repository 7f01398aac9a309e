"""CaDiCaL through python-sat, asked in slices so that limits and Ctrl-C are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subgrad_hardness.limits import Limits

# The solver is asked for this many conflicts at a time; a slice ends within about 0.2 s.
_CONFLICTS = 2000


class Cdcl:
    """An incremental SAT solver: clauses only ever join it."""

    def __init__(self) -> None:
        from pysat.solvers import Cadical195

        self._solver = Cadical195()

    def add(self, clause: Iterable[int]) -> None:
        """Add a clause of nonzero integers, negative for negated variables."""
        self._solver.add_clause(list(clause))

    def solve(self, limits: Limits, assumptions: Sequence[int] = ()) -> list[int] | None:
        """A model (literal of variable v at v - 1), or None if there is none.  Raises LimitReached."""
        answer = None
        while answer is None:
            limits.check()
            self._solver.conf_budget(_CONFLICTS)
            answer = self._solver.solve_limited(assumptions=list(assumptions))
        if not answer:
            return None
        model: list[int] = self._solver.get_model()
        return model

    def __del__(self) -> None:
        self._solver.delete()
