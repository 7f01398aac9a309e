"""The verifier's own localisation, apart from ``local/`` on purpose: a program near its point, in integers (SPEC 1)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from operator import mul

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.program import Program


def _tangent(program: Program) -> Lowered:
    """The program near its point, its smooth operations replaced by tangents.  Raises Rejected at a pole."""
    try:
        return program.tangent
    except NetError as pole:
        if program.piecewise_linear:
            raise
        raise Rejected(f"the net has no derivative at the point: {pole}") from None


class Localised:
    """The program near its point in integers: node i stands for ``scale[i]`` > 0 times its derivative.

    Relus commute with positive scaling, so branches, equality of Jacobian rows and the signs of their
    entries can all be read off the scaled integers.
    """

    def __init__(self, program: Program) -> None:
        lowered = _tangent(program)
        self.size = program.input_count
        self.outputs = tuple(dict.fromkeys(lowered.outputs))  # an output that stands twice says nothing more
        self.nodes = lowered.nodes
        self.factors: list[Sequence[int]] = []  # a row's coefficients times these fit its scaled arguments; empty: ones
        self.fixed: dict[int, bool] = {}  # relu node -> passes, where its preactivation is not 0
        self.kinks: dict[int, int] = {}  # relu node -> what it reads, where that is 0
        self.straight: dict[int, dict[int, int]] = {}  # gradients of nodes that rest on no kink, as far as asked for
        numerators, _ = node_values(lowered, program.point)
        scales = [1] * self.size
        read: tuple[int, ...] | None = None  # by the last row; many rows may share these, one object
        for index, node in enumerate(self.nodes, start=self.size):
            if isinstance(node, Relu):
                if numerators[node.argument]:
                    self.fixed[index] = numerators[node.argument] > 0
                else:
                    self.kinks[index] = node.argument
                self.factors.append(())
                scales.append(scales[node.argument])
                continue
            if node.arguments is not read:
                read, below = node.arguments, [scales[argument] for argument in node.arguments]
                common = math.lcm(*set(below))
                factors = [common // scale for scale in below] if len(set(below)) > 1 else ()
            self.factors.append(factors)
            scales.append(node.denominator * common)
        self.scales = {output: scales[output] for output in self.outputs}

    @cached_property
    def ways(self) -> tuple[list[bool], list[bool]]:
        """Of each node whether a way leads there from an input through relus that may pass, and whether such a one
        through a kink.  Without the first it is constant near the point, without the second affine."""
        moving, bent = [True] * self.size, [False] * self.size
        for index, node in enumerate(self.nodes, start=self.size):
            read = (node.argument,) if isinstance(node, Relu) else node.arguments
            moving.append(self.fixed.get(index, True) and any(map(moving.__getitem__, read)))
            bent.append(moving[index] and (index in self.kinks or any(map(bent.__getitem__, read))))
        return moving, bent

    def branches(self, matrix: DirectionMatrix) -> dict[int, bool]:
        """Which relus pass on the cell that M enters: the lexicographic rule."""
        passing = dict(self.fixed)
        for direction in matrix.leading:
            common = math.lcm(*(entry.denominator for entry in direction))
            self._push([entry.numerator * (common // entry.denominator) for entry in direction], passing)
        self._resolve(matrix, passing)
        return passing

    def _push(self, values: list[int], passing: dict[int, bool]) -> None:
        """One direction through the local net; a kink's branch is the sign of its first nonzero value."""
        for index, (node, factors) in enumerate(zip(self.nodes, self.factors, strict=True), start=self.size):
            if isinstance(node, Relu):
                value = values[node.argument]
                if value and index not in passing:
                    passing[index] = value > 0
                values.append(value if passing.get(index, False) else 0)
            else:
                seen = map(mul, map(values.__getitem__, node.arguments), factors or repeat(1))
                values.append(sum(map(mul, node.coefficients, seen)))

    def _resolve(self, matrix: DirectionMatrix, passing: dict[int, bool]) -> None:
        """Kinks on which all leading directions are 0: their row r decides by its first nonzero r . e_j.

        In topological order, so a row depends on resolved branches only.  A zero row is 0 for every
        later direction too (M is nonsingular): the kink blocks, and any branch gives the same Jacobian.
        """
        nonzero = [True] * self.size  # False: the row is zero because all its arguments' rows are
        branches: dict[int, bool] = {}  # of kinks by what they read
        places = {unit: place for place, unit in enumerate(matrix.complete)}
        for index, node in enumerate(self.nodes, start=self.size):
            if not isinstance(node, Relu):
                nonzero.append(any(map(nonzero.__getitem__, node.arguments)))
                continue
            if index not in passing:
                if node.argument not in branches:
                    row = self.gradient(node.argument, passing) if nonzero[node.argument] else {}
                    first = min(((places[unit], entry) for unit, entry in row.items() if unit in places), default=None)
                    branches[node.argument] = first is not None and first[1] > 0
                passing[index] = branches[node.argument]
            nonzero.append(passing[index] and nonzero[node.argument])

    def gradient(self, target: int, passing: Mapping[int, bool]) -> dict[int, int]:
        """The nonzero entries of the (scaled) gradient of one node in the inputs under the chosen branches, or slopes.

        A backward pass over what the node rests on, and nothing else.  It stops at relus without a branch, which
        are variables then.
        """
        result: dict[int, int] = {}
        adjoint = {target: 1}
        heap = [-target] if target >= self.size else []
        while heap:
            index = -heapq.heappop(heap)
            weight, node = adjoint.pop(index), self.nodes[index - self.size]
            if not weight:
                continue
            terms: Iterable[tuple[int, int]] = ()
            if not isinstance(node, Relu):
                coefficients = map(mul, node.coefficients, self.factors[index - self.size] or repeat(1))
                terms = zip(node.arguments, coefficients, strict=True)
            elif index not in passing:
                result[index] = weight
            elif passing[index]:
                terms = ((node.argument, passing[index]),)
            for argument, coefficient in terms:
                if argument not in adjoint:
                    adjoint[argument] = 0
                    if argument >= self.size:
                        heapq.heappush(heap, -argument)
                adjoint[argument] += weight * coefficient
        return {variable: entry for variable, entry in (*adjoint.items(), *result.items()) if entry}
