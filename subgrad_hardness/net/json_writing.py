"""JSON text: laid out for people, without spaces for machines, canonical for digests; integers of any length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from subgrad_hardness.net.rational import format_int


def write_json(value: Any, indent: int | None = None) -> str:
    """JSON text: keys in their given order, integers of any length, UTF-8 characters as they are.

    With ``indent`` a flat list and an object of scalars and flat lists stay on one line (a matrix
    row, a node), larger containers are spread over lines.  Without it the text has no spaces.
    """
    if indent is None:
        return _compact(value, (",", ":"))
    return "".join(_pieces(value, indent, 0))


def _compact(value: Any, separators: tuple[str, str], sort_keys: bool = False) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=separators, allow_nan=False, sort_keys=sort_keys)
    except ValueError:  # an integer too long for the standard encoder: spell it out ourselves
        return _spelled(value, separators, sort_keys)


def _spelled(value: Any, separators: tuple[str, str], sort_keys: bool) -> str:
    comma, colon = separators
    if isinstance(value, dict):
        keys = sorted(value) if sort_keys else value
        entries = (
            f"{json.dumps(key, ensure_ascii=False)}{colon}{_spelled(value[key], separators, sort_keys)}" for key in keys
        )
        return "{" + comma.join(entries) + "}"
    if isinstance(value, list | tuple):
        return "[" + comma.join(_spelled(entry, separators, sort_keys) for entry in value) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        return format_int(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> str:
    """``write_json`` with sorted keys and no spaces: the text that digests are taken of."""
    return _compact(value, (",", ":"), sort_keys=True)


def _one_line(value: Any, depth: int) -> bool:
    """A flat list, or (below the top) an object of scalars and flat lists."""
    if isinstance(value, dict):
        return depth > 0 and not any(
            isinstance(entry, dict) or (isinstance(entry, list | tuple) and not _one_line(entry, depth))
            for entry in value.values()
        )
    return not any(issubclass(kind, dict | list | tuple) for kind in set(map(type, value)))


def _pieces(value: Any, indent: int, depth: int) -> Iterator[str]:
    if not value or not isinstance(value, dict | list | tuple) or _one_line(value, depth):
        yield _compact(value, (", ", ": "))
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    newline = "\n" + " " * (indent * (depth + 1))
    separator = opening + newline
    for entry in value:
        yield separator
        if isinstance(value, dict):
            yield json.dumps(entry, ensure_ascii=False) + ": "
        yield from _pieces(value[entry] if isinstance(value, dict) else entry, indent, depth + 1)
        separator = "," + newline
    yield "\n" + " " * (indent * depth) + closing
