"""Every entry of some proofs changed in turn, each with the reason that the change has to give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.cases import Case, false
from corpus.edits import cut, negate, plus, put

#: Proofs of which every entry is changed, and those of which only some are.
_ALL, _SOME = ("norms-phase",), ("lattice-phase", "unsat-phase", "family-zonotope-phase", "blocks-phase")
_PASSING, _BLOCKED = 2, 3

#: A rule left out: the literals that it brought are missing in later rules, or its clauses in later steps.
_RULES = (
    ("unsat-circuit", 0, "rules[1] names literal"),
    ("unsat-circuit", 2, "names literal"),
    ("unsat-circuit", 4, "derivation[1] has the hint 16"),
    ("unsat-circuit", 8, "derivation[1] has the hint 16"),
    ("norms-circuit", 0, "rules["),
    ("norms-circuit", 10, "derivation[2] has the hint 37"),
    ("norms-circuit", 18, "derivation[2]: its hints do not end"),
)


def cases(proofs: Mapping[str, Any]) -> Iterator[Case]:
    """All of them; ``proofs`` are the true certificates by name."""
    for base in (*_ALL, *_SOME):
        count = len(proofs[base]["lemmas"])
        for number in range(count) if base in _ALL else (0, count - 1):
            yield from _lemma(base, number, proofs[base]["lemmas"][number], every=base in _ALL)
    for base in ("norms-phase", "lattice-phase", "unsat-phase"):
        for number in range(len(proofs[base]["lemmas"])):
            yield false(base, f"lemma-{number}-left-out", "derivation[", cut(f"lemmas.{number}"))
    for base, number, reason in _RULES:
        yield false(base, f"rule-{number}-left-out", reason, cut(f"rules.{number}"))
    for base in ("norms-phase", "unsat-circuit", "lattice-circuit"):
        before = _clauses_before(base)
        steps = proofs[base]["derivation"]
        for number in range(len(steps)) if base in _ALL else (0, len(steps) // 2, len(steps) - 1):
            yield from _step(base, number, steps[number], before + number)


def _clauses_before(base: str) -> int:
    """The number of clauses that are stated before the derivation, as docs/certificate.md counts them."""
    return {"norms-phase": 9, "unsat-circuit": 15, "lattice-circuit": 32}[base]


def _lemma(base: str, number: int, lemma: Mapping[str, Any], every: bool) -> Iterator[Case]:
    """One unit more for each multiplier, another kind for each generator, each literal the other way."""
    place, zero = f"lemmas.{number}", f"lemmas[{number}] does not sum to zero"
    name = f"lemma-{number}"
    for index in range(len(lemma["multipliers"])):
        yield false(base, f"{name}-multiplier-{index}-plus-one", zero, plus(f"{place}.multipliers.{index}", 1))
        if every and lemma["multipliers"][index]:
            yield false(base, f"{name}-literal-{index}-flipped", zero, negate(f"{place}.clause.{index}"))
            shorter = cut(f"{place}.clause.{index}"), cut(f"{place}.multipliers.{index}")
            yield false(base, f"{name}-literal-{index}-left-out", f"lemmas[{number}] ", *shorter)
    generators = lemma["generators"]
    for index in range(0, len(generators), 3):
        kind = generators[index + 1]
        where = f"{place}.generators.{index + 2}"
        yield false(base, f"{name}-generator-{index // 3}-plus-one", zero, plus(where, 1))
        if every:
            yield false(base, f"{name}-generator-{index // 3}-left-out", zero, put(where, 0))
            other = {0: 1, 1: 0, _PASSING: 1, _BLOCKED: 0}[kind]
            yield false(
                base, f"{name}-generator-{index // 3}-kind", zero, put(f"{place}.generators.{index + 1}", other)
            )


def _step(base: str, number: int, step: list[int], last: int) -> Iterator[Case]:
    """Each hint to the step itself, forward, out of range and left out; the clause with a literal less."""
    place, end = f"derivation.{number}", step.index(0)
    start = f"derivation[{number}]"
    for index in range(end + 1, len(step)):
        hint = f"step-{number}-hint-{index - end - 1}"
        to = f"{place}.{index}"
        wrong = "{} has the hint {}; the clauses before it are 1 to {}"
        yield false(base, f"{hint}-to-itself", wrong.format(start, last + 1, last), put(to, last + 1))
        if index == end + 1:
            yield false(base, f"{hint}-forward", wrong.format(start, last + 2, last), put(to, last + 2))
            yield false(base, f"{hint}-zero", wrong.format(start, 0, last), put(to, 0))
            yield false(base, f"{hint}-negative", wrong.format(start, -1, last), put(to, -1))
        yield false(base, f"{hint}-left-out", start, cut(to))
    for index in range(end):
        yield false(base, f"step-{number}-strengthened", f"{start}: its hint", cut(f"{place}.{index}"))
        yield false(base, f"step-{number}-literal-flipped", start, negate(f"{place}.{index}"))
