"""Mutants of certificates, and what two verifiers and an enumeration say of them."""

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

from support import second_verifier, small_nets

from mutating.mutators import KEYS, blind, change_frame, other_net, structural
from subgrad_hardness.api.check import check_within
from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.api.generate import generate
from subgrad_hardness.api.verify import verify
from subgrad_hardness.common.errors import CertificateError, NetError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load, program_from
from subgrad_hardness.net.writing import dumps, to_mapping

CORPUS = Path(__file__).resolve().parents[3] / "tests" / "certificates"
#: Nets with more relus than this are not changed themselves: the truth about them has to be enumerated.
_MOST_RELUS = 14
_SECONDS = 60.0

Value = dict[str, Any]


class Base(NamedTuple):
    """A net, its known verdict, and a certificate of it."""

    net: Program
    verdict: str
    claim: Value


class Mutant(NamedTuple):
    """A net, a file for it, and (where it is an old net) its verdict; ``kind`` says how it came about.

    ``other`` is the second net, where the file is tried with one.
    """

    net: Program
    known: str | None
    data: bytes
    kind: str
    other: Program | None = None


class Finding(NamedTuple):
    """A mutant about which somebody is wrong."""

    mutant: Mutant
    why: str


class Tally(NamedTuple):
    """What became of some mutants: (kind, outcome) -> number."""

    counts: Counter[tuple[str, str]]
    findings: list[Finding]


@cache
def corpus_bases() -> tuple[Base, ...]:
    """The true certificates of the corpus."""
    manifest = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    verdicts = {entry["file"]: entry["verdict"] for entry in manifest["nets"]}
    return tuple(
        Base(load(CORPUS / entry["net"]), verdicts[entry["net"]], json.loads((CORPUS / entry["file"]).read_bytes()))
        for entry in manifest["correct"]
    )


#: Families, parameters, and an engine that needs no time for them.
_FAMILIES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("lattice", {"depth": 2, "inputs": 2, "forms": 3}, "circuit"),
    ("lattice", {"depth": 3, "inputs": 3, "forms": 4}, "phase"),
    ("copies", {"widths": "2-3-2"}, "circuit"),
    ("zonotope", {"inputs": 2, "inner": 3, "outer": 3}, "phase"),
    ("maxcut", {"vertices": 3, "offset": 1}, "phase"),
    ("totalvariation", {"inputs": 4}, "levels"),
)


@cache
def fresh_base(number: int) -> Base | None:
    """A random small net or a family's net, with the certificate that an engine writes today, if it does."""
    if number % 3:
        program = program_from(small_nets.nets()[number % small_nets.COUNT])
        solver = ("auto", "circuit", "phase")[number // 3 % 3]
    else:
        family, parameters, solver = _FAMILIES[number // 3 % len(_FAMILIES)]
        program = generate(family, **parameters, seed=number)
    result = check_within(
        program, Limits.seconds(_SECONDS), options=CheckOptions(solver=solver, cross_checks=False, certify=True)
    )
    if result.certificate is None:
        return None
    return Base(program, result.verdict, result.certificate.to_json())


def mutants(seed: int, chunk: int, size: int, holding: str | None = None) -> Iterator[Mutant]:
    """``size`` mutants, always the same ones for one seed and chunk; ``holding``: of certificates with such steps."""
    draw = random.Random(f"{seed} {chunk}")
    made = 0
    while made < size:
        base = _base(draw, holding)
        mutant = None if base is None else _mutant(draw, base)
        if mutant is not None:
            yield mutant
            made += 1


def _base(draw: random.Random, holding: str | None) -> Base | None:
    """From the corpus, mostly one whose argument has clauses, or a fresh one."""
    if holding is not None:
        return draw.choice([base for base in corpus_bases() if base.claim.get(holding)])
    if draw.random() < 0.3:
        return fresh_base(draw.randrange(1000))
    argued = [base for base in corpus_bases() if base.claim.get("derivation")]
    return draw.choice(argued if draw.random() < 0.6 else corpus_bases())


def _mutant(draw: random.Random, base: Base) -> Mutant | None:
    """One mutant, or None where nothing came out changed."""
    claim = copy.deepcopy(base.claim)
    kind = draw.choices(("structure", "bytes", "spliced", "lent", "changed net"), (10, 3, 2, 2, 3))[0]
    net: Program | None = base.net
    known: str | None = base.verdict
    if kind == "bytes":
        data = _text(claim)
        for _ in range(draw.choice((1, 1, 2))):
            data = blind(draw, data)
        return Mutant(base.net, known, data, kind)
    if kind == "structure":
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            structural(draw, claim)
        if draw.random() < 0.05:
            change_frame(draw, claim)
    elif kind == "spliced":
        _splice(draw, claim, draw.choice(corpus_bases()).claim)
    elif kind == "lent":
        other = draw.choice(corpus_bases())
        net, known = other.net, other.verdict
        if draw.random() < 0.5:
            claim["directions"] = copy.deepcopy(other.claim["directions"][: len(claim["directions"])])
    else:
        net, known = _changed(draw, base.net), None
        if draw.random() < 0.3:
            structural(draw, claim)
    if net is None or (net == base.net and claim == base.claim):
        return None
    if kind in ("lent", "changed net"):
        claim["digest"] = net.digest
    return Mutant(net, known, _text(claim), kind)


def _splice(draw: random.Random, claim: Value, other: Value) -> None:
    """Some keys from another certificate."""
    for keys in (KEYS, draw.sample(KEYS, 3), draw.sample(KEYS, 1), ("directions",)):
        if draw.random() < 0.4:
            claim |= {key: copy.deepcopy(other[key]) for key in keys if key in other}


def _changed(draw: random.Random, net: Program) -> Program | None:
    """A net like it, unless it is too large to enumerate or becomes none, as one with a pole at its point."""
    if sum(isinstance(node, Relu) for node in net.tangent.nodes) > _MOST_RELUS:
        return None
    try:
        other = program_from(other_net(draw, to_mapping(net)))
        return other if other.tangent.nodes else None
    except NetError:
        return None


def _text(claim: Value) -> bytes:
    return (write_json(claim, indent=1) + "\n").encode("utf-8")


@lru_cache(maxsize=4096)
def enumerated(net: Program) -> str:
    """The verdict by walking through all cells; ``unknown`` if they are too many."""
    options = CheckOptions(solver="cells", cross_checks=False, certify=False)
    return check_within(net, Limits.seconds(_SECONDS), options=options).verdict


def judged(mutant: Mutant, file: Path) -> tuple[str, str | None]:
    """The outcome, and what is wrong with it or None; ``file`` may be written to."""
    file.write_bytes(mutant.data)
    try:
        result = verify(mutant.net, file)
        outcome = "verified" if result.verified else "rejected"
    except CertificateError:
        result, outcome = None, "unreadable"
    except Exception as problem:
        return "crash", f"the verifier ends with {type(problem).__name__}: {problem}"
    try:
        second = second_verifier.verdict(dumps(mutant.net).encode("utf-8"), mutant.data)
    except Exception as problem:
        return outcome, f"the second verifier ends with {type(problem).__name__}: {problem}"
    if second != outcome:
        return outcome, f"the verifier says {outcome}, the second one {second}"
    if result is not None and result.verified:
        truth = enumerated(mutant.net)
        if truth == "unknown" and mutant.known is not None:
            truth = mutant.known
        if truth != result.verdict or mutant.known not in (None, truth):
            return outcome, f"verified {result.verdict}; known is {mutant.known}, enumerated {truth}"
    return outcome, None


def run(seed: int, chunk: int, size: int, holding: str | None = None) -> Tally:
    """Make and judge the mutants of one chunk."""
    tally = Tally(Counter(), [])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.json"
        for mutant in mutants(seed, chunk, size, holding):
            outcome, wrong = judged(mutant, file)
            tally.counts[mutant.kind, outcome] += 1
            if wrong is not None:
                tally.findings.append(Finding(mutant, wrong))
    return tally
