"""The families of the reductions: known verdicts decided, planted solutions checked, parameters refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import networkx
import pytest
from support.paths import ROOT

from subgrad_hardness.api.check import check
from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.graphs import independence_number, random_pairs
from subgrad_hardness.family.known_verdicts import by_cadical, has_subset_sum
from subgrad_hardness.reduction.clique import CLIQUE, Clique
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.contract import Reduction
from subgrad_hardness.reduction.graph import SimpleGraph
from subgrad_hardness.reduction.hamilton import HAMILTON, HamiltonianCycle
from subgrad_hardness.reduction.nae_sat import NAE_MINMAX, NAE_TWO_LAYERS, NotAllEqual
from subgrad_hardness.reduction.one_in_three_sat import ONE_IN_MINMAX, ONE_IN_TWO_LAYERS, ExactlyOne
from subgrad_hardness.reduction.partition import PARTITION, Partition
from subgrad_hardness.reduction.subset_sum import SUBSET_SUM, SubsetSum
from subgrad_hardness.reduction.tent_sat import TentReduction
from subgrad_hardness.reduction.three_coloring import ThreeColoring, ThreeColoringReduction
from subgrad_hardness.reduction.vertex_cover import VERTEX_COVER, VertexCover

#: Families with parameters near their threshold, where both verdicts are frequent.
DECIDED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("tent", {"variables": 7, "ratio": "4.3"}),
    ("naesat", {"variables": 20, "ratio": "2.2"}),
    ("naesat", {"variables": 5, "ratio": "2", "form": "layers2"}),
    ("onein3", {"variables": 20, "ratio": "0.5"}),
    ("onein3", {"variables": 5, "ratio": "0.8", "form": "layers2"}),
    ("clique", {"vertices": 6, "offset": 0}),
    ("clique", {"vertices": 5, "offset": 1}),
    ("vertexcover", {"vertices": 6, "offset": 0}),
    ("vertexcover", {"vertices": 5, "offset": 1}),
    ("coloring", {"vertices": 12, "degree": "4.7"}),
    ("hamilton", {"vertices": 6, "degree": "8/3"}),
    ("partition", {"count": 5, "bits": 3}),
    ("subsetsum", {"count": 4, "bits": 3}),
)


@pytest.mark.parametrize(("family", "parameters"), DECIDED, ids=str)
def test_known_verdicts_are_decided(family: str, parameters: dict[str, Any]) -> None:
    for seed in range(4):
        program = generate(family, **parameters, seed=seed)
        assert program.provenance is not None
        assert program.provenance["known_by"]
        assert check(program, certify=False, cross_checks=False).verdict == program.provenance["verdict"]


def graph_of(source: dict[str, Any]) -> SimpleGraph:
    return SimpleGraph(source["vertices"], tuple((u, v) for u, v in source["edges"]))


def clauses_of(source: dict[str, Any]) -> Cnf:
    return Cnf(source["variables"], tuple(map(tuple, source["clauses"])))


def assignment(facts: dict[str, Any]) -> tuple[bool, ...]:
    return tuple(literal > 0 for literal in facts["assignment"])


Planted = Callable[[dict[str, Any]], bool]
PLANTED: tuple[tuple[str, dict[str, Any], Planted], ...] = (
    ("tent", {"variables": 90, "ratio": 4}, lambda facts: clauses_of(facts["source"]).satisfied(assignment(facts))),
    (
        "naesat",
        {"variables": 90, "ratio": 2},
        lambda facts: NotAllEqual(clauses_of(facts["source"])).satisfied(assignment(facts)),
    ),
    (
        "onein3",
        {"variables": 90, "ratio": 1},
        lambda facts: ExactlyOne(clauses_of(facts["source"])).satisfied(assignment(facts)),
    ),
    (
        "coloring",
        {"vertices": 50, "degree": 5},
        lambda facts: ThreeColoring(graph_of(facts["source"])).satisfied(tuple(facts["colours"])),
    ),
    (
        "hamilton",
        {"vertices": 12, "degree": 3},
        lambda facts: HamiltonianCycle(graph_of(facts["source"])).satisfied(tuple(facts["tour"])),
    ),
    (
        "partition",
        {"count": 60, "bits": 60},
        lambda facts: Partition(tuple(facts["source"]["numbers"])).satisfied(tuple(s > 0 for s in facts["signs"])),
    ),
    (
        "subsetsum",
        {"count": 60, "bits": 60},
        lambda facts: SubsetSum(tuple(facts["source"]["numbers"]), facts["source"]["target"]).satisfied(
            tuple(index in facts["chosen"] for index in range(60))
        ),
    ),
)


@pytest.mark.parametrize(("family", "parameters", "holds"), PLANTED, ids=[case[0] for case in PLANTED])
def test_planted_solutions_are_solutions(family: str, parameters: dict[str, Any], holds: Planted) -> None:
    for seed in range(3):
        program = generate(family, **parameters, planted=True, seed=seed)
        assert program.provenance is not None
        assert program.provenance["verdict"] == "distinct"
        assert holds(dict(program.provenance))


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("tent", {"variables": 61, "ratio": 1}),
        ("clique", {"vertices": 31, "k": 3}),
        ("vertexcover", {"vertices": 31, "k": 3}),
        ("coloring", {"vertices": 101, "degree": 2}),
        ("hamilton", {"vertices": 11, "degree": 3}),
        ("partition", {"count": 60, "bits": 60}),
        ("subsetsum", {"count": 60, "bits": 60}),
    ],
)
def test_large_ones_say_that_nobody_knows(family: str, parameters: dict[str, Any]) -> None:
    facts = generate(family, **parameters).provenance
    assert facts is not None
    assert (facts["verdict"], facts["known_by"]) == (None, None)


@pytest.mark.parametrize(
    ("family", "parameters", "message"),
    [
        ("tent", {"ratio": 3}, "variables: missing"),
        ("tent", {"variables": 5}, "ratio: missing"),
        ("tent", {"variables": 4097, "ratio": 1}, "variables: 4097 is outside 1..4096"),
        ("naesat", {"variables": 2, "ratio": 1}, "k: 3 distinct variables in a clause, but there are only 2"),
        (
            "naesat",
            {"variables": 5, "ratio": 1, "k": 4, "form": "layers2"},
            "k: no clauses of 4 literals in the form layers2",
        ),
        ("onein3", {"variables": 100, "ratio": 10**5}, "ratio: 30000000 literals; at most 1048576"),
        ("onein3", {"variables": 5, "ratio": 1, "form": "tent"}, 'form: the string "tent", expected minmax or layers2'),
        ("clique", {"k": 3}, "vertices: missing"),
        ("clique", {"vertices": 5}, "k: give k or offset, one of them"),
        ("clique", {"vertices": 5, "k": 1, "offset": 0}, "k: give k or offset, one of them"),
        ("clique", {"vertices": 5, "k": 1, "density": 2}, "density: the number 2 is outside 0..1"),
        (
            "vertexcover",
            {"vertices": 31, "offset": 0},
            "offset: the best possible is known up to 30 vertices only",
        ),
        (
            "vertexcover",
            {"vertices": 1, "offset": 1},
            "offset: the graph of this draw has no edges, and no cover is smaller than none",
        ),
        ("coloring", {"vertices": 5}, "degree: missing"),
        ("coloring", {"vertices": 4, "degree": 4}, "degree: 8 of 6 possible edges"),
        ("hamilton", {"vertices": 41, "degree": 3}, "vertices: 41 is outside 1..40"),
        ("hamilton", {"vertices": 2, "degree": 1, "planted": True}, "vertices: no cycle has fewer than 3 vertices"),
        ("hamilton", {"vertices": 9, "degree": 1, "planted": True}, "degree: 5 edges, but the cycle has 9"),
        ("partition", {"count": 0}, "count: 0 is outside 1..100000"),
        ("subsetsum", {"bits": 0}, "bits: 0 is outside 1..10000"),
    ],
)
def test_parameter_errors(family: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        generate(family, **parameters)
    assert str(caught.value) == message


def test_the_solvers_of_the_families() -> None:
    stream = Stream(1, "answering")
    for _ in range(100):
        numbers = [stream.integer(-4, 9) for _ in range(stream.integer(0, 6))]
        target = stream.integer(-3, 15)
        sums = {sum(x for x, taken in zip(numbers, choice, strict=True) if taken) for choice in subsets(numbers)}
        assert has_subset_sum(numbers, target) is (target in sums)
    assert has_subset_sum([2**60 + index for index in range(60)], 5) is None
    assert by_cadical(Cnf(1, ((1,), (-1,))))["verdict"] == "unique"
    assert by_cadical(Cnf(0, ((),)))["verdict"] == "unique"
    assert by_cadical(Cnf(0, ()))["verdict"] == "distinct"
    for seed in range(30):
        graph = random_pairs(6, Fraction(seed, 30), Stream(seed, "independence"))
        plain = networkx.Graph(graph.edges)
        plain.add_nodes_from(range(6))
        sizes = [sum(choice) for choice in product((0, 1), repeat=6) if independent(plain, choice)]
        assert independence_number(graph) == max(sizes)
    assert independence_number(SimpleGraph(1, ())) == 1


def subsets(numbers: list[int]) -> list[tuple[int, ...]]:
    return list(product((0, 1), repeat=len(numbers)))


def independent(graph: networkx.Graph, choice: tuple[int, ...]) -> bool:
    return not any(choice[u] and choice[v] for u, v in graph.edges)


def test_the_example_of_the_atlas_runs() -> None:
    text = (ROOT / "docs" / "atlas.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["result"].verdict == "distinct"


TRIANGLE = SimpleGraph(3, ((0, 1), (1, 2), (0, 2)))
CLAUSES = Cnf(3, ((1, -2, 3), (2, 3)))
EACH: tuple[tuple[Reduction[Any, Any], Any], ...] = (
    (TentReduction(), CLAUSES),
    (NAE_MINMAX, NotAllEqual(CLAUSES)),
    (NAE_TWO_LAYERS, NotAllEqual(CLAUSES)),
    (ONE_IN_MINMAX, ExactlyOne(CLAUSES)),
    (ONE_IN_TWO_LAYERS, ExactlyOne(CLAUSES)),
    (CLIQUE, Clique(TRIANGLE, 2)),
    (VERTEX_COVER, VertexCover(TRIANGLE, 2)),
    (ThreeColoringReduction(), ThreeColoring(TRIANGLE)),
    (HAMILTON, HamiltonianCycle(TRIANGLE)),
    (PARTITION, Partition((1, 2, 3))),
    (SUBSET_SUM, SubsetSum((1, 2), 3)),
)


def test_inverses_survive_pickling_and_nets_have_no_biases() -> None:
    for reduction, problem in EACH:
        program, inverse = reduction.apply(problem)
        assert pickle.loads(pickle.dumps(inverse)) == inverse
        assert not any(program.point)
        assert program.provenance is not None
        assert program.provenance["source"]["problem"]
        assert [other for _, other in EACH if reduction.accepts(other)] == [
            other for _, other in EACH if type(other) is type(problem)
        ]
