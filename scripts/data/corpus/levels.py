"""Changes of ``levels``: which atoms compare which lattice forms, which forms are summed, and whole forgeries."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.cases import NEW_UNIQUE, Case, false, true
from corpus.edits import append, cut, insert, lemma, matrix, negate, plus, put, shift, stretch

_BASE = "spread"
_DIFFERENCE = "is not relu of the difference of these forms"
_NO_FORM, _UNKNOWN = (
    "names a form that there is not, or not yet",
    "is zero, or names a variable that is not among those",
)
_POSITIVE = "is positive somewhere"
_HUGE = 10**1000


def atoms() -> Iterator[Case]:
    """Triples with other atoms and other numbers."""
    for name, atom in (("beyond", 5), ("negative", -1), ("far-beyond", 10**30)):
        reason = f"levels.atoms[9] names atom {atom}, there are 5" if atom < 10**9 else "levels.atoms[9] names atom"
        yield false(_BASE, f"levels-atom-{name}", reason, put("levels.atoms.9", atom))
    yield false(_BASE, "levels-atom-another", f"levels.atoms[9]: atom 4 {_DIFFERENCE}", put("levels.atoms.9", 4))
    for place, key in ((10, "high"), (11, "low")):
        where = f"levels.atoms.{place}"
        for name, number in (("next", 10), ("negative", -1), ("far-beyond", 10**30)):
            yield false(_BASE, f"levels-{key}-{name}", f"levels.atoms[9] {_NO_FORM}", put(where, number))
        for by in (1, -1):
            name = f"levels-{key}-{'plus' if by > 0 else 'minus'}-one"
            yield false(_BASE, name, f"levels.atoms[9]: atom 3 {_DIFFERENCE}", plus(where, by))
    exchanged = put("levels.atoms.10", 4), put("levels.atoms.11", 3)
    yield false(_BASE, "levels-sides-exchanged", f"levels.atoms[9]: atom 3 {_DIFFERENCE}", *exchanged)
    first = [cut("levels.atoms.0") for _ in range(3)]
    yield false(_BASE, "levels-first-left-out", f"levels.atoms[6]: atom 3 {_DIFFERENCE}", *first)
    last = [cut("levels.atoms.-1") for _ in range(3)]
    yield false(_BASE, "levels-last-left-out", f"levels.forms[0] {_UNKNOWN}", *last)
    yield false(_BASE, "levels-no-atoms", f"levels.forms[0] {_UNKNOWN}", put("levels.atoms", []))
    again = append("levels.atoms", 3, 3, 4)
    yield true(_BASE, "levels-atom-twice", again)
    yield true(_BASE, "levels-more-of-no-use", append("levels.atoms", 0, 1, 2, 0, 1, 2))
    moved = [3, 3, 4, 0, 1, 2, 1, 2, 3, 2, 1, 3, 4, 5, 3]
    yield false(_BASE, "levels-before-what-it-compares", f"levels.atoms[0] {_NO_FORM}", put("levels.atoms", moved))
    order = [1, 2, 3, 2, 1, 3, 0, 1, 2, 3, 3, 8, 4, 9, 3]
    yield true(_BASE, "levels-in-another-order", put("levels.atoms", order))


def forms() -> Iterator[Case]:
    """Other sums."""
    for place in (0, 1):
        where = f"levels.forms.{place}"
        entry = f"levels.forms[{place}]"
        for name, form in (("empty", []), ("zero", [0, 0]), ("an-atom-beyond", [8, -1]), ("a-threshold", [-1, 1])):
            yield false(_BASE, f"levels-form-{place}-{name}", f"{entry} {_UNKNOWN}", put(where, form))
        for name, form in (("an-input", [0, 1]), ("minus-an-input", [0, -1]), ("an-atom", [3, 1])):
            yield false(_BASE, f"levels-form-{place}-{name}", f"{entry} {_POSITIVE}", put(where, form))
        for index in (1, 5, 13):
            other = place == 1 and index > 1  # another sum that is nowhere positive, but not the goal
            reason = "derivation[0]: its hints do not end" if other else f"{entry} {_POSITIVE}"
            yield false(_BASE, f"levels-form-{place}-entry-{index}-negated", reason, negate(f"{where}.{index}"))
        yield true(_BASE, f"levels-form-{place}-doubled", stretch(where, 2))
        yield true(_BASE, f"levels-form-{place}-huge", stretch(where, _HUGE))
        yield true(_BASE, f"levels-form-{place}-in-parts", append(where, 0, 5, 7, 3, 7, -3, 0, -5))
    small = f"levels.forms[0] {_POSITIVE}"
    yield false(
        _BASE,
        "levels-form-with-a-small-excess",
        small,
        stretch("levels.forms.0", _HUGE),
        append("levels.forms.0", 7, 1),
    )
    # Half of the excess of max over a value, and other sums that are nowhere positive: they are stated, and not needed.
    for name, form in (("minus-an-atom", [7, -1]), ("minus-an-excess", [0, 1, 1, -1, 3, -1])):
        yield true(_BASE, f"levels-more-{name}", append("levels.forms", form), put("derivation.0", [0, 2, 3, 1]))
    yield true(_BASE, "levels-more-before", insert("levels.forms.0", [7, -1]), shift(2, 1))
    yield false(_BASE, "levels-more-before-and-nothing-moved", "derivation[0]", insert("levels.forms.0", [7, -1]))


def without() -> Iterator[Case]:
    """Left out, and for other nets."""
    hint = "derivation[0] has the hint"
    yield false(_BASE, "levels-left-out", hint, cut("levels"))
    yield false(_BASE, "levels-no-forms", hint, put("levels.forms", []))
    yield false(_BASE, "levels-form-0-left-out", hint, cut("levels.forms.0"))
    yield false(
        _BASE,
        "levels-form-0-twice",
        "derivation[0]: its hints do not end",
        insert("levels.forms.0", [1, -1, 2, 1, 3, -1, 4, 1, 5, 1, 6, -1, 7, -1]),
    )
    yield false(_BASE, "on-spread-open", "derivation[0]: its hint 1 leaves 2", net="spread-open")


def forgeries() -> Iterator[Case]:
    """Arguments about relu(min(y, x - y)), whose second atom compares what is no lattice form, g being 0."""
    parts = {"directions": [matrix([[1, 2]], 0)], "kinks": [1, 0], "lemmas": [lemma([-2], [1], 3, 0, 1)]}
    goal = [3, 1]  # a_1 > 0; its opposite is never so

    def forged(name: str, reason: str, triples: list[int]) -> Case:
        levels = {"atoms": triples, "forms": [goal]}
        steps = {**parts, "levels": levels, "derivation": [[0, 2, 3, 1]]}
        return false(NEW_UNIQUE, name, reason, *(put(key, value) for key, value in steps.items()), net="between")

    yield forged("levels-of-no-lattice-form", f"levels.atoms[0]: atom 1 {_DIFFERENCE}", [1, 2, 0])
    yield forged("levels-of-no-difference", f"levels.atoms[0]: atom 1 {_DIFFERENCE}", [1, 0, 0])
    yield forged("levels-of-no-atom", f"levels.forms[0] {_UNKNOWN}", [])


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (atoms, forms, without, forgeries):
        yield from table()
