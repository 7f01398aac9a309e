"""The argument of a ``unique`` certificate as data: typed, read and written (docs/certificate.md, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from subgrad_hardness.net.json_text import Reader, show_int

ARGUMENT_KEYS = ("kinks", "signs", "half", "forms", "rules", "lemmas", "derivation")
#: The keys that may be left out: there are no such steps then.
THRESHOLDS, LEVELS = OPTIONAL_KEYS = ("thresholds", "levels")

#: Kinds of generators of atom a = relu(w): a >= 0, a - w >= 0 always; w - a >= 0 if w > 0; -a >= 0 if not.
VALUE, EXCESS, PASSING, BLOCKED = GENERATOR_KINDS = range(4)

#: (atom, kind, multiplier).
Generators = tuple[tuple[int, int, int], ...]
#: A form: (variable, coefficient) pairs, sorted, no coefficient zero.
Pairs = tuple[tuple[int, int], ...]


class SignStep(NamedTuple):
    """The form of kink ``kink`` has the sign ``sign`` (1 or -1), by the generators."""

    kink: int
    sign: int
    generators: Generators


class Threshold(NamedTuple):
    """The form v = A - B, ``part`` being A: if v > 0, then A - t > 0 and t - B > 0 for a number t, a fresh variable.

    The variable of threshold number k, from 0, is -1 - k.
    """

    form: Pairs
    part: Pairs


class Levels(NamedTuple):
    """Forms that are positive nowhere, as sums of maxima and minima of inputs (``levels``).

    ``atoms`` are triples (atom, number of f, number of g): the atom is relu(f - g), and max(f, g) and min(f, g) get the
    next numbers.  Numbers are counted from 0, which is the form 0; the inputs come next.
    """

    atoms: tuple[tuple[int, int, int], ...]
    forms: tuple[Pairs, ...]


class LemmaStep(NamedTuple):
    """A clause, a multiplier for each of its literals, and generators."""

    clause: tuple[int, ...]
    multipliers: tuple[int, ...]
    generators: Generators


class Derivation(NamedTuple):
    """A clause, and the numbers of the clauses that it follows from by unit propagation, in order."""

    clause: tuple[int, ...]
    hints: tuple[int, ...]


class Argument(NamedTuple):
    """Why all goals are refuted; the fields are the keys of the file."""

    kinks: tuple[int, ...]
    signs: tuple[SignStep, ...] = ()
    half: Pairs | None = None
    forms: tuple[Pairs, ...] = ()
    rules: tuple[tuple[int, int], ...] = ()
    lemmas: tuple[LemmaStep, ...] = ()
    derivation: tuple[Derivation, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    levels: Levels | None = None

    def to_json(self) -> dict[str, Any]:
        """The argument's keys of the certificate file."""
        return {
            "kinks": list(self.kinks),
            "signs": [
                {"kink": step.kink, "sign": step.sign, "generators": _flat(step.generators)} for step in self.signs
            ],
            "half": None if self.half is None else _flat(self.half),
            "forms": [_flat(form) for form in self.forms],
            **({THRESHOLDS: [_written(step) for step in self.thresholds]} if self.thresholds != () else {}),
            **({} if self.levels is None else {LEVELS: _written_levels(self.levels)}),
            "rules": [list(rule) for rule in self.rules],
            "lemmas": [
                {
                    "clause": list(step.clause),
                    "multipliers": list(step.multipliers),
                    "generators": _flat(step.generators),
                }
                for step in self.lemmas
            ],
            "derivation": [[*step.clause, 0, *step.hints] for step in self.derivation],
        }


def _written(step: Threshold) -> dict[str, list[int]]:
    return {"form": _flat(step.form), "part": _flat(step.part)}


def _written_levels(levels: Levels) -> dict[str, list[Any]]:
    return {"atoms": _flat(levels.atoms), "forms": [_flat(form) for form in levels.forms]}


def _flat(entries: Sequence[tuple[int, ...]]) -> list[int]:
    return [number for entry in entries for number in entry]


def read_argument(reader: Reader, data: Mapping[str, Any]) -> Argument:
    """The argument in a certificate object that has all its keys; complaints go through ``reader``."""
    half = data["half"]
    return Argument(
        tuple(_integers(reader, data["kinks"], "kinks")),
        tuple(_each(reader, data, "signs", _read_sign)),
        None if half is None else _read_pairs(reader, half, "half"),
        tuple(_each(reader, data, "forms", _read_pairs)),
        tuple(_each(reader, data, "rules", _read_rule)),
        tuple(_each(reader, data, "lemmas", _read_lemma)),
        tuple(_each(reader, data, "derivation", _read_derivation)),
        tuple(_each(reader, data, THRESHOLDS, _read_threshold)) if THRESHOLDS in data else (),
        _read_levels(reader, data[LEVELS], LEVELS) if LEVELS in data else None,
    )


Step = TypeVar("Step")


def _each(
    reader: Reader, data: Mapping[str, Any], key: str, read: Callable[[Reader, Any, str], Step]
) -> Iterator[Step]:
    for index, value in enumerate(reader.sequence(data[key], key, "a list")):
        yield read(reader, value, f"{key}[{index}]")


def _integers(reader: Reader, value: Any, place: str) -> list[int]:
    """A list of integers; told apart from other numbers in bulk, because there may be millions."""
    entries = reader.sequence(value, place, "a list of integers")
    for index, entry in enumerate(entries):
        if type(entry) is not int:
            reader.integer(entry, f"{place}[{index}]")
    return entries


def _groups(reader: Reader, value: Any, place: str, size: int) -> list[list[int]]:
    """A flat list of groups of ``size`` integers: the first ones, the second ones, and so on."""
    entries = _integers(reader, value, place)
    if len(entries) % size:
        reader.fail(place, f"{len(entries)} entries, expected a multiple of {size}")
    return [entries[start::size] for start in range(size)]


def _read_pairs(reader: Reader, value: Any, place: str) -> Pairs:
    """A form: sorted by variable, the entries of each added up, zeros left out.

    Without a dictionary, because numbers that are no variables can be chosen so that one is slow.
    """
    variables, coefficients = _groups(reader, value, place, 2)
    sums: list[tuple[int, int]] = []
    for variable, coefficient in sorted(zip(variables, coefficients, strict=True), key=itemgetter(0)):
        before = sums.pop()[1] if sums and sums[-1][0] == variable else 0
        sums.append((variable, before + coefficient))
    return tuple([(variable, total) for variable, total in sums if total])


def _read_sign(reader: Reader, value: Any, place: str) -> SignStep:
    step = _object(reader, value, place, ("kink", "sign", "generators"))
    kink, sign = reader.integer(step["kink"], f"{place}.kink"), reader.integer(step["sign"], f"{place}.sign")
    if sign not in (1, -1):
        reader.fail(f"{place}.sign", f"{show_int(sign)}, expected 1 or -1")
    return SignStep(kink, sign, _read_generators(reader, step["generators"], f"{place}.generators"))


def _read_generators(reader: Reader, value: Any, place: str) -> Generators:
    atoms, kinds, multipliers = _groups(reader, value, place, 3)
    for index, kind in enumerate(kinds):
        if kind not in GENERATOR_KINDS:
            reader.fail(f"{place}[{3 * index + 1}]", f"{show_int(kind)} is outside 0..{GENERATOR_KINDS[-1]}")
    return tuple(zip(atoms, kinds, multipliers, strict=True))


def _read_rule(reader: Reader, value: Any, place: str) -> tuple[int, int]:
    entries = _integers(reader, value, place)
    if len(entries) != 2:
        reader.fail(place, f"{len(entries)} entries, expected a literal and an atom")
    return entries[0], entries[1]


def _read_threshold(reader: Reader, value: Any, place: str) -> Threshold:
    step = _object(reader, value, place, ("form", "part"))
    form, part = (_read_pairs(reader, step[key], f"{place}.{key}") for key in ("form", "part"))
    return Threshold(form, part)


def _read_levels(reader: Reader, value: Any, place: str) -> Levels | None:
    step = _object(reader, value, place, ("atoms", "forms"))
    atoms, high, low = _groups(reader, step["atoms"], f"{place}.atoms", 3)
    forms = reader.sequence(step["forms"], f"{place}.forms", "a list")
    read = tuple([_read_pairs(reader, form, f"{place}.forms[{index}]") for index, form in enumerate(forms)])
    return Levels(tuple(zip(atoms, high, low, strict=True)), read) if atoms or read else None


def _read_lemma(reader: Reader, value: Any, place: str) -> LemmaStep:
    step = _object(reader, value, place, ("clause", "multipliers", "generators"))
    return LemmaStep(
        tuple(_integers(reader, step["clause"], f"{place}.clause")),
        tuple(_integers(reader, step["multipliers"], f"{place}.multipliers")),
        _read_generators(reader, step["generators"], f"{place}.generators"),
    )


def _read_derivation(reader: Reader, value: Any, place: str) -> Derivation:
    entries = _integers(reader, value, place)
    if 0 not in entries:
        reader.fail(place, "no 0 between the clause and its hints")
    end = entries.index(0)
    return Derivation(tuple(entries[:end]), tuple(entries[end + 1 :]))


def _object(reader: Reader, value: Any, place: str, keys: tuple[str, ...]) -> dict[str, Any]:
    step = reader.mapping(value, place, frozenset(keys), f"an object with {', '.join(keys)}")
    for key in keys:
        if key not in step:
            reader.fail(place, f"no {key}")
    return step
