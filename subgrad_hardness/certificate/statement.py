"""Claims about the whole subdifferential as data: typed, read and written (docs/certificate.md, section 10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.argument import ARGUMENT_KEYS, OPTIONAL_KEYS, Argument, read_argument
from subgrad_hardness.certificate.matrices import DirectionMatrix, read_matrix
from subgrad_hardness.certificate.tree import Tree, read_tree
from subgrad_hardness.net.json_text import Reader, show
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number
from subgrad_hardness.net.rational import exact

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]
#: Slopes of kinks by relu numbers; a kink that is not named has the slope 0.
Slopes = tuple[tuple[int, Fraction], ...]

#: The keys with which every certificate begins.
HEADER: dict[str, Any] = {"format": "subgrad_hardness certificate", "version": 1}

#: d_L, its hull d_C, and the hull of the conservative set D_a.
SETS = ("lexicographic", "clarke", "autodiff")

#: What a claim is about, in the key ``statement``, which may be left out: "clarke" then.
STATEMENT = "statement"
STATEMENTS = CLARKE, LEXICOGRAPHIC = ("clarke", "lexicographic")

#: The keys of each kind besides format, version, kind and digest.  ELEMENTS: ``slopes`` for the set autodiff, else
#: ``directions``.  BOUND: ``outputs``, ``direction``, ``bound``, ``argument``, or ``functional``, ``bound``, ``tree``.
_ELEMENTS, _BOUND = "elements", "bound and proof"
KEYS: dict[str, tuple[str, ...]] = {
    "member": ("set", "vector", "weights", _ELEMENTS),
    "outside": ("set", "vector", _BOUND),
    "support": ("set", _BOUND, _ELEMENTS),
    "shortest": ("set", "vector", "weights", _ELEMENTS, _BOUND),
    "complete": ("directions", "tree"),
    "minimum": ("constraints", "interior", "argument"),
    "descent": ("constraints", "direction"),
    "regular": ("argument",),
    "irregular": ("base", "direction"),
    "affine": ("constraints", "interior", "matrix", "offset", "argument"),
    "bent": ("constraints", "point", "directions"),
    "equal": ("other", "constraints", "interior", "argument"),
    "different": ("other", "constraints", "point"),
}


class Statement(NamedTuple):
    """A claim about one net at its point; which fields a kind has is in ``KEYS``, and what they mean in the document.

    Attributes
    ----------
    vector, functional, matrix : m x p.
    weights : one a member; members are given by ``directions`` or, in the autodiff set, by ``slopes``.
    outputs, direction : m and p numbers: the functional J -> outputs J direction.
    constraints : rows of p numbers w (w d >= 0), or of p + 1 numbers (a, b) (a x <= b) for regions.
    interior : a direction, or a point, at which all constraints hold strictly.
    other : the digest of the second net.
    statement : one of ``STATEMENTS``: whether the claim is about Clarke subgradients, or about lexicographic ones and
        their hull (programs with smooth operations, SPEC 6).
    """

    kind: str
    digest: str
    set: str | None = None
    vector: Matrix = ()
    weights: Vector = ()
    directions: tuple[DirectionMatrix, ...] = ()
    slopes: tuple[Slopes, ...] = ()
    outputs: Vector = ()
    direction: Vector = ()
    functional: Matrix = ()
    bound: Fraction = Fraction(0)
    argument: Argument | None = None
    tree: Tree = ()
    constraints: Matrix = ()
    interior: Vector = ()
    base: Vector = ()
    point: Vector = ()
    matrix: Matrix = ()
    offset: Vector = ()
    other: str = ""
    statement: str = CLARKE

    def to_json(self) -> dict[str, Any]:
        """The object that the certificate file holds."""
        keys = statement_keys(self.kind, self.set, {"outputs"} if self.argument is not None else ())
        written = {key: _WRITTEN.get(key, _plain)(getattr(self, key)) for key in keys}
        return {**HEADER, "kind": self.kind, "digest": self.digest, **plain_statement(self.statement), **written}

    def dumps(self) -> str:
        """The text of the certificate file."""
        return write_json(self.to_json(), indent=1) + "\n"


def statement_keys(kind: str, which: str | None, given: Collection[str]) -> tuple[str, ...]:
    """The keys of a statement of this kind about this set, in their order.

    Whether a bound is argued or shown by a tree is seen from the keys that are ``given``: with ``outputs``, it is
    argued.
    """
    found: list[str] = []
    for key in KEYS[kind]:
        if key == _ELEMENTS:
            found.append("slopes" if which == "autodiff" else "directions")
        elif key != _BOUND:
            found.append(key)
        elif kind == "shortest":
            found.append("argument" if "argument" in given or "outputs" in given else "tree")
        elif kind == "outside" and which == "lexicographic":
            found.append("tree")
        elif "outputs" in given:
            found += ["outputs", "direction", "bound", "argument"]
        else:
            found += ["functional", "bound", "tree"]
    return tuple(found)


def read_statement(reader: Reader, data: Mapping[str, Any], kind: str, digest: str) -> Statement:
    """The claim of a certificate object whose keys are those of its kind; complaints go through ``reader``."""
    which = data.get("set")
    fields: dict[str, Any] = {}
    for key in statement_keys(kind, which if isinstance(which, str) else None, data):
        fields[key] = _READERS[key](reader, data[key], key)
    return Statement(kind, digest, **fields, statement=read_which(reader, data))


def plain_statement(statement: str) -> dict[str, str]:
    """The key ``statement``, left out where that says the same."""
    return {} if statement == CLARKE else {STATEMENT: statement}


def read_which(reader: Reader, data: Mapping[str, Any]) -> str:
    """Which statement a certificate object makes."""
    name = reader.text(data.get(STATEMENT, CLARKE), STATEMENT, "the name of a statement")
    if name not in STATEMENTS:
        reader.fail(STATEMENT, f"unknown statement {show(name)}; known: {', '.join(STATEMENTS)}")
    return name


def _plain(value: Any) -> Any:
    """Numbers as files have them, in lists as they are nested."""
    return plain_number(value) if isinstance(value, Fraction) else [_plain(entry) for entry in value]


def _number(reader: Reader, value: Any, place: str) -> Fraction:
    return exact(reader.number(value, place))


def _vector(reader: Reader, value: Any, place: str) -> Vector:
    entries = reader.sequence(value, place, "a list of numbers")
    return tuple([_number(reader, entry, f"{place}[{index}]") for index, entry in enumerate(entries)])


def _matrix(reader: Reader, value: Any, place: str) -> Matrix:
    rows = reader.sequence(value, place, "a list of rows")
    return tuple([_vector(reader, row, f"{place}[{index}]") for index, row in enumerate(rows)])


def _set(reader: Reader, value: Any, place: str) -> str:
    name = reader.text(value, place, "the name of a set")
    if name not in SETS:
        reader.fail(place, f"unknown set {show(name)}; known: {', '.join(SETS)}")
    return name


def _directions(reader: Reader, value: Any, place: str) -> tuple[DirectionMatrix, ...]:
    matrices = reader.sequence(value, place, "a list of direction matrices")
    return tuple([read_matrix(reader, item, f"{place}[{index}]") for index, item in enumerate(matrices)])


def _slopes(reader: Reader, value: Any, place: str) -> tuple[Slopes, ...]:
    members = []
    for index, member in enumerate(reader.sequence(value, place, "a list of members")):
        where = f"{place}[{index}]"
        entries = reader.sequence(member, where, "a list of relus and slopes")
        if len(entries) % 2:
            reader.fail(where, f"{len(entries)} entries, expected a multiple of 2")
        pairs = enumerate(zip(entries[::2], entries[1::2], strict=True))
        members.append(
            tuple(
                [
                    (
                        reader.integer(relu, f"{where}[{2 * number}]"),
                        _number(reader, slope, f"{where}[{2 * number + 1}]"),
                    )
                    for number, (relu, slope) in pairs
                ]
            )
        )
    return tuple(members)


def _argument(reader: Reader, value: Any, place: str) -> Argument:
    keys = frozenset({*ARGUMENT_KEYS, *OPTIONAL_KEYS})
    found = reader.mapping(value, place, keys, f"an object with {', '.join(ARGUMENT_KEYS)}")
    for key in ARGUMENT_KEYS:
        if key not in found:
            reader.fail(place, f"no {key}")
    return read_argument(reader, found)


def _digest(reader: Reader, value: Any, place: str) -> str:
    digest = reader.text(value, place, "64 hex digits")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        reader.fail(place, f"{show(digest)}, expected 64 lower-case hex digits")
    return digest


_READERS: dict[str, Callable[[Reader, Any, str], Any]] = {
    "set": _set,
    "vector": _matrix,
    "weights": _vector,
    "directions": _directions,
    "slopes": _slopes,
    "outputs": _vector,
    "direction": _vector,
    "functional": _matrix,
    "bound": _number,
    "argument": _argument,
    "tree": read_tree,
    "constraints": _matrix,
    "interior": _vector,
    "base": _vector,
    "point": _vector,
    "matrix": _matrix,
    "offset": _vector,
    "other": _digest,
}

_WRITTEN: dict[str, Callable[[Any], Any]] = {
    "set": str,
    "other": str,
    "directions": lambda matrices: [matrix.to_json() for matrix in matrices],
    "slopes": lambda members: [[_entry(number) for pair in member for number in pair] for member in members],
    "argument": lambda argument: argument.to_json(),
    "tree": lambda tree: [list(step) for step in tree],
}


def _entry(number: int | Fraction) -> int | str:
    return plain_number(Fraction(number))
