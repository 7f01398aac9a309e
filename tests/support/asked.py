"""The questions of small nets as encoders get them, and a judge of their answers."""

from __future__ import annotations

from functools import cache
from typing import Any

import subgrad_hardness
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.encoders.contract import Asked, ask
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from support import small_nets

ABS: dict[str, Any] = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}


@cache
def program(number: int) -> Program:
    """Small net ``number`` as a program."""
    return load(small_nets.nets()[number])


@cache
def asked(number: int) -> Asked:
    """The question of small net ``number``."""
    return ask(program(number))


def judge(number: int, answer: str, source: str, *, normal_form: bool = False) -> CheckResult:
    """Decode an exact solver's answer to net ``number``: it must agree with the exhaustive enumeration."""
    result = subgrad_hardness.decode(program(number), answer, source, normal_form=normal_form)
    if small_nets.expected(number) == "distinct":
        assert result.verdict == "distinct", (number, result.why)
        assert result.certified
        assert result.subgradients is not None
        assert set(result.subgradients) <= small_nets.bouligand(number)
        assert len(set(result.subgradients)) == 2
    else:
        assert result.verdict == "unknown"
        assert result.believed is not None
        assert result.believed.verdict == "unique", (number, answer)
    return result
