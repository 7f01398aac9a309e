"""Claims that are changed or lent to other nets: what is false then, and what is still true."""

from __future__ import annotations

from corpus.claim_changes_functions import OF_FUNCTIONS
from corpus.claim_changes_sets import OF_SETS
from corpus.claim_edits import COMBINATION, EMPTY, LEFT, RIGHT, Change, edited
from corpus.edits import append, put

_ABS, _FALSE = "lent-to-the-abs", "lent-to-the-false-net"
_LENT = [
    Change("false-complete", _ABS, "that no direction matrix gives", net="abs", bound=True),
    Change("false-shortest-clarke-argued", _ABS, COMBINATION, net="abs", bound=True),
    Change("false-shortest-clarke-tree", _ABS, COMBINATION, net="abs", bound=True),
    Change("false-affine", _ABS, EMPTY, net="abs", bound=True),
    Change("abs-complete", _FALSE, "give no member, or one twice", net="false", bound=True),
    Change("abs-bent", _FALSE, "do not give two different Jacobians", net="false", bound=True),
    Change("abs-member-lexicographic", _FALSE, COMBINATION, net="false", bound=True),
    Change("abs-support-clarke-argued", _FALSE, "which the form does not have", net="false", bound=True),
    Change("abs-minimum", _FALSE, "which the form does not have", net="false", bound=True),
]

#: To a net with a smooth operation and the same F'.
_SMOOTH, _LEXICOGRAPHIC = "lent-to-a-smooth-net", put("statement", "lexicographic")
_TOO_MUCH, _REGION = "can only be about lexicographic subgradients", "the claim is about piecewise-linear nets"
_SETS = (
    "member-lexicographic",
    "member-clarke",
    "complete",
    "outside-clarke-argued",
    "shortest-clarke-tree",
    "minimum",
)
_TOLD = [Change(f"abs-{name}", _SMOOTH, _TOO_MUCH, net="abs-squared", bound=True) for name in _SETS]
_REGIONS = [
    Change(base, f"{_SMOOTH}-{name}", _REGION, (_LEXICOGRAPHIC,), **lent, bound=True)
    for base, name, lent in (
        ("abs-affine", "first", {"net": "abs-squared"}),
        ("abs-bent", "first", {"net": "abs-squared"}),
        ("abs-and-abs-layers-equal", "first", {"net": "abs-squared"}),
        ("abs-and-abs-layers-equal", "second", {"other": "abs-squared"}),
    )
]

CHANGES: list[Change] = [*OF_SETS, *OF_FUNCTIONS, *_LENT, *_TOLD, *_REGIONS]

STILL_TRUE: list[Change] = [
    *[Change(f"abs-{name}", _SMOOTH, "", (_LEXICOGRAPHIC,), net="abs-squared", bound=True) for name in _SETS],
    *edited("abs-member-clarke", ("of-lexicographic-ones", "", _LEXICOGRAPHIC)),
    *edited(
        "abs-member-clarke",
        ("numbers-spelled-otherwise", "", put("weights", ["0.25", 0.75]), put("vector", [["2/4"]])),
        ("members-exchanged", "", put("weights", ["3/4", "1/4"]), put("directions", [RIGHT, LEFT])),
        ("a-member-twice", "", put("weights", ["1/4", "1/4", "1/2"]), append("directions", RIGHT)),
    ),
    *edited("false-member-autodiff", ("zero-slopes-named", "", put("slopes.1", [1, 1, 0, 0]))),
    *edited(
        "abs-complete",
        ("closed-by-twice-as-much", "", put("tree.2", [-1, 0, 2, 1, 2])),
        ("closed-by-a-branch-twice", "", put("tree.2", [-1, 0, 1, 1, 1, 0, 1, 1, 1])),
    ),
    *edited("abs-shortest-clarke-tree", ("by-one-leaf", "", put("tree", [[-2]]))),
    *edited("abs-outside-clarke-argued", ("functional-scaled", "", put("outputs", [3]), put("bound", 3))),
    *edited("abs-outside-clarke-argued", ("about-lexicographic-hull", "", put("bound", 1))),
    *edited("abs-support-clarke-tree", ("about-lexicographic", "", put("set", "lexicographic"))),
    *edited("abs-support-lexicographic-argued", ("about-clarke", "", put("set", "clarke"))),
    *edited("saddle-descent-2", ("on-the-border-of-a-constraint", "", put("constraints", [[1, 0], [0, 0], [0, 1]]))),
    *edited("zero-minimum", ("point-of-any-length-without-constraints", "", put("interior", [1, 2, 3]))),
    *edited("abs-bent", ("without-constraints", "", put("constraints", []))),
    *edited(
        "relu-outside-clarke-tree",
        (
            "below-zero-by-an-undecided-kink",
            "",
            put("functional", [[-1]]),
            put("bound", 0),
            put("vector", [["-1/2"]]),
            put("tree", [[-2]]),
        ),
    ),
    *edited(
        "down-outside-clarke-tree",
        ("above-zero", "", put("functional", [[1]]), put("bound", 0), put("vector", [["1/2"]]), put("tree", [[-2]])),
        ("above-zero-by-branches", "", put("functional", [[1]]), put("bound", 0), put("vector", [["1/2"]])),
    ),
    *edited(
        "cancel-outside-clarke-tree",
        (
            "intervals-of-what-is-added-up",
            "",
            put("functional", [[1]]),
            put("bound", 1),
            put("vector", [["3/2"]]),
            put("tree", [[-2]]),
        ),
    ),
    *edited(
        "nested-outside-lexicographic-tree",
        (
            "of-clarke-by-a-leaf",
            "",
            put("set", "clarke"),
            put("functional", [[1, 0]]),
            put("bound", 1),
            put("vector", [[2, 0]]),
            put("tree", [[-2]]),
        ),
    ),
    *edited("cancel-complete", ("by-a-leaf-with-an-undecided-kink", "", put("tree", [[-2]]))),
    Change("abs-and-abs-layers-equal", "the-other-at-another-point", "", other="abs-moved", bound=True),
    *edited("saddle-and-saddle-bent-different", ("on-the-border", "", put("constraints.0", [1, 0, 10]))),
    *edited(
        "twice-outside-clarke-argued",
        (
            "rows-of-two-members",
            "",
            put("vector", [[1, "1/2"], [-1, "1/2"], [1, 0]]),
            put("outputs", [1, -1, 0]),
            put("direction", [1, 0]),
            put("bound", 0),
            put(
                "argument",
                {
                    "kinks": [0, 1, 2, 3],
                    "signs": [],
                    "half": None,
                    "forms": [],
                    "rules": [],
                    "lemmas": [],
                    "derivation": [],
                },
            ),
        ),
    ),
]
