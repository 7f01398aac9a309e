"""What was found as certificates: written, read back and accepted by the verifier before anybody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.derivative.lexicographic import Directions, complete_basis
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.proof.distinct import direction_matrix
from subgrad_hardness.proof.written import verify_as_written
from subgrad_hardness.subdifferentials.asking import Refuted
from subgrad_hardness.subdifferentials.autodiff_set import Choice
from subgrad_hardness.subdifferentials.maximum import Greatest
from subgrad_hardness.subdifferentials.members import Member
from subgrad_hardness.subdifferentials.placing import Placed, Separation
from subgrad_hardness.subdifferentials.regions import AffineMap, Bend, Region
from subgrad_hardness.subdifferentials.sets import Bound, Point

Combination = Sequence[tuple[Fraction, Point]]


class Stated(NamedTuple):
    """A certificate, or why there is none."""

    certificate: Statement | None
    uncertified: str | None = None


class ContradictedError(AssertionError):
    """The verifier rejects what was found: a bug in this project."""


def stated(
    program: Program, statement: Statement | None, why: str | None = None, other: Program | None = None
) -> Stated:
    """The statement as the verifier has accepted it.

    Raises ContradictedError where the verifier rejects it.
    """
    if statement is None:
        return Stated(None, why or "no proof in time")
    try:
        return Stated(verify_as_written(program, statement, other))
    except CertificateError as problem:
        return Stated(None, f"no file can hold the proof: {problem.message}")
    except Rejected as rejected:
        raise ContradictedError(f"the verifier rejects the certificate: {rejected}") from None


def member(program: Program, which: str, placed: Placed) -> Statement:
    """The nearest point is in the set ``which``, as a combination."""
    return Statement("member", program.digest, which, vector=placed.nearest, **_combined(placed.combination))


def outside(program: Program, which: str, target: Matrix, separation: Separation) -> Statement | None:
    """The target is outside; None without a proof."""
    proof = _bounded(separation.functional, separation.bound, separation.proof)
    return None if proof is None else Statement("outside", program.digest, which, vector=target, **proof)


def shortest(program: Program, which: str, placed: Placed) -> Statement | None:
    """The nearest point to zero is the shortest element; None without a proof.

    Zero needs no proof but its combination, which a tree of one leaf says.
    """
    if placed.inside:
        proof: dict[str, Any] = {"tree": ((-2,),)}
    elif placed.separation is None or not placed.closest:
        return None
    else:
        made = placed.separation.proof
        if made.argument is not None and len(placed.nearest) == 1:
            proof = {"argument": made.argument}
        elif made.tree is not None:
            proof = {"tree": made.tree}
        else:
            return None
    return Statement("shortest", program.digest, which, vector=placed.nearest, **_combined(placed.combination), **proof)


def support(program: Program, which: str, functional: Matrix, greatest: Greatest) -> Statement | None:
    """The functional's greatest value is attained at its point; None without a proof."""
    proof = None if greatest.proof is None else _bounded(functional, greatest.attained, greatest.proof)
    if proof is None:
        return None
    return Statement("support", program.digest, which, **_elements([greatest.point]), **proof)


def _bounded(functional: Matrix, bound: Fraction, proof: Bound) -> dict[str, Any] | None:
    """The keys of a bound, and its proof."""
    if proof.argument is not None and proof.rank_one is not None:
        outputs, direction = proof.rank_one
        return {"outputs": outputs, "direction": direction, "bound": bound, "argument": proof.argument}
    if proof.tree is not None:
        return {"functional": functional, "bound": bound, "tree": proof.tree}
    return None


def _combined(combination: Combination) -> dict[str, Any]:
    return {"weights": tuple([weight for weight, _ in combination]), **_elements([point for _, point in combination])}


def _elements(points: Sequence[Point]) -> dict[str, Any]:
    """Members by their directions, results of backpropagation by their choices."""
    choices = [point for point in points if isinstance(point, Choice)]
    if choices:
        one = Fraction(1)
        return {"slopes": tuple([tuple([(relu, one) for relu in choice.passing]) for choice in choices])}
    members = [point for point in points if isinstance(point, Member)]
    return {"directions": tuple([direction_matrix(point.directions) for point in members])}


def affine(program: Program, region: Region, found: AffineMap, refuted: Refuted) -> Statement | None:
    """The program is this map on the region; None without an argument."""
    if refuted.argument is None:
        return None
    return Statement(
        "affine",
        program.digest,
        constraints=region.rows,
        interior=region.interior,
        matrix=found.matrix,
        offset=found.offset,
        argument=refuted.argument,
    )


def bent(program: Program, region: Region, found: Bend) -> Statement:
    """The program has two Jacobians at a point inside the region."""
    matrices = []
    for directions in found.directions:
        leading = [integer_direction(direction)[0] for direction in directions]
        matrices.append(direction_matrix(Directions(tuple(leading), complete_basis(leading, program.input_count))))
    return Statement("bent", program.digest, constraints=region.rows, point=found.point, directions=tuple(matrices))


def equal(first: Program, second: Program, region: Region, refuted: Refuted) -> Statement | None:
    """The programs are the same on the region; None without an argument."""
    if refuted.argument is None:
        return None
    return Statement(
        "equal",
        first.digest,
        other=second.digest,
        constraints=region.rows,
        interior=region.interior,
        argument=refuted.argument,
    )


def different(first: Program, second: Program, rows: Matrix, point: tuple[Fraction, ...]) -> Statement:
    """The programs differ at a point that satisfies the rows."""
    return Statement("different", first.digest, other=second.digest, constraints=rows, point=point)
