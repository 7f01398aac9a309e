"""Random changes of certificates: of their structure, of their numbers, of their bytes.

A mutator takes a random source and a parsed certificate and changes the certificate in place; it may find
nothing to change.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from mutating.optional_mutators import Value, change_levels, change_threshold, small_form
from subgrad_hardness.certificate.argument import ARGUMENT_KEYS, OPTIONAL_KEYS

Mutator = Callable[[random.Random, Value], None]

#: The lists that an argument is made of.
KEYS = (*ARGUMENT_KEYS, *OPTIONAL_KEYS)
_HUGE = (10**20, 2**64, 10**400, -(10**30))


def lists(value: Any) -> Iterator[list[Any]]:
    """All lists inside ``value`` that are not empty."""
    if isinstance(value, list) and value:
        yield value
    if isinstance(value, list | dict):
        for part in value if isinstance(value, list) else value.values():
            yield from lists(part)


def _some_list(draw: random.Random, claim: Value, flat: bool) -> list[Any]:
    """A list of the argument or, now and then or where there is none, of the directions.

    Where there is none at all (earlier changes), one that does not matter.
    """
    found = list(lists({key: claim[key] for key in KEYS if key in claim}))
    if flat:
        found = [part for part in found if isinstance(part[0], int)]
    if not found or draw.random() < 0.1:
        found = list(lists(claim["directions"]))
    return draw.choice(found or [[0]])


def change_number(draw: random.Random, claim: Value) -> None:
    """An integer plus or minus one, negated, doubled, zero, or that of another place."""
    part = _some_list(draw, claim, flat=True)
    index = draw.randrange(len(part))
    number = part[index]
    if isinstance(number, int):
        part[index] = draw.choice((number + 1, number - 1, -number, 2 * number, 0, draw.choice(part)))


def huge_number(draw: random.Random, claim: Value) -> None:
    """An integer of many digits in the place of a small one, or added to it."""
    part = _some_list(draw, claim, flat=True)
    index = draw.randrange(len(part))
    if isinstance(part[index], int):
        part[index] = draw.choice(_HUGE) + draw.choice((0, part[index]))


def change_list(draw: random.Random, claim: Value) -> None:
    """An entry left out, repeated, moved, or exchanged with another."""
    part = _some_list(draw, claim, flat=draw.random() < 0.5)
    change_entry(draw, part, draw.randrange(len(part)))


def change_entry(draw: random.Random, part: list[Any], one: int) -> None:
    """Leave one entry of a list out, repeat it, move it, or exchange it with another."""
    other, kind = draw.randrange(len(part)), draw.randrange(4)
    if kind == 0:
        del part[one]
    elif kind == 1:
        part.insert(other, copy.deepcopy(part[one]))
    elif kind == 2:
        part.insert(other, part.pop(one))
    else:
        part[one], part[other] = part[other], part[one]


def change_lemma(draw: random.Random, claim: Value) -> None:
    """A lemma stronger, weaker, scaled, or with another generator."""
    if not claim.get("lemmas"):
        return
    lemma = draw.choice(claim["lemmas"])
    clause, multipliers, generators = lemma["clause"], lemma["multipliers"], lemma["generators"]
    kind = draw.randrange(6)
    if kind == 0 and clause:
        index = draw.randrange(len(clause))
        del clause[index], multipliers[index : index + 1]
    elif kind == 1:
        clause.append(draw.choice((1, -1)) * draw.randrange(1, 12))
        multipliers.append(draw.randrange(3))
    elif kind == 2:
        factor = draw.randrange(2, 9)
        lemma["multipliers"] = [factor * entry for entry in multipliers]
        generators[2::3] = [factor * entry for entry in generators[2::3]]
    elif kind == 3 and generators:
        generators[3 * draw.randrange(len(generators) // 3) + 1] = draw.randrange(4)
    elif kind == 4:
        generators += [draw.randrange(6), draw.randrange(4), draw.randrange(3)]
    elif clause:
        index = draw.randrange(len(clause))
        clause[index] = -clause[index]


def add_step(draw: random.Random, claim: Value) -> None:
    """One more rule, lemma, form, threshold, sign or derived clause, mostly a false one."""
    if "lemmas" not in claim:
        return
    literals = [draw.choice((1, -1)) * draw.randrange(1, 10) for _ in range(draw.randrange(4))]
    entries: dict[str, Any] = {
        "rules": [draw.randrange(1, 12), draw.randrange(6)],
        "lemmas": {"clause": literals, "multipliers": [draw.randrange(2) for _ in literals], "generators": []},
        "thresholds": {"form": small_form(draw, claim), "part": small_form(draw, claim)},
        "forms": [draw.randrange(8), draw.choice((1, -1)), draw.randrange(8), draw.choice((1, -1))],
        "signs": {"kink": draw.randrange(8), "sign": draw.choice((1, -1)), "generators": [draw.randrange(3), 0, 1]},
        "derivation": [*literals, 0, *(draw.randrange(1, 20) for _ in range(draw.randrange(5)))],
    }
    key = draw.choice(list(entries))
    part = claim.setdefault(key, [])
    part.insert(draw.randrange(len(part) + 1), entries[key])


def change_hints(draw: random.Random, claim: Value) -> None:
    """Hints in another order, to itself, forward; a clause with a literal less; all hints moved."""
    if not claim.get("derivation"):
        return
    number = draw.randrange(len(claim["derivation"]))
    step = claim["derivation"][number]
    end = step.index(0) if 0 in step else 0
    clause, hints = step[:end], step[end + 1 :]
    kind = draw.randrange(5)
    if kind == 0:
        draw.shuffle(hints)
    elif kind == 1 and hints:
        hints[draw.randrange(len(hints))] += draw.randrange(1, 4)
    elif kind == 2 and clause:
        clause.pop(draw.randrange(len(clause)))
    elif kind == 3:
        by = draw.choice((1, -1))
        hints = [hint + by for hint in hints]
    else:
        hints.append(draw.randrange(1, 12))
    claim["derivation"][number] = [*clause, 0, *hints]


def change_half(draw: random.Random, claim: Value) -> None:
    """Another half-space, one where there was none, or none."""
    if "half" in claim:
        claim["half"] = draw.choice((None, [0, 1], [0, -1], [1, 1], [0, 1, 1, draw.choice((1, -1))], []))


def change_matrix(draw: random.Random, claim: Value) -> None:
    """Another direction: an entry, a column, or the order of the columns."""
    if not claim["directions"]:
        return
    matrix = draw.choice(claim["directions"])
    leading, complete = matrix["leading"], matrix["complete"]
    kind = draw.randrange(5)
    if kind == 0 and leading and leading[0]:
        column = draw.choice(leading)
        if column:
            column[draw.randrange(len(column))] = draw.choice((0, 1, -1, "1/3", "-5/2", 0.1, 10**40))
    elif kind == 1:
        draw.shuffle(complete)
    elif kind == 2 and leading:
        draw.choice(leading).reverse()
    elif kind == 3 and complete:
        complete[draw.randrange(len(complete))] = draw.randrange(3)
    else:
        claim["directions"] = [copy.deepcopy(draw.choice(claim["directions"])) for _ in claim["directions"]]


def change_frame(draw: random.Random, claim: Value) -> None:
    """A key left out, added or of another type; another kind, version or digest.

    Not among ``MUTATORS``: after it the others cannot rely on the keys.
    """
    key = draw.choice(list(claim))
    kind = draw.randrange(6)
    if kind == 0:
        del claim[key]
    elif kind == 1:
        claim[key] = draw.choice((None, True, 1.5, "text", [], {}, 0))
    elif kind == 2:
        claim["kind"] = draw.choice(("unique", "distinct", "unknown"))
    elif kind == 3:
        place = draw.randrange(64)
        claim["digest"] = claim["digest"][:place] + draw.choice("0123456789abcdefg") + claim["digest"][place + 1 :]
    elif kind == 4:
        claim["note"] = key
    else:
        claim["version"] = draw.choice((0, 2, 1.0, "1"))


#: Each with its weight.
MUTATORS: dict[Mutator, int] = {
    change_number: 8,
    huge_number: 1,
    change_list: 6,
    change_lemma: 5,
    change_threshold: 5,
    change_levels: 5,
    add_step: 3,
    change_hints: 4,
    change_half: 1,
    change_matrix: 2,
}


def structural(draw: random.Random, claim: Value) -> None:
    """One change of the kinds above."""
    (mutator,) = draw.choices(list(MUTATORS), list(MUTATORS.values()))
    mutator(draw, claim)


def blind(draw: random.Random, data: bytes) -> bytes:
    """Bytes changed, left out, inserted, exchanged; the text cut off; a digit changed."""
    changed = bytearray(data or b"0")
    kind = draw.randrange(6)
    one, other = sorted((draw.randrange(len(changed)), draw.randrange(len(changed))))
    if kind == 0:
        changed[one] ^= 1 << draw.randrange(8)
    elif kind == 1:
        del changed[one : one + draw.randrange(1, 9)]
    elif kind == 2:
        changed[one:one] = bytes(draw.choice(b'0123456789-,[]{}:"eE. ') for _ in range(draw.randrange(1, 4)))
    elif kind == 3:
        del changed[one:]
    elif kind == 4:
        length = draw.randrange(1, 20)
        changed[one : one + length], changed[other : other + length] = (
            changed[other : other + length],
            changed[one : one + length],
        )
    elif digits := [index for index, byte in enumerate(changed) if byte in b"0123456789"]:
        changed[draw.choice(digits)] = draw.choice(b"0123456789")
    return bytes(changed)


def other_net(draw: random.Random, net: Value) -> Value:
    """The net with one number, operation or output changed; it may be no net any more."""
    changed = copy.deepcopy(net)
    if "layers" in changed:
        layer = draw.choice(changed["layers"])
        weight = layer["weight"]
        row = draw.choice(weight if isinstance(weight, list) else weight["entries"] or [[0, 0, 0]])
        row[-1 if isinstance(weight, dict) else draw.randrange(len(row))] = draw.choice((0, 1, -1, 2, "1/2"))
        return changed
    node = draw.choice(changed["nodes"])
    if node["op"] == "affine" and node.get("args"):
        coefficients = node.setdefault("coefficients", [1] * len(node["args"]))
        coefficients[draw.randrange(len(coefficients))] = draw.choice((0, 1, -1, 2, "1/2", -3))
    elif node["op"] in ("max", "min"):
        node["op"] = {"max": "min", "min": "max"}[node["op"]]
    elif draw.random() < 0.5:
        changed["outputs"] = [*changed["outputs"], node["id"]]
    else:
        node["op"] = draw.choice(("relu", "abs"))
        node.pop("slope", None)
    return changed
