"""Outputs that no kink bends: the verifier asks for no gradient of theirs, and accepts what it accepted with them."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.both_verifiers import both
from support.strategies import mappings

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load


def claim(program: Program, kinks: tuple[int, ...] = ()) -> Certificate:
    """Unique, with nothing said but which kinks there are."""
    matrix = DirectionMatrix((), tuple(range(program.input_count)))
    return Certificate("unique", program.digest, (matrix,), Argument(kinks))


def answer(program: Program, certificate: Certificate) -> str:
    try:
        return verify_certificate(program, certificate)
    except Rejected as rejected:
        return str(rejected)


@given(mappings(), st.lists(st.integers(0, 5), max_size=3, unique=True))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_same_with_all_gradients(net: dict[str, Any], kinks: list[int]) -> None:
    program = load(net)
    certificate = claim(program, tuple(kinks))
    short = answer(program, certificate)
    everything = [True] * (program.input_count + len(program.lowered.nodes))
    with mock.patch.object(Localised, "ways", (everything, everything)):
        assert answer(program, certificate) == short


RELUS = {"weight": [[1, 2], [0, 0]], "activation": "relu"}
LAST = {"weight": [[1, 1]]}


@pytest.mark.parametrize(
    ("net", "said"),
    [
        ({"inputs": 2, "layers": [RELUS, LAST]}, "rejected"),  # a kink that moves
        ({"inputs": 2, "layers": [{**RELUS, "bias": [1, 0]}, LAST]}, "verified"),  # one that does not
        (
            {"inputs": 2, "layers": [{**RELUS, "bias": [-1, 0]}, {**LAST, "activation": "relu"}, {"weight": [[1]]}]},
            "verified",
        ),
        ({"inputs": 2, "layers": [{**RELUS, "weight": [[1, 2], [2, 1]], "bias": [1, 0]}, LAST]}, "rejected"),
        (
            {"inputs": 2, "layers": [{**RELUS, "weight": [[1, 2], [2, 1]], "bias": [1, 0]}, {"weight": [[1, 0]]}]},
            "verified",
        ),
        # behind a relu that blocks, and behind one that passes
        ({"inputs": 2, "layers": [RELUS, {**LAST, "bias": [-1], "activation": "relu"}, {"weight": [[1]]}]}, "verified"),
        ({"inputs": 2, "layers": [RELUS, {**LAST, "bias": [1], "activation": "relu"}, {"weight": [[1]]}]}, "rejected"),
        # a kink that reads another kink, whose value is 0, is no constant
        ({"inputs": 2, "layers": [RELUS, {**LAST, "activation": "relu"}, {"weight": [[1]]}]}, "rejected"),
        # of two outputs the second one bends
        (
            {
                "inputs": 2,
                "layers": [{**RELUS, "bias": [1, 0], "weight": [[1, 2], [1, 1]]}, {"weight": [[1, 0], [0, 1]]}],
            },
            "rejected",
        ),
    ],
)
def test_which_kinks_have_to_be_spoken_of(net: dict[str, Any], said: str, tmp_path: Path) -> None:
    data = write_json(net).encode()
    assert both(data, claim(load(net)).dumps().encode(), tmp_path) == said


def test_no_gradient_is_asked_for_without_kinks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A net of 10^6 weights takes one evaluation; a backward pass an output took ten times as long."""
    program = load({"inputs": 2, "layers": [{**RELUS, "bias": [1, -1]}, {"weight": [[1, 1]] * 10}]})

    def gradient(*_: object) -> dict[int, int]:
        raise AssertionError("a gradient")

    monkeypatch.setattr(Localised, "gradient", gradient)
    assert answer(program, claim(program)) == "unique"
