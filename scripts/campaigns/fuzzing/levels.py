"""Sums of maxima and minima of inputs in two ways, by the laws of a distributive lattice; or not quite."""

from __future__ import annotations

import random

from fuzzing.builder import Graph, Net, exact, number, plain
from fuzzing.rewriting import rewritten


def by_levels(source: random.Random) -> Net:
    """Weighted wires of a random network of max, min and relu, less the same in other words."""
    built = Graph(source, source.randint(2, 4))
    level = source.choice((0, 0, 0, 1, "1/2"))  # relus bend at 0 alone
    built.point = [level] * len(built.inputs)
    built.values = dict.fromkeys(built.inputs, exact(level))
    wires = list(built.inputs)
    for _ in range(source.randint(1, 5)):
        if source.random() < 0.2:
            wires.append(built.add("relu", [source.choice(wires)]))
        else:
            count = min(len(wires), source.choice((2, 2, 2, 3)))
            wires.append(built.add(source.choice(("max", "min")), source.sample(wires, count)))
    nodes = {node["id"]: node for node in built.nodes}
    twins = rewritten(built, built.nodes[:])
    chosen = source.sample(wires, min(len(wires), source.randint(1, 3)))
    terms = [(number(source), wire) for wire in dict.fromkeys([wires[-1], *chosen])]
    others = []
    for weight, wire in terms:
        spread = _distributed(built, nodes, wire) if source.random() < 0.8 else None
        others.append((plain(-exact(weight)), spread or twins[wire]))
    if source.random() < 0.35:
        place = source.randrange(len(others))
        others[place] = number(source), others[place][1]
    return built.net([built.sum([*terms, *others])])


def _distributed(built: Graph, nodes: dict[str, dict[str, object]], wire: str) -> str | None:
    """max(min(a, b), c, ...) as min(max(a, c, ...), max(b, c, ...)), and dually; None for another wire."""
    node = nodes.get(wire)
    if node is None or node["op"] not in ("max", "min"):
        return None
    arguments = node["args"]
    assert isinstance(arguments, list)
    for place, name in enumerate(arguments):
        inner = nodes.get(name)
        if inner is not None and {inner["op"], node["op"]} == {"max", "min"}:
            rest = [*arguments[:place], *arguments[place + 1 :]]
            members = inner["args"]
            assert isinstance(members, list)
            return built.add(str(inner["op"]), [built.add(str(node["op"]), [member, *rest]) for member in members])
    return None
