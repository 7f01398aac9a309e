"""The certificate file: reading it, typed and bounded (SPEC 4; docs/certificate.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.argument import (
    ARGUMENT_KEYS,
    OPTIONAL_KEYS,
    Argument,
    Derivation,
    LemmaStep,
    Levels,
    SignStep,
    Threshold,
    read_argument,
)
from subgrad_hardness.certificate.matrices import DirectionMatrix, read_matrix
from subgrad_hardness.certificate.statement import (
    CLARKE,
    HEADER,
    KEYS,
    STATEMENT,
    Statement,
    plain_statement,
    read_statement,
    read_which,
    statement_keys,
)
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.net.json_text import MAX_DEPTH, NESTED_TOO_DEEPLY, Reader, parse_json, show
from subgrad_hardness.net.json_text import kind as json_kind
from subgrad_hardness.net.json_writing import write_json

FORMAT, VERSION = HEADER.values()
#: The kinds of claim that version 1 knows, and how many direction matrices each has.
KINDS = {"distinct": 2, "unique": 1}

_HEAD = ("format", "version", "kind", "digest")


class Certificate(NamedTuple):
    """A claim about one net at one point, with what is needed to check it.

    kind ``distinct``: the two ``directions`` matrices enter cells with different Jacobians.
    kind ``unique``: one matrix gives g, and ``argument`` shows that F'(x0; d) = g d everywhere.
    ``statement``: whether that is said of Clarke subgradients or of lexicographic ones (SPEC 6).
    """

    kind: str
    digest: str
    directions: tuple[DirectionMatrix, ...]
    argument: Argument | None = None
    statement: str = CLARKE

    def __repr__(self) -> str:
        """Short: a proof may have millions of numbers."""
        return f"<Certificate: {self.kind}, of the net with the digest {self.digest[:12]}...>"

    def to_json(self) -> dict[str, Any]:
        """The object that the certificate file holds."""
        return {
            **HEADER,
            "kind": self.kind,
            "digest": self.digest,
            **plain_statement(self.statement),
            "directions": [matrix.to_json() for matrix in self.directions],
            **({} if self.argument is None else self.argument.to_json()),
        }

    def dumps(self) -> str:
        """The text of the certificate file."""
        return write_json(self.to_json(), indent=1) + "\n"


CertificateLike = Certificate | Statement | Mapping[str, Any] | str | os.PathLike[str]

_CONTAINERS: frozenset[type] = frozenset(
    {dict, list, tuple, Certificate, Statement, DirectionMatrix}
    | {Argument, SignStep, Threshold, Levels, LemmaStep, Derivation}
)
#: What a mapping, and what a Certificate, is made of: these types, and none derived from them.
_MAPPING: frozenset[type] = frozenset({dict, list, str, int, float, bool, type(None)})
_OBJECT: frozenset[type] = _CONTAINERS - {dict, list} | {str, int, Fraction, type(None)}


def load_certificate(certificate: CertificateLike) -> Certificate | Statement:
    """A certificate from a path, a parsed mapping, or an object.

    Mappings and objects are written as text and read like a file, so that whatever is verified could stand in
    one: numbers that only pose as integers do not get in.  Linear in the size of the text.
    Raises CertificateError, naming file and place, for anything that is not one.
    """
    if isinstance(certificate, Certificate | Statement | Mapping):
        return _load_bytes(_written(certificate), "<certificate>")
    if not isinstance(certificate, str | os.PathLike):
        message = f"{json_kind(certificate)} is not a certificate; give a path, a mapping or a Certificate"
        raise CertificateError(message, file="<certificate>")
    file = "<stdin>" if certificate == "-" else os.fspath(certificate)
    return _load_bytes(read_bytes(certificate, CertificateError), file)


def _load_bytes(data: bytes, file: str) -> Certificate | Statement:
    return _read(parse_json(data, file, CertificateError), file)


def _written(certificate: Certificate | Statement | Mapping[str, Any]) -> bytes:
    """The text of a certificate that somebody made in Python."""
    reader = Reader("<certificate>", CertificateError)
    try:
        if isinstance(certificate, Certificate | Statement):
            _require_types(reader, certificate, _OBJECT, "")
            return certificate.dumps().encode("utf-8")
        value = dict(certificate)
        _require_types(reader, value, _MAPPING, "")
        return write_json(value).encode("utf-8")
    except (ValueError, TypeError, AttributeError) as problem:
        if isinstance(problem, CertificateError):
            raise
        reader.fail("", f"cannot be written as JSON: {problem}")


def _require_types(reader: Reader, value: Any, types: frozenset[type], place: str, depth: int = 0) -> None:
    """``value`` and all that it holds is of one of the types exactly."""
    if type(value) not in types:
        reader.fail(
            place.removeprefix("."),
            f"{json_kind(value)} of the type {type(value).__name__}, which no certificate holds",
        )
    if type(value) not in _CONTAINERS:
        return
    if depth > MAX_DEPTH:
        reader.fail(place.removeprefix("."), NESTED_TOO_DEEPLY)
    named = type(value) is dict
    entries = value.values() if named else value
    if types.issuperset(found := set(map(type, entries))) and not _CONTAINERS & found:
        return  # the bulk of a large certificate
    if named:
        for key, entry in value.items():
            _require_types(reader, entry, types, f"{place}.{reader.text(key, place, 'a string as a key')}", depth + 1)
        return
    fields = getattr(value, "_fields", None)
    for index, entry in enumerate(value):
        where = f"{place}[{index}]" if fields is None else f"{place}.{fields[index]}"
        _require_types(reader, entry, types, where, depth + 1)


def _read(value: Any, file: str) -> Certificate | Statement:
    reader = Reader(file, CertificateError)
    if isinstance(value, dict) and "format" not in value and "inputs" in value:
        reader.fail("", "not a certificate; it looks like a net")
    kind = value.get("kind") if isinstance(value, dict) else None
    keys, optional = _keys(kind, value)
    data = reader.mapping(value, "", frozenset(keys) | optional, "a certificate object")
    for key in keys:
        if key not in data:
            reader.fail("", f"no {key}")
    if reader.text(data["format"], "format", "the format's name") != FORMAT:
        reader.fail("format", f"{show(data['format'])}, expected {show(FORMAT)}")
    version = reader.count(data["version"], "version", "the format version 1", 2**31)
    if version != VERSION:
        reader.fail("version", f"{version} is unknown; this is version {VERSION}")
    kind = reader.text(data["kind"], "kind", "a kind of claim")
    if kind not in KINDS and kind not in KEYS:
        reader.fail("kind", f"unknown kind {show(kind)}; known: {', '.join([*KINDS, *KEYS])}")
    digest = reader.text(data["digest"], "digest", "64 hex digits")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        reader.fail("digest", f"{show(digest)}, expected 64 lower-case hex digits")
    if kind in KEYS:
        return read_statement(reader, data, kind, digest)
    matrices = reader.sequence(data["directions"], "directions", "a list of direction matrices")
    if len(matrices) != KINDS[kind]:
        reader.fail("directions", f"{len(matrices)} entries, expected {KINDS[kind]}")
    directions = tuple(read_matrix(reader, item, f"directions[{index}]") for index, item in enumerate(matrices))
    argument = read_argument(reader, data) if kind == "unique" else None
    return Certificate(kind, digest, directions, argument, read_which(reader, data))


def _keys(kind: Any, value: Any) -> tuple[tuple[str, ...], set[str]]:
    """The keys that a certificate of this kind has, and those that it may have."""
    if isinstance(kind, str) and kind in KEYS:
        which = value.get("set")
        return (*_HEAD, *statement_keys(kind, which if isinstance(which, str) else None, value)), {STATEMENT}
    if kind == "unique":
        return (*_HEAD, "directions", *ARGUMENT_KEYS), {STATEMENT, *OPTIONAL_KEYS}
    return (*_HEAD, "directions"), {STATEMENT}
