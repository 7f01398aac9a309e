"""The object of a net file, read and checked (SPEC 2)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.formats import FORMATS
from subgrad_hardness.net.forms import Form
from subgrad_hardness.net.json_text import Reader, kind, show
from subgrad_hardness.net.layered_format import MAX_UNITS, read_numbers
from subgrad_hardness.net.rational import exact

_COMMON_KEYS = frozenset({"version", "inputs", "point", "name", "provenance"})


class Fields(NamedTuple):
    """What a net file holds, read and checked (``Program`` says what each means)."""

    inputs: tuple[str, ...]
    form: Form
    point: tuple[Fraction, ...]
    name: str | None = None
    provenance: Mapping[str, Any] | None = None


def read_net(value: Any, file: str, limits: Limits = NO_LIMITS) -> Fields:
    """The parts of the program that a parsed net means; ``file`` is its name in messages.

    Raises NetError, LimitReached.
    """
    reader = Reader(file, NetError, limits)
    if not isinstance(value, dict):
        reader.fail("", f"{kind(value)}, expected a net object")
    found = [form for form in FORMATS.values() if form.keys[0] in value]
    if len(found) != 1:
        names = [form.keys[0] for form in found or FORMATS.values()]
        shown = f"{', '.join(names[:-1])} {'and' if found else 'nor'} {names[-1]}"
        reader.fail("", f"{'both' if found else 'neither'} {shown}; a net has one of them")
    (written,) = found
    if value.get("version") == 2:
        reader.fail("version", "2 is an iteration, not a net at a point; kink, piggyback, jsr and path take it")
    net = reader.mapping(value, "", _COMMON_KEYS.union(written.keys), "a net object")
    if "version" in net:
        version = reader.count(net["version"], "version", "the format version 1", 2**31)
        if version != 1:
            reader.fail("version", f"{version} is unknown; this is version 1")
    for key in ("inputs", *written.keys):
        if key not in net:
            reader.fail("", f"no {key}")
    inputs = _read_inputs(reader, net["inputs"])
    form = written.read(reader, net, inputs)
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
