"""False claims about members of the subdifferentials, bounds on them, and trees: true ones with something changed."""

from __future__ import annotations

from corpus.claim_edits import BOUND, COMBINATION, EMPTY, LEFT, NO_KINK, RIGHT, SUM, TREE, WEIGHTS, Change, edited
from corpus.edits import append, cut, insert, negate, put

_MEMBERS = [
    *edited(
        "abs-member-lexicographic",
        ("vector-the-other-one", COMBINATION, put("vector", [[1]])),
        ("vector-between", COMBINATION, put("vector", [[0]])),
        ("vector-empty", "vector is not 1 x 1", put("vector", [])),
        ("vector-two-rows", "vector is not 1 x 1", append("vector", [-1])),
        ("vector-two-columns", "vector is not 1 x 1", append("vector.0", 0)),
        ("weight-two", WEIGHTS, put("weights", [2])),
        ("weight-none", WEIGHTS, put("weights", [])),
        ("weights-two-for-one", WEIGHTS, put("weights", ["1/2", "1/2"])),
        ("members-none", WEIGHTS, put("directions", [])),
        ("nothing-at-all", WEIGHTS, put("directions", []), put("weights", [])),
        ("direction-the-other-one", COMBINATION, put("directions.0", RIGHT)),
        ("direction-singular", "singular", put("directions.0", {"leading": [[0]], "complete": []})),
        ("direction-of-two-inputs", "has 2 entries", put("directions.0.leading.0", [1, 0])),
        ("direction-beyond", "complete", put("directions.0", {"leading": [], "complete": [1]})),
    ),
    *edited(
        "abs-member-clarke",
        ("as-lexicographic", "not a combination of several", put("set", "lexicographic")),
        ("weights-negative", WEIGHTS, put("weights", ["-1/4", "5/4"]), put("vector", [["3/2"]])),
        ("weights-zero", WEIGHTS, put("weights", [0, 1]), put("vector", [[1]])),
        ("weights-below-one", WEIGHTS, put("weights", ["1/4", "1/2"]), put("vector", [["1/4"]])),
        ("weights-above-one", WEIGHTS, put("weights", ["1/2", 1]), put("vector", [["1/2"]])),
        ("weights-exchanged", COMBINATION, put("weights", ["3/4", "1/4"])),
        (
            "a-hair-off",
            COMBINATION,
            put("vector", [["5000000000000000000000000000001/10000000000000000000000000000000"]]),
        ),
        ("member-left-out", WEIGHTS, cut("directions.1")),
    ),
    *edited(
        "false-member-autodiff",
        ("slope-above-one", "a slope outside [0, 1]", put("slopes.0", [0, 1, 1, "3/2"])),
        ("slope-negative", "a slope outside [0, 1]", put("slopes.1", [0, "-1/2", 1, 1])),
        ("kink-twice", NO_KINK, put("slopes.0", [0, "1/2", 0, "1/2"])),
        ("kink-beyond", NO_KINK, put("slopes.0", [2, 1])),
        ("kink-negative", NO_KINK, put("slopes.0", [-1, 1])),
        ("slope-left-out", COMBINATION, put("slopes.0", [0, 1])),
        ("members-none", WEIGHTS, put("slopes", [])),
    ),
    *edited(
        "order-member-autodiff",
        ("relu-that-passes", NO_KINK, put("slopes.0", [0, 1])),
        ("relu-that-is-0", NO_KINK, put("slopes.0", [4, 0])),
    ),
    *edited(
        "twice-member-clarke",
        ("rows-that-do-not-go-together", COMBINATION, put("vector.1.0", "1/2")),
        ("output-left-out", "vector is not 3 x 2", cut("vector.0")),
        ("row-short", "vector is not 3 x 2", cut("vector.2.1")),
    ),
]

_OUTSIDE = [
    *edited(
        "abs-outside-lexicographic-tree",
        ("vector-of-a-leaf", "has the vector as its Jacobian", put("vector", [[-1]])),
        ("vector-of-the-other-leaf", "has the vector as its Jacobian", put("vector", [[1]])),
        ("vector-empty", "vector is not 1 x 1", put("vector", [])),
        ("leaf-too-early", "rests on a kink", put("tree", [[-2]])),
        ("leaf-half-way", "rests on a kink", put("tree", [[0], [-2], [-2]])),
        ("open-branch-closed", SUM, put("tree.3", [-1, 0, 1])),
    ),
    *edited(
        "abs-outside-clarke-argued",
        ("vector-inside", "not greater at the vector", put("vector", [[1]])),
        ("vector-within-the-other-way", "not greater at the vector", put("vector", [[-2]])),
        ("bound-lower", SUM, put("bound", "1/2"), put("vector", [["3/4"]])),
        ("bound-a-hair-lower", SUM, put("bound", "99999999999999999999/100000000000000000000")),
        ("about-autodiff", "nothing about the autodiff set", put("set", "autodiff")),
        ("direction-opposite", "not greater at the vector", negate("direction.0")),
        ("direction-longer", "direction has 2 entries", append("direction", 0)),
        ("direction-none", "direction has 0 entries", put("direction", [])),
        ("outputs-two", "outputs has 2 entries", append("outputs", 0)),
        ("outputs-none", "outputs has 0 entries", put("outputs", [])),
        ("half", "half: constraints need not hold", put("argument.half", [0, 1])),
        ("kink-of-the-net-only", "the kink", put("argument.kinks", [0, 1])),
        ("kink-beyond", "kinks", put("argument.kinks", [0, 1, 2, 4])),
        ("derivation-none", EMPTY, put("argument.derivation", [])),
        ("lemma-left-out", "has the hint 9", put("argument.lemmas", [])),
    ),
    *edited(
        "abs-outside-clarke-tree",
        ("vector-inside", "not greater at the vector", put("vector", [[1]])),
        ("bound-lower", BOUND, put("bound", "1/2"), put("vector", [["3/4"]])),
        ("about-autodiff-with-a-closed-branch", "which has no sign here", put("set", "autodiff")),
        ("functional-empty", "functional is not 1 x 1", put("functional", [])),
        ("functional-longer", "functional is not 1 x 1", append("functional.0", 0)),
        ("functional-opposite", "not greater at the vector", put("functional", [[-1]])),
    ),
    *edited(
        "false-outside-autodiff-tree",
        ("bound-lower", BOUND, put("bound", 3)),
        ("intervals-too-wide", BOUND, put("functional", [[-1]]), put("bound", -1), put("vector", [[-2]])),
        ("closed-branch", SUM, put("tree.2", [-1])),
        ("closed-branch-of-a-slope", "which has no sign here", put("tree.2", [-1, 0, 1])),
        ("as-clarke", "ends before", put("set", "clarke"), put("tree", [[0], [1], [-2], [-2], [1], [-2]])),
    ),
    *edited(
        "false-outside-clarke-tree",
        ("as-autodiff", "which has no sign here", put("set", "autodiff")),
        ("as-autodiff-by-leaves", BOUND, put("set", "autodiff"), put("tree", [[-2]])),
    ),
    *edited(
        "twice-outside-clarke-tree",
        ("vector-of-two-rows", "vector is not 3 x 2", cut("vector.0")),
        ("functional-of-two-rows", "functional is not 3 x 2", cut("functional.0")),
    ),
]

_BOUNDS = [
    *edited(
        "abs-support-lexicographic-argued",
        ("not-attained", "not attained by one member", put("bound", 5)),
        ("member-none", "not attained by one member", put("directions", [])),
        ("member-twice", "not attained by one member", append("directions", LEFT)),
        ("outputs-two", "outputs has 2 entries", append("outputs", 1)),
    ),
    *edited(
        "abs-support-clarke-tree",
        ("smaller-and-attained", BOUND, put("functional", [[-2]]), put("bound", -2), put("directions.0", RIGHT)),
        ("greater", "not attained by one member", put("bound", 3)),
    ),
    *edited(
        "false-support-autodiff-tree",
        ("two-members", "not attained by one member", append("slopes", [])),
        ("slopes-none", "not attained by one member", put("slopes", [])),
        ("of-one-kink", "not attained by one member", put("slopes.0", [0, 1])),
        ("of-one-kink-and-its-value", BOUND, put("slopes.0", [0, 1]), put("bound", 2)),
    ),
    *edited(
        "abs-shortest-clarke-argued",
        ("lexicographic", "a combination of several", put("set", "lexicographic")),
        (
            "lexicographic-of-one",
            "one of a convex set",
            put("set", "lexicographic"),
            put("directions", [RIGHT]),
            put("weights", [1]),
            put("vector", [[1]]),
        ),
        ("one-end", EMPTY, put("directions", [RIGHT]), put("weights", [1]), put("vector", [[1]])),
        ("off-the-middle", EMPTY, put("weights", ["1/4", "3/4"]), put("vector", [["1/2"]])),
    ),
    *edited(
        "abs-shortest-clarke-tree",
        ("off-the-middle", BOUND, put("weights", ["1/4", "3/4"]), put("vector", [["1/2"]])),
        ("vector-of-two", "vector is not 1 x 1", put("vector", [[0], [0]])),
    ),
    *edited(
        "false-shortest-autodiff-tree",
        ("not-in-the-set", COMBINATION, put("vector", [["-1/2"]])),
        ("the-only-subgradient", BOUND, put("vector", [[1]]), put("slopes", [[0, 1]])),
    ),
    *edited("abs-shortest-autodiff-tree", ("a-jacobian", BOUND, put("vector", [[1]]), put("slopes", [[0, 1]]))),
    *edited(
        "twice-shortest-clarke-tree",
        (
            "argued-of-three-outputs",
            "nets of one output",
            cut("tree"),
            put(
                "argument",
                {**{key: [] for key in ("kinks", "signs", "forms", "rules", "lemmas", "derivation")}, "half": None},
            ),
        ),
    ),
    *edited(
        "false-shortest-clarke-argued",
        (
            "about-autodiff",
            "nothing about the autodiff set",
            put("set", "autodiff"),
            cut("directions"),
            put("slopes", [[0, 1]]),
        ),
    ),
]

_TREES = [
    *edited(
        "abs-complete",
        ("member-left-out", "that no direction matrix gives", cut("directions.0")),
        ("other-member-left-out", "that no direction matrix gives", cut("directions.1")),
        ("members-none", "give no member, or one twice", put("directions", [])),
        ("member-twice", "give no member, or one twice", append("directions", {"leading": [[2]], "complete": []})),
        (
            "member-twice-as-identity",
            "give no member, or one twice",
            append("directions", {"leading": [], "complete": [0]}),
        ),
        ("tree-none", "ends before", put("tree", [])),
        ("tree-cut-off", "ends before", cut("tree.6")),
        ("tree-of-half", "ends before", put("tree", TREE[:4])),
        ("tree-twice", "behind the end", append("tree", *TREE)),
        ("tree-and-a-leaf", "behind the end", append("tree", [-2])),
        ("tree-a-leaf", "rests on a kink", put("tree", [[-2]])),
        ("leaf-and-tree", "rests on a kink", insert("tree.0", [-2])),
        ("relu-beyond", "is no kink at the point", put("tree.1", [2])),
        ("relu-far-beyond", "is no kink at the point", put("tree.1", [10**30])),
        ("kink-twice-on-a-path", "is decided already", put("tree.1", [0])),
        ("closed-by-one", SUM, put("tree.2", [-1, 0, 1])),
        ("closed-by-nothing", SUM, put("tree.2", [-1])),
        ("closed-by-nothing-at-the-root", SUM, put("tree", [[-1]])),
        ("closed-by-what-is-to-come", "which has no sign here", put("tree.2", [-1, 1, 1, 2, 1])),
        ("closed-by-minus-one", "which has no sign here", put("tree.2", [-1, -1, 1, 0, 1])),
        ("closed-with-zeros", "a multiplier that is not positive", put("tree.2", [-1, 0, 0, 1, 0])),
        ("closed-with-a-negative-one", "a multiplier that is not positive", put("tree.3", [-1, 0, 1, 1, -1])),
        ("closed-with-other-multipliers", SUM, put("tree.2", [-1, 0, 1, 1, 2])),
        ("open-branch-closed", SUM, put("tree.3", [-1, 0, 1, 1, 1])),
        ("root-closed", "which has no sign here", put("tree", [[-1, 0, 1]])),
    ),
    *(
        Change(
            f"{net}-outside-lexicographic-tree",
            "of-clarke-with-a-kink-as-if-it-passed",
            BOUND,
            (
                put("set", "clarke"),
                put("functional", functional),
                put("bound", bound),
                put("vector", vector),
                put("tree", [[-2]]),
            ),
        )
        for net, functional, bound, vector in (
            ("down", [[1]], -1, [[0]]),
            ("under", [[1]], -2, [["-3/2"]]),
            ("back", [[1]], 0, [["1/2"]]),
            ("nested", [[1, 0]], 0, [["1/2", "-1/2"]]),
        )
    ),
    *edited(
        "relu-complete",
        ("leaf-for-all", "rests on a kink", put("tree", [[-2]])),
        ("first-kink-undecided", "that no direction matrix gives", put("directions", [LEFT])),
    ),
    *edited(
        "zero-complete",
        ("two-sides-of-a-zero-form", "rests on a kink", insert("tree.4", [-2])),
        ("closed-by-a-zero-form", "which has no sign here", put("tree.3", [-1, 1, 1])),
        ("inner-kink-left-to-later", "rests on a kink", put("tree", [[1], [-2], [-2]])),
    ),
    *edited(
        "cancel-complete",
        ("two-members-of-one-jacobian", "give no member, or one twice", put("directions", [LEFT, RIGHT])),
    ),
    *edited(
        "order-complete",
        ("relu-that-passes", "is no kink at the point", put("tree.0", [0])),
        ("member-left-out", "that no direction matrix gives", cut("directions.1")),
    ),
]

OF_SETS: list[Change] = [*_MEMBERS, *_OUTSIDE, *_BOUNDS, *_TREES]
