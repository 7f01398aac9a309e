"""A statement with the net that it is held against: what its members are, and what its proofs show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.derived import shifted
from subgrad_hardness.certificate.goals import OneSided, require_goals_refuted
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix, require_nonsingular
from subgrad_hardness.certificate.statement import Matrix, Slopes, Statement, Vector
from subgrad_hardness.certificate.tree import greatest, jacobian, leaves
from subgrad_hardness.net.program import Program

ZERO, ONE = Fraction(0), Fraction(1)


class Checked:
    """A statement with the program that it is held against."""

    def __init__(self, program: Program, statement: Statement, other: Program | None) -> None:
        self.program, self.statement, self.other = program, statement, other
        self.size = program.input_count

    @cached_property
    def localised(self) -> Localised:
        return Localised(self.program)

    @cached_property
    def relus(self) -> list[int]:
        return numbered_relus(self.program)

    @property
    def outputs(self) -> tuple[int, ...]:
        """The nodes of the outputs; one may stand twice."""
        return self.program.rewritten.outputs

    def members(self) -> list[Matrix]:
        """The Jacobians that the statement names."""
        claim = self.statement
        if claim.set == "autodiff":
            return [self._backpropagated(slopes, f"slopes[{n}]") for n, slopes in enumerate(claim.slopes)]
        return [self._entered(matrix, f"directions[{n}]") for n, matrix in enumerate(claim.directions)]

    def _entered(self, matrix: DirectionMatrix, place: str) -> Matrix:
        """J_L(x0; M)."""
        require_nonsingular(matrix, self.size, place)
        return self.rows(jacobian(self.localised, self.outputs, self.localised.branches(matrix), place))

    def _backpropagated(self, slopes: Slopes, place: str) -> Matrix:
        """What backpropagation gives when kinks have these slopes, and all others 0."""
        passing: dict[int, Any] = {**dict.fromkeys(self.localised.kinks, 0), **self.localised.fixed}
        named: set[int] = set()
        for relu, slope in slopes:
            if not 0 <= relu < len(self.relus) or self.relus[relu] not in self.localised.kinks or relu in named:
                raise Rejected(f"{place} names a relu that is no kink at the point, or one twice")
            if not 0 <= slope <= 1:
                raise Rejected(f"{place} has a slope outside [0, 1]")
            named.add(relu)
            passing[self.relus[relu]] = slope
        return self.rows(jacobian(self.localised, self.outputs, passing, place))

    def rows(self, forms: Sequence[Form]) -> Matrix:
        """Rows of the verifier's integers as the Jacobian's."""
        scales = [self.localised.scales[output] for output in self.outputs]
        return tuple(
            [
                tuple([Fraction(form.get(index, 0)) / scale for index in range(self.size)])
                for form, scale in zip(forms, scales, strict=True)
            ]
        )

    def require_combination(self, members: Sequence[Matrix]) -> None:
        """The vector is the convex combination of the members that the weights make."""
        claim = self.statement
        self.require_shape(claim.vector, len(self.outputs), "vector")
        if (
            len(claim.weights) != len(members)
            or sum(claim.weights) != 1
            or any(weight <= 0 for weight in claim.weights)
        ):
            raise Rejected("weights are not one positive number a member that add up to 1")
        if claim.set == "lexicographic" and len(members) != 1:
            raise Rejected("a member of the lexicographic set is not a combination of several")
        for row, wanted in enumerate(claim.vector):
            for column, entry in enumerate(wanted):
                parts = [weight * member[row][column] for weight, member in zip(claim.weights, members, strict=True)]
                if sum(parts) != entry:
                    raise Rejected(f"the combination is not vector[{row}][{column}]")

    def require_bound(self, functional: Matrix, bound: Fraction) -> None:
        """No member J of the set has <functional, J> > bound."""
        claim = self.statement
        if claim.argument is not None:
            self._require_argued_bound(claim.outputs, claim.direction, bound, claim.argument)
            return
        self.require_shape(functional, len(self.outputs), "functional")
        by_sign = claim.set != "autodiff"
        for place, passing in leaves(self.localised, self.relus, claim.tree, by_sign=by_sign):
            most = [
                greatest(self.localised, output, row, passing)
                for output, row in zip(self.outputs, functional, strict=True)
                if any(row)
            ]
            if sum(most) > bound:
                raise Rejected(f"{place} is not shown to stay below the bound")

    def _require_argued_bound(self, outputs: Vector, direction: Vector, bound: Fraction, argument: Argument) -> None:
        """outputs F'(x0; y + t direction) - outputs F'(x0; y) - bound t > 0 for no y and no t > 0."""
        if self.statement.set == "autodiff":
            raise Rejected("an argument says nothing about the autodiff set")
        goal = OneSided(tuple(enumerate(outputs)), (*(ZERO,) * self.size, bound))
        ahead = (*(0,) * self.size, 1)
        made = shifted(self.program, direction)
        require_goals_refuted(made, [goal], argument, [ahead], ahead)

    def require_shape(self, matrix: Matrix, rows: int, place: str, more: int = 0) -> None:
        """``rows`` rows of p numbers, or of ``more`` than p."""
        if len(matrix) != rows or any(len(row) != self.size + more for row in matrix):
            raise Rejected(f"{place} is not {rows} x {self.size + more}")

    def require_vector(self, vector: Vector, place: str, size: int | None = None) -> None:
        """p numbers, or ``size``."""
        if len(vector) != (self.size if size is None else size):
            raise Rejected(f"{place} has {len(vector)} entries, expected {self.size if size is None else size}")

    def require_one_output(self) -> None:
        if len(self.outputs) != 1:
            raise Rejected("the claim is about nets of one output")

    def cone(self) -> list[tuple[int, ...]]:
        """The constraints w d >= 0 in integers."""
        self.require_shape(self.statement.constraints, len(self.statement.constraints), "constraints")
        return [integers(row) for row in self.statement.constraints]

    def region(self) -> list[tuple[int, ...]]:
        """The constraints a x <= b as b t - a x >= 0 in integers, and t >= 0."""
        rows = self.statement.constraints
        self.require_shape(rows, len(rows), "constraints", more=1)
        return [*(integers([*(-entry for entry in row[:-1]), row[-1]]) for row in rows), (*(0,) * self.size, 1)]

    def require_within(self, point: Vector, place: str, *, strictly: bool) -> None:
        """a x <= b for all constraints, or a x < b."""
        self.require_vector(point, place)
        for number, row in enumerate(self.region()):
            slack = sum(map(mul, row, (*point, ONE)))
            if slack < 0 or (strictly and not slack):
                raise Rejected(f"{place} does not satisfy constraints[{number}]{' strictly' if strictly else ''}")

    def require_no_goal(self, made: Program, goals: Iterable[OneSided]) -> None:
        """No goal is positive in the region, homogenised."""
        claim = self.statement
        self.require_vector(claim.interior, "interior")
        assert claim.argument is not None
        require_goals_refuted(made, goals, claim.argument, self.region(), integers([*claim.interior, ONE]))


def integers(vector: Iterable[Fraction]) -> tuple[int, ...]:
    """The vector times a positive number."""
    entries = list(vector)
    common = math.lcm(*(entry.denominator for entry in entries))
    return tuple([int(entry * common) for entry in entries])
