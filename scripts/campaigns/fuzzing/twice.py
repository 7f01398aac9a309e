"""Small nets of the families of two programs of one function, over inputs or over forms that depend on one another.

The families write over independent inputs.  Here every input may be a form of fewer ones, with all forms tied at the
point, so that orders of the forms exclude one another, and a weight of either program may move by a little.
"""

from __future__ import annotations

import random
from typing import Any

from fuzzing.builder import Net, exact, number, plain
from fuzzing.rewriting import move
from subgrad_hardness import generate
from subgrad_hardness.net.writing import to_mapping

_NETWORKS = ("bubble", "insertion", "transposition", "merge", "oddeven", "bitonic")
_SCANS = ("sequential", "sklansky", "koggestone", "brentkung", "blelloch")


def by_sorting(source: random.Random) -> Net:
    """Order statistics two ways, and sums of absolute differences by rank."""
    first, second = source.sample(_NETWORKS, 2)
    size = source.randint(3, 4)
    what = source.choice(("median", "median", "rank", "maximum", "all", "largest", "variation"))
    if what == "variation":
        graph = source.choice(("complete", "complete", "path", "cycle"))
        network = first if graph == "complete" else None
        return _net(source, "totalvariation", inputs=size, graph=graph, network=network)
    given: dict[str, Any] = {"inputs": 3 if what == "all" else size, "what": what, "first": first, "second": second}
    if what in ("rank", "largest"):
        given["k"] = source.randint(1, size)
    if source.random() < 0.5 and what != "all":
        given["second"] = "tree" if what == "maximum" else "subsets"
    return _net(source, "sorting", **given)


def by_parts(source: random.Random) -> Net:
    """Maxima of windows, of prefixes, and of absolute values."""
    family = source.choice(("pooling", "scan", "absolute"))
    if family == "pooling":
        height, width = source.choice(((2, 2), (2, 3), (2, 4), (3, 3)))
        top = source.choice(("windows", "sum", "convolution"))
        return _net(source, "pooling", height=height, width=width, window=2, top=top)
    if family == "scan":
        first, second = source.sample(_SCANS, 2)
        minimum = source.random() < 0.3
        return _net(source, "scan", inputs=source.randint(3, 5), first=first, second=second, minimum=minimum)
    return _net(source, "absolute", inputs=source.randint(2, 4), signed=source.random() < 0.5)


def by_dynamics(source: random.Random) -> Net:
    """Products of maxima, assignments, shortest paths, isotonic regression."""
    family = source.choice(("product", "determinant", "shortestpath", "isotonic"))
    if family == "product":
        return _net(source, "tropical", terms=source.randint(2, 4), inputs=source.randint(1, 3))
    if family == "determinant":
        return _net(source, "tropical", what="determinant", size=source.choice((2, 3)))
    if family == "shortestpath":
        first, second = source.sample(("forwards", "backwards", "middle", "paths"), 2)
        return _net(source, "shortestpath", size=source.choice((2, 3)), first=first, second=second)
    size = source.randint(2, 4)
    return _net(source, "isotonic", inputs=size, all=size < 4 and source.random() < 0.6)


def _net(source: random.Random, family: str, **given: Any) -> Net:
    """The family's net, moved or not, in one of the ways of this module; often over forms, sometimes under a relu."""
    program = generate(family, **given, moved=source.random() < 0.3, seed=source.randrange(10**6))
    net = to_mapping(program)
    for key in ("name", "provenance"):
        net.pop(key, None)
    for node in net["nodes"]:
        if node["op"] == "affine":
            node.setdefault("coefficients", [1] * len(node["args"]))
    if source.random() < 0.6:
        _over_forms(source, net)
    if source.random() < 0.2:
        move(source, net["nodes"])
    outputs = net["outputs"]
    if len(outputs) > 1 and source.random() < 0.3:
        weights = [number(source) for _ in outputs]
        net["nodes"].append({"id": "sum", "op": "affine", "args": outputs, "coefficients": weights})
        outputs = net["outputs"] = ["sum"]
    if len(outputs) == 1 and source.random() < 0.25:
        net["nodes"].append({"id": "top", "op": source.choice(("relu", "abs")), "args": list(outputs)})
        net["outputs"] = ["top"]
    return net


def _over_forms(source: random.Random, net: Net) -> None:
    """Each input becomes an affine form of two or three new ones; all of them have one value at a random point."""
    names = net["inputs"]
    fresh = [f"y{index}" for index in range(source.randint(2, 3))]
    point = [source.choice((0, 0, 1, -1, "1/2")) for _ in fresh]
    level = exact(source.choice((0, 0, 0, 1, "-1/2")))
    forms = []
    for name in names:
        row = [0 if source.random() < 0.3 else number(source) for _ in fresh]
        value = sum((exact(c) * exact(at) for c, at in zip(row, point, strict=True)), exact(0))
        bias = plain(level - value)
        forms.append({"id": name, "op": "affine", "args": fresh, "coefficients": row, "bias": bias})
    net["inputs"], net["point"], net["nodes"] = fresh, point, [*forms, *net["nodes"]]
