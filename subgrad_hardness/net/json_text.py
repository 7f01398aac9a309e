"""JSON in and out, exactly: no number is rounded, no duplicate key is lost, errors carry a place."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.files import MARK
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.rational import MAX_DIGITS, TOO_LONG, Number, parse_int, parse_rational

#: No value may be nested deeper than this; the format itself needs six levels.
MAX_DEPTH = 100
NESTED_TOO_DEEPLY = f"nested more than {MAX_DEPTH} levels deep"

#: The exact numbers of one file may not need more memory than this (``"1e99999"`` is short to write).
MAX_BITS = 2**30


Decoded = TypeVar("Decoded")


class BadToken(str):
    """A number that JSON text holds but a net may not; the reader meets it where it stands."""


class DuplicateKeys(dict[str, Any]):
    """A JSON object in which ``key`` stood twice."""

    key: str


def _integer(text: str) -> int | BadToken:
    return BadToken(TOO_LONG) if len(text.lstrip("-")) > MAX_DIGITS else parse_int(text)


def _real(text: str) -> float | BadToken:
    value = float(text)
    if math.isinf(value):
        shown = text if len(text) <= 40 else text[:37] + "..."
        return BadToken(f"{shown} overflows a binary64 number; write it as a string to keep it exact")
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
    text = decoded(data, file, error)
    try:
        return _decode(lambda decoder: decoder.decode(text))
    except (json.JSONDecodeError, RecursionError) as problem:
        raise _unparsed(problem, file, error) from None


def decoded(data: bytes, file: str, error: type[InputError]) -> str:
    """The text of a file's bytes, which is UTF-8 and not empty; a byte order mark is left out.  Raises ``error``."""
    try:
        text = data.removeprefix(MARK).decode("utf-8")
    except UnicodeDecodeError as problem:
        start = problem.start + len(data) - len(problem.object)
        raise error(f"not UTF-8 text: {problem.reason}", file=file, place=f"byte {start}") from None
    if not text.strip():
        raise error("empty", file=file)
    return text


def _decode(decode: Callable[[json.JSONDecoder], Decoded]) -> Decoded:
    """What ``decode`` makes of a text with a decoder of exact numbers.

    First with Python's own ``int``, which is several times faster because the decoder does not leave C for it.  It
    refuses numbers of more than some thousand digits, and then the text is read again.
    """
    if 0 < sys.get_int_max_str_digits() <= MAX_DIGITS:
        with suppress(ValueError):
            return decode(_decoder(int))
    return decode(_decoder(_integer))


def _decoder(integer: Callable[[str], Any]) -> json.JSONDecoder:
    return json.JSONDecoder(parse_int=integer, parse_float=_real, parse_constant=_constant, object_pairs_hook=_object)


def _unparsed(problem: json.JSONDecodeError | RecursionError, file: str, error: type[InputError]) -> InputError:
    if isinstance(problem, RecursionError):
        return error(NESTED_TOO_DEEPLY, file=file)
    return error(f"not JSON: {problem.msg}", file=file, place=f"line {problem.lineno} column {problem.colno}")


def read_json_value(text: str, start: int, reader: Reader) -> tuple[Any, int]:
    """The JSON value that begins at ``start`` (``parse_json`` says what comes back), and where it ends.

    Raises ``reader.error`` with line and column.
    """
    try:
        return _decode(lambda decoder: decoder.raw_decode(text, start))
    except (json.JSONDecodeError, RecursionError) as problem:
        raise _unparsed(problem, reader.file, reader.error) from None


class Reader:
    """Typed access to a parsed JSON value; every complaint names the file and the place.

    ``limits`` is for those who read: long loops look at it, and LimitReached goes out.
    """

    def __init__(self, file: str, error: type[InputError], limits: Limits = NO_LIMITS) -> None:
        self.file = file
        self.error = error
        self.limits = limits
        self.bits = 0

    def fail(self, place: str, message: str) -> NoReturn:
        raise self.error(message, file=self.file, place=place)

    def mapping(self, value: Any, place: str, keys: frozenset[str], what: str) -> dict[str, Any]:
        """A JSON object with no key outside ``keys`` and none twice."""
        if not isinstance(value, dict):
            self.fail(place, f"{kind(value)}, expected {what}")
        if isinstance(value, DuplicateKeys):
            self.fail(place, f"key {show(value.key)} stands twice")
        for key in value:
            if not isinstance(key, str):  # possible in a Python mapping only
                self.fail(place, f"{kind(key)} as a key, expected a string")
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
        if _half(value):
            self.fail(place, "holds half of a surrogate pair, which is no character")
        return value

    def integer(self, value: Any, place: str, what: str = "an integer") -> int:
        """A JSON integer of any size."""
        if isinstance(value, BadToken):
            self.fail(place, value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(place, f"{kind(value)}, expected {what}")
        number: int = value
        return number

    def count(self, value: Any, place: str, what: str, most: int, least: int = 0) -> int:
        """A JSON integer from ``least`` to ``most``."""
        number = self.integer(value, place, what)
        if not least <= number <= most:
            self.fail(place, f"{show_int(number)} is outside {least}..{most}")
        return number

    def number(self, value: Any, place: str) -> Number:
        """An exact number: a JSON number or a string that holds a rational."""
        if type(value) is int or type(value) is float:
            return value
        if isinstance(value, BadToken):
            self.fail(place, value)
        if isinstance(value, str):
            try:
                number = parse_rational(value)
            except ValueError as problem:
                self.fail(place, str(problem))
            self.charge(number.numerator.bit_length() + number.denominator.bit_length(), place)
            return number
        self.fail(place, f"{kind(value)}, expected a number")

    def charge(self, bits: int, place: str | Callable[[], str]) -> None:
        """Count the memory of exact numbers, and stop where a small file asks for absurdly much."""
        self.bits += bits
        if self.bits > MAX_BITS:
            place = place if isinstance(place, str) else place()
            self.fail(place, f"the numbers up to here need more than {MAX_BITS >> 23} MiB written out")

    def anything(self, value: Any, place: str) -> Any:
        """Free-form JSON (provenance): still no duplicate keys, no NaN, no broken text, no absurd depth.

        Places are spelled out for complaints only: to build one for each of many entries under a long key would
        take their number times its length.
        """
        stack: list[tuple[Any, _Step | None, int]] = [(value, None, 1)]
        while stack:
            item, step, depth = stack.pop()
            self.limits.check()
            if depth > MAX_DEPTH:
                self.fail(place, NESTED_TOO_DEEPLY)
            if isinstance(item, BadToken):
                self.fail(_spell(place, step), item)
            if isinstance(item, DuplicateKeys):
                self.fail(_spell(place, step), f"key {show(item.key)} stands twice")
            if isinstance(item, dict):
                for key, entry in item.items():
                    if not isinstance(key, str) or _half(key):
                        self.text(key, _spell(place, step), "a string as a key")
                    stack.append((entry, (step, key), depth + 1))
            elif isinstance(item, list):
                stack.extend([(entry, (step, index), depth + 1) for index, entry in enumerate(item)])
            elif isinstance(item, str):
                if _half(item):
                    self.text(item, _spell(place, step), "a string")
            elif item is not None and not isinstance(item, int | float):
                self.fail(_spell(place, step), f"{kind(item)}, which JSON cannot hold")
        return value


#: The way to a value inside free-form JSON: the way to what holds it, and its key or index there.
_Step = tuple[Any, str | int]


def _spell(place: str, step: _Step | None) -> str:
    """The place at the end of the way that begins at ``place``."""
    parts: list[str] = []
    while step is not None:
        step, key = step
        if isinstance(key, int):
            parts.append(f"[{key}]")
        else:
            parts.append(f".{key if key.isidentifier() and len(key) <= 40 else show(key)}")
    return place + "".join(reversed(parts))


def _half(text: str) -> bool:
    """Whether half of a surrogate pair stands in it."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


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
    return json.dumps(text if len(text) <= 40 else text[:37] + "...", ensure_ascii=False)


def show_int(value: int) -> str:
    return str(value) if value.bit_length() < 100 else f"a number of {value.bit_length()} bits"
