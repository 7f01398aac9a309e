"""JSON in and out, exactly: no number is rounded, no duplicate key is lost, errors carry a place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from subgrad_hardness.net.errors import InputError
from subgrad_hardness.net.rational import MAX_DIGITS, Number, format_int, parse_int, parse_rational


class BadToken(str):
    """A number that JSON text holds but a net may not; the reader meets it where it stands."""


class DuplicateKeys(dict[str, Any]):
    """A JSON object in which ``key`` stood twice."""

    key: str


def _integer(text: str) -> int | BadToken:
    if len(text) > MAX_DIGITS + 1:
        return BadToken(f"the number needs more than {MAX_DIGITS} digits")
    return parse_int(text)


def _real(text: str) -> float | BadToken:
    value = float(text)
    if math.isinf(value):
        return BadToken(f"{text[:40]} overflows a binary64 number; write it as a string to keep it exact")
    return value


def _constant(text: str) -> BadToken:
    return BadToken(f"{text} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    seen: set[str] = set()
    duplicate = DuplicateKeys(result)
    duplicate.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return duplicate


def parse_json(data: bytes, file: str, error: type[InputError]) -> Any:
    """The value of a UTF-8 JSON text.

    Numbers come back as ``int``, ``float`` or ``BadToken``; objects with a repeated key as
    ``DuplicateKeys``: whoever reads the value knows the place and complains (``Reader``).

    Raises ``error`` for text that is not UTF-8 or not JSON, with line and column.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"not UTF-8 text: byte {problem.start} is invalid", file=file) from None
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_real, parse_constant=_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as problem:
        raise error(
            f"not JSON: {problem.msg}", file=file, place=f"line {problem.lineno} column {problem.colno}"
        ) from None
    except RecursionError:
        raise error("nested too deeply", file=file) from None


class Reader:
    """Typed access to a parsed JSON value; every complaint names the file and the place."""

    def __init__(self, file: str, error: type[InputError]) -> None:
        self.file = file
        self.error = error

    def fail(self, place: str, message: str) -> NoReturn:
        raise self.error(message, file=self.file, place=place)

    def mapping(self, value: Any, place: str, keys: frozenset[str], what: str) -> dict[str, Any]:
        """A JSON object with no key outside ``keys`` and none twice."""
        if not isinstance(value, dict):
            self.fail(place, f"{kind(value)}, expected {what}")
        if isinstance(value, DuplicateKeys):
            self.fail(place, f"key {show(value.key)} stands twice")
        for key in value:
            if key not in keys:
                self.fail(place, f"unknown key {show(key)}; known here: {', '.join(sorted(keys))}")
        return value

    def sequence(self, value: Any, place: str, what: str) -> list[Any]:
        if not isinstance(value, list):
            self.fail(place, f"{kind(value)}, expected {what}")
        return value

    def text(self, value: Any, place: str, what: str) -> str:
        if not isinstance(value, str) or isinstance(value, BadToken):
            self.fail(place, f"{kind(value)}, expected {what}")
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.fail(place, "holds half of a surrogate pair, which is no character")
        return value

    def count(self, value: Any, place: str, what: str, most: int, least: int = 0) -> int:
        """A JSON integer from ``least`` to ``most``."""
        if isinstance(value, BadToken):
            self.fail(place, value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(place, f"{kind(value)}, expected {what}")
        if not least <= value <= most:
            self.fail(place, f"{show_int(value)} is outside {least}..{most}")
        return value

    def number(self, value: Any, place: str) -> Number:
        """An exact number: a JSON number or a string that holds a rational."""
        if type(value) is int or type(value) is float:
            return value
        if isinstance(value, BadToken):
            self.fail(place, value)
        if isinstance(value, str):
            try:
                return parse_rational(value)
            except ValueError as problem:
                self.fail(place, str(problem))
        self.fail(place, f"{kind(value)}, expected a number")

    def anything(self, value: Any, place: str) -> Any:
        """Free-form JSON (provenance): still no duplicate keys, no NaN, no broken text."""
        stack = [(value, place)]
        while stack:
            item, where = stack.pop()
            if isinstance(item, BadToken):
                self.fail(where, item)
            if isinstance(item, DuplicateKeys):
                self.fail(where, f"key {show(item.key)} stands twice")
            if isinstance(item, dict):
                for key, entry in item.items():
                    self.text(key, where, "a string")
                    stack.append((entry, f"{where}.{key}"))
            elif isinstance(item, list):
                stack.extend((entry, f"{where}[{index}]") for index, entry in enumerate(item))
            elif isinstance(item, str):
                self.text(item, where, "a string")
        return value


def kind(value: Any) -> str:
    """What a JSON value is, in words for an error message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, BadToken):
        return str(value)
    if isinstance(value, str):
        return f"the string {show(value)}"
    if isinstance(value, int):
        return f"the number {show_int(value)}"
    if isinstance(value, float):
        return f"the number {value!r}"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else f"a Python {type(value).__name__}"


def show(text: str) -> str:
    """A user's string, quoted, on one line and cut to a readable length."""
    return json.dumps(text if len(text) <= 40 else text[:37] + "...")


def show_int(value: int) -> str:
    return str(value) if value.bit_length() < 100 else f"a number of {value.bit_length()} bits"


def write_json(value: Any, indent: int | None = None) -> str:
    """JSON text: keys in their given order, integers of any length, UTF-8 characters as they are.

    With ``indent`` a flat list and an object of scalars and flat lists stay on one line (a matrix
    row, a node), larger containers are spread over lines.  Without it the text has no spaces.
    """
    if indent is None:
        return _compact(value, (",", ":"))
    return "".join(_pieces(value, indent, 0))


def _compact(value: Any, separators: tuple[str, str]) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=separators, allow_nan=False)
    except ValueError:  # an integer too long for the standard encoder: spell it out ourselves
        return "".join(_pieces(value, None, 0))


def canonical_json(value: Any) -> str:
    """``write_json`` with sorted keys and no spaces: the text that digests are taken of."""
    return write_json(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(entry) for entry in value]
    return value


def _one_line(value: Any, depth: int) -> bool:
    """A flat list, or (below the top) an object of scalars and flat lists."""
    if isinstance(value, dict):
        return depth > 0 and not any(
            isinstance(entry, dict) or (isinstance(entry, list | tuple) and not _one_line(entry, depth))
            for entry in value.values()
        )
    return not any(isinstance(entry, dict | list | tuple) for entry in value)


def _pieces(value: Any, indent: int | None, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False)
    elif value is None or isinstance(value, bool):
        yield {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        yield format_int(value)
    elif isinstance(value, float):
        yield json.dumps(value, allow_nan=False)
    elif indent is not None and _one_line(value, depth):
        yield _compact(value, (", ", ": "))
    elif isinstance(value, dict):
        entries = [(json.dumps(key, ensure_ascii=False), entry) for key, entry in value.items()]
        yield from _container("{}", entries, indent, depth)
    else:
        yield from _container("[]", [("", entry) for entry in value], indent, depth)


def _container(brackets: str, entries: list[tuple[str, Any]], indent: int | None, depth: int) -> Iterator[str]:
    if not entries:
        yield brackets
        return
    newline = "" if indent is None else "\n" + " " * (indent * (depth + 1))
    colon = ":" if indent is None else ": "
    yield brackets[0]
    for position, (key, entry) in enumerate(entries):
        yield ("," if position else "") + newline + (key + colon if key else "")
        yield from _pieces(entry, indent, depth + 1)
    yield ("" if indent is None else "\n" + " " * (indent * depth)) + brackets[1]
