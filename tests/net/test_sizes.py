"""Small inputs that once asked for large work: bounded by size, or linear."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Sequence

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.net.lowering import MAX_GROWN_BITS
from subgrad_hardness.net.reading import load_bytes


def test_a_long_list_under_a_long_key_in_provenance() -> None:
    """180 KB that took 3.5 GB when a place was built for every entry."""
    net = {"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": {"k" * 60_000: [0] * 60_000}}
    data = json.dumps(net).encode()
    tracemalloc.start()
    load_bytes(data, "net.json")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * len(data) + 10_000_000


def test_a_place_in_provenance_is_still_named() -> None:
    net = {"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": {"a b": [0, {"c": float("nan")}]}}
    with pytest.raises(sh.NetError) as caught:
        sh.load(net)
    assert str(caught.value) == '<net>: provenance."a b"[1].c: nan is not a number'


def chain(weights: Sequence[str | float]) -> sh.Program:
    return sh.load({"inputs": 1, "layers": [{"weight": [[weight]], "activation": "relu"} for weight in weights]})


@pytest.mark.parametrize("weight", ["1e99999", "1e-99999", "-1e99999"])
def test_numbers_that_grow_from_layer_to_layer(weight: str) -> None:
    for call in (sh.check, sh.info, sh.gradient):
        with pytest.raises(sh.NetError) as caught:
            call(chain([weight] * 1000))
        assert str(caught.value) == (
            f"<net>: layers[3][0]: the numbers grow too long: one value could need more than {MAX_GROWN_BITS} bits"
        )
    assert sh.check(chain([weight] * 3)).verdict == ("unique" if weight.startswith("-") else "distinct")


def test_many_long_numbers_made_of_one() -> None:
    rows = [[1]] * 30_000
    net = {"inputs": 1, "layers": [{"weight": [["1e99999"]]}, {"weight": rows}]}
    with pytest.raises(sh.NetError, match=r"layers\[1\]\[\d+\]: the numbers grow too long: the values up to here"):
        sh.info(net)


def test_deep_nets_of_ordinary_numbers_are_welcome() -> None:
    assert sh.check(chain([0.1] * 1000)).verdict == "distinct"


def test_a_maximum_of_many_equal_arguments() -> None:
    """16,000 took 15 s: the verifier asked for each kink's row over all nodes."""

    def seconds(count: int) -> float:
        start = time.perf_counter()
        net = {"inputs": 1, "nodes": [{"id": "f", "op": "max", "args": ["x0"] * count}], "outputs": ["f"]}
        result = sh.check(net, certify=True)
        assert (result.verdict, result.certified) == ("unique", True)
        return time.perf_counter() - start

    seconds(10)
    few, many = min(seconds(1000) for _ in range(2)), seconds(16_000)
    assert many < 10 * 16 * few


@pytest.mark.parametrize("form", ["nodes", "rows", "text"])
def test_reading_ends_at_its_limit(form: str) -> None:
    count = 20_000
    net = {"inputs": 1, "layers": [{"weight": [[1]] * count}]}
    if form == "nodes":
        nodes = [{"id": f"n{number}", "op": "abs", "args": ["x0"]} for number in range(count)]
        net = {"inputs": 1, "nodes": nodes, "outputs": ["n0"]}
    limits = Limits.seconds(0)
    with pytest.raises(LimitReached):
        if form == "text":
            load_bytes(sh.load(net).to_text().encode(), "a.net", limits=limits)
        else:
            sh.load(net, limits=limits)


def test_a_large_mapping_does_not_overrun_the_time_limit() -> None:
    nodes = [{"id": f"n{number}", "op": "max", "args": ["x0", "x1"]} for number in range(300_000)]
    start = time.monotonic()
    result = sh.check({"inputs": 2, "nodes": nodes, "outputs": ["n0"]}, time_limit=0.5)
    assert (result.verdict, result.why) == ("unknown", "time limit")
    assert time.monotonic() - start < 5
