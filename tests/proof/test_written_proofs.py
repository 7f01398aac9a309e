"""A proof counts as the file that it becomes: what no file can hold is no proof."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subgrad_hardness.certificate.argument import Argument, LemmaStep, SignStep
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.rational import MAX_DIGITS
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.generators import GeneratorKind
from subgrad_hardness.normal_form.normal_form import NormalForm, SignFact
from subgrad_hardness.proof.steps import Lemma, Proof
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.proof.written import verify_as_written

TOO_LONG, LONGEST = 10**MAX_DIGITS, 10**MAX_DIGITS - 1
#: relu(-|x| - |y|).
PEAK = load(
    {
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "a", "op": "abs", "args": ["x"]},
            {"id": "b", "op": "abs", "args": ["y"]},
            {"id": "c", "op": "affine", "args": ["a", "b"], "coefficients": [-1, -1]},
            {"id": "f", "op": "relu", "args": ["c"]},
        ],
        "outputs": ["f"],
    }
)


def signed(multiplier: int, *matrices: DirectionMatrix) -> Certificate:
    """The true argument with its sign step multiplied."""
    step = SignStep(4, -1, tuple((atom, kind, multiplier) for atom in (0, 1) for kind in (0, 1)))
    argument = Argument((0, 1, 2, 3, 4), (step,))
    return Certificate("unique", PEAK.digest, matrices or (DirectionMatrix((), (0, 1)),), argument)


def test_what_can_be_written_is_verified() -> None:
    for multiplier in (1, 7, LONGEST):
        certificate = verify_as_written(PEAK, signed(multiplier))
        assert certificate == signed(multiplier)
        assert certificate.dumps() == signed(multiplier).dumps()
    tall = DirectionMatrix(((Fraction(1, LONGEST), Fraction(1)),), (1,))
    assert verify_as_written(PEAK, signed(1, tall)).directions == (tall,)


def test_one_digit_more_is_no_proof() -> None:
    with pytest.raises(CertificateError, match=r"signs\[0\].generators\[2\]: the number needs more than 100000 digits"):
        verify_as_written(PEAK, signed(TOO_LONG))
    for entry in (Fraction(TOO_LONG), Fraction(1, TOO_LONG)):
        with pytest.raises(CertificateError, match="more than 100000 digits"):
            verify_as_written(PEAK, signed(1, DirectionMatrix(((entry, Fraction(1)),), (1,))))


def test_what_proves_nothing_is_rejected() -> None:
    with pytest.raises(Rejected, match="do not give the form of kink 4"):
        verify_as_written(PEAK, signed(0))
    with pytest.raises(Rejected, match="another net"):
        verify_as_written(PEAK.at([1, 1]), signed(1))


@pytest.mark.parametrize("place", ["sign", "lemma", "generator"])
def test_the_writer_sees_long_multipliers_before_it_works(place: str) -> None:
    multiplier = {place: TOO_LONG}
    local = localise(PEAK)
    fact = SignFact(4, -1, ((0, GeneratorKind.VALUE, multiplier.get("sign", 1)),))
    normal = NormalForm(2, (), (), (fact,))
    lemma = Lemma((), (multiplier.get("lemma", 1),), ((0, GeneratorKind.VALUE, multiplier.get("generator", 1)),))
    reference = lock_branches(local.net, [(1, 2)])
    with pytest.raises(CertificateError, match="a multiplier: the number needs more than 100000 digits"):
        unique_certificate(PEAK, local, reference, Proof(normal, lemmas=(lemma,)), Limits())


def test_lemmas_are_written_as_they_are() -> None:
    """A lemma too may hold the longest number, and no longer one."""
    certificate = signed(1)
    assert certificate.argument is not None
    for multiplier, error in ((LONGEST, Rejected), (TOO_LONG, CertificateError)):
        argument = certificate.argument._replace(lemmas=(LemmaStep((), (), ((0, 0, multiplier),)),))
        with pytest.raises(error):
            verify_as_written(PEAK, certificate._replace(argument=argument))
