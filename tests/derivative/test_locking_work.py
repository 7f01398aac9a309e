"""Branch locking's work, counted in passes, and the proof that kinks are zero everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from support import small_nets

from subgrad_hardness import check, clarke_subgradient, generate, gradient, verify
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative import lexicographic, tied_kinks
from subgrad_hardness.derivative.lexicographic import Directions, lexicographic_derivative, lock_branches
from subgrad_hardness.derivative.tied_kinks import first_moving_tie
from subgrad_hardness.local.local_net import Kink, LocalNet, Sum
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts forward passes of one direction, looks at ties (a forward pass each), and backward passes."""
    counts = Counter[str]()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            counts[name] += 1
            return real(*arguments)

        return call

    monkeypatch.setattr(lexicographic, "probe", counted("probe", lexicographic.probe))
    monkeypatch.setattr(lexicographic, "first_moving_tie", counted("ties", first_moving_tie))
    monkeypatch.setattr(LocalNet, "combined_row", counted("backward", LocalNet.combined_row))
    return counts


def sum_of_relus(inputs: int, outputs: int = 1) -> Program:
    """relu(x_1) + ... + relu(x_p), several times."""
    build = GraphBuilder(inputs)
    terms = [(build.apply("relu", [index]), 1) for index in range(inputs)]
    return build.program([build.affine(terms) for _ in range(outputs)])


def copies_of_zero(count: int) -> Program:
    """x, and the sum of ``count`` relus of relu(x) - relu(-x) - x, each written anew."""
    build = GraphBuilder(["x"])
    terms = [(0, 1)]
    for _ in range(count):
        passing, blocked = build.apply("relu", ["x"]), build.apply("relu", [build.affine([("x", -1)])])
        terms.append((build.apply("relu", [build.affine([(passing, 1), (blocked, -1), ("x", -1)])]), 1))
    return build.program([build.affine(terms)])


@pytest.mark.parametrize("inputs", [1, 50, 400, 1600])
def test_one_probe_and_one_backward_pass_an_output_however_many_inputs(inputs: int, passes: Counter[str]) -> None:
    for outputs in (1, 3):
        passes.clear()
        jacobian = clarke_subgradient(sum_of_relus(inputs, outputs))
        assert passes == {"probe": 1, "backward": outputs}
        assert set(jacobian) == {jacobian[0]} and set(jacobian[0]) <= {0, 1}


def test_a_direction_that_leaves_ties_costs_one_more_probe(passes: Counter[str]) -> None:
    """A unit vector moves one relu of 400."""
    axis = (1, *[0] * 399)
    element = lock_branches(localise(sum_of_relus(400)).net, [axis])
    assert passes == {"probe": 2, "ties": 1, "backward": 3}  # packed, the row of the first tie, the output
    assert element.directions.leading[0] == axis and len(element.directions.leading) == 2
    assert all(element.directions.leading[1]) and sum(element.passing) not in (0, 1, 400)


@pytest.mark.parametrize(("count", "packed"), [(1, 1), (50, 1), (800, 1), (3000, 2)])
def test_kinks_that_are_zero_everywhere_are_shown_so_together(count: int, packed: int, passes: Counter[str]) -> None:
    """4,096 bits a pass, two for each of these kinks: the bound of a row 1 - 0 - 1 or 0 + 1 - 1 is 2."""
    assert clarke_subgradient(copies_of_zero(count)) == ((Fraction(1),),)
    assert passes == {"probe": 1, "ties": 1, "backward": packed + 1}


def test_the_shipped_family_with_most_ties(passes: Counter[str]) -> None:
    net = localise(generate("pigeonhole", holes=8)).net
    element = lock_branches(net, [])
    assert passes == {"probe": 1, "ties": 1, "backward": 2}
    values = net.values(element.directions.leading[0])
    assert sum(not values[node.argument] for node in net.nodes if isinstance(node, Kink)) > 50


def row_by_row(net: LocalNet, branches: Sequence[bool | None]) -> tuple[int, list[int]] | None:
    """``first_moving_tie`` by one backward pass a kink."""
    slopes = [bool(branch) for branch in branches]
    for kink, position in enumerate(net.kinks):
        node = net.nodes[position - net.inputs]
        assert isinstance(node, Kink)
        if branches[kink] is None and any(row := net.gradient_row(node.argument, slopes)):
            return kink, row
    return None


@pytest.mark.parametrize("most_bits", [0, 5, 4096])
def test_the_first_tie_that_moves_on_all_small_nets(most_bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any branches, also such as no direction has; one tie a pass, a few, and all of them."""
    monkeypatch.setattr(tied_kinks, "_MOST_BITS", most_bits)
    stream, found = Stream(1, "ties"), Counter[bool]()
    for mapping in small_nets.nets():
        net = localise(load(mapping)).net
        for _ in range(3):
            branches = [(True, False, None, None)[stream.below(4)] for _ in net.kinks]
            expected = row_by_row(net, branches)
            assert first_moving_tie(net, branches) == expected
            found[expected is None] += 1
    assert min(found.values()) > 300


@pytest.mark.parametrize("exponent", [0, 1, 7, 31, 64, 200])
def test_rows_that_would_cancel_in_places_too_narrow(exponent: int) -> None:
    """Packed e bits apart, 2^e x and -x would cancel."""
    size = 2**exponent
    for first, second in (((size, 0), (-1, 0)), ((-size, 0), (1, 0)), ((size, size), (-1, -1)), ((0, 0), (0, -size))):
        nodes = (Sum((0, 1), first), Kink(2), Sum((0, 1), second), Kink(4), Sum((3, 5), (1, 1)))
        net = LocalNet(2, nodes, (6,), (Fraction(1),), (3, 5), (0, 1))
        expected = (0, list(first)) if any(first) else (1, list(second))
        assert first_moving_tie(net, [None, None]) == row_by_row(net, [None, None]) == expected


def test_entries_are_never_zero_and_as_documented() -> None:
    words = [int.from_bytes(Stream(3, "x").words(4)[8 * k : 8 * k + 8], "little") for k in range(4)]
    expected = tuple((-1) ** (word % 2) * (1 + word // 2 % 8) for word in words)
    assert Stream(3, "x").signed(4, 3) == expected
    drawn = Counter(Stream(0, "many").signed(3200, 2))
    assert set(drawn) == {-4, -3, -2, -1, 1, 2, 3, 4}
    assert all(300 < count < 500 for count in drawn.values())


def test_the_seed_is_used_and_fixed_by_default() -> None:
    program = sum_of_relus(100)
    found = {seed: clarke_subgradient(program, seed=seed) for seed in (0, 1, 2**70, -3)}
    assert len(set(found.values())) == 4
    assert clarke_subgradient(program) == found[0] == clarke_subgradient(program, seed=0)
    result = gradient(program, seed=1)
    assert result.subgradient == found[1] and gradient(program).subgradient == found[0]


def test_small_nets_have_directions_to_read() -> None:
    net = localise(load({"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "relu"}]})).net
    assert lock_branches(net, [(1, 0)]).directions == Directions(((1, 0), (0, 1)), ())
    assert max(map(abs, lock_branches(net, []).directions.leading[0])) <= 16
    without = localise(load({"inputs": 2, "layers": [{"weight": [[1, 0]]}]})).net
    assert lock_branches(without, []).directions == Directions((), (0, 1))


def test_the_directions_give_the_jacobian_and_certificates_hold() -> None:
    """On a net whose ties are broken by random directions."""
    program = sum_of_relus(70)
    net = localise(program).net
    element = lock_branches(net, [(1, *[0] * 69)])
    matrix = list(zip(*element.directions.columns(70), strict=True))
    assert lexicographic_derivative(net, matrix) == net.scaled(element.rows)
    result = check(program, certify=True)
    assert result.certificate is not None
    assert verify(program, result.certificate.to_json()).verdict == result.verdict == "distinct"
