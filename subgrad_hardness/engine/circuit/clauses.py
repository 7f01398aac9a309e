"""A monotone circuit as clauses, as few and as wide as they come.

One direction suffices in a monotone circuit (Plaisted and Greenbaum 1986): a gate that is true makes
its children true, and nothing has to be said of gates that are false.  A gate that is used once, by a gate of the same
kind, is folded into that gate, and so is a narrow gate wherever it is used; a conjunction that must hold becomes
several clauses.  So the circuit of a min-max net of a CNF formula is that formula, clause by clause, and the solver
has no more work with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from subgrad_hardness.engine.circuit.gate import Gate

#: A gate with at most 4 members is written out wherever it is used rather than named by a variable: the longer clauses
#: cost the solver less than the variable would.
_NARROW = 4


def clausal(gates: Mapping[int, Gate], roots: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Clauses that say: one of ``roots`` is true, and whatever its truth needs.

    Gates have larger numbers than their children; literals that are no gates are leaves, of either
    sign.  Linear in the gates that matter.
    """
    return _Clausal(gates, roots).clauses(roots)


class _Clausal:
    """The gates below some roots: how often each is used, how wide it is, and which have clauses already."""

    def __init__(self, gates: Mapping[int, Gate], roots: Sequence[int]) -> None:
        self.gates = gates
        self.uses: dict[int, int] = dict.fromkeys(roots, 1)
        self.defined: set[int] = set()
        self.pending: list[int] = []
        self.width: dict[int, int] = {}  # the members of a gate whose children of its kind are written out
        stack = [root for root in roots if root in gates]
        found = set(stack)
        order = []
        while stack:
            literal = stack.pop()
            order.append(literal)
            gate = gates[literal]
            for child in (gate.left, gate.right):
                self.uses[child] = self.uses.get(child, 0) + 1
                if child in gates and child not in found:
                    found.add(child)
                    stack.append(child)
        for literal in sorted(order):  # children have smaller numbers
            gate = gates[literal]
            self.width[literal] = sum(
                self.width[child] if child in gates and gates[child].conjunction == gate.conjunction else 1
                for child in (gate.left, gate.right)
            )

    def clauses(self, roots: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """The clause that one root is true, and then what each gate that a clause names says."""
        if len(roots) == 1:
            yield from self._implied((), roots[0])
        else:
            yield from self._disjunction((), self._members(roots, False))
        while self.pending:
            gate = self.pending.pop()
            yield from self._implied((-gate,), gate)

    def _open(self, gate: int) -> bool:
        """Whether the gate is written out where it is used."""
        return self.uses[gate] == 1 or self.width[gate] <= _NARROW

    def _implied(self, given: tuple[int, ...], literal: int) -> Iterator[tuple[int, ...]]:
        """Clauses that say: one of ``given`` is true, or what the truth of ``literal`` needs is."""
        gate = self.gates.get(literal)
        if gate is None:
            yield (*given, literal)
        elif gate.conjunction:
            for member in self._members((gate.left, gate.right), True):
                inner = self.gates.get(member)
                if inner is not None and not inner.conjunction and self._open(member):
                    yield from self._disjunction(given, self._members((inner.left, inner.right), False))
                else:
                    yield from self._disjunction(given, [member])
        else:
            yield from self._disjunction(given, self._members((gate.left, gate.right), False))

    def _disjunction(self, given: tuple[int, ...], members: list[int]) -> Iterator[tuple[int, ...]]:
        """The clause of all these literals, unless it is always true; gates among the members get clauses, too."""
        clause = dict.fromkeys((*given, *members))
        for member in members:
            if member in self.gates and member not in self.defined:
                self.defined.add(member)
                self.pending.append(member)
        if not any(-literal in clause for literal in clause):
            yield tuple(clause)

    def _members(self, literals: Sequence[int], conjunction: bool) -> list[int]:
        """The literals from left to right; gates of this kind that are written out are replaced by their members."""
        result, stack = [], list(reversed(literals))
        while stack:
            literal = stack.pop()
            gate = self.gates.get(literal)
            if gate is not None and gate.conjunction == conjunction and self._open(literal):
                stack += (gate.right, gate.left)
            else:
                result.append(literal)
        return result
