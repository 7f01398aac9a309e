"""Sorting as an entry: the comparisons of merge sort, permutations as Jacobians, ties and their settling."""

from __future__ import annotations

from fractions import Fraction

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model import tracing
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, Dictionary
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.lexicographic import branch_locking
from subgrad_hardness.cost_model.net_files import as_net
from subgrad_hardness.cost_model.nets import net_program
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.variants import Variant, costs
from subgrad_hardness.cost_model.weights import Counts


def weighted(point: list[int]) -> tuple[StraightLine, list[int]]:
    """sum of 10^k times the k-th smallest, and its gradient: equal arguments keep their order."""
    build, n = Builder(len(point)), len(point)
    terms = [build.apply("mul", build.constant(10**k), slot) for k, slot in enumerate(build.sort(*range(n)))]
    gradient = [0] * n
    for k, argument in enumerate(sorted(range(n), key=lambda i: point[i])):
        gradient[argument] = 10**k
    return build.program(build.apply("sum", *terms), point=point), gradient


@pytest.mark.parametrize(("n", "comparisons"), [(2, 1), (3, 3), (4, 5), (5, 8), (6, 11), (7, 14), (8, 17)])
def test_comparisons_of_merge_sort_and_free_derivatives(n: int, comparisons: int) -> None:
    found = costs(Variant("sort", n))
    assert found.value == found.derived == found.shared == Counts(cmp=comparisons)
    assert set(found.back) == set(found.push) == {Counts()}
    bounds = Dictionary("sort", "", (Variant("sort", n),)).bounds()
    assert bounds.structural.value == Fraction(comparisons + n, comparisons)
    assert bounds.textbook.value == Fraction(comparisons + 2 * n, comparisons)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7])
def test_values_and_gradients(n: int) -> None:
    stream = Stream(n, "sort")
    for _ in range(10):
        point = [stream.integer(-2, 2) for _ in range(n)]
        program, gradient = weighted(point)
        assert program.run() == (sum(10**k * entry for k, entry in enumerate(sorted(point))),)
        derived = backward(program), backward(program, "textbook"), backward(program, at=program.point)
        for each in derived:
            assert list(each.run(point)[1:]) == gradient
        direction = [stream.integer(-9, 9) for _ in range(n)]
        for form in ("textbook", "structural"):
            pushed = forward(program, 1, form)
            assert pushed.run([*point, *direction])[1] == sum(g * d for g, d in zip(gradient, direction, strict=True))


def test_comparisons_are_paid_once_and_textbook_rows_are_sparse() -> None:
    program, _ = weighted([3, 1, 2, 5, 4])
    assert program.counts == Counts(add=4, mul=5, cmp=8)
    # 5 rows of one slope: 5 products, 5 sums; 5 products by constants: 5 and 5; the sum: 5 and 5
    assert backward(program, "textbook").counts == Counts(add=4 + 15, mul=5 + 15, cmp=8)
    assert backward(program, at=program.point).counts == program.counts
    build = Builder(3)
    twice = build.program(*build.sort(0, 1, 2), *build.sort(0, 1, 2), point=[1, 2, 3])
    assert twice.counts == Counts(cmp=6)


def test_ties_are_settled_by_directions() -> None:
    """F'(x; d) of a sort sorts the tangents of equal arguments among themselves."""
    stream = Stream(5, "sort ties")
    for _ in range(40):
        n = stream.integer(2, 6)
        point = [stream.integer(0, 2) for _ in range(n)]
        program = tracing.trace(lambda *terms: tracing.sort(terms), point)
        direction = [Fraction(stream.integer(-99, 99)) for _ in range(n)]
        found = branch_locking(program, program.point or (), [direction])
        expected = [d for _, d in sorted(zip(point, direction, strict=True))]
        assert list(found.program.run(found.values)[n : 2 * n]) == expected


def test_a_sort_is_a_net_of_comparisons_and_choices_and_is_refused_by_decisions() -> None:
    program, _ = weighted([2, 1, 2])
    net = as_net(program)
    again = net_program(net).program
    assert again.counts == program.counts and again.run() == program.run()
    with pytest.raises(sh.NetError, match="not piecewise linear"):
        sh.check(net)


def test_refusals_and_dictionaries() -> None:
    with pytest.raises(ParameterError, match="sort of 2 has no value number 2"):
        Builder(2).apply("sort", 0, 1, parameter=Fraction(2))
    pl = DICTIONARIES["pl"]
    wider = Dictionary("wider", "", (*pl.variants, *(Variant("sort", n) for n in range(2, 9)))).bounds()
    for name in ("textbook", "structural", "amortised"):
        assert getattr(wider, name) == getattr(pl.bounds(), name)
    assert wider.omega_f(9).value == pl.bounds().omega_f(9).value
