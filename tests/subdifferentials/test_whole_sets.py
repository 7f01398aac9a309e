"""``subdifferential``: the members, their number, the hull and the certificate, against brute force."""

from __future__ import annotations

import io
import random
from fractions import Fraction
from itertools import chain, islice, pairwise
from operator import mul
from typing import Any

import numpy as np
import pytest
from support.fixture_nets import BLOCK, FIXTURES, SEPARATING, fixture

import subgrad_hardness as sh
from subgrad_hardness.api.subdifferential import Subdifferential
from subgrad_hardness.api.subdifferential_arrays import arrays
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.local.local_net import Matrix

SQUARE = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}]}


def _random_net(draw: random.Random) -> dict[str, Any]:
    sizes = [draw.randint(1, 3), draw.randint(1, 5), draw.randint(1, 4), draw.randint(1, 2)]
    layers: list[dict[str, Any]] = []
    for before, after in pairwise(sizes):
        weight = [[draw.randint(-2, 2) for _ in range(before)] for _ in range(after)]
        layers.append({"weight": weight, "activation": draw.choice(("relu", "abs"))})
    layers[-1]["activation"] = "identity"
    return {"inputs": sizes[0], "layers": layers}


def _flat(matrix: Matrix) -> tuple[Fraction, ...]:
    return tuple(chain.from_iterable(matrix))


def test_random_nets_against_brute_force() -> None:
    """Members are those of the cells, and rule where they say; the certificate is accepted; the hull is theirs."""
    draw = random.Random(11)
    for _ in range(40):
        net = _random_net(draw)
        whole = sh.subdifferential(net)
        result = whole.report(clarke=True, certify=True)
        members = [member.jacobian for member in result.members or ()]
        assert set(members) == {piece.jacobian for piece in sh.lexicographic_subgradients(net).pieces}
        assert result.number == len(members) == len(set(members)) == sh.subdifferential(net).count()
        for member in result.members or ():
            derivative = sh.directional_derivative(net, member.interior)
            products = [sum(map(Fraction.__mul__, row, map(Fraction, member.interior))) for row in member.jacobian]
            assert list(derivative) == products
        assert result.certificate is not None, result.uncertified
        assert sh.verify(net, result.certificate).verdict == "complete"
        assert result.clarke is not None
        vertices = set(result.clarke.vertices)
        for jacobian in members:
            others = [other for other in members if other != jacobian]
            assert (jacobian in vertices) == (not others or not in_convex_hull(jacobian, others))
        assert in_convex_hull(result.clarke.shortest, members)
        floor = result.clarke.squared
        assert all(sum(map(Fraction.__mul__, _flat(result.clarke.shortest), _flat(m))) >= floor for m in members)


def test_a_damaged_list_is_no_certificate() -> None:
    result = sh.subdifferential(SQUARE).report(certify=True)
    assert result.certificate is not None
    damaged = result.certificate._replace(directions=result.certificate.directions[:-1])
    assert sh.verify(SQUARE, damaged).verdict is None


def test_members_come_one_by_one_and_are_kept() -> None:
    whole = sh.subdifferential(fixture("resonance 4"))
    first = list(islice(whole, 7))
    assert len({member.jacobian for member in first}) == 7 and not whole.complete
    assert repr(whole) == "<Subdifferential: at least 7 lexicographic subgradients>"
    assert whole.members()[:7] == tuple(first) and whole.complete
    assert list(whole) == list(whole.members()) and whole.count() == 370


def test_limits_stop_and_say_so() -> None:
    whole = sh.subdifferential(SQUARE)
    stopped = whole.report(limit=3, clarke=True)
    assert stopped.members is not None and len(stopped.members) == 3
    assert (stopped.complete, stopped.number, stopped.clarke) == (False, None, None)
    assert sh.subdifferential(SQUARE).report(limit=4).complete is False
    late = sh.subdifferential(SQUARE).report(time_limit=0, volume=True, certify=True)
    assert late.why == "not all lexicographic subgradients are known: time limit" and late.certificate is None
    with pytest.raises(sh.LimitReached):
        sh.subdifferential(SQUARE).members(time_limit=0)


def test_counting_lists_nothing() -> None:
    result = sh.subdifferential(fixture("threshold 3")).report(count_only=True)
    assert (result.number, result.members) == (104, None)
    for name in ("permutahedron 3", "four spikes (0 inside)", "3-8-8-1"):
        whole = sh.subdifferential(FIXTURES[name])
        assert whole.count() == len(whole.members())


def test_a_block_of_a_trained_net() -> None:
    """4,870 subgradients, all of which the known direction separates from 0, which backpropagation returns."""
    program = fixture(BLOCK)
    assert not any(sh.gradient(program).gradient[0])
    members = sh.subdifferential(program).members()
    assert len(members) == 4870
    steepest = max(sum(map(mul, SEPARATING, member.jacobian[0])) for member in members)
    assert steepest == Fraction(-10626772063022703, 2**52)


def test_arrays_are_exact() -> None:
    small = np.load(io.BytesIO(arrays(sh.subdifferential(SQUARE).report())))
    assert small["numerators"].dtype == np.int64 and small["numerators"].shape == (4, 1, 2) and bool(small["complete"])
    large = sh.subdifferential(fixture("thin cone")).report()
    found = np.load(io.BytesIO(arrays(large)))
    entries = {
        tuple(Fraction(int(x), int(found["denominator"])) for x in member.flat) for member in found["numerators"]
    }
    assert entries == {_flat(member.jacobian) for member in large.members or ()}


def test_no_net_is_judged_by_its_rows() -> None:
    """(relu x, relu -x): a segment, not the square of the rows' intervals."""
    body = Subdifferential(fixture("vector (relu x, relu -x)")).polytope()
    assert body.dimension == 1 and not body.contains((0, 0)) and body.contains((Fraction(1, 2), Fraction(-1, 2)))
