"""The verifier's own localisation, apart from ``local/`` on purpose: a program near its point, in integers (SPEC 1)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from operator import mul

from subgrad_hardness.certificate.format import DirectionMatrix
from subgrad_hardness.net.evaluation import node_values
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program


class Localised:
    """The program near its point in integers: node i stands for ``scale[i]`` > 0 times its derivative.

    Relus commute with positive scaling, so branches, equality of Jacobian rows and the signs of their
    entries can all be read off the scaled integers.
    """

    def __init__(self, program: Program) -> None:
        lowered = program.lowered
        self.size = program.input_count
        self.outputs = tuple(dict.fromkeys(lowered.outputs))  # an output that stands twice says nothing more
        #: Of each node: a relu's argument, or the (argument, coefficient) pairs of a scaled row.
        self.nodes: list[int | tuple[tuple[int, ...], tuple[int, ...]]] = []
        self.fixed: dict[int, bool] = {}  # relu node -> passes, where its preactivation is not 0
        numerators, _ = node_values(lowered, program.point)
        scales = [1] * self.size
        for index, node in enumerate(lowered.nodes, start=self.size):
            if isinstance(node, Relu):
                if numerators[node.argument]:
                    self.fixed[index] = numerators[node.argument] > 0
                self.nodes.append(node.argument)
                scales.append(scales[node.argument])
                continue
            common = math.lcm(*{scales[argument] for argument in node.arguments})
            coefficients = [
                coefficient * (common // scales[argument])
                for argument, coefficient in zip(node.arguments, node.coefficients, strict=True)
            ]
            self.nodes.append((node.arguments, tuple(coefficients)))
            scales.append(node.denominator * common)
        self.scales = {output: scales[output] for output in self.outputs}

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
        for index, node in enumerate(self.nodes, start=self.size):
            if isinstance(node, int):
                value = values[node]
                if value and index not in passing:
                    passing[index] = value > 0
                values.append(value if passing.get(index, False) else 0)
            else:
                arguments, coefficients = node
                values.append(sum(map(mul, coefficients, map(values.__getitem__, arguments))))

    def _resolve(self, matrix: DirectionMatrix, passing: dict[int, bool]) -> None:
        """Kinks on which all leading directions are 0: their row r decides by its first nonzero r . e_j.

        In topological order, so a row depends on resolved branches only.  A zero row is 0 for every
        later direction too (M is nonsingular): the kink blocks, and any branch gives the same Jacobian.
        """
        nonzero = [True] * self.size  # False: the row is zero because all its arguments' rows are
        branches: dict[int, bool] = {}  # of kinks by what they read
        places = {unit: place for place, unit in enumerate(matrix.complete)}
        for index, node in enumerate(self.nodes, start=self.size):
            if not isinstance(node, int):
                nonzero.append(any(nonzero[argument] for argument in node[0]))
                continue
            if index not in passing:
                if node not in branches:
                    row = self.gradient(node, passing) if nonzero[node] else {}
                    first = min(((places[unit], entry) for unit, entry in row.items() if unit in places), default=None)
                    branches[node] = first is not None and first[1] > 0
                passing[index] = branches[node]
            nonzero.append(passing[index] and nonzero[node])

    def gradient(self, target: int, passing: Mapping[int, bool]) -> dict[int, int]:
        """The nonzero entries of the (scaled) gradient of one node in the inputs under the chosen branches.

        A backward pass over what the node rests on, and nothing else.  It stops at relus without a branch, which
        are variables then.
        """
        if target < self.size:
            return {target: 1}
        result: dict[int, int] = {}
        adjoint = {target: 1}
        heap = [-target]
        while heap:
            index = -heapq.heappop(heap)
            weight, node = adjoint.pop(index), self.nodes[index - self.size]
            if not weight:
                continue
            if not isinstance(node, int):
                terms: Iterable[tuple[int, int]] = zip(*node, strict=True)
            elif index in passing:
                terms = ((node, 1),) if passing[index] else ()
            else:
                result[index] = weight
                continue
            for argument, coefficient in terms:
                if argument < self.size:
                    result[argument] = result.get(argument, 0) + weight * coefficient
                    continue
                if argument not in adjoint:
                    adjoint[argument] = 0
                    heapq.heappush(heap, -argument)
                adjoint[argument] += weight * coefficient
        return {variable: entry for variable, entry in result.items() if entry}
