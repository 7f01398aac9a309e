"""Greatest norms: what the certificates say, put together without the package, is what was found."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from support.exact_hulls import lexicographic
from support.fixture_nets import fixture
from support.random_programs import random_program

import subgrad_hardness as sh
from subgrad_hardness.api.lipschitz import LipschitzResult
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials import norm_claims
from subgrad_hardness.subdifferentials.stating import Stated

NORMS = ("l1", "l2_squared", "linf")


def measured(row: Sequence[Fraction]) -> dict[str, Fraction]:
    sizes = [abs(entry) for entry in row]
    return {"l1": sum(sizes, Fraction(0)), "l2_squared": sum([x * x for x in sizes], Fraction(0)), "linf": max(sizes)}


def bounded(program: Program, found: LipschitzResult, norm: str) -> Fraction:
    """What the accepted certificates of a norm bound it by."""
    names = found.rests_on[norm]
    claims = [found.certificates[name] for name in names]
    for claim in claims:
        assert sh.verify(program, claim)
    if names == ("complete",):
        (claim,) = claims
        rows = []
        for matrix in claim.directions:
            columns = [tuple(map(Fraction, column)) for column in matrix.leading]
            units = [tuple([Fraction(k == index) for k in range(program.input_count)]) for index in matrix.complete]
            square = [list(row) for row in zip(*columns, *units, strict=True)]
            rows.append(sh.lexicographic_derivative(program, square)[0])
        return max(measured(row)[norm] for row in rows)
    size = program.input_count
    said: dict[tuple[Fraction, ...], Fraction] = {}
    for claim in claims:
        assert claim.kind == "support" and claim.set == "clarke"
        along = claim.functional[0] if claim.tree else tuple([claim.outputs[0] * entry for entry in claim.direction])
        said[along] = claim.bound
    if names[0].startswith("signs"):
        assert norm == "l1" and set(said) == set(product((1, -1), repeat=size))
        return max(said.values())
    axes = [[tuple([s * (k == axis) for k in range(size)]) for s in (1, -1)] for axis in range(size)]
    return measured([max(said[plus], said[minus]) for plus, minus in axes])[norm]  # type: ignore[index]


def check(program: Program, found: LipschitzResult) -> None:
    assert found.decided and not found.uncertified and set(found.rests_on) == set(NORMS)
    members = [member[0] for member in lexicographic(program)]
    for norm in NORMS:
        value = getattr(found, norm).value
        assert value == max(measured(row)[norm] for row in members) == bounded(program, found, norm)


@pytest.mark.parametrize("seed", range(10))
def test_random_nets(seed: int) -> None:
    program = random_program(seed, inputs=1 + seed % 3, nodes=3 + seed % 3, outputs=1)
    check(program, sh.lipschitz(program))


def test_both_ways_of_proving_occur() -> None:
    seen = set()
    for name in ("l1 3", "max(2x+y,x+3y,-x+y)", "four spikes (0 inside)"):
        program = fixture(name)
        found = sh.lipschitz(program)
        check(program, found)
        seen |= {found.rests_on[norm][0] for norm in NORMS}
    assert seen == {"support+0", "complete"}


def test_signs_where_the_list_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(norm_claims, "complete", lambda *_: Stated(None, "too long"))
    program = fixture("max(2x+y,x+3y,-x+y)")
    found = sh.lipschitz(program)
    assert found.l1 is not None and bounded(program, found, "l1") == found.l1.value == 4
    assert found.rests_on["l1"] == ("signs++", "signs+-", "signs-+", "signs--")
    assert found.uncertified == {"l2_squared": "too long"}


def test_what_is_not_asked_for() -> None:
    found = sh.lipschitz(fixture("l1 3"), certify=False)
    assert found.decided and not found.certificates and not found.uncertified
