"""Every option of every public call is looked at, by one rule: one line that names it, before anything is done."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.api.options import MOST, require_bytes, require_seconds, require_seed

NET = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
CERTIFICATE = sh.check(NET).certificate


class Stranger:
    """Its text is none of a message's business."""

    def __repr__(self) -> str:
        raise AssertionError("a message must not hold a foreign object's text")


def _many(**options: Any) -> object:
    return list(sh.check_many([NET], **options))


CALLS: dict[str, Callable[..., object]] = {
    "check": lambda **options: sh.check(NET, **options),
    "check_many": _many,
    "verify": lambda **options: sh.verify(NET, CERTIFICATE or "", **options),
    "gradient": lambda **options: sh.gradient(NET, **options),
    "sample": lambda **options: sh.sample(NET, **options),
    "lexicographic_subgradients": lambda **options: sh.lexicographic_subgradients(NET, **options),
    "info": lambda **options: sh.info(NET, **options),
    "encode": lambda **options: sh.encode(NET, "smtlib", **options),
    "decode": lambda **options: sh.decode(NET, **{"answer": "unsat", "source": "smtlib", **options}),
    "obfuscate": lambda **options: sh.obfuscate(NET, ["split"], **options),
    "plot_fan": lambda **options: sh.plot_fan(NET, "nowhere/a.png", **options),
    "plot_transition": lambda **options: sh.plot_transition("nowhere/a.png", **options),
    "plot_scaling": lambda **options: sh.plot_scaling("nowhere/a.png", **options),
}

INTEGERS = [True, 1.5, 2.0, "a", "1", None, [1], Fraction(1, 2), Stranger()]
SECONDS = [True, "1", -1, -0.5, float("nan"), float("inf"), 10**400, Fraction(-1, 3), np.float64("nan"), [1], 1j]
SECONDS += [Stranger(), np.True_, b"1"]
COUNTS = [*INTEGERS, 0, -1, MOST + 1, 10**5000]
BYTES = [True, "1G", 5, -1, 2.0**30, Stranger()]
FLAGS = [0, 1, "x", "", [], np.int64(1), Stranger()]

#: option: (its place in the message, values that are refused, calls that have it)
OPTIONS: dict[str, tuple[str, list[Any], list[str]]] = {
    "time_limit": (
        "time limit",
        SECONDS,
        [
            "check",
            "check_many",
            "verify",
            "gradient",
            "sample",
            "lexicographic_subgradients",
            "encode",
            "decode",
            "info",
            "plot_fan",
            "plot_transition",
            "plot_scaling",
        ],
    ),
    "memory_limit": ("memory limit", BYTES, ["check", "check_many", "verify"]),
    "seed": ("seed", [*INTEGERS, 10**5000], ["check", "check_many", "sample", "obfuscate"]),
    "seeds": ("seeds", COUNTS, ["plot_transition", "plot_scaling"]),
    "threads": ("threads", COUNTS, ["check", "check_many"]),
    "jobs": ("jobs", COUNTS, ["check_many"]),
    "samples": ("samples", COUNTS, ["sample"]),
    "most_members": ("most_members", COUNTS, ["sample"]),
    "cross_checks": ("cross_checks", [*FLAGS, None], ["check", "check_many"]),
    "certify": ("certify", FLAGS, ["check", "check_many"]),
    "normal_form": ("normal_form", [*FLAGS, None], ["encode", "decode"]),
    "solver": ("solver", ["guess", "", None, 1, {}, Stranger()], ["check", "check_many"]),
    "method": ("method", ["guess", None, ["exact"], Stranger()], ["sample"]),
    "answer": ("answer", [None, b"sat", 1, Stranger()], ["decode"]),
}


@pytest.mark.parametrize(("option", "call"), [(option, call) for option, row in OPTIONS.items() for call in row[2]])
def test_an_option_that_makes_no_sense_is_refused(option: str, call: str) -> None:
    place, values, _ = OPTIONS[option]
    for value in values:
        with pytest.raises(sh.ParameterError) as caught:
            CALLS[call](**{option: value})
        message = str(caught.value)
        assert message.startswith(f"{place}: ") and "\n" not in message and len(message) < 200, message


@pytest.mark.parametrize("call", ["plot_transition", "plot_scaling"])
def test_a_picture_of_times_needs_a_limit(call: str) -> None:
    with pytest.raises(sh.ParameterError, match="time limit: give a number of seconds"):
        CALLS[call](time_limit=None)


def test_the_table_knows_every_call_that_has_such_options() -> None:
    for name in sh.__all__:
        made = getattr(sh, name)
        if not inspect.isfunction(made):
            continue
        for option in inspect.signature(made).parameters:
            if (option, name) == ("solver", "plot_transition"):  # refused as one of several: tests/plotting
                continue
            assert option not in OPTIONS or name in OPTIONS[option][2], f"{name}({option}=...) is not in the table"


def test_numpy_numbers_and_fractions_are_numbers(tmp_path: Path) -> None:
    output = tmp_path / "lines"
    options: dict[str, Any] = {"seed": np.int64(3), "time_limit": np.int32(60), "threads": np.int8(1)}
    assert sh.check(NET, **options).verdict == "distinct"
    again = [list(sh.check_many([NET], output=output, **options)) for _ in range(2)]
    assert [result.earlier for (result,) in again] == [False, True]
    assert sh.sample(NET, seed=np.uint64(3), time_limit=np.float32(60)) is not None  # type: ignore[arg-type]
    assert [require_seconds(value) for value in (None, 0, np.float64(0.5), Fraction(1, 4))] == [None, 0, 0.5, 0.25]
    assert [type(require_seconds(value)) for value in (np.int64(1), np.float64(1))] == [float, float]
    assert require_seed(np.int64(-5)) == -5 and type(require_seed(np.int64(-5))) is int
    assert require_bytes(None) is None and require_bytes(np.int64(2**30)) == 2**30
