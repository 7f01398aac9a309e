"""Evenness and oddness: what ``symmetric`` says is so, and decisions that rest on it are right."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from support.conformance import graph, layers
from support.posed import COMPLETE_PROVERS, Posed, judge, pose
from support.reflected import reflected

from subgrad_hardness import generate
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.registry import ENGINES, PROVERS
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.normal_form.linear_form import key_of
from subgrad_hardness.normal_form.reflection import symmetric
from subgrad_hardness.question import goal_forms as module
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.session import Session


def aim_of(net: dict[str, Any], seed: int = 3) -> GoalForms:
    return Session((pose("", net, "", seed).question).net).goal_forms(pose("", net, "", seed).question, Limits())


def profiles(aim: GoalForms, directions: Sequence[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """The values of each objective at the directions, up to positive scaling."""
    result = set()
    for form in aim.forms:
        values = [aim.normal.value(form, direction) for direction in directions]
        content = math.gcd(*values) or 1
        result.add(tuple(entry // content for entry in values))
    return result


def invariant(aim: GoalForms, source: random.Random) -> bool:
    """Whether the objectives take the same values at random directions and at their opposites."""
    size = aim.normal.inputs
    directions = [tuple(source.choice((3, 99, 10**6)) * source.randint(-9, 9) for _ in range(size)) for _ in range(40)]
    directions += [tuple(source.randint(-99, 99) for _ in range(size)) for _ in range(40)]
    opposite = [tuple(-entry for entry in direction) for direction in directions]
    return profiles(aim, directions) == profiles(aim, opposite)


def random_layers(source: random.Random) -> list[list[list[int]]]:
    widths = [source.randint(1, 3), *(source.randint(1, 3) for _ in range(source.choice((1, 2, 2)))), 1]
    return [
        [[source.choice((-2, -1, 1, 1, 3)) for _ in range(widths[k])] for _ in range(widths[k + 1])]
        for k in range(len(widths) - 1)
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_even_and_odd_nets_are_seen_to_be(sign: int) -> None:
    """F - g is odd with F, and even with F where g = 0, for which a relu around it cares."""
    source = random.Random(f"reflection {sign}")
    seen = 0
    for _ in range(400):
        net = reflected(random_layers(source), sign)
        if sign > 0:
            net["layers"][-1]["activation"] = "relu"
            net["layers"].append({"weight": [[1]]})
        posed = pose("", net, "", 3)
        aim = Session(posed.question.net).goal_forms(posed.question, Limits())
        if aim.forms and (sign < 0 or not any(posed.element.rows[0])):
            assert aim.half is not None
            assert invariant(aim, source)
            seen += 1
    assert seen > 20


def test_nets_that_are_neither_are_not_taken_for_it() -> None:
    """Plain random nets, and even and odd ones with one weight changed."""
    source = random.Random("neither")
    said = {True: 0, False: 0}
    for number in range(200):
        weights = random_layers(source)
        sign = source.choice((1, -1))
        net = layers(*weights) if number % 2 else reflected(weights, sign, source.choice((1, -1, 10**30)))
        aim = aim_of(net, number)
        if aim.forms:
            half = aim.half is not None
            assert half <= invariant(aim, source), net
            said[half] += 1
    assert said[False] > 60 < 150 - said[True]


_TINY = 10**40


_TINY = 10**40
_TWO = "a = relu x; b = abs y; c = a - b; f = relu c; m = -1 x; p = relu m; d = p - {} b; h = relu d"


@pytest.mark.parametrize(
    ("lines", "outputs", "expected"),
    [
        ("a = abs x; b = abs y; c = a - b; f = relu c", "f", True),
        ("a = abs x; b = abs y; c = a - b; d = relu c; f = 2 d + 5 y", "f", True),  # the linear part is g's
        ("a = abs x; b = abs y; c = a - b + y; f = relu c", "f", False),
        ("a = abs x; b = abs y; c = a - b; d = relu c; e = max x y; f = e + d", "f", False),
        (f"a = relu x; m = -1 x; n = relu m; b = abs y; c = {_TINY} a + {_TINY} n - b; f = relu c", "f", False),
        (f"a = relu x; m = -1 x; n = relu m; b = abs y; c = {_TINY} a + {_TINY + 1} n - b; f = relu c", "f", False),
        ("f = relu x", "f", False),
        ("f = abs x", "f", False),  # even, but |x| - g x is not
        (_TWO.format(1) + "; g = f - h", "g", True),  # odd
        (_TWO.format(2) + "; g = f - h", "g", False),
        (_TWO.format(1), "f h", True),  # f(x) and f(-x): the set is symmetric, neither output is
        (_TWO.format(1) + "; g = 7 h", "f g", True),  # up to scaling
        (_TWO.format(1) + "; g = -7 h + x", "f g", True),  # both signs of each output are objectives
        (_TWO.format(2), "f h", False),
        (_TWO.format(1), "h", False),
    ],
)
def test_examples(lines: str, outputs: str, expected: bool) -> None:
    """With g of the cell at (-2, 5)."""
    aim = aim_of(graph("x y", lines, outputs))
    assert (aim.half is not None) == expected
    if aim.forms:
        assert invariant(aim, random.Random(1)) == expected


def test_only_the_atoms_that_are_needed_are_looked_at() -> None:
    """An even output beside max(x, relu(y))."""
    aim = aim_of(graph("x y", "a = abs x; b = abs y; c = a - b; f = relu c; r = relu y; g = max x r", "f g"))
    assert aim.half is None
    keys = [key_of(form) for form in aim.forms]
    assert [symmetric(aim.normal, chosen) for chosen in (keys[:2], keys[2:], keys, [])] == [True, False, False, True]


def test_the_half_space_is_of_the_atom_with_the_largest_gain() -> None:
    """In relu(|x| + 3 |y| - |x + y|) |y| weighs most; of the others some have no positive gain."""
    aim = aim_of(graph("x y", "a = abs x; b = abs y; s = x + y; c = abs s; d = c - a - 3 b; f = relu d", "f"))
    assert aim.half == ((0, 1), (1, 1))
    aim = aim_of(graph("x y", "a = abs x; b = abs y; s = x + y; c = abs s; d = a - c - 3 b; f = relu d", "f"))
    assert aim.half == ((0, 1),)


@cache
def small_nets() -> tuple[Posed, ...]:
    """Zonotopes and cuts whose verdicts are known, and even and odd nets that the cells decide."""
    programs = [
        *(generate("zonotope", inputs=p, inner=3, outer=4, seed=seed) for p in (2, 3) for seed in (1, 2)),
        *(
            generate("zonotope", inputs=3, inner=2, outer=4, construction="scaled", outside=outside, seed=seed)
            for outside in (True, False)
            for seed in (1, 2)
        ),
        *(generate("maxcut", vertices=n, offset=offset, seed=n) for n in (3, 4, 6) for offset in (0, 1)),
    ]
    return tuple(
        pose(str(number), to_mapping(program), str((program.provenance or {})["verdict"]), number)
        for number, program in enumerate(programs)
    )


def test_known_nets_are_decided_right_in_their_half_space() -> None:
    verdicts = set()
    for posed in small_nets():
        kinks = len(posed.question.net.kinks)
        aim = Session(posed.question.net).goal_forms(posed.question, Limits())
        verdicts.add((posed.verdict, aim.half is not None))
        for name, most in (("circuit", 13), ("phase", 99), ("cells", 20)):
            if kinks <= most:
                assert judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
    assert verdicts == {("distinct", True), ("unique", True)}


def medians(source: random.Random) -> dict[str, Any]:
    """The median of three forms in three ways: m + n = 2 (sum - max - min); or with one way more, which is odd too."""
    forms = "; ".join(
        f"{name} = {source.randint(1, 3)} {source.choice('xyz')} - {-source.randint(-3, -1)} {source.choice('xyz')}"
        for name in "uvw"
    )
    ways = "p = min u v; q = min v w; r = min u w; m = max p q r; i = max u v; j = max v w; k = max u w; n = min i j k"
    weight = source.choice((2, 2, 3))
    total = f"f = m + n + {weight} hi + {weight} lo - 2 u - 2 v - 2 w"
    return graph("x y z", f"{forms}; {ways}; hi = max u v w; lo = min u v w; {total}", "f")


def test_random_odd_nets_are_decided_as_the_cells_say() -> None:
    source = random.Random("halves")
    verdicts = {"distinct": 0, "unique": 0}
    for number in range(150):
        net = medians(source) if number % 5 == 0 else reflected(random_layers(source), -1)
        posed = pose(str(number), net, "", number)
        aim = Session(posed.question.net).goal_forms(posed.question, Limits())
        if aim.half is not None:
            cells = ENGINES["cells"].decide(posed.question, Limits())
            posed = posed._replace(verdict="unique" if isinstance(cells, Refutation) else "distinct")
            verdicts[posed.verdict] += 1
            for name in PROVERS:
                answered = judge(ENGINES[name], posed, ENGINES[name].decide(posed.question, Limits()))
                assert answered or name not in COMPLETE_PROVERS
    assert min(verdicts.values()) > 5


def test_half_of_the_directions_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The phase engine's solver is told of the half-space: fewer conflicts, and the proof rests on it."""
    posed = next(posed for posed in reversed(small_nets()) if posed.verdict == "unique")
    counts: list[int] = []
    for _ in range(2):
        answer = ENGINES["phase"].decide(posed.question, Limits())
        assert isinstance(answer, Refutation)
        assert answer.proof is not None
        assert (answer.proof.half is None) == bool(counts)
        assert judge(ENGINES["phase"], posed, answer)
        counts.append(len(answer.proof.lemmas))
        monkeypatch.setattr(module, "symmetric", lambda *_: False)
    assert counts[0] < 0.8 * counts[1]
