"""Smooth operations: which statement is made, and proofs for nets with another derivative, value or denominator."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.cases import NEW_DISTINCT, Case, false, true
from corpus.edits import cut, matrix, put

_TOO_MUCH = "the net has smooth operations: the claim can only be about lexicographic subgradients"
_OPEN = "the empty clause is not derived"
_POLE = "the net has no derivative at the point"
_BENT = put("directions", [matrix([[1, 0]], 1), matrix([[-1, 0]], 1)])


def cases() -> Iterator[Case]:
    """All of them."""
    for net in ("other", "moved", "partial", "partials-exchanged"):
        yield false("product", f"for-{net}", _OPEN, net=f"product-{net}")
    yield false("product", "for-value", "kinks[0]: relu 0 is no kink at the point", net="product-value")
    yield false("quotient", "for-sign", _OPEN, net="quotient-sign")
    yield false("quotient", "for-pole", _POLE, net="quotient-pole")
    yield false("squares", "for-half", _OPEN, net="squares-half")
    yield false("powers", "for-exponent", "kinks[0]: relu 0 is no kink at the point", net="powers-exponent")
    yield false("powers", "for-pole", _POLE, net="powers-pole")
    for proof in ("product", "square-fold", "product-folds"):
        yield false(proof, "no-statement", _TOO_MUCH, cut("statement"))
        yield false(proof, "of-clarke", _TOO_MUCH, put("statement", "clarke"))
    yield true("product-fold", "of-lexicographic", put("statement", "lexicographic"))
    yield true("product-fold", "of-clarke", put("statement", "clarke"))
    yield true("product-smooth", "of-lexicographic", put("statement", "lexicographic"))
    yield true("norms-phase", "of-lexicographic", put("statement", "lexicographic"))
    yield true("max3", "of-clarke", put("statement", "clarke"))
    yield false(
        NEW_DISTINCT,
        "directions-of-a-fold",
        "the same Jacobian",
        _BENT,
        put("statement", "lexicographic"),
        net="product",
    )
