"""Sums of relus as posed questions: random ones, and members of families."""

from __future__ import annotations

import random
from typing import Any

from subgrad_hardness import generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.question.answer import Witness
from subgrad_hardness.question.pose import pose_local
from support.conformance import layers
from support.posed import Posed, pose


def drawn(seed: int, widest: int = 3) -> Posed:
    """A sum of absolute values and relus of forms over a few inputs each, behind one or two relus; the verdict is that
    of the enumeration of cells."""
    source = random.Random(f"sum {seed}")
    size = source.randint(2, 4)
    rows: list[list[int]] = []
    sums: list[list[int]] = [[], []]
    for _ in range(source.randint(3, 6)):
        row = [0] * size
        for index in source.sample(range(size), source.randint(1, min(size, widest))):
            row[index] = source.choice((-2, -1, 1, 1))
        opposite = source.random() < 0.7  # |w d|, else relu(w d)
        rows += [row, [-entry for entry in row]] if opposite else [row]
        for total in sums:
            total.extend([source.choice((-3, -2, -1, -1, 1, 2))] * (2 if opposite else 1))
    second = sums[: source.randint(1, 2)]
    last = [source.choice((1, -1)) for _ in second]
    net = layers(rows, second, [last])
    question, _ = pose_local(localise(load(net)).net)
    answer = ENGINES["cells"].decide(question, Limits())
    return pose(f"sum {seed}", net, "distinct" if isinstance(answer, Witness) else "unique", 3)


def member(family: str, **values: Any) -> Posed:
    """A net of a family whose verdict is known by construction."""
    program = generate(family, **values)
    assert program.provenance is not None
    return pose(program.name or family, to_mapping(program), program.provenance["verdict"], 3)
