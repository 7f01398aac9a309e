"""Dictionaries as files, so that a user can count operations as their own machine or library carries them out.

    {"version": 1, "dictionary": "mine", "about": "what for", "entries": [
      {"operation": "relu", "arguments": 1,
       "value": "s = sign x0 0; v = pick s 0 0 x0; return v",
       "pullback": "g = pick s 0 0 w; return g",
       "push": "t = pick s 0 0 d0; return t"}]}

The programs are those of ``cost_model.scripts``.  ``pullback`` and ``push`` know what ``value`` computed, and the
number that ``shared`` returns, if there is such a program, as ``shared``.  ``constants`` are places that hold constants
(of a product with a constant the first one, ``[0]``), ``label`` is what a table calls such an entry; ``parameter`` is
the number that the programs call so, where a net or a function says no other (the slope of a leaky_relu).

A pullback that is not the transpose of the push, or not the derivative of the value, would make every count that is
based on it a claim about nothing: both are compared where the value is smooth, at random points, on reading.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.applying import active
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, SYMMETRIC, Dictionary, dictionary
from subgrad_hardness.cost_model.local_numbers import Numbers
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.rules import Entry
from subgrad_hardness.cost_model.scripts import Script, ScriptError, Scripts, scripts_of
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.variants import Variant
from subgrad_hardness.cost_model.writing import Plain, Term, Writer, constant
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.rational import exact, format_rational

_KEYS = frozenset(("version", "dictionary", "about", "entries"))
_ENTRY = frozenset(("operation", "arguments", "constants", "label", "parameter", "value", "shared", "pullback", "push"))
_MOST_ARGUMENTS = 64
#: So many points are tried where an entry is compared with its value, and so many of them have to have one.
_POINTS = 12


def dictionary_or_file(name: str | os.PathLike[str]) -> Dictionary:
    """A dictionary by its name, or in a file.  Raises ParameterError."""
    if isinstance(name, str) and (name in DICTIONARIES or not (Path(name).exists() or name.endswith(".json"))):
        return dictionary(name)
    return read_dictionary(name)


def read_dictionary(path: str | os.PathLike[str]) -> Dictionary:
    """The dictionary in a file.  Raises ParameterError, which names the file and the place."""
    file = os.fspath(path)
    reader = Reader(file, ParameterError)
    found = reader.mapping(
        parse_json(read_bytes(path, ParameterError), file, ParameterError), "", _KEYS, "a dictionary"
    )
    for key in ("dictionary", "entries"):
        if key not in found:
            reader.fail("", f"no {key!r}")
    reader.count(found.get("version", 1), "version", "a version", 1, 1)
    entries = reader.sequence(found["entries"], "entries", "a list of entries")
    if not entries:
        reader.fail("entries", "none")
    variants: dict[tuple[str, int, tuple[int, ...]], Variant] = {}
    for number, value in enumerate(entries):
        place = f"entries[{number}]"
        variant = _variant(reader, value, place)
        which = variant.operation, variant.arity, variant.constants
        if which in variants:
            reader.fail(place, f"{variant.operation} of {variant.arity} stands twice")
        variants[which] = variant
    name = reader.text(found["dictionary"], "dictionary", "a name")
    return Dictionary(name, reader.text(found.get("about", ""), "about", "a text"), tuple(variants.values()))


def _variant(reader: Reader, value: Any, place: str) -> Variant:
    found = reader.mapping(value, place, _ENTRY, "an entry")
    for key in ("operation", "arguments", "value", "pullback", "push"):
        if key not in found:
            reader.fail(place, f"no {key!r}")
    name = reader.text(found["operation"], f"{place}.operation", "a name")
    arity = reader.count(found["arguments"], f"{place}.arguments", "a number", _MOST_ARGUMENTS, 1)
    constants = reader.sequence(found.get("constants", []), f"{place}.constants", "a list of places")
    places = [reader.count(each, f"{place}.constants[{k}]", "a place", arity - 1) for k, each in enumerate(constants)]
    label = reader.text(found.get("label", ""), f"{place}.label", "a text")

    def script(key: str, known: Mapping[str, bool], results: int | None) -> Script:
        try:
            return Script.read(reader.text(found[key], f"{place}.{key}", "a program"), known, results)
        except ScriptError as problem:
            reader.fail(f"{place}.{key}", str(problem))

    parameter = None
    arguments = {f"x{k}": False for k in range(arity)}
    if "parameter" in found:
        parameter = exact(reader.number(found["parameter"], f"{place}.parameter"))
        arguments["parameter"] = False
    result = script("value", arguments, None)
    results = len(result.results)
    if results > 1 and parameter is not None:
        reader.fail(f"{place}.parameter", "an entry of several values has none")
    known = arguments | result.signs
    shared = script("shared", known, 1) if "shared" in found else None
    known |= {} if shared is None else {"shared": False}
    adjoints = {"w": False} if results == 1 else {f"w{k}": False for k in range(results)}
    tangents = {f"d{k}": False for k in range(arity)}
    back, push = script("pullback", known | adjoints, arity), script("push", known | tangents, results)
    scripts = Scripts(arity, result, shared, back, push, parameter)
    problem = wrong_slopes(scripts.entry(name), arity, results)
    if problem is not None:
        reader.fail(place, problem)
    return Variant(name, arity, tuple(sorted(set(places))), label, scripts.entry(name))


def wrong_slopes(entry: Entry, arity: int, results: int = 1) -> str | None:
    """Where an entry's sweep back or push is not the derivative of its value, in words; None: nowhere, as far as tried.

    At random points without ties; exactly, or to 1e-6 where exp, log and roots come in.
    """
    stream, compared = Stream(0, "entry", entry.name, arity), 0
    writer = Writer([f"x{place}" for place in range(arity)])
    ranks = [entry.parameter] if results == 1 else [Fraction(k) for k in range(results)]
    lines = [entry.value(Plain(writer), [Term(k) for k in range(arity)], rank)[0] for rank in ranks]
    line = StraightLine.of(writer.program(lines))
    for number in range(_POINTS):
        wide = 3 if number % 2 else 40
        point = [Fraction(stream.integer(-97 * wide, 97 * wide), 97) for _ in range(arity)]
        point = [abs(value) for value in point] if number % 3 == 0 else point
        direction = [Fraction(stream.integer(-9, 9)) for _ in range(arity)]
        try:
            expected = backward(line).run(point)[results:]
            found: list[Value] = []
            tied = False
            for rank in ranks:
                numbers = Numbers()
                node = numbers.applied(entry, rank, [constant(value) for value in point])
                tied |= 0 in numbers.found
                increments = [term.constant for term in entry.pull(numbers, node, constant(1))]
                pushed = entry.push(numbers, node, [constant(value) for value in direction]).constant
                along = sum((a * b for a, b in zip(increments, direction, strict=True)), Fraction(0))
                if not tied and not _equal(along, pushed):
                    return f"at {_shown(point)} its push along {_shown(direction)} is not what its pullback says"
                found += increments
        except (ArithmeticError, ValueError):
            continue
        if tied:
            continue
        compared += 1
        if not all(_equal(one, other) for one, other in zip(found, expected, strict=True)):
            return f"at {_shown(point)} its pullback is {_shown(found)}, the derivative of its value {_shown(expected)}"
    return None if compared else "no point was found at which its value and its slopes exist"


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


def _shown(values: Sequence[Value]) -> str:
    return "(" + ", ".join(f"{float(value):.6g}" for value in values) + ")"


def dictionary_text(found: Dictionary) -> str:
    """A dictionary as the text of a file; ``read_dictionary`` gives its entries back, and the same text again."""
    entries = []
    for variant in found.variants:
        scripts = scripts_of(variant.entry, variant.arity)
        entry: dict[str, Any] = {"operation": variant.operation, "arguments": variant.arity}
        if variant.constants:
            entry["constants"] = list(variant.constants)
        if variant.label:
            entry["label"] = variant.label
        if scripts.parameter is not None:
            entry["parameter"] = format_rational(scripts.parameter)
        entry["value"] = str(scripts.value)
        if scripts.shared is not None:
            entry["shared"] = str(scripts.shared)
        entries.append(entry | {"pullback": str(scripts.pullback), "push": str(scripts.push)})
    head = {"version": 1, "dictionary": found.name, "about": found.about}
    lines = ",\n".join("  " + json.dumps(entry) for entry in entries)
    return json.dumps(head)[:-1] + ', "entries": [\n' + lines + "\n]}\n"


def with_entries(program: StraightLine, wrt: Sequence[int], found: Dictionary) -> StraightLine:
    """A program at its point, whose operations are carried out as a dictionary from a file says.

    Raises ParameterError for an operation that it lacks.
    """
    flat = program.flat
    live = active(flat, wrt)
    steps = []
    for slot, step in enumerate(flat.steps, len(flat.inputs)):
        if step.operation != CONSTANT:
            still = tuple([place for place, argument in enumerate(step.arguments) if not live[argument]])
            alike = [v for v in found.variants if (v.operation, v.arity) == (step.operation, len(step.arguments))]
            places = {v.constants for v in alike}
            if step.operation in SYMMETRIC and len(still) == 1 and still not in places and (1 - still[0],) in places:
                still, step = (1 - still[0],), step._replace(arguments=step.arguments[::-1])  # noqa: PLW2901
            fitting = [v for v in alike if set(v.constants) <= set(still)]
            if not fitting:
                lacks = f"{step.operation} of {count(len(step.arguments), 'argument')}"
                which = f" with a constant at {', '.join(map(str, still)) or 'no place'}" if alike else ""
                raise ParameterError(f"{found.name} has no {lacks}{which}", place=flat.place(slot))
            steps.append(step._replace(entry=max(fitting, key=lambda v: len(v.constants)).own))
        else:
            steps.append(step)
    return replace(flat, steps=tuple(steps))
