"""Certificates for verdicts: produced, written, read back, and accepted by the independent verifier."""

from __future__ import annotations

from collections.abc import Mapping

from subgrad_hardness.api.stages import Certification
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import LimitReached, Limits, MemoryReached
from subgrad_hardness.common.memory import memory_budget
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.engine.portfolio import prove
from subgrad_hardness.net.program import Program
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.proof.written import verify_as_written
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.pose import Posed
from subgrad_hardness.question.session import Session


class Contradicted(Exception):
    """What was to be certified is contradicted; ``evidence`` is JSON-able.  A bug in this project."""

    def __init__(self, message: str, evidence: Mapping[str, object] | None = None) -> None:
        self.evidence = evidence or {}
        super().__init__(message)


def certified_distinct(program: Program, elements: tuple[Element, ...]) -> Certification:
    """The certificate that the two elements are different.  Raises Contradicted."""
    return _accepted(program, distinct_certificate(program.digest, [element.directions for element in elements]))


def certified_unique(posed: Posed, answer: Refutation, session: Session, limits: Limits) -> Certification:
    """The certificate of a refutation, as far as the limits allow; another engine's proof will do.

    Raises Contradicted.
    """
    # Late: certificates of ``distinct``, which are most of them, need neither arguments nor a SAT solver.
    from subgrad_hardness.proof.lrat import NoProof
    from subgrad_hardness.proof.writer import unique_certificate

    try:
        if answer.proof is None:
            other = prove(posed.question, session, limits).answer
            if isinstance(other, Witness):
                witness = [str(entry) for entry in other.direction]
                raise Contradicted("a proving engine finds a witness against the verdict", {"witness": witness})
            if not isinstance(other, Refutation):
                return Certification(uncertified=f"no proof in time: {other.why}")
            answer = other
        if answer.proof is None:
            return Certification(uncertified="the engine keeps no record of its reasons")
        # The refutation is there: a proof that outgrows the memory is given up, as one that takes too long is.
        budget = memory_budget() if session.memory is None else session.memory
        within = limits if budget is None else limits.holding(budget)
        certificate = unique_certificate(posed.program, posed.local, posed.subgradient, answer.proof, within)
        within.check()
    except MemoryReached:
        return Certification(uncertified="the proof took more memory than its budget")
    except LimitReached:
        return Certification(uncertified="the proof took longer than its budget")
    except CertificateError as problem:
        return Certification(uncertified=f"no file can hold the proof: {problem.message}")
    except NoProof as failed:
        raise Contradicted(f"the refutation is no proof: {failed}") from None
    return _accepted(posed.program, certificate)


def certified_near(program: Program, near: Program, certified: Certification, limits: Limits) -> Certification:
    """A certificate about the program near the point of a model in tensors, which is derived once more, otherwise.

    Raises Contradicted where another program comes out.
    """
    from subgrad_hardness.models.plain_near import plain_near_point  # rare

    try:
        again = plain_near_point(program, limits)
    except LimitReached:
        return Certification(uncertified="localising once more, in plain integers, took longer than its budget")
    same = (again.inputs, again.form, again.point) == (near.inputs, near.form, near.point)
    if not same and again.own_digest != near.own_digest:
        raise Contradicted("localised in plain integers, another program comes out", {"digest": again.own_digest})
    return certified


def _accepted(program: Program, certificate: Certificate) -> Certification:
    """Have the independent verifier accept the certificate, as a reader finds it in the text that is written."""
    try:
        certificate = verify_as_written(program, certificate)
    except CertificateError as problem:
        return Certification(uncertified=f"no file can hold the proof: {problem.message}")
    except Rejected as rejected:
        evidence = {"certificate": certificate.to_json()}
        raise Contradicted(f"the verifier rejects the certificate: {rejected}", evidence) from None
    return Certification(certificate=certificate)
