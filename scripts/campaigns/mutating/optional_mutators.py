"""Random changes of the keys of an argument that may be left out: thresholds and levels."""

from __future__ import annotations

import copy
import random
from typing import Any

from subgrad_hardness.certificate.argument import LEVELS, THRESHOLDS

Value = dict[str, Any]


def small_form(draw: random.Random, claim: Value) -> list[int]:
    """A form that may name thresholds: of the entries that there are, or one further."""
    least = -len(claim.get(THRESHOLDS, ())) - 1
    terms = [(draw.randrange(least, 8), draw.choice((1, -1, 2))) for _ in range(draw.randrange(4))]
    return [number for term in terms for number in term]


def change_threshold(draw: random.Random, claim: Value) -> None:
    """Another form or part: exchanged, scaled, of another entry, with a threshold more or another one; or empty."""
    if not claim.get(THRESHOLDS):
        return
    entry = draw.choice(claim[THRESHOLDS])
    key, other = draw.sample(("form", "part"), 2)
    kind = draw.randrange(7)
    if kind == 0:
        entry[key], entry[other] = entry[other], entry[key]
    elif kind == 1:
        factor = draw.choice((-1, 2, 3))
        entry[key][1::2] = [factor * number for number in entry[key][1::2]]
    elif kind == 2:
        entry[key] = copy.deepcopy(draw.choice(claim[THRESHOLDS])[draw.choice((key, other))])
    elif kind == 3:
        entry[key] += [-draw.randrange(1, len(claim[THRESHOLDS]) + 2), draw.choice((1, -1))]
    elif kind == 4:
        entry[key] = small_form(draw, claim)
    elif kind == 5:
        entry[key] = []
    else:
        _rename_thresholds(draw, claim)


def _rename_thresholds(draw: random.Random, claim: Value) -> None:
    """Two thresholds exchanged wherever they are named, and perhaps their entries, too: mostly in the wrong order."""
    one, other = (-draw.randrange(1, len(claim[THRESHOLDS]) + 1) for _ in range(2))
    for flat in (*claim["forms"], *(entry[key] for entry in claim[THRESHOLDS] for key in ("form", "part"))):
        flat[::2] = [{one: other, other: one}.get(variable, variable) for variable in flat[::2]]
    if draw.random() < 0.5:
        entries = claim[THRESHOLDS]
        entries[-one - 1], entries[-other - 1] = entries[-other - 1], entries[-one - 1]


def change_levels(draw: random.Random, claim: Value) -> None:
    """A triple left out, repeated, moved, with its sides exchanged, or of another atom; another sum, or one more."""
    levels = claim.get(LEVELS)
    if not levels or not isinstance(levels.get("atoms"), list) or not isinstance(levels.get("forms"), list):
        return
    flat, forms, kind = levels["atoms"], levels["forms"], draw.randrange(6)
    triples = [flat[start : start + 3] for start in range(0, len(flat), 3)]
    if kind < 3 and triples:
        place = draw.randrange(len(triples))
        if kind == 0:
            _change_place(draw, triples, place)
        elif kind == 1:
            triples[place][1:] = reversed(triples[place][1:])
        else:
            triples[place] = [draw.randrange(6), draw.randrange(12), draw.randrange(12)]
        levels["atoms"] = [number for triple in triples for number in triple]
    elif kind == 3 and forms:
        _change_place(draw, forms, draw.randrange(len(forms)))
    elif kind == 4 and forms:
        form = draw.choice(forms)
        form += [draw.randrange(8), draw.choice((1, -1, 2))]
    else:
        forms.insert(draw.randrange(len(forms) + 1), small_form(draw, claim))


def _change_place(draw: random.Random, entries: list[Any], place: int) -> None:
    """Leave an entry out, or put it or a copy of it somewhere else."""
    entry = copy.deepcopy(entries[place]) if draw.random() < 0.3 else entries.pop(place)
    if draw.random() < 0.6:
        entries.insert(draw.randrange(len(entries) + 1), entry)
