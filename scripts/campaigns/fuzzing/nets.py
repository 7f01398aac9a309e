"""The kinds of random nets, each built so that both answers are common."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

from fuzzing.builder import CORNERS, SLOPES, Graph, Net, exact, number, plain
from fuzzing.levels import by_levels
from fuzzing.rewriting import moved, rewritten
from fuzzing.twice import by_dynamics, by_parts, by_sorting

Maker = Callable[[random.Random], Net]


def layered(source: random.Random) -> Net:
    """Layers of all activations, with biases that put many units on a corner."""
    width = source.randint(1, 4)
    net: Net = {"inputs": width, "layers": []}
    net["point"] = [source.choice((0, 0, 1, "1/2", -1)) for _ in range(width)]
    values = [exact(entry) for entry in net["point"]]
    depth = source.randint(1, 3)
    for level in range(depth):
        height = source.randint(1, 2) if level == depth - 1 else source.randint(2, 4)
        activation = source.choice((*CORNERS, "relu", "relu", "identity"))
        rows = [[0 if source.random() < 0.2 else number(source) for _ in range(width)] for _ in range(height)]
        if source.random() < 0.3 and height > 1:  # two neurons of one line
            rows[1] = [plain(exact(entry) * source.choice((-1, 2, -3))) for entry in rows[0]]
        totals = [sum((exact(c) * v for c, v in zip(row, values, strict=True)), exact(0)) for row in rows]
        corner = exact(source.choice(CORNERS.get(activation, (0,))))
        biases = [corner - total if source.random() < 0.85 else exact(0) for total in totals]
        layer: dict[str, Any] = {"weight": rows, "bias": [plain(bias) for bias in biases], "activation": activation}
        if activation == "leaky_relu":
            layer["slope"] = source.choice(SLOPES)
        values = [
            _activated(activation, total + bias, layer.get("slope", 0))
            for total, bias in zip(totals, biases, strict=True)
        ]
        net["layers"].append(layer)
        width = height
    return net


def _activated(activation: str, total: Any, slope: Any) -> Any:
    return {
        "relu": max(total, 0),
        "identity": total,
        "abs": abs(total),
        "leaky_relu": total if total > 0 else exact(slope) * total,
        "hardtanh": max(-1, min(total, 1)),
        "relu6": max(0, min(total, 6)),
    }[activation]


def graph(source: random.Random) -> Net:
    """Random operations; one output or several."""
    built = Graph(source, source.randint(1, 4))
    names = built.grow(source.randint(2, 6))
    return built.net([names[-1]] if source.random() < 0.6 else source.sample(names, min(3, len(names))))


def difference(source: random.Random) -> Net:
    """Functions less themselves in other words, sometimes with one weight moved, sometimes under a relu."""
    built = Graph(source, source.randint(1, 4), extreme=0.1 if source.random() < 0.2 else 0.0)
    names = built.grow(source.randint(1, 5))
    twins = rewritten(built, list(built.nodes))
    terms = []
    for name in source.sample(names[len(built.inputs) :], source.randint(1, min(3, len(names) - len(built.inputs)))):
        factor = number(source)
        terms += [(factor, name), (plain(-exact(factor)), twins[name])]
    output = built.sum([*terms, *((number(source), name) for name in built.inputs if source.random() < 0.4)])
    if source.random() < 0.3:
        moved(built)
    if source.random() < 0.3:
        output = built.add(source.choice(("relu", "abs")), [output])
    return built.net([output, source.choice(names)] if source.random() < 0.1 else [output])


def chain(source: random.Random) -> Net:
    """Deep and narrow: every operation on the last one and an input; tent maps among them."""
    built = Graph(source, source.randint(1, 3))
    first, top = built.inputs[0], built.inputs[-1]
    last = first
    for _ in range(source.randint(3, 7)):
        if source.random() < 0.4:
            last = built.sum([(2, built.choose("min", [last, built.sum([(1, top), (-1, last)])]))])
        else:
            mixed = built.sum([(number(source), last), (number(source), source.choice(built.inputs))])
            last = built.bend(source.choice(tuple(CORNERS)), mixed)
    inside = built.add("min", [last, built.sum([(1, top), (-1, first)]), built.sum([(source.choice((1, -1)), first)])])
    return built.net([built.add("relu", [inside]) if source.random() < 0.5 else last])


def parallel(source: random.Random) -> Net:
    """Kinks that are nearly parallel, thin cones between them, huge and tiny weights."""
    built = Graph(source, source.randint(2, 3))
    base = [number(source) for _ in built.inputs]
    tiny = source.choice((10**6, 10**9, 10**15))
    rows = []
    for _ in range(source.randint(2, 5)):
        sign = source.choice((1, -1))
        shift = source.randrange(len(base))
        terms = [
            (plain(sign * (exact(c) * tiny + (source.randint(-2, 2) if index == shift else 0))), name)
            for index, (c, name) in enumerate(zip(base, built.inputs, strict=True))
        ]
        rows.append(built.sum(terms))
    if source.random() < 0.5:
        inner = built.choose(source.choice(("min", "max")), rows)
        return built.net([built.bend("relu", inner)])
    bent = [built.bend(source.choice(("relu", "abs")), row) for row in rows]
    output = built.sum([(number(source), name) for name in bent])
    return built.net([built.bend("relu", output) if source.random() < 0.5 else output])


def norms(source: random.Random) -> Net:
    """relu(sum of absolute values - sum of others): the first zonotope inside the second, or just not."""
    built = Graph(source, source.randint(1, 3))
    outer = [built.combination(built.inputs) for _ in range(source.randint(1, 4))]
    mixed = [[source.randint(-2, 2) for _ in outer] for _ in range(source.randint(1, 3))]
    scale = max(sum(abs(row[index]) for row in mixed) for index in range(len(outer)))
    inner = [built.sum(list(zip(row, outer, strict=True))) for row in mixed]
    size = scale - (source.random() < 0.3)
    terms = [(1, built.bend("abs", name)) for name in inner] + [(-size, built.bend("abs", name)) for name in outer]
    output = built.sum(terms)
    if source.random() < 0.3:
        output = built.sum([(1, output), (-1, built.bend("relu", built.combination(built.inputs)))])
    return built.net([built.bend("relu", output)])


def ridges(source: random.Random) -> Net:
    """relu(rewards |u_i +- u_j| less charges for |u_i| other than |u_0|): thin ridges about diagonals, or just none."""
    built = Graph(source, source.choice((2, 3, 3, 3, 3, 3, 3, 3, 3, 4)))  # the circuit takes seconds for 4
    names = [built.inputs[0]]
    for name in built.inputs[1:]:
        names.append(built.sum([(1, name), (source.choice((-1, 0, 0, 0, 2)), names[-1])]))
    count = len(names)
    rewards = [
        (source.randint(1, 3), source.choice((1, -1)), *source.sample(range(count), 2))
        for _ in range(source.randint(1, count))
    ]
    most = max(
        sum(weight * abs(signs[i] + sign * signs[j]) for weight, sign, i, j in rewards)
        for signs in itertools.product((1, -1), repeat=count)
    )
    charge = sum(weight for weight, *_ in rewards) - (source.random() < 0.3)
    least = most + source.choice((0, 0, -1, 1))
    bent = [built.bend("abs", name) for name in names]
    terms: list[tuple[Any, str]] = [((count - 1) * charge - least, bent[0]), *((charge, name) for name in bent[1:])]
    for name in names[1:]:
        both = [built.bend("abs", built.sum([(1, name), (sign, names[0])])) for sign in (1, -1)]
        terms += [(-charge, across) for across in both]
    terms += [
        (weight, built.bend("abs", built.sum([(1, names[i]), (sign, names[j])]))) for weight, sign, i, j in rewards
    ]
    return built.net([built.bend("relu", built.sum(terms))])


def flat(source: random.Random) -> Net:
    """Kinks of kinks that vanish on open sets: strict phases of such forms would lose witnesses (SPEC 4)."""
    built = Graph(source, source.randint(2, 3))
    first = [built.add("relu", [built.sum([(source.choice((1, -1)), name)])]) for name in built.inputs * 2]
    second = []
    for _ in range(source.randint(2, 4)):
        one, two = source.sample(first, 2)
        second.append(built.add("relu", [built.sum([(1, one), (source.choice((-1, -1, -2)), two)])]))
    inner = built.add("min", [built.sum([(source.choice((1, -1)), name)]) for name in built.inputs[:2]])
    outer = built.sum([(source.choice((1, -1, -3, -2, 2)), name) for name in [inner, *source.sample(second, 2)]])
    output = built.sum([(1, built.add("relu", [outer])), (source.choice((1, -1)), source.choice(second))])
    return built.net([output])


def lattice(source: random.Random) -> Net:
    """A term of max and min over few forms against its dual by distributivity."""
    built = Graph(source, source.randint(2, 4))
    forms = [built.sum([(source.randint(-2, 2), name) for name in built.inputs]) for _ in range(4)]
    level = built.values[forms[0]]
    forms = [built.sum([(1, form)], plain(level - built.values[form])) for form in forms]
    a, b, c, d = source.sample(forms, 4)
    one, two = source.sample(("max", "min"), 2)
    left = built.add(one, [built.add(two, [a, b]), built.add(two, [c, d])])
    pairs = [(a, c), (a, d), (b, c), (b, d)]
    if source.random() < 0.35:
        del pairs[source.randrange(4)]
    right = built.add(two, [built.add(one, source.sample(pair, 2)) for pair in source.sample(pairs, len(pairs))])
    output = built.sum([(1, left), (-1, right)])
    return built.net([built.add("relu", [output]) if source.random() < 0.4 else output])


#: The kinds and how often each is drawn.
KINDS: dict[str, tuple[Maker, int]] = {
    "layered": (layered, 3),
    "graph": (graph, 3),
    "difference": (difference, 6),
    "chain": (chain, 2),
    "parallel": (parallel, 2),
    "norms": (norms, 2),
    "ridges": (ridges, 1),
    "flat": (flat, 3),
    "lattice": (lattice, 2),
    "sorting": (by_sorting, 2),
    "parts": (by_parts, 2),
    "dynamics": (by_dynamics, 2),
    "levels": (by_levels, 2),
}


def random_net(seed: int, number_in_campaign: int, kinds: Sequence[str] = ()) -> tuple[str, Net]:
    """The kind and the net; the same for the same numbers, whatever was drawn before.

    ``kinds``: only these.
    """
    source = random.Random(f"subgrad_hardness fuzz {seed} {number_in_campaign}")
    names = list(kinds) or list(KINDS)
    kind = source.choices(names, [KINDS[name][1] for name in names])[0]
    return kind, KINDS[kind][0](source)
