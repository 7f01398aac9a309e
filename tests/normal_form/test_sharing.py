"""What many kinks have in common is held once: small files with long forms stay small in memory."""

from __future__ import annotations

import copy
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.local.local_net import Sum
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.normal_form import normalise

INSTANCES = Path(__file__).resolve().parents[2] / "instances"


def repeated(inputs: int, kinks: int) -> dict[str, Any]:
    """relu(s) - relu(-s), many times, s one form over all inputs: the file grows with the sum of both sizes."""
    names = [f"x{index}" for index in range(inputs)]
    nodes: list[dict[str, Any]] = [
        {"id": "s", "op": "affine", "args": names, "coefficients": [1 + index % 7 for index in range(inputs)]},
        {"id": "t", "op": "affine", "args": ["s"], "coefficients": [-1]},
    ]
    relus = [{"id": f"k{number}", "op": "relu", "args": ["st"[number % 2]]} for number in range(kinks)]
    signs = [1 - 2 * (number % 2) for number in range(kinks)]
    last = {"id": "f", "op": "affine", "args": [relu["id"] for relu in relus], "coefficients": signs}
    return {"inputs": names, "nodes": [*nodes, *relus, last], "outputs": ["f"]}


def test_kinks_of_one_argument_share_their_form_and_their_value() -> None:
    flat = flatten(localise(load(repeated(5, 12))).net)
    assert len(flat.kinks) == 12
    assert len(set(map(id, flat.kinks))) == 2
    normal = normalise(flat)
    assert len(normal.atoms) == 1
    assert normal.outputs == ({index: 6 * (1 + index) for index in range(5)},)


def test_memory_grows_with_the_file_and_not_with_kinks_times_inputs() -> None:
    """A form for each kink would be 1,000 * 1,000 entries of some 40 bytes, twice."""
    local = localise(load(repeated(1000, 1000))).net
    tracemalloc.start()
    try:
        normalise(flatten(local))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 10**6


def test_every_repeated_kink_of_one_sign_has_its_sign_fact() -> None:
    """The verifier wants a fact for each kink that is left out, also for those that repeat an earlier one."""
    affine = {"id": "c", "op": "affine", "args": ["a", "b"], "coefficients": [-1, -1]}
    net = {
        "inputs": ["x", "y"],
        "nodes": [
            {"id": "a", "op": "abs", "args": ["x"]},
            {"id": "b", "op": "abs", "args": ["y"]},
            affine,
            *({"id": f"k{number}", "op": "relu", "args": ["c"]} for number in range(3)),
            {"id": "f", "op": "affine", "args": ["k0", "k1", "k2"], "coefficients": [1, 2, 3]},
        ],
        "outputs": ["f"],
    }
    normal = normalise(flatten(localise(load(net)).net))
    assert len({fact.kink for fact in normal.signs}) == len(normal.signs) == 3
    assert {(fact.sign, fact.generators) for fact in normal.signs} == {(-1, normal.signs[0].generators)}
    result = sh.check(net)
    assert (result.verdict, result.certified) == ("unique", True)


def test_the_rows_of_a_dense_layer_share_their_arguments() -> None:
    weights = [[[1 + (row * column) % 5 for column in range(6)] for row in range(size)] for size in (6, 6, 1)]
    net = localise(sh.Program.from_layers(weights)).net
    rows = [node.arguments for node in net.nodes if isinstance(node, Sum)]
    assert len(rows) == 13
    assert len(set(map(id, rows))) == len(set(rows))


def test_an_atom_over_the_inputs_is_the_flat_form_itself() -> None:
    flat = flatten(localise(sh.Program.from_layers([[[1, 2], [3, -1]], [[1, 1]]])).net)
    assert [atom is kink for atom, kink in zip(normalise(flat).atoms, flat.kinks, strict=True)] == [True, True]


@pytest.mark.parametrize("name", ["median-two-ways", "vanishing-identity", "abs-identity", "sorting", "leaky-identity"])
def test_nobody_changes_the_flat_net(name: str) -> None:
    flat = flatten(localise(load(INSTANCES / f"{name}.json")).net)
    before = copy.deepcopy(flat)
    normalise(flat)
    assert flat == before
    assert [list(form.items()) for form in flat.kinks] == [list(form.items()) for form in before.kinks]
