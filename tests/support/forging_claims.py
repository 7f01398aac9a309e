"""Proofs of claims about regions, minima, bounds and two nets, most of them false, searched with forged openings.

In a forged opening a constraint need not hold at any point, and a half-space needs no symmetric goals.  Where a proof
comes out, the verifiers have to say whether it is one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from support import second_nets, small_nets
from support.arguing import Loose, ending, saturate
from support.claims_judged import Judge
from support.claims_made import plain
from support.second_argument import Argument, Form, Local, RejectedError, introduce_atoms, primitive, reject
from support.second_claims import Claims, read_claim

Value = dict[str, Any]
KINDS = ("minimum", "minimum", "regular", "affine", "equal", "support")
#: Nets with more kinks, and copies of nets with more relus, are left alone; so often is the relu rule used.
_MOST_KINKS, _MOST_RELUS, _MOST_RULES = 4, 10, 30


class Forgery(NamedTuple):
    """A net, perhaps a second one, a claim with what the search found for it, or None, and whether it is true."""

    net: Value
    other: Value | None
    claim: Value | None
    true: bool


class _Free(Loose):
    """Clauses that take any half-space."""

    def objectives(self, objectives: list[Form], half: list[int] | None) -> None:
        super().objectives(objectives, None)
        if half is not None:
            form = self.atoms.form(half, 0)
            if not form or max(form) >= self.atoms.inputs:
                reject("half is no form of the inputs alone")
            self.state(self.meet(form))


class _Opening(Claims):
    """The clauses with which a claim's argument opens, whatever its constraints are."""

    opened: _Free

    def argued(
        self,
        argument: Argument,
        made: Local,
        goals: Callable[[list[Form]], list[Form]],
        constraints: Sequence[Form] = (),
    ) -> None:
        atoms, outputs = introduce_atoms(made, argument.kinks, argument.signs)
        self.opened = _Free(atoms)
        self.opened.objectives(goals(outputs), argument.half)
        for constraint in constraints:
            self.opened.state(self.opened.meet(constraint))

    def cone(self, constraints: list[list[Fraction]], interior: list[Fraction]) -> list[Form]:
        return [{j: entry for j, entry in enumerate(row) if entry} for row in constraints]


def forgery(seed: int) -> Forgery | None:
    """Always the same one for one seed; None where the nets are too large or the claim has no opening."""
    draw = random.Random(f"claims {seed}")
    net = draw.choice(small_nets.nets())
    judge = Judge(net)
    kind = draw.choice(KINDS)
    kinks, relus = len(judge.maker.local.kinks), len(judge.maker.graph.relus)
    if kinks > _MOST_KINKS or relus > _MOST_RELUS or (judge.maker.height > 1 and kind in ("minimum", "regular")):
        return None
    other = draw.choice([*small_nets.nets()[:60], net]) if kind == "equal" else None
    if other is not None and not _alike(judge, other):
        other = net
    claim, count = _claim(draw, judge, kind, other)
    claim["argument"] = {
        **{key: [] for key in ("signs", "forms", "rules", "lemmas", "derivation")},
        "kinks": list(range(count)) if kind not in ("affine", "equal") else _in_order(judge, other),
        "half": _half(draw, judge) if draw.random() < 0.5 else None,
    }
    try:
        argument = _proved(judge, other, claim)
    except RejectedError:
        return None
    true = judge.truth(claim, other)
    if true is None:
        return None
    return Forgery(net, other, None if argument is None else {**claim, "argument": argument}, true)


def _half(draw: random.Random, judge: Judge) -> list[int]:
    """One coordinate, or a row of a Jacobian, which may well be a goal."""
    row = draw.choice(draw.choice(judge.maker.pieces).jacobian)
    form = {index: entry for index, entry in enumerate(row) if entry}
    if not form or draw.random() < 0.5:
        return [draw.randrange(judge.size), draw.choice((1, -1))]
    sign = draw.choice((1, -1))
    return [number for index, entry in primitive(form)[1] for number in (index, sign * entry)]


def _alike(judge: Judge, other: Value) -> bool:
    graph, _ = second_nets.read_net(json.dumps(other).encode("utf-8"))
    return (len(graph.inputs), len(graph.outputs)) == (judge.size, judge.maker.height) and len(graph.relus) <= 5


def _in_order(judge: Judge, other: Value | None) -> list[int]:
    """All relus of the program that is made, as they are computed."""
    result: list[int] = []
    for graph in (judge.maker.graph, *([second_nets.read_net(json.dumps(other).encode("utf-8"))[0]] if other else [])):
        first = len(result)
        result += [first + graph.relus.index(handle) for handle in sorted(graph.relus)]
    return result


def _claim(draw: random.Random, judge: Judge, kind: str, other: Value | None) -> tuple[Value, int]:
    """A claim without its argument, true or false, and how many kinks its program has if all are kinks of the net."""
    size, height, maker = judge.size, judge.maker.height, judge.maker

    def vector(length: int) -> list[int]:
        return [draw.randrange(-2, 3) for _ in range(length)]

    rows = draw.randrange(3)
    if kind == "minimum":
        return maker.claim(kind, constraints=[vector(size) for _ in range(rows)], interior=vector(size)), _count(
            judge, 1
        )
    if kind == "regular":
        return maker.claim(kind), _count(judge, 3)
    if kind == "support":
        outputs, direction = vector(height), vector(size)
        values = [
            sum(x * y * each.jacobian[i][j] for i, x in enumerate(outputs) for j, y in enumerate(direction))
            for each in maker.pieces
        ]
        bound = max(values) - draw.choice((0, 0, Fraction(1, 9)))
        parts = {"set": "clarke", "outputs": outputs, "direction": direction, "bound": plain(bound)}
        name = maker.matrix(maker.pieces[values.index(max(values))])
        return maker.claim(kind, **parts, directions=[name]), _count(judge, 2)
    parts = {"constraints": [vector(size + 1) for _ in range(rows)], "interior": vector(size)}
    if kind == "equal":
        assert other is not None
        return maker.claim(kind, other=second_nets.digest_of(json.dumps(other).encode("utf-8")), **parts), 0
    piece = draw.choice(maker.pieces)
    inner = [sum(x * y for x, y in zip(row, maker.point, strict=True)) for row in piece.jacobian]
    offset = [x - y for x, y in zip(_value(judge), inner, strict=True)]
    return maker.claim(kind, **parts, matrix=plain(piece.jacobian), offset=plain(offset)), 0


def _value(judge: Judge) -> tuple[Fraction, ...]:
    from support import oracle

    return oracle.value(judge.read, tuple(judge.maker.point))


def _count(judge: Judge, copies: int) -> int:
    return copies * len(judge.maker.local.kinks)


def _proved(judge: Judge, other: Value | None, claim: Value) -> Value | None:
    """The argument with rules, lemmas and a derivation, or None if there are none."""
    second = None if other is None else second_nets.read_net(json.dumps(other).encode("utf-8"))
    opening = _Opening(judge.maker.graph, judge.maker.point, second)
    header = ("format", "version", "kind", "digest")
    read = read_claim({key: part for key, part in claim.items() if key not in header}, claim["kind"])
    getattr(opening, claim["kind"])(read)
    rules = saturate(opening.opened, [], _MOST_RULES)
    found = ending(opening.opened)
    return None if found is None else {**claim["argument"], "rules": rules, **found}
