"""Membership, support and the shortest subgradient: the known answers, and brute force on random nets."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from support import small_nets
from support.column_brute_force import assert_contains, assert_shortest, assert_supports, vectors
from support.fixture_nets import FIXTURES, fixture

import subgrad_hardness as sh
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.subdifferentials import statements
from subgrad_hardness.subdifferentials.oracle import Oracle
from subgrad_hardness.subdifferentials.support import supported

#: Fixture, vector, is it lexicographic, is it Clarke.
MEMBERSHIP: list[tuple[str, list[Any], bool, bool]] = [
    ("relu", [0], True, True),
    ("abs sum", [0, 0], False, True),
    ("max(x,y,0)", ["1/3", "1/3"], False, True),
    ("max(x,y,0)", ["3/5", "3/5"], False, False),
    ("relu x - relu y", [0, 0], True, True),
    ("relu x-relu -x", [1], True, True),
    ("relu x-relu -x", [0], False, False),
    ("relu x-relu -x", [3], False, False),
    ("hardsigmoid pair", [0], False, False),
    ("clamp(x,0,0)", [1], False, False),
    ("clamp(l,x,u) at l=x<u", [1, 0, 0], True, True),
    ("clamp(l,x,u) at l=x<u", [0, 0, 0], False, False),
    ("l1 3", [0, 0, 0], False, True),
    ("max of 4", [1, 0, 0, 0], True, True),
    ("top2 of 4", [2, 0, 0, 0], False, False),
    ("top2 of 4", [1, "1/2", "1/2", 0], False, True),
    ("top2 of 4", ["1/2"] * 4, False, True),
    ("relu x+relu y-relu(x+y)", ["1/4", "1/4"], False, True),
    ("relu x+relu y-relu(x+y)", ["3/5", "3/5"], False, False),
    ("relu x+relu y-relu(x+y)", [0, 0], True, True),
    ("four spikes (0 inside)", ["3/2", "3/2"], False, True),
    ("four spikes (0 inside)", [2, 2], False, False),
    ("four spikes (0 inside)", [0, 0], True, True),
    ("-|x|", [0], False, True),
    ("saddle min(max)", [1, 0], True, True),
    ("thin cone", [0, 0], True, True),
    ("mae at ['1/2', '1/2']", ["2/3", "1/3"], False, True),
    ("corner pixel", [0, 0], False, False),
    ("vector (relu x, relu -x)", [[0], [0]], False, False),
    ("vector (|x|,|x|) ", [[0], [0]], False, True),
    ("vector (|x|,|y|)", [[0, 0], [0, 0]], False, True),
    ("zero: max(x,0)-max(x,max(x,0))", [0], True, True),
    ("zero: max(x,0)-max(x,max(x,0))", ["-1/4"], False, False),
]
#: Fixture, direction, the support function, the directional derivative.
SUPPORT: list[tuple[str, list[int], int, int]] = [
    ("-|x|", [1], 1, -1),
    ("|x|-|y|", [1, 1], 2, 0),
    ("|x|-|y|", [0, 1], 1, -1),
    ("saddle min(max)", [1, 1], 1, -1),
    ("saddle min(max)", [1, 0], 1, 0),
    ("median3", [1, 0, 0], 1, 0),
    ("median3", [1, 1, -1], 1, 1),
    ("relu x+relu y-relu(x+y)", [1, 1], 1, 0),
    ("relu x+relu y-relu(x+y)", [1, -1], 1, 1),
    ("four spikes (0 inside)", [1, 0], 2, 1),
    ("four spikes (0 inside)", [1, 1], 3, 0),
    ("max(x,y,0)", [1, 2], 2, 2),
    ("max(x,y,0)", [-1, -1], 0, 0),
    ("top2 of 4", [4, 3, 2, 1], 7, 7),
    ("top2 of 4", [-1, -2, -3, -4], -3, -3),
    ("permutahedron 4", [1, 2, 3, 4], 10, 10),
]
#: Where the shortest subgradient is not zero.
SHORTEST: dict[str, list[Any]] = {
    "relu x-relu -x": [1],
    "hardsigmoid pair": ["1/6"],
    "clamp(l,x,u) at l=x<u": ["1/2", "1/2", 0],
    "median3": ["1/3"] * 3,
    "max of 4": ["1/4"] * 4,
    "top2 of 4": ["1/2"] * 4,
    "|x|+2y": [0, 2],
    "max(2x+y,x+3y,-x+y)": [0, 1],
    "mae at ['1/2', '1/2']": ["1/6", "1/6"],
    "hinge at ['1/2', '1/2']": ["-1/3", "1/3"],
    "corner pixel": [2, 0],
    "max(x,y)": ["1/2", "1/2"],
    "vector (relu x, relu -x)": ["1/2", "-1/2"],
}
SMALL = [name for name in FIXTURES if "1405" not in name]


def numbers(values: list[Any]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def verified(net: sh.Program, certificate: Statement | None, kind: str) -> None:
    assert certificate is not None
    assert sh.verify(net, certificate).verdict == certificate.kind == kind


@pytest.mark.parametrize(("name", "vector", "lexicographic", "clarke"), MEMBERSHIP)
def test_known_members(name: str, vector: list[NumberLike], lexicographic: bool, clarke: bool) -> None:
    net = fixture(name)
    result = sh.contains(net, vector)
    assert (result.lexicographic, result.clarke, result.why) == (lexicographic, clarke, None)
    assert not result.uncertified
    verified(net, result.certificate("clarke"), "member" if clarke else "outside")
    if clarke:
        verified(net, result.certificate("lexicographic"), "member" if lexicographic else "outside")


@pytest.mark.parametrize(("name", "direction", "value", "derivative"), SUPPORT)
def test_known_support(name: str, direction: list[int], value: int, derivative: int) -> None:
    net = fixture(name)
    result = sh.support(net, direction)
    assert (result.value, result.derivative, result.gap) == (value, derivative, value - derivative)
    verified(net, result.certificate, "support")


@pytest.mark.parametrize("name", SMALL)
def test_known_shortest(name: str) -> None:
    net = fixture(name)
    result = sh.shortest(net)
    assert result.decided and result.subgradient is not None
    flat = [entry for row in result.subgradient for entry in row]
    assert flat == numbers(SHORTEST.get(name, [0] * len(flat)))
    verified(net, result.certificate, "shortest")


@pytest.mark.parametrize("number", range(0, small_nets.COUNT, 11))
def test_brute_force(number: int) -> None:
    """Several outputs, points off the origin, operations of all kinds; another program lists the Jacobians."""
    net, source = sh.load(small_nets.nets()[number]), random.Random(number)
    jacobians = sorted(small_nets.bouligand(number))
    for vector in vectors(jacobians, source, 6):
        result = sh.contains(net, vector)
        assert_contains(result, vector, jacobians)
        assert result.certificate("clarke") is not None
    functional = [[source.randint(-3, 3) for _ in range(net.input_count)] for _ in range(net.output_count)]
    supported = sh.support(net, functional)
    assert_supports(supported, jacobians)
    found = sh.shortest(net)
    assert_shortest(found, jacobians)
    assert supported.certificate is not None and found.certificate is not None


@pytest.mark.parametrize("name", ["2-8-8-1", "saddle min(max)", "four spikes (0 inside)", "top2 of 4", "corner pixel"])
def test_engines_prove_what_trees_do_not(name: str) -> None:
    """Without time for trees, an engine refutes the goal about the shifted net, or finds a member there."""
    net = fixture(name)
    direction = [1, -2, 3, 1][: net.input_count]
    expected = sh.support(net, direction)
    oracle = Oracle(net, tree_seconds=0)
    oracle.add(oracle.at([1] * net.input_count))  # and from one member on
    matrix = (tuple(map(Fraction, direction)),)
    found = supported(oracle, matrix, Limits())
    assert found.decided and found.attained == expected.value
    claimed = statements.supremum(oracle, matrix, found, Limits())
    verified(net, claimed.certificate, "support")
    assert found.argument is not None


def test_rows_are_not_judged_one_by_one() -> None:
    """Fixture 27: each row of zeros is a subgradient of its output, the matrix of zeros is none."""
    net = fixture("vector (relu x, relu -x)")
    result = sh.contains(net, [[0], [0]])
    assert result.clarke is False and result.separator is not None
    assert sh.contains(net, [[1], [0]]).lexicographic and sh.contains(net, [[0], [-1]]).lexicographic


def test_what_is_rounded_is_near() -> None:
    """|x| + 2 y: the float 0.1 is no trouble in x, but in y it is: d_C is a segment."""
    net = fixture("|x|+2y")
    result = sh.contains(net, [0.1, 2.0000000001], near="1e-9")
    assert result.clarke is False and result.distance is not None
    exact = Fraction(2.0000000001) - 2
    assert result.distance.squared == result.distance.least == exact**2
    assert result.distance.nearest == ((Fraction(0.1), Fraction(2)),)
    assert result.distance.near is True
    far = sh.contains(net, [3, 2], near=1).distance
    assert far is not None and (far.squared, far.near) == (4, False)


def test_limits_end_in_what_is_known() -> None:
    layers = [{"weight": [[(7 * i * j + i * i + 3 * j) % 19 - 9 for j in range(8)] for i in range(24)]}]
    layers += [{"weight": [[(5 * i * j + j * j + i) % 17 - 8 for j in range(24)] for i in range(24)]}]
    net = {"inputs": 8, "layers": [{**layer, "activation": "relu"} for layer in layers] + [{"weight": [[1, -1] * 12]}]}
    bracket = sh.support(net, [1] * 8, time_limit=1.5, certify=False)
    if bracket.value is None:
        assert bracket.why is not None
        assert bracket.attained is None or bracket.proved is None or bracket.attained < bracket.proved
    late = sh.contains(net, [10**6] * 8, time_limit=0)
    assert (late.clarke, late.lexicographic) == (None, None) and late.why is not None
    assert sh.shortest(net, time_limit=0).decided is False


def test_check_knows_whether_backpropagation_is_clarke() -> None:
    """Two of the kinks of relu x - relu -x in each coordinate, 8 coordinates: 16 kinks, one subgradient; and a bend."""
    size = 8
    weight = [[int(i == j) for j in range(size)] for i in range(size)] + [
        [-int(i == j) for j in range(size)] for i in range(size)
    ]
    net = {
        "inputs": size,
        "layers": [
            {"weight": [*weight, [1] * size], "activation": "relu"},
            {"weight": [[1] * size + [-1] * size + [1]]},
        ],
    }
    result = sh.check(net)
    assert result.verdict == "distinct" and result.autodiff is not None
    assert len(localise(sh.load(net)).net.kinks) == 17
    assert result.autodiff.clarke is False
    generic = {
        "inputs": 4,
        "layers": [
            {"weight": [[(3 * i * j + i + 2 * j) % 11 - 5 for j in range(4)] for i in range(20)], "activation": "relu"},
            {"weight": [[1, -1] * 10]},
        ],
    }
    autodiff = sh.check(generic).autodiff
    assert autodiff is not None and autodiff.clarke is sh.contains(generic, autodiff.gradient).clarke is not None


def test_bad_vectors() -> None:
    net = FIXTURES["abs sum"]
    with pytest.raises(sh.PointError, match=r"vector: 1 entry, expected 2"):
        sh.contains(net, [1])
    with pytest.raises(sh.PointError, match=r"vector\[0\]: 3 entries, expected 2"):
        sh.contains(net, [[1, 2, 3]])
    with pytest.raises(sh.PointError, match=r"vector: 2 rows, expected 1"):
        sh.contains(net, [[1, 2], [1, 2]])
    with pytest.raises(sh.PointError, match=r"direction"):
        sh.support(net, ["a", 1])
    with pytest.raises(sh.ParameterError, match=r"near: -1 is negative"):
        sh.contains(net, [0, 0], near=-1)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(sh.contains(net, [0, 0]))
