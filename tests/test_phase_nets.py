"""Whole decisions of dense nets, with equal functions written in two ways: circuit and phases against the cells."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import oracle
import pytest
from conformance import graph
from test_engines import Posed, judge, pose
from test_reflection import reflected

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.registry import ENGINES, PROVERS
from subgrad_hardness.question.answer import Refutation, Undecided

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


def test_both_verdicts_are_common() -> None:
    counts = Counter((posed.name, posed.verdict) for posed in nets())
    assert counts["equal", "unique"] == 60
    assert counts["changed", "distinct"] > 10 < counts["changed", "unique"] + counts["plain", "unique"]
    assert counts["plain", "distinct"] > 10


@pytest.mark.parametrize("name", PROVERS)
def test_dense_nets(name: str) -> None:
    """Right, and every refutation certified."""
    for posed in nets():
        assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))


def test_the_oracle_agrees_where_it_can() -> None:
    asked = [posed for posed in nets() if len(posed.question.net.kinks) <= 7]
    assert len(asked) > 10
    for posed in asked:
        assert oracle.verdict(oracle.read(posed.net)) == posed.verdict


@pytest.mark.parametrize("sign", [1, -1])
def test_even_and_odd_functions(sign: int) -> None:
    source = random.Random(f"phase {sign}")
    verdicts = set()
    for number in range(25):
        inputs, hidden = source.randint(1, 3), source.randint(1, 3)
        weights = [
            [[source.choice((-2, -1, 1, 1, 3)) for _ in range(columns)] for _ in range(rows)]
            for columns, rows in ((inputs, hidden), (hidden, 2), (2, 1))
        ]
        posed = with_verdict("reflected", reflected(weights, sign), number)
        verdicts.add(posed.verdict)
        for name in PROVERS:
            assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
    assert verdicts == {"distinct", "unique"}


@pytest.mark.parametrize("name", PROVERS)
@pytest.mark.parametrize("factor", [1, 3, 7])
@pytest.mark.parametrize(
    ("last", "verdict"), [("f = ra + rb", "distinct"), ("g = relu low; f = ra + rb - g", "unique")]
)
def test_phases_over_kinks_are_not_strict(name: str, factor: int, last: str, verdict: str) -> None:
    """SPEC 4: f = relu(min(-x, -y)), and positive only where the form z over kinks vanishes, an open set."""
    lines = (
        "rx = relu x; ry = relu y; z = rx - ry; mz = -1 z; rz = relu z; rmz = relu mz; mx = -1 x; my = -1 y;"
        f"low = min mx my; a = low - rmz - {factor} rz; ra = relu a; b = rz - rx; rb = relu b;"
    )
    for number in range(6):
        posed = pose("trap", graph("x y", lines + last, "f"), verdict, number)
        assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))


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


@pytest.mark.parametrize("name", PROVERS)
def test_runs_that_are_stopped_again_and_again(name: str) -> None:
    """The same verdicts, with proofs that the verifier accepts."""
    stops = []
    for posed in nets()[::2]:
        run, count = ENGINES[name].start(posed.question, patient=True), 0
        for Few.left in looks():
            answer = run(Few())
            if not isinstance(answer, Undecided):
                break
            assert answer.limited
            count += 1
        stops.append(count)
        assert judge(ENGINES[name], posed, answer)
    assert max(stops) > 20
    assert sum(count > 8 for count in stops) > 10
