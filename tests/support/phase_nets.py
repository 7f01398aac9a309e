"""Nets for the engines that decide sums of relus, and limits that run out after a number of looks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.question.answer import Refutation
from support.posed import Posed, pose

#: Two terms that are equal for all a, b, c, and beyond what the normal form sees.
IDENTITIES = (
    ("max a (min b c)", "min (max a b) (max a c)"),
    ("min a (max b c)", "max (min a b) (min a c)"),
    ("+ (abs a) (abs b)", "max (abs (+ a b)) (abs (- a b))"),
    ("relu (- (abs (+ a b)) (+ (abs a) (abs b)))", "- a a"),
    ("relu (- (relu (+ a b)) (+ (relu a) (relu b)))", "- b b"),
    ("max (max (min a b) (min b c)) (min a c)", "min (min (max a b) (max b c)) (max a c)"),
)


class Built:
    """A graph net under construction."""

    def __init__(self, source: random.Random, inputs: int) -> None:
        self.source = source
        self.nodes: list[dict[str, Any]] = []
        self.inputs = [f"x{index}" for index in range(inputs)]

    def add(self, operation: str, arguments: list[str], coefficients: list[int] | None = None) -> str:
        name = f"n{len(self.nodes)}"
        rest = {} if coefficients is None else {"coefficients": coefficients}
        self.nodes.append({"id": name, "op": operation, "args": arguments, **rest})
        return name

    def sum(self, arguments: list[str]) -> str:
        return self.add("affine", arguments, [self.source.choice((-2, -1, -1, 1, 1, 3)) for _ in arguments])

    def dense(self, depth: int) -> str:
        """A value behind ``depth`` layers of two or three relus."""
        values = self.inputs
        for _ in range(depth):
            values = [self.add("relu", [self.sum(values)]) for _ in range(self.source.randint(2, 3))]
        return self.sum(values)

    def term(self, text: str, named: dict[str, str]) -> str:
        """A term in prefix notation."""
        words = text.replace("(", " ").replace(")", " ").split()

        def read() -> str:
            word = words.pop(0)
            if word in named:
                return named[word]
            arguments = [read() for _ in range(1 if word in ("abs", "relu") else 2)]
            if word in "+-":
                return self.add("affine", arguments, [1, 1 if word == "+" else -1])
            return self.add(word, arguments)

        return read()

    def net(self, outputs: list[str]) -> dict[str, Any]:
        return {"inputs": self.inputs, "nodes": self.nodes, "outputs": outputs}


def equal(source: random.Random, inputs: int, changed: bool) -> dict[str, Any]:
    """The difference of two equal terms over dense values; ``changed``: one of the values is another in one of them."""
    built = Built(source, inputs)
    named = {letter: built.dense(source.choice((0, 1, 1))) for letter in "abc"}
    one, other = source.choice(IDENTITIES)
    first = built.term(one, named)
    if changed:
        letter = source.choice("abc")
        named[letter] = built.add("affine", [named[letter], source.choice(built.inputs)], [1, source.choice((1, -1))])
    second = built.term(other, named)
    outputs = [built.add("affine", [first, second, *built.inputs], [1, -1, *source.choices((0, 1), k=inputs)])]
    if source.random() < 0.3:
        outputs.append(built.add("affine", [outputs[0], built.inputs[0]], [-2, 3]))
    return built.net(outputs)


def plain(source: random.Random, inputs: int) -> dict[str, Any]:
    """One or two outputs behind two or three layers of relus."""
    built = Built(source, inputs)
    return built.net([built.dense(source.choice((2, 2, 3))) for _ in range(source.randint(1, 2))])


def with_verdict(name: str, net: dict[str, Any], number: int) -> Posed:
    """Posed, the verdict being that of the cells."""
    posed = pose(name, net, "", number)
    cells = ENGINES["cells"].decide(posed.question, Limits())
    return posed._replace(verdict="unique" if isinstance(cells, Refutation) else "distinct")


@cache
def nets() -> tuple[Posed, ...]:
    """120 nets; the verdicts of those that are not linear by construction come from the cells."""
    source = random.Random("phase nets")
    result: list[Posed] = []
    while len(result) < 120:
        number, inputs = len(result), source.randint(1, 4)
        name = ("equal", "equal", "changed", "plain")[number % 4]
        net = plain(source, inputs) if name == "plain" else equal(source, inputs, name == "changed")
        posed = pose(name, net, "unique", number)
        if len(posed.question.net.kinks) <= 12 and inputs <= 3:
            found = with_verdict(name, net, number)
            assert name != "equal" or found.verdict == "unique"
            result.append(found)
        elif name == "equal":
            result.append(posed)
    return tuple(result)


class Few(Limits):
    """A limit that is reached at the last of so many looks, by whomever."""

    left: ClassVar[int] = 0

    def check(self) -> None:
        Few.left -= 1
        if Few.left <= 0:
            raise LimitReached("few looks")


def looks() -> Iterator[int]:
    """More and more of them, or what is forgotten at a limit would never be done."""
    number = 2
    while True:
        yield number
        number += 1
