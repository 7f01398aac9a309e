"""Changes in the steps of ``unique`` certificates: lemmas, derivations, and whole arguments on other nets."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.cases import Case, false, true
from corpus.edits import append, cut, insert, lemma, negate, plus, put, scale, shift, turn

_HUGE = 10**1000
#: The generators of the first lemma of norms-phase.
_FIRST = (4, 1, 1, 3, 0, 1, 1, 2, 1, 0, 3, 1)


def lemmas() -> Iterator[Case]:
    """``lemmas``: multipliers, generators, rows that are not strict."""
    base = "norms-phase"
    literals, strict, zero = "names literal", "has no strict row", "does not sum to zero"
    yield false(base, "lemma-literal-zero", f"lemmas[0] {literals} 0", put("lemmas.0.clause.0", 0))
    yield false(base, "lemma-literal-beyond", f"lemmas[0] {literals} 8, there are 7", put("lemmas.0.clause.1", 8))
    yield false(base, "lemma-literal-far-below", f"lemmas[0] {literals} -8", put("lemmas.0.clause.1", -8))
    yield false(
        base, "lemma-multiplier-missing", "lemmas[0] has 2 multipliers for 3 literals", cut("lemmas.0.multipliers.2")
    )
    yield false(
        base, "lemma-multiplier-too-many", "lemmas[0] has 4 multipliers for 3", append("lemmas.0.multipliers", 0)
    )
    yield false(base, "lemma-literal-without-multiplier", "has 3 multipliers for 4", append("lemmas.0.clause", 5))
    yield false(
        base, "lemma-multiplier-negative", "lemmas[0] has a negative multiplier", put("lemmas.0.multipliers.1", -1)
    )
    yield false(base, "lemma-multipliers-negative", "lemmas[4] has a negative multiplier", scale(4, -1))
    yield false(
        base, "lemma-generator-negative", "lemmas[0] has a negative multiplier", put("lemmas.0.generators.2", -1)
    )
    yield false(
        base,
        "lemma-generator-negative-and-positive",
        "lemmas[0] has a negative",
        append("lemmas.0.generators", 2, 0, 2, 2, 0, -2),
    )
    yield false(base, "lemma-multiplier-huge", f"lemmas[0] {zero}", put("lemmas.0.multipliers.0", _HUGE))
    yield false(base, "lemma-generator-huge", f"lemmas[0] {zero}", plus("lemmas.0.generators.2", _HUGE))
    yield false(base, "lemma-rounded", f"lemmas[0] {zero}", scale(0, _HUGE), plus("lemmas.0.generators.5", -1))
    yield false(base, "lemma-atom-beyond", "lemmas[0] names atom 5, there are 5", put("lemmas.0.generators.0", 5))
    yield false(base, "lemma-atom-beyond-times-zero", "lemmas[0] names atom 5", append("lemmas.0.generators", 5, 0, 0))
    yield false(base, "lemma-atom-negative", "lemmas[0] names atom -1", append("lemmas.0.generators", -1, 0, 0))
    yield false(base, "lemma-passing-not-supposed", "lemmas[0] takes atom 1 to pass", put("lemmas.0.clause.1", 3))
    yield false(base, "lemma-blocked-not-supposed", "lemmas[0] takes atom 0 to block", put("lemmas.0.clause.2", -4))
    yield false(
        base, "lemma-passing-times-zero", "lemmas[0] takes atom 2 to pass", append("lemmas.0.generators", 2, 2, 0)
    )
    yield false(
        base, "lemma-blocked-times-zero", "lemmas[0] takes atom 2 to block", append("lemmas.0.generators", 2, 3, 0)
    )
    yield false(
        base, "lemma-passing-where-blocked", "lemmas[0] takes atom 0 to pass", append("lemmas.0.generators", 0, 2, 0)
    )
    yield false(
        base, "lemma-blocked-where-passing", "lemmas[0] takes atom 1 to block", append("lemmas.0.generators", 1, 3, 0)
    )
    yield false(base, "lemma-of-another-net", "lemmas[0]", put("lemmas.0", lemma([-1, 4], [1, 0], 5, 3, 1)))
    for name, entry in (
        ("empty", lemma([], [])),
        ("all-zero", lemma([-1, -3, 4], [0, 0, 0])),
        ("one-literal-zero", lemma([1], [0])),
        ("opposite-objectives", lemma([1, 2], [1, 1])),
        ("a-form-over-atoms-and-its-opposite", lemma([1, -1], [0, 0])),
        ("generators-that-cancel", lemma([-3, 5], [0, 0], 1, 0, 3, 1, 1, 2, 1, 2, 2, 1, 0, 0)),
        ("of-weak-rows", lemma([5, 1, 2], [0, 4, 4])),
    ):
        reason = f"lemmas[7] {zero}" if name == "generators-that-cancel" else f"lemmas[7] {strict}"
        yield false(base, f"lemma-not-strict-{name}", reason, append("lemmas", entry), shift(10, 1))
    first = append("forms", [2, 1], [2, -1])  # literals 8 and 9: the first atom is positive, is negative
    no_phase = append("lemmas", lemma([8, 9], [1, 1]))
    yield false(base, "lemma-not-strict-first-atom", f"lemmas[7] {strict}", first, no_phase, shift(10, 1))
    for name, entry in (
        ("input-form-and-its-negation", lemma([4, -4], [1, 1])),
        ("atom-form-and-its-negation", lemma([1, -1], [1, 1])),
        ("literal-twice", lemma([-1, -1, -3, 4], [1, 0, 0, 0], *_FIRST)),
        ("literal-that-is-not-needed", lemma([-1, -3, 4, 5, -7], [1, 0, 0, 0, 0], *_FIRST)),
        ("generators-in-parts", lemma([-1, -3, 4], [2, 0, 0], *_FIRST, *_FIRST)),
        ("negative-input-literals", lemma([4, 3, -6], [1, 1, 1])),
        ("positive-input-literals", lemma([-4, -3, 6], [1, 1, 1])),
        ("phases-of-an-atom", lemma([4, -4], [1, 1], 0, 2, 1, 0, 0, 1, 0, 3, 1, 0, 1, 1)),
    ):
        yield true(base, f"lemma-{name}", append("lemmas", entry), shift(10, 1))
    yield true(base, "lemma-tripled", scale(0, 3))
    yield true(base, "lemma-times-1000-digits", scale(4, _HUGE))
    yield true(base, "lemma-generator-times-zero", append("lemmas.0.generators", 4, 0, 0, 2, 1, 0))
    yield false("norms-circuit", "gordan-multiplier", f"lemmas[2] {zero}", plus("lemmas.2.multipliers.2", 1))
    yield false("norms-circuit", "gordan-with-a-generator", f"lemmas[2] {zero}", append("lemmas.2.generators", 0, 0, 1))
    yield false("norms-circuit", "gordan-literal-flipped", f"lemmas[2] {zero}", negate("lemmas.2.clause.0"))


def derivations() -> Iterator[Case]:
    """``derivation``: hints and clauses."""
    base, end = "norms-phase", "its hints do not end in a violated clause"
    yield false(base, "step-literal-beyond", "derivation[0] names literal -8", put("derivation.0", [-8, 0, 2]))
    yield false(
        base, "step-literal-just-beyond", "derivation[0] names literal 8, there are 7", put("derivation.0", [8, 0, 2])
    )
    yield false(
        base,
        "step-first-hint-violated-too-early",
        "derivation[0]: its hint 4 leaves 0 literals",
        put("derivation.0", [-1, 0, 2, 3, 4, 4]),
    )
    yield false(base, "step-hints-end-early", f"derivation[0]: {end}", put("derivation.0", [-1, 0, 2, 3]))
    yield false(base, "step-no-hints", f"derivation[0]: {end}", put("derivation.0", [-1, 0]))
    yield false(base, "step-nothing", f"derivation[0]: {end}", put("derivation.0", [0]))
    yield false(
        base, "step-empty-from-one-clause", "derivation[0]: its hint 1 leaves 2 literals", put("derivation.0", [0, 1])
    )
    yield false(
        base, "step-tautology-without-hints", f"derivation[0]: {end}", insert("derivation.0", [1, -1, 0]), shift(10, 1)
    )
    yield false(
        base,
        "step-hint-out-of-order",
        "derivation[0]: its hint 3 leaves 2 literals",
        put("derivation.0", [-1, 0, 3, 2, 4]),
    )
    yield false(base, "step-second-zero", "derivation[0] has the hint 0", put("derivation.0", [-1, 0, 2, 0, 3, 4]))
    yield false(base, "step-hint-huge", "derivation[0] has the hint", put("derivation.0", [-1, 0, 2, 10**30]))
    yield false(base, "step-false-after-the-empty-one", "derivation[6]", append("derivation", [5, 0, 1]))
    yield false(base, "derivation-none", "the empty clause is not derived", put("derivation", []))
    yield false(base, "derivation-not-to-the-end", "the empty clause is not derived", cut("derivation.5"))
    yield false(
        base,
        "derivation-a-unit-for-the-end",
        "the empty clause is not derived",
        put("derivation.5", [5, 0, 14, 13, 11, 5]),
    )
    yield false(base, "derivation-backwards", "derivation[0]", turn("derivation"))
    yield false("signs", "derivation-invented", "derivation[0] has the hint 2", put("derivation", [[0, 2]]))
    yield false(
        "unsat-circuit", "derivation-of-another-proof", "derivation[0]", put("derivation", [[1, 0, 6, 1], [4, 0, 7, 3]])
    )
    yield true(base, "step-twice", insert("derivation.0", [-1, 0, 2, 3, 4]), shift(10, 1))
    yield true(base, "step-after-the-empty-one", append("derivation", [-2, 0, 15]))
    yield true(base, "step-weaker", insert("derivation.0", [1, 2, 5, 2, 0, 1]), shift(10, 1))
    yield true(base, "step-tautology", insert("derivation.0", [1, -1, 2, 0, 1]), shift(10, 1))
    yield true(base, "step-hint-true-already", put("derivation.0", [-1, 0, 2, 2, 3, 4]))
    yield true("signs", "step-from-the-empty-clause", put("derivation", [[0, 1]]))


def lent() -> Iterator[Case]:
    """A true argument of one net for another, with the right digest."""
    half, sign_step = "half: the objectives are not seen to be the same at -d", "the generators do not give the form"
    for base, net, reason in (
        ("norms-phase", "norms-weight", half),
        ("norms-circuit", "norms-weight", half),
        ("norms-phase", "norms-point", "is no kink at the point"),
        ("norms-phase", "norms-op", half),
        ("norms-phase", "norms-output", half),
        ("norms-phase", "unsat", "kinks[7]: relu 8 is no kink at the point"),
        ("unsat-circuit", "unsat-open", half),
        ("unsat-phase", "unsat-open", half),
        ("unsat-circuit", "sat", "which is not listed before it"),
        ("lattice-circuit", "lattice-open", "rules[0] uses the relu rule on atom 4"),
        ("lattice-phase", "lattice-open", "forms[3] is zero, or names a variable that there is not"),
        ("bend-up", "bend-up-open", "the empty clause is not derived"),
        ("bend-like-it", "bend-elsewhere", "the empty clause is not derived"),
        ("signs", "signs-open", f"{sign_step} of kink 4"),
        ("around", "around-bent", "the empty clause is not derived"),
        ("identity", "abs", "the empty clause is not derived"),
        ("identity", "relu", "kinks[1]: relu 1 is no kink at the point"),
        ("needle-shut", "needle", f"{sign_step} of kink 0"),
        ("sign-up", "abs", "kinks[2]: relu 2 is no kink at the point"),
    ):
        yield false(base, f"on-{net}", reason, net=net)
    yield true("norms-phase", "on-norms-scaled", net="norms-scaled")
    yield true("norms-circuit", "on-norms-inputs", net="norms-inputs")


TABLES = (lemmas, derivations, lent)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in TABLES:
        yield from table()
