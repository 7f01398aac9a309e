"""CaDiCaL through python-sat, asked in slices so that limits and Ctrl-C are seen.

Through python-sat's compiled module alone: its Python face takes several times longer to load than a small question
to answer, and cannot be interrupted (see ``Cdcl.satisfiable``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from subgrad_hardness.common.limits import LimitReached, Limits

# The solver is asked for this many conflicts at a time; a slice ends within about 0.2 s.
SLICE = 2000


class ConflictsSpent(LimitReached):
    """More conflicts than the caller wanted to spend."""


class Cdcl:
    """An incremental CDCL solver (conflict-driven clause learning), CaDiCaL: clauses only ever join it."""

    def __init__(self) -> None:
        import pysolvers

        self._library: Any = pysolvers
        self._solver: Any = pysolvers.cadical195_new()

    def __enter__(self) -> Cdcl:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Free the solver's memory, and end its proof; nothing may be asked afterwards."""
        if getattr(self, "_solver", None) is not None:
            self._library.cadical195_del(self._solver, None)
            self._solver = None

    @property
    def conflicts(self) -> int:
        """How many it met so far."""
        return int(self._library.cadical195_acc_stats(self._solver)["conflicts"])

    def trace(self, file: IO[bytes]) -> Callable[[], None]:
        """Write an LRAT proof in text to ``file``, which outlives the solver; before the first clause.

        Returns a function that writes out what is known so far.
        """
        self._library.cadical195_set(self._solver, "lrat", 1)
        self._library.cadical195_set(self._solver, "binary", 0)
        stream = self._library.cadical195_tracepr(self._solver, file)
        return lambda: self._library.flushpr(stream)

    def add(self, clause: Iterable[int]) -> None:
        """Add a clause of nonzero integers, negative for negated variables."""
        self._library.cadical195_add_cl(self._solver, list(clause))

    def satisfiable(self, limits: Limits, assumptions: Sequence[int] = (), slices: int | None = None) -> bool:
        """Whether all clauses can hold at once.

        Raises LimitReached, and ConflictsSpent after so many ``slices`` of ``SLICE`` conflicts.
        """
        while True:
            limits.check()
            if slices is not None:
                if not slices:
                    raise ConflictsSpent("more conflicts than were to be spent")
                slices -= 1
            self._library.cadical195_cbudget(self._solver, SLICE)
            # Not by python-sat's own method: on Ctrl-C that jumps out of the solver's C++ frames, raises an error
            # of its own and leaves its handler behind.  The 0 leaves signals to Python, which sees them between slices.
            answer = self._library.cadical195_solve_lim(self._solver, assumptions, 0)
            if answer:
                return bool(answer > 0)

    def solve(self, limits: Limits, assumptions: Sequence[int] = (), slices: int | None = None) -> list[int] | None:
        """A model (literal of variable v at v - 1), or None if there is none.  As ``satisfiable``."""
        if not self.satisfiable(limits, assumptions, slices):
            return None
        model: list[int] | None = self._library.cadical195_model(self._solver)
        return model or []
