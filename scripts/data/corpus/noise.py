"""Files that are no certificates: broken text, wrong types, unknown versions, absurd numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from corpus.edits import Edit, append, cut, put

_DIGITS = 10**5
_TOO_LONG = "the number needs more than 100000 digits"


class Noise(NamedTuple):
    """A file, the net that it is tried with, words of the complaint, and its bytes."""

    file: str
    net: str
    reason: str
    data: bytes


def _text(claim: Any) -> str:
    return json.dumps(claim)


def _changed(claim: Any, *edits: Edit) -> str:
    copied = json.loads(_text(claim))
    for edit in edits:
        edit(copied)
    return _text(copied)


def noise(proofs: Mapping[str, Any]) -> Iterator[Noise]:
    """All of them; ``proofs`` are the true certificates by name."""
    for name, reason, data in _broken(proofs["max3"]):
        yield Noise(f"text-{name}.json", "max3", reason, data)
    for name, reason, edit in _DISTINCT:
        yield Noise(f"distinct-{name}.json", "max3", reason, _changed(proofs["max3"], edit).encode())
    for key in ("format", "version", "digest", "directions"):
        yield Noise(f"distinct-no-{key}.json", "max3", f"no {key}", _changed(proofs["max3"], cut(key)).encode())
    for name, reason, edit in _UNIQUE:
        yield Noise(f"unique-{name}.json", "norms", reason, _changed(proofs["norms-phase"], edit).encode())
    for key in ("kinks", "signs", "half", "forms", "rules", "lemmas", "derivation"):
        yield Noise(f"unique-no-{key}.json", "norms", f"no {key}", _changed(proofs["norms-phase"], cut(key)).encode())
        if key != "half":
            edit = put(key, None)
            yield Noise(
                f"unique-null-{key}.json", "norms", f"{key}: null", _changed(proofs["norms-phase"], edit).encode()
            )
    for name, reason, edit in _THRESHOLDS:
        data = _changed(proofs["max-ways"], edit).encode()
        yield Noise(f"threshold-{name}.json", "max-ways", reason, data)
    for name, reason, edit in _LEVELS:
        yield Noise(f"levels-{name}.json", "spread", reason, _changed(proofs["spread"], edit).encode())
    for name, reason, edit in _SIGNS:
        yield Noise(f"sign-{name}.json", "signs", reason, _changed(proofs["signs"], edit).encode())

    yield Noise(
        "threshold-long-number.json", "max-ways", f"thresholds[0].part[1]: {_TOO_LONG}", _long(proofs["max-ways"])
    )


def _long(claim: Any) -> bytes:
    """With a coefficient that has a digit too many, which the standard library does not write."""
    text = _changed(claim, put("thresholds.0.part.1", "long"))
    return text.replace('"long"', "1" * (_DIGITS + 1)).encode()


def _broken(claim: Any) -> Iterator[tuple[str, str, bytes]]:
    """Text that is no JSON object, or that JSON allows and a certificate does not."""
    text = _text(claim)
    leading = '"leading": [[1, 0, 0]]'
    assert leading in text
    yield "empty", "empty", b""
    yield "blank", "empty", b" \n\t\n"
    yield "only-a-byte-order-mark", "empty", b"\xef\xbb\xbf"
    yield "truncated", "not JSON", text[: len(text) // 2].encode()
    yield "truncated-before-the-end", "not JSON", text[:-1].encode()
    yield "trailing-text", "not JSON: Extra data", f"{text} {text}".encode()
    yield "trailing-comma", "not JSON", f"{text[:-1]},}}".encode()
    yield "single-quotes", "not JSON", text.replace('"', "'").encode()
    yield "comment", "not JSON", f"// a certificate\n{text}".encode()
    yield (
        "line-break-in-a-string",
        "not JSON",
        text.replace("subgrad_hardness certificate", "subgrad_hardness\ncertificate").encode(),
    )
    yield "not-utf-8", "not UTF-8", text.encode()[:-1] + b"\xff}"
    yield "latin-1", "not UTF-8", text.replace("certificate", "certific\u00e4te").encode("latin-1")
    yield "utf-16", "not UTF-8", b"\xff\xfe" + text.encode("utf-16-le")
    yield "null-bytes", "not JSON", bytes(200)
    yield "gzip", "not UTF-8", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + bytes(range(100))
    yield "a-list", "a list, expected a certificate object", f"[{text}]".encode()
    yield "a-string", "expected a certificate object", json.dumps(text).encode()
    yield "a-number", "expected a certificate object", b"1"
    yield "null", "null, expected a certificate object", b"null"
    yield "an-empty-object", "no format", b"{}"
    yield "a-net", "not a certificate; it looks like a net", b'{"inputs": 1, "layers": [{"weight": [[1]]}]}'
    yield "duplicate-key", 'key "digest" stands twice', f'{text[:-1]}, "digest": "{claim["digest"]}"}}'.encode()
    yield "duplicate-kind", 'key "kind" stands twice', f'{{"kind": "unique", {text[1:]}'.encode()
    yield "duplicate-key-inside", 'key "leading" stands twice', text.replace(leading, f"{leading}, {leading}").encode()
    yield "nested-absurdly", "nested more than 100 levels deep", b"[" * 100_000 + b"]" * 100_000
    yield (
        "nested-inside",
        "nested more than 100 levels deep",
        text.replace(leading, '"leading": ' + "[" * 100_000 + "]" * 100_000).encode(),
    )
    for name, token, reason in (
        ("nan", "NaN", "NaN is not a number"),
        ("infinity", "-Infinity", "-Infinity is not a number"),
        ("overflow", "1e400", "1e400 overflows"),
        ("true", "true", "true, expected a number"),
        ("null-entry", "null", "null, expected a number"),
        ("list-entry", "[1]", "a list, expected a number"),
        ("object-entry", "{}", "an object, expected a number"),
        ("word", '"one"', "'one' is not a rational number"),
        ("space", '" 1"', "' 1' is not a rational number"),
        ("underscore", '"1_0"', "'1_0' is not a rational number"),
        ("arabic-digit", '"\u0661"', "'\u0661' is not a rational number"),
        ("zero-denominator", '"1/0"', "'1/0' divides by zero"),
        ("empty-string", '""', "'' is not a rational number"),
        ("long-integer", "1" * (_DIGITS + 1), _TOO_LONG),
        ("long-decimal", '"1e100000"', _TOO_LONG),
        ("long-denominator", '"1e-100000"', _TOO_LONG),
        ("absurd-exponent", '"1e999999999999"', _TOO_LONG),
    ):
        place = "directions[1].leading[0][1]"
        yield f"number-{name}", f"{place}: {reason}", text.replace("[[1, 0, 0]]", f"[[1, {token}, 0]]").encode()


#: Changes of a ``distinct`` certificate.
_DISTINCT: tuple[tuple[str, str, Edit], ...] = (
    ("unknown-format", 'format: "another certificate", expected', put("format", "another certificate")),
    ("format-a-number", "format: the number 1, expected the format's name", put("format", 1)),
    ("unknown-version", "version: 2 is unknown; this is version 1", put("version", 2)),
    ("version-zero", "version: 0 is unknown", put("version", 0)),
    ("version-negative", "version: -1 is outside 0..", put("version", -1)),
    ("version-a-string", 'version: the string "1", expected the format version 1', put("version", "1")),
    ("version-a-double", "version: the number 1.0, expected the format version 1", put("version", 1.0)),
    ("version-true", "version: true, expected the format version 1", put("version", True)),
    ("version-just-out-of-range", "version: 2147483649 is outside 0..2147483648", put("version", 2**31 + 1)),
    ("version-huge", "version: a number of", put("version", 10**99)),
    ("unknown-kind", 'kind: unknown kind "certain"; known: distinct, unique', put("kind", "certain")),
    ("no-kind", "no kind", cut("kind")),
    ("unknown-statement", 'statement: unknown statement "Clarke"; known: clarke', put("statement", "Clarke")),
    ("statement-null", "statement: null, expected the name of a statement", put("statement", None)),
    ("statement-true", "statement: true, expected the name of a statement", put("statement", True)),
    ("kind-null", "kind: null, expected a kind of claim", put("kind", None)),
    ("kind-a-list", "kind: a list, expected a kind of claim", put("kind", ["distinct"])),
    ("kind-of-the-other-claim", "no kinks", put("kind", "unique")),
    ("kind-half-a-character", "kind: holds half of a surrogate pair", put("kind", "\ud800")),
    ("unknown-key", 'unknown key "note"', put("note", "trust me")),
    ("key-of-the-other-kind", 'unknown key "half"', put("half", None)),
    ("key-that-the-other-kind-may-have", 'unknown key "thresholds"', put("thresholds", [])),
    ("key-of-a-net", 'unknown key "inputs"', put("inputs", 3)),
    ("digest-short", "expected 64 lower-case hex digits", put("digest", "0" * 63)),
    ("digest-long", "expected 64 lower-case hex digits", put("digest", "0" * 65)),
    ("digest-upper-case", "expected 64 lower-case hex digits", put("digest", "A" * 64)),
    ("digest-no-hex", "expected 64 lower-case hex digits", put("digest", "g" * 64)),
    ("digest-line-break", "expected 64 lower-case hex digits", put("digest", "0" * 63 + "\n")),
    ("digest-empty", "expected 64 lower-case hex digits", put("digest", "")),
    ("digest-a-number", "digest: the number 5, expected 64 hex digits", put("digest", 5)),
    ("no-matrix", "directions: 0 entries, expected 2", put("directions", [])),
    ("one-matrix", "directions: 1 entries, expected 2", cut("directions.1")),
    (
        "three-matrices",
        "directions: 3 entries, expected 2",
        append("directions", {"leading": [], "complete": [0, 1, 2]}),
    ),
    ("matrices-an-object", "directions: an object, expected a list of direction matrices", put("directions", {})),
    ("matrix-a-list", "directions[1]: a list, expected a direction matrix", put("directions.1", [[1, 0, 0]])),
    ("matrix-null", "directions[0]: null, expected a direction matrix", put("directions.0", None)),
    ("matrix-unknown-key", 'directions[1]: unknown key "rank"', put("directions.1.rank", 3)),
    ("matrix-without-leading", "directions[1]: no leading", cut("directions.1.leading")),
    ("matrix-without-complete", "directions[1]: no complete", cut("directions.1.complete")),
    ("leading-null", "directions[0].leading: null, expected a list of directions", put("directions.0.leading", None)),
    (
        "leading-flat",
        "directions[0].leading[0]: the number 1, expected a list of numbers",
        put("directions.0.leading", [1, 0, 0]),
    ),
    (
        "complete-null",
        "directions[0].complete: null, expected a list of input numbers",
        put("directions.0.complete", None),
    ),
    ("complete-negative", "directions[0].complete[1]: -1 is outside 0..4194304", put("directions.0.complete.1", -1)),
    ("complete-beyond-all", "directions[0].complete[1]: 4194305 is outside", put("directions.0.complete.1", 4194305)),
    (
        "complete-a-double",
        "directions[0].complete[1]: the number 2.0, expected an input number",
        put("directions.0.complete.1", 2.0),
    ),
    ("complete-a-string", 'the string "2", expected an input number', put("directions.0.complete.1", "2")),
    (
        "complete-true",
        "directions[0].complete[0]: true, expected an input number",
        put("directions.0.complete.0", True),
    ),
)

#: Changes of a ``unique`` certificate.
_UNIQUE: tuple[tuple[str, str, Edit], ...] = (
    ("kind-of-the-other-claim", "unknown key", put("kind", "distinct")),
    ("two-matrices", "directions: 2 entries, expected 1", append("directions", {"leading": [], "complete": [0, 1]})),
    ("no-matrix", "directions: 0 entries, expected 1", put("directions", [])),
    ("kink-a-string", 'kinks[0]: the string "0", expected an integer', put("kinks.0", "0")),
    ("kink-true", "kinks[1]: true, expected an integer", put("kinks.1", True)),
    ("kink-a-double", "kinks[2]: the number 1.0, expected an integer", put("kinks.2", 1.0)),
    ("kink-null", "kinks[0]: null, expected an integer", put("kinks.0", None)),
    ("kinks-an-object", "kinks: an object, expected a list of integers", put("kinks", {})),
    ("half-a-string", 'half: the string "y", expected a list of integers', put("half", "y")),
    ("half-false", "half: false, expected a list of integers", put("half", False)),
    ("half-odd", "half: 1 entries, expected a multiple of 2", put("half", [1])),
    ("half-a-rational", 'half[1]: the string "1/2", expected an integer', put("half.1", "1/2")),
    ("form-odd", "forms[1]: 3 entries, expected a multiple of 2", put("forms.1", [0, 1, 1])),
    ("form-null", "forms[0]: null, expected a list of integers", put("forms.0", None)),
    ("form-a-double", "forms[0][1]: the number 1.5, expected an integer", put("forms.0.1", 1.5)),
    ("rule-short", "rules[0]: 1 entries, expected a literal and an atom", put("rules", [[1]])),
    ("rule-long", "rules[0]: 3 entries, expected a literal and an atom", put("rules", [[1, 2, 3]])),
    ("rule-a-number", "rules[0]: the number 1, expected a list of integers", put("rules", [1])),
    (
        "lemma-a-list",
        "lemmas[0]: a list, expected an object with clause, multipliers, generators",
        put("lemmas.0", [1]),
    ),
    ("lemma-without-clause", "lemmas[0]: no clause", cut("lemmas.0.clause")),
    ("lemma-without-multipliers", "lemmas[0]: no multipliers", cut("lemmas.0.multipliers")),
    ("lemma-without-generators", "lemmas[0]: no generators", cut("lemmas.0.generators")),
    ("lemma-unknown-key", 'lemmas[0]: unknown key "note"', put("lemmas.0.note", 1)),
    ("literal-a-string", 'lemmas[0].clause[0]: the string "-1", expected an integer', put("lemmas.0.clause.0", "-1")),
    (
        "multiplier-a-rational",
        'lemmas[0].multipliers[0]: the string "1/2", expected',
        put("lemmas.0.multipliers.0", "1/2"),
    ),
    ("multiplier-a-double", "lemmas[0].multipliers[0]: the number 0.5, expected", put("lemmas.0.multipliers.0", 0.5)),
    (
        "generators-short",
        "lemmas[0].generators: 2 entries, expected a multiple of 3",
        put("lemmas.0.generators", [1, 2]),
    ),
    (
        "generators-long",
        "lemmas[0].generators: 4 entries, expected a multiple of 3",
        put("lemmas.0.generators", [1, 2, 0, 0]),
    ),
    ("generators-null", "lemmas[0].generators: null", put("lemmas.0.generators", None)),
    ("generator-kind-four", "lemmas[0].generators[1]: 4 is outside 0..3", put("lemmas.0.generators.1", 4)),
    ("generator-kind-negative", "lemmas[0].generators[4]: -1 is outside 0..3", put("lemmas.0.generators.4", -1)),
    ("step-without-zero", "derivation[0]: no 0 between the clause and its hints", put("derivation.0", [-1, 2, 3])),
    ("step-empty", "derivation[0]: no 0 between", put("derivation.0", [])),
    ("step-null", "derivation[0]: null, expected a list of integers", put("derivation.0", None)),
    ("hint-null", "derivation[0][2]: null, expected an integer", put("derivation.0.2", None)),
    ("hint-a-double", "derivation[5][0]: the number 0.0, expected an integer", put("derivation.5.0", 0.0)),
)

#: Changes of a certificate with a sign fact.
_SIGNS: tuple[tuple[str, str, Edit], ...] = (
    ("zero", "signs[0].sign: 0, expected 1 or -1", put("signs.0.sign", 0)),
    ("two", "signs[0].sign: 2, expected 1 or -1", put("signs.0.sign", 2)),
    ("true", "signs[0].sign: true, expected an integer", put("signs.0.sign", True)),
    ("a-string", 'signs[0].sign: the string "-1", expected an integer', put("signs.0.sign", "-1")),
    ("kink-a-string", 'signs[0].kink: the string "4", expected an integer', put("signs.0.kink", "4")),
    ("kink-null", "signs[0].kink: null, expected an integer", put("signs.0.kink", None)),
    ("without-kink", "signs[0]: no kink", cut("signs.0.kink")),
    ("without-sign", "signs[0]: no sign", cut("signs.0.sign")),
    ("without-generators", "signs[0]: no generators", cut("signs.0.generators")),
    ("unknown-key", 'signs[0]: unknown key "why"', put("signs.0.why", "it is so")),
    ("a-list", "signs[0]: a list, expected an object with kink, sign, generators", put("signs.0", [4, -1])),
    ("generator-kind", "signs[0].generators[1]: 7 is outside 0..3", put("signs.0.generators.1", 7)),
    ("generators-short", "signs[0].generators: 11 entries, expected a multiple of 3", cut("signs.0.generators.0")),
)

_ENTRY = "expected an object with form, part"
#: Changes of a certificate with thresholds.
_THRESHOLDS: tuple[tuple[str, str, Edit], ...] = (
    ("null", "thresholds: null, expected a list", put("thresholds", None)),
    ("false", "thresholds: false, expected a list", put("thresholds", False)),
    ("a-number", "thresholds: the number 2, expected a list", put("thresholds", 2)),
    ("an-object", "thresholds: an object, expected a list", put("thresholds", {})),
    ("entry-null", f"thresholds[1]: null, {_ENTRY}", put("thresholds.1", None)),
    ("entry-a-list", f"thresholds[0]: a list, {_ENTRY}", put("thresholds.0", [[3, 1], [0, 1]])),
    ("entry-empty", "thresholds[0]: no form", put("thresholds.0", {})),
    ("without-form", "thresholds[0]: no form", cut("thresholds.0.form")),
    ("without-part", "thresholds[1]: no part", cut("thresholds.1.part")),
    ("unknown-key", 'thresholds[0]: unknown key "below"', put("thresholds.0.below", [0, 1])),
    ("form-null", "thresholds[0].form: null, expected a list of integers", put("thresholds.0.form", None)),
    ("part-null", "thresholds[1].part: null, expected a list of integers", put("thresholds.1.part", None)),
    ("form-odd", "thresholds[0].form: 5 entries, expected a multiple of 2", cut("thresholds.0.form.0")),
    ("part-odd", "thresholds[0].part: 7 entries, expected a multiple of 2", append("thresholds.0.part", -1)),
    ("form-a-double", "thresholds[1].form[1]: the number -1.0, expected", put("thresholds.1.form.1", -1.0)),
    ("part-a-rational", 'thresholds[0].part[1]: the string "1/2", expected', put("thresholds.0.part.1", "1/2")),
    ("part-true", "thresholds[0].part[1]: true, expected an integer", put("thresholds.0.part.1", True)),
    ("part-of-pairs", "thresholds[0].part[0]: a list, expected an integer", put("thresholds.0.part", [[0, 1]])),
    ("variable-a-string", 'thresholds[0].form[0]: the string "t", expected', put("thresholds.0.form.0", "t")),
)

#: Changes of a certificate with levels.
_LEVELS: tuple[tuple[str, str, Edit], ...] = (
    ("null", "levels: null, expected an object", put("levels", None)),
    ("a-list", "levels: a list, expected an object", put("levels", [])),
    ("empty", "levels: no atoms", put("levels", {})),
    ("without-atoms", "levels: no atoms", cut("levels.atoms")),
    ("without-forms", "levels: no forms", cut("levels.forms")),
    ("unknown-key", 'levels: unknown key "lows"', put("levels.lows", [])),
    ("atoms-null", "levels.atoms: null, expected a list of integers", put("levels.atoms", None)),
    ("atoms-of-triples", "levels.atoms[0]: a list, expected an integer", put("levels.atoms", [[0, 1, 2]])),
    ("atoms-of-fourteen", "levels.atoms: 14 entries, expected a multiple of 3", cut("levels.atoms.0")),
    ("atom-a-double", "levels.atoms[3]: the number 1.0, expected", put("levels.atoms.3", 1.0)),
    ("number-a-string", 'levels.atoms[4]: the string "2", expected', put("levels.atoms.4", "2")),
    ("number-true", "levels.atoms[1]: true, expected an integer", put("levels.atoms.1", True)),
    ("forms-null", "levels.forms: null, expected a list", put("levels.forms", None)),
    ("forms-an-object", "levels.forms: an object, expected a list", put("levels.forms", {})),
    ("form-null", "levels.forms[1]: null, expected a list of integers", put("levels.forms.1", None)),
    ("form-odd", "levels.forms[0]: 13 entries, expected a multiple of 2", cut("levels.forms.0.0")),
    ("form-a-rational", 'levels.forms[0][1]: the string "1/2", expected', put("levels.forms.0.1", "1/2")),
)
