"""Lexicographic derivatives: the two modes against each other and against gradients near x0."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle, small_nets
from support.entered import TRAP, entered, graph
from support.strategies import mappings

from subgrad_hardness import clarke_subgradient
from subgrad_hardness import lexicographic_derivative as lexicographic_derivative_of_net
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import (
    Directions,
    complete_basis,
    forward,
    lexicographic_derivative,
    lock_branches,
)
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load

Columns = list[tuple[int, ...]]


def local_net(net: dict[str, Any]) -> LocalNet:
    return localise(load(net)).net


@st.composite
def independent(draw: st.DrawFn, size: int, least: int = 0) -> Columns:
    """Independent small integer directions."""
    columns: Columns = []
    for _ in range(draw(st.integers(least, size))):
        column = draw(st.tuples(*[st.integers(-2, 2)] * size))
        if rank([*columns, column]) > len(columns):
            columns.append(column)
    return columns


def rank(rows: Sequence[Sequence[int | Fraction]]) -> int:
    """By elimination with Fractions."""
    left = [[Fraction(entry) for entry in row] for row in rows]
    count = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            left.remove(pivot)
            left = [[x - row[column] / pivot[column] * y for x, y in zip(row, pivot, strict=True)] for row in left]
            count += 1
    return count


def product(rows: Sequence[Sequence[int]], columns: Columns) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sum(x * y for x, y in zip(row, column, strict=True)) for column in columns) for row in rows)


def transposed(columns: Sequence[Sequence[int]]) -> list[list[int]]:
    return [list(row) for row in zip(*columns, strict=True)]


def check_modes(net: LocalNet, leading: Columns, directions: Columns | None = None) -> Columns:
    """Branch locking from ``leading`` agrees with vector forward mode; the columns of its M."""
    supply = None if directions is None else iter([*directions] * 50)
    element = lock_branches(net, leading, None if supply is None else lambda: next(supply))
    columns = element.directions.columns(net.inputs)
    assert columns[: len(leading)] == leading
    assert rank(columns) == len(columns) == net.inputs
    assert forward(net, columns) == product(element.rows, columns)
    assert lexicographic_derivative(net, transposed(columns)) == net.scaled(element.rows)
    assert net.gradient_rows(element.passing) == element.rows
    return columns


@given(st.integers(0, small_nets.COUNT - 1), st.data())
@settings(max_examples=125, deadline=None, derandomize=True)
def test_both_modes_give_the_jacobian_of_the_cell_entered(number: int, data: st.DataObject) -> None:
    mapping = small_nets.nets()[number]
    net, read = local_net(mapping), oracle.read(mapping)
    leading = data.draw(independent(net.inputs))
    supply = data.draw(st.none() | st.lists(st.tuples(*[st.integers(-2, 2)] * net.inputs), min_size=1, max_size=3))
    columns = check_modes(net, leading, supply)
    jacobian = entered(read, columns)
    assert lexicographic_derivative(net, transposed(columns)) == jacobian
    assert lexicographic_derivative_of_net(mapping, transposed(columns)) == jacobian
    assert jacobian in small_nets.bouligand(number)
    if supply is None:
        assert clarke_subgradient(mapping, leading) == jacobian


@given(mappings(), st.data())
@settings(max_examples=75, deadline=None, derandomize=True)
def test_the_modes_agree_on_any_program(mapping: dict[str, Any], data: st.DataObject) -> None:
    net = local_net(mapping)
    check_modes(net, data.draw(independent(net.inputs)))


@given(st.integers(0, small_nets.COUNT - 1), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_rational_matrices(number: int, data: st.DataObject) -> None:
    mapping = small_nets.nets()[number]
    net = local_net(mapping)
    entries = st.fractions(-2, 2, max_denominator=3)
    matrix = data.draw(
        st.lists(st.lists(entries, min_size=net.inputs, max_size=net.inputs), min_size=net.inputs, max_size=net.inputs)
    )
    if rank(matrix) < net.inputs:
        with pytest.raises(PointError, match="singular"):
            lexicographic_derivative(net, matrix)
        return
    # positive multiples of the columns enter the same cell
    columns = [[int(6 * entry) for entry in column] for column in zip(*matrix, strict=True)]
    assert lexicographic_derivative(net, matrix) == entered(oracle.read(mapping), columns)


def test_the_identity_matrix_on_all_small_nets() -> None:
    """M = I, the matrix of the lexicographic order itself, may take p probes."""
    for number, mapping in enumerate(small_nets.nets()):
        net = local_net(mapping)
        identity = [tuple(int(i == j) for j in range(net.inputs)) for i in range(net.inputs)]
        element = lock_branches(net, identity)
        jacobian = entered(oracle.read(mapping), identity)
        assert net.scaled(element.rows) == lexicographic_derivative(net, identity) == jacobian
        assert element.directions == Directions(tuple(identity), ())
        assert jacobian in small_nets.bouligand(number)
        assert net.scaled(lock_branches(net, []).rows) in small_nets.bouligand(number)


def test_identity_takes_as_many_probes_as_there_are_inputs() -> None:
    net = local_net({"inputs": 5, "layers": [{"weight": [[0, 0, 0, 0, -1]], "activation": "relu"}]})
    assert lock_branches(net, [(1, 0, 0, 0, 0)]).directions == Directions(((1, 0, 0, 0, 0), (0, 0, 0, 0, 1)), (1, 2, 3))


@pytest.mark.parametrize("first", [(1, 1), (-1, -1), (-1, -2), (2, 1), (0, -1), (0, 1), (-1, 0)])
def test_rows_that_vanish_on_an_open_set(first: tuple[int, int]) -> None:
    """In the third quadrant z = relu(x) - relu(y) is 0; its kinks' rows are zero there."""
    net = local_net(TRAP)
    columns = check_modes(net, [first])
    assert lexicographic_derivative(net, transposed(columns)) == entered(oracle.read(TRAP), columns)


def test_a_kink_of_a_difference_that_vanishes_everywhere() -> None:
    """relu(relu(x) - relu(x)) written with two relus, and relu(x) + relu(-x) - |x|."""
    twice = graph(
        ["x"],
        ("a", "relu", ["x"], []),
        ("b", "relu", ["x"], []),
        ("c", "affine", ["a", "b"], [1, -1]),
        ("d", "relu", ["c"], []),
        ("e", "affine", ["d", "a"], [5, 1]),
    )
    net = local_net(twice)
    for sign in (1, -1):
        element = lock_branches(net, [(sign,)])
        assert element.rows == ((max(sign, 0),),)
        assert element.directions.leading == ((sign,),)
        check_modes(net, [(sign,)])


def test_order_of_the_columns_matters() -> None:
    """max of three: the first column that tells arguments apart decides, then the next."""
    mapping = {"inputs": 3, "nodes": [{"id": "m", "op": "max", "args": ["x0", "x1", "x2"]}], "outputs": ["m"]}
    net, read = local_net(mapping), oracle.read(mapping)
    columns: Columns = [(1, 1, 0), (0, 1, 1), (1, 0, 1)]
    for order in permutations(columns):
        matrix = transposed(order)
        assert lexicographic_derivative(net, matrix) == entered(read, order)
        assert check_modes(net, list(order)) == list(order)
    assert lexicographic_derivative(net, transposed(columns)) == oracle.exact([0, 1, 0])


def test_forward_pushes_any_number_of_directions() -> None:
    net = local_net({"inputs": 2, "layers": [{"weight": [[1, -1], [1, 2]], "activation": "relu"}]})
    assert forward(net, []) == ((), ())
    assert forward(net, [(1, 1)]) == ((0,), (3,))
    many = [(0, 0), (1, 1), (-1, 5), *[(index, -index) for index in range(100)]]
    row = [x + 2 * y for x, y in many]
    assert forward(net, many) == ((0,) * len(many), tuple(row))
    assert forward(net, [(-3, 0), *many]) == ((0,) * (len(many) + 1), (0,) * (len(many) + 1))
    with pytest.raises(LimitReached):
        forward(net, many, Limits.seconds(-1))


def test_large_k() -> None:
    """60 inputs, a chain of maxima of neighbours, M triangular."""
    size = 60
    nodes = [{"id": f"m{i}", "op": "max", "args": [f"x{i}", f"x{i + 1}"]} for i in range(size - 1)]
    mapping = {"inputs": size, "nodes": nodes, "outputs": [node["id"] for node in nodes]}
    net = local_net(mapping)
    columns = [tuple(int(row >= number) - 2 * int(row == number + 1) for row in range(size)) for number in range(size)]
    assert rank(columns) == size
    jacobian = lexicographic_derivative(net, transposed(columns))
    assert jacobian == net.scaled(lock_branches(net, columns).rows)
    for number, row in enumerate(jacobian):
        later = next(c[number + 1] > c[number] for c in columns if c[number] != c[number + 1])
        assert row == tuple(Fraction(int(index == number + int(later))) for index in range(size))


@pytest.mark.parametrize("matrix", [[[1, 1], [1, 1]], [[0, 0], [0, 0]], [[1, 0], [0, 0]], [["1/3", "2/3"], [1, 2]]])
def test_singular_matrices(matrix: list[list[Any]]) -> None:
    net = local_net({"inputs": 2, "layers": [{"weight": [[1, 1]], "activation": "relu"}]})
    with pytest.raises(PointError, match="singular"):
        lexicographic_derivative(net, matrix)


@pytest.mark.parametrize(
    "matrix", [[], [[1, 0]], [[1], [0]], [[1, 0], [0, 1], [0, 0]], [[1, 0], [0]], [[1, "x"], [0, 1]]]
)
def test_matrices_of_a_wrong_shape(matrix: list[list[Any]]) -> None:
    net = local_net({"inputs": 2, "layers": [{"weight": [[1, 1]], "activation": "relu"}]})
    with pytest.raises(PointError):
        lexicographic_derivative(net, matrix)


@pytest.mark.parametrize("leading", [[(0, 0)], [(1, 2), (2, 4)], [(1, 0), (0, 1), (1, 1)]])
def test_dependent_directions(leading: Columns) -> None:
    mapping = {"inputs": 2, "layers": [{"weight": [[1, 1]], "activation": "relu"}]}
    with pytest.raises(PointError, match="depends"):
        lock_branches(local_net(mapping), leading)
    with pytest.raises(PointError, match="depends"):
        complete_basis(leading, 2)
    with pytest.raises(PointError, match="depends"):
        clarke_subgradient(mapping, leading)


@given(st.integers(1, 6).flatmap(lambda size: st.tuples(st.just(size), independent(size))))
@settings(max_examples=75, deadline=None, derandomize=True)
def test_complete_basis(case: tuple[int, Columns]) -> None:
    size, leading = case
    numbers = complete_basis(leading, size)
    assert list(numbers) == sorted(set(numbers))
    columns = Directions(tuple(leading), numbers).columns(size)
    assert rank(columns) == len(columns) == size
