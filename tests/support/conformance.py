"""Small nets with known verdicts, as data: every engine must agree with this table where it answers.

One row: name, expected verdict, why, net.  Graph nets are written in the text language of docs/net-format.md.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import to_mapping


class Case(NamedTuple):
    """A net and what is true of it."""

    name: str
    verdict: str
    why: str
    net: dict[str, Any]


def graph(inputs: str, lines: str, outputs: str, point: list[Any] | None = None) -> dict[str, Any]:
    """A graph net from its nodes in the text language."""
    net = to_mapping(Program.from_text(f"inputs {inputs}; {lines}; outputs {outputs}"))
    return net if point is None else {**net, "point": point}


def layers(*weights: list[list[Any]], activation: str = "relu", **rest: Any) -> dict[str, Any]:
    """A bias-free layered net, the last layer without an activation."""
    hidden = [{"weight": weight, "activation": activation} for weight in weights[:-1]]
    return {"inputs": len(weights[0][0]), "layers": [*hidden, {"weight": weights[-1]}], **rest}


_MEDIAN = "lo = min x y; hi = max x y; c = min hi z; m = max lo c"
_MEDIAN_TWICE = f"{_MEDIAN}; p = min x y; q = min y z; r = min x z; n = max p q r; f = m - n"
_NEEDLE = "b = {top} y - x; a = x - {width} y; m = min a b y; f = relu m"
_TRAP = (
    "rx = relu x; ry = relu y; z = rx - ry; mz = -1 z; rz = relu z; rmz = relu mz; mx = -1 x; my = -1 y;"
    "low = min mx my; a = low - rmz - 3 rz; ra = relu a; b = rz - rx; rb = relu b; f = ra + rb"
)
_TENT = "u1 = min x y; v1 = 2 u1; w1 = y - v1; u2 = max v1 w1; d = 1 u2 - y; f = relu d"
# x_i or not x_i as +x_i, -x_i; clauses as max, the formula as min, F = relu of it.
_UNSAT = "a = -1 x; b = -1 y; c1 = max x y; c2 = max x b; c3 = max a y; c4 = max a b; m = min c1 c2 c3 c4; f = relu m"
_SAT = "a = -1 x; b = -1 y; c1 = max x y; c2 = max x b; c3 = max a y; m = min c1 c2 c3; f = relu m"

CASES = (
    Case("linear", "unique", "no kink at all", layers([[1, 2]], activation="identity") | {"inputs": 2}),
    Case("constant", "unique", "no dependence on the input", graph("x", "c = 5", "c")),
    Case("input as output", "unique", "the identity", graph("x y", "c = x", "y")),
    Case("relu", "distinct", "0 and 1", graph("x", "f = relu x", "f")),
    Case("relu off its kink", "unique", "differentiable at 1", graph("x", "f = relu x", "f", [1])),
    Case("abs", "distinct", "-1 and 1", graph("x", "f = abs x", "f")),
    Case("identity in disguise", "unique", "relu(x) - relu(-x) = x", layers([[1], [-1]], [[1, -1]])),
    Case("abs as two relus", "distinct", "relu(x) + relu(-x)", layers([[1], [-1]], [[1, 1]])),
    Case("max plus min", "unique", "= x + y", graph("x y", "a = max x y; b = min x y; f = a + b", "f")),
    Case("max minus min", "distinct", "= |x - y|", graph("x y", "a = max x y; b = min x y; f = a - b", "f")),
    Case("max of equals", "unique", "max(x, x)", graph("x", "f = max x x", "f")),
    Case("median", "distinct", "of three", graph("x y z", _MEDIAN, "m")),
    Case("median two ways", "unique", "the difference is 0", graph("x y z", _MEDIAN_TWICE, "f")),
    Case(
        "sum and maximum norms",
        "unique",
        "|x| + |y| = max(|x + y|, |x - y|)",
        graph(
            "x y", "a = abs x; b = abs y; s = x + y; d = x - y; p = abs s; q = abs d; m = max p q; f = a + b - m", "f"
        ),
    ),
    Case("hardtanh inside", "unique", "no corner at 0", graph("x", "f = hardtanh x", "f")),
    Case("hardtanh at its corner", "distinct", "0 and 1", graph("x", "f = hardtanh x", "f", [-1])),
    Case("relu6 at its upper corner", "distinct", "0 and 1", graph("x", "f = relu6 x", "f", [6])),
    Case("leaky without leak", "unique", "slope 1", graph("x", "f = leaky_relu(1) x", "f")),
    Case("leaky", "distinct", "1/3 and 1", graph("x", "f = leaky_relu(1/3) x", "f")),
    Case(
        "leaky in disguise",
        "unique",
        "leaky_1/3(x) - leaky_1/3(-x) = 4/3 x",
        graph("x", "m = -1 x; a = leaky_relu(1/3) x; b = leaky_relu(1/3) m; f = a - b", "f"),
    ),
    Case(
        "needle", "distinct", "2^60 y < x < (2^60 + 1) y", graph("x y", _NEEDLE.format(width=2**60, top=2**60 + 1), "f")
    ),
    Case("needle shut", "unique", "no x between", graph("x y", _NEEDLE.format(width=2**60, top=2**60), "f")),
    Case("finer needle", "distinct", "10^-40 wide", graph("x y", _NEEDLE.format(width=10**40, top=10**40 + 1), "f")),
    Case("finer needle shut", "unique", "the same shut", graph("x y", _NEEDLE.format(width=10**40, top=10**40), "f")),
    Case("trap", "distinct", "witnesses only where a preactivation vanishes (SPEC 4)", graph("x y", _TRAP, "f")),
    Case("one sign only", "distinct", "only the negative sign of F separates", graph("x", "a = relu x; f = -1 a", "f")),
    Case(
        "nonpositive inside a relu",
        "unique",
        "relu(-|x| - |y|) = 0",
        graph("x y", "a = abs x; b = abs y; c = -1 a - b; f = relu c", "f"),
    ),
    Case(
        "nonnegative inside a relu",
        "unique",
        "relu(|x| + x) - |x| = x",
        graph("x", "a = abs x; c = a + x; r = relu c; f = r - a", "f"),
    ),
    Case(
        "a wedge",
        "unique",
        "max(-y, min(0, -x)) = min(max(-y, 0), max(-y, -x))",
        graph(
            "x y",
            "o = 0 x; a = -1 x; b = -1 y; c = min o a; p = max b c; d = max b o; e = max b a; q = min d e; f = p - q",
            "f",
        ),
    ),
    Case(
        "max(-y, min(0, -x))",
        "distinct",
        "three slopes",
        graph("x y", "o = 0 x; a = -1 x; b = -1 y; c = min o a; f = max b c", "f"),
    ),
    Case(
        "max(min(x, -y), y - x)",
        "distinct",
        "three slopes",
        graph("x y", "b = -1 y; a = min x b; d = y - x; f = max a d", "f"),
    ),
    Case("tent of the ratio", "distinct", "below the tip", graph("x y", _TENT, "f")),
    Case("two outputs, one kinks", "distinct", "the second", graph("x", "a = 3 x; b = relu x", "a b")),
    Case(
        "two outputs, both linear",
        "unique",
        "kinks cancel in each",
        graph(
            "x",
            "m = -1 x; a = relu x; b = relu m; p = a - b; q = 2 a - 2 b + x",
            "p q",
        ),
    ),
    Case("the same output twice", "distinct", "abs", graph("x", "a = abs x", "a a")),
    Case("zero output scale", "unique", "0 * relu(x)", graph("x", "a = relu x; f = 0 a", "f")),
    Case("dead kink", "unique", "reaches no output", graph("x", "a = relu x; f = 2 x", "f")),
    Case(
        "behind a relu that blocks", "unique", "relu(relu(x) - 1)", graph("x", "a = relu x; b = a - 1; f = relu b", "f")
    ),
    Case("tenths as strings", "distinct", "0.1 + 0.2 - 0.3 = 0", graph("x", "f = relu x", "f") | {"point": [0]}),
    Case("third", "distinct", "3 x - 1 at 1/3", graph("x", "t = 3 x - 1; f = relu t", "f", ["1/3"])),
    Case(
        "third as a double",
        "unique",
        "3 x - 1 at 0.333...",
        graph("x", "t = 3 x - 1; f = relu t", "f", [0.3333333333333333]),
    ),
    Case("satisfiable", "distinct", "three clauses on two variables", graph("x y", _SAT, "f")),
    Case("unsatisfiable", "unique", "all four clauses on two variables", graph("x y", _UNSAT, "f")),
    Case("opposite copies", "unique", "5 relu(2x - y) - 10 relu(x - y/2)", layers([[2, -1], [1, "-1/2"]], [[5, -10]])),
    Case(
        "linear by groups", "unique", "c |l| cancels on the line", layers([[1, 2], [-2, -4], [3, 6]], [[2, "-5/2", 1]])
    ),
    Case(
        "nearly linear", "distinct", "10^-30 left over", layers([[1], [-1]], [[1, "-0.999999999999999999999999999999"]])
    ),
    Case(
        "two hidden layers",
        "unique",
        "relu(relu(x) + relu(-x)) - |x|",
        layers(
            [[1], [-1]],
            [[1, 1], [1, 0], [0, 1]],
            [[1, -1, -1]],
        ),
    ),
    Case("ridge in four dimensions", "distinct", "one hyperplane", layers([[1, -2, 3, -4]], [[1]])),
    Case(
        "away from the origin",
        "distinct",
        "|x - y| at (2, 2)",
        layers([[1, -1]], [[1]], activation="abs", point=[2, 2]),
    ),
    Case("off the diagonal", "unique", "|x - y| at (2, 1)", layers([[1, -1]], [[1]], activation="abs", point=[2, 1])),
)
