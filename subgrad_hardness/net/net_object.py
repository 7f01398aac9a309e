"""The object of a net file, read and checked (SPEC 2)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.forms import Form
from subgrad_hardness.net.graph_format import read_graph
from subgrad_hardness.net.json_text import Reader, kind, show
from subgrad_hardness.net.layered_format import MAX_UNITS, read_layers, read_numbers
from subgrad_hardness.net.rational import exact

_COMMON_KEYS = frozenset({"version", "inputs", "point", "name", "provenance"})
_LAYERED_KEYS = _COMMON_KEYS | {"layers"}
_GRAPH_KEYS = _COMMON_KEYS | {"nodes", "outputs"}


class Fields(NamedTuple):
    """What a net file holds, read and checked (``Program`` says what each means)."""

    inputs: tuple[str, ...]
    form: Form
    point: tuple[Fraction, ...]
    name: str | None = None
    provenance: Mapping[str, Any] | None = None


def read_net(value: Any, file: str) -> Fields:
    """The parts of the program that a parsed net means; ``file`` is its name in messages.  Raises NetError."""
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
    form: Form
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
    return Fields(inputs, form, point, name, provenance)


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
