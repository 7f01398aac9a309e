"""All lexicographic subgradients, from the library and the command line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support import small_nets
from support.cli_runner import in_process
from support.paths import INSTANCES

import subgrad_hardness


def test_the_median_has_three() -> None:
    result = subgrad_hardness.lexicographic_subgradients(INSTANCES / "median.json")
    assert {piece.jacobian for piece in result.pieces} == {
        (tuple(Fraction(int(i == k)) for i in range(3)),) for k in range(3)
    }
    assert result.complete
    assert repr(result).startswith("<PiecesResult: 3 lexicographic subgradients in ")
    for piece in result.pieces:
        assert subgrad_hardness.clarke_subgradient(INSTANCES / "median.json", [piece.interior]) == piece.jacobian


@pytest.mark.parametrize("number", range(0, small_nets.COUNT, 25))
def test_equal_to_the_oracle(number: int) -> None:
    found = subgrad_hardness.lexicographic_subgradients(small_nets.nets()[number])
    assert {piece.jacobian for piece in found.pieces} == small_nets.bouligand(number)


def test_the_limit_says_so() -> None:
    result = subgrad_hardness.lexicographic_subgradients(INSTANCES / "3sat-unsat-minmax.json", time_limit=0)
    assert not result.complete
    assert repr(result).startswith("<PiecesResult: at least ")
    with pytest.raises(subgrad_hardness.ParameterError):
        subgrad_hardness.lexicographic_subgradients(INSTANCES / "abs.json", time_limit=-1)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    ran = run("cells", INSTANCES / "abs.json")
    assert (ran.status, ran.out.splitlines()[0]) == (0, "2 lexicographic subgradients in 2 cells around (0)")
    assert "These are all" in ran.out
    ran = run("cells", INSTANCES / "abs.json", "--json", "--point", "-1")
    assert ran.json["pieces"] == [{"jacobian": [["-1"]], "cells": 1, "interior": ["1"]}]
    assert ran.json["complete"] is True
    late = run("cells", INSTANCES / "3sat-unsat-minmax.json", "--time-limit", "0")
    assert (late.status, late.out.splitlines()[-1]) == (3, "The time ran out: there may be more.")
