"""Files that say what the hull of J_pb is: pairs, points with words, multipliers, a norm.

docs/certificate.md has the section; what such a file proves is said by ``attractor`` beside it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.iterative.verifying.attractor import HullClaim, Rows
from subgrad_hardness.iterative.verifying.spectral_format import Parts, plain_rows, upper_object
from subgrad_hardness.net.json_text import parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number

FORMAT = "subgrad_hardness hull of limits of derivatives"
_SENSES = ("lexicographic", "clarke", "autodiff")
_KEYS = ("format", "version", "jacobian", "fixed_point", "pairs", "covered", "points", "multipliers", "length", "upper")

#: What such a certificate is given as.
HullLike = HullClaim | Mapping[str, Any] | str | os.PathLike[str]


def hull_object(claim: HullClaim) -> dict[str, Any]:
    """The object that the file holds."""
    points = []
    for point, (prefix, period) in zip(claim.points, claim.words, strict=True):
        points.append({"value": plain_rows(point), "prefix": list(prefix), "period": list(period)})
    return {
        "format": FORMAT,
        "version": 1,
        "jacobian": claim.jacobian,
        "fixed_point": [plain_number(entry) for entry in claim.fixed_point],
        "pairs": [{"a": plain_rows(a), "b": plain_rows(b)} for a, b in claim.maps],
        "covered": [
            {"a": plain_rows(a), "b": plain_rows(b), "weights": _terms(weights)} for a, b, weights in claim.covered
        ],
        "points": points,
        "multipliers": [[_terms(weights) for weights in of_map] for of_map in claim.multipliers],
        "length": claim.length,
        "upper": upper_object(claim.upper),
    }


def hull_text(claim: HullClaim) -> str:
    """The text of the file."""
    return write_json(hull_object(claim), indent=1) + "\n"


def _terms(weights: Mapping[int, Fraction]) -> list[list[Any]]:
    return [[number, plain_number(weight)] for number, weight in sorted(weights.items())]


def load_hull_claim(source: HullLike) -> HullClaim:
    """From a file, ``"-"`` for standard input, parsed JSON, or a claim, which is read as it would be written.

    Raises CertificateError with the place.
    """
    if isinstance(source, str | os.PathLike):
        file = "<stdin>" if source == "-" else os.fspath(source)
        return parsed_hull_claim(read_bytes(source, CertificateError), file)
    try:
        data = write_json(hull_object(source) if isinstance(source, HullClaim) else dict(source)).encode()
    except (ValueError, TypeError, AttributeError) as problem:
        raise CertificateError(f"cannot be written as JSON: {problem}", file="<certificate>") from None
    return parsed_hull_claim(data, "<certificate>")


def parsed_hull_claim(text: bytes, file: str) -> HullClaim:
    """From the bytes of a file.  Raises CertificateError with the place."""
    read = _Parts(file)
    data = read.object(parse_json(text, file, CertificateError), "", _KEYS)
    if data["format"] != FORMAT or data["version"] != 1 or isinstance(data["version"], bool):
        read.reader.fail("format", f"not a {FORMAT!r} of version 1")
    if data["jacobian"] not in _SENSES:
        read.reader.fail("jacobian", f"unknown; known: {', '.join(_SENSES)}")
    maps, covered, points, words = [], [], [], []
    for place, each in read.named(data["pairs"], "pairs"):
        maps.append(read.pair(read.object(each, place, ("a", "b")), place))
    for place, each in read.named(data["covered"], "covered"):
        parts = read.object(each, place, ("a", "b", "weights"))
        covered.append((*read.pair(parts, place), read.terms(parts["weights"], f"{place}.weights")))
    for place, each in read.named(data["points"], "points"):
        parts = read.object(each, place, ("value", "prefix", "period"))
        points.append(read.rows(parts["value"], f"{place}.value"))
        words.append((read.word(parts["prefix"], f"{place}.prefix"), read.word(parts["period"], f"{place}.period")))
    multipliers = []
    for place, of_map in read.named(data["multipliers"], "multipliers"):
        multipliers.append(tuple([read.terms(each, here) for here, each in read.named(of_map, place)]))
    return HullClaim(
        jacobian=data["jacobian"],
        fixed_point=read.vector(data["fixed_point"], "fixed_point"),
        maps=tuple(maps),
        covered=tuple(covered),
        points=tuple(points),
        words=tuple(words),
        multipliers=tuple(multipliers),
        length=read.index(data["length"], "length"),
        upper=read.upper(data["upper"]),
    )


class _Parts(Parts):
    """The parts of a file, each with its place."""

    def named(self, value: Any, place: str) -> list[tuple[str, Any]]:
        return [(f"{place}[{number}]", each) for number, each in self.items(value, place)]

    def pair(self, parts: Mapping[str, Any], place: str) -> tuple[Rows, Rows]:
        return self.rows(parts["a"], f"{place}.a"), self.rows(parts["b"], f"{place}.b")

    def word(self, value: Any, place: str) -> tuple[int, ...]:
        return tuple([self.index(each, here) for here, each in self.named(value, place)])

    def terms(self, value: Any, place: str) -> dict[int, Fraction]:
        found: dict[int, Fraction] = {}
        for here, pair in self.named(value, place):
            both = self.reader.sequence(pair, here, "a number and its weight")
            if len(both) != 2:
                self.reader.fail(here, "not a number and its weight")
            number = self.index(both[0], f"{here}[0]")
            if number in found:
                self.reader.fail(here, "stands twice")
            found[number] = self.number(both[1], f"{here}[1]")
        return found
