"""Affine on a box, the largest cube, equality: random nets against the enumeration of their patterns."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from support import region_oracle as brute

import subgrad_hardness as sh
from subgrad_hardness.api.affine import AffineResult
from subgrad_hardness.certificate.verifier import verify_certificate

SEEDS = range(18)


def drawn(seed: int) -> tuple[random.Random, brute.Layers, list[Fraction]]:
    source = random.Random(f"regions {seed}")
    inputs = source.choice((1, 2, 2, 3))
    widths = source.choice(([3, 1], [3, 2], [2, 2, 1], [3, 2, 1]))
    point = [Fraction(source.choice((0, 1, -1, 2, Fraction(1, 2)))) for _ in range(inputs)]
    return source, brute.random_layers(source, inputs, widths), point


@pytest.mark.parametrize("seed", SEEDS)
def test_affine(seed: int) -> None:
    source, layers, point = drawn(seed)
    net = brute.net(layers, point)
    low, high = source.choice(((-1, 1), (0, 2), (Fraction(1, 3), 1), (-5, -1)))
    maps = brute.maps(layers, brute.box(low, high, len(point)))
    found = sh.affine(net, box=(low, high))
    assert found.verdict == (len(maps) == 1)
    check(found, net, maps)
    tilted = [[1] * len(point) + [1]]  # x_1 + ... + x_p <= 1
    maps = brute.maps(layers, [tuple(map(Fraction, tilted[0]))])
    found = sh.affine(net, constraints=tilted)
    assert found.verdict == (len(maps) == 1)
    check(found, net, maps)


def check(found: AffineResult, net: dict[str, Any], maps: set[brute.Map]) -> None:
    assert found.certificate is not None
    assert verify_certificate(sh.load(net), found.certificate) == ("affine" if found.verdict else "bent")
    if found.verdict:
        assert {tuple([(*row, last) for row, last in zip(found.matrix, found.offset, strict=True)])} == maps
    else:
        assert len(set(found.subgradients)) == 2
        assert set(found.subgradients) <= {tuple([row[:-1] for row in each]) for each in maps}


@pytest.mark.parametrize("seed", SEEDS)
def test_cube(seed: int) -> None:
    """Affine on the cube of the radius that is found, and on none that is a little larger."""
    _, layers, point = drawn(seed)
    net = brute.net(layers, point)
    found = sh.cube(net)
    assert found.exact
    program = sh.load(net)
    if found.radius is None:
        assert len(brute.maps(layers, [])) == 1
        assert found.inside is not None and verify_certificate(program, found.inside) == "affine"
        return
    assert found.kink is not None
    assert max(abs(here - there) for here, there in zip(point, found.kink, strict=True)) == found.radius
    assert found.beyond is not None and verify_certificate(program, found.beyond) == "bent"
    if found.radius:
        assert len(brute.maps(layers, brute.around(point, found.radius))) == 1
        assert found.inside is not None and verify_certificate(program, found.inside) == "affine"
    beyond = found.radius + Fraction(1, 10**9)
    assert len(brute.maps(layers, brute.around(point, beyond))) > 1


def changed(source: random.Random, layers: brute.Layers) -> brute.Layers:
    """Units in another order and on another scale, and half of the times one weight moved."""
    copied = [([list(row) for row in weight], list(bias)) for weight, bias in layers]
    (weight, bias), (later, _) = copied[0], copied[1]
    order = list(range(len(weight)))
    source.shuffle(order)
    scales = [Fraction(source.choice((1, 2, Fraction(1, 3)))) for _ in order]
    copied[0] = (
        [[scale * entry for entry in weight[old]] for old, scale in zip(order, scales, strict=True)],
        [scale * bias[old] for old, scale in zip(order, scales, strict=True)],
    )
    copied[1] = ([[row[old] / scale for old, scale in zip(order, scales, strict=True)] for row in later], copied[1][1])
    if source.random() < 0.5:
        row = source.choice(copied[source.randrange(len(copied))][0])
        row[source.randrange(len(row))] += Fraction(1, 2**20)
    return copied


@pytest.mark.parametrize("seed", SEEDS)
def test_equal(seed: int) -> None:
    source, first, point = drawn(seed)
    second = changed(source, first)
    nets = brute.net(first, point), brute.net(second, point)
    size, both = len(point), brute.side_by_side(first, second)
    regions: list[tuple[dict[str, Any], list[brute.Row]]] = [({}, []), ({"box": (-1, 0)}, brute.box(-1, 0, size))]
    for options, rows in regions:
        maps = brute.maps(both, rows)
        same = not any(any(row) for each in maps for row in each)
        found = sh.equal(*nets, **options)
        assert found.verdict == same
        assert found.certificate is not None
        assert verify_certificate(sh.load(nets[0]), found.certificate, sh.load(nets[1])) == found.certificate.kind
