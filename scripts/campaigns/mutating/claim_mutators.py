"""Random changes of claims about subdifferentials, regions and two nets: blind ones, and ones that make them false."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from mutating.mutators import change_entry

Value = dict[str, Any]
_HEADER = ("format", "version", "kind", "digest")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every place in it."""
    if isinstance(value, list | dict):
        for place in range(len(value)) if isinstance(value, list) else list(value):
            yield value, place
            yield from _places(value[place])


def _fraction(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return Fraction(value)
    except ValueError:
        return None


def _written(number: Fraction) -> int | str:
    return int(number) if number.denominator == 1 else str(number)


def _another(draw: random.Random, number: Fraction) -> int | str:
    """A number near it, or one of those at which things change."""
    choices = [number + 1, number - 1, -number, 2 * number, number / 2, Fraction(0), Fraction(1), Fraction(-1)]
    choices += [number + Fraction(1, 7), number - Fraction(1, 1000)]
    return _written(draw.choice(choices))


def blind_value(draw: random.Random, claim: Value) -> None:
    """A number changed, an entry of a list left out, repeated, moved or exchanged, anywhere but in the header."""
    body = {key: part for key, part in claim.items() if key not in _HEADER}
    places = list(_places(body))
    key = draw.choice(list(body))
    inside = list(_places(body[key])) or places
    container, place = draw.choice(inside if draw.random() < 0.7 else places)
    number = _fraction(container[place])
    if number is not None and draw.random() < 0.7:
        changed = _another(draw, number)
        container[place] = changed if isinstance(container[place], str) or draw.random() < 0.1 else _whole(changed)
    elif isinstance(container, list):
        change_entry(draw, container, place)
    elif isinstance(container[place], int | str):
        container[place] = draw.choice((None, True, 1.5, "text", [], {}))
    claim |= body


def _whole(number: int | str) -> int:
    return number if isinstance(number, int) else int(Fraction(number))


# Changes that keep the form, so that the proof is what decides.


def _numbers(draw: random.Random, value: Any) -> None:
    """Some number of a vector or matrix."""
    found = [(part, place) for part, place in _places(value) if _fraction(part[place]) is not None]
    if found:
        part, place = draw.choice(found)
        number = _fraction(part[place])
        assert number is not None
        part[place] = _another(draw, number)


def _of_keys(*keys: str) -> Callable[[random.Random, Value], None]:
    def change(draw: random.Random, claim: Value) -> None:
        if present := [key for key in keys if key in claim]:
            _numbers(draw, claim[draw.choice(present)])

    return change


def _other_set(draw: random.Random, claim: Value) -> None:
    """The same about another set."""
    if "set" not in claim:
        return
    claim["set"] = draw.choice(("lexicographic", "clarke", "autodiff"))
    if claim["set"] == "autodiff" and "directions" in claim:
        claim["slopes"] = [[] for _ in claim.pop("directions")]
    elif claim["set"] != "autodiff" and "slopes" in claim:
        slopes = claim.pop("slopes")
        claim["directions"] = [{"leading": [[1]], "complete": []} for _ in slopes]
    if claim["kind"] == "outside" and claim["set"] == "lexicographic" and "tree" in claim:
        claim.pop("functional", None)
        claim.pop("bound", None)


def _tighter(draw: random.Random, claim: Value) -> None:
    """A bound that is a little lower, and for ``outside`` a vector that is nearer."""
    if "bound" in claim:
        less = Fraction(1, draw.choice((1, 2, 10, 10**6)))
        bound = _fraction(claim["bound"])
        if bound is not None:
            claim["bound"] = _written(bound - less)
    if claim["kind"] == "outside":
        factor = Fraction(draw.randrange(0, 10), 10)
        rows = [[_fraction(entry) for entry in row] for row in claim["vector"]]
        claim["vector"] = [[_written((entry or Fraction(0)) * factor) for entry in row] for row in rows]


def _looser(draw: random.Random, claim: Value) -> None:
    """A constraint left out, wider or turned round; an interior point elsewhere."""
    rows = claim.get("constraints")
    if not rows:
        return
    row = draw.choice(rows)
    kind = draw.randrange(4)
    if kind == 0:
        rows.remove(row)
    elif kind == 1 and row:
        number = _fraction(row[-1])
        row[-1] = _written((number or Fraction(0)) + draw.choice((Fraction(1), Fraction(10), Fraction(1, 9))))
    elif kind == 2 and row:
        place = draw.randrange(len(row))
        row[place] = _written(-(_fraction(row[place]) or Fraction(0)))
    elif "interior" in claim:
        _numbers(draw, claim["interior"])


def _proof(draw: random.Random, claim: Value) -> None:
    """The argument or the tree, and nothing else."""
    key = "argument" if "argument" in claim else "tree"
    if key not in claim:
        return
    found = [(part, place) for part, place in _places(claim[key]) if type(part[place]) is int]
    lists = [part for part, place in _places(claim[key]) if isinstance(part, list)]
    if found and draw.random() < 0.6:
        part, place = draw.choice(found)
        part[place] = draw.choice((part[place] + 1, part[place] - 1, -part[place], 0, 1, -1, -2))
    elif lists:
        part = draw.choice(lists)
        place = draw.randrange(len(part)) if part else 0
        if part and draw.random() < 0.5:
            del part[place]
        elif part:
            part.insert(place, copy.deepcopy(draw.choice(part)))


def _half(draw: random.Random, claim: Value) -> None:
    """One side of the directions alone, as if the goals were symmetric, and the end of the proof from there."""
    argument = claim.get("argument")
    if not isinstance(argument, dict):
        return
    argument["half"] = [draw.randrange(3), draw.choice((1, -1))]
    if "constraints" in claim:
        claim["constraints"] = []
    if draw.random() < 0.5:
        argument["derivation"] = [[0, 1, 2]]


def _leaves(draw: random.Random, claim: Value) -> None:
    """A subtree that is a leaf now, a leaf that is closed."""
    tree = claim.get("tree")
    if not tree:
        return
    place = draw.randrange(len(tree))
    if draw.random() < 0.5:
        open_, end = 1, place
        while open_ and end < len(tree):
            step = tree[end]
            open_ += 1 if isinstance(step, list) and step and isinstance(step[0], int) and step[0] >= 0 else -1
            end += 1
        tree[place:end] = [[-2]]
    else:
        tree[place] = draw.choice(([-2], [-1], [-1, 0, 1], [-1, 0, 1, 1, 1], [draw.randrange(6)]))


_CLAIMED = _of_keys("vector", "matrix", "offset", "functional", "outputs", "direction", "base", "point", "bound")
_GIVEN = _of_keys("weights", "slopes", "directions", "interior", "constraints")

AIMED: tuple[Callable[[random.Random, Value], None], ...] = (
    _CLAIMED,
    _CLAIMED,
    _GIVEN,
    _other_set,
    _tighter,
    _looser,
    _proof,
    _leaves,
    _half,
)


def aimed(draw: random.Random, claim: Value) -> None:
    """One of these."""
    draw.choice(AIMED)(draw, claim)
