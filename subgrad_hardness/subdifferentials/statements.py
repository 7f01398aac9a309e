"""What was found out about the whole subdifferential as certificates, each accepted by the independent verifier."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.certificate.tree import LEAF
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.proof.distinct import direction_matrix
from subgrad_hardness.proof.written import verify_as_written
from subgrad_hardness.subdifferentials.functional import functional as make_functional
from subgrad_hardness.subdifferentials.hull import Combined
from subgrad_hardness.subdifferentials.membership import Outside, Unlisted
from subgrad_hardness.subdifferentials.oracle import Oracle, Proof
from subgrad_hardness.subdifferentials.shortest import Shortest
from subgrad_hardness.subdifferentials.sign_tree import Bounded, SignTree
from subgrad_hardness.subdifferentials.support import Bracket
from subgrad_hardness.subdifferentials.tree_steps import sign_steps

#: A tree that is made again for its certificate may take so many seconds.
_AGAIN = 60.0


class Claimed(NamedTuple):
    """A certificate that the verifier accepts, or why there is none."""

    certificate: Statement | None
    why: str | None = None


class NotReplayed(Exception):
    """Members that were found do not give what they should on the whole net: a bug in this project."""


def member(oracle: Oracle, which: str, matrix: Matrix, combined: Combined) -> Claimed:
    """The matrix is a convex combination of members of d_L, or (``which`` is ``lexicographic``) one of them.

    This is the replay on the whole net, too.  Raises NotReplayed.
    """
    statement = Statement(
        "member",
        oracle.program.digest,
        set=which,
        vector=matrix,
        weights=combined.weights,
        directions=_matrices(combined.elements),
    )
    return _replayed(oracle, statement)


def outside(oracle: Oracle, matrix: Matrix, found: Outside, limits: Limits) -> Claimed:
    """The matrix is not in d_C."""
    statement = Statement("outside", oracle.program.digest, set="clarke", vector=matrix)
    return _bounded(oracle, statement, found.functional, found.bound, found.proof, limits=limits)


def unlisted(oracle: Oracle, matrix: Matrix, found: Unlisted, limits: Limits) -> Claimed:
    """The matrix is not in d_L."""
    try:
        tree = sign_steps(oracle.program, oracle.net, found.tree, limits, decided=True)
    except LimitReached as reached:
        return Claimed(None, str(reached))
    if tree is None:
        return Claimed(None, _LATE)
    statement = Statement("outside", oracle.program.digest, set="lexicographic", vector=matrix, tree=tree)
    return _accepted(oracle, statement)


def supremum(oracle: Oracle, matrix: Matrix, found: Bracket, limits: Limits) -> Claimed:
    """The greatest value of a functional on d_C."""
    if found.proof is None:
        return Claimed(None, "the greatest value is not known")
    directions = _matrices([found.member])
    statement = Statement("support", oracle.program.digest, set="clarke", directions=directions)
    return _bounded(oracle, statement, matrix, found.attained, found.proof, limits=limits)


def nearest_to_zero(oracle: Oracle, found: Shortest, limits: Limits) -> Claimed:
    """The shortest element of d_C."""
    if found.squared and found.proof is None:
        return Claimed(None, found.why)
    statement = Statement(
        "shortest",
        oracle.program.digest,
        set="clarke",
        vector=found.point,
        weights=found.combined.weights,
        directions=_matrices(found.combined.elements),
    )
    if found.proof is None:  # nothing is shorter than zero
        return _accepted(oracle, statement._replace(tree=((LEAF,),)))
    away = tuple([tuple([-entry for entry in row]) for row in found.point])
    return _bounded(oracle, statement, away, -found.squared, found.proof, limits=limits)


_LATE = "the net's own forms are decided later than those of the localised net"


def _bounded(
    oracle: Oracle, statement: Statement, functional: Matrix, bound: Fraction, proof: Proof, *, limits: Limits
) -> Claimed:
    """The statement with the bound and its proof.

    A tree of the net multiplied out may end where the verifier's intervals, over the net as it is, are still too wide;
    then the tree is made again for the net as it is, within the limits.
    """
    fields = _bound(oracle, functional, bound, proof, limits)
    if isinstance(fields, str):
        return Claimed(None, fields)
    only_proof = statement.kind == "shortest"

    def complete(fields: dict[str, Any]) -> Statement:
        kept = {key: value for key, value in fields.items() if not only_proof or key in {"argument", "tree"}}
        return statement._replace(**kept)

    claimed = _accepted(oracle, complete(fields))
    if claimed.certificate is not None or proof.tree is None or oracle.net is oracle.local.net:
        return claimed
    asked = make_functional(oracle.local.net, functional)
    again = SignTree(oracle.local.net).bounded(asked, asked.floor(bound), limits.within(_AGAIN))
    if not isinstance(again, Bounded):
        return claimed
    fields = _bound(oracle, functional, bound, Proof(tree=again.tree), limits)
    return Claimed(None, fields) if isinstance(fields, str) else _accepted(oracle, complete(fields))


def _bound(oracle: Oracle, functional: Matrix, bound: Fraction, proof: Proof, limits: Limits) -> dict[str, Any] | str:
    """The fields that say that a functional is at most ``bound`` on d_C, and why; or why there is no certificate."""
    if proof.argument is not None:
        direction = next(row for row in functional if any(row))
        place = next(index for index, entry in enumerate(direction) if entry)
        outputs = tuple([row[place] / direction[place] for row in functional])
        return {"outputs": outputs, "direction": direction, "bound": bound, "argument": proof.argument}
    if proof.tree is None:
        return proof.unargued or "the refutation carries no proof"
    try:
        tree = sign_steps(oracle.program, oracle.net, proof.tree, limits, decided=False)
    except LimitReached as reached:
        return str(reached)
    return _LATE if tree is None else {"functional": functional, "bound": bound, "tree": tree}


def _matrices(elements: Sequence[Element]) -> tuple[DirectionMatrix, ...]:
    return tuple([direction_matrix(element.directions) for element in elements])


def _replayed(oracle: Oracle, statement: Statement) -> Claimed:
    try:
        return Claimed(verify_as_written(oracle.program, statement))
    except CertificateError as problem:
        return Claimed(None, f"no file can hold it: {problem.message}")
    except Rejected as rejected:
        raise NotReplayed(str(rejected)) from None


def _accepted(oracle: Oracle, statement: Statement) -> Claimed:
    """A bound's tree may be rejected though it is right: intervals over the whole net may be wider than over the
    localised net, in which equal arguments are one."""
    try:
        return Claimed(verify_as_written(oracle.program, statement))
    except CertificateError as problem:
        return Claimed(None, f"no file can hold it: {problem.message}")
    except Rejected as rejected:
        return Claimed(None, f"the verifier does not accept it: {rejected}")
