"""Whole arguments for what is false, each with one step that is not right: the traps of SPEC 4 among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.cases import NEW_UNIQUE, Case, false, true
from corpus.edits import Edit, lemma, matrix, put, sign

_NOT_EMPTY = "the empty clause is not derived"
_HALF = "half: the objectives are not seen to be the same at -d"


def _argument(direction: list[int], **parts: Any) -> tuple[Edit, ...]:
    """An argument about the Jacobian of the piece that ``direction`` enters."""
    directions = [matrix([direction], *range(1, len(direction)))]
    return tuple(put(key, value) for key, value in {"directions": directions, **parts}.items())


def false_strictness() -> Iterator[Case]:
    """SPEC 4: F has its witnesses only where z = relu(x) - relu(y) vanishes.

    All lemmas but the last are right; "z > 0 or -z > 0" would be for a form in the inputs alone.
    Atoms: 0 relu(x), 1 relu(y), 2 relu(z), 3 relu(y - x), 4 and 5 the two summands of F.  Literals: 3 and
    4 are z > 0 and -z > 0, 5 and 6 say that the summands are positive, 7 is x > 0, 8 is y > 0.
    """
    forms = [[2, 1, 3, -1], [2, -1, 3, 1], [0, -1, 5, -1, 4, -4, 2, 1, 3, -1], [4, 1, 2, -1], [0, 1], [1, 1]]
    lemmas = [
        lemma([-2], [1], 4, 0, 1, 5, 0, 1),
        lemma([-1, 5, 6], [1, 0, 0], 4, 3, 1, 5, 3, 1),
        lemma([-3, -6], [0, 1], 2, 2, 1, 1, 0, 1),
        lemma([3, -6], [0, 1], 2, 3, 1, 0, 0, 1),
        lemma([-3, 7], [1, 0], 0, 3, 1, 1, 0, 1),
        lemma([-3, -5, -7], [3, 1, 1], 2, 1, 4, 3, 0, 1),
        lemma([-4, 8], [1, 0], 1, 3, 1, 0, 0, 1),
        lemma([-4, -5, -8], [1, 1, 1], 2, 0, 4, 3, 1, 1),
    ]
    derivation = [[-6, 0, 5, 4], [-3, -5, 0, 6, 7], [-4, -5, 0, 8, 9], [-5, 0, 12, 13, 10], [0, 2, 1, 11, 14, 3]]
    parts = {"kinks": [4, 5, 6, 3, 0, 1, 2], "forms": forms, "derivation": derivation}
    for name, lie, reason in (
        ("strict-phase-over-kinks", lemma([3, 4], [1, 1]), "lemmas[8] has no strict row"),
        ("strict-phase-by-zero-rows", lemma([3, 4, -7], [1, 1, 0]), "lemmas[8] has no strict row"),
        ("strict-phase-by-generators", lemma([3, 4], [0, 0], 2, 0, 0), "lemmas[8] has no strict row"),
        ("strict-phase-of-one-side", lemma([3, 8], [1, 0], 1, 3, 1, 0, 0, 1), "lemmas[8] has no strict row"),
    ):
        edits = _argument([1, 2], **parts, lemmas=[*lemmas, lie])
        yield false(NEW_UNIQUE, name, reason, *edits, net="trap")
    without = [
        [*step[: step.index(0)], 0, *(hint - (hint > 9) for hint in step[step.index(0) + 1 :])] for step in derivation
    ]
    edits = _argument([1, 2], **{**parts, "derivation": without}, lemmas=lemmas)
    yield false(NEW_UNIQUE, "strict-phase-silently", "derivation[3]", *edits, net="trap")
    negated = [[3 if entry == -4 else entry for entry in step] for step in derivation]
    edits = _argument([1, 2], **{**parts, "derivation": negated}, lemmas=[*lemmas, lemma([3, -3], [1, 1])])
    yield false(NEW_UNIQUE, "negation-for-the-opposite", "derivation[2]", *edits, net="trap")


def false_halves() -> Iterator[Case]:
    """Half-spaces for functions that are not symmetric."""
    block = lemma([-1, 3], [1, 0], 0, 3, 1)
    never = lemma([-2], [1], 0, 0, 1)
    steps = [[0, 2, 3, 4, 1]]
    argument = {"kinks": [0], "half": [0, -1], "lemmas": [block, never], "derivation": steps}
    yield false(NEW_UNIQUE, "half-relu", _HALF, *_argument([-1], **argument), net="relu")
    behind = {**argument, "half": [0, 1], "lemmas": [lemma([-1, -3], [1, 0], 0, 3, 1), never]}
    yield false(NEW_UNIQUE, "half-of-the-better-side", _HALF, *_argument([1], **behind), net="one-sided")
    nested = {"kinks": [0, 1, 2], "half": [0, 1]}
    yield false(NEW_UNIQUE, "half-unknown-on-the-other-side", _HALF, *_argument([-1, 1], **nested), net="nested")
    yield false(
        NEW_UNIQUE,
        "half-objectives-exchange-nothing",
        _HALF,
        *_argument([1], kinks=[0], half=[0, 1]),
        net="minus-linear",
    )
    yield true(NEW_UNIQUE, "half-not-needed", *_argument([1], kinks=[0, 1], half=[0, 1]), net="identity")
    yield true(NEW_UNIQUE, "half-without-atoms", *_argument([1, 0], half=[0, 1]), net="linear")


def false_rules() -> Iterator[Case]:
    """The relu rule read the wrong way, on relu(x) with g = 0 and on -relu(x)."""
    rules = {"kinks": [0], "rules": [[1, 0], [2, 0]]}
    #: Clauses: 1 {1, 2}; 2 {-1, 3}; 3 {-2} and 4 {-2, -3}, where 3 says x > 0.
    for hints in ([2, 3, 1], [2, 4, 1], [3, 2, 1], [4, 2, 1]):
        name = "rule-both-clauses-for-a-positive-coefficient-" + "".join(map(str, hints))
        edits = _argument([-1], **rules, derivation=[[0, *hints]])
        yield false(NEW_UNIQUE, name, "derivation[0]: its hint", *edits, net="relu")
    edits = _argument([-1], **rules, derivation=[[1, 0, 3, 1], [3, 0, 5, 2], [0, 6]])
    yield false(NEW_UNIQUE, "rule-argument-positive-is-no-contradiction", "derivation[2]", *edits, net="relu")
    rules = {"kinks": [0], "rules": [[2, 0], [1, 0]]}
    edits = _argument([-1], **rules, derivation=[[2, 0, 3, 1], [0, 5, 3]])
    yield false(NEW_UNIQUE, "rule-negative-coefficient", "derivation[1]: its hints do not end", *edits, net="concave")
    yield false(NEW_UNIQUE, "rule-nothing-derived", _NOT_EMPTY, *_argument([-1], **rules), net="concave")


def false_claims() -> Iterator[Case]:
    """Empty arguments, kinks that are not introduced, one objective of several."""
    for net, kinks in (("relu", [0]), ("abs", [0, 1]), ("hardtanh-corner", [0]), ("relu6-corner", [1])):
        yield false(NEW_UNIQUE, "nothing-argued", _NOT_EMPTY, *_argument([1], kinks=kinks), net=net)
        yield false(NEW_UNIQUE, "nothing-listed", "which is not listed before it", *_argument([1]), net=net)
    never = {"lemmas": [lemma([-2], [1], 0, 0, 1)], "derivation": [[1, 0, 2, 1]]}
    yield false(NEW_UNIQUE, "one-sign-only", _NOT_EMPTY, *_argument([-1], kinks=[0], **never), net="relu")
    first = {"lemmas": [lemma([-1], [1], 0, 0, 1)], "derivation": [[2, 0, 2, 1]]}
    yield false(NEW_UNIQUE, "first-sign-only", _NOT_EMPTY, *_argument([-1], kinks=[0], **first), net="concave")
    yield false(NEW_UNIQUE, "first-output-only", _NOT_EMPTY, *_argument([1], kinks=[0]), net="outputs-one")
    yield false(NEW_UNIQUE, "another-jacobian", _NOT_EMPTY, *_argument([1], kinks=[0]), net="minus-linear")
    for net in ("relu", "one-sided"):
        for value in (1, -1):
            edits = _argument([1], kinks=[0], signs=[sign(0, value)])
            yield false(NEW_UNIQUE, f"sign-{value}", "the generators do not give the form of kink 0", *edits, net=net)
    edits = _argument([1, 2], kinks=[0, 1, 2], signs=[sign(2, 1, 0, 0, 1)])
    yield false(NEW_UNIQUE, "sign-of-a-part", "the generators do not give the form of kink 2", *edits, net="nested")
    edits = _argument([1, 2], kinks=[0, 1, 2], signs=[sign(2, 1, 0, 0, 1, 1, 0, -1)])
    yield false(NEW_UNIQUE, "sign-by-a-negative-multiplier", "has a generator that is none", *edits, net="nested")
    edits = _argument([1, 2], kinks=[0, 1, 2], signs=[sign(2, 1, 0, 0, 1, 1, 3, 1)])
    yield false(NEW_UNIQUE, "sign-by-a-phase", "has a generator that is none", *edits, net="nested")


TABLES = (false_strictness, false_halves, false_rules, false_claims)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in TABLES:
        yield from table()
