"""False claims about subdifferentials, regions and two nets: true ones of ``claim_truths`` with something changed.

What is still a proof, or proves something else, is in ``STILL_TRUE``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from corpus.edits import Edit, append, cut, insert, negate, put


class Change(NamedTuple):
    """A true claim's name, what the change is called, words of the reason, the edits.

    ``net`` and ``other`` stand for the nets that it is tried with, if not the claim's own; ``other=""`` for none.
    ``bound``: the claim gets the digests of these nets.
    """

    base: str
    name: str
    reason: str
    edits: tuple[Edit, ...] = ()
    net: str | None = None
    other: str | None = None
    bound: bool = False


def edited(base: str, *rows: tuple[Any, ...]) -> list[Change]:
    """Rows of a name, a reason and edits."""
    return [Change(base, name, reason, tuple(edits)) for name, reason, *edits in rows]


_WEIGHTS, _COMBINATION = "weights are not one positive number", "the combination is not vector"
_SHAPE, _NO_KINK = " is not ", "names a relu that is no kink at the point, or one twice"
_BOUND, _SUM = "is not shown to stay below the bound", "does not sum to zero"
_EMPTY, _CONE = "the empty clause is not derived", "is not positive at the point that is given"
_LEFT = {"leading": [[-1]], "complete": []}
_RIGHT = {"leading": [[1]], "complete": []}
_TREE = [[0], [1], [-1, 1, 1, 0, 1], [-2], [1], [-2], [-1, 1, 1, 0, 1]]

_MEMBERS = [
    *edited(
        "abs-member-lexicographic",
        ("vector-the-other-one", _COMBINATION, put("vector", [[1]])),
        ("vector-between", _COMBINATION, put("vector", [[0]])),
        ("vector-empty", "vector is not 1 x 1", put("vector", [])),
        ("vector-two-rows", "vector is not 1 x 1", append("vector", [-1])),
        ("vector-two-columns", "vector is not 1 x 1", append("vector.0", 0)),
        ("weight-two", _WEIGHTS, put("weights", [2])),
        ("weight-none", _WEIGHTS, put("weights", [])),
        ("weights-two-for-one", _WEIGHTS, put("weights", ["1/2", "1/2"])),
        ("members-none", _WEIGHTS, put("directions", [])),
        ("nothing-at-all", _WEIGHTS, put("directions", []), put("weights", [])),
        ("direction-the-other-one", _COMBINATION, put("directions.0", _RIGHT)),
        ("direction-singular", "singular", put("directions.0", {"leading": [[0]], "complete": []})),
        ("direction-of-two-inputs", "has 2 entries", put("directions.0.leading.0", [1, 0])),
        ("direction-beyond", "complete", put("directions.0", {"leading": [], "complete": [1]})),
    ),
    *edited(
        "abs-member-clarke",
        ("as-lexicographic", "not a combination of several", put("set", "lexicographic")),
        ("weights-negative", _WEIGHTS, put("weights", ["-1/4", "5/4"]), put("vector", [["3/2"]])),
        ("weights-zero", _WEIGHTS, put("weights", [0, 1]), put("vector", [[1]])),
        ("weights-below-one", _WEIGHTS, put("weights", ["1/4", "1/2"]), put("vector", [["1/4"]])),
        ("weights-above-one", _WEIGHTS, put("weights", ["1/2", 1]), put("vector", [["1/2"]])),
        ("weights-exchanged", _COMBINATION, put("weights", ["3/4", "1/4"])),
        (
            "a-hair-off",
            _COMBINATION,
            put("vector", [["5000000000000000000000000000001/10000000000000000000000000000000"]]),
        ),
        ("member-left-out", _WEIGHTS, cut("directions.1")),
    ),
    *edited(
        "false-member-autodiff",
        ("slope-above-one", "a slope outside [0, 1]", put("slopes.0", [0, 1, 1, "3/2"])),
        ("slope-negative", "a slope outside [0, 1]", put("slopes.1", [0, "-1/2", 1, 1])),
        ("kink-twice", _NO_KINK, put("slopes.0", [0, "1/2", 0, "1/2"])),
        ("kink-beyond", _NO_KINK, put("slopes.0", [2, 1])),
        ("kink-negative", _NO_KINK, put("slopes.0", [-1, 1])),
        ("slope-left-out", _COMBINATION, put("slopes.0", [0, 1])),
        ("members-none", _WEIGHTS, put("slopes", [])),
    ),
    *edited(
        "order-member-autodiff",
        ("relu-that-passes", _NO_KINK, put("slopes.0", [0, 1])),
        ("relu-that-is-0", _NO_KINK, put("slopes.0", [4, 0])),
    ),
    *edited(
        "twice-member-clarke",
        ("rows-that-do-not-go-together", _COMBINATION, put("vector.1.0", "1/2")),
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
        ("open-branch-closed", _SUM, put("tree.3", [-1, 0, 1])),
    ),
    *edited(
        "abs-outside-clarke-argued",
        ("vector-inside", "not greater at the vector", put("vector", [[1]])),
        ("vector-within-the-other-way", "not greater at the vector", put("vector", [[-2]])),
        ("bound-lower", _SUM, put("bound", "1/2"), put("vector", [["3/4"]])),
        ("bound-a-hair-lower", _SUM, put("bound", "99999999999999999999/100000000000000000000")),
        ("about-autodiff", "nothing about the autodiff set", put("set", "autodiff")),
        ("direction-opposite", "not greater at the vector", negate("direction.0")),
        ("direction-longer", "direction has 2 entries", append("direction", 0)),
        ("direction-none", "direction has 0 entries", put("direction", [])),
        ("outputs-two", "outputs has 2 entries", append("outputs", 0)),
        ("outputs-none", "outputs has 0 entries", put("outputs", [])),
        ("half", "half: constraints need not hold", put("argument.half", [0, 1])),
        ("kink-of-the-net-only", "the kink", put("argument.kinks", [0, 1])),
        ("kink-beyond", "kinks", put("argument.kinks", [0, 1, 2, 4])),
        ("derivation-none", _EMPTY, put("argument.derivation", [])),
        ("lemma-left-out", "has the hint 9", put("argument.lemmas", [])),
    ),
    *edited(
        "abs-outside-clarke-tree",
        ("vector-inside", "not greater at the vector", put("vector", [[1]])),
        ("bound-lower", _BOUND, put("bound", "1/2"), put("vector", [["3/4"]])),
        ("about-autodiff-with-a-closed-branch", "which has no sign here", put("set", "autodiff")),
        ("functional-empty", "functional is not 1 x 1", put("functional", [])),
        ("functional-longer", "functional is not 1 x 1", append("functional.0", 0)),
        ("functional-opposite", "not greater at the vector", put("functional", [[-1]])),
    ),
    *edited(
        "false-outside-autodiff-tree",
        ("bound-lower", _BOUND, put("bound", 3)),
        ("intervals-too-wide", _BOUND, put("functional", [[-1]]), put("bound", -1), put("vector", [[-2]])),
        ("closed-branch", _SUM, put("tree.2", [-1])),
        ("closed-branch-of-a-slope", "which has no sign here", put("tree.2", [-1, 0, 1])),
        ("as-clarke", "ends before", put("set", "clarke"), put("tree", [[0], [1], [-2], [-2], [1], [-2]])),
    ),
    *edited(
        "false-outside-clarke-tree",
        ("as-autodiff", "which has no sign here", put("set", "autodiff")),
        ("as-autodiff-by-leaves", _BOUND, put("set", "autodiff"), put("tree", [[-2]])),
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
        ("member-twice", "not attained by one member", append("directions", _LEFT)),
        ("outputs-two", "outputs has 2 entries", append("outputs", 1)),
    ),
    *edited(
        "abs-support-clarke-tree",
        ("smaller-and-attained", _BOUND, put("functional", [[-2]]), put("bound", -2), put("directions.0", _RIGHT)),
        ("greater", "not attained by one member", put("bound", 3)),
    ),
    *edited(
        "false-support-autodiff-tree",
        ("two-members", "not attained by one member", append("slopes", [])),
        ("slopes-none", "not attained by one member", put("slopes", [])),
        ("of-one-kink", "not attained by one member", put("slopes.0", [0, 1])),
        ("of-one-kink-and-its-value", _BOUND, put("slopes.0", [0, 1]), put("bound", 2)),
    ),
    *edited(
        "abs-shortest-clarke-argued",
        ("lexicographic", "a combination of several", put("set", "lexicographic")),
        (
            "lexicographic-of-one",
            "one of a convex set",
            put("set", "lexicographic"),
            put("directions", [_RIGHT]),
            put("weights", [1]),
            put("vector", [[1]]),
        ),
        ("one-end", _EMPTY, put("directions", [_RIGHT]), put("weights", [1]), put("vector", [[1]])),
        ("off-the-middle", _EMPTY, put("weights", ["1/4", "3/4"]), put("vector", [["1/2"]])),
    ),
    *edited(
        "abs-shortest-clarke-tree",
        ("off-the-middle", _BOUND, put("weights", ["1/4", "3/4"]), put("vector", [["1/2"]])),
        ("vector-of-two", "vector is not 1 x 1", put("vector", [[0], [0]])),
    ),
    *edited(
        "false-shortest-autodiff-tree",
        ("not-in-the-set", _COMBINATION, put("vector", [["-1/2"]])),
        ("the-only-subgradient", _BOUND, put("vector", [[1]]), put("slopes", [[0, 1]])),
    ),
    *edited("abs-shortest-autodiff-tree", ("a-jacobian", _BOUND, put("vector", [[1]]), put("slopes", [[0, 1]]))),
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
        ("tree-of-half", "ends before", put("tree", _TREE[:4])),
        ("tree-twice", "behind the end", append("tree", *_TREE)),
        ("tree-and-a-leaf", "behind the end", append("tree", [-2])),
        ("tree-a-leaf", "rests on a kink", put("tree", [[-2]])),
        ("leaf-and-tree", "rests on a kink", insert("tree.0", [-2])),
        ("relu-beyond", "is no kink at the point", put("tree.1", [2])),
        ("relu-far-beyond", "is no kink at the point", put("tree.1", [10**30])),
        ("kink-twice-on-a-path", "is decided already", put("tree.1", [0])),
        ("closed-by-one", _SUM, put("tree.2", [-1, 0, 1])),
        ("closed-by-nothing", _SUM, put("tree.2", [-1])),
        ("closed-by-nothing-at-the-root", _SUM, put("tree", [[-1]])),
        ("closed-by-what-is-to-come", "which has no sign here", put("tree.2", [-1, 1, 1, 2, 1])),
        ("closed-by-minus-one", "which has no sign here", put("tree.2", [-1, -1, 1, 0, 1])),
        ("closed-with-zeros", "a multiplier that is not positive", put("tree.2", [-1, 0, 0, 1, 0])),
        ("closed-with-a-negative-one", "a multiplier that is not positive", put("tree.3", [-1, 0, 1, 1, -1])),
        ("closed-with-other-multipliers", _SUM, put("tree.2", [-1, 0, 1, 1, 2])),
        ("open-branch-closed", _SUM, put("tree.3", [-1, 0, 1, 1, 1])),
        ("root-closed", "which has no sign here", put("tree", [[-1, 0, 1]])),
    ),
    *edited(
        "zero-complete",
        ("two-sides-of-a-zero-form", "rests on a kink", insert("tree.4", [-2])),
        ("closed-by-a-zero-form", "which has no sign here", put("tree.3", [-1, 1, 1])),
        ("inner-kink-left-to-later", "rests on a kink", put("tree", [[1], [-2], [-2]])),
    ),
    *edited(
        "order-complete",
        ("relu-that-passes", "is no kink at the point", put("tree.0", [0])),
        ("member-left-out", "that no direction matrix gives", cut("directions.1")),
    ),
]

_FUNCTIONS = [
    *edited(
        "abs-minimum-2",
        ("point-outside", _CONE, put("interior", [1])),
        ("point-on-the-border", _CONE, put("interior", [0])),
        ("point-none", "interior has 0 entries", put("interior", [])),
        ("point-of-two", "interior has 2 entries", put("interior", [-1, 0])),
        ("row-of-two", _SHAPE, append("constraints.0", 0)),
        ("row-zero", _CONE, append("constraints", [0])),
        ("rows-of-both-sides", _CONE, append("constraints", [2])),
        ("half", "half: constraints need not hold", put("argument.half", [0, 1])),
        ("constraint-left-out", "do not end in a violated clause", put("constraints", [])),
    ),
    *edited(
        "order-minimum",
        ("without-constraints", "names literal 4", put("constraints", [])),
        ("other-constraints", "names literal 11", put("constraints", [[0, 1]]), put("interior", [0, 1])),
        ("kinks-backwards", "not listed before it", put("argument.kinks", [0, 2, 1, 3])),
        ("numbers-of-relus", "not listed before it", put("argument.kinks", [1, 2, 3, 5])),
    ),
    *edited(
        "saddle-descent-2",
        ("ascent", "not negative in the direction", put("direction", [1, 0])),
        ("level", "not negative in the direction", put("direction", [1, 1])),
        ("zero", "not negative in the direction", put("direction", [0, 0])),
        ("direction-short", "direction has 1 entries", put("direction", [1])),
        ("against-a-constraint", "does not satisfy the constraints", put("constraints", [[0, -1]])),
        ("constraint-short", _SHAPE, put("constraints", [[1]])),
        ("constraint-of-a-region", _SHAPE, put("constraints", [[0, 1, 5]])),
    ),
    *edited(
        "saddle-irregular",
        ("subadditive-there", "subadditive at the two directions", put("direction", [0, 1])),
        ("along-x", "subadditive at the two directions", put("base", [1, 0]), put("direction", [-1, 0])),
        ("zero", "subadditive at the two directions", put("base", [0, 0])),
        ("base-short", "base has 1 entries", put("base", [1])),
        ("direction-long", "direction has 3 entries", append("direction", 0)),
    ),
    *edited(
        "abs-regular",
        ("half-left-out", "names literal 4", put("argument.half", None)),
        ("kinks-of-one-copy", "not listed before it", put("argument.kinks", [0, 1])),
        ("derivation-none", _EMPTY, put("argument.derivation", [])),
        ("half-of-an-atom", "half: not a nonzero form", put("argument.half", [2, 1])),
    ),
    Change("abs-regular", "of-the-saddle", "not listed before it", net="saddle", bound=True),
    Change("saddle-irregular", "of-three-outputs", "nets of one output", net="twice", bound=True),
    Change("saddle-descent-2", "of-three-outputs", "nets of one output", net="twice", bound=True),
    Change("abs-minimum", "of-three-outputs", "nets of one output", (put("constraints", []),), net="twice", bound=True),
    Change("abs-regular", "of-three-outputs", "nets of one output", net="twice", bound=True),
]

_REGIONS = [
    *edited(
        "abs-affine",
        ("slope", "do not end in a violated clause", put("matrix", [[1]])),
        ("offset", _SUM, put("offset", [1])),
        ("offset-in-exchange", _SUM, put("matrix", [["-9/8"]]), put("offset", ["-1/7"])),
        ("region-over-the-kink", "does not sum to zero", put("constraints", [[1, "1/7"], [-1, "15/7"]])),
        ("region-everywhere", "names literal -6", put("constraints", [])),
        ("constraint-that-says-nothing-more", "leaves 2 literals", append("constraints", [0, 1])),
        ("region-turned-round", _CONE, put("constraints.0.0", -1)),
        ("region-empty", _CONE, append("constraints", [0, -1])),
        ("region-flat", _CONE, append("constraints", [-1, "8/7"])),
        ("region-of-0-x-at-most-0", _CONE, append("constraints", [0, 0])),
        ("point-outside", _CONE, put("interior", [1])),
        ("point-short", "interior has 0 entries", put("interior", [])),
        ("point-with-its-t", "interior has 2 entries", append("interior", 1)),
        ("row-short", _SHAPE, put("constraints.0", [1])),
        ("row-long", _SHAPE, append("constraints.1", 1)),
        ("matrix-short", "matrix is not 1 x 1", put("matrix", [])),
        ("matrix-homogeneous", "matrix is not 1 x 1", put("matrix", [[-1, 0]])),
        ("offset-none", "offset has 0 entries", put("offset", [])),
        ("offset-two", "offset has 2 entries", append("offset", 0)),
        ("half", "half: constraints need not hold", put("argument.half", [0, 1])),
    ),
    *edited(
        "constants-affine",
        ("without-the-constant", _SUM, put("offset", [0])),
        ("opposite-constant", _SUM, negate("offset.0")),
    ),
    *edited(
        "abs-bent",
        ("on-the-border", "does not satisfy constraints[0] strictly", put("constraints.0", [1, 0])),
        ("outside", "does not satisfy constraints[0] strictly", put("constraints.0", [1, -1])),
        ("beside-the-kink", "do not give two different Jacobians", put("point", ["1/2"])),
        ("one-matrix", "do not give two different Jacobians", cut("directions.0")),
        (
            "three-matrices",
            "do not give two different Jacobians",
            append("directions", {"leading": [[2]], "complete": []}),
        ),
        ("no-matrix", "do not give two different Jacobians", put("directions", [])),
        ("one-matrix-twice", "do not give two different Jacobians", put("directions.0", _RIGHT)),
        ("matrix-singular", "singular", put("directions.0", {"leading": [[0]], "complete": []})),
        ("point-none", "point has 0 entries", put("point", [])),
        ("row-short", _SHAPE, put("constraints.0", [1])),
        ("region-empty", "strictly", append("constraints", [0, -1])),
        ("border-of-nothing", "strictly", append("constraints", [0, 0])),
    ),
    Change("abs-bent", "net-at-another-point-by-its-digest", "the digests differ", net="abs-moved"),
]

_TWO = [
    *edited(
        "saddle-and-saddle-bent-equal",
        ("wider", "does not sum to zero", *(put(f"constraints.{row}.2", 20) for row in range(4))),
        ("everywhere", "names literal -8", put("constraints", [])),
        ("point-outside", _CONE, put("interior", [2, 0])),
        ("point-short", "interior has 1 entries", cut("interior.1")),
        ("point-none", "interior has 0 entries", put("interior", [])),
        ("kinks-of-the-first", "not listed before it", put("argument.kinks", [0, 1, 2, 3])),
        ("half", "half: constraints need not hold", put("argument.half", [0, 1])),
        ("other-the-same", "another second net", put("other", "0" * 64)),
    ),
    *edited(
        "saddle-and-saddle-bent-different",
        ("at-zero", "the same values at the point", put("point", [0, 0])),
        ("at-the-bend", "the same values at the point", put("point", [9, 0])),
        ("outside", "does not satisfy constraints[0]", put("point", [21, 0])),
        ("point-short", "point has 1 entries", put("point", [10])),
        ("row-short", _SHAPE, put("constraints.0", [1, 0])),
        ("region-empty", "does not satisfy constraints[4]", append("constraints", [0, 0, -1])),
    ),
    Change("saddle-and-saddle-bent-equal", "without-the-other", "the claim is about two nets", other=""),
    Change("saddle-and-saddle-bent-different", "without-the-other", "the claim is about two nets", other=""),
    Change("abs-complete", "with-another-net", "the claim is about one net", other="abs"),
    Change("saddle-and-saddle-bent-equal", "with-a-third-net", "another second net", other="saddle-renamed"),
    Change("saddle-and-saddle-renamed-equal", "by-name", _EMPTY, other="saddle-swapped", bound=True),
    Change("saddle-and-saddle-renamed-equal", "of-one-input", "different numbers", other="abs", bound=True),
    Change("saddle-and-saddle-renamed-equal", "of-three-outputs", "different numbers", other="twice", bound=True),
    Change("saddle-and-saddle-bent-different", "of-one-input", "different numbers", other="abs", bound=True),
    Change("saddle-and-saddle-bent-different", "of-three-outputs", "different numbers", other="twice", bound=True),
    Change("saddle-and-saddle-bent-different", "from-itself", "the same values", other="saddle", bound=True),
    Change("saddle-and-saddle-bent-equal", "exchanged", "the digests differ", net="saddle-bent", other="saddle"),
]

_ABS, _FALSE = "lent-to-the-abs", "lent-to-the-false-net"
_LENT = [
    Change("false-complete", _ABS, "that no direction matrix gives", net="abs", bound=True),
    Change("false-shortest-clarke-argued", _ABS, _COMBINATION, net="abs", bound=True),
    Change("false-shortest-clarke-tree", _ABS, _COMBINATION, net="abs", bound=True),
    Change("false-affine", _ABS, _EMPTY, net="abs", bound=True),
    Change("abs-complete", _FALSE, "give no member, or one twice", net="false", bound=True),
    Change("abs-bent", _FALSE, "do not give two different Jacobians", net="false", bound=True),
    Change("abs-member-lexicographic", _FALSE, _COMBINATION, net="false", bound=True),
    Change("abs-support-clarke-argued", _FALSE, "which the form does not have", net="false", bound=True),
    Change("abs-minimum", _FALSE, "which the form does not have", net="false", bound=True),
]

CHANGES: list[Change] = [*_MEMBERS, *_OUTSIDE, *_BOUNDS, *_TREES, *_FUNCTIONS, *_REGIONS, *_TWO, *_LENT]

STILL_TRUE: list[Change] = [
    *edited(
        "abs-member-clarke",
        ("numbers-spelled-otherwise", "", put("weights", ["0.25", 0.75]), put("vector", [["2/4"]])),
        ("members-exchanged", "", put("weights", ["3/4", "1/4"]), put("directions", [_RIGHT, _LEFT])),
        ("a-member-twice", "", put("weights", ["1/4", "1/4", "1/2"]), append("directions", _RIGHT)),
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
