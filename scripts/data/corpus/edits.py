"""Small changes of a parsed certificate, by path: ``put("lemmas.0.clause.1", -3)``."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Value = dict[str, Any]
#: Changes a certificate in place.
Edit = Callable[[Value], None]


def _steps(path: str) -> list[str | int]:
    return [int(step) if step.lstrip("-").isdigit() else step for step in path.split(".")]


def at(claim: Any, path: str) -> Any:
    """What stands at ``path``."""
    for step in _steps(path):
        claim = claim[step]
    return claim


def _inside(claim: Any, path: str) -> tuple[Any, Any]:
    """The container of the place, and the place in it."""
    *steps, last = _steps(path)
    for step in steps:
        claim = claim[step]
    return claim, last


def put(path: str, value: Any) -> Edit:
    """Set a place; a new key of an object too."""

    def edit(claim: Value) -> None:
        container, last = _inside(claim, path)
        container[last] = copy.deepcopy(value)

    return edit


def cut(path: str) -> Edit:
    """Delete a place."""

    def edit(claim: Value) -> None:
        container, last = _inside(claim, path)
        del container[last]

    return edit


def insert(path: str, value: Any) -> Edit:
    """Insert into a list, before the place."""

    def edit(claim: Value) -> None:
        container, last = _inside(claim, path)
        container.insert(last, copy.deepcopy(value))

    return edit


def append(path: str, *values: Any) -> Edit:
    """Add entries at the end of the list at ``path``."""

    def edit(claim: Value) -> None:
        at(claim, path).extend(copy.deepcopy(values))

    return edit


def plus(path: str, amount: int) -> Edit:
    """Add to a number."""

    def edit(claim: Value) -> None:
        container, last = _inside(claim, path)
        container[last] += amount

    return edit


def negate(path: str) -> Edit:
    """The opposite number."""

    def edit(claim: Value) -> None:
        container, last = _inside(claim, path)
        container[last] = -container[last]

    return edit


def stretch(path: str, factor: int) -> Edit:
    """All coefficients of the form at ``path`` times ``factor``."""

    def edit(claim: Value) -> None:
        form = at(claim, path)
        form[1::2] = [factor * coefficient for coefficient in form[1::2]]

    return edit


def turn(path: str) -> Edit:
    """The list at ``path`` the other way round."""

    def edit(claim: Value) -> None:
        at(claim, path).reverse()

    return edit


def scale(lemma: int, factor: int) -> Edit:
    """All multipliers of a lemma times ``factor``."""

    def edit(claim: Value) -> None:
        step = claim["lemmas"][lemma]
        step["multipliers"] = [factor * entry for entry in step["multipliers"]]
        step["generators"][2::3] = [factor * entry for entry in step["generators"][2::3]]

    return edit


def shift(first: int, by: int) -> Edit:
    """Hints from ``first`` on plus ``by``: after clauses were inserted there.  Steps that were inserted
    in front for that purpose hint at earlier clauses only, and stay as they are."""

    def edit(claim: Value) -> None:
        for step in claim["derivation"]:
            end = step.index(0)
            step[end + 1 :] = [hint + by * (hint >= first) for hint in step[end + 1 :]]

    return edit


def renumber(first: int, by: int) -> Edit:
    """Literals from ``first`` on plus ``by``, in rules, lemmas and clauses: after forms were met before them."""

    def moved(literal: int) -> int:
        return literal + by * (abs(literal) >= first) * (1 if literal > 0 else -1)

    def edit(claim: Value) -> None:
        for rule in claim["rules"]:
            rule[0] = moved(rule[0])
        for step in claim["lemmas"]:
            step["clause"] = [moved(literal) for literal in step["clause"]]
        for step in claim["derivation"]:
            end = step.index(0)
            step[:end] = [moved(literal) for literal in step[:end]]

    return edit


def threshold(form: list[int], part: list[int]) -> Value:
    """An entry of ``thresholds``."""
    return {"form": form, "part": part}


def lemma(clause: list[int], multipliers: list[int], *generators: int) -> Value:
    """An entry of ``lemmas``; the generators as flat triples."""
    return {"clause": clause, "multipliers": multipliers, "generators": list(generators)}


def sign(kink: int, sign: int, *generators: int) -> Value:
    """An entry of ``signs``; the generators as flat triples."""
    return {"kink": kink, "sign": sign, "generators": list(generators)}


def matrix(leading: list[list[Any]], *complete: int) -> Value:
    """A direction matrix."""
    return {"leading": leading, "complete": list(complete)}
