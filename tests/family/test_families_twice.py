"""Families of two programs of one function: networks and scans, moved weights, names, refusals, bytes."""

from __future__ import annotations

from typing import Any

import pytest
from support.two_programs import alone, nodes_of, programs_of

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.family import scan
from subgrad_hardness.family.networks import NETWORKS
from subgrad_hardness.local.localise import localise
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.pose import pose


@pytest.mark.parametrize("network", NETWORKS)
def test_networks_sort(network: str) -> None:
    """All zero-one vectors (the 0-1 principle), and comparators in range."""
    for size in range(1, 11):
        comparators = list(NETWORKS[network](size))
        assert all(low != high and {low, high} <= set(range(size)) for low, high in comparators)
        for number in range(2**size):
            wires = [number >> wire & 1 for wire in range(size)]
            for low, high in comparators:
                wires[low], wires[high] = min(wires[low], wires[high]), max(wires[low], wires[high])
            assert wires == sorted(wires)


def test_networks_have_their_sizes() -> None:
    """Knuth, 5.3.4: n (n - 1) / 2, and (t^2 - t + 4) 2^(t-2) - 1 and (t^2 + t) 2^(t-2) for n = 2^t."""
    for t in range(1, 7):
        sizes = {network: sum(1 for _ in NETWORKS[network](2**t)) for network in NETWORKS}
        quadratic = 2**t * (2**t - 1) // 2
        assert sizes == {
            "bubble": quadratic,
            "insertion": quadratic,
            "transposition": quadratic,
            "merge": (t * t - t + 4) * 2**t // 4 - 1,
            "oddeven": (t * t - t + 4) * 2**t // 4 - 1,
            "bitonic": (t * t + t) * 2**t // 4,
        }


def test_scans_have_their_sizes() -> None:
    def size(way: str, entries: int) -> tuple[int, int]:
        """Operations and depth."""
        depths = [0] * entries
        count = 0

        def join(one: int, other: int) -> int:
            nonlocal count
            count += 1
            depths.append(1 + max(depths[one], depths[other]))
            return len(depths) - 1

        outputs = scan.SCANS[way](join, range(entries))
        return count, max(depths[output] for output in outputs)

    for t in range(1, 7):
        n = 2**t
        assert size("sequential", n) == (n - 1, n - 1)
        assert size("sklansky", n) == (t * n // 2, t)
        assert size("koggestone", n) == (t * n - n + 1, t)
        assert size("brentkung", n) == (2 * n - 2 - t, max(2 * t - 2, 1))
        assert size("blelloch", n)[0] <= 3 * n
        assert size("blelloch", n)[1] <= 2 * t


MOVED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("sorting", {"inputs": 6}),
    ("sorting", {"inputs": 6, "what": "all"}),
    ("sorting", {"inputs": 9, "what": "maximum", "first": "transposition", "second": "bubble"}),
    ("sorting", {"inputs": 6, "what": "largest", "k": 3}),
    ("pooling", {"height": 6}),
    ("pooling", {"height": 8, "how": "twice"}),
    ("pooling", {"height": 6, "top": "convolution", "filtered": True}),
    ("scan", {"inputs": 9}),
    ("absolute", {"inputs": 5}),
    ("tropical", {}),
    ("tropical", {"what": "determinant", "size": 4}),
    ("shortestpath", {"size": 5}),
    ("isotonic", {"inputs": 8}),
    ("isotonic", {"inputs": 8, "all": True}),
    ("totalvariation", {"inputs": 8}),
    ("totalvariation", {"inputs": 8, "graph": "cycle"}),
)


@pytest.mark.parametrize(("family", "parameters"), MOVED, ids=str)
def test_moved_nets_bend_where_they_say(family: str, parameters: dict[str, Any]) -> None:
    """Exact replay of the two directions; and one node more, which doubles, than the net that is not moved."""
    for seed in range(4):
        program = generate(family, **parameters, moved=True, seed=seed)
        nodes = [node for node in nodes_of(program) if node.id == "moved"]
        assert [(node.operation, node.row and node.row.coefficients) for node in nodes] == [("affine", (2,))]
        plain = generate(family, **parameters, seed=seed)
        assert program.form.unit_count == plain.form.unit_count + 1
        facts = program.provenance
        assert facts is not None
        assert facts["verdict"] == "distinct"
        net = localise(program).net
        one, other = facts["directions"]
        both = [x + y for x, y in zip(one, other, strict=True)]
        parts = [net.derivative(direction) for direction in (one, other, both)]
        assert [x + y for x, y in zip(parts[0], parts[1], strict=True)] != list(parts[2])


def test_only_the_second_program_is_moved() -> None:
    """Every argument of it can be; the first program stays as it is."""
    pair = programs_of("sorting", {"inputs": 4})
    plain, places = pair.difference()
    own = alone(pair, pair.first).form.unit_count - 1
    seen = set()
    for place in range(places):
        program, same = pair.difference(place)
        assert same == places
        nodes = nodes_of(program)
        assert nodes[:own] == nodes_of(plain)[:own]
        (where,) = [number for number, node in enumerate(nodes) if node.id == "moved"]
        seen.add((where, nodes[where + 1].arguments.index(where + 4)))
    assert len(seen) == places
    assert places == sum(len(node.arguments) for node in nodes_of(plain)[own:-1])


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("sorting", {"inputs": 4, "what": "all"}),
        ("scan", {"inputs": 8}),
        ("isotonic", {"inputs": 5}),
        ("shortestpath", {"size": 3}),
        ("totalvariation", {"inputs": 4}),
        ("tropical", {"terms": 3, "inputs": 3}),
    ],
    ids=str,
)
def test_the_portfolio_refutes_them(family: str, parameters: dict[str, Any]) -> None:
    question = pose(generate(family, **parameters)).question
    assert isinstance(decide(question, "auto", Limits.seconds(30)).answer, Refutation)


def test_names_and_provenance() -> None:
    program = generate("sorting", inputs=6, what="largest", k=2)
    assert program.name == "the sum of the 2 largest of 6, oddeven less subsets"
    assert program.provenance == {
        "family": "sorting",
        "parameters": {
            "inputs": 6,
            "what": "largest",
            "k": 2,
            "first": "oddeven",
            "second": "subsets",
            "moved": False,
        },
        "seed": 0,
        "verdict": "unique",
        "known_by": "order statistics: oddeven and subsets both give the sum of the k largest",
    }
    names = {
        generate("sorting", what="rank", k=3, moved=True, seed=4).name,
        generate("pooling", top="sum").name,
        generate("pooling", height=8, how="twice", moved=True).name,
        generate("tropical").name,
        generate("tropical", what="determinant").name,
    }
    assert names == {
        "rank 3 of 8, oddeven less bitonic, one weight moved, seed 4",
        "max-pooling 3 x 3 in one pass less two under a sum, 5 x 5 pixels, seed 0",
        "max-pooling 2 x 2 twice less once, 8 x 8 pixels, one weight moved, seed 0",
        "two maxima of 6 less the maximum of all sums, 4 inputs, seed 0",
        "tropical determinant of 4 x 4, permutations less subsets",
    }


@pytest.mark.parametrize(
    ("family", "parameters", "message"),
    [
        ("sorting", {"what": "rank"}, "k: missing"),
        ("sorting", {"k": 2}, "k: needs --what rank or largest"),
        ("sorting", {"what": "rank", "k": 9}, "k: 9 is outside 1..8"),
        ("sorting", {"first": "tree"}, "first: tree does not give the median"),
        ("sorting", {"what": "maximum", "second": "subsets"}, "second: subsets does not give the maximum"),
        ("sorting", {"what": "all", "second": "subsets"}, "second: subsets does not give all ranks"),
        ("sorting", {"inputs": 40, "what": "largest", "k": 20}, "second: more than 100000 subsets of 20"),
        ("pooling", {"height": 2}, "height: 2 x 2 pixels, but a window needs 3 rows and columns"),
        (
            "pooling",
            {"height": 5, "width": 3, "how": "twice"},
            "height: 5 x 3 pixels, but a window needs 4 rows and columns",
        ),
        ("pooling", {"height": 4, "filtered": True}, "height: 4 x 4 pixels, but a window needs 5 rows and columns"),
        ("tropical", {"size": 3}, "size: has no meaning for a product"),
        ("tropical", {"what": "determinant", "inputs": 3}, "inputs: has no meaning for a determinant"),
        ("shortestpath", {"size": 9, "second": "paths"}, "second: paths are enumerated up to size 8"),
        ("isotonic", {"component": 6}, "component: 6 is outside 1..5"),
        ("isotonic", {"component": 1, "all": True}, "component: has no meaning with all"),
        ("totalvariation", {"graph": "path", "network": "bubble"}, "network: needs --graph complete"),
    ],
)
def test_what_is_refused(family: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        generate(family, **parameters)
    assert str(caught.value) == message


def test_generation_is_pinned() -> None:
    """The same bytes on every platform and version: these digests may never change."""
    cases: dict[str, dict[str, Any]] = {
        "sorting": {"inputs": 7, "what": "all", "moved": True, "seed": 3},
        "pooling": {"height": 6, "top": "convolution", "filtered": True, "seed": 1},
        "scan": {"inputs": 11, "first": "blelloch", "second": "brentkung"},
        "absolute": {"inputs": 7},
        "tropical": {"seed": 2},
        "shortestpath": {"size": 4, "second": "middle"},
        "isotonic": {"inputs": 6, "all": True},
        "totalvariation": {"inputs": 6},
    }
    digests = {name: generate(name, **parameters).digest[:16] for name, parameters in cases.items()}
    assert digests == PINNED


PINNED = {
    "sorting": "5e050527090cbba7",
    "pooling": "7006dffee59ed4d9",
    "scan": "db17e7ab3e1d4ba8",
    "absolute": "e678f927ee1c3ea3",
    "tropical": "92de9f5a9c6770ce",
    "shortestpath": "5366c8878c0f3a1f",
    "isotonic": "8731f430fe545ff2",
    "totalvariation": "74f62af9493bdda8",
}
