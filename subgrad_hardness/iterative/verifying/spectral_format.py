"""Files about joint spectral radii: matrices, a word whose product is large, a norm in which every matrix is small.

docs/certificate.md has the section; what such a file proves is said by ``spectral_radius`` beside it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number
from subgrad_hardness.net.rational import exact

FORMAT = "subgrad_hardness joint spectral radius"

Vector = tuple[Fraction, ...]
Rows = tuple[Vector, ...]
#: For one vertex: (number of a vertex, its factor), factors of both signs.
Combination = tuple[tuple[int, Fraction], ...]


class Lower(NamedTuple):
    """The product of the matrices numbered ``word``, in this order, has spectral radius bound^(length) or more."""

    word: tuple[int, ...]
    bound: Fraction


class Weighted(NamedTuple):
    """The norm max |x_i| / w_i (``maximum``) or sum |x_i| w_i (``sum``), weights positive."""

    name: str
    weights: Vector


class Quadratic(NamedTuple):
    """The norm with the square x P x, P symmetric and positive definite."""

    matrix: Rows


class Polytope(NamedTuple):
    """The norm with the unit ball conv(+-V); ``combinations[k][i]`` is matrix k times vertex i over the vertices."""

    vertices: Rows
    combinations: tuple[tuple[Combination, ...], ...]


Norm = Weighted | Quadratic | Polytope


class Upper(NamedTuple):
    """Every matrix has operator norm at most ``bound`` in ``norm``."""

    bound: Fraction
    norm: Norm


class SpectralCertificate(NamedTuple):
    """lower.bound <= JSR(matrices) <= upper.bound; either side may be missing."""

    matrices: tuple[Rows, ...]
    lower: Lower | None
    upper: Upper | None

    def to_json(self) -> dict[str, Any]:
        """The object that the file holds."""
        lower, upper = self.lower, self.upper
        return {
            "format": FORMAT,
            "version": 1,
            "matrices": [plain_rows(matrix) for matrix in self.matrices],
            "lower": None if lower is None else {"word": list(lower.word), "bound": plain_number(lower.bound)},
            "upper": None if upper is None else upper_object(upper),
        }

    def dumps(self) -> str:
        """The text of the file."""
        return write_json(self.to_json(), indent=1) + "\n"


#: What such a certificate is given as.
SpectralLike = SpectralCertificate | Mapping[str, Any] | str | os.PathLike[str]


def plain_rows(rows: Sequence[Sequence[Fraction]]) -> list[list[Any]]:
    """As files have a matrix."""
    return [[plain_number(entry) for entry in row] for row in rows]


def upper_object(upper: Upper) -> dict[str, Any]:
    """As files have an upper bound."""
    return {"bound": plain_number(upper.bound), **_norm_object(upper.norm)}


def _norm_object(norm: Norm) -> dict[str, Any]:
    if isinstance(norm, Weighted):
        return {"norm": norm.name, "weights": [plain_number(entry) for entry in norm.weights]}
    if isinstance(norm, Quadratic):
        return {"norm": "quadratic", "matrix": plain_rows(norm.matrix)}
    combinations = [
        [[[index, plain_number(factor)] for index, factor in each] for each in of_matrix]
        for of_matrix in norm.combinations
    ]
    return {"norm": "polytope", "vertices": plain_rows(norm.vertices), "combinations": combinations}


def load_spectral_certificate(source: SpectralLike) -> SpectralCertificate:
    """From a file, ``"-"`` for standard input, parsed JSON, or an object, which is read as it would be written.

    Raises CertificateError with the place.
    """
    if isinstance(source, str | os.PathLike):
        file = "<stdin>" if source == "-" else os.fspath(source)
        return parsed_spectral_certificate(read_bytes(source, CertificateError), file)
    try:
        data = write_json(source.to_json() if isinstance(source, SpectralCertificate) else dict(source)).encode()
    except (ValueError, TypeError, AttributeError) as problem:
        raise CertificateError(f"cannot be written as JSON: {problem}", file="<certificate>") from None
    return parsed_spectral_certificate(data, "<certificate>")


def parsed_spectral_certificate(text: bytes, file: str) -> SpectralCertificate:
    """From the bytes of a file.  Raises CertificateError with the place."""
    read = Parts(file)
    data = read.object(
        parse_json(text, file, CertificateError), "", ("format", "version", "matrices", "lower", "upper")
    )
    if data["format"] != FORMAT or data["version"] != 1 or isinstance(data["version"], bool):
        read.reader.fail("format", f"not a {FORMAT!r} of version 1")
    matrices = tuple([read.rows(each, f"matrices[{k}]") for k, each in read.items(data["matrices"], "matrices")])
    if not matrices:
        read.reader.fail("matrices", "empty")
    size = len(matrices[0])
    for k, matrix in enumerate(matrices):
        if not size or [len(row) for row in matrix] != [size] * size:
            read.reader.fail(f"matrices[{k}]", "not a square matrix of the size of the first one")
    lower = None if data["lower"] is None else read.lower(data["lower"])
    upper = None if data["upper"] is None else read.upper(data["upper"])
    return SpectralCertificate(matrices, lower, upper)


class Parts:
    """The parts of a file, each with its place."""

    def __init__(self, file: str) -> None:
        self.reader = Reader(file, CertificateError)

    def object(self, value: Any, place: str, keys: Sequence[str]) -> Mapping[str, Any]:
        """Exactly these keys."""
        data = self.reader.mapping(value, place, frozenset(keys), "an object")
        for key in keys:
            if key not in data:
                self.reader.fail(place, f"no {key}")
        return data

    def items(self, value: Any, place: str) -> list[tuple[int, Any]]:
        """Numbered."""
        return list(enumerate(self.reader.sequence(value, place, "a list")))

    def number(self, value: Any, place: str) -> Fraction:
        """A rational."""
        return exact(self.reader.number(value, place))

    def index(self, value: Any, place: str) -> int:
        """A number of something in a list."""
        if type(value) is not int or value < 0:
            self.reader.fail(place, "not the number of one")
        return int(value)

    def vector(self, value: Any, place: str) -> Vector:
        """A list of rationals."""
        return tuple([self.number(each, f"{place}[{i}]") for i, each in self.items(value, place)])

    def rows(self, value: Any, place: str) -> Rows:
        """A list of these."""
        return tuple([self.vector(each, f"{place}[{i}]") for i, each in self.items(value, place)])

    def lower(self, value: Any) -> Lower:
        """The object of a lower bound."""
        data = self.object(value, "lower", ("word", "bound"))
        word = [self.index(each, f"lower.word[{i}]") for i, each in self.items(data["word"], "lower.word")]
        return Lower(tuple(word), self.number(data["bound"], "lower.bound"))

    def upper(self, value: Any) -> Upper:
        """That of an upper bound."""
        name = value.get("norm") if isinstance(value, dict) else None
        parts: dict[Any, tuple[str, ...]] = {"quadratic": ("matrix",), "polytope": ("vertices", "combinations")}
        parts |= {"maximum": ("weights",), "sum": ("weights",)}
        if not isinstance(name, str) or name not in parts:
            self.reader.fail("upper.norm", f"unknown; known: {', '.join(sorted(parts))}")
        data = self.object(value, "upper", ("bound", "norm", *parts[name]))
        bound = self.number(data["bound"], "upper.bound")
        if name == "quadratic":
            return Upper(bound, Quadratic(self.rows(data["matrix"], "upper.matrix")))
        if name == "polytope":
            vertices = self.rows(data["vertices"], "upper.vertices")
            return Upper(bound, Polytope(vertices, self._combinations(data["combinations"])))
        return Upper(bound, Weighted(name, self.vector(data["weights"], "upper.weights")))

    def _combinations(self, value: Any) -> tuple[tuple[Combination, ...], ...]:
        place = "upper.combinations"
        found = []
        for k, of_matrix in self.items(value, place):
            each: list[Combination] = []
            for i, terms in self.items(of_matrix, f"{place}[{k}]"):
                pairs = []
                for j, pair in self.items(terms, f"{place}[{k}][{i}]"):
                    here = f"{place}[{k}][{i}][{j}]"
                    both = self.reader.sequence(pair, here, "a vertex and its factor")
                    if len(both) != 2:
                        self.reader.fail(here, "not a vertex and its factor")
                    pairs.append((self.index(both[0], f"{here}[0]"), self.number(both[1], f"{here}[1]")))
                each.append(tuple(pairs))
            found.append(tuple(each))
        return tuple(found)
