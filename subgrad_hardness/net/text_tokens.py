"""The words of the text language: what a net's text is cut into (docs/net-format.md has the grammar)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from subgrad_hardness.net.json_text import Reader, read_json_value, show

_BARE = r"[^\W\d][\w.\[\]]*"
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_NUMBER = r"(?:[0-9]+/[0-9]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.\[\]\"/])"
_TOKEN = re.compile(
    rf"""
      (?P<blank> [ \t\r]+ | \#[^\n]* | \\[ \t\r]*\n )
    | (?P<end> [;\n] )
    | (?P<number> {_NUMBER} )
    | (?P<word> {_BARE} )
    | (?P<quoted> {_QUOTED} )
    | (?P<sign> [-+=()] )
    """,
    re.VERBOSE,
)
_BARE_NAME = re.compile(_BARE)

#: How a text begins that is no JSON: with a comment, a statement's word, or a node.
_BEGINNING = re.compile(
    rf"""\s* (?: \# | (?:inputs|outputs|point|name|provenance|version) \s | (?: {_BARE} | {_QUOTED} ) \s* = )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A token: its kind (``number``, ``word``, ``quoted`` or ``sign``), its text (of a quoted name the name), and where
    it begins."""

    kind: str
    text: str
    position: int

    @property
    def is_name(self) -> bool:
        return self.kind in ("word", "quoted")


class Statement(NamedTuple):
    """One statement: its tokens, and the value of the JSON text behind ``provenance``."""

    tokens: list[Token]
    value: Any = None


def is_text(data: str) -> bool:
    """Whether this begins as a net in the text language does, and not as JSON."""
    return _BEGINNING.match(data) is not None


def show_name(name: str) -> str:
    """The name as the text language writes it: bare, or quoted as in JSON."""
    return name if _BARE_NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def place_of(text: str, position: int) -> str:
    """The line and the column, from 1."""
    line = text.count("\n", 0, position)
    return f"line {line + 1} column {position - text.rfind(chr(10), 0, position)}"


def statements(text: str, reader: Reader) -> Iterator[Statement]:
    """The statements of a text; raises ``reader.error`` with line and column where it is none.  Linear."""
    tokens: list[Token] = []
    position = 0
    match = _TOKEN.match
    while position < len(text):
        found = match(text, position)
        if found is None:
            reader.fail(place_of(text, position), _unreadable(text, position))
        kind = found.lastgroup or ""
        start, position = position, found.end()
        if kind == "blank":
            continue
        if kind == "end":
            if tokens:
                yield Statement(tokens)
                tokens = []
            continue
        word = found.group()
        if kind == "quoted":
            word = _unquoted(text, start, word, reader)
        tokens.append(Token(kind, word, start))
        if len(tokens) == 1 and kind == "word" and word == "provenance":
            brace = re.compile(r"[ \t\r\n]*(?=\{)").match(text, position)
            if brace is not None:
                value, position = read_json_value(text, brace.end(), reader)
                yield Statement(tokens, value)
                tokens = []
                rest = match(text, position)
                while rest is not None and rest.lastgroup == "blank":
                    position = rest.end()
                    rest = match(text, position)
                if position < len(text) and (rest is None or rest.lastgroup != "end"):
                    reader.fail(place_of(text, position), "expected the end of the statement behind the JSON object")
    if tokens:
        yield Statement(tokens)


def _unquoted(text: str, start: int, word: str, reader: Reader) -> str:
    try:
        name: str = json.loads(word)
    except ValueError:
        reader.fail(place_of(text, start), f"{show(word)} is no JSON string")
    return name


def _unreadable(text: str, position: int) -> str:
    """What is wrong at a place where no token begins."""
    if text[position] == '"':
        return "a quoted name ends on its line"
    if text[position].isdigit() or text[position] == ".":
        word = re.compile(r"[\w.\[\]\"/]*").match(text, position)
        assert word is not None
        return f"{show(word.group())} is neither a number nor a name; a space stands between the two"
    return f"unexpected character {show(text[position])}{_INSTEAD.get(text[position], '')}"


#: What people write who know other languages.
_INSTEAD = {
    "*": "; twice x is 2 x",
    "(": "; there are no brackets: max x y",
    ",": "; arguments have spaces between them: max x y",
    "/": "; half of x is 1/2 x",
}
