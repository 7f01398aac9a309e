"""Objects handed to ``verify`` are read like files: nothing that only poses as an integer gets in."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from subgrad_hardness import CertificateError, check, verify
from subgrad_hardness.certificate.argument import Argument, Derivation, LemmaStep, SignStep, Threshold
from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.net.reading import load

#: |x|: two subgradients.
ABS = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}
#: relu(-|x| - |y|), which is 0: a sign step proves it.
PEAK = {
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "a", "op": "abs", "args": ["x"]},
        {"id": "b", "op": "abs", "args": ["y"]},
        {"id": "c", "op": "affine", "args": ["a", "b"], "coefficients": [-1, -1]},
        {"id": "f", "op": "relu", "args": ["c"]},
    ],
    "outputs": ["f"],
}
UNITS = DirectionMatrix((), (0, 1))
SIGN = SignStep(4, -1, ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)))
PROOF = Certificate("unique", load(PEAK).digest, (UNITS,), Argument((0, 1, 2, 3, 4), (SIGN,)))
#: The same with one entry of each kind, to be replaced.
FULL = Argument(
    (0, 1, 2, 3, 4),
    (SIGN,),
    ((0, 1),),
    (((0, 1), (1, 1)),),
    ((1, 0),),
    (LemmaStep((1,), (1,), ((0, 0, 1),)),),
    (Derivation((1,), (1,)),),
    (Threshold(((0, 1),), ((1, 1),)),),
)


class Posing(int):
    """An integer that is nothing when it is added up."""

    def __mul__(self, other: object) -> int:
        return 0

    __rmul__ = __mul__


class Kind(enum.IntEnum):
    """An integer of another type."""

    ONE = 1


class Ratio(Fraction):
    """A fraction of another type."""


class Words(str):
    """A string of another type."""


class Pair(tuple[int, int]):
    """A tuple of another type."""


class Wrong(NamedTuple):
    """Not the step that it looks like."""

    clause: tuple[int, ...]
    hints: tuple[int, ...]


class Split(NamedTuple):
    """Not the threshold that it looks like."""

    form: tuple[tuple[int, int], ...]
    part: tuple[tuple[int, int], ...]


def test_the_true_one() -> None:
    assert verify(PEAK, PROOF).verdict == "unique"
    assert verify(PEAK, PROOF.to_json()).verdict == "unique"


def test_floats_that_absorb_prove_nothing() -> None:
    """Lemmas about |x| whose sums are zero only because 10^17 + 1.0 is 10^17 in binary64."""
    large: Any = 1e17
    one: Any = 1.0
    forged = Argument(
        (0, 1),
        lemmas=(
            LemmaStep((1,), (one,), ((0, 0, large), (0, 1, one), (0, 0, -large))),
            LemmaStep((2,), (one,), ((0, 0, large), (0, 1, one), (0, 0, -large))),
        ),
        derivation=(Derivation((), (2, 3, 1)),),
    )
    certificate = Certificate("unique", load(ABS).digest, (DirectionMatrix((), (0,)),), forged)
    with pytest.raises(CertificateError, match=r"lemmas\[0\].multipliers\[0\]: the number 1.0 of the type float"):
        verify(ABS, certificate)


NO_INTEGERS: list[Any] = [1.0, True, Posing(1), Kind.ONE, Fraction(1), Fraction(1, 2), "1", None, (1,), [1], 1j, b"1"]


def at(argument: Argument, bad: Any) -> list[Argument]:
    """``bad`` in the place of each integer of the argument."""
    sign, lemma, step = argument.signs[0], argument.lemmas[0], argument.derivation[0]
    return [
        argument._replace(kinks=(bad, 1)),
        argument._replace(signs=(sign._replace(kink=bad),)),
        argument._replace(signs=(sign._replace(sign=bad),)),
        argument._replace(signs=(sign._replace(generators=((bad, 0, 1),)),)),
        argument._replace(signs=(sign._replace(generators=((0, bad, 1),)),)),
        argument._replace(signs=(sign._replace(generators=((0, 0, bad),)),)),
        argument._replace(half=((bad, 1),)),
        argument._replace(half=((0, bad),)),
        argument._replace(forms=(((bad, 1),),)),
        argument._replace(forms=(((0, bad),),)),
        argument._replace(rules=((bad, 0),)),
        argument._replace(rules=((1, bad),)),
        argument._replace(lemmas=(lemma._replace(clause=(bad,)),)),
        argument._replace(lemmas=(lemma._replace(multipliers=(bad,)),)),
        argument._replace(lemmas=(lemma._replace(generators=((0, 0, bad),)),)),
        argument._replace(derivation=(step._replace(clause=(bad,)),)),
        argument._replace(derivation=(step._replace(hints=(bad,)),)),
        argument._replace(thresholds=(Threshold(((bad, 1),), ()),)),
        argument._replace(thresholds=(Threshold(((0, bad),), ()),)),
        argument._replace(thresholds=(Threshold(((0, 1),), ((bad, 1),)),)),
        argument._replace(thresholds=(Threshold(((0, 1),), ((0, bad),)),)),
    ]


@pytest.mark.parametrize("bad", NO_INTEGERS, ids=repr)
def test_only_integers_are_integers(bad: Any) -> None:
    for argument in at(FULL, bad):
        with pytest.raises(CertificateError):
            verify(PEAK, PROOF._replace(argument=argument))
    with pytest.raises(CertificateError):
        verify(PEAK, PROOF._replace(directions=(DirectionMatrix((), (bad, 1)),)))


@pytest.mark.parametrize("bad", [1.0, 0.5, float("nan"), True, Posing(1), Ratio(1), "x", None, (1,), 1j], ids=repr)
def test_only_fractions_are_directions(bad: Any) -> None:
    matrix = DirectionMatrix(((bad, Fraction(0)),), (1,))
    with pytest.raises(CertificateError):
        verify(PEAK, PROOF._replace(directions=(matrix,)))


@pytest.mark.parametrize(
    "certificate",
    [
        PROOF._replace(kind=Words("unique")),
        PROOF._replace(kind=None),  # type: ignore[arg-type]
        PROOF._replace(digest=Words(PROOF.digest)),
        PROOF._replace(digest="\ud800" * 64),
        PROOF._replace(digest=5),  # type: ignore[arg-type]
        PROOF._replace(directions=UNITS),  # type: ignore[arg-type]
        PROOF._replace(directions=(((), (0, 1)),)),  # type: ignore[arg-type]
        PROOF._replace(argument=tuple(FULL)),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(signs=SIGN)),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(signs=((4, -1, ()),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(forms=((0, 1),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(rules=(Pair((1, 0)),))),
        PROOF._replace(argument=FULL._replace(derivation=(Wrong((), (1,)),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=None)),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=Threshold((), ()))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=((((0, 1),), ()),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=(Split(((0, 1),), ()),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=(Threshold((0, 1), ()),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=(Threshold((Pair((0, 1)),), ()),))),
        PROOF._replace(argument=FULL._replace(thresholds=(Threshold(((0, 1),), ((0, 1, 2),)),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=(Threshold(((0, 1),), None),))),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(thresholds=(Threshold(((0, 10**100_000),), ()),))),
        PROOF._replace(argument=FULL._replace(kinks=10**100_000)),  # type: ignore[arg-type]
        PROOF._replace(argument=FULL._replace(kinks=(10**100_000,))),
    ],
)
def test_wrong_types_and_nesting(certificate: Certificate) -> None:
    with pytest.raises(CertificateError):
        verify(PEAK, certificate)


def test_absurd_nesting() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = (deep,)
    with pytest.raises(CertificateError, match="nested more than 100 levels"):
        verify(PEAK, PROOF._replace(argument=FULL._replace(kinks=deep)))


@pytest.mark.parametrize(("levels", "said"), [(100, "no version"), (101, "nested more than 100 levels")])
def test_the_last_level_that_is_looked_at(levels: int, said: str) -> None:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    with pytest.raises(CertificateError, match=said):
        load_certificate({"format": value})


def test_a_wrong_type_is_named_with_its_place() -> None:
    with pytest.raises(CertificateError) as caught:
        load_certificate(PROOF._replace(digest=Words(PROOF.digest)))
    said = str(caught.value)
    assert said.startswith("<certificate>: digest: the string ") and said.endswith("which no certificate holds")


class Lazy(Mapping[str, Any]):
    """A mapping that answers differently each time."""

    def __init__(self) -> None:
        self.asked = 0

    def __getitem__(self, key: str) -> Any:
        self.asked += 1
        value = PROOF.to_json()[key]
        return [] if key == "signs" and self.asked > 12 else value

    def __iter__(self) -> Any:
        return iter(PROOF.to_json())

    def __len__(self) -> int:
        return 12


def test_a_mapping_is_read_once() -> None:
    assert verify(PEAK, Lazy()).verified


@pytest.mark.parametrize("bad", [*NO_INTEGERS[:6], None, (1,), 1j, b"1", float("nan"), float("inf")], ids=repr)
def test_mappings_hold_what_json_holds(bad: Any) -> None:
    def changed(value: Any) -> list[Any]:
        """All values with ``bad`` in the place of one integer."""
        if isinstance(value, dict):
            return [{**value, key: one} for key, entry in value.items() for one in changed(entry)]
        if isinstance(value, list):
            return [[*value[:n], one, *value[n + 1 :]] for n, entry in enumerate(value) for one in changed(entry)]
        return [bad] if type(value) is int else []

    claims = changed(PROOF._replace(argument=FULL).to_json())
    assert len(claims) > 20
    for claim in claims:
        with pytest.raises(CertificateError):
            verify(PEAK, claim)


def test_mappings_with_odd_keys_and_containers() -> None:
    claim = PROOF.to_json()
    changes: list[Any] = [{1: 2}, {None: 1}, {"kinks": (0, 1, 2, 3, 4)}, {"signs": {0: claim["signs"][0]}}]
    for change in changes:
        with pytest.raises(CertificateError):
            verify(PEAK, {**claim, **change})
    with pytest.raises(CertificateError, match=r"kinks\[0\]: the number needs more than 100000 digits"):
        verify(PEAK, {**claim, "kinks": [10**100_000]})


@pytest.mark.parametrize("thing", [5, None, 1.5, [], (), b"bytes", object()], ids=lambda thing: type(thing).__name__)
def test_what_is_no_certificate_at_all(thing: Any) -> None:
    with pytest.raises(CertificateError, match="give a path, a mapping or a Certificate"):
        verify(PEAK, thing)


def test_thresholds_of_an_object_are_read_in_order() -> None:
    """Variables that are not sorted, repeated or times zero become the form that they are, and are looked at then."""
    odd = Threshold(((-1, 0), (1, 2), (0, 1), (1, -2)), ((9, 0), (0, -3)))
    certificate = load_certificate(PROOF._replace(argument=FULL._replace(thresholds=(odd,))))
    assert certificate.argument is not None
    assert certificate.argument.thresholds == (Threshold(((0, 1),), ((0, -3),)),)
    hidden = Threshold(((0, 1), (-1, 1)), ())  # a reader that believed the order would miss the threshold
    for thresholds, reason in (((hidden,), "not yet"), ((odd, hidden), "rules[0] uses"), ((hidden, odd), "not yet")):
        result = verify(PEAK, PROOF._replace(argument=FULL._replace(half=None, thresholds=thresholds)))
        assert reason in (result.reason or "")


@pytest.mark.parametrize("kind", ["literal", "atom", "hint", "kink", "sign", "kind"])
def test_long_numbers_have_short_reasons(kind: str) -> None:
    """Python refuses to write integers of more than 4,300 digits out in a message."""
    long = 10**5000
    claim = PROOF.to_json()
    changes: dict[str, dict[str, Any]] = {
        "literal": {"rules": [[long, 0]]},
        "atom": {"forms": [[2, 1]], "rules": [[1, long]]},
        "hint": {"derivation": [[0, long]]},
        "kink": {"kinks": [long]},
        "sign": {"signs": [{"kink": long, "sign": 1, "generators": []}]},
        "kind": {"signs": [{"kink": 4, "sign": 1, "generators": [0, long, 1]}]},
    }
    change = changes[kind]
    if kind == "kind":
        with pytest.raises(CertificateError, match=r"a number of 16610 bits is outside 0\.\.3"):
            verify(PEAK, {**claim, **change})
        return
    result = verify(PEAK, {**claim, **change})
    assert not result
    assert "a number of 16610 bits" in (result.reason or "")


def test_what_check_returns_is_read_again() -> None:
    """The object and its text are one claim."""
    for net in (ABS, PEAK):
        certificate = check(net, certify=True).certificate
        assert certificate is not None
        again = load_certificate(certificate)
        assert again == certificate
        assert again.dumps() == certificate.dumps()
        assert verify(net, json.loads(certificate.dumps())).verified
