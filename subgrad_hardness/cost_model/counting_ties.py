"""Counts of what looks at ties: branch locking, and two elements of the conservative gradient.

Which branch a tie takes is found out with numbers: the tangents of the probe, exactly, decide as they do in
``lexicographic``; whether the two elements are equal is seen by two sweeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.cost_model.compact import MINUS, PLUS, PRODUCT, CompactNode, RowNode, Rows
from subgrad_hardness.cost_model.counting import Branches, Passes, Tangents
from subgrad_hardness.cost_model.local_counts import Adjoint, Outcomes
from subgrad_hardness.cost_model.primitives import Value, problem_of
from subgrad_hardness.cost_model.reverse_counts import reverse
from subgrad_hardness.cost_model.row_counts import row_push
from subgrad_hardness.cost_model.weights import Counts
from subgrad_hardness.cost_model.written_counts import Counted

_ZERO, _LIVE, _STILL = Fraction(0), Adjoint(1), Adjoint(known=Fraction(0))


def counted_two(passes: Passes) -> Counted:
    """Of ``lexicographic.two_elements``.  Raises LimitReached."""
    outcomes = passes.values.outcomes
    ties = sum(each.count(0) for each in outcomes if each)
    first = Branches(outcomes)
    second = Branches([each and tuple([outcome or 1 for outcome in each]) for each in outcomes])
    outputs = passes.program.outputs
    found = reverse(passes, [(output, branches) for branches in (first, second) for output in outputs])
    require_slopes(passes)
    same = not ties or all(gradient(passes, output, first) == gradient(passes, output, second) for output in outputs)
    return Counted(found.once, found.stored, ties, same)


def require_slopes(passes: Passes) -> None:
    """Raises PointError where an adjoint is divided by 0, as at the root of 0."""
    if any(node.local is not None and node.local.divides for node in passes.program.nodes):
        for output in passes.program.outputs:
            gradient(passes, output, Branches(passes.values.outcomes))


def counted_locking(passes: Passes, direction: Sequence[Value]) -> Counted:
    """Of ``lexicographic.branch_locking`` along one direction.  Raises PointError, LimitReached."""
    probe = _Probe(passes, direction)
    program, branches = passes.program, probe.found.branches
    require_slopes(passes)
    found = reverse(passes, [(output, branches) for output in program.outputs], probe.found, probe.read)
    kept = {probe.names[output] for output in program.outputs}
    stored = sum(isinstance(name, int) and name >= program.inputs for name in kept)
    counts = found.once.plus(found.each).plus(Counts(cmp=probe.comparisons))
    return Counted(counts, found.stored + stored, probe.ties)


class _Probe:
    """The tangents along a direction, and the ties that they settle.

    Attributes
    ----------
    names : which tangents are one and the same: a slot, or a constant.
    outcomes : by node, after settling.
    read : slots whose tangents were compared; ``comparisons`` so often.
    ties : those that are left.
    """

    def __init__(self, passes: Passes, direction: Sequence[Value]) -> None:
        self.passes = passes
        first = passes.program.inputs
        self.tangents: list[Value] = [_ZERO] * first
        self.names: list[object] = ["still"] * first
        for slot, entry in zip(passes.wrt, direction, strict=True):
            self.tangents[slot], self.names[slot] = entry, slot
        self.outcomes: list[Outcomes] = []
        self.read: list[int] = []
        self.comparisons = self.ties = 0
        rows = Rows(self.tangents)
        states = [_LIVE if live else _STILL for live in passes.live]
        #: The tangents as they are written.
        self.found = Tangents(states, self.names, Branches(self.outcomes), True)
        for slot, node in enumerate(passes.program.nodes, first):
            passes.limits.check()
            self.outcomes.append(self._settled(slot, node))
            if not passes.live[slot]:
                self.tangents.append(_ZERO)
                self.names.append("still")
            elif node.row is not None:
                alias = row_push(node.row, states, True)[2]
                self.tangents.append(self._row(node.row, rows))
                self.names.append(slot if alias is None else self.names[alias])
            else:
                self._operation(slot, node)

    def _settled(self, slot: int, node: CompactNode) -> Outcomes:
        outcomes = list(self.passes.values.outcomes[slot - self.passes.program.inputs] or ())
        for number, outcome in enumerate(outcomes):
            if outcome or node.local is None:
                continue
            places = node.local.sides(number, outcomes, node.name)
            sides = [place if place is None else node.arguments[place] for place in places]
            one, other = ["still" if side is None else self.names[side] for side in sides]
            if one != other:
                self.comparisons += 1
                self.read += [side for side in sides if side is not None]
                left, right = [_ZERO if side is None else self.tangents[side] for side in sides]
                outcomes[number] = (left > right) - (left < right)
            self.ties += not outcomes[number] and slot not in self.passes.program.guards
        return tuple(outcomes)

    def _row(self, row: RowNode, rows: Rows) -> Value:
        if not row.weights:
            return rows.value(row._replace(constant=None))
        numbers = self.passes.values.numbers
        total = sum((self.tangents[slot] for slot in row.slots[len(row.weights) :]), _ZERO)
        for weight, slot in zip(row.weights, row.slots, strict=False):
            total += self.tangents[weight] * numbers[slot] + numbers[weight] * self.tangents[slot]
        return total

    def _operation(self, slot: int, node: CompactNode) -> None:
        assert node.local is not None
        case = self.found.case(self.passes, slot)
        numbers = [self.passes.values.numbers[argument] for argument in node.arguments]
        tangents = [self.tangents[argument] for argument in node.arguments]
        try:
            self.tangents.append(node.local.pushed(numbers, tangents, case.outcomes, case.outer))
        except (ArithmeticError, ValueError) as error:
            raise PointError(problem_of(error, node.operation), place=node.name) from None
        state, source = node.local.found(case).tangent
        if state.known is not None:
            self.names.append(("constant", state.known))
        else:
            same = source is not None and source[0] == "d"
            self.names.append(self.names[node.arguments[source[1]]] if source is not None and same else slot)


def gradient(passes: Passes, output: int, branches: Branches) -> list[Value]:
    """The slopes of one output along these branches, in numbers."""
    numbers, first = passes.values.numbers, passes.program.inputs
    adjoints: list[Any] = [0] * len(passes.live)
    adjoints[output] = 1
    for slot in range(len(passes.live) - 1, first - 1, -1):
        w, node = adjoints[slot], passes.program.nodes[slot - first]
        if not w or not passes.live[slot]:
            continue
        passes.limits.check()
        if node.row is not None:
            _sweep_row(node.row, adjoints, numbers, w)
        elif node.local is not None:
            assert branches.outcomes is not None
            arguments = [numbers[argument] for argument in node.arguments]
            outcomes = branches.outcomes[slot - first]
            try:
                found = node.local.pulled(arguments, w, outcomes, passes.outer(node, branches))
            except (ArithmeticError, ValueError) as error:
                raise PointError(problem_of(error, node.operation), place=node.name) from None
            for argument, increment in zip(node.arguments, found, strict=True):
                adjoints[argument] += increment
    return [adjoints[slot] for slot in passes.wrt]


def _sweep_row(row: RowNode, adjoints: list[Any], numbers: Sequence[Value], w: Any) -> None:
    for place, (slot, code) in enumerate(zip(row.slots, row.codes, strict=True)):
        if code == PLUS:
            adjoints[slot] += w
        elif code == MINUS:
            adjoints[slot] -= w
        elif code == PRODUCT:
            weight = row.weights[place]
            adjoints[weight] += w * numbers[slot]
            adjoints[slot] += w * numbers[weight]
        else:
            adjoints[slot] += w * row.numbers[place]
