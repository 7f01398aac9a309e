"""Reading nets: from a file, from standard input, from a parsed mapping (SPEC 2)."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from subgrad_hardness.net.errors import InputError, NetError
from subgrad_hardness.net.graph_format import read_graph
from subgrad_hardness.net.json_text import Reader, kind, parse_json, show
from subgrad_hardness.net.layered_format import MAX_UNITS, read_layers, read_numbers
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.program import GraphForm, LayeredForm, Program
from subgrad_hardness.net.rational import exact

NetLike = Program | Mapping[str, Any] | str | os.PathLike[str]

_COMMON_KEYS = frozenset({"version", "inputs", "point", "name", "provenance"})
_LAYERED_KEYS = _COMMON_KEYS | {"layers"}
_GRAPH_KEYS = _COMMON_KEYS | {"nodes", "outputs"}


def load(net: NetLike) -> Program:
    """The program that ``net`` denotes.

    Parameters
    ----------
    net : a path, ``"-"`` for standard input, a parsed mapping, or a Program (returned as it is).

    Raises NetError naming the file and the place.  Linear in the size of the net.
    """
    if isinstance(net, Program):
        return net
    if isinstance(net, Mapping):
        return program_from(net)
    if not isinstance(net, str | os.PathLike):
        raise NetError(f"{kind(net)} is not a net; give a path, a mapping or a Program", file="<net>")
    file = "<stdin>" if net == "-" else os.fspath(net)
    return load_bytes(read_bytes(net, NetError), file)


def load_bytes(data: bytes, file: str) -> Program:
    """The program in the text of a net file; ``file`` is its name in messages.  Raises NetError."""
    return _program(parse_json(data, file, NetError), file)


def read_bytes(path: str | os.PathLike[str], error: type[InputError]) -> bytes:
    """The bytes of a file, or of standard input for ``"-"``; raises ``error`` where that fails."""
    try:
        if path != "-":
            return _read_whole(path)
        if sys.stdin is None:  # the descriptor was closed before Python started
            raise ValueError("standard input is closed")
        return sys.stdin.buffer.read()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        file = "<stdin>" if path == "-" else os.fspath(path) or '""'
        raise error(f"cannot be read: {reason}", file=file) from None


def _read_whole(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file as it was at one moment; raises ValueError if somebody writes to it meanwhile."""
    with Path(path).open("rb") as file:
        before = os.fstat(file.fileno())
        data = file.read()
        after = os.fstat(file.fileno())
    if stat.S_ISREG(after.st_mode):
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size
        if not same:
            raise ValueError("it changed while it was being read")
    return data


def program_from(net: Mapping[str, Any], file: str = "<net>") -> Program:
    """The program of a parsed net; numpy arrays, tuples and Fractions are welcome in it.

    Raises NetError.
    """
    return _program(plain_value(net), file)


def _program(value: Any, file: str) -> Program:
    reader = Reader(file, NetError)
    if not isinstance(value, dict):
        reader.fail("", f"{kind(value)}, expected a net object")
    if "layers" in value and "nodes" in value:
        reader.fail("", "both layers and nodes; a net has one of them")
    if "layers" not in value and "nodes" not in value:
        reader.fail("", "neither layers nor nodes; a net has one of them")
    net = reader.mapping(value, "", _LAYERED_KEYS if "layers" in value else _GRAPH_KEYS, "a net object")
    if "version" in net:
        version = reader.count(net["version"], "version", "the format version 1", 2**31)
        if version != 1:
            reader.fail("version", f"{version} is unknown; this is version 1")
    for key in ("inputs",) if "layers" in net else ("inputs", "outputs"):
        if key not in net:
            reader.fail("", f"no {key}")
    inputs = _read_inputs(reader, net["inputs"])
    form: LayeredForm | GraphForm
    if "layers" in net:
        form = read_layers(reader, net["layers"], len(inputs))
    else:
        form = read_graph(reader, net["nodes"], net["outputs"], inputs)
    point = (Fraction(0),) * len(inputs)
    if "point" in net:
        point = tuple(exact(number) for number in read_numbers(reader, net["point"], "point", len(inputs)))
    name = reader.text(net["name"], "name", "a string") if "name" in net else None
    provenance = net.get("provenance")
    if "provenance" in net:
        if not isinstance(provenance, dict):
            reader.fail("provenance", f"{kind(provenance)}, expected an object")
        reader.anything(provenance, "provenance")
    return Program(inputs, form, point, name, provenance)


def _read_inputs(reader: Reader, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        count = reader.count(value, "inputs", "a number or a list of names", MAX_UNITS, least=1)
        return tuple([f"x{index}" for index in range(count)])
    if not 1 <= len(value) <= MAX_UNITS:
        reader.fail("inputs", f"{len(value)} names; a net has 1 to {MAX_UNITS} inputs")
    seen: set[str] = set()
    for index, name in enumerate(value):
        if not reader.text(name, f"inputs[{index}]", "an input's name"):
            reader.fail(f"inputs[{index}]", "empty")
        if name in seen:
            reader.fail(f"inputs[{index}]", f"{show(name)} stands twice")
        seen.add(name)
    return tuple(value)
