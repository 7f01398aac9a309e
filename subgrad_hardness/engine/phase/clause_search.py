"""The solvers that have the phase engine's clauses: one for all questions, and one for a search that is long.

The goal that is asked about, and a question's constraints, are assumptions, so that the clauses speak of the net alone.
But every clause about a goal names it.  CaDiCaL does not simplify clauses by what is only assumed, and every clause
that it learns names the goal as well: random 3-SAT of 250 variables in three layers took it ten times as long as the
same clauses without the assumption.  So a search that one slice of conflicts does not end goes on in a solver of its
own, where the assumptions are clauses.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.solvers.sat import Cdcl


class ClauseSearch:
    """Clauses that only ever join, and models of them."""

    def __init__(self) -> None:
        self._clauses: list[list[int]] = []
        self._shared = Cdcl()
        self._own: tuple[tuple[int, ...], Cdcl] | None = None  # what is supposed, and the solver that knows it

    @property
    def long(self) -> bool:
        """Whether the last search has outlasted a slice, and found no contradiction yet."""
        return self._own is not None

    def add(self, clause: list[int]) -> None:
        """Add a clause, which every later model satisfies."""
        self._clauses.append(clause)
        self._shared.add(clause)
        if self._own is not None:
            self._own[1].add(clause)

    def model(self, literals: Sequence[int], limits: Limits) -> list[int] | None:
        """A model in which the ``literals`` are true (that of variable v at v - 1), or None if there is none.

        Raises
        ------
        LimitReached
            The next call with the same ``literals`` goes on from there.
        """
        supposed = tuple(literals)
        if self._own is not None and self._own[0] != supposed:
            self._own = None
        if self._own is None:
            limits.check()
            try:
                return self._shared.solve(limits, supposed, slices=1)
            except LimitReached:  # the slice is spent; if time is, too, the next call goes on from here
                self._own = supposed, self._supposing(supposed)
        model = self._own[1].solve(limits)
        if model is None:
            self._own = None
            self.add([-literal for literal in supposed])
        return model

    def _supposing(self, literals: tuple[int, ...]) -> Cdcl:
        """A solver with all clauses in which the literals are true.  They join first, so that they shorten the rest."""
        solver = Cdcl()
        for literal in literals:
            solver.add([literal])
        for clause in self._clauses:
            solver.add(clause)
        return solver
