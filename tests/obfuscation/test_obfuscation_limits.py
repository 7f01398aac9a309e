"""Sizes of obfuscated nets, what is refused for them, and provenances and vectors that do not fit."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.paths import ROOT
from support.strategies import programs

import subgrad_hardness as sh
from subgrad_hardness.common.errors import NetError, ParameterError, PointError
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.obfuscation import contract, sizes
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS

STEPS = tuple(OBFUSCATIONS)


@given(programs(), st.sampled_from(STEPS), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_sizes_are_bounded_beforehand(program: Program, step: str, seed: int) -> None:
    chosen = OBFUSCATIONS[step]
    assert chosen.accepts(program)
    assert chosen.apply(program, seed).form.unit_count <= chosen.most_units(program)
    graph = sh.to_graph(program)
    assert program.form.graph_size() == graph.form.graph_size()


def test_what_would_be_too_large_is_refused_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    net = load({"inputs": 2, "layers": [{"weight": [[1, 2], [3, -1]], "activation": "relu"}, {"weight": [[1, -1]]}]})
    monkeypatch.setattr(contract, "MAX_UNITS", 11)
    with pytest.raises(ParameterError, match=r"steps\[\d\]: split could make \d+ units; a net has at most 4194304"):
        sh.obfuscate(net, ["rescale", *["split"] * 8])
    assert not OBFUSCATIONS["identity"].accepts(net)


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MAX_UNITS", 2, "more than 2 units after this step"),
        ("MAX_BITS", 9, "numbers of more than 0 MiB after this step"),
    ],
)
def test_what_has_become_too_large_is_refused(
    limit: str, value: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = load({"inputs": 2, "layers": [{"weight": [[1, 2], [3, -1]], "activation": "relu"}, {"weight": [[1, -1]]}]})
    monkeypatch.setattr(sizes, limit, value)
    with pytest.raises(ParameterError) as caught:
        sh.obfuscate(net, ["rescale"])
    assert str(caught.value) == f"steps[0]: {message}"


def test_numbers_of_the_greatest_length() -> None:
    """A legal number of 10^5 digits may stay, and may not become longer; nor may the sum of all denominators."""
    long = 9 * 10**99_999
    net = load({"inputs": 1, "layers": [{"weight": [[long]], "activation": "relu"}, {"weight": [[1]]}]})
    assert sh.obfuscate(net, ["deepen"]).output_count == 1
    with pytest.raises(ParameterError) as caught:
        sh.obfuscate(net, ["deepen", "rescale"])
    assert str(caught.value) == "steps[1]: numbers of more than 100000 digits after this step"


STEP = 'expected {"step": name, "seed": N}'


@pytest.mark.parametrize(
    ("noted", "place", "message"),
    [
        ("hidden", "", 'expected {"of": digest, "steps": [...]}'),
        ([], "", 'expected {"of": digest, "steps": [...]}'),
        ({"of": "0", "steps": None}, "", 'expected {"of": digest, "steps": [...]}'),
        ({"steps": []}, "", 'expected {"of": digest, "steps": [...]}'),
        ({"of": "0", "steps": ["split"]}, ".steps[0]", STEP),
        ({"of": "0", "steps": [{"step": "split", "seed": True}]}, ".steps[0]", STEP),
        ({"of": "0", "steps": [{"step": "split", "seed": 1}, {"seed": 1}]}, ".steps[1]", STEP),
        (
            {"of": "0", "steps": [{"step": "hide", "seed": 1}]},
            ".steps[0]",
            f'"hide" is unknown; known: {", ".join(STEPS)}',
        ),
    ],
)
def test_provenances_that_hold_no_steps(noted: Any, place: str, message: str) -> None:
    net = load({"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": {"obfuscation": noted}})
    for call in (
        lambda: sh.obfuscate(net, ["split"]),
        lambda: sh.carry_back(net, [1]),
        lambda: sh.carry_forward(net, [1]),
        lambda: sh.carry_subgradient_back(net, [[1]]),
    ):
        with pytest.raises(NetError) as caught:
            call()
        assert str(caught.value) == f"<net>: provenance.obfuscation{place}: {message}"


def test_vectors_of_the_wrong_shape() -> None:
    made = sh.obfuscate({"inputs": 2, "layers": [{"weight": [[1, 2]]}]}, ["unimodular"])
    with pytest.raises(PointError, match="direction: 1 entry, expected 2"):
        sh.carry_back(made, [1])
    with pytest.raises(PointError, match=r"jacobian: 2 rows, expected 1"):
        sh.carry_subgradient_back(made, [[1, 2], [3, 4]])
    with pytest.raises(PointError, match=r"jacobian\[0\]: 3 entries, expected 2"):
        sh.carry_subgradient_forward(made, [[1, 2, 3]])


def test_the_example_of_the_document_runs() -> None:
    text = (ROOT / "docs" / "obfuscation.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], names)
    assert names["result"].verdict == "distinct"
    for entry in OBFUSCATIONS.values():
        assert f"| `{entry.name}` |" in text
    assert dumps(names["hidden"]) == dumps(load(names["hidden"]))
