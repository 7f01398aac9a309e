"""What large nets take other ways for gives the same as the plain way, exactly: on small nets, where both can go."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.strategies import graph_mappings, mappings

import subgrad_hardness as sh
from subgrad_hardness.local import affine, local_net, localise
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.reading import load

#: float32 values as numpy hands them out, ties, and numbers of all sizes.
WEIGHTS = st.one_of(
    st.sampled_from([0, 0, 1, -1, 2, 1e-300, -1e300, "1e-400", "-7/3", "123456789012345678901234567890"]),
    st.floats(-4, 4, width=32),
    st.fractions(-3, 3, max_denominator=9).map(str),
)


@st.composite
def dense_nets(draw: st.DrawFn) -> dict[str, Any]:
    """Two to four layers of up to five units, sometimes with units that see nothing, at a point of such numbers."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=3, max_size=5))
    activation = draw(st.sampled_from(["relu", "relu", "abs", "relu6", "identity"]))

    def numbers(count: int) -> list[Any]:
        return draw(st.lists(WEIGHTS, min_size=count, max_size=count))

    layers: list[dict[str, Any]] = [
        {
            "weight": [[0] * columns if draw(st.integers(0, 4)) == 0 else numbers(columns) for _ in range(rows)],
            "bias": [0] * rows if draw(st.booleans()) else numbers(rows),
            "activation": activation,
        }
        for columns, rows in pairwise(sizes)
    ]
    layers[-1]["activation"] = "identity"
    return {"inputs": sizes[0], "layers": layers, "point": numbers(sizes[0])}


@contextmanager
def large_from(nonzeros: int, many: int) -> Iterator[None]:
    patched = mock.patch.multiple(localise, LARGE=nonzeros, DEEP=max(nonzeros, 1))
    with patched, mock.patch.object(affine, "_MANY", many):
        yield


def test_a_net_is_multiplied_out_from_so_many_inner_nonzeros_on() -> None:
    """A wide first layer is no reason: its rows need no scaling."""
    rows = [[[1] * 40] * 3, [[1] * 3] * 3, [[1] * 3]]
    net = load({"inputs": 40, "layers": [{"weight": each} for each in rows], "point": [1] * 40})
    for least, nodes in ((12, 1), (13, 7)):
        with mock.patch.object(localise, "DEEP", least):
            assert len(localise.localise(net).net.nodes) == nodes


def localised(net: dict[str, Any], nonzeros: int, many: int = 0) -> Localisation:
    with large_from(nonzeros, many):
        return localise.localise(load(net))


@given(st.one_of(dense_nets(), mappings()), st.sampled_from([0, 4, 10**9]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_net_that_is_multiplied_out_has_the_same_derivative(net: dict[str, Any], many: int) -> None:
    """With matrices by python-flint (many = 0) and without."""
    plain, large = localised(net, 10**9), localised(net, 0, many)
    assert large[1:] == plain[1:]
    if plain.net.kinks:
        assert large.net == plain.net
        return
    assert not large.net.kinks
    assert large.net.scaled(large.net.gradient_rows(())) == plain.net.scaled(plain.net.gradient_rows(()))
    if large.net != plain.net:  # multiplied out: one primitive sum an output at most
        assert len(large.net.nodes) <= len(set(large.net.outputs))
    for direction in ([1] * plain.net.inputs, list(range(-2, plain.net.inputs - 2))):
        assert large.net.derivative(direction) == plain.net.derivative(direction)


@given(graph_mappings())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_relu_that_is_blocked_and_not_read_changes_nothing(net: dict[str, Any]) -> None:
    """What is needed is looked for where relus are blocked alone, and gives the same net."""
    nodes = [
        {"id": "below", "op": "affine", "args": [], "bias": -1},
        {"id": "blocked", "op": "relu", "args": ["below"]},
    ]
    found = localised({**net, "nodes": [*net["nodes"], *nodes]}, 10**9)
    assert found._replace(nearest=None) == localised(net, 10**9)._replace(nearest=None)


@given(dense_nets())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_check_says_the_same(net: dict[str, Any]) -> None:
    """The whole report, and the certificate's text, but for the time and for how many directions the search tried."""

    def report(nonzeros: int) -> tuple[dict[str, Any], str | None]:
        with large_from(nonzeros, 0):
            result = sh.check(net)
        certificate = None if result.certificate is None else result.certificate.dumps()
        return {**result.to_json(), "seconds": None}, certificate

    assert report(0) == report(10**9)


def test_what_a_kink_reads_is_no_constant() -> None:
    """The second layer's kinks read the first layer's, whose value is 0 although they move."""
    net = {"inputs": 2, "layers": [{"weight": [[1, 2], [3, 1]], "activation": "relu"}] * 2}
    assert len(localised(net, 0).net.kinks) == 4
    assert sh.check(net).verdict == "distinct"


@given(mappings(), st.data())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_rows_that_are_computed_together(net: dict[str, Any], data: st.DataObject) -> None:
    net = load(net)  # type: ignore[assignment]
    local = localise.localise(net).net  # type: ignore[arg-type]
    count = len(local.kinks)
    slopes = data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    alone = tuple(tuple(local.gradient_row(output, slopes)) for output in local.outputs)
    with mock.patch.object(local_net, "_MANY_OUTPUTS", 1):
        for at_once in (1, 2, 32):
            with mock.patch.object(local_net, "_AT_ONCE", at_once):
                assert local.gradient_rows(slopes) == alone


def entries(value: int) -> list[list[int]]:
    return [[value, -value, 0, 1], [-value, value - 1, value + 1, -1]]


@pytest.mark.parametrize("power", [0, 1, 6, 7, 8, 9, 15, 16, 63, 64, 65, 1000])
def test_packed_rows_at_the_ends_of_their_fields(power: int) -> None:
    """Entries of the greatest size that the bounds allow, of both signs, beside one another."""
    for value in (2**power - 1, 2**power, 2**power + 1):
        rows = entries(value) * 3
        local = localise.localise(load({"inputs": 4, "layers": [{"weight": rows}]})).net
        assert local.scaled(local.gradient_rows(())) == tuple(map(tuple, rows))


SMALL = """
import sys
import subgrad_hardness as sh
layers = [{"weight": [[1, 2]] * 4, "bias": [1] * 4, "activation": "relu"}, {"weight": [[1] * 4]}]
assert sh.check({"inputs": 2, "layers": layers}).certified
assert not {"numpy", "flint"} & set(sys.modules), "heavy"
"""


def test_a_small_net_loads_nothing_heavy() -> None:
    subprocess.run([sys.executable, "-c", SMALL], check=True)
