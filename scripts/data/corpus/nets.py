"""The nets of the corpus: small, each with its verdict, in the notation of ``tests/support/conformance.py``."""

from __future__ import annotations

from typing import Any, NamedTuple

from support.conformance import graph, layers

from subgrad_hardness.api.generate import generate
from subgrad_hardness.net.writing import to_mapping

Mapping = dict[str, Any]


class Net(NamedTuple):
    """A net, its verdict, and what it is there for."""

    name: str
    verdict: str
    about: str
    net: Mapping


_NORMS = "a = abs x; b = abs y; s = x + y; d = x - y; p = abs s; q = abs d; m = max p q; f = a + b - m"
_NORMS_AGAIN = (
    "aa = abs z; bb = abs w; ss = z + w; dd = z - w; pp = abs ss; qq = abs dd; mm = max pp qq; j = aa + bb - mm"
)
_MEDIAN = "lo = min x y; hi = max x y; c = min hi z; m = max lo c"
_MEDIAN_TWICE = f"{_MEDIAN}; p = min x y; q = min y z; r = min x z; n = max p q r; f = m - n"
_CLAUSES = "a = -1 x; b = -1 y; c1 = max x y; c2 = max x b; c3 = max a y"
_NEEDLE = "b = {top} y - x; a = x - {width} y; m = min a b y; f = relu m"
_TRAP = (
    "rx = relu x; ry = relu y; z = rx - ry; mz = -1 z; rz = relu z; rmz = relu mz; mx = -1 x; my = -1 y;"
    "low = min mx my; a = low - rmz - 3 rz; ra = relu a; b = rz - rx; rb = relu b; f = ra + rb"
)
_BEND = "u = x - 2 y; a = leaky_relu(1/3) u"
_BENT = _BEND + "; b = leaky_relu({}) a; f = b - u"
#: relu of relu of ... of x - y, minus one relu: the same by idempotence.
_TOWER = "t = x - y; a = relu t; b = relu a; c = relu b; d = relu c; e = relu d; f = e - a"
#: The maximum of three in two ways; max(|x|, |y|) in two ways; a sum of maxima, and the maximum of the sums.
_SPREAD = """
    u = x - y; v = y - z; w = x - z; a = abs u; b = abs v; c = abs w; m = max x y z; n = min x y z
    f = a + b + c - 2 m + 2 n
"""
_WAYS = "a = max x y; f1 = max a z; b = max y z; f2 = max x b; f = f1 - f2"
_SQUARE = "a = abs x; b = abs y; m = max a b; p = -1 x; q = -1 y; n = max x q p y; f = m - n"
_SUMS = "a = max x y; b = max z w; c = x + z; d = x + w; e = y + z; g = y + w; h = max c g d e; f = a + b - h"
_LATTICE = "p = max x y; q = max x z; m = min p q; n = min y z; o = max x n; f = m - o"
#: Kinks, an active and an inactive neuron around (1, -1): F = x - y + 1 near it.
_AROUND = (
    "s = x + y; t = x - y; u = relu t; v = relu y; n = -1 s; a = relu s; b = relu n; w = v - 1; k = relu w;"
    "f = u + a - b - x - y + 3 k + 1"
)
_CHAIN = "c = relu x; a = c - c; b = relu a; d = relu b; f = x + d"
_INNER = "a = relu x; t = x - 2 y; b = relu t; c = a + b - y; f = relu c"
#: At (0, 1): u passes, v blocks, k is a kink on x alone.
_ACTIVE = "u = relu y; m = -1 y; v = relu m; w = x + u + 3 v - 1; n = w - y + 1; k = relu n; o = k - 5 v; f = o + y"
_SCALES = (
    "s = 1/2 x + 1/3 y; t = 3/7 x + 1/7 y; a = relu s; b = relu t; c = 2/5 a - 1/11 b + 1/13 x; d = relu c;"
    "f = 1/17 d + a"
)
_HUGE = 10**60 + 7
_LONG = (
    f"u = {_HUGE} x - 1/{_HUGE} y; v = 3/{_HUGE} x + {_HUGE} y; a = max u v; b = min u v;"
    "c = relu a; n = -1 a; d = relu n; f = c - d + b"
)


def _with_point(net: Mapping, point: list[Any]) -> Mapping:
    return {**net, "point": point}


#: Nets like others, with one thing changed: the others' proofs must not fit them.
CHANGED = (
    Net(
        "norms-weight",
        "distinct",
        "norms, one weight moved",
        graph("x y", _NORMS.replace("d = x - y", "d = x - 2 y"), "f"),
    ),
    Net("norms-point", "unique", "norms at another point", graph("x y", _NORMS, "f", [1, 0])),
    Net("norms-op", "distinct", "norms, min for max", graph("x y", _NORMS.replace("max", "min"), "f")),
    Net("norms-output", "distinct", "norms with a second output", graph("x y", _NORMS, "f a")),
    Net(
        "norms-scaled",
        "unique",
        "norms, its output times 3",
        graph("x y", _NORMS.replace("a + b - m", "3 a + 3 b - 3 m"), "f"),
    ),
    Net(
        "norms-inputs",
        "unique",
        "norms, its inputs named otherwise",
        graph("u v", _NORMS.replace("x", "u").replace("y", "v").replace("mau", "max"), "f"),
    ),
    Net(
        "unsat-open",
        "distinct",
        "unsat, one literal the other way",
        graph("x y", f"{_CLAUSES}; c4 = max a y; m = min c1 c2 c3 c4; f = relu m", "f"),
    ),
    Net(
        "lattice-open",
        "distinct",
        "lattice, one leaf moved",
        graph("x y z", _LATTICE.replace("n = min y z", "n = min y x"), "f"),
    ),
    Net(
        "max-ways-open",
        "distinct",
        "max-ways, one weight moved",
        graph("x y z", _WAYS.replace("b = max y z", "c = 2 z; b = max y c"), "f"),
    ),
    Net(
        "spread-open",
        "distinct",
        "spread, one weight moved",
        graph("x y z", _SPREAD.replace("- 2 m + 2 n", "- 2 m + 3 n"), "f"),
    ),
    Net(
        "between",
        "distinct",
        "relu(min(y, x - y)), which is 0 at all vectors of zeros and ones",
        graph("x y", "g = x - y; m = min g y; f = relu m", "f"),
    ),
    Net(
        "square-ways-open",
        "distinct",
        "square-ways, one max a min",
        graph("x y", _SQUARE.replace("m = max", "m = min"), "f"),
    ),
    Net(
        "signs-open",
        "distinct",
        "signs, one sign the other way",
        graph("x y", "a = abs x; b = abs y; c = -1 a + b; f = relu c", "f"),
    ),
    Net(
        "minus-linear",
        "distinct",
        "relu(x) - x: nonnegative, positive for negative x",
        graph("x", "a = relu x; f = a - x", "f"),
    ),
    Net(
        "concave",
        "distinct",
        "-relu(x): only its second objective is positive",
        graph("x", "a = relu x; f = -1 a", "f"),
    ),
    Net("difference", "distinct", "relu(x) - relu(y)", graph("x y", "a = relu x; b = relu y; f = a - b", "f")),
    Net(
        "nested",
        "distinct",
        "relu(relu(x) - relu(y)): unknown at -d",
        graph("x y", "a = relu x; b = relu y; c = a - b; f = relu c", "f"),
    ),
)

#: Nets with another Jacobian for every pattern of branches, for the lexicographic rule.
PATTERNS = (
    Net("quadrants", "distinct", "relu(x) + 2 relu(y)", layers([[1, 0], [0, 1]], [[1, 2]])),
    Net("order", "distinct", "quadrants and 4 relu(x - y)", layers([[1, 0], [0, 1], [1, -1]], [[1, 2, 4]])),
    Net("inner", "distinct", "relu(relu(x) + relu(x - 2 y) - y)", graph("x y", _INNER, "f")),
    Net("active", "distinct", "a kink behind active and inactive relus at (0, 1)", graph("x y", _ACTIVE, "f", [0, 1])),
    Net("scales", "distinct", "denominators everywhere", graph("x y", _SCALES, "f")),
    Net("equal-outputs", "distinct", "the first output is linear", graph("x y", "a = x + y; b = relu y", "a b")),
)

#: At (2, 3): u is 0 with the derivative 2 dy, and so is v, so that F' = |2 dy| - |2 dy| = 0.
_PRODUCT = "p = mul x y; u = p - 3 x; a = abs u; v = 2 y - 6; b = abs v; f = a - b"
#: At (6, 2): q = x / y with the derivative dx / 2 - 3 dy / 2; v is the same without a quotient.
_QUOTIENT = "q = div x y; u = q - 3; a = abs u; v = 1/2 x - 3/2 y; b = abs v; f = a - b"
#: At (2, 5): x^-2 - 1/4 with the derivative -dx / 4, twice, and a square.
_POWERS = "p = power(-2) x; u = p - 1/4; a = relu u; v = 1/2 - 1/4 x; b = relu v; s = square y; f = a - b + s"
_SQUARES = "s = square x; u = s - 4; a = abs u; v = 4 x - 8; b = abs v; f = a - b"
_SQUARED_FOLD = "q = square y; a = q - x; m = min x a; f = relu m"

#: Nets with smooth operations, and those in which another derivative, value or denominator spoils their proofs.
SMOOTH = (
    Net("product", "unique", "|x y - 3 x| - |2 y - 6|", graph("x y", _PRODUCT, "f", [2, 3])),
    Net(
        "product-other", "distinct", "x x for x y, at (3, 3)", graph("x y", _PRODUCT.replace("x y", "x x"), "f", [3, 3])
    ),
    Net("product-moved", "distinct", "another point, where u is 0 too", graph("x y", _PRODUCT, "f", [1, 3])),
    Net(
        "product-partial",
        "distinct",
        "as if the derivative of x y in y were y",
        graph("x y", _PRODUCT.replace("2 y - 6", "3 y - 9"), "f", [2, 3]),
    ),
    Net(
        "product-partials-exchanged",
        "distinct",
        "right if x y had the partial derivatives (x, y)",
        graph("x y", _PRODUCT.replace("v = 2 y - 6", "v = 3 y - x - 7"), "f", [2, 3]),
    ),
    Net(
        "product-value",
        "distinct",
        "x y - 3 x + 1: u is no kink",
        graph("x y", _PRODUCT.replace("3 x", "3 x + 1"), "f", [2, 3]),
    ),
    Net("quotient", "unique", "|x / y - 3| - |x - 3 y| / 2", graph("x y", _QUOTIENT, "f", [6, 2])),
    Net(
        "quotient-sign",
        "distinct",
        "as if the derivative of 1 / y were 1 / y^2",
        graph("x y", _QUOTIENT.replace("v = 1/2 x - 3/2 y", "v = 1/2 x + 3/2 y - 6"), "f", [6, 2]),
    ),
    Net("quotient-pole", "none", "y is 0", graph("x y", _QUOTIENT, "f", [0, 0])),
    Net("powers", "unique", "x^-2 and its tangent at 2, and a square", graph("x y", _POWERS, "f", [2, 5])),
    Net("powers-exponent", "distinct", "the exponent -1", graph("x y", _POWERS.replace("(-2)", "(-1)"), "f", [2, 5])),
    Net("powers-pole", "none", "0^-2", graph("x y", _POWERS, "f", [0, 5])),
    Net(
        "square-fold",
        "unique",
        "relu(min(x, y^2 - x)): (1, 0) is a Clarke subgradient",
        graph("x y", _SQUARED_FOLD, "f"),
    ),
    Net(
        "product-fold",
        "distinct",
        "x y (|x| - 2) at 0, 3",
        graph("x y", "p = mul x y; a = abs p; f = a - 2 x", "f", [0, 3]),
    ),
    Net(
        "product-folds",
        "distinct",
        "the same twice",
        graph("x y", "p = mul x y; a = abs p; f = a - 2 x", "f a", [0, 3]),
    ),
    Net("squares", "unique", "|x^2 - 4| - |4 x - 8|", graph("x", _SQUARES, "f", [2])),
    Net(
        "squares-half",
        "distinct",
        "as if the derivative of x^2 were x",
        graph("x", _SQUARES.replace("4 x - 8", "2 x - 4"), "f", [2]),
    ),
    Net(
        "product-smooth",
        "unique",
        "the quotient and a relu away from their kinks",
        graph("x y", "p = mul x y; u = p - 3 x; a = abs u; q = div a y; f = q - x", "f x", [2, 5]),
    ),
    Net(
        "square-layers",
        "distinct",
        "squares and powers as activations, at (1, 1)",
        {
            "inputs": 2,
            "layers": [
                {"weight": [[1, 0], [0, 1]], "activation": "square"},
                {"weight": [[1, -1], [0, 1]], "activation": "abs"},
                {"weight": [[1, 1]], "bias": [1], "activation": "power", "exponent": -1},
            ],
            "point": [1, 1],
        },
    ),
)

HAND = (
    *SMOOTH,
    Net("abs", "distinct", "the first kink of every lecture", layers([[1]], [[1]], activation="abs")),
    Net("relu", "distinct", "a graph of one node", graph("x", "f = relu x", "f")),
    Net("relu-off", "unique", "a point without kinks", graph("x", "f = relu x", "f", [1])),
    Net("identity", "unique", "relu(x) - relu(-x) = x", layers([[1], [-1]], [[1, -1]])),
    Net("linear", "unique", "no relu at all", graph("x y", "f = 2 x - 1/3 y", "f")),
    Net("constant", "unique", "an affine node without arguments", graph("x", "f = 5", "f")),
    Net("input-out", "unique", "an input is the output", graph("x y", "c = x", "y")),
    Net("leaky", "distinct", "slopes 1/3 and 1", graph("x", "f = leaky_relu(1/3) x", "f")),
    Net(
        "leaky-twin",
        "unique",
        "leaky_1/3(x) - leaky_1/3(-x) = 4/3 x",
        graph("x", "m = -1 x; a = leaky_relu(1/3) x; b = leaky_relu(1/3) m; f = a - b", "f"),
    ),
    Net(
        "leaky-layer",
        "distinct",
        "leaky units in layers",
        {"inputs": 2, "layers": [{"weight": [[1, 2]], "activation": "leaky_relu", "slope": "-1/3"}]},
    ),
    Net("hardtanh-corner", "distinct", "slopes 0 and 1 at -1", graph("x", "f = hardtanh x", "f", [-1])),
    Net("hardtanh-inside", "unique", "an active and an active relu", graph("x", "f = hardtanh x", "f")),
    Net("relu6-corner", "distinct", "slopes 1 and 0 at 6", graph("x", "f = relu6 x", "f", [6])),
    Net(
        "relu6-twin",
        "unique",
        "relu6(x) = 3 hardtanh(x/3 - 1) + 3, at its upper corner",
        graph("x", "t = 1/3 x - 1; h = hardtanh t; r = relu6 x; f = r - 3 h", "f", [6]),
    ),
    Net("max3", "distinct", "three slopes", graph("x y z", "m = max x y z", "m")),
    Net("max-min", "unique", "max + min is the sum", graph("x y", "a = max x y; b = min x y; f = a + b", "f")),
    Net("norms", "unique", "|x| + |y| = max(|x + y|, |x - y|): the document's example", graph("x y", _NORMS, "f")),
    Net(
        "norms-layered",
        "unique",
        "the same of three inputs, in layers, scaled",
        {
            "inputs": 3,
            "layers": [
                {"weight": [[1, 0, 0], [0, 1, 1], [1, 1, 1], [1, -1, -1]], "activation": "abs"},
                {"weight": [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 1]], "activation": "relu"},
                {"weight": [["1/7", "-1/7", "-1/7"]]},
            ],
        },
    ),
    Net(
        "unsat",
        "unique",
        "all four clauses",
        graph("x y", f"{_CLAUSES}; c4 = max a b; m = min c1 c2 c3 c4; f = relu m", "f"),
    ),
    Net("sat", "distinct", "three of the four clauses", graph("x y", f"{_CLAUSES}; m = min c1 c2 c3; f = relu m", "f")),
    Net("median", "distinct", "of three", graph("x y z", _MEDIAN, "m")),
    Net("median-twice", "unique", "the median in two ways", graph("x y z", _MEDIAN_TWICE, "f")),
    Net("lattice", "unique", "the distributive law", graph("x y z", _LATTICE, "f")),
    Net(
        "lattice-halves",
        "unique",
        "the distributive law beside a kink that is not symmetric",
        graph(
            "x y",
            "a = relu x; b = relu y; s = a + b; t = relu s; u = x - 2 y; v = relu u; w = v + t; k = relu w; f = k - w",
            "f",
        ),
    ),
    Net("spread", "unique", "all differences and the spread of three", graph("x y z", _SPREAD, "f")),
    Net("max-ways", "unique", "max(x, y, z) in two ways", graph("x y z", _WAYS, "f")),
    Net("square-ways", "unique", "max(|x|, |y|) in two ways", graph("x y", _SQUARE, "f")),
    Net("sums-ways", "unique", "max(x, y) + max(z, w) is the maximum of the sums", graph("x y z w", _SUMS, "f")),
    Net("signs", "unique", "relu(-|x| - |y|) = 0", graph("x y", "a = abs x; b = abs y; c = -1 a - b; f = relu c", "f")),
    Net("sign-up", "unique", "relu(|x| + x) = |x| + x", graph("x", "a = abs x; c = a + x; r = relu c; f = r - a", "f")),
    Net("tower", "unique", "relus of relus", graph("x y", _TOWER, "f")),
    Net("bend-up", "unique", "leaky behind leaky: (1/3, 1) and (3, 1)", graph("x y", _BENT.format(3), "f")),
    Net("bend-up-open", "distinct", "a slope moved", graph("x y", _BENT.format("3000001/1000000"), "f")),
    Net(
        "bend-down",
        "unique",
        "3 relu(-leaky(u)) = relu(-u)",
        graph("x y", f"{_BEND}; n = -1 a; r = relu n; m = -1 u; s = relu m; f = 3 r - s", "f"),
    ),
    Net(
        "bend-both",
        "unique",
        "leaky(|u|) = |u|",
        graph("x y", f"{_BEND}; b = abs a; g = leaky_relu(7) b; f = g - b", "f"),
    ),
    Net(
        "bend-none",
        "unique",
        "leaky_1/2(-|u|) = -1/2 |u|",
        graph("x y", f"{_BEND}; b = abs a; n = -2 b; g = leaky_relu(1/2) n; f = g + b", "f"),
    ),
    Net(
        "bend-elsewhere",
        "distinct",
        "relu(x + 2 y + relu(x + y)) - relu(x + y), which bends twice",
        graph("x y", "u = x + y; a = relu u; c = x + 2 y + a; r = relu c; f = r - a", "f"),
    ),
    Net(
        "bend-like-it",
        "unique",
        "relu(x + y + relu(x + y)) - 2 relu(x + y)",
        graph("x y", "u = x + y; a = relu u; c = x + y + a; r = relu c; f = r - 2 a", "f"),
    ),
    Net(
        "outputs",
        "unique",
        "two outputs, linear each",
        graph("x", "m = -1 x; a = relu x; b = relu m; p = a - b; q = 2 a - 2 b + x", "p q"),
    ),
    Net("outputs-one", "distinct", "the second output only", graph("x", "a = 3 x; b = relu x", "a b")),
    Net(
        "outputs-three",
        "unique",
        "two true identities beside a linear output",
        graph("x y", f"{_NORMS}; g = max x y; h = min x y; k = g + h; l = 2 x", "f k l"),
    ),
    Net("groups", "unique", "c |l| cancels on the line", layers([[1, 2], [-2, -4], [3, 6]], [[2, "-5/2", 1]])),
    Net(
        "groups-left",
        "distinct",
        "10^-30 is left over",
        layers([[1], [-1]], [[1, "-0.999999999999999999999999999999"]]),
    ),
    Net("copies", "unique", "opposite and rescaled copies", layers([[2, -1], [1, "-1/2"]], [[5, -10]])),
    Net("deep", "unique", "two hidden layers", layers([[1], [-1]], [[1, 1], [1, 0], [0, 1]], [[1, -1, -1]])),
    Net("needle", "distinct", "a cone 10^-40 wide", graph("x y", _NEEDLE.format(width=10**40, top=10**40 + 1), "f")),
    Net("needle-shut", "unique", "the same shut", graph("x y", _NEEDLE.format(width=10**40, top=10**40), "f")),
    Net(
        "huge",
        "unique",
        "weights of sixty digits: max(u, v) + min(u, v) = u + v",
        graph(
            "x y",
            _LONG,
            "f",
        ),
    ),
    Net("trap", "distinct", "witnesses only where a preactivation vanishes (SPEC 4)", graph("x y", _TRAP, "f")),
    Net("around", "unique", "kinks, active and inactive relus around (1, -1)", graph("x y", _AROUND, "f", [1, -1])),
    Net(
        "around-bent",
        "distinct",
        "one weight further",
        graph("x y", _AROUND.replace("+ a - b", "+ 2 a - b"), "f", [1, -1]),
    ),
    Net("away", "distinct", "|x - y| at (2, 2)", _with_point(layers([[1, -1]], [[1]], activation="abs"), [2, 2])),
    Net("away-off", "unique", "|x - y| at (2, 1)", _with_point(layers([[1, -1]], [[1]], activation="abs"), [2, 1])),
    Net("third", "distinct", "3 x - 1 at 1/3", graph("x", "t = 3 x - 1; f = relu t", "f", ["1/3"])),
    Net(
        "third-double", "unique", "3 x - 1 at the double 0.333...", graph("x", "t = 3 x - 1; f = relu t", "f", [1 / 3])
    ),
    Net("dead", "unique", "a kink that reaches no output", graph("x", "a = relu x; f = 2 x", "f")),
    Net("cancels", "unique", "a kink times 1 - 1", graph("x", "a = relu x; z = a - a; f = z + x", "f")),
    Net(
        "one-sided",
        "distinct",
        "an objective is positive on one side only",
        graph("x", "n = -1 x; a = relu n; f = a + x", "f"),
    ),
    Net(
        "blocked",
        "unique",
        "a kink behind a relu that is 0",
        graph("x", "a = relu x; b = a - 1; c = relu b; d = relu c; m = -1 x; n = relu m; f = a - n + d", "f"),
    ),
    Net("chain", "unique", "dead kinks behind a sum that cancels", graph("x", _CHAIN, "f")),
    Net(
        "names",
        "unique",
        "ids that are sorted by code point, not as words: B, _, a, \u00e9",
        {
            "inputs": ["x"],
            "nodes": [
                {"id": "a", "op": "relu", "args": ["x"]},
                {"id": "_", "op": "affine", "args": ["x"], "coefficients": [-1]},
                {"id": "B", "op": "relu", "args": ["_"]},
                {"id": "\u00e9", "op": "affine", "args": ["a", "B"], "coefficients": [1, -1]},
            ],
            "outputs": ["\u00e9"],
        },
    ),
    Net(
        "blocks",
        "unique",
        "two independent blocks: the sum of norms in (x, y) and in (z, w)",
        graph("x y z w", f"{_NORMS}; {_NORMS_AGAIN}; sum = f - 2 j", "sum"),
    ),
    *CHANGED,
    *PATTERNS,
)

#: name, verdict, about, family and its parameters.  Their files on the disk stay what they are.
_FAMILIES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("family-lattice", "unique", "lattice", {"depth": 2, "inputs": 2, "forms": 3}),
    ("family-lattice-moved", "distinct", "lattice", {"depth": 2, "inputs": 2, "forms": 3, "moved": True}),
    ("family-copies", "unique", "copies", {"widths": "2-3-2", "seed": 2}),
    ("family-zonotope", "unique", "zonotope", {"inputs": 2, "inner": 3, "outer": 3}),
    ("family-thincone", "unique", "thincone", {"levels": 2, "shut": True}),
    ("family-maxcut", "unique", "maxcut", {"vertices": 3, "offset": 1}),
    ("family-maxcut-cut", "distinct", "maxcut", {"vertices": 3, "offset": 0}),
    ("family-3sat", "unique", "3sat", {"variables": 3, "ratio": "9", "seed": 1}),
    ("family-3sat-layers3", "unique", "3sat", {"variables": 3, "ratio": "9", "seed": 1, "form": "layers3"}),
)


def family_nets() -> dict[str, Net]:
    """The nets that the families make today, by name."""
    return {
        name: Net(name, verdict, f"family {family}", _bare(to_mapping(generate(family, **parameters))))
        for name, verdict, family, parameters in _FAMILIES
    }


FAMILY_NAMES = {name: verdict for name, verdict, _, _ in _FAMILIES}


def _bare(net: Mapping) -> Mapping:
    return {key: value for key, value in net.items() if key not in ("name", "provenance")}
