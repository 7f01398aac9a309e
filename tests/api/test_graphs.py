"""The networkx view, and graph facts checked against networkx's own algorithms."""

from __future__ import annotations

from fractions import Fraction

import networkx
from hypothesis import given, settings
from support.strategies import programs

import subgrad_hardness
from subgrad_hardness.derivative.autodiff import conservative_set
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.normal_form.flatten import flatten


def test_a_small_graph() -> None:
    graph = subgrad_hardness.to_networkx(
        {
            "inputs": ["x", "y"],
            "nodes": [{"id": "m", "op": "max", "args": ["x", "y"]}],
            "outputs": ["m"],
            "point": [1, "1/2"],
        }
    )
    assert [data["kind"] for _, data in graph.nodes(data=True)] == ["input", "input", "affine", "relu", "affine"]
    assert graph.nodes[2]["value"] == Fraction(-1, 2)
    assert graph.nodes[3]["kink"] is False
    assert graph.edges[0, 2]["coefficient"] == -1
    assert graph.graph["outputs"] == (4,)
    assert {data["name"] for _, data in graph.nodes(data=True)} == {"x", "y", "m"}


def test_repeated_arguments_are_summed() -> None:
    graph = subgrad_hardness.to_networkx(
        {
            "inputs": 1,
            "nodes": [{"id": "a", "op": "affine", "args": ["x0", "x0"], "coefficients": [2, "1/3"]}],
            "outputs": ["a"],
        }
    )
    assert graph.edges[0, 1]["coefficient"] == Fraction(7, 3)


@settings(max_examples=50)
@given(programs())
def test_depth_kinks_and_chains_as_networkx_sees_them(program: Program) -> None:
    graph = subgrad_hardness.to_networkx(program)
    assert networkx.is_directed_acyclic_graph(graph)
    found = subgrad_hardness.info(program)
    assert found.kinks == sum(bool(data.get("kink")) for _, data in graph.nodes(data=True))
    needed = set(program.lowered.outputs).union(*(networkx.ancestors(graph, out) for out in program.lowered.outputs))
    weighted = networkx.DiGraph()
    weighted.add_nodes_from(needed)
    for start, end in graph.edges:
        if start in needed and end in needed:
            weighted.add_edge(start, end, relu=int(graph.nodes[end]["kind"] == "relu"))
    assert found.depth == networkx.dag_longest_path_length(weighted, weight="relu", default_weight=0)
    _shortest_chain_agrees(program)


def _shortest_chain_agrees(program: Program) -> None:
    net = localise(program).net
    flat = flatten(net)
    gains = networkx.DiGraph()
    gains.add_nodes_from(["in", "out"])
    for kink, form in enumerate(flat.kinks):
        gains.add_edges_from(("in" if v < flat.inputs else v - flat.inputs, kink) for v in form)
    for form in flat.outputs:
        gains.add_edges_from((v - flat.inputs, "out") for v in form if v >= flat.inputs)
    found = conservative_set(net)
    assert found.singleton != networkx.has_path(gains, "in", "out")
    if not found.singleton:
        assert len(found.chain) == networkx.shortest_path_length(gains, "in", "out") - 1
