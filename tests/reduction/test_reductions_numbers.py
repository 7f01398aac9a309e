"""Partition, subset sum and the sign search under them, against enumeration and dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from support.reductions import Tally, round_trip

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm, absolute_net, absolute_sum, collected
from subgrad_hardness.reduction.contract import SolutionError
from subgrad_hardness.reduction.partition import PARTITION, NumbersError, Partition
from subgrad_hardness.reduction.sign_search import SignError, SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.subset_sum import SUBSET_SUM, SubsetSum

SIGNS = SignReduction()


def solutions(problem: Partition | SubsetSum | SignProblem) -> list[Signs]:
    size = problem.inputs if isinstance(problem, SignProblem) else len(problem.numbers)
    return [signs for signs in product((False, True), repeat=size) if problem.satisfied(signs)]


def reachable(numbers: Sequence[int]) -> set[int]:
    """All subset sums, by dynamic programming."""
    sums = {0}
    for number in numbers:
        sums |= {entry + number for entry in sums}
    return sums


@pytest.mark.parametrize(
    "numbers", [(), (0,), (3,), (0, 0), (2, 2), (2, -2), (1, 2, 3), (1, 2, 4), (-1, 0, 1, 2)], ids=str
)
def test_partition_edge_cases(numbers: tuple[int, ...]) -> None:
    round_trip(PARTITION, Partition(numbers), solutions(Partition(numbers)), Tally())


@pytest.mark.parametrize(
    ("numbers", "target"),
    [((), 0), ((), 1), ((5,), 5), ((5,), 0), ((5,), 3), ((0,), 0), ((0,), 1), ((-2, 3), 1), ((-2, 3), -2), ((4, 6), 5)],
    ids=str,
)
def test_subset_sum_edge_cases(numbers: tuple[int, ...], target: int) -> None:
    problem = SubsetSum(numbers, target)
    round_trip(SUBSET_SUM, problem, solutions(problem), Tally())


def test_random_partitions_both_ways() -> None:
    stream, tally = Stream(1, "partition"), Tally()
    for _ in range(150):
        size = stream.integer(1, 5)
        most = stream.integer(1, 9)
        problem = Partition(tuple(stream.integer(-most // 3, most) for _ in range(size)))
        found = solutions(problem)
        total = sum(problem.numbers)
        assert bool(found) is (total % 2 == 0 and total // 2 in reachable(problem.numbers))
        round_trip(PARTITION, problem, found, tally)
    tally.require(distinct=27, unique=45)


def test_random_subset_sums_both_ways() -> None:
    stream, tally = Stream(2, "subset sum"), Tally()
    for _ in range(150):
        size = stream.integer(1, 4)
        most = stream.integer(1, 9)
        numbers = tuple(stream.integer(-most // 3, most) for _ in range(size))
        problem = SubsetSum(numbers, stream.integer(-2, most))
        found = solutions(problem)
        assert bool(found) is (problem.target in reachable(numbers))
        round_trip(SUBSET_SUM, problem, found, tally)
    tally.require(distinct=27, unique=45)


def test_random_sign_problems_both_ways() -> None:
    """Any sums of absolute values, also with forms that cancel or do not occur."""
    stream, tally = Stream(3, "signs"), Tally()
    for _ in range(150):
        inputs = stream.integer(1, 4)
        terms = tuple(
            AbsoluteTerm(
                tuple((stream.below(inputs), stream.integer(-2, 2)) for _ in range(stream.integer(0, 3))),
                stream.integer(-3, 2),
            )
            for _ in range(stream.integer(0, 5))
        )
        problem = SignProblem(inputs, terms)
        round_trip(SIGNS, problem, solutions(problem), tally)
    tally.require(distinct=27, unique=45)


def test_every_positive_direction_rounds_to_a_solution() -> None:
    """The module's lemma at directions near the signs, where h is often positive; zeros included."""
    stream, positive = Stream(4, "rounding"), 0
    for _ in range(150):
        inputs = stream.integer(1, 6)
        terms = tuple(
            AbsoluteTerm(stream_form(stream, inputs), stream.integer(-1, 3)) for _ in range(stream.integer(1, 4))
        )
        problem = SignProblem(inputs, terms)
        program, inverse = SIGNS.apply(problem)
        net, changes = localise(program).net, problem.changes()
        for spread in (0, 1, 4):
            point = [(1 - 2 * stream.below(2)) * (5 + stream.integer(-spread, spread)) for _ in range(inputs)]
            point[stream.below(inputs)] *= stream.below(4) > 0
            h = absolute_sum(terms, point)
            h -= sum(change * abs(abs(x) - abs(point[0])) for x, change in list(zip(point, changes, strict=True))[1:])
            assert net.derivative(point) == (Fraction(max(h, 0)),)
            if h > 0:
                positive += 1
                assert problem.satisfied(inverse.decode(tuple(point)))
    assert positive > 200


def stream_form(stream: Stream, inputs: int) -> tuple[tuple[int, int], ...]:
    return tuple((stream.below(inputs), stream.integer(-3, 3)) for _ in range(stream.integer(1, 3)))


def test_sizes() -> None:
    """Two hidden layers, linear in n."""
    for n in (1, 2, 10, 50):
        numbers = tuple(range(10**30, 10**30 + n))
        for program, inputs in (
            (PARTITION.apply(Partition(numbers))[0], n),
            (SUBSET_SUM.apply(SubsetSum(numbers, 7))[0], n + 1),
        ):
            net = localise(program).net
            assert program.input_count == inputs
            assert len(net.kinks) <= 6 * inputs + 1
            assert program.provenance is not None
            assert program.provenance["source"]["numbers"] == list(numbers)


def test_collected_sums() -> None:
    terms = [
        AbsoluteTerm(((1, -2), (0, 1)), 3),
        AbsoluteTerm(((0, -1), (1, 2)), -1),
        AbsoluteTerm(((0, 1), (0, -1)), 9),
    ]
    assert collected(terms) == (AbsoluteTerm(((0, 1), (1, -2)), 2),)
    assert absolute_net(2, ()) == load({"inputs": 2, "layers": [{"weight": {"shape": [1, 2], "entries": []}}]})


def test_what_is_refused() -> None:
    assert not PARTITION.accepts(SubsetSum((1,), 1))
    assert not SUBSET_SUM.accepts(Partition((1,)))
    with pytest.raises(TypeError, match="PartitionToSigns does not accept this tuple"):
        PARTITION.apply((1, 2))  # type: ignore[arg-type]
    _, inverse = PARTITION.apply(Partition((1, 1)))
    with pytest.raises(SolutionError, match="solution: does not solve the Partition"):
        inverse.direction_of((True, True))
    with pytest.raises(NumbersError, match="signs: 1 entry, expected 2"):
        inverse.direction_of((True,))
    with pytest.raises(NumbersError, match="choice: 0 entries, expected 1"):
        SubsetSum((1,), 1).satisfied(())
    with pytest.raises(SignError, match="inputs: less than 1"):
        SignProblem(0, ())
    with pytest.raises(SignError, match=r"terms\[0\]: 2 is outside 0..1"):
        SignProblem(2, (AbsoluteTerm(((2, 1),), 1),))
    with pytest.raises(SignError, match="signs: 1 sign, expected 2"):
        SignProblem(2, ()).satisfied((True,))
