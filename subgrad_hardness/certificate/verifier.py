"""The independent verifier: decides whether a certificate proves its claim about a net (SPEC 4).

It stands on the standard library and ``net/`` alone and does its own localisation, deliberately: an
error in the engines, in ``local/`` or in ``derivative/`` cannot make it accept.  All arithmetic is
exact; nothing in a certificate is believed that is not recomputed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import Any

from subgrad_hardness.certificate.format import Certificate, DirectionMatrix
from subgrad_hardness.net.evaluation import node_values
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program

Rational = int | Fraction


class Rejected(Exception):
    """The certificate is readable but proves nothing about this net; the message says why."""


def verify_certificate(program: Program, certificate: Certificate) -> str:
    """The verdict that ``certificate`` proves for ``program`` at its point.

    Raises Rejected, with the reason.  Costs a forward pass a leading direction, a backward pass an
    output and an unresolved kink, and a k x k determinant.
    """
    if certificate.digest != program.digest:
        raise Rejected("the certificate is for another net or another point (the digests differ)")
    localised = _Localised(program)
    jacobians = []
    for number, matrix in enumerate(certificate.directions):
        _require_nonsingular(matrix, program.input_count, f"directions[{number}]")
        jacobians.append(localised.jacobian(matrix))
    if jacobians[0] == jacobians[1]:
        raise Rejected("the two direction matrices give the same Jacobian")
    return certificate.kind


def _require_nonsingular(matrix: DirectionMatrix, size: int, place: str) -> None:
    """M is p x p and nonsingular: the minor of its leading columns on the rows that no unit vector covers."""
    for number, column in enumerate(matrix.leading):
        if len(column) != size:
            raise Rejected(f"{place}.leading[{number}] has {len(column)} entries, the net has {size} inputs")
    for index in matrix.complete:
        if index >= size:
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
    """The lowered program with each relu's fate at the point: passing, blocking, or a kink."""

    def __init__(self, program: Program) -> None:
        self.lowered = program.lowered
        self.size = program.input_count
        numerators, _ = node_values(self.lowered, program.point)
        self.fixed: dict[int, bool] = {}  # relu node -> passes
        self.kinks: list[int] = []
        for position, node in enumerate(self.lowered.nodes):
            if isinstance(node, Relu):
                if numerators[node.argument]:
                    self.fixed[self.size + position] = numerators[node.argument] > 0
                else:
                    self.kinks.append(self.size + position)

    def jacobian(self, matrix: DirectionMatrix) -> tuple[tuple[Rational, ...], ...]:
        """J_L(x0; M): branches by the lexicographic rule, then ordinary backward passes."""
        passing = dict(self.fixed)
        for direction in matrix.leading:
            self._push(direction, passing)
        self._resolve(matrix, passing)
        return tuple(tuple(self._backward(output, passing)) for output in self.lowered.outputs)

    def _push(self, direction: Sequence[Rational], passing: dict[int, bool]) -> None:
        """One direction through the local net; a kink's branch is the sign of its first nonzero value."""
        values: list[Any] = list(direction)
        for position, node in enumerate(self.lowered.nodes):
            if isinstance(node, Relu):
                value = values[node.argument]
                if value and self.size + position not in passing:
                    passing[self.size + position] = value > 0
                values.append(value if passing.get(self.size + position, False) else 0)
            else:
                total = sum(map(mul, node.coefficients, map(values.__getitem__, node.arguments)))
                values.append(total if node.denominator == 1 else Fraction(total, node.denominator))

    def _resolve(self, matrix: DirectionMatrix, passing: dict[int, bool]) -> None:
        """Kinks on which all leading directions are 0: their row r decides by its first nonzero r . e_j.

        In topological order, so a row depends on resolved branches only.  A zero row is 0 for every
        later direction too (M is nonsingular): the kink blocks, and any branch gives the same Jacobian.
        """
        nonzero = [True] * self.size  # False: the row is zero because all its arguments' rows are
        for position, node in enumerate(self.lowered.nodes):
            index = self.size + position
            if not isinstance(node, Relu):
                nonzero.append(any(nonzero[argument] for argument in node.arguments))
                continue
            if index not in passing:
                row = self._backward(node.argument, passing) if nonzero[node.argument] else [0] * self.size
                passing[index] = next((row[unit] for unit in matrix.complete if row[unit]), 0) > 0
            nonzero.append(passing[index] and nonzero[node.argument])

    def _backward(self, target: int, passing: dict[int, bool]) -> list[Rational]:
        """The gradient of one node in the inputs, under the chosen branches."""
        adjoint: list[Any] = [0] * max(target + 1, self.size)
        adjoint[target] = 1
        for index in range(target, self.size - 1, -1):
            weight = adjoint[index]
            if not weight:
                continue
            node = self.lowered.nodes[index - self.size]
            if isinstance(node, Relu):
                if passing[index]:
                    adjoint[node.argument] += weight
                continue
            if node.denominator != 1:
                weight = Fraction(weight, node.denominator)
            for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                adjoint[argument] += weight * coefficient
        return adjoint[: self.size]
