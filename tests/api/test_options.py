"""Options mean the same to every public call: the same values are refused, as ParameterError, in one line."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.api.options import (
    require_bytes,
    require_choice,
    require_count,
    require_flag,
    require_optional_flag,
    require_positive,
    require_seconds,
    require_seed,
    require_threads,
)

NET = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}

NAN = float("nan")
SECONDS = ["1", -1, -0.5, NAN, True, False, [1], 1j, np.array([1.0, 2.0]), Fraction(-1, 3), -(10**400)]
BYTES = ["1G", 1.5, -1, 0, 5, True, NAN, [2**30], np.array([2**30, 2**30])]
SEEDS = ["a", "1", 1.5, 1.0, None, True, [1], NAN, Fraction(1, 2)]
FLAGS = ["x", "False", 0, 1, 1.0, [], NAN]
COUNTS = [0, -1, 1.5, "2", True, None, [1], NAN]

TEXTS: list[Any] = [1, 1.5, True, ["a"], NAN]

BAD: dict[str, list[Any]] = {
    "time_limit": SECONDS,
    "memory_limit": BYTES,
    "seed": SEEDS,
    "normal_form": [*FLAGS, None],
    "cross_checks": [*FLAGS, None],
    "certify": FLAGS,
    "threads": COUNTS,
    "jobs": COUNTS,
    "dask": TEXTS,
    "resume": [*TEXTS, "", "-", b"file"],
    "samples": [*COUNTS, 10**9 + 1, 10**400],
    "most_members": [*COUNTS, 10**9 + 1],
}

#: Every public call with the options that it shares with others.
CALLS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "gradient": (lambda **options: sh.gradient(NET, **options), ("time_limit", "seed")),
    "clarke_subgradient": (lambda **options: sh.clarke_subgradient(NET, **options), ("seed",)),
    "info": (lambda **options: sh.info(NET, **options), ("time_limit",)),
    "lexicographic_subgradients": (lambda **options: sh.lexicographic_subgradients(NET, **options), ("time_limit",)),
    "sample": (
        lambda **options: sh.sample(NET, **{"samples": 2, **options}),
        ("time_limit", "seed", "samples", "most_members"),
    ),
    "encode": (lambda **options: sh.encode(NET, "smtlib", **options), ("time_limit", "normal_form")),
    "decode": (lambda **options: sh.decode(NET, "unsat", "smtlib", **options), ("time_limit", "normal_form")),
    "check": (
        lambda **options: sh.check(NET, **options),
        ("time_limit", "memory_limit", "seed", "cross_checks", "certify", "threads", "jobs", "dask", "resume"),
    ),
    "subdifferential": (lambda **options: sh.subdifferential(NET).report(**options), ("time_limit", "certify")),
    "verify": (lambda **options: sh.verify(NET, {}, **options), ("time_limit", "memory_limit")),
    "plot_fan": (lambda **options: sh.plot_fan(NET, "fan.png", **options), ("time_limit",)),
    "plot_transition": (lambda **options: sh.plot_transition("t.png", **options), ("time_limit",)),
    "plot_scaling": (lambda **options: sh.plot_scaling("s.png", **options), ("time_limit",)),
    "check_many": (
        lambda **options: sh.check_many([NET], **options),
        ("jobs", "time_limit", "memory_limit", "seed", "cross_checks", "certify", "threads"),
    ),
    "obfuscate": (lambda **options: sh.obfuscate(NET, ["move"], **options), ("seed",)),
}


@pytest.mark.parametrize(
    ("call", "option", "value"),
    [
        pytest.param(call, option, value, id=f"{name}-{option}-{number}")
        for name, (call, options) in CALLS.items()
        for option in options
        for number, value in enumerate(BAD[option])
    ],
)
def test_refused_by_every_call(call: Callable[..., Any], option: str, value: object) -> None:
    with pytest.raises(sh.ParameterError) as caught:
        call(**{option: value})
    message = str(caught.value)
    assert message.startswith((f"{option}: ", f"{option.replace('_', ' ')}: "))
    assert "\n" not in message and len(message) < 200


def test_what_is_taken_comes_back_plain() -> None:
    seconds = [require_seconds(value) for value in (0, 2, 0.5, Fraction(1, 2), np.float32(0.5), np.int64(3), None)]
    assert seconds == [0, 2, 0.5, 0.5, 0.5, 3, None]
    assert {type(value) for value in seconds} <= {int, float, type(None)}
    assert [require_seconds(value) for value in (float("inf"), 10**400, Fraction(10**400))] == [None, None, None]
    assert type(require_seed(np.uint8(3))) is int and require_seed(-(10**50)) == -(10**50)
    assert type(require_bytes(np.int64(2**30))) is int and require_bytes(None) is None
    assert (require_flag(np.True_, "f"), require_optional_flag(None, "f"), require_optional_flag(False, "f")) == (
        True,
        None,
        False,
    )
    assert type(require_flag(np.False_, "f")) is bool
    assert (require_threads(np.int8(2)), require_positive(3, "jobs", "processes"), require_count(4, "n")) == (2, 3, 4)
    assert require_choice("a", "letter", ["a", "b"]) == "a"


@pytest.mark.parametrize(
    ("require", "values"),
    [
        (require_seconds, SECONDS),
        (require_bytes, BYTES),
        (require_seed, SEEDS),
        (lambda value: require_flag(value, "flag"), [*FLAGS, None]),
        (lambda value: require_optional_flag(value, "flag"), FLAGS),
        (require_threads, COUNTS),
        (lambda value: require_count(value, "n", 10), [*COUNTS, 11]),
        (lambda value: require_choice(value, "letter", "ab"), ["c", "", None, 1, ["a"], "ab", "x" * 5000, "a\nb"]),
    ],
)
def test_each_rule_refuses(require: Callable[[Any], object], values: list[Any]) -> None:
    for value in values:
        with pytest.raises(sh.ParameterError) as caught:
            require(value)
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 200
