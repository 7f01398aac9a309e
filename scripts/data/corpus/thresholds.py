"""Changes of ``thresholds``: what an entry may name, which literals and clauses it brings, and whole forgeries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.cases import NEW_UNIQUE, Case, false, true
from corpus.edits import (
    Edit,
    append,
    cut,
    insert,
    lemma,
    matrix,
    plus,
    put,
    renumber,
    shift,
    sign,
    stretch,
    threshold,
    turn,
)

_HUGE = 10**1000
_UNKNOWN, _ZERO = "names a variable that there is not, or not yet", "supposes that zero is positive"
_NO_FORM = "is zero, or names a variable that there is not"
#: The two sides of max-ways, as its certificates write them.
_ONE, _OTHER = [0, 1, 3, 1, 4, 1], [0, 1, 6, 1]


def names() -> Iterator[Case]:
    """Entries that name themselves, later ones, no thresholds, no atoms, or nothing at all."""
    for base, beyond, last in (("max-ways", 7, 1), ("sums-ways", 9, 2)):
        for place in (0, last):
            for key in ("form", "part"):
                entry, where = f"thresholds[{place}] {_UNKNOWN}", f"thresholds.{place}.{key}"
                file = f"threshold-{place}-{key}-names"
                for name, variable in (
                    ("itself", -place - 1),
                    ("the-next-one", -place - 2),
                    ("a-far-one", -(10**30)),
                    ("an-atom-beyond", beyond),
                ):
                    yield false(base, f"{file}-{name}", entry, append(where, variable, 1))
                yield true(base, f"{file}-itself-and-cancels", append(where, -place - 1, 5, -place - 1, -5))
    base = "max-ways"
    for name, form in (("empty", []), ("zero", [0, 0]), ("cancels", [3, 1, 3, -1])):
        yield false(base, f"threshold-form-{name}", f"thresholds[0] {_ZERO}", put("thresholds.0.form", form))
    yield false(base, "threshold-last-form-empty", f"thresholds[1] {_ZERO}", put("thresholds.1.form", []))
    yield true(base, "threshold-form-in-parts", append("thresholds.0.form", 0, 5, 3, 2, 3, -2, 0, -5))
    yield true(base, "threshold-part-in-parts", put("thresholds.1.part", [6, 3, 0, 1, 6, -2]))


#: What comes of each change of the first entry, and of the last one; None: the claim stays true.
_RULE, _SUM = "uses the relu rule on atom", "does not sum to zero"
_CHANGED: dict[str, dict[str, tuple[str | None, str | None]]] = {
    "max-ways": {
        "form-doubled": ("derivation[0]: its hint 12 leaves 3", "derivation[1]: its hint 15 leaves 3"),
        "part-doubled": ("derivation[0]: its hint 12 leaves 3", "derivation[1]: its hint 15 leaves 3"),
        "form-turned-round": ("derivation[0]: its hint 2 leaves 2", "derivation[0]: its hint 14 leaves 3"),
        "part-turned-round": ("derivation[0]: its hint 13 leaves 2", "derivation[0]: its hint 13 leaves 2"),
        "form-plus-one": (f"rules[1] {_RULE} 3", f"rules[3] {_RULE} 1"),
        "part-plus-a-multiple-of-an-input": (None, None),
        "part-empty": (f"rules[0] {_RULE} 1", f"rules[2] {_RULE} 3"),
    },
    "sums-ways": {
        "form-doubled": (f"rules[4] {_RULE} 3", f"lemmas[4] {_SUM}"),
        "part-doubled": (f"rules[4] {_RULE} 3", f"lemmas[4] {_SUM}"),
        "form-turned-round": (f"rules[4] {_RULE} 3", f"lemmas[4] {_SUM}"),
        "part-turned-round": (f"rules[4] {_RULE} 3", f"lemmas[4] {_SUM}"),
        "form-plus-one": (f"rules[2] {_RULE} 4", f"rules[3] {_RULE} 2"),
        "part-plus-a-multiple-of-an-input": (f"rules[4] {_RULE} 3", None),
        "part-empty": (f"rules[0] {_RULE} 0", f"rules[2] {_RULE} 4"),
    },
    "square-ways": {
        "form-doubled": (f"lemmas[0] {_SUM}", f"lemmas[3] {_SUM}"),
        "part-doubled": (f"lemmas[0] {_SUM}", f"lemmas[3] {_SUM}"),
        "form-turned-round": (f"lemmas[0] {_SUM}", f"lemmas[3] {_SUM}"),
        "part-turned-round": (f"lemmas[0] {_SUM}", f"lemmas[3] {_SUM}"),
        "form-plus-one": (f"rules[2] {_RULE} 1", f"rules[2] {_RULE} 1"),
        "part-plus-a-multiple-of-an-input": (None, None),
        "part-empty": (f"rules[0] {_RULE} 2", f"rules[1] {_RULE} 4"),
    },
}


def _changes(place: int) -> Iterator[tuple[str, Edit]]:
    form, part = f"thresholds.{place}.form", f"thresholds.{place}.part"
    yield "form-doubled", stretch(form, 2)
    yield "part-doubled", stretch(part, 2)
    yield "form-turned-round", stretch(form, -1)
    yield "part-turned-round", stretch(part, -1)
    yield "form-plus-one", plus(f"{form}.1", 1)
    yield "part-plus-a-multiple-of-an-input", plus(f"{part}.1", _HUGE)
    yield "part-empty", put(part, [])


def changes() -> Iterator[Case]:
    """Other forms and parts.  A part may be moved by any form in the inputs: the threshold moves with it."""
    for base, last in (("max-ways", 1), ("sums-ways", 2), ("square-ways", 1)):
        for number, place in enumerate((0, last)):
            for name, edit in _changes(place):
                reason = _CHANGED[base][name][number]
                yield Case(base, f"threshold-{place}-{name}", reason, (edit,))
    both = put("thresholds.0.part", _OTHER), put("thresholds.1.part", _ONE)
    yield false("max-ways", "threshold-parts-exchanged", f"rules[0] {_RULE} 1", *both)
    yield true("max-ways", "threshold-doubled", stretch("thresholds.0.form", 2), stretch("thresholds.0.part", 2))


def places() -> Iterator[Case]:
    """Entries left out, added or exchanged: the numbers of the literals and clauses behind them move."""
    for base, first, last, other in (
        ("max-ways", f"rules[0] {_RULE} 1", f"rules[2] {_RULE} 3", f"rules[0] {_RULE} 1"),
        ("max-ways-ahead", f"forms[0] {_NO_FORM}", f"forms[0] {_NO_FORM}", "derivation[1]: its hint 4 leaves 2"),
        ("sums-ways", f"thresholds[0] {_UNKNOWN}", f"rules[2] {_RULE} 4", f"rules[0] {_RULE} 0"),
    ):
        gone = last if base == "max-ways-ahead" else "rules[0] names literal 3, there are 2"
        yield false(base, "thresholds-left-out", gone, cut("thresholds"))
        yield false(base, "thresholds-none", gone, put("thresholds", []))
        yield false(base, "threshold-0-left-out", first, cut("thresholds.0"))
        yield false(base, "threshold-last-left-out", last, cut("thresholds.-1"))
        yield false(base, "thresholds-exchanged", other, turn("thresholds"))
    again = threshold([3, 1, 4, 1, 6, -1], _ONE)
    yield false("max-ways", "threshold-twice", f"rules[2] {_RULE} 3", insert("thresholds.0", again))
    more = append("thresholds", threshold([0, -1], [0, 1]))  # 0 < -x, so x > t > 2 x
    yield false("max-ways", "threshold-more-and-nothing-moved", f"rules[4] {_RULE} 0", more)
    yield true("max-ways", "threshold-more", more, renumber(7, 3), shift(6, 2))
    yield true("max-ways-ahead", "threshold-more", more, renumber(17, 3), shift(6, 2))
    yield true("sums-ways", "threshold-more", more, renumber(9, 3), shift(8, 2))
    yield true("square-ways", "threshold-more", more, renumber(8, 2), shift(7, 2))  # x > 0 is literal 3 there
    ahead = append("forms", [-1, 1])
    yield true("max-ways", "form-names-a-threshold-ahead", ahead, renumber(3, 1))
    yield true("max-ways", "form-names-the-last-threshold-ahead", append("forms", [0, 3, -2, 1]), renumber(3, 1))
    yield false("max-ways", "form-ahead-and-nothing-moved", f"rules[0] {_RULE} 1", ahead)
    yield false("max-ways", "form-ahead-counted-behind-the-thresholds", f"rules[0] {_RULE} 1", ahead, renumber(7, 1))
    yield false(
        "max-ways",
        "rules-counted-before-the-thresholds",
        f"rules[1] {_RULE} 1",
        insert("rules.0", [1, 3]),
        renumber(3, 2),
    )
    yield false("max-ways", "rule-on-the-lower-side", f"rules[0] {_RULE} 1", put("rules.0", [4, 1]))
    yield false("max-ways-ahead", "form-ahead-left-out", "rules[0] names literal 16, there are 15", cut("forms.0"))
    for name, form in (("beyond", [-3, 1]), ("far-beyond", [0, 1, -(10**30), 1])):
        yield false("max-ways", f"form-of-a-threshold-{name}", f"forms[0] {_NO_FORM}", append("forms", form))
    yield false("max-ways-ahead", "form-of-a-threshold-beyond", f"forms[3] {_NO_FORM}", append("forms.3", -3, 1))


def elsewhere() -> Iterator[Case]:
    """Thresholds where none may stand: in ``half``, and by negative numbers of atoms."""
    for name, half in (("a-threshold", [-1, 1]), ("the-last-threshold", [0, 1, -2, 1])):
        yield false("square-ways", f"half-of-{name}", "half: not a nonzero form over the inputs", put("half", half))
    yield true("square-ways", "half-of-a-threshold-that-cancels", append("half", -1, 1, -1, -1))
    for base, literal, atom in (("max-ways", 3, -4), ("max-ways", 5, -5), ("sums-ways", 6, -6)):
        lacks = f"atom {atom}, which the form does not have"
        what = f"that-is-threshold-{literal // 2}"
        yield false(base, f"rule-atom-{what}", lacks, append("rules", [literal, atom]))
        for kind in range(4):
            more = append("lemmas", lemma([-literal], [0], atom, kind, 1))
            yield false(base, f"lemma-generator-{kind}-{what}", f"names atom {atom}", more)
        signs = put("signs", [sign(0, 1, atom, 0, 1)])
        yield false(base, f"sign-generator-{what}", "kink 0 has a generator that is none", signs)


def strictness() -> Iterator[Case]:
    """A form with an atom is not strict, thresholds or not; one of thresholds and inputs alone is."""
    base, zero = "max-ways", "lemmas[0] has no strict row"
    above = append("forms", [-1, -1, 0, 1, 6, 1])  # literal 3 says x + atom 6 > t_1; 5, which was 4, t_1 > x + atom 6
    edits = above, renumber(3, 1), shift(18, 1)
    yield false(
        base, "lemma-not-strict-with-a-threshold-and-an-atom", zero, *edits, append("lemmas", lemma([3, 5], [1, 1]))
    )
    yield true(base, "lemma-strict-for-a-negation", *edits, append("lemmas", lemma([3, -3], [1, 1])))
    yield true(base, "lemma-strict-without-atoms", append("lemmas", lemma([9, -9], [1, 1])), shift(18, 1))
    row = append("lemmas", lemma([8, -9, 10], [1, 1, 0]))  # z < t_1 < x, so x - z > 0, which no literal says
    yield false(base, "lemma-of-literals-without-atoms", "lemmas[0] does not sum to zero", row, shift(18, 1))
    yield true(
        base,
        "lemma-all-without-atoms",
        append("forms", [2, -1, 0, 1]),
        renumber(3, 1),
        append("lemmas", lemma([9, -3, -10], [1, 1, 1])),
        shift(18, 1),
    )


def lent() -> Iterator[Case]:
    """The arguments for nets for which they are false."""
    for base in ("max-ways", "max-ways-ahead"):
        yield false(base, "on-max-ways-open", "derivation[0]: its hints do not end", net="max-ways-open")
    yield false(
        "square-ways",
        "on-square-ways-open",
        "half: the objectives are not seen to be the same at -d",
        net="square-ways-open",
    )
    yield false("max-ways", "on-max3", "kinks[1]: relu 2 is no kink at the point", net="max3")


def _forgery(net: str, name: str, reason: str, **parts: Any) -> Case:
    return false(NEW_UNIQUE, name, reason, *(put(key, value) for key, value in parts.items()), net=net)


def forgeries() -> Iterator[Case]:
    """Whole arguments about minus-linear, relu(x) - x, with g = 0 for it: the goals are a - x and x - a.

    Literal 1 is a - x > 0, and 2 is never true; clause 1 says that one of them is.  Forged is a reason why not 1.
    """
    never = lemma([-2], [1], 0, 1, 1)
    goal = [1, 1, 0, -1]

    def forged(name: str, reason: str, thresholds: list[Any], *hints: int, **parts: Any) -> Case:
        parts = {"lemmas": [never], "derivation": [[0, *hints]], **parts}
        parts = {"directions": [matrix([], 0)], "kinks": [0], "thresholds": thresholds, **parts}
        return _forgery("minus-linear", name, reason, **parts)

    own = threshold(goal, [-1, 1, 1, -1, 0, 1])  # t - a + x > t
    yield forged("threshold-above-itself", f"thresholds[0] {_UNKNOWN}", [own], 4, 1, 2)
    circle = [threshold(goal, [-2, 1]), threshold(goal, [-1, 1])]  # t_2 > t_1 > t_2 - v and t_1 > t_2 > t_1 - v
    yield forged("thresholds-in-a-circle", f"thresholds[0] {_UNKNOWN}", circle, 6, 1, 2, 4)
    for name, form in (("empty", []), ("zero", [0, 0]), ("that-cancels", [1, 1, 1, -1])):
        nothing = [threshold(form, [0, 1])]  # x > t > x
        yield forged(f"threshold-of-a-form-{name}", f"thresholds[0] {_ZERO}", nothing, 2, 3)
    other = lemma([-4, 3], [1, 1], 0, 1, 1)  # true if the lower side were v - A
    steps = [[-1, 0, 2, 3, 4], [0, 6, 5, 1]]
    lower = {"lemmas": [other, never], "derivation": steps}
    low = [threshold(goal, [])]  # 0 > t > x - a
    yield forged("threshold-with-the-other-lower-side", "lemmas[0] does not sum to zero", low, **lower)
    atom = {"lemmas": [lemma([3], [1], -2, 0, 1), never]}  # t >= 0
    yield forged("threshold-for-an-atom", "lemmas[0] names atom -2, there are 1", low, 5, 1, 4, 2, **atom)
    negative = {
        "directions": [matrix([[-1]])],
        "kinks": [0],
        "thresholds": [threshold([0, -1], [])],  # 0 > t > x where x < 0, not where x > 0
        "lemmas": [lemma([-5, 4, -3], [1, 1, 1]), lemma([-1, 3], [1, 0], 0, 3, 1), lemma([-2], [1], 0, 0, 1)],
        "derivation": [[-3, 0, 2, 3, 4], [0, 6, 1, 5, 7]],
    }
    yield _forgery("relu", "threshold-of-a-negative-literal", "derivation[0]: its hint 2 leaves 2", **negative)
    half = {
        "directions": [matrix([], 0, 1)],
        "kinks": [0, 1, 2, 3, 4],
        "half": [-1, 1],  # t > 0
        "thresholds": [threshold([4, 1], [])],  # 0 > t
        "lemmas": [lemma([-2], [1], 2, 0, 1)],
        "derivation": [[0, 5, 1, 2, 3]],
    }
    yield _forgery("signs-open", "threshold-for-half", "half: not a nonzero form over the inputs", **half)


TABLES = (names, changes, places, elsewhere, strictness, lent, forgeries)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in TABLES:
        yield from table()
