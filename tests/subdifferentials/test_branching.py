"""Branch and bound: greatest values, bounds at any time, trees and conflicts against the list of all Jacobians."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from itertools import product as every
from typing import Any

import pytest
from support.random_programs import random_program

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.branching import Above, Branching
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.interval_bounds import UNDECIDED, IntervalBounds
from subgrad_hardness.subdifferentials.maximum import Greatest, maximum
from subgrad_hardness.subdifferentials.sets import Bound, product


class OneStep(Limits):
    """A limit that lets one step through: not long, and by no clock."""

    looks = 0

    @property
    def remaining(self) -> float:
        self.looks += 1
        return float(self.looks == 1)


def layered(seed: int, *, size: int = 4) -> Program:
    """One to three layers of kinks; some weights need more than 53 bits, some rows are repeated or opposite."""
    stream = Stream(seed, "layered nets")
    widths = [1 + stream.below(4), *[1 + stream.below(size) for _ in range(1 + stream.below(3))], 1 + seed % 2]
    most = (1, 2, 3, 2**45)[seed % 4]
    layers = [
        [[stream.integer(-most, most) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in pairwise(widths)
    ]
    layers[0].append([stream.integer(-1, 1) * entry for entry in layers[0][0]])
    for row in layers[1]:
        row.append(stream.integer(-2, 2))
    return Program.from_layers(layers)


PROGRAMS = [*map(layered, range(28)), *(random_program(seed, inputs=3, nodes=5) for seed in range(12))]


def drawn(program: Program, seed: int) -> Matrix:
    stream = Stream(seed, "functionals")
    return tuple(
        [
            tuple([Fraction(stream.integer(-3, 3), 1 + stream.below(2)) for _ in range(program.input_count)])
            for _ in range(program.output_count)
        ]
    )


def searched(convex: ClarkeSet, search: Branching, values: list[Fraction]) -> None:
    """Run to the end, step by step; at each of them the greatest value is between what is known and what is proved."""
    while True:
        assert search.bound <= max(values) <= search.upper
        ended = search.grow(OneStep())
        if isinstance(ended, Above):
            value = product(search.functional, convex.members.at([ended.direction]).jacobian)
            assert value > search.bound and value in values
            search.raise_to(value)
        elif ended:
            break
    assert search.bound == search.upper == max(values)


@pytest.mark.parametrize("seed", range(len(PROGRAMS)))
def test_random_nets(seed: int) -> None:
    program = PROGRAMS[seed]
    convex, functional = ClarkeSet(program), drawn(program, seed)
    values = [product(functional, convex.net.scaled(cell.rows)) for cell in cells(convex.net)]
    low = min(values) - 1
    first = Branching(convex.grower, functional, low, recorded=False)
    searched(convex, first, values)
    second = Branching(convex.grower, functional, low, recorded=True, after=first)
    searched(convex, second, values)
    best = max(convex.members, key=lambda member: product(functional, member.jacobian))
    claim = stating.support(
        program,
        "clarke",
        functional,
        Greatest(max(values), best, exact=True, proof=Bound(True, tree=second.tree())),
    )
    assert claim is not None
    assert stating.stated(program, claim).certificate == claim
    if len(set(values)) > 1:
        with pytest.raises(stating.ContradictedError):  # of a member that is not the greatest
            below = claim._replace(bound=claim.bound - Fraction(1, 7))
            stating.stated(program, below)


@pytest.mark.parametrize("seed", range(0, len(PROGRAMS), 3))
def test_a_conflict_holds_on_all_cells(seed: int) -> None:
    program = PROGRAMS[seed]
    convex, functional = ClarkeSet(program), drawn(program, seed + 100)
    search = Branching(convex.grower, functional, Fraction(-(2**200)), recorded=False)
    values = [product(functional, convex.net.scaled(cell.rows)) for cell in cells(convex.net)]
    searched(convex, search, values)
    columns = search._bounds.columns
    for place, kept in enumerate(search._conflicts._kept):
        row = search._conflicts._table[place]  # type: ignore[index]
        needed = {column: bool(row[column]) for column in kept.needed}
        for cell in cells(convex.net):
            met = all((cell.signs[columns[column]] > 0) == passes for column, passes in needed.items())
            assert not met or any(cell.signs[columns[column]] == 0 for column in needed)


@pytest.mark.parametrize("seed", range(0, 28, 3))
def test_rounded_bounds_are_within_their_margin(seed: int) -> None:
    import numpy as np

    program = layered(seed, size=3)
    grower = ClarkeSet(program).grower
    bounds = IntervalBounds(grower.flat, grower.scales, drawn(program, seed))
    stream = Stream(seed, "signs")
    unit = Fraction(2**bounds._bits, bounds.denominator)
    rounded = unit * bounds.by_lines * Fraction(1, 2**18)  # of slopes
    for _ in range(20):
        signs = [stream.integer(-1, 1) for _ in bounds.columns]
        for column, before in enumerate(bounds.before):  # what is decided rests on decided kinks
            if any(signs[inner] == UNDECIDED for inner in before):
                signs[column] = UNDECIDED
        case = bounds.case(np.array(signs, dtype=np.int8))
        exact = bounds.exactly(signs)
        assert Fraction(case.top) * unit + Fraction(bounds.margin) * unit >= exact - rounded
        if len(bounds._starts) < 3:  # else decided kinks are put in exactly only
            assert abs(Fraction(case.top) * unit - exact) <= Fraction(bounds.margin) * unit + rounded
        assert bounds.value(case.top) >= exact - rounded - Fraction(1, bounds.denominator)
        assert Fraction(bounds.rounded(limit := bounds.limit(exact))) == pytest.approx(
            limit / unit / bounds.denominator
        )
        undecided = [column for column, sign in enumerate(signs) if sign == UNDECIDED]
        if undecided:
            found = bounds.probed(case, undecided)
            for sign, (place, column) in every((1, 0), enumerate(undecided)):
                tried = np.array([*signs[:column], sign, *signs[column + 1 :]], dtype=np.int8)
                assert found[1 - sign][place] == pytest.approx(bounds.case(tried).top, abs=2 * bounds.margin)


def random_net(*sizes: int, seed: int) -> Program:
    stream = Stream(seed, "real sizes")
    return Program.from_layers(
        [[[stream.integer(-3, 3) for _ in range(columns)] for _ in range(rows)] for columns, rows in pairwise(sizes)]
    )


def test_far_fewer_places_than_cells() -> None:
    """5 inputs and 10 + 10 kinks: 5,602 cells, a tree of some hundred steps."""
    program = random_net(5, 10, 10, 1, seed=1)
    convex, functional = ClarkeSet(program), ((Fraction(1),) * 5,)
    found = maximum(convex, functional, Limits())
    assert found.exact and found.proof is not None and found.proof.tree is not None
    assert len(found.proof.tree) < 500


def test_a_bracket_where_a_limit_came_first() -> None:
    told: list[Any] = []
    program = random_net(6, 30, 30, 1, seed=2)
    found = maximum(ClarkeSet(program), ((Fraction(1),) * 6,), Limits.seconds(0), heard=told.append)
    assert not found.exact and found.proved is not None and found.attained < found.proved
    assert told[-1].proved is None or told[-1].proved >= found.proved


@pytest.mark.parametrize("seed", range(4))
def test_nets_with_more_kinks_are_left_to_the_engines(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No table of kinks times kinks is made for them: of 100,000 it would take 75 GiB."""
    monkeypatch.setattr("subgrad_hardness.subdifferentials.clarke_set.MOST_KINKS", 0)
    monkeypatch.setattr("subgrad_hardness.subdifferentials.branching.IntervalBounds", None)
    program = layered(2 * seed)  # one output
    functional = drawn(program, seed)
    convex = ClarkeSet(program)
    found = maximum(convex, functional, Limits())
    values = [product(functional, convex.net.scaled(cell.rows)) for cell in cells(convex.net)]
    assert found.exact and found.attained == max(values)
    assert convex.upper(functional, found.attained) is None


def test_what_nobody_is_asked_about_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subgrad_hardness.subdifferentials.clarke_set.MOST_KINKS", 0)
    program = Program.from_layers([[[1, 0], [0, 1]], [[1, 2], [3, 1]]])
    functional = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))  # of rank two
    found = ClarkeSet(program).exceeds(functional, Fraction(1000), Limits())
    assert found.holds is None and found.why == "more than 0 kinks"
