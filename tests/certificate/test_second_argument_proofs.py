"""Two verifiers must agree about certificates of many nets, and about random changes of them."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import second_nets
from support.both_verifiers import both
from support.paths import INSTANCES, ROOT
from support.worked_example import SEVEN, Value, certificate_of, dumps, generated, places, proof

BOTH, PHASE = ("circuit", "phase"), ("phase",)
NETS: list[tuple[str, tuple[str, ...]]] = [
    ("lattice --depth 2 --inputs 2 --forms 3", BOTH),
    ("lattice --depth 3 --inputs 3 --forms 4 --seed 1", BOTH),
    ("lattice --depth 3 --inputs 2 --forms 5 --seed 2", BOTH),
    ("lattice --depth 4 --seed 3", BOTH),
    ("copies --widths 3-4-2 --seed 1", BOTH),
    ("copies --widths 2-3-3-1 --seed 2", BOTH),
    ("copies --widths 4-4-3 --real --seed 4", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3", BOTH),
    ("zonotope --inputs 3 --inner 3 --outer 4 --seed 1", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3 --construction scaled --seed 2", BOTH),
    ("thincone --levels 1 --shut", PHASE),
    ("thincone --levels 4 --k 7 --shut", BOTH),
    ("maxcut --vertices 3 --offset 1", BOTH),
    ("maxcut --vertices 4 --offset 1 --seed 1", PHASE),
    ("maxcut --vertices 5 --offset 1 --seed 2", PHASE),
    ("3sat --variables 20 --ratio 5 --seed 2", ("circuit",)),
    ("3sat --variables 20 --ratio 5 --seed 2 --form layers3", PHASE),
    ("3sat --variables 5 --ratio 8 --seed 3 --form layers3", PHASE),
    ("3sat --variables 4 --ratio 9 --seed 4", BOTH),
    ("3sat --variables 4 --ratio 9 --seed 4 --layered", BOTH),
    ("3sat --variables 3 --ratio 9 --seed 1 --obfuscated", PHASE),
]
PROOFS = [(options, solver) for options, solvers in NETS for solver in solvers]


@pytest.mark.parametrize(("options", "solver"), PROOFS)
def test_generated_nets(options: str, solver: str, tmp_path: Path) -> None:
    certificate = proof(options, solver)
    assert json.loads(certificate)["kind"] == "unique"
    assert both(generated(options), certificate, tmp_path) == "verified"


def test_instances(tmp_path: Path) -> None:
    """By turns proved by one engine and by the other; one net takes circuit too many gates."""
    entries = json.loads((INSTANCES / "manifest.json").read_text(encoding="utf-8"))["instances"]
    unique = sorted(entry["file"] for entry in entries if entry["verdict"] == "unique")
    for place, file in enumerate(unique):
        solver = "phase" if file == "3sat-random-20-seed2-layers3.json" else BOTH[place % 2]
        net = (INSTANCES / file).read_bytes()
        assert both(net, certificate_of(net, solver), tmp_path) == "verified"
    assert len(unique) >= 25


def one_change(draw: random.Random, certificate: Value) -> None:
    """Change one list of the argument a little."""
    keys = [key for key in (*SEVEN, "thresholds") if key in certificate]
    lists = [part for key in keys for _, part in places(certificate[key], [key]) if part]
    if not lists:
        certificate["half"] = [draw.randrange(3), draw.choice([-1, 1])]
        return
    part = draw.choice(lists if draw.random() < 0.5 else [part for part in lists if isinstance(part[0], int)] or lists)
    index, other = draw.randrange(len(part)), draw.randrange(len(part))
    kind = draw.randrange(8)
    if kind == 0:
        del part[index]
    elif kind == 1:
        part.insert(other, copy.deepcopy(part[index]))
    elif kind == 2:
        part[index], part[other] = part[other], part[index]
    elif kind == 3:
        part.insert(other, part.pop(index))
    elif not isinstance(part[index], int):
        one_change(draw, certificate)
    elif kind == 4:
        part[index] = -part[index]
    elif kind == 5:
        part[index] = draw.choice(part)
    else:
        part[index] += draw.choice([-1, 1])


def mixed(draw: random.Random, certificate: Value, other: Value) -> None:
    """Take some of the argument from a certificate of another net."""
    for key in draw.choice([SEVEN, draw.sample(SEVEN, 3), draw.sample(SEVEN, 1)]):
        certificate[key] = copy.deepcopy(other[key])


def mutants(seed: int, options: str, solver: str, number: int) -> Iterator[bytes]:
    draw = random.Random(f"{seed} {options} {solver}")
    for _ in range(number):
        certificate = json.loads(proof(options, solver))
        if draw.random() < 0.1:
            mixed(draw, certificate, json.loads(proof(*draw.choice(SMALL))))
        else:
            for _ in range(draw.choice([1, 1, 1, 2])):
                one_change(draw, certificate)
        yield dumps(certificate)


SMALL = [(options, solver) for options, solver in PROOFS if "3sat --variables 20" not in options]


@pytest.mark.parametrize(("options", "solver"), SMALL)
def test_mutants(options: str, solver: str, tmp_path: Path) -> None:
    """The net has one subgradient, so that a mutant that is verified is harmless; but the verifiers have to agree."""
    number = 4 if "layered" in options or "obfuscated" in options else 12  # these have hundreds of kinks
    answers = [both(generated(options), mutant, tmp_path) for mutant in mutants(0, options, solver, number)]
    print(f"{options} {solver}: {answers.count('verified')} verified, {answers.count('rejected')} rejected")
    assert "rejected" in answers


CORPUS = ROOT / "tests" / "certificates"


def corpus(kind: str, name: str) -> bytes:
    return (CORPUS / kind / f"{name}.json").read_bytes()


@pytest.mark.parametrize(
    ("net", "name", "open_net"),
    [
        ("max-ways", "max-ways", "max-ways-open"),
        ("max-ways", "max-ways-ahead", "max-ways-open"),
        ("square-ways", "square-ways", "square-ways-open"),
        ("sums-ways", "sums-ways", None),
    ],
)
def test_mutants_of_thresholds(net: str, name: str, open_net: str | None, tmp_path: Path) -> None:
    """Of a true certificate, and the same about a net like it with two subgradients: never verified there."""
    draw = random.Random(f"thresholds {name}")
    answers = []
    for _ in range(60):
        certificate = json.loads(corpus("correct", name))
        for _ in range(draw.choice([1, 1, 1, 2])):
            one_change(draw, certificate)
        answers.append(both(corpus("nets", net), dumps(certificate), tmp_path))
        if open_net is not None:
            moved = certificate | {"digest": second_nets.digest_of(corpus("nets", open_net))}
            assert both(corpus("nets", open_net), dumps(moved), tmp_path) != "verified"
    print(f"{name}: {answers.count('verified')} verified, {answers.count('rejected')} rejected")
    assert answers.count("rejected") > 20


#: Nets with one subgradient, and how to draw a net like it with two.
TWINS = [
    ("lattice --depth 3 --inputs 3 --forms 4 --seed 4", "--moved", BOTH),
    ("copies --widths 2-3-3-1 --seed 2", "--moved", PHASE),
    ("zonotope --inputs 2 --inner 3 --outer 3 --construction scaled --seed 2", "--outside", BOTH),
    ("thincone --levels 4 --k 7 --shut", "", PHASE),
    ("maxcut --vertices 3 --offset 1", "--offset 0", BOTH),
    ("3sat --variables 4 --ratio 9 --seed 4", "--planted", BOTH),
    ("3sat --variables 5 --ratio 8 --seed 3 --form layers3", "--planted", PHASE),
]


@pytest.mark.parametrize(("options", "more", "solvers"), TWINS)
def test_nothing_false_is_verified(options: str, more: str, solvers: tuple[str, ...], tmp_path: Path) -> None:
    """The argument of one net, and changes of it, against a net like it with two subgradients."""
    net = generated(f"{options.removesuffix(' --shut')} {more}")
    truth = json.loads(certificate_of(net, "phase"))
    assert truth["kind"] == "distinct"
    for solver in solvers:
        for data in (proof(options, solver), *mutants(1, options, solver, 12)):
            for matrix in truth["directions"]:
                claim = {**json.loads(data), "digest": truth["digest"], "directions": [matrix]}
                assert both(net, dumps(claim), tmp_path) != "verified"
