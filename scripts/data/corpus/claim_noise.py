"""Files that are no claims about subdifferentials, regions or two nets (docs/certificate.md, section 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.claim_edits import Change, edited
from corpus.edits import append, cut, put

_ARGUMENT = "argument"

_ROWS: list[Change] = [
    *edited(
        "abs-member-clarke",
        ("kind-unknown", 'unknown key "set"', put("kind", "members")),
        ("kind-of-another-case", 'unknown key "set"', put("kind", "Member")),
        ("set-unknown", "unknown set", put("set", "convex")),
        ("statement-unknown", "unknown statement", put("statement", "bouligand")),
        ("set-empty", "unknown set", put("set", "")),
        ("set-null", "set", put("set", None)),
        ("set-a-list", "set", put("set", ["clarke"])),
        ("set-autodiff-with-directions", 'unknown key "directions"', put("set", "autodiff")),
        ("slopes-besides", "slopes", put("slopes", [])),
        ("slopes-instead", "slopes", cut("directions"), put("slopes", [[], []])),
        ("bound-besides", "bound", put("bound", 1)),
        ("vector-flat", "vector[0]", put("vector", ["1/2"])),
        ("vector-null", "vector", put("vector", None)),
        ("vector-of-text", "vector[0][0]", put("vector", [["half"]])),
        ("vector-of-null", "vector[0][0]", put("vector", [[None]])),
        ("vector-of-true", "vector[0][0]", put("vector", [[True]])),
        ("vector-over-zero", "vector[0][0]", put("vector", [["1/0"]])),
        ("weights-a-number", "weights", put("weights", 1)),
        ("weights-nested", "weights[0]", put("weights", [["1/4"], ["3/4"]])),
        ("directions-an-object", "directions", put("directions", {"leading": [], "complete": [0]})),
        ("matrix-without-complete", "directions[0]", cut("directions.0.complete")),
        ("matrix-unknown-key", "directions[0]", put("directions.0.more", 1)),
        ("matrix-index-negative", "directions[0]", put("directions.0.complete", [-1])),
        ("matrix-index-a-double", "directions[0]", put("directions.0.complete", [0.5])),
        ("digest-upper-case", "digest", put("digest", "A" * 64)),
        ("version-two", "version", put("version", 2)),
    ),
    *edited(
        "false-member-autodiff",
        ("slopes-odd", "slopes[0]", put("slopes.0", [0, 1, 1])),
        ("slopes-flat", "slopes[0]", put("slopes", [0, 1, 1, 1])),
        ("slopes-of-pairs", "slopes[0]", put("slopes.0", [[0, 1], [1, 1]])),
        ("slopes-null", "slopes", put("slopes", None)),
        ("relu-a-double", "slopes[0][0]", put("slopes.0", [0.5, 1])),
        ("relu-a-whole-double", "slopes[0][0]", put("slopes.0", [0.0, 1])),
        ("relu-a-string", "slopes[0][0]", put("slopes.0", ["0", 1])),
        ("relu-true", "slopes[0][0]", put("slopes.0", [True, 1])),
        ("slope-null", "slopes[0][1]", put("slopes.0", [0, None])),
        ("directions-besides", "directions", put("directions", [])),
        ("set-clarke-with-slopes", 'unknown key "slopes"', put("set", "clarke")),
    ),
    *edited(
        "abs-outside-lexicographic-tree",
        ("functional-besides", "functional", put("functional", [[1]])),
        ("functional-and-bound-besides", 'unknown key "functional"', put("functional", [[1]]), put("bound", 1)),
        ("weights-besides", "weights", put("weights", [1])),
    ),
    *edited(
        "abs-outside-clarke-argued",
        ("tree-besides", "tree", put("tree", [[-2]])),
        ("functional-besides", "functional", put("functional", [[1]])),
        ("no-outputs", 'unknown key "direction"', cut("outputs")),
        ("no-argument", "no argument", cut("argument")),
        ("lexicographic", 'unknown key "outputs"', put("set", "lexicographic")),
        ("outputs-a-matrix", "outputs[0]", put("outputs", [[1]])),
        ("direction-a-number", "direction", put("direction", 1)),
        ("bound-null", "bound", put("bound", None)),
        ("bound-a-list", "bound", put("bound", [1])),
        ("bound-text", "bound", put("bound", "one")),
        ("argument-a-list", _ARGUMENT, put("argument", [])),
        ("argument-null", _ARGUMENT, put("argument", None)),
        ("argument-empty", _ARGUMENT, put("argument", {})),
        ("argument-unknown-key", _ARGUMENT, put("argument.directions", [])),
        ("argument-kinks-null", "kinks", put("argument.kinks", None)),
        ("argument-kink-a-double", "kinks", put("argument.kinks", [0.5])),
        ("argument-half-false", "half", put("argument.half", False)),
        ("argument-form-odd", "forms[0]", put("argument.forms", [[1]])),
        ("argument-rule-short", "rules[0]", put("argument.rules", [[1]])),
        ("argument-step-without-zero", "derivation[0]", put("argument.derivation", [[1]])),
        ("argument-thresholds-null", "thresholds", put("argument.thresholds", None)),
        ("argument-lemma-a-list", "lemmas[0]", put("argument.lemmas", [[]])),
        ("argument-outside", "kinks", put("kinks", [])),
    ),
    *edited(
        "abs-outside-clarke-tree",
        ("functional-flat", "functional[0]", put("functional", [1])),
        ("outputs-besides", 'unknown key "functional"', put("outputs", [1])),
        ("direction-besides", "direction", put("direction", [1])),
    ),
    *edited("abs-support-lexicographic-argued", ("no-directions", "no directions", cut("directions"))),
    *edited("abs-support-clarke-tree", ("vector-besides", "vector", put("vector", [[1]]))),
    *edited(
        "abs-shortest-clarke-argued",
        ("tree-besides", "tree", put("tree", [[-2]])),
        ("bound-besides", "bound", put("bound", 0)),
        ("outputs-besides", "outputs", put("outputs", [1])),
        ("no-proof", "no tree", cut("argument")),
    ),
    *edited(
        "abs-complete",
        ("set-besides", "set", put("set", "lexicographic")),
        ("tree-null", "tree", put("tree", None)),
        ("tree-an-object", "tree", put("tree", {})),
        ("tree-flat", "tree[0]", put("tree", [0, -2, -2])),
        ("step-empty", "tree[0]", put("tree.0", [])),
        ("step-minus-three", "tree[0]", put("tree.0", [-3])),
        ("step-of-two-relus", "tree[0]", put("tree.0", [0, 1])),
        ("step-of-three-relus", "tree[0]", put("tree.0", [0, 1, 1])),
        ("leaf-with-more", "tree[3]", put("tree.3", [-2, 0])),
        ("leaf-with-a-pair", "tree[3]", put("tree.3", [-2, 0, 1])),
        ("closed-by-half-a-pair", "tree[2]", put("tree.2", [-1, 0])),
        ("closed-by-a-pair-and-a-half", "tree[2]", put("tree.2", [-1, 0, 1, 1])),
        ("relu-a-double", "tree[0]", put("tree.0", [0.0])),
        ("relu-a-string", "tree[0]", put("tree.0", ["0"])),
        ("relu-true", "tree[0]", put("tree.0", [True])),
        ("multiplier-a-rational", "tree[2]", put("tree.2", [-1, 0, "1/2", 1, "1/2"])),
        ("multiplier-null", "tree[2]", put("tree.2", [-1, 0, None])),
    ),
    *edited(
        "abs-minimum-2",
        ("set-besides", "set", put("set", "clarke")),
        ("constraints-flat", "constraints[0]", put("constraints", [-2])),
        ("constraints-null", "constraints", put("constraints", None)),
        ("interior-null", "interior", put("interior", None)),
        ("direction-besides", "direction", put("direction", [1])),
    ),
    *edited("saddle-descent-2", ("interior-besides", "interior", put("interior", [0, 0]))),
    *edited("saddle-irregular", ("direction-nested", "direction[0]", put("direction", [[0, -1]]))),
    *edited("abs-regular", ("constraints-besides", "constraints", put("constraints", []))),
    *edited(
        "abs-affine",
        ("matrix-flat", "matrix[0]", put("matrix", [-1])),
        ("offset-a-number", "offset", put("offset", 0)),
        ("point-besides", "point", put("point", [0])),
    ),
    *edited(
        "abs-bent", ("point-null", "point", put("point", None)), ("other-besides", "other", put("other", "0" * 64))
    ),
    *edited(
        "saddle-and-saddle-bent-equal",
        ("other-null", "other", put("other", None)),
        ("other-short", "other", put("other", "ab")),
        ("other-upper-case", "other", put("other", "A" * 64)),
        ("other-a-number", "other", put("other", 1)),
        ("other-line-break", "other", put("other", "0" * 63 + "\n")),
    ),
    *edited("saddle-and-saddle-bent-different", ("interior-besides", "interior", put("interior", [0, 0]))),
]

#: One of each way to write each kind: without any of its keys it is none.
_WHOLE = (
    "abs-member-clarke",
    "false-member-autodiff",
    "abs-outside-lexicographic-tree",
    "abs-outside-clarke-tree",
    "abs-support-clarke-tree",
    "abs-shortest-clarke-tree",
    "abs-complete",
    "abs-minimum-2",
    "saddle-descent-2",
    "abs-regular",
    "saddle-irregular",
    "abs-affine",
    "abs-bent",
    "saddle-and-saddle-bent-equal",
    "saddle-and-saddle-bent-different",
)


def noise(claims: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """All of them; ``claims`` are the true ones by name."""
    yield from _ROWS
    for base in _WHOLE:
        for key in claims[base]:
            if key not in ("format", "version", "kind", "digest"):
                yield Change(
                    base,
                    f"no-{key}",
                    "unknown key" if key == "set" and "slopes" in claims[base] else "no ",
                    (cut(key),),
                )
        yield Change(base, "unknown-key", "note", (put("note", 1),))
    yield Change("abs-bent", "long-number", "100000 digits", (append("point", 10**100000),))
