"""The nets that all encoders are tested on, how their answers are judged, and what every file has in common."""

from __future__ import annotations

from typing import Any

import pytest
from support import small_nets
from support.asked import ABS, asked

import subgrad_hardness
from subgrad_hardness.encoders.contract import ask
from subgrad_hardness.encoders.directions import direction_bound
from subgrad_hardness.encoders.registry import ENCODERS
from subgrad_hardness.net.reading import load


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_files_name_the_net_and_are_the_same_every_time(encoder: Any) -> None:
    if encoder.name == "onnx":
        pytest.importorskip("onnx", reason="onnx is not installed")
    content = subgrad_hardness.encode(ABS, encoder.name)
    assert content == subgrad_hardness.encode(load(ABS), encoder.name)
    data = content if isinstance(content, bytes) else content.encode()
    assert load(ABS).digest.encode() in data
    assert b"reference subgradient g, output 0: " in data
    assert f"Decode: {encoder.name}".encode() in data
    assert all(len(line) < 400 for line in data.split(b"\n") if data is not content)


def test_the_bound_on_directions_misses_none() -> None:
    """In every net some separating direction, scaled to integers, lies within the bound: search in small boxes."""
    from itertools import product

    seen = 0
    for number in range(120):
        question = asked(number)
        bound = direction_bound(question.flat)
        inputs = question.flat.inputs
        if small_nets.expected(number) != "distinct" or (2 * bound + 1) ** inputs > 3000:
            continue
        seen += 1
        gaps = (
            question.net.output_values(d)
            != tuple(sum(x * y for x, y in zip(row, d, strict=True)) for row in question.subgradient.rows)
            for d in product(range(-bound, bound + 1), repeat=inputs)
        )
        assert any(gaps), number
    assert seen > 20


def test_the_bound_is_tight_for_a_chain_of_differences() -> None:
    net = {"inputs": 2, "layers": [{"weight": [[1, 0], [1, -100]], "activation": "relu"}, {"weight": [[1, 1]]}]}
    assert direction_bound(ask(load(net)).flat) == 100


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(subgrad_hardness.ParameterError, match="unknown format 'dreal'; known: smtlib, lp, mps"):
        subgrad_hardness.encode(ABS, "dreal")
    with pytest.raises(subgrad_hardness.ParameterError, match="unknown format"):
        subgrad_hardness.decode(ABS, "sat", "dreal")


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
@pytest.mark.parametrize("text", ["", "hello\n", "((((", "\x00\xff", "x" * 1000])
def test_what_is_no_answer_is_refused_in_one_line(encoder: Any, text: str) -> None:
    with pytest.raises(subgrad_hardness.AnswerError) as caught:
        subgrad_hardness.decode(ABS, text, encoder.name)
    assert "\n" not in str(caught.value)
