"""Unsatisfiability proofs with hints, from CaDiCaL's LRAT output, trimmed to what the empty clause needs."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Sequence
from typing import IO, NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.solvers.sat import Cdcl


class NoProof(Exception):
    """There is no proof of the form that is wanted; the message says why."""


class Step(NamedTuple):
    """A clause that follows by unit propagation from the clauses ``hints``, in this order."""

    clause: Sequence[int]
    hints: Sequence[int]


def refute(clauses: Sequence[Sequence[int]], limits: Limits) -> dict[int, Step]:
    """Steps that derive the empty clause, by numbers: hints below ``len(clauses)`` are given clauses.

    Derived numbers are larger and grow.  Only steps that the empty clause rests on.  No clause may be
    empty or hold a literal and its negation.

    Raises NoProof for satisfiable clauses, LimitReached.  As long as a run of the solver, and linear in
    its proof.
    """
    import tempfile

    with tempfile.TemporaryFile() as file, Cdcl() as solver:
        trace = _Trace(file, solver.trace(file))
        given: dict[int, int] = {}  # the solver's number -> ours
        wide = [number for number, clause in enumerate(clauses) if len(clause) > 1]
        units = [number for number, clause in enumerate(clauses) if len(clause) == 1]
        for number in (*wide, *units):
            if len(given) > len(wide):  # a unit was added: the solver may have derived and numbered clauses
                trace.read()
            trace.last += 1
            given[trace.last] = number
            solver.add(clauses[number])
        if solver.satisfiable(limits):
            raise NoProof("the rules and lemmas do not refute the goals")
        trace.read(limits)
        return _trimmed(trace, given, len(clauses), limits)


class _Trace:
    """The solver's output so far; ``last`` is the largest number in use."""

    def __init__(self, file: IO[bytes], flush: Callable[[], None]) -> None:
        self.lines: dict[int, bytes] = {}  # as the solver wrote them, a sixth of what their numbers take
        self.last = 0
        self.empty: int | None = None
        self._descriptor = file.fileno()
        self._flush = flush
        self._position = 0

    def read(self, limits: Limits | None = None) -> None:
        """Take in what is new, up to the empty clause.  The solver's place in the file stays as it is."""
        self._flush()
        rest = b""
        while piece := os.pread(self._descriptor, 1 << 20, self._position):
            if limits is not None:
                limits.check()
            self._position += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self._take(line)
        self._position -= len(rest)

    def _take(self, line: bytes) -> None:
        number, _, said = line.partition(b" ")
        if self.empty is not None or not number or said.startswith(b"d"):  # deletions have nothing to do with hints
            return
        self.last = max(self.last, int(number))
        self.lines[int(number)] = said
        if said.startswith(b"0 "):
            self.empty = int(number)

    def step(self, number: int) -> Step:
        """The solver's step, by the solver's numbers.  Raises NoProof."""
        if number not in self.lines:
            raise NoProof("the solver's proof goes beyond unit propagation")
        numbers = array("q", map(int, self.lines[number].split()))
        end = numbers.index(0)
        if min(numbers[end + 1 :]) < 0:
            raise NoProof("the solver's proof goes beyond unit propagation")
        return Step(numbers[:end], numbers[end + 1 : -1])


def _trimmed(trace: _Trace, given: dict[int, int], count: int, limits: Limits) -> dict[int, Step]:
    if trace.empty is None:
        raise NoProof("the solver's proof has no empty clause")
    needed: dict[int, Step] = {}
    stack = [trace.empty]
    while stack:
        limits.check()
        number = stack.pop()
        if number in given or number in needed:
            continue
        needed[number] = trace.step(number)
        stack += needed[number].hints
    names = given | {number: count + place for place, number in enumerate(sorted(needed))}
    return {
        names[number]: Step(needed[number].clause, array("q", map(names.__getitem__, needed[number].hints)))
        for number in sorted(needed)
    }
