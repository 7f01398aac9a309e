"""Random arguments with thresholds about small nets, legal ones and forged ones, proved where that is possible."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from support import second_nets, small_nets
from support.arguing import closed, opened, saturated
from support.paths import ROOT
from support.second_argument import RejectedError

Value = dict[str, Any]
CORPUS = ROOT / "tests" / "certificates"
#: Nets with more kinks than this are left alone, and literals get the relu rule this often.
_MOST_KINKS, _MOST_RULES = 6, 12


class Attempt(NamedTuple):
    """A net, a claim about it with all its steps, or None where its thresholds and rules prove nothing.

    ``unique``: the claim is true.  ``legal``: each threshold names earlier ones only, and takes no zero form.
    """

    net: bytes
    claim: Value | None
    unique: bool
    legal: bool


def attempt(seed: int) -> Attempt | None:
    """Always the same one for one seed; None where the net is too large or linear without any argument."""
    draw = random.Random(f"thresholds {seed}")
    net, unique = _net(draw)
    program, point = second_nets.read_net(net)
    kinks = second_nets.localise(program, point).kinks
    if not 1 <= len(kinks) <= _MOST_KINKS:
        return None
    order = sorted(kinks, key=lambda kink: program.relus[kink])
    inputs = len(program.inputs)
    direction = [draw.randrange(-3, 4) or 1, *(draw.randrange(-3, 4) for _ in range(inputs - 1))]
    claim: Value = {
        "format": "subgrad_hardness certificate",
        "version": 1,
        "kind": "unique",
        "digest": second_nets.digest_of(net),
        "directions": [{"leading": [direction], "complete": list(range(1, inputs))}],
        "kinks": order,
        "signs": [],
        "half": None,
        **{key: [] for key in ("forms", "thresholds", "rules", "lemmas", "derivation")},
    }
    if draw.random() < 0.2:
        claim["half"] = [draw.randrange(inputs), draw.choice((1, -1))]
    try:
        done = _argued(draw, net, claim)
        return None if done is None else done._replace(unique=unique)
    except RejectedError:  # half a space where the goals are not symmetric
        return None


@cache
def _corpus_nets() -> tuple[tuple[bytes, bool], ...]:
    """The nets of the corpus, and whether they have one subgradient."""
    manifest = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    return tuple(
        ((CORPUS / entry["file"]).read_bytes(), entry["verdict"] == "unique")
        for entry in manifest["nets"]
        if entry["verdict"] != "none"  # as at a pole
    )


def _net(draw: random.Random) -> tuple[bytes, bool]:
    """A net, and whether it has one subgradient."""
    if draw.random() < 0.5:
        return draw.choice(_corpus_nets())
    number = draw.randrange(small_nets.COUNT)
    return json.dumps(small_nets.nets()[number]).encode(), small_nets.expected(number) == "unique"


def _argued(draw: random.Random, net: bytes, claim: Value) -> Attempt | None:
    """The claim with thresholds, rules and, where that is possible, a proof."""
    wrong = draw.choice((None, None, None, 0, 1, 2))
    for place in range(3):
        clauses = opened(net, claim)
        inputs = clauses.atoms.inputs
        if not clauses.stated[0]:
            return None
        variables = range(-place, inputs + len(clauses.atoms.shapes))
        if draw.random() < 0.7 or place == wrong:
            form = dict(draw.choice(clauses.shapes)) if draw.random() < 0.8 else _drawn(draw, variables)
            part = {variable: entry for variable, entry in form.items() if draw.random() < 0.5}
            part = part if draw.random() < 0.7 else _drawn(draw, variables)
            if place == wrong:
                form, part = _spoilt(draw, form, part, -place - 1)
            claim["thresholds"].append({"form": _flat(form), "part": _flat(part)})
    legal = all(_legal(entry, place) for place, entry in enumerate(claim["thresholds"]))
    return Attempt(net, closed(net, saturated(net, claim, _MOST_RULES)), False, legal)


def _drawn(draw: random.Random, variables: Sequence[int]) -> dict[int, int]:
    """A small form, perhaps zero."""
    chosen = draw.sample(variables, min(len(variables), draw.randrange(4)))
    return {variable: draw.choice((-2, -1, 1, 1)) for variable in chosen}


def _spoilt(
    draw: random.Random, form: dict[int, int], part: dict[int, int], own: int
) -> tuple[dict[int, int], dict[int, int]]:
    """A form and a part that name the entry's own threshold or the next one; or the zero form."""
    kind = draw.randrange(4)
    if kind == 0:
        return {}, part
    if kind == 1:  # t - v > t
        return form, {own: 1, **{variable: -entry for variable, entry in form.items()}}
    if kind == 2:
        return form, {**part, draw.choice((own, own - 1)): draw.choice((1, -1))}
    return {**form, own: draw.choice((1, -1))}, {**part, own: draw.choice((1, -1))}


def _legal(entry: Value, place: int) -> bool:
    return bool(entry["form"]) and all(variable >= -place for flat in entry.values() for variable in flat[::2])


def _flat(form: dict[int, int]) -> list[int]:
    return [number for pair in form.items() for number in pair]
