"""Reading nets: every way to be refused, with its place, and the ways to be welcome."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import numpy as np
import pytest
from support.malformed_nets import MALFORMED, MalformedNet
from support.raise_sites import Site, origins, unreached
from support.refused_calls import ABS, CALLS, GRAPH, Call

from subgrad_hardness.common import errors
from subgrad_hardness.common.errors import InputError, NetError, PointError
from subgrad_hardness.net import (
    forms,
    graph_format,
    json_text,
    layered_format,
    lowering,
    order,
    plain_values,
    program,
    rational,
    reading,
)
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.reading import load, load_bytes
from subgrad_hardness.net.writing import dumps


def complaint(run: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        run()
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("net", MALFORMED, ids=lambda net: net.name)
def test_malformed_file(net: MalformedNet, tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_bytes(net.data)
    problem = complaint(lambda: load(file))
    assert str(problem) == f"{file}: {net.message}"
    assert type(problem) is NetError
    assert file.read_bytes() == net.data


def test_malformed_files_are_many_and_differ() -> None:
    assert len(MALFORMED) >= 60
    assert len({net.name for net in MALFORMED}) == len({net.data for net in MALFORMED}) == len(MALFORMED)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_refused_call(call: Call) -> None:
    assert str(complaint(call.run)) == call.message


def disturb(file: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write to ``file`` as soon as a reader has looked at it for the first time."""
    looks: list[os.stat_result] = []
    look = os.fstat

    def looked(descriptor: int) -> os.stat_result:
        seen = look(descriptor)
        if not looks:
            looks.append(seen)
            if change == "touched":
                os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1))
            else:
                with file.open("r+b") as other:
                    other.truncate(seen.st_size + (5 if change == "longer" else -5))
        return seen

    monkeypatch.setattr(os, "fstat", looked)


@pytest.mark.parametrize("change", ["longer", "shorter", "touched"])
def test_a_file_that_changes_while_it_is_read(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "net.json"
    file.write_text(json.dumps(ABS), encoding="utf-8")
    disturb(file, change, monkeypatch)
    assert str(complaint(lambda: load(file))) == f"{file}: cannot be read: it changed while it was being read"


def test_every_raise_site_of_the_reader_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: set[Site] = set()

    def run(call: Callable[[], object]) -> None:
        with pytest.raises((InputError, ValueError, IndexError)) as caught:
            call()
        reached.update(origins(caught.value))

    for net in MALFORMED:
        run(lambda net=net: load_bytes(net.data, "net.json"))  # type: ignore[misc]
    for call in CALLS:
        run(call.run)
    monkeypatch.setattr(sys, "stdin", None)
    run(lambda: load("-"))
    run(lambda: rational.parse_int("1_0"))
    run(lambda: load(ABS).unit_name(1))
    run(lambda: to_graph(load(ABS)).unit_name(-1))
    run(lambda: load_bytes(b'inputs 1; provenance {"a": tru}', "a.net"))
    run(lambda: load({"inputs": 1, "layers": [{"weight": [["1e99999"]]}] * 4}).lowered)
    file = tmp_path / "net.json"
    file.write_text(json.dumps(ABS), encoding="utf-8")
    disturb(file, "longer", monkeypatch)
    run(lambda: load(file))
    reader = [
        errors,
        forms,
        graph_format,
        json_text,
        layered_format,
        lowering,
        order,
        plain_values,
        program,
        rational,
        reading,
    ]
    assert unreached(reader, reached) == []


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise IsADirectoryError(21, os.strerror(21))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ABS).encode())))
    assert load("-") == load(ABS)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert str(complaint(lambda: load("-"))) == "<stdin>: neither layers nor nodes; a net has one of them"
    monkeypatch.setattr(sys, "stdin", None)
    assert str(complaint(lambda: load("-"))) == "<stdin>: cannot be read: standard input is closed"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(_Broken()))
    assert str(complaint(lambda: load("-"))) == "<stdin>: cannot be read: Is a directory"


def test_unreadable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("builtins.open", refuse)
    assert str(complaint(lambda: load("net.json"))) == "net.json: cannot be read: Permission denied"


@pytest.mark.parametrize("problem", [NetError("no", file="net.json", place="point[0]"), PointError("no")])
def test_errors_are_values_and_travel_between_processes(problem: InputError) -> None:
    again = pickle.loads(pickle.dumps(problem))
    assert type(again) is type(problem)
    assert isinstance(again, ValueError)
    assert (str(again), again.file, again.place, again.message) == (
        str(problem),
        problem.file,
        problem.place,
        problem.message,
    )


def test_the_largest_allowed_sizes_cost_little() -> None:
    net = load_bytes(b'{"inputs": 1, "layers": [{"weight": {"shape": [4194304, 1], "entries": []}}]}', "net.json")
    assert net.output_count == 4194304


def test_deepest_allowed_provenance() -> None:
    text = '{"inputs": 1, "layers": [{"weight": [[1]]}], "provenance": ' + '{"a": ' * 99 + "[]" + "}" * 99 + "}"
    net = load_bytes(text.encode(), "net.json")
    assert load_bytes(dumps(net).encode(), "net.json") == net
    assert load(json.loads(text)) == net


def test_what_python_may_hand_over() -> None:
    plain = load({"inputs": 2, "layers": [{"weight": [["1/3", 2]], "bias": [0.5]}], "point": ["1/2", 1]})
    other = load(
        MappingProxyType(
            {
                "inputs": np.int64(2),
                "layers": ({"weight": [(Fraction(1, 3), np.int8(2))], "bias": np.array([0.5], dtype=np.float32)},),
                "point": np.array([Fraction(1, 2), 1]),
            }
        )
    )
    assert other == plain
    assert load(plain) is plain
    kept = load({**GRAPH, "name": "é\n", "provenance": {"share": Fraction(1, 3), "seed": np.uint8(7), "sure": True}})
    assert kept.provenance == {"share": "1/3", "seed": 7, "sure": True}
    assert load_bytes(dumps(kept).encode("utf-8"), "net.json") == kept


def test_byte_order_mark_and_names_in_any_script() -> None:
    text = '{"inputs": ["ж", "x y", "\\ud83d\\ude00"], "layers": [{"weight": [[1, 0, 0]]}]}'
    net = load_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"), "net.json")
    assert net.inputs == ("ж", "x y", "😀")
