"""Changes in what the steps of ``unique`` certificates are made of: kinks, signs, half, forms, rules."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.cases import Case, false, true
from corpus.edits import append, cut, insert, negate, plus, put, shift, sign, turn

_NEEDED = "which is not listed before it"
_HUGE = 10**1000


def kinks() -> Iterator[Case]:
    """``kinks``: order, range, repetition."""
    yield false("norms-phase", "kink-beyond", "kinks[0]: relu 9 is no kink at the point", put("kinks.0", 9))
    yield false("norms-phase", "kink-far-beyond", "is no kink at the point", put("kinks.0", 10**30))
    yield false("norms-phase", "kink-negative", "kinks[0]: relu -1 is no kink at the point", put("kinks.0", -1))
    yield false("norms-phase", "kink-twice", "kinks[8]: kink 0 is listed twice", put("kinks.8", 0))
    yield false("norms-phase", "kink-twice-more", "kinks[9]: kink 4 is listed twice", append("kinks", 4))
    yield false("norms-phase", "kink-first-that-needs-others", _NEEDED, put("kinks", [4, 0, 1, 2, 3, 5, 6, 7, 8]))
    yield false("norms-phase", "kinks-backwards", _NEEDED, turn("kinks"))
    yield false("norms-phase", "kinks-none", _NEEDED, put("kinks", []))
    for place in range(9):
        yield false("norms-phase", f"kink-{place}-cut", _NEEDED, cut(f"kinks.{place}"))
    yield false("norms-phase", "kinks-exchanged", "lemmas[0]", put("kinks", [2, 3, 0, 1, 5, 6, 7, 8, 4]))
    yield false("blocked", "kink-that-blocks", "kinks[0]: relu 1 is no kink at the point", insert("kinks.0", 1))
    yield false("around", "relu-that-passes", "kinks[0]: relu 3 is no kink at the point", insert("kinks.0", 3))
    yield false("away-off", "relu-that-passes", "kinks[0]: relu 0 is no kink at the point", put("kinks", [0]))
    yield false("tower", "kinks-backwards", _NEEDED, turn("kinks"))
    yield false("deep", "kink-of-the-first-layer-cut", _NEEDED, cut("kinks.0"))
    yield false("identity", "one-kink", _NEEDED, put("kinks", [1]))
    yield false("names", "numbers-of-another-order", _NEEDED, put("kinks", [0]))
    yield true("dead", "kink-listed-though-not-needed", put("kinks", [0]))
    yield true("cancels", "kink-listed-though-it-cancels", put("kinks", [0]))
    yield true("identity", "kinks-in-the-other-order", turn("kinks"))
    yield true("max-min", "kinks-in-the-other-order", turn("kinks"))
    yield true("huge", "kinks-of-one-level-exchanged", put("kinks", [1, 0, 3, 2]))


def signs() -> Iterator[Case]:
    """``signs``: false facts, and true ones by wrong generators."""
    form, none = "the generators do not give the form of kink", "has a generator that is none"
    for base, kink in (("signs", 4), ("tower", 2), ("needle-shut", 0), ("deep", 3)):
        last = {"signs": 0, "tower": 1, "needle-shut": 0, "deep": 1}[base]
        place = f"signs.{last}"
        yield false(base, "sign-the-other-one", f"{form} {kink}", negate(f"{place}.sign"))
        yield false(base, "sign-generators-none", f"{form} {kink}", put(f"{place}.generators", []))
        yield false(base, "sign-multiplier-zero", f"{form} {kink}", put(f"{place}.generators.2", 0))
        yield false(base, "sign-generator-more", f"{form} {kink}", append(f"{place}.generators", 0, 1, 1))
        yield false(base, "sign-multiplier-negative", f"kink {kink} {none}", put(f"{place}.generators.2", -1))
        yield false(base, "sign-generator-passing", f"kink {kink} {none}", append(f"{place}.generators", 0, 2, 1))
        yield false(base, "sign-generator-blocked", f"kink {kink} {none}", append(f"{place}.generators", 0, 3, 1))
        yield false(base, "sign-atom-beyond", f"kink {kink} {none}", append(f"{place}.generators", 9, 0, 1))
        yield false(base, "sign-atom-negative", f"kink {kink} {none}", append(f"{place}.generators", -1, 0, 1))
        yield false(base, "sign-atom-beyond-times-zero", f"kink {kink} {none}", append(f"{place}.generators", 9, 0, 0))
    yield false("signs", "sign-multiplier-plus-one", f"{form} 4", plus("signs.0.generators.2", 1))
    yield false("signs", "sign-multiplier-huge", f"{form} 4", put("signs.0.generators.2", _HUGE))
    yield false("signs", "sign-atom-itself", f"kink 4 {none}", append("signs.0.generators", 2, 0, 0))
    yield false(
        "signs", "sign-negative-and-positive", f"kink 4 {none}", append("signs.0.generators", 0, 0, -1, 0, 0, 1)
    )
    yield false(
        "signs", "sign-of-a-kink-that-is-not-listed", "signs: kink 9 is not listed", append("signs", sign(9, 1))
    )
    yield false("signs", "sign-of-no-relu", "signs: kink -1 is not listed", append("signs", sign(-1, 1)))
    yield false("signs", "sign-invented", f"{form} 0", append("signs", sign(0, 1)))
    yield false("signs", "sign-of-the-kink-itself", f"kink 0 {none}", append("signs", sign(0, 1, 0, 0, 1)))
    yield false("signs", "sign-left-out", "the empty clause is not derived", put("signs", []))
    yield false("signs", "sign-kink-listed-before-its-generators", _NEEDED, put("kinks", [4, 0, 1, 2, 3]))
    yield false("signs", "sign-moved-to-another-kink", f"{form} 3", put("signs.0.kink", 3))
    yield false(
        "cancels", "sign-of-a-kink-not-listed", "signs: kink 0 is not listed", append("signs", sign(0, 1, 0, 0, 1))
    )
    yield false(
        "chain",
        "sign-of-a-zero-form",
        "signs: kink 0 is not listed, or has a zero form",
        put("kinks", [1, 0]),
        put("signs", [sign(0, 1)]),
    )
    yield true("signs", "sign-multiples", put("signs.0.generators", [0, 0, 5, 0, 1, 5, 1, 0, 2, 1, 1, 5, 1, 0, 3]))
    yield true("signs", "sign-last-one-counts", insert("signs.0", sign(4, 1, 7, 3, -1)))
    yield false("signs", "sign-last-one-is-false", f"{form} 4", append("signs", sign(4, -1, 0, 0, 1)))
    yield true("sign-up", "sign-multiple", put("signs.0.generators", [0, 0, 3]))
    yield true("chain", "dead-kink-listed-late", put("kinks", [2, 0]))
    yield true("chain", "dead-kinks-listed", put("kinks", [1, 0, 2]))
    yield true("deep", "sign-left-out-where-the-form-bends", cut("signs.0"))
    yield true("bend-none", "sign-where-the-form-bends", append("signs", sign(3, -1, 0, 0, 3, 0, 1, 1)))
    yield false("bend-up", "sign-of-a-form-of-two", f"{form} 1", append("signs", sign(1, 1, 0, 0, 1)))
    yield false("tower", "signs-left-out", "the empty clause is not derived", put("signs", []))


def halves() -> Iterator[Case]:
    """``half``: a form in the inputs, and symmetric objectives."""
    form = "half: not a nonzero form over the inputs"
    for base in ("norms-phase", "unsat-circuit"):
        for name, half in (
            ("empty", []),
            ("zero", [0, 0]),
            ("cancels", [1, 2, 1, -2]),
            ("of-an-atom", [2, 1]),
            ("of-an-atom-too", [0, 1, 2, 1]),
            ("of-no-input", [-1, 1]),
            ("far-beyond", [10**9, 1]),
        ):
            yield false(base, f"half-{name}", form, put("half", half))
        reason = "rules[2] names literal 5, there are 4" if base == "unsat-circuit" else "lemmas[0]"
        yield false(base, "half-left-out", reason, put("half", None))
    yield false("norms-phase", "half-of-the-other-side", "derivation[0]: its hint 3 leaves 2", put("half", [1, -1]))
    yield false("norms-phase", "half-of-another-form", "lemmas[0] takes atom 1 to pass", put("half", [0, 1]))
    yield true("norms-phase", "half-written-in-parts", put("half", [2, 1, 1, 5, 2, -1, 1, -4]))
    yield true("unsat-circuit", "half-scaled", put("half", [0, -7, 1, 7]))


def forms() -> Iterator[Case]:
    """``forms``: zero, out of range, left out."""
    wrong = "is zero, or names a variable that there is not"
    for name, form in (
        ("empty", []),
        ("zero", [0, 0]),
        ("cancels", [0, 1, 0, -1]),
        ("variable-beyond", [7, 1]),
        ("variable-far-beyond", [0, 1, 10**9, 1]),
        ("variable-negative", [-1, 1]),
    ):
        yield false("norms-phase", f"form-{name}", f"forms[0] {wrong}", put("forms.0", form))
    yield false("norms-phase", "form-zero-at-the-end", f"forms[4] {wrong}", append("forms", []))
    yield false("norms-phase", "form-last-left-out", "lemmas[3] names literal -7, there are 6", cut("forms.3"))
    yield false("norms-phase", "form-first-left-out", "lemmas[0]", cut("forms.0"))
    yield false("norms-phase", "form-coefficient-plus-one", "lemmas[2] takes atom 2 to pass", plus("forms.2.1", 1))
    yield false(
        "norms-phase", "form-of-atoms-negated", "lemmas[2] takes atom 4 to block", put("forms.1", [1, -1, 4, 1, 5, -1])
    )
    yield false("norms-phase", "forms-exchanged", "lemmas[0]", turn("forms"))
    yield true("norms-phase", "form-scaled", put("forms.0", [0, 7]))
    yield true("norms-phase", "form-in-parts", put("forms.0", [0, 7, 0, -4, 6, 2, 6, -2]))
    yield true("norms-phase", "forms-met-before", append("forms", [0, 1], [0, -1], [5, -2, 1, -2, 4, 2]))
    yield true("norms-phase", "form-of-the-last-atom", append("forms", [6, 1]))


def rules() -> Iterator[Case]:
    """``rules``: the relu rule on terms that are not there."""
    lacks = "which the form does not have"
    for base in ("norms-phase", "unsat-circuit"):
        count = {"norms-phase": 0, "unsat-circuit": 9}[base]
        atoms = {"norms-phase": 5, "unsat-circuit": 6}[base]
        place = f"rules[{count}]"
        yield false(base, "rule-literal-zero", f"{place} names literal 0", append("rules", [0, 0]))
        yield false(base, "rule-on-a-negation", f"{place} uses the relu rule on a negation", append("rules", [-1, 0]))
        yield false(base, "rule-literal-beyond", f"{place} names literal 99", append("rules", [99, 0]))
        yield false(base, "rule-atom-beyond", f"atom {atoms}, {lacks}", append("rules", [1, atoms]))
        yield false(base, "rule-atom-negative", f"atom -1, {lacks}", append("rules", [3, -1]))
        yield false(base, "rule-atom-that-is-an-input", f"atom -2, {lacks}", append("rules", [3, -2]))
    yield false("norms-phase", "rule-literal-just-beyond", "names literal 8, there are 7", append("rules", [8, 0]))
    yield false(
        "norms-phase",
        "rule-on-an-atom-that-is-not-there",
        f"rules[0] uses the relu rule on atom 3, {lacks}",
        append("rules", [1, 3]),
    )
    yield false("unsat-circuit", "rule-on-an-atom-inside-another", f"atom 4, {lacks}", put("rules.0", [2, 4]))
    yield false("unsat-circuit", "rules-backwards", "rules[0]", turn("rules"))
    yield false(
        "unsat-circuit",
        "rule-on-the-other-objective",
        "rules[0] names literal",
        turn("rules"),
        put("rules.0", [1, 5]),
        put("rules", [[13, 5]]),
    )
    yield true("norms-phase", "rules-not-needed", put("rules", [[1, 4], [2, 4]]), shift(3, 3))
    yield false("norms-phase", "rules-move-the-clauses", "derivation[0]", put("rules", [[1, 4], [2, 4]]))


TABLES = (kinks, signs, halves, forms, rules)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in TABLES:
        yield from table()
