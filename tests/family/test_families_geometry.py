"""Families whose geometry is known by construction: counts, widths, distances, autodiff sets, identities."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import comb, factorial
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.derivative.counting import count_pieces
from subgrad_hardness.family.absidentity import ABSIDENTITY
from subgrad_hardness.family.cubeforms import RESONANCE, THRESHOLD
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program

SEEDS = range(12)


def facts(program: Program) -> dict[str, Any]:
    assert program.provenance is not None
    return dict(program.provenance)


def judged(program: Program) -> sh.CheckResult:
    """The answer, after it has been compared with the known verdict and certified."""
    result = sh.check(program, certify=True)
    if facts(program)["verdict"] is not None:
        assert result.verdict == facts(program)["verdict"], program.name
    assert result.certified
    assert all(entry.agrees is not False for entry in result.cross_checks or ())
    return result


def test_needles() -> None:
    for seed, k, inputs in product(SEEDS, (0, 3, 60), (2, 3, 5)):
        program = sh.generate("needle", k=k, inputs=inputs, seed=seed)
        direction = [Fraction(entry) for entry in facts(program)["direction"]]
        assert sh.value(program, direction) == (Fraction(1, 2**k),)
        source = random.Random(seed)
        for _ in range(10):  # positive just inside the needle, along every coordinate, and 0 outside
            steps = [Fraction(source.randint(-9, 9), 10 * 2**k) for _ in range(inputs - 1)]
            inside = [*(x + step for x, step in zip(direction, steps, strict=False)), Fraction(1)]
            assert sh.value(program, inside)[0] == Fraction(1, 2**k) - max(map(abs, steps)) > 0
            outside = list(inside)
            outside[source.randrange(inputs - 1)] += Fraction(source.choice((-2, 2)), 2**k)
            assert sh.value(program, outside)[0] == 0
            assert sh.value(program, [-entry for entry in inside]) == (Fraction(0),)
    for seed in SEEDS:
        judged(sh.generate("needle", k=50, inputs=3, seed=seed))
        judged(sh.generate("needle", k=50, inputs=3, seed=seed, shut=True))


def test_a_shut_needle_is_barely_shut() -> None:
    """Without its last form, or with that one a little wider, it is open."""
    for seed in SEEDS:
        program = sh.generate("needle", k=5, inputs=2, seed=seed, shut=True)
        net = sh.load(program)
        source = random.Random(seed)
        for _ in range(50):
            assert sh.value(net, [source.randint(-99, 99), source.randint(-9, 9)]) == (Fraction(0),)
        open_again = sh.generate("needle", k=5, inputs=2, seed=seed)
        assert sh.value(open_again, [Fraction(entry) for entry in facts(open_again)["direction"]])[0] > 0


COUNTS: list[tuple[dict[str, int], int]] = [
    *(({"boolean": n}, 2**n) for n in range(1, 6)),
    *(({"braid": n}, factorial(n)) for n in range(2, 6)),
    *(({"signed": n}, 2**n * factorial(n)) for n in range(1, 4)),
    *(({"maximum": n}, n) for n in range(1, 7)),
    *(
        ({"planes": n, "dimension": d}, 2 * sum(comb(n - 1, k) for k in range(d)))
        for n, d in [(1, 1), (1, 3), (3, 1), (2, 2), (5, 2), (3, 3), (5, 3), (6, 3), (5, 4)]
    ),
    ({"boolean": 2, "maximum": 3}, 12),
    ({"braid": 3, "planes": 3, "dimension": 2}, 36),
    ({"maximum": 2, "copies": 4}, 16),
    ({"signed": 2, "boolean": 1, "maximum": 2}, 32),
]


@pytest.mark.parametrize(("parameters", "count"), COUNTS, ids=str)
def test_counts(parameters: dict[str, int], count: int) -> None:
    program = sh.generate("arrangement", **parameters)
    assert facts(program)["subgradients"] == count
    found = sh.lexicographic_subgradients(program)
    assert found.complete
    assert len(found.pieces) == count
    if "maximum" not in parameters:  # a tree of maxima has more cells than Jacobians
        assert all(piece.cells == 1 for piece in found.pieces)
    judged(program)
    hidden = sh.obfuscate(program, ["unimodular"], seed=count)
    assert len(sh.lexicographic_subgradients(hidden).pieces) == count


@pytest.mark.parametrize(("kind", "most", "known"), [("resonance", 5, RESONANCE), ("threshold", 5, THRESHOLD)])
def test_cube_forms_have_the_stated_numbers(kind: str, most: int, known: tuple[int, ...]) -> None:
    for size in range(1, most + 1):
        program = sh.generate("cubeforms", kind=kind, size=size)
        assert facts(program)["subgradients"] == known[size - 1] == count_pieces(localise(program).net)
    judged(sh.generate("cubeforms", kind=kind, size=3))


def test_large_counts_are_stated_exactly() -> None:
    program = sh.generate("arrangement", braid=20, signed=10, copies=2)
    assert facts(program)["subgradients"] == (factorial(20) * 2**10 * factorial(10)) ** 2
    with pytest.raises(ParameterError, match="boolean: all blocks are empty"):
        sh.generate("arrangement")


def test_almost_linear_nets() -> None:
    for seed, k in product(SEEDS, (0, 2, 30)):
        program = sh.generate("almostlinear", widths="3-4-2-1", k=k, seed=seed)
        result = judged(program)
        assert result.subgradients is not None
        first, second = result.subgradients
        gap = [abs(x - y) for x, y in zip(first[0], second[0], strict=True)]
        assert sorted(gap) == [0, 0, Fraction(1, 10**k)]
        assert gap[facts(program)["axis"]] == Fraction(facts(program)["distance"]) == Fraction(1, 10**k)
        judged(sh.generate("almostlinear", widths="3-4-2-1", k=k, seed=seed, shut=True))
    with pytest.raises(ParameterError, match="widths: 2 outputs, expected 1"):
        sh.generate("almostlinear", widths="3-4-2")


def test_backpropagation_traps() -> None:
    for seed, depth, width, kinked in product(range(4), (1, 2, 3), (1, 2), (False, True)):
        program = sh.generate("backprop", depth=depth, width=width, kinked=kinked, seed=seed)
        known = facts(program)
        result = judged(program)
        assert result.autodiff is not None
        assert result.autodiff.gradient == (tuple(map(Fraction, known["backpropagation"])),)
        assert result.autodiff.singleton is False
        assert result.autodiff.clarke is False or (kinked and result.autodiff.clarke is None)
        corners = [sh.gradient(program, relu_at_zero=at).gradient[0] for at in (0, 1)]
        assert [list(map(int, side)) for side in zip(*corners, strict=True)] == known["autodiff"]
        slopes = tuple(map(Fraction, known["slopes"]))
        assert sh.gradient(program, relu_at_zero="1/2").gradient[0] == (
            (slopes[0] + Fraction(1, 2), *slopes[1:]) if kinked else slopes
        )
        found = {piece.jacobian for piece in sh.lexicographic_subgradients(program).pieces}
        assert found == ({(slopes,), ((slopes[0] + 1, *slopes[1:]),)} if kinked else {(slopes,)})


def test_identities_of_absolute_values() -> None:
    verdicts = []
    for seed in range(24):
        parameters = {"inputs": 2 + seed % 2, "terms": 1 + seed % 3, "depth": 1 + seed % 3, "seed": seed}
        program = sh.generate("absidentity", **parameters)
        source = random.Random(seed)
        for _ in range(20):
            point = [Fraction(source.randint(-9, 9), source.randint(1, 5)) for _ in program.inputs]
            assert sh.value(program, point) == (Fraction(0),)
        judged(program)
        moved = sh.generate("absidentity", **parameters, moved=True)
        verdicts.append(judged(moved).verdict)
        if facts(moved)["verdict"] is None:
            assert verdicts[-1] == "unique" or facts(moved)["known_by"] is None
    assert verdicts.count("distinct") > 10


def test_every_identity_is_drawn() -> None:
    """Each of the six alone, by seeds whose only term is of its kind."""
    operations = set()
    for seed in range(60):
        program = ABSIDENTITY.build(inputs=2, terms=1, depth=1, seed=seed)
        form: Any = program.form
        signs = [coefficient > 0 for coefficient in form.nodes[-1].row.coefficients]
        operations.add((sum(signs), len(signs), *sorted(node.operation for node in form.nodes if node.row is None)))
        assert sh.check(program, cross_checks=False).verdict == "unique"
    assert len(operations) == 6


def test_stationarity() -> None:
    for seed, answer in product(range(4), ("stationary", "none")):
        for source, size in (("maxcut", 5), ("ksat", 8)):
            program = sh.generate("stationarity", source=source, size=size, answer=answer, seed=seed)
            known = facts(program)
            result = judged(program)
            assert known["clarke_stationary"] is (answer == "stationary")
            assert known["clarke_stationary"] is (result.verdict == "distinct")
            assert result.subgradients is not None
            last = {jacobian[0][-1] for jacobian in result.subgradients}
            assert last <= {1, -1}
            if answer == "none":
                assert result.subgradients == (((*[Fraction(0)] * (program.input_count - 1), Fraction(1)),),)


def test_zero_is_half_way_between_two_subgradients_of_a_stationary_one() -> None:
    for seed in range(4):
        program = sh.generate("stationarity", source="maxcut", size=3, seed=seed)
        rows = {piece.jacobian[0] for piece in sh.lexicographic_subgradients(program).pieces}
        unit = (*[Fraction(0)] * (program.input_count - 1), Fraction(1))
        assert {unit, tuple(-entry for entry in unit)} <= rows


@pytest.mark.parametrize(
    ("family", "parameters", "message"),
    [
        ("needle", {"inputs": 1}, "inputs: 1 is outside 2..1000"),
        ("needle", {"k": -1}, "k: -1 is outside 0..10000"),
        ("arrangement", {"braid": 61}, "braid: 61 is outside 0..60"),
        ("cubeforms", {"kind": "threshold", "size": 6}, "size: 6: at most 5 for threshold forms"),
        ("almostlinear", {}, "widths: missing"),
        ("backprop", {"depth": 10_000, "width": 10_000}, "depth: 200000000 relus; at most 1048576"),
        ("absidentity", {"depth": 9}, "depth: 9 is outside 1..8"),
        ("stationarity", {"source": "chess"}, 'source: the string "chess", expected maxcut or ksat'),
        ("stationarity", {"size": 25}, "offset: "),
    ],
)
def test_refused(family: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=f"^{message}"):
        sh.generate(family, **parameters)


def test_the_same_bytes() -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        ("needle", {"inputs": 3}),
        ("almostlinear", {"widths": "3-5-1"}),
        ("backprop", {"width": 3}),
        ("absidentity", {}),
        ("stationarity", {"size": 4}),
    ]
    for family, parameters in cases:
        texts = {sh.dumps(sh.generate(family, **parameters, seed=seed)) for seed in (1, 1, 2)}
        assert len(texts) == 2
