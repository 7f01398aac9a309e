"""What intervals separate: the bound holds for all results of backpropagation, one by one, and the verifier agrees."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as every

import numpy as np
import pytest
from support.random_programs import random_program

import subgrad_hardness as sh
from subgrad_hardness.certificate.tree import LEAF
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.interval_separation import separated_by_intervals
from subgrad_hardness.subdifferentials.sets import product
from subgrad_hardness.subdifferentials.trees import Grower


def _results(program: Program) -> list[Matrix]:
    """The Jacobians that backpropagation may give, all choices of 0 and 1."""
    net = localise(program).net
    rows = [net.gradient_rows(slopes) for slopes in every((0, 1), repeat=len(net.kinks))]
    return [net.scaled(each) for each in rows]


@pytest.mark.parametrize("seed", range(4))
def test_no_result_is_beyond_the_bound(seed: int) -> None:
    program = random_program(seed, nodes=3, outputs=1 + seed % 2)
    results = _results(program)
    inside, ahead = results[0], results[-1]
    found = 0
    for far in (1, 2, 5, 50):
        target = tuple(
            [
                tuple([x + far * (y - x) + far * far for x, y in zip(row, other, strict=True)])
                for row, other in zip(inside, ahead, strict=True)
            ]
        )
        first = tuple([tuple([y - x for x, y in zip(*rows, strict=True)]) for rows in zip(inside, target, strict=True)])
        grower = Grower(program, localise(program))
        separated = separated_by_intervals(grower, target, inside, first, Limits())
        if separated is not None:
            found += 1
            assert max(product(separated.functional, result) for result in results) <= separated.bound
            assert separated.bound < product(separated.functional, target)
    assert found or not localise(program).net.kinks


def test_one_leaf_is_the_certificate() -> None:
    """40 relus in 8 inputs; a little beyond what any choices of slopes give, no search is needed."""
    source = np.random.default_rng(5)
    first, last = source.integers(-3, 4, (40, 8)), source.integers(-3, 4, (1, 40))
    net = {"inputs": 8, "layers": [{"weight": first.tolist(), "activation": "relu"}, {"weight": last.tolist()}]}
    program = sh.load(net)
    middle = [Fraction(entry, 2) for entry in (last @ first)[0].tolist()]
    corner = np.where(first[:, :1] * last.T > 0, last.T * first, 0).sum(axis=0)  # the greatest first entry, by choices
    target = [entry + Fraction(11, 10) * (far - entry) for entry, far in zip(middle, corner.tolist(), strict=True)]
    found = sh.contains(program, target, which="clarke")
    certificate = found.certificates["clarke"]
    assert found.clarke is False and sh.verify(program, certificate)
    assert certificate.tree == ((LEAF,),)
