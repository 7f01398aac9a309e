"""True claims about subdifferentials, regions and two nets (docs/certificate.md, section 10), and their nets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

Value = dict[str, Any]


def graph(outputs: str, nodes: list[Value], inputs: Any = ("x",), **more: Any) -> Value:
    """A graph net."""
    return {"inputs": list(inputs), "nodes": nodes, "outputs": outputs.split(), **more}


def node(name: str, op: str, args: str = "", **more: Any) -> Value:
    """A node; the arguments' names are separated by blanks."""
    return {"id": name, "op": op, "args": args.split(), **more}


def affine(name: str, args: str, *coefficients: Any, bias: Any = 0) -> Value:
    """A row."""
    return node(name, "affine", args, coefficients=list(coefficients), bias=bias)


def _saddle(*names: str) -> Value:
    first, second = names
    nodes = [node("a", "abs", first), node("b", "abs", second), affine("f", "a b", 1, -1)]
    return graph("f", nodes, names)


#: name -> (what is special about it, the net).
NETS: dict[str, tuple[str, Value]] = {
    "abs": ("two kinks, two Jacobians", graph("f", [node("f", "abs", "x")])),
    "abs-layers": ("the same function in layers", {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}),
    "abs-squared": (
        "|x| + x^2, which has the same F' at 0, and x^2 is smooth",
        graph("f", [node("a", "abs", "x"), node("s", "square", "x"), affine("f", "a s", 1, 1)]),
    ),
    "abs-moved": ("the same net at another point", graph("f", [node("f", "abs", "x")], point=[2])),
    "false": (
        "x by two kinks: backpropagation gives 0, 1 or 2",
        graph("f", [node("a", "relu", "x"), affine("m", "x", -1), node("b", "relu", "m"), affine("f", "a b", 1, -1)]),
    ),
    "relu": ("one kink, which is the first node", graph("f", [node("f", "relu", "x")])),
    "down": ("a relu that is taken away", graph("f", [node("r", "relu", "x"), affine("f", "r", -1)])),
    "under": (
        "a sum that is taken away: its least value counts",
        graph("f", [node("r", "relu", "x"), affine("s", "r x", 1, 1), affine("f", "s", -1)]),
    ),
    "back": (
        "a relu that is taken away twice",
        graph("f", [node("r", "relu", "x"), affine("s", "r", -1), affine("f", "s", -1)]),
    ),
    "nested": (
        "a kink that reads a kink, both of them undecided at a leaf",
        graph(
            "f",
            [node("r", "relu", "x"), affine("s", "y r", 1, -1), node("b", "relu", "s"), affine("f", "b", -1)],
            ("x", "y"),
        ),
    ),
    "scales": (
        "a row whose arguments have different denominators",
        graph(
            "f",
            [affine("u", "x y", "1/3", "1/5"), node("a", "relu", "u"), affine("f", "a x y", "1/2", 1, "-1/7")],
            ("x", "y"),
        ),
    ),
    "saddle": ("neither regular nor stationary everywhere", _saddle("x", "y")),
    "saddle-renamed": ("the same function of other names", _saddle("y", "x")),
    "saddle-bent": (
        "the saddle, but for a bend far away",
        graph(
            "g",
            [
                *_saddle("x", "y")["nodes"],
                affine("s", "x", 1, bias=-9),
                node("r", "relu", "s"),
                affine("g", "f r", 1, 1),
            ],
            ("x", "y"),
        ),
    ),
    "saddle-swapped": (
        "inputs in the other order: nets are compared by position, whatever the inputs are called",
        graph("f", _saddle("x", "y")["nodes"], ("y", "x")),
    ),
    "twice": (
        "an output that stands twice, another that is an input: the set is not the product of its rows'",
        graph("f f x", [node("a", "abs", "x"), affine("f", "a y", 1, "1/2")], ("x", "y")),
    ),
    "order": (
        "ids against the order of the computation, relus that pass and relus that are 0 among the kinks, away from 0",
        graph(
            "a",
            [
                node("z", "hardtanh", "x"),
                node("y2", "max", "x z w"),
                affine("c", "y2 z", 2, -1, bias="-1"),
                node("b", "leaky_relu", "c", slope="-1/3"),
                node("a", "min", "b w"),
            ],
            ("x", "w"),
            point=[1, 1],
        ),
    ),
    "layers": (
        "layers whose kinks stand between other relus",
        {
            "inputs": ["x", "y"],
            "layers": [
                {"weight": [[1, 1], [1, -1], [0, 1]], "bias": [0, 3, -2], "activation": "relu"},
                {"weight": [[1, 0, 2], [-1, "1/3", 1]], "bias": [0, -1], "activation": "relu6"},
                {"weight": [[3, -1]]},
            ],
        },
    ),
    "zero": (
        "a kink that reads x - relu(x), and so nothing where x > 0",
        graph(
            "f", [node("a", "relu", "x"), affine("m", "x a", 1, -1), node("b", "abs", "m"), affine("f", "a b", 1, 2)]
        ),
    ),
    "hat": (
        "a net that is zero far away: it differs from zero, but not at infinity",
        graph(
            "h",
            [
                node("a", "abs", "x"),
                affine("s", "a", -1, bias=1),
                node("h", "relu", "s"),
            ],
        ),
    ),
    "nothing": ("zero, by a row without arguments", graph("f", [affine("f", "")])),
    "cancel": (
        "a kink that the output adds and takes away: undecided, it says nothing at a leaf",
        graph("f", [node("r", "relu", "x"), affine("f", "x r r", 1, 1, -1)]),
    ),
    "constants": (
        "relus of constants, one of them a dead kink; an argument that stands twice",
        graph(
            "f",
            [
                affine("zero", ""),
                node("dead", "relu", "zero"),
                affine("three", "", bias=3),
                node("r", "relu", "three"),
                affine("m", "", bias=-1),
                node("off", "relu", "m"),
                affine("s", "x dead x", 2, 5, -1),
                node("k", "relu", "s"),
                affine("f", "k r off dead k", 2, 1, 7, 1, -1),
            ],
        ),
    ),
}

#: What claims are made about: one net, or two.
SUBJECTS: tuple[tuple[str, str | None], ...] = (
    *((name, None) for name in ("abs", "relu", "down", "scales", "false", "saddle", "twice", "order")),
    *((name, None) for name in ("layers", "zero", "cancel", "constants", "under", "back", "nested")),
    ("abs", "abs-layers"),
    ("saddle", "saddle-bent"),
    ("saddle-bent", "saddle"),
    ("saddle", "saddle-renamed"),
    ("saddle", "saddle-swapped"),
    ("hat", "nothing"),
)


class Truth(NamedTuple):
    """A true claim: its name, its net, the second net if it is about two."""

    name: str
    net: str
    other: str | None
    claim: Value


def made(net: str, other: str | None) -> Iterator[Truth]:
    """All that enumeration and the engines make of a net, or of two."""
    from support.claims_made import Maker

    about = net if other is None else f"{net}-and-{other}"
    maker = Maker(NETS[net][1], random.Random(f"corpus {about}"))
    if other is None:
        claims = (*maker.of_sets(), *maker.of_functions(), *maker.of_regions())
    else:
        claims = tuple(maker.of_two(NETS[other][1]))
    counts: dict[str, int] = {}
    for claim in claims:
        yield Truth(_named(about, claim, counts), net, other, claim)


def _named(net: str, claim: Value, counts: dict[str, int]) -> str:
    """What it is called: net, kind, set, how it is shown, and a number if there are several."""
    words = [net, claim["kind"], *([claim["set"]] if "set" in claim else [])]
    if claim["kind"] in ("outside", "support", "shortest"):
        words.append("argued" if "argument" in claim else "tree")
    name = "-".join(words)
    counts[name] = counts.get(name, 0) + 1
    return name if counts[name] == 1 else f"{name}-{counts[name]}"
