"""Mutants of claims about subdifferentials, regions and two nets (docs/certificate.md, section 10), and their truth."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from support import second_nets, small_nets
from support.both_verifiers import first
from support.claims_judged import Judge
from support.claims_made import Maker
from support.second_verifier import verdict

from mutating.campaign import CORPUS, Finding, Mutant, Tally
from mutating.claim_mutators import aimed, blind_value
from mutating.mutators import blind, other_net
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.reading import program_from

Value = dict[str, Any]
FOLDER = CORPUS / "claims"


class Base(NamedTuple):
    """A net, perhaps a second one, and a true claim."""

    net: Value
    other: Value | None
    claim: Value


class ClaimMutant(NamedTuple):
    """A net, perhaps a second one, and a file; ``kind`` says how it came about."""

    net: Value
    other: Value | None
    data: bytes
    kind: str


@cache
def corpus_bases() -> tuple[tuple[Base, ...], ...]:
    """The true claims of the corpus, those about one net together."""
    found: dict[str, list[Base]] = {}
    for entry in json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["correct"]:
        net, claim = (json.loads((FOLDER / entry[key]).read_bytes()) for key in ("net", "file"))
        other = json.loads((FOLDER / entry["other"]).read_bytes()) if "other" in entry else None
        found.setdefault(entry["net"], []).append(Base(net, other, claim))
    return tuple(map(tuple, found.values()))


@lru_cache(maxsize=64)
def fresh_bases(number: int) -> tuple[Base, ...]:
    """True claims about a random small net; the second net is the same one written as it is or with a change."""
    net = small_nets.nets()[number % small_nets.COUNT]
    draw = random.Random(number)
    maker = Maker(net, draw)
    if len(maker.local.kinks) > 8:
        return ()
    bases = [Base(net, None, claim) for claim in (*maker.of_sets(), *maker.of_functions(), *maker.of_regions())]
    for other in (net, _changed(draw, net)):
        if other is not None and _shape(other) == _shape(net):
            bases += [Base(net, other, claim) for claim in maker.of_two(other)]
    return tuple(bases)


def _shape(net: Value) -> tuple[int, int]:
    program = program_from(net)
    return program.input_count, program.output_count


def _changed(draw: random.Random, net: Value) -> Value | None:
    """A net like it, unless it becomes none."""
    try:
        changed = other_net(draw, net)
        program_from(changed)
    except (NetError, IndexError, ValueError):
        return None
    return changed


def mutants(seed: int, chunk: int, size: int) -> Iterator[ClaimMutant]:
    """``size`` mutants, always the same ones for one seed and chunk."""
    draw = random.Random(f"claims {seed} {chunk}")
    fresh = [fresh_bases(draw.randrange(10**6)) for _ in range(3)]
    made = 0
    while made < size:
        bases = draw.choice([*fresh, draw.choice(corpus_bases()), draw.choice(corpus_bases())])
        mutant = _mutant(draw, bases) if bases else None
        if mutant is not None:
            yield mutant
            made += 1


def _mutant(draw: random.Random, bases: tuple[Base, ...]) -> ClaimMutant | None:
    """One mutant of one of the claims about one net, or None where nothing came out changed."""
    kinds = sorted({base.claim["kind"] for base in bases})
    kind = draw.choice(kinds)
    net, other, claim = draw.choice([base for base in bases if base.claim["kind"] == kind])
    claim = copy.deepcopy(claim)
    how = draw.choices(("values", "aimed", "spliced", "lent", "changed net", "bytes"), (6, 8, 4, 2, 4, 2))[0]
    if how == "bytes":
        return ClaimMutant(net, other, blind(draw, _text(claim)), how)
    before = (net, copy.deepcopy(claim))
    if how == "values":
        for _ in range(draw.choice((1, 1, 2, 3))):
            blind_value(draw, claim)
    elif how == "aimed":
        for _ in range(draw.choice((1, 1, 2))):
            aimed(draw, claim)
    elif how == "spliced":
        lender = draw.choice(bases).claim
        shared = [key for key in claim if key in lender and key not in ("format", "version", "kind", "digest")]
        for key in draw.sample(shared, min(len(shared), draw.choice((1, 1, 2, 3)))):
            claim[key] = copy.deepcopy(lender[key])
        if draw.random() < 0.3:
            aimed(draw, claim)
    elif how == "lent":
        net = draw.choice(draw.choice(corpus_bases())).net
    else:
        changed = _changed(draw, net)
        if changed is None:
            return None
        net = changed
    if (net, claim) == before:
        return None
    if net != before[0]:
        claim["digest"] = second_nets.digest_of(json.dumps(net).encode("utf-8"))
    return ClaimMutant(net, other, _text(claim), how)


def _text(claim: Value) -> bytes:
    return (write_json(claim, indent=1) + "\n").encode("utf-8")


@lru_cache(maxsize=256)
def _judge(net: str) -> Judge:
    return Judge(json.loads(net))


def judged(mutant: ClaimMutant, folder: Path) -> tuple[str, str | None]:
    """The outcome, and what is wrong with it or None."""
    net = json.dumps(mutant.net).encode("utf-8")
    other = None if mutant.other is None else json.dumps(mutant.other).encode("utf-8")
    try:
        outcome = first(net, mutant.data, folder, other)
    except Exception as problem:
        return "crash", f"the verifier ends with {type(problem).__name__}: {problem}"
    try:
        second = verdict(net, mutant.data, other_data=other)
    except Exception as problem:
        return outcome, f"the second verifier ends with {type(problem).__name__}: {problem}"
    if second != outcome:
        return outcome, f"the verifier says {outcome}, the second one {second}"
    if outcome == "verified":
        claim = second_nets.parse(mutant.data)
        truth = _judge(json.dumps(mutant.net)).truth(claim, mutant.other)
        if truth is False:
            return outcome, f"a false claim is verified: {claim['kind']}"
    return outcome, None


def run(seed: int, chunk: int, size: int) -> Tally:
    """Make and judge the mutants of one chunk."""
    tally = Tally(Counter(), [])
    with tempfile.TemporaryDirectory() as folder:
        for mutant in mutants(seed, chunk, size):
            outcome, wrong = judged(mutant, Path(folder))
            tally.counts[mutant.kind, outcome] += 1
            if wrong is not None:
                other = None if mutant.other is None else program_from(mutant.other)
                kept = Mutant(program_from(mutant.net), None, mutant.data, mutant.kind, other)
                tally.findings.append(Finding(kept, wrong))
    return tally
