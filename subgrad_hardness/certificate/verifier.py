"""The independent verifier: decides whether a certificate proves its claim about a net (SPEC 4).

It stands on the standard library and ``net/`` alone and does its own localisation, deliberately: an
error in the engines, in ``local/`` or in ``derivative/`` cannot make it accept.  All arithmetic is
exact; nothing in a certificate is believed that is not recomputed here.
"""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul

from subgrad_hardness.certificate.format import Certificate, DirectionMatrix
from subgrad_hardness.net.evaluation import node_values
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program


class Rejected(Exception):
    """The certificate is readable but proves nothing about this net; the message says why."""


def verify_certificate(program: Program, certificate: Certificate) -> str:
    """The verdict that ``certificate`` proves for ``program`` at its point.

    Raises Rejected, with the reason.  Costs a forward pass a leading direction, a backward pass an
    output and an unresolved kink, and a k x k determinant.
    """
    if certificate.kind != "distinct" or len(certificate.directions) != 2:
        raise Rejected("a certificate claims distinct and has two direction matrices")
    if certificate.digest != program.digest:
        raise Rejected("the certificate is for another net or another point (the digests differ)")
    for number, matrix in enumerate(certificate.directions):
        _require_nonsingular(matrix, program.input_count, f"directions[{number}]")
    localised = _Localised(program)
    first, second = (localised.branches(matrix) for matrix in certificate.directions)
    if all(localised.gradient(output, first) == localised.gradient(output, second) for output in localised.outputs):
        raise Rejected("the two direction matrices give the same Jacobian")
    return certificate.kind


def _require_nonsingular(matrix: DirectionMatrix, size: int, place: str) -> None:
    """M is p x p and nonsingular: the minor of its leading columns on the rows that no unit vector covers."""
    for number, column in enumerate(matrix.leading):
        if len(column) != size:
            raise Rejected(f"{place}.leading[{number}] has {len(column)} entries, the net has {size} inputs")
    for index in matrix.complete:
        if not 0 <= index < size:
            raise Rejected(f"{place}.complete names input {index}, the net has {size} inputs")
    if len(set(matrix.complete)) != len(matrix.complete):
        raise Rejected(f"{place}.complete names an input twice, so the matrix is singular")
    if len(matrix.leading) + len(matrix.complete) != size:
        raise Rejected(f"{place} has {len(matrix.leading) + len(matrix.complete)} columns, the net has {size} inputs")
    covered = set(matrix.complete)
    free = [index for index in range(size) if index not in covered]
    if not _has_full_rank([[column[index] for index in free] for column in matrix.leading]):
        raise Rejected(f"{place} is singular")


def _has_full_rank(rows: list[list[Fraction]]) -> bool:
    """Whether a square matrix is nonsingular, by exact elimination."""
    for step in range(len(rows)):
        pivot = next((index for index in range(step, len(rows)) if rows[index][step]), None)
        if pivot is None:
            return False
        rows[step], rows[pivot] = rows[pivot], rows[step]
        for index in range(step + 1, len(rows)):
            factor = rows[index][step] / rows[step][step]
            if factor:
                rows[index] = [x - factor * y for x, y in zip(rows[index], rows[step], strict=True)]
    return True


class _Localised:
    """The program near its point in integers: node i stands for ``scale[i]`` > 0 times its derivative.

    Relus commute with positive scaling, so branches, equality of Jacobian rows and the signs of their
    entries can all be read off the scaled integers.
    """

    def __init__(self, program: Program) -> None:
        lowered = program.lowered
        self.size = program.input_count
        self.outputs = lowered.outputs
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

    def branches(self, matrix: DirectionMatrix) -> dict[int, bool]:
        """Which relus pass on the cell that M enters: the lexicographic rule."""
        passing = dict(self.fixed)
        for direction in matrix.leading:
            common = math.lcm(*(entry.denominator for entry in direction))
            self._push([entry.numerator * (common // entry.denominator) for entry in direction], passing)
        self._resolve(matrix, passing)
        return passing

    def _push(self, direction: list[int], passing: dict[int, bool]) -> None:
        """One direction through the local net; a kink's branch is the sign of its first nonzero value."""
        values = direction
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
        for index, node in enumerate(self.nodes, start=self.size):
            if not isinstance(node, int):
                nonzero.append(any(nonzero[argument] for argument in node[0]))
                continue
            if index not in passing:
                row = self.gradient(node, passing) if nonzero[node] else [0] * self.size
                passing[index] = next((row[unit] for unit in matrix.complete if row[unit]), 0) > 0
            nonzero.append(passing[index] and nonzero[node])

    def gradient(self, target: int, passing: dict[int, bool]) -> list[int]:
        """The (scaled) gradient of one node in the inputs under the chosen branches, backwards."""
        adjoint = [0] * max(target + 1, self.size)
        adjoint[target] = 1
        for index in range(target, self.size - 1, -1):
            weight = adjoint[index]
            if not weight:
                continue
            node = self.nodes[index - self.size]
            if isinstance(node, int):
                if passing[index]:
                    adjoint[node] += weight
                continue
            for argument, coefficient in zip(*node, strict=True):
                adjoint[argument] += weight * coefficient
        return adjoint[: self.size]
