"""Net files that must be refused: what the file holds, and what is said after ``FILE: ``.

Every entry makes ``load`` raise a NetError of one line, and every command end with exit status 2.
"""

from __future__ import annotations

from typing import NamedTuple

from support.malformed_bodies import BODIES, NO_RATIONAL, layer


class MalformedNet(NamedTuple):
    """A file that is no net; ``message`` is the whole complaint without the file's name."""

    name: str
    content: str | bytes
    message: str

    @property
    def data(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode("utf-8")


def _net(rest: str) -> str:
    """A one-input net whose body is right, with more keys."""
    return '{"inputs": 1, "layers": [{"weight": [[1]]}], ' + rest + "}"


def _number(text: str) -> str:
    """A net with ``text`` where a weight belongs."""
    return layer(f'"weight": [[{text}, 1]]')


_NINES = "9" * 100_001
_DEEP = "[" * 100_000 + "]" * 100_000
_NESTED_101 = '{"a": ' * 100 + "0" + "}" * 100
_LONG = "the number needs more than 100000 digits"
_PLACE = "layers[0].weight[0][0]: "

_TEXT: list[tuple[str, str | bytes, str]] = [
    ("empty file", "", "empty"),
    ("only spaces", " \n\t ", "empty"),
    ("only a byte order mark", b"\xef\xbb\xbf", "empty"),
    ("not JSON", "inputs: 2", "line 1 column 1: not JSON: Expecting value"),
    ("cut off", '{"inputs": 2,\n "layers": [', "line 2 column 13: not JSON: Expecting value"),
    ("text after the net", _net('"name": "a"') + "\n}", "line 2 column 1: not JSON: Extra data"),
    ("single quotes", "{'inputs': 2}", "line 1 column 2: not JSON: Expecting property name enclosed in double quotes"),
    ("bare line break in a string", _net('"name": "a\nb"'), "line 1 column 56: not JSON: Invalid control character at"),
    ("binary zero", b"{\x00}", "line 1 column 2: not JSON: Expecting property name enclosed in double quotes"),
    ("UTF-16", '{"inputs": 1}'.encode("utf-16"), "byte 0: not UTF-8 text: invalid start byte"),
    ("Latin-1", b'{"name": "\xe9"}', "byte 10: not UTF-8 text: invalid continuation byte"),
    ("broken byte after a mark", b"\xef\xbb\xbf{\xff}", "byte 4: not UTF-8 text: invalid start byte"),
    ("nested 10^5 deep", _DEEP, "nested more than 100 levels deep"),
    ("weight nested 10^5 deep", layer(f'"weight": {_DEEP}'), "nested more than 100 levels deep"),
    ("provenance nested 10^5 deep", _net(f'"provenance": {_DEEP}'), "nested more than 100 levels deep"),
    ("a list", "[1, 2]", "a list, expected a net object"),
    ("a string", '"net"', 'the string "net", expected a net object'),
    ("null", "null", "null, expected a net object"),
    ("NaN alone", "NaN", "NaN is not a number, expected a net object"),
]

_TOP = [
    ("no body", '{"inputs": 2}', "neither layers nor nodes; a net has one of them"),
    ("empty object", "{}", "neither layers nor nodes; a net has one of them"),
    ("both bodies", _net('"nodes": [], "outputs": []'), "both layers and nodes; a net has one of them"),
    (
        "unknown key",
        _net('"layer": []'),
        'unknown key "layer"; known here: inputs, layers, name, point, provenance, version',
    ),
    (
        "outputs of layers",
        _net('"outputs": ["x0"]'),
        'unknown key "outputs"; known here: inputs, layers, name, point, provenance, version',
    ),
    (
        "line break in a key",
        _net(r'"a\nb\u2028c": 1'),
        r'unknown key "a\nb\u2028c"; known here: inputs, layers, name, point, provenance, version',
    ),
    (
        "long key",
        _net('"' + "k" * 1000 + '": 1'),
        'unknown key "' + "k" * 37 + '..."; known here: inputs, layers, name, point, provenance, version',
    ),
    ("duplicate key", _net('"inputs": 1'), 'key "inputs" stands twice'),
    (
        "version 2",
        _net('"version": 2'),
        "version: 2 is an iteration, not a net at a point; kink, piggyback, jsr and path take it",
    ),
    ("version 3", _net('"version": 3'), "version: 3 is unknown; this is version 1"),
    ("version 1.0", _net('"version": 1.0'), "version: the number 1.0, expected the format version 1"),
    ("version string", _net('"version": "1"'), 'version: the string "1", expected the format version 1'),
    ("version null", _net('"version": null'), "version: null, expected the format version 1"),
    ("version true", _net('"version": true'), "version: true, expected the format version 1"),
    ("version huge", _net(f'"version": {"9" * 50}'), "version: a number of 167 bits is outside 0..2147483648"),
    ("no inputs", '{"layers": []}', "no inputs"),
    ("no outputs", '{"inputs": 1, "nodes": []}', "no outputs"),
    ("inputs 0", '{"inputs": 0, "layers": []}', "inputs: 0 is outside 1..4194304"),
    ("inputs -1", '{"inputs": -1, "layers": []}', "inputs: -1 is outside 1..4194304"),
    ("inputs 10^30", f'{{"inputs": {10**30}, "layers": []}}', "inputs: a number of 100 bits is outside 1..4194304"),
    ("inputs NaN", '{"inputs": NaN, "layers": []}', "inputs: NaN is not a number"),
    ("inputs too long", f'{{"inputs": {_NINES}, "layers": []}}', f"inputs: {_LONG}"),
    ("inputs true", '{"inputs": true, "layers": []}', "inputs: true, expected a number or a list of names"),
    (
        "inputs real",
        '{"inputs": 2.0, "layers": []}',
        "inputs: the number 2.0, expected a number or a list of names",
    ),
    ("inputs object", '{"inputs": {}, "layers": []}', "inputs: an object, expected a number or a list of names"),
    ("inputs empty list", '{"inputs": [], "layers": []}', "inputs: 0 names; a net has 1 to 4194304 inputs"),
    (
        "input's name a number",
        '{"inputs": ["x", 1], "layers": []}',
        "inputs[1]: the number 1, expected an input's name",
    ),
    ("input's name empty", '{"inputs": ["x", ""], "layers": []}', "inputs[1]: empty"),
    ("input's name twice", '{"inputs": ["x", "y", "x"], "layers": []}', 'inputs[2]: "x" stands twice'),
    (
        "half a surrogate pair",
        r'{"inputs": ["\ud800"], "layers": []}',
        "inputs[0]: holds half of a surrogate pair, which is no character",
    ),
    ("point too short", _net('"point": []'), "point: 0 entries, expected 1"),
    ("point no list", _net('"point": 0'), "point: the number 0, expected a list of numbers"),
    ("point null", _net('"point": [null]'), "point[0]: null, expected a number"),
    ("name null", _net('"name": null'), "name: null, expected a string"),
    ("name a number", _net('"name": 1e3'), "name: the number 1000.0, expected a string"),
    ("name half a pair", _net(r'"name": "\udc00"'), "name: holds half of a surrogate pair, which is no character"),
    ("provenance a list", _net('"provenance": []'), "provenance: a list, expected an object"),
    ("provenance null", _net('"provenance": null'), "provenance: null, expected an object"),
    (
        "duplicate key in provenance",
        _net('"provenance": {"a": [0, {"b": 1, "c": 2, "b": 1}]}'),
        'provenance.a[1]: key "b" stands twice',
    ),
    ("duplicate key of provenance", _net('"provenance": {"a": 1, "a": 1}'), 'provenance: key "a" stands twice'),
    ("Infinity in provenance", _net('"provenance": {"a": [1, Infinity]}'), "provenance.a[1]: Infinity is not a number"),
    (
        "odd key in provenance",
        _net(r'"provenance": {"a\n.b": NaN}'),
        r'provenance."a\n.b": NaN is not a number',
    ),
    (
        "half a pair in provenance",
        _net(r'"provenance": {"a": ["\ud8ff"]}'),
        "provenance.a[0]: holds half of a surrogate pair, which is no character",
    ),
    (
        "half a pair as a provenance key",
        _net(r'"provenance": {"\ud8ff": 1}'),
        "provenance: holds half of a surrogate pair, which is no character",
    ),
    (
        "provenance nested 101 deep",
        _net(f'"provenance": {_NESTED_101}'),
        "provenance: nested more than 100 levels deep",
    ),
]

_NUMBERS = [
    ("weight NaN", _number("NaN"), _PLACE + "NaN is not a number"),
    ("weight -Infinity", _number("-Infinity"), _PLACE + "-Infinity is not a number"),
    ("weight null", _number("null"), _PLACE + "null, expected a number"),
    ("weight true", _number("true"), _PLACE + "true, expected a number"),
    ("weight false", _number("false"), _PLACE + "false, expected a number"),
    ("weight a list", _number("[1]"), _PLACE + "a list, expected a number"),
    ("weight an object", _number("{}"), _PLACE + "an object, expected a number"),
    (
        "weight overflows",
        _number("1e400"),
        _PLACE + "1e400 overflows a binary64 number; write it as a string to keep it exact",
    ),
    (
        "weight overflows at length",
        _number("-" + "7" * 400 + ".5"),
        _PLACE + "-" + "7" * 36 + "... overflows a binary64 number; write it as a string to keep it exact",
    ),
    ("integer of 10^5 + 1 digits", _number(_NINES), _PLACE + _LONG),
    ("negative integer of 10^5 + 1 digits", _number(f"-{_NINES}"), _PLACE + _LONG),
    ("string of 10^5 + 1 digits", _number(f'"{_NINES}"'), _PLACE + _LONG),
    ("denominator of 10^5 + 1 digits", _number(f'"1/{_NINES}"'), _PLACE + _LONG),
    ("exponent beyond reason", _number('"1e999999999"'), _PLACE + _LONG),
    ("exponent beyond the limit", _number('"1e100000"'), _PLACE + _LONG),
    ("negative exponent beyond the limit", _number('"1e-100000"'), _PLACE + _LONG),
    ("division by zero", _number('"1/0"'), _PLACE + "'1/0' divides by zero"),
    ("number with spaces", _number('" 1"'), f"{_PLACE}' 1' {NO_RATIONAL}"),
    ("number with a line break", _number(r'"1\n"'), rf"{_PLACE}'1\n' {NO_RATIONAL}"),
    ("number with an underscore", _number('"1_000"'), f"{_PLACE}'1_000' {NO_RATIONAL}"),
    ("Arabic digits", _number('"٣"'), f"{_PLACE}'٣' {NO_RATIONAL}"),
    ("word", _number('"inf"'), f"{_PLACE}'inf' {NO_RATIONAL}"),
    ("hexadecimal", _number('"0x10"'), f"{_PLACE}'0x10' {NO_RATIONAL}"),
    ("empty number", _number('""'), f"{_PLACE}'' {NO_RATIONAL}"),
    ("fraction of decimals", _number('"0.1/3"'), f"{_PLACE}'0.1/3' {NO_RATIONAL}"),
    ("long word", _number('"' + "z" * 500 + '"'), f"{_PLACE}'{'z' * 37}...' {NO_RATIONAL}"),
    (
        "numbers beyond memory",
        '{"inputs": 3500, "layers": [{"weight": [[' + ", ".join(['"1e99999"'] * 3500) + "]]}]}",
        "layers[0].weight[0][3232]: the numbers up to here need more than 128 MiB written out",
    ),
    (
        "denominators beyond memory",
        '{"inputs": 3500, "layers": [{"weight": [["1e-99999"' + ', "1/3"' * 3499 + "]]}]}",
        "layers[0].weight: the numbers up to here need more than 128 MiB written out",
    ),
]

MALFORMED = [MalformedNet(*entry) for entry in (*_TEXT, *_TOP, *_NUMBERS, *BODIES)]
